package meaning

import (
	"slices"

	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/constant"
)

// generic gives the generic type of an object: a poller, pager or raw response of
// whatever class, or else its own type.
func (p *Program) generic(o *ir.Object) string { return p.conventions.Generic(p.tables, o.Type) }

// memberOf looks up a member of an object, as the tables say it for its class or
// for those behind its generic type. What it gives of a generic type's argument
// is sdk.TypeParameter.
func (p *Program) memberOf(o *ir.Object, name string) (*sdk.Symbol, sdk.Type, bool) {
	t := sdk.Type{Name: o.Type}
	if o.Elem != nil {
		t.Args = []sdk.Type{{Name: sdk.TypeParameter}}
	}
	return p.conventions.MemberOf(p.tables, t, name)
}

// isContainer reports whether o is an SDK's list, pager, dict or iterator.
func (p *Program) isContainer(o *ir.Object) bool {
	switch p.generic(o) {
	case sdk.Paged, sdk.Iterator, "list", "dict", "set", "tuple":
		return true
	}
	return false
}

// isPager reports whether o is an SDK's listing that comes in pages.
func (p *Program) isPager(o *ir.Object) bool { return p.generic(o) == sdk.Paged }

// untyped gives the type of what a member of an object gives, where the tables do
// not say it and the member is declared to give what the object holds, a list of
// that, or what it tells of an operation.
func (p *Program) untyped(o *ir.Object, name string) sdk.Type {
	c, whole, list := p.conventions, false, false
	switch p.generic(o) {
	case sdk.Future:
		whole = name == "result"
	case sdk.Poller:
		_, whole = c.Waits(p.tables, o.Type, name)
		if t, ok := c.Asks(p.tables, o.Type, name); ok {
			return t
		}
	case sdk.Paged:
		whole, list = c.Steps(p.tables, o.Type, name)
	default:
		list = c.Items(p.tables, o.Type, name)
	}
	t := sdk.Type{Name: sdk.TypeParameter}
	switch {
	case whole:
		return t
	case list:
		return sdk.Type{Name: "list", Args: []sdk.Type{t}}
	}
	return sdk.Type{}
}

// waits reports whether a call waits for the poller or future that it is called on.
func (p *Program) waits(c *ir.Call) bool {
	all := true
	eachObject(c.Recv.Value, func(o *ir.Object) {
		if o.Type == sdk.Future {
			return // whatever is asked of it
		}
		w, _ := p.conventions.Waits(p.tables, o.Type, last(c.Symbol))
		all = all && w
	})
	return all
}

// stepsByAttribute reports whether calling an attribute of a pager gives its next
// element: what the tables know as a method is called as any method.
func (p *Program) stepsByAttribute(o *ir.Object, name string) bool {
	if name == "__next__" {
		return true
	}
	sym, _, ok := p.memberOf(o, name)
	next, _ := p.conventions.Steps(p.tables, o.Type, name)
	return next && !(ok && sym.Kind == sdk.Method)
}

// recordMade gives the class of the record that a function of type t builds field
// by field, "" if it builds none.
func (p *Program) recordMade(sym *sdk.Symbol, t sdk.Type) string {
	alternatives := slices.DeleteFunc(slices.Clone(t.Alternatives()), func(a sdk.Type) bool { return a.Name == sdk.None })
	if sym.Kind != sdk.Function || len(alternatives) != 1 {
		return ""
	}
	t = alternatives[0]
	if class, ok := p.tables.Symbol(t.Name); ok && class.Kind == sdk.Class && p.conventions.Record(class.Name) {
		return class.Name
	}
	return ""
}

// buildsRecord reports whether a call is of a function that builds a record: it
// has no effect but its result.
func (p *Program) buildsRecord(c *ir.Call) bool {
	return c.Builds != "" && c.Builds != c.Symbol
}

// classGiven gives the class that an argument names: itself, or a record by the
// name of its class. "" if it names none.
func (p *Program) classGiven(v ir.Value) string {
	v = only(v)
	if s, ok := v.(*ir.Symbol); ok {
		if class, ok := p.tables.Symbol(s.Name); ok && class.Kind == sdk.Class {
			return class.Name
		}
	}
	if name, ok := ir.String(v); ok && len(p.conventions.Records) > 0 {
		if found := slices.DeleteFunc(slices.Clone(p.index().classes[name]), func(class string) bool { return !p.conventions.Record(class) }); len(found) == 1 {
			return found[0]
		}
	}
	return ""
}

func eachObject(v ir.Value, f func(*ir.Object)) {
	each(v, func(v ir.Value) {
		if o, ok := v.(*ir.Object); ok {
			f(o)
		}
	})
}

// rawResponse gives how a call asks for the raw response, nil if it does not.
func (p *Program) rawResponse(c *ir.Call) *sdk.RawResponse {
	for _, r := range p.conventions.Raw {
		v, ok := c.Bound[r.Parameter].Value.(*ir.Const)
		if !ok {
			continue
		}
		if text, ok := constant.Repr(v.V); ok && text == r.Value {
			return r
		}
	}
	return nil
}
