package rewrite

import (
	"maps"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

// absent stands for a hole that the use does not fill.
type absent struct{ ir.Term }

// resolve turns a rule's term into one that can be rendered at the place of the
// use: holes filled, resources found, every value of the user's spelled so that
// it means the same there. ok is false, with c.failed, where that cannot be.
func (e *engine) resolve(c *context, t ir.Term) (ir.Term, bool) {
	switch t := t.(type) {
	case nil:
		return nil, true
	case *ir.Name, *ir.Literal, *ir.Var, *local, *visible, *inlined:
		return t, true
	case *hole:
		return e.fill(c, t.path)
	case *bound:
		saved := c.extra
		c.extra = t.holes
		out, ok := e.resolve(c, t.term)
		c.extra = saved
		return out, ok
	case *ir.Source:
		return e.spell(c, t.Arg)
	case *ir.Excerpt:
		if keyOf(e.p.Stmt(t.Whole)) != keyOf(c.place) && !e.p.SameAt(t.Whole, c.place) {
			c.failed = oneLine(e.source(t.Whole.Span)) + " has no value that can be written here"
			return nil, false
		}
		for _, part := range t.Parts {
			if part.Text == "" {
				c.emitted = append(c.emitted, part.Part)
			}
		}
		return t, true
	case *ir.Concat:
		return e.concat(c, t.Pieces)
	case *ir.Code:
		parsed, err := e.tpl.expression(t.Text)
		if err != nil {
			c.failed = "the template " + t.Text + " is no expression"
			return nil, false
		}
		return e.resolve(c, &bound{term: parsed, holes: t.Holes})
	case *ir.Apply:
		fn, ok := e.resolve(c, t.Fn)
		if !ok {
			return nil, false
		}
		out := &ir.Apply{Fn: fn, Args: make([]ir.Argument, 0, len(t.Args))}
		for _, a := range t.Args {
			value := a.Value
			if e.takesNone(t.Fn, a.Name) {
				value = &ir.Optional{Value: value}
			}
			v, ok := e.resolve(c, value)
			if !ok {
				return nil, false
			}
			if _, none := v.(*absent); none {
				if a.Name == "" && a.Star == 0 {
					c.failed = "an argument is missing"
					return nil, false
				}
				continue
			}
			if a.Name != "" && slices.ContainsFunc(out.Args, func(b ir.Argument) bool { return b.Name == a.Name }) {
				continue
			}
			out.Args = append(out.Args, ir.Argument{Name: a.Name, Value: v, Star: a.Star, Old: a.Old})
		}
		if why := e.binds(out); why != "" {
			c.failed = why
			return nil, false
		}
		return out, true
	case *ir.Optional:
		return e.guarded(c, t.Value, t.Given.At)
	case *ir.Member:
		of, ok := e.resolve(c, t.Of)
		if src, isSource := of.(*ir.Source); ok && isSource {
			e.alive.members = append(e.alive.members, memberRead{value: src.Arg.Value, name: t.Name})
		}
		if _, none := of.(*absent); none {
			return of, ok
		}
		return &ir.Member{Of: of, Name: t.Name}, ok
	case *ir.Item:
		of, ok1 := e.resolve(c, t.Of)
		key, ok2 := e.resolve(c, t.Key)
		return &ir.Item{Of: of, Key: key}, ok1 && ok2
	case *ir.DictOf:
		out := &ir.DictOf{}
		for _, en := range t.Entries {
			k, ok1 := e.resolve(c, en.Key)
			v, ok2 := e.resolve(c, en.Value)
			if !ok1 || !ok2 {
				return nil, false
			}
			if _, none := v.(*absent); none {
				continue
			}
			out.Entries = append(out.Entries, ir.Entry{Key: k, Value: v, Old: en.Old})
		}
		return out, true
	case *ir.ListOf:
		out := &ir.ListOf{Tuple: t.Tuple}
		for _, it := range t.Items {
			v, ok := e.resolve(c, it)
			if !ok {
				return nil, false
			}
			out.Items = append(out.Items, v)
		}
		return out, true
	case *mixed:
		out := &mixed{primary: t.primary}
		for _, p := range t.parts {
			if p.term == nil {
				out.parts = append(out.parts, p)
				continue
			}
			v, ok := e.resolve(c, p.term)
			if !ok {
				return nil, false
			}
			if _, none := v.(*absent); none {
				if len(t.parts) <= 3 && strings.TrimSpace(t.parts[0].text) == "" {
					return v, true
				}
				c.failed = "a value that the new call needs is not given"
				return nil, false
			}
			out.parts = append(out.parts, part{term: v, tight: p.tight})
		}
		return out, true
	case *assign:
		target, ok1 := e.resolve(c, t.target)
		value, ok2 := e.resolve(c, t.value)
		return &assign{target: target, value: value}, ok1 && ok2
	case *absent:
		return t, true
	}
	c.failed = "a term of unknown kind"
	return nil, false
}

// resolveStatement resolves a statement of an answer.
func (e *engine) resolveStatement(c *context, st ir.Statement) (ir.Term, bool) {
	if st.Block != nil {
		t, err := e.tpl.block(st.Block.Text)
		if err != nil {
			c.failed = err.Error()
			return nil, false
		}
		return e.resolve(c, &bound{term: t, holes: st.Block.Holes})
	}
	if st.Target == nil {
		return e.resolve(c, st.Value)
	}
	return e.resolve(c, &assign{target: st.Target, value: st.Value})
}

// fill gives the term for a hole of a template.
func (e *engine) fill(c *context, path string) (ir.Term, bool) {
	if t, ok := c.extra[path]; ok {
		return e.resolve(c, t)
	}
	head, rest, more := strings.Cut(path, ".")
	if t, ok := c.extra[head]; ok && more {
		return e.resolve(c, &ir.Member{Of: t, Name: rest})
	}
	switch head {
	case "target":
		t, ok := e.resolve(c, c.Target())
		if more {
			return &ir.Member{Of: t, Name: rest}, ok
		}
		return t, ok
	case "self":
		recv := c.Recv()
		if !more {
			if recv.Value == nil {
				c.failed = "there is no receiver"
				return nil, false
			}
			return e.spell(c, recv)
		}
		if o := c.Object(); o != nil {
			if a, ok := o.Fields[rest]; ok {
				return e.spell(c, a)
			}
			if o.Made != nil {
				if a, ok := o.Made.Bound[rest]; ok {
					return e.spell(c, a)
				}
			}
			if o.Made == nil {
				c.failed = "the construction of " + oneLine(c.Text(recv.At)) + " is not in sight"
				return nil, false
			}
		}
		return &absent{}, true
	case "stem":
		return &ir.Literal{V: c.Stem()}, true
	}
	if _, ok := e.migration.Resource(c.rule.Pack, head); ok {
		t, ok := e.resource(c, head, slices.Collect(maps.Values(c.around)))
		if !ok {
			if c.failed == "" {
				c.failed = "the " + head + " is not known here"
			}
			return nil, false
		}
		t, ok = e.resolve(c, t)
		if more {
			return &ir.Member{Of: t, Name: rest}, ok
		}
		return t, ok
	}
	if a, is := c.inDoubt(path); is {
		c.failed = "what " + oneLine(c.Text(a.At)) + " holds is not known"
		return nil, false
	}
	if a, ok := c.Path(path); ok {
		if c.rule != nil && strings.Count(c.rule.Do, "{"+path+"}") > 1 && !a.At.IsZero() && !e.p.Pure(a.At) {
			return e.evaluateOnce(c, path, a)
		}
		return e.spell(c, a)
	}
	if t, known, ok := e.providedHole(c, path); known {
		return t, ok
	}
	if more {
		if a, ok := c.Path(head); ok {
			if c.takesRecord(head) && !e.isRecord(single(a.Value)) && !mayBeDict(a.Value) {
				c.failed = "the construction of " + oneLine(c.Text(a.At)) + " is not in sight"
				return nil, false
			}
			if v := single(a.Value); !e.isRecord(v) && !mayBeDict(v) {
				// {configuration}.attr written as {configuration.attr}
				t, ok := e.spell(c, a)
				return &ir.Member{Of: t, Name: rest}, ok
			}
		}
	}
	return &absent{}, true
}

// isRecord reports whether v is an object that the program constructs field by
// field.
func (e *engine) isRecord(v ir.Value) bool {
	o, ok := v.(*ir.Object)
	return ok && o.IsRecord()
}

// spell writes a value at the place of the use: the same expression where it
// means the same there, else a name that holds the value, else the constant.
func (e *engine) spell(c *context, a ir.Arg) (ir.Term, bool) {
	if o, ok := single(a.Value).(*ir.Object); ok && e.leftByHand(o) {
		c.failed = "it takes a " + shortName(o.Type) + " that is left by hand"
		return nil, false
	}
	if !e.guard(c, a.At) {
		return nil, false
	}
	if a.At.In != nil {
		return e.spellForCall(c, a)
	}
	if e.handedThrough(c, a) {
		return e.fromMapping(c, a)
	}
	if !a.At.IsZero() {
		same := keyOf(e.p.Stmt(a.At)) == keyOf(c.place)
		if same || e.p.SameAt(a.At, c.place) {
			if !same {
				for u := range e.usesIn(a.At.Span) {
					if e.byHand(u) {
						c.failed = "it takes a " + shortName(u.Symbol) + " that is left by hand"
						return nil, false
					}
				}
			}
			if !e.vanishes(a.At) {
				c.emitted = append(c.emitted, a.At.Span)
				return &ir.Source{Arg: a}, true
			}
		}
	}
	if a.Value == nil {
		c.failed = "an expression cannot be moved"
		return nil, false
	}
	if t, ok := e.sameName(c, a); ok {
		return t, true
	}
	if t, ok := e.spellPath(c, a.At); ok {
		return t, true
	}
	if !e.holdsForCallers(a) {
		if t, ok := e.spellValue(c, a.Value, 0); ok {
			return t, true
		}
	}
	if t, ok := e.fromMapping(c, a); ok {
		return t, true
	}
	if t, ok := e.keepEvaluated(c, a); ok {
		return t, true
	}
	if !a.At.IsZero() {
		c.failed = oneLine(e.source(a.At.Span)) + " has no value that can be written here"
	} else if isJoin(a.Value) && a.Param != "" {
		c.failed = a.Param + " is set on a condition, or in several places"
	} else {
		c.failed = e.describe(a.Value) + " has no value that can be written here"
	}
	return nil, false
}

// handedThrough reports whether an argument came in with the keywords of a
// function around the call, as **kwargs, and can be read from there: what it is
// for the calls in sight is not what other callers give.
func (e *engine) handedThrough(c *context, a ir.Arg) bool {
	if c.call == nil || a.At.IsZero() || keyOf(e.p.Stmt(a.At)) == keyOf(c.place) {
		return false
	}
	for _, given := range c.call.Args {
		if given.Star == 2 && e.given(given.At) && hasKey(given.Value, a.Param) {
			_, ok := e.fromMapping(c, a)
			return ok
		}
	}
	return false
}

// fromMapping writes an argument that came in with others, as **mapping, as the
// item of that mapping; it must be there for certain.
func (e *engine) fromMapping(c *context, a ir.Arg) (ir.Term, bool) {
	if c.call == nil || a.Param == "" || ir.IsNone(a.Value) {
		return nil, false
	}
	for _, given := range c.call.Args {
		if given.Star != 2 || given.At.IsZero() || !e.p.Pure(given.At) || keyOf(e.p.Stmt(given.At)) != keyOf(c.place) {
			continue
		}
		if !hasKey(given.Value, a.Param) {
			continue
		}
		c.emitted = append(c.emitted, given.At.Span)
		return &ir.Item{Of: &ir.Source{Arg: ir.Arg{Value: given.Value, At: given.At}}, Key: &ir.Literal{V: a.Param}}, true
	}
	return nil, false
}

// hasKey reports whether a value is a dict that certainly has a key.
func hasKey(v ir.Value, key string) bool {
	switch v := v.(type) {
	case *ir.Join:
		for _, x := range v.Of {
			if !hasKey(x, key) {
				return false
			}
		}
		return len(v.Of) > 0
	case *ir.Dict:
		a, ok := v.Vals[key]
		if j, isJoin := a.Value.(*ir.Join); isJoin && ok {
			for _, x := range j.Of {
				if ir.IsNone(x) {
					return false // perhaps not there
				}
			}
		}
		return ok
	}
	return false
}

// describe names a value for a message.
func (e *engine) describe(v ir.Value) string {
	switch v := single(v).(type) {
	case *ir.Unknown:
		if !v.At.IsZero() {
			return oneLine(e.source(v.At.Span))
		}
		if v.Of != nil {
			return e.describe(v.Of) + "." + v.Attr
		}
	case *ir.Object:
		if v.Made != nil {
			return oneLine(e.source(v.Made.At.Span))
		}
		return "a " + shortName(v.Type)
	}
	return "an expression"
}

// sameName writes a constant that has a name where it comes from by that name,
// where it means the same at the place of the use: a parameter or variable that
// is called the same and holds the same, or a name of a module that both places
// import.
func (e *engine) sameName(c *context, a ir.Arg) (ir.Term, bool) {
	if t, ok := e.givenToConstructor(c, a); ok {
		return t, true
	}
	if t, ok := e.givenAlong(c, a); ok {
		return t, true
	}
	if _, ok := a.Value.(*ir.Const); !ok || a.At.IsZero() {
		return nil, false
	}
	n := e.node(a.At)
	switch n.Kind() {
	case grammar.KindIdentifier:
		if b, ok := e.p.Binding(c.place, n.Text()); ok && b.Sure && ir.Same(b.Value, a.Value) && e.reliable(b, c.place) && !e.droppedBinding(b) {
			c.reads = append(c.reads, read{name: n.Text(), at: c.place})
			return &visible{name: n.Text(), at: c.place}, true
		}
		defs := e.p.Defs(a.At)
		if len(defs) != 1 || defs[0].Scope.Kind != meaning.ModuleScope || defs[0].Kind != meaning.Assign {
			return nil, false
		}
		home := e.files[e.fileOf[defs[0].At.Unit]].Path
		return e.ofModule(c, n.Text(), func(m *ir.Module) bool { return m.Path == home })
	case grammar.KindAttribute:
		m, ok := e.p.Value(e.expr(a.At.Unit, n.Child(grammar.FieldObject))).(*ir.Module)
		if !ok {
			return nil, false
		}
		name := n.Child(grammar.FieldAttribute).Text()
		if b, ok := e.p.Binding(c.place, name); ok && b.Sure && m.Path == e.files[e.fileOf[c.place.Unit]].Path && ir.Same(b.Value, a.Value) && e.reliable(b, c.place) {
			c.reads = append(c.reads, read{name: name, at: c.place})
			return &visible{name: name, at: c.place}, true
		}
		return e.ofModule(c, n.Child(grammar.FieldAttribute).Text(), func(x *ir.Module) bool { return x == m })
	}
	return nil, false
}

// ofModule writes a name of one of the program's modules, where that module is
// imported as a whole at the place of the use.
func (e *engine) ofModule(c *context, name string, is func(*ir.Module) bool) (ir.Term, bool) {
	t, ok := e.visibleModule(c, is)
	if !ok {
		return nil, false
	}
	return &ir.Member{Of: t, Name: name}, true
}

// visibleModule finds a visible name of one of the program's own modules.
func (e *engine) visibleModule(c *context, is func(*ir.Module) bool) (*visible, bool) {
	return e.visibleWhere(c, func(_ string, v ir.Value) bool {
		m, ok := v.(*ir.Module)
		return ok && is(m)
	})
}

// visibleWhere finds the first visible variable whose value is certain and fits,
// and notes that it is read.
func (e *engine) visibleWhere(c *context, fits func(name string, v ir.Value) bool) (*visible, bool) {
	for _, name := range e.p.EnvNames(c.place) {
		b, ok := e.p.Binding(c.place, name)
		if ok && b.Sure && fits(name, b.Value) && e.reliable(b, c.place) {
			c.reads = append(c.reads, read{name: name, at: c.place})
			return &visible{name: name, at: c.place}, true
		}
	}
	return nil, false
}

// leftByHand reports whether the construction of a record stays as it is.
func (e *engine) leftByHand(o *ir.Object) bool {
	if list, ok := alike(o.From).(*ir.Object); ok && o.Attr == "" && o.Made == nil && list.Made != nil {
		// One of a list: what becomes of it is decided with the list.
		// What stands for one of a kind of resource is that resource in any case.
		for _, r := range e.migration.Resources() {
			if slices.Contains(r.Holds, o.Type) {
				return false
			}
		}
		c, ok := e.cover[keyOf(list.Made.At)]
		return ok && c.app.manual && hasPrefix(o.Type, e.migration.Primary)
	}
	if !o.IsRecord() || !hasPrefix(o.Type, e.migration.Primary) {
		return false
	}
	if c, ok := e.cover[keyOf(o.Made.At)]; ok {
		return c.app.manual
	}
	return e.hasMark(o.Made.Stmt.Unit, o.Made.Stmt.Start)
}

// vanishes reports whether an expression builds a record of the old SDK that
// has no counterpart of its own, so that its text must not come back.
func (e *engine) vanishes(x ir.Expr) bool {
	call := e.p.CallAt(x)
	if call == nil || !hasPrefix(call.Symbol, e.migration.Primary) {
		return false
	}
	for _, r := range e.migration.For(call.Symbol) {
		if r.Fold {
			return true
		}
	}
	return false
}

// spellPath writes an attribute of one of the program's own modules
// (config.GROUP) by the name that the module has at the place of the use.
func (e *engine) spellPath(c *context, x ir.Expr) (ir.Term, bool) {
	if x.IsZero() {
		return nil, false
	}
	n := e.node(x)
	if !n.Is(grammar.KindAttribute) {
		return nil, false
	}
	of := e.expr(x.Unit, n.Child(grammar.FieldObject))
	name := n.Child(grammar.FieldAttribute).Text()
	if m, ok := single(e.p.Value(of)).(*ir.Module); ok {
		t, ok := e.moduleHere(c, m)
		if !ok {
			return nil, false
		}
		return &ir.Member{Of: t, Name: name}, true
	}
	t, ok := e.spellPath(c, of)
	if !ok || !e.p.Pure(of) {
		return nil, false
	}
	return &ir.Member{Of: t, Name: name}, true
}

// moduleHere finds a visible name of one of the program's own modules.
func (e *engine) moduleHere(c *context, m *ir.Module) (ir.Term, bool) {
	t, ok := e.visibleModule(c, func(have *ir.Module) bool { return have == m || have.Path == m.Path && m.Path != "" })
	if !ok {
		return nil, false
	}
	return t, true
}

// globalHere writes a value that a module of the program holds in a variable of
// its own, through a visible name of that module.
func (e *engine) globalHere(c *context, v ir.Value) (ir.Term, bool) {
	for d := range e.p.AllDefs() {
		if d.Value != v || v == ir.Many || d.Scope.Parent != nil || d.Kind != meaning.Assign || !e.atTop(d.Stmt) || !e.onlyDefinition(d.Scope, d.Name) {
			continue
		}
		f, ok := e.fileOf[d.At.Unit]
		if !ok {
			continue
		}
		if t, ok := e.moduleHere(c, &ir.Module{Path: e.files[f].Path}); ok {
			return &ir.Member{Of: t, Name: d.Name}, true
		}
	}
	return nil, false
}

func (e *engine) spellValue(c *context, v ir.Value, depth int) (ir.Term, bool) {
	if depth > 8 || v == nil {
		return nil, false
	}
	if name, ok := e.nameHolding(c, v); ok {
		return &visible{name: name, at: c.place}, true
	}
	switch x := v.(type) {
	case *ir.Const:
		switch k := x.V.(type) {
		case nil, bool, int64, float64, string:
			return &ir.Literal{V: k}, true
		}
	case *ir.Text:
		return e.concat(c, x.Pieces)
	case *ir.Unknown:
		if x.Attr != "" && (x.Attr[0] == '%' || x.Attr[0] == '{') {
			return e.formatted(c, x)
		}
		if fn, ok := strings.CutSuffix(x.Attr, "()"); ok && x.Of != nil {
			of, ok := e.spellValue(c, x.Of, depth+1)
			return &ir.Apply{Fn: &ir.Name{Path: fn}, Args: []ir.Argument{{Value: of}}}, ok
		}
		if t, ok := e.globalHere(c, v); ok {
			return t, true
		}
		if t, ok := e.attributeHere(c, v); ok {
			return t, true
		}
		if t, ok := e.spellCounterpart(c, x); ok {
			return t, true
		}
		if x.Of != nil && x.Attr != "" && x.Attr != "[]" { // some element is no expression
			of, ok := e.spellValue(c, x.Of, depth+1)
			if ok {
				e.alive.members = append(e.alive.members, memberRead{value: x.Of, name: x.Attr})
				if strings.HasPrefix(x.Attr, "[") {
					return &mixed{primary: true, parts: []part{{term: of, tight: true}, {text: x.Attr}}}, true
				}
				return &ir.Member{Of: of, Name: x.Attr}, true
			}
		}
	case *ir.Dict:
		if t, ok := e.globalHere(c, v); ok {
			return t, true
		}
		return e.attributeHere(c, v)
	case *ir.Seq:
		if x.Open || len(x.Changes) > 0 {
			return nil, false
		}
		l := &ir.ListOf{Tuple: x.Kind == ir.TupleSeq}
		for _, el := range x.Elems {
			t, ok := e.spell(c, el)
			if !ok {
				return nil, false
			}
			l.Items = append(l.Items, t)
		}
		return l, true
	case *ir.Symbol:
		if root, _, _ := strings.Cut(x.Name, "."); stdModules[root] {
			return &ir.Name{Path: x.Name}, true
		}
		if !hasPrefix(x.Name, e.migration.Primary) && !hasPrefix(x.Name, e.migration.Auxiliary) {
			return nil, false
		}
	}
	return nil, false
}

// formatted writes a str that a value was formatted to.
func (e *engine) formatted(c *context, x *ir.Unknown) (ir.Term, bool) {
	of, ok := e.spell(c, ir.Arg{Value: x.Of, At: x.OfAt})
	if !ok {
		return nil, false
	}
	format := &ir.Literal{V: x.Attr}
	if x.Attr[0] == '{' {
		return &ir.Apply{Fn: &ir.Member{Of: format, Name: "format"}, Args: []ir.Argument{{Value: of}}}, true
	}
	return &mixed{parts: []part{{term: format}, {text: " % "}, {term: of, tight: true}}}, true
}

// nameHolding finds a visible variable that certainly holds the value.
func (e *engine) nameHolding(c *context, v ir.Value) (string, bool) {
	switch x := v.(type) {
	case *ir.Const:
		return "", false
	case *ir.Object:
		if e.madeByCall(c, x) {
			return "", false
		}
	}
	t, ok := e.visibleWhere(c, func(name string, have ir.Value) bool {
		// "_" is never a name to rely on.
		return name != "_" && have != nil && (have == v && v != ir.Many || sameText(have, v))
	})
	if !ok {
		return "", false
	}
	return t.name, true
}

// madeByCall reports whether a function makes the object that is called at
// several places: each call makes another one. What carries a resource is the
// same for all of them.
func (e *engine) madeByCall(c *context, o *ir.Object) bool {
	if o.Made == nil || e.carriers[o] != nil {
		return false
	}
	home := e.functionScope(e.p.Scope(o.Made.Stmt))
	return home.Parent != nil && home != e.functionScope(e.p.Scope(c.place)) && len(e.p.Callers(home.Owner)) > 1
}

func sameText(a, b ir.Value) bool {
	_, okA := a.(*ir.Text)
	_, okB := b.(*ir.Text)
	return okA && okB && ir.Same(a, b)
}

// concat writes a str made of pieces as the shortest faithful expression.
func (e *engine) concat(c *context, pieces []ir.Piece) (ir.Term, bool) {
	type bit struct {
		lit  string
		term ir.Term
		text bool // certainly a str
	}
	var bits []bit
	add := func(s string) {
		if s == "" {
			return
		}
		if n := len(bits); n > 0 && bits[n-1].term == nil {
			bits[n-1].lit += s
			return
		}
		bits = append(bits, bit{lit: s})
	}
	var walk func(ps []ir.Piece) bool
	walk = func(ps []ir.Piece) bool {
		for _, p := range ps {
			if p.Val == nil {
				add(p.Lit)
				continue
			}
			if !p.At.IsZero() && e.isLiteral(p.At) {
				if s, ok := ir.String(p.Val); ok {
					add(s)
					continue
				}
			}
			if t, ok := e.spell(c, ir.Arg{Value: p.Val, At: p.At}); ok {
				if l, isLit := t.(*ir.Literal); isLit {
					if s, isStr := l.V.(string); isStr {
						add(s)
						continue
					}
				}
				bits = append(bits, bit{term: t, text: e.isText(p)})
				continue
			}
			if nested, ok := p.Val.(*ir.Text); ok {
				c.failed = ""
				if walk(nested.Pieces) {
					continue
				}
			}
			return false
		}
		return true
	}
	if !walk(pieces) {
		if c.failed == "" {
			c.failed = "a text cannot be written here"
		}
		return nil, false
	}
	switch {
	case len(bits) == 0:
		return &ir.Literal{V: ""}, true
	case len(bits) == 1 && bits[0].term == nil:
		return &ir.Literal{V: bits[0].lit}, true
	case len(bits) == 1 && bits[0].text:
		return bits[0].term, true
	}
	all := true
	for _, b := range bits {
		all = all && (b.term == nil || b.text)
	}
	m := &mixed{}
	if all {
		for i, b := range bits {
			if i > 0 {
				m.parts = append(m.parts, part{text: " + "})
			}
			if b.term == nil {
				m.parts = append(m.parts, part{term: &ir.Literal{V: b.lit}})
			} else {
				m.parts = append(m.parts, part{term: b.term, tight: true})
			}
		}
		return m, true
	}
	format := ""
	call := &ir.Apply{}
	for _, b := range bits {
		if b.term == nil {
			format += strings.NewReplacer("{", "{{", "}", "}}").Replace(b.lit)
		} else {
			format += "{" + itoa(int64(len(call.Args))) + "}"
			call.Args = append(call.Args, ir.Argument{Value: b.term})
		}
	}
	call.Fn = &ir.Member{Of: &ir.Literal{V: format}, Name: "format"}
	return call, true
}

// isText reports whether a piece is certainly a str, so that it may be added to
// one.
func (e *engine) isText(p ir.Piece) bool {
	switch v := p.Val.(type) {
	case *ir.Text:
		return true
	case *ir.Const:
		_, ok := v.V.(string)
		return ok
	case *ir.Unknown:
		return v.Type == "str"
	}
	return false
}

// isLiteral reports whether an expression is a literal without names.
func (e *engine) isLiteral(x ir.Expr) bool {
	n := e.node(x)
	return n.Is(grammar.KindString, grammar.KindInteger, grammar.KindFloat, grammar.KindConcatenatedString) && !strings.ContainsAny(n.Text()[:1], "fF")
}
