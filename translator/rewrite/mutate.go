package rewrite

import (
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// change is a statement that changes a record, carried over to the new object.
type change struct {
	stmt ir.Expr
	app  *application
	now  []ir.Term
}

// mutations carries the changes of a record over one by one: where the new
// object has the new parameters as attributes, `p.size = x` stays a change. It
// reports whether that can be done for all of them.
func (e *engine) mutations(a *application, out *[]change) bool {
	type step struct {
		path string
		ch   ir.Change
	}
	var steps []step
	seen := map[*ir.Object]bool{}
	var walk func(o *ir.Object, prefix string)
	walk = func(o *ir.Object, prefix string) {
		if seen[o] {
			return
		}
		seen[o] = true
		for _, ch := range o.Changes {
			steps = append(steps, step{prefix + ch.Path, ch})
		}
		for _, k := range o.Order {
			if n, ok := single(o.Fields[k].Value).(*ir.Object); ok && e.isRecord(n) {
				walk(n, prefix+k+".")
			}
		}
	}
	walk(a.ctx.Object(), "")
	for _, s := range steps {
		n := e.node(s.ch.Stmt)
		if n.Is(grammar.KindExpressionStatement) {
			n = n.FirstChild()
		}
		if !n.Is(grammar.KindAssignment) {
			return false
		}
		base := n.Child(grammar.FieldLeft)
		for range strings.Count(s.path, ".") + 1 {
			if !base.Is(grammar.KindAttribute) {
				return false
			}
			base = base.Child(grammar.FieldObject)
		}
		if !base.Is(grammar.KindIdentifier, grammar.KindAttribute) {
			return false
		}
		part := &application{rule: a.rule, use: a.use, stmt: s.ch.Stmt, answer: &ir.Answer{}}
		part.ctx = e.context(a.rule, a.use)
		part.ctx.stmt, part.ctx.place = s.ch.Stmt, s.ch.Stmt
		part.ctx.emitted = append(part.ctx.emitted, e.expr(s.ch.Stmt.Unit, base).Span)
		var now []ir.Term
		for _, f := range a.rule.Fields {
			if f.Path != s.path || f.Absent || f.Func != "" || f.When != "" || f.Drop || f.Manual {
				continue
			}
			var value ir.Term = &ir.Source{Arg: s.ch.Arg}
			if f.Value != "" {
				t, err := e.tpl.expression(f.Value)
				if err != nil {
					return false
				}
				value = &bound{term: t, holes: map[string]ir.Term{"it": &ir.Source{Arg: s.ch.Arg}}}
			}
			v, ok := e.resolve(part.ctx, value)
			if !ok {
				return false
			}
			for _, to := range f.To {
				target := &ir.Member{Of: &ir.Source{Arg: ir.Arg{At: e.expr(s.ch.Stmt.Unit, base)}}, Name: to}
				now = append(now, &assign{target: target, value: v})
			}
			break
		}
		if len(now) == 0 {
			return false
		}
		*out = append(*out, change{stmt: s.ch.Stmt, app: part, now: now})
	}
	return len(*out) > 0
}
