package rewrite

import (
	"maps"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/meaning"
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
	}
	if given := e.givenUnseen(a.ctx.call); given != "" {
		e.leave(a, e.unplaced(a, "`"+given+"` holds arguments that are not in sight"))
		return
	}
	if class := e.throughByHand(a.ctx); class != "" {
		e.leave(a, e.unplaced(a, "it takes a "+class+" that is left by hand"))
		return
	}
	if n := e.node(u.At); u.Kind == ir.NameUse && n.Parent().Is(grammar.KindArgumentList) && n.Parent().Parent().Is(grammar.KindClassDefinition) {
		e.leave(a, e.unplaced(a, "a class of the program derives from it"))
		return
	}
	switch {
	case r.Fold:
		if u.Kind == ir.MakeUse || u.Kind == ir.CallUse {
			e.addFold(a)
			return
		}
		if u.Kind == ir.NameUse && !e.node(u.At).Ancestor(grammar.KindType).IsZero() {
			// What becomes of such a record is a dict, if anything.
			e.commit(a, &ir.Answer{Term: &local{name: "dict"}})
			return
		}
	}
	if u.Kind == ir.NameUse && len(r.Fields) > 0 && !e.node(u.At).Ancestor(grammar.KindType).IsZero() {
		// An annotation names the class of what the new call makes.
		if sym, ok := e.tables.Symbol(r.To); ok && sym.Newest().Returns.Name != "" {
			e.commit(a, &ir.Answer{Term: &ir.Name{Path: sym.Newest().Returns.Name}})
			return
		}
	}
	if class := e.newClass(r, u); class != "" {
		e.commit(a, &ir.Answer{Term: &ir.Name{Path: class}})
		return
	}
	if e.aboutCalls(r, u) {
		e.leave(a, e.note(r.Pack, "uncalled", shortName(u.Symbol)))
		return
	}
	if u.Call == nil && e.isCallable(u.Symbol) {
		e.leave(a, e.note(r.Pack, "uncalled", shortName(u.Symbol)))
		return
	}
	if c := a.ctx.call; c != nil && c.Unbound != "" {
		e.leave(a, e.note(r.Pack, "unbound", c.Unbound))
		return
	}
	if c := e.carrierMadeBy(u); c != nil {
		e.makeCarrier(a, c)
		return
	}
	var changed []change
	if k := e.createdElsewhere(u); k != nil {
		ans := &ir.Answer{Term: &hole{path: k.spec.Kind}}
		for _, code := range r.Notes {
			ans.Notes = append(ans.Notes, e.ruleNote(a, code))
		}
		_, at, _ := e.carrierOf(u.Call, k.spec)
		if s := e.shapeOf(u); e.p.Pure(at) && (s.kind == whole || s.kind == assigned && e.isThrowaway(s)) {
			ans.Term, ans.Drop = nil, true // else it is made where the object is asked for
		}
		e.commit(a, ans)
		return
	}
	if o := a.ctx.Object(); r.Partly && u.Kind == ir.MakeUse && o != nil && slices.ContainsFunc(o.Changes, func(ch ir.Change) bool { return !ch.Sure }) && !e.leaveSteps(o) {
		e.leave(a, e.note(r.Pack, "changed", oneLine(e.source(o.Changes[0].Stmt.Span))))
		return
	}
	if place, ok, why := e.emissionPlace(a); !ok && r.Mutable && e.mutations(a, &changed) {
		a.ctx.asBuilt = true
	} else if !ok {
		e.leave(a, e.note(r.Pack, "changed", why))
		return
	} else if !place.IsZero() {
		a.ctx.place = place
	}
	answer := e.answer(a)
	if answer == nil {
		n := a.noteOr()
		if why := a.ctx.failed; why != "" {
			n = e.unplaced(a, why)
		}
		e.leave(a, n)
		return
	}
	e.commit(a, answer)
	if a.manual {
		return
	}
	for _, ch := range changed {
		e.carryOver(ch)
	}
}

// carryOver puts the new text of a change in its place.
func (e *engine) carryOver(ch change) {
	p := e.stmtPlan(ch.stmt)
	p.app, p.replace = ch.app, ch.now
	for u := range e.usesIn(ch.stmt.Span) {
		if !slices.ContainsFunc(ch.app.ctx.emitted, func(s ir.Span) bool { return s.Contains(u.At.Span) }) {
			e.cover[keyOf(u.At)] = &coverage{at: u.At, app: ch.app}
		}
	}
}

// givenUnseen gives the text of an argument *x or **x of which it is not known
// what it holds.
func (e *engine) givenUnseen(call *ir.Call) string {
	if call == nil {
		return ""
	}
	var seen func(v ir.Value) bool
	seen = func(v ir.Value) bool {
		switch x := v.(type) {
		case *ir.Seq:
			return !x.Open
		case *ir.Dict:
			return !x.Open
		case *ir.Join:
			return !slices.ContainsFunc(x.Of, func(v ir.Value) bool { return !seen(v) })
		}
		return false
	}
	for _, a := range call.Args {
		if a.Star > 0 && !seen(a.Value) {
			return strings.Repeat("*", a.Star) + oneLine(e.source(a.At.Span))
		}
	}
	return ""
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
		f, ok := r.Pack.Funcs[r.Func]
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
		if e.keepsPoller(r, a.use) {
			if out.Term, err = e.tpl.expression(r.Poller); err != nil {
				return nil
			}
		}
		return e.consumeArguments(a, out)
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
		return e.consumeArguments(a, out)
	}
	return nil
}

// consumeArguments notes the arguments that a template leaves out (Promise 5). The
// answer is another one where it would lose a part of one.
func (e *engine) consumeArguments(a *application, out *ir.Answer) *ir.Answer {
	if a.ctx.call == nil {
		return out
	}
	if field := e.unread(a, out); field != "" {
		return &ir.Answer{Notes: []ir.Note{e.note(a.rule.Pack, "unknown", field)}}
	}
	for _, param := range slices.Sorted(maps.Keys(a.ctx.call.Bound)) {
		arg := a.ctx.call.Bound[param]
		code, dropped := a.rule.Drops[param]
		if !dropped {
			code, dropped = a.rule.Pack.Drops[param]
		}
		if !dropped || code == "" || ir.IsNone(arg.Value) || e.isCursor(param, arg) {
			continue
		}
		out.Notes = append(out.Notes, ir.Note{Code: code, Verdict: ir.Review, At: arg.At, Values: map[string]string{"NAME": param}})
	}
	return out
}

// useAt gives the use of a construction or call at an expression.
func (e *engine) useAt(x ir.Expr) *ir.Use {
	for u := range e.usesIn(x.Span) {
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

// leave gives a use the verdict manual: its statement stays under a mark.
func (e *engine) leave(a *application, n ir.Note) {
	if a.rule.Stays != "" && !a.manual {
		e.stay(a)
		return
	}
	for _, undo := range a.undo {
		undo()
	}
	a.undo = nil
	n.Verdict = ir.Manual
	a.manual = true
	a.notes, a.ctx.notes = []ir.Note{n}, nil // what it would have meant does not count
	e.cover[keyOf(a.use.At)] = &coverage{at: a.use.At, app: a}
	if a.use.Kind == ir.EnvUse && e.alive.done {
		// All else is decided; the text that names it may be a new one.
		for _, w := range e.written.ofName(e, a.use) {
			w.plan.marks = append(w.plan.marks, mark{code: n.Code, text: e.noteText(n), todo: true, over: w.term})
			a.marked = true
		}
		return
	}
	p := e.stmtPlan(a.stmt)
	p.app = a
	p.marks = append(p.marks, mark{code: n.Code, text: e.noteText(n), todo: true})
	e.keepWhole(a.stmt, a)
}

// stay keeps the old text of a use, which is valid in the new program too, and
// withdraws what its rule had begun.
func (e *engine) stay(a *application) {
	e.release(a.ctx)
	for _, m := range a.ctx.made {
		e.held = slices.DeleteFunc(e.held, func(h *holding) bool { return h == m })
		p := e.stmtPlan(m.stmt)
		p.before = slices.DeleteFunc(p.before, func(t ir.Term) bool {
			as, ok := t.(*assign)
			if !ok {
				return false
			}
			target, ok := as.target.(*local)
			return ok && target.name == m.name
		})
	}
	a.ctx = e.context(a.rule, a.use)
	a.answer = nil
	a.notes = []ir.Note{{Code: a.rule.Stays, Verdict: e.migration.Notes[a.rule.Stays].Verdict, Values: a.values()}}
	for ch := range e.node(a.use.At).Children() {
		a.ctx.emitted = append(a.ctx.emitted, e.expr(a.use.At.Unit, ch).Span)
	}
	e.cover[keyOf(a.use.At)] = &coverage{at: a.use.At, app: a}
}

// keepWhole withdraws every rewrite inside a statement that stays as it is.
func (e *engine) keepWhole(stmt ir.Expr, a *application) {
	head := e.headSpan(stmt)
	for _, r := range e.repl.within(head) {
		e.repl.delete(keyOf(r.at))
	}
	p := e.stmtPlan(stmt)
	p.before, p.after, p.replace, p.drop, p.added = nil, nil, nil, false, nil
	e.held = slices.DeleteFunc(e.held, func(h *holding) bool { return h.stmt == stmt && h.app != nil && h.app.stmt == stmt })
	e.folds = slices.DeleteFunc(e.folds, func(f *fold) bool { return f.stmt == stmt })
	e.staysAt(stmt)
	// All of the statement's uses share the verdict.
	for u := range e.usesIn(head) {
		if u.Kind != ir.ImportUse {
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
		if n.Verdict == ir.Manual && ans.Term == nil && !ans.Drop && !ans.Keep && len(ans.Before)+len(ans.After) == 0 {
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
	s := e.shapeOf(a.use)
	if !ans.Over.IsZero() {
		s = shape{outer: ans.Over}
	}
	var before, after []ir.Term
	fail := func(why string) {
		n := a.noteOr()
		if why != "" {
			n = e.unplaced(a, why)
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
	before = append(slices.Clone(c.before), before...)
	why := e.keepSteps(a, s, &before, append(slices.Clone(after), term)...)
	if why == "" {
		why = e.evaluateInOrder(a, s, &before, &term, after)
	}
	if why != "" {
		fail(why)
		return
	}
	if ans.Makes != nil && term != nil && (s.kind == whole && e.wanted(c, ans.Makes) || s.kind == assigned && e.isThrowaway(s)) {
		c.Target()
	}
	c.nameTarget(ans)
	if why := e.place(a, s, ans, before, term, after); why != "" {
		fail(why)
		return
	}
	e.respell(a, ans.Spellings)
	if c.asked {
		e.late = append(e.late, a)
	}
	if ans.Makes != nil && c.targetV != nil {
		spec, _ := e.migration.Resource(a.rule.Pack, ans.Makes.Kind)
		e.held = append(e.held, &holding{spec: spec, args: e.resourceArgs(c, ans.Makes), name: c.targetV.Name, stmt: c.place, app: a, call: c.call})
	}
}

// newClass gives the class of the target object that instances of an old class
// carry or hold, where a use names the old class in an annotation, or asks for its
// instances, and the rule is about making one. "" is for any other use.
func (e *engine) newClass(r *rules.Rule, u *ir.Use) string {
	made := len(r.Provides) > 0 || r.Makes != "" && (r.Do != "" || r.To != "")
	if u.Kind != ir.NameUse || r.Func != "" || !made {
		return ""
	}
	n := e.node(u.At)
	if n.Ancestor(grammar.KindType).IsZero() && !e.asksInstance(u.At) {
		return ""
	}
	for _, spec := range e.migration.Resources() {
		if spec.Pack == r.Pack && (slices.Contains(spec.Carriers, u.Symbol) || slices.Contains(spec.Holds, u.Symbol)) {
			return spec.Type
		}
	}
	return ""
}

// aboutCalls reports whether a use names a class and the rule says only what
// becomes of making an instance.
func (e *engine) aboutCalls(r *rules.Rule, u *ir.Use) bool {
	if u.Kind != ir.NameUse || r.Func != "" || len(r.Fields) > 0 {
		return false
	}
	sym, ok := e.tables.Symbol(u.Symbol)
	return ok && sym.Kind == sdk.Class && (len(r.Provides) > 0 || r.Do != "" || strings.Contains(r.To, "{"))
}

// asksInstance reports whether an expression is what isinstance asks for, or one
// of several such.
func (e *engine) asksInstance(x ir.Expr) bool {
	n := e.node(x)
	if n.Parent().Is(grammar.KindTuple) {
		n = n.Parent()
	}
	args := n.Parent()
	if !args.Is(grammar.KindArgumentList) || args.FirstChild().ID() == n.ID() {
		return false
	}
	c := e.p.CallAt(e.expr(x.Unit, args.Parent()))
	return c != nil && c.Symbol == "builtins.isinstance"
}

// isCallable reports whether a symbol of the old SDK is a function or method.
func (e *engine) isCallable(symbol string) bool {
	sym, ok := e.tables.Symbol(symbol)
	return ok && (sym.Kind == sdk.Method || sym.Kind == sdk.Function)
}

// wanted reports whether another call of the program is about the resource that
// a call makes, so that it is worth a variable.
func (e *engine) wanted(c *context, made *ir.Resource) bool {
	spec, ok := e.migration.Resource(c.rule.Pack, made.Kind)
	if !ok || len(spec.Carriers) > 0 || len(spec.Holds) == 0 {
		return true
	}
	args := e.resourceArgs(c, made)
	if e.calls == nil {
		e.calls = map[*meaning.Scope][]*ir.Use{}
		for _, u := range e.uses {
			if u.Call != nil {
				s := e.functionScope(e.p.Scope(u.At))
				e.calls[s] = append(e.calls[s], u)
			}
		}
	}
	for _, u := range e.calls[e.functionScope(e.p.Scope(c.stmt))] {
		if u.Call != c.call && e.sameKey(spec, u.Call.Bound, args) && !e.p.Before(u.Call.Stmt, c.stmt) {
			return true
		}
	}
	return false
}
