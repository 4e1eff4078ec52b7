package rewrite

import (
	"maps"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
)

// attributeHere writes a value by the attribute of a visible object of the
// program's own that holds it from its construction on: self.settings,
// self.settings.group.
func (e *engine) attributeHere(c *context, v ir.Value) (ir.Term, bool) {
	for _, name := range e.p.EnvNames(c.place) {
		b, ok := e.p.Binding(c.place, name)
		if !ok || !b.Sure {
			continue
		}
		x, ok := b.Value.(*ir.Instance)
		if !ok || !e.reliable(b, c.place) {
			continue
		}
		if t, ok := e.attributeOf(c, x, v, &visible{name: name, at: c.place}, 0); ok {
			c.reads = append(c.reads, read{name: name, at: c.place})
			return t, true
		}
	}
	return nil, false
}

// attributeOf writes a value by an attribute of an instance, or of one that the
// instance holds.
func (e *engine) attributeOf(c *context, x *ir.Instance, v ir.Value, of ir.Term, depth int) (ir.Term, bool) {
	names := slices.Sorted(maps.Keys(x.Attrs))
	for _, attr := range names {
		if x.Attrs[attr] == v && e.setFromStart(x.Class, attr, c.place) {
			return &ir.Member{Of: of, Name: attr}, true
		}
	}
	for _, attr := range names {
		y, ok := x.Attrs[attr].(*ir.Instance)
		if !ok || y == x || depth > 1 || !e.setFromStart(x.Class, attr, c.place) {
			continue
		}
		if t, ok := e.attributeOf(c, y, v, &ir.Member{Of: of, Name: attr}, depth+1); ok {
			return t, true
		}
	}
	return nil, false
}

// setFromStart reports whether an instance that is at hand at a place certainly
// has an attribute: its constructor sets it, or it is a field of a class whose
// constructor is not written out, as a data class or a named tuple.
func (e *engine) setFromStart(class *ir.Class, attr string, place ir.Expr) bool {
	if set, ok := e.setInConstructor(class, attr); ok {
		return e.setByThen(set.stmt, place)
	}
	def := e.node(class.Def)
	if def.Is(grammar.KindCall) { // namedtuple('Settings', [...])
		return true
	}
	return e.constructor(class).IsZero() && e.declaresField(def, attr)
}

// declaresField reports whether the body of a class declares a field.
func (e *engine) declaresField(def grammar.Node, name string) bool {
	for st := range def.Child(grammar.FieldBody).Children() {
		as := st.FirstChild()
		if st.Is(grammar.KindExpressionStatement) && as.Is(grammar.KindAssignment) && as.Child(grammar.FieldLeft).Text() == name {
			return true
		}
	}
	return false
}

// givenToConstructor writes an attribute of an instance by what its constructor
// sets it to, in the constructor itself.
func (e *engine) givenToConstructor(c *context, a ir.Arg) (ir.Term, bool) {
	n := e.node(a.At)
	if !n.Is(grammar.KindAttribute) {
		return nil, false
	}
	x, ok := e.p.Value(e.expr(a.At.Unit, n.Child(grammar.FieldObject))).(*ir.Instance)
	if !ok {
		return nil, false
	}
	set, ok := e.setInConstructor(x.Class, n.Child(grammar.FieldAttribute).Text())
	if !ok || e.functionScope(e.p.Scope(set.stmt)) != e.functionScope(e.p.Scope(c.place)) {
		return nil, false
	}
	right := set.right
	if v := e.p.Value(right); v != a.Value && !ir.Same(v, a.Value) || !e.p.SameAt(right, c.place) || e.isLiteral(right) {
		return nil, false
	}
	c.emitted = append(c.emitted, right.Span)
	return &ir.Source{Arg: ir.Arg{Value: a.Value, At: right}}, true
}

// attributeHolding gives the attribute of an instance of the program's own that
// holds an object carrying a resource, from its construction on.
func (e *engine) attributeHolding(c *context, v ir.Value, spec *rules.Resource) (string, bool) {
	x, ok := v.(*ir.Instance)
	if !ok {
		return "", false
	}
	for _, attr := range slices.Sorted(maps.Keys(x.Attrs)) {
		o, ok := alike(x.Attrs[attr]).(*ir.Object)
		if !ok || !slices.Contains(spec.Carriers, o.Type) {
			continue
		}
		if k := e.carriers[o]; k != nil && k.moved {
			continue
		}
		set, ok := e.setInConstructor(x.Class, attr)
		if ok && e.setByThen(set.stmt, c.place) && !mayBeNone(e.p.Value(set.right)) {
			return attr, true
		}
	}
	return "", false
}

// carrierByMethod writes how the program gets at a carrying object through an
// instance that is in sight: self.client, self.client(), where a property or a
// method makes it when it is first asked for.
func (e *engine) carrierByMethod(c *context, spec *rules.Resource) (ir.Term, bool) {
	for _, u := range e.uses {
		_, at, ok := e.carrierOf(u.Call, spec)
		if !ok {
			continue
		}
		n, called := e.node(at), false
		if n.Is(grammar.KindCall) && n.Child(grammar.FieldArguments).FirstChild().IsZero() {
			n, called = n.Child(grammar.FieldFunction), true
		}
		if !n.Is(grammar.KindAttribute) {
			continue
		}
		x, ok := e.p.Value(e.expr(at.Unit, n.Child(grammar.FieldObject))).(*ir.Instance)
		if !ok {
			continue
		}
		attr := n.Child(grammar.FieldAttribute).Text()
		def, property := e.methodOf(x.Class, attr, 0)
		if def.IsZero() || property == called || e.functionScope(e.p.Scope(c.place)).Owner == def {
			continue
		}
		t, ok := e.visibleWhere(c, func(_ string, v ir.Value) bool { return v == ir.Value(x) })
		if !ok {
			continue
		}
		member := &ir.Member{Of: t, Name: attr}
		if called {
			return &ir.Apply{Fn: member}, true
		}
		return member, true
	}
	return nil, false
}

// methodOf gives the definition of a method of a class or of what it derives
// from, and whether it is a property.
func (e *engine) methodOf(class *ir.Class, name string, depth int) (def ir.Expr, property bool) {
	for d := range e.node(class.Def).Child(grammar.FieldBody).Children() {
		decorated := d.Is(grammar.KindDecoratedDefinition)
		f := d
		if decorated {
			f = d.Child(grammar.FieldDefinition)
		}
		if !f.Is(grammar.KindFunctionDefinition) || f.Child(grammar.FieldName).Text() != name {
			continue
		}
		if decorated {
			for x := range d.Children() {
				property = property || x.Is(grammar.KindDecorator) && strings.HasSuffix(x.FirstChild().Text(), "property")
			}
		}
		return e.expr(class.Def.Unit, f), property
	}
	if base, ok := e.baseOf(class); ok && depth < 4 {
		return e.methodOf(base, name, depth+1)
	}
	return ir.Expr{}, false
}

// mayBeNone reports whether a value is None, or may be.
func mayBeNone(v ir.Value) bool {
	if j, ok := v.(*ir.Join); ok {
		return slices.ContainsFunc(j.Of, mayBeNone)
	}
	return ir.IsNone(v)
}

// setting is how a constructor sets an attribute.
type setting struct {
	stmt  ir.Expr // of the class's own constructor: the assignment, or the call of the base's
	right ir.Expr // what is assigned
}

// setInConstructor gives the statement of a class's constructor that certainly
// sets an attribute: its own, one that it inherits, or one that it calls.
func (e *engine) setInConstructor(class *ir.Class, attr string) (setting, bool) {
	return e.setBy(class, attr, 0)
}

func (e *engine) setBy(class *ir.Class, attr string, depth int) (setting, bool) {
	init := e.constructor(class)
	if init.IsZero() || depth > 4 {
		base, ok := e.baseOf(class)
		if !ok || depth > 4 {
			return setting{}, false
		}
		return e.setBy(base, attr, depth+1)
	}
	unit := class.Def.Unit
	self := init.Child(grammar.FieldParameters).FirstChild().Text()
	var find func(block grammar.Node) (setting, bool)
	find = func(block grammar.Node) (setting, bool) {
		for st := range block.Children() {
			x := st.FirstChild()
			switch {
			case st.Is(grammar.KindWithStatement):
				if s, ok := find(st.Child(grammar.FieldBody)); ok {
					return s, true
				}
			case !st.Is(grammar.KindExpressionStatement):
			case x.Is(grammar.KindAssignment) && x.Child(grammar.FieldLeft).Text() == self+"."+attr && !x.Child(grammar.FieldRight).IsZero():
				return setting{stmt: e.expr(unit, st), right: e.expr(unit, x.Child(grammar.FieldRight))}, true
			case x.Is(grammar.KindCall) && x.Child(grammar.FieldFunction).Is(grammar.KindAttribute) &&
				x.Child(grammar.FieldFunction).Child(grammar.FieldAttribute).Text() == "__init__":
				base, ok := e.baseOf(class)
				if !ok {
					continue
				}
				if s, ok := e.setBy(base, attr, depth+1); ok {
					return setting{stmt: e.expr(unit, st), right: s.right}, true
				}
			}
		}
		return setting{}, false
	}
	return find(init.Child(grammar.FieldBody))
}

// constructor is the function that a class's own body defines as __init__, zero
// if it defines none.
func (e *engine) constructor(class *ir.Class) grammar.Node {
	for d := range e.node(class.Def).Child(grammar.FieldBody).Children() {
		if d.Is(grammar.KindDecoratedDefinition) {
			d = d.Child(grammar.FieldDefinition)
		}
		if d.Is(grammar.KindFunctionDefinition) && d.Child(grammar.FieldName).Text() == "__init__" {
			return d
		}
	}
	return grammar.Node{}
}

// baseOf gives the one class of the program that a class derives from.
func (e *engine) baseOf(class *ir.Class) (*ir.Class, bool) {
	var base *ir.Class
	for b := range e.node(class.Def).Child(grammar.FieldSuperclasses).Children() {
		x, ok := single(e.p.Value(e.expr(class.Def.Unit, b))).(*ir.Class)
		if !ok {
			continue
		}
		if base != nil {
			return nil, false
		}
		base = x
	}
	return base, base != nil
}

// setByThen reports whether what a statement of a constructor sets is certainly
// set at a place where the instance is at hand.
func (e *engine) setByThen(set, place ir.Expr) bool {
	if e.functionScope(e.p.Scope(set)) != e.functionScope(e.p.Scope(place)) {
		return true
	}
	n := e.node(set)
	for n.Parent().Is(grammar.KindBlock) && n.Parent().Parent().Is(grammar.KindWithStatement) {
		if e.p.Straight(e.expr(set.Unit, n), place) {
			break
		}
		n = n.Parent().Parent()
	}
	return keyOf(e.expr(set.Unit, n)) != keyOf(place) && e.p.Straight(e.expr(set.Unit, n), place)
}
