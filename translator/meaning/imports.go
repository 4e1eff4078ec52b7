package meaning

import (
	"path"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// findSamples decides which sample modules the program uses: those that it
// holds with their marks, and those that it lacks and uses like the sample.
func (p *Program) findSamples() {
	for _, name := range sortedKeys(p.cfg.Samples) {
		marks := p.cfg.Samples[name].Marks
		found, marked := false, false
		for _, m := range p.files {
			if top, _, _ := strings.Cut(m.Module, "."); top != name && last(m.Module) != name &&
				!strings.Contains("."+m.Module+".", "."+name+".") && path.Base(m.dir) != name {
				continue
			}
			if path.Base(m.Path) != name+".py" && !strings.Contains("/"+m.Path, "/"+name+"/") {
				continue
			}
			found = true
			for _, mark := range marks {
				if v := m.scope.vars[mark]; v != nil && len(v.defs) > 0 {
					marked = true
				}
			}
		}
		if !found && p.resolve != nil {
			for _, m := range append([]*module(nil), p.files...) {
				if !p.mentions(m, name) {
					continue
				}
				if f, ok := p.resolve(name, m.Path); ok && f != nil {
					found = true
					if p.marked(f, m, name, marks) {
						marked = true
					}
					break
				}
			}
		}
		if !found {
			for _, m := range p.files {
				if p.usedLike(m, name) {
					marked = true
					break
				}
			}
		}
		p.samples[name] = marked
	}
}

// marked reports whether a module found on disk, or a module below it, defines
// one of the marks.
func (p *Program) marked(f *File, from *module, name string, marks []string) bool {
	has := func(f *File) bool {
		for _, u := range f.Units {
			if u.Tree == nil {
				continue
			}
			for c := range grammar.Statements(u.Tree.Root()) {
				if c.Is(grammar.KindDecoratedDefinition) {
					c = c.Child(grammar.FieldDefinition)
				}
				if !c.Is(grammar.KindFunctionDefinition, grammar.KindClassDefinition) {
					continue
				}
				for _, m := range marks {
					if c.Child(grammar.FieldName).Text() == m {
						return true
					}
				}
			}
		}
		return false
	}
	if has(f) {
		return true
	}
	for _, sym := range p.members(name) {
		if sym.Kind != sdk.Module {
			continue
		}
		if g, ok := p.resolve(sym.Name, from.Path); ok && g != nil && has(g) {
			return true
		}
	}
	return false
}

// mentions reports whether a module imports name or a module below it.
func (p *Program) mentions(m *module, name string) bool {
	found := false
	m.eachImport(func(n grammar.Node, module, member string, at grammar.Node) {
		if top, _, _ := strings.Cut(module, "."); top == name {
			found = true
		}
	})
	return found
}

// eachImport walks the import statements of a module: module is what is
// imported (or imported from), member the name imported from it.
func (m *module) eachImport(f func(n grammar.Node, module, member string, at grammar.Node)) {
	for _, u := range m.units {
		t := u.root.Tree()
		for id := int32(0); id < int32(t.Len()); id++ {
			n := t.Node(id)
			if !n.Is(grammar.KindImportStatement, grammar.KindImportFromStatement) {
				continue
			}
			module := ""
			if from := n.Child(grammar.FieldModuleName); !from.IsZero() {
				module = dottedText(from)
			}
			for c := range n.ChildrenOf(grammar.FieldName) {
				name := c
				if c.Is(grammar.KindAliasedImport) {
					name = c.Child(grammar.FieldName)
				}
				if n.Is(grammar.KindImportFromStatement) {
					f(n, module, dottedText(name), c)
				} else {
					f(n, dottedText(name), "", c)
				}
			}
		}
	}
}

// dottedText is the text of a dotted name without blanks and comments.
func dottedText(n grammar.Node) string {
	text := n.Text()
	for c := range n.Comments() {
		text = strings.Replace(text, c.Text(), "", 1)
	}
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\\' || r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, text)
}

// usedLike reports whether m imports name and reads something of it that the
// tables have.
func (p *Program) usedLike(m *module, name string) bool {
	aliases := map[string]string{}
	found := false
	m.eachImport(func(n grammar.Node, module, member string, at grammar.Node) {
		if top, _, _ := strings.Cut(module, "."); top != name {
			return
		}
		q := module
		local := name
		if member != "" {
			q = module + "." + member
			local = member
			if s, ok := p.tables.Symbol(q); ok && s.Kind != sdk.Module {
				found = true
			}
		} else if module != name {
			if _, ok := p.tables.Symbol(module); ok {
				found = true
			}
			local, q = name, name
		}
		if at.Is(grammar.KindAliasedImport) {
			local = at.Child(grammar.FieldAlias).Text()
			if member == "" {
				q = module
			}
		}
		aliases[local] = q
	})
	if found || len(aliases) == 0 {
		return found
	}
	for _, u := range m.units {
		t := u.root.Tree()
		for id := int32(0); id < int32(t.Len()); id++ {
			n := t.Node(id)
			if !n.Is(grammar.KindAttribute) {
				continue
			}
			text := dottedText(n)
			top, rest, _ := strings.Cut(text, ".")
			if q, ok := aliases[top]; ok {
				if s, ok := p.tables.Symbol(q + "." + rest); ok && s.Kind != sdk.Module {
					return true
				}
			}
		}
	}
	return false
}

// isSample reports whether name lies in a sample module that is not the
// program's own; own says that the name is some sample's, but means a local
// module here.
func (p *Program) isSample(name string) (sample, own bool) {
	top, _, _ := strings.Cut(name, ".")
	s, ok := p.samples[top]
	if !ok {
		return false, false
	}
	return s, !s
}

// importedModule gives the value of an absolute module name: a module of the
// program or a symbol.
func (in *interp) importedModule(name string) ir.Value {
	sample, own := in.p.isSample(name)
	if !sample {
		if m := in.p.find(in.m, name); m != nil {
			in.runModule(m)
			return m.val
		}
	}
	if own {
		return nil
	}
	q := name
	if in.p.known(name) {
		if sym, ok := in.p.tables.Symbol(name); ok {
			q = sym.Name
		}
	}
	return &ir.Symbol{Name: q}
}

// find looks for a module of the program as the module from would import it:
// next to it, in the folders above it that hold files of the program, or by its
// dotted name.
func (p *Program) find(from *module, name string) *module {
	if name == "" {
		return nil
	}
	if _, sample := p.samples[firstPart(name)]; p.known(name) && !sample && !p.inProject(name) {
		return nil
	}
	rel := strings.ReplaceAll(name, ".", "/")
	dir := from.dir
	for i := 0; i < 16; i++ {
		if m := p.fileAt(dir, rel, from); m != nil {
			return m
		}
		up := path.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	for _, m := range p.files {
		if m.Module == name && m != from && !m.Markdown {
			return m
		}
	}
	if p.resolve == nil {
		return nil
	}
	key := from.dir + "\x00" + name
	if m, ok := p.found(key); ok {
		return m
	}
	var m *module
	if f, ok := p.resolve(name, from.Path); ok && f != nil {
		for _, g := range p.files {
			if g.Path == f.Path {
				m = g
			}
		}
		if m == nil && len(p.files) < maxFiles {
			m = p.addFile(f, false)
		}
	}
	p.presumed.modules[key] = m
	return m
}

// maxFiles bounds the modules that a program pulls in.
const maxFiles = 2000

func (p *Program) found(key string) (*module, bool) {
	m, ok := p.presumed.modules[key]
	return m, ok
}

// inProject reports whether the program has a file of this dotted name.
func (p *Program) inProject(name string) bool {
	for _, m := range p.files {
		if m.Module == name {
			return true
		}
	}
	return false
}

// fileAt finds the module or package rel in folder dir.
func (p *Program) fileAt(dir, rel string, from *module) *module {
	a, b := path.Join(dir, rel+".py"), path.Join(dir, rel, "__init__.py")
	if p.paths == nil || p.pathed != len(p.files) {
		p.paths, p.pathed = map[string]*module{}, len(p.files)
		for _, m := range p.files {
			p.paths[path.Clean(strings.ReplaceAll(m.Path, `\`, "/"))] = m
		}
	}
	for _, f := range []string{a, b} {
		if m := p.paths[f]; m != nil && m != from {
			return m
		}
	}
	return nil
}

// submodule finds module name below the package m.
func (in *interp) submodule(m *module, name string) *module {
	if path.Base(m.Path) != "__init__.py" {
		return nil
	}
	if s := in.p.fileAt(m.dir, name, m); s != nil {
		return s
	}
	if m.Module != "" && in.p.resolve != nil {
		return in.p.find(m, m.Module+"."+name)
	}
	return nil
}

// relative resolves `from ..a.b import`: dots gives how many levels up.
func (in *interp) relative(dots int, name string) (ir.Value, string) {
	m := in.m
	dir := m.dir
	for i := 1; i < dots; i++ {
		dir = path.Dir(dir)
	}
	pkg := m.pkg
	if m.Module != "" || pkg != "" {
		for i := 1; i < dots; i++ {
			if j := strings.LastIndexByte(pkg, '.'); j >= 0 {
				pkg = pkg[:j]
			} else {
				pkg = ""
			}
		}
	}
	full := strings.Trim(pkg+"."+name, ".")
	if name == "" {
		if s := in.p.fileAt(dir, ".", m); s != nil {
			in.runModule(s)
			return s.val, dir
		}
		if path.Base(m.Path) == "__init__.py" && dots == 1 {
			return m.val, dir
		}
		return nil, dir
	}
	if s := in.p.fileAt(dir, strings.ReplaceAll(name, ".", "/"), m); s != nil {
		in.runModule(s)
		return s.val, dir
	}
	if in.p.resolve != nil {
		key := "rel\x00" + dir + "\x00" + name
		s, ok := in.p.found(key)
		if !ok {
			if f, found := in.p.resolve(strings.Repeat(".", dots)+name, m.Path); found && f != nil {
				s = in.p.addFile(f, false)
			}
			in.p.presumed.modules[key] = s
		}
		if s != nil {
			in.runModule(s)
			return s.val, dir
		}
	}
	if sample, _ := in.p.isSample(full); sample {
		if _, ok := in.p.tables.Symbol(full); ok {
			return &ir.Symbol{Name: full}, dir
		}
	}
	return nil, dir
}

// importStmt binds what an import statement brings in.
func (in *interp) importStmt(n grammar.Node) {
	if n.Is(grammar.KindImportStatement) {
		for c := range n.ChildrenOf(grammar.FieldName) {
			name := c
			if c.Is(grammar.KindAliasedImport) {
				name = c.Child(grammar.FieldName)
			}
			q := dottedText(name)
			v := in.importedModule(q)
			in.alias(n, c, localName(c, q), q, v)
			if !c.Is(grammar.KindAliasedImport) {
				if top, _, dotted := strings.Cut(q, "."); dotted {
					v = in.importedModule(top)
					if m, ok := v.(*ir.Module); ok && in.p.mods[m] == nil {
						v = nil
					}
				}
			}
			if v == nil {
				v = in.unknown(c, "import of "+q, "module")
			}
			in.put(c, v)
			if d := in.u.defAt.get(c.ID()); d != nil {
				in.set(d, v)
			}
		}
		return
	}
	from := n.Child(grammar.FieldModuleName)
	var base ir.Value
	q := dottedText(from)
	dir := ""
	if from.Is(grammar.KindRelativeImport) {
		dots := 0
		for dots < len(q) && q[dots] == '.' {
			dots++
		}
		base, dir = in.relative(dots, q[dots:])
	} else {
		base = in.importedModule(q)
	}
	in.put(from, base)
	for c := range n.Children() {
		if c.Is(grammar.KindWildcardImport) {
			in.wildcard(n, c, base, q)
			continue
		}
		if c.Field() != grammar.FieldName {
			continue
		}
		name := c
		if c.Is(grammar.KindAliasedImport) {
			name = c.Child(grammar.FieldName)
		}
		member := dottedText(name)
		var v ir.Value
		project := false
		switch x := base.(type) {
		case *ir.Symbol:
			v = in.symbolAttr(x, member)
		case *ir.Module:
			v = in.moduleAttr(x, member, c)
			project = true
		default:
			if dir != "" {
				if s := in.p.fileAt(dir, member, in.m); s != nil {
					in.runModule(s)
					v, project = s.val, true
				}
			}
		}
		in.alias(n, c, localName(c, member), q+"."+member, v)
		if v == nil && !project {
			v = in.unknown(c, "import of "+q+"."+member, "")
		}
		in.put(c, v)
		if d := in.u.defAt.get(c.ID()); d != nil {
			b := in.u.reach.get(c.ID())
			in.set(d, v)
			if b != nil {
				*in.u.reach.at(c.ID()) = b
			}
		}
	}
}

func localName(c grammar.Node, q string) string {
	if c.Is(grammar.KindAliasedImport) {
		return c.Child(grammar.FieldAlias).Text()
	}
	top, _, _ := strings.Cut(q, ".")
	return top
}

// alias notes an imported name.
func (in *interp) alias(stmt, name grammar.Node, local, q string, v ir.Value) {
	a := in.u.aliasAt[name.ID()]
	if a == nil {
		a = &ImportAlias{}
		in.u.aliasAt[name.ID()] = a
	}
	*a = ImportAlias{Stmt: in.u.expr(stmt), Name: in.u.expr(name), Local: local, Qualified: q, written: q}
	each(v, func(v ir.Value) {
		switch x := v.(type) {
		case *ir.Symbol:
			a.Qualified, a.symbol, a.Presumed = x.Name, x, x.Presumed
			if in.p.known(x.Name) {
				if sym, ok := in.p.tables.Symbol(x.Name); ok {
					a.Symbol, a.IsModule = true, sym.Kind == sdk.Module
				}
			}
		case *ir.Module:
			a.Project, a.IsModule = true, true
		default:
			a.Project = true
		}
	})
}

// wildcard takes `from m import *`.
func (in *interp) wildcard(n, c grammar.Node, base ir.Value, q string) {
	var s *star
	for _, t := range in.m.stars {
		if t.u == in.u && t.n == c {
			s = t
		}
	}
	if s == nil {
		return
	}
	s.prefix, s.target = q, nil
	switch x := base.(type) {
	case *ir.Symbol:
		s.prefix = x.Name
	case *ir.Module:
		s.target = in.p.mods[x]
	}
	in.alias(n, c, "", q, base)
	in.put(c, base)
}

// starred looks a name up in the star imports and %run lines of the module.
func (in *interp) starred(name string, n grammar.Node) *binding {
	for i := len(in.m.stars) - 1; i >= 0; i-- {
		s := in.m.stars[i]
		if in.f != nil && in.fn == nil && (s.u.ord > in.u.ord || s.u == in.u && s.at > n.Start()) {
			continue
		}
		if b := in.fromStar(s, name, nil); b != nil {
			return b
		}
	}
	return nil
}

// fromStar gives what a star import brings in under name, nil if nothing.
func (in *interp) fromStar(s *star, name string, seen map[*module]bool) *binding {
	if strings.HasPrefix(name, "_") && !s.all {
		return nil
	}
	var v ir.Value
	var inner *binding
	if s.all && s.target == nil {
		s.target = in.ran(s)
	}
	switch {
	case s.target != nil:
		in.runModule(s.target)
		inner = in.moduleName(s.target, name, seen)
		if inner == nil {
			return nil
		}
		v = inner.val
	case in.p.known(s.prefix):
		sym, ok := in.p.tables.Symbol(s.prefix + "." + name)
		if !ok {
			return nil
		}
		v = &ir.Symbol{Name: sym.Name}
	default:
		return nil
	}
	d := s.defs[name]
	if d == nil {
		d = &Def{ID: len(in.p.defs), Name: name, Kind: Star, Scope: s.u.m.scope, u: s.u, n: s.n}
		if !s.n.IsZero() {
			d.At = s.u.expr(s.n)
			d.Stmt = s.u.stmtOf(s.n)
		} else {
			d.At = ir.Expr{Span: ir.Span{Unit: s.u.ID, Start: s.at, End: s.at}}
			d.Stmt = d.At
		}
		d.v = &variable{name: name, scope: s.u.m.scope}
		d.v.defs = []*Def{d}
		in.p.defs = append(in.p.defs, d)
		s.defs[name] = d
	}
	if sameValue(d.Value, v) {
		v = d.Value
	}
	d.Value = v
	b := &binding{defs: []*Def{d}, val: v}
	if inner != nil {
		b.defs = joinDefs(b.defs, inner.defs)
	}
	return b
}

// ran finds the file of a %run line.
func (in *interp) ran(s *star) *module {
	words := strings.Fields(s.prefix)
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		words = words[1:]
	}
	if len(words) == 0 {
		return nil
	}
	file := strings.Trim(words[0], `'"`)
	m := s.u.m
	name := strings.TrimSuffix(strings.TrimSuffix(file, ".py"), ".ipynb")
	for _, f := range []string{file, name + ".py", name + ".ipynb"} {
		p := path.Join(m.dir, f)
		for _, o := range in.p.files {
			if path.Clean(strings.ReplaceAll(o.Path, `\`, "/")) == p && o != m {
				return o
			}
		}
	}
	if strings.Contains(name, "..") {
		return nil
	}
	return in.p.find(m, strings.ReplaceAll(strings.TrimPrefix(name, "./"), "/", "."))
}

func firstPart(name string) string {
	top, _, _ := strings.Cut(name, ".")
	return top
}
