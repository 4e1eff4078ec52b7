package project

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"

	"pyxlate/grammar"
	"pyxlate/translator/document"
	"pyxlate/translator/edit"
)

// sound reports that edits of a unit in which nothing is masked certainly leave
// it as sound as it was. Statements of a module follow each other without a
// context, so only those that change are parsed, with a text's first parse to
// tell where they begin. In a cell or a fence the new ones may need masking, too.
// A no says nothing: Worse looks at the whole.
func sound(before *grammar.Tree, edits []edit.Edit, cell bool) bool {
	if before == nil || len(before.Errors()) > 0 || len(before.Suspicious()) > 0 {
		return false
	}
	src := before.Source()
	edits = edit.Sort(edits)
	if edit.Check(edits, func(int) int { return len(src) }) != nil {
		return false
	}
	borders := borders(before)
	var old, new bytes.Buffer // what changes, before and after
	old.Grow(min(len(src), maxPiece))
	new.Grow(min(edit.Size(edits, len(src)), maxPiece))
	for len(edits) > 0 {
		if new.Len() > maxPiece {
			if !parses(old.Bytes(), new.Bytes(), cell) {
				return false
			}
			old.Reset()
			new.Reset()
		}
		start := borders[sort.SearchInts(borders, edits[0].Start+1)-1]
		if start > 0 && src[start-1] != '\n' {
			return false // at the end of a last line without a newline
		}
		from, at, end := new.Len(), start, edits[0].Start+1
		for len(edits) > 0 && edits[0].Start < end {
			e := edits[0]
			edits = edits[1:]
			new.Write(src[at:e.Start])
			new.WriteString(edit.Localize(e.New, src, e.Start))
			at = e.End
			end = borders[min(sort.SearchInts(borders, max(at, end)), len(borders)-1)]
			if strings.Contains(e.New, `"""`) || strings.Contains(e.New, "'''") {
				return false // what opens here might be closed by another one
			}
		}
		new.Write(src[at:end])
		if !aligned(new.Bytes()[from:], end == len(src)) {
			return false
		}
		old.Write(src[start:end])
		// No bracket that is open takes this in.
		old.WriteString("\npass\n")
		new.WriteString("\npass\n")
	}
	return parses(old.Bytes(), new.Bytes(), cell)
}

// maxPiece is the size in bytes beyond which what changes is parsed in several
// pieces: the second parser takes no large text, and is the faster one.
const maxPiece = 64 << 10

// parses reports that new statements parse, by the second parser too if it takes
// the old ones.
func parses(old, new []byte, cell bool) bool {
	if cell {
		if _, masked := grammar.Mask(new); len(masked) > 0 {
			return false
		}
	}
	if grammar.AcceptedByGpython(new) {
		return true
	}
	tree, err := grammar.Parse(new)
	return err == nil && len(tree.Errors()) == 0 && grammar.NewerStrings(tree) == 0 && !grammar.AcceptedByGpython(old)
}

// borders are the offsets between which the statements of a module can be read
// by themselves: the starts of those at the start of a line, 0 and the end of
// the text.
func borders(t *grammar.Tree) []int {
	src := t.Source()
	all := []int{0}
	for n := range t.Root().Children() {
		if at := n.Start(); at > 0 && src[at-1] == '\n' && !n.Is(grammar.KindComment) {
			all = append(all, at)
		}
	}
	return append(slices.Compact(all), len(src))
}

// aligned reports that text begins and ends like whole statements of a module.
// last says that nothing follows them.
func aligned(text []byte, last bool) bool {
	if len(text) == 0 {
		return true
	}
	return (last || bytes.HasSuffix(text, []byte("\n"))) && !bytes.HasSuffix(bytes.TrimRight(text, "\r\n"), []byte("\\")) && !indented(text)
}

// indented tells whether the first line with code does not begin at its start.
func indented(text []byte) bool {
	for line := range bytes.Lines(text) {
		code := bytes.TrimLeft(line, " \t\f")
		if rest := bytes.TrimRight(code, "\r\n"); len(rest) > 0 && rest[0] != '#' {
			return len(code) < len(line)
		}
	}
	return false
}

// unreadable gives the first syntax error in a statement, or in lines, that the
// edits change. Lines put in front of a statement do not change it.
func unreadable(t *grammar.Tree, edits []edit.Edit) (grammar.SyntaxError, bool) {
	src := t.Source()
	for i, lost := range t.Unreadable() {
		for _, e := range edits {
			above := e.Start == lost.Start && bytes.LastIndexByte(src[:e.Start], '\n')+1 == e.Start && strings.HasSuffix(e.New, "\n")
			if e.Start < lost.End && e.End > lost.Start || e.Start == e.End && e.Start == lost.Start && !above {
				return t.Errors()[i], true
			}
		}
	}
	return grammar.SyntaxError{}, false
}

// Worse says in what way the text after parses worse than the text before, ""
// if it does not.
func Worse(kind document.Kind, before, after []byte) string {
	mask := func(text []byte) []byte {
		if kind != document.Script {
			text, _ = grammar.Mask(text)
		}
		return text
	}
	// What is fine needs no comparison.
	after = mask(after)
	tree, err := grammar.Parse(after)
	if err == nil && len(tree.Errors()) == 0 && grammar.AcceptedByGpython(after) {
		return ""
	}
	before = mask(before)
	old, failed := grammar.Parse(before)
	if failed != nil {
		return ""
	}
	if err != nil {
		return err.Error()
	}
	if errs := tree.Errors(); len(errs) > len(old.Errors()) {
		e := errs[0]
		at := min(e.Start, len(after))
		line := bytes.Count(after[:at], []byte("\n")) + 1
		start := bytes.LastIndexByte(after[:at], '\n') + 1
		text, _, _ := bytes.Cut(after[start:], []byte("\n"))
		return fmt.Sprintf("line %d of the result, `%s`: %s", line, bytes.TrimSpace(text), e.Message)
	}
	if grammar.AcceptedByGpython(before) && !grammar.AcceptedByGpython(after) {
		return "refused by the second parser"
	}
	if grammar.NewerStrings(tree) > 0 && grammar.NewerStrings(old) == 0 {
		return "an f-string that needs Python 3.12"
	}
	return ""
}
