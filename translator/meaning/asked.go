package meaning

import (
	"maps"
	"slices"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// asked evaluates expressions once more, with other values for some of the
// variables than all ways through the program together give them. Nothing of
// what the analysis has found changes: values are put into tables of its own.
// What does not depend on those variables keeps the value that it has.
type asked struct {
	p *Program
	// bound are the variables with another value than that of the analysis; given
	// has the parameters as well that one call gives the value that they have.
	bound, given map[*Def]ir.Arg
	// scopes are those of the functions and modules that variables are bound in:
	// only what is assigned there may depend on them.
	scopes map[*Scope]bool
	units  map[*unit]*unit
	memo   map[*Def]ir.Value
	needs  [2]map[*Def]bool // whether a definition depends on what is bound, and on what is given
	inside []*function      // functions whose calls are being evaluated
	// afresh: calls are evaluated though they do not depend on what is bound.
	afresh bool
	steps  int
}

// maxAsked bounds the nodes that one question evaluates.
const maxAsked = 20000

func newAsked(p *Program) *asked {
	return &asked{p: p, bound: map[*Def]ir.Arg{}, given: map[*Def]ir.Arg{}, scopes: map[*Scope]bool{}, units: map[*unit]*unit{},
		memo: map[*Def]ir.Value{}, needs: [2]map[*Def]bool{{}, {}}}
}

// copy gives one in which more can be bound.
func (a *asked) copy() *asked {
	c := newAsked(a.p)
	c.bound, c.given, c.scopes = maps.Clone(a.bound), maps.Clone(a.given), maps.Clone(a.scopes)
	return c
}

// bind gives a variable its value.
func (a *asked) bind(d *Def, v ir.Arg) {
	v.Param, v.Star = "", 0
	a.bound[d], a.given[d] = v, v
	for s := d.Scope; s != nil; s = s.Parent {
		if a.scopes[s] = true; s.Kind != ComprehensionScope {
			break
		}
	}
	a.forget()
}

// forget drops what was found out with less bound.
func (a *asked) forget() {
	clear(a.memo)
	clear(a.needs[0])
	clear(a.needs[1])
}

// bindTarget binds the target of a loop to an element.
func (a *asked) bindTarget(u *unit, n grammar.Node, v ir.Arg) {
	switch n.Kind() {
	case grammar.KindIdentifier:
		if d := u.defAt.get(n.ID()); d != nil {
			a.bind(d, v)
		}
	case grammar.KindPatternList, grammar.KindTuplePattern, grammar.KindListPattern, grammar.KindTuple, grammar.KindParenthesizedExpression:
		var parts []grammar.Node
		for c := range n.Children() {
			if !c.Is(grammar.KindComment, grammar.KindLineContinuation) {
				parts = append(parts, c)
			}
		}
		if n.Is(grammar.KindParenthesizedExpression) && len(parts) == 1 {
			a.bindTarget(u, parts[0], v)
			return
		}
		for i, c := range parts {
			var part ir.Arg
			a.with(u, func(in *interp) { part.Value, part.At = in.item(v.Value, i, len(parts), false, c) })
			a.bindTarget(u, c, part)
		}
	}
}

// sitesOf gives a call of a function with its arguments as they are with what is
// bound. What hands a function to something else, which calls it for each element
// of a sequence, is a call for each of them.
func (a *asked) sitesOf(s *site) []*site {
	t := *s
	if fn := s.n.Child(grammar.FieldFunction); s.n.Is(grammar.KindCall) && a.calls(s, fn) {
		var recv ir.Value
		if s.f.class != nil && !s.f.static && len(s.given) > 0 && s.given[0] {
			recv = s.args[0].Value
		}
		a.with(s.u, func(in *interp) {
			args := in.arguments(s.n.Child(grammar.FieldArguments))
			for i := range args {
				args[i].Value, args[i].At = a.placed(args[i].Value, 0), a.expr(args[i].At)
			}
			in.bindSite(&t, recv, args)
		})
		return []*site{&t}
	}
	for i, x := range s.args {
		j, several := x.Value.(*ir.Join)
		if !several {
			continue
		}
		var out []*site
		for _, v := range j.Of {
			c := t
			c.args = slices.Clone(t.args)
			c.args[i] = ir.Arg{Param: x.Param, Value: v}
			out = append(out, &c)
		}
		return out
	}
	return []*site{&t}
}

// enterFunction binds the parameters of a function as one call of it has them.
func (a *asked) enterFunction(s *site) {
	a.scopes[s.f.scope] = true
	a.bindParams(s)
}

// calls reports whether a call node calls the function of the site itself, and
// does not hand it to something that will.
func (a *asked) calls(s *site, fn grammar.Node) bool {
	is := false
	each(s.u.vals.get(fn.ID()), func(v ir.Value) {
		switch x := v.(type) {
		case *ir.Function:
			is = is || a.p.byDef[x.Def] == s.f && a.p.presumed.partial[v] == nil
		case *ir.Class:
			is = is || s.f.name == "__init__"
		case *ir.Instance:
			is = is || s.f.name == "__call__"
		}
	})
	return is
}

// bindParams binds parameters where a call gives them another value than all
// calls together. The object of a method is the same in all of them.
func (a *asked) bindParams(s *site) {
	for i, p := range s.f.params {
		switch {
		case p.def == nil || i >= len(s.given) || !s.given[i] || s.args[i].Value == nil || i == 0 && s.f.class != nil && !s.f.static:
		case sameValue(s.args[i].Value, p.def.Value):
			a.given[p.def] = s.args[i]
		default:
			a.bind(p.def, s.args[i])
		}
	}
	a.forget()
}

// with lets the interpreter evaluate parts of a unit.
func (a *asked) with(u *unit, g func(in *interp)) {
	in := a.p.in
	own := a.units[u]
	if own == nil {
		c := *u
		none := newNodeSet(u.Tree.Len())
		c.vals, c.reach = newByNode[ir.Value](none), newByNode[*binding](none)
		c.calls, c.sites, c.parts, c.manages = map[int32]*ir.Call{}, map[siteKey]*site{}, map[objKey]*ir.Unknown{}, maps.Clone(u.manages)
		c.unknown, c.object = map[int32]*ir.Unknown{}, map[objKey]*ir.Object{}
		c.seq, c.dict = map[turnKey]*ir.Seq{}, map[turnKey]*ir.Dict{}
		own = &c
		a.units[u] = own
	}
	old := in.asked
	in.asked = a
	in.aside(own, u.m, &frame{scope: u.m.scope, env: newEnv(len(u.m.scope.order))}, nil, func() { g(in) })
	in.asked = old
}

// value evaluates an expression.
func (a *asked) value(u *unit, n grammar.Node) (v ir.Value) {
	if !a.depends(u, n) {
		return a.p.Value(u.expr(n))
	}
	a.with(u, func(in *interp) { v = in.eval(n) })
	if v == nil {
		v = a.p.Value(u.expr(n))
	}
	return v
}

// arg gives an argument as it is with what is bound: its value, and the
// expression outside of the functions around it that gives it.
func (a *asked) arg(x ir.Arg) ir.Arg {
	u, n := a.p.byID[x.At.Unit], a.p.Node(x.At)
	if u == nil || n.IsZero() || x.At.IsZero() {
		return x
	}
	return ir.Arg{Param: x.Param, Star: x.Star, Value: a.placed(a.value(u, n), 0), At: a.expr(x.At)}
}

// expr gives the expression by which a bound variable got its value, e itself
// where that does not depend on what is bound, and else none.
func (a *asked) expr(e ir.Expr) ir.Expr {
	u, n := a.p.byID[e.Unit], a.p.Node(e)
	if e.IsZero() || u == nil || n.IsZero() || !a.dependsOn(a.given, u, n) {
		return e
	}
	if n.Is(grammar.KindIdentifier) {
		if b := u.reach.get(n.ID()); b != nil {
			if ds := a.feasible(b.defs, place{u, n}); len(ds) == 1 {
				if v, ok := a.given[ds[0]]; ok {
					return v.At
				}
				if right := ds[0].assigned(); !right.IsZero() {
					return a.expr(ds[0].u.expr(right))
				}
			}
		}
	}
	return ir.Expr{}
}

// placed gives a text whose pieces have their expressions outside of the
// functions around it.
func (a *asked) placed(v ir.Value, depth int) ir.Value {
	t, ok := v.(*ir.Text)
	if !ok || depth > maxWithin {
		return v
	}
	c := &ir.Text{Pieces: slices.Clone(t.Pieces)}
	for i, p := range c.Pieces {
		if p.Val != nil {
			c.Pieces[i] = ir.Piece{Val: a.placed(p.Val, depth+1), At: a.expr(p.At)}
		}
	}
	return a.p.in.fold.intern(c)
}

// listed gives the elements of a sequence that a loop runs through, where they are
// known one by one.
func (a *asked) listed(u *unit, n grammar.Node, v ir.Value) ([]ir.Arg, bool) {
	if es, ok := elementsListed(v); ok {
		return es, true
	}
	for range maxInside {
		if !n.Is(grammar.KindIdentifier) {
			break
		}
		b := u.reach.get(n.ID())
		if b == nil || len(b.defs) != 1 || b.defs[0].assigned().IsZero() {
			break
		}
		u, n = b.defs[0].u, b.defs[0].assigned()
	}
	if s, ok := v.(*ir.Seq); !n.Is(grammar.KindCall) || ok && len(s.Changes) > 0 {
		return nil, false
	}
	a.afresh = true
	a.with(u, func(in *interp) { v = in.eval(n) })
	a.afresh = false
	return elementsListed(v)
}

func (a *asked) element(u *unit, v ir.Value, n grammar.Node) (e ir.Value) {
	a.with(u, func(in *interp) { e = in.element(v, n) })
	return e
}

// eval evaluates a node for the interpreter.
func (a *asked) eval(in *interp, n grammar.Node) ir.Value {
	was := a.original(in.u)
	if a.steps++; a.steps > maxAsked || !a.depends(was, n) && !(a.afresh && n.Is(grammar.KindCall)) {
		return in.put(n, was.vals.get(n.ID()))
	}
	switch n.Kind() {
	case grammar.KindIdentifier:
		return in.put(n, a.name(was, n))
	case grammar.KindListComprehension, grammar.KindGeneratorExpression, grammar.KindSetComprehension:
		if v := a.comprehension(in, was, n); v != nil {
			return in.put(n, v)
		}
		return in.put(n, was.vals.get(n.ID()))
	case grammar.KindDictionaryComprehension, grammar.KindYield, grammar.KindLambda:
		return in.put(n, was.vals.get(n.ID()))
	}
	return in.put(n, in.expression(n))
}

// found gives the value of a node that has been evaluated.
func (in *interp) found(n grammar.Node) ir.Value {
	v := in.u.vals.get(n.ID())
	if v == nil && in.asked != nil {
		v = in.asked.original(in.u).vals.get(n.ID())
	}
	return v
}

// original gives the unit of whose tables a unit is the copy.
func (a *asked) original(u *unit) *unit { return a.p.byID[u.ID] }

// name gives what a variable holds.
func (a *asked) name(u *unit, n grammar.Node) ir.Value {
	b := u.reach.get(n.ID())
	if b == nil {
		return u.vals.get(n.ID())
	}
	var out ir.Value
	for _, d := range a.feasible(b.defs, place{u, n}) {
		out = join(out, a.defined(d))
	}
	return out
}

// defined gives what a definition gives its variable.
func (a *asked) defined(d *Def) ir.Value {
	if v, ok := a.bound[d]; ok {
		return v.Value
	}
	if v, ok := a.memo[d]; ok {
		return v
	}
	a.memo[d] = d.Value
	if !a.madeOf(a.bound, d) {
		return d.Value
	}
	v := d.Value
	switch {
	case d.Kind == Augmented:
		aug := d.n.Parent()
		left, right := aug.Child(grammar.FieldLeft), aug.Child(grammar.FieldRight)
		old := a.name(d.u, left)
		op := aug.Operator()
		if _, list := only(old).(*ir.Seq); !list && len(op) > 1 {
			a.with(d.u, func(in *interp) { v = in.binary(aug, op[:len(op)-1], old, in.eval(right), left, right) })
		}
	case d.Kind == With && d.n.Parent().Is(grammar.KindAsPatternTarget):
		manager := d.n.Parent().Parent().FirstChild()
		a.with(d.u, func(in *interp) { v = in.enter(manager, in.eval(manager)) })
	default:
		if right := d.assigned(); !right.IsZero() {
			v = a.value(d.u, right)
		} else if list, right, i, n := d.unpacked(); !right.IsZero() {
			of := a.value(d.u, right)
			a.with(d.u, func(in *interp) { v, _ = in.item(of, i, n, false, list) })
		}
	}
	if v == nil {
		v = d.Value
	}
	a.memo[d] = v
	return v
}

// assigned gives the expression that an assignment to a single name gives it;
// the zero Node for all other definitions.
func (d *Def) assigned() grammar.Node {
	switch as := d.n.Parent(); {
	case d.Kind == Assign && as.Is(grammar.KindAssignment) && as.Child(grammar.FieldLeft).ID() == d.n.ID():
		right := as.Child(grammar.FieldRight)
		for right.Is(grammar.KindAssignment) { // a = b = value
			right = right.Child(grammar.FieldRight)
		}
		return right
	case d.Kind == Walrus && as.Is(grammar.KindNamedExpression):
		return as.Child(grammar.FieldValue)
	}
	return grammar.Node{}
}

// unpacked gives, for a name in a list of targets, its node, the expression
// that is unpacked and its place among how many.
func (d *Def) unpacked() (target, right grammar.Node, i, n int) {
	list := d.n.Parent()
	if d.Kind != Assign || !list.Is(grammar.KindPatternList, grammar.KindTuplePattern) || !list.Parent().Is(grammar.KindAssignment) {
		return target, right, 0, 0
	}
	for c := range list.Children() {
		if c.ID() == d.n.ID() {
			i = n
		}
		if c.Is(grammar.KindListSplatPattern) {
			return target, right, 0, 0
		}
		if !c.Is(grammar.KindComment, grammar.KindLineContinuation) {
			n++
		}
	}
	return d.n, list.Parent().Child(grammar.FieldRight), i, n
}

// depends reports whether the value of a node may be another with what is bound.
func (a *asked) depends(u *unit, n grammar.Node) bool { return a.dependsOn(a.bound, u, n) }

// dependsOn is depends for a set of variables: those that are bound, or given.
func (a *asked) dependsOn(set map[*Def]ir.Arg, u *unit, n grammar.Node) bool {
	t := n.Tree()
	for id := n.ID(); id <= n.Last(); id++ {
		if !t.Node(id).Is(grammar.KindIdentifier) {
			continue
		}
		b := u.reach.get(id)
		if b == nil {
			continue
		}
		for _, d := range b.defs {
			if a.madeOf(set, d) || len(b.defs) > 1 && a.chosen(d) {
				return true
			}
		}
	}
	return false
}

func (a *asked) madeOf(set map[*Def]ir.Arg, d *Def) bool {
	if _, ok := set[d]; ok {
		return true
	}
	if !a.scopes[d.Scope] && d.Scope.Kind != ComprehensionScope {
		return false
	}
	needs := a.needs[0]
	if len(set) != len(a.bound) {
		needs = a.needs[1]
	}
	if is, ok := needs[d]; ok {
		return is
	}
	needs[d] = false
	is := false
	switch d.Kind {
	case Augmented:
		is = a.dependsOn(set, d.u, d.n.Parent())
	case With:
		is = a.dependsOn(set, d.u, d.n.Parent().Parent())
	case Comprehension, For:
		for up := d.n.Parent(); !up.IsZero(); up = up.Parent() {
			if up.Is(grammar.KindForInClause, grammar.KindForStatement) {
				is = a.dependsOn(set, d.u, up.Child(grammar.FieldRight))
				break
			}
		}
	default:
		right := d.assigned()
		if right.IsZero() {
			_, right, _, _ = d.unpacked()
		}
		is = !right.IsZero() && a.dependsOn(set, d.u, right)
	}
	needs[d] = is
	return is
}

// chosen reports whether what is bound decides on a condition around a
// definition.
func (a *asked) chosen(d *Def) bool {
	if !a.scopes[d.Scope] {
		return false
	}
	for n := d.n; !n.IsZero() && !n.Is(grammar.KindFunctionDefinition, grammar.KindLambda); n = n.Parent() {
		if n.Is(grammar.KindIfStatement, grammar.KindElifClause) && a.depends(d.u, n.Child(grammar.FieldCondition)) {
			return true
		}
	}
	return false
}

// feasible leaves out definitions that cannot reach a place with what is bound:
// those on branches that are not taken, and those before one that is.
func (a *asked) feasible(defs []*Def, at place) []*Def {
	if len(defs) < 2 {
		return defs
	}
	var out []*Def
	for _, d := range defs {
		if !a.scopes[d.Scope] {
			return defs
		}
		if d.Kind == Param {
			out = append(out, d)
			continue
		}
		possible, sure := a.branch(place{d.u, d.n}, at)
		if !possible {
			continue
		}
		if sure && d.u == at.u && d.n.ID() < at.n.ID() {
			out = nil
		}
		out = append(out, d)
	}
	if len(out) == 0 {
		return defs
	}
	return out
}

// comprehension evaluates a comprehension of one clause: a list of what its
// element is for each element of a sequence that is known.
func (a *asked) comprehension(in *interp, u *unit, n grammar.Node) ir.Value {
	var clause, body grammar.Node
	var conditions []grammar.Node
	for c := range n.Children() {
		switch {
		case c.Is(grammar.KindForInClause):
			if !clause.IsZero() {
				return nil
			}
			clause = c
		case c.Is(grammar.KindIfClause):
			conditions = append(conditions, c.FirstChild())
		case body.IsZero() && !c.Is(grammar.KindComment, grammar.KindLineContinuation):
			body = c
		}
	}
	if clause.IsZero() || body.IsZero() {
		return nil
	}
	of := in.eval(clause.Child(grammar.FieldRight))
	left := clause.Child(grammar.FieldLeft)
	s := &ir.Seq{}
	if n.Is(grammar.KindSetComprehension) {
		s.Kind = ir.SetSeq
	}
	listed, known := elementsListed(of)
	if !known {
		listed = []ir.Arg{{Value: in.element(of, left)}}
	}
	for _, e := range listed {
		c := a.copy()
		c.inside, c.steps = a.inside, a.steps
		c.bindTarget(u, left, e)
		taken := true
		for _, cond := range conditions {
			t, ok := truthOf(c.value(u, cond))
			taken, known = taken && (t || !ok), known && ok
		}
		v := c.arg(ir.Arg{At: u.expr(body)})
		a.steps = c.steps
		if taken {
			s.Elems = append(s.Elems, v)
		}
	}
	if !known {
		s.Open, s.Comp = true, u.expr(n)
		for _, e := range s.Elems {
			s.Each = join(s.Each, e.Value)
		}
		s.Elems = nil
	}
	return s
}

// maxInside bounds calls within calls.
const maxInside = 4

// callFunction gives what a function of the program returns for the arguments
// of one call; nil where that does not show.
func (a *asked) callFunction(in *interp, n grammar.Node, f *function, recv ir.Value, args []ir.Arg) ir.Value {
	if f.yields || f.property || len(a.inside) >= maxInside || slices.Contains(a.inside, f) || a.scopes[f.scope] {
		return nil
	}
	s := &site{f: f, u: a.original(in.u), n: n}
	in.bindSite(s, recv, args)
	c := a.copy()
	c.inside, c.steps = append(slices.Clip(a.inside), f), a.steps
	c.scopes[f.scope] = true
	c.bindParams(s)
	var out ir.Value
	if !f.body.Is(grammar.KindBlock) {
		out = c.arg(ir.Arg{At: f.u.expr(f.body)}).Value
	} else {
		t, certain := f.body.Tree(), false
		for id := f.body.ID(); id <= f.body.Last() && !certain; id++ {
			r := t.Node(id)
			if r.Is(grammar.KindFunctionDefinition, grammar.KindLambda, grammar.KindClassDefinition) {
				id = r.Last()
				continue
			}
			if !r.Is(grammar.KindReturnStatement) {
				continue
			}
			possible, sure := c.reached(place{f.u, r})
			if !possible {
				continue
			}
			certain = sure && len(a.p.loopsAround(place{f.u, r})) == 0
			var v ir.Value = none
			if x := r.FirstChild(); !x.IsZero() {
				v = c.arg(ir.Arg{At: f.u.expr(x)}).Value
			}
			out = join(out, v)
		}
		if !certain {
			out = join(out, none)
		}
	}
	a.steps = c.steps
	if out == nil {
		return nil
	}
	return in.ofCall(f, n, out)
}

// listedPairs gives what enumerate and zip yield for sequences that are known,
// one tuple for each turn: it matters where turns are looked at one by one.
func (in *interp) listedPairs(n grammar.Node, name string, args []ir.Arg) ir.Value {
	if in.asked == nil {
		return nil
	}
	var columns [][]ir.Arg
	count := -1
	for i, a := range args {
		if a.Star != 0 || name == "enumerate" && i > 0 {
			break
		}
		column, ok := elementsListed(a.Value)
		if !ok {
			return nil
		}
		if columns = append(columns, column); count < 0 || len(column) < count {
			count = len(column)
		}
	}
	if count < 0 || name == "zip" && len(columns) < len(args) {
		return nil
	}
	s := in.newSeq(n, ir.ListSeq)
	for i := range count {
		var parts []ir.Arg
		if name == "enumerate" {
			parts = append(parts, ir.Arg{Value: &ir.Unknown{Why: "index", Type: "int"}})
		}
		for _, c := range columns {
			parts = append(parts, c[i])
		}
		s.Elems = append(s.Elems, pairOf(parts...))
	}
	return s
}

// pairOf gives a tuple of its parts.
func pairOf(parts ...ir.Arg) ir.Arg {
	t := &ir.Seq{Kind: ir.TupleSeq}
	for _, p := range parts {
		p.Param = ""
		t.Elems = append(t.Elems, p)
	}
	return ir.Arg{Value: t}
}
