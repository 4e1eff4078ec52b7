// Package checktest runs a translation in a test and holds it to every promise
// of package check, without the test's author asking.
package checktest

import (
	"cmp"
	"slices"
	"testing"

	"pyxlate/rules"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

// Harness is the migration under test. The zero values of Options and Words are
// those of check.Translation.
type Harness struct {
	Migration *rules.Migration
	Tables    *sdk.Set
	Options   rewrite.Options
	Words     []string
}

// A File is one file of a program, by its path with slashes.
type File struct {
	Path string
	Text []byte
}

// Run translates the files as one program, reports every broken promise as an
// error of the test, and gives the results in path order.
func Run(t testing.TB, h Harness, files ...File) []project.Result {
	t.Helper()
	results, violations := Check(t, h, files...)
	for _, v := range violations {
		t.Error(v)
	}
	return results
}

// Check is Run for tests that expect broken promises.
func Check(t testing.TB, h Harness, files ...File) ([]project.Result, []check.Violation) {
	t.Helper()
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	var docs []*document.Document
	for _, f := range files {
		d, err := document.Open(f.Path, slices.Clone(f.Text))
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, d)
	}
	results := project.Translate(docs, nil, h.Migration, h.Tables, h.Options)
	tr := &check.Translation{Migration: h.Migration, Tables: h.Tables, Options: h.Options, Results: results, Words: h.Words}
	return results, append(check.All(tr), check.WithNotes(tr)...)
}
