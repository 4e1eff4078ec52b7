package batchai_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/batchai"
)

// The form may be older than the files, which make docs mends, but what is read
// of it is what the files say, but for the places.
func TestCompiled(t *testing.T) {
	sources := os.DirFS(".")
	form, err := rules.Compile(sources, ".")
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile("compiled.txt", form, 0o666))
	}
	load := func(opts ...rules.Option) *rules.Pack {
		pack, err := rules.Load(sources, ".", nil, batchai.Funcs, batchai.Derive, append(opts, rules.Brief())...)
		require.NoError(t, err)
		return stripped(pack)
	}
	written, err := os.ReadFile("compiled.txt")
	require.NoError(t, err)
	want := load()
	require.Equal(t, want, load(rules.Compiled(string(written))))
	require.Equal(t, want, load(rules.Compiled(string(form))))
}

// stripped takes the places of rules out of a pack, and functions, which are
// never equal.
func stripped(pack *rules.Pack) *rules.Pack {
	pack.Funcs, pack.Derive = nil, nil
	for _, r := range pack.Rules {
		r.Line = 0
	}
	return pack
}
