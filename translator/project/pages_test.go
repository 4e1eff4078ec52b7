package project

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/translator/document"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/run"
)

// A fence in a Markdown cell is translated as a page for itself: the name in
// it has nothing to do with that of the code cells.
func TestFencesInMarkdownCells(t *testing.T) {
	page := "Like this:\n\n```python\nfrom azure.mgmt.batchai import BatchAIManagementClient\nclient = BatchAIManagementClient(credentials, 'sub')\nprint(client.clusters.get('g', 'w', 'c').name)\n```\n"
	source, err := json.Marshal(page)
	require.NoError(t, err)
	text := `{"cells": [{"cell_type": "markdown", "source": ` + string(source) + `}, {"cell_type": "code", "source": "client = 1"}]}`
	m, tables := migration(t)
	translate := func(text string) (string, run.Result) {
		d := open(t, "n.ipynb", text)
		r := New(m, tables, rewrite.Options{}).Translate(run.Project{Documents: []*document.Document{d}})[0]
		require.NoError(t, r.Err)
		out, err := d.Apply(r.Edits)
		require.NoError(t, err)
		return string(out), r
	}
	after, r := translate(text)
	assert.Contains(t, after, `\nfrom azureml.core import Workspace\n`)
	assert.Contains(t, after, `"source": "client = 1"`)
	assert.NotContains(t, after, "batchai")
	require.NotEmpty(t, r.Findings)
	assert.Equal(t, 1, r.Findings[0].Cell)
	assert.Equal(t, 4, r.Findings[0].Line)
	again, r := translate(after)
	assert.Equal(t, after, again)
	assert.Empty(t, r.Findings)
}
