package rewrite

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

// definitions finds the definitions of a program by where and what they are.
// Its numbers are their IDs.
type definitions struct {
	p       *meaning.Program
	pending func(*ir.Object) bool            // a poller or future
	stmt    []int32                          // by the statement they stand in
	unit    map[ir.UnitID][]int32            //
	stars   map[scopedName]int               // how many a star import gives a name in a scope
	objects map[*ir.Object][]int32           // by an object that they may be
	holders map[*rules.Resource]*holderNames // by kind of resource
	made    map[madeKey][]int32              // that certainly are an object of a type, in a scope
	names   map[holderKey]*meaning.Names     // of holders, by kind and key
}

type madeKey struct {
	scope *meaning.Scope
	typ   string
}

func newDefinitions(p *meaning.Program, pending func(*ir.Object) bool) definitions {
	d := definitions{
		p: p, pending: pending, unit: map[ir.UnitID][]int32{}, stars: map[scopedName]int{}, objects: map[*ir.Object][]int32{},
		holders: map[*rules.Resource]*holderNames{}, made: map[madeKey][]int32{}, names: map[holderKey]*meaning.Names{},
	}
	for def := range p.AllDefs() {
		i := int32(def.ID)
		d.stmt = append(d.stmt, i)
		d.unit[def.At.Unit] = append(d.unit[def.At.Unit], i)
		if def.Kind == meaning.Star {
			d.stars[scopedName{def.Scope, def.Name}]++
		}
		seen := []*ir.Object{}
		eachObject(def.Value, func(o *ir.Object) {
			if !slices.Contains(seen, o) {
				seen = append(seen, o)
				d.objects[o] = append(d.objects[o], i)
			}
		})
		if o, ok := single(def.Value).(*ir.Object); ok {
			k := madeKey{def.Scope, o.Type}
			d.made[k] = append(d.made[k], i)
		}
	}
	slices.SortStableFunc(d.stmt, func(i, j int32) int { return compareKeys(keyOf(p.DefByID(int(i)).Stmt), keyOf(p.DefByID(int(j)).Stmt)) })
	return d
}

func compareKeys(a, b nodeKey) int {
	return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.node, b.node))
}

// eachObject calls f for the objects that a value may be.
func eachObject(v ir.Value, f func(*ir.Object)) {
	switch x := v.(type) {
	case *ir.Object:
		f(x)
	case *ir.Join:
		for _, y := range x.Of {
			eachObject(y, f)
		}
	}
}

func (d *definitions) some(ids []int32) iter.Seq[meaning.Def] {
	return func(yield func(meaning.Def) bool) {
		for _, id := range ids {
			if !yield(d.p.DefByID(int(id))) {
				return
			}
		}
	}
}

// count gives the number of definitions of a name in a scope.
func (d *definitions) count(scope *meaning.Scope, name string) int {
	return scope.Definitions(name) + d.stars[scopedName{scope, name}]
}

// anywhere reports whether a name has a definition in the program.
func (d *definitions) anywhere(name string) bool {
	for def := range d.p.AllDefs() {
		if def.Name == name {
			return true
		}
	}
	return false
}

// in gives the definitions that a statement makes, in order.
func (d *definitions) in(stmt ir.Expr) iter.Seq[meaning.Def] {
	compare := func(id int32, k nodeKey) int { return compareKeys(keyOf(d.p.DefByID(int(id)).Stmt), k) }
	k := keyOf(stmt)
	first, _ := slices.BinarySearchFunc(d.stmt, k, compare)
	n := 0
	for n < len(d.stmt)-first && compare(d.stmt[first+n], k) == 0 {
		n++
	}
	return d.some(d.stmt[first : first+n])
}

// of gives the definitions in a unit, in order.
func (d *definitions) of(unit ir.UnitID) iter.Seq[meaning.Def] { return d.some(d.unit[unit]) }

// maybe gives the definitions that may be an object, in order.
func (d *definitions) maybe(o *ir.Object) iter.Seq[meaning.Def] { return d.some(d.objects[o]) }

// objectsOf gives the definitions in a scope that certainly are an object of
// one of the types, in order.
func (d *definitions) objectsOf(scope *meaning.Scope, types []string) iter.Seq[meaning.Def] {
	var all []int32
	for _, t := range types {
		all = append(all, d.made[madeKey{scope, t}]...)
	}
	slices.Sort(all)
	return d.some(slices.Compact(all))
}

// holderNames are the names to which objects of a resource's kind are bound
// anywhere, by the text of the first part of their keys; keyless are those of
// which that part is not given.
type holderNames struct {
	all, keyless map[string]bool
	known        map[string]map[string]bool
}

// holderKey is a kind of resource, and the first part of a key where that is known.
type holderKey struct {
	of    *rules.Resource
	key   string
	known bool
}

// holderNames gives the names that can hold a resource with these arguments:
// few of a program's.
func (d *definitions) holderNames(spec *rules.Resource, args map[string]ir.Arg) *meaning.Names {
	h := d.holders[spec]
	if h == nil {
		h = &holderNames{all: map[string]bool{}, keyless: map[string]bool{}, known: map[string]map[string]bool{}}
		d.holders[spec] = h
		for def := range d.p.AllDefs() {
			eachObject(def.Value, func(o *ir.Object) { h.add(d, spec, def.Name, o) })
		}
	}
	set, id := h.all, holderKey{of: spec}
	if v, ok := firstKey(spec, args); ok {
		if text, ok := ir.String(v); ok {
			id.key, id.known = text, true
			set = h.keyless
			if known := h.known[text]; len(set) == 0 {
				set = known
			} else if len(known) > 0 {
				set = maps.Clone(set)
				maps.Copy(set, known)
			}
		}
	}
	if d.names[id] == nil {
		d.names[id] = meaning.NewNames(set)
	}
	return d.names[id]
}

// add notes a name of an object, or of what a poller or future of it gives.
func (h *holderNames) add(d *definitions, spec *rules.Resource, name string, o *ir.Object) {
	if d.pending(o) {
		eachObject(o.Elem, func(x *ir.Object) { h.add(d, spec, name, x) })
		return
	}
	if o.Made == nil || !slices.Contains(spec.Holds, o.Type) {
		return
	}
	h.all[name] = true
	v, ok := firstKey(spec, o.Made.Bound)
	if !ok {
		h.keyless[name] = true
	} else if text, ok := ir.String(v); ok {
		if h.known[text] == nil {
			h.known[text] = map[string]bool{}
		}
		h.known[text][name] = true
	}
}

// firstKey is the first part of a resource's key.
func firstKey(spec *rules.Resource, args map[string]ir.Arg) (ir.Value, bool) {
	if len(spec.Key) == 0 {
		return nil, false
	}
	a, ok := args[spec.Key[0]]
	return named(spec, spec.Key[0], a.Value), ok
}
