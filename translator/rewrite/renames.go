package rewrite

import (
	"regexp"
	"slices"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

// nameGroup is a variable of the program that holds a carried resource, with all
// of its definitions.
type nameGroup struct {
	scope *meaning.Scope
	name  string
	want  string // the name that its pack wants, "" for the one that it has
	defs  []meaning.Def
	other bool     // some are not a carrying object
	own   *carrier // whose resource the program itself puts into another variable
}

// planRenames gives the variables of carried resources the names that the packs
// want, where that name is free and every text in sight can follow.
func (e *engine) planRenames() {
	var groups []*nameGroup
	for _, spec := range e.migration.Carried() {
		if spec.Variable != "" {
			groups = append(groups, e.carrierNames(spec)...)
		}
	}
	e.renameCarriers(groups)
}

// carrierNames lists the variables that carry a resource.
func (e *engine) carrierNames(spec *rules.Resource) []*nameGroup {
	users := map[nodeKey]*carrier{} // by what their construction is bound to
	for _, k := range e.carriers {
		if k.spec == spec && !k.user.IsZero() && k.made != nil {
			if left := e.shapeOf(k.use).left; !left.IsZero() {
				users[keyOf(left)] = k
			}
		}
	}
	carries := func(d meaning.Def) bool {
		o, ok := alike(d.Value).(*ir.Object)
		return ok && slices.Contains(spec.Carriers, o.Type) && e.node(d.At).Is(grammar.KindIdentifier) && d.Kind != meaning.Import && d.Kind != meaning.Star
	}
	want := spec.Variable
	if spec.KeepsName {
		want = ""
	}
	found := map[scopedName]*nameGroup{}
	for d := range e.p.AllDefs() {
		if _, mine := e.fileOf[d.At.Unit]; mine && (users[keyOf(d.At)] != nil || carries(d)) {
			found[scopedName{d.Scope, d.Name}] = &nameGroup{scope: d.Scope, name: d.Name, want: want}
		}
	}
	var groups []*nameGroup
	for d := range e.p.AllDefs() {
		g := found[scopedName{d.Scope, d.Name}]
		if _, mine := e.fileOf[d.At.Unit]; !mine || g == nil {
			continue
		}
		if len(g.defs) == 0 {
			groups = append(groups, g)
		}
		g.defs = append(g.defs, d)
		g.other = g.other || !carries(d)
		if k := users[keyOf(d.At)]; k != nil {
			g.own = k
		}
	}
	return groups
}

// renameCarriers gives the variables their names.
func (e *engine) renameCarriers(groups []*nameGroup) {
	// Two of them that one place reads keep their own names.
	within := func(sc, outer *meaning.Scope) bool {
		for ; sc != nil; sc = sc.Parent {
			if sc == outer {
				return true
			}
		}
		return false
	}
	both := func(g, h *nameGroup) bool {
		if g == h || g.own != nil || h.own != nil || g.want != h.want {
			return false
		}
		if g.scope == h.scope {
			return true
		}
		return within(g.scope, h.scope) && slices.ContainsFunc(h.defs, func(d meaning.Def) bool {
			return slices.ContainsFunc(e.p.Readers(d), func(r ir.Expr) bool { return within(e.p.Scope(r), g.scope) })
		})
	}
	for _, g := range groups {
		want, own := g.want, g.own
		if own != nil {
			want = e.source(own.user.Span)
		}
		if want == "" {
			continue
		}
		keep := func() {
			if own != nil { // both names: client = workspace
				p := e.stmtPlan(own.at)
				p.after = append(p.after, &assign{target: &local{name: g.name}, value: &local{name: want}})
			}
		}
		if g.other || g.name == want || slices.ContainsFunc(groups, func(h *nameGroup) bool { return both(g, h) }) || g.name == "_" || own == nil && (e.p.NameInUse(g.scope, want) || e.names[g.scope][want]) ||
			own != nil && !e.onlyDefinition(g.scope, want) {
			keep()
			continue
		}
		var nodes []ir.Expr
		ok := true
		for _, d := range g.defs {
			ok = ok && !e.p.Escapes(d)
			if d.Kind == meaning.Param && !e.positionalOnly(d) {
				ok = false
			}
			if d.Kind == meaning.Assign && e.functionScope(e.p.Scope(d.At)) != e.functionScope(d.Scope) {
				ok = false // a global statement names it
			}
			nodes = append(nodes, d.At)
			for _, r := range e.p.Readers(d) {
				if !e.node(r).Is(grammar.KindIdentifier) || e.source(r.Span) != g.name {
					ok = false // read through an import of another module
				}
				nodes = append(nodes, r)
			}
		}
		for _, n := range nodes {
			if stmt := e.p.Stmt(n); (e.markedStatement(stmt) || e.recordStays(stmt) && !e.replaced(n)) && e.isAlive(n) {
				ok = false // code left by hand names it
			}
		}
		if !ok || e.namedOutsidePython(g.defs[0].At, g.name) {
			keep()
			continue
		}
		for _, n := range nodes {
			e.renames[keyOf(n)] = want
		}
		e.rename(g.scope, g.name, want)
	}
}

// recordStays reports whether a statement builds something that only feeds others
// and that nothing has consumed: it is left to a person.
func (e *engine) recordStays(stmt ir.Expr) bool {
	for u := range e.usesIn(e.headSpan(stmt)) {
		if u.Kind == ir.ImportUse || !e.isAlive(u.At) || !hasPrefix(u.Symbol, e.migration.Primary) {
			continue
		}
		if c := e.covering(u.At); c != nil && c.app.rule != nil && c.app.rule.Fold && !c.app.manual {
			return true
		}
	}
	return false
}

// replaced reports whether an expression lies in one that has a new text.
func (e *engine) replaced(x ir.Expr) bool {
	for n := e.node(x); !n.IsZero(); n = n.Parent() {
		if e.repl.get(nodeKey{x.Unit, n.ID()}) != nil {
			return true
		}
	}
	return false
}

// onlyDefinition reports whether a name has one definition in a scope.
func (e *engine) onlyDefinition(sc *meaning.Scope, name string) bool {
	return e.defs.count(sc, name) == 1
}

// namedOutsidePython reports whether a name occurs as a word where it cannot be
// renamed: in a unit of the file that does not parse, or on a line that is no
// Python.
func (e *engine) namedOutsidePython(at ir.Expr, name string) bool {
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`)
	for _, u := range e.units {
		if e.fileOf[u.ID] != e.fileOf[at.Unit] {
			continue
		}
		if (u.Tree == nil || len(u.Tree.Errors()) > 0) && word.Match(u.Raw) {
			return true
		}
		if e.files[e.fileOf[u.ID]].Markdown {
			continue // a shell of a page knows nothing of its programs
		}
		for _, m := range u.Masked {
			if word.Match(u.Raw[m.Start:m.End]) {
				return true
			}
		}
	}
	return false
}

// positionalOnly reports whether no call in sight names the parameter.
func (e *engine) positionalOnly(d meaning.Def) bool {
	fn := e.node(d.At)
	for !fn.IsZero() && !fn.Is(grammar.KindFunctionDefinition, grammar.KindLambda) {
		fn = fn.Parent()
	}
	if fn.IsZero() {
		return false
	}
	sites := e.p.Callers(e.expr(d.At.Unit, fn))
	if len(sites) == 0 {
		return false // called from elsewhere, perhaps by that name
	}
	for _, site := range sites {
		args := e.node(site.Call).Child(grammar.FieldArguments)
		for a := range args.Children() {
			if a.Is(grammar.KindKeywordArgument) && a.Child(grammar.FieldName).Text() == d.Name || a.Is(grammar.KindDictionarySplat) {
				return false
			}
		}
	}
	return true
}

// rename records the new name of a variable in a scope.
func (e *engine) rename(sc *meaning.Scope, old, name string) {
	if e.newNames == nil {
		e.newNames = map[scopedName]string{}
	}
	e.newNames[scopedName{sc, old}] = name
}

type scopedName struct {
	scope *meaning.Scope
	name  string
}

// currentName is what a variable visible at a place is called now.
func (e *engine) currentName(name string, at ir.Expr) string {
	for s := e.p.Scope(at); s != nil; s = s.Parent {
		if n, ok := e.newNames[scopedName{s, name}]; ok {
			return n
		}
		if s.Binds(name) {
			break
		}
	}
	return name
}
