package report

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/tabwriter"
)

// A Style says how text is printed for people.
type Style struct {
	Colour bool
	// Width is that of the terminal in characters, 0 where there is none: then
	// every finding is one line that begins with its place.
	Width int
}

// Text prints what a person has to look at, the table by code and the summary.
// The findings that need nobody are only counted.
func Text(w io.Writer, r *Report, s Style) error {
	out := bufio.NewWriter(w)
	for i := range r.Files {
		Findings(out, &r.Files[i], s)
	}
	if err := Totals(out, r, s); err != nil {
		return err
	}
	return out.Flush()
}

// Totals prints the table by code and the summary.
func Totals(w io.Writer, r *Report, s Style) error {
	out := bufio.NewWriter(w)
	if rows := r.byCode(); len(rows) > 0 {
		if s.Width > 0 {
			fmt.Fprintln(out)
		}
		if err := table(out, r, rows, s); err != nil {
			return err
		}
	}
	fmt.Fprintln(out, paint(s.Colour, bold, visibleLine(r.Summary())))
	for _, e := range r.Elsewhere {
		fmt.Fprintln(out, visibleLine(e.String()))
	}
	return out.Flush()
}

// table prints the uses by code and verdict, and on a terminal what the codes
// are about.
func table(w io.Writer, r *Report, rows []codeCount, s Style) error {
	var text strings.Builder
	t := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "code\t")
	for _, v := range Verdicts {
		fmt.Fprintf(t, "%s\t", v.Phrase())
	}
	fmt.Fprintln(t)
	for _, row := range rows {
		fmt.Fprintf(t, "%s\t", visibleLine(row.Code))
		for _, v := range Verdicts {
			fmt.Fprintf(t, "%d\t", row.Uses[v])
		}
		fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	i := -1 // the head
	for line := range strings.Lines(text.String()) {
		line = strings.TrimSuffix(line, "\n")
		if i >= 0 && s.Width > 0 {
			line = strings.ReplaceAll(line, " 0", " ·")
		}
		if i >= 0 && s.Width > len([]rune(line))+20 && r.About != nil {
			line += "  " + clip(visibleLine(placeholder.ReplaceAllString(r.About(rows[i].Code), "…")), s.Width-len([]rune(line))-3)
		}
		fmt.Fprintln(w, line)
		i++
	}
	return nil
}

// placeholder is what a finding fills in.
var placeholder = regexp.MustCompile(`\{\w+\}`)

// clip shortens a text to a number of characters.
func clip(text string, width int) string {
	if r := []rune(text); len(r) > width {
		return strings.TrimRight(string(r[:width-1]), " ") + "…"
	}
	return text
}

// Findings prints the error of a file and those of its findings that are for a
// person. Of neighbours that say the same the first stands for all.
func Findings(w io.Writer, f *File, s Style) {
	p := printer{w: w, file: f, Style: s}
	if f.Err != nil {
		p.line("", paint(s.Colour, red, VisiblePath(visibleLine(f.Err.Error()))))
	}
	for _, x := range f.Warnings {
		p.finding(p.place(x.Cell, x.Line, x.Column), "", "warning", yellow, visibleLine(x.Message))
	}
	for _, x := range groups(f.Findings) {
		message := visibleLine(x.Message)
		if x.More > 0 {
			message += fmt.Sprintf(" (and %d more here)", x.More)
		}
		c := yellow
		if x.Verdict == Manual {
			c = red
		}
		p.finding(p.place(x.Cell, x.Line, x.Column), visibleLine(x.Code), x.Verdict.Phrase(), c, message)
	}
}

// printer prints what there is to say of one file: on a terminal under its
// name, elsewhere with the name in every line.
type printer struct {
	Style
	w     io.Writer
	file  *File
	named bool
}

// place is where a finding is: in the file under its name, or anywhere.
func (p *printer) place(cell, line, column int) string {
	if p.Width == 0 {
		return VisiblePath(p.file.place(cell, line, column))
	}
	if p.file.inCells() {
		return fmt.Sprintf("cell %d:line %d", cell, line)
	}
	return fmt.Sprintf("%d:%d", line, column)
}

func (p *printer) finding(place, code, verdict string, c colour, message string) {
	kind := strings.TrimLeft(code+" "+paint(p.Colour, c, verdict), " ")
	if p.Width == 0 {
		p.line("", place+": "+kind+": "+message)
		return
	}
	if !p.named {
		p.line("", paint(p.Colour, bold, VisiblePath(p.file.Path)))
		p.named = true
	}
	p.line("  ", place+"  "+kind)
	for _, line := range wrap(message, max(p.Width-6, 30)) {
		p.line("      ", line)
	}
}

func (p *printer) line(indent, text string) { fmt.Fprintln(p.w, indent+text) }

// wrap breaks a text into lines of at most width characters, where its words
// let it.
func wrap(text string, width int) []string {
	var lines []string
	line, length := "", 0
	for _, word := range strings.Fields(text) {
		n := len([]rune(word))
		if length > 0 && length+1+n > width {
			lines = append(lines, line)
			line, length = "", 0
		}
		if length > 0 {
			line += " "
			length++
		}
		line += word
		length += n
	}
	return append(lines, line)
}

// A group is a finding and how many of its next neighbours say the same.
type group struct {
	Finding
	More int
}

// groups gathers the findings that are for a person, without regard to those
// between them that need nobody.
func groups(findings []Finding) []group {
	var all []group
	for _, x := range findings {
		if x.Verdict == Migrated {
			continue
		}
		if n := len(all); n > 0 {
			last := &all[n-1]
			if last.Code == x.Code && last.Message == x.Message && last.Verdict == x.Verdict && last.Cell == x.Cell {
				last.More++
				continue
			}
		}
		all = append(all, group{Finding: x})
	}
	return all
}
