package meaning

import (
	"slices"
	"strings"

	"pyxlate/rules/ir"
	"pyxlate/translator/constant"
)

// maxJoin bounds the alternatives of a Join that say no more than which constant,
// text, name from outside or unknown value something is; more are one Unknown. What
// the program can do something with - objects, functions, what holds them - is not
// lost that way:
// maxThings of them are listed one by one, and then one of each sort, up to maxSorts.
const (
	maxJoin   = 8
	maxThings = 16
	maxSorts  = 64
	// maxAlternatives is more than any Join has.
	maxAlternatives = maxSorts + 2
)

// join gives the value where a and b meet; nil is a value not computed yet.
func join(a, b ir.Value) ir.Value {
	if a == nil {
		return b
	}
	if b == nil || a == b {
		return a
	}
	if a == many && isPlain(b) {
		return many
	}
	var u union
	u.add(a)
	n, many := len(u.of), u.many
	u.add(b)
	if len(u.of) == n && u.many == many {
		return a
	}
	return u.value()
}

// many stands for more values than a Join lists.
var many = ir.Many

// union gathers the alternatives of a Join, each once.
type union struct {
	of    []ir.Value
	many  bool // are plain ones left out?
	sorts map[string]bool
}

// add takes in all that v may be.
func (u *union) add(v ir.Value) {
	if j, ok := v.(*ir.Join); ok {
		for _, w := range j.Of {
			u.add(w)
		}
		return
	}
	if v == nil || u.many && (v == many || isPlain(v)) {
		return
	}
	for _, w := range u.of {
		if sameValue(w, v) {
			return
		}
	}
	switch {
	case v == many:
		u.leavePlain()
	case len(u.of) < maxThings || u.another(v):
		u.of = append(u.of, v)
		if len(u.of) > maxJoin && slices.ContainsFunc(u.of, isPlain) {
			u.leavePlain()
		}
	}
}

// leavePlain has many stand for the plain alternatives.
func (u *union) leavePlain() {
	u.many = true
	if slices.ContainsFunc(u.of, isPlain) {
		u.of = slices.DeleteFunc(slices.Clone(u.of), isPlain)
	}
}

// another reports whether v is a thing of which there is none of the same sort.
func (u *union) another(v ir.Value) bool {
	if len(u.of) >= maxSorts {
		return false
	}
	if u.sorts == nil {
		u.sorts = map[string]bool{}
		for _, w := range u.of {
			u.sorts[sortOf(w, 0)] = true
		}
	}
	s := sortOf(v, 0)
	if u.sorts[s] {
		return false
	}
	u.sorts[s] = true
	return true
}

// value gives the Join of what was gathered.
func (u *union) value() ir.Value {
	switch {
	case len(u.of) == 0 && u.many:
		return many
	case len(u.of) == 0:
		return nil
	case len(u.of) == 1 && !u.many:
		return u.of[0]
	case u.many:
		return &ir.Join{Of: append(u.of[:len(u.of):len(u.of)], many)}
	}
	return &ir.Join{Of: u.of}
}

// same reports whether no other alternatives were gathered than those of j.
func (u *union) same(j *ir.Join) bool {
	return len(u.of) == len(j.Of) && !u.many && !slices.ContainsFunc(j.Of, func(v ir.Value) bool { return !slices.Contains(u.of, v) })
}

// isPlain reports whether v says no more than which constant, text, name or unknown
// value something is, or holds nothing else.
func isPlain(v ir.Value) bool { return plainWithin(v, 0) }

func plainWithin(v ir.Value, depth int) bool {
	if depth > 3 {
		return true
	}
	switch x := v.(type) {
	case nil, *ir.Const, *ir.Text, *ir.Symbol, *ir.Unknown:
		return true
	case *ir.Seq:
		return plainWithin(x.Each, depth+1) && !slices.ContainsFunc(x.Elems, func(a ir.Arg) bool { return !plainWithin(a.Value, depth+1) })
	case *ir.Dict:
		for _, k := range x.Keys {
			if !plainWithin(x.Vals[k].Value, depth+1) {
				return false
			}
		}
		return plainWithin(x.Each, depth+1)
	case *ir.Join:
		return !slices.ContainsFunc(x.Of, func(w ir.Value) bool { return !plainWithin(w, depth) })
	}
	return false
}

// sortOf names what a thing is, so that one may stand for others of which the
// program can do the same: for what it makes itself, "".
func sortOf(v ir.Value, depth int) string {
	var held []ir.Value
	switch x := v.(type) {
	case *ir.Object:
		if x.Elem == nil {
			return x.Type
		}
		return x.Type + "[" + sortOf(x.Elem, depth) + "]"
	case *ir.Method:
		return x.Symbol
	case *ir.Function:
		if x.Recv == nil {
			return "function " + exprKey(x.Def)
		}
	case *ir.Class:
		return "class " + exprKey(x.Def)
	case *ir.Join:
		held = x.Of
	case *ir.Seq:
		held = append(held, x.Each)
		for _, a := range x.Elems {
			held = append(held, a.Value)
		}
	case *ir.Dict:
		held = append(held, x.Each)
		for _, k := range x.Keys {
			held = append(held, x.Vals[k].Value)
		}
	}
	if depth > 1 {
		return ""
	}
	var sorts []string
	for _, w := range held[:min(len(held), maxJoin)] {
		if s := sortOf(w, depth+1); s != "" && !slices.Contains(sorts, s) {
			sorts = append(sorts, s)
		}
	}
	return strings.Join(sorts, ",")
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
// other between rounds. It is finer than ir.Same: texts are the same if they have
// the same pieces at the same places, of which there is one (see folder.intern).
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
		for i, w := range x.Of {
			// Mostly in the same order.
			if !sameValue(w, y.Of[i]) && !slices.ContainsFunc(y.Of, func(z ir.Value) bool { return sameValue(w, z) }) {
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
