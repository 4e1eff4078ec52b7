package meaning

import (
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// attrKey names an attribute of a value.
type attrKey struct {
	base ir.Value
	name string
}

// known reports whether a dotted name lies in an SDK that the tables have.
func (p *Program) known(name string) bool { return p.tables.HasPrefix(name) }

func typeOf(o *ir.Object) sdk.Type { return sdk.Type{Name: o.Type} }

// maker builds values of a documented type; object and unknown give the memory
// for a path within the whole.
type maker struct {
	object   func(path string) *ir.Object
	unknown  func(path, typ string) *ir.Unknown
	made     *ir.Call
	presumed bool
	param    ir.Value // what sdk.TypeParameter stands for; nil: nothing known
}

// build gives a value of type t.
func (in *interp) build(t sdk.Type, mk *maker, path string) ir.Value {
	switch t.Name {
	case "", sdk.Any:
		return mk.unknown(path, "")
	case sdk.None:
		return none
	case sdk.Union:
		var out, plain ir.Value
		optional := false
		for i, a := range t.Args {
			if a.Name == sdk.None {
				optional = true
				continue
			}
			v := in.build(a, mk, path+"|"+string(rune('0'+i)))
			if isUnknown(v) {
				if plain == nil {
					plain = v
				}
				continue
			}
			out = join(out, v)
		}
		if out == nil {
			out = plain
		}
		if out == nil && optional {
			return none
		}
		return out
	case sdk.TypeParameter:
		if mk.param != nil {
			return mk.param
		}
		return mk.unknown(path, t.Name)
	case sdk.ModuleOf:
		return &ir.Symbol{Name: t.Arg(0).Name, Presumed: mk.presumed}
	case sdk.Poller, sdk.Future:
		o := mk.object(path)
		o.Type, o.Made, o.Presumed = t.Name, mk.made, mk.presumed
		o.Elem = in.build(t.Arg(0), mk, path+"()")
		return o
	case sdk.Paged, sdk.Iterator, "list", "set", "tuple", "dict":
		if len(t.Args) == 0 {
			return mk.unknown(path, t.Name)
		}
		o := mk.object(path)
		o.Type, o.Made, o.Presumed = t.Name, mk.made, mk.presumed
		e := in.build(t.Args[len(t.Args)-1], &maker{object: mk.object, unknown: mk.unknown, presumed: mk.presumed, param: mk.param}, path+"[]")
		o.Elem = e
		if e != mk.param {
			ofWhole(e, o)
		}
		return o
	}
	if sym, ok := in.p.tables.Symbol(t.Name); ok && sym.Kind == sdk.Class {
		o := mk.object(path)
		o.Type, o.Made, o.Presumed = sym.Name, mk.made, mk.presumed
		if inside, ok := in.p.conventions.Inside(in.p.tables, sdk.Type{Name: sym.Name, Args: t.Args}); ok {
			in.fill(o, inside, mk, path)
		}
		return o
	}
	return mk.unknown(path, t.Name)
}

// fill gives an object of a class of pollers, pagers or pages what it holds.
func (in *interp) fill(o *ir.Object, t sdk.Type, mk *maker, path string) {
	if in.p.generic(o) == sdk.Poller {
		o.Elem = in.build(t, mk, path+"()")
		return
	}
	o.Elem = in.build(t, &maker{object: mk.object, unknown: mk.unknown, presumed: mk.presumed}, path+"[]")
	ofWhole(o.Elem, o)
}

// ofWhole notes that a value is read from a container.
func ofWhole(e ir.Value, o *ir.Object) {
	if x, ok := e.(*ir.Object); ok {
		x.From = o
	} else if x, ok := e.(*ir.Unknown); ok && x.Of == nil {
		x.Of = o
	}
}

// typed gives the value of type t that is attribute name of base: the same one
// whenever it is read.
func (in *interp) typed(t sdk.Type, base ir.Value, name string, presumed bool) ir.Value {
	key := attrKey{base, name}
	if v, ok := in.p.presumed.typed[key]; ok {
		return v
	}
	mk := &maker{
		object: func(path string) *ir.Object {
			o := &ir.Object{}
			in.p.objects = append(in.p.objects, o)
			if path == "" {
				o.From, o.Attr = base, name
			}
			return o
		},
		unknown: func(path, typ string) *ir.Unknown {
			u := &ir.Unknown{Why: "attribute", Type: typ}
			if path == "" || strings.HasPrefix(path, "|") {
				u.Of, u.Attr = base, name
			}
			return u
		},
		presumed: presumed,
	}
	if o, ok := base.(*ir.Object); ok {
		mk.param = o.Elem
	}
	v := in.build(t, mk, "")
	each(v, func(v ir.Value) {
		if o, ok := v.(*ir.Object); ok && o.From == nil {
			o.From, o.Attr = base, name
		}
	})
	in.p.presumed.typed[key] = v
	return v
}

// derived gives what is stored under name in a value of which little is known;
// the same Unknown for every read if nothing is stored.
func (in *interp) derived(base ir.Value, name string, n grammar.Node) ir.Value {
	if s, ok := base.(*ir.Symbol); ok {
		base = in.p.presumed.symbol(s)
	}
	key := attrKey{base, name}
	if s := in.p.presumed.heap[key]; s != nil && len(s.keys) > 0 {
		return s.get()
	}
	u := in.p.presumed.attrs[key]
	if u == nil {
		u = &ir.Unknown{At: in.u.expr(n), Why: "attribute", Of: base, Attr: name}
		in.p.presumed.attrs[key] = u
	}
	if v := in.p.presumed.as[u]; v != nil {
		return v
	}
	return u
}

// store keeps a value under name in a value of which little is known.
func (in *interp) store(base ir.Value, name string, v ir.Value, at ir.Expr) {
	if in.asked != nil {
		return
	}
	key := attrKey{base, name}
	s := in.p.presumed.heap[key]
	if s == nil {
		s = &slot{}
		in.p.presumed.heap[key] = s
	}
	s.put(at, v)
}

// attr reads attribute name of v at node n; obj is the expression of v.
func (in *interp) attr(v ir.Value, name string, n grammar.Node, obj ir.Expr) ir.Value {
	switch x := v.(type) {
	case nil:
		return nil
	case *ir.Join:
		var out ir.Value
		seen := false
		for _, w := range x.Of {
			if ir.IsNone(w) {
				continue
			}
			seen = true
			out = join(out, in.attr(w, name, n, obj))
		}
		if !seen {
			return in.unknown(n, "attribute", "")
		}
		return out
	case *ir.Symbol:
		if in.p.presumed.heap[attrKey{in.p.presumed.symbol(x), name}] != nil {
			return in.derived(x, name, n) // what the program puts there
		}
		return in.symbolAttr(x, name)
	case *ir.Module:
		return in.moduleAttr(x, name, n)
	case *ir.Object:
		return in.objectAttr(x, name, n, obj)
	case *ir.Instance:
		return in.ofInstance(x, name, n, in.instanceAttr(x, name, n, obj))
	case *ir.Class:
		c := in.p.byClass[x.Def]
		if c == nil {
			break
		}
		if w := in.classVar(c, name, n); w != nil {
			if f, ok := w.(*ir.Function); ok {
				if g := in.p.byDef[f.Def]; g != nil && g.classm {
					return g.bind(x)
				}
				return w
			}
			return join(w, in.inSlots(c, name)) // and what is stored in it later
		}
		if w := in.inSlots(c, name); w != nil {
			return w
		}
		return in.derived(x, name, n)
	case *ir.Unknown:
		return in.derived(x, name, n)
	case *ir.Function:
		return in.derived(x, name, n)
	case *ir.Const:
		if x.V == nil && n.Is(grammar.KindAttribute) {
			// None has none: it is something else when this is reached.
			return in.attr(in.instead(n.Child(grammar.FieldObject)), name, n, obj)
		}
	}
	return in.unknown(n, "attribute", "")
}

// instead gives what stands at a node for None, where that cannot be meant.
func (in *interp) instead(n grammar.Node) ir.Value {
	key := objKey{n.ID(), "instead of None"}
	u := in.u.parts[key]
	if u == nil {
		u = &ir.Unknown{At: in.u.expr(n), Why: "unbound"}
		in.u.parts[key] = u
	}
	if v := in.p.presumed.as[u]; v != nil {
		return v
	}
	return u
}

func (in *interp) symbolAttr(s *ir.Symbol, name string) ir.Value {
	q := s.Name + "." + name
	if q == "os.sep" || q == "os.path.sep" || q == "posixpath.sep" {
		return &ir.Const{V: "/"}
	}
	if in.p.known(q) {
		if e, ok := in.p.tables.Symbol(s.Name); ok && e.Kind == sdk.EnumMember && (name == "name" || name == "value") {
			if name == "name" {
				return &ir.Const{V: e.Last()}
			}
			return &ir.Const{V: strings.Trim(e.Newest().Value, `'"`)}
		}
		if sym, ok := in.p.tables.Symbol(q); ok {
			q = sym.Name
		}
	}
	return &ir.Symbol{Name: q, Presumed: s.Presumed}
}

func (in *interp) moduleAttr(v *ir.Module, name string, n grammar.Node) ir.Value {
	m := in.p.mods[v]
	if m == nil {
		return in.unknown(n, "module", "")
	}
	if b := in.moduleName(m, name, nil); b != nil {
		*in.u.reach.at(n.ID()) = b
		w := b.val
		if s := in.p.presumed.heap[attrKey{v, name}]; s != nil {
			w = join(w, s.get())
		}
		return w
	}
	if sub := in.submodule(m, name); sub != nil {
		in.runModule(sub)
		return sub.val
	}
	return in.derived(v, name, n)
}

// moduleName gives what name means at the end of module m; seen are the modules in
// whose star imports it was looked up.
func (in *interp) moduleName(m *module, name string, seen map[*module]bool) *binding {
	if v := m.scope.vars[name]; v != nil && len(v.defs) > 0 {
		if m.running || m.done == 0 {
			return in.joined(v)
		}
		b := m.end.get(v.idx)
		for _, d := range v.away {
			b = joinBinding(b, &binding{defs: []*Def{d}, val: d.Value})
		}
		if b != nil && len(b.defs) > 0 {
			return b
		}
	}
	if len(m.stars) == 0 || seen[m] {
		return nil
	}
	if seen == nil {
		seen = map[*module]bool{}
	}
	seen[m] = true
	for i := len(m.stars) - 1; i >= 0; i-- {
		if b := in.fromStar(m.stars[i], name, seen); b != nil {
			return b
		}
	}
	return nil
}

func (in *interp) objectAttr(o *ir.Object, name string, n grammar.Node, obj ir.Expr) ir.Value {
	if a, ok := o.Fields[name]; ok {
		return a.Value
	}
	if in.p.generic(o) == sdk.Raw {
		if in.p.conventions.Output(in.p.tables, o.Type, name) {
			return o.Elem
		}
		return in.derived(o, name, n)
	}
	sym, t, ok := in.p.memberOf(o, name)
	if ok && sym.Kind != sdk.Method && t.IsZero() && o.Elem != nil {
		t = in.p.untyped(o, name)
	}
	switch {
	case !ok:
		return in.derived(o, name, n)
	case sym.Kind == sdk.Method:
		return &ir.Method{Recv: o, RecvExpr: obj, Symbol: sym.Name, Presumed: o.Presumed}
	case sym.Kind == sdk.EnumMember || sym.Kind == sdk.Class:
		return &ir.Symbol{Name: sym.Name, Presumed: o.Presumed}
	}
	return in.typed(t, o, name, o.Presumed)
}

// linear gives c and its bases in the program, nearest first.
func (in *interp) linear(c *class) []*class {
	out := []*class{c}
	for i := 0; i < len(out) && len(out) < 64; i++ {
		for _, b := range out[i].bases {
			if d := in.p.classOf(b); d != nil && !contains(out, d) {
				out = append(out, d)
			}
		}
	}
	return out
}

func (p *Program) classOf(v ir.Value) *class {
	switch x := only(v).(type) {
	case *ir.Class:
		return p.byClass[x.Def]
	case *ir.Instance:
		return p.byClass[x.Class.Def]
	}
	return nil
}

// ofInstance gives what an attribute of one instance holds, where v is what it
// holds over all instances of the class: those of two variables need not be the
// same. Methods speak of one instance, self.
func (in *interp) ofInstance(x *ir.Instance, name string, n grammar.Node, v ir.Value) ir.Value {
	switch v.(type) {
	case *ir.Unknown, *ir.Join:
	default:
		return v
	}
	obj := n.Child(grammar.FieldObject)
	f := in.method(x, "__init__")
	if f == nil || !n.Is(grammar.KindAttribute) || len(in.live(f)) < 2 {
		return v
	}
	key := instanceKey{unit: in.u, node: n.ID(), name: name}
	if b := in.u.reach.get(obj.ID()); obj.Is(grammar.KindIdentifier) && b != nil && len(b.defs) == 1 {
		d := b.defs[0]
		if g := in.p.byDef[d.Scope.Owner]; d.Kind == Param && g != nil && g.class != nil {
			return v
		}
		key = instanceKey{def: d, name: name}
	}
	return in.own(key, v)
}

// oneOf gives one of several values, where v stands for any of them: what is
// taken at two places need not be the same.
func (in *interp) oneOf(v ir.Value, n grammar.Node) ir.Value {
	switch v.(type) {
	case *ir.Unknown, *ir.Join:
		return in.own(instanceKey{unit: in.u, node: n.ID(), name: "[]"}, v)
	}
	return v
}

// own gives a value like v that is the same only as itself, one for a key.
func (in *interp) own(key instanceKey, v ir.Value) ir.Value {
	if v == many {
		return v // no two of it are the same
	}
	for _, old := range in.p.instances[key] {
		if sameValue(old.of, v) {
			return old.own
		}
	}
	var own ir.Value
	switch v := v.(type) {
	case *ir.Unknown:
		u := *v
		own = &u
	case *ir.Join:
		own = &ir.Join{Of: slices.Clone(v.Of)}
	}
	if in.p.instances == nil {
		in.p.instances = map[instanceKey][]instanceValue{}
	}
	all := in.p.instances[key]
	if len(all) == maxOwn {
		all = slices.Delete(all, 0, 1)
	}
	in.p.instances[key] = append(all, instanceValue{v, own})
	return own
}

// maxOwn bounds the values of one key: it has another one where what it is like is
// another in one turn, call or round than in the next.
const maxOwn = 8

// instanceKey is an attribute read of the instance that a definition holds, or
// at a place.
type instanceKey struct {
	def  *Def
	unit *unit
	node int32
	name string
}

// instanceValue is what an attribute holds over all instances of a class, and in
// one of them.
type instanceValue struct{ of, own ir.Value }

// classVar gives what a class body, or a base's, binds to name.
func (in *interp) classVar(c *class, name string, n grammar.Node) ir.Value {
	for _, d := range in.linear(c) {
		v := d.scope.vars[name]
		if v == nil || len(v.defs) == 0 {
			continue
		}
		if b := d.env.get(v.idx); b != nil && len(b.defs) > 0 {
			if !n.IsZero() {
				*in.u.reach.at(n.ID()) = b
			}
			return b.val
		}
		return in.joined(v).val
	}
	return nil
}

// inSlots joins what is stored under name in instances of c, its bases and its
// subclasses.
func (in *interp) inSlots(c *class, name string) ir.Value {
	var out ir.Value
	for _, d := range in.linear(c) {
		if s := d.attrs[name]; s != nil {
			out = join(out, s.get())
		}
	}
	for i := 0; i < len(c.subs) && i < 32; i++ {
		if s := c.subs[i].attrs[name]; s != nil {
			out = join(out, s.get())
		}
	}
	return out
}

func (in *interp) instanceAttr(x *ir.Instance, name string, n grammar.Node, obj ir.Expr) ir.Value {
	c := in.p.classOf(x)
	if c == nil {
		return in.derived(x, name, n)
	}
	out := in.inSlots(c, name)
	w := in.classVar(c, name, n)
	if _, ok := w.(*ir.Function); (ok || w == nil) && !strings.HasPrefix(name, "__") && !ofSuper(n) {
		// What a subclass defines may be meant.
		for i := 0; i < len(c.subs) && i < 16; i++ {
			if v := c.subs[i].scope.vars[name]; v != nil && len(v.defs) > 0 {
				out = join(out, in.bound(c.subs[i], in.joined(v).val))
			}
		}
	}
	if w != nil {
		if f, ok := w.(*ir.Function); ok {
			g := in.p.byDef[f.Def]
			switch {
			case g == nil || g.static || g.class == nil:
			case g.property:
				in.record(n, g, x, nil)
				w = in.returned(g, n)
			case g.classm:
				w = g.bind(x.Class)
			default:
				w = g.bind(x)
			}
		}
		out = join(out, w)
	}
	if out != nil || in.declares(c, name) {
		return out
	}
	for _, d := range in.linear(c) {
		for _, b := range d.bases {
			s, ok := b.(*ir.Symbol)
			if !ok {
				continue
			}
			if sym, t, ok := in.p.tables.MemberOf(sdk.Type{Name: s.Name}, name); ok {
				if sym.Kind == sdk.Method {
					return &ir.Method{Recv: x, RecvExpr: obj, Symbol: sym.Name, Presumed: s.Presumed}
				}
				return in.typed(t, x, name, s.Presumed)
			}
		}
	}
	if f := in.method(x, "__getattr__"); f != nil {
		in.record(n, f, x, []ir.Arg{{Value: &ir.Const{V: name}}})
		return in.returned(f, n)
	}
	return in.derived(x, name, n)
}

// ofSuper reports whether n is an attribute of super().
func ofSuper(n grammar.Node) bool {
	obj := n.Child(grammar.FieldObject)
	return obj.Is(grammar.KindCall) && obj.Child(grammar.FieldFunction).Text() == "super"
}

// bound gives a method of a subclass as its instances see it.
func (in *interp) bound(c *class, v ir.Value) ir.Value {
	f, ok := v.(*ir.Function)
	if !ok {
		return v
	}
	if g := in.p.byDef[f.Def]; g != nil && !g.static && !g.property && !g.classm && g.class != nil {
		return g.bind(c.inst)
	}
	return v
}

// declares reports whether an attribute is stored somewhere, though nothing is
// known of its value yet.
func (in *interp) declares(c *class, name string) bool {
	for _, d := range in.linear(c) {
		if d.attrs[name] != nil {
			return true
		}
	}
	for _, d := range c.subs {
		if d.attrs[name] != nil {
			return true
		}
	}
	return false
}

// method finds a method of the program's own by name.
func (in *interp) method(x *ir.Instance, name string) *function {
	c := in.p.classOf(x)
	if c == nil {
		return nil
	}
	if f, ok := only(in.classVar(c, name, grammar.Node{})).(*ir.Function); ok {
		return in.p.byDef[f.Def]
	}
	return nil
}

// bind gives the method as seen through recv.
func (f *function) bind(recv ir.Value) *ir.Function {
	b := f.bound[recv]
	if b == nil {
		b = &ir.Function{Name: f.name, Def: f.val.Def, Recv: recv}
		f.bound[recv] = b
	}
	return b
}

func (c *class) val() *ir.Instance { return c.inst }

// flatAttrs joins the attributes of the class's instances.
func (c *class) flatAttrs() map[string]ir.Value {
	out := map[string]ir.Value{}
	for name, s := range c.attrs {
		if v := s.get(); v != nil {
			out[name] = v
		}
	}
	return out
}

// instanceOf gives an instance of the class that an annotation names, nil if it
// names none that is known.
func (in *interp) instanceOf(v ir.Value, n grammar.Node) ir.Value {
	switch x := only(v).(type) {
	case *ir.Symbol:
		if sym, ok := in.p.tables.Symbol(x.Name); ok && sym.Kind == sdk.Class && in.p.known(x.Name) {
			o := in.newObject(objKey{n.ID(), "instance of " + sym.Name})
			o.Type, o.Presumed = sym.Name, x.Presumed
			return o
		}
	case *ir.Class:
		if c := in.p.byClass[x.Def]; c != nil {
			return c.inst
		}
	case *ir.Const:
		if s, ok := x.V.(string); ok && !strings.ContainsAny(s, "[]() ") {
			if v := in.path(s); v != nil {
				if _, again := v.(*ir.Const); !again {
					return in.instanceOf(v, n)
				}
			}
		}
	}
	return nil
}

// annotation gives a value of the type that an annotation says, nil if it says
// nothing that is known; n is the node that the value belongs to.
func (in *interp) annotation(t, n grammar.Node) ir.Value {
	var first grammar.Node
	for c := range t.Children() {
		if !c.Is(grammar.KindComment, grammar.KindLineContinuation) {
			first = c
			break
		}
	}
	switch t.Kind() {
	case grammar.KindType, grammar.KindParenthesizedExpression:
		return in.annotation(first, n)
	case grammar.KindBinaryOperator, grammar.KindUnionType:
		var out ir.Value
		for c := range t.Children() {
			out = join(out, in.annotation(c, n))
		}
		return out
	case grammar.KindGenericType, grammar.KindSubscript:
		var args []grammar.Node
		for c := range t.Children() {
			switch {
			case c == first:
			case c.Is(grammar.KindTypeParameter):
				for d := range c.Children() {
					args = append(args, d)
				}
			default:
				args = append(args, c)
			}
		}
		if len(args) == 0 {
			return nil
		}
		switch last(dottedText(first)) {
		case "Optional", "Union", "Annotated", "Final":
			var out ir.Value
			for _, a := range args {
				out = join(out, in.annotation(a, n))
			}
			return out
		case "List", "Sequence", "Iterable", "Iterator", "Collection", "Set", "FrozenSet", "list", "set", "Generator":
			if e := in.annotation(args[0], n); e != nil {
				s := in.newSeq(t, ir.ListSeq)
				s.Open, s.Each = true, e
				return s
			}
		case "Dict", "Mapping", "MutableMapping", "dict", "DefaultDict":
			if e := in.annotation(args[len(args)-1], n); e != nil {
				d := in.newDict(t)
				d.Open, d.Each = true, e
				return d
			}
		}
		return nil
	case grammar.KindIdentifier, grammar.KindAttribute, grammar.KindString:
		return in.instanceOf(in.u.vals.get(t.ID()), t)
	}
	return nil
}

// path evaluates a dotted name that is written in a string.
func (in *interp) path(s string) ir.Value {
	parts := strings.Split(s, ".")
	v := in.f.scope.find(parts[0])
	if v == nil || len(v.defs) == 0 {
		return nil
	}
	w := in.joined(v).val
	for _, name := range parts[1:] {
		s, ok := only(w).(*ir.Symbol)
		if !ok {
			return nil
		}
		w = in.symbolAttr(s, name)
	}
	return w
}

// objKey names an object that a node makes.
type objKey struct {
	node int32
	path string
}

// newObject gives the object that a node makes, one for all rounds, emptied.
func (in *interp) newObject(k objKey) *ir.Object {
	o := in.u.object[k]
	if o == nil {
		o = &ir.Object{}
		in.u.object[k] = o
		in.p.objects = append(in.p.objects, o)
	}
	*o = ir.Object{Changes: o.Changes}
	in.remade(o)
	return o
}
