package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"pyxlate/translator/document"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// HTML prints the report as one page that needs nothing else: the counts, and
// file by file and cell by cell the old and the new text side by side, each
// change with its verdicts.
func HTML(w io.Writer, r *Report) error {
	p := htmlPage{Report: r, Summary: Visible(r.Summary())}
	c := r.Count()
	for _, v := range Verdicts {
		p.Counts = append(p.Counts, htmlCount{v, v.phrase(), c.Of(v)})
	}
	for i := range r.Files {
		p.Files = append(p.Files, htmlFileOf(&r.Files[i]))
	}
	return pageTemplate.Execute(w, p)
}

type (
	htmlPage struct {
		*Report
		Summary string
		Counts  []htmlCount
		Files   []htmlFile
	}
	htmlCount struct {
		Verdict Verdict
		Phrase  string
		Uses    int
	}
	htmlFile struct {
		Path, Kind, Err string
		Parts           []htmlPart
	}
	// htmlPart is a cell of a notebook, or all of another file.
	htmlPart struct {
		Title  string // "cell 3", or empty
		Blocks []htmlBlock
	}
	// htmlBlock is a run of changed lines with the findings on them; or the
	// findings where nothing changes, and no rows.
	htmlBlock struct {
		Rows     []htmlRow
		Findings []htmlFinding
	}
	htmlRow struct {
		Class       string // same, changed
		Left, Right htmlLine
	}
	htmlLine struct {
		Side   string // left, right
		Number int    // 0 where the side has no line
		Text   string
	}
	htmlFinding struct {
		Code, Phrase, Symbol, Message, Place string
		Verdict                              Verdict
	}
)

func htmlFileOf(f *File) htmlFile {
	out := htmlFile{Path: Visible(f.Path), Kind: f.Kind.String()}
	if f.Err != nil {
		out.Err = Visible(f.Err.Error())
	}
	changed := map[int]change{}
	var cells []int
	for _, c := range changes(f, true) {
		changed[c.cell] = c
		cells = append(cells, c.cell)
	}
	findings := map[int][]Finding{}
	for _, x := range f.Findings {
		cell := 0
		if f.Kind == document.Notebook {
			cell = x.Cell
		}
		if _, seen := changed[cell]; !seen && len(findings[cell]) == 0 {
			cells = append(cells, cell)
		}
		findings[cell] = append(findings[cell], x)
	}
	for _, cell := range cells {
		part := htmlPart{Blocks: blocks(changed[cell], findings[cell])}
		if cell > 0 {
			part.Title = fmt.Sprintf("cell %d", cell)
		}
		out.Parts = append(out.Parts, part)
	}
	return out
}

// blocks divides a change into its hunks and gives each finding to the hunk
// that it is on.
func blocks(c change, findings []Finding) []htmlBlock {
	var all []htmlBlock
	left := findings
	diff, err := udiff.ToUnifiedDiff("", "", c.before, lineEdits(c.before, c.after), udiff.DefaultContextLines)
	if err != nil {
		diff.Hunks = nil // cannot be: the edits are the library's own
	}
	for _, h := range diff.Hunks {
		rows, end := rows(h)
		b := htmlBlock{Rows: rows}
		var others []Finding
		for _, x := range left {
			if x.Line >= h.FromLine && x.Line < end {
				b.Findings = append(b.Findings, htmlFindingOf(x))
			} else {
				others = append(others, x)
			}
		}
		left = others
		all = append(all, b)
	}
	if len(left) > 0 {
		var b htmlBlock
		for _, x := range left {
			b.Findings = append(b.Findings, htmlFindingOf(x))
		}
		all = append(all, b)
	}
	return all
}

func htmlFindingOf(x Finding) htmlFinding {
	return htmlFinding{
		Code: Visible(x.Code), Verdict: x.Verdict, Phrase: x.Verdict.phrase(), Symbol: Visible(x.Symbol), Message: Visible(x.Message),
		Place: fmt.Sprintf("line %d", x.Line),
	}
}

// rows puts the lines of a hunk side by side; end is the old line after it.
func rows(h *udiff.Hunk) (all []htmlRow, end int) {
	left, right := h.FromLine, h.ToLine
	open := 0 // rows at the end of all that have no right side yet
	for _, line := range h.Lines {
		text := Visible(strings.TrimRight(line.Content, "\r\n"))
		switch line.Kind {
		case udiff.Equal:
			all = append(all, htmlRow{"same", htmlLine{"left", left, text}, htmlLine{"right", right, text}})
			left, right, open = left+1, right+1, 0
		case udiff.Delete:
			all = append(all, htmlRow{Class: "changed", Left: htmlLine{"left", left, text}})
			left, open = left+1, open+1
		case udiff.Insert:
			if open > 0 {
				all[len(all)-open].Right = htmlLine{"right", right, text}
				open--
			} else {
				all = append(all, htmlRow{Class: "changed", Right: htmlLine{"right", right, text}})
			}
			right++
		}
	}
	return all, left
}
