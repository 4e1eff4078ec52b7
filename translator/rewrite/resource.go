package rewrite

import (
	"maps"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

// holding is a resource in a variable that the engine introduced.
type holding struct {
	spec *rules.Resource // nil for what is no resource
	args map[string]ir.Arg
	name string
	stmt ir.Expr
	app  *application
	call *ir.Call // of the old program that it was made for
}

// resource gives a term for a resource at the place of a use.
func (e *engine) resource(c *context, kind string, given []ir.Arg) (ir.Term, bool) {
	spec, ok := e.migration.Resource(c.rule.Pack, kind)
	if !ok {
		c.failed = "the pack has no resource " + kind
		return nil, false
	}
	args := map[string]ir.Arg{}
	if c.call != nil {
		maps.Copy(args, c.call.Bound)
	}
	if o := c.Object(); o != nil && o.Made != nil && c.use.Kind == ir.CallUse {
		for k, v := range o.Fields {
			if _, taken := args[k]; !taken {
				args[k] = v
			}
		}
	}
	for _, a := range given {
		args[a.Param] = a
	}
	for _, k := range spec.Key {
		c.used[k] = true
		if _, ok := args[k]; ok || c.call == nil {
			continue
		}
		// Older versions say it in a record that is passed along.
		for _, a := range c.call.Args {
			if o, ok := single(a.Value).(*ir.Object); ok && e.isRecord(o) {
				if f, ok := o.Fields[k]; ok && !ir.IsNone(f.Value) {
					args[k] = f
				}
			}
			if d, ok := single(a.Value).(*ir.Dict); ok && c.settled(d) && c.readsKey(a, k) {
				if f, ok := d.Vals[k]; ok && !ir.IsNone(f.Value) {
					args[k] = f
				}
			}
		}
	}
	if len(spec.Carriers) > 0 {
		return e.carrierTerm(c, spec, args)
	}
	if t, ok := e.atHand(c, spec, args); ok {
		return t, true
	}
	if name, ok := e.heldIn(c, spec, args); ok {
		return &visible{name: name, at: c.place}, true
	}
	return e.makeResource(c, spec, args)
}

// resourceArgs gives what identifies the resource that an answer makes.
func (e *engine) resourceArgs(c *context, r *ir.Resource) map[string]ir.Arg {
	args := map[string]ir.Arg{}
	if c.call != nil {
		maps.Copy(args, c.call.Bound)
	}
	if o := c.Object(); o != nil && c.use.Kind == ir.CallUse {
		for k, v := range o.Fields {
			if _, taken := args[k]; !taken {
				args[k] = v
			}
		}
	}
	for _, a := range r.Args {
		args[a.Param] = a
	}
	return args
}

// sameKey compares what identifies two resources of a kind. Part of a key that
// one side does not give (older versions of the SDK) does not tell them apart.
// What is reached through carrying objects of different keys is not the same
// either.
func (e *engine) sameKey(spec *rules.Resource, a, b map[string]ir.Arg) bool {
	for _, carrier := range e.migration.Carried() {
		if carrier == spec || carrier.Pack != spec.Pack {
			continue
		}
		for _, k := range carrier.Key {
			if surelyOther(a[k].Value, b[k].Value) {
				return false
			}
		}
	}
	compared := len(spec.Key) == 0 // a kind without a key has one member
	for _, k := range spec.Key {
		x, okX := a[k]
		y, okY := b[k]
		if !okX || !okY {
			continue
		}
		if !ir.Same(named(spec, k, x.Value), named(spec, k, y.Value)) {
			return false
		}
		compared = true
	}
	return compared
}

// atHand gives the object whose own key names the resource: what is called
// after job.name is that job.
func (e *engine) atHand(c *context, spec *rules.Resource, args map[string]ir.Arg) (ir.Term, bool) {
	if spec.Named == "" || len(spec.Key) == 0 {
		return nil, false
	}
	a, ok := args[spec.Key[0]]
	if !ok {
		return nil, false
	}
	u, ok := single(a.Value).(*ir.Unknown)
	if !ok || u.Of == nil || u.Attr != spec.Named {
		return nil, false
	}
	o, ok := alike(u.Of).(*ir.Object)
	if !ok || !slices.Contains(spec.Holds, o.Type) || e.throughOther(c.call, e.madeBy(o)) {
		return nil, false
	}
	if made := e.madeBy(o); made != nil {
		keys := slices.Clone(spec.Key[1:])
		for _, carrier := range e.migration.Carried() {
			if carrier.Pack == spec.Pack {
				keys = append(keys, carrier.Key...)
			}
		}
		for _, k := range keys {
			if surelyOther(made.Bound[k].Value, args[k].Value) {
				return nil, false // another one of that name
			}
		}
	}
	n := e.node(a.At)
	if n.Is(grammar.KindAttribute) {
		return &ir.Source{Arg: ir.Arg{Value: u.Of, At: e.expr(a.At.Unit, n.Child(grammar.FieldObject))}}, true
	}
	if name, ok := e.nameHolding(c, u.Of); ok {
		return &visible{name: name, at: c.place}, true
	}
	return nil, false
}

// named looks through the attribute by which an object of the resource's kind
// gives its own key: the name of what was made under a name is that name.
func named(spec *rules.Resource, key string, v ir.Value) ir.Value {
	u, ok := single(v).(*ir.Unknown)
	if !ok || u.Of == nil || u.Attr != spec.Named || spec.Named == "" {
		return v
	}
	o, ok := single(u.Of).(*ir.Object)
	if !ok || o.Made == nil || !slices.Contains(spec.Holds, o.Type) {
		return v
	}
	if a, ok := o.Made.Bound[key]; ok {
		return a.Value
	}
	return v
}

// heldIn finds a visible variable that holds the resource.
func (e *engine) heldIn(c *context, spec *rules.Resource, args map[string]ir.Arg) (string, bool) {
	for name := range e.p.EnvNamesAmong(c.place, e.defs.holderNames(spec, args)) {
		b, ok := e.p.Binding(c.place, name)
		if !ok || name == "_" || b.Maybe || !b.Sure && !isJoin(b.Value) {
			continue
		}
		if e.holds(spec, b.Value, args) && !e.droppedBinding(b) && e.reliable(b, c.place) && !e.throughOther(c.call, e.madeBy(b.Value)) {
			c.reads = append(c.reads, read{name: name, at: c.place})
			return name, true
		}
	}
	// The innermost and latest variable of ours that is certainly set here.
	for i := len(e.held) - 1; i >= 0; i-- {
		h := e.held[i]
		if h.spec == spec && e.sameKey(spec, h.args, args) && e.setBefore(h.stmt, c.place) && !e.boundSince(h, c.place) && !e.throughOther(c.call, h.call) {
			return h.name, true
		}
	}
	return "", false
}

// madeBy gives the call that made the object that a value is or will yield.
func (e *engine) madeBy(v ir.Value) *ir.Call {
	o, ok := alike(v).(*ir.Object)
	if ok && o.Elem != nil {
		o, ok = alike(o.Elem).(*ir.Object)
	}
	if !ok {
		return nil
	}
	return e.p.Made(o)
}

// throughOther reports whether two calls go through carrying objects that were
// made with different arguments: what they name alike is not the same then.
func (e *engine) throughOther(a, b *ir.Call) bool {
	if a == nil || b == nil {
		return false
	}
	return slices.ContainsFunc(e.migration.Carried(), func(spec *rules.Resource) bool {
		v, _, okV := e.carrierOf(a, spec)
		w, _, okW := e.carrierOf(b, spec)
		if !okV || !okW || v == w {
			return false
		}
		k, l := e.carriers[v], e.carriers[w]
		return k != nil && l != nil && otherArguments(k, l)
	})
}

// otherArguments reports whether two carrying objects are constructed with
// different arguments. Objects among these (credentials) tell them apart only
// where nothing else does: where the resource that they carry has no key.
func otherArguments(k, l *carrier) bool {
	if k.ctor == nil || l.ctor == nil {
		return false
	}
	for param, x := range k.ctor.Bound {
		y, ok := l.ctor.Bound[param]
		if !ok {
			continue
		}
		if _, object := x.Value.(*ir.Object); object && len(k.spec.Key) > 0 {
			continue
		}
		if !madeAlike(x.Value, y.Value, 0) {
			return true
		}
	}
	return false
}

// madeAlike reports whether two values are the same, or objects that are made
// alike.
func madeAlike(a, b ir.Value, depth int) bool {
	if ir.Same(a, b) {
		return true
	}
	x, okX := a.(*ir.Object)
	y, okY := b.(*ir.Object)
	if !okX || !okY || x.Type != y.Type || x.Made == nil || y.Made == nil || len(x.Made.Bound) != len(y.Made.Bound) || depth > 8 {
		return false
	}
	for param, v := range x.Made.Bound {
		w, ok := y.Made.Bound[param]
		if !ok || !madeAlike(v.Value, w.Value, depth+1) {
			return false
		}
	}
	return true
}

// boundSince reports whether the program itself puts something else into a
// variable that holds a resource, before a place.
func (e *engine) boundSince(h *holding, place ir.Expr) bool {
	b, _ := e.p.Binding(place, h.name)
	home := e.functionScope(e.p.Scope(h.stmt))
	return slices.ContainsFunc(b.Defs, func(d meaning.Def) bool {
		return e.functionScope(d.Scope) == home && d.Stmt != h.stmt && !e.p.Before(d.Stmt, h.stmt)
	})
}

// reliable reports whether a name can be relied on at a place: it is bound in
// the place's own function, or above it at the top of the module. What a later
// line or the main block binds is there only in some runs.
func (e *engine) reliable(b meaning.Binding, place ir.Expr) bool {
	home := e.functionScope(e.p.Scope(place))
	for _, d := range b.Defs {
		if e.functionScope(d.Scope) == home {
			continue
		}
		if d.Scope.Parent == nil && (!e.atTop(d.Stmt) || e.fileOf[d.Stmt.Unit] == e.fileOf[place.Unit] && !e.p.Before(d.Stmt, place)) {
			return false
		}
	}
	return true
}

// atTop reports whether a statement runs whenever its module does.
func (e *engine) atTop(stmt ir.Expr) bool {
	for n := e.node(stmt).Parent(); ; n = n.Parent() {
		switch n.Kind() {
		case grammar.KindModule:
			return true
		case grammar.KindBlock, grammar.KindWithStatement, grammar.KindTryStatement, grammar.KindDecoratedDefinition:
		default:
			return false
		}
	}
}

// functionScope is the innermost function or module scope around a scope.
func (e *engine) functionScope(s *meaning.Scope) *meaning.Scope {
	for s != nil && s.Parent != nil && s.Kind != meaning.FunctionScope {
		s = s.Parent
	}
	return s
}

func isJoin(v ir.Value) bool { _, ok := v.(*ir.Join); return ok }

// holds reports whether a value is, whichever way it came about, the resource
// with that key.
func (e *engine) holds(spec *rules.Resource, v ir.Value, args map[string]ir.Arg) bool {
	switch x := v.(type) {
	case *ir.Join:
		for _, y := range x.Of {
			if !e.holds(spec, y, args) {
				return false
			}
		}
		return len(x.Of) > 0
	case *ir.Object:
		if e.pending(x) {
			return e.holds(spec, x.Elem, args)
		}
		return x.Made != nil && slices.Contains(spec.Holds, x.Type) && e.sameKey(spec, x.Made.Bound, args)
	}
	return false
}

// droppedBinding reports whether the statement that binds the name is one whose
// result no longer exists.
func (e *engine) droppedBinding(b meaning.Binding) bool {
	for _, d := range b.Defs {
		if o, ok := alike(d.Value).(*ir.Object); ok && o.Made != nil && hasPrefix(o.Type, e.migration.Primary) && e.markedBefore(d.Stmt) {
			return true // left to a person by an earlier run
		}
		if p, ok := e.plans[keyOf(d.Stmt)]; ok && (p.drop && !p.same || slices.ContainsFunc(p.marks, func(m mark) bool { return m.todo && len(p.replace) == 0 && !e.hasReplacement(d.Stmt) })) {
			return true
		}
	}
	return false
}

func (e *engine) hasReplacement(stmt ir.Expr) bool {
	return len(e.repl.within(e.headSpan(stmt))) > 0
}

// setBefore reports whether a variable set at statement a certainly has its
// value at b: b follows in the same list of statements (or in a block below
// it), or a stands at the top of the module and b in a function.
func (e *engine) setBefore(a, b ir.Expr) bool {
	if e.fileOf[a.Unit] != e.fileOf[b.Unit] {
		return false
	}
	for x := b; ; {
		if keyOf(x) == keyOf(a) || e.p.Straight(a, x) {
			return true
		}
		n := e.node(x).Parent()
		for !n.IsZero() && !n.Parent().Is(grammar.KindBlock, grammar.KindModule) {
			n = n.Parent()
		}
		if n.IsZero() || n.Is(grammar.KindModule) {
			return false
		}
		if n.Is(grammar.KindFunctionDefinition, grammar.KindClassDefinition, grammar.KindDecoratedDefinition) {
			// A function runs after the module's straight lines before it is
			// called; it sees the module's variables.
			return e.node(a).Parent().Is(grammar.KindModule)
		}
		x = e.expr(x.Unit, n)
	}
}

// plain reports whether a resolved term is a constant or a pure expression of the
// user's: writing it twice evaluates nothing twice.
func (e *engine) plain(t ir.Term) bool {
	switch t := t.(type) {
	case *ir.Literal, *visible, *local:
		return true
	case *ir.Source:
		return t.Arg.At.IsZero() || e.p.Pure(t.Arg.At)
	case *bound:
		return e.plain(t.term)
	}
	return false
}

// making gives the template that makes a resource with the user's options, and the
// codes of what it means.
func making(c *context, spec *rules.Resource) (text string, notes []string) {
	text, notes = spec.Make, spec.Notes
	for _, option := range slices.Sorted(maps.Keys(spec.ByOption)) {
		if name, value, _ := strings.Cut(option, "="); c.Option(name) == value {
			text, notes = spec.ByOption[option], spec.OptionNotes
		}
	}
	return text, notes
}

// makeResource writes the expression that gets the resource, into a variable
// of its own where the pack wants that.
func (e *engine) makeResource(c *context, spec *rules.Resource, args map[string]ir.Arg) (ir.Term, bool) {
	text, notes := making(c, spec)
	for _, k := range spec.Key {
		if _, ok := args[k]; !ok && spec.Missing != "" {
			text, notes = spec.Missing, spec.MissingNotes
		}
	}
	t, err := e.tpl.expression(text)
	if text == "" || err != nil {
		c.failed = "the " + spec.Kind + " is not known here"
		return nil, false
	}
	holes := map[string]ir.Term{}
	for k, a := range args {
		holes[k] = &ir.Source{Arg: a}
	}
	for h, fn := range spec.Derive {
		f, ok := spec.Pack.Derive[fn]
		if !ok {
			continue
		}
		if term, ok := f(args, c); ok {
			holes[h] = term
		}
	}
	home, around := c.place, c.around
	c.around = map[string]ir.Arg{}
	for k, a := range args {
		a.Param = k
		c.around[k] = a
	}
	defer func() { c.around = around }()
	var out ir.Term
	ok := false
	introduce := spec.Introduce || c.asksFor(spec.Kind) > 1
	if introduce {
		// Made once, before the loops around the place, where its arguments
		// allow that.
		c.place = e.outOfLoops(home)
		out, ok = e.resolve(c, &bound{term: t, holes: holes})
	}
	if !ok {
		c.place = home
		out, ok = e.resolve(c, &bound{term: t, holes: holes})
	}
	at := c.place
	c.place = home
	if !ok {
		return nil, false
	}
	if introduce && !spec.Introduce {
		// What is a name or a constant needs no variable of its own.
		if here, ok := e.resolve(c, &bound{term: t, holes: holes}); ok && e.plain(here) {
			out, introduce = here, false
		}
	}
	c.failed = ""
	for _, code := range notes {
		c.notes = append(c.notes, ir.Note{Code: code, Verdict: ir.Review, Values: map[string]string{"NAME": spec.Kind}})
	}
	if !introduce {
		return out, true
	}
	name := e.freshName(at, spec.Variable)
	as := &assign{target: &local{name: name}, value: out}
	if keyOf(at) == keyOf(home) {
		c.before = append(c.before, as)
	} else {
		p := e.stmtPlan(at)
		p.before = append(p.before, as)
	}
	h := &holding{spec: spec, args: args, name: name, stmt: at, app: &application{stmt: at}, call: c.call}
	e.held, c.made = append(e.held, h), append(c.made, h)
	return &local{name: name}, true
}

// outOfLoops climbs from a statement to the outermost loop around it, through
// nothing but loops.
func (e *engine) outOfLoops(stmt ir.Expr) ir.Expr {
	for {
		n := e.node(stmt).Parent()
		for !n.IsZero() && !n.Parent().Is(grammar.KindBlock, grammar.KindModule) {
			n = n.Parent()
		}
		if !n.Is(grammar.KindForStatement, grammar.KindWhileStatement) {
			return stmt
		}
		stmt = e.expr(stmt.Unit, n)
	}
}

// keywords are the words that are no names in some version of Python.
var keywords = map[string]bool{
	"False": true, "None": true, "True": true, "and": true, "as": true, "assert": true, "async": true, "await": true, "break": true,
	"class": true, "continue": true, "def": true, "del": true, "elif": true, "else": true, "except": true, "exec": true, "finally": true,
	"for": true, "from": true, "global": true, "if": true, "import": true, "in": true, "is": true, "lambda": true, "nonlocal": true,
	"not": true, "or": true, "pass": true, "print": true, "raise": true, "return": true, "try": true, "while": true, "with": true, "yield": true,
}

// freshName gives a name that is free in the scope of a place, and takes it.
func (e *engine) freshName(place ir.Expr, want string) string {
	sc := e.p.Scope(place)
	taken := func(name string) bool {
		for s := sc; s != nil; s = s.Parent {
			if e.names[s][name] {
				return true
			}
		}
		return e.p.NameInUse(sc, name) && !e.onlyInMain(place, name)
	}
	if keywords[want] {
		want += "_"
	}
	// Names that were taken stay so until one is released.
	name, i := want, max(1, e.numbered[scopedName{sc, want}])
	if i > 1 {
		name = want + "_" + itoa(int64(i))
	}
	for taken(name) {
		i++
		name = want + "_" + itoa(int64(i))
	}
	if e.numbered == nil {
		e.numbered = map[scopedName]int{}
	}
	e.numbered[scopedName{sc, want}] = i
	e.take(sc, name)
	return name
}

// onlyInMain reports whether a name that a function does not mention is bound
// only where the module runs as a program: nothing in the function relies on it,
// so that a variable of the function may have it.
func (e *engine) onlyInMain(place ir.Expr, name string) bool {
	fn := e.node(place).Ancestor(grammar.KindFunctionDefinition)
	b, ok := e.p.Binding(place, name)
	if fn.IsZero() || !ok || len(b.Defs) == 0 {
		return false
	}
	for outer := fn; !outer.IsZero(); outer = outer.Ancestor(grammar.KindFunctionDefinition, grammar.KindClassDefinition) {
		fn = outer
	}
	for _, d := range b.Defs {
		if d.Scope.Parent != nil || d.Kind != meaning.Assign && d.Kind != meaning.With && d.Kind != meaning.For || e.atTop(d.Stmt) || e.fileOf[d.At.Unit] != e.fileOf[place.Unit] {
			return false
		}
	}
	for id := fn.ID(); id <= fn.Last(); id++ {
		if n := fn.Tree().Node(id); n.Is(grammar.KindIdentifier) && n.Text() == name && isLoad(n) {
			return false
		}
	}
	return true
}

// release gives the names back that a withdrawn answer had taken.
func (e *engine) release(c *context) {
	if len(c.names) > 0 {
		clear(e.numbered)
	}
	for _, t := range c.names {
		delete(e.names[t.scope], t.name)
	}
	c.names = nil
}

func (e *engine) take(sc *meaning.Scope, name string) {
	if e.names[sc] == nil {
		e.names[sc] = map[string]bool{}
	}
	e.names[sc][name] = true
}

// variableFor chooses the variable for a result that the old program threw
// away: the one that it later gave to the same object, else the resource's own.
func (e *engine) variableFor(c *context, kind string) string {
	spec, ok := e.migration.Resource(c.rule.Pack, kind)
	if !ok {
		return e.freshName(c.place, resultName(c.rule))
	}
	if len(spec.Carriers) > 0 {
		if name, ok := e.carrierVariable(c, spec); ok {
			return name
		}
	}
	args := map[string]ir.Arg{}
	if c.call != nil {
		args = c.call.Bound
	}
	sc := e.p.Scope(c.place)
	var after string
	for d := range e.defs.objectsOf(sc, spec.Holds) {
		if o := single(d.Value).(*ir.Object); o.Made == nil || !e.sameKey(spec, o.Made.Bound, args) {
			continue
		}
		if !e.node(d.At).Is(grammar.KindIdentifier) || d.Name == "_" {
			continue
		}
		if after == "" {
			after = d.Name
		}
	}
	if after != "" && !e.boundBetween(c, after) {
		return after
	}
	return e.freshName(c.place, spec.Variable)
}

// resultName is the name wanted for a variable that holds what a rule's call gives
// and that is no resource.
func resultName(r *rules.Rule) string {
	if r == nil || r.Variable == "" {
		return "result"
	}
	return r.Variable
}

// boundBetween reports whether the name already means something else where the
// result is made.
func (e *engine) boundBetween(c *context, name string) bool {
	b, ok := e.p.Binding(c.place, name)
	if !ok || len(b.Defs) == 0 {
		return false
	}
	return true
}

// hold puts the value of a call into a variable before the statement in which
// it is made, and gives that variable.
func (e *engine) hold(o *ir.Object) (ir.Term, bool) {
	for _, h := range e.held {
		if h.spec == nil && h.args["value"].Value == ir.Value(o) {
			return &local{name: h.name}, true
		}
	}
	at := o.Made.At
	r := e.repl.get(keyOf(at))
	if r == nil {
		return nil, false
	}
	stmt := e.p.Stmt(at)
	if !e.hoistable(at, stmt) {
		return nil, false
	}
	want := resultName(nil)
	if r.app != nil {
		want = resultName(r.app.rule)
	}
	name := e.freshName(stmt, want)
	p := e.stmtPlan(stmt)
	p.before = append(p.before, &assign{target: &local{name: name}, value: r.term})
	e.repl.set(keyOf(at), &replacement{at: at, term: &local{name: name}, app: r.app})
	e.held = append(e.held, &holding{args: map[string]ir.Arg{"value": {Value: o}}, name: name, stmt: stmt, app: &application{stmt: stmt}})
	return &local{name: name}, true
}
