package meaning

import (
	"slices"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// attempt gathers what the body of a try statement binds, since its handlers may
// start anywhere in between.
type attempt struct {
	frame *frame
	idx   []int
	bound []*binding
}

// raised gives the environment in which an exception may leave what was attempted
// from an environment on.
func (a *attempt) raised(from env) env {
	for i, b := range a.bound {
		from = from.set(a.idx[i], joinBinding(from.get(a.idx[i]), b))
	}
	return from
}

// guard gathers the environments in which a break or continue leaves a try
// statement that has a finally clause.
type guard struct {
	loops         int // around the statement
	breaks, conts []env
}

// leave goes on to the end of the innermost loop, or to its next turn, by way of
// the finally clauses on the way there.
func (in *interp) leave(end bool, e env) {
	if len(in.loops) == 0 {
		return
	}
	l := in.loops[len(in.loops)-1]
	breaks, conts := &l.breaks, &l.conts
	if k := len(in.guards) - 1; k >= 0 && in.guards[k].loops == len(in.loops) {
		breaks, conts = &in.guards[k].breaks, &in.guards[k].conts
	}
	if end {
		*breaks = append(*breaks, e)
	} else {
		*conts = append(*conts, e)
	}
}

func (in *interp) tryStmt(n grammar.Node) {
	var final grammar.Node
	for c := range n.Children() {
		if c.Is(grammar.KindFinallyClause) {
			final = c
		}
	}
	if final.IsZero() {
		in.tryBody(n)
		return
	}
	dead, entry := in.dead, in.f.env
	a, g := &attempt{frame: in.f}, &guard{loops: len(in.loops)}
	in.tries, in.guards = append(in.tries, a), append(in.guards, g)
	in.tryBody(n)
	in.tries, in.guards = in.tries[:len(in.tries)-1], in.guards[:len(in.guards)-1]
	in.finally(final, g, joinEnv(a.raised(entry), in.f.env), dead)
}

// tryBody runs a try statement but for its finally clause.
func (in *interp) tryBody(n grammar.Node) {
	dead, entry := in.dead, in.f.env
	a := &attempt{frame: in.f}
	in.tries = append(in.tries, a)
	in.block(n.Child(grammar.FieldBody))
	in.tries = in.tries[:len(in.tries)-1]
	raised := a.raised(entry)
	bodyEnd, bodyDead := in.f.env, in.dead
	var ends []*env
	for c := range n.Children() {
		switch c.Kind() {
		case grammar.KindExceptClause, grammar.KindExceptGroupClause:
			in.f.env, in.dead = raised, dead
			in.handler(c)
			ends = append(ends, in.end())
		case grammar.KindElseClause:
			in.f.env, in.dead = bodyEnd, bodyDead
			in.block(c.Child(grammar.FieldBody))
			bodyEnd, bodyDead = in.f.env, in.dead
		}
	}
	if !bodyDead {
		ends = append(ends, &bodyEnd)
	}
	in.f.env = bodyEnd
	in.meet(ends...)
	in.dead = in.dead || dead
}

// handler runs an except clause.
func (in *interp) handler(n grammar.Node) {
	var class ir.Value
	for d := range n.Children() {
		switch {
		case d.Is(grammar.KindBlock):
			in.block(d)
		case d.Is(grammar.KindComment, grammar.KindLineContinuation) || d.HasError():
		case d.Is(grammar.KindAsPattern):
			in.asPattern(d, func(_ grammar.Node, v ir.Value) ir.Value { return in.caught(d, v) })
		case d.Field() == grammar.FieldAlias || d.Is(grammar.KindAsPatternTarget):
			in.assign(d, in.caught(d, class), ir.Expr{})
		default:
			class = in.eval(d)
		}
	}
}

// The ways out of a try statement for which its finally clause is run.
const (
	wayOn int32 = iota + 1
	wayBreak
	wayContinue
	ways // how many there are, and none
)

// finally runs a finally clause: for each way out of its statement by itself, for
// what holds after it; then for all of them and exceptions together, for what its
// nodes are. A clause inside one that is run for one way out does not tell its own
// ways apart: runs of clauses within clauses do not multiply.
func (in *interp) finally(n grammar.Node, g *guard, all env, dead bool) {
	run := func(ends ...env) (after env, gone bool) {
		from := ends[0]
		for _, e := range ends[1:] {
			from = joinEnv(from, e)
		}
		in.f.env, in.dead = from, dead
		for c := range n.Children() {
			if c.Is(grammar.KindBlock) {
				in.block(c)
			}
		}
		return in.f.env, in.dead
	}
	leave := func(e env, breaks, conts bool) {
		if breaks {
			in.leave(true, e)
		}
		if conts {
			in.leave(false, e)
		}
	}
	var on []env
	if e := in.end(); e != nil {
		on = append(on, *e)
	}
	breaks, conts := len(g.breaks) > 0, len(g.conts) > 0
	if in.way != 0 {
		ends := slices.Concat(on, g.breaks, g.conts)
		if len(ends) == 0 {
			ends = append(ends, all)
		}
		after, gone := run(ends...)
		if !gone {
			leave(after, breaks, conts)
		}
		in.f.env, in.dead = after, gone || len(on) == 0
		return
	}
	apart := func(way int32, ends []env) (after env, gone bool) {
		in.way = n.ID()*ways + way
		after, gone = run(ends...)
		in.way = 0
		return after, gone
	}
	var after env
	gone := true
	if len(on) > 0 {
		after, gone = apart(wayOn, on)
	}
	if breaks {
		if e, gone := apart(wayBreak, g.breaks); !gone {
			leave(e, true, false)
		}
	}
	if conts {
		if e, gone := apart(wayContinue, g.conts); !gone {
			leave(e, false, true)
		}
	}
	if e, _ := run(all); len(on) == 0 {
		after = e
	}
	in.f.env, in.dead = after, gone || dead
}
