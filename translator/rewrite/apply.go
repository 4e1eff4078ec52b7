package rewrite

import (
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
)

// apply carries out a rule at a use.
func (e *engine) apply(r *rules.Rule, u *ir.Use) {
	a := &application{rule: r, use: u, stmt: e.p.Stmt(u.At)}
	a.ctx = e.context(r, u)
	switch {
	case r.Manual:
		e.leave(a, a.noteOr())
		return
	case r.Keep:
		e.keep(a)
		return
	case r.Fold:
		if u.Kind == ir.MakeUse || u.Kind == ir.CallUse {
			e.addFold(a)
			return
		}
	}
	if c := a.ctx.call; c != nil && c.Unbound != "" {
		e.leave(a, e.note("unbound", c.Unbound))
		return
	}
	if c := e.carrierMadeBy(u); c != nil {
		e.makeCarrier(a, c)
		return
	}
	var changed []change
	if place, ok, why := e.emissionPlace(a); !ok && r.Mutable && e.mutations(a, &changed) {
		a.ctx.asBuilt = true
	} else if !ok {
		e.leave(a, e.note("changed", why))
		return
	} else if !place.IsZero() {
		a.ctx.place = place
	}
	answer := e.answer(a)
	if answer == nil {
		e.leave(a, a.noteOr())
		return
	}
	e.commit(a, answer)
	if a.manual {
		return
	}
	for _, ch := range changed {
		p := e.stmtPlan(ch.stmt)
		p.app, p.replace = ch.app, ch.now
		for _, u := range e.uses {
			if ch.stmt.Contains(u.At.Span) {
				e.cover[keyOf(u.At)] = &coverage{at: u.At, app: ch.app}
			}
		}
	}
}

// noteOr gives the rule's first note as the reason of a manual verdict.
func (a *application) noteOr() ir.Note {
	if len(a.rule.Notes) > 0 {
		return ir.Note{Code: a.rule.Notes[0], Verdict: ir.Manual, Values: a.values()}
	}
	return ir.Note{Code: a.rule.ID, Verdict: ir.Manual, Values: a.values()}
}

// ruleNote is a note that the rule itself names: it means what the catalogue
// says, but no worse than the rule's own verdict.
func (e *engine) ruleNote(a *application, code string) ir.Note {
	return ir.Note{Code: code, Verdict: min(a.rule.Verdict, e.pack.Notes[code].Verdict), Values: a.values()}
}

// note is a reason of the engine's own, by its role in Pack.Codes.
func (e *engine) note(role, why string) ir.Note {
	return ir.Note{Code: e.pack.Codes[role], Verdict: ir.Manual, Values: map[string]string{"NAME": why, "WHY": why, "text": why}}
}

// values fills the usual holes of a note's text.
func (a *application) values() map[string]string {
	name := a.use.Symbol
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		if j := strings.LastIndexByte(name[:i], '.'); j >= 0 && a.use.Kind != ir.MakeUse {
			name = name[j+1:]
		} else {
			name = name[i+1:]
		}
	}
	return map[string]string{"NAME": name}
}

// answer asks the rule what becomes of the use.
func (e *engine) answer(a *application) *ir.Answer {
	r, c := a.rule, a.ctx
	out := &ir.Answer{}
	for _, code := range r.Notes {
		out.Notes = append(out.Notes, e.ruleNote(a, code))
	}
	switch {
	case r.Func != "":
		f, ok := e.pack.Funcs[r.Func]
		if !ok {
			return nil
		}
		got := f(c)
		if got == nil {
			return nil
		}
		got.Notes = append(got.Notes, out.Notes...)
		return got
	case len(r.Fields) > 0:
		return e.fieldTable(a, out)
	case r.Do != "":
		t, err := e.tpl.block(r.Do)
		if err != nil {
			return nil
		}
		out.Before = []ir.Statement{{Value: t}}
		if r.Makes != "" {
			out.Makes = &ir.Resource{Kind: r.Makes}
		}
		out.Term = nil
		e.consumeArguments(a, out)
		return out
	case r.Drop:
		out.Drop = true
		return out
	case r.To != "":
		t, err := e.tpl.expression(r.To)
		if err != nil {
			return nil
		}
		out.Term = t
		if r.Makes != "" {
			out.Makes = &ir.Resource{Kind: r.Makes}
		}
		e.consumeArguments(a, out)
		return out
	}
	return nil
}

// consumeArguments notes the arguments that a template leaves out (Promise 5).
func (e *engine) consumeArguments(a *application, out *ir.Answer) {
	if a.ctx.call == nil {
		return
	}
	for param, arg := range a.ctx.call.Bound {
		code, dropped := a.rule.Drops[param]
		if !dropped {
			code, dropped = e.pack.Drops[param]
		}
		if !dropped || code == "" || ir.IsNone(arg.Value) {
			continue
		}
		out.Notes = append(out.Notes, ir.Note{Code: code, Verdict: ir.Review, At: arg.At, Values: map[string]string{"NAME": param}})
	}
}

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
	for _, stars := range e.branchRecords(a, mark) {
		call.Args = append(call.Args, stars)
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
		if f.When != "" && !constantIs(arg.Value, f.When) {
			continue
		}
		if f.When != "" && f.Value != "" && !e.isConstantHere(c, arg) {
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
			fn, ok := e.pack.Funcs[f.Func]
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
		return &ir.Answer{Notes: []ir.Note{e.note("unknown", shortName(o.Type)+"."+why)}}
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
				if !ok || g.When != "" && !constantIs(x.Value, g.When) {
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
		for _, d := range dicts {
			d()
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

// useAt gives the use of a construction or call at an expression.
func (e *engine) useAt(x ir.Expr) *ir.Use {
	for _, u := range e.uses {
		if keyOf(u.At) == keyOf(x) && (u.Kind == ir.MakeUse || u.Kind == ir.CallUse) {
			return u
		}
	}
	return nil
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

// isConstantHere reports whether a value is constant and no join.
func (e *engine) isConstantHere(_ *context, a ir.Arg) bool {
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
		if !done[p] {
			if inTable && isObject && len(nested.Order) == 0 && nested.Made != nil {
				continue
			}
			return p
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

// leave gives a use the verdict manual: its statement stays under a mark.
func (e *engine) leave(a *application, n ir.Note) {
	n.Verdict = ir.Manual
	a.manual = true
	a.notes = append(a.notes, n)
	e.cover[keyOf(a.use.At)] = &coverage{at: a.use.At, app: a}
	p := e.stmtPlan(a.stmt)
	p.app = a
	p.marks = append(p.marks, mark{code: n.Code, text: e.noteText(n), todo: true})
	e.keepWhole(a.stmt, a)
}

// keepWhole withdraws every rewrite inside a statement that stays as it is.
func (e *engine) keepWhole(stmt ir.Expr, a *application) {
	head := e.headSpan(stmt)
	for k, r := range e.repl {
		if k.unit == stmt.Unit && head.Contains(r.at.Span) {
			delete(e.repl, k)
		}
	}
	p := e.stmtPlan(stmt)
	p.before, p.after, p.replace, p.drop = nil, nil, nil, false
	e.held = slices.DeleteFunc(e.held, func(h *holding) bool { return h.stmt == stmt && h.app != nil && h.app.stmt == stmt })
	e.folds = slices.DeleteFunc(e.folds, func(f *fold) bool { return f.stmt == stmt })
	// All of the statement's uses share the verdict.
	for _, u := range e.uses {
		if u.At.Unit == stmt.Unit && head.Contains(u.At.Span) && u.Kind != ir.ImportUse {
			e.cover[keyOf(u.At)] = &coverage{at: u.At, app: a}
		}
	}
}

// keep leaves the text, which is valid as it is.
func (e *engine) keep(a *application) {
	for _, code := range a.rule.Notes {
		a.notes = append(a.notes, e.ruleNote(a, code))
	}
	c := a.ctx
	// Its arguments stay too, and are looked at on their own.
	n := e.node(a.use.At)
	for ch := range n.Children() {
		x := e.expr(a.use.At.Unit, ch)
		c.emitted = append(c.emitted, x.Span)
	}
	e.cover[keyOf(a.use.At)] = &coverage{at: a.use.At, app: a}
}

// addFold registers a statement that builds something for others.
func (e *engine) addFold(a *application) {
	e.cover[keyOf(a.use.At)] = &coverage{at: a.use.At, app: a}
	// Uses inside it are looked at on their own.
	n := e.node(a.use.At)
	for ch := range n.Children() {
		a.ctx.emitted = append(a.ctx.emitted, e.expr(a.use.At.Unit, ch).Span)
	}
}

// commit resolves an answer at its place and records what it changes.
func (e *engine) commit(a *application, ans *ir.Answer) {
	c := a.ctx
	a.answer = ans
	for _, n := range ans.Notes {
		if n.Verdict == ir.Manual && n.At.IsZero() && ans.Term == nil && !ans.Drop && len(ans.Before) == 0 {
			e.leave(a, n)
			return
		}
	}
	a.notes = append(a.notes, ans.Notes...)
	if ans.Keep {
		for ch := range e.node(a.use.At).Children() {
			c.emitted = append(c.emitted, e.expr(a.use.At.Unit, ch).Span)
		}
		e.cover[keyOf(a.use.At)] = &coverage{at: a.use.At, app: a}
		return
	}
	s := e.shapeOf(a.use, c.place)
	var before, after []ir.Term
	fail := func(why string) {
		n := a.noteOr()
		if why != "" {
			n = e.note("unplaced", why)
		}
		e.leave(a, n)
	}
	resolveAll := func(in []ir.Statement) ([]ir.Term, bool) {
		var out []ir.Term
		for _, st := range in {
			t, ok := e.resolveStatement(c, st)
			if !ok {
				return nil, false
			}
			out = append(out, t)
		}
		return out, true
	}
	var ok bool
	if before, ok = resolveAll(ans.Before); !ok {
		fail(c.failed)
		return
	}
	var term ir.Term
	if ans.Term != nil {
		if term, ok = e.resolve(c, ans.Term); !ok {
			fail(c.failed)
			return
		}
	}
	if after, ok = resolveAll(ans.After); !ok {
		fail(c.failed)
		return
	}
	if s.waits {
		if w := a.rule.Wait; w != "" {
			t, err := e.tpl.block(w)
			if err != nil {
				fail("")
				return
			}
			wt, ok := e.resolve(c, t)
			if !ok {
				fail(c.failed)
				return
			}
			after = append(after, wt)
		}
	}
	a.notes = append(a.notes, e.unevaluated(c)...)
	before = append(slices.Clone(c.before), before...)
	if s := s; ans.Makes != nil && term != nil && (s.kind == whole || s.kind == assigned && e.isThrowaway(s)) {
		c.Target()
	}
	c.nameTarget(ans)
	if why := e.place(a, s, ans, before, term, after); why != "" {
		fail(why)
		return
	}
	if c.asked {
		e.late = append(e.late, a)
	}
	if ans.Makes != nil && c.targetV != nil {
		e.held = append(e.held, &holding{kind: ans.Makes.Kind, args: e.resourceArgs(c, ans.Makes), name: c.targetV.Name, stmt: c.place, app: a})
	}
}

// unevaluated notes the arguments with calls of the user's own in them that the
// new code does not evaluate any more.
func (e *engine) unevaluated(c *context) []ir.Note {
	if c.call == nil {
		return nil
	}
	var out []ir.Note
	for _, arg := range c.call.Args {
		if arg.At.IsZero() || e.p.Pure(arg.At) || slices.ContainsFunc(c.emitted, func(s ir.Span) bool { return s.Contains(arg.At.Span) || arg.At.Contains(s) }) {
			continue
		}
		n := e.node(arg.At)
		foreign := false
		for id := n.ID(); id <= n.Last(); id++ {
			m := n.Tree().Node(id)
			if m.Is(grammar.KindCall) && e.p.CallAt(e.expr(arg.At.Unit, m)) == nil {
				foreign = true
			}
		}
		if foreign {
			note := e.note("unevaluated", oneLine(e.source(arg.At.Span)))
			note.Verdict, note.At = ir.Review, arg.At
			out = append(out, note)
		}
	}
	return out
}

// place puts a resolved answer where its use stands. It says why not when the
// use stands where that is not possible.
func (e *engine) place(a *application, s shape, ans *ir.Answer, before []ir.Term, term ir.Term, after []ir.Term) string {
	c := a.ctx
	p := e.stmtPlan(c.place)
	p.app = a
	cover := func() {
		e.cover[keyOf(s.outer)] = &coverage{at: s.outer, app: a}
		e.cover[keyOf(a.use.At)] = &coverage{at: a.use.At, app: a}
	}
	for _, n := range ans.Notes {
		if n.Verdict == ir.Manual {
			p.marks = append(p.marks, mark{code: n.Code, text: e.noteText(n), todo: true})
		} else if e.opt.NotesInCode && n.Verdict == ir.Review {
			p.marks = append(p.marks, mark{code: n.Code, text: e.noteText(n)})
		}
	}
	switch {
	case ans.Drop:
		if s.kind == nested {
			return "it stands inside another expression"
		}
		if s.kind == assigned && !e.isThrowaway(s) {
			return "its result is used"
		}
		p.drop = len(before) == 0
		p.replace = before
		cover()
		return ""
	case term == nil: // statements only
		switch s.kind {
		case whole, assigned:
			p.replace = append(append(p.replace, before...), after...)
			if s.kind == assigned && c.target == nil && !e.isThrowaway(s) {
				return "its result is used"
			}
			e.useTarget(c)
			cover()
			return ""
		default:
			if !e.hoistable(s.outer, a.stmt) {
				return "it stands where statements cannot be put before it"
			}
			p.before = append(p.before, before...)
			p.before = append(p.before, after...)
			if c.target == nil {
				return "its result is used"
			}
			t, ok := e.resolve(c, c.target)
			if !ok {
				return c.failed
			}
			e.replaceNode(a, s.outer, t)
			cover()
			return ""
		}
	}
	// An expression, with statements around it.
	if (len(before) > 0 || len(after) > 0) && s.kind == nested && !e.hoistable(s.outer, a.stmt) {
		return "it stands where statements cannot be put before it"
	}
	p.before = append(p.before, before...)
	moved := keyOf(c.place) != keyOf(a.stmt)
	switch {
	case moved:
		// Built in steps: the whole construction moves to the last step.
		p.replace = append(p.replace, &assign{target: c.movedTarget(), value: term})
		p.after = append(p.after, after...)
		cover()
		return e.dropSteps(a, c.place)
	case c.targetV != nil && (s.kind == whole || s.kind == assigned):
		p.replace = append(p.replace, &assign{target: c.target, value: term})
		p.after = append(p.after, after...)
	case c.targetV != nil && s.kind == nested && len(after) > 0:
		p.before = append(p.before, &assign{target: c.target, value: term})
		p.before = append(p.before, after...)
		e.replaceNode(a, s.outer, &local{name: c.targetV.Name})
	case ans.Makes != nil && (s.kind == whole || s.kind == assigned && e.isThrowaway(s)):
		p.replace = append(p.replace, &assign{target: c.target, value: term})
		p.after = append(p.after, after...)
	case s.kind == assigned && len(before)+len(after) == 0 && e.namesItself(s, term):
		p.drop, p.same = true, true // x = x
	default:
		e.replaceNode(a, s.outer, term)
		p.after = append(p.after, after...)
	}
	cover()
	return ""
}

// namesItself reports whether the new value of an assigned variable is that
// variable.
func (e *engine) namesItself(s shape, t ir.Term) bool {
	n := e.node(s.left)
	switch t := t.(type) {
	case *visible:
		return n.Is(grammar.KindIdentifier) && n.Text() == t.name
	case *ir.Source:
		return n.Is(grammar.KindIdentifier, grammar.KindAttribute) && n.Text() == e.source(t.Arg.At.Span)
	}
	return false
}

// assign is a statement `target = value`.
type assign struct {
	ir.Term
	target, value ir.Term
}

func (e *engine) replaceNode(a *application, at ir.Expr, t ir.Term) {
	e.repl[keyOf(at)] = &replacement{at: at, term: t, app: a}
}

// useTarget marks the user's own target as written again by the new text.
func (e *engine) useTarget(c *context) {
	if src, ok := c.target.(*ir.Source); ok {
		c.emitted = append(c.emitted, src.Arg.At.Span)
	}
}

// noteText fills a note's text from the catalogue.
func (e *engine) noteText(n ir.Note) string {
	text, ok := e.pack.Notes[n.Code]
	out := text.Text
	if !ok {
		out = n.Values["text"]
		if out == "" {
			out = n.Code
		}
	}
	for k, v := range n.Values {
		out = strings.ReplaceAll(out, "{"+k+"}", oneLine(v))
	}
	return oneLine(out)
}

// oneLine folds white space, so that a text fits a comment.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// shape tells how a use stands in its statement.
type shape struct {
	kind  shapeKind
	outer ir.Expr // the use with the waiting call around it
	left  ir.Expr // what the statement assigns to, when assigned
	waits bool    // .result() or .wait() follows
}

type shapeKind uint8

const (
	nested shapeKind = iota
	whole
	assigned
)

// shapeOf looks at the surroundings of a use: a waiting call on its poller,
// parentheses, an assignment.
func (e *engine) shapeOf(u *ir.Use, _ ir.Expr) shape {
	n := e.node(u.At)
	s := shape{}
	for {
		p := n.Parent()
		if p.Is(grammar.KindParenthesizedExpression) || p.Is(grammar.KindAwait) {
			n = p
			continue
		}
		if p.Is(grammar.KindAttribute) && p.Child(grammar.FieldObject).ID() == n.ID() {
			call := p.Parent()
			name := p.Child(grammar.FieldAttribute).Text()
			if call.Is(grammar.KindCall) && call.Child(grammar.FieldFunction).ID() == p.ID() && e.waiting(u, name) {
				n, s.waits = call, true
				continue
			}
		}
		break
	}
	s.outer = e.expr(u.At.Unit, n)
	p := n.Parent()
	switch {
	case p.Is(grammar.KindExpressionStatement):
		s.kind = whole
	case p.Is(grammar.KindAssignment) && p.Child(grammar.FieldRight).ID() == n.ID() && p.Parent().Is(grammar.KindExpressionStatement) &&
		!p.Child(grammar.FieldLeft).Is(grammar.KindPatternList, grammar.KindTuplePattern, grammar.KindListPattern):
		s.kind = assigned
		s.left = e.expr(u.At.Unit, p.Child(grammar.FieldLeft))
	}
	return s
}

// waiting reports whether the attribute of a call's result is a wait for its
// poller.
func (e *engine) waiting(u *ir.Use, name string) bool {
	if u.Call == nil || name != "result" && name != "wait" {
		return false
	}
	o, ok := single(u.Call.Result).(*ir.Object)
	return ok && (o.Type == "poller" || o.Type == "future")
}

// isThrowaway reports whether the assigned name is never read.
func (e *engine) isThrowaway(s shape) bool {
	n := e.node(s.left)
	if !n.Is(grammar.KindIdentifier) {
		return false
	}
	if n.Text() == "_" {
		return true
	}
	d, ok := e.defAt(s.left)
	return ok && len(e.p.Readers(d)) == 0 && !e.p.Escapes(d)
}

// hoistable reports whether an expression is evaluated exactly once and before
// anything else of its statement that could matter, so that statements may be
// put before the statement for it.
func (e *engine) hoistable(x, stmt ir.Expr) bool {
	n := e.node(x)
	top := e.node(stmt)
	for p := n.Parent(); !p.IsZero() && p.ID() != top.ID(); n, p = p, p.Parent() {
		switch p.Kind() {
		case grammar.KindLambda, grammar.KindListComprehension, grammar.KindDictionaryComprehension, grammar.KindSetComprehension,
			grammar.KindGeneratorExpression, grammar.KindWhileStatement, grammar.KindElifClause, grammar.KindDecorator,
			grammar.KindDefaultParameter, grammar.KindTypedDefaultParameter, grammar.KindParameters:
			return false
		case grammar.KindConditionalExpression:
			if p.FirstChild().ID() == n.ID() || p.FirstChild().NextSibling().ID() != n.ID() {
				return false
			}
		case grammar.KindBooleanOperator:
			if p.Child(grammar.FieldLeft).ID() != n.ID() {
				return false
			}
		}
	}
	return !top.Is(grammar.KindWhileStatement)
}

// source is the user's text of a span.
func (e *engine) source(s ir.Span) string {
	u, ok := e.byID[s.Unit]
	if !ok || s.End > len(u.Raw) {
		return ""
	}
	return string(u.Raw[s.Start:s.End])
}

// headSpan is the span of a statement without the blocks it owns.
func (e *engine) headSpan(stmt ir.Expr) ir.Span {
	n := e.node(stmt)
	for _, f := range []grammar.Field{grammar.FieldBody, grammar.FieldConsequence} {
		if b := n.Child(f); !b.IsZero() {
			return ir.Span{Unit: stmt.Unit, Start: stmt.Start, End: b.Start()}
		}
	}
	if n.Is(grammar.KindTryStatement, grammar.KindWithStatement, grammar.KindMatchStatement, grammar.KindElseClause, grammar.KindFinallyClause) {
		for c := range n.Children() {
			if c.Is(grammar.KindBlock) {
				return ir.Span{Unit: stmt.Unit, Start: stmt.Start, End: c.Start()}
			}
		}
	}
	return stmt.Span
}
