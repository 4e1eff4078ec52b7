package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/translator/document"
	"pyxlate/translator/report"
)

// What is printed piece by piece is what the whole would be.
func TestJSONInPieces(t *testing.T) {
	for n := range 4 {
		r := sample(t)
		r.Files = r.Files[:n]
		for _, kind := range []string{"json", "sarif"} {
			got := printed(t, func(w io.Writer) error { return report.Formats[kind](w, r) })
			var want bytes.Buffer
			require.NoError(t, json.Indent(&want, []byte(got), "", "  "))
			require.Equal(t, want.String(), got)
		}
	}
}

func TestMarkdown(t *testing.T) {
	got := printed(t, func(w io.Writer) error { return report.Markdown(w, sample(t)) })
	require.Equal(t, `## Toy &amp; Sons to new

3 uses of Toy &amp; Sons: 1 migrated, 1 to review, 1 by hand; 1 file failed.

### Failed

- z.md:1:2: byte 0xff is not UTF-8

### By hand

| Place | Code | Why |
|---|---|---|
| a.py:2:1 | T2 | no &lt;b&gt;equal&lt;/b&gt; \\x1b\[31m&#124;\`+"`x\\`"+` |

### To review

| Place | Code | Why |
|---|---|---|
| d/n.ipynb:cell 2:line 1 | T1 | differs |

<details><summary>By code</summary>

| Code | migrated | to review | by hand |
|---|--:|--:|--:|
| T1 | 1 | 1 | 0 |
| T2 | 0 | 0 | 1 |

</details>
`, got)
}

func TestMarkdownMentionsNobody(t *testing.T) {
	r := &report.Report{Files: []report.File{{Path: "@team/#1_x.py", Err: errors.New("@team/#1_x.py: ~bad~")}}}
	got := printed(t, func(w io.Writer) error { return report.Markdown(w, r) })
	require.Contains(t, got, `- &#64;team/&#35;1\_x.py: \~bad\~`)
}

// GitHub refuses a comment of more than 65,536 characters.
func TestMarkdownFitsIntoAComment(t *testing.T) {
	r := sample(t)
	for i := range 3000 {
		v := []report.Verdict{report.Migrated, report.Review, report.Manual}[i%3]
		r.Files[0].Findings = append(r.Files[0].Findings, report.Finding{Code: "T3", Verdict: v, Line: i, Column: 1, Message: fmt.Sprintf("é reason %d", i)})
		r.Files[0].Warnings = append(r.Files[0].Warnings, report.Warning{Line: i, Message: "beware"})
	}
	got := printed(t, func(w io.Writer) error { return report.Markdown(w, r) })
	require.LessOrEqual(t, len(got), 65536)
	require.Greater(t, len(got), 65000, "as much as fits")
	require.Contains(t, got, "| T3 | 1000 | 1000 | 1000 |")

	rows := func(part string) int {
		_, rest, _ := strings.Cut(got, part)
		text, _, _ := strings.Cut(rest, "\n#")
		shown := strings.Count(text, "\n| a.py:") + strings.Count(text, "\n| d/n.ipynb:") + strings.Count(text, "\n- a.py:")
		more := regexp.MustCompile(`(\d+) \w+ more left out`).FindStringSubmatch(text)
		if more == nil {
			return shown
		}
		n, err := strconv.Atoi(more[1])
		require.NoError(t, err)
		return shown + n
	}
	require.Equal(t, 1001, rows("### By hand"), "each use is there or counted")
	require.Equal(t, 1001, rows("### To review"))
	require.Equal(t, 3000, rows("### Warnings"))
	require.Contains(t, got, "é reason 2999 |", "what is by hand comes before what is to review")
}

func TestMarkdownGathersNeighboursThatSayTheSame(t *testing.T) {
	x := report.Finding{Code: "T1", Verdict: report.Review, Line: 1, Column: 1, Message: "same"}
	y := x
	y.Line = 2
	r := &report.Report{Files: []report.File{{Path: "a.py", Findings: []report.Finding{x, y}}}}
	got := printed(t, func(w io.Writer) error { return report.Markdown(w, r) })
	require.Contains(t, got, "| a.py:1:1 and 1 more | T1 | same |\n")
	require.Equal(t, 1, strings.Count(got, "same"))
}

func TestGitHub(t *testing.T) {
	r := sample(t)
	r.Files[0].Path = "a,b:c.py"
	got := printed(t, func(w io.Writer) error { return report.GitHub(w, r) })
	require.Equal(t, strings.Join([]string{
		"::notice file=a%2Cb%3Ac.py,title=T1 migrated,line=1,endLine=1,col=8,endColumn=11::is new",
		"::error file=a%2Cb%3Ac.py,title=T2 by hand,line=2,endLine=2,col=1,endColumn=9::no%0A<b>equal</b> \\x1b[31m|`x`",
		"::warning file=d/n.ipynb,title=T1 to review::cell 2, line 1: differs",
		"::error file=z.md,title=pyxlate::z.md:1:2: byte 0xff is not UTF-8",
		"",
	}, "\n"), got)
}

func TestSARIF(t *testing.T) {
	r := sample(t)
	r.Files[0].Path = "dir with space/a.py"
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name, Version string
					Rules         []struct{ ID string }
				}
			}
			Invocations []struct {
				ExecutionSuccessful        bool
				ToolExecutionNotifications []struct {
					Message struct{ Text string }
				}
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           *struct{ StartLine, StartColumn, EndLine, EndColumn int }
					}
					LogicalLocations []struct{ Name string }
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(printed(t, func(w io.Writer) error { return report.SARIF(w, r) })), &log))
	require.Equal(t, "2.1.0", log.Version)
	run := log.Runs[0]
	require.Equal(t, "pyxlate", run.Tool.Driver.Name)
	require.Len(t, run.Results, 3)
	for _, x := range run.Results {
		require.Equal(t, x.RuleID, run.Tool.Driver.Rules[x.RuleIndex].ID)
	}
	script, notebook := run.Results[1], run.Results[2]
	require.Equal(t, "error", script.Level)
	require.Equal(t, "dir%20with%20space/a.py", script.Locations[0].PhysicalLocation.ArtifactLocation.URI)
	require.Equal(t, 2, script.Locations[0].PhysicalLocation.Region.StartLine)
	require.Nil(t, notebook.Locations[0].PhysicalLocation.Region, "a line of a cell is no line of the file")
	require.Equal(t, "cell 2", notebook.Locations[0].LogicalLocations[0].Name)
	require.Equal(t, "cell 2, line 1: differs", notebook.Message.Text)
	require.False(t, run.Invocations[0].ExecutionSuccessful)
	require.Contains(t, run.Invocations[0].ToolExecutionNotifications[0].Message.Text, "not UTF-8")
}

func TestEveryFormatPrintsEveryKindOfFile(t *testing.T) {
	for name, print := range report.Formats {
		r := sample(t)
		r.Files = append(r.Files, report.File{Path: "empty.md", Kind: document.Markdown})
		got := printed(t, func(w io.Writer) error { return print(w, r) })
		for _, want := range []string{"a.py", "n.ipynb", "z.md", "T1", "T2"} {
			require.Contains(t, got, want, name)
		}
	}
}
