package report

import (
	"fmt"
	"io"
	"strings"
)

// markdownLimit is the size in bytes that Markdown keeps to: GitHub refuses a
// comment or a description of more than 65,536 characters.
const markdownLimit = 65536

// Markdown prints the report as a comment on a pull request: the summary, what
// is left for a person, and, folded away, the counts by code. Neighbours that
// say the same stand in one row. What does not fit into a comment is left out,
// the less urgent first, and the report says how much that is.
func Markdown(w io.Writer, r *Report) error {
	parts := []*markdownPart{
		markdownFailed(r), markdownFindings(r, Manual, "By hand"), markdownFindings(r, Review, "To review"),
		markdownPlaces(r, "Warnings", "warning", func(f *File) []Warning { return f.Warnings }),
		markdownPlaces(r, "Hints", "hint", func(f *File) []Warning { return f.Hints }),
		markdownCodes(r),
	}
	head := fmt.Sprintf("## %s to %s\n\n%s.\n", markdownText(r.Source), markdownText(r.To), markdownText(r.Summary()))
	for _, e := range r.Elsewhere {
		head += "\n" + markdownText(e.String()) + ".\n"
	}
	left := markdownLimit - len(head)
	for _, p := range parts {
		left -= p.frame()
	}
	for _, i := range []int{5, 0, 1, 2, 3, 4} { // the counts first: they are small
		left -= parts[i].fit(left)
	}
	var out strings.Builder
	out.WriteString(head)
	for _, p := range parts {
		p.print(&out)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// markdownPart is a list or a table with a title. A part without rows is not
// printed.
type markdownPart struct {
	before, after string
	noun          string
	rows          []markdownRow
	kept          int // rows that are printed
}

type markdownRow struct {
	text string
	uses int // that it stands for
}

// omitted says what is left out.
func (p *markdownPart) omitted() string {
	n := 0
	for _, row := range p.rows[p.kept:] {
		n += row.uses
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("\n**%s more left out:** a comment on a pull request holds no more. The reports html and json have them all.\n", count(n, p.noun))
}

// frame is the size in bytes of what a part takes without any row.
func (p *markdownPart) frame() int {
	if len(p.rows) == 0 {
		return 0
	}
	p.kept = 0
	return len(p.before) + len(p.omitted()) + len(p.after)
}

// fit keeps as many rows as there is room for, and returns their size in bytes.
func (p *markdownPart) fit(room int) int {
	size := 0
	for p.kept < len(p.rows) && size+len(p.rows[p.kept].text) <= room {
		size += len(p.rows[p.kept].text)
		p.kept++
	}
	return size
}

func (p *markdownPart) print(out *strings.Builder) {
	if len(p.rows) == 0 {
		return
	}
	out.WriteString(p.before)
	for _, row := range p.rows[:p.kept] {
		out.WriteString(row.text)
	}
	out.WriteString(p.omitted())
	out.WriteString(p.after)
}

func markdownFailed(r *Report) *markdownPart {
	p := &markdownPart{before: "\n### Failed\n\n", noun: "file"}
	for _, f := range r.Files {
		if f.Err != nil {
			p.rows = append(p.rows, markdownRow{"- " + markdownText(f.Err.Error()) + "\n", 1})
		}
	}
	return p
}

func markdownFindings(r *Report, v Verdict, title string) *markdownPart {
	p := &markdownPart{before: "\n### " + title + "\n\n| Place | Code | Why |\n|---|---|---|\n", noun: "use"}
	for i := range r.Files {
		f := &r.Files[i]
		for _, x := range groups(f.Findings) {
			if x.Verdict != v {
				continue
			}
			place := markdownText(f.Place(x.Finding))
			if x.More > 0 {
				place += fmt.Sprintf(" and %d more", x.More)
			}
			p.rows = append(p.rows, markdownRow{fmt.Sprintf("| %s | %s | %s |\n", place, markdownText(x.Code), markdownText(x.Message)), 1 + x.More})
		}
	}
	return p
}

// markdownPlaces lists the places of one kind, with what they say.
func markdownPlaces(r *Report, title, noun string, of func(*File) []Warning) *markdownPart {
	p := &markdownPart{before: "\n### " + title + "\n\n", noun: noun}
	for i := range r.Files {
		f := &r.Files[i]
		for _, x := range of(f) {
			p.rows = append(p.rows, markdownRow{fmt.Sprintf("- %s: %s\n", markdownText(f.place(x.Cell, x.Line, x.Column)), markdownText(x.Message)), 1})
		}
	}
	return p
}

func markdownCodes(r *Report) *markdownPart {
	p := &markdownPart{before: "\n<details><summary>By code</summary>\n\n| Code |", after: "\n</details>\n", noun: "code"}
	for _, v := range Verdicts {
		p.before += fmt.Sprintf(" %s |", v.Phrase())
	}
	p.before += "\n|---|--:|--:|--:|\n"
	for _, row := range r.byCode() {
		text := fmt.Sprintf("| %s |", markdownText(row.Code))
		for _, v := range Verdicts {
			text += fmt.Sprintf(" %d |", row.Uses[v])
		}
		p.rows = append(p.rows, markdownRow{text + "\n", 1})
	}
	return p
}

// markdownEscapes keep text from being anything but text: no tag, no table
// cell, no link, and no mention of a person or an issue on a forge.
var markdownEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "@", "&#64;", "#", "&#35;",
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "~", `\~`, "!", `\!`,
)

func markdownText(text string) string { return markdownEscapes.Replace(visibleLine(text)) }
