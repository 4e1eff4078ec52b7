package project

import (
	"cmp"
	"slices"

	"github.com/aymanbagabas/go-udiff"

	"pyxlate/translator/document"
	"pyxlate/translator/edit"
	"pyxlate/translator/report"
	"pyxlate/translator/run"
)

// translatePages adds to the result of a notebook what becomes of the fences in
// its Markdown cells. Each cell is a page for itself: it shows code, it does
// not run in the notebook's order.
func (e *Engine) translatePages(r *run.Result) {
	if r.Err != nil {
		return
	}
	for i, page := range r.Doc.Pages {
		if !holdsAny(page.Source, e.triggers) {
			continue
		}
		d, err := document.OpenAs(document.Markdown, r.Doc.Path, page.Source)
		if err != nil {
			continue // not a text that a page could be
		}
		none := func(module, from string) (*document.Document, bool) { return nil, false }
		own := e.Results(run.Project{Documents: []*document.Document{d}, Resolve: none})[0].Report(e.migration)
		if own.Err != nil {
			continue
		}
		after, err := d.Apply(own.Edits)
		if err != nil {
			continue
		}
		for _, x := range udiff.Strings(string(page.Source), string(after)) {
			r.Edits = append(r.Edits, edit.Edit{Unit: len(r.Doc.Units) + i, Start: x.Start, End: x.End, New: x.New})
		}
		for _, x := range own.Findings {
			x.Cell = page.Cell // its lines count from the start of the cell
			r.Findings = append(r.Findings, x)
		}
		for _, x := range own.Warnings {
			x.Cell = page.Cell
			r.Warnings = append(r.Warnings, x)
		}
		for _, x := range own.Hints {
			x.Cell = page.Cell
			r.Hints = append(r.Hints, x)
		}
		r.Ignored += own.Ignored
	}
	slices.SortStableFunc(r.Findings, func(a, b report.Finding) int { return cmp.Compare(a.Cell, b.Cell) })
}
