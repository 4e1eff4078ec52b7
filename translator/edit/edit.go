// Package edit is the currency between those who change a text and those who
// write it: an edit replaces a span of bytes of one unit of a document.
//
// It owes its callers three things: edits are put in order, edits that overlap
// are an error and never a guess, and every byte outside an edit is kept. It
// knows nothing of Python, of notebooks or of files.
package edit

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// An Edit replaces the bytes [Start, End) of a unit's source by New. Start and
// End are 0-based byte offsets; Start == End inserts. New breaks its lines with
// "\n" or "\r\n" whatever the unit does: see Localize.
type Edit struct {
	Unit       int // index of the unit in its document, 0-based
	Start, End int
	New        string
}

// Error says which edit cannot be applied and why.
type Error struct {
	Edit   Edit
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("edit of bytes %d to %d of unit %d: %s", e.Edit.Start, e.Edit.End, e.Edit.Unit, e.Reason)
}

// Sort returns a copy of the edits in order of unit, start and end. Insertions
// at one place keep the order in which they were given, and come before an
// edit that replaces what follows that place.
func Sort(edits []Edit) []Edit {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return sorted
}

// Check reports the first of the sorted edits that lies outside its unit or
// overlaps the one before it. size gives a unit's length in bytes, -1 where
// there is no such unit.
func Check(sorted []Edit, size func(unit int) int) error {
	for i, e := range sorted {
		n := size(e.Unit)
		switch {
		case n < 0:
			return &Error{e, "there is no such unit"}
		case e.Start < 0 || e.End < e.Start || e.End > n:
			return &Error{e, fmt.Sprintf("outside the unit's %d bytes", n)}
		case i > 0 && sorted[i-1].Unit == e.Unit && e.Start < sorted[i-1].End:
			return &Error{e, fmt.Sprintf("overlaps the edit of bytes %d to %d", sorted[i-1].Start, sorted[i-1].End)}
		}
	}
	return nil
}

// Splice walks a text of n bytes from left to right: keep is called for each
// non-empty span that stays, replace for each edit at its place. The edits are
// those of one unit, sorted and checked.
func Splice(sorted []Edit, n int, keep func(start, end int), replace func(Edit)) {
	at := 0
	for _, e := range sorted {
		if at < e.Start {
			keep(at, e.Start)
		}
		replace(e)
		at = e.End
	}
	if at < n {
		keep(at, n)
	}
}

// Apply returns src with the edits of one unit made, in whatever order they
// come. The unit number of the edits is not looked at. New lines take the
// newline that src uses around them.
func Apply(src []byte, edits []Edit) ([]byte, error) {
	own := slices.Clone(edits)
	for i := range own {
		own[i].Unit = 0
	}
	own = Sort(own)
	if err := Check(own, func(int) int { return len(src) }); err != nil {
		return nil, err
	}
	out := bytes.NewBuffer(make([]byte, 0, Size(own, len(src))))
	Splice(own, len(src),
		func(start, end int) { out.Write(src[start:end]) },
		func(e Edit) { out.WriteString(Localize(e.New, src, e.Start)) })
	return out.Bytes(), nil
}

// Size is about what a text of n bytes has with the edits made.
func Size(edits []Edit, n int) int {
	for _, e := range edits {
		n += len(e.New) - (e.End - e.Start)
	}
	return max(n, 0)
}

// Localize returns text with each of its newlines ("\n" or "\r\n") written as
// src writes the one that ends the line around offset at; failing that, the
// one before it; failing that, as they are.
func Localize(text string, src []byte, at int) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	newline := NewlineAt(src, at)
	if newline == "" {
		return text
	}
	if strings.Contains(text, "\r\n") {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	if newline == "\n" {
		return text
	}
	return strings.ReplaceAll(text, "\n", newline)
}

// NewlineAt returns the newline of the line around byte offset at of src:
// "\n", "\r\n" or "\r". A last line without one takes that of the line before; a
// text of one line has none, "".
func NewlineAt(src []byte, at int) string {
	// An offset between \r and \n belongs to the newline.
	if at > 0 && at < len(src) && src[at-1] == '\r' && src[at] == '\n' {
		at--
	}
	if i := bytes.IndexAny(src[at:], "\r\n"); i >= 0 {
		return newlineOf(src, at+i)
	}
	if i := bytes.LastIndexAny(src[:at], "\r\n"); i >= 0 {
		if i > 0 && src[i] == '\n' && src[i-1] == '\r' {
			i--
		}
		return newlineOf(src, i)
	}
	return ""
}

func newlineOf(src []byte, i int) string {
	switch {
	case src[i] == '\n':
		return "\n"
	case i+1 < len(src) && src[i+1] == '\n':
		return "\r\n"
	}
	return "\r"
}
