package rewrite

import (
	"maps"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/meaning"
)

// compareStates rewrites the comparisons of an attribute whose values have
// other names in the new SDK: one old value may be several new ones. What is
// compared need not be the attribute itself: a variable, a property or a
// function of the program's own may hand it on.
func (e *engine) compareStates() {
	read := map[string][]*ir.Use{} // reads of such attributes, by symbol
	for _, u := range e.uses {
		if u.Kind != ir.AttrUse || e.found[u] != nil {
			continue // or an earlier run left it to a person, and looked at what compares it
		}
		if r, _, ok := e.stateOf(u.At); ok {
			read[r.ID] = append(read[r.ID], u)
		}
	}
	if len(read) == 0 {
		return
	}
	for _, unit := range e.units {
		if unit.Tree == nil {
			continue
		}
		for id := int32(0); id < int32(unit.Tree.Len()); id++ {
			switch n := unit.Tree.Node(id); n.Kind() {
			case grammar.KindComparisonOperator:
				e.compare(e.expr(unit.ID, n), read)
			case grammar.KindSubscript, grammar.KindCall:
				e.lookUp(e.expr(unit.ID, n), read)
			}
		}
	}
}

// compare rewrites one comparison, if it is of such an attribute; read lists
// the reads of these attributes by rule.
func (e *engine) compare(at ir.Expr, read map[string][]*ir.Use) {
	if e.cover[keyOf(at)] != nil || e.stmtMarked(at) {
		return
	}
	n := e.node(at)
	var sides []grammar.Node
	for c := range n.Children() {
		if !c.Is(grammar.KindComment, grammar.KindLineContinuation) {
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
	u := e.readBy(r, state, at, read)
	if u == nil {
		return
	}
	if e.readsState(left) && e.readsState(right) {
		a := &application{rule: r, use: u, stmt: e.p.Stmt(at)}
		a.ctx = e.context(r, u)
		e.leave(a, e.unplaced(a, "both are asked for when they are compared: keep the earlier one in a variable"))
		return
	}
	if _, isDict := single(e.p.Value(other)).(*ir.Dict); (op == "in" || op == "not in") && (e.compareNamed(r, u, other) || isDict && e.nameAnew(r, u, other)) {
		return
	}
	if names := e.namesGiven(r, other); names != nil && (op == "==" || op == "!=") && e.p.Pure(other) {
		a := e.stateAnswer(r, u, at)
		a.ctx.emitted = append(a.ctx.emitted, state.Span, other.Span)
		table, one := e.tableOf(names, &ir.Source{Arg: ir.Arg{At: other}})
		word := " " + op + " "
		switch {
		case one:
		case op == "!=":
			word = " not in "
		default:
			word = " in "
		}
		e.replaceNode(a, at, &mixed{parts: []part{{term: &ir.Source{Arg: ir.Arg{At: state}}, tight: true}, {text: word}, {term: table}}})
		e.cover[keyOf(at)] = &coverage{at: at, app: a}
		return
	}
	old, ok := e.oldValues(other)
	if e.given(other) {
		if slices.ContainsFunc(old, func(v string) bool { _, known := newNames(r, v); return known }) && !e.fromSDK(e.p.Value(other)) {
			a := &application{rule: r, use: u, stmt: e.p.Stmt(at)}
			a.ctx = e.context(r, u)
			e.leave(a, e.unplaced(a, "the callers give "+oneLine(e.source(other.Span))+" by its old name"))
		}
		return // what the callers give, they give by its new name
	}
	if !ok {
		return
	}
	values, ok := newValues(r, old)
	if !ok {
		return
	}
	negated := op == "!=" || op == "not in" || op == "is not"
	a := e.stateAnswer(r, u, at)
	if now, ok := strings.CutPrefix(r.To, "'"); ok && e.p.Pure(state) {
		// The attribute has one value in the new SDK: the comparison is decided.
		e.replaceNode(a, at, &ir.Literal{V: slices.Contains(values, strings.TrimSuffix(now, "'")) != negated})
		e.cover[keyOf(at)] = &coverage{at: at, app: a}
		return
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

// readsState reports whether an expression itself reads such an attribute.
func (e *engine) readsState(x ir.Expr) bool {
	_, inner, ok := e.stateOf(x)
	if !ok || !e.node(inner).Is(grammar.KindAttribute) {
		return false
	}
	for u := range e.usesIn(inner.Span) {
		if u.Kind == ir.AttrUse && keyOf(u.At) == keyOf(inner) {
			return true
		}
	}
	return false
}

// stateAnswer is the answer to a use of such an attribute, where its values are
// compared or looked for.
func (e *engine) stateAnswer(r *rules.Rule, u *ir.Use, at ir.Expr) *application {
	a := &application{rule: r, use: u, stmt: e.p.Stmt(at), answer: &ir.Answer{}}
	a.ctx = e.context(r, u)
	a.ctx.stmt, a.ctx.place = a.stmt, a.stmt
	for _, code := range r.Notes {
		a.notes = append(a.notes, e.ruleNote(a, code))
	}
	return a
}

// compareNamed rewrites the displays of old values that a comparison names: a
// constant of the module, an argument of the callers. The comparison itself
// stays.
func (e *engine) compareNamed(r *rules.Rule, u *ir.Use, other ir.Expr) bool {
	if e.node(other).Is(grammar.KindParenthesizedExpression, grammar.KindTuple, grammar.KindList, grammar.KindSet) {
		return false
	}
	displays := map[ir.Expr][]string{}
	ok := false
	all := func(v ir.Value) bool {
		s, isSeq := v.(*ir.Seq)
		if !isSeq {
			return false
		}
		x, found := e.displayOf(s)
		if !found || e.stmtMarked(x) {
			return false
		}
		old, found := e.oldValues(x)
		if !found {
			return false
		}
		now, found := newValues(r, old)
		displays[x] = now
		return found && (e.holdsUse(x) || e.onlyCompared(r, s))
	}
	switch v := e.p.Value(other).(type) {
	case *ir.Join:
		ok = !slices.ContainsFunc(v.Of, func(x ir.Value) bool { return !all(x) })
	default:
		ok = all(v)
	}
	if !ok {
		return false
	}
	for _, x := range slices.SortedFunc(maps.Keys(displays), func(a, b ir.Expr) int { return compareSpans(a.Span, b.Span) }) {
		if e.repl.get(keyOf(x)) != nil {
			continue
		}
		a := e.stateAnswer(r, u, x)
		list := &ir.ListOf{Tuple: e.node(x).Is(grammar.KindTuple)}
		for _, v := range displays[x] {
			list.Items = append(list.Items, &ir.Literal{V: v})
		}
		var t ir.Term = list
		if e.node(x).Is(grammar.KindSet) {
			set := &mixed{primary: true, parts: []part{{text: "{"}}}
			for i, item := range list.Items {
				if i > 0 {
					set.parts = append(set.parts, part{text: ", "})
				}
				set.parts = append(set.parts, part{term: item})
			}
			set.parts = append(set.parts, part{text: "}"})
			t = set
		}
		e.replaceNode(a, x, t)
		e.cover[keyOf(x)] = &coverage{at: x, app: a}
	}
	return true
}

// copies are the functions whose result holds what their argument holds.
var copies = map[string]bool{"builtins.list": true, "builtins.tuple": true, "builtins.set": true, "builtins.frozenset": true}

// displayOf gives the list, tuple or set display that makes a value.
func (e *engine) displayOf(s *ir.Seq) (ir.Expr, bool) {
	if e.displays == nil {
		e.displays = map[*ir.Seq]ir.Expr{}
		for _, u := range e.units {
			if u.Tree == nil {
				continue
			}
			for id := range int32(u.Tree.Len()) {
				n := u.Tree.Node(id)
				x := e.expr(u.ID, n)
				if n.Is(grammar.KindCall) {
					// frozenset([...]) holds what its argument holds.
					n = n.Child(grammar.FieldArguments)
					if c := e.p.CallAt(x); c == nil || !copies[c.Symbol] || !n.Is(grammar.KindArgumentList) || n.FirstChild().IsZero() || n.FirstChild().ID() != n.LastChild().ID() {
						continue
					}
					n = n.FirstChild()
				}
				if n.Is(grammar.KindTuple, grammar.KindList, grammar.KindSet) {
					if s, ok := e.p.Value(x).(*ir.Seq); ok {
						e.displays[s] = e.expr(u.ID, n)
					}
				}
			}
		}
	}
	x, ok := e.displays[s]
	inner, isSeq := e.p.Value(x).(*ir.Seq)
	return x, ok && isSeq && !inner.Open && len(inner.Changes)+len(s.Changes) == 0
}

// onlyCompared reports whether all that the program does with a sequence of
// constants is to look for such an attribute's value in it.
func (e *engine) onlyCompared(r *rules.Rule, s *ir.Seq) bool {
	return e.readOnly(s, func(x ir.Expr) (serves, ok bool) {
		n := e.node(x)
		p := n.Parent()
		if p.Is(grammar.KindArgumentList, grammar.KindKeywordArgument) {
			return false, true // to a parameter, whose readers count
		}
		if !p.Is(grammar.KindComparisonOperator) || p.LastChild().ID() != n.ID() {
			return false, false
		}
		rule, _, ok := e.stateOf(e.expr(x.Unit, p.FirstChild()))
		return true, ok && rule == r
	})
}

// readOnly reports whether the program keeps a value to itself, every reader of
// it but imports is ok, and one at least serves.
func (e *engine) readOnly(v ir.Value, as func(reader ir.Expr) (serves, ok bool)) bool {
	found := false
	for d := range e.p.AllDefs() {
		if !mayHold(d.Value, v) || d.Kind == meaning.Import {
			continue
		}
		if e.p.Escapes(d) {
			return false
		}
		for _, x := range e.p.Readers(d) {
			if e.node(x).Parent().Is(grammar.KindImportFromStatement, grammar.KindDottedName) {
				continue
			}
			serves, ok := as(x)
			if !ok {
				return false
			}
			found = found || serves
		}
	}
	return found
}

// fromSDK reports whether a value is a name of the old SDK, which is rewritten
// where it stands.
func (e *engine) fromSDK(v ir.Value) bool {
	switch v := v.(type) {
	case *ir.Symbol:
		return hasPrefix(v.Name, e.migration.Primary)
	case *ir.Join:
		return !slices.ContainsFunc(v.Of, func(x ir.Value) bool { return !e.fromSDK(x) })
	case *ir.Seq:
		return !v.Open && !slices.ContainsFunc(v.Elems, func(x ir.Arg) bool { return !e.fromSDK(x.Value) })
	}
	return false
}

// given reports whether an expression is nothing but a parameter.
func (e *engine) given(x ir.Expr) bool {
	if !e.node(x).Is(grammar.KindIdentifier) {
		return false
	}
	defs := e.p.Defs(x)
	return len(defs) > 0 && !slices.ContainsFunc(defs, func(d meaning.Def) bool { return d.Kind != meaning.Param })
}

// newValues gives the new values for old ones, each once.
func newValues(r *rules.Rule, old []string) (values []string, ok bool) {
	for _, v := range old {
		now, ok := newNames(r, v)
		if !ok {
			return nil, false
		}
		for _, x := range now {
			if !slices.Contains(values, x) {
				values = append(values, x)
			}
		}
	}
	return values, true
}

// readBy gives the read of the attribute that a comparison is about: the one in
// the comparison itself, else one from which the value comes.
func (e *engine) readBy(r *rules.Rule, state, at ir.Expr, read map[string][]*ir.Use) *ir.Use {
	for _, u := range read[r.ID] {
		if at.Contains(u.At.Span) {
			return u
		}
	}
	v := e.p.Value(state)
	for _, u := range read[r.ID] {
		if mayHold(v, e.p.Value(u.At)) {
			return u
		}
	}
	return nil
}

// mayHold reports whether v, or one of the values that it joins, is w or one of
// the values that w joins.
func mayHold(v, w ir.Value) bool {
	if j, ok := w.(*ir.Join); ok {
		return slices.ContainsFunc(j.Of, func(x ir.Value) bool { return mayHold(v, x) })
	}
	if j, ok := v.(*ir.Join); ok {
		return slices.ContainsFunc(j.Of, func(x ir.Value) bool { return mayHold(x, w) })
	}
	return v == w
}

// newNames gives the new values for an old one.
func newNames(r *rules.Rule, old string) ([]string, bool) {
	if now, ok := r.Values[old]; ok {
		return now, true
	}
	for k, now := range r.Values {
		if strings.EqualFold(k, old) {
			return now, true
		}
	}
	return nil, false
}

// stmtMarked reports whether an expression stands under a mark of an earlier
// run.
func (e *engine) stmtMarked(x ir.Expr) bool {
	stmt := e.p.Stmt(x)
	return e.hasMark(stmt.Unit, stmt.Start)
}

// stateRule gives the rule of an attribute whose values have other names, nil
// where there is none.
func (e *engine) stateRule(symbol string) *rules.Rule {
	for _, r := range e.migration.For(symbol) {
		if len(r.Values) > 0 {
			return r
		}
	}
	return nil
}

// caseMethods change the case of a text.
var caseMethods = map[string]bool{"lower": true, "upper": true, "title": true, "capitalize": true}

// stateOf gives the rule of the attribute that an expression reads, directly or
// through a variable or function, and the expression itself: without .name,
// .value or a change of case.
func (e *engine) stateOf(x ir.Expr) (*rules.Rule, ir.Expr, bool) {
	n := e.node(x)
	for n.Is(grammar.KindParenthesizedExpression) {
		n = n.FirstChild()
		x = e.expr(x.Unit, n)
	}
	if fn := n.Child(grammar.FieldFunction); n.Is(grammar.KindCall) && fn.Is(grammar.KindAttribute) && caseMethods[fn.Child(grammar.FieldAttribute).Text()] {
		return e.stateOf(e.expr(x.Unit, fn.Child(grammar.FieldObject)))
	}
	v := e.p.Value(x)
	if n.Is(grammar.KindAttribute) {
		if name := n.Child(grammar.FieldAttribute).Text(); name == "name" || name == "value" {
			if r, inner, ok := e.stateOf(e.expr(x.Unit, n.Child(grammar.FieldObject))); ok {
				for u := range e.usesIn(x.Span) {
					if u.Kind == ir.AttrUse && keyOf(u.At) == keyOf(x) {
						return r, x, true // it gives the new value itself
					}
				}
				return r, inner, true
			}
		}
	}
	r := e.stateValue(v)
	return r, x, r != nil
}

// stateValue gives the rule of the attribute that a value certainly is, however
// many paths lead there; a variable may be None before it is set.
func (e *engine) stateValue(v ir.Value) *rules.Rule {
	var of ir.Value
	var attr string
	switch v := v.(type) {
	case *ir.Join:
		var one *rules.Rule
		for _, x := range v.Of {
			if ir.IsNone(x) {
				continue
			}
			r := e.stateValue(x)
			if r == nil || one != nil && r != one {
				return nil
			}
			one = r
		}
		return one
	case *ir.Unknown:
		of, attr = v.Of, v.Attr
	case *ir.Object:
		of, attr = v.From, v.Attr
	}
	if of == nil {
		return nil
	}
	if attr == "name" || attr == "value" {
		if r := e.stateValue(of); r != nil {
			return r // read off it before it was handed on
		}
	}
	o, ok := alike(of).(*ir.Object)
	if !ok {
		return nil
	}
	return e.stateRule(o.Type + "." + attr)
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
			if c.Is(grammar.KindComment, grammar.KindLineContinuation) {
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
