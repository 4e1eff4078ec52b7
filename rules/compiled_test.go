package rules_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/batchai"
)

func TestDamagedFormIsNotRead(t *testing.T) {
	sources := os.DirFS("batchai")
	form, err := rules.Compile(sources, ".")
	require.NoError(t, err)
	load := func(form string) int {
		pack, err := rules.Load(sources, ".", nil, batchai.Funcs, batchai.Derive, rules.Brief(), rules.Compiled(form))
		require.NoError(t, err)
		return len(pack.Rules)
	}
	want := load("")
	lines := strings.SplitAfter(string(form), "\n")
	for _, damaged := range []string{
		strings.Join(lines[:len(lines)/2], ""),
		"<<<<<<< HEAD\n" + string(form),
		strings.Join(lines[:40], "") + "<<<<<<< HEAD\n" + strings.Join(lines[40:], ""),
		strings.Replace(string(form), "\"\n", "\n", 1),
	} {
		require.Equal(t, want, load(damaged))
	}
}

func TestChangedFilesAreReadFromTheirYAML(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("batchai")))
	form, err := rules.Compile(os.DirFS(dir), ".")
	require.NoError(t, err)
	notes, err := os.ReadFile(dir + "/notes.yaml")
	require.NoError(t, err)
	notes = append(notes, "\nBAI999:\n  verdict: review\n  text: A note that is new.\n"...)
	require.NoError(t, os.WriteFile(dir+"/notes.yaml", notes, 0o666))
	pack, err := rules.Load(os.DirFS(dir), ".", nil, batchai.Funcs, batchai.Derive, rules.Brief(), rules.Compiled(string(form)))
	require.NoError(t, err)
	require.Equal(t, "A note that is new.", pack.Notes["BAI999"].Text)
}
