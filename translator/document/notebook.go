package document

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"pyxlate/translator/edit"
)

// openNotebook finds the code cells of nbformat 3 (worksheets, input) and 4
// (cells, source).
func (d *Document) openNotebook() error {
	raw := d.raw
	if err := requireUTF8(d.Path, raw); err != nil {
		return err
	}
	base := 0
	if bytes.HasPrefix(raw, byteOrderMark) {
		base = len(byteOrderMark)
	}
	if offset, err := checkJSON(raw[base:]); err != nil {
		line, column := locate(raw[base:], offset)
		return &Error{Path: d.Path, Line: line, Column: column, Reason: "not a notebook: " + err.Error() + "; " + takeAgain}
	}
	// wrong is a fault at a value.
	wrong := func(v span, reason string) error {
		line, column := locate(raw[base:], v.start-base)
		return &Error{Path: d.Path, Line: line, Column: column, Reason: reason}
	}
	root := valueAt(raw, base)
	top := members(raw, root)
	if language, ok := notebookLanguage(raw, top); ok && !isPython(stringAt(raw, language)) {
		return wrong(language, fmt.Sprintf("notebook of another language (%s); only Python is translated: leave it out with --exclude", stringAt(raw, language)))
	}

	var cells []span
	sourceKey := "source"
	if list, ok := lookup(top, "cells"); ok {
		if raw[list.start] != '[' {
			return wrong(list, "not a notebook: its cells are no list; "+takeAgain)
		}
		cells = elements(raw, list)
	} else if sheets, ok := lookup(top, "worksheets"); ok {
		sourceKey = "input"
		for _, sheet := range elements(raw, sheets) {
			if list, ok := lookup(members(raw, sheet), "cells"); ok {
				cells = append(cells, elements(raw, list)...)
			}
		}
	} else {
		return wrong(root, "not a notebook: it has neither cells nor worksheets; "+takeAgain)
	}

	style := &listStyle{raw: raw, base: base}
	style.escapes = sync.OnceValue(style.findEscapes)
	for i, cell := range cells {
		all := members(raw, cell)
		kind, ok := lookup(all, "cell_type")
		if !ok {
			continue
		}
		if stringAt(raw, kind) == "markdown" {
			d.addPage(i+1, all, style)
			continue
		}
		if stringAt(raw, kind) != "code" {
			continue
		}
		if language, ok := lookup(all, "language"); ok && !isPython(stringAt(raw, language)) {
			continue // nbformat 3 has a language for each cell
		}
		value, ok := lookup(all, sourceKey)
		if !ok {
			continue
		}
		l := &cellLayout{value: value, style: style}
		for _, m := range all {
			if m.key == sourceKey {
				l.key = m.at
			}
		}
		switch raw[value.start] {
		case '"':
			l.lines = []sourceLine{{at: value}}
		case '[':
			l.list = true
			for _, e := range elements(raw, value) {
				if raw[e.start] != '"' {
					return wrong(e, fmt.Sprintf("not a notebook: a line of the source of cell %d is no string; %s", i+1, takeAgain))
				}
				l.lines = append(l.lines, sourceLine{at: e})
			}
		default:
			return wrong(value, fmt.Sprintf("not a notebook: the source of cell %d is neither a string nor a list of strings; %s", i+1, takeAgain))
		}
		var source []byte
		for i := range l.lines {
			line := &l.lines[i]
			line.start = len(source)
			source = append(source, unquote(line.inner(raw))...)
			line.end = len(source)
		}
		style.cells = append(style.cells, l)
		d.addUnit(i+1, source, l)
	}
	return nil
}

// addPage takes a Markdown cell that holds a fence. One whose source is no text
// is left alone.
func (d *Document) addPage(cell int, all []member, style *listStyle) {
	value, ok := lookup(all, "source")
	if !ok {
		return
	}
	l := &cellLayout{value: value, style: style}
	for _, m := range all {
		if m.key == "source" {
			l.key = m.at
		}
	}
	var source []byte
	add := func(at span) {
		line := sourceLine{at: at, start: len(source)}
		source = append(source, unquote(line.inner(d.raw))...)
		line.end = len(source)
		l.lines = append(l.lines, line)
	}
	switch d.raw[value.start] {
	case '"':
		add(value)
	case '[':
		l.list = true
		for _, e := range elements(d.raw, value) {
			if d.raw[e.start] != '"' {
				return
			}
			add(e)
		}
	}
	if bytes.Contains(source, []byte("```")) || bytes.Contains(source, []byte("~~~")) {
		d.Pages = append(d.Pages, newUnit(cell, source, l))
	}
}

// takeAgain is what to do with a notebook that is none.
const takeAgain = "save it again from Jupyter, or take it from its history"

// notebookLanguage gives the place of a notebook's language where it names one.
func notebookLanguage(raw []byte, top []member) (span, bool) {
	meta, ok := lookup(top, "metadata")
	if !ok {
		return span{}, false
	}
	all := members(raw, meta)
	for _, path := range [][2]string{{"language_info", "name"}, {"kernelspec", "language"}} {
		if outer, ok := lookup(all, path[0]); ok {
			if inner, ok := lookup(members(raw, outer), path[1]); ok {
				if stringAt(raw, inner) != "" {
					return inner, true
				}
			}
		}
	}
	return span{}, false
}

func isPython(language string) bool {
	l := strings.ToLower(language)
	return l == "" || strings.HasPrefix(l, "python") || strings.HasPrefix(l, "ipython") || strings.HasPrefix(l, "pyspark")
}

// A cellLayout is the source of a code cell: one JSON string, or a list of
// them, mostly one for each line.
type cellLayout struct {
	key   int  // raw offset of the key that the source belongs to
	value span // of the string or the list
	list  bool
	lines []sourceLine // the strings; one where the source is no list
	style *listStyle
}

// sourceLine is one string of a cell's source.
type sourceLine struct {
	at         span // in the raw bytes, quotes included
	start, end int  // of its text in the unit's source
}

func (l sourceLine) inner(raw []byte) []byte { return raw[l.at.start+1 : l.at.end-1] }

func (l *cellLayout) span() (start, end int) { return l.value.start, l.value.end }

func (l *cellLayout) origin(_ []byte, line int) (docLine, before int) { return line + 1, 0 }

// rewrite keeps the raw bytes of every character outside the edits, and of
// everything between the strings of a list.
func (l *cellLayout) rewrite(raw, source []byte, edits []edit.Edit) ([]byte, error) {
	w := &cellWriter{breakLines: l.list}
	kept := func(line sourceLine, start, end int) ([]byte, error) {
		inner := line.inner(raw)
		if start == line.start && end == line.end {
			return inner, nil
		}
		from, err := innerOffset(inner, start-line.start)
		if err != nil {
			return nil, err
		}
		n, err := innerOffset(inner[from:], end-start)
		return inner[from : from+n], err
	}
	lines := l.lines
	if len(lines) == 0 { // an empty list
		lines = []sourceLine{{}}
		w.edited = true
	}
	at := 0 // the source up to here is dealt with
	for i, line := range lines {
		last := i == len(lines)-1
		if i > 0 {
			w.nextLine(raw[lines[i-1].at.end:line.at.start], at > line.start)
		}
		at = max(at, line.start)
		w.glue = l.glueNear(raw, i)
		for len(edits) > 0 && (edits[0].Start < line.end || last) {
			e := edits[0]
			edits = edits[1:]
			if at < e.Start {
				text, err := kept(line, at, e.Start)
				if err != nil {
					return nil, err
				}
				w.keep(text, source[e.Start-1] == '\n')
			}
			w.insert(edit.Localize(e.New, source, e.Start), l.style.ascii(), e.Start == line.end)
			at = e.End
		}
		if at < line.end {
			text, err := kept(line, at, line.end)
			if err != nil {
				return nil, err
			}
			w.keep(text, source[line.end-1] == '\n')
			at = line.end
		}
	}
	w.finish()

	if !l.list {
		inner := []byte(nil)
		if len(w.strings) > 0 {
			inner = w.strings[0].inner
		}
		return fmt.Appendf(nil, `"%s"`, inner), nil
	}
	open, closing := l.style.brackets(l)
	if len(w.strings) == 0 {
		return []byte("[]"), nil
	}
	var out bytes.Buffer
	out.WriteByte('[')
	for i, s := range w.strings {
		if i == 0 {
			out.Write(open)
		} else {
			out.Write(s.glue)
		}
		fmt.Fprintf(&out, `"%s"`, s.inner)
	}
	out.Write(closing)
	out.WriteByte(']')
	return out.Bytes(), nil
}

// glueNear gives the bytes that separate a new string from its neighbours: as
// those around string i are separated.
func (l *cellLayout) glueNear(raw []byte, i int) []byte {
	if i+1 < len(l.lines) {
		return raw[l.lines[i].at.end:l.lines[i+1].at.start]
	}
	if i > 0 && i < len(l.lines) {
		return raw[l.lines[i-1].at.end:l.lines[i].at.start]
	}
	return l.style.glue(l)
}

// A cellWriter collects the strings of a rewritten cell.
type cellWriter struct {
	breakLines bool   // each new line is a string of its own
	glue       []byte // goes before a string that begins with new text
	strings    []cellString
	begun      bool // the last of strings takes more text
	edited     bool // the string begun has been edited
	newline    bool // the text of the string begun ends with a newline
	fresh      bool // that newline is new, so what follows is a line of its own
}

type cellString struct{ inner, glue []byte }

func (w *cellWriter) begin(glue []byte) {
	w.strings = append(w.strings, cellString{glue: glue})
	w.begun, w.newline, w.fresh = true, false, false
}

func (w *cellWriter) current() *cellString {
	if !w.begun {
		w.begin(nil)
	}
	return &w.strings[len(w.strings)-1]
}

// keep appends raw text that stays; newline tells whether it ends in one.
func (w *cellWriter) keep(inner []byte, newline bool) {
	if w.breakLines && w.fresh && w.begun {
		w.begin(w.glue)
	}
	s := w.current()
	s.inner = append(s.inner, inner...)
	w.newline, w.fresh = newline, false
}

// insert appends new text; atEnd tells that it comes after all of an old
// string, not in its midst.
func (w *cellWriter) insert(text string, ascii, atEnd bool) {
	w.edited = true
	for piece := range strings.Lines(text) {
		if w.breakLines && w.begun && w.newline && (w.fresh || atEnd) {
			w.begin(w.glue)
		}
		s := w.current()
		s.inner = appendQuoted(s.inner, piece, ascii)
		w.newline = strings.HasSuffix(piece, "\n")
		w.fresh = w.newline
	}
}

// nextLine goes on to the next string of the old list, glue being what lies
// between. It is joined to the one before where the edits took the newline
// that kept them apart, or all of its text.
func (w *cellWriter) nextLine(glue []byte, deleted bool) {
	s := w.current()
	join := deleted || w.edited && (len(s.inner) == 0 || !w.newline)
	if !join {
		w.begin(glue)
		w.edited = false
	}
}

// finish drops a last string of which nothing is left.
func (w *cellWriter) finish() {
	if n := len(w.strings); n > 0 && w.edited && len(w.strings[n-1].inner) == 0 {
		w.strings = w.strings[:n-1]
	}
}

// listStyle is how the code cells of one notebook write their lists and their
// characters beyond ASCII: what new text follows where it has no neighbours.
type listStyle struct {
	raw   []byte
	base  int // length of the byte order mark
	cells []*cellLayout
	// escapes is findEscapes, done once.
	escapes func() bool
}

// brackets gives what stands after "[" and before "]" in the list of l.
func (s *listStyle) brackets(l *cellLayout) (open, closing []byte) {
	for _, c := range append([]*cellLayout{l}, s.cells...) {
		if n := len(c.lines); c.list && n > 0 {
			return s.raw[c.value.start+1 : c.lines[0].at.start], s.raw[c.lines[n-1].at.end : c.value.end-1]
		}
	}
	// No list to follow: indent below the key, by what the top level has.
	keySpace := spaceBefore(s.raw, l.key)
	if !bytes.ContainsRune(keySpace, '\n') {
		return nil, nil
	}
	top := members(s.raw, valueAt(s.raw, s.base))
	unit := spaceBefore(s.raw, top[0].at)
	unit = unit[bytes.LastIndexByte(unit, '\n')+1:]
	return append(bytes.Clone(keySpace), unit...), keySpace
}

// glue gives what stands between the strings of a list.
func (s *listStyle) glue(l *cellLayout) []byte {
	for _, c := range s.cells {
		if c.list && len(c.lines) > 1 {
			return s.raw[c.lines[0].at.end:c.lines[1].at.start]
		}
	}
	open, _ := s.brackets(l)
	if bytes.ContainsRune(open, '\n') {
		return append([]byte{','}, open...)
	}
	if colon := bytes.IndexByte(s.raw[l.key:], ':'); s.raw[l.key+colon+1] == ' ' {
		return []byte(", ")
	}
	return []byte(",")
}

// ascii tells whether the notebook escapes what is beyond ASCII.
func (s *listStyle) ascii() bool { return s.escapes() }

func (s *listStyle) findEscapes() bool {
	for _, c := range s.cells {
		for _, line := range c.lines {
			if e := escapesNonASCII(line.inner(s.raw)); e != 0 {
				return e > 0
			}
		}
	}
	return false
}

func spaceBefore(raw []byte, at int) []byte {
	start := at
	for start > 0 && bytes.IndexByte([]byte(" \n\t\r"), raw[start-1]) >= 0 {
		start--
	}
	return raw[start:at]
}
