package rewrite

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"pyxlate/rules/ir"
)

// givenBack tells where parts of the user's text are in the new one, once all of
// it is decided.
type givenBack struct {
	by []giver // nil: to be made
}

// giver is a term that gives parts of the user's text back.
type giver struct {
	spans []ir.Span
	texts []string // constants that it writes
	in    place
	repl  *replacement // that it is of; nil: it is a statement
}

// place is one of the new statements of a plan, or the plan's own statement.
type place struct {
	plan *plan
	term ir.Term
}

// at lists the places at which an expression of the old text is written.
func (g *givenBack) at(e *engine, x ir.Expr) []place {
	g.index(e)
	return g.find(e, func(by giver) bool { return by.gives(e, x.Span) }, x, 0)
}

// ofName lists the places at which a name in a text of the old program is
// written: with its expression, or as the constant that this is.
func (g *givenBack) ofName(e *engine, u *ir.Use) []place {
	g.index(e)
	old, constant := ir.String(u.Value)
	return g.find(e, func(by giver) bool {
		return by.gives(e, u.At.Span) ||
			constant && slices.ContainsFunc(by.texts, func(text string) bool { return strings.Contains(text, u.Symbol) && strings.Contains(old, text) })
	}, u.At, 0)
}

// gives reports whether a part of the text is among what the term gives back,
// outside of what has a new text itself.
func (by giver) gives(e *engine, x ir.Span) bool {
	return slices.ContainsFunc(by.spans, func(s ir.Span) bool {
		return s.Contains(x) && !slices.ContainsFunc(e.alive.regions[x.Unit], func(r region) bool {
			return !r.back && r.Span != x && s.Contains(r.Span) && r.Contains(x) && !by.keeps(e, r.Span)
		})
	})
}

// keeps reports whether the term is what is put before a statement for a value
// that is still evaluated there.
func (by giver) keeps(e *engine, at ir.Span) bool {
	return by.in.plan != nil && slices.ContainsFunc(e.kept, func(k kept) bool {
		return k.at.Span == at && keyOf(k.stmt) == keyOf(by.in.plan.stmt)
	})
}

func (g *givenBack) index(e *engine) {
	if g.by == nil {
		for _, k := range slices.SortedFunc(maps.Keys(e.plans), compareKeys) {
			p := e.plans[k]
			for _, t := range slices.Concat(p.before, p.replace, p.after) {
				g.add(giver{in: place{p, t}}, t)
			}
		}
		for _, k := range slices.SortedFunc(maps.Keys(e.repl.by), compareKeys) {
			r := e.repl.by[k]
			g.add(giver{repl: r}, r.term)
		}
	}
}

func (g *givenBack) add(by giver, t ir.Term) {
	collect(t, &by.spans, new([]ir.Expr))
	eachText(t, func(text string) { by.texts = append(by.texts, text) })
	g.by = append(g.by, by)
}

func (g *givenBack) find(e *engine, gives func(giver) bool, x ir.Expr, depth int) (out []place) {
	if depth > 20 {
		return nil // expressions in expressions in expressions
	}
	if !slices.ContainsFunc(e.alive.regions[x.Unit], func(r region) bool { return !r.back && r.Span != x.Span && r.Contains(x.Span) }) {
		out = append(out, place{plan: e.stmtPlan(e.p.Stmt(x))})
	}
	for _, by := range g.by {
		if !gives(by) || by.repl != nil && by.repl.kept && by.repl.at.Contains(x.Span) {
			continue
		}
		found := []place{by.in}
		if r := by.repl; r != nil {
			found = g.find(e, func(by giver) bool { return by.gives(e, r.at.Span) }, r.at, depth+1)
		}
		for _, w := range found {
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b place) int { return cmp.Compare(keyOf(a.plan.stmt).node, keyOf(b.plan.stmt).node) })
	return out
}

// eachText visits the constants of text that a resolved term writes.
func eachText(t ir.Term, visit func(string)) {
	switch t := t.(type) {
	case *ir.Literal:
		if s, ok := t.V.(string); ok {
			visit(s)
		}
	case *inlined:
		for _, x := range t.terms {
			eachText(x, visit)
		}
	case *ir.Member:
		eachText(t.Of, visit)
	case *ir.Item:
		eachText(t.Of, visit)
		eachText(t.Key, visit)
	case *ir.Apply:
		eachText(t.Fn, visit)
		for _, a := range t.Args {
			eachText(a.Value, visit)
		}
	case *ir.DictOf:
		for _, en := range t.Entries {
			eachText(en.Key, visit)
			eachText(en.Value, visit)
		}
	case *ir.ListOf:
		for _, it := range t.Items {
			eachText(it, visit)
		}
	case *mixed:
		for _, p := range t.parts {
			eachText(p.term, visit)
		}
	case *assign:
		eachText(t.value, visit)
	}
}
