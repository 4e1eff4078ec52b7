package meaning

import (
	"pyxlate/grammar"
	"pyxlate/rules/ir"
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
	if in.p.cfg.Parts == nil || v == nil || !s.f.builds() || !in.hasPart(v, 0) {
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
// variables and a value returned.
func (f *function) builds() bool {
	if !f.body.Is(grammar.KindBlock) || f.yields || f.property || len(f.decorators) > 0 && !f.static {
		return false
	}
	for st := range f.body.Children() {
		switch st.Kind() {
		case grammar.KindComment, grammar.KindPassStatement, grammar.KindReturnStatement:
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

// buildsPurely reports whether a function of the program has no effect but to
// build a part of a record.
func (p *Program) buildsPurely(f *function) bool {
	if f == nil || f.running || p.cfg.Parts == nil || !f.builds() || !p.in.hasPart(f.ret, 0) {
		return false
	}
	f.running = true // a function that calls itself is none
	defer func() { f.running = false }()
	for st := range f.body.Children() {
		x := st.FirstChild()
		if st.Is(grammar.KindComment) || x.IsZero() {
			continue
		}
		if x.Is(grammar.KindAssignment) {
			x = x.Child(grammar.FieldRight)
		}
		if !x.IsZero() && !p.pure(f.u, x) {
			return false
		}
	}
	return true
}

// hasPart reports whether a value is a part of a record, or a sequence of them.
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
	}
	return false
}

func (in *interp) isPart(o *ir.Object) bool {
	return o.Made != nil && o.Made.Symbol == o.Type && in.p.cfg.Parts(o.Type)
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
	case *ir.Text:
		c := &ir.Text{}
		for _, p := range x.Pieces {
			if p.Val != nil {
				a := in.argFor(s, fr, ir.Arg{Value: p.Val, At: p.At}, depth+1)
				p.Val, p.At = a.Value, a.At
			}
			c.Pieces = append(c.Pieces, p)
		}
		return c
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
