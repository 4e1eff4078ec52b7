package rewrite

import (
	"pyxlate/grammar"
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

// foldEmptied removes the if statements all of whose statements are gone.
func (e *engine) foldEmptied() {
	gone := map[nodeKey]bool{}
	for _, f := range e.folds {
		if f.gone {
			gone[keyOf(f.stmt)] = true
		}
	}
	known := len(e.folds)
	for i := 0; i < len(e.folds); i++ { // what is removed here may empty another
		f := e.folds[i]
		block := e.node(f.stmt).Parent()
		n := block.Parent()
		if !f.gone || !block.Is(grammar.KindBlock) || !n.Is(grammar.KindIfStatement) || !n.Child(grammar.FieldAlternative).IsZero() {
			continue
		}
		stmt := e.expr(f.stmt.Unit, n)
		if p := e.plans[keyOf(stmt)]; gone[keyOf(stmt)] || p != nil && len(p.before)+len(p.after)+len(p.marks) > 0 ||
			!e.p.Pure(e.expr(f.stmt.Unit, n.Child(grammar.FieldCondition))) {
			continue
		}
		emptied := true
		for st := range block.Children() {
			emptied = emptied && gone[keyOf(e.expr(f.stmt.Unit, st))]
		}
		if emptied {
			gone[keyOf(stmt)] = true
			e.folds = append(e.folds, &fold{stmt: stmt, gone: true})
		}
	}
	if len(e.folds) > known {
		e.alive.compute(e)
	}
}
