package meaning

import (
	"strconv"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// A function's body runs once a round, but its calls run it at any time. What it
// stores in a list, dict or object that was made elsewhere is therefore kept
// besides:
//
//   - where it happens once for each that is made, for the calls of the function
//     that come after it was run (function.owed): what was made again since gets it
//     as well;
//   - else beside the container, from round to round (stores): it may be there
//     whenever the container is read.

// stores are what functions put into a container that was made outside of them,
// by what it is put under.
type stores struct {
	keys  []string
	slots map[string]*slot
	fresh map[string]bool // keys whose values are not in the container yet
}

// Keys of stores: fields of objects have their names, items of dicts and lists
// begin with one of these.
const (
	itemKey  = "="
	indexKey = "#"
	eachKey  = "*" // any item
)

// afar reports whether node n is run by another run of a function than the one
// that makes a container, or stands before the making of it.
func (in *interp) afar(of ir.Value, n grammar.Node) bool {
	born := in.bornAt(of)
	return born.IsZero() || in.functionAt(born) != in.fn || in.p.Before(in.u.expr(n), born)
}

// fromAfar keeps what is stored in a container, perhaps, from afar.
func (in *interp) fromAfar(of ir.Value, key string, v ir.Value, n grammar.Node) {
	if v == nil || !in.afar(of, n) {
		return
	}
	in.storesOf(of).put(key, in.u.expr(n), v)
}

func (in *interp) storesOf(of ir.Value) *stores {
	s := in.p.presumed.stores[of]
	if s == nil {
		s = &stores{slots: map[string]*slot{}, fresh: map[string]bool{}}
		in.p.presumed.stores[of] = s
	}
	return s
}

// put keeps what is stored under a key at a place. It reports whether that is new.
func (s *stores) put(key string, at ir.Expr, v ir.Value) bool {
	k := s.slots[key]
	if k == nil {
		k = &slot{}
		s.slots[key] = k
		s.keys = append(s.keys, key)
	}
	if sameValue(k.vals[at], v) {
		return false
	}
	k.put(at, v)
	s.fresh[key] = true
	return true
}

// owe keeps a change that certainly happens, once, to what was made outside of the
// functions that are being run: each of their calls owes it.
func (in *interp) owe(of ir.Value, again func()) {
	if in.fn == nil || again == nil {
		return
	}
	maker := in.functionAt(in.bornAt(of))
	u, m, fn := in.u, in.m, in.fn
	pay := func() {
		in.aside(u, m, &frame{scope: fn.scope, env: newEnv(len(fn.scope.order))}, fn, again)
	}
	for i := len(in.running) - 1; i >= 0 && in.running[i] != maker; i-- {
		in.running[i].owed = append(in.running[i].owed, pay)
	}
}

// pay does what a call of a function owes that was run before.
func (in *interp) pay(f *function) {
	owed := f.owed
	for _, again := range owed {
		again()
	}
	f.owed = owed
}

// functionAt gives the function in which an expression is evaluated, nil for a
// module.
func (in *interp) functionAt(e ir.Expr) *function {
	for s := in.p.Scope(e); s != nil; s = s.Parent {
		if s.Kind == FunctionScope || s.Kind == LambdaScope {
			return in.p.byDef[s.Owner]
		}
	}
	return nil
}

// remade notes that a container is made again.
func (in *interp) remade(v ir.Value) {
	in.touch(v)
	if s := in.p.presumed.stores[v]; s != nil {
		for _, k := range s.keys {
			s.fresh[k] = true
		}
	}
}

// recall puts what was stored from afar into the containers that v may be.
func (in *interp) recall(v ir.Value) {
	if len(in.p.presumed.stores) == 0 || in.asked != nil {
		return
	}
	each(v, func(v ir.Value) {
		if s := in.p.presumed.stores[v]; s != nil && len(s.fresh) > 0 {
			s.putInto(v)
			in.touch(v)
		}
	})
}

// settle puts what was stored from afar into all containers, for who asks what they
// hold after the last round.
func (p *Program) settle() {
	for v, s := range p.presumed.stores {
		s.putInto(v)
	}
}

// putInto puts into a container what is not in it yet.
func (s *stores) putInto(v ir.Value) {
	put := func(key string) {
		w := s.slots[key].get()
		switch x := v.(type) {
		case *ir.Object:
			putField(x, key, w)
		case *ir.Dict:
			putItem(x, key, w)
		case *ir.Seq:
			putElement(x, key, w)
		}
	}
	for _, key := range s.keys {
		if s.fresh[key] && key != eachKey {
			put(key)
		}
	}
	if s.slots[eachKey] != nil {
		put(eachKey) // under any key, also one that is new
	}
	clear(s.fresh)
}

// again makes a store once more.
func again[K any](store func(ir.Value, K, ir.Arg, grammar.Node), of ir.Value, key K, a ir.Arg, n grammar.Node) func() {
	return func() { store(of, key, a, n) }
}

func putField(o *ir.Object, name string, v ir.Value) {
	a, had := o.Fields[name]
	if !had {
		a = ir.Arg{Param: name, Value: none}
		o.Order = append(o.Order, name)
	}
	if o.Fields == nil {
		o.Fields = map[string]ir.Arg{}
	}
	o.Fields[name] = mayBe(a, v)
}

func putItem(d *ir.Dict, key string, v ir.Value) {
	name, item := strings.CutPrefix(key, itemKey)
	if !item {
		putAny(d, v)
		return
	}
	a, had := d.Vals[name]
	if !had {
		a.Value = none
	}
	if d.Vals == nil {
		d.Vals = map[string]ir.Arg{}
	}
	dictPut(d, name, mayBe(a, v))
}

// putAny puts a value into a dict under a key that is not known.
func putAny(d *ir.Dict, v ir.Value) {
	d.Open, d.Each = true, join(d.Each, v)
	for _, k := range d.Keys {
		d.Vals[k] = mayBe(d.Vals[k], v)
	}
}

func putElement(s *ir.Seq, key string, v ir.Value) {
	if index, ok := strings.CutPrefix(key, indexKey); ok && !s.Open {
		if i, err := strconv.Atoi(index); err == nil && i < len(s.Elems) {
			s.Elems[i] = mayBe(s.Elems[i], v)
			return
		}
	}
	s.Open, s.Each = true, join(s.Each, v)
}

// mayBe gives what holds where a is given, or v is.
func mayBe(a ir.Arg, v ir.Value) ir.Arg {
	if !ir.Same(a.Value, v) {
		a.At = ir.Expr{} // no one expression gives it
	}
	a.Value = join(a.Value, v)
	return a
}
