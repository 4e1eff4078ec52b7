package meaning

import (
	"maps"
	"slices"

	"pyxlate/rules/ir"
)

// cutCycles puts an unknown value where an object or container would hold
// itself (l.append(l), x = C(x) in a loop): whoever walks down a value comes to
// an end.
func (p *Program) cutCycles() {
	c := cutter{state: map[ir.Value]visit{}}
	for _, o := range p.objects {
		c.walk(o)
	}
	for _, s := range p.seqs {
		c.walk(s)
	}
	for _, d := range p.dicts {
		c.walk(d)
	}
	for _, d := range p.defs {
		c.cut(&d.Value)
	}
}

type visit uint8

const (
	inside visit = iota + 1 // what it holds is being looked at
	done
)

type cutter struct{ state map[ir.Value]visit }

// cut replaces the value in a place if it is, or may be, one that the place is
// part of.
func (c *cutter) cut(at *ir.Value) {
	if *at != nil && c.walk(*at) {
		*at = &ir.Unknown{Why: "holds itself"}
	}
}

// walk looks at all that v holds; it reports whether v is part of itself.
func (c *cutter) walk(v ir.Value) bool {
	switch v.(type) {
	case *ir.Object, *ir.Seq, *ir.Dict, *ir.Join, *ir.Text, *ir.Method:
	default:
		return false
	}
	if s := c.state[v]; s != 0 {
		return s == inside
	}
	c.state[v] = inside
	found := false
	switch v := v.(type) {
	case *ir.Object:
		c.args(v.Fields)
		c.cut(&v.Elem)
		if v.Made != nil {
			c.args(v.Made.Bound)
			c.list(v.Made.Args)
		}
		c.changes(v.Changes)
	case *ir.Seq:
		c.list(v.Elems)
		c.cut(&v.Each)
		c.changes(v.Changes)
	case *ir.Dict:
		c.args(v.Vals)
		c.cut(&v.Each)
		c.changes(v.Changes)
	case *ir.Join:
		for _, w := range v.Of {
			found = c.walk(w) || found
		}
	case *ir.Text:
		for _, p := range v.Pieces {
			found = p.Val != nil && c.walk(p.Val) || found
		}
	case *ir.Method:
		found = v.Recv != nil && c.walk(v.Recv)
	}
	c.state[v] = done
	if found {
		delete(c.state, v) // what else leads here leads into the same circle
	}
	return found
}

func (c *cutter) args(m map[string]ir.Arg) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		a := m[name]
		c.cut(&a.Value)
		m[name] = a
	}
}

func (c *cutter) list(args []ir.Arg) {
	for i := range args {
		c.cut(&args[i].Value)
	}
}

func (c *cutter) changes(changes []ir.Change) {
	for i := range changes {
		c.cut(&changes[i].Arg.Value)
	}
}
