package rules

import (
	"path"
	"slices"
)

// order finds rules that are never tried (Load says in which order they are),
// because one that fits every use stands above them. It may stand before rules
// of another kind: one for the target before those for every target, an
// extension's before the pack's.
func (v *validation) order() {
	if v.brief && len(v.checked) == 0 {
		return // what a run loads as a test has validated it
	}
	for symbol, rs := range v.migration.symbols() {
		for i, r := range rs {
			above := slices.IndexFunc(rs[:i], func(a *Rule) bool { return len(a.Where) == 0 && a.Failed == "" && v.alike(a, r) })
			if above >= 0 {
				v.errorf(r, "from", "rule %s is never tried for %s: rule %s at %s:%d stands above it and fits every use; put this one above it with a where, or give that one a where",
					r.ID, symbol, rs[above].ID, rs[above].File, rs[above].Line)
			}
		}
	}
}

// alike reports whether two rules are for the same targets, and both the pack's
// or of one extension.
func (v *validation) alike(a, b *Rule) bool {
	of, own := v.checked[a], v.checked[b]
	return a.Target == b.Target && (of == nil && own == nil || of != nil && own != nil && path.Dir(a.File) == path.Dir(b.File))
}
