package meaning

import (
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// reached reports whether a place in its function can be come to with what is
// bound: no condition around it, and none before it that leaves, says otherwise.
// sure: all of these conditions are known.
func (a *asked) reached(at place) (possible, sure bool) {
	return a.branch(at, place{at.u, at.u.root})
}

// branch is reached, as far as it is decided inside of the blocks that another
// place is not in.
func (a *asked) branch(at, from place) (possible, sure bool) {
	possible, sure = true, true
	must := func(cond grammar.Node, want bool) {
		t, known := a.truth(at.u, cond)
		possible, sure = possible && (!known || t == want), sure && known
	}
	shared := func(n grammar.Node) bool {
		return from.u == at.u && n.ID() <= from.n.ID() && from.n.ID() <= n.Last() && !from.n.Parent().IsZero()
	}
	for n := at.n; possible; n = n.Parent() {
		up := n.Parent()
		if up.IsZero() || n.Is(grammar.KindFunctionDefinition, grammar.KindLambda) || shared(n) {
			return possible, sure
		}
		switch up.Kind() {
		case grammar.KindIfStatement:
			switch n.Field() {
			case grammar.FieldConsequence:
				must(up.Child(grammar.FieldCondition), true)
			case grammar.FieldAlternative:
				must(up.Child(grammar.FieldCondition), false)
				for c := range up.ChildrenOf(grammar.FieldAlternative) {
					if c.ID() == n.ID() {
						break
					}
					must(c.Child(grammar.FieldCondition), false)
				}
			}
		case grammar.KindElifClause:
			if n.Field() == grammar.FieldConsequence {
				must(up.Child(grammar.FieldCondition), true)
			}
		case grammar.KindConditionalExpression:
			first := up.FirstChild()
			switch cond := first.NextSibling(); n.ID() {
			case first.ID():
				must(cond, true)
			case up.LastChild().ID():
				must(cond, false)
			}
		case grammar.KindBooleanOperator:
			if n.Field() == grammar.FieldRight {
				must(up.Child(grammar.FieldLeft), up.Operator() == "and")
			}
		case grammar.KindListComprehension, grammar.KindSetComprehension, grammar.KindDictionaryComprehension, grammar.KindGeneratorExpression:
			for c := range up.Children() {
				if c.Is(grammar.KindIfClause) && !n.Is(grammar.KindIfClause, grammar.KindForInClause) {
					must(c.FirstChild(), true)
				}
			}
		case grammar.KindExceptClause:
			sure = false
		case grammar.KindBlock, grammar.KindModule:
			for c := range up.Children() {
				if c.ID() >= n.ID() {
					break
				}
				if leavesOnCondition(c) {
					must(c.Child(grammar.FieldCondition), false)
				}
			}
		}
	}
	return possible, sure
}

// leavesOnCondition reports whether a statement is an if that does nothing but
// leave the block when its condition holds.
func leavesOnCondition(n grammar.Node) bool {
	if !n.Is(grammar.KindIfStatement) || !n.Child(grammar.FieldAlternative).IsZero() {
		return false
	}
	last := n.Child(grammar.FieldConsequence).LastChild()
	return last.Is(grammar.KindReturnStatement, grammar.KindContinueStatement, grammar.KindBreakStatement, grammar.KindRaiseStatement)
}

// truth tells whether a condition holds with what is bound. A module is taken to
// be run as a program.
func (a *asked) truth(u *unit, cond grammar.Node) (holds, known bool) {
	if cond.IsZero() {
		return false, false
	}
	if text := cond.Text(); strings.Contains(text, "__name__") && strings.Contains(text, "__main__") && strings.Contains(text, "==") {
		return true, true
	}
	v := a.value(u, cond)
	if _, several := v.(*ir.Join); several {
		return false, false
	}
	return truthOf(v)
}
