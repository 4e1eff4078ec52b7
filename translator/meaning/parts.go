package meaning

import (
	"iter"
	"slices"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/constant"
)

// copyKey names the copy of a value that one call of a function gives.
type copyKey struct {
	s  *site
	of any
}

// forCall gives the result of one call of a function that only builds parts of
// records: a copy whose expressions are meant as this call has them. What other
// callers give does not show in it.
func (in *interp) forCall(s *site, v ir.Value) ir.Value {
	if in.p.cfg.Parts == nil || v == nil || !s.f.builds() {
		return v
	}
	if s.f.branches() {
		if !in.mayHavePart(v) {
			return v
		}
		w, ok := in.returnedFor(s, s.f.body)
		if !ok {
			return v // which of them it is shows only when the program runs
		}
		v = w
	}
	if !in.hasPart(v, 0) {
		return v
	}
	fr := in.callFrame(s, nil)
	clear(fr.Args)
	for i, p := range s.f.params {
		if i < len(s.given) && s.given[i] && p.name != "" && (i > 0 || s.f.class == nil || s.f.static) {
			fr.Args[p.name] = s.args[i]
		}
	}
	return in.copyPart(s, fr, v, 0)
}

// builds reports whether a function's body is nothing but assignments to
// variables and values returned, some of them perhaps on a condition.
func (f *function) builds() bool {
	if !f.body.Is(grammar.KindBlock) || f.yields || f.property || len(f.decorators) > 0 && !f.static {
		return false
	}
	for st := range f.steps(f.body) {
		switch st.Kind() {
		case grammar.KindPassStatement, grammar.KindReturnStatement, grammar.KindIfStatement:
		case grammar.KindExpressionStatement:
			x := st.FirstChild()
			if !x.Is(grammar.KindString) && !(x.Is(grammar.KindAssignment) && x.Child(grammar.FieldLeft).Is(grammar.KindIdentifier)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// branches reports whether what a building function returns may depend on a
// condition.
func (f *function) branches() bool {
	for st := range f.body.Children() {
		if st.Is(grammar.KindIfStatement) {
			return true
		}
	}
	return false
}

// steps yields the statements of a block and, after each if statement, those of
// its branches.
func (f *function) steps(block grammar.Node) iter.Seq[grammar.Node] {
	return func(yield func(grammar.Node) bool) {
		for st := range block.Children() {
			if st.Is(grammar.KindComment) {
				continue
			}
			if !yield(st) {
				return
			}
			if !st.Is(grammar.KindIfStatement) {
				continue
			}
			for _, b := range branchesOf(st) {
				for inner := range f.steps(b) {
					if !yield(inner) {
						return
					}
				}
			}
		}
	}
}

// branchesOf gives the blocks of an if statement.
func branchesOf(st grammar.Node) []grammar.Node {
	out := []grammar.Node{st.Child(grammar.FieldConsequence)}
	for alt := range st.ChildrenOf(grammar.FieldAlternative) {
		if alt.Is(grammar.KindElifClause) {
			out = append(out, alt.Child(grammar.FieldConsequence))
		} else {
			out = append(out, alt.Child(grammar.FieldBody))
		}
	}
	return out
}

// returnedFor gives what a building function returns to one call, following the
// conditions that this call decides. ok is false where it decides one of them
// not, or a variable is set on a condition.
func (in *interp) returnedFor(s *site, block grammar.Node) (v ir.Value, ok bool) {
	for st := range block.Children() {
		switch st.Kind() {
		case grammar.KindReturnStatement:
			x := st.FirstChild()
			if x.IsZero() {
				return none, true
			}
			return s.f.u.vals.get(x.ID()), true
		case grammar.KindIfStatement:
			conditions := []grammar.Node{st.Child(grammar.FieldCondition)}
			for alt := range st.ChildrenOf(grammar.FieldAlternative) {
				conditions = append(conditions, alt.Child(grammar.FieldCondition))
			}
			for i, b := range branchesOf(st) {
				holds, known := true, true
				if !conditions[i].IsZero() {
					holds, known = in.holdsFor(s, conditions[i])
				}
				for inner := range b.Children() {
					if inner.Is(grammar.KindExpressionStatement) && inner.FirstChild().Is(grammar.KindAssignment) {
						return nil, false
					}
				}
				if !known {
					return nil, false
				}
				if holds {
					if v, ok := in.returnedFor(s, b); !ok || v != nil {
						return v, ok
					}
					break
				}
			}
		}
	}
	if block.ID() == s.f.body.ID() {
		return none, true
	}
	return nil, true
}

// holdsFor evaluates a condition on the parameters of a function for one call.
func (in *interp) holdsFor(s *site, n grammar.Node) (holds, known bool) {
	switch n.Kind() {
	case grammar.KindParenthesizedExpression:
		return in.holdsFor(s, n.FirstChild())
	case grammar.KindNotOperator:
		holds, known = in.holdsFor(s, n.FirstChild())
		return !holds, known
	case grammar.KindIdentifier:
		switch v := in.paramFor(s, n).(type) {
		case *ir.Const:
			return constant.Truth(v.V), true
		case *ir.Object, *ir.Instance:
			return true, true
		}
	case grammar.KindComparisonOperator:
		ops := slices.Collect(n.Operators())
		left, right := n.FirstChild(), n.LastChild()
		v := in.paramFor(s, left)
		if len(ops) != 1 || v == nil {
			return false, false
		}
		_, isConst := v.(*ir.Const)
		_, isObject := v.(*ir.Object)
		other, constant := s.f.u.vals.get(right.ID()).(*ir.Const)
		switch {
		case !constant || !isConst && !isObject:
		case ops[0] == "is" || ops[0] == "==":
			return ir.Same(v, other), true
		case ops[0] == "is not" || ops[0] == "!=":
			return !ir.Same(v, other), true
		}
	}
	return false, false
}

// paramFor gives the value of a parameter in one call: what the call gives, or
// the default. Nil if the name is no parameter, or one that is bound anew.
func (in *interp) paramFor(s *site, n grammar.Node) ir.Value {
	if !n.Is(grammar.KindIdentifier) || !in.isParam(s.f, s.f.u.expr(n), n) {
		return nil
	}
	for i, p := range s.f.params {
		if p.name != n.Text() {
			continue
		}
		if i < len(s.given) && s.given[i] {
			return s.args[i].Value
		}
		if !p.deflt.IsZero() {
			return s.f.u.vals.get(p.deflt.ID())
		}
	}
	return nil
}

// buildsPurely reports whether a function of the program has no effect but to
// build a part of a record.
func (p *Program) buildsPurely(f *function) bool {
	if f == nil || f.running || p.cfg.Parts == nil || !f.builds() || !p.in.mayHavePart(f.ret) {
		return false
	}
	f.running = true // a function that calls itself is none
	defer func() { f.running = false }()
	for st := range f.steps(f.body) {
		x := st.FirstChild()
		switch {
		case st.Is(grammar.KindIfStatement):
			for alt := range st.ChildrenOf(grammar.FieldAlternative) {
				if c := alt.Child(grammar.FieldCondition); !c.IsZero() && !p.pure(f.u, c) {
					return false
				}
			}
			x = st.Child(grammar.FieldCondition)
		case x.Is(grammar.KindAssignment):
			x = x.Child(grammar.FieldRight)
		}
		if !x.IsZero() && !p.pure(f.u, x) {
			return false
		}
	}
	return true
}

// mayHavePart reports whether one of the values that v may be is a part, and the
// others are parts or None.
func (in *interp) mayHavePart(v ir.Value) bool {
	found, all := false, true
	each(v, func(v ir.Value) {
		part := in.hasPart(v, 0)
		found, all = found || part, all && (part || ir.IsNone(v))
	})
	return found && all
}

// hasPart reports whether a value is a part of a record, a sequence of them, or a
// dict of which one is a value.
func (in *interp) hasPart(v ir.Value, depth int) bool {
	if depth > 4 {
		return false
	}
	switch v := v.(type) {
	case *ir.Object:
		return in.isPart(v)
	case *ir.Seq:
		if v.Open || v.Comp != (ir.Expr{}) {
			return false
		}
		for _, e := range v.Elems {
			if !in.hasPart(e.Value, depth+1) {
				return false
			}
		}
		return len(v.Elems) > 0
	case *ir.Dict:
		if v.Open {
			return false
		}
		for _, k := range v.Keys {
			if in.hasPart(v.Vals[k].Value, depth+1) {
				return true
			}
		}
	}
	return false
}

func (in *interp) isPart(o *ir.Object) bool {
	return o.IsRecord() && in.p.cfg.Parts(o.Made.Symbol)
}

func (in *interp) callFrame(s *site, inner *ir.Frame) *ir.Frame {
	key := copyKey{s, inner}
	if inner == nil {
		key.of = nil
	}
	fr := in.p.presumed.frames[key]
	if fr == nil {
		fr = &ir.Frame{Args: map[string]ir.Arg{}}
		in.p.presumed.frames[key] = fr
	}
	return fr
}

// copyPart gives the copy of a part, or of what it holds, for one call.
func (in *interp) copyPart(s *site, fr *ir.Frame, v ir.Value, depth int) ir.Value {
	if depth > 8 {
		return v
	}
	key := copyKey{s, v}
	switch x := v.(type) {
	case *ir.Object:
		if !in.isPart(x) || len(x.Changes) > 0 {
			return v
		}
		c, _ := in.p.presumed.copies[key].(*ir.Object)
		if c == nil {
			c = &ir.Object{}
			in.p.presumed.copies[key] = c
			in.p.objects = append(in.p.objects, c)
		}
		*c = ir.Object{Type: x.Type, Elem: x.Elem, Made: x.Made, Presumed: x.Presumed, Fields: map[string]ir.Arg{}, Changes: c.Changes}
		for _, name := range x.Order {
			a := in.argFor(s, fr, x.Fields[name], depth+1)
			if ir.IsNone(a.Value) && a.At != x.Fields[name].At {
				continue // a parameter that this call does not give
			}
			c.Fields[name] = a
			c.Order = append(c.Order, name)
		}
		return c
	case *ir.Seq:
		if !in.hasPart(x, 0) || len(x.Changes) > 0 {
			return v
		}
		c, _ := in.p.presumed.copies[key].(*ir.Seq)
		if c == nil {
			c = &ir.Seq{}
			in.p.presumed.copies[key] = c
			in.p.seqs = append(in.p.seqs, c)
		}
		*c = ir.Seq{Kind: x.Kind, Changes: c.Changes}
		for _, a := range x.Elems {
			c.Elems = append(c.Elems, in.argFor(s, fr, a, depth+1))
		}
		return c
	case *ir.Dict:
		if !in.hasPart(x, 0) || len(x.Changes) > 0 {
			return v
		}
		c, _ := in.p.presumed.copies[key].(*ir.Dict)
		if c == nil {
			c = &ir.Dict{}
			in.p.presumed.copies[key] = c
			in.p.dicts = append(in.p.dicts, c)
		}
		*c = ir.Dict{Vals: map[string]ir.Arg{}, Changes: c.Changes}
		for _, k := range x.Keys {
			dictPut(c, k, in.argFor(s, fr, x.Vals[k], depth+1))
		}
		return c
	case *ir.Text:
		c := &ir.Text{}
		for _, p := range x.Pieces {
			if p.Val != nil {
				a := in.argFor(s, fr, ir.Arg{Value: p.Val, At: p.At}, depth+1)
				p.Val, p.At = a.Value, a.At
			}
			c.Pieces = append(c.Pieces, p)
		}
		return in.fold.intern(c)
	}
	return v
}

// argFor gives an argument of a part as one call has it.
func (in *interp) argFor(s *site, fr *ir.Frame, a ir.Arg, depth int) ir.Arg {
	if a.At.IsZero() {
		a.Value = in.copyPart(s, fr, a.Value, depth)
		return a
	}
	body := s.f.u.expr(s.f.n)
	if a.At.In != nil { // of a function that this one calls
		inner := in.callFrame(s, a.At.In)
		clear(inner.Args)
		for name, b := range a.At.In.Args {
			inner.Args[name] = in.argFor(s, fr, b, depth+1)
		}
		a.At.In = inner
		a.Value = in.copyPart(s, fr, a.Value, depth)
		return a
	}
	if !body.Contains(a.At.Span) {
		return a
	}
	n := in.p.Node(a.At)
	if n.Is(grammar.KindIdentifier) {
		if given, ok := fr.Args[n.Text()]; ok && in.isParam(s.f, a.At, n) {
			given.Param, given.Star = a.Param, a.Star
			return given
		}
	}
	a.At.In = fr
	a.Value = in.copyPart(s, fr, a.Value, depth)
	return a
}

// isParam reports whether a name in a function's body is a parameter of it, and
// nothing else.
func (in *interp) isParam(f *function, at ir.Expr, n grammar.Node) bool {
	r := in.p.byID[at.Unit].reach.get(n.ID())
	if r == nil || len(r.defs) != 1 || r.defs[0].Kind != Param {
		return false
	}
	for _, p := range f.params {
		if p.def == r.defs[0] {
			return p.kind != restParam && p.kind != keysParam
		}
	}
	return false
}
