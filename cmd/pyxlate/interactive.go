package main

import (
	"bufio"
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
	declined         map[string][]lines
}

// lines are those of a declined change: first to last, both included, as
// findings count them.
type lines struct{ cell, first, last int }

func newDialogue(in io.Reader, out io.Writer, terminal, colour bool) *dialogue {
	return &dialogue{in: bufio.NewReader(in), out: out, terminal: terminal, colour: colour, declined: map[string][]lines{}}
}

// approve returns the edits of the changes that the person wants. Edits on the
// same line or on lines that follow each other are one change.
func (d *dialogue) approve(r run.Result) []edit.Edit {
	var wanted []edit.Edit
	for _, group := range changesOf(r.Doc, edit.Sort(r.Edits)) {
		at := linesOf(r.Doc, group)
		if d.all || !d.quit && d.ask(r, group, at) {
			wanted = append(wanted, group...)
		} else {
			d.declined[r.Doc.Path] = append(d.declined[r.Doc.Path], at)
		}
	}
	return wanted
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
// the input means to quit.
func (d *dialogue) ask(r run.Result, group []edit.Edit, at lines) bool {
	unit := r.Doc.Unit(group[0].Unit)
	after, err := edit.Apply(unit.Source, group)
	if err != nil {
		after = unit.Source
	}
	label := r.Doc.Path
	if r.Doc.Kind != document.Script {
		label = fmt.Sprintf("%s:cell %d", label, unit.Cell)
	}
	_ = report.TextDiff(d.out, label, string(unit.Source), string(after), d.terminal, d.colour)
	for _, x := range r.Findings {
		if at.hold(x) {
			fmt.Fprintf(d.out, "%s %s: %s\n", x.Code, x.Verdict, report.Visible(x.Message))
		}
	}
	for {
		fmt.Fprint(d.out, "Make this change? [y]es, [n]o, [a]ll that follow, [q]uit: ")
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
		case answer == "q" || answer == "quit" || err != nil:
			d.quit = true
			return false
		}
	}
}

func (l lines) hold(x report.Finding) bool {
	return x.Cell == l.cell && x.Line <= l.last && max(x.Line, x.EndLine) >= l.first
}

// correct turns the findings on declined changes into work that is left.
func (d *dialogue) correct(f *report.File) {
	for i := range f.Findings {
		x := &f.Findings[i]
		for _, l := range d.declined[f.Path] {
			if x.Edited && l.hold(*x) {
				x.Verdict, x.Edited, x.Message = report.Manual, false, "declined: "+x.Message
			}
		}
	}
}
