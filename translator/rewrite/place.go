package rewrite

import (
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// onlyBuilds reports whether an expression is a call of a function of the program's own that
// has no effect but to build a record for its caller.
func (e *engine) onlyBuilds(call ir.Expr) bool {
	if !e.node(call).Is(grammar.KindCall) {
		return false
	}
	f, ok := e.p.Value(e.expr(call.Unit, e.node(call).Child(grammar.FieldFunction))).(*ir.Function)
	return ok && e.holdsUse(f.Def) && e.buildsOnly(f.Def.Unit, e.node(f.Def).Child(grammar.FieldBody))
}

// place puts a resolved answer where its use stands. It says why not when the
// use stands where that is not possible.
func (e *engine) place(a *application, s shape, ans *ir.Answer, before []ir.Term, term ir.Term, after []ir.Term) string {
	c := a.ctx
	p := e.stmtPlan(c.place)
	if p.takes(a); p.app == nil || !p.gone() {
		p.app = a
	}
	cover := func() {
		e.cover[keyOf(s.outer)] = &coverage{at: s.outer, app: a}
		e.cover[keyOf(a.use.At)] = &coverage{at: a.use.At, app: a}
	}
	for _, n := range ans.Notes {
		if n.Verdict == ir.Manual {
			p.marks = append(p.marks, mark{code: n.Code, text: e.noteText(n), todo: true})
		} else if e.opt.NotesInCode && n.Verdict == ir.Review {
			p.marks = append(p.marks, mark{code: n.Code, text: e.noteText(n)})
		}
	}
	switch {
	case ans.Drop:
		if s.kind == nested {
			return "it stands inside another expression"
		}
		if s.kind == assigned && !e.isThrowaway(s) {
			return "its result is used"
		}
		p.drop = len(before) == 0
		p.replace = before
		cover()
		return ""
	case term == nil: // statements only
		switch s.kind {
		case whole, assigned:
			p.replace = append(append(p.replace, before...), after...)
			if s.kind == assigned && c.target == nil && !e.isThrowaway(s) {
				return "its result is used"
			}
			e.useTarget(c)
			cover()
			return ""
		default:
			if !e.hoistable(s.outer, a.stmt) {
				return "it stands where statements cannot be put before it"
			}
			p.put(s.outer, before, after)
			if c.target == nil && e.waitsForNone(a.use, s) {
				e.replaceNode(a, s.outer, &ir.Literal{})
				cover()
				return ""
			}
			if c.target == nil {
				return "its result is used"
			}
			t, ok := e.resolve(c, c.target)
			if !ok {
				return c.failed
			}
			e.replaceNode(a, s.outer, t)
			cover()
			return ""
		}
	}
	// An expression, with statements around it.
	if (len(before) > 0 || len(after) > 0) && s.kind == nested && !e.hoistable(s.outer, a.stmt) {
		return "it stands where statements cannot be put before it"
	}
	p.put(s.outer, before)
	moved := keyOf(c.place) != keyOf(a.stmt)
	switch {
	case moved:
		// Built in steps: the whole construction moves to the last step.
		p.replace = append(p.replace, &assign{target: c.movedTarget(), value: term})
		p.after = append(p.after, after...)
		cover()
		return e.dropSteps(a, c.place)
	case c.targetV != nil && (s.kind == whole || s.kind == assigned):
		p.replace = append(p.replace, &assign{target: c.target, value: term})
		p.after = append(p.after, after...)
	case c.targetV != nil && s.kind == nested && len(after) > 0:
		p.put(s.outer, []ir.Term{&assign{target: c.target, value: term}}, after)
		e.replaceNode(a, s.outer, &local{name: c.targetV.Name})
	case ans.Makes != nil && c.targetV != nil && (s.kind == whole || s.kind == assigned && e.isThrowaway(s)):
		p.replace = append(p.replace, &assign{target: c.target, value: term})
		p.after = append(p.after, after...)
	case s.kind == assigned && len(before)+len(after) == 0 && e.namesItself(s, term):
		p.drop, p.same = true, true // x = x
	case s.kind == whole && e.plain(term) && !e.mayShow(a.stmt):
		// A value alone does nothing.
		p.replace = append(p.replace, after...)
		p.drop = len(p.replace) == 0
	default:
		e.replaceNode(a, s.outer, term)
		p.after = append(p.after, after...)
	}
	cover()
	return ""
}

// mayShow reports whether the value of a statement may be shown, as that of the
// last one of a cell is.
func (e *engine) mayShow(stmt ir.Expr) bool {
	n := e.node(stmt)
	return n.Parent().Is(grammar.KindModule) && n.NextSibling().IsZero() && !strings.HasSuffix(e.files[e.fileOf[stmt.Unit]].Path, ".py")
}

// waitsForNone reports whether a use is waited for and gives None then.
func (e *engine) waitsForNone(u *ir.Use, s shape) bool {
	if !s.waits || u.Call == nil {
		return false
	}
	o, ok := single(u.Call.Result).(*ir.Object)
	return ok && (o.Elem == nil || ir.IsNone(o.Elem))
}

// put places statements before the plan's own, on behalf of the expression at:
// what is evaluated within another expression comes before the statements of
// that one.
func (p *plan) put(at ir.Expr, lists ...[]ir.Term) {
	terms := slices.Concat(lists...)
	if len(terms) == 0 {
		return
	}
	i := len(p.before)
	for _, q := range p.placed {
		if q.at != at && q.at.Contains(at.Span) {
			if j := slices.Index(p.before, q.first); j >= 0 {
				i = min(i, j)
			}
		}
	}
	p.before = slices.Insert(p.before, i, terms...)
	p.placed = append(p.placed, placed{at: at, first: terms[0]})
}

// placed is an expression for which statements stand before a plan's own.
type placed struct {
	at    ir.Expr
	first ir.Term // the first of them
}

// namesItself reports whether the new value of an assigned variable is that
// variable.
func (e *engine) namesItself(s shape, t ir.Term) bool {
	n := e.node(s.left)
	switch t := t.(type) {
	case *visible:
		return n.Is(grammar.KindIdentifier) && n.Text() == t.name
	case *ir.Source:
		return n.Is(grammar.KindIdentifier, grammar.KindAttribute) && n.Text() == e.source(t.Arg.At.Span)
	}
	return false
}

// assign is a statement `target = value`.
type assign struct {
	ir.Term
	target, value ir.Term
}

func (e *engine) replaceNode(a *application, at ir.Expr, t ir.Term) {
	e.repl.set(keyOf(at), &replacement{at: at, term: t, app: a})
}

// useTarget marks the user's own target as written again by the new text.
func (e *engine) useTarget(c *context) {
	if src, ok := c.target.(*ir.Source); ok {
		c.emitted = append(c.emitted, src.Arg.At.Span)
	}
}

// shape tells how a use stands in its statement.
type shape struct {
	kind  shapeKind
	outer ir.Expr // the use with the waiting call around it
	left  ir.Expr // what the statement assigns to, when assigned
	waits bool    // a wait for its poller follows
}

type shapeKind uint8

const (
	nested shapeKind = iota
	whole
	assigned
)

// shapeOf looks at the surroundings of a use: a waiting call on its poller,
// parentheses, an assignment.
func (e *engine) shapeOf(u *ir.Use) shape {
	n := e.node(u.At)
	s := shape{}
	for {
		p := n.Parent()
		if p.Is(grammar.KindParenthesizedExpression) || p.Is(grammar.KindAwait) {
			n = p
			continue
		}
		if p.Is(grammar.KindAttribute) && p.Child(grammar.FieldObject).ID() == n.ID() {
			call := p.Parent()
			name := p.Child(grammar.FieldAttribute).Text()
			if call.Is(grammar.KindCall) && call.Child(grammar.FieldFunction).ID() == p.ID() && e.waiting(u, name) {
				n, s.waits = call, true
				continue
			}
		}
		break
	}
	s.outer = e.expr(u.At.Unit, n)
	p := n.Parent()
	switch {
	case p.Is(grammar.KindExpressionStatement):
		s.kind = whole
	case p.Is(grammar.KindAssignment) && p.Child(grammar.FieldRight).ID() == n.ID() && p.Parent().Is(grammar.KindExpressionStatement) &&
		!p.Child(grammar.FieldLeft).Is(grammar.KindPatternList, grammar.KindTuplePattern, grammar.KindListPattern):
		s.kind = assigned
		s.left = e.expr(u.At.Unit, p.Child(grammar.FieldLeft))
	}
	return s
}

// waiting reports whether the attribute of a call's result is a wait for its
// poller.
func (e *engine) waiting(u *ir.Use, name string) bool {
	if u.Call == nil {
		return false
	}
	o, ok := single(u.Call.Result).(*ir.Object)
	if !ok {
		return false
	}
	if o.Type == sdk.Future {
		return name == "result" || name == "wait"
	}
	waits, _ := e.migration.Conventions.Waits(e.tables, o.Type, name)
	return waits
}

// pending reports whether an object is what a program waits with for another: a
// poller or future.
func (e *engine) pending(o *ir.Object) bool {
	return o.Type == sdk.Future || e.migration.Conventions.Generic(e.tables, o.Type) == sdk.Poller
}

// keepsPoller reports whether the program keeps the poller of a call, for which
// the rule has something that stands for it.
func (e *engine) keepsPoller(r *rules.Rule, u *ir.Use) bool {
	s := e.shapeOf(u)
	return r.Poller != "" && !s.waits && (s.kind == nested || s.kind == assigned && !e.isThrowaway(s))
}

// isThrowaway reports whether the assigned name is never read.
func (e *engine) isThrowaway(s shape) bool {
	n := e.node(s.left)
	if !n.Is(grammar.KindIdentifier) {
		return false
	}
	if n.Text() == "_" {
		return true
	}
	d, ok := e.p.DefAt(s.left)
	return ok && len(e.p.Readers(d)) == 0 && !e.p.Escapes(d)
}

// hoistable reports whether an expression is evaluated exactly once and before
// anything else of its statement that could matter, so that statements may be
// put before the statement for it.
func (e *engine) hoistable(x, stmt ir.Expr) bool {
	n := e.node(x)
	top := e.node(stmt)
	for p := n.Parent(); !p.IsZero() && p.ID() != top.ID(); n, p = p, p.Parent() {
		if p.Is(grammar.KindForInClause) && p.Child(grammar.FieldRight).ID() == n.ID() && firstClause(p) {
			p = p.Parent() // the first iterable is evaluated once, before the rest
			continue
		}
		switch p.Kind() {
		case grammar.KindListComprehension, grammar.KindDictionaryComprehension, grammar.KindSetComprehension, grammar.KindGeneratorExpression:
			// What a comprehension runs through first is evaluated before it.
			if !firstIterable(p, e.node(x)) {
				return false
			}
		case grammar.KindLambda, grammar.KindWhileStatement, grammar.KindElifClause, grammar.KindDecorator,
			grammar.KindDefaultParameter, grammar.KindTypedDefaultParameter, grammar.KindParameters:
			return false
		case grammar.KindConditionalExpression:
			if p.FirstChild().ID() == n.ID() || p.FirstChild().NextSibling().ID() != n.ID() {
				return false
			}
		case grammar.KindBooleanOperator:
			if p.Child(grammar.FieldLeft).ID() != n.ID() {
				return false
			}
		}
	}
	return !top.Is(grammar.KindWhileStatement)
}

// firstClause reports whether a clause is the first `for` of its comprehension.
func firstClause(n grammar.Node) bool {
	for c := range n.Parent().Children() {
		if c.Is(grammar.KindForInClause) {
			return c.ID() == n.ID()
		}
	}
	return false
}

// firstIterable reports whether x is part of what a comprehension runs through
// in its first clause.
func firstIterable(comprehension, x grammar.Node) bool {
	for c := range comprehension.Children() {
		if c.Is(grammar.KindForInClause) {
			right := c.Child(grammar.FieldRight)
			return right.ID() == x.ID() || right.Contains(x)
		}
	}
	return false
}

// source is the user's text of a span.
func (e *engine) source(s ir.Span) string {
	text, ok := e.texts[s.Unit]
	if !ok {
		u := e.byID[s.Unit]
		if u == nil {
			return ""
		}
		text = string(u.Raw)
		e.texts[s.Unit] = text
	}
	if s.End > len(text) {
		return ""
	}
	return text[s.Start:s.End]
}

// headSpan is the span of a statement without the blocks it owns.
func (e *engine) headSpan(stmt ir.Expr) ir.Span {
	n := e.node(stmt)
	if n.Is(grammar.KindDecoratedDefinition) {
		n = n.LastChild()
	}
	for _, f := range []grammar.Field{grammar.FieldBody, grammar.FieldConsequence} {
		if b := n.Child(f); !b.IsZero() {
			return ir.Span{Unit: stmt.Unit, Start: stmt.Start, End: b.Start()}
		}
	}
	if n.Is(grammar.KindTryStatement, grammar.KindWithStatement, grammar.KindMatchStatement, grammar.KindElseClause, grammar.KindFinallyClause) {
		for c := range n.Children() {
			if c.Is(grammar.KindBlock) {
				return ir.Span{Unit: stmt.Unit, Start: stmt.Start, End: c.Start()}
			}
		}
	}
	return stmt.Span
}
