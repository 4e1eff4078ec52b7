package report

import (
	"bufio"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aymanbagabas/go-udiff"

	"pyxlate/translator/document"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// HTML prints the report as one page that needs nothing else: the counts,
// filters, and file by file and cell by cell the old and the new text side by
// side, each change followed by its verdicts.
func HTML(w io.Writer, r *Report) error {
	c := r.Count()
	p := htmlPage{Source: Visible(r.Source), To: Visible(r.To), Tool: Visible(r.Tool), Summary: Visible(r.Summary())}
	for _, e := range r.Elsewhere {
		p.Elsewhere = append(p.Elsewhere, Visible(e.String()))
	}
	p.Scale = fmt.Sprintf("%s read, %d changed", count(c.Files, "file"), c.Changed)
	for _, v := range Verdicts {
		p.Verdicts = append(p.Verdicts, v.Phrase())
	}
	p.Kinds = htmlCounts(c.Of)
	if c.Warnings > 0 {
		p.Kinds = append(p.Kinds, htmlCount{"warning", "warnings", c.Warnings})
	}
	if c.Failed > 0 {
		p.Kinds = append(p.Kinds, htmlCount{"failed", "failed", c.Failed})
	}
	for _, row := range r.byCode() {
		about := ""
		if r.About != nil {
			about = clip(Visible(placeholder.ReplaceAllString(r.About(row.Code), "…")), aboutWidth)
		}
		p.Codes = append(p.Codes, htmlCode{Visible(row.Code), about, htmlCounts(func(v Verdict) int { return row.Uses[v] })})
	}
	for i := range r.Files {
		if f := &r.Files[i]; len(f.Hints) > 0 && f.Err == nil && !f.Changed && len(f.Findings)+len(f.Warnings)+f.Ignored == 0 {
			continue // nothing to look at
		}
		p.Files = append(p.Files, htmlFileOf(&r.Files[i]))
	}
	out := bufio.NewWriter(w)
	if err := pageTemplate.Execute(out, p); err != nil {
		return err
	}
	return out.Flush()
}

type (
	htmlPage struct {
		Source, To, Tool string
		Summary, Scale   string
		Elsewhere        []string // sources that the run leaves alone
		Verdicts         []string // the phrases, as heads of columns
		Kinds            []htmlCount
		Codes            []htmlCode
		Files            []htmlFile
	}
	// htmlCount is how many of a kind there are. A kind is a verdict, "warning"
	// or "failed", and the name of a CSS class.
	htmlCount struct {
		Class, Phrase string
		N             int
	}
	htmlCode struct {
		Code   string
		About  string // a sentence
		Counts []htmlCount
	}
	htmlFile struct {
		Path, Kind string
		Name       []string // the path, divided where a line may break
		Counts     []htmlCount
		Failed     []htmlNote
		Parts      iter.Seq[htmlPart] // made when they are printed
	}
	// htmlPart is a cell of a notebook, or all of another file.
	htmlPart struct {
		Title  string // "cell 3", or empty
		Blocks []htmlBlock
	}
	// htmlBlock is a hunk of a diff; or, with Notes and without Runs, what there
	// is to say where nothing changes.
	htmlBlock struct {
		Runs  []htmlRun
		Notes []htmlNote
	}
	// htmlRun is a run of lines that change, or that do not, and what there is
	// to say on them.
	htmlRun struct {
		Changed bool
		Rows    []htmlRow
		Notes   []htmlNote
	}
	htmlRow struct {
		Class       string // l and r for a row with one side only
		Left, Right htmlLine
	}
	// htmlLine is a line of text in three pieces, of which the middle one is
	// what changes, where that can be told.
	htmlLine struct {
		Number           string // from 1; empty where the side has no line
		Head, Mark, Tail string
	}
	// htmlNote is what is said of one or more uses alike.
	htmlNote struct {
		Class, Phrase, Code string
		Message             []htmlPiece
		Uses                []htmlUse
	}
	htmlUse struct {
		Place  string
		Symbol []string // divided where a line may break
	}
	// htmlPiece is a piece of a message; Code was between backquotes.
	htmlPiece struct {
		Code bool
		Text string
	}
	// remark is a finding or a warning.
	remark struct {
		class, phrase, code, symbol, message string
		line                                 int
	}
)

func htmlCounts(of func(Verdict) int) []htmlCount {
	var all []htmlCount
	for _, v := range Verdicts {
		all = append(all, htmlCount{string(v), v.Phrase(), of(v)})
	}
	return all
}

func htmlFileOf(f *File) htmlFile {
	path := Visible(f.Path)
	out := htmlFile{Path: path, Name: strings.SplitAfter(path, "/"), Kind: f.Kind.String()}
	if f.Err != nil {
		out.Failed = htmlNotes([]remark{{class: "failed", phrase: "failed", message: f.Err.Error()}})
	}
	uses := map[Verdict]int{}
	for _, x := range f.Findings {
		uses[x.Verdict]++
	}
	out.Counts = htmlCounts(func(v Verdict) int { return uses[v] })
	out.Parts = func(yield func(htmlPart) bool) { htmlParts(f, yield) }
	return out
}

func htmlParts(f *File, yield func(htmlPart) bool) {
	changed := map[int]change{}
	var cells []int
	for _, c := range changes(f, true) {
		changed[c.cell] = c
		cells = append(cells, c.cell)
	}
	remarks := map[int][]remark{}
	add := func(cell int, x remark) {
		if f.Kind != document.Notebook {
			cell = 0
		}
		if _, seen := changed[cell]; !seen && len(remarks[cell]) == 0 {
			cells = append(cells, cell)
		}
		remarks[cell] = append(remarks[cell], x)
	}
	for _, x := range f.Findings {
		add(x.Cell, remark{string(x.Verdict), x.Verdict.Phrase(), x.Code, x.Symbol, x.Message, x.Line})
	}
	for _, x := range f.Warnings {
		add(x.Cell, remark{class: "warning", phrase: "warning", message: x.Message, line: x.Line})
	}
	slices.Sort(cells)
	for _, cell := range cells {
		part := htmlPart{Blocks: blocks(changed[cell], remarks[cell])}
		if cell > 0 {
			part.Title = fmt.Sprintf("cell %d", cell)
		}
		if !yield(part) {
			return
		}
	}
}

// blocks divides a change into its hunks, and puts each remark below the lines
// that it is on. Those on lines that no hunk shows come last.
func blocks(c change, remarks []remark) []htmlBlock {
	var all []htmlBlock
	diff, err := udiff.ToUnifiedDiff("", "", c.before, lineEdits(c.before, c.after), udiff.DefaultContextLines)
	if err != nil {
		diff.Hunks = nil // cannot be: the edits are the library's own
	}
	for _, h := range diff.Hunks {
		var b htmlBlock
		b.Runs, remarks = runs(h, remarks)
		all = append(all, b)
	}
	if len(remarks) > 0 {
		all = append(all, htmlBlock{Notes: htmlNotes(remarks)})
	}
	return all
}

// runs puts the lines of a hunk side by side and the remarks below them; left
// are the remarks on other lines. Lines that do not change are divided at the
// ones that something is said of.
func runs(h *udiff.Hunk, remarks []remark) (all []htmlRun, left []remark) {
	at := map[int][]remark{}
	for _, x := range remarks {
		at[x.line] = append(at[x.line], x)
	}
	var run htmlRun
	var here []remark // on the old lines of run
	open := 0         // rows at the end of run that have no right side yet
	end := func() {
		if len(run.Rows) > 0 {
			run.Notes = htmlNotes(here)
			all = append(all, run)
		}
		run, here, open = htmlRun{}, nil, 0
	}
	take := func(line int) bool {
		found := at[line]
		here = append(here, found...)
		delete(at, line)
		return len(found) > 0
	}
	from, to := h.FromLine, h.ToLine
	for _, line := range h.Lines {
		if changed := line.Kind != udiff.Equal; changed != run.Changed {
			end()
			run.Changed = changed
		}
		text := Visible(strings.TrimRight(line.Content, "\r\n"))
		switch line.Kind {
		case udiff.Equal:
			run.Rows = append(run.Rows, htmlRow{Left: numbered(from, text), Right: numbered(to, text)})
			if take(from) {
				end()
			}
			from, to = from+1, to+1
		case udiff.Delete:
			run.Rows = append(run.Rows, htmlRow{Class: "l", Left: numbered(from, text)})
			take(from)
			from, open = from+1, open+1
		case udiff.Insert:
			if open > 0 {
				row := &run.Rows[len(run.Rows)-open]
				row.Class, row.Right = "", numbered(to, text)
				markChange(&row.Left, &row.Right)
				open--
			} else {
				run.Rows = append(run.Rows, htmlRow{Class: "r", Right: numbered(to, text)})
			}
			to++
		}
	}
	end()
	for _, x := range remarks {
		if len(at[x.line]) > 0 {
			left = append(left, x)
		}
	}
	return all, left
}

// maxLine bounds what a page shows of a line in bytes: data in a program may
// have megabytes on one. aboutWidth is that of what a code is about, in
// characters.
const (
	maxLine    = 2000
	aboutWidth = 120
)

func numbered(line int, text string) htmlLine {
	if n := len(text); n > maxLine {
		cut := maxLine
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = fmt.Sprintf("%s… (%d more bytes)", text[:cut], n-cut)
	}
	return htmlLine{Number: fmt.Sprint(line), Head: text}
}

// markChange marks what differs between two lines, given in Head, if at least
// half of the shorter one stays.
func markChange(a, b *htmlLine) {
	x, y := a.Head, b.Head
	head := 0
	for head < min(len(x), len(y)) {
		r, n := utf8.DecodeRuneInString(x[head:])
		if s, m := utf8.DecodeRuneInString(y[head:]); r != s || n != m {
			break
		}
		head += n
	}
	tail := 0
	for tail < min(len(x), len(y))-head {
		r, n := utf8.DecodeLastRuneInString(x[head : len(x)-tail])
		if s, m := utf8.DecodeLastRuneInString(y[head : len(y)-tail]); r != s || n != m {
			break
		}
		tail += n
	}
	kept := strings.TrimSpace(x[:head]) + strings.TrimSpace(x[len(x)-tail:])
	if 2*len(kept) < min(len(strings.TrimSpace(x)), len(strings.TrimSpace(y))) {
		return
	}
	a.Head, a.Mark, a.Tail = x[:head], x[head:len(x)-tail], x[len(x)-tail:]
	b.Head, b.Mark, b.Tail = y[:head], y[head:len(y)-tail], y[len(y)-tail:]
}

// htmlNotes says once what is said of several uses alike.
func htmlNotes(remarks []remark) []htmlNote {
	var all []htmlNote
	type key struct{ class, code, message string }
	at := map[key]int{}
	for _, x := range remarks {
		k := key{x.class, x.code, x.message}
		i, seen := at[k]
		if !seen {
			i = len(all)
			at[k] = i
			all = append(all, htmlNote{Class: x.class, Phrase: x.phrase, Code: Visible(x.code), Message: pieces(Visible(x.message))})
		}
		use := htmlUse{}
		if x.line > 0 {
			use.Place = fmt.Sprintf("line %d", x.line)
		}
		if x.symbol != "" {
			use.Symbol = strings.SplitAfter(Visible(x.symbol), ".")
		}
		all[i].Uses = append(all[i].Uses, use)
	}
	return all
}

// pieces divides a message at the pairs of backquotes in it.
func pieces(message string) []htmlPiece {
	var all []htmlPiece
	for {
		before, rest, _ := strings.Cut(message, "`")
		code, after, closed := strings.Cut(rest, "`")
		if !closed || code == "" || strings.Contains(code, "\n") {
			return append(all, htmlPiece{Text: message})
		}
		all = append(all, htmlPiece{Text: before}, htmlPiece{Code: true, Text: code})
		message = after
	}
}
