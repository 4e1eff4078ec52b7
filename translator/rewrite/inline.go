package rewrite

import (
	"maps"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

// inlined is an expression of a function's body with terms in place of the
// names that mean something only there.
type inlined struct {
	ir.Term
	at    ir.Expr
	terms map[nodeKey]ir.Term
	// conditional: not all of it is evaluated exactly once.
	conditional bool
}

// order lists the places of the terms as they stand in the text.
func (t *inlined) order() []nodeKey {
	return slices.SortedFunc(maps.Keys(t.terms), func(a, b nodeKey) int { return int(a.node - b.node) })
}

// spellForCall writes an expression of the body of a function that builds part
// of a record, as one call of the function has it: with the arguments of the
// call in place of the parameters.
func (e *engine) spellForCall(c *context, a ir.Arg) (ir.Term, bool) {
	at := a.At
	at.In = nil
	if !e.p.Pure(at) {
		c.failed = oneLine(e.source(at.Span)) + " has no value that can be written here"
		return nil, false
	}
	t := &inlined{at: at, terms: map[nodeKey]ir.Term{}, conditional: branching.MatchString(e.source(at.Span))}
	n := e.node(at)
	var reads []read
	for id := n.ID(); id <= n.Last(); id++ {
		m := n.Tree().Node(id)
		if !m.Is(grammar.KindIdentifier) || !isLoad(m) {
			continue
		}
		x := e.expr(at.Unit, m)
		if given, ok := a.At.In.Args[m.Text()]; ok && e.given(x) {
			s, ok := e.spell(c, given)
			if !ok {
				return nil, false
			}
			t.terms[keyOf(x)] = s
			continue
		}
		if e.p.SameAt(x, c.place) {
			reads = append(reads, read{name: m.Text(), at: c.place})
			continue
		}
		right, ok := e.onlyAssigned(x)
		if !ok || right.Contains(x.Span) {
			// A value that does not depend on the call may be known.
			if out, ok := e.spellKnown(c, a); ok {
				return out, true
			}
			c.failed = m.Text() + " has no value that can be written here"
			return nil, false
		}
		right.In = a.At.In
		s, ok := e.spell(c, ir.Arg{Value: e.p.Value(right), At: right})
		if !ok {
			return nil, false
		}
		t.terms[keyOf(x)] = s
	}
	c.reads = append(c.reads, reads...)
	if len(t.terms) == 0 {
		if e.isLiteral(at) {
			return e.spellValue(c, a.Value, 0)
		}
		if e.p.SameAt(at, c.place) {
			c.emitted = append(c.emitted, at.Span)
			return &ir.Source{Arg: ir.Arg{Value: a.Value, At: at}}, true
		}
	}
	if only, ok := t.terms[keyOf(at)]; ok {
		return only, true
	}
	if text, ok := a.Value.(*ir.Text); ok {
		return e.concat(c, text.Pieces)
	}
	if strings.Contains(e.source(at.Span), "\n") || e.holdsUse(at) {
		c.failed = oneLine(e.source(at.Span)) + " cannot be moved"
		return nil, false
	}
	c.emitted = append(c.emitted, at.Span)
	return t, true
}

// spellKnown writes the constant that an expression is for whatever call.
func (e *engine) spellKnown(c *context, a ir.Arg) (ir.Term, bool) {
	a.At.In = nil
	if e.dependsOnParameter(a.At, 0) {
		return nil, false
	}
	return e.spellValue(c, a.Value, 0)
}

// onlyAssigned gives the expression that the one definition of a name assigns
// to it.
func (e *engine) onlyAssigned(x ir.Expr) (ir.Expr, bool) {
	defs := e.p.Defs(x)
	if len(defs) != 1 || defs[0].Kind != meaning.Assign {
		return ir.Expr{}, false
	}
	as := e.node(defs[0].At).Parent()
	if !as.Is(grammar.KindAssignment) || as.Child(grammar.FieldRight).IsZero() || as.Child(grammar.FieldLeft).ID() != e.node(defs[0].At).ID() {
		return ir.Expr{}, false
	}
	return e.expr(x.Unit, as.Child(grammar.FieldRight)), true
}

// isLoad reports whether an identifier is a name that is read.
func isLoad(n grammar.Node) bool {
	switch n.Parent().Kind() {
	case grammar.KindAttribute:
		return n.Field() == grammar.FieldObject
	case grammar.KindKeywordArgument:
		return n.Field() == grammar.FieldValue
	}
	return true
}

// inlined writes the expression with its terms.
func (w *writer) inlined(t *inlined) {
	n := w.e.node(t.at)
	at := t.at.Start
	for id := n.ID(); id <= n.Last(); id++ {
		m := n.Tree().Node(id)
		x := w.e.expr(t.at.Unit, m)
		term, ok := t.terms[keyOf(x)]
		if !ok {
			continue
		}
		w.str(w.e.source(ir.Span{Unit: t.at.Unit, Start: at, End: x.Start}))
		if tightParent(m) {
			w.tight(term)
		} else {
			w.term(term)
		}
		at = x.End
	}
	w.str(w.e.source(ir.Span{Unit: t.at.Unit, Start: at, End: t.at.End}))
}
