package report

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"pyxlate/translator/document"
)

// GitHub prints the findings as annotations of a GitHub workflow
// (docs.github.com, "Workflow commands for GitHub Actions").
func GitHub(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	for i := range r.Files {
		f := &r.Files[i]
		file := workflowProperty(filepath.ToSlash(f.Path))
		if f.Err != nil {
			fmt.Fprintf(out, "::error file=%s,title=pyxlate::%s\n", file, workflowText(f.Err.Error()))
		}
		for _, x := range f.Warnings {
			fmt.Fprintf(out, "::warning file=%s,title=pyxlate::%s\n", file, workflowText(f.place(x.Cell, x.Line, x.Column)+": "+x.Message))
		}
		for _, x := range f.Findings {
			level := map[Verdict]string{Migrated: "notice", Review: "warning"}[x.Verdict]
			if level == "" {
				level = "error"
			}
			fmt.Fprintf(out, "::%s file=%s,title=%s", level, file, workflowProperty(x.Code+" "+x.Verdict.Phrase()))
			message := x.Message
			if f.Kind == document.Notebook {
				// A line of a cell is no line of the file.
				message = fmt.Sprintf("cell %d, line %d: %s", x.Cell, x.Line, message)
			} else {
				fmt.Fprintf(out, ",line=%d,endLine=%d", x.Line, x.EndLine)
				if x.Line == x.EndLine { // otherwise columns are not allowed
					fmt.Fprintf(out, ",col=%d,endColumn=%d", x.Column, x.EndColumn)
				}
			}
			fmt.Fprintf(out, "::%s\n", workflowText(message))
		}
	}
	return out.Flush()
}

var (
	workflowEscapes         = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	workflowPropertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func workflowText(text string) string     { return workflowEscapes.Replace(Visible(text)) }
func workflowProperty(text string) string { return workflowPropertyEscapes.Replace(Visible(text)) }
