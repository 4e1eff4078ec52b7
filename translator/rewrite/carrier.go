package rewrite

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

// carrier is an object of the old program (a client) whose variables hold a
// resource of the new one (a workspace).
type carrier struct {
	object ir.Value
	spec   *rules.Resource
	ctor   *ir.Call    // nil when the construction is not in sight
	rule   *rules.Rule // the rule of the construction, which provides holes
	use    *ir.Use
	stmt   ir.Expr
	uses   []*ir.Use // the calls that go through it, in program order
	// moved: the resource is made at a later statement, by a rule that makes
	// it or where it is first needed, into the same variable.
	moved   bool
	at      ir.Expr // the statement that makes it, when moved
	byRule  bool    // at belongs to a rule that makes the resource itself
	keys    map[string]ir.Arg
	key     *ir.Use // the use whose arguments are the key
	unknown bool    // the key cannot be written where the resource is made
	// presumed: the key is that of calls that go through something of the
	// object's shape.
	presumed bool
	// create is a call elsewhere in the program that makes the resource: the
	// construction makes it instead, by createText, and the call is done with.
	create     *ir.Use
	createText string
	// user is the variable that the program itself has for the resource that
	// the statement at makes.
	user ir.Expr
	made *application // that has made it; nil: nothing yet
}

// carriedBy is the resource that objects of an old class carry, nil for none.
func (e *engine) carriedBy(class string) *rules.Resource {
	for _, r := range e.migration.Carried() {
		if slices.Contains(r.Carriers, class) {
			return r
		}
	}
	return nil
}

// rootCarrier follows a value to the object carrying a resource that it was
// reached through, with the expression of that object.
func (e *engine) rootCarrier(v ir.Value, at ir.Expr, spec *rules.Resource) (ir.Value, ir.Expr, bool) {
	for range 8 {
		o, ok := alike(v).(*ir.Object)
		if !ok {
			return nil, ir.Expr{}, false
		}
		if slices.Contains(spec.Carriers, o.Type) {
			return o, at, true
		}
		if o.From == nil {
			return nil, ir.Expr{}, false
		}
		n := e.node(at)
		for n.Is(grammar.KindParenthesizedExpression) {
			n = n.FirstChild()
		}
		if n.Is(grammar.KindAttribute) {
			at = e.expr(at.Unit, n.Child(grammar.FieldObject))
		} else {
			at = o.FromExpr
		}
		v = o.From
	}
	return nil, ir.Expr{}, false
}

// carrierOf finds the object carrying a resource that a call goes through: its
// receiver's, or one among its arguments.
func (e *engine) carrierOf(call *ir.Call, spec *rules.Resource) (ir.Value, ir.Expr, bool) {
	if call == nil {
		return nil, ir.Expr{}, false
	}
	if v, at, ok := e.rootCarrier(call.Recv.Value, call.Recv.At, spec); ok {
		return v, at, true
	}
	if o, ok := alike(call.Recv.Value).(*ir.Object); ok && o.Made != nil && o.Made != call {
		if v, at, ok := e.carrierOf(o.Made, spec); ok {
			return v, at, true
		}
	}
	for _, a := range call.Args {
		if o, ok := alike(a.Value).(*ir.Object); ok && slices.Contains(spec.Carriers, o.Type) {
			return o, a.At, true
		}
	}
	return nil, ir.Expr{}, false
}

// planCarriers decides, before anything is rewritten, where each carried
// resource is made and what its variable is called.
func (e *engine) planCarriers() {
	specs := e.migration.Carried()
	if len(specs) == 0 {
		return
	}
	var order []*carrier
	for _, u := range e.uses {
		if u.Kind != ir.CallUse && u.Kind != ir.MakeUse {
			continue
		}
		o, ok := single(u.Call.Result).(*ir.Object)
		if !ok || e.carriers[o] != nil || o.Made != u.Call {
			continue
		}
		if spec := e.carriedBy(o.Type); spec != nil {
			k := &carrier{object: o, spec: spec, ctor: u.Call, use: u, stmt: e.p.Stmt(u.At), keys: map[string]ir.Arg{}}
			for _, r := range e.migration.For(u.Symbol) {
				if r.Pack == spec.Pack && (r.Provides != nil || r.Makes == spec.Kind && r.To == "" && r.Do == "") && e.fits(r, u) {
					k.rule = r
					break
				}
			}
			if k.rule == nil {
				continue
			}
			e.carriers[o] = k
			order = append(order, k)
		}
	}
	for _, u := range e.uses {
		if u.Kind != ir.CallUse && u.Kind != ir.MakeUse {
			continue
		}
		for _, spec := range specs {
			v, at, ok := e.carrierOf(u.Call, spec)
			if !ok {
				continue
			}
			if k := e.carriers[v]; k != nil {
				k.uses = append(k.uses, u)
			}
			// The same method may be called with other objects.
			eachObject(e.p.Value(at), func(o *ir.Object) {
				if k := e.carriers[o]; k != nil && ir.Value(o) != v {
					k.uses = append(k.uses, u)
				}
			})
		}
	}
	for _, k := range order {
		e.keysByShape(k, order)
		e.placeCarrier(k)
	}
}

// names reports whether a call names a whole key of the resource.
func (k *carrier) names(u *ir.Use) bool {
	return u.Call != nil && !slices.ContainsFunc(k.spec.Key, func(p string) bool { _, ok := u.Call.Bound[p]; return !ok })
}

// keysByShape finds the key of the one carrying object of the program where no
// call certainly goes through it: the key that all calls name which go through
// something of its shape.
func (e *engine) keysByShape(k *carrier, order []*carrier) {
	near := func(u *ir.Use) bool { return e.related(e.fileOf[u.At.Unit], e.fileOf[k.use.At.Unit]) }
	if slices.ContainsFunc(k.uses, k.names) || slices.ContainsFunc(order, func(other *carrier) bool { return other != k && other.spec == k.spec && near(other.use) }) {
		return
	}
	keys := map[string]ir.Arg{}
	for _, u := range e.uses {
		if u.Kind != ir.CallUse || !near(u) || !k.names(u) {
			continue
		}
		for _, p := range k.spec.Key {
			a := u.Call.Bound[p]
			if have, ok := keys[p]; ok && !ir.Same(have.Value, a.Value) || e.varies(a, 0) {
				return
			}
			if _, ok := keys[p]; !ok {
				keys[p] = a
			}
		}
	}
	k.keys, k.presumed = keys, len(keys) > 0
}

// placeCarrier decides where the carried resource is made.
func (e *engine) placeCarrier(k *carrier) {
	e.chooseKey(k)
	s := e.shapeOf(k.use)
	simple := s.kind == assigned && e.node(s.left).Is(grammar.KindIdentifier)
	// A statement of the program that makes the resource, in the same list.
	if simple {
		for _, u := range k.uses {
			if !e.makesResource(u, k.spec) {
				continue
			}
			st := e.p.Stmt(u.At)
			us := e.shapeOf(u)
			if (us.kind == whole || us.kind == assigned) && e.p.Straight(k.stmt, st) && e.firstReader(s.left, st) {
				k.moved, k.byRule, k.at, k.key = true, true, st, u
				if us.kind == assigned && e.node(us.left).Is(grammar.KindIdentifier) && !e.isThrowaway(us) {
					k.user = us.left
				}
				for _, p := range k.spec.Key {
					k.keys[p] = u.Call.Bound[p]
				}
				return
			}
		}
	}
	if e.createAtOnce(k) {
		return
	}
	if len(k.keys) == 0 {
		return // made from what the construction provides, or the pack's fallback
	}
	c := e.context(k.rule, k.use)
	writable := true
	for _, a := range k.keys {
		writable = writable && c.Can(a)
	}
	if writable {
		return
	}
	if simple && len(k.uses) > 0 {
		st := e.topStatement(e.p.Stmt(k.uses[0].At), k.stmt)
		if !st.IsZero() && e.firstReader(s.left, st) {
			c := e.context(k.rule, k.use)
			c.place = st
			ok := true
			for _, a := range k.keys {
				ok = ok && c.Can(a)
			}
			if ok {
				k.moved, k.at = true, st
				return
			}
		}
	}
	k.unknown = true
}

// chooseKey takes the key of the first call that names it, if there is one of a
// call for which it is always the same.
func (e *engine) chooseKey(k *carrier) {
	for _, u := range k.uses {
		complete := true
		for _, p := range k.spec.Key {
			if _, ok := u.Call.Bound[p]; !ok {
				complete = false
			}
		}
		varies := slices.ContainsFunc(k.spec.Key, func(p string) bool { return e.varies(u.Call.Bound[p], 0) })
		if complete && (k.key == nil || !varies) {
			k.key = u
			for _, p := range k.spec.Key {
				k.keys[p] = u.Call.Bound[p]
			}
			if !varies {
				break
			}
		}
	}
}

// staysAt takes back that carried resources are made at a statement that is left
// to a person: they are made where the old objects are.
func (e *engine) staysAt(stmt ir.Expr) {
	var here []*carrier
	for _, k := range e.carriers {
		if k.moved && keyOf(k.at) == keyOf(stmt) {
			here = append(here, k)
		}
	}
	slices.SortFunc(here, func(a, b *carrier) int { return compareSpans(a.use.At.Span, b.use.At.Span) })
	for _, k := range here {
		k.moved, k.byRule, k.at, k.user = false, false, ir.Expr{}, ir.Expr{}
		k.uses = slices.DeleteFunc(slices.Clone(k.uses), func(u *ir.Use) bool { return stmt.Contains(u.At.Span) })
		k.key, k.keys = nil, map[string]ir.Arg{}
		e.chooseKey(k)
		c := e.context(k.rule, k.use)
		for _, a := range k.keys {
			k.unknown = k.unknown || !c.Can(a)
		}
		if k.made != nil {
			*e.stmtPlan(k.stmt) = plan{stmt: k.stmt}
			again := &application{rule: k.made.rule, use: k.use, stmt: k.stmt}
			again.ctx = e.context(again.rule, k.use)
			e.makeCarrier(again, k)
		}
	}
}

// createAtOnce looks for a call elsewhere in the program that makes the
// resource, whose arguments mean the same where the carrying object is
// constructed: the new object cannot be had before the resource exists.
func (e *engine) createAtOnce(k *carrier) bool {
	for _, u := range k.uses {
		if !e.makesResource(u, k.spec) || u.At.Contains(k.use.At.Span) {
			continue
		}
		text := ""
		for _, r := range e.migration.For(u.Symbol) {
			if r.Pack == k.spec.Pack && r.Makes == k.spec.Kind && strings.HasPrefix(strings.TrimSpace(r.Do), "{target} = ") {
				text = strings.TrimPrefix(strings.TrimSpace(r.Do), "{target} = ")
				break
			}
		}
		if text == "" {
			continue
		}
		c := e.context(k.rule, k.use)
		ok := true
		for _, a := range u.Call.Bound {
			ok = ok && c.Can(a)
		}
		if !ok {
			continue
		}
		k.create, k.createText, k.key = u, text, u
		for _, p := range k.spec.Key {
			k.keys[p] = u.Call.Bound[p]
		}
		return true
	}
	return false
}

// createdElsewhere gives the carrier whose construction already does what the
// use asks for.
func (e *engine) createdElsewhere(u *ir.Use) *carrier {
	for _, k := range e.carriers {
		if k.create != u {
			continue
		}
		e.visit(k.use) // it may stand in a file that comes later
		if k.made != nil {
			return k
		}
	}
	return nil
}

// topStatement climbs from a statement to the one in the same list as base.
func (e *engine) topStatement(st, base ir.Expr) ir.Expr {
	for {
		if e.p.Straight(base, st) {
			return st
		}
		n := e.node(st).Parent()
		for !n.IsZero() && !n.Parent().Is(grammar.KindBlock, grammar.KindModule) {
			n = n.Parent()
		}
		if n.IsZero() || n.Is(grammar.KindModule, grammar.KindFunctionDefinition, grammar.KindClassDefinition) {
			return ir.Expr{}
		}
		st = e.expr(st.Unit, n)
	}
}

// makesResource reports whether a rule for the use makes the resource itself.
func (e *engine) makesResource(u *ir.Use, spec *rules.Resource) bool {
	for _, r := range e.migration.For(u.Symbol) {
		if r.Pack == spec.Pack && r.Makes == spec.Kind && r.Provides == nil {
			return true
		}
	}
	return false
}

// firstReader reports whether no reader of the variable bound at left comes
// before the statement.
func (e *engine) firstReader(left, stmt ir.Expr) bool {
	d, ok := e.p.DefAt(left)
	if !ok {
		return false
	}
	for _, r := range e.p.Readers(d) {
		rs := e.p.Stmt(r)
		if keyOf(rs) == keyOf(stmt) || stmt.Contains(r.Span) {
			continue
		}
		if e.p.Scope(r) == d.Scope && e.p.Before(rs, stmt) {
			return false
		}
	}
	return true
}

// carrierMadeBy gives the carrier that a use constructs.
func (e *engine) carrierMadeBy(u *ir.Use) *carrier {
	if u.Call == nil {
		return nil
	}
	o, ok := single(u.Call.Result).(*ir.Object)
	if !ok || o.Made != u.Call {
		return nil
	}
	return e.carriers[o]
}

// makeCarrier answers for the construction of a carrying object.
func (e *engine) makeCarrier(a *application, k *carrier) {
	c := a.ctx
	for _, code := range a.rule.Notes {
		a.notes = append(a.notes, e.ruleNote(a, code))
	}
	if field := e.unread(a, &ir.Answer{}); field != "" {
		e.leave(a, e.note(a.rule.Pack, "unknown", field))
		return
	}
	for _, param := range slices.Sorted(maps.Keys(c.call.Bound)) {
		arg := c.call.Bound[param]
		if code := a.rule.Drops[param]; code != "" && !ir.IsNone(arg.Value) {
			a.notes = append(a.notes, ir.Note{Code: code, Verdict: ir.Review, At: arg.At, Values: map[string]string{"NAME": param}})
		}
	}
	k.made = a
	s := e.shapeOf(a.use)
	if k.moved {
		var names []ir.Term
		if why := e.keepSteps(a, s, &names); why != "" || len(names) > 0 {
			e.leave(a, e.unplaced(a, cmp.Or(why, "a part of it is evaluated there")))
			return
		}
		p := e.stmtPlan(a.stmt)
		p.app, p.drop = a, true
		e.cover[keyOf(s.outer)] = &coverage{at: s.outer, app: a}
		e.cover[keyOf(a.use.At)] = &coverage{at: a.use.At, app: a}
		c.place = k.at
		if k.byRule {
			// The statement that makes the resource gives back what the
			// construction was given.
			if _, ok := e.provided(c, k); !ok {
				p.drop = false
				e.leave(a, e.unplaced(a, c.failed))
				return
			}
			at := e.stmtPlan(k.at)
			at.before = append(at.before, c.before...)
			return
		}
		t, ok := e.makeCarried(c, k)
		before := slices.Clone(c.before)
		if ok && k.key != nil {
			there := &application{use: k.key, stmt: e.p.Stmt(k.key.At), ctx: c}
			c.failed = e.evaluateInOrder(there, e.shapeOf(k.key), &before, &t, nil)
		}
		if !ok || c.failed != "" {
			p.drop = false
			e.leave(a, e.unplaced(a, c.failed))
			return
		}
		at := e.stmtPlan(k.at)
		at.before = append(at.before, before...)
		at.before = append(at.before, &assign{target: &ir.Source{Arg: ir.Arg{At: s.left}}, value: t})
		c.emitted = append(c.emitted, s.left.Span)
		return
	}
	t, ok := e.makeCarried(c, k)
	if !ok {
		e.leave(a, e.unplaced(a, c.failed))
		return
	}
	before := slices.Clone(c.before)
	why := e.keepSteps(a, s, &before, t)
	if why == "" {
		why = e.evaluateInOrder(a, s, &before, &t, nil)
	}
	if why == "" {
		why = e.place(a, s, &ir.Answer{Term: t}, before, t, nil)
	}
	if why != "" {
		e.leave(a, e.unplaced(a, why))
	}
	a.notes = append(a.notes, c.notes...)
	c.notes = nil
}

// makeCarried writes the expression that gets the carried resource.
func (e *engine) makeCarried(c *context, k *carrier) (ir.Term, bool) {
	holes, ok := e.provided(c, k)
	if !ok {
		return nil, false
	}
	make, notes := making(c, k.spec)
	text := make
	if k.create != nil {
		for p, a := range k.create.Call.Bound {
			holes[p] = &ir.Source{Arg: a}
		}
		text = k.createText
	}
	complete := len(k.keys) == len(k.spec.Key) && !k.unknown
	if complete {
		for p, a := range k.keys {
			holes[p] = &ir.Source{Arg: a}
		}
	} else {
		for _, p := range k.spec.Key {
			if _, ok := holes[p]; ok {
				continue
			}
			if a, ok := k.keys[p]; ok && c.Can(a) {
				holes[p] = &ir.Source{Arg: a}
				continue
			}
			text, notes = k.spec.Missing, k.spec.MissingNotes
		}
		if text == make && len(k.keys) < len(k.spec.Key) {
			notes = append(slices.Clone(notes), k.spec.MissingNotes...)
		}
	}
	t, err := e.tpl.expression(text)
	if text == "" || err != nil {
		c.failed = "it is not known here"
		return nil, false
	}
	for _, code := range notes {
		c.notes = append(c.notes, ir.Note{Code: code, Verdict: ir.Review, Values: map[string]string{"NAME": k.spec.Kind}})
	}
	if k.create != nil {
		n := e.note(k.spec.Pack, "early", k.spec.Kind)
		n.Verdict = ir.Review
		n.Values["WHY"] = e.node(k.create.At).Child(grammar.FieldFunction).Text()
		c.notes = append(c.notes, n)
	}
	if k.presumed && text == make {
		n := e.note(k.spec.Pack, "presumed", k.spec.Kind)
		n.Verdict = ir.Review
		c.notes = append(c.notes, n)
	}
	return e.resolve(c, &bound{term: t, holes: holes})
}

// provided gives the holes that the construction of a carrier provides.
func (e *engine) provided(c *context, k *carrier) (map[string]ir.Term, bool) {
	holes := map[string]ir.Term{}
	if k.rule == nil {
		return holes, true
	}
	if k.ctor.Unbound != "" {
		c.failed = "it takes a " + shortName(alike(k.object).(*ir.Object).Type) + " that is left by hand"
		return nil, false
	}
	cc := e.context(k.rule, k.use)
	cc.place = c.place
	for _, h := range slices.Sorted(maps.Keys(k.rule.Provides)) {
		text := k.rule.Provides[h]
		t, err := e.tpl.expression(text)
		if err != nil {
			c.failed = err.Error()
			return nil, false
		}
		out, ok := e.resolve(cc, t)
		if !ok {
			c.failed = cc.failed
			return nil, false
		}
		if _, none := out.(*absent); none {
			continue
		}
		holes[h] = out
	}
	c.emitted = append(c.emitted, cc.emitted...)
	c.reads = append(c.reads, cc.reads...)
	c.before = append(c.before, cc.before...)
	c.asked = c.asked || cc.asked
	return holes, true
}

// providedHole fills a hole from the construction of the carrying object that
// the use goes through. known is false where no construction provides it.
func (e *engine) providedHole(c *context, name string) (t ir.Term, known, ok bool) {
	for _, spec := range e.migration.Carried() {
		if c.call == nil || spec.Pack != c.rule.Pack {
			continue
		}
		v, _, found := e.carrierOf(c.call, spec)
		if !found {
			continue
		}
		k := e.carriers[v]
		if k == nil || k.rule == nil || k.rule.Provides[name] == "" {
			continue
		}
		holes, ok := e.provided(c, k)
		if !ok {
			return nil, true, false
		}
		t, ok = holes[name]
		if !ok {
			return &absent{}, true, true
		}
		return t, true, true
	}
	return nil, false, false
}

// carrierTerm gives the resource at the place of a use that goes through a
// carrying object: the user's own expression for that object.
func (e *engine) carrierTerm(c *context, spec *rules.Resource, args map[string]ir.Arg) (ir.Term, bool) {
	v, at, ok := e.carrierOf(c.call, spec)
	if !ok {
		if o := c.Object(); o != nil && c.use.Kind == ir.AttrUse {
			v, at, ok = e.rootCarrier(o, c.Recv().At, spec)
		}
	}
	if !ok {
		return e.carrierInSight(c, spec)
	}
	k := e.carriers[v]
	if k == nil {
		if slices.ContainsFunc(spec.Key, func(p string) bool { return e.varies(args[p], 0) }) {
			c.failed = "which " + spec.Kind + " it is shows only when the program runs"
			return nil, false
		}
		c.emitted = append(c.emitted, at.Span)
		return &ir.Source{Arg: ir.Arg{Value: v, At: at}}, true
	}
	if k.byRule && keyOf(c.place) == keyOf(k.at) {
		return e.makeCarried(c, k)
	}
	if j, ok := e.p.Value(at).(*ir.Join); ok {
		for _, w := range j.Of { // several carrying objects may stand here
			l := e.carriers[w]
			if l == nil || e.sameCarried(l, args) {
				continue
			}
			if l != k && otherArguments(k, l) {
				c.failed = "which " + spec.Kind + " it is shows only when the program runs"
				return nil, false
			}
			return e.otherCarried(c, l, args, at)
		}
	}
	if !e.sameCarried(k, args) {
		return e.otherCarried(c, k, args, at)
	}
	if keyOf(e.p.Stmt(at)) == keyOf(c.place) || e.p.SameAt(at, c.place) {
		c.emitted = append(c.emitted, at.Span)
		return &ir.Source{Arg: ir.Arg{Value: v, At: at}}, true
	}
	if name, ok := e.nameHolding(c, v); ok {
		return &visible{name: name, at: c.place}, true
	}
	c.failed = "the " + spec.Kind + " is not in sight here"
	return nil, false
}

// carrierInSight finds the resource where the use itself does not go through a
// carrying object: a visible variable that holds one.
func (e *engine) carrierInSight(c *context, spec *rules.Resource) (ir.Term, bool) {
	for _, name := range e.p.EnvNames(c.place) {
		b, ok := e.p.Binding(c.place, name)
		if !ok {
			continue
		}
		if o, ok := alike(b.Value).(*ir.Object); ok && slices.Contains(spec.Carriers, o.Type) {
			if e.madeByHand(o) {
				continue
			}
			if k := e.carriers[o]; k != nil && k.moved && !k.setBefore(e, c.place) || !e.reliable(b, c.place) {
				continue
			}
			c.reads = append(c.reads, read{name: name, at: c.place})
			return &visible{name: name, at: c.place}, true
		}
		if attr, ok := e.attributeHolding(c, b.Value, spec); ok {
			c.reads = append(c.reads, read{name: name, at: c.place})
			return &ir.Member{Of: &visible{name: name, at: c.place}, Name: attr}, true
		}
	}
	// An object of the new program that was made in the resource.
	for _, r := range e.migration.Resources() {
		back := r.Back[spec.Kind]
		if back == "" || r.Pack != spec.Pack {
			continue
		}
		for _, name := range e.p.EnvNames(c.place) {
			b, ok := e.p.Binding(c.place, name)
			if !ok {
				continue
			}
			o, ok := alike(b.Value).(*ir.Object)
			if ok && slices.Contains(r.Holds, o.Type) && !e.droppedBinding(b) {
				c.reads = append(c.reads, read{name: name, at: c.place})
				return &ir.Member{Of: &visible{name: name, at: c.place}, Name: back}, true
			}
		}
	}
	if t, ok := e.carrierByMethod(c, spec); ok {
		return t, true
	}
	if t, ok := e.carrierMaker(c, spec); ok {
		return t, true
	}
	c.failed = "the " + spec.Kind + " is not in sight here"
	return nil, false
}

// carrierMaker writes a call of a function of the program's own that makes the
// carrying object and takes nothing, as other places of the program call it.
func (e *engine) carrierMaker(c *context, spec *rules.Resource) (ir.Term, bool) {
	for _, u := range e.uses {
		k := e.carrierMadeBy(u)
		if k == nil || k.spec != spec || !e.related(e.fileOf[u.At.Unit], e.fileOf[c.use.At.Unit]) {
			continue
		}
		fn := e.node(k.stmt)
		for !fn.IsZero() && !fn.Is(grammar.KindFunctionDefinition) {
			fn = fn.Parent()
		}
		if fn.IsZero() {
			continue
		}
		def := e.expr(k.stmt.Unit, fn)
		for _, site := range e.p.Callers(def) {
			n := e.node(site.Call)
			args := n.Child(grammar.FieldArguments)
			if !n.Is(grammar.KindCall) || alike(e.p.Value(site.Call)) != k.object || !args.FirstChild().IsZero() {
				continue
			}
			f := e.expr(site.Call.Unit, n.Child(grammar.FieldFunction))
			if t, ok := e.spellPath(c, f); ok {
				return &ir.Apply{Fn: t}, true
			}
			if name := e.source(f.Span); e.node(f).Is(grammar.KindIdentifier) {
				b, ok := e.p.Binding(c.place, name)
				have, isFunc := b.Value.(*ir.Function)
				if ok && isFunc && keyOf(have.Def) == keyOf(def) {
					c.reads = append(c.reads, read{name: name, at: c.place})
					return &ir.Apply{Fn: &visible{name: name, at: c.place}}, true
				}
			}
		}
	}
	return nil, false
}

// throughByHand gives the class of the carrying object that a use goes through
// where what makes that object is left to a person: it is none of the new
// program's. "" is for any other use.
func (e *engine) throughByHand(c *context) string {
	recv := c.Recv()
	through := []ir.Arg{recv}
	if c.call != nil {
		through = append(through, c.call.Args...)
	}
	for _, spec := range e.migration.Carried() {
		for i, a := range through {
			v, ok := a.Value, i > 0
			if i == 0 {
				v, _, ok = e.rootCarrier(recv.Value, recv.At, spec)
			}
			o, isObject := alike(v).(*ir.Object)
			if ok && isObject && spec.Pack == c.rule.Pack && slices.Contains(spec.Carriers, o.Type) && e.madeByHand(o) {
				return shortName(o.Type)
			}
		}
	}
	return ""
}

// madeByHand reports whether what makes a carrying object is left to a person.
func (e *engine) madeByHand(o *ir.Object) bool {
	if o.Made == nil {
		return false
	}
	u := e.useAt(o.Made.At)
	return u != nil && e.byHand(u)
}

// byHand reports whether a use is left to a person, by an earlier run or this one,
// or will be.
func (e *engine) byHand(u *ir.Use) bool {
	if f := e.found[u]; f != nil {
		return f.Marked && !f.Left
	}
	if c := e.cover[keyOf(u.At)]; c != nil {
		return c.app.manual
	}
	rs := e.migration.For(u.Symbol)
	i := slices.IndexFunc(rs, func(r *rules.Rule) bool { return e.fits(r, u) })
	return i < 0 || rs[i].Manual || e.givenUnseen(u.Call) != "" || u.Call != nil && u.Call.Unbound != ""
}

// setBefore reports whether a moved resource is already made at a place.
func (k *carrier) setBefore(e *engine, place ir.Expr) bool {
	return keyOf(k.at) == keyOf(place) && !k.byRule || e.setBefore(k.at, place)
}

// sameCarried reports whether the arguments name the resource that the carrier
// holds, as far as they name one.
func (e *engine) sameCarried(k *carrier, args map[string]ir.Arg) bool {
	for _, p := range k.spec.Key {
		x, okX := k.keys[p]
		y, okY := args[p]
		if !okX || !okY {
			continue
		}
		same := ir.Same(x.Value, y.Value)
		if !same && surelyOther(x.Value, y.Value) || (!same || k.unknown) && e.varies(y, 0) {
			return false
		}
	}
	return true
}

// varies reports whether an argument certainly has several values in one run:
// it comes from a loop's variable, or is one of several constants.
func (e *engine) varies(a ir.Arg, depth int) bool {
	if depth > 4 {
		return false
	}
	if j, ok := a.Value.(*ir.Join); ok {
		var first ir.Value
		for _, v := range j.Of {
			if _, ok := ir.String(v); !ok {
				continue
			}
			if first != nil && surelyOther(first, v) {
				return true
			}
			first = v
		}
	}
	n := e.node(a.At)
	for n.Is(grammar.KindAttribute, grammar.KindSubscript) {
		if n.Is(grammar.KindAttribute) {
			n = n.Child(grammar.FieldObject)
		} else {
			n = n.Child(grammar.FieldValue)
		}
	}
	if !n.Is(grammar.KindIdentifier) {
		return false
	}
	for _, d := range e.p.Defs(e.expr(a.At.Unit, n)) {
		switch d.Kind {
		case meaning.For, meaning.Comprehension:
			return true
		case meaning.Param:
			fn := e.node(d.At)
			for !fn.IsZero() && !fn.Is(grammar.KindFunctionDefinition, grammar.KindLambda) {
				fn = fn.Parent()
			}
			for _, site := range e.p.Callers(e.expr(d.At.Unit, fn)) {
				if arg, ok := site.Args[d.Name]; ok && e.varies(arg, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// surelyOther reports whether two values are certainly different.
func surelyOther(a, b ir.Value) bool {
	x, okX := ir.String(a)
	y, okY := ir.String(b)
	return okX && okY && x != y
}

// otherCarried writes another resource of the same kind that is reached
// through the same object.
func (e *engine) otherCarried(c *context, k *carrier, args map[string]ir.Arg, at ir.Expr) (ir.Term, bool) {
	holes, ok := e.provided(c, k)
	if !ok {
		return nil, false
	}
	for _, p := range k.spec.Key {
		a, ok := args[p]
		if !ok {
			c.failed = "the " + k.spec.Kind + " is not known here"
			return nil, false
		}
		holes[p] = &ir.Source{Arg: a}
	}
	text, _ := making(c, k.spec)
	t, err := e.tpl.expression(text)
	if err != nil {
		return nil, false
	}
	return e.resolve(c, &bound{term: t, holes: holes})
}

// carrierVariable is the variable for a resource that a rule makes, where the
// carrying object's own variable is to hold it.
func (e *engine) carrierVariable(c *context, spec *rules.Resource) (string, bool) {
	v, at, ok := e.carrierOf(c.call, spec)
	if !ok {
		return "", false
	}
	k := e.carriers[v]
	if k != nil && k.byRule && keyOf(k.at) == keyOf(c.place) {
		return e.source(e.shapeOf(k.use).left.Span), true
	}
	if e.node(at).Is(grammar.KindIdentifier) {
		return e.source(at.Span), true
	}
	return "", false
}
