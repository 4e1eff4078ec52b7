package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Markdown prints the report as a comment on a pull request: the summary, what
// is left for a person, and, folded away, the counts by code.
func Markdown(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "## %s to %s\n\n%s.\n", markdownText(r.Source), markdownText(r.To), markdownText(r.Summary()))
	c := r.Count()
	if c.Failed > 0 {
		fmt.Fprint(out, "\n### Failed\n\n")
		for _, f := range r.Files {
			if f.Err != nil {
				fmt.Fprintf(out, "- %s\n", markdownText(f.Err.Error()))
			}
		}
	}
	for _, part := range []struct {
		verdict Verdict
		title   string
	}{{Manual, "By hand"}, {Review, "To review"}} {
		if c.Of(part.verdict) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n### %s\n\n| Place | Code | Why |\n|---|---|---|\n", part.title)
		for i := range r.Files {
			f := &r.Files[i]
			for _, x := range f.Findings {
				if x.Verdict == part.verdict {
					fmt.Fprintf(out, "| %s | %s | %s |\n", markdownText(f.Place(x)), markdownText(x.Code), markdownText(x.Message))
				}
			}
		}
	}
	if c.Warnings > 0 {
		fmt.Fprint(out, "\n### Warnings\n\n")
		for i := range r.Files {
			f := &r.Files[i]
			for _, x := range f.Warnings {
				fmt.Fprintf(out, "- %s: %s\n", markdownText(f.place(x.Cell, x.Line, x.Column)), markdownText(x.Message))
			}
		}
	}
	if rows := r.byCode(); len(rows) > 0 {
		fmt.Fprint(out, "\n<details><summary>By code</summary>\n\n| Code |")
		for _, v := range Verdicts {
			fmt.Fprintf(out, " %s |", v.phrase())
		}
		fmt.Fprint(out, "\n|---|--:|--:|--:|\n")
		for _, row := range rows {
			fmt.Fprintf(out, "| %s |", markdownText(row.Code))
			for _, v := range Verdicts {
				fmt.Fprintf(out, " %d |", row.Uses[v])
			}
			fmt.Fprintln(out)
		}
		fmt.Fprint(out, "\n</details>\n")
	}
	return out.Flush()
}

// markdownEscapes keep text from being anything but text: no tag, no table
// cell, no link, and no mention of a person or an issue on a forge.
var markdownEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "@", "&#64;", "#", "&#35;",
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "~", `\~`, "!", `\!`,
)

func markdownText(text string) string { return markdownEscapes.Replace(visibleLine(text)) }
