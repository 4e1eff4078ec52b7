package rewrite

import (
	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

// ForCallers implements ir.Context.
func (c *context) ForCallers(a ir.Arg) bool { return c.e.holdsForCallers(a) }

// holdsForCallers reports whether the value of an argument is a constant only
// for the callers in sight: its expression reads a parameter, or an attribute
// that the constructor of its class sets from one. Another caller gives another
// value, so the constant must not be written.
func (e *engine) holdsForCallers(a ir.Arg) bool {
	if _, ok := a.Value.(*ir.Const); !ok {
		return false
	}
	return e.dependsOnParameter(a.At, 0)
}

// dependsOnParameter reports whether the value of an expression comes from a
// parameter of a function.
func (e *engine) dependsOnParameter(x ir.Expr, depth int) bool {
	if x.IsZero() || depth > 6 {
		return false
	}
	n := e.node(x)
	for id := n.ID(); id <= n.Last(); id++ {
		m := n.Tree().Node(id)
		if !m.Is(grammar.KindIdentifier) {
			continue
		}
		at := e.expr(x.Unit, m)
		for _, d := range e.p.Defs(at) {
			switch d.Kind {
			case meaning.Param:
				if e.isSelf(d) {
					if p := m.Parent(); p.Is(grammar.KindAttribute) && p.Child(grammar.FieldObject).ID() == id {
						inst := d.Value.(*ir.Instance)
						if set, ok := e.setInConstructor(inst.Class, p.Child(grammar.FieldAttribute).Text()); ok &&
							e.dependsOnParameter(e.expr(set.Unit, e.node(set).FirstChild().Child(grammar.FieldRight)), depth+1) {
							return true
						}
					}
					continue
				}
				return true
			case meaning.Assign:
				as := e.node(d.At).Parent()
				if as.Is(grammar.KindAssignment) && e.dependsOnParameter(e.expr(d.At.Unit, as.Child(grammar.FieldRight)), depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// isSelf reports whether a parameter is the instance of a method.
func (e *engine) isSelf(d meaning.Def) bool {
	_, ok := d.Value.(*ir.Instance)
	if !ok {
		return false
	}
	fn := e.node(d.At).Ancestor(grammar.KindFunctionDefinition)
	if fn.IsZero() {
		return false
	}
	first := fn.Child(grammar.FieldParameters).FirstChild()
	return !first.IsZero() && first.Contains(e.node(d.At))
}
