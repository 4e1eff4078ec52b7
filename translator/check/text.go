package check

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/translator/document"
	"pyxlate/translator/meaning"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/todo"
)

// comments is promise 2: every comment of the input is in the output, as often as
// it was, and no other but those of pyxlate itself. What speaks to a tool about a
// line of code goes with that line, and what stands in an expression is copied
// with it.
func (c *checker) comments(f *pair) {
	left, copies := map[string]int{}, map[comment]bool{}
	for _, u := range f.after.Units {
		if u.Shell {
			continue
		}
		for _, x := range commentsOf(f.after.Kind, u.Source) {
			left[x.text]++
		}
	}
	for i, u := range f.before.Units {
		if u.Shell {
			continue
		}
		for _, x := range commentsOf(f.before.Kind, u.Source) {
			copies[x] = true
			if m, ok := todo.Parse(x.text); ok && !c.Migration.Own(m.Code, m.Target) {
				continue // of a run to another target: this one says it anew, or does it
			}
			if left[x.text]--; left[x.text] < 0 && !c.goesWithLine(f, u.Source, x.text) {
				c.add(2, f.before, i, strings.Index(string(u.Source), x.text), "the comment %q is lost", x.text)
			}
		}
	}
	for i, u := range f.after.Units {
		if u.Shell {
			continue
		}
		for _, x := range commentsOf(f.after.Kind, u.Source) {
			if left[x.text] > 0 && !copies[x] && !strings.HasPrefix(x.text, "# TODO(pyxlate ") && !strings.HasPrefix(x.text, "# pyxlate ") {
				left[x.text]--
				c.add(2, f.after, i, strings.Index(string(u.Source), x.text), "the comment %q is there once more than it was", x.text)
			}
		}
	}
}

// comment is a comment behind a token, on the token's line or not.
type comment struct {
	text, behind string
	ownLine      bool
}

// toolComment speaks to a tool about the code on its line.
var toolComment = regexp.MustCompile(`^#\s*(?:noqa\b|type:\s*ignore\b|pylint:\s*disable\b)`)

// goesWithLine reports whether a comment speaks to a tool about a line that is
// not in the output.
func (c *checker) goesWithLine(f *pair, source []byte, comment string) bool {
	if !toolComment.MatchString(comment) {
		return false
	}
	var after strings.Builder
	for _, u := range f.after.Units {
		after.Write(u.Source)
		after.WriteByte('\n')
	}
	for line := range strings.Lines(string(source)) {
		code, _, found := strings.Cut(line, comment)
		if code = strings.TrimSpace(code); found && code != "" && !strings.Contains(after.String(), code) {
			return true
		}
	}
	return false
}

func commentsOf(kind document.Kind, src []byte) []comment {
	tree, err := grammar.Parse(masked(kind, src))
	if err != nil {
		return nil
	}
	var out []comment
	for n := range tree.Root().Comments() {
		x := comment{text: strings.TrimSpace(n.Text())}
		for id := n.ID() - 1; id > 0 && x.behind == ""; id-- {
			if token := tree.Node(id); token.Last() == id && !token.Is(grammar.KindComment) {
				x.behind, x.ownLine = token.Text(), bytes.ContainsRune(src[token.End():n.Start()], '\n')
			}
		}
		out = append(out, x)
	}
	return out
}

func masked(kind document.Kind, src []byte) []byte {
	if kind != document.Script {
		src, _ = grammar.Mask(src)
	}
	return src
}

// parses is promise 3: what parsed before parses after.
func (c *checker) parses(f *pair) {
	for i, u := range f.before.Units {
		if i < len(f.after.Units) && !u.Shell {
			if why := project.Worse(f.before.Kind, u.Source, f.after.Units[i].Source); why != "" {
				c.add(3, f.after, i, 0, "the output parses worse than the input: %s", why)
			}
		}
	}
}

// again is promise 4: a second run changes nothing and reports what remains.
func (c *checker) again() {
	var docs []*document.Document
	for _, f := range c.files {
		docs = append(docs, f.after)
	}
	second := project.Translate(docs, c.Resolve, c.Migration, c.Tables, c.Options)
	for i, f := range c.files {
		for _, e := range second[i].Edits {
			src := f.after.Units[e.Unit].Source
			c.add(4, f.after, e.Unit, e.Start, "a second run changes %q to %q", src[e.Start:e.End], e.New)
		}
		for _, x := range second[i].Findings {
			if x.Verdict != ir.Manual && c.primary(x.Use) {
				c.addAt(4, true, x.At, "the second run still finds %s, with the verdict %d and the code %s", x.Symbol, x.Verdict, x.Code)
			}
		}
		for _, m := range project.Marks(f.after.Kind, f.after.Units) {
			if !reported(&second[i], m) {
				c.add(4, f.after, m.Unit, m.Start, "a second run does not report the mark %s", m.Code)
			}
		}
	}
}

// reported reports whether a run says that a mark is still there.
func reported(r *project.Result, m project.Mark) bool {
	if slices.Contains(r.Remaining, m) {
		return true
	}
	return slices.ContainsFunc(r.Findings, func(f rewrite.Finding) bool {
		return f.Verdict == ir.Manual && f.Code == m.Code
	})
}

// literals is promise 6: what new strings say is from the program, or from the
// pack.
func (c *checker) literals() {
	if c.Words == nil {
		return
	}
	known := map[string]bool{}
	learn := func(text string) {
		for _, w := range words(text) {
			known[w] = true
			// Names that may hold ASCII only lose the other letters.
			for _, part := range strings.FieldsFunc(w, func(r rune) bool { return r > unicode.MaxASCII }) {
				known[part] = true
			}
		}
	}
	for _, f := range c.files {
		for _, u := range f.before.Units {
			learn(string(u.Source))
		}
		for _, part := range strings.FieldsFunc(f.before.Path, func(r rune) bool { return r == '/' || r == '\\' }) {
			learn(part)
		}
	}
	for _, text := range append(PackTexts(c.Migration), c.Words...) {
		learn(text)
	}
	old := map[string]bool{}
	each(c.beforeFiles, func(u *meaning.Source, n grammar.Node) {
		if n.Is(grammar.KindString) {
			old[n.Text()] = true
		}
	})
	each(c.afterFiles, func(u *meaning.Source, n grammar.Node) {
		if !n.Is(grammar.KindString) || old[n.Text()] {
			return
		}
		at := ir.Span{Unit: u.ID, Start: n.Start(), End: n.End()}
		if m := placeholder.FindString(n.Text()); m != "" {
			c.addAt(6, true, at, "the literal %s holds a placeholder", n.Text())
			return
		}
		parts, _, ok := grammar.StringParts(n)
		if !ok {
			return
		}
		for _, p := range parts {
			if !p.Expr.IsZero() {
				continue
			}
			for _, w := range words(p.Text) {
				if !known[w] && !joined(w, known) {
					c.addAt(6, true, at, "nothing in the program or the pack says %q of the literal %s", w, n.Text())
				}
			}
		}
	})
}

// placeholder is what people write where something is to be filled in.
var placeholder = regexp.MustCompile(`<[A-Za-z][\w -]*>|\b(?:TODO|FIXME|CHANGEME|your[-_]\w+|my[-_]\w+)\b`)

// words are the words of a text in lower case.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// joined reports whether a word is two known ones, put together without a mark
// between them.
func joined(w string, known map[string]bool) bool {
	for i := 1; i < len(w); i++ {
		if known[w[:i]] && known[w[i:]] {
			return true
		}
	}
	// A number may be the result of a computation.
	return !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsDigit(r) })
}

// PackTexts are the texts of a migration from which new code is made.
func PackTexts(m *rules.Migration) []string {
	var out []string
	for _, r := range m.Resources() {
		out = append(out, r.Make, r.Missing, r.Variable)
		for _, t := range r.ByOption {
			out = append(out, t)
		}
	}
	for _, r := range m.Rules {
		out = append(out, r.To, r.Do, r.Wait, r.Poller, r.Variable)
		for _, f := range r.Fields {
			out = append(append(out, f.Value), f.To...)
		}
		for _, values := range r.Values {
			out = append(out, values...)
		}
		for _, t := range r.Provides {
			out = append(out, t)
		}
	}
	for _, n := range m.Notes {
		out = append(out, n.Text)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
