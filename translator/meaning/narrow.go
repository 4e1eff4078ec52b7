package meaning

import (
	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// assume narrows what variables hold by what a condition says of them once it
// is known to hold, or not to hold: isinstance(name, Class) of a class that the
// SDKs' tables know.
func (in *interp) assume(cond grammar.Node, holds bool) {
	switch cond.Kind() {
	case grammar.KindParenthesizedExpression:
		for c := range cond.Children() {
			in.assume(c, holds)
		}
	case grammar.KindNotOperator:
		in.assume(cond.Child(grammar.FieldArgument), !holds)
	case grammar.KindBooleanOperator:
		if holds == (cond.Operator() == "and") {
			in.assume(cond.Child(grammar.FieldLeft), holds)
			in.assume(cond.Child(grammar.FieldRight), holds)
		}
	case grammar.KindCall:
		if holds {
			in.assumeInstance(cond)
		}
	}
}

// assumeInstance takes isinstance(name, class) as true.
func (in *interp) assumeInstance(call grammar.Node) {
	if s, ok := in.u.vals.get(call.Child(grammar.FieldFunction).ID()).(*ir.Symbol); !ok || s.Name != "builtins.isinstance" {
		return
	}
	var args []grammar.Node
	for c := range call.Child(grammar.FieldArguments).Children() {
		if !c.Is(grammar.KindComment, grammar.KindLineContinuation) {
			args = append(args, c)
		}
	}
	if len(args) != 2 || !args[0].Is(grammar.KindIdentifier) {
		return
	}
	v := in.f.scope.find(args[0].Text())
	if v == nil {
		return
	}
	f := in.f
	if f.scope != v.scope {
		return
	}
	b := f.env.get(v.idx)
	if b == nil || len(b.defs) == 0 || b.val == nil {
		return
	}
	known := false // an instance of a class: nothing to learn
	each(b.val, func(v ir.Value) {
		_, isObject := v.(*ir.Object)
		known = known || isObject
	})
	if known {
		return
	}
	if instance := in.instances(in.u.vals.get(args[1].ID()), call); instance != nil {
		f.env = f.env.set(v.idx, &binding{defs: b.defs, val: instance, maybe: b.maybe})
	}
}

// instances gives an instance of a class, or one of each of several, nil where
// the SDKs' tables know none of them.
func (in *interp) instances(class ir.Value, n grammar.Node) ir.Value {
	var out ir.Value
	var add func(v ir.Value)
	add = func(v ir.Value) {
		switch x := v.(type) {
		case *ir.Seq:
			for _, e := range x.Elems {
				each(e.Value, add)
			}
		case *ir.Symbol:
			out = join(out, in.instanceOf(x, n))
		}
	}
	each(class, add)
	return out
}

// under evaluates an expression where a condition holds, or does not hold. What
// variables hold afterwards is what they held before, but for what the
// expression itself binds.
func (in *interp) under(cond grammar.Node, holds bool, n grammar.Node) ir.Value {
	f, before := in.f, in.f.env
	in.assume(cond, holds)
	narrowed := f.env
	v := in.eval(n)
	if f.env == narrowed {
		f.env = before
	} else {
		f.env = joinEnv(before, f.env)
	}
	return v
}
