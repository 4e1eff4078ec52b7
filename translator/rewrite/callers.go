package rewrite

import (
	"maps"
	"slices"

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
	_, constant := a.Value.(*ir.Const)
	if _, text := ir.String(a.Value); !constant && !text {
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
							e.dependsOnParameter(set.right, depth+1) {
							return true
						}
					}
					continue
				}
				return true
			case meaning.Assign:
				as := e.node(d.At).Parent()
				if as.Is(grammar.KindAssignment) && !as.Child(grammar.FieldRight).IsZero() && e.dependsOnParameter(e.expr(d.At.Unit, as.Child(grammar.FieldRight)), depth+1) {
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

// givenAlong writes what a function reads of a parameter, or of an attribute that
// a constructor sets from one, by the argument that a call gives to it together
// with the object that the use makes: Manager(Client(...), config['group']).
func (e *engine) givenAlong(c *context, a ir.Arg) (ir.Term, bool) {
	if c.call == nil || c.use.Kind != ir.MakeUse && c.use.Kind != ir.CallUse {
		return nil, false
	}
	made, ok := single(c.call.Result).(*ir.Object)
	if !ok {
		return nil, false
	}
	param, ok := e.parameterBehind(a.At)
	if !ok {
		return nil, false
	}
	fn := e.node(param.At).Ancestor(grammar.KindFunctionDefinition)
	if fn.IsZero() {
		return nil, false
	}
	var found ir.Arg
	for _, site := range e.p.Callers(e.expr(param.At.Unit, fn)) {
		if keyOf(site.Call) == keyOf(a.At) || !slices.ContainsFunc(slices.Collect(maps.Values(site.Args)), func(x ir.Arg) bool { return single(x.Value) == ir.Value(made) }) {
			continue
		}
		arg, ok := site.Args[param.Name]
		if !ok || found.Value != nil && !ir.Same(found.Value, arg.Value) {
			return nil, false
		}
		found = arg
	}
	if found.Value == nil || keyOf(found.At) == keyOf(a.At) {
		return nil, false
	}
	found.Param = a.Param
	return e.spell(c, found)
}

// parameterBehind gives the parameter that an expression reads: by its name, or
// through an attribute that a constructor sets from it.
func (e *engine) parameterBehind(x ir.Expr) (meaning.Def, bool) {
	n := e.node(x)
	if n.Is(grammar.KindAttribute) {
		of := n.Child(grammar.FieldObject)
		inst, ok := single(e.p.Value(e.expr(x.Unit, of))).(*ir.Instance)
		if !ok {
			return meaning.Def{}, false
		}
		set, ok := e.setInConstructor(inst.Class, n.Child(grammar.FieldAttribute).Text())
		if !ok {
			return meaning.Def{}, false
		}
		x = set.right
		n = e.node(x)
	}
	if !n.Is(grammar.KindIdentifier) {
		return meaning.Def{}, false
	}
	defs := e.p.Defs(x)
	if len(defs) != 1 || defs[0].Kind != meaning.Param || e.isSelf(defs[0]) {
		return meaning.Def{}, false
	}
	return defs[0], true
}
