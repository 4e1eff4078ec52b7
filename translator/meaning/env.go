package meaning

import (
	"unsafe"

	"pyxlate/rules/ir"
)

// binding is what a variable may hold at a point: the definitions that reach
// it and their joined value. A binding is immutable.
type binding struct {
	defs  []*Def
	val   ir.Value // nil: nothing computed yet
	maybe bool     // some path leaves the variable unbound
}

// env maps the variables of one scope, by index, to bindings. It is persistent:
// setting gives a new env and shares the rest, so that a copy for a branch or a
// snapshot before a statement is one pointer.
type env struct {
	root   *envNode
	height int
}

const envBits = 3

// envNode holds nodes, and at height 0 bindings.
type envNode [1 << envBits]unsafe.Pointer

func (n *envNode) kid(s int) *envNode { return (*envNode)(n[s]) }
func (n *envNode) val(s int) *binding { return (*binding)(n[s]) }

// newEnv gives an empty env for n variables.
func newEnv(n int) env {
	h := 0
	for c := 1 << envBits; c < n; c <<= envBits {
		h++
	}
	return env{height: h}
}

func (e env) get(i int) *binding {
	n := e.root
	for h := e.height; n != nil; h-- {
		s := i >> (uint(h) * envBits) & (1<<envBits - 1)
		if h == 0 {
			return n.val(s)
		}
		n = n.kid(s)
	}
	return nil
}

func (e env) set(i int, b *binding) env {
	e.root = setNode(e.root, e.height, i, b)
	return e
}

func setNode(n *envNode, h, i int, b *binding) *envNode {
	c := new(envNode)
	if n != nil {
		*c = *n
	}
	s := i >> (uint(h) * envBits) & (1<<envBits - 1)
	if h == 0 {
		c[s] = unsafe.Pointer(b)
	} else {
		c[s] = unsafe.Pointer(setNode(c.kid(s), h-1, i, b))
	}
	return c
}

// joinEnv gives what holds where the paths of a and b meet: a itself where b adds
// nothing to it. Parts that both share are not walked.
func joinEnv(a, b env) env {
	return env{root: joinNode(a.root, b.root, a.height), height: a.height}
}

func joinNode(a, b *envNode, h int) *envNode {
	if a == b {
		return a
	}
	x, y := a, b
	if x == nil {
		x = &noNode
	}
	if y == nil {
		y = &noNode
	}
	var c envNode
	for s := range c {
		if h == 0 {
			c[s] = unsafe.Pointer(joinBinding(x.val(s), y.val(s)))
		} else {
			c[s] = unsafe.Pointer(joinNode(x.kid(s), y.kid(s), h-1))
		}
	}
	if a != nil && c == *a {
		return a
	}
	if b != nil && c == *b {
		return b
	}
	kept := c
	return &kept
}

var noNode envNode

// joinBinding gives what a variable holds where two paths meet: a itself where b
// adds nothing to it.
func joinBinding(a, b *binding) *binding {
	if a == b {
		return a
	}
	if a == nil || b == nil {
		if a == nil {
			a = b
		}
		if a.maybe {
			return a
		}
		return &binding{defs: a.defs, val: a.val, maybe: true}
	}
	defs, val := joinDefs(a.defs, b.defs), join(a.val, b.val)
	if len(defs) == len(a.defs) && val == a.val && (a.maybe || !b.maybe) {
		return a
	}
	return &binding{defs: defs, val: val, maybe: a.maybe || b.maybe}
}

// joinDefs merges two lists that are ordered by ID: a itself where b has no other.
func joinDefs(a, b []*Def) []*Def {
	if len(b) == 0 {
		return a
	}
	if len(a) == 0 {
		return b
	}
	if all := a[0].v.defs; len(a) > maxDefs && len(a) >= len(all) || len(b) > maxDefs && len(b) >= len(all) {
		return all
	}
	if hasDefs(a, b) {
		return a
	}
	out := make([]*Def, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].ID == b[0].ID:
			out = append(out, a[0])
			a, b = a[1:], b[1:]
		case a[0].ID < b[0].ID:
			out = append(out, a[0])
			a = a[1:]
		default:
			out = append(out, b[0])
			b = b[1:]
		}
	}
	out = append(out, a...)
	out = append(out, b...)
	if len(out) > maxDefs {
		return out[0].v.defs
	}
	return out
}

// hasDefs reports whether all of b are in a.
func hasDefs(a, b []*Def) bool {
	for len(b) > 0 && len(b) <= len(a) {
		if a[0] == b[0] {
			b = b[1:]
		}
		a = a[1:]
	}
	return len(b) == 0
}

// maxDefs bounds the definitions listed one by one; where more meet, all
// definitions of the variable stand for them.
const maxDefs = 64
