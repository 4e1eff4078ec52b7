package check

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"pyxlate/grammar"
	"pyxlate/translator/document"
	"pyxlate/translator/edit"
)

// otherBytes is promise 1: every byte outside an edit is the byte that was
// there.
func (c *checker) otherBytes(f *pair) {
	before, after := f.before, f.after
	if len(before.Units) != len(after.Units) {
		c.add(1, before, -1, 0, "%d units of code became %d", len(before.Units), len(after.Units))
		return
	}
	edits := edit.Sort(f.result.Edits)
	for i, u := range before.Units {
		if at, ok := outside(u.Source, after.Units[i].Source, own(edits, i)); !ok {
			c.add(1, before, i, at, "text outside the edits changed")
			return
		}
	}
	switch before.Kind {
	case document.Notebook:
		c.notebook(f, edits)
	case document.Script:
		c.script(f, edits)
	case document.Markdown:
		c.page(f, edits)
	}
}

func own(edits []edit.Edit, unit int) []edit.Edit {
	return slices.DeleteFunc(slices.Clone(edits), func(e edit.Edit) bool { return e.Unit != unit })
}

// outside compares the text between the edits with what is left of it: each
// piece must follow the piece before it and the new text between them, newline
// characters of new text aside. It gives the offset of the first piece that is
// not where it should be.
func outside(before, after []byte, edits []edit.Edit) (at int, ok bool) {
	pos, start := 0, 0
	plain := func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r"), nil) }
	for i := 0; i <= len(edits); i++ {
		end := len(before)
		if i < len(edits) {
			end = edits[i].Start
		}
		kept := before[start:end]
		if !bytes.HasPrefix(after[pos:], kept) {
			return start, false
		}
		pos += len(kept)
		if i == len(edits) {
			break
		}
		// The new text, in whichever newlines.
		want := plain([]byte(edits[i].New))
		n := 0
		for n < len(want) && pos < len(after) {
			switch {
			case after[pos] == want[n]:
				n++
			case after[pos] == '\r' && want[n] == '\n':
				if pos+1 >= len(after) || after[pos+1] != '\n' {
					n++ // a file with lone carriage returns
				}
			default:
				return edits[i].Start, false
			}
			pos++
		}
		if n < len(want) {
			return edits[i].Start, false
		}
		start = edits[i].End
	}
	return start, pos == len(after)
}

// script compares raw bytes: the kept pieces in the file's own encoding.
func (c *checker) script(f *pair, edits []edit.Edit) {
	raw, now := f.before.Raw(), f.after.Raw()
	text, enc, err := grammar.Decode(raw)
	if err != nil {
		return
	}
	offset := func(i int) int {
		if i == len(text) {
			return len(raw)
		}
		return enc.Offset(i)
	}
	start, pos := 0, 0
	for i := 0; i <= len(edits); i++ {
		end := len(raw)
		if i < len(edits) {
			end = offset(edits[i].Start)
		}
		kept := raw[start:end]
		found := bytes.Index(now[pos:], kept)
		if found < 0 || i == 0 && found != 0 || i == len(edits) && !bytes.HasSuffix(now[pos:], kept) {
			c.add(1, f.before, -1, 0, "bytes %d to %d of the file changed though no edit touches them", start, end)
			return
		}
		pos += found + len(kept)
		if i < len(edits) {
			start = offset(edits[i].End)
		}
	}
}

// page compares the lines of a Markdown page that no edit touches.
func (c *checker) page(f *pair, edits []edit.Edit) {
	touched := map[int]bool{}
	for _, e := range edits {
		from, to := f.before.Position(e.Unit, e.Start), f.before.Position(e.Unit, e.End)
		for l := from.Line; l <= to.Line; l++ {
			touched[l] = true
		}
	}
	after := bytes.SplitAfter(f.after.Raw(), []byte("\n"))
	for i, line := range bytes.SplitAfter(f.before.Raw(), []byte("\n")) {
		if touched[i+1] {
			continue
		}
		at := slices.IndexFunc(after, func(l []byte) bool { return bytes.Equal(l, line) })
		if at < 0 {
			c.add(1, f.before, -1, 0, "line %d of the page changed though no edit touches it: %q", i+1, line)
			return
		}
		after = after[at+1:]
	}
}

// notebook compares the JSON: everything but the sources of code cells byte for
// byte, and in those every item that no edit touches.
func (c *checker) notebook(f *pair, edits []edit.Edit) {
	old, err1 := sourcesOf(f.before.Raw())
	now, err2 := sourcesOf(f.after.Raw())
	if err1 != nil || err2 != nil || len(old) != len(now) {
		c.add(1, f.before, -1, 0, "the cells of the notebook cannot be compared: %v %v", err1, err2)
		return
	}
	raw, raw2 := f.before.Raw(), f.after.Raw()
	start, start2 := 0, 0
	for i := range old {
		if !bytes.Equal(raw[start:old[i].start], raw2[start2:now[i].start]) {
			c.add(1, f.before, -1, 0, "the JSON before the source of cell %d changed", i+1)
			return
		}
		start, start2 = old[i].end, now[i].end
		if old[i].list != now[i].list {
			c.add(1, f.before, -1, 0, "the source of cell %d changed between string and list", i+1)
		}
		c.items(f, edits, i+1, raw, raw2, old[i], now[i])
	}
	if !bytes.Equal(raw[start:], raw2[start2:]) {
		c.add(1, f.before, -1, 0, "the JSON after the last cell's source changed")
	}
}

// items compares the strings that the source of one cell is made of.
func (c *checker) items(f *pair, edits []edit.Edit, cell int, raw, raw2 []byte, old, now jsonSource) {
	unit := slices.IndexFunc(f.before.Units, func(u *document.Unit) bool { return u.Cell == cell })
	var own []edit.Edit
	for _, e := range edits {
		if e.Unit == unit {
			own = append(own, e)
		}
	}
	if unit < 0 || len(own) == 0 {
		if !bytes.Equal(raw[old.start:old.end], raw2[now.start:now.end]) {
			c.add(1, f.before, -1, 0, "the source of cell %d changed though no edit touches it", cell)
		}
		return
	}
	if !old.list {
		return // one string: compared as text
	}
	rest, at := now.items, 0
	for _, it := range old.items {
		from, to := at, at+it.size
		at = to
		if slices.ContainsFunc(own, func(e edit.Edit) bool { return e.Start <= to && e.End >= from }) {
			continue
		}
		want := raw[it.start:it.end]
		k := slices.IndexFunc(rest, func(x jsonItem) bool { return bytes.Equal(raw2[x.start:x.end], want) })
		if k < 0 {
			c.add(1, f.before, unit, from, "the JSON of a line that no edit touches changed: %s", want)
			return
		}
		rest = rest[k+1:]
	}
}

// jsonSource is the source of one cell in the bytes of a notebook.
type jsonSource struct {
	start, end int // of the value
	list       bool
	items      []jsonItem
}

// jsonItem is one string of a source; size is that of its text.
type jsonItem struct{ start, end, size int }

// sourcesOf finds the sources (in the old format: inputs) of all cells.
func sourcesOf(raw []byte) ([]jsonSource, error) {
	shift := len(raw)
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	shift -= len(raw)
	d := json.NewDecoder(bytes.NewReader(raw))
	var out []jsonSource
	// path holds the keys of the objects around the token at hand.
	type level struct {
		object, key bool
		name        string
	}
	var path []level
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		end := shift + int(d.InputOffset())
		if delim, ok := tok.(json.Delim); ok {
			switch delim {
			case '{':
				path = append(path, level{object: true, key: true})
			case '[':
				path = append(path, level{})
			default:
				path = path[:len(path)-1]
				if n := len(path); n > 0 && path[n-1].object {
					path[n-1].key = true
				}
			}
			continue
		}
		n := len(path)
		if n == 0 || !path[n-1].object {
			continue
		}
		top := &path[n-1]
		if !top.key {
			top.key = true
			continue
		}
		top.name, _ = tok.(string)
		top.key = false
		inCell := n >= 3 && !path[n-2].object && path[n-3].name == "cells"
		if !inCell || top.name != "source" && top.name != "input" {
			continue
		}
		// The value follows.
		s := jsonSource{}
		tok, err = d.Token()
		if err != nil {
			return nil, err
		}
		switch v := tok.(type) {
		case string:
			s.end = shift + int(d.InputOffset())
			s.start = end + bytes.IndexByte(raw[end-shift:], '"')
		case json.Delim:
			s.list = true
			s.start = shift + int(d.InputOffset()) - 1
			for d.More() {
				from := int(d.InputOffset())
				var text string
				if err := d.Decode(&text); err != nil {
					return nil, err
				}
				to := int(d.InputOffset())
				from += bytes.IndexByte(raw[from:], '"')
				s.items = append(s.items, jsonItem{shift + from, shift + to, len(text)})
			}
			if _, err := d.Token(); err != nil {
				return nil, err
			}
			s.end = shift + int(d.InputOffset())
		default:
			_ = v
		}
		top.key = true
		out = append(out, s)
	}
}
