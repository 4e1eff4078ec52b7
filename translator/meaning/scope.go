package meaning

import (
	"path"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// A ScopeKind says what makes a scope.
type ScopeKind uint8

// The kinds of scope.
const (
	ModuleScope ScopeKind = iota
	FunctionScope
	LambdaScope
	ClassScope
	ComprehensionScope
)

// Scope is a region in which names are bound, as Python's rules have it.
type Scope struct {
	Parent *Scope
	Kind   ScopeKind
	Owner  ir.Expr // the definition; zero for a module

	m       *module
	u       *unit
	n       grammar.Node
	vars    map[string]*variable
	order   []*variable
	foreign map[string]*Scope // names declared global or nonlocal, and where they live
	reads   map[string]bool
	kids    []*Scope
	dynamic bool // globals(), locals(), vars(), exec or eval is called in it
	rebinds bool // a comprehension that binds names of the scope around, by :=
}

// variable is a name of a scope with all its definitions.
type variable struct {
	name  string
	idx   int
	scope *Scope
	defs  []*Def
	away  []*Def // those that stand in another scope (global, nonlocal)
	all   *binding
	stamp int // the value of interp.clock at which all was joined
	touch int // the value of interp.clock at which a definition last changed
	round int // the round in which all was joined
}

func (s *Scope) variable(name string) *variable {
	v := s.vars[name]
	if v == nil {
		v = &variable{name: name, idx: len(s.order), scope: s}
		s.vars[name] = v
		s.order = append(s.order, v)
	}
	return v
}

// Binds reports whether a name is bound in the scope; one declared global or
// nonlocal is not.
func (s *Scope) Binds(name string) bool { return s.vars[name] != nil }

// Definitions gives the number of definitions of a name bound in the scope,
// those of star imports left out.
func (s *Scope) Definitions(name string) int {
	if v := s.vars[name]; v != nil {
		return len(v.defs)
	}
	return 0
}

// find gives the variable that name means in s by Python's static rules; nil
// for builtins and names that nothing binds.
func (s *Scope) find(name string) *variable {
	for t := s; t != nil; t = t.Parent {
		if t != s && t.Kind == ClassScope {
			continue
		}
		if w := t.foreign[name]; w != nil {
			return w.variable(name)
		}
		if v := t.vars[name]; v != nil {
			return v
		}
	}
	return nil
}

// param is a parameter of a function of the program.
type param struct {
	name  string
	kind  paramKind
	def   *Def
	deflt grammar.Node
	typ   grammar.Node
}

type paramKind uint8

const (
	plainParam paramKind = iota
	restParam            // *args
	keyParam             // keyword only
	keysParam            // **kwargs
)

// function is a function, method or lambda of the program.
type function struct {
	name       string
	u          *unit
	n          grammar.Node
	scope      *Scope
	params     []*param
	body       grammar.Node
	class      *class
	decorators []grammar.Node
	static     bool
	classm     bool
	property   bool
	manager    bool // contextlib.contextmanager
	context    bool // its first parameter is the context object of a command line framework
	passObj    bool // its first parameter is that context's obj
	yields     bool
	val        *ir.Function
	bound      map[ir.Value]*ir.Function

	sites   []*site
	round   int
	running bool
	ret     ir.Value // joined over its returns, nil while unknown
	out     ir.Value // what it yields
	next    ir.Value // ret in the making
	prev    [2]ir.Value
	// owed are changes, made in its body or by what it calls, of what was made
	// outside; see owe.
	owed []func()
}

// class is a class of the program.
type class struct {
	name   string
	u      *unit
	n      grammar.Node
	scope  *Scope
	bases  []ir.Value
	value  *ir.Class
	inst   *ir.Instance
	attrs  map[string]*slot
	order  []string
	env    env
	subs   []*class
	fields bool // a named tuple: the variables of scope are its fields
}

// slot is a place on the heap that is not flow-sensitive: its value is the join
// of what the program stores there.
type slot struct {
	vals map[ir.Expr]ir.Value
	keys []ir.Expr
	prev ir.Value
}

func (s *slot) put(at ir.Expr, v ir.Value) {
	if s.vals == nil {
		s.vals = map[ir.Expr]ir.Value{}
	}
	if _, ok := s.vals[at]; !ok {
		s.keys = append(s.keys, at)
	}
	s.vals[at] = v
}

func (s *slot) get() ir.Value {
	var out ir.Value
	for _, k := range s.keys {
		out = join(out, s.vals[k])
	}
	return out
}

// star is a star import, or a %run, whose names become the module's.
type star struct {
	u      *unit
	at     int // byte offset in the unit
	n      grammar.Node
	prefix string  // qualified name of a module outside the program
	target *module // or the module of the program
	defs   map[string]*Def
	all    bool // %run: underscore names too
}

// scoper walks a module's trees once and finds scopes, variables, definitions,
// functions and classes.
type scoper struct {
	p    *Program
	m    *module
	u    *unit
	stmt grammar.Node
	fn   []*function
	cl   []*class
}

func (p *Program) newScope(parent *Scope, kind ScopeKind, m *module, u *unit, n grammar.Node) *Scope {
	s := &Scope{Parent: parent, Kind: kind, m: m, u: u, n: n,
		vars: map[string]*variable{}, reads: map[string]bool{}}
	if u != nil {
		s.Owner = u.expr(n)
		u.scope[n.ID()] = s
	}
	if parent != nil {
		parent.kids = append(parent.kids, s)
	}
	return s
}

func (p *Program) buildScopes(m *module) {
	m.scope = p.newScope(nil, ModuleScope, m, nil, grammar.Node{})
	for _, u := range m.units {
		s := &scoper{p: p, m: m, u: u}
		u.scope[u.root.ID()] = m.scope
		for _, l := range u.Masked {
			if l.Name == "run" {
				m.stars = append(m.stars, &star{u: u, at: l.Start, prefix: l.Rest, defs: map[string]*Def{}, all: true})
			}
		}
		s.block(u.root, m.scope)
	}
}

func (s *scoper) block(n grammar.Node, sc *Scope) {
	for c := range n.Children() {
		s.stmt = c
		s.visit(c, sc)
	}
}

// define makes the definition of a name at node n.
func (s *scoper) define(n grammar.Node, name string, kind DefKind, sc *Scope) *Def {
	home := sc
	if w := sc.foreign[name]; w != nil {
		home = w
	}
	v := home.variable(name)
	d := &Def{ID: len(s.p.defs), Name: name, At: s.u.expr(n), Stmt: s.u.expr(s.stmt), Kind: kind, Scope: home, v: v, u: s.u, n: n}
	s.p.defs = append(s.p.defs, d)
	v.defs = append(v.defs, d)
	if home != sc {
		v.away = append(v.away, d)
	}
	*s.u.defAt.at(n.ID()) = d
	return d
}

// target takes the target of an assignment, loop, with or del apart.
func (s *scoper) target(n grammar.Node, kind DefKind, sc *Scope) {
	switch n.Kind() {
	case grammar.KindIdentifier:
		s.define(n, n.Text(), kind, sc)
	case grammar.KindPatternList, grammar.KindTuplePattern, grammar.KindListPattern, grammar.KindTuple, grammar.KindList,
		grammar.KindListSplatPattern, grammar.KindListSplat, grammar.KindParenthesizedExpression, grammar.KindExpressionList,
		grammar.KindAsPatternTarget:
		for c := range n.Children() {
			s.target(c, kind, sc)
		}
	default:
		s.visit(n, sc)
	}
}

func (s *scoper) visit(n grammar.Node, sc *Scope) {
	switch n.Kind() {
	case grammar.KindIdentifier:
		sc.reads[n.Text()] = true
		return
	case grammar.KindComment, grammar.KindString:
		if n.Kind() == grammar.KindString && n.Last() > n.ID() {
			break
		}
		return
	case grammar.KindAttribute:
		s.visit(n.Child(grammar.FieldObject), sc)
		return
	case grammar.KindKeywordArgument:
		s.visit(n.Child(grammar.FieldValue), sc)
		return
	case grammar.KindAssignment:
		right := n.Child(grammar.FieldRight)
		if t := n.Child(grammar.FieldType); !t.IsZero() {
			s.visit(t, sc)
		}
		left := n.Child(grammar.FieldLeft)
		if right.IsZero() {
			if left.Is(grammar.KindIdentifier) && sc.foreign[left.Text()] == nil {
				sc.variable(left.Text())
				return
			}
			s.visit(left, sc)
			return
		}
		s.visit(right, sc)
		s.target(left, Assign, sc)
		return
	case grammar.KindAugmentedAssignment:
		s.visit(n.Child(grammar.FieldRight), sc)
		left := n.Child(grammar.FieldLeft)
		if left.Is(grammar.KindIdentifier) {
			sc.reads[left.Text()] = true
			s.define(left, left.Text(), Augmented, sc)
			return
		}
		s.visit(left, sc)
		return
	case grammar.KindNamedExpression:
		s.visit(n.Child(grammar.FieldValue), sc)
		home := sc
		for home.Kind == ComprehensionScope {
			home.rebinds = true
			home = home.Parent
		}
		if name := n.Child(grammar.FieldName); name.Is(grammar.KindIdentifier) {
			s.define(name, name.Text(), Walrus, home)
		}
		return
	case grammar.KindForStatement:
		s.visit(n.Child(grammar.FieldRight), sc)
		s.target(n.Child(grammar.FieldLeft), For, sc)
		s.rest(n, sc, grammar.FieldRight, grammar.FieldLeft)
		return
	case grammar.KindWithItem:
		v := n.Child(grammar.FieldValue)
		if v.Is(grammar.KindAsPattern) {
			s.asPattern(v, With, sc)
			return
		}
	case grammar.KindExceptClause, grammar.KindExceptGroupClause:
		for c := range n.Children() {
			if c.Is(grammar.KindAsPattern) {
				s.asPattern(c, Except, sc)
			} else {
				s.visit(c, sc)
			}
		}
		return
	case grammar.KindGlobalStatement, grammar.KindNonlocalStatement:
		for c := range n.Children() {
			home := s.m.scope
			if n.Is(grammar.KindNonlocalStatement) {
				if v := sc.Parent.find(c.Text()); v != nil && sc.Parent != nil {
					home = v.scope
				}
			}
			if home != sc && c.Is(grammar.KindIdentifier) {
				home.variable(c.Text())
				if sc.foreign == nil {
					sc.foreign = map[string]*Scope{}
				}
				sc.foreign[c.Text()] = home
			}
		}
		return
	case grammar.KindImportStatement, grammar.KindImportFromStatement:
		s.imports(n, sc)
		return
	case grammar.KindFutureImportStatement:
		return
	case grammar.KindDecoratedDefinition:
		var decorators []grammar.Node
		for c := range n.Children() {
			if c.Is(grammar.KindDecorator) {
				s.visit(c, sc)
				decorators = append(decorators, c)
			}
		}
		d := n.Child(grammar.FieldDefinition)
		if d.Is(grammar.KindFunctionDefinition) {
			s.function(d, sc, decorators)
		} else if d.Is(grammar.KindClassDefinition) {
			s.class(d, sc)
		}
		return
	case grammar.KindFunctionDefinition:
		s.function(n, sc, nil)
		return
	case grammar.KindLambda:
		s.function(n, sc, nil)
		return
	case grammar.KindClassDefinition:
		s.class(n, sc)
		return
	case grammar.KindListComprehension, grammar.KindSetComprehension, grammar.KindDictionaryComprehension, grammar.KindGeneratorExpression:
		s.comprehension(n, sc)
		return
	case grammar.KindCaseClause:
		for c := range n.Children() {
			if c.Is(grammar.KindBlock) {
				s.block(c, sc)
			} else if c.Is(grammar.KindIfClause) {
				s.visit(c, sc)
			} else {
				s.pattern(c, sc)
			}
		}
		return
	case grammar.KindBlock:
		outer := s.stmt
		s.block(n, sc)
		s.stmt = outer
		return
	case grammar.KindYield:
		if len(s.fn) > 0 && s.fn[len(s.fn)-1] != nil {
			s.fn[len(s.fn)-1].yields = true
		}
	case grammar.KindCall:
		if f := n.Child(grammar.FieldFunction); f.Is(grammar.KindIdentifier) {
			switch f.Text() {
			case "globals", "locals", "vars", "exec", "eval", "execfile":
				sc.dynamic = true
			}
		}
	case grammar.KindExecStatement:
		sc.dynamic = true
	}
	for c := range n.Children() {
		s.visit(c, sc)
	}
}

func (s *scoper) rest(n grammar.Node, sc *Scope, but ...grammar.Field) {
next:
	for c := range n.Children() {
		for _, f := range but {
			if c.Field() == f {
				continue next
			}
		}
		s.visit(c, sc)
	}
}

func (s *scoper) asPattern(n grammar.Node, kind DefKind, sc *Scope) {
	for c := range n.Children() {
		if c.Field() == grammar.FieldAlias {
			s.target(c, kind, sc)
		} else {
			s.visit(c, sc)
		}
	}
}

// pattern finds the captures of a case pattern.
func (s *scoper) pattern(n grammar.Node, sc *Scope) {
	switch n.Kind() {
	case grammar.KindDottedName:
		if first := n.FirstChild(); first.NextSibling().IsZero() {
			s.define(first, first.Text(), Match, sc)
		} else {
			sc.reads[first.Text()] = true
		}
		return
	case grammar.KindIdentifier:
		if p := n.Parent(); p.Is(grammar.KindAsPattern, grammar.KindSplatPattern) {
			s.define(n, n.Text(), Match, sc)
		}
		return
	case grammar.KindClassPattern:
		first := true
		for c := range n.Children() {
			if first && c.Is(grammar.KindDottedName) {
				sc.reads[c.FirstChild().Text()] = true
			} else {
				s.pattern(c, sc)
			}
			first = false
		}
		return
	case grammar.KindString, grammar.KindComment:
		return
	}
	for c := range n.Children() {
		s.pattern(c, sc)
	}
}

func (s *scoper) comprehension(n grammar.Node, sc *Scope) {
	in := s.p.newScope(sc, ComprehensionScope, s.m, s.u, n)
	first := true
	for c := range n.Children() {
		switch c.Kind() {
		case grammar.KindForInClause:
			for d := range c.ChildrenOf(grammar.FieldRight) {
				if first {
					s.visit(d, sc)
				} else {
					s.visit(d, in)
				}
			}
			first = false
			for d := range c.ChildrenOf(grammar.FieldLeft) {
				s.target(d, Comprehension, in)
			}
		}
	}
	for c := range n.Children() {
		if !c.Is(grammar.KindForInClause) {
			s.visit(c, in)
		}
	}
}

func (s *scoper) function(n grammar.Node, sc *Scope, decorators []grammar.Node) {
	kind := FunctionScope
	if n.Is(grammar.KindLambda) {
		kind = LambdaScope
	}
	f := &function{u: s.u, n: n, decorators: decorators, body: n.Child(grammar.FieldBody), name: "<lambda>", bound: map[ir.Value]*ir.Function{}}
	if kind == FunctionScope {
		name := n.Child(grammar.FieldName)
		f.name = name.Text()
		if !name.IsZero() {
			s.define(name, f.name, FuncDef, sc)
		}
	}
	f.val = &ir.Function{Name: f.name, Def: s.u.expr(n)}
	s.p.funcs = append(s.p.funcs, f)
	s.p.byDef[f.val.Def] = f
	if len(s.cl) > 0 && s.cl[len(s.cl)-1] != nil && s.cl[len(s.cl)-1].scope == sc {
		f.class = s.cl[len(s.cl)-1]
	}
	for _, d := range decorators {
		text := strings.TrimSpace(strings.TrimPrefix(d.Text(), "@"))
		text, _, _ = strings.Cut(text, "(")
		last := text[strings.LastIndexByte(text, '.')+1:]
		switch last {
		case "staticmethod":
			f.static = true
		case "classmethod":
			f.classm = true
		case "property", "cached_property", "getter", "lazy_property":
			f.property = true
		case "setter", "deleter":
			f.property = false
		case "contextmanager", "asynccontextmanager":
			f.manager = true
		case "pass_context":
			f.context = true
		case "pass_obj":
			f.passObj = true
		}
	}
	f.scope = s.p.newScope(sc, kind, s.m, s.u, n)
	params := n.Child(grammar.FieldParameters)
	if !params.IsZero() {
		s.params(f, params, sc)
	}
	if t := n.Child(grammar.FieldReturnType); !t.IsZero() {
		s.visit(t, sc)
	}
	outer := s.stmt
	s.fn = append(s.fn, f)
	s.cl = append(s.cl, nil)
	if f.body.Is(grammar.KindBlock) {
		s.block(f.body, f.scope)
	} else if !f.body.IsZero() {
		s.visit(f.body, f.scope)
	}
	s.fn = s.fn[:len(s.fn)-1]
	s.cl = s.cl[:len(s.cl)-1]
	s.stmt = outer
}

func (s *scoper) params(f *function, n grammar.Node, sc *Scope) {
	kind := plainParam
	for c := range n.Children() {
		p := &param{kind: kind}
		name := c
		switch c.Kind() {
		case grammar.KindIdentifier:
		case grammar.KindKeywordSeparator:
			kind = keyParam
			continue
		case grammar.KindPositionalSeparator, grammar.KindComment:
			continue
		case grammar.KindDefaultParameter, grammar.KindTypedDefaultParameter:
			name = c.Child(grammar.FieldName)
			p.deflt = c.Child(grammar.FieldValue)
			p.typ = c.Child(grammar.FieldType)
		case grammar.KindTypedParameter:
			name = c.FirstChild()
			p.typ = c.Child(grammar.FieldType)
		case grammar.KindTuplePattern:
			s.target(c, Param, f.scope)
			p.name = ""
			f.params = append(f.params, p)
			continue
		}
		if name.Is(grammar.KindListSplatPattern) {
			p.kind, kind = restParam, keyParam
			name = name.FirstChild()
		} else if name.Is(grammar.KindDictionarySplatPattern) {
			p.kind = keysParam
			name = name.FirstChild()
		}
		if !p.deflt.IsZero() {
			s.visit(p.deflt, sc)
		}
		if !p.typ.IsZero() {
			s.visit(p.typ, sc)
		}
		if !name.Is(grammar.KindIdentifier) {
			continue
		}
		p.name = name.Text()
		p.def = s.define(name, p.name, Param, f.scope)
		f.params = append(f.params, p)
	}
}

func (s *scoper) class(n grammar.Node, sc *Scope) {
	name := n.Child(grammar.FieldName)
	c := &class{name: name.Text(), u: s.u, n: n, attrs: map[string]*slot{}}
	c.value = &ir.Class{Name: c.name, Def: s.u.expr(n)}
	c.inst = &ir.Instance{Class: c.value}
	if !name.IsZero() {
		s.define(name, c.name, ClassDef, sc)
	}
	s.p.classes = append(s.p.classes, c)
	s.p.byClass[c.value.Def] = c
	if b := n.Child(grammar.FieldSuperclasses); !b.IsZero() {
		s.visit(b, sc)
	}
	c.scope = s.p.newScope(sc, ClassScope, s.m, s.u, n)
	outer := s.stmt
	s.cl = append(s.cl, c)
	if body := n.Child(grammar.FieldBody); !body.IsZero() {
		s.block(body, c.scope)
	}
	s.cl = s.cl[:len(s.cl)-1]
	s.stmt = outer
}

// imports binds the names of an import statement.
func (s *scoper) imports(n grammar.Node, sc *Scope) {
	from := n.Is(grammar.KindImportFromStatement)
	for c := range n.Children() {
		if c.Is(grammar.KindWildcardImport) {
			s.m.stars = append(s.m.stars, &star{u: s.u, at: c.Start(), n: c, defs: map[string]*Def{}})
			continue
		}
		if c.Field() != grammar.FieldName {
			continue
		}
		switch c.Kind() {
		case grammar.KindAliasedImport:
			if a := c.Child(grammar.FieldAlias); !a.IsZero() {
				s.define(c, a.Text(), Import, sc)
			}
		case grammar.KindDottedName, grammar.KindIdentifier:
			name := dottedText(c)
			if !from {
				name, _, _ = strings.Cut(name, ".")
			}
			s.define(c, name, Import, sc)
		}
	}
}

// placeOf gives the folder of a file and the package its relative imports
// start from.
func placeOf(f *File) (dir, pkg string) {
	dir = path.Dir(strings.ReplaceAll(f.Path, `\`, "/"))
	pkg = f.Module
	if path.Base(f.Path) != "__init__.py" {
		if i := strings.LastIndexByte(pkg, '.'); i >= 0 {
			pkg = pkg[:i]
		} else {
			pkg = ""
		}
	}
	return dir, pkg
}
