package rewrite

import (
	"slices"

	"pyxlate/rules/ir"
)

// spelling is a part of a string literal that has a new text, or had two: then
// it keeps the old one.
type spelling struct {
	ir.Spelling
	apps     []*application
	disputed bool
}

// respell records the new texts of an answer in literals that stay.
func (e *engine) respell(a *application, all []ir.Spelling) {
	for _, s := range all {
		old, ok := e.spelled[s.Part]
		switch {
		case !ok:
			old = &spelling{Spelling: s}
			e.spelled[s.Part] = old
		case old.Text != s.Text:
			old.disputed = true
		}
		old.apps = append(old.apps, a)
	}
	a.undo = append(a.undo, func() { e.unspell(a) })
}

// unspell withdraws the new texts of an answer.
func (e *engine) unspell(a *application) {
	for part, s := range e.spelled {
		if s.apps = slices.DeleteFunc(s.apps, func(b *application) bool { return b == a }); len(s.apps) == 0 {
			delete(e.spelled, part)
		}
	}
}

// settleSpellings drops the new texts of literals for which not all of them
// hold, and of statements that are left to a person. The others answer for the
// names in their literals.
func (e *engine) settleSpellings() {
	bad := map[ir.Expr]bool{}
	for _, s := range e.spelled {
		if s.disputed || !e.isAlive(s.Literal) || e.markedStatement(e.p.Stmt(s.Literal)) {
			bad[s.Literal] = true
		}
	}
	for part, s := range e.spelled {
		if bad[s.Literal] {
			delete(e.spelled, part)
			continue
		}
		e.cover[keyOf(s.Literal)] = &coverage{at: s.Literal, app: s.apps[0]}
	}
}

// isSpelled reports whether a part of a literal has a new text.
func (e *engine) isSpelled(at ir.Span) bool {
	for part := range e.spelled {
		if part.Contains(at) {
			return true
		}
	}
	return false
}
