package main

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/rules/batchai"
	"pyxlate/rules/reference"
)

var update = flag.Bool("update", false, "write docs/rules.md anew")

// docs/rules.md is what `make docs` writes.
func TestRulesPageIsCurrent(t *testing.T) {
	const page = "../../docs/rules.md"
	pack, err := batchai.LoadAll(nil)
	require.NoError(t, err)
	var want bytes.Buffer
	require.NoError(t, reference.Markdown(&want, pack, reference.Entries(pack)))
	if *update {
		require.NoError(t, os.WriteFile(page, want.Bytes(), 0o666))
	}
	have, err := os.ReadFile(page)
	require.NoError(t, err)
	if !bytes.Equal(want.Bytes(), have) {
		t.Error("docs/rules.md is not what the rules say: run `make docs`")
	}
}
