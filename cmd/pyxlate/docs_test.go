package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The worked example of docs/writing-rules.md works.
func TestWorkedExample(t *testing.T) {
	text, err := os.ReadFile("../../docs/writing-rules.md")
	require.NoError(t, err)
	dir := t.TempDir()
	for file, block := range map[string]string{
		"contoso_ml.pyi": "```python\nfrom azure.mgmt.batchai import BatchAIManagementClient\nfrom",
		"clusters.yaml":  "```yaml\n- id: CML1",
	} {
		_, rest, found := bytes.Cut(text, []byte(block))
		require.True(t, found, file)
		_, start, _ := strings.Cut(block, "\n")
		body, _, _ := bytes.Cut(rest, []byte("```\n"))
		require.NoError(t, os.WriteFile(filepath.Join(dir, file), append([]byte(start), body...), 0o666))
	}
	var out strings.Builder
	failed, err := builtIn.test(&out, dir, "")
	require.NoError(t, err)
	require.Zero(t, failed, out.String())
	require.Equal(t, "1 of 1 examples passed\n", out.String())
}
