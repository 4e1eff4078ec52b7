package meaning

import (
	"pyxlate/rules/ir"
	"pyxlate/translator/constant"
)

// maxJoin bounds the alternatives of a Join; more are one Unknown.
const maxJoin = 8

// join gives the value where a and b meet; nil is a value not computed yet.
func join(a, b ir.Value) ir.Value {
	if a == nil {
		return b
	}
	if b == nil || a == b {
		return a
	}
	if a == many || b == many {
		return many
	}
	out := alternatives(nil, a)
	n := len(out)
	out = alternatives(out[:n:n], b)
	switch {
	case len(out) == n:
		return a
	case len(out) > maxJoin:
		return many
	}
	return &ir.Join{Of: out}
}

// many stands for more values than a Join lists.
var many = ir.Many

func isMany(v ir.Value) bool { return v == many }

// alternatives appends the values that v may be to out, each once.
func alternatives(out []ir.Value, v ir.Value) []ir.Value {
	switch v := v.(type) {
	case nil:
		return out
	case *ir.Join:
		for _, w := range v.Of {
			out = alternatives(out, w)
		}
		return out
	}
	for _, w := range out {
		if sameValue(w, v) {
			return out
		}
	}
	return append(out, v)
}

// each calls f for every value that v may be.
func each(v ir.Value, f func(ir.Value)) {
	if j, ok := v.(*ir.Join); ok {
		for _, w := range j.Of {
			each(w, f)
		}
		return
	}
	if v != nil {
		f(v)
	}
}

// sameValue reports whether a and b say the same, so that one may stand for the
// other between rounds. It is finer than ir.Same: it asks for the same pieces at
// the same places.
func sameValue(a, b ir.Value) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil {
		return false
	}
	switch x := a.(type) {
	case *ir.Const:
		y, ok := b.(*ir.Const)
		return ok && constant.Same(x.V, y.V)
	case *ir.Text:
		y, ok := b.(*ir.Text)
		if !ok || len(x.Pieces) != len(y.Pieces) {
			return false
		}
		for i, p := range x.Pieces {
			q := y.Pieces[i]
			if p.Lit != q.Lit || p.At != q.At || (p.Val == nil) != (q.Val == nil) || p.Val != nil && !sameValue(p.Val, q.Val) {
				return false
			}
		}
		return true
	case *ir.Symbol:
		y, ok := b.(*ir.Symbol)
		return ok && *x == *y
	case *ir.Method:
		y, ok := b.(*ir.Method)
		return ok && x.Symbol == y.Symbol && x.RecvExpr == y.RecvExpr && x.Presumed == y.Presumed && sameValue(x.Recv, y.Recv)
	case *ir.Function:
		y, ok := b.(*ir.Function)
		return ok && x.Def == y.Def && sameValue(x.Recv, y.Recv)
	case *ir.Join:
		y, ok := b.(*ir.Join)
		if !ok || len(x.Of) != len(y.Of) {
			return false
		}
		for i := range x.Of {
			if !sameValue(x.Of[i], y.Of[i]) {
				return false
			}
		}
		return true
	case *ir.Unknown:
		y, ok := b.(*ir.Unknown)
		return ok && x.At.IsZero() && x.Of == nil && *x == *y
	}
	return false
}

// isUnknown reports whether nothing is known of v but perhaps its type.
func isUnknown(v ir.Value) bool {
	_, ok := v.(*ir.Unknown)
	return ok || v == nil
}

// only gives the one value that v is when absence (None) and values still to be
// computed are left out.
func only(v ir.Value) ir.Value {
	j, ok := v.(*ir.Join)
	if !ok {
		return v
	}
	var one ir.Value
	for _, w := range j.Of {
		if ir.IsNone(w) {
			continue
		}
		if one != nil {
			return v
		}
		one = w
	}
	return one
}
