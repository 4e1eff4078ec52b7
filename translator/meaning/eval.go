package meaning

import (
	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/constant"
)

// put keeps the value of a node and gives it back; a value that says the same
// as the one kept before is replaced by that one, so that identity lasts.
func (in *interp) put(n grammar.Node, v ir.Value) ir.Value {
	p := in.u.vals.at(n.ID())
	if v != nil && *p != v && sameValue(*p, v) {
		return *p
	}
	*p = v
	return v
}

// unknown gives the Unknown that stands for node n in all rounds.
func (in *interp) unknown(n grammar.Node, why, typ string) *ir.Unknown {
	if x := in.u.unknown[n.ID()]; x != nil {
		x.Why, x.Type = why, typ
		return x
	}
	x := &ir.Unknown{At: in.u.expr(n), Why: why, Type: typ}
	in.u.unknown[n.ID()] = x
	return x
}

func (in *interp) eval(n grammar.Node) ir.Value {
	if n.IsZero() {
		return &ir.Unknown{Why: "missing"}
	}
	if in.nest++; in.nest > maxNest {
		in.nest--
		return in.unknown(n, "too deep", "")
	}
	in.steps++
	var v ir.Value
	if in.asked != nil {
		v = in.asked.eval(in, n)
	} else {
		v = in.put(n, in.expression(n))
		in.recall(v)
	}
	in.nest--
	return v
}

func (in *interp) expression(n grammar.Node) ir.Value {
	switch n.Kind() {
	case grammar.KindIdentifier:
		return in.name(n)
	case grammar.KindAttribute:
		obj := n.Child(grammar.FieldObject)
		o := in.eval(obj)
		return in.attr(o, n.Child(grammar.FieldAttribute).Text(), n, in.u.expr(obj))
	case grammar.KindCall:
		return in.call(n)
	case grammar.KindString, grammar.KindConcatenatedString:
		return in.str(n)
	case grammar.KindInteger, grammar.KindFloat:
		if v := constant.Number(n.Text()); v != nil {
			return &ir.Const{V: v}
		}
		return in.unknown(n, "number", "")
	case grammar.KindTrue:
		return &ir.Const{V: true}
	case grammar.KindFalse:
		return &ir.Const{V: false}
	case grammar.KindNone:
		return none
	case grammar.KindList, grammar.KindListPattern:
		return in.sequence(n, ir.ListSeq)
	case grammar.KindTuple, grammar.KindExpressionList, grammar.KindPatternList, grammar.KindTuplePattern:
		return in.sequence(n, ir.TupleSeq)
	case grammar.KindSet:
		return in.sequence(n, ir.SetSeq)
	case grammar.KindDictionary:
		return in.dictionary(n)
	case grammar.KindListComprehension, grammar.KindGeneratorExpression, grammar.KindSetComprehension, grammar.KindDictionaryComprehension:
		return in.comprehension(n)
	case grammar.KindParenthesizedExpression, grammar.KindAwait, grammar.KindType, grammar.KindParenthesizedListSplat:
		var v ir.Value
		for c := range n.Children() {
			if !c.Is(grammar.KindComment, grammar.KindLineContinuation) {
				v = in.eval(c)
			}
		}
		if v == nil && n.FirstChild().IsZero() {
			return in.unknown(n, "empty", "")
		}
		return v
	case grammar.KindBinaryOperator:
		l, r := n.Child(grammar.FieldLeft), n.Child(grammar.FieldRight)
		a := in.eval(l)
		b := in.eval(r)
		return in.binary(n, n.Operator(), a, b, l, r)
	case grammar.KindBooleanOperator:
		a := in.eval(n.Child(grammar.FieldLeft))
		b := in.under(n.Child(grammar.FieldLeft), n.Operator() == "and", n.Child(grammar.FieldRight))
		if t, ok := truthOf(a); ok {
			if t == (n.Operator() == "or") {
				return a
			}
			return b
		}
		return join(a, b)
	case grammar.KindNotOperator:
		a := in.eval(n.Child(grammar.FieldArgument))
		if t, ok := truthOf(a); ok {
			return &ir.Const{V: !t}
		}
		return in.unknown(n, "not", "bool")
	case grammar.KindUnaryOperator:
		return in.unary(n, in.eval(n.Child(grammar.FieldArgument)))
	case grammar.KindComparisonOperator:
		return in.comparison(n)
	case grammar.KindConditionalExpression:
		var nodes []grammar.Node
		for c := range n.Children() {
			if !c.Is(grammar.KindComment, grammar.KindLineContinuation) {
				nodes = append(nodes, c)
			}
		}
		if len(nodes) != 3 {
			return in.unknown(n, "conditional", "")
		}
		parts := make([]ir.Value, 3)
		parts[1] = in.eval(nodes[1])
		parts[0] = in.under(nodes[1], true, nodes[0])
		parts[2] = in.under(nodes[1], false, nodes[2])
		if t, ok := truthOf(parts[1]); ok {
			if t {
				return parts[0]
			}
			return parts[2]
		}
		return join(parts[0], parts[2])
	case grammar.KindLambda:
		if f := in.p.byDef[in.u.expr(n)]; f != nil {
			for _, p := range f.params {
				if !p.deflt.IsZero() {
					in.eval(p.deflt)
				}
			}
			return f.val
		}
	case grammar.KindYield:
		var v ir.Value = none
		for c := range n.Children() {
			v = in.eval(c)
		}
		if !n.Token("from").IsZero() {
			v = in.elementOf(v)
		}
		if in.fn != nil {
			in.fn.out = join(in.fn.out, v)
		}
		return in.unknown(n, "yield", "")
	case grammar.KindNamedExpression:
		v := in.eval(n.Child(grammar.FieldValue))
		if name := n.Child(grammar.FieldName); !name.IsZero() {
			in.assign(name, v, in.u.expr(n.Child(grammar.FieldValue)))
		}
		return v
	case grammar.KindAssignment:
		return in.assignment(n)
	case grammar.KindAugmentedAssignment:
		return in.augmented(n)
	case grammar.KindSubscript:
		return in.subscript(n)
	case grammar.KindKeywordArgument:
		return in.eval(n.Child(grammar.FieldValue))
	case grammar.KindListSplat, grammar.KindDictionarySplat:
		v := in.eval(n.FirstChild())
		return v
	case grammar.KindEllipsis:
		return in.unknown(n, "ellipsis", "ellipsis")
	case grammar.KindComment, grammar.KindLineContinuation:
		return nil
	}
	in.children(n)
	return in.unknown(n, "expression", "")
}

func (in *interp) assignment(n grammar.Node) ir.Value {
	right, left := n.Child(grammar.FieldRight), n.Child(grammar.FieldLeft)
	var declared ir.Value
	if t := n.Child(grammar.FieldType); !t.IsZero() {
		in.eval(t)
		declared = in.annotation(t, n)
	}
	if right.IsZero() {
		if !left.Is(grammar.KindIdentifier) {
			in.eval(left)
		}
		return nil
	}
	v := in.eval(right)
	if isUnknown(v) && declared != nil {
		v = declared
	}
	from := right
	for from.Is(grammar.KindAssignment) { // a = b = value
		from = from.Child(grammar.FieldRight)
	}
	in.assign(left, v, in.u.expr(from))
	return v
}

func (in *interp) augmented(n grammar.Node) ir.Value {
	left, right := n.Child(grammar.FieldLeft), n.Child(grammar.FieldRight)
	old := in.eval(left)
	v := in.eval(right)
	op := n.Operator()
	op = op[:max(0, len(op)-1)]
	if op == "+" || op == "|" {
		if in.extend(old, v, right, n) {
			if left.Is(grammar.KindIdentifier) {
				if d := in.u.defAt.get(left.ID()); d != nil {
					in.set(d, old)
				}
			}
			return old
		}
	}
	w := in.binary(n, op, old, v, left, right)
	if left.Is(grammar.KindIdentifier) {
		if d := in.u.defAt.get(left.ID()); d != nil {
			b := in.u.reach.get(left.ID())
			in.set(d, w)
			*in.u.reach.at(left.ID()) = b
		}
	} else {
		in.assign(left, w, in.u.expr(n))
	}
	return w
}

// name evaluates the load of a name.
func (in *interp) name(n grammar.Node) ir.Value {
	name := n.Text()
	b := in.lookup(in.f.scope, name, n)
	if b != nil {
		*in.u.reach.at(n.ID()) = b
		if b.val == nil && len(b.defs) == 0 {
			return in.unbound(n)
		}
		return b.val
	}
	*in.u.reach.at(n.ID()) = nil
	if builtins[name] {
		return &ir.Symbol{Name: "builtins." + name}
	}
	if name == "__name__" || name == "__file__" {
		return in.unknown(n, name, "str")
	}
	return in.undefined(name, n)
}

// lookup finds what name means in scope s, seen from the statement that is
// being run; nil if nothing in the program binds it.
func (in *interp) lookup(s *Scope, name string, n grammar.Node) *binding {
	for {
		v := s.find(name)
		if v == nil {
			return in.starred(name, n)
		}
		f := in.frameOf(v.scope)
		if f == nil {
			if len(v.defs) == 0 {
				return in.starred(name, n)
			}
			return in.joined(v)
		}
		b := f.env.get(v.idx)
		if len(v.away) > maxDefs {
			b = joinBinding(b, in.joined(v))
		} else {
			for _, d := range v.away {
				b = joinBinding(b, &binding{defs: []*Def{d}, val: d.Value})
			}
		}
		if b != nil && len(b.defs) > 0 {
			return b
		}
		switch v.scope.Kind {
		case ModuleScope:
			if t := in.starred(name, n); t != nil {
				return t
			}
			if builtins[name] || len(v.defs) == 0 {
				return nil
			}
			return in.boundElsewhere(v, n)
		case ClassScope:
			if v.scope.Parent != nil {
				s = v.scope.Parent
				continue
			}
		}
		return in.boundElsewhere(v, n)
	}
}

// boundElsewhere gives what a variable holds where no path binds it: what it is
// bound to in another place, if code is run once more that stands above it, as cells
// are, and nothing that is known. Only what the program can do something with
// counts: where it is no more than perhaps some constant, it is nothing.
func (in *interp) boundElsewhere(v *variable, n grammar.Node) *binding {
	var all union
	all.add(in.joined(v).val)
	all.leavePlain()
	if len(all.of) == 0 || !n.Is(grammar.KindIdentifier) {
		return &binding{maybe: true}
	}
	return &binding{defs: v.defs, val: join((&union{of: all.of}).value(), in.unbound(n)), maybe: true}
}

// unbound gives the value of a name at a place where nothing binds it.
func (in *interp) unbound(n grammar.Node) ir.Value {
	u := in.unknown(n, "unbound", "")
	if v := in.p.presumed.as[u]; v != nil {
		return v
	}
	return u
}

// joined gives all definitions of a variable that is read from another scope.
func (in *interp) joined(v *variable) *binding {
	if v.all != nil && (v.stamp > v.touch || len(v.defs) > maxDefs && v.round == in.round) {
		return v.all
	}
	b := &binding{defs: v.defs}
	var all union
	for _, d := range v.defs {
		all.add(d.Value)
	}
	b.val = all.value()
	in.clock++
	v.all, v.stamp, v.round = b, in.clock, in.round
	return b
}

// undefined gives the value of a name that nothing binds: one for the file.
func (in *interp) undefined(name string, n grammar.Node) ir.Value {
	u := in.m.undef[name]
	if u == nil {
		why := "undefined"
		for _, s := range in.m.stars {
			if s.target == nil && !in.p.known(s.prefix) {
				why = "star import"
			}
		}
		u = &ir.Unknown{At: in.u.expr(n), Why: why}
		in.m.undef[name] = u
	}
	if v := in.p.presumed.as[u]; v != nil {
		return v
	}
	return u
}

// sequence evaluates a list, tuple or set display.
func (in *interp) sequence(n grammar.Node, kind ir.SeqKind) ir.Value {
	s := in.newSeq(n, kind)
	for c := range n.Children() {
		if c.Is(grammar.KindComment, grammar.KindLineContinuation) {
			continue
		}
		v := in.eval(c)
		if c.Is(grammar.KindListSplat) {
			if t, ok := v.(*ir.Seq); ok && !t.Open {
				s.Elems = append(s.Elems, t.Elems...)
			} else {
				s.Open, s.Each = true, join(s.Each, in.element(v, c))
			}
			continue
		}
		s.Elems = append(s.Elems, ir.Arg{Value: v, At: in.u.expr(c)})
	}
	return s
}

// turnKey names what is made at a node for one of several values that an operand
// may be.
type turnKey struct {
	node int32
	turn int
}

// eachApart calls f for every value that v may be: lists and dicts that it makes
// are one for each, and what it changes is perhaps changed where there are
// several.
func (in *interp) eachApart(v ir.Value, f func(ir.Value)) {
	was, among := in.turn, in.among
	if _, several := only(v).(*ir.Join); several {
		in.among = true
	}
	turn := was * maxAlternatives
	each(v, func(v ir.Value) {
		in.turn = turn
		f(v)
		turn++
	})
	in.turn, in.among = was, among
}

// newSeq gives the Seq that stands for node n in all rounds, emptied.
func (in *interp) newSeq(n grammar.Node, kind ir.SeqKind) *ir.Seq {
	s := in.u.seq[turnKey{n.ID(), in.turn}]
	if s == nil {
		s = &ir.Seq{}
		in.u.seq[turnKey{n.ID(), in.turn}] = s
		in.p.seqs = append(in.p.seqs, s)
		in.p.presumed.born[s] = in.u.expr(n)
	}
	*s = ir.Seq{Kind: kind, Changes: s.Changes}
	in.remade(s)
	return s
}

func (in *interp) newDict(n grammar.Node) *ir.Dict {
	d := in.u.dict[turnKey{n.ID(), in.turn}]
	if d == nil {
		d = &ir.Dict{}
		in.u.dict[turnKey{n.ID(), in.turn}] = d
		in.p.dicts = append(in.p.dicts, d)
		in.p.presumed.born[d] = in.u.expr(n)
	}
	*d = ir.Dict{Vals: map[string]ir.Arg{}, Changes: d.Changes}
	in.remade(d)
	return d
}

func dictPut(d *ir.Dict, key string, a ir.Arg) {
	if _, ok := d.Vals[key]; !ok {
		d.Keys = append(d.Keys, key)
	}
	a.Param = key
	d.Vals[key] = a
}

func (in *interp) dictionary(n grammar.Node) ir.Value {
	d := in.newDict(n)
	for c := range n.Children() {
		switch c.Kind() {
		case grammar.KindPair:
			k := in.eval(c.Child(grammar.FieldKey))
			val := c.Child(grammar.FieldValue)
			v := in.eval(val)
			in.put(c, v)
			if s, ok := ir.String(k); ok {
				dictPut(d, s, ir.Arg{Value: v, At: in.u.expr(val)})
			} else {
				d.Open, d.Each = true, join(d.Each, v)
			}
		case grammar.KindDictionarySplat:
			if e, ok := only(in.eval(c)).(*ir.Dict); ok {
				if e.Open {
					in.mayOverride(d, e, n)
				}
				for _, k := range e.Keys {
					dictPut(d, k, e.Vals[k])
				}
				d.Open, d.Each = d.Open || e.Open, join(d.Each, e.Each)
			} else {
				in.mayOverride(d, nil, n)
				d.Open = true
			}
		}
	}
	return d
}

func (in *interp) comprehension(n grammar.Node) (v ir.Value) {
	sc := in.u.scope[n.ID()]
	if sc == nil {
		return in.unknown(n, "comprehension", "")
	}
	if sc.rebinds && in.f.scope.Kind != ComprehensionScope && in.asked == nil {
		in.repeat(n, func() { v = in.comprehend(n, sc) })
		return v
	}
	return in.comprehend(n, sc)
}

// comprehend evaluates a comprehension: what it binds and what it gives.
func (in *interp) comprehend(n grammar.Node, sc *Scope) ir.Value {
	outer := in.f
	inner := &frame{scope: sc, env: newEnv(len(sc.order)), up: outer}
	first := true
	var body grammar.Node
	for c := range n.Children() {
		switch c.Kind() {
		case grammar.KindForInClause:
			var right []grammar.Node
			for d := range c.ChildrenOf(grammar.FieldRight) {
				right = append(right, d)
			}
			if !first {
				in.f = inner
			}
			var v ir.Value
			for _, d := range right {
				v = in.eval(d)
			}
			in.f = inner
			var left []grammar.Node
			for d := range c.ChildrenOf(grammar.FieldLeft) {
				left = append(left, d)
			}
			if len(right) == 1 && len(left) == 1 {
				in.assign(left[0], in.element(v, right[0]), ir.Expr{})
			} else {
				for _, d := range left {
					in.assign(d, in.unknown(d, "loop", ""), ir.Expr{})
				}
			}
			first = false
		case grammar.KindIfClause:
			in.f = inner
			in.children(c)
			for cond := range c.Children() {
				in.assume(cond, true)
			}
		case grammar.KindComment, grammar.KindLineContinuation:
		default:
			if body.IsZero() {
				body = c
			}
		}
	}
	in.f = inner
	var out ir.Value
	if n.Is(grammar.KindDictionaryComprehension) {
		d := in.newDict(n)
		d.Open = true
		if body.Is(grammar.KindPair) {
			in.eval(body.Child(grammar.FieldKey))
			d.Each = in.put(body, in.eval(body.Child(grammar.FieldValue)))
		}
		out = d
	} else {
		s := in.newSeq(n, ir.ListSeq)
		if n.Is(grammar.KindSetComprehension) {
			s.Kind = ir.SetSeq
		}
		s.Open, s.Comp = true, in.u.expr(n)
		if !body.IsZero() {
			s.Each = in.eval(body)
		}
		out = s
	}
	in.f = outer
	return out
}

// element gives what iterating over v yields; n is the node iterated over.
func (in *interp) element(v ir.Value, n grammar.Node) ir.Value {
	if v == nil {
		return nil
	}
	var out ir.Value
	each(v, func(v ir.Value) {
		if ir.IsNone(v) {
			return
		}
		e := in.elementOf(v)
		if e == nil {
			if s, ok := v.(*ir.Seq); ok && (len(s.Elems) > 0 || !s.Open) {
				return // nothing computed, or empty
			}
			if u, ok := v.(*ir.Unknown); ok {
				e = in.derived(u, "[]", n)
			} else {
				e = in.unknownAfter(n, "element")
			}
		}
		out = join(out, e)
	})
	if out == nil {
		return in.unknownAfter(n, "element")
	}
	return in.oneOf(out, n)
}

// unknownAfter gives an Unknown that belongs to node n but is not its value.
func (in *interp) unknownAfter(n grammar.Node, why string) ir.Value {
	key := -1 - n.ID()
	x := in.u.unknown[key]
	if x == nil {
		x = &ir.Unknown{At: in.u.expr(n)}
		in.u.unknown[key] = x
	}
	x.Why = why
	return x
}

// elementOf gives what v holds or yields, nil if v does not say.
func (in *interp) elementOf(v ir.Value) ir.Value {
	switch v := v.(type) {
	case *ir.Object:
		if in.p.isContainer(v) {
			return v.Elem
		}
	case *ir.Seq:
		var all union
		all.add(v.Each)
		for _, a := range v.Elems {
			if a.Star == 0 {
				all.add(a.Value)
			}
		}
		return all.value()
	case *ir.Dict:
		var all union
		for _, k := range v.Keys {
			if all.many {
				break
			}
			all.add(&ir.Const{V: k})
		}
		return all.value()
	case *ir.Const:
		if _, ok := v.V.(string); ok {
			return &ir.Unknown{Why: "character", Type: "str"}
		}
	case *ir.Join:
		var all union
		for _, w := range v.Of {
			all.add(in.elementOf(w))
		}
		return all.value()
	}
	return nil
}

// subscript evaluates v[k].
func (in *interp) subscript(n grammar.Node) ir.Value {
	val := n.Child(grammar.FieldValue)
	v := in.eval(val)
	var keys []grammar.Node
	for c := range n.ChildrenOf(grammar.FieldSubscript) {
		keys = append(keys, c)
	}
	var k ir.Value
	for _, c := range keys {
		if c.Is(grammar.KindSlice) {
			in.children(c)
		} else {
			k = in.eval(c)
		}
	}
	if v == nil {
		return nil
	}
	if len(keys) != 1 {
		if d, ok := only(v).(*ir.Dict); ok && d.Each != nil && len(d.Keys) == 0 {
			return d.Each // a tuple as key: one of the values
		}
		return in.unknown(n, "subscript", "")
	}
	if keys[0].Is(grammar.KindSlice) && manyLists(v) {
		s := in.newSeq(n, ir.ListSeq)
		s.Open, s.Each = true, in.element(v, val)
		return s
	}
	var out ir.Value
	_, several := v.(*ir.Join)
	in.eachApart(v, func(v ir.Value) {
		if ir.IsNone(v) {
			return
		}
		if d, ok := v.(*ir.Dict); ok && several && !d.Open && len(d.Keys)+len(d.Changes) == 0 {
			return // what a variable holds until it is set: nothing can be read of it
		}
		if keys[0].Is(grammar.KindSlice) {
			out = join(out, in.slice(v, keys[0], n))
		} else {
			out = join(out, in.getItem(v, k, n))
		}
	})
	if out == nil {
		return in.unknown(n, "subscript", "")
	}
	return out
}

// keyText names a constant key in a path.
func keyText(k ir.Value) (string, bool) {
	if s, ok := ir.String(k); ok {
		return "['" + s + "']", true
	}
	if c, ok := k.(*ir.Const); ok {
		if s, ok := constant.Repr(c.V); ok {
			return "[" + s + "]", true
		}
	}
	return "[]", false
}

func (in *interp) getItem(v, k ir.Value, n grammar.Node) ir.Value {
	switch x := v.(type) {
	case *ir.Dict:
		if s, ok := ir.String(k); ok {
			if a, ok := x.Vals[s]; ok {
				return a.Value
			}
		}
		out := x.Each
		if _, ok := ir.String(k); !ok && (!x.Open || x.Each != nil) {
			for _, key := range x.Keys {
				out = join(out, x.Vals[key].Value)
			}
		}
		if out != nil {
			return out
		}
		if key, ok := keyText(k); ok && x.Open {
			return in.derived(x, key, n) // what somebody else has put there
		}
	case *ir.Seq:
		if i, ok := ir.Int(k); ok && !x.Open {
			if i < 0 {
				i += int64(len(x.Elems))
			}
			if i >= 0 && i < int64(len(x.Elems)) && x.Elems[i].Star == 0 {
				return x.Elems[i].Value
			}
		} else if e := in.elementOf(x); e != nil {
			return in.oneOf(e, n)
		}
	case *ir.Object:
		if in.p.isContainer(x) {
			return x.Elem
		}
		key, _ := keyText(k)
		if _, t, ok := in.p.memberOf(x, "__getitem__"); ok {
			return in.typed(t, x, key, x.Presumed)
		}
		if s, ok := ir.String(k); ok {
			if t, ok := in.p.tables.ItemOf(typeOf(x), s); ok {
				return in.typed(t, x, key, x.Presumed)
			}
		}
		return in.derived(x, key, n)
	case *ir.Instance:
		if f := in.method(x, "__getitem__"); f != nil {
			in.record(n, f, x, []ir.Arg{{Value: k}})
			return in.returned(f, n)
		}
		if c := in.p.classOf(x); c != nil && c.fields {
			if i, ok := ir.Int(k); ok && i >= 0 && i < int64(len(c.scope.order)) {
				return in.instanceAttr(x, c.scope.order[i].name, n, ir.Expr{})
			}
		}
	case *ir.Symbol:
		if x.Name == "os.environ" {
			return in.environ(n, k)
		}
		if in.p.known(x.Name) {
			return x // typing: Paged[Cluster]
		}
	case *ir.Const, *ir.Text:
		if w := in.fold.index(v, k); w != nil {
			return w
		}
		return in.unknown(n, "subscript", "str")
	case *ir.Unknown:
		if key, ok := keyText(k); ok {
			return in.derived(x, key, n)
		}
		return in.derived(x, "[]", n)
	}
	return in.unknown(n, "subscript", "")
}

// slice gives v[a:b:c].
func (in *interp) slice(v ir.Value, s grammar.Node, n grammar.Node) ir.Value {
	switch x := v.(type) {
	case *ir.Object:
		if in.p.isContainer(x) {
			return x
		}
	case *ir.Const, *ir.Text:
		if w := in.fold.slice(v, in.bounds(s)); w != nil {
			return w
		}
		return in.unknown(n, "slice", "str")
	case *ir.Seq:
		t := in.newSeq(n, x.Kind)
		if lo, hi, ok := sliceRange(in.bounds(s), len(x.Elems)); ok && !x.Open {
			t.Elems = append(t.Elems, x.Elems[lo:hi]...)
			return t
		}
		t.Open, t.Each = true, in.elementOf(x)
		return t
	}
	return in.unknown(n, "slice", "")
}

// bounds gives start, stop and step of a slice; nil where left out.
func (in *interp) bounds(s grammar.Node) (out [3]ir.Value) {
	i := 0
	for c := range s.AllChildren() {
		switch {
		case c.IsNamed() && c.Is(grammar.KindComment, grammar.KindLineContinuation):
		case c.IsNamed():
			out[i] = in.u.vals.get(c.ID())
			if out[i] == nil {
				out[i] = &ir.Unknown{Why: "slice"}
			}
		case i < 2:
			i++
		}
	}
	return out
}

var builtins = map[string]bool{}

func init() {
	for _, s := range []string{
		"abs", "all", "any", "ascii", "basestring", "bin", "bool", "bytearray", "bytes", "callable", "chr", "classmethod", "cmp", "compile",
		"complex", "delattr", "dict", "dir", "display", "divmod", "enumerate", "eval", "exec", "execfile", "exit", "file", "filter", "float", "format",
		"frozenset", "get_ipython", "getattr", "globals", "hasattr", "hash", "help", "hex", "id", "input", "int", "isinstance", "issubclass", "iter",
		"len", "list", "locals", "long", "map", "max", "memoryview", "min", "next", "object", "oct", "open", "ord", "pow", "print", "property",
		"quit", "range", "raw_input", "reduce", "reload", "repr", "reversed", "round", "set", "setattr", "slice", "sorted", "staticmethod", "str", "sum",
		"super", "tuple", "type", "unichr", "unicode", "vars", "xrange", "zip", "__import__", "__build_class__",
		"NotImplemented", "Ellipsis", "__debug__",
		"BaseException", "Exception", "ArithmeticError", "AssertionError", "AttributeError", "BlockingIOError", "BrokenPipeError", "BufferError",
		"ChildProcessError", "ConnectionError", "ConnectionAbortedError", "ConnectionRefusedError", "ConnectionResetError", "DeprecationWarning",
		"EOFError", "EnvironmentError", "FileExistsError", "FileNotFoundError", "FloatingPointError", "FutureWarning", "GeneratorExit", "IOError",
		"ImportError", "ImportWarning", "IndentationError", "IndexError", "InterruptedError", "IsADirectoryError", "KeyError", "KeyboardInterrupt",
		"LookupError", "MemoryError", "ModuleNotFoundError", "NameError", "NotADirectoryError", "NotImplementedError", "OSError", "OverflowError",
		"PendingDeprecationWarning", "PermissionError", "ProcessLookupError", "RecursionError", "ReferenceError", "ResourceWarning", "RuntimeError",
		"RuntimeWarning", "StopAsyncIteration", "StopIteration", "SyntaxError", "SyntaxWarning", "SystemError", "SystemExit", "TabError", "TimeoutError",
		"TypeError", "UnboundLocalError", "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError", "UnicodeTranslateError", "UnicodeWarning",
		"UserWarning", "ValueError", "Warning", "ZeroDivisionError", "BaseExceptionGroup", "ExceptionGroup", "WindowsError", "aiter", "anext",
		"breakpoint", "copyright", "credits", "license",
	} {
		builtins[s] = true
	}
}
