package check

import (
	"bytes"
	"fmt"
	"slices"

	"pyxlate/translator/document"
	"pyxlate/translator/project"
)

// lineEnds is a part of promise 1: a text whose lines all end alike is left with
// such ends alone, and no carriage return is made that stands alone.
func (c *checker) lineEnds(f *pair) {
	before, after := endsOf(f.before), endsOf(f.after)
	switch {
	case before.lf == 0 && before.crlf > 0 && before.cr == 0 && after.lf > 0:
		c.add(1, f.before, -1, 0, "all lines ended in CRLF, and %d end in LF", after.lf)
	case before.crlf == 0 && after.crlf > 0:
		c.add(1, f.before, -1, 0, "no line ended in CRLF, and %d do", after.crlf)
	}
	if before.cr == 0 && after.cr > 0 {
		c.add(1, f.before, -1, 0, "%d carriage returns stand alone, and none did", after.cr)
	}
}

// ends counts the line ends of a document by kind.
type ends struct{ lf, crlf, cr int }

func endsOf(d *document.Document) ends {
	var e ends
	count := func(text []byte) {
		both := bytes.Count(text, []byte("\r\n"))
		e.crlf += both
		e.cr += bytes.Count(text, []byte("\r")) - both
		e.lf += bytes.Count(text, []byte("\n")) - both
	}
	if d.Kind != document.Notebook {
		count(d.Raw())
		return e
	}
	for _, u := range slices.Concat(d.Units, d.Pages) {
		count(u.Source)
	}
	return e
}

// otherLineEnds is a part of promise 1: the program with CRLF for LF becomes what
// it became, with CRLF for LF, and the report says the same. A program with
// carriage returns is none of those.
func (c *checker) otherLineEnds() {
	var docs []*document.Document
	for _, f := range c.files {
		if bytes.Contains(f.before.Raw(), []byte("\r")) || f.before.Kind == document.Notebook && bytes.Contains(f.before.Raw(), []byte(`\r`)) {
			return
		}
		d, err := document.OpenAs(f.before.Kind, f.before.Path, withCRLF(f.before.Kind, f.before.Raw()))
		if err != nil {
			c.add(1, f.before, -1, 0, "it cannot be read with CRLF: %v", err)
			return
		}
		if endsOf(d) == (ends{}) {
			return // a text of one line does not show how it ends its lines
		}
		docs = append(docs, d)
	}
	for i, r := range project.Translate(docs, c.Resolve, c.Migration, c.Tables, c.Options) {
		f := c.files[i]
		want, got := withCRLF(f.before.Kind, f.result.Output), r.Output
		if !bytes.Equal(want, got) {
			at := 0
			for at < len(want) && at < len(got) && want[at] == got[at] {
				at++
			}
			c.add(1, f.before, -1, 0, "with CRLF line ends it becomes something else: %q in place of %q", around(got, at), around(want, at))
		}
		if was, is := said(f.result), said(&r); !slices.Equal(was, is) {
			c.add(1, f.before, -1, 0, "with CRLF line ends the findings are %q in place of %q", is, was)
		}
	}
}

// around gives some of a text before and behind an offset.
func around(text []byte, at int) []byte { return text[max(0, at-40):min(len(text), at+40)] }

// said lists what a report says of a document.
func said(r *project.Result) []string {
	out := []string{fmt.Sprint(r.Err)}
	for _, f := range r.Findings {
		out = append(out, fmt.Sprint(f.Code, " ", f.Verdict, " ", f.Symbol, ": ", f.Message))
	}
	return out
}

// withCRLF gives a file with CRLF for LF, in the strings of a notebook too.
func withCRLF(kind document.Kind, raw []byte) []byte {
	out := bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
	if kind != document.Notebook {
		return out
	}
	var escaped []byte
	for i := 0; i < len(out); i++ {
		if out[i] == '\\' && i+1 < len(out) {
			if out[i+1] == 'n' {
				escaped = append(escaped, `\r`...)
			}
			escaped = append(escaped, out[i])
			i++
		}
		escaped = append(escaped, out[i])
	}
	return escaped
}
