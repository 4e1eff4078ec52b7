package document_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/translator/document"
	"pyxlate/translator/edit"
)

const pages = `{"cells": [
  {"cell_type": "markdown", "source": ["# No fence\n"]},
  {"cell_type": "markdown", "source": [
    "Caf\u00e9:\n",
    "` + "```python" + `\n",
    "old()\n",
    "` + "```" + `"
  ]},
  {"cell_type": "code", "source": ["old()"]},
  {"cell_type": "markdown", "source": "~~~\nold()\n~~~\n"},
  {"cell_type": "markdown", "source": 3},
  {"cell_type": "raw", "source": "` + "```" + `"}
]}`

// Markdown cells that hold a fence are pages: edits name them behind the code
// cells, and write them as byte-true as those.
func TestMarkdownCellsArePages(t *testing.T) {
	d, err := document.Open("n.ipynb", []byte(pages))
	require.NoError(t, err)
	require.Len(t, d.Units, 1)
	require.Len(t, d.Pages, 2)
	assert.Equal(t, []int{2, 4}, []int{d.Pages[0].Cell, d.Pages[1].Cell})
	assert.Equal(t, "Café:\n```python\nold()\n```", string(d.Pages[0].Source))
	assert.Same(t, d.Pages[1], d.Unit(2))
	assert.Nil(t, d.Unit(3))

	at := strings.Index(string(d.Pages[0].Source), "old")
	assert.Equal(t, document.Position{Cell: 2, Line: 3, Column: 1}, d.Position(1, at))
	after, err := d.Apply([]edit.Edit{
		{Unit: 0, Start: 0, End: 3, New: "new"},
		{Unit: 1, Start: at, End: at + 3, New: "new"},
		{Unit: 2, Start: 4, End: 7, New: "new"},
	})
	require.NoError(t, err)
	assert.Equal(t, strings.ReplaceAll(pages, "old()", "new()"), string(after))
	_, err = d.Apply([]edit.Edit{{Unit: 3, New: "x"}})
	assert.Error(t, err)
}
