package meaning

import (
	"slices"
	"strconv"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// setAttr stores into an attribute; n is the node that does it.
func (in *interp) setAttr(o ir.Value, name string, a ir.Arg, n grammar.Node) {
	if in.asked != nil {
		return
	}
	in.eachApart(o, func(o ir.Value) {
		switch x := o.(type) {
		case *ir.Object:
			a := a
			sure := in.change(x, name, a, n, again(in.setAttr, x, name, a, n))
			if !sure {
				in.fromAfar(x, name, a.Value, n)
			}
			if x.Fields == nil {
				x.Fields = map[string]ir.Arg{}
			}
			old, had := x.Fields[name]
			if !had {
				x.Order = append(x.Order, name)
			}
			a.Param = name
			if !sure {
				if had {
					if !ir.Same(old.Value, a.Value) {
						a.At = ir.Expr{} // no one expression gives it
					}
					a.Value = join(old.Value, a.Value)
				} else if x.IsRecord() {
					a.Value, a.At = join(none, a.Value), ir.Expr{}
				}
			}
			x.Fields[name] = a
		case *ir.Instance:
			if c := in.p.classOf(x); c != nil {
				in.attrSlot(c, name).put(in.u.expr(n), a.Value)
			}
		case *ir.Class:
			if c := in.p.byClass[x.Def]; c != nil {
				in.attrSlot(c, name).put(in.u.expr(n), a.Value)
			}
		case *ir.Symbol:
			in.store(in.p.presumed.symbol(x), name, a.Value, in.u.expr(n))
		case *ir.Unknown, *ir.Module, *ir.Function:
			in.store(x, name, a.Value, in.u.expr(n))
		}
	})
}

// bornObject gives the expression that built o.
func bornObject(o *ir.Object) ir.Expr {
	for i := 0; i < 16 && o.Made == nil; i++ {
		from, ok := o.From.(*ir.Object)
		if !ok {
			return ir.Expr{}
		}
		o = from
	}
	if o.Made == nil {
		return ir.Expr{}
	}
	return o.Made.At
}

// change notes a change of a list, dict or object; it reports whether the change
// certainly happens once for each construction. again makes the change once more;
// it may be nil.
func (in *interp) change(of ir.Value, path string, a ir.Arg, n grammar.Node, again func()) bool {
	in.touch(of)
	born, list := in.bornAt(of), changesOf(of)
	stmt := in.u.stmtOf(n)
	sure := !born.IsZero() && !in.among && in.p.once(born, stmt)
	if sure {
		in.owe(of, again)
	}
	ch := ir.Change{Stmt: stmt, Path: path, Arg: a, Sure: sure}
	for i, c := range *list {
		if c.Stmt == stmt && c.Path == path && c.Arg.At == a.At {
			(*list)[i] = ch
			return sure
		}
		if i > 256 {
			break
		}
	}
	*list = append(*list, ch)
	return sure
}

// changesOf gives the list of what changes a list, dict or object.
func changesOf(v ir.Value) *[]ir.Change {
	switch x := v.(type) {
	case *ir.Seq:
		return &x.Changes
	case *ir.Dict:
		return &x.Changes
	}
	return &v.(*ir.Object).Changes
}

// bornAt gives the expression that built a list, dict or object.
func (in *interp) bornAt(v ir.Value) ir.Expr {
	if o, ok := v.(*ir.Object); ok {
		return bornObject(o)
	}
	return in.p.presumed.born[v]
}

// once reports whether statement stmt certainly runs once after each run of the
// expression born. Functions with one caller count as standing where they are
// called.
func (p *Program) once(born, stmt ir.Expr) bool {
	for i := 0; i < 8; i++ {
		at := stmt
		for j := 0; j < 8; j++ {
			if p.straight(born, at) {
				return true
			}
			up, ok := p.caller(at)
			if !ok {
				break
			}
			at = up
		}
		up, ok := p.caller(born)
		if !ok {
			return false
		}
		born = up
	}
	return false
}

// caller gives the only call of the function that e stands in, if e is in no
// inner block of it.
func (p *Program) caller(e ir.Expr) (ir.Expr, bool) {
	u := p.byID[e.Unit]
	if u == nil {
		return ir.Expr{}, false
	}
	n := u.root.Tree().Node(e.Node).Statement()
	block := n.Parent()
	def := block.Parent()
	if !block.Is(grammar.KindBlock) || !def.Is(grammar.KindFunctionDefinition) {
		return ir.Expr{}, false
	}
	f := p.byDef[u.expr(def)]
	if f == nil || len(f.sites) != 1 {
		return ir.Expr{}, false
	}
	if !u.list(block).reaches(0, u.list(block).index(n)) {
		return ir.Expr{}, false
	}
	s := f.sites[0]
	return s.u.expr(s.n), true
}

// setItem stores under a key.
func (in *interp) setItem(o, k ir.Value, a ir.Arg, n grammar.Node) {
	if in.asked != nil {
		return
	}
	key, constant := keyText(k)
	in.eachApart(o, func(o ir.Value) {
		switch x := o.(type) {
		case *ir.Dict:
			a := a
			sure := in.change(x, key, a, n, again(in.setItem, x, k, a, n))
			if s, ok := ir.String(k); ok && constant {
				if !sure {
					in.fromAfar(x, itemKey+s, a.Value, n)
				}
				switch old, had := x.Vals[s]; {
				case sure:
				case had:
					if !ir.Same(old.Value, a.Value) {
						a.At = ir.Expr{} // no one expression gives it
					}
					a.Value = join(old.Value, a.Value)
				case in.p.Scope(in.p.presumed.born[x]) == in.p.Scope(in.u.expr(n)):
					a.Value, a.At = join(none, a.Value), ir.Expr{} // on a condition, or in a loop
				}
				if x.Vals == nil {
					x.Vals = map[string]ir.Arg{}
				}
				dictPut(x, s, a)
				return
			}
			in.fromAfar(x, eachKey, a.Value, n)
			putAny(x, a.Value)
		case *ir.Seq:
			a := a
			sure := in.change(x, key, a, n, again(in.setItem, x, k, a, n))
			i, ok := ir.Int(k)
			if ok && !x.Open && i < 0 {
				i += int64(len(x.Elems))
			}
			if ok && i >= 0 && !sure {
				in.fromAfar(x, indexKey+strconv.Itoa(int(i)), a.Value, n)
			} else if !ok || i < 0 {
				in.fromAfar(x, eachKey, a.Value, n)
			}
			if ok && !x.Open && i >= 0 && i < int64(len(x.Elems)) {
				if !sure {
					a.Value = join(x.Elems[i].Value, a.Value)
				}
				x.Elems[i] = a
				return
			}
			x.Open, x.Each = true, join(in.elementOf(x), a.Value)
		case *ir.Object:
			in.change(x, key, a, n, nil)
		case *ir.Instance:
			if f := in.method(x, "__setitem__"); f != nil {
				in.record(n, f, x, []ir.Arg{{Value: k}, a})
			}
		case *ir.Unknown:
			in.store(x, key, a.Value, in.u.expr(n))
		}
	})
}

// setSlice puts the elements of a value in place of some of those that o has.
func (in *interp) setSlice(o, k ir.Value, a ir.Arg, n grammar.Node) {
	if in.asked != nil {
		return
	}
	in.eachApart(o, func(o ir.Value) {
		s, ok := o.(*ir.Seq)
		if !ok {
			in.setItem(o, k, a, n)
			return
		}
		key, _ := keyText(k)
		in.change(s, key, a, n, nil)
		e := in.element(a.Value, n)
		in.fromAfar(s, eachKey, e, n)
		s.Open, s.Each, s.Elems = true, join(in.elementOf(s), e), nil
	})
}

// extend adds the elements of v to what old holds, in place; it reports whether
// old is a container that does so.
func (in *interp) extend(old, v ir.Value, right, n grammar.Node) bool {
	done := false
	in.eachApart(old, func(o ir.Value) {
		switch x := o.(type) {
		case *ir.Seq:
			if x.Kind == ir.TupleSeq {
				return
			}
			done = true
			in.extendSeq(x, "extend()", ir.Arg{Value: v, At: in.u.expr(right)}, n)
		case *ir.Object:
			if in.p.isContainer(x) {
				done = true
				in.change(x, "extend()", ir.Arg{Value: v, At: in.u.expr(right)}, n, nil)
			}
		case *ir.Dict:
			done = true
			in.updateDict(x, ir.Arg{Value: v, At: in.u.expr(right)}, n)
		}
	})
	return done
}

func (in *interp) extendSeq(s *ir.Seq, path string, a ir.Arg, n grammar.Node) {
	sure := in.change(s, path, a, n, func() { in.extendSeq(s, path, a, n) })
	if t, ok := only(a.Value).(*ir.Seq); ok && sure && !t.Open && !s.Open && t != s {
		s.Elems = append(s.Elems, t.Elems...)
		return
	}
	e := in.element(a.Value, n)
	in.fromAfar(s, eachKey, e, n)
	s.Open, s.Each = true, join(s.Each, e)
}

func (in *interp) appendSeq(s *ir.Seq, path string, a ir.Arg, n grammar.Node) {
	a.Param = ""
	if in.change(s, path, a, n, func() { in.appendSeq(s, path, a, n) }) && !s.Open {
		s.Elems = append(s.Elems, a)
		return
	}
	in.fromAfar(s, eachKey, a.Value, n)
	s.Open, s.Each = true, join(s.Each, a.Value)
}

// mayOverride notes that the values of a dict may be others after something is
// put into it of which not all keys are known.
func (in *interp) mayOverride(d, by *ir.Dict, n grammar.Node) {
	other := in.unknownAfter(n, "value")
	if by != nil && by.Each != nil {
		other = by.Each
	}
	for _, k := range d.Keys {
		a := d.Vals[k]
		a.Value, a.At = join(a.Value, other), ir.Expr{}
		d.Vals[k] = a
	}
}

func (in *interp) updateDict(d *ir.Dict, a ir.Arg, n grammar.Node) {
	sure := in.change(d, "update()", a, n, func() { in.updateDict(d, a, n) })
	e, ok := only(a.Value).(*ir.Dict)
	if !ok || e == d {
		if e != d {
			in.mayOverride(d, nil, n)
		}
		d.Open = true
		return
	}
	if e.Open {
		in.mayOverride(d, e, n)
	}
	for _, k := range e.Keys {
		b := e.Vals[k]
		if !sure {
			in.fromAfar(d, itemKey+k, b.Value, n)
		}
		if old, had := d.Vals[k]; had && !sure {
			b.Value = join(old.Value, b.Value)
		}
		if d.Vals == nil {
			d.Vals = map[string]ir.Arg{}
		}
		dictPut(d, k, b)
	}
	if e.Open {
		in.fromAfar(d, eachKey, e.Each, n)
	}
	d.Open, d.Each = d.Open || e.Open, join(d.Each, e.Each)
}

// valueMethod calls a method of a plain value: a str, list, dict, pager.
func (in *interp) valueMethod(n grammar.Node, recv ir.Value, name string, args []ir.Arg, fn grammar.Node) (ir.Value, bool) {
	if in.asked != nil && changesValue[name] {
		return in.unknown(n, "call of "+name, ""), true
	}
	var out ir.Value
	all := recv != nil
	some := false
	in.eachApart(recv, func(v ir.Value) {
		if ir.IsNone(v) {
			return
		}
		w, ok := in.plainMethod(n, v, name, args, fn)
		if !ok {
			all = false
			return
		}
		some = true
		out = join(out, w)
	})
	if !all || !some {
		return nil, false
	}
	if out == nil {
		return in.unknown(n, "call of "+name, ""), true
	}
	return out, true
}

// changesValue are the methods of lists and dicts that change them.
var changesValue = map[string]bool{"append": true, "add": true, "extend": true, "update": true, "insert": true, "remove": true, "clear": true,
	"sort": true, "reverse": true, "discard": true, "pop": true, "setdefault": true}

func (in *interp) plainMethod(n grammar.Node, v ir.Value, name string, args []ir.Arg, fn grammar.Node) (ir.Value, bool) {
	arg := func(i int) (ir.Arg, bool) {
		if i < len(args) && args[i].Param == "" && args[i].Star == 0 {
			return args[i], true
		}
		return ir.Arg{}, false
	}
	switch x := v.(type) {
	case *ir.Const:
		switch x.V.(type) {
		case string, []byte:
			return in.strMethod(n, v, name, args, fn), true
		}
		return in.unknown(n, "call of "+name, ""), true
	case *ir.Text:
		return in.strMethod(n, v, name, args, fn), true
	case *ir.Unknown:
		if x.Type == "str" && strMethods[name] {
			return in.strMethod(n, v, name, args, fn), true
		}
		if changesData[name] {
			in.p.presumed.changed[dataRoot(x)] = true
		}
		if in.p.reading(x)[name] {
			return in.readData(n, x, name, args, fn), true
		}
	case *ir.Seq:
		a, ok := arg(0)
		switch {
		case (name == "append" || name == "add") && ok:
			in.appendSeq(x, name+"()", a, n)
			return none, true
		case name == "extend" && ok || name == "update" && ok && x.Kind == ir.SetSeq:
			in.extendSeq(x, name+"()", a, n)
			return none, true
		case name == "insert" && len(args) == 2:
			b, _ := arg(1)
			if i, ok := ir.Int(a.Value); ok && i == 0 && !x.Open && in.change(x, "insert()", b, n, func() { in.plainMethod(n, x, name, args, fn) }) {
				x.Elems = append([]ir.Arg{b}, x.Elems...)
			} else {
				in.change(x, "insert()", b, n, nil)
				in.fromAfar(x, eachKey, b.Value, n)
				x.Open, x.Each = true, join(x.Each, b.Value)
			}
			return none, true
		case name == "remove" || name == "clear" || name == "sort" || name == "reverse" || name == "discard":
			if name == "sort" {
				in.keyed(n, x, args)
			}
			in.change(x, name+"()", a, n, nil)
			if !x.Open {
				x.Each = in.elementOf(x)
				x.Open, x.Elems = true, nil
			}
			return none, true
		case name == "pop":
			in.change(x, "pop()", a, n, nil)
			e := in.elementOf(x)
			x.Open, x.Each, x.Elems = true, e, nil
			if e == nil {
				return in.unknown(n, "element", ""), true
			}
			return in.oneOf(e, n), true
		case name == "copy":
			s := in.newSeq(n, x.Kind)
			s.Elems, s.Open, s.Each = append([]ir.Arg(nil), x.Elems...), x.Open, x.Each
			return s, true
		}
		return in.unknown(n, "call of "+name, ""), true
	case *ir.Dict:
		return in.dictMethod(n, x, name, args), true
	case *ir.Object:
		if x.Type == sdk.Future && (name == "result" || name == "get") {
			return x.Elem, true
		}
		if name == "sort" && in.p.isContainer(x) {
			in.keyed(n, x, args)
		}
		if pager := in.p.isPager(x); !in.p.isContainer(x) || pager && !listMethods[name] {
			if pager && in.p.stepsByAttribute(x, name) {
				return x.Elem, true
			}
			return nil, false
		}
		switch name {
		case "append", "extend", "insert", "add", "remove", "clear", "pop", "update", "sort", "reverse":
			a := ir.Arg{}
			if len(args) > 0 {
				a = args[len(args)-1]
			}
			in.change(x, name+"()", a, n, nil)
			if name == "pop" {
				return x.Elem, true
			}
			return none, true
		case "get", "values", "copy", "__getitem__":
			if name == "get" || name == "__getitem__" {
				return x.Elem, true
			}
			return x, true
		case "items":
			s := in.newSeq(n, ir.ListSeq)
			t := in.pairSeq(n, in.unknownAfter(n, "key"), x.Elem)
			s.Open, s.Each = true, t
			return s, true
		}
		return in.unknown(n, "call of "+name, ""), true
	}
	return nil, false
}

// pairSeq gives a tuple of values that belongs to node n but is not its value.
func (in *interp) pairSeq(n grammar.Node, vs ...ir.Value) *ir.Seq {
	key := attrKey{in.unknownAfter(n, "pair"), "pair"}
	t, ok := in.p.presumed.typed[key].(*ir.Seq)
	if !ok {
		t = &ir.Seq{}
		in.p.presumed.typed[key] = t
	}
	*t = ir.Seq{Kind: ir.TupleSeq}
	for _, v := range vs {
		t.Elems = append(t.Elems, ir.Arg{Value: v})
	}
	return t
}

func (in *interp) dictMethod(n grammar.Node, d *ir.Dict, name string, args []ir.Arg) ir.Value {
	values := func() ir.Value {
		out := d.Each
		for _, k := range d.Keys {
			out = join(out, d.Vals[k].Value)
		}
		if d.Open && d.Each == nil || out == nil {
			out = join(out, in.unknownAfter(n, "value"))
		}
		return out
	}
	switch name {
	case "get", "setdefault", "pop":
		var deflt ir.Value = none
		if len(args) > 1 {
			deflt = args[1].Value
		}
		if len(args) == 0 {
			break
		}
		s, ok := ir.String(args[0].Value)
		if name == "setdefault" && ok {
			if old, had := d.Vals[s]; had {
				if j, ok := old.Value.(*ir.Join); ok && slices.ContainsFunc(j.Of, ir.IsNone) {
					// Given by some only: the others have the default.
					old.At, old.Value = ir.Expr{}, deflt
					for _, v := range j.Of {
						if !ir.IsNone(v) {
							old.Value = join(old.Value, v)
						}
					}
					d.Vals[s] = old
				}
			} else {
				in.change(d, "['"+s+"']", ir.Arg{Value: deflt, At: args[0].At}, n, func() { in.dictMethod(n, d, name, args) })
				in.fromAfar(d, itemKey+s, deflt, n)
				if d.Vals == nil {
					d.Vals = map[string]ir.Arg{}
				}
				put := args[min(1, len(args)-1)]
				if d.Open {
					// It may be there already.
					put.Value, put.At = join(put.Value, in.unknownAfter(n, "value")), ir.Expr{}
				}
				dictPut(d, s, put)
			}
		}
		sure := false
		if name == "pop" {
			sure = in.change(d, "pop()", args[0], n, nil)
		}
		if !ok {
			return values()
		}
		if a, ok := d.Vals[s]; ok {
			if sure {
				delete(d.Vals, s)
				d.Keys = slices.DeleteFunc(slices.Clone(d.Keys), func(k string) bool { return k == s })
			}
			return a.Value
		}
		if d.Open && d.Each != nil {
			return join(d.Each, deflt)
		}
		if d.Open {
			return join(deflt, in.unknown(n, "call of get", ""))
		}
		return deflt
	case "update":
		for _, a := range args {
			if a.Param != "" {
				in.updateDict(d, ir.Arg{Value: &ir.Dict{Keys: []string{a.Param}, Vals: map[string]ir.Arg{a.Param: a}}, At: a.At}, n)
			} else {
				in.updateDict(d, a, n)
			}
		}
		return none
	case "clear":
		in.change(d, "clear()", ir.Arg{}, n, nil)
		d.Open = true
		return none
	case "copy":
		e := in.newDict(n)
		for _, k := range d.Keys {
			dictPut(e, k, d.Vals[k])
		}
		e.Open, e.Each = d.Open, d.Each
		return e
	case "keys":
		s := in.newSeq(n, ir.ListSeq)
		for _, k := range d.Keys {
			s.Elems = append(s.Elems, ir.Arg{Value: &ir.Const{V: k}})
		}
		s.Open = d.Open
		return s
	case "values", "itervalues":
		s := in.newSeq(n, ir.ListSeq)
		for _, k := range d.Keys {
			s.Elems = append(s.Elems, d.Vals[k])
		}
		s.Open, s.Each = d.Open, d.Each
		return s
	case "items", "iteritems":
		s := in.newSeq(n, ir.ListSeq)
		if in.asked != nil && !d.Open {
			for _, k := range d.Keys {
				s.Elems = append(s.Elems, pairOf(ir.Arg{Value: &ir.Const{V: k}}, d.Vals[k]))
			}
			return s
		}
		s.Open = true
		key := in.elementOf(d)
		if key == nil {
			key = in.unknownAfter(n, "key")
		}
		s.Each = in.pairSeq(n, key, values())
		return s
	}
	return in.unknown(n, "call of "+name, "")
}

// builtin calls a builtin function.
func (in *interp) builtin(n grammar.Node, name string, args []ir.Arg) ir.Value {
	var a ir.Value
	if len(args) > 0 && args[0].Star == 0 {
		a = args[0].Value
	}
	at := n
	switch name {
	case "list", "tuple", "set", "frozenset", "sorted", "reversed", "iter":
		kind := ir.ListSeq
		if name == "tuple" {
			kind = ir.TupleSeq
		} else if name == "set" || name == "frozenset" {
			kind = ir.SetSeq
		}
		if len(args) == 0 {
			return in.newSeq(n, kind)
		}
		in.keyed(n, a, args)
		if manyLists(a) {
			s := in.newSeq(n, kind)
			s.Open, s.Each = true, in.element(a, at)
			return s
		}
		var out ir.Value
		in.eachApart(a, func(v ir.Value) {
			switch x := v.(type) {
			case *ir.Object:
				if in.p.isContainer(x) {
					out = join(out, x)
					return
				}
			case *ir.Seq:
				s := in.newSeq(n, kind)
				s.Elems, s.Open, s.Each, s.Comp = append([]ir.Arg(nil), x.Elems...), x.Open, x.Each, x.Comp
				if (name == "sorted" || name == "reversed" || kind == ir.SetSeq) && in.asked == nil {
					s.Each, s.Elems, s.Open = in.elementOf(x), nil, true
				}
				out = join(out, s)
				return
			}
			s := in.newSeq(n, kind)
			s.Open, s.Each = true, in.element(v, at)
			out = join(out, s)
		})
		if out == nil && a != nil {
			out = in.unknown(n, "call of "+name, name)
		}
		return out
	case "next":
		if a == nil {
			return nil
		}
		v := in.element(a, at)
		if len(args) > 1 {
			v = join(v, args[1].Value)
		}
		return v
	case "max", "min":
		if len(args) > 0 && a != nil && (len(args) == 1 || args[1].Param != "") {
			in.keyed(n, a, args)
			return in.element(a, at)
		}
	case "filter", "map":
		if v := in.callback(n, name, args); v != nil {
			return v
		}
		if name == "filter" && len(args) == 2 {
			return args[1].Value
		}
		if len(args) == 2 {
			s := in.newSeq(n, ir.ListSeq)
			s.Open = true
			return s
		}
	case "enumerate":
		if a == nil {
			return nil
		}
		if s := in.listedPairs(n, name, args); s != nil {
			return s
		}
		s := in.newSeq(n, ir.ListSeq)
		s.Open = true
		s.Each = in.pairSeq(n, &ir.Unknown{Why: "index", Type: "int"}, in.element(a, at))
		return s
	case "zip":
		if s := in.listedPairs(n, name, args); s != nil {
			return s
		}
		var vs []ir.Value
		for _, a := range args {
			if a.Star != 0 {
				return in.unknown(n, "call of zip", "")
			}
			vs = append(vs, in.elementAt(a, n))
		}
		s := in.newSeq(n, ir.ListSeq)
		s.Open, s.Each = true, in.pairSeq(n, vs...)
		return s
	case "range", "xrange":
		s := in.newSeq(n, ir.ListSeq)
		s.Open, s.Each = true, &ir.Unknown{Why: "range", Type: "int"}
		return s
	case "dict":
		d := in.newDict(n)
		for _, b := range args {
			switch {
			case b.Param != "":
				dictPut(d, b.Param, b)
			default:
				if e, ok := only(b.Value).(*ir.Dict); ok {
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
					if s, ok := only(b.Value).(*ir.Seq); ok {
						v, _ := in.item(in.elementOf(s), 1, 2, false, n)
						d.Each = join(d.Each, v)
					}
				}
			}
		}
		return d
	case "getattr":
		if len(args) >= 2 {
			if s, ok := ir.String(args[1].Value); ok {
				v := in.attr(a, s, n, args[0].At)
				if len(args) > 2 && isUnknown(v) {
					return join(v, args[2].Value)
				}
				return v
			}
		}
	case "setattr":
		if len(args) == 3 {
			if s, ok := ir.String(args[1].Value); ok {
				in.setAttr(a, s, args[2], n)
			} else {
				in.eachApart(a, func(v ir.Value) {
					if o, ok := v.(*ir.Object); ok {
						in.change(o, "*", args[2], n, nil)
					}
				})
			}
			return none
		}
	case "globals", "locals", "vars":
		return in.unknown(n, "call of "+name, "dict")
	case "open":
		return in.unknown(n, "call of open", "file")
	case "type":
		if o, ok := only(a).(*ir.Object); ok && len(args) == 1 && !in.p.isContainer(o) {
			return &ir.Symbol{Name: o.Type, Presumed: o.Presumed}
		}
		if x, ok := only(a).(*ir.Instance); ok && len(args) == 1 {
			return x.Class
		}
	case "str", "int", "len", "bool", "float", "repr", "format", "abs", "round":
		return in.convert(n, name, args)
	case "input", "raw_input":
		return in.unknown(n, "input", "str")
	case "isinstance", "hasattr", "callable", "any", "all", "issubclass":
		return in.unknown(n, "call of "+name, "bool")
	case "print", "exec", "help":
		return none
	}
	if v := in.callback(n, name, args); v != nil {
		return v
	}
	return in.unknown(n, "call of "+name, "")
}

// manyLists reports whether v may be more lists than are worth a copy each.
func manyLists(v ir.Value) bool {
	lists := 0
	each(v, func(v ir.Value) {
		if _, ok := v.(*ir.Seq); ok {
			lists++
		}
	})
	return lists > maxJoin
}

// elementAt gives what iterating over an argument yields.
func (in *interp) elementAt(a ir.Arg, n grammar.Node) ir.Value {
	if a.Value == nil {
		return nil
	}
	at := n
	if a.At.Unit == in.u.ID && !a.At.IsZero() {
		at = in.u.root.Tree().Node(a.At.Node)
	}
	return in.element(a.Value, at)
}

// callLibrary calls a function of another library, among them the few of the
// standard library whose meaning matters.
func (in *interp) callLibrary(n grammar.Node, name string, args []ir.Arg) ir.Value {
	if v := in.foldLibrary(n, name, args); v != nil {
		return v
	}
	switch name {
	case "copy.copy", "copy.deepcopy":
		if len(args) == 1 {
			return in.clone(n, args[0].Value)
		}
	case "collections.OrderedDict", "collections.defaultdict":
		if name == "collections.defaultdict" && len(args) > 0 {
			args = args[1:]
		}
		return in.builtin(n, "dict", args)
	case "functools.partial":
		if len(args) > 0 && args[0].Star == 0 {
			switch x := only(args[0].Value).(type) {
			case *ir.Method:
				m := *x
				in.p.presumed.partial[&m] = args[1:]
				return &m
			case *ir.Symbol:
				s := *x
				in.p.presumed.partial[&s] = args[1:]
				return &s
			}
		}
	case "concurrent.futures.as_completed":
		if len(args) > 0 && args[0].Star == 0 {
			return args[0].Value // the same futures, in another order
		}
	case "collections.namedtuple", "typing.NamedTuple":
		if v := in.namedTuple(n, args); v != nil {
			return v
		}
	case "typing.cast":
		if len(args) == 2 {
			if v := in.instanceOf(args[0].Value, n); v != nil && isUnknown(args[1].Value) {
				return v
			}
			return args[1].Value
		}
	case "io.open", "codecs.open":
		return in.builtin(n, "open", args)
	case "itertools.chain":
		s := in.newSeq(n, ir.ListSeq)
		s.Open = true
		for _, a := range args {
			s.Each = join(s.Each, in.elementAt(a, n))
		}
		return s
	case "types.SimpleNamespace":
		d := in.unknown(n, "call of "+name, "")
		for _, a := range args {
			if a.Param != "" {
				in.store(d, a.Param, a.Value, in.u.expr(n))
			}
		}
		return d
	}
	if v := in.callback(n, last(name), args); v != nil {
		return v
	}
	return in.unknown(n, "call of "+name, "")
}

// environ gives what a variable of the environment holds: one value wherever it
// is read.
func (in *interp) environ(n grammar.Node, name ir.Value) ir.Value {
	s, ok := ir.String(name)
	if !ok {
		return in.unknown(n, "environment", "str")
	}
	v := in.derived(&ir.Symbol{Name: "os.environ"}, "['"+s+"']", n)
	if u, ok := v.(*ir.Unknown); ok {
		u.Type = "str"
	}
	return v
}

// result gives the str that a pure function of one argument gives: one value for
// one argument.
func (in *interp) result(n grammar.Node, function string, a ir.Arg) ir.Value {
	key := attrKey{a.Value, function + "()"}
	u := in.p.presumed.attrs[key]
	if u == nil {
		u = &ir.Unknown{At: in.u.expr(n), Why: "call of " + function, Type: "str", Of: a.Value, OfAt: a.At, Attr: key.name}
		in.p.presumed.attrs[key] = u
	}
	return u
}

// namedTuple makes a class whose constructor takes the named fields.
func (in *interp) namedTuple(n grammar.Node, args []ir.Arg) ir.Value {
	at := in.u.expr(n)
	c := in.p.byClass[at]
	if c == nil {
		if len(args) < 2 {
			return nil
		}
		var names []string
		if s, ok := ir.String(args[1].Value); ok {
			names = strings.Fields(strings.ReplaceAll(s, ",", " "))
		} else if s, ok := args[1].Value.(*ir.Seq); ok {
			for _, e := range s.Elems {
				v := e.Value
				if t, ok := v.(*ir.Seq); ok && len(t.Elems) > 0 {
					v = t.Elems[0].Value
				}
				name, ok := ir.String(v)
				if !ok {
					return nil
				}
				names = append(names, name)
			}
		}
		if len(names) == 0 {
			return nil
		}
		name, _ := ir.String(args[0].Value)
		c = &class{name: name, u: in.u, n: n, attrs: map[string]*slot{}, fields: true, value: &ir.Class{Name: name, Def: at}}
		c.inst = &ir.Instance{Class: c.value}
		c.scope = &Scope{Kind: ClassScope, Owner: at, m: in.m, u: in.u, n: n, vars: map[string]*variable{}}
		for _, f := range names {
			c.scope.variable(f)
		}
		in.p.classes = append(in.p.classes, c)
		in.p.byClass[at] = c
	}
	return c.value
}

// clone copies what v holds, so that changes of the copy are its own.
func (in *interp) clone(n grammar.Node, v ir.Value) ir.Value {
	switch x := only(v).(type) {
	case *ir.Object:
		o := in.newObject(objKey{n.ID(), "copy"})
		c := *x
		c.Changes = o.Changes
		c.Fields = map[string]ir.Arg{}
		for k, a := range x.Fields {
			c.Fields[k] = a
		}
		c.Order = append([]string(nil), x.Order...)
		*o = c
		return o
	case *ir.Seq:
		s := in.newSeq(n, x.Kind)
		s.Elems, s.Open, s.Each = append([]ir.Arg(nil), x.Elems...), x.Open, x.Each
		return s
	case *ir.Dict:
		return in.dictMethod(n, x, "copy", nil)
	}
	return v
}

// clearChanges forgets the changes of the round before.
func (p *Program) clearChanges() {
	for _, o := range p.objects {
		o.Changes = nil
	}
	for _, s := range p.seqs {
		s.Changes = nil
	}
	for _, d := range p.dicts {
		d.Changes = nil
	}
}
