package meaning

import (
	"slices"
	"strconv"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// A loop is run until what holds at its head is stable: what one turn leaves, the
// next one finds, until one more turn would change nothing. A loop within a loop
// starts from what it has come to in the turn before of the one around it: each is
// run again as often as something new comes to it, and the turns of loops within
// each other do not multiply.

// loop gathers the environments that leave a loop's body early.
type loop struct{ breaks, conts []env }

// headKey names a loop; one in a finally clause is another for each way out that
// the clause is run for.
type headKey struct{ node, way int32 }

// head is what is known of a loop while it, or one around it, is being run.
type head struct {
	env     env  // in which the loop tests
	back    env  // in which its body comes back to it
	comes   bool // back, that is
	settled bool
	// contents are what the lists, dicts and objects that the body makes or changes
	// hold at its end.
	contents map[ir.Value]content
	order    []ir.Value // in which they were found
	steps    int        // taken so far
	bound    []bound
}

// A loop may take loopSteps steps, and loopTurns for each of its nodes, before it
// is widened.
const (
	loopSteps = 1 << 14
	loopTurns = 32
)

// body runs a loop's body until the environment at the loop's head is stable. It
// gives that environment, in which the loop tests for the last time.
func (in *interp) body(n grammar.Node, head func()) (after env, l *loop) {
	return in.repeat(n, func() {
		head()
		in.block(n.Child(grammar.FieldBody))
	})
}

// repeat runs the turns of loop n.
func (in *interp) repeat(n grammar.Node, turn func()) (after env, l *loop) {
	dead, entry := in.dead, in.f.env
	outermost := in.heads == nil
	if outermost {
		in.heads = map[headKey]*head{}
	}
	key := headKey{n.ID(), in.way}
	h := in.heads[key]
	if h == nil {
		h = &head{bound: in.boundIn(n), contents: map[ir.Value]content{}}
		in.heads[key] = h
	}
	run := func(from env) {
		l = &loop{}
		in.loops = append(in.loops, l)
		in.f.env, in.dead = from, dead
		turn()
		in.loops = in.loops[:len(in.loops)-1]
		in.comeBack(h, l)
	}
	if in.last && h.settled {
		after = h.narrowed(entry)
		run(after)
	} else {
		last := in.last
		in.last = false
		after = in.settleLoop(n, h, entry, run)
		in.last = last
	}
	if outermost {
		if in.loose {
			// What was supposed on the way to the stable state need not all hold in it.
			in.last = true
			after = h.narrowed(entry)
			run(after)
		}
		in.heads, in.last, in.loose, in.made = nil, false, false, nil
	}
	in.f.env, in.dead = after, dead
	return after, l
}

// settleLoop runs a loop until it is stable.
func (in *interp) settleLoop(n grammar.Node, h *head, entry env, run func(env)) env {
	state := entry
	if h.settled {
		state = h.from(entry)
	}
	bound := loopSteps + loopTurns*int(n.Last()-n.ID())
	for {
		made, steps := len(in.made), in.steps
		run(state)
		changed := in.contentsChanged(h, made)
		h.steps += in.steps - steps
		next := state
		if h.comes {
			next = joinEnv(state, h.back)
		}
		if h.steps > bound {
			next, changed = in.havoc(next, h)
		}
		if next.root == state.root && !changed {
			break
		}
		state = next
	}
	h.env, h.settled = state, true
	if narrow := h.narrowed(entry); joinEnv(narrow, state).root != narrow.root {
		in.loose = true
	}
	return state
}

// from gives the environment at the head of a loop that is come to again: entered,
// or as it was before. What the loop does not bind is as it is entered.
func (h *head) from(entry env) env {
	for _, b := range h.bound {
		i := b.v.idx
		old := entry.get(i)
		if both := joinBinding(old, h.env.get(i)); both != old {
			entry = entry.set(i, both)
		}
	}
	return entry
}

// comeBack notes the environment in which a turn comes back to its loop.
func (in *interp) comeBack(h *head, l *loop) {
	h.comes = false
	if !in.dead {
		h.back, h.comes = in.f.env, true
	}
	for _, e := range l.conts {
		if h.comes {
			e = joinEnv(h.back, e)
		}
		h.back, h.comes = e, true
	}
}

// narrowed gives the environment at the head of a loop that is stable.
func (h *head) narrowed(entry env) env {
	if h.comes {
		return joinEnv(entry, h.back)
	}
	return entry
}

// bound is a variable with its definitions in a loop.
type bound struct {
	v    *variable
	defs []*Def
}

// boundIn gives the variables of the scope being run that are bound inside n.
func (in *interp) boundIn(n grammar.Node) (out []bound) {
	at := map[*variable]int{}
	for id := n.ID(); id <= n.Last(); id++ {
		d := in.u.defAt.get(id)
		if d == nil || d.Scope != in.f.scope {
			continue
		}
		i, ok := at[d.v]
		if !ok {
			i = len(out)
			at[d.v] = i
			out = append(out, bound{v: d.v})
		}
		out[i].defs = append(out[i].defs, d)
	}
	return out
}

// havoc has each variable that the loop binds, and whatever it makes or changes,
// hold what any of them may hold: what hands things on between them without end does
// not matter then. No object is lost, nothing else is known. changed reports whether
// what is made or changed holds more than before.
func (in *interp) havoc(e env, h *head) (out env, changed bool) {
	var all union
	for _, b := range h.bound {
		if old := e.get(b.v.idx); old != nil {
			all.add(old.val)
		}
		for _, d := range b.defs {
			all.add(d.Value)
		}
	}
	for _, v := range h.order {
		all.add(h.contents[v].each)
		for _, a := range h.contents[v].args {
			all.add(a.Value)
		}
	}
	all.leavePlain()
	v := all.value()
	for _, b := range h.bound {
		old := e.get(b.v.idx)
		if both := joinBinding(old, &binding{defs: b.defs, val: v, maybe: true}); both != old {
			e = e.set(b.v.idx, both)
		}
	}
	for _, of := range h.order {
		changed = in.widen(of, v) || changed
	}
	return e, changed
}

// content is what a list, dict or object holds.
type content struct {
	open bool
	each ir.Value
	keys []string
	args []ir.Arg
	// turns counts those after which it was another one; seen are the things that it
	// has held since there were too many of them, by where.
	turns int
	seen  map[string][]ir.Value
}

func contentOf(v ir.Value) (c content) {
	switch x := v.(type) {
	case *ir.Seq:
		c.open, c.each, c.args = x.Open, x.Each, slices.Clone(x.Elems)
	case *ir.Dict:
		c.open, c.each, c.keys = x.Open, x.Each, slices.Clone(x.Keys)
		for _, k := range x.Keys {
			c.args = append(c.args, x.Vals[k])
		}
	case *ir.Object:
		c.each, c.keys = x.Elem, slices.Clone(x.Order)
		for _, k := range x.Order {
			c.args = append(c.args, x.Fields[k])
		}
	}
	return c
}

// same reports whether two contents say the same.
func (c content) same(d content) bool {
	return c.open == d.open && sameValue(c.each, d.each) && slices.Equal(c.keys, d.keys) &&
		slices.EqualFunc(c.args, d.args, func(a, b ir.Arg) bool {
			return a.At == b.At && a.Star == b.Star && a.Param == b.Param && sameValue(a.Value, b.Value)
		})
}

// news reports whether a content holds a thing where it has never held it.
func (c *content) news() bool {
	if c.seen == nil {
		c.seen = map[string][]ir.Value{}
	}
	found := false
	look := func(where string, v ir.Value) {
		each(v, func(v ir.Value) {
			if all := c.seen[where]; !isPlain(v) && len(all) < maxSorts && !slices.ContainsFunc(all, func(w ir.Value) bool { return sameValue(v, w) }) {
				c.seen[where], found = append(all, v), true
			}
		})
	}
	look("", c.each)
	for i, a := range c.args {
		if i < len(c.keys) {
			look(itemKey+c.keys[i], a.Value)
		} else {
			look(indexKey+strconv.Itoa(i), a.Value)
		}
	}
	return found
}

// widen has a list, dict or object hold a value besides wherever it holds some. It
// reports whether that is new.
func (in *interp) widen(of, v ir.Value) bool {
	s := in.storesOf(of)
	put := false
	at := func(key string) { put = s.put(key, ir.Expr{}, v) || put }
	switch x := of.(type) {
	case *ir.Seq:
		at(eachKey)
	case *ir.Dict:
		at(eachKey)
		for _, k := range x.Keys {
			at(itemKey + k)
		}
	case *ir.Object:
		for _, k := range x.Order {
			at(k)
		}
	}
	return put
}

// contentsChanged reports whether what was made or changed in a turn, from place
// made on, holds something else than after the turn before.
func (in *interp) contentsChanged(h *head, made int) bool {
	changed := false
	looked := map[ir.Value]bool{}
	each := in.made[made:]
	in.made = in.made[:made]
	for _, v := range each {
		if looked[v] {
			continue
		}
		looked[v] = true
		in.made = append(in.made, v)
		c, old := contentOf(v), h.contents[v]
		if old.turns == 0 {
			h.order = append(h.order, v)
		} else if c.same(old) {
			continue
		}
		c.turns, c.seen = old.turns+1, old.seen
		changed = c.turns < 2*restless || c.news() || changed
		if c.turns == restless {
			in.widen(v, many)
		}
		h.contents[v] = c
	}
	return changed
}

// touch notes that v, a list, dict or object, is made or changed here.
func (in *interp) touch(v ir.Value) {
	if len(in.loops) > 0 {
		in.made = append(in.made, v)
	}
}
