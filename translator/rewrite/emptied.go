package rewrite

import (
	"cmp"
	"maps"
	"slices"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

// This file takes away what is left of a part of a record that was built on a
// condition, when the record itself has become something else:
//
//	login = None
//	if user:
//	    login = Credentials(user)

// namesOfParts gives the variables that hold a part of a record somewhere.
func (e *engine) namesOfParts() map[scopedName]bool {
	if e.partNames == nil {
		e.partNames = map[scopedName]bool{}
		for d := range e.p.AllDefs() {
			if d.Kind == meaning.Assign && e.isPart(d.Value) {
				e.partNames[scopedName{d.Scope, d.Name}] = true
			}
		}
	}
	return e.partNames
}

// unset reports whether a variable of parts is set to None.
func unset(right grammar.Node, parts map[scopedName]bool, name scopedName) bool {
	return right.Is(grammar.KindNone) && parts[name]
}

// foldEmptied removes the if statements that had something to do and have nothing
// left: all statements of all their branches are gone. One whose conditions may
// have an effect stays.
func (e *engine) foldEmptied() {
	gone := map[nodeKey]bool{}
	var todo []ir.Expr
	for _, f := range e.folds {
		if f.gone {
			gone[keyOf(f.stmt)] = true
			todo = append(todo, f.stmt)
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(e.plans), func(a, b nodeKey) int {
		return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.node, b.node))
	}) {
		if p := e.plans[k]; p.drop && len(p.before)+len(p.replace)+len(p.after)+len(p.marks) == 0 {
			gone[k] = true
			todo = append(todo, p.stmt)
		}
	}
	known := len(e.folds)
	for len(todo) > 0 { // what is removed here may empty another
		x := todo[0]
		todo = todo[1:]
		n := e.node(x).Parent().Parent()
		for n.Is(grammar.KindElifClause, grammar.KindElseClause) {
			n = n.Parent()
		}
		if !n.Is(grammar.KindIfStatement) {
			continue
		}
		stmt := e.expr(x.Unit, n)
		if gone[keyOf(stmt)] || !e.emptied(stmt, gone) {
			continue
		}
		if p := e.plans[keyOf(stmt)]; p != nil && len(p.before)+len(p.after)+len(p.marks) > 0 {
			continue
		}
		gone[keyOf(stmt)] = true
		e.folds = append(e.folds, &fold{stmt: stmt, gone: true})
		todo = append(todo, stmt)
	}
	if len(e.folds) > known {
		e.alive.compute(e)
	}
}

// emptied reports whether all that a branch of an if statement does is gone, and
// its conditions do nothing.
func (e *engine) emptied(part ir.Expr, gone map[nodeKey]bool) bool {
	for c := range e.node(part).Children() {
		x := e.expr(part.Unit, c)
		switch {
		case c.Is(grammar.KindBlock):
			for st := range c.Children() {
				if !st.Is(grammar.KindComment, grammar.KindLineContinuation, grammar.KindPassStatement) && !gone[keyOf(e.expr(part.Unit, st))] {
					return false
				}
			}
		case c.Is(grammar.KindElifClause, grammar.KindElseClause):
			if !e.emptied(x, gone) {
				return false
			}
		case c.Is(grammar.KindComment, grammar.KindLineContinuation):
		case !e.p.Pure(x):
			return false
		}
	}
	return true
}
