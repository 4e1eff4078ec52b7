package rewrite

import (
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
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
	built := func(to string) bool {
		return slices.ContainsFunc(a.rule.Fields, func(f rules.Field) bool {
			return !f.Absent && slices.Contains(f.To, to) && e.builtWith(a, a.ctx.Object(), f.Path)
		})
	}
	for to, one := range a.rule.Needs {
		if built(to) && !slices.ContainsFunc(one, built) {
			return false
		}
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
			// What was changed before the record was built is part of it.
			if prefix == "" || !e.p.Before(ch.Stmt, a.stmt) {
				steps = append(steps, step{prefix + ch.Path, ch})
			}
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
		if rec, ok := single(s.ch.Arg.Value).(*ir.Object); ok && e.isRecord(rec) && e.vanishesObject(rec) {
			if now, ok = e.setParts(part, base, s.path, rec); !ok {
				return false
			}
		}
		for _, f := range a.rule.Fields {
			if len(now) > 0 {
				break
			}
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
				target := attributeOf(a.rule, &ir.Source{Arg: ir.Arg{At: e.expr(s.ch.Stmt.Unit, base)}}, to)
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

// setParts sets the attributes of the new object that a part of the old one
// becomes, which is assigned as a whole: p.scale_settings = ScaleSettings(...).
func (e *engine) setParts(part *application, base grammar.Node, path string, rec *ir.Object) (now []ir.Term, ok bool) {
	if len(rec.Changes) > 0 {
		return nil, false
	}
	set := map[string]bool{}
	covered := map[string]bool{}
	for _, f := range part.rule.Fields {
		rest, below := strings.CutPrefix(f.Path, path+".")
		if !below || f.Absent || covered[f.Path] && !f.Also {
			continue
		}
		x, given := partOf(rec, rest)
		if !given || f.When != "" && (!constantIs(x.Value, f.When) || e.dependsOnParameter(x.At, 0)) {
			continue
		}
		if f.Func != "" || f.Manual {
			return nil, false
		}
		covered[f.Path] = true
		for i := len(f.Path); i > len(path); i = strings.LastIndexByte(f.Path[:i], '.') {
			covered[f.Path[:i]] = true
		}
		if f.Drop {
			continue
		}
		var value ir.Term = &ir.Source{Arg: x}
		if f.Value != "" {
			t, err := e.tpl.expression(f.Value)
			if err != nil {
				return nil, false
			}
			value = &bound{term: t, holes: map[string]ir.Term{"it": value}}
		}
		v, ok := e.resolve(part.ctx, value)
		if !ok {
			return nil, false
		}
		for _, to := range f.To {
			if !set[to] {
				set[to] = true
				target := attributeOf(part.rule, &ir.Source{Arg: ir.Arg{At: e.expr(part.stmt.Unit, base)}}, to)
				now = append(now, &assign{target: target, value: v})
			}
		}
	}
	// Nothing that it says is lost.
	var all func(o *ir.Object, prefix string) bool
	all = func(o *ir.Object, prefix string) bool {
		for _, name := range o.Order {
			a := o.Fields[name]
			if ir.IsNone(a.Value) {
				continue
			}
			if !covered[prefix+name] || a.At.IsZero() {
				return false
			}
			if n, ok := single(a.Value).(*ir.Object); ok && e.isRecord(n) && (len(n.Changes) > 0 || !all(n, prefix+name+".")) {
				return false
			}
		}
		return true
	}
	return now, len(now) > 0 && all(rec, path+".")
}

// partOf gives a field of a record by its path.
func partOf(o *ir.Object, path string) (ir.Arg, bool) {
	head, rest, more := strings.Cut(path, ".")
	a, ok := o.Fields[head]
	if !ok || !more {
		return a, ok
	}
	n, isObject := single(a.Value).(*ir.Object)
	if !isObject {
		return ir.Arg{}, false
	}
	return partOf(n, rest)
}

// attributeOf is the attribute of a new object for a parameter of the call that
// makes it.
func attributeOf(r *rules.Rule, of ir.Term, to string) ir.Term {
	path, ok := r.Attributes[to]
	if !ok {
		path = to
	}
	for name := range strings.SplitSeq(path, ".") {
		of = &ir.Member{Of: of, Name: name}
	}
	return of
}

// builtWith reports whether a record has a field when the use builds it.
func (e *engine) builtWith(a *application, o *ir.Object, path string) bool {
	if o == nil || o.Made == nil {
		return false
	}
	if slices.ContainsFunc(o.Changes, func(ch ir.Change) bool { return ch.Path == path && e.p.Before(ch.Stmt, a.stmt) }) {
		return true
	}
	head, rest, more := strings.Cut(path, ".")
	x, ok := o.Made.Bound[head]
	if !ok || ir.IsNone(x.Value) {
		return false
	}
	if !more {
		return true
	}
	n, isObject := single(x.Value).(*ir.Object)
	return isObject && e.builtWith(a, n, rest)
}
