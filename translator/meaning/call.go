package meaning

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// site is a call of a function of the program.
type site struct {
	f     *function
	u     *unit
	n     grammar.Node
	round int
	args  []ir.Arg // by parameter; Value nil: not given, or not computed
	given []bool
	// fill puts what the call gives into what *args and **kwargs hold.
	fill []func()
}

type siteKey struct {
	node int32
	f    *function
}

// arguments evaluates the arguments of a call in order.
func (in *interp) arguments(n grammar.Node) []ir.Arg {
	if n.IsZero() {
		return nil
	}
	if !n.Is(grammar.KindArgumentList) { // f(x for x in y)
		return []ir.Arg{{Value: in.eval(n), At: in.u.expr(n)}}
	}
	count := 0
	for range n.Children() {
		count++
	}
	if count == 0 {
		return nil
	}
	out := make([]ir.Arg, 0, count)
	for c := range n.Children() {
		switch c.Kind() {
		case grammar.KindComment, grammar.KindLineContinuation, grammar.KindError:
		case grammar.KindKeywordArgument:
			val := c.Child(grammar.FieldValue)
			v := in.eval(val)
			in.put(c, v)
			out = append(out, ir.Arg{Param: c.Child(grammar.FieldName).Text(), Value: v, At: in.u.expr(val)})
		case grammar.KindListSplat, grammar.KindDictionarySplat:
			star := 1
			if c.Is(grammar.KindDictionarySplat) {
				star = 2
			}
			out = append(out, ir.Arg{Value: in.eval(c), At: in.u.expr(c.FirstChild()), Star: star})
		default:
			out = append(out, ir.Arg{Value: in.eval(c), At: in.u.expr(c)})
		}
	}
	return out
}

// call evaluates a call.
func (in *interp) call(n grammar.Node) ir.Value {
	fn := n.Child(grammar.FieldFunction)
	if fn.Is(grammar.KindIdentifier) && fn.Text() == "super" && in.lookup(in.f.scope, "super", fn) == nil {
		in.eval(fn)
		in.arguments(n.Child(grammar.FieldArguments))
		return in.super(n)
	}
	v := in.eval(fn)
	args := in.arguments(n.Child(grammar.FieldArguments))
	var recv ir.Value
	name := ""
	if fn.Is(grammar.KindAttribute) {
		recv = in.found(fn.Child(grammar.FieldObject))
		name = fn.Child(grammar.FieldAttribute).Text()
		if w, ok := in.valueMethod(n, recv, name, args, fn); ok {
			delete(in.u.calls, n.ID())
			return w
		}
	}
	delete(in.u.calls, n.ID())
	if v == nil {
		return nil
	}
	var out ir.Value
	partial := false
	in.eachApart(v, func(v ir.Value) {
		args := args
		if given := in.p.presumed.partial[v]; given != nil {
			args = append(given[:len(given):len(given)], args...)
		}
		switch x := v.(type) {
		case *ir.Symbol:
			out = join(out, in.callSymbol(n, x, args))
		case *ir.Method:
			out = join(out, in.callMethod(n, x, args))
		case *ir.Function:
			f := in.p.byDef[x.Def]
			if f == nil {
				return
			}
			if in.asked != nil {
				v := in.asked.callFunction(in, n, f, x.Recv, args)
				if v == nil {
					v = in.returned(f, n)
				}
				out = join(out, v)
				return
			}
			s := in.record(n, f, x.Recv, args)
			out = join(out, in.forCall(s, in.returned(f, n)))
		case *ir.Class:
			out = join(out, in.construct(n, x, args))
		case *ir.Instance:
			if f := in.method(x, "__call__"); f != nil {
				in.record(n, f, x, args)
				out = join(out, in.returned(f, n))
			} else {
				partial = true
			}
		case *ir.Const:
			if x.V != nil {
				partial = true
			}
		default:
			partial = true
		}
	})
	if partial {
		if c := in.u.calls[n.ID()]; c != nil {
			c.Presumed = true
		}
		out = join(out, in.callUnknown(n, name, recv, args))
	}
	if out == nil && !in.pending(v) {
		return in.unknown(n, "call", "")
	}
	return out
}

// pending reports whether v may be a function whose result is still to come.
func (in *interp) pending(v ir.Value) bool {
	found := false
	each(v, func(v ir.Value) {
		switch v.(type) {
		case *ir.Function, *ir.Method, *ir.Instance:
			found = true
		}
	})
	return found
}

// callUnknown gives the result of calling something unknown. Functions of the
// program that are handed to an executor, a thread or map are called by it.
func (in *interp) callUnknown(n grammar.Node, name string, recv ir.Value, args []ir.Arg) ir.Value {
	if v := in.callback(n, name, args); v != nil {
		return v
	}
	if name == "set_defaults" {
		in.noteHandlers(args)
	}
	if out := in.callHandlers(n, name, recv, args); out != nil {
		return out
	}
	why := "call"
	if name != "" {
		why = "call of " + name
	}
	u := in.unknown(n, why, "")
	if of, ok := only(recv).(*ir.Unknown); ok && name != "" {
		u.Call = &ir.Call{Symbol: "." + name, At: u.At, Recv: ir.Arg{Value: of}, Args: args}
	}
	return u
}

// noteHandlers keeps the functions that a parser of command lines is to give for
// an attribute of its result: set_defaults(func=create).
func (in *interp) noteHandlers(args []ir.Arg) {
	for _, a := range args {
		if a.Param == "" {
			continue
		}
		each(a.Value, func(v ir.Value) {
			if f, ok := v.(*ir.Function); ok && !slices.Contains(in.p.presumed.handlers[a.Param], f) {
				in.p.presumed.handlers[a.Param] = append(in.p.presumed.handlers[a.Param], f)
			}
		})
	}
}

// callHandlers calls each of the functions that an attribute of something
// unknown may be: args.func(args).
func (in *interp) callHandlers(n grammar.Node, name string, recv ir.Value, args []ir.Arg) (out ir.Value) {
	if _, ok := only(recv).(*ir.Unknown); !ok {
		return nil
	}
	for _, x := range in.p.presumed.handlers[name] {
		if f := in.p.byDef[x.Def]; f != nil {
			in.record(n, f, x.Recv, args)
			out = join(out, in.returned(f, n))
		}
	}
	return out
}

func (in *interp) functionOf(v ir.Value) (*function, ir.Value) {
	if x, ok := only(v).(*ir.Function); ok {
		return in.p.byDef[x.Def], x.Recv
	}
	return nil, nil
}

// keyed records the call of a function that gives the key of each element.
func (in *interp) keyed(n grammar.Node, of ir.Value, args []ir.Arg) {
	for _, a := range args {
		if f, recv := in.functionOf(a.Value); f != nil && a.Param == "key" {
			in.record(n, f, recv, []ir.Arg{{Value: in.element(of, n), At: in.u.expr(n)}})
		}
	}
}

func (in *interp) callback(n grammar.Node, name string, args []ir.Arg) ir.Value {
	future := func(f *function) ir.Value {
		o := in.newObject(objKey{n.ID(), "future"})
		o.Type, o.Elem = sdk.Future, in.returned(f, n)
		if o.Elem == nil {
			o.Elem = in.unknownAfter(n, "result")
		}
		return o
	}
	if len(args) > 0 && args[0].Param == "" && args[0].Star == 0 {
		if f, recv := in.functionOf(args[0].Value); f != nil {
			switch name {
			case "submit", "apply", "apply_async", "call_soon", "spawn", "partial":
				in.record(n, f, recv, args[1:])
				if name == "submit" || name == "apply_async" {
					return future(f)
				}
				return in.returned(f, n)
			case "map", "imap", "imap_unordered", "starmap", "filter":
				if len(args) > 1 {
					e := in.element(args[1].Value, n)
					rest := []ir.Arg{{Value: e, At: args[1].At}}
					if s, ok := e.(*ir.Seq); ok && name == "starmap" && !s.Open {
						rest = s.Elems
					}
					in.record(n, f, recv, rest)
					if name == "filter" {
						return args[1].Value
					}
					s := in.newSeq(n, ir.ListSeq)
					s.Open, s.Each = true, in.returned(f, n)
					return s
				}
			}
		}
	}
	for _, a := range args {
		if a.Param != "target" {
			continue
		}
		if f, recv := in.functionOf(a.Value); f != nil {
			var rest []ir.Arg
			for _, b := range args {
				if s, ok := b.Value.(*ir.Seq); ok && b.Param == "args" && !s.Open {
					rest = append(rest, s.Elems...)
				}
				if d, ok := b.Value.(*ir.Dict); ok && b.Param == "kwargs" {
					for _, k := range d.Keys {
						rest = append(rest, d.Vals[k])
					}
				}
			}
			in.record(n, f, recv, rest)
		}
	}
	return nil
}

// newCall gives the Call at node n, one for all rounds, emptied.
func (in *interp) newCall(n grammar.Node, symbol string, args []ir.Arg, presumed bool) *ir.Call {
	c := in.p.presumed.calls[callKey{in.u, n.ID()}]
	if c == nil || in.asked != nil {
		c = &ir.Call{}
	}
	if in.asked == nil {
		in.p.presumed.calls[callKey{in.u, n.ID()}] = c
	}
	if old := in.u.calls[n.ID()]; old != nil {
		// Another alternative of what is called has taken the node.
		if old.Symbol != symbol {
			old.Unbound = "it may be " + old.Symbol + " or " + symbol
		}
		presumed = presumed || old.Presumed
		c = &ir.Call{}
	} else {
		in.u.calls[n.ID()] = c
	}
	*c = ir.Call{Symbol: symbol, At: in.u.expr(n), Stmt: in.u.stmtOf(n), Args: args, Presumed: presumed}
	return c
}

// reachedAs gives the dotted name by which a call reaches a function: some have
// moved from one module of an SDK to another, and changed on the way.
func (in *interp) reachedAs(c *ir.Call, sym *sdk.Symbol) string {
	if sym.Kind != sdk.Function || c.At.Unit != in.u.ID {
		return ""
	}
	fn := in.u.root.Tree().Node(c.At.Node).Child(grammar.FieldFunction)
	switch fn.Kind() {
	case grammar.KindAttribute:
		if s, ok := only(in.u.vals.get(fn.Child(grammar.FieldObject).ID())).(*ir.Symbol); ok {
			return s.Name + "." + fn.Child(grammar.FieldAttribute).Text()
		}
	case grammar.KindIdentifier:
		if b := in.u.reach.get(fn.ID()); b != nil && len(b.defs) == 1 && b.defs[0].Kind == Import {
			d := b.defs[0]
			for n := d.n; !n.IsZero() && !n.Is(grammar.KindImportFromStatement, grammar.KindImportStatement); n = n.Parent() {
				if a := d.u.aliasAt[n.ID()]; a != nil {
					return a.written
				}
			}
		}
	}
	return ""
}

// bindTo binds the arguments of a call to the parameters of a symbol.
func (in *interp) bindTo(c *ir.Call, sym *sdk.Symbol, args []ir.Arg) *sdk.Variant {
	c.Bound = make(map[string]ir.Arg, len(args))
	var shape sdk.Args
	pos, keys, rest := inOrder(args)
	for _, a := range rest {
		switch {
		case a.Star == 1:
			if s, ok := only(a.Value).(*ir.Seq); ok && !s.Open {
				pos = append(pos, s.Elems...)
			} else {
				shape.HasStar = true
			}
		case a.Star == 2:
			if d := merged(a.Value); d != nil {
				for _, k := range d.Keys {
					e := d.Vals[k]
					e.Param = k
					keys = append(keys, e)
				}
				shape.HasStarStar = shape.HasStarStar || d.Open
			} else {
				shape.HasStarStar = true
			}
		case a.Param != "":
			keys = append(keys, a)
		default:
			pos = append(pos, a)
		}
	}
	shape.Pos = len(pos)
	names := make([]string, len(pos)+len(keys))
	shape.Types, shape.Keywords = names[:len(pos)], names[len(pos):]
	for i, a := range pos {
		shape.Types[i] = certainType(a.Value)
	}
	for i, a := range keys {
		shape.Keywords[i] = a.Param
	}
	shape.Via = in.reachedAs(c, sym)
	b, err := in.p.tables.Bind(sym, shape)
	if shape.Via != "" && err == nil {
		// A program may have been left behind by the function that it reaches.
		shape.Via = ""
		if other, otherErr := in.p.tables.Bind(sym, shape); otherErr == nil && other.Variant != b.Variant && in.agrees(c, other, pos) > in.agrees(c, b, pos) {
			b = other
		}
	}
	if err != nil && !fieldOfAnother(sym, err) {
		c.Unbound = err.Error()
	}
	if b.Variant == nil {
		return nil
	}
	if err == nil {
		c.Version = b.Variant.Version
	}
	put := func(p *sdk.Param, a ir.Arg) {
		if p == nil {
			// Nothing that is given is lost: a keyword that no version takes
			// stands under its own name, and Unbound says so.
			if a.Param != "" {
				c.Bound[a.Param] = a
			}
			return
		}
		name := p.Name
		if p.Kind == sdk.VarKw || p.Kind == sdk.VarPos {
			if a.Param == "" {
				return
			}
			name = a.Param
		}
		a.Param = name
		c.Bound[name] = a
	}
	for i, p := range b.ByPos {
		put(p, pos[i])
	}
	for i, p := range b.ByKey {
		put(p, keys[i])
	}
	return b.Variant
}

// agrees counts the positional arguments of a call that another call of the
// program has under the name of the parameter which a binding gives them.
func (in *interp) agrees(c *ir.Call, b sdk.Binding, pos []ir.Arg) (n int) {
	for i, p := range b.ByPos {
		if p == nil || pos[i].Value == nil {
			continue
		}
		if in.givenElsewhere(c, p.Name, pos[i].Value) {
			n++
		}
	}
	return n
}

// givenElsewhere reports whether another call has a value under the name of a
// parameter.
func (in *interp) givenElsewhere(c *ir.Call, param string, v ir.Value) bool {
	for _, u := range in.p.byID {
		for _, k := range u.calls {
			if a, ok := k.Bound[param]; ok && k != c && k.Symbol != c.Symbol && a.Value != nil && ir.Same(a.Value, v) {
				return true
			}
		}
	}
	return false
}

// inOrder gives the arguments that come first and are positional, then those
// that are keywords, and the rest, which begins with anything else.
func inOrder(args []ir.Arg) (pos, keys, rest []ir.Arg) {
	i := 0
	for i < len(args) && args[i].Star == 0 && args[i].Param == "" {
		i++
	}
	k := i
	for k < len(args) && args[k].Star == 0 && args[k].Param != "" {
		k++
	}
	return args[:i:i], args[i:k:k], args[k:]
}

// certainType names what a value certainly is, for the choice between versions.
func certainType(v ir.Value) string {
	switch v := only(v).(type) {
	case *ir.Dict:
		return "dict"
	case *ir.Seq:
		if v.Kind == ir.ListSeq {
			return "list"
		}
	case *ir.Text:
		return "str"
	case *ir.Const:
		switch v.V.(type) {
		case string:
			return "str"
		case int64:
			return "int"
		}
	case *ir.Object:
		if strings.Contains(v.Type, ".") {
			return v.Type
		}
	}
	return ""
}

// fieldOfAnother reports whether all that keeps a construction from binding are
// fields that the class has in another version: programs mix them, and the old
// SDKs' records kept what they were given.
func fieldOfAnother(sym *sdk.Symbol, err error) bool {
	var e *sdk.BindError
	if sym.Kind != sdk.Class || !errors.As(err, &e) || len(e.Unexpected) == 0 || len(e.Missing)+len(e.Twice)+e.TooMany > 0 {
		return false
	}
	for _, name := range e.Unexpected {
		known := slices.ContainsFunc(sym.Versions, func(v sdk.Variant) bool { return v.Param(name) != nil })
		if !known {
			return false
		}
	}
	return true
}

// merged gives one dict for the dicts that v may be: a key that only some have
// may be None. Nil if v may be anything else.
func merged(v ir.Value) *ir.Dict {
	v = only(v)
	if d, ok := v.(*ir.Dict); ok {
		return d
	}
	j, ok := v.(*ir.Join)
	if !ok {
		return nil
	}
	out := &ir.Dict{Vals: map[string]ir.Arg{}}
	seen := map[string]int{}
	for _, w := range j.Of {
		d, ok := w.(*ir.Dict)
		if !ok {
			return nil
		}
		for _, k := range d.Keys {
			a := d.Vals[k]
			if old, had := out.Vals[k]; had {
				if !ir.Same(old.Value, a.Value) || old.At != a.At {
					a.At = ir.Expr{} // no one expression gives it
				}
				a.Value = join(old.Value, a.Value)
			}
			dictPut(out, k, a)
			seen[k]++
		}
		out.Open = out.Open || d.Open
	}
	for k, n := range seen {
		if n < len(j.Of) {
			a := out.Vals[k]
			a.Value, a.At = join(a.Value, none), ir.Expr{}
			out.Vals[k] = a
		}
	}
	return out
}

func (in *interp) callSymbol(n grammar.Node, s *ir.Symbol, args []ir.Arg) ir.Value {
	if name, ok := strings.CutPrefix(s.Name, "builtins."); ok {
		c := in.newCall(n, s.Name, args, false)
		v := in.builtin(n, name, args)
		if u, ok := v.(*ir.Unknown); ok && u.At == c.At && u.Of == nil {
			u.Call = c
		}
		return v
	}
	sym, ok := in.p.tables.Symbol(s.Name)
	if !ok || !in.p.known(s.Name) {
		c := in.newCall(n, s.Name, args, s.Presumed)
		v := in.callLibrary(n, s.Name, args)
		if u, ok := v.(*ir.Unknown); ok && u.At == c.At && u.Of == nil {
			u.Call = c
		}
		c.Result = v
		return v
	}
	switch sym.Kind {
	case sdk.Class:
		return in.make(n, sym, args, s.Presumed)
	case sdk.Function, sdk.Method:
		recv := ir.Arg{}
		if v := sym.Newest(); sym.Kind == sdk.Method && !v.Static && !v.ClassMethod && len(args) > 0 && args[0].Param == "" {
			recv, args = args[0], args[1:]
		}
		return in.operation(n, sym, recv, args, s.Presumed)
	}
	c := in.newCall(n, sym.Name, args, s.Presumed)
	c.Unbound = "it cannot be called"
	return in.unknown(n, "call of "+sym.Name, "")
}

// make constructs an instance of an SDK's class.
func (in *interp) make(n grammar.Node, sym *sdk.Symbol, args []ir.Arg, presumed bool) ir.Value {
	c := in.newCall(n, sym.Name, args, presumed)
	v := in.bindTo(c, sym, args)
	if v != nil && v.Enum && len(args) == 1 {
		if s, ok := ir.String(args[0].Value); ok {
			for _, m := range in.p.tables.Members(sym.Name) {
				if in := m.In(v.Version); in != nil && m.Kind == sdk.EnumMember && strings.Trim(in.Value, `'"`) == s {
					e := &ir.Symbol{Name: m.Name, Presumed: presumed}
					c.Result = e
					return e
				}
			}
		}
	}
	o := in.newObject(objKey{n.ID(), sym.Name})
	o.Type, o.Made, o.Presumed = sym.Name, c, presumed
	builtFrom(o, c, args, "")
	c.Result = o
	return o
}

// builtFrom gives a record the arguments of the call that builds it as its fields,
// but for the one that only says which record it is.
func builtFrom(o *ir.Object, c *ir.Call, args []ir.Arg, which string) {
	c.Builds = o.Type
	o.Fields = make(map[string]ir.Arg, len(c.Bound))
	o.Order = make([]string, 0, len(c.Bound))
	put := func(b ir.Arg) {
		if b.Param != which {
			o.Fields[b.Param] = b
			o.Order = append(o.Order, b.Param)
		}
	}
	for _, a := range args {
		// In the order in which they are written.
		if b, ok := c.Bound[a.Param]; ok && a.Star == 0 && b.At == a.At {
			put(b)
			continue
		}
		for _, b := range c.Bound {
			if b.At == a.At && a.Star == 0 {
				put(b)
				break
			}
		}
	}
	if len(o.Fields) < len(c.Bound) {
		for _, name := range sortedKeys(c.Bound) {
			if _, ok := o.Fields[name]; !ok {
				put(c.Bound[name])
			}
		}
	}
}

// operation calls a function or method of an SDK.
func (in *interp) operation(n grammar.Node, sym *sdk.Symbol, recv ir.Arg, args []ir.Arg, presumed bool) ir.Value {
	c := in.newCall(n, sym.Name, args, presumed)
	c.Recv = recv
	v := in.bindTo(c, sym, args)
	mk := &maker{
		object:   func(path string) *ir.Object { return in.newObject(objKey{n.ID(), sym.Name + path}) },
		unknown:  func(path, typ string) *ir.Unknown { return in.resultUnknown(n, sym, path, typ) },
		made:     c,
		presumed: presumed,
	}
	var t sdk.Type
	if v != nil {
		t = v.Returns
	} else {
		t = sym.Newest().Returns
	}
	which, factory := in.p.cfg.Factories[sym.Name]
	if class := in.p.classGiven(c.Bound[which].Value); factory && class != "" {
		t = sdk.Type{Name: class}
	}
	if record := in.p.recordMade(sym, t); record != "" {
		o := mk.object("")
		o.Type, o.Made, o.Presumed = record, c, presumed
		builtFrom(o, c, args, which)
		c.Result = o
		return o
	}
	if w, ok := wrapped(recv.Value); ok {
		if t.IsZero() {
			eachObject(recv.Value, func(o *ir.Object) {
				if x := in.p.untyped(o, last(sym.Name)); t.IsZero() {
					t = x
				}
			})
		}
		if t.Name == sdk.TypeParameter {
			c.Result = w
			return w
		}
		mk.param = w
	}
	out := in.build(t, mk, "")
	if raw := in.p.rawResponse(c); raw != nil {
		o := in.newObject(objKey{n.ID(), sdk.Raw})
		if p, ok := out.(*ir.Object); ok && in.p.generic(p) == sdk.Poller && !raw.Poller {
			out = p.Elem
		}
		o.Type, o.Elem, o.Made, o.Presumed = sdk.Raw, out, c, presumed
		out = o
	}
	c.Result = out
	return out
}

func (in *interp) resultUnknown(n grammar.Node, sym *sdk.Symbol, path, typ string) *ir.Unknown {
	if path == "" {
		return in.unknown(n, "call of "+sym.Name, typ)
	}
	key := objKey{n.ID(), sym.Name + path}
	u := in.u.parts[key]
	if u == nil {
		u = &ir.Unknown{At: in.u.expr(n)}
		in.u.parts[key] = u
	}
	u.Why, u.Type = "call of "+sym.Name, typ
	return u
}

// wrapped gives the value inside a poller, future, pager or list.
func wrapped(v ir.Value) (ir.Value, bool) {
	var out ir.Value
	each(v, func(v ir.Value) {
		if o, ok := v.(*ir.Object); ok && o.Elem != nil {
			out = join(out, o.Elem)
		}
	})
	return out, out != nil
}

func last(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

func (in *interp) callMethod(n grammar.Node, m *ir.Method, args []ir.Arg) ir.Value {
	sym, ok := in.p.tables.Symbol(m.Symbol)
	if !ok {
		return in.unknown(n, "call of "+m.Symbol, "")
	}
	return in.operation(n, sym, ir.Arg{Value: m.Recv, At: m.RecvExpr}, args, m.Presumed)
}

// record notes a call of a function of the program: what its parameters get.
// The function is run at its first call of a round.
func (in *interp) record(n grammar.Node, f *function, recv ir.Value, args []ir.Arg) *site {
	if in.asked != nil {
		return &site{f: f, u: in.u, n: n}
	}
	key := siteKey{n.ID(), f}
	s := in.u.sites[key]
	if s == nil {
		s = &site{f: f, u: in.u, n: n}
		in.u.sites[key] = s
		f.sites = append(f.sites, s)
	}
	s.round = in.round
	in.bindSite(s, recv, args)
	if f.round == in.round && !f.running {
		in.pay(f)
	} else {
		in.runFunction(f)
	}
	return s
}

func (in *interp) bindSite(s *site, recv ir.Value, args []ir.Arg) {
	ps := s.f.params
	s.args = make([]ir.Arg, len(ps))
	s.given = make([]bool, len(ps))
	s.fill = nil
	give := func(i int, a ir.Arg) {
		a.Param, a.Star = ps[i].name, 0
		s.args[i], s.given[i] = a, true
	}
	next := 0
	if recv != nil && !s.f.static && len(ps) > 0 && ps[0].kind == plainParam {
		give(0, ir.Arg{Value: recv})
		next = 1
	}
	var rest []ir.Arg
	var extra *ir.Dict
	openRest, openKeys := false, false
	var each1, each2 ir.Value
	positional := func(a ir.Arg) {
		for next < len(ps) && ps[next].kind != plainParam && ps[next].kind != restParam {
			next++
		}
		if next < len(ps) && ps[next].kind == plainParam {
			give(next, a)
			next++
			return
		}
		rest = append(rest, a)
	}
	keyword := func(name string, a ir.Arg) {
		for i, p := range ps {
			if p.name == name && (p.kind == plainParam || p.kind == keyParam) {
				give(i, a)
				return
			}
		}
		if extra == nil {
			extra = &ir.Dict{Vals: map[string]ir.Arg{}}
		}
		dictPut(extra, name, a)
	}
	for _, a := range args {
		switch {
		case a.Star == 1:
			if t, ok := only(a.Value).(*ir.Seq); ok && !t.Open {
				for _, e := range t.Elems {
					positional(e)
				}
			} else {
				openRest = true
				each1 = in.unknownAfter(s.n, "starred argument")
			}
		case a.Star == 2:
			if d := merged(a.Value); d != nil {
				for _, k := range d.Keys {
					keyword(k, d.Vals[k])
				}
				openKeys = openKeys || d.Open
			} else {
				openKeys = true
			}
			if openKeys {
				each2 = in.unknownAfter(s.n, "starred argument")
			}
		case a.Param != "":
			keyword(a.Param, a)
		default:
			positional(a)
		}
	}
	for i, p := range ps {
		switch {
		case p.kind == restParam:
			t := in.siteSeq(s)
			s.filled(func() {
				t.Kind, t.Elems, t.Open, t.Each = ir.TupleSeq, slices.Clone(rest), openRest, each1
				in.remade(t)
			})
			give(i, ir.Arg{Value: t})
		case p.kind == keysParam:
			d := in.siteDict(s)
			s.filled(func() {
				d.Vals, d.Keys, d.Open, d.Each = map[string]ir.Arg{}, nil, openKeys, nil
				if extra != nil {
					d.Keys, d.Vals = slices.Clone(extra.Keys), maps.Clone(extra.Vals)
				}
				in.remade(d)
			})
			give(i, ir.Arg{Value: d})
		case s.given[i]:
		case each1 != nil && p.kind == plainParam:
			give(i, ir.Arg{Value: each1})
		case each2 != nil:
			give(i, ir.Arg{Value: each2})
		case !p.deflt.IsZero():
			give(i, ir.Arg{Value: s.f.u.vals.get(p.deflt.ID()), At: s.f.u.expr(p.deflt)})
		}
	}
}

// filled fills what *args or **kwargs hold, now and whenever the function begins.
func (s *site) filled(fill func()) {
	fill()
	s.fill = append(s.fill, fill)
}

func (in *interp) siteSeq(s *site) *ir.Seq {
	if in.asked != nil {
		return &ir.Seq{}
	}
	key := attrKey{s.f.val, "*" + exprKey(s.u.expr(s.n))}
	if t, ok := in.p.presumed.typed[key].(*ir.Seq); ok {
		return t
	}
	t := &ir.Seq{}
	in.p.presumed.typed[key] = t
	return t
}

func (in *interp) siteDict(s *site) *ir.Dict {
	if in.asked != nil {
		return &ir.Dict{}
	}
	key := attrKey{s.f.val, "**" + exprKey(s.u.expr(s.n))}
	if d, ok := in.p.presumed.typed[key].(*ir.Dict); ok {
		return d
	}
	d := &ir.Dict{}
	in.p.presumed.typed[key] = d
	if body := s.f.body; body.Is(grammar.KindBlock) {
		in.p.presumed.born[d] = s.f.u.expr(body.FirstChild()) // at the start of each call
	}
	return d
}

// live gives the calls of f that are made in this round or the last.
func (in *interp) live(f *function) []*site {
	var out []*site
	for _, s := range f.sites {
		if s.round >= in.round-1 {
			out = append(out, s)
		}
	}
	return out
}

// paramValue gives what parameter i of f holds: the join over its calls.
func (in *interp) paramValue(f *function, i int) ir.Value {
	p := f.params[i]
	var out ir.Value
	if i == 0 && f.class != nil && !f.static && p.kind == plainParam {
		if f.classm || f.name == "__new__" || f.name == "__init_subclass__" {
			return f.class.value
		}
		return f.class.inst
	}
	live := in.live(f)
	given := false
	for _, s := range live {
		if i < len(s.args) && s.given[i] {
			given = true
			out = join(out, s.args[i].Value)
		}
	}
	out = in.withoutStandIns(out)
	if out != nil && !isUnknown(out) {
		return out
	}
	if !p.typ.IsZero() && !p.typ.HasError() {
		if v := in.annotation(p.typ, p.typ); v != nil && p.kind != restParam && p.kind != keysParam {
			return v
		}
	}
	if given {
		return out
	}
	plain := i
	if f.class != nil && !f.static {
		plain--
	}
	if plain == 0 && (f.context || f.passObj) {
		ctx := in.p.presumed.context
		if f.context {
			return ctx
		}
		return in.derived(ctx, "obj", p.def.n)
	}
	switch p.kind {
	case restParam:
		return in.unknown(p.def.n, "parameter", "tuple")
	case keysParam:
		return in.unknown(p.def.n, "parameter", "dict")
	}
	u := in.unknown(p.def.n, "parameter", "")
	if v := in.p.presumed.as[u]; v != nil {
		return v
	}
	return u
}

// returned gives the result of calling f.
func (in *interp) returned(f *function, n grammar.Node) ir.Value {
	if !f.yields {
		return in.ofCall(f, n, f.ret)
	}
	if f.manager {
		in.u.manages[n.ID()] = f
	}
	s := in.newSeq(n, ir.ListSeq)
	s.Open, s.Each = true, in.ofCall(f, n, f.out)
	return s
}

// ofCall gives what one call of f returns, where v is what f returns over all
// its calls: values of which nothing more is known than that they come about in
// f are other ones with every call, and so is the choice between several.
func (in *interp) ofCall(f *function, n grammar.Node, v ir.Value) ir.Value {
	parts := 0
	var own func(v ir.Value) ir.Value
	own = func(v ir.Value) ir.Value {
		switch x := v.(type) {
		case *ir.Unknown:
			if f.makes(x) {
				return in.unknown(n, "call of "+f.name, x.Type)
			}
		case *ir.Text:
			out := &ir.Text{Pieces: slices.Clone(x.Pieces)}
			for i, p := range x.Pieces {
				if p.Val == nil {
					continue
				}
				if w := own(p.Val); w != p.Val {
					parts++
					out.Pieces[i] = ir.Piece{Val: in.partOfCall(f, n, parts, p.Val)}
				}
			}
			if !slices.Equal(out.Pieces, x.Pieces) {
				return in.fold.intern(out)
			}
		case *ir.Join:
			var all union
			for _, w := range x.Of {
				all.add(own(w))
			}
			return all.value()
		}
		return v
	}
	return own(v)
}

// partOfCall gives the unknown value that stands, in a text which one call of f
// returns, for a part v that another call may give otherwise.
func (in *interp) partOfCall(f *function, n grammar.Node, part int, v ir.Value) *ir.Unknown {
	key := objKey{n.ID(), "call of " + exprKey(f.val.Def) + "#" + strconv.Itoa(part)}
	u := in.u.parts[key]
	if u == nil {
		u = &ir.Unknown{At: in.u.expr(n), Why: "call of " + f.name}
		in.u.parts[key] = u
	}
	u.Type = ""
	if isText(v) {
		u.Type = "str"
	}
	return u
}

// makes reports whether an unknown value comes about in a call of f, so that two
// calls need not give the same.
func (f *function) makes(x *ir.Unknown) bool {
	if ir.Value(x) == many {
		return true
	}
	at := x.At
	switch of := x.Of.(type) {
	case *ir.Unknown:
		return f.makes(of)
	case *ir.Object:
		if of.Made == nil {
			return false
		}
		at = of.Made.At
	case nil:
	default:
		return false
	}
	return f.u.expr(f.n).Contains(at.Span)
}

// construct makes an instance of a class of the program.
func (in *interp) construct(n grammar.Node, x *ir.Class, args []ir.Arg) ir.Value {
	c := in.p.byClass[x.Def]
	if c == nil {
		return in.unknown(n, "call of "+x.Name, "")
	}
	if f := in.method(c.inst, "__init__"); f != nil {
		in.record(n, f, c.inst, args)
		return c.inst
	}
	if in.asked != nil {
		return c.inst
	}
	// A class without a constructor in sight takes its fields by name or in the
	// order in which the body declares them, as data classes do.
	for i, a := range args {
		name := a.Param
		if name == "" && i < len(c.scope.order) {
			name = c.scope.order[i].name
		}
		if name != "" && a.Star == 0 {
			in.attrSlot(c, name).put(in.u.expr(n), a.Value)
		}
	}
	return c.inst
}

func (in *interp) attrSlot(c *class, name string) *slot {
	s := c.attrs[name]
	if s == nil {
		s = &slot{}
		c.attrs[name] = s
		c.order = append(c.order, name)
	}
	return s
}

// super gives the instance as its base class sees it.
func (in *interp) super(n grammar.Node) ir.Value {
	for f := in.f; f != nil; f = f.up {
		for s := f.scope; s != nil; s = s.Parent {
			if s.Kind != ClassScope {
				continue
			}
			c := in.p.byClass[s.Owner]
			if c == nil {
				break
			}
			for _, b := range c.bases {
				if d := in.p.classOf(b); d != nil {
					return d.inst
				}
			}
		}
	}
	return in.unknown(n, "super", "")
}
