package meaning

import (
	"maps"
	"slices"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// Occasion is one way in which the program comes to a call. It implements
// ir.Occasion.
type Occasion struct {
	p     *Program
	call  *ir.Call
	chain []*site // the calls of the functions around it, the innermost first
	// elems are the elements of the loops around the calls that are looked at
	// one by one, or supposed.
	elems map[callKey]ir.Arg
	open  []openLoop
	asked *asked
	// possible and sure: see Possible.
	possible, sure bool
}

// openLoop is a loop over what the program does not list.
type openLoop struct {
	key callKey
	of  ir.Arg
}

const (
	maxOccasions = 128  // of one call
	maxChain     = 8    // functions that call each other
	maxListed    = 64   // elements of a sequence that are looked at one by one
	maxTurns     = 1024 // calls and elements that are tried for one call
)

// Occasions gives the ways in which the program comes to a call: one for each
// chain of calls of the functions around it and each element of the sequences
// that loops around these calls run through. A chain ends at the function that
// from stands in: there, its parameters mean what they mean at from. all is false
// where there are more than anybody looks at.
func (p *Program) Occasions(call *ir.Call, from ir.Expr) (out []*Occasion, all bool) {
	u, n := p.byID[call.At.Unit], p.Node(call.At)
	if u == nil || n.IsZero() {
		return nil, true
	}
	all = true
	turns := maxTurns
	var end *function
	if v := p.byID[from.Unit]; v != nil && !from.IsZero() {
		end = p.functionAround(place{v, p.Node(from)})
	}
	if !p.above(p.functionAround(place{u, n}))[end] {
		end = nil // no way comes by it: the same for every place
	}
	key := occasionsKey{call.At, end}
	if known, ok := p.occasions[key]; ok {
		return known.found, known.all
	}
	defer func() {
		if p.occasions == nil {
			p.occasions = map[occasionsKey]occasionsFound{}
		}
		p.occasions[key] = occasionsFound{out, all}
	}()
	var lead func(at place, chain []*site)
	lead = func(at place, chain []*site) {
		f := p.functionAround(at)
		var sites []*site
		if f != nil && f != end && len(chain) < maxChain && !slices.ContainsFunc(chain, func(s *site) bool { return s.f == f }) {
			sites = slices.DeleteFunc(p.in.live(f), func(s *site) bool { return p.functionAround(place{s.u, s.n}) == f })
		}
		if len(sites) == 0 {
			o := &Occasion{p: p, call: call, chain: chain, elems: map[callKey]ir.Arg{}}
			more, left := o.each(maxOccasions-len(out), turns)
			out, turns = append(out, more...), left
			all = all && len(out) < maxOccasions && turns > 0
			return
		}
		for _, s := range sites {
			if turns--; len(out) >= maxOccasions || turns <= 0 {
				all = false
				return
			}
			lead(place{s.u, s.n}, append(slices.Clip(chain), s))
		}
	}
	lead(place{u, n}, nil)
	return out, all
}

// above gives a function, those that call it, and those that call these.
func (p *Program) above(f *function) map[*function]bool {
	if f == nil {
		return nil
	}
	if known, ok := p.callers[f]; ok {
		return known
	}
	all := map[*function]bool{f: true}
	for next := []*function{f}; len(next) > 0; next = next[1:] {
		for _, s := range p.in.live(next[0]) {
			if g := p.functionAround(place{s.u, s.n}); g != nil && !all[g] {
				all[g] = true
				next = append(next, g)
			}
		}
	}
	if p.callers == nil {
		p.callers = map[*function]map[*function]bool{}
	}
	p.callers[f] = all
	return all
}

// occasionsKey names a question for occasions, occasionsFound is its answer.
type (
	occasionsKey struct {
		call ir.Expr
		end  *function
	}
	occasionsFound struct {
		found []*Occasion
		all   bool
	}
)

// place is a node of a unit.
type place struct {
	u *unit
	n grammar.Node
}

// functionAround gives the function of the program that a place is in.
func (p *Program) functionAround(at place) *function {
	for n := at.n; !n.IsZero(); n = n.Parent() {
		if n.ID() != at.n.ID() && n.Is(grammar.KindFunctionDefinition, grammar.KindLambda) {
			return p.byDef[at.u.expr(n)]
		}
	}
	return nil
}

// Call implements ir.Occasion.
func (o *Occasion) Call() *ir.Call { return o.call }

// At implements ir.Occasion.
func (o *Occasion) At() ir.Expr {
	if n := len(o.chain); n > 0 {
		return o.chain[n-1].expr()
	}
	return o.call.At
}

// Arg implements ir.Occasion.
func (o *Occasion) Arg(name string) (ir.Arg, bool) {
	a, ok := o.call.Bound[name]
	if !ok {
		return a, false
	}
	return o.asked.arg(a), true
}

// Recv implements ir.Occasion.
func (o *Occasion) Recv() ir.Arg {
	if o.call.Recv.Value == nil {
		return ir.Arg{}
	}
	return o.asked.arg(o.call.Recv)
}

// Of implements ir.Occasion.
func (o *Occasion) Of(a ir.Arg) ir.Arg { return o.asked.arg(a) }

// Possible implements ir.Occasion.
func (o *Occasion) Possible() (possible, sure bool) { return o.possible, o.sure }

// Loops implements ir.Occasion.
func (o *Occasion) Loops() []ir.Arg {
	var out []ir.Arg
	for _, l := range o.open {
		out = append(out, l.of)
	}
	return out
}

// Supposing implements ir.Occasion.
func (o *Occasion) Supposing(loop int, element ir.Value) []ir.Occasion {
	c := *o
	c.elems = maps.Clone(o.elems)
	c.elems[o.open[loop].key] = ir.Arg{Value: element}
	var out []ir.Occasion
	found, _ := c.each(maxOccasions, maxTurns)
	for _, x := range found {
		out = append(out, x)
	}
	return out
}

// each gives the occasions of one chain of calls, and how many turns are left.
func (o *Occasion) each(limit, turns int) (out []*Occasion, left int) {
	o.open, o.asked, o.possible, o.sure = nil, newAsked(o.p), true, true
	var enter func(o *Occasion, level int)
	var turn func(o *Occasion, level int, loops []grammar.Node)
	enter = func(o *Occasion, level int) {
		turn(o, level, o.p.loopsAround(o.place(level)))
	}
	turn = func(o *Occasion, level int, loops []grammar.Node) {
		at := o.place(level)
		if len(loops) == 0 {
			if turns--; turns <= 0 {
				return
			}
			possible, sure := o.asked.reached(at)
			o.possible, o.sure = o.possible && possible, o.sure && sure
			switch {
			case !o.possible || len(out) >= limit:
			case level == 0:
				out = append(out, o)
			default:
				for _, s := range o.asked.sitesOf(o.chain[level-1]) {
					c := *o
					c.asked = o.asked.copy()
					c.asked.enterFunction(s)
					enter(&c, level-1)
				}
			}
			return
		}
		key := callKey{at.u, loops[0].ID()}
		right := loops[0].Child(grammar.FieldRight)
		of := o.asked.arg(ir.Arg{At: at.u.expr(right)})
		next := func(element ir.Arg, elems map[callKey]ir.Arg, open []openLoop) {
			c := *o
			c.elems, c.open, c.asked = elems, open, o.asked.copy()
			c.asked.bindTarget(at.u, loops[0].Child(grammar.FieldLeft), element)
			turn(&c, level, loops[1:])
		}
		if given, ok := o.elems[key]; ok {
			next(given, o.elems, o.open)
			return
		}
		listed, ok := o.asked.listed(at.u, right, of.Value)
		if !ok {
			next(ir.Arg{Value: o.asked.element(at.u, of.Value, right)}, o.elems, append(slices.Clip(o.open), openLoop{key, of}))
			return
		}
		for _, element := range listed {
			elems := maps.Clone(o.elems)
			elems[key] = element
			next(element, elems, o.open)
		}
	}
	enter(o, len(o.chain))
	return out, turns
}

// place gives what is come to at a level: the call at level 0, above it the
// calls that lead there.
func (o *Occasion) place(level int) place {
	if level == 0 {
		return place{o.p.byID[o.call.At.Unit], o.p.Node(o.call.At)}
	}
	s := o.chain[level-1]
	return place{s.u, s.n}
}

// loopsAround gives the for statements and the clauses of comprehensions whose
// body a place is in, within its function, the outermost first.
func (p *Program) loopsAround(at place) (out []grammar.Node) {
	for n := at.n; ; n = n.Parent() {
		up := n.Parent()
		switch {
		case up.IsZero(), up.Is(grammar.KindFunctionDefinition, grammar.KindLambda):
			slices.Reverse(out)
			return out
		case up.Is(grammar.KindForStatement) && up.Child(grammar.FieldBody).ID() == n.ID():
			out = append(out, up)
		case up.Is(grammar.KindListComprehension, grammar.KindSetComprehension, grammar.KindDictionaryComprehension, grammar.KindGeneratorExpression):
			var clauses []grammar.Node
			for c := range up.Children() {
				if c.Is(grammar.KindForInClause) && (c.ID() < n.ID() || !n.Is(grammar.KindForInClause, grammar.KindIfClause)) && c.ID() != n.ID() {
					clauses = append(clauses, c)
				}
			}
			slices.Reverse(clauses)
			out = append(out, clauses...)
		}
	}
}

// elementsListed gives the elements of a sequence that is known in full.
func elementsListed(v ir.Value) (out []ir.Arg, ok bool) {
	switch x := v.(type) {
	case *ir.Seq:
		if x.Open || len(x.Elems) > maxListed || slices.ContainsFunc(x.Elems, func(a ir.Arg) bool { return a.Star != 0 }) {
			return nil, false
		}
		return x.Elems, true
	case *ir.Dict:
		if x.Open || len(x.Keys) > maxListed {
			return nil, false
		}
		for _, k := range x.Keys {
			out = append(out, ir.Arg{Value: &ir.Const{V: k}})
		}
		return out, true
	}
	return nil, false
}
