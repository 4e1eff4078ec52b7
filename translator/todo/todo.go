// Package todo writes and reads the comments that leave something to a person:
//
//	# TODO(pyxlate CODE): what to do
//	# TODO(pyxlate CODE to TARGET): what to do
//
// It owes one form to all that write them and to all that look for them. It
// knows no SDK: which targets have their name written, a migration says.
package todo

import (
	"iter"
	"strings"
)

// Prefix opens every mark.
const Prefix = "# TODO(pyxlate "

// A Mark is what such a comment says.
type Mark struct {
	Code   string
	Target string // for which it holds, "" for the default one of the code's pack
	Text   string
}

// String is the comment, without an end of line.
func (m Mark) String() string {
	if m.Target == "" {
		return Prefix + m.Code + "): " + m.Text
	}
	return Prefix + m.Code + " to " + m.Target + "): " + m.Text
}

// Parse reads a comment, without the space around it.
func Parse(comment string) (Mark, bool) {
	rest, ok := strings.CutPrefix(comment, Prefix)
	if !ok {
		return Mark{}, false
	}
	head, text, _ := strings.Cut(rest, "): ")
	code, target, _ := strings.Cut(head, " to ")
	return Mark{Code: code, Target: target, Text: text}, true
}

// A Line is a mark and where its comment stands: Start and End are bytes.
type Line struct {
	Mark
	Start, End int
}

// Above yields the marks among the lines of comment right above an offset, the
// nearest first. at is the offset of a line's first character, or of the first on
// it that is no white space.
func Above[T string | []byte](text T, at int) iter.Seq[Line] {
	return func(yield func(Line) bool) {
		for end := lineStart(text, at) - 1; end >= 0; {
			start := lineStart(text, end)
			line := strings.TrimSpace(string(text[start:end]))
			if !strings.HasPrefix(line, "#") {
				return
			}
			if m, ok := Parse(line); ok {
				from := start + strings.IndexByte(string(text[start:end]), '#')
				if !yield(Line{m, from, from + len(line)}) {
					return
				}
			}
			end = start - 1
		}
	}
}

// lineStart is the offset of the line that holds an offset.
func lineStart[T string | []byte](text T, at int) int {
	for at > 0 && text[at-1] != '\n' {
		at--
	}
	return at
}
