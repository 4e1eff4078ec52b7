package toypack_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check/checktest"
	"pyxlate/translator/check/golden"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/run"
)

// targets are those to which the packs lead.
var targets = []string{"greenhouse", "meadow"}

// A program is an archive of testdata/programs: under lines that say what matters
// about it, the files as they were (before/...), as they must become for each
// target (greenhouse/..., meadow/...; what is not there stays as it was), and
// what is found (findings of greenhouse, of meadow). A line "set: NAME=VALUE"
// chooses an option.
type program struct {
	path    string
	archive *txtar.Archive
	options map[string]string
	files   []txtar.File // as they were, without before/
}

func programs(t testing.TB) []program {
	t.Helper()
	paths, err := filepath.Glob("testdata/programs/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	var all []program
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		require.NoError(t, err)
		p := program{path: path, archive: a, options: map[string]string{}}
		for line := range strings.Lines(string(a.Comment)) {
			if choice, ok := strings.CutPrefix(line, "set: "); ok {
				name, value, _ := strings.Cut(strings.TrimSpace(choice), "=")
				p.options[name] = value
			}
		}
		for _, f := range a.Files {
			if name, ok := strings.CutPrefix(f.Name, "before/"); ok {
				p.files = append(p.files, txtar.File{Name: name, Data: f.Data})
			}
		}
		require.NotEmpty(t, p.files, path)
		all = append(all, p)
	}
	return all
}

func (p program) name() string { return strings.TrimSuffix(filepath.Base(p.path), ".txtar") }

func (p program) documents(t testing.TB) []*document.Document {
	t.Helper()
	var docs []*document.Document
	for _, f := range p.files {
		d, err := document.Open(f.Name, f.Data)
		require.NoError(t, err)
		docs = append(docs, d)
	}
	return docs
}

// translate gives what becomes of the files for a target, and what is found: the
// form of an archive.
func (p program) translate(t testing.TB, m *rules.Migration, set *sdk.Set) []txtar.File {
	t.Helper()
	engine := project.New(m, set, rewrite.Options{Settings: p.options})
	var out []txtar.File
	var found strings.Builder
	for _, r := range engine.Translate(run.Project{Documents: p.documents(t)}) {
		after, err := r.Doc.Apply(r.Edits)
		require.NoError(t, err)
		if string(after) != string(r.Doc.Raw()) {
			out = append(out, txtar.File{Name: m.Target + "/" + r.Doc.Path, Data: after})
		}
		at := func(cell, line, column int) string {
			if cell > 0 {
				return fmt.Sprintf("%s:%d:%d:%d", r.Doc.Path, cell, line, column)
			}
			return fmt.Sprintf("%s:%d:%d", r.Doc.Path, line, column)
		}
		if r.Err != nil {
			fmt.Fprintf(&found, "%s: %v\n", r.Doc.Path, r.Err)
		}
		for _, f := range r.Findings {
			fmt.Fprintf(&found, "%s %s %s %s: %s\n", at(f.Cell, f.Line, f.Column), f.Verdict, f.Code, f.Symbol, f.Message)
		}
		for _, w := range r.Warnings {
			fmt.Fprintf(&found, "%s warning: %s\n", at(w.Cell, w.Line, w.Column), w.Message)
		}
		for _, h := range r.Hints {
			fmt.Fprintf(&found, "%s hint: %s\n", at(h.Cell, h.Line, h.Column), h.Message)
		}
	}
	return append(out, txtar.File{Name: "findings of " + m.Target, Data: []byte(found.String())})
}

// wanted are the files of the archive that are about a target.
func (p program) wanted(target string) []txtar.File {
	var out []txtar.File
	for _, f := range p.archive.Files {
		if strings.HasPrefix(f.Name, target+"/") || f.Name == "findings of "+target {
			out = append(out, f)
		}
	}
	return out
}

// Programs of the invented SDKs become what their archives say, for every target,
// and keep all promises.
func TestPrograms(t *testing.T) {
	set := tables(t)
	byTarget := map[string]*rules.Migration{}
	for _, target := range targets {
		byTarget[target] = migration(t, target)
	}
	for _, p := range programs(t) {
		t.Run(p.name(), func(t *testing.T) {
			out := &txtar.Archive{Comment: p.archive.Comment}
			for _, f := range p.files {
				out.Files = append(out.Files, txtar.File{Name: "before/" + f.Name, Data: f.Data})
			}
			for _, target := range targets {
				m := byTarget[target]
				got := p.translate(t, m, set)
				out.Files = append(out.Files, got...)
				if !*golden.Update {
					assert.Equal(t, formatted(p.wanted(target)), formatted(got), target)
				}
				p.promises(t, m, set)
			}
			if *golden.Update && !t.Failed() {
				require.NoError(t, os.WriteFile(p.path, txtar.Format(out), 0o666))
			}
		})
	}
}

func formatted(files []txtar.File) string { return string(txtar.Format(&txtar.Archive{Files: files})) }

// promises holds the programs among the files to what is promised of every
// translation.
func (p program) promises(t *testing.T, m *rules.Migration, set *sdk.Set) {
	t.Helper()
	var files []checktest.File
	for _, f := range p.files {
		if kind, ok := document.KindOf(f.Name); ok && kind != document.Dependencies {
			files = append(files, checktest.File{Path: f.Name, Text: f.Data})
		}
	}
	checktest.Run(t, checktest.Harness{Migration: m, Tables: set, Options: rewrite.Options{Settings: p.options}, Words: []string{}}, files...)
}
