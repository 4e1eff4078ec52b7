package meaning

import (
	"slices"

	"pyxlate/rules/ir"
)

// A program is run in rounds. A round runs the modules and, once each, the bodies of
// the functions, with what their calls in sight give; what it finds of definitions,
// results and attributes, the next round starts from. Rounds end when one finds
// nothing else than the one before. What does not come to rest by itself is
// widened: from then on it holds all that it has held.

const (
	// restless is how often a value changes from round to round before it is widened.
	restless = 8
	// roundSteps bounds the steps of all rounds, besides roundTurns for each node. A
	// program that takes more is not settled.
	roundSteps = 1 << 20
	roundTurns = 64
)

// run runs rounds until the program's values settle, presumes what is allowed, and
// runs again.
func (in *interp) run() {
	for {
		for in.runRound(); in.p.changed(); in.runRound() {
			if in.steps > in.stepBound() {
				in.p.unsettled = true
				return
			}
		}
		if !in.presume() {
			return
		}
	}
}

func (in *interp) stepBound() int {
	n := roundSteps
	for _, u := range in.p.units {
		n += roundTurns * u.Tree.Len()
	}
	return n
}

func (in *interp) runRound() {
	in.round++
	in.p.clearChanges()
	for i := 0; i < len(in.p.files); i++ { // grows while imports are found
		in.runModule(in.p.files[i])
	}
	if in.round > 1 {
		in.runCallers()
	}
	for i := 0; i < len(in.p.funcs); i++ { // grows as well
		in.runFunction(in.p.funcs[i])
	}
}

// runCallers runs the functions that no module has called: first those that nothing
// calls, which run those that they call; what is left lies deep, and a caller often
// stands behind what it calls.
func (in *interp) runCallers() {
	for _, f := range in.p.funcs {
		if len(f.sites) == 0 {
			in.runFunction(f)
		}
	}
	for _, f := range slices.Backward(in.p.funcs) {
		in.runFunction(f)
	}
}

// Settled reports whether the analysis came to its end. If not, there may be uses
// that it has not found.
func (p *Program) Settled() bool { return !p.unsettled }

// changed reports whether any definition, result or attribute has another value
// than after the round before.
func (p *Program) changed() bool {
	changed := false
	note := func(prev *ir.Value, v ir.Value) {
		if p.rest.note(prev, v) {
			changed = true
		}
	}
	slot := func(s *slot) {
		note(&s.prev, s.get())
		if r := p.rest[&s.prev]; r != nil && r.floor != nil {
			s.put(ir.Expr{}, r.floor)
		}
	}
	for _, d := range p.defs {
		note(&d.prev, d.Value)
	}
	for _, f := range p.funcs {
		note(&f.prev[0], f.ret)
		note(&f.prev[1], f.out)
	}
	for _, c := range p.classes {
		for _, s := range c.attrs {
			slot(s)
		}
	}
	for _, s := range p.presumed.heap {
		slot(s)
	}
	for _, of := range p.presumed.stores {
		for _, key := range of.keys {
			slot(of.slots[key])
			of.fresh[key] = true
		}
	}
	return changed
}

// rest tells which values come to rest from round to round; each goes by the place
// where its value of the round before is kept.
type rest map[*ir.Value]*unrest

// unrest is what is known of a value that has changed.
type unrest struct {
	turns int        // how often
	floor ir.Value   // what it holds at least, since it is widened
	seen  []ir.Value // the things that it has held since then
}

// note keeps the value of a round; it reports whether it is another than before.
// One that is widened is another only where it holds a thing that it never held.
func (r rest) note(prev *ir.Value, v ir.Value) bool {
	if sameValue(*prev, v) {
		return false
	}
	old := *prev
	*prev = v
	if old == nil {
		return true
	}
	u := r[prev]
	if u == nil {
		u = &unrest{}
		r[prev] = u
	}
	if u.turns++; u.turns <= restless {
		return true
	}
	widened := u.floor != nil
	var all union
	all.add(u.floor)
	all.add(old)
	all.add(v)
	all.leavePlain()
	u.floor = all.value()
	changed := false
	each(u.floor, func(w ir.Value) {
		if len(u.seen) < maxSorts && !slices.ContainsFunc(u.seen, func(x ir.Value) bool { return sameValue(w, x) }) {
			u.seen = append(u.seen, w)
			changed = true
		}
	})
	return changed || !widened
}

// hold gives v with all that it has held where it is widened.
func (r rest) hold(prev *ir.Value, v ir.Value) ir.Value {
	if u := r[prev]; u != nil && u.floor != nil {
		return join(u.floor, v)
	}
	return v
}
