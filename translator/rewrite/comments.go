package rewrite

import (
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// loadComments finds the comments of the old code that the new text does not
// give back by itself, and the old argument that each belongs to. within says
// that the new text is part of the text of another term.
func (w *writer) loadComments(t ir.Term, given []ir.Span, within bool) {
	e := w.e
	n := e.node(w.old)
	if n.IsZero() {
		return
	}
	given = slices.Clone(given)
	var olds []ir.Expr
	collect(t, &given, &olds)
	src := e.source(ir.Span{Unit: w.old.Unit, Start: 0, End: w.old.End})
	for c := range n.Comments() {
		span := ir.Span{Unit: w.old.Unit, Start: c.Start(), End: c.End()}
		if slices.ContainsFunc(given, func(s ir.Span) bool { return s.Contains(span) }) || e.comments.elsewhere(span, w.old.Span, within) {
			continue
		}
		if within {
			e.comments.note(span, w.old.Span)
		}
		line := src[strings.LastIndexByte(src[:c.Start()], '\n')+1 : c.Start()]
		cm := comment{text: c.Text(), ownLine: strings.TrimSpace(line) == "", start: c.Start()}
		if o, ok := owner(e, c, cm.ownLine, olds); ok {
			w.comments[o.Start] = append(w.comments[o.Start], cm)
		} else {
			w.loose = append(w.loose, cm.text)
		}
	}
}

// owner gives the old argument that a comment belongs to: the one it stands
// in, the one it follows on its line, or the one after it.
func owner(e *engine, c grammar.Node, ownLine bool, olds []ir.Expr) (ir.Expr, bool) {
	var best ir.Expr
	found := false
	for _, o := range olds {
		n := e.node(o)
		if n.IsZero() {
			continue
		}
		start, end := n.Start(), n.End()
		if n.Parent().Is(grammar.KindKeywordArgument) {
			start = n.Parent().Start()
		}
		switch {
		case start <= c.Start() && c.End() <= end:
			if !found || o.End-o.Start < best.End-best.Start {
				best, found = o, true
			}
		case !ownLine && end <= c.Start() && !strings.Contains(textBetween(e, o, end, c.Start()), "\n"):
			return o, true
		}
	}
	if found || !ownLine {
		return best, found
	}
	// The next argument after it.
	for _, o := range olds {
		n := e.node(o)
		start := n.Start()
		if n.Parent().Is(grammar.KindKeywordArgument) {
			start = n.Parent().Start()
		}
		if start >= c.End() && strings.TrimSpace(stripComments(textBetween(e, o, c.End(), start))) == "" {
			return o, true
		}
	}
	return best, false
}

func textBetween(e *engine, o ir.Expr, from, to int) string {
	return e.source(ir.Span{Unit: o.Unit, Start: from, End: to})
}

// stripComments drops the comments from text between two arguments.
func stripComments(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if j := strings.IndexByte(l, '#'); j >= 0 {
			lines[i] = l[:j]
		}
	}
	return strings.Join(lines, "\n")
}

// collect lists the user's expressions that a term gives back, and the old
// expressions that its arguments take the place of.
func collect(t ir.Term, given *[]ir.Span, olds *[]ir.Expr) {
	switch t := t.(type) {
	case *ir.Source:
		*given = append(*given, t.Arg.At.Span)
	case *itself:
		*given = append(*given, t.at.Arg.At.Span)
	case *ir.Excerpt:
		for _, part := range t.Parts {
			if part.Text == "" {
				*given = append(*given, part.Part)
			}
		}
	case *inlined:
		for _, k := range t.order() {
			collect(t.terms[k], given, olds)
		}
	case *ir.Member:
		collect(t.Of, given, olds)
	case *ir.Item:
		collect(t.Of, given, olds)
		collect(t.Key, given, olds)
	case *ir.Apply:
		collect(t.Fn, given, olds)
		for _, a := range t.Args {
			collect(a.Value, given, olds)
			*olds = append(*olds, a.Old...)
		}
	case *ir.DictOf:
		for _, en := range t.Entries {
			collect(en.Key, given, olds)
			collect(en.Value, given, olds)
			*olds = append(*olds, en.Old...)
		}
	case *ir.ListOf:
		for _, it := range t.Items {
			collect(it, given, olds)
		}
	case *mixed:
		for _, p := range t.parts {
			collect(p.term, given, olds)
		}
	case *assign:
		collect(t.target, given, olds)
		collect(t.value, given, olds)
	}
}

func sortInner(in []inner) {
	slices.SortFunc(in, func(a, b inner) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
}

// commentsIn lists the comments of a span that no other text gives back.
func (e *engine) commentsIn(stmt ir.Expr, s ir.Span) []string {
	var out []string
	for c := range e.node(stmt).Comments() {
		span := ir.Span{Unit: s.Unit, Start: c.Start(), End: c.End()}
		if !s.Contains(span) || e.comments.elsewhere(span, s, false) {
			continue
		}
		out = append(out, c.Text())
	}
	return out
}

// writtenComments are the comments that new text gives back because they stand in
// what it takes over: an expression may be written in another statement than it
// was, and its comments with it. Only the new text tells; it is written once for
// them, and then once more.
type writtenComments struct {
	noting bool
	// with is the smallest expression that each is written with: itself in the
	// user's own text, else what has a new text.
	with map[ir.Span]ir.Span
}

func (c *writtenComments) note(comment, with ir.Span) {
	if !c.noting {
		return
	}
	if c.with == nil {
		c.with = map[ir.Span]ir.Span{}
	}
	if known, ok := c.with[comment]; !ok || known.Contains(with) {
		c.with[comment] = with
	}
}

// noteIn notes the comments in a piece of the user's text.
func (c *writtenComments) noteIn(e *engine, s ir.Span) {
	if !c.noting || s.End <= s.Start {
		return
	}
	for n := range e.byID[s.Unit].Tree.Comments(s.Start, s.End) {
		comment := ir.Span{Unit: s.Unit, Start: n.Start(), End: n.End()}
		c.note(comment, comment)
	}
}

// elsewhere reports whether a comment of an old text is written with something
// else. within says that the new text is part of the text of another term.
func (c *writtenComments) elsewhere(comment, old ir.Span, within bool) bool {
	with, ok := c.with[comment]
	return ok && !c.noting && !(within && with == old)
}

// noteComments writes all new text once to see which comments it gives back,
// where there are comments in what is rewritten.
func (e *engine) noteComments() {
	holds := func(x ir.Expr) bool {
		for range e.node(x).Comments() {
			return true
		}
		return false
	}
	found := false
	for _, p := range e.plans {
		found = found || len(p.before)+len(p.after)+len(p.replace) > 0 && holds(p.stmt)
	}
	for _, f := range e.folds {
		found = found || f.gone && holds(f.stmt)
	}
	for _, r := range e.repl.by {
		found = found || holds(r.at)
	}
	if !found {
		return
	}
	e.comments.noting = true
	for _, u := range e.units {
		if u.Tree != nil {
			e.unitEdits(u, nil)
		}
	}
	e.comments.noting = false
}
