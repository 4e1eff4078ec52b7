package rewrite

import (
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
)

// fieldTable translates the construction of a record by the rule's table.
func (e *engine) fieldTable(a *application, out *ir.Answer) *ir.Answer {
	c := a.ctx
	o := c.Object()
	if o == nil {
		return nil
	}
	call := &ir.Apply{Fn: &ir.Name{Path: a.rule.To}}
	done := map[string]bool{}
	given := map[string]bool{}
	mark := func(path string) {
		for path != "" {
			done[path] = true
			i := strings.LastIndexByte(path, '.')
			if i < 0 {
				break
			}
			path = path[:i]
		}
	}
	if stars := e.branchRecords(a, mark); len(stars) > 0 {
		// One ** for all: old versions of Python take no more.
		all := stars[len(stars)-1]
		for i := len(stars) - 2; i >= 0; i-- {
			all = ir.Argument{Star: 2, Value: &ir.Apply{Fn: &local{name: "dict"}, Args: []ir.Argument{{Value: stars[i].Value}, all}}, Old: append(stars[i].Old, all.Old...)}
		}
		call.Args = append(call.Args, all)
	}
	for _, f := range a.rule.Fields {
		if f.Absent {
			// A line for records that lack the field: the new API's own default
			// differs from the old one's.
			if _, ok := c.Path(f.Path); ok || given[first(f.To)] {
				continue
			}
		} else if done[f.Path] && f.When == "" && !f.Also {
			continue
		}
		arg, ok := c.Path(f.Path)
		if !ok && !f.Absent {
			continue
		}
		if f.When != "" && (!constantIs(arg.Value, f.When) || e.dependsOnParameter(arg.At, 0)) {
			continue
		}
		if f.When != "" && f.Value != "" && !constantHere(arg) {
			continue
		}
		if done[f.Path] && !f.Also && !f.Absent {
			continue
		}
		mark(f.Path)
		if f.Note != "" && !(ir.IsNone(arg.Value) && (f.Drop || f.Manual)) {
			n := ir.Note{Code: f.Note, Verdict: f.Verdict, At: arg.At, Values: map[string]string{"NAME": f.Path, "COMMAND": oneLine(c.Text(arg.At))}}
			if f.Manual {
				n.Verdict = ir.Manual
			}
			out.Notes = append(out.Notes, n)
		}
		if f.Drop || f.Manual {
			continue
		}
		if f.Func != "" {
			fn, ok := c.rule.Pack.Funcs[f.Func]
			if !ok {
				return nil
			}
			got := fn(c)
			if got == nil {
				return nil
			}
			if ap, ok := got.Term.(*ir.Apply); ok {
				call.Args = append(call.Args, ap.Args...)
			}
			out.Before = append(out.Before, got.Before...)
			out.Notes = append(out.Notes, got.Notes...)
			continue
		}
		var value ir.Term = &ir.Source{Arg: arg}
		if f.Value != "" {
			t, err := e.tpl.expression(f.Value)
			if err != nil {
				return nil
			}
			value = t
			if c.extra == nil {
				c.extra = map[string]ir.Term{}
			}
			value = &bound{term: t, holes: map[string]ir.Term{"it": &ir.Source{Arg: arg}}}
		}
		for _, to := range f.To {
			if given[to] {
				continue
			}
			given[to] = true
			call.Args = append(call.Args, ir.Argument{Name: to, Value: value, Old: []ir.Expr{arg.At}})
		}
	}
	// What the record holds and no line names: never dropped silently.
	if why := e.leftOver(c, o, "", done, a.rule); why != "" {
		return &ir.Answer{Notes: []ir.Note{e.note(c.rule.Pack, "unknown", shortName(o.Type)+"."+why)}}
	}
	if order := e.parameterOrder(a.rule.To); order != nil {
		slices.SortStableFunc(call.Args, func(x, y ir.Argument) int {
			if x.Star != y.Star {
				return x.Star - y.Star
			}
			return order[x.Name] - order[y.Name]
		})
	}
	out.Term = call
	if a.rule.Makes != "" {
		out.Makes = &ir.Resource{Kind: a.rule.Makes}
	}
	return out
}

// branchRecords finds nested records that different paths build: each becomes a
// dict of the new arguments where it is built, and the call takes **variable.
func (e *engine) branchRecords(a *application, mark func(string)) []ir.Argument {
	var out []ir.Argument
	seen := map[string]bool{}
	for _, f := range a.rule.Fields {
		head, _, nested := strings.Cut(f.Path, ".")
		if !nested || seen[head] {
			continue
		}
		seen[head] = true
		arg, ok := a.ctx.Arg(head)
		if o, isObject := single(arg.Value).(*ir.Object); ok && isObject && !arg.At.IsZero() && e.changedRecord(a, head, arg, o) {
			for _, g := range a.rule.Fields {
				if strings.HasPrefix(g.Path, head+".") {
					mark(g.Path)
				}
			}
			mark(head)
			out = append(out, ir.Argument{Star: 2, Value: &ir.Source{Arg: ir.Arg{At: arg.At}}, Old: []ir.Expr{arg.At}})
			continue
		}
		j, isJoin := arg.Value.(*ir.Join)
		if !ok || !isJoin || arg.At.IsZero() {
			continue
		}
		var dicts []func()
		for _, v := range j.Of {
			o, ok := v.(*ir.Object)
			if !ok || !e.isRecord(o) || !e.vanishes(o.Made.At) || len(o.Changes) > 0 {
				dicts = nil
				break
			}
			u := e.useAt(o.Made.At)
			if u == nil {
				dicts = nil
				break
			}
			part := &application{rule: a.rule, use: u, stmt: e.p.Stmt(u.At), answer: &ir.Answer{}}
			part.ctx = e.context(a.rule, u)
			call := &ir.Apply{Fn: &local{name: "dict"}}
			given := map[string]bool{}
			for _, g := range a.rule.Fields {
				rest, ok := strings.CutPrefix(g.Path, head+".")
				if !ok || g.Absent || g.Func != "" || g.Drop || g.Manual {
					continue
				}
				x, ok := part.ctx.Path(rest)
				if !ok || g.When != "" && (!constantIs(x.Value, g.When) || e.dependsOnParameter(x.At, 0)) {
					continue
				}
				var value ir.Term = &ir.Source{Arg: x}
				if g.Value != "" {
					t, err := e.tpl.expression(g.Value)
					if err != nil {
						continue
					}
					value = &bound{term: t, holes: map[string]ir.Term{"it": &ir.Source{Arg: x}}}
				}
				for _, to := range g.To {
					if !given[to] {
						given[to] = true
						call.Args = append(call.Args, ir.Argument{Name: to, Value: value, Old: []ir.Expr{x.At}})
					}
				}
			}
			t, ok := e.resolve(part.ctx, call)
			if !ok {
				dicts = nil
				break
			}
			dicts = append(dicts, func() {
				e.replaceNode(part, u.At, t)
				e.cover[keyOf(u.At)] = &coverage{at: u.At, app: part}
				for _, code := range a.rule.Notes {
					part.notes = append(part.notes, e.ruleNote(part, code))
				}
			})
		}
		if len(dicts) != len(j.Of) {
			continue
		}
		for i, d := range dicts {
			d()
			a.undo = append(a.undo, func() { e.partStays(j.Of[i].(*ir.Object)) })
		}
		for _, g := range a.rule.Fields {
			if strings.HasPrefix(g.Path, head+".") {
				mark(g.Path)
			}
		}
		mark(head)
		out = append(out, ir.Argument{Star: 2, Value: &ir.Source{Arg: ir.Arg{At: arg.At}}, Old: []ir.Expr{arg.At}})
	}
	return out
}

// constantHere reports whether a value is one value and no join of several.
func constantHere(a ir.Arg) bool {
	_, join := a.Value.(*ir.Join)
	return !join
}

// bound is a template with holes of its own.
type bound struct {
	ir.Term
	term  ir.Term
	holes map[string]ir.Term
}

// leftOver names the first field of a record that no line of the table covers.
func (e *engine) leftOver(c *context, o *ir.Object, prefix string, done map[string]bool, r *rules.Rule) string {
	for _, name := range o.Order {
		p := prefix + name
		arg, ok := c.field(o, name)
		if !ok {
			continue // changed later, where the change is carried over
		}
		if _, dropped := r.Drops[name]; dropped || ir.IsNone(arg.Value) {
			continue
		}
		nested, isObject := single(arg.Value).(*ir.Object)
		inTable := slices.ContainsFunc(r.Fields, func(f rules.Field) bool { return f.Path == p || strings.HasPrefix(f.Path, p+".") })
		if done[p] && isObject && !slices.ContainsFunc(r.Fields, func(f rules.Field) bool { return f.Path == p }) {
			if why := e.leftOver(c, nested, p+".", done, r); why != "" {
				return why
			}
			continue
		}
		if d, isDict := single(arg.Value).(*ir.Dict); isDict && done[p] && !slices.ContainsFunc(r.Fields, func(f rules.Field) bool { return f.Path == p }) {
			if why := e.leftInDict(c, d, p+".", done, r); why != "" {
				return why
			}
			continue
		}
		if !done[p] {
			if inTable && isObject && len(nested.Order) == 0 && nested.Made != nil {
				continue
			}
			return p
		}
	}
	return ""
}

// leftInDict names the first key of a dict in the place of a record that no line of
// the table covers, or the dict where nobody can tell what it holds.
func (e *engine) leftInDict(c *context, d *ir.Dict, prefix string, done map[string]bool, r *rules.Rule) string {
	if !c.settled(d) {
		return strings.TrimSuffix(prefix, ".")
	}
	e.dictRead(d)
	for _, key := range d.Keys {
		p, v := prefix+key, d.Vals[key].Value
		if ir.IsNone(v) {
			continue
		}
		exact := slices.ContainsFunc(r.Fields, func(f rules.Field) bool { return f.Path == p })
		why := ""
		switch x := single(v).(type) {
		case *ir.Dict:
			if done[p] && !exact {
				why = e.leftInDict(c, x, p+".", done, r)
			}
		case *ir.Object:
			if done[p] && !exact {
				why = e.leftOver(c, x, p+".", done, r)
			}
		}
		if !done[p] {
			why = p
		}
		if why != "" {
			return why
		}
	}
	return ""
}

// parameterOrder gives the place of each parameter of a target callable.
func (e *engine) parameterOrder(path string) map[string]int {
	sym, ok := e.tables.Symbol(path)
	if !ok || len(sym.Versions) == 0 {
		return nil
	}
	order := map[string]int{}
	for i, p := range sym.Versions[0].Params {
		order[p.Name] = i
	}
	return order
}

// changedRecord makes a dict of a nested record that a variable holds and that is
// changed on a condition before it is used: `user.password = x` becomes
// `user['admin_user_password'] = x`, and the call takes **user.
func (e *engine) changedRecord(a *application, head string, arg ir.Arg, o *ir.Object) bool {
	if !e.isRecord(o) || !e.vanishesObject(o) || !slices.ContainsFunc(o.Changes, func(ch ir.Change) bool { return !ch.Sure }) || !e.node(arg.At).Is(grammar.KindIdentifier) {
		return false
	}
	u := e.useAt(o.Made.At)
	if u == nil || e.shapeOf(u).kind != assigned {
		return false
	}
	entry := func(c *context, path string, x ir.Arg) ([]string, ir.Term, bool) {
		for _, g := range a.rule.Fields {
			if g.Path != head+"."+path || g.Absent || g.Drop || g.When != "" {
				continue
			}
			if g.Func != "" || g.Manual {
				return nil, nil, false
			}
			var value ir.Term = &ir.Source{Arg: x}
			if g.Value != "" {
				t, err := e.tpl.expression(g.Value)
				if err != nil {
					return nil, nil, false
				}
				value = &bound{term: t, holes: map[string]ir.Term{"it": value}}
			}
			t, ok := e.resolve(c, value)
			return g.To, t, ok
		}
		return nil, nil, false
	}
	part := &application{rule: a.rule, use: u, stmt: e.p.Stmt(u.At), answer: &ir.Answer{}}
	part.ctx = e.context(a.rule, u)
	call := &ir.Apply{Fn: &local{name: "dict"}}
	for _, name := range o.Order {
		x, built := o.Made.Bound[name]
		if !built || ir.IsNone(x.Value) {
			continue
		}
		to, value, ok := entry(part.ctx, name, x)
		if !ok {
			return false
		}
		for _, t := range to {
			call.Args = append(call.Args, ir.Argument{Name: t, Value: value, Old: []ir.Expr{x.At}})
		}
	}
	var changes []change
	for _, ch := range o.Changes {
		n := e.node(ch.Stmt)
		if n.Is(grammar.KindExpressionStatement) {
			n = n.FirstChild()
		}
		left := n.Child(grammar.FieldLeft)
		if !n.Is(grammar.KindAssignment) || !left.Is(grammar.KindAttribute) || !left.Child(grammar.FieldObject).Is(grammar.KindIdentifier) || !e.p.Before(ch.Stmt, a.stmt) {
			return false
		}
		base := e.expr(ch.Stmt.Unit, left.Child(grammar.FieldObject))
		step := &application{rule: a.rule, use: u, stmt: ch.Stmt, answer: &ir.Answer{}}
		step.ctx = e.context(a.rule, u)
		step.ctx.stmt, step.ctx.place = ch.Stmt, ch.Stmt
		step.ctx.emitted = append(step.ctx.emitted, base.Span)
		to, value, ok := entry(step.ctx, ch.Path, ch.Arg)
		if !ok {
			return false
		}
		var now []ir.Term
		for _, t := range to {
			now = append(now, &assign{target: &ir.Item{Of: &ir.Source{Arg: ir.Arg{At: base}}, Key: &ir.Literal{V: t}}, value: value})
		}
		changes = append(changes, change{stmt: ch.Stmt, app: step, now: now})
	}
	e.replaceNode(part, u.At, call)
	e.cover[keyOf(u.At)] = &coverage{at: u.At, app: part}
	for _, ch := range changes {
		e.carryOver(ch)
	}
	a.undo = append(a.undo, func() { e.partStays(o) })
	return true
}

// partStays takes back that a nested record has become a dict: what it is for
// is left to a person.
func (e *engine) partStays(o *ir.Object) {
	u := e.useAt(o.Made.At)
	e.repl.delete(keyOf(u.At))
	delete(e.cover, keyOf(u.At))
	e.visit(u)
	for _, ch := range o.Changes {
		delete(e.plans, keyOf(ch.Stmt))
		for u := range e.usesIn(ch.Stmt.Span) {
			delete(e.cover, keyOf(u.At))
			e.visit(u)
		}
	}
}
