package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"pyxlate/translator/document"
	"pyxlate/translator/edit"
	"pyxlate/translator/report"
	"pyxlate/translator/run"
)

// dialogue asks a person about each change.
type dialogue struct {
	in               *bufio.Reader
	out              io.Writer
	terminal, colour bool
	all, quit        bool // the answer to everything that follows
	files            map[string]*answers
	end              func(error) // ends the run: nobody answers
}

// answers are those about one file. A file may come again, made anew around
// what was declined: what has been answered is not asked again.
type answers struct {
	given    map[string]bool // by the change
	declined []lines
	rest     bool // what follows in the file is declined
	warned   int  // warnings that have been printed
}

// lines are those of a declined change: first to last, both included, as
// findings count them.
type lines struct{ cell, first, last int }

func newDialogue(in io.Reader, out io.Writer, terminal, colour bool, end func(error)) *dialogue {
	return &dialogue{in: bufio.NewReader(in), out: out, terminal: terminal, colour: colour, files: map[string]*answers{}, end: end}
}

// approve returns the edits of the changes that the person wants, and the places
// of those that were declined just now. Edits on the same line or on lines that
// follow each other are one change.
func (d *dialogue) approve(r run.Result) (wanted []edit.Edit, declined []run.Span) {
	file := d.files[r.Doc.Path]
	if file == nil {
		file = &answers{given: map[string]bool{}}
		d.files[r.Doc.Path] = file
	}
	groups := changesOf(r.Doc, edit.Sort(r.Edits))
	for i, group := range groups {
		at, key := linesOf(r.Doc, group), keyOf(group)
		yes, known := file.given[key]
		if !known {
			yes = d.all || !d.quit && !file.rest && d.ask(file, r, group, at, fmt.Sprintf("%d/%d", i+1, len(groups)))
			file.given[key] = yes
			if !yes {
				file.declined = append(file.declined, at)
				declined = append(declined, wholeLines(r.Doc.Unit(group[0].Unit).Source, group))
			}
		}
		if yes {
			wanted = append(wanted, group...)
		}
	}
	return wanted, declined
}

// keyOf tells a change from all others of its file.
func keyOf(group []edit.Edit) string { return fmt.Sprintf("%#v", group) }

// wholeLines are the lines of a unit that a change touches.
func wholeLines(source []byte, group []edit.Edit) run.Span {
	first, last := group[0].Start, group[0].Start
	for _, e := range group {
		last = max(last, e.Start, e.End-1)
	}
	s := run.Span{Unit: group[0].Unit, Start: bytes.LastIndexByte(source[:first], '\n') + 1, End: len(source)}
	if n := bytes.IndexByte(source[last:], '\n'); n >= 0 {
		s.End = last + n
	}
	return s
}

func changesOf(doc *document.Document, edits []edit.Edit) [][]edit.Edit {
	var groups [][]edit.Edit
	for _, e := range edits {
		if n := len(groups); n > 0 {
			last := groups[n-1]
			if last[0].Unit == e.Unit && linesOf(doc, []edit.Edit{e}).first <= linesOf(doc, last).last+1 {
				groups[n-1] = append(last, e)
				continue
			}
		}
		groups = append(groups, []edit.Edit{e})
	}
	return groups
}

// linesOf gives the lines that edits of one unit change. An insertion of whole
// lines belongs to the line that it comes before.
func linesOf(doc *document.Document, edits []edit.Edit) lines {
	var all lines
	for i, e := range edits {
		first, last := doc.Position(e.Unit, e.Start), doc.Position(e.Unit, max(e.Start, e.End-1))
		if i == 0 {
			all = lines{first.Cell, first.Line, last.Line}
		}
		all.last = max(all.last, last.Line)
	}
	return all
}

// ask shows one change with its findings and waits for an answer. The end of
// the input ends the run, with nothing more written.
func (d *dialogue) ask(file *answers, r run.Result, group []edit.Edit, at lines, count string) bool {
	unit := r.Doc.Unit(group[0].Unit)
	after, err := edit.Apply(unit.Source, group)
	if err != nil {
		after = unit.Source
	}
	label, diff := r.Doc.Path, report.TextDiff
	if r.Doc.Kind == document.Notebook || r.Doc.Kind == document.Markdown {
		label, diff = fmt.Sprintf("%s:cell %d", label, unit.Cell), report.CellDiff
	}
	_ = diff(d.out, label, string(unit.Source), string(after), d.terminal, d.colour)
	for ; file.warned < len(r.Warnings); file.warned++ {
		x := r.Warnings[file.warned]
		fmt.Fprintf(d.out, "%s:%d:%d: warning: %s\n", report.VisiblePath(r.Doc.Path), x.Line, x.Column, report.Visible(x.Message))
	}
	for _, x := range r.Findings {
		if at.hold(x) && x.Message != "" {
			fmt.Fprintf(d.out, "%s %s: %s\n", x.Code, x.Verdict.Phrase(), report.Visible(x.Message))
		}
	}
	for {
		fmt.Fprintf(d.out, "(%s) Make this change [y,n,a,d,q,?]? ", count)
		answer, err := d.in.ReadString('\n')
		if err != nil {
			fmt.Fprintln(d.out)
		}
		switch answer = strings.ToLower(strings.TrimSpace(answer)); {
		case answer == "y" || answer == "yes":
			return true
		case answer == "n" || answer == "no":
			return false
		case answer == "a" || answer == "all":
			d.all = true
			return true
		case answer == "d":
			file.rest = true
			return false
		case answer == "q" || answer == "quit":
			d.quit = true
			return false
		case err != nil:
			d.quit = true
			d.end(errNoAnswer)
			return false
		default:
			fmt.Fprint(d.out, answerHelp)
		}
	}
}

const answerHelp = `y - make this change
n - leave this as it is; what it needs (imports, definitions) stays with it
a - make this change and all that follow
d - leave this and the rest of this file
q - quit: leave this and all that follow
? - print this
`

func (l lines) hold(x report.Finding) bool {
	return x.Cell == l.cell && x.Line <= l.last && max(x.Line, x.EndLine) >= l.first
}

// correct turns the findings on declined changes into work that is left.
func (d *dialogue) correct(f *report.File) {
	file := d.files[f.Path]
	if file == nil {
		return
	}
	for i := range f.Findings {
		x := &f.Findings[i]
		for _, l := range file.declined {
			if x.Edited && l.hold(*x) {
				x.Verdict, x.Edited, x.Message = report.Manual, false, "declined: "+x.Message
			}
		}
	}
}
