package rewrite

import (
	"slices"
	"sort"

	"pyxlate/rules/ir"
)

// replacements are the expressions with a new text, found by their node and by
// where they lie: a program of many uses asks for both at every one of them.
type replacements struct {
	by    map[nodeKey]*replacement
	index map[ir.UnitID][]*replacement // sorted, outer ones first; nil: to be made
}

func (rs *replacements) get(k nodeKey) *replacement { return rs.by[k] }

func (rs *replacements) set(k nodeKey, r *replacement) {
	if rs.by == nil {
		rs.by = map[nodeKey]*replacement{}
	}
	rs.by[k] = r
	rs.index = nil
}

func (rs *replacements) delete(k nodeKey) {
	if _, ok := rs.by[k]; ok {
		delete(rs.by, k)
		rs.index = nil
	}
}

// in gives those of a unit, sorted by place, outer ones before inner ones.
func (rs *replacements) in(unit ir.UnitID) []*replacement {
	if rs.index == nil {
		rs.index = map[ir.UnitID][]*replacement{}
		for _, r := range rs.by {
			rs.index[r.at.Unit] = append(rs.index[r.at.Unit], r)
		}
		for _, all := range rs.index {
			slices.SortFunc(all, func(a, b *replacement) int { return compareSpans(a.at.Span, b.at.Span) })
		}
	}
	return rs.index[unit]
}

// within gives those that a span contains, sorted likewise.
func (rs *replacements) within(s ir.Span) []*replacement {
	all := rs.in(s.Unit)
	first := sort.Search(len(all), func(i int) bool { return all[i].at.Start >= s.Start })
	var out []*replacement
	for _, r := range all[first:] {
		if r.at.Start > s.End {
			break
		}
		if s.Contains(r.at.Span) {
			out = append(out, r)
		}
	}
	return out
}

// nested reports whether a replacement lies inside another.
func (e *engine) nestedRepl(r *replacement) bool {
	for n := e.node(r.at).Parent(); !n.IsZero(); n = n.Parent() {
		if o := e.repl.get(nodeKey{r.at.Unit, n.ID()}); o != nil && o != r {
			return true
		}
	}
	for _, o := range e.repl.within(r.at.Span) {
		if o != r && o.at.Span == r.at.Span {
			return true
		}
	}
	return false
}

// replAt gives the replacement of exactly these bytes.
func (e *engine) replAt(unit ir.UnitID, start, end int) *replacement {
	s := ir.Span{Unit: unit, Start: start, End: end}
	for _, r := range e.repl.within(s) {
		if r.at.Span == s {
			return r
		}
	}
	return nil
}

// renamed is an identifier with a new name.
type renamed struct {
	ir.Span
	name string
}

// renamedIn gives the identifiers with a new name within a span, in order.
// Names are only added: as many of them are the same ones.
func (e *engine) renamedIn(s ir.Span) []renamed {
	if e.renamedAt == nil || e.renamedCount != len(e.renames) {
		e.renamedAt, e.renamedCount = map[ir.UnitID][]renamed{}, len(e.renames)
		for k, name := range e.renames {
			n := e.p.Node(ir.Expr{Span: ir.Span{Unit: k.unit}, Node: k.node})
			e.renamedAt[k.unit] = append(e.renamedAt[k.unit], renamed{ir.Span{Unit: k.unit, Start: n.Start(), End: n.End()}, name})
		}
		for _, all := range e.renamedAt {
			slices.SortFunc(all, func(a, b renamed) int { return compareSpans(a.Span, b.Span) })
		}
	}
	all := e.renamedAt[s.Unit]
	first := sort.Search(len(all), func(i int) bool { return all[i].Start >= s.Start })
	last := first + sort.Search(len(all)-first, func(i int) bool { return all[first+i].Start >= s.End })
	for last > first && all[last-1].End > s.End {
		last--
	}
	return all[first:last]
}
