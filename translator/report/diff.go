package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"pyxlate/translator/document"
)

// Diff prints the change of a file as a unified diff; that of a notebook cell
// by cell. For a terminal the text is decoded and made visible; otherwise it
// is the file's own bytes, so that patch(1) takes the diff of a script or
// page. It prints nothing where File.Before or File.After is missing.
func Diff(w io.Writer, f *File, terminal, colour bool) error {
	for _, c := range changes(f, terminal) {
		if err := TextDiff(w, c.label, c.before, c.after, terminal, colour); err != nil {
			return err
		}
	}
	return nil
}

// TextDiff prints the change of one text as Diff does.
func TextDiff(w io.Writer, label, before, after string, terminal, colour bool) error {
	if terminal || strings.Contains(label, "\n") {
		label = VisiblePath(label) // a line each
	}
	out := bufio.NewWriter(w)
	text, err := udiff.ToUnified(label, label, before, lineEdits(before, after), udiff.DefaultContextLines)
	if err != nil {
		return err
	}
	if terminal {
		text = Visible(text)
	}
	for line := range strings.Lines(text) {
		fmt.Fprint(out, paintLine(colour, line))
	}
	return out.Flush()
}

// paintLine colours one line of a unified diff, its newline left out.
func paintLine(on bool, line string) string {
	text := strings.TrimRight(line, "\r\n")
	end := line[len(text):]
	switch {
	case strings.HasPrefix(text, "--- "), strings.HasPrefix(text, "+++ "):
		return paint(on, bold, text) + end
	case strings.HasPrefix(text, "@@"):
		return paint(on, cyan, text) + end
	case strings.HasPrefix(text, "-"):
		return paint(on, red, text) + end
	case strings.HasPrefix(text, "+"):
		return paint(on, green, text) + end
	}
	return line
}

// endLast gives two texts of a cell their last newline, which cells lack.
func endLast(before, after string) (string, string) {
	if before == "" || after == "" || strings.HasSuffix(before, "\n") || strings.HasSuffix(after, "\n") {
		return before, after
	}
	return before + "\n", after + "\n"
}

// CellDiff prints the change of a cell, or of a fence, as Diff does.
func CellDiff(w io.Writer, label, before, after string, terminal, colour bool) error {
	before, after = endLast(before, after)
	return TextDiff(w, label, before, after, terminal, colour)
}

// A change is one text of a file that changes.
type change struct {
	label         string // of the diff
	cell          int    // 0 for the whole file
	before, after string
}

// changes lists the texts of a file that change: the cells of a notebook, the
// whole of any other file, decoded or as its bytes are.
func changes(f *File, decoded bool) []change {
	if f.Before == nil || f.After == nil {
		return nil
	}
	if f.Kind != document.Notebook {
		c := change{label: f.Path, before: string(f.Before.Raw()), after: string(f.After.Raw())}
		if decoded && f.Kind == document.Script {
			c.before, c.after = string(f.Before.Units[0].Source), string(f.After.Units[0].Source)
		}
		if c.before == c.after {
			return nil
		}
		return []change{c}
	}
	var all []change
	for i := range len(f.Before.Units) + len(f.Before.Pages) {
		u := f.Before.Unit(i)
		before, after := endLast(string(u.Source), string(f.After.Unit(i).Source))
		if before != after {
			all = append(all, change{fmt.Sprintf("%s:cell %d", f.Path, u.Cell), u.Cell, before, after})
		}
	}
	slices.SortStableFunc(all, func(a, b change) int { return cmp.Compare(a.cell, b.cell) })
	return all
}
