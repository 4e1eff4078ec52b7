// Package runtest has an engine small enough to be read at a glance, for tests
// of what surrounds an engine.
package runtest

import (
	"bytes"
	"errors"
	"regexp"

	"pyxlate/translator/document"
	"pyxlate/translator/edit"
	"pyxlate/translator/report"
	"pyxlate/translator/run"
)

// Toy takes programs from toysdk to newsdk: each "toysdk" becomes "newsdk",
// with the verdict review where ".odd" follows. Where ".hard" follows it is
// manual and marked by a comment above its line; "toysdk_error" is an error,
// "toysdk_panic" a panic.
type Toy struct{}

var use = regexp.MustCompile(`toysdk(\.odd|\.hard|_error|_panic)?`)

const mark = "# TODO(pyxlate TOY3): do it by hand\n"

// Triggers is "toysdk".
func (Toy) Triggers() [][]byte { return [][]byte{[]byte("toysdk")} }

// Modules is "toys.wrapped".
func (Toy) Modules() []string { return []string{"toys.wrapped"} }

// Translate translates each document alone.
func (Toy) Translate(p run.Project) []run.Result {
	var results []run.Result
	for _, d := range p.Documents {
		results = append(results, translate(d, p.Declined))
	}
	return results
}

func translate(d *document.Document, declined func(d *document.Document, unit, start, end int) bool) run.Result {
	r := run.Result{Doc: d}
	for i, u := range d.Units {
		for _, m := range use.FindAllSubmatchIndex(u.Source, -1) {
			start, end, suffix := m[0], m[1], ""
			if m[2] >= 0 {
				suffix = string(u.Source[m[2]:m[3]])
			}
			x := report.Finding{Code: "TOY1", Verdict: report.Migrated, Symbol: "toysdk", Message: "now in newsdk", File: d.Path, Edited: true}
			e := edit.Edit{Unit: i, Start: start, End: start + len("toysdk"), New: "newsdk"}
			switch suffix {
			case ".odd":
				x.Code, x.Verdict, x.Message = "TOY2", report.Review, "newsdk rounds down"
			case ".hard":
				x.Code, x.Verdict, x.Message = "TOY3", report.Manual, "has no equivalent; do it by hand"
				line := bytes.LastIndexByte(u.Source[:start], '\n') + 1
				indent := len(u.Source[line:]) - len(bytes.TrimLeft(u.Source[line:], " \t"))
				e = edit.Edit{Unit: i, Start: line, End: line, New: string(u.Source[line:line+indent]) + mark}
				if bytes.HasSuffix(bytes.ReplaceAll(u.Source[:line], []byte("\r"), nil), []byte(mark)) {
					e.New, x.Edited = "", false
				}
			}
			if declined != nil && declined(d, i, start, end) {
				x.Verdict, x.Edited, x.Message, e.New = report.Manual, false, "declined: "+x.Message, ""
			}
			switch suffix {
			case "_error":
				return run.Result{Doc: d, Err: errors.New("the toy cannot read this")}
			case "_panic":
				panic("the toy broke")
			}
			from, to := d.Position(i, start), d.Position(i, end)
			x.Cell, x.Line, x.Column, x.EndLine, x.EndColumn = from.Cell, from.Line, from.Column, to.Line, to.Column
			r.Findings = append(r.Findings, x)
			if e.New != "" {
				r.Edits = append(r.Edits, e)
			}
		}
	}
	return r
}
