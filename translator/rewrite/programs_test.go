package rewrite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check"
	"pyxlate/translator/check/golden"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

// Programs as their users write them: each archive of testdata/programs holds
// the files of one program as they were (before/...) and as they must become
// (after/...), under a line that says what matters about it. A file that is
// not among the latter must stay as it is. Translating the result again
// changes nothing, comments and line ends stay, and what parsed parses.
func TestPrograms(t *testing.T) {
	tables, err := sdk.Load()
	require.NoError(t, err)
	m, err := packs.SelectAll("azureml", tables)
	require.NoError(t, err)
	paths, err := filepath.Glob("testdata/programs/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	translate := func(t *testing.T, files []txtar.File) []txtar.File {
		var docs []*document.Document
		for _, f := range files {
			doc, err := document.Open(f.Name, f.Data)
			require.NoError(t, err)
			docs = append(docs, doc)
		}
		rs := project.Translate(docs, nil, m, tables, rewrite.Options{})
		require.Len(t, rs, len(files))
		tr := &check.Translation{Migration: m, Tables: tables, Results: rs}
		for _, v := range append(check.All(tr), check.WithNotes(tr)...) {
			if v.Promise <= 4 {
				t.Error(v)
			}
		}
		var out []txtar.File
		for i, r := range rs {
			require.NoError(t, r.Err)
			out = append(out, txtar.File{Name: files[i].Name, Data: r.Output})
		}
		return out
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			require.NoError(t, err)
			var before []txtar.File
			want := map[string]string{}
			for _, f := range a.Files {
				if name, ok := strings.CutPrefix(f.Name, "before/"); ok {
					before = append(before, txtar.File{Name: name, Data: f.Data})
					if _, ok := want[name]; !ok {
						want[name] = string(f.Data)
					}
				} else if name, ok := strings.CutPrefix(f.Name, "after/"); ok {
					want[name] = string(f.Data)
				}
			}
			got := translate(t, before)
			if *golden.Update {
				out := &txtar.Archive{Comment: a.Comment}
				for _, f := range before {
					out.Files = append(out.Files, txtar.File{Name: "before/" + f.Name, Data: f.Data})
				}
				for i, f := range got {
					if string(f.Data) != string(before[i].Data) {
						out.Files = append(out.Files, txtar.File{Name: "after/" + f.Name, Data: f.Data})
					}
				}
				require.NoError(t, os.WriteFile(path, txtar.Format(out), 0o644))
			} else {
				for _, f := range got {
					assert.Equal(t, want[f.Name], string(f.Data), "%s: %s", f.Name, golden.Hint)
				}
			}
			for i, f := range translate(t, got) {
				assert.Equal(t, string(got[i].Data), string(f.Data), "a second run changes %s", f.Name)
			}
		})
	}
}
