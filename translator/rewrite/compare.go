package rewrite

import (
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// compareStates rewrites the comparisons of an attribute whose values have
// other names in the new SDK: one old value may be several new ones.
func (e *engine) compareStates() {
	for _, u := range e.uses {
		if e.found[u] != nil || u.Kind != ir.EnumUse && u.Kind != ir.AttrUse {
			continue
		}
		n := e.node(u.At)
		for range 4 {
			n = n.Parent()
			if n.Is(grammar.KindComparisonOperator) {
				e.compare(u, n)
				break
			}
			if !n.Is(grammar.KindTuple, grammar.KindList, grammar.KindSet, grammar.KindParenthesizedExpression, grammar.KindAttribute) {
				break
			}
		}
	}
}

// compare rewrites one comparison, if it is of such an attribute.
func (e *engine) compare(u *ir.Use, n grammar.Node) {
	at := e.expr(u.At.Unit, n)
	if e.cover[keyOf(at)] != nil {
		return
	}
	var sides []grammar.Node
	for c := range n.Children() {
		if !c.Is(grammar.KindComment) {
			sides = append(sides, c)
		}
	}
	ops := slices.Collect(n.Operators())
	if len(sides) != 2 || len(ops) != 1 {
		return
	}
	op := ops[0]
	left, right := e.expr(at.Unit, sides[0]), e.expr(at.Unit, sides[1])
	r, state, ok := e.stateOf(left)
	other := right
	if !ok {
		if op == "in" || op == "not in" {
			return
		}
		if r, state, ok = e.stateOf(right); !ok {
			return
		}
		other = left
	}
	old, ok := e.oldValues(other)
	if !ok {
		return
	}
	var values []string
	for _, v := range old {
		now, ok := r.Values[v]
		if !ok {
			for k, to := range r.Values {
				if strings.EqualFold(k, v) {
					now, ok = to, true
				}
			}
		}
		if !ok {
			return
		}
		for _, x := range now {
			if !slices.Contains(values, x) {
				values = append(values, x)
			}
		}
	}
	negated := op == "!=" || op == "not in" || op == "is not"
	a := &application{rule: r, use: u, stmt: e.p.Stmt(at)}
	a.ctx = e.context(r, u)
	a.answer = &ir.Answer{}
	for _, code := range r.Notes {
		a.notes = append(a.notes, e.ruleNote(a, code))
	}
	a.ctx.emitted = append(a.ctx.emitted, state.Span)
	m := &mixed{parts: []part{{term: &ir.Source{Arg: ir.Arg{At: state}}, tight: true}}}
	list := &ir.ListOf{Tuple: true}
	for _, v := range values {
		list.Items = append(list.Items, &ir.Literal{V: v})
	}
	word, term := " == ", ir.Term(list)
	switch {
	case len(values) == 1:
		term = list.Items[0]
		if negated {
			word = " != "
		}
	case negated:
		word = " not in "
	default:
		word = " in "
	}
	m.parts = append(m.parts, part{text: word}, part{term: term})
	e.replaceNode(a, at, m)
	e.cover[keyOf(at)] = &coverage{at: at, app: a}
}

// stateOf gives the rule of the attribute that an expression reads, directly or
// through a variable, and the expression itself (without .name or .value).
func (e *engine) stateOf(x ir.Expr) (*rules.Rule, ir.Expr, bool) {
	n := e.node(x)
	for n.Is(grammar.KindParenthesizedExpression) {
		n = n.FirstChild()
		x = e.expr(x.Unit, n)
	}
	var of ir.Value
	var attr string
	switch v := alike(e.p.Value(x)).(type) {
	case *ir.Unknown:
		of, attr = v.Of, v.Attr
	case *ir.Object:
		of, attr = v.From, v.Attr
	}
	if of == nil {
		return nil, x, false
	}
	if attr == "name" || attr == "value" {
		if n.Is(grammar.KindAttribute) {
			return e.stateOf(e.expr(x.Unit, n.Child(grammar.FieldObject)))
		}
		return nil, x, false
	}
	o, ok := alike(of).(*ir.Object)
	if !ok {
		return nil, x, false
	}
	for _, r := range e.pack.For(o.Type + "." + attr) {
		if t, ok := r.Targets[e.opt.Target]; ok {
			r = t
		}
		if len(r.Values) > 0 {
			return r, x, true
		}
	}
	return nil, x, false
}

// oldValues lists the old values that an expression stands for: an enum member,
// a constant, or a display of them.
func (e *engine) oldValues(x ir.Expr) ([]string, bool) {
	n := e.node(x)
	if n.Is(grammar.KindParenthesizedExpression) {
		return e.oldValues(e.expr(x.Unit, n.FirstChild()))
	}
	if n.Is(grammar.KindTuple, grammar.KindList, grammar.KindSet) {
		var out []string
		for c := range n.Children() {
			if c.Is(grammar.KindComment) {
				continue
			}
			vs, ok := e.oldValues(e.expr(x.Unit, c))
			if !ok {
				return nil, false
			}
			out = append(out, vs...)
		}
		return out, len(out) > 0
	}
	return e.valueNames(e.p.Value(x))
}

func (e *engine) valueNames(v ir.Value) ([]string, bool) {
	switch v := v.(type) {
	case *ir.Symbol:
		return []string{e.enumValue(v.Name)}, true
	case *ir.Unknown:
		// .name and .value of an enum member.
		if s, ok := v.Of.(*ir.Symbol); ok && (v.Attr == "name" || v.Attr == "value") {
			return []string{e.enumValue(s.Name)}, true
		}
	case *ir.Seq:
		if v.Open || len(v.Changes) > 0 {
			return nil, false
		}
		var out []string
		for _, el := range v.Elems {
			vs, ok := e.valueNames(el.Value)
			if !ok {
				return nil, false
			}
			out = append(out, vs...)
		}
		return out, len(out) > 0
	}
	if s, ok := ir.String(v); ok {
		return []string{s}, true
	}
	return nil, false
}

// enumValue is the value of an enum member, or its name where the tables have
// none.
func (e *engine) enumValue(symbol string) string {
	if sym, ok := e.tables.Symbol(symbol); ok && sym.Kind == sdk.EnumMember {
		if v := strings.Trim(sym.Newest().Value, `'"`); v != "" {
			return v
		}
	}
	return symbol[strings.LastIndexByte(symbol, '.')+1:]
}
