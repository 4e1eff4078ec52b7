package rewrite

import (
	"iter"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

// importPlan says which imports come and go.
type importPlan struct {
	added   map[ir.UnitID][]newImport
	removed map[nodeKey]bool // import statements that go whole
	shorter map[nodeKey][]meaning.ImportAlias
	kept    map[nodeKey]string // old-SDK imports that code left by hand needs: the first name
}

// newImport is one import to add: `import Module`, or `from Module import Name`.
type newImport struct {
	module, name, as string
	// need is the offset of the first statement that needs it when its module
	// runs, -1 if only functions do.
	need int
}

func (i newImport) local() string {
	if i.as != "" {
		return i.as
	}
	if i.name != "" {
		return i.name
	}
	return i.module
}

// use gives the text by which a target symbol is named at a place, and plans
// its import there.
func (p *importPlan) use(e *engine, place ir.Expr, path string) string {
	if p.added == nil {
		p.added = map[ir.UnitID][]newImport{}
	}
	module, name, rest := e.splitTarget(path)
	want := newImport{module: module, name: name}
	if have, ok := e.imported(place, module, name); ok {
		return have + rest
	}
	unit := e.importUnit(place)
	for u := range e.unitsBefore(unit) {
		for _, have := range p.added[u] {
			if have.module == module && have.name == name {
				p.needed(e, place, u, module, name)
				return have.local() + rest
			}
		}
	}
	// An import that a later cell was given moves up to the first that needs it.
	if e.taken(place, want) {
		root, _, _ := strings.Cut(module, ".")
		want.as = want.local() + "_" + root
		if name == "" {
			want.as = strings.ReplaceAll(module, ".", "_") + "_"
		}
	}
	want.need = -1
	p.added[unit] = append(p.added[unit], want)
	p.needed(e, place, unit, module, name)
	return want.local() + rest
}

// needed notes a place in a unit at which an import is needed as its module
// runs.
func (p *importPlan) needed(e *engine, place ir.Expr, unit ir.UnitID, module, name string) {
	if place.Unit != unit || e.functionScope(e.p.Scope(place)).Parent != nil {
		return
	}
	for i := range p.added[unit] {
		im := &p.added[unit][i]
		if im.module == module && im.name == name && (im.need < 0 || place.Start < im.need) {
			im.need = place.Start
		}
	}
}

// splitTarget splits a qualified name into the module to import from, the name
// to import, and the attributes that follow. Modules of the standard library
// are imported whole.
func (e *engine) splitTarget(path string) (module, name, rest string) {
	root, _, _ := strings.Cut(path, ".")
	if stdModules[root] {
		for m := path; ; {
			if stdPackage[m] || !strings.Contains(m, ".") {
				return m, "", path[len(m):]
			}
			m = m[:strings.LastIndexByte(m, '.')]
		}
	}
	segs := strings.Split(path, ".")
	for i := 1; i < len(segs); i++ {
		head := strings.Join(segs[:i+1], ".")
		sym, ok := e.tables.Symbol(head)
		if ok && sym.Kind.String() != "module" {
			tail := ""
			if i+1 < len(segs) {
				tail = "." + strings.Join(segs[i+1:], ".")
			}
			return strings.Join(segs[:i], "."), segs[i], tail
		}
	}
	i := strings.LastIndexByte(path, '.')
	return path[:i], path[i+1:], ""
}

// stdPackage lists the submodules of the standard library that must be named in
// full to be imported.
var stdPackage = map[string]bool{"os": true, "urllib.request": true, "urllib.parse": true}

// imported finds an import of the user's own that already gives the symbol at a
// place.
func (e *engine) imported(place ir.Expr, module, name string) (string, bool) {
	want := module
	if name != "" {
		want = module + "." + name
	}
	canonical := want
	if sym, ok := e.tables.Symbol(want); ok {
		canonical = sym.Name
	}
	for _, im := range e.p.Imports() {
		if im.Local == "" || e.fileOf[im.Stmt.Unit] != e.fileOf[place.Unit] {
			continue
		}
		if im.Qualified != want && im.Qualified != canonical {
			continue
		}
		if im.Local != want && strings.Contains(want, ".") && name == "" && im.Local != module {
			continue
		}
		if !e.p.Before(im.Stmt, place) && im.Stmt.Unit == place.Unit || im.Stmt.Unit > place.Unit {
			continue
		}
		b, ok := e.p.Binding(place, strings.SplitN(im.Local, ".", 2)[0])
		if !ok || len(b.Defs) != 1 || b.Defs[0].Kind != meaning.Import || !e.imports.keep(e, im, place) {
			continue
		}
		return im.Local, true
	}
	return "", false
}

// keep makes sure that an import of the user's stays for the new text at a
// place, though nothing of the old text reads it any more. It cannot when the
// text of the import is already written.
func (p *importPlan) keep(e *engine, im meaning.ImportAlias, place ir.Expr) bool {
	k := keyOf(im.Stmt)
	stay, shorter := p.shorter[k]
	switch {
	case !p.removed[k] && (!shorter || slices.ContainsFunc(stay, func(s meaning.ImportAlias) bool { return s.Name == im.Name })):
		return true
	case im.Stmt.Unit != place.Unit || e.sharesLine(im.Stmt):
		return false
	}
	stay = append(slices.Clone(stay), im)
	slices.SortFunc(stay, func(a, b meaning.ImportAlias) int { return a.Name.Start - b.Name.Start })
	delete(p.removed, k)
	delete(p.shorter, k)
	for _, other := range e.p.Imports() {
		if keyOf(other.Stmt) == k && !slices.ContainsFunc(stay, func(s meaning.ImportAlias) bool { return s.Name == other.Name }) {
			p.shorter[k] = stay
		}
	}
	return true
}

// sharesLine reports whether another statement follows one on its line.
func (e *engine) sharesLine(stmt ir.Expr) bool {
	next := e.node(stmt).NextSibling()
	return !next.IsZero() && !next.Is(grammar.KindComment) && !strings.Contains(e.source(ir.Span{Unit: stmt.Unit, Start: stmt.End, End: next.Start()}), "\n")
}

// taken reports whether the name that an import would bind already means
// something else in the module of a place.
func (e *engine) taken(place ir.Expr, want newImport) bool {
	name, _, _ := strings.Cut(want.local(), ".")
	for s := e.p.Scope(place); s != nil; s = s.Parent {
		if s.Binds(name) {
			// Bound by imports that go, or by those of the same package.
			for _, im := range e.p.Imports() {
				if im.Local == name && (e.imports.removed[keyOf(im.Stmt)] || want.name == "" && strings.HasPrefix(im.Qualified+".", name+".")) {
					return false
				}
			}
			return true
		}
	}
	return false
}

// importUnit is the unit in which an import for a place is put: the script, or
// the cell itself.
func (e *engine) importUnit(place ir.Expr) ir.UnitID { return place.Unit }

// unitsBefore lists a unit and those of its file that run before it.
func (e *engine) unitsBefore(unit ir.UnitID) iter.Seq[ir.UnitID] {
	return func(yield func(ir.UnitID) bool) {
		for _, u := range e.units {
			if e.fileOf[u.ID] == e.fileOf[unit] && u.ID <= unit && !yield(u.ID) {
				return
			}
		}
	}
}

// planImports decides which of the old imports go: those that something read
// before and nothing reads any more, and those of the old SDK that nothing
// reads.
func (e *engine) planImports() {
	p := &e.imports
	p.removed, p.shorter, p.kept = map[nodeKey]bool{}, map[nodeKey][]meaning.ImportAlias{}, map[nodeKey]string{}
	if p.added == nil {
		p.added = map[ir.UnitID][]newImport{}
	}
	e.dropPathAppends()
	byStmt := map[nodeKey][]meaning.ImportAlias{}
	var order []nodeKey
	for _, im := range e.p.Imports() {
		if _, mine := e.fileOf[im.Stmt.Unit]; !mine {
			continue
		}
		k := keyOf(im.Stmt)
		if byStmt[k] == nil {
			order = append(order, k)
		}
		byStmt[k] = append(byStmt[k], im)
	}
	for _, k := range order {
		var stay []meaning.ImportAlias
		for _, im := range byStmt[k] {
			if !e.importGoes(im) {
				stay = append(stay, im)
			}
		}
		switch {
		case len(stay) == 0:
			p.removed[k] = true
		case len(stay) < len(byStmt[k]):
			p.shorter[k] = stay
		}
		for _, im := range stay {
			if !im.Project && hasPrefix(im.Qualified, e.migration.Primary) && p.kept[k] == "" {
				p.kept[k] = im.Qualified
			}
		}
	}
}

// importGoes decides about one imported name.
func (e *engine) importGoes(im meaning.ImportAlias) bool {
	if code, _, ok := e.existingMark(im.Stmt.Unit, im.Stmt.Start); ok && !e.migration.HasRole(code, "needed") {
		return false // left to a person by an earlier run
	}
	old := !im.Project && (hasPrefix(im.Qualified, e.migration.Primary) || hasPrefix(im.Qualified, e.migration.Auxiliary))
	mine := old && e.usesFile(im.Stmt)
	if im.Local == "" {
		return mine && e.starGoes(im)
	}
	if e.readInDoubt(im.Stmt, strings.SplitN(im.Local, ".", 2)[0]) {
		return false
	}
	readers, live := 0, false
	for d := range e.defs.in(im.Stmt) {
		if d.Kind != meaning.Import || d.Name != strings.SplitN(im.Local, ".", 2)[0] {
			continue
		}
		if e.p.Escapes(d) && !mine {
			return false
		}
		if e.alive.reads[d.ID] {
			live = true
		}
		for _, r := range e.p.Readers(d) {
			readers++
			live = live || e.isAlive(r) && !e.importedInVain(im, r)
		}
	}
	if mine {
		return !live && !e.handsOn(im)
	}
	return readers > 0 && !live
}

// handsOn reports whether a module of a sample imports a name for others, and code
// that stays reads what it names through that module, or something else of a module
// of the sample that is imported by it.
func (e *engine) handsOn(im meaning.ImportAlias) bool {
	file := e.fileOf[im.Stmt.Unit]
	sample := e.files[file].Module
	if !hasPrefix(sample, e.migration.Primary) {
		return false
	}
	named := []string{im.Qualified, sample + "." + im.Local}
	if i := strings.LastIndexByte(im.Qualified, '.'); i > len(sample) && hasPrefix(im.Qualified[:i], []string{sample}) {
		named = append(named, im.Qualified[:i])
	}
	return slices.ContainsFunc(e.uses, func(u *ir.Use) bool {
		if u.Kind == ir.ImportUse || u.Kind == ir.EnvUse || u.Kind == ir.LineUse || e.fileOf[u.At.Unit] == file || !e.isAlive(u.At) {
			return false
		}
		return hasPrefix(u.Symbol, named) && e.readThrough(u.At, sample)
	})
}

// readThrough reports whether an expression begins with a name that is imported
// from a module, or stands for that module or one around it.
func (e *engine) readThrough(x ir.Expr, module string) bool {
	n := e.node(x)
	for {
		inner := n.Child(grammar.FieldObject)
		if n.Is(grammar.KindCall) {
			inner = n.Child(grammar.FieldFunction)
		}
		if inner.IsZero() {
			break
		}
		n = inner
	}
	for _, d := range e.p.Defs(e.expr(x.Unit, n)) {
		if d.Kind != meaning.Import && d.Kind != meaning.Star {
			continue
		}
		for _, im := range e.p.Imports() {
			if im.Stmt == d.Stmt && (hasPrefix(module, []string{im.Qualified}) || hasPrefix(im.Qualified, []string{module})) {
				return true
			}
		}
	}
	return false
}

// importedInVain reports whether a reader of an imported name is an import in
// another module, which goes itself.
func (e *engine) importedInVain(im meaning.ImportAlias, reader ir.Expr) bool {
	for _, other := range e.p.Imports() {
		if keyOf(other.Stmt) != keyOf(im.Stmt) && other.Name.Contains(reader.Span) {
			return e.fileOf[other.Stmt.Unit] != e.fileOf[im.Stmt.Unit] && !e.importing[keyOf(other.Name)] && e.goesToo(other)
		}
	}
	return false
}

// goesToo decides about an import on behalf of another one.
func (e *engine) goesToo(im meaning.ImportAlias) bool {
	if e.importing == nil {
		e.importing = map[nodeKey]bool{}
	}
	e.importing[keyOf(im.Name)] = true // modules may import each other
	defer delete(e.importing, keyOf(im.Name))
	return e.importGoes(im)
}

// usesFile reports whether the statement's file has uses that are looked at.
func (e *engine) usesFile(stmt ir.Expr) bool {
	f := e.fileOf[stmt.Unit]
	return slices.ContainsFunc(e.uses, func(u *ir.Use) bool { return e.fileOf[u.At.Unit] == f })
}

// starGoes reports whether nothing that a star import brought in is read.
func (e *engine) starGoes(im meaning.ImportAlias) bool {
	for d := range e.defs.in(im.Stmt) {
		if d.Kind != meaning.Star {
			continue
		}
		if e.alive.reads[d.ID] || slices.ContainsFunc(e.p.Readers(d), e.isAlive) {
			return false
		}
	}
	return true
}

// dropPathAppends removes lines that extend sys.path for the sake of a sample
// module whose import goes: those whose next import is of that module, and
// which no import of another local module follows.
func (e *engine) dropPathAppends() {
	imports := e.p.Imports()
	for _, u := range e.units {
		if u.Tree == nil {
			continue
		}
		for st := range grammar.Statements(u.Tree.Root()) {
			call := st
			if st.Is(grammar.KindExpressionStatement) {
				call = st.FirstChild()
			}
			if !call.Is(grammar.KindCall) {
				continue
			}
			if !e.extendsPath(u, call.Child(grammar.FieldFunction)) || len(e.effects(e.expr(u.ID, call.Child(grammar.FieldArguments)))) > 0 {
				continue
			}
			stmt := e.expr(u.ID, st)
			next, others := "", false
			for _, im := range imports {
				if e.fileOf[im.Stmt.Unit] != e.fileOf[u.ID] || !e.p.Before(stmt, im.Stmt) {
					continue
				}
				if next == "" {
					next = im.Qualified
					if !e.importGoes(im) {
						others = true
					}
				} else if im.Project && !hasPrefix(im.Qualified, e.migration.PathAppends) {
					others = true
				}
			}
			if next == "" || others || !hasPrefix(next, e.migration.PathAppends) {
				continue
			}
			p := e.stmtPlan(stmt)
			p.drop = true
			e.alive.regions[u.ID] = append(e.alive.regions[u.ID], region{Span: stmt.Span})
			e.alive.nest()
		}
	}
}

// extendsPath reports whether a function is sys.path.append or insert: by its
// value, or by its text in an excerpt that leaves the import of sys out.
func (e *engine) extendsPath(u *meaning.Source, fn grammar.Node) bool {
	extends := func(name string) bool { return name == "sys.path.append" || name == "sys.path.insert" }
	if s, ok := e.p.Value(e.expr(u.ID, fn)).(*ir.Symbol); ok {
		return extends(s.Name)
	}
	return extends(fn.Text()) && !(e.p.NameInUse(e.p.Scope(e.expr(u.ID, fn)), "sys") && e.defs.anywhere("sys"))
}
