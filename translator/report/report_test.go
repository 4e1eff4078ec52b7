package report_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/translator/document"
	"pyxlate/translator/edit"
	"pyxlate/translator/report"
)

// changed opens a file and makes the edits.
func changed(t *testing.T, path, raw string, findings []report.Finding, edits ...edit.Edit) report.File {
	t.Helper()
	before, err := document.Open(path, []byte(raw))
	require.NoError(t, err)
	text, err := before.Apply(edits)
	require.NoError(t, err)
	after, err := document.Open(path, text)
	require.NoError(t, err)
	return report.File{Path: path, Kind: before.Kind, Changed: true, Findings: findings, Before: before, After: after}
}

// sample is a report with one file of each sort.
func sample(t *testing.T) *report.Report {
	return &report.Report{
		Tool: "1.2.3", Packs: []string{"toy", "doll"}, Source: "Toy & Sons", To: "new", Scanned: 9,
		Files: []report.File{
			changed(t, "a.py", "import old\nold.f(1)\n", []report.Finding{
				{Code: "T1", Verdict: report.Migrated, Symbol: "old", File: "a.py", Line: 1, Column: 8, EndLine: 1, EndColumn: 11, Message: "is new", Edited: true},
				{Code: "T2", Verdict: report.Manual, Symbol: "old.f", File: "a.py", Line: 2, Column: 1, EndLine: 2, EndColumn: 9, Message: "no\n<b>equal</b> \x1b[31m|`x`"},
			}, edit.Edit{Start: 7, End: 10, New: "new"}),
			changed(t, "d/n.ipynb", `{"cells":[{"cell_type":"markdown","source":""},{"cell_type":"code","source":["old()\n","x"]}]}`, []report.Finding{
				{Code: "T1", Verdict: report.Review, Symbol: "old", File: "d/n.ipynb", Cell: 2, Line: 1, Column: 1, EndLine: 1, EndColumn: 6, Message: "differs", Edited: true},
			}, edit.Edit{Start: 0, End: 3, New: "new"}),
			{Path: "z.md", Kind: document.Markdown, Err: errors.New("z.md:1:2: byte 0xff is not UTF-8")},
		},
	}
}

func printed(t *testing.T, print func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, print(&b))
	return b.String()
}

func TestJSON(t *testing.T) {
	got := printed(t, func(w io.Writer) error { return report.JSON(w, sample(t)) })
	require.Equal(t, `{
  "version": 2,
  "pyxlate": "1.2.3",
  "to": "new",
  "packs": [
    "toy",
    "doll"
  ],
  "summary": {
    "files": 9,
    "changed": 2,
    "failed": 1,
    "uses": 3,
    "migrated": 1,
    "review": 1,
    "manual": 1
  },
  "files": [
    {
      "path": "a.py",
      "kind": "script",
      "changed": true,
      "error": null,
      "uses": [
        {
          "code": "T1",
          "verdict": "migrated",
          "symbol": "old",
          "line": 1,
          "column": 8,
          "end_line": 1,
          "end_column": 11,
          "message": "is new"
        },
        {
          "code": "T2",
          "verdict": "manual",
          "symbol": "old.f",
          "line": 2,
          "column": 1,
          "end_line": 2,
          "end_column": 9,
          "message": "no\n<b>equal</b> \u001b[31m|`+"`x`"+`"
        }
      ]
    },
    {
      "path": "d/n.ipynb",
      "kind": "notebook",
      "changed": true,
      "error": null,
      "uses": [
        {
          "code": "T1",
          "verdict": "review",
          "symbol": "old",
          "cell": 2,
          "line": 1,
          "column": 1,
          "end_line": 1,
          "end_column": 6,
          "message": "differs"
        }
      ]
    },
    {
      "path": "z.md",
      "kind": "markdown",
      "changed": false,
      "error": "z.md:1:2: byte 0xff is not UTF-8",
      "uses": []
    }
  ]
}
`, got)
}

func TestJSONOfNothing(t *testing.T) {
	got := printed(t, func(w io.Writer) error { return report.JSON(w, &report.Report{}) })
	require.Contains(t, got, `"files": []`, "a list, not null")
}

// On a terminal the findings of a file stand under its name, in lines that fit,
// and the table says what the codes are about.
func TestTextOnATerminal(t *testing.T) {
	r := &report.Report{Source: "Old SDK", About: func(code string) string { return "What " + code + " {NAME} says in a sentence that is long" }, Files: []report.File{{
		Path: "d/n.ipynb", Kind: document.Notebook, Findings: []report.Finding{
			{Code: "T1", Verdict: report.Review, Message: "It is something else now, and that is said in more words than fit a line.", Cell: 2, Line: 3},
			{Code: "T2", Verdict: report.Migrated, Cell: 2, Line: 4},
		}, Warnings: []report.Warning{{Cell: 1, Line: 1, Message: "look"}},
	}}}
	got := printed(t, func(w io.Writer) error { return report.Text(w, r, report.Style{Width: 64}) })
	require.Equal(t, strings.Join([]string{
		"d/n.ipynb",
		"  cell 1:line 1  warning",
		"      look",
		"  cell 2:line 3  T1 to review",
		"      It is something else now, and that is said in more words",
		"      than fit a line.",
		"",
		"  code  migrated  to review  by hand",
		"    T1         ·          1        ·  What T1 … says in a sent…",
		"    T2         1          ·        ·  What T2 … says in a sent…",
		"2 uses of Old SDK: 1 migrated, 1 to review, 0 by hand",
		"",
	}, "\n"), got)
}

func TestText(t *testing.T) {
	got := printed(t, func(w io.Writer) error { return report.Text(w, sample(t), report.Style{}) })
	require.Equal(t, strings.Join([]string{
		"a.py:2:1: T2 by hand: no <b>equal</b> \\x1b[31m|`x`",
		"d/n.ipynb:cell 2:line 1: T1 to review: differs",
		"z.md:1:2: byte 0xff is not UTF-8",
		"  code  migrated  to review  by hand",
		"    T1         1          1        0",
		"    T2         0          0        1",
		"3 uses of Toy & Sons: 1 migrated, 1 to review, 1 by hand; 1 file failed",
		"",
	}, "\n"), got)
}

func TestSummary(t *testing.T) {
	r := report.Report{Source: "Toy", Scanned: 1}
	require.Equal(t, "no use of Toy in 1 file", r.Summary())
	r.Files = []report.File{{Findings: []report.Finding{{Verdict: report.Migrated}}}}
	require.Equal(t, "1 use of Toy: 1 migrated, 0 to review, 0 by hand", r.Summary())
}

func TestDiff(t *testing.T) {
	r := sample(t)
	script := printed(t, func(w io.Writer) error { return report.Diff(w, &r.Files[0], false, false) })
	require.Equal(t, "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n-import old\n+import new\n old.f(1)\n", script)
	notebook := printed(t, func(w io.Writer) error { return report.Diff(w, &r.Files[1], false, false) })
	require.Equal(t, "--- d/n.ipynb:cell 2\n+++ d/n.ipynb:cell 2\n@@ -1,2 +1,2 @@\n-old()\n+new()\n x\n", notebook)
	require.Empty(t, printed(t, func(w io.Writer) error { return report.Diff(w, &r.Files[2], false, false) }))
}

func TestDiffInColour(t *testing.T) {
	r := sample(t)
	got := printed(t, func(w io.Writer) error { return report.Diff(w, &r.Files[0], true, true) })
	require.Contains(t, got, "\x1b[31m-import old\x1b[m\n\x1b[32m+import new\x1b[m\n")
}

func TestDiffIsBytesForPatchAndTextForTerminals(t *testing.T) {
	f := changed(t, "a.py", "# coding: latin-1\r\nx = '\xe9\x1b'\r\ny\r\n", nil, edit.Edit{Start: 30, End: 31, New: "z"})
	patch := printed(t, func(w io.Writer) error { return report.Diff(w, &f, false, false) })
	require.Contains(t, patch, " x = '\xe9\x1b'\r\n-y\r\n+z\r\n")
	shown := printed(t, func(w io.Writer) error { return report.Diff(w, &f, true, false) })
	require.Contains(t, shown, " x = 'é\\x1b'\r\n")
}

func TestVisible(t *testing.T) {
	require.Equal(t, "a\tb\r\nc\\x0d\\x1b[0m\\x9b\\u202eé", report.Visible("a\tb\r\nc\r\x1b[0m\u009b\u202eé"))
}

// At the start of a line a path is a path, also to who looks for commands there.
func TestVisiblePath(t *testing.T) {
	require.Equal(t, `./::error file=a::\nb.py`, report.VisiblePath("::error file=a::\nb.py"))
	require.Equal(t, "./##[group]a.py", report.VisiblePath("##[group]a.py"))
	require.Equal(t, "a::b.py", report.VisiblePath("a::b.py"))
	var out strings.Builder
	report.Findings(&out, &report.File{Path: "::x.py", Err: errors.New("::x.py: cannot open")}, report.Style{})
	require.Equal(t, "./::x.py: cannot open\n", out.String())
}

// replaceAt replaces one byte of a script.
func replaceAt(at int, text string) edit.Edit {
	return edit.Edit{Start: at, End: at + 1, New: text}
}
