package meaning

import (
	"slices"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// maxLiterals bounds the definitions that Literals looks through.
const maxLiterals = 2000

// Literals lists the string literals of which the value of an expression may be
// made, in the order of their places: those in the expression itself and in what
// assignments, loops, changes of lists, calls in sight and returns give its
// names.
func (p *Program) Literals(e ir.Expr) []ir.Expr {
	f := &literals{p: p, seen: map[ir.Expr]bool{}}
	if u := p.byID[e.Unit]; u != nil && int(e.Node) < u.Tree.Len() {
		f.node(u, u.Tree.Node(e.Node))
	}
	slices.SortFunc(f.found, func(a, b ir.Expr) int {
		if a.Unit != b.Unit {
			return p.unitOrder(a.Unit) - p.unitOrder(b.Unit)
		}
		return a.Start - b.Start
	})
	return f.found
}

type literals struct {
	p     *Program
	seen  map[ir.Expr]bool
	found []ir.Expr
}

// node looks through an expression.
func (f *literals) node(u *unit, n grammar.Node) {
	if n.IsZero() || n.Is(grammar.KindLambda) {
		return
	}
	x := u.expr(n)
	if f.seen[x] || len(f.seen) > maxLiterals {
		return
	}
	f.seen[x] = true
	switch {
	case n.Is(grammar.KindString):
		f.found = append(f.found, x)
	case n.Is(grammar.KindIdentifier):
		f.changes(f.p.Value(x))
		if b := u.reach.get(n.ID()); b != nil {
			for _, d := range b.defs {
				f.definition(d)
			}
		}
		return
	case n.Is(grammar.KindKeywordArgument):
		f.node(u, n.Child(grammar.FieldValue))
		return
	case n.Is(grammar.KindAttribute):
		f.node(u, n.Child(grammar.FieldObject))
		return
	}
	if n.Is(grammar.KindCall) {
		f.returns(f.p.Value(u.expr(n.Child(grammar.FieldFunction))))
	}
	for c := range n.Children() {
		f.node(u, c)
	}
}

// returns looks through what a function of the program returns.
func (f *literals) returns(v ir.Value) {
	fn, ok := v.(*ir.Function)
	if !ok || f.seen[fn.Def] {
		return
	}
	f.seen[fn.Def] = true
	u := f.p.byID[fn.Def.Unit]
	def := u.Tree.Node(fn.Def.Node)
	for id := def.ID(); id <= def.Last(); id++ {
		if n := u.Tree.Node(id); n.Is(grammar.KindReturnStatement) {
			for c := range n.Children() {
				f.node(u, c)
			}
		}
	}
}

// changes looks through what is put into a list or dict after it was made.
func (f *literals) changes(v ir.Value) {
	var made []ir.Change
	switch v := v.(type) {
	case *ir.Seq:
		made = v.Changes
	case *ir.Dict:
		made = v.Changes
	}
	for _, ch := range made {
		f.expr(ch.Arg.At)
	}
}

func (f *literals) expr(x ir.Expr) {
	if u := f.p.byID[x.Unit]; u != nil && !x.IsZero() && int(x.Node) < u.Tree.Len() {
		f.node(u, u.Tree.Node(x.Node))
	}
}

// definition looks through what a name is given. What is added to a name is
// added to all that it may hold.
func (f *literals) definition(d *Def) {
	if f.seen[d.At] || len(f.seen) > maxLiterals {
		return
	}
	f.seen[d.At] = true
	n := d.u.Tree.Node(d.At.Node)
	switch d.Kind {
	case Assign, Walrus, Augmented, For, Comprehension:
		for !n.IsZero() && !n.Is(grammar.KindAssignment, grammar.KindAugmentedAssignment, grammar.KindNamedExpression,
			grammar.KindForStatement, grammar.KindForInClause) {
			n = n.Parent()
		}
		if n.Is(grammar.KindNamedExpression) {
			f.node(d.u, n.Child(grammar.FieldValue))
		} else if !n.IsZero() {
			f.node(d.u, n.Child(grammar.FieldRight))
		}
		if b := d.u.reach.get(d.At.Node); b != nil {
			for _, before := range b.defs { // of an augmented assignment
				f.definition(before)
			}
		}
	case Param:
		for !n.IsZero() && !n.Is(grammar.KindFunctionDefinition, grammar.KindLambda) {
			n = n.Parent()
		}
		if n.IsZero() {
			return
		}
		for _, site := range f.p.Callers(d.u.expr(n)) {
			f.expr(site.Args[d.Name].At)
		}
	}
}
