// Package report is the result model of a run and its printers, one file a
// format: what became of each use of the old SDK, file by file.
//
// It owes its readers that the counts of every format agree, that what a file
// or a message contains cannot act on a terminal, a page or a workflow, and
// that the JSON form is an interface: documented, versioned. It knows no SDK,
// and nothing of how findings come about.
package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"pyxlate/translator/document"
)

// Verdict says what became of a use.
type Verdict string

const (
	Migrated Verdict = "migrated" // rewritten, same meaning
	Review   Verdict = "review"   // rewritten, and the meaning differs as the message states
	Manual   Verdict = "manual"   // left as it stands, for a person
)

// Verdicts lists them from the best to the worst.
var Verdicts = []Verdict{Migrated, Review, Manual}

// Phrase is how the summary speaks of a verdict.
func (v Verdict) Phrase() string {
	return map[Verdict]string{Migrated: "migrated", Review: "to review", Manual: "by hand"}[v]
}

// A Finding is the verdict on one use of the source SDK.
type Finding struct {
	Code    string // of the rule: "BAI201"
	Verdict Verdict
	Symbol  string // qualified name of what is used
	Message string // why, and what to do
	File    string
	// Cell counts from 1 over the cells of a notebook or the fences of a page;
	// 0 in a script.
	Cell int
	// Lines count from 1 (from the start of the cell in a notebook), columns
	// from 1 in characters; the end is the place after the last character.
	Line, Column, EndLine, EndColumn int
	// Edited tells whether the text was (in a preview: would be) changed here.
	Edited bool
	// Unread tells that this part does not parse: it stands for the uses that
	// nobody sees in it.
	Unread bool
}

// A Warning is what a user should know about a place that is no use of the
// source SDK. Cell, Line and Column are as in Finding.
type Warning struct {
	Cell, Line, Column int
	Message            string
}

// A Hint is a place that speaks of the old SDK and is no use of it: a comment, a
// command line that a page shows. It changes no exit status. Places count as
// those of a Warning.
type Hint = Warning

// A File is what a run found in one file.
type File struct {
	Path     string
	Kind     document.Kind
	Changed  bool
	Err      error // why the file was left alone, nil otherwise
	Findings []Finding
	Warnings []Warning
	Hints    []Hint
	Ignored  int // uses without a finding, because the user wants them left as they are
	// Before and After are the file as it was and as it is to be. They are nil
	// where the file does not change, or where no format wants them.
	Before, After *document.Document
}

// Place says where a finding is, as errors do: path:line:column, in notebooks
// path:cell 3:line 2.
func (f *File) Place(x Finding) string { return f.place(x.Cell, x.Line, x.Column) }

func (f *File) place(cell, line, column int) string {
	if f.inCells() {
		return fmt.Sprintf("%s:cell %d:line %d", f.Path, cell, line)
	}
	return fmt.Sprintf("%s:%d:%d", f.Path, line, column)
}

// inCells tells whether lines count from the start of a cell.
func (f *File) inCells() bool { return f.Kind == document.Notebook }

// A Report is the result of a run.
type Report struct {
	Tool    string   // version of pyxlate
	Packs   []string // names of the packs that take part
	Source  string   // what they take programs from, for people
	To      string   // name of the target
	Scanned int      // files that were looked at
	Files   []File   // those with a finding, a change or an error, in path order
	// Elsewhere are sources that files use and that this run leaves alone.
	Elsewhere []Elsewhere
	// About says what a code is about, in a sentence; nil: that is not known.
	About func(code string) string
}

// An Elsewhere is a source that leads to another target than that of the run.
type Elsewhere struct {
	Pack   string
	Source string // for people: "Azure ML SDK v1"
	Ended  string // what is known of its end, as a relative clause, or ""
	To     string // the target to which it leads
	Files  int    // that use it
}

// String is a sentence without a full stop.
func (e Elsewhere) String() string {
	verb, them := " use ", "them"
	if e.Files == 1 {
		verb, them = " uses ", "it"
	}
	ended := ""
	if e.Ended != "" {
		ended = ", " + e.Ended
	}
	return fmt.Sprintf("%s%s%s%s: `--to %s` moves %s too", count(e.Files, "file"), verb, e.Source, ended, e.To, them)
}

// Counts sums up a report.
type Counts struct {
	Files, Changed, Failed       int
	Uses, Migrated, Review, Left int // Left: by hand
	Ignored                      int // not among Uses
	Unread                       int // parts that do not parse; among Left
	Warnings, Hints              int
}

// Count sums up the report.
func (r *Report) Count() Counts {
	c := Counts{Files: r.Scanned}
	for i := range r.Files {
		f := &r.Files[i]
		if f.Changed {
			c.Changed++
		}
		if f.Err != nil {
			c.Failed++
		}
		c.Ignored += f.Ignored
		c.Warnings += len(f.Warnings)
		c.Hints += len(f.Hints)
		for _, x := range f.Findings {
			c.Uses++
			if x.Unread {
				c.Unread++
			}
			switch x.Verdict {
			case Migrated:
				c.Migrated++
			case Review:
				c.Review++
			default:
				c.Left++
			}
		}
	}
	return c
}

// Of returns the number of uses with a verdict.
func (c Counts) Of(v Verdict) int {
	return map[Verdict]int{Migrated: c.Migrated, Review: c.Review, Manual: c.Left}[v]
}

// Summary is the report in one line: "42 uses of Old SDK: 37 migrated, 3 to
// review, 2 by hand".
func (r *Report) Summary() string {
	c := r.Count()
	var failed string
	if c.Failed > 0 {
		failed = "; " + count(c.Failed, "file") + " failed"
	}
	switch {
	case c.Unread == 1:
		failed = "; 1 part does not parse" + failed
	case c.Unread > 1:
		failed = fmt.Sprintf("; %d parts do not parse", c.Unread) + failed
	}
	if c.Ignored > 0 {
		failed = fmt.Sprintf(", %d ignored", c.Ignored) + failed
	}
	if c.Hints > 0 {
		failed += "; " + count(c.Hints, "hint") + " (--report json lists them)"
	}
	if c.Uses == 0 {
		return fmt.Sprintf("no use of %s in %s%s", r.Source, count(c.Files, "file"), failed)
	}
	var parts []string
	for _, v := range Verdicts {
		parts = append(parts, fmt.Sprintf("%d %s", c.Of(v), v.Phrase()))
	}
	return fmt.Sprintf("%s of %s: %s%s", count(c.Uses, "use"), r.Source, strings.Join(parts, ", "), failed)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// codeCount is one row of the table by code.
type codeCount struct {
	Code string
	Uses map[Verdict]int
}

// byCode counts the findings by code and verdict, in order of code.
func (r *Report) byCode() []codeCount {
	rows := map[string]map[Verdict]int{}
	for _, f := range r.Files {
		for _, x := range f.Findings {
			if rows[x.Code] == nil {
				rows[x.Code] = map[Verdict]int{}
			}
			rows[x.Code][x.Verdict]++
		}
	}
	var all []codeCount
	for code, uses := range rows {
		all = append(all, codeCount{code, uses})
	}
	slices.SortFunc(all, func(a, b codeCount) int { return cmp.Compare(a.Code, b.Code) })
	return all
}

// Formats are the formats of --report by name.
var Formats = map[string]func(io.Writer, *Report) error{
	"json":     JSON,
	"markdown": Markdown,
	"sarif":    SARIF,
	"html":     HTML,
	"github":   GitHub,
	"text":     func(w io.Writer, r *Report) error { return Text(w, r, Style{}) },
}

// WantsTexts tells whether a format shows the files themselves, so that
// File.Before and File.After have to be kept for it.
func WantsTexts(format string) bool { return format == "html" }
