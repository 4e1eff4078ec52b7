package project

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/translator/document"
	"pyxlate/translator/report"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/run"
)

const twoClusters = `from azure.mgmt.batchai import BatchAIManagementClient

client = BatchAIManagementClient(credentials, 'sub')
a = client.clusters.get('rg', 'ws', 'a')
b = client.clusters.get('rg', 'ws', 'b')
`

func leave(t *testing.T, text string, opt rewrite.Options) (after string, r run.Result, rep *report.Report) {
	t.Helper()
	m, tables := migration(t)
	d := open(t, "a.py", text)
	r = New(m, tables, opt).Translate(run.Project{Documents: []*document.Document{d}})[0]
	require.NoError(t, r.Err)
	out, err := d.Apply(r.Edits)
	require.NoError(t, err)
	return string(out), r, &report.Report{Source: "Batch AI", Scanned: 1,
		Files: []report.File{{Path: "a.py", Findings: r.Findings, Warnings: r.Warnings, Ignored: r.Ignored}}}
}

// A statement under a wish stays as it is, without a mark; the others are
// translated.
func TestIgnoreComment(t *testing.T) {
	line := "a = client.clusters.get('rg', 'ws', 'a')"
	after, r, rep := leave(t, strings.Replace(twoClusters, line, line+"  # pyxlate: ignore", 1), rewrite.Options{})
	assert.Contains(t, after, "\n"+line+"  # pyxlate: ignore\n")
	assert.Contains(t, after, "b = ComputeTarget(")
	assert.NotContains(t, after, "TODO(pyxlate BAI220)")
	assert.Positive(t, r.Ignored)
	assert.Contains(t, rep.Summary(), "ignored")
	require.Len(t, r.Warnings, 1)
	assert.Contains(t, r.Warnings[0].Message, "`client`, which it reads, changes")
	assert.Equal(t, 4, r.Warnings[0].Line)

	again, _, _ := leave(t, after, rewrite.Options{})
	assert.Equal(t, after, again)
}

// All uses of a file left alone: nothing changes, its imports included.
func TestIgnoreEveryStatement(t *testing.T) {
	text := strings.ReplaceAll(twoClusters, ")\n", ")  # pyxlate: ignore\n")
	after, r, _ := leave(t, text, rewrite.Options{})
	assert.Equal(t, text, after)
	assert.Empty(t, r.Findings)
}

func TestIgnoreByCode(t *testing.T) {
	line := "a = client.clusters.get('rg', 'ws', 'a')"
	after, r, _ := leave(t, strings.Replace(twoClusters, line, line+"  # pyxlate: ignore[BAI999]", 1), rewrite.Options{})
	assert.Contains(t, after, "a = ComputeTarget(")
	require.Len(t, r.Warnings, 1)
	assert.Equal(t, "nothing here has the code BAI999; remove this `# pyxlate: ignore`", r.Warnings[0].Message)
	assert.Equal(t, 4, r.Warnings[0].Line)
	assert.Equal(t, 43, r.Warnings[0].Column)

	plain, first, _ := leave(t, twoClusters, rewrite.Options{})
	code := ""
	for _, f := range first.Findings {
		if f.Line == 4 && code == "" {
			code = f.Code
		}
	}
	assert.NotEmpty(t, code)
	after, r, _ = leave(t, strings.Replace(twoClusters, line, line+"  # pyxlate: ignore["+code+"]", 1), rewrite.Options{})
	assert.Contains(t, after, line)
	assert.Positive(t, r.Ignored)

	// The settings say the same for all files.
	after, r, _ = leave(t, twoClusters, rewrite.Options{Leave: func(c string) bool { return c == code }})
	assert.Contains(t, after, line)
	assert.NotEqual(t, plain, after)
	assert.Positive(t, r.Ignored)
}

// A comment that is of no use is reported in files without any use as well.
func TestUnusedIgnore(t *testing.T) {
	_, r, _ := leave(t, "x = 1  # pyxlate: ignore\n", rewrite.Options{})
	require.Len(t, r.Warnings, 1)
	assert.Contains(t, r.Warnings[0].Message, "there is nothing here to leave alone")
	m, tables := migration(t)
	var words []string
	for _, w := range New(m, tables, rewrite.Options{}).Triggers() {
		words = append(words, string(w))
	}
	assert.Contains(t, words, "pyxlate:")
}

// A line of the shell, and a whole cell.
func TestIgnoreInNotebooks(t *testing.T) {
	m, tables := migration(t)
	d := open(t, "n.ipynb", `{"cells": [
 {"cell_type": "code", "source": "!az batchai cluster list  # pyxlate: ignore\n!az batchai workspace list"},
 {"cell_type": "code", "source": "# pyxlate: ignore\nfrom azure.mgmt.batchai import BatchAIManagementClient\nclient = BatchAIManagementClient(cred, 's')\nclient.clusters.get('g', 'w', 'c')"}]}`)
	r := New(m, tables, rewrite.Options{}).Translate(run.Project{Documents: []*document.Document{d}})[0]
	require.Empty(t, r.Warnings)
	require.Len(t, r.Edits, 1)
	assert.Equal(t, 0, r.Edits[0].Unit)
	assert.Equal(t, strings.Index(string(d.Units[0].Source), "!az batchai workspace"), r.Edits[0].Start)
}
