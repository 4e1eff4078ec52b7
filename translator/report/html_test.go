package report_test

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/translator/document"
	"pyxlate/translator/report"
)

func page(t *testing.T, r *report.Report) string {
	t.Helper()
	got := printed(t, func(w io.Writer) error { return report.HTML(w, r) })
	for _, tag := range []string{"section", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "div", "ul", "li", "main", "select", "option", "form", "label", "span", "mark", "code", "h2", "h3", "p", "a", "b", "script", "style"} {
		require.Equal(t, strings.Count(got, "</"+tag+">"), len(regexp.MustCompile("<"+tag+"[ >]").FindAllString(got, -1)), tag)
	}
	for _, href := range regexp.MustCompile(`<a href="[^"]*"`).FindAllString(got, -1) {
		require.Regexp(t, `^<a href="#file-\d+"$`, href)
	}
	require.NotRegexp(t, regexp.MustCompile(`(?i)<\w[^>]*\s(on\w+|src|srcset|action|style)\s*=|<[^a]\w*\s[^>]*href|url\(|@import`), unquoted(got), "no external resources, no handlers")
	return got
}

// unquoted empties the quoted values of attributes.
func unquoted(page string) string {
	return regexp.MustCompile(`="[^"]*"`).ReplaceAllString(page, `=""`)
}

func TestHTML(t *testing.T) {
	got := page(t, sample(t))
	require.NotContains(t, got, "<b>equal")
	require.NotContains(t, got, "\x1b")
	require.Contains(t, got, "&lt;b&gt;equal&lt;/b&gt; \\x1b[31m|<code>x</code>", "escaped, with code as code")

	require.Contains(t, got, "3 uses of Toy &amp; Sons: 1 migrated, 1 to review, 1 by hand; 1 file failed.")
	require.Contains(t, got, "<h3>cell 2</h3>")
	require.Contains(t, got, `<tr><td>1</td><td>import <mark>old</mark></td><td>1</td><td>import <mark>new</mark></td></tr>`)
	require.Contains(t, got, `<li class="review" data-kind="review" data-code="T1"><b>to review</b> <b class="code">T1</b> <span class="why">differs</span><span class="uses"> <span class="use">line 1 <code>old<wbr></code></span></span></li>`)
	require.Contains(t, got, "z.md:1:2: byte 0xff is not UTF-8")
	require.Equal(t, 3, strings.Count(got, `<span class="use">line `), "each use is there once")
	require.Equal(t, 4, strings.Count(got, "<li "), "the uses and the failure")
}

// Whatever text a program, a path or an error holds is shown as text.
func TestHTMLEscapesHostileText(t *testing.T) {
	for _, hostile := range []string{
		`<script>alert(1)</script>`,
		`</script><script>alert(1)//`,
		`</style><img src=x onerror=alert(1)>`,
		`"><svg onload=alert(1)>`,
		`' onclick='alert(1)`,
		`<!-- <plaintext>`,
		"`<b onclick=alert(1)>`",
		`{{.Files}}`,
		`javascript:alert(1)`,
		"\x1b]0;x\x07\u202e\u2066",
	} {
		f := changed(t, "a.py", "x\n", []report.Finding{
			{Code: hostile, Verdict: report.Manual, Symbol: hostile, Message: hostile, Line: 1},
			{Code: "T", Verdict: report.Manual, Symbol: hostile, Message: hostile, Line: 9},
		}, replaceAt(0, "# "+hostile+"\n"))
		f.Path = hostile
		f.Warnings = []report.Warning{{Line: 1, Message: hostile}}
		failed := report.File{Path: hostile + "2", Err: errors.New(hostile)}
		got := page(t, &report.Report{Tool: hostile, Source: hostile, To: hostile, Files: []report.File{f, failed}})
		for _, tag := range []string{"<script>alert", "</script><script", "<img", "<svg", "<plaintext", "<!-- ", "<b onclick"} {
			require.NotContains(t, got, tag, hostile)
		}
		require.Len(t, regexp.MustCompile(`</?script`).FindAllString(got, -1), 2, hostile)
		require.NotRegexp(t, regexp.MustCompile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]"), got, hostile)
	}
}

// Notes stand below the lines that they are on, those on the same change
// together, and those on lines that are not shown come last.
func TestHTMLPutsNotesBelowTheirLines(t *testing.T) {
	text := strings.Repeat("pass\n", 30)
	f := changed(t, "a.py", "a\n"+text+"b\n"+text+"c\n", []report.Finding{
		{Code: "FIRST", Verdict: report.Migrated, Line: 1},
		{Code: "SECOND", Verdict: report.Migrated, Line: 32},
		{Code: "NEAR", Verdict: report.Review, Line: 34},
		{Code: "FAR", Verdict: report.Manual, Line: 63},
	}, replaceAt(0, "A"), replaceAt(2+len(text), "B\nB2"))
	blocks := strings.Split(page(t, &report.Report{Files: []report.File{f}}), `<div class="block">`)[1:]
	require.Len(t, blocks, 3)
	require.Contains(t, blocks[0], `data-code="FIRST"`)
	require.Regexp(t, `(?s)`+
		`<td>32</td><td>b</td><td>32</td><td>B</td></tr>\n`+
		`<tr class="r"><td></td><td></td><td>33</td><td>B2</td></tr>\n</tbody>\n`+
		`<tbody class="notes">.*data-code="SECOND".*`+
		`<td>34</td><td>pass</td><td>35</td><td>pass</td></tr>\n</tbody>\n`+
		`<tbody class="notes">.*data-code="NEAR".*`+
		`<td>35</td><td>pass</td>`, blocks[1])
	require.Contains(t, blocks[2], `data-code="FAR"`)
	require.NotContains(t, blocks[2], "<table")
}

func TestHTMLSaysOnceWhatHoldsForSeveralUses(t *testing.T) {
	f := changed(t, "a.py", "a\nb\n", []report.Finding{
		{Code: "T1", Verdict: report.Review, Symbol: "m.a", Line: 1, Message: "same"},
		{Code: "T1", Verdict: report.Migrated, Symbol: "m.x", Line: 1, Message: "same"},
		{Code: "T1", Verdict: report.Review, Symbol: "m.b", Line: 2, Message: "same"},
	}, replaceAt(0, "A"), replaceAt(2, "B"))
	got := page(t, &report.Report{Files: []report.File{f}})
	require.Equal(t, 2, strings.Count(got, "<li "))
	require.Contains(t, got, `<span class="use">line 1 <code>m.<wbr>a<wbr></code></span> <span class="use">line 2 <code>m.<wbr>b<wbr></code></span></span></li>`)
}

func TestHTMLShowsWarnings(t *testing.T) {
	got := page(t, &report.Report{Files: []report.File{{Path: "n.ipynb", Kind: document.Notebook, Warnings: []report.Warning{{Cell: 4, Line: 2, Message: "beware"}}}}})
	require.Contains(t, got, "<h3>cell 4</h3>")
	require.Contains(t, got, `<span class="why">beware</span><span class="uses"> <span class="use">line 2</span>`)
	require.Contains(t, got, "<b>1</b> warnings")
}

func TestHTMLOfNothing(t *testing.T) {
	got := page(t, &report.Report{Source: "Toy", To: "new", Scanned: 7})
	require.Contains(t, got, "no use of Toy in 7 files.")
	require.Contains(t, got, "There is nothing to show.")
	require.NotContains(t, got, "<form")
}

// Only what is close to its counterpart is marked, and never half a character.
func TestHTMLMarksWhatChangesInALine(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"f(old, x)", "f(new, x)", "<td>f(<mark>old</mark>, x)</td><td>1</td><td>f(<mark>new</mark>, x)</td>"},
		{"abcdef", "xyz", "<td>abcdef</td><td>1</td><td>xyz</td>"},
		{"call(é)", "call(è)", "<td>call(<mark>é</mark>)</td><td>1</td><td>call(<mark>è</mark>)</td>"},
		{"    x", "    y", "<td>    x</td><td>1</td><td>    y</td>"},
		{"f(aa)", "f(a)", "<td>f(a<mark>a</mark>)</td><td>1</td><td>f(a)</td>"},
	} {
		before, err := document.Open("a.py", []byte(c.before+"\n"))
		require.NoError(t, err)
		after, err := document.Open("a.py", []byte(c.after+"\n"))
		require.NoError(t, err)
		got := page(t, &report.Report{Files: []report.File{{Path: "a.py", Before: before, After: after}}})
		require.Contains(t, got, c.want)
	}
}

// BenchmarkHTML prints a page of 500 files with 20 changes each.
func BenchmarkHTML(b *testing.B) {
	var old, now strings.Builder
	var findings []report.Finding
	for i := range 20 {
		fmt.Fprintf(&old, "%svalue = old.f(%d)\n", strings.Repeat("pass\n", 9), i)
		fmt.Fprintf(&now, "%svalue = new.f(%d)\n", strings.Repeat("pass\n", 9), i)
		findings = append(findings, report.Finding{Code: "T1", Verdict: report.Review, Symbol: "old.f", Line: 10*i + 10, Message: "differs"})
	}
	before, err := document.Open("a.py", []byte(old.String()))
	require.NoError(b, err)
	after, err := document.Open("a.py", []byte(now.String()))
	require.NoError(b, err)
	r := &report.Report{}
	for i := range 500 {
		r.Files = append(r.Files, report.File{Path: fmt.Sprintf("%d.py", i), Findings: findings, Before: before, After: after})
	}
	for b.Loop() {
		if err := report.HTML(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}

// A line of megabytes is data: the page shows how it begins. A code is followed
// by what it is about.
func TestHTMLOfLongLines(t *testing.T) {
	before, err := document.Open("a.py", []byte("x = 'é"+strings.Repeat("é", 1<<20)+"'\nold()\n"))
	require.NoError(t, err)
	after, err := document.Open("a.py", []byte("x = 'é"+strings.Repeat("é", 1<<20)+"'\nnew()\n"))
	require.NoError(t, err)
	r := &report.Report{About: func(string) string { return "About {NAME} things" }, Files: []report.File{{Path: "a.py", Changed: true, Before: before, After: after,
		Findings: []report.Finding{{Code: "T1", Verdict: report.Migrated, Message: "m", Line: 2}}}}}
	got := printed(t, func(w io.Writer) error { return report.HTML(w, r) })
	require.Less(t, len(got), 1<<16)
	require.Contains(t, got, "more bytes)")
	require.Contains(t, got, `<option value="T1">T1: About … things</option>`)
}
