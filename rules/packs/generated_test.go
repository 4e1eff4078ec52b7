package packs_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/packs"
	"pyxlate/rules/reference"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check/golden"
)

// TestMain loads the packs: no other test says anything of rules with faults, so
// these are told once and alone.
func TestMain(m *testing.M) {
	tables, err := sdk.Load()
	if err != nil {
		panic(err)
	}
	for _, f := range packs.BuiltIn.Folders {
		_, err := f.LoadAll(tables)
		if err == nil {
			continue
		}
		id := "?"
		if head, err := f.Head(); err == nil {
			id = head.ID
		}
		fmt.Printf("The rules of pack %s have faults:\n%v\n", id, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// onDisk gives the packs as their files are now: those that the tests were built
// with may be older than what TestExamples, which comes before, has just written.
func onDisk(t *testing.T) []rules.Folder {
	var all []rules.Folder
	for _, f := range packs.BuiltIn.Folders {
		head, err := f.Head()
		require.NoError(t, err)
		f.FS, f.Root, f.Compiled = os.DirFS(folder(head)), ".", ""
		all = append(all, f)
	}
	return all
}

// What is made of the rule files is what they say: the form in which a run reads
// each pack, and docs/rules.md.
func TestGenerated(t *testing.T) {
	var all []*rules.Pack
	for _, f := range onDisk(t) {
		p, err := f.LoadAll(nil)
		require.NoError(t, err)
		all = append(all, p)
		form, err := rules.Compile(f.FS, f.Root)
		require.NoError(t, err)
		golden.File(t, filepath.Join(folder(p), "compiled.txt"), form)
	}
	var page bytes.Buffer
	require.NoError(t, reference.Markdown(&page, all, reference.Entries(all, "")))
	golden.File(t, "../../docs/rules.md", page.Bytes())
}

// A run reads in the form what the files say, but for the places.
func TestCompiledFormSaysTheSame(t *testing.T) {
	for _, f := range onDisk(t) {
		want, err := f.Load()
		require.NoError(t, err)
		form, err := rules.Compile(f.FS, f.Root)
		require.NoError(t, err)
		f.Compiled = string(form)
		got, err := f.Load()
		require.NoError(t, err)
		for _, r := range got.Rules {
			require.Zero(t, r.Line, "%s of %s is read from the YAML", r.ID, r.File)
		}
		for _, p := range []*rules.Pack{want, got} {
			p.Funcs, p.Derive = nil, nil // functions are never equal
			for _, r := range p.Rules {
				r.Line = 0
			}
		}
		require.Equal(t, want, got)
	}
}
