package meaning

import (
	"cmp"
	"iter"
	"slices"
	"sort"
	"strconv"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// statements is the statements of one module or block.
type statements struct {
	ids   []int32
	exits []int // exits[i] is how many of the first i may leave the block
}

func (u *unit) list(block grammar.Node) *statements {
	if l := u.lists[block.ID()]; l != nil {
		return l
	}
	l := &statements{exits: []int{0}}
	n := 0
	for c := range block.Children() {
		if c.Is(grammar.KindComment, grammar.KindLineContinuation) {
			continue
		}
		l.ids = append(l.ids, c.ID())
		if leaves(c) {
			n++
		}
		l.exits = append(l.exits, n)
	}
	u.lists[block.ID()] = l
	return l
}

// index gives the place of a statement of the list.
func (l *statements) index(n grammar.Node) int {
	i, _ := slices.BinarySearch(l.ids, n.ID())
	return i
}

// reaches reports whether statement j is certainly run once statement i is,
// exceptions aside.
func (l *statements) reaches(i, j int) bool {
	return i <= j && j < len(l.exits) && l.exits[i] == l.exits[j]
}

// leaves reports whether a statement may leave the block it stands in.
func leaves(n grammar.Node) bool {
	t := n.Tree()
	for id := n.ID(); id <= n.Last(); id++ {
		c := t.Node(id)
		switch c.Kind() {
		case grammar.KindFunctionDefinition, grammar.KindLambda, grammar.KindClassDefinition:
			id = c.Last()
		case grammar.KindReturnStatement:
			return true
		case grammar.KindBreakStatement, grammar.KindContinueStatement:
			inside := false
			for a := c.Parent(); !a.IsZero() && a.ID() >= n.ID(); a = a.Parent() {
				if a.Is(grammar.KindForStatement, grammar.KindWhileStatement) {
					inside = true
					break
				}
			}
			if !inside {
				return true
			}
		}
	}
	return false
}

// statement gives the statement that a node stands in: for what is written in a
// header, the compound statement.
func statement(n grammar.Node) grammar.Node {
	s := n.Statement()
	for s.Is(grammar.KindCaseClause) {
		s = s.Parent().Parent().Statement()
	}
	return s
}

func (u *unit) stmtOf(n grammar.Node) ir.Expr {
	s := statement(n)
	if s.IsZero() {
		s = u.root
	}
	return u.expr(s)
}

// Units gives the units that were analysed, in the order in which they run.
func (p *Program) Units() []*Source {
	out := make([]*Source, len(p.units))
	for i, u := range p.units {
		out[i] = u.Source
	}
	return out
}

// Excluded gives the fences of Markdown files that are alternatives to others
// and were left out.
func (p *Program) Excluded() []ir.UnitID {
	var out []ir.UnitID
	for _, m := range p.files {
		for _, s := range m.File.Units {
			if p.byID[s.ID] == nil {
				out = append(out, s.ID)
			}
		}
	}
	return out
}

// Errors gives what does not parse, in order.
func (p *Program) Errors() []SyntaxError { return p.errors }

// Node gives the syntax node of an expression, the zero Node if e is none.
func (p *Program) Node(e ir.Expr) grammar.Node {
	u := p.byID[e.Unit]
	if u == nil || e.Node < 0 || int(e.Node) >= u.Tree.Len() {
		return grammar.Node{}
	}
	return u.root.Tree().Node(e.Node)
}

// Expr names a node of a unit.
func (p *Program) Expr(unit ir.UnitID, n grammar.Node) ir.Expr {
	return ir.Expr{Span: ir.Span{Unit: unit, Start: n.Start(), End: n.End()}, Node: n.ID()}
}

// Value gives what is known of an expression. It is never nil.
func (p *Program) Value(e ir.Expr) ir.Value {
	u := p.byID[e.Unit]
	if u == nil || e.Node < 0 || int(e.Node) >= u.Tree.Len() {
		return &ir.Unknown{At: e, Why: "not analysed"}
	}
	if v := u.vals.get(e.Node); v != nil {
		return v
	}
	x := u.unknown[e.Node]
	if x == nil {
		x = &ir.Unknown{At: e, Why: "not computed"}
		u.unknown[e.Node] = x
	}
	return x
}

// Uses gives every use of a source SDK, in source order.
func (p *Program) Uses() []*ir.Use { return p.uses }

// Calls gives all calls of a symbol, in program order.
func (p *Program) Calls(symbol string) []*ir.Call { return p.bySymbol[symbol] }

// CallAt gives the call that an expression is, nil if it is none that resolves.
func (p *Program) CallAt(e ir.Expr) *ir.Call {
	u := p.byID[e.Unit]
	if u == nil {
		return nil
	}
	return u.calls[e.Node]
}

// Made gives the call that made an object; for a part of an object, the call
// that made the whole.
func (p *Program) Made(o *ir.Object) *ir.Call {
	for i := 0; i < 16 && o != nil; i++ {
		if o.Made != nil {
			return o.Made
		}
		o, _ = o.From.(*ir.Object)
	}
	return nil
}

// Stmt gives the statement that an expression stands in: the simple statement,
// or the compound statement in whose header it is.
func (p *Program) Stmt(e ir.Expr) ir.Expr {
	u, n := p.byID[e.Unit], p.Node(e)
	if u == nil || n.IsZero() {
		return ir.Expr{}
	}
	return u.stmtOf(n)
}

// Scope gives the scope in which the names of an expression are looked up.
func (p *Program) Scope(e ir.Expr) *Scope {
	u, n := p.byID[e.Unit], p.Node(e)
	if u == nil || n.IsZero() {
		return nil
	}
	for c := n; !c.IsZero(); c = c.Parent() {
		s := u.scope[c.ID()]
		if s == nil {
			continue
		}
		if c.ID() == u.root.ID() || c == n && s.Kind != LambdaScope && s.Kind != ComprehensionScope {
			if c.ID() == u.root.ID() {
				return s
			}
			continue
		}
		if c == n || p.outside(s, c, n) {
			continue
		}
		return s
	}
	return u.m.scope
}

// outside reports whether n, below c, which makes scope s, belongs to the scope
// around: decorators, defaults, annotations, bases, the first iterable.
func (p *Program) outside(s *Scope, c, n grammar.Node) bool {
	switch s.Kind {
	case ComprehensionScope:
		for d := range c.Children() {
			if d.Is(grammar.KindForInClause) {
				return d.Child(grammar.FieldRight).Contains(n)
			}
		}
	case FunctionScope, ClassScope:
		if body := c.Child(grammar.FieldBody); body.Contains(n) {
			return false
		}
		if params := c.Child(grammar.FieldParameters); !params.IsZero() && params.Contains(n) {
			for d := n; d != params; d = d.Parent() {
				if f := d.Field(); f == grammar.FieldValue || f == grammar.FieldType {
					return true
				}
			}
			return false
		}
		return true
	case LambdaScope:
		if params := c.Child(grammar.FieldParameters); !params.IsZero() && params.Contains(n) {
			for d := n; d != params; d = d.Parent() {
				if d.Field() == grammar.FieldValue {
					return true
				}
			}
		}
	}
	return false
}

// NameInUse reports whether a name is bound or read in a scope, in those around
// it or in those inside it: a new variable must not have it.
func (p *Program) NameInUse(s *Scope, name string) bool {
	if s == nil || builtins[name] {
		return true
	}
	for t := s; t != nil; t = t.Parent {
		if t.vars[name] != nil || t.reads[name] || t.foreign[name] != nil {
			return true
		}
	}
	for _, st := range s.m.stars {
		if st.defs[name] != nil {
			return true
		}
	}
	return p.nested(s)[name]
}

// nested gives the names that the scopes inside a scope bind or read.
func (p *Program) nested(s *Scope) map[string]bool {
	if p.inside[s] != nil {
		return p.inside[s]
	}
	names := map[string]bool{}
	var gather func(s *Scope)
	gather = func(s *Scope) {
		for _, k := range s.kids {
			for name, v := range k.vars {
				if v != nil {
					names[name] = true
				}
			}
			for name, read := range k.reads {
				if read {
					names[name] = true
				}
			}
			for name, v := range k.foreign {
				if v != nil {
					names[name] = true
				}
			}
			gather(k)
		}
	}
	gather(s)
	if p.inside == nil {
		p.inside = map[*Scope]map[string]bool{}
	}
	p.inside[s] = names
	return names
}

// at sets the interpreter to the point before a statement.
func (p *Program) at(e ir.Expr, g func(in *interp, s *Scope, n grammar.Node)) {
	u, n := p.byID[e.Unit], p.Node(e)
	if u == nil || n.IsZero() {
		return
	}
	s := p.Scope(e)
	f := u.pre.get(statement(n).ID())
	var fn *function
	for t := s; t != nil; t = t.Parent {
		if t.Kind == FunctionScope || t.Kind == LambdaScope {
			fn = p.byDef[t.Owner]
			break
		}
	}
	p.in.aside(u, u.m, f, fn, func() { g(p.in, s, n) })
}

// Binding gives what a name means just before the statement that at stands in;
// not ok if nothing in the program binds it there.
func (p *Program) Binding(at ir.Expr, name string) (b Binding, ok bool) {
	p.at(at, func(in *interp, s *Scope, n grammar.Node) {
		x := in.lookup(s, name, n)
		if x == nil || len(x.defs) == 0 {
			return
		}
		b, ok = x.public(), true
	})
	return b, ok
}

func (b *binding) public() Binding {
	out := Binding{Value: b.val, Sure: !b.maybe && len(b.defs) == 1, Maybe: b.maybe}
	if out.Value == nil {
		out.Value = &ir.Unknown{Why: "not computed"}
	}
	for _, d := range b.defs {
		out.Defs = append(out.Defs, *d)
	}
	return out
}

// EnvNames gives the names that are bound where at stands, innermost scope
// first, in order within a scope.
func (p *Program) EnvNames(at ir.Expr) []string { return slices.Collect(p.EnvNamesAmong(at, nil)) }

// Names is a set of names to look for in many places.
type Names struct {
	set map[string]bool
	in  map[*Scope][]*variable
}

// NewNames makes a set, which must not change any more.
func NewNames(set map[string]bool) *Names { return &Names{set, map[*Scope][]*variable{}} }

// of gives the variables of a scope that have one of the names, in order.
func (n *Names) of(s *Scope) []*variable {
	found, ok := n.in[s]
	if ok {
		return found
	}
	if len(n.set) < len(s.order) {
		for name := range n.set {
			if v := s.vars[name]; v != nil {
				found = append(found, v)
			}
		}
		slices.SortFunc(found, func(a, b *variable) int { return cmp.Compare(a.idx, b.idx) })
	} else {
		for _, v := range s.order {
			if n.set[v.name] {
				found = append(found, v)
			}
		}
	}
	n.in[s] = found
	return found
}

// EnvNamesAmong gives those of EnvNames that are in a set; nil is the set of
// all.
func (p *Program) EnvNamesAmong(at ir.Expr, names *Names) iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := map[string]bool{}
		p.at(at, func(in *interp, s *Scope, n grammar.Node) {
			for t := s; t != nil; t = t.Parent {
				if t != s && t.Kind == ClassScope {
					continue
				}
				order := t.order
				if names != nil {
					order = names.of(t)
				}
				f := in.frameOf(t)
				for _, v := range order {
					if seen[v.name] || len(v.defs) == 0 {
						continue
					}
					if f != nil {
						if b := f.env.get(v.idx); b == nil || len(b.defs) == 0 {
							continue
						}
					}
					seen[v.name] = true
					if !yield(v.name) {
						return
					}
				}
			}
		})
	}
}

// Defs gives the definitions that may reach the load of a name; for an
// attribute of a module of the program, those of the name there.
func (p *Program) Defs(identifier ir.Expr) []Def {
	u := p.byID[identifier.Unit]
	if u == nil {
		return nil
	}
	var out []Def
	if int(identifier.Node) >= u.Tree.Len() {
		return nil
	}
	if b := u.reach.get(identifier.Node); b != nil {
		for _, d := range b.defs {
			out = append(out, *d)
		}
	}
	return out
}

// DefAt gives the definition that a binding identifier (or import alias) makes.
func (p *Program) DefAt(e ir.Expr) (Def, bool) {
	if u := p.byID[e.Unit]; u != nil && int(e.Node) < u.Tree.Len() {
		if d := u.defAt.get(e.Node); d != nil {
			return *d, true
		}
	}
	return Def{}, false
}

// Readers gives the loads that a definition may reach, in all scopes and
// modules, in program order.
func (p *Program) Readers(d Def) []ir.Expr {
	if p.readers == nil {
		p.readers = map[int][]ir.Expr{}
		for _, u := range p.units {
			for id, b := range u.reach.all() {
				e := u.expr(u.root.Tree().Node(id))
				for _, d := range b.defs {
					p.readers[d.ID] = append(p.readers[d.ID], e)
				}
			}
		}
	}
	return p.readers[d.ID]
}

// AllDefs yields all definitions, by ID, which counts from 0.
func (p *Program) AllDefs() iter.Seq[Def] {
	return func(yield func(Def) bool) {
		for _, d := range p.defs {
			if !yield(*d) {
				return
			}
		}
	}
}

// DefByID gives the definition with an ID.
func (p *Program) DefByID(id int) Def { return *p.defs[id] }

// dynamicInside reports whether a scope inside s reads names that only the run
// knows.
func (p *Program) dynamicInside(s *Scope) bool {
	is, ok := p.dynamic[s]
	if ok {
		return is
	}
	is = slices.ContainsFunc(s.kids, func(k *Scope) bool { return k.dynamic || p.dynamicInside(k) })
	if p.dynamic == nil {
		p.dynamic = map[*Scope]bool{}
	}
	p.dynamic[s] = is
	return is
}

// Escapes reports whether a definition may be read in ways that Readers does
// not list: through __all__ and star imports, globals(), locals() or exec.
func (p *Program) Escapes(d Def) bool {
	s := d.Scope
	if s == nil {
		return true
	}
	for t := s; t != nil; t = t.Parent {
		if t.dynamic {
			return true
		}
	}
	if s.Kind != ModuleScope {
		return false
	}
	if p.dynamicInside(s) {
		return true
	}
	if v := s.vars["__all__"]; v != nil {
		for _, e := range v.defs {
			t, ok := e.Value.(*ir.Seq)
			if !ok || t.Open {
				return true
			}
			for _, a := range t.Elems {
				if name, ok := ir.String(a.Value); ok && name == d.Name {
					return true
				}
			}
		}
	}
	for _, m := range p.files {
		for _, st := range m.stars {
			if st.target == s.m && (st.all || !strings.HasPrefix(d.Name, "_")) {
				return true
			}
		}
	}
	return false
}

// Imports gives every imported name, in source order. The list must not be
// changed.
func (p *Program) Imports() []ImportAlias {
	if p.imports == nil {
		for _, u := range p.units {
			for _, id := range sortedKeys(u.aliasAt) {
				p.imports = append(p.imports, *u.aliasAt[id])
			}
		}
	}
	return p.imports
}

// Reads reports whether the file of a unit imports that of another, by itself or
// through other modules of the program.
func (p *Program) Reads(unit, other ir.UnitID) bool {
	u, v := p.byID[unit], p.byID[other]
	if u == nil || v == nil {
		return false
	}
	seen := []*module{u.m}
	for i := 0; i < len(seen); i++ {
		if seen[i] == v.m {
			return true
		}
		for _, m := range seen[i].reads {
			if !slices.Contains(seen, m) {
				seen = append(seen, m)
			}
		}
	}
	return false
}

// Callers gives the calls of a function of the program, in program order; f is
// its definition.
func (p *Program) Callers(f ir.Expr) []CallSite {
	fn := p.byDef[f]
	if fn == nil {
		return nil
	}
	live := p.in.live(fn)
	sort.SliceStable(live, func(i, j int) bool { return p.Before(live[i].expr(), live[j].expr()) })
	var out []CallSite
	for _, s := range live {
		cs := CallSite{Call: s.expr(), Args: map[string]ir.Arg{}}
		for i, a := range s.args {
			if s.given[i] && fn.params[i].name != "" {
				if a.Value == nil {
					a.Value = &ir.Unknown{At: a.At, Why: "not computed"}
				}
				cs.Args[fn.params[i].name] = a
			}
		}
		out = append(out, cs)
	}
	return out
}

func (s *site) expr() ir.Expr { return s.u.expr(s.n) }

func (p *Program) unitOrder(id ir.UnitID) int {
	if u := p.byID[id]; u != nil {
		return u.ord
	}
	return -1
}

// Before reports whether a stands before b in program order.
func (p *Program) Before(a, b ir.Expr) bool {
	if a.Unit != b.Unit {
		return p.unitOrder(a.Unit) < p.unitOrder(b.Unit)
	}
	return a.Start < b.Start
}

// Straight reports whether b is certainly run after a, exceptions aside: both
// stand in one list of statements (that of consecutive cells or fences counts
// as one), a first, and nothing between leaves it. Two places in one statement
// are straight in the order in which they are written.
func (p *Program) Straight(a, b ir.Expr) bool { return p.straight(a, b) }

func (p *Program) straight(a, b ir.Expr) bool {
	ua, ub := p.byID[a.Unit], p.byID[b.Unit]
	if ua == nil || ub == nil || ua.m != ub.m {
		return false
	}
	na, nb := p.Node(a), p.Node(b)
	if na.IsZero() || nb.IsZero() {
		return false
	}
	sa, sb := statement(na), statement(nb)
	if sa.IsZero() || sb.IsZero() {
		return false
	}
	if ua == ub {
		if sa == sb {
			return a.Start <= b.Start
		}
		if sa.Parent() != sb.Parent() {
			return false
		}
		l := ua.list(sa.Parent())
		return l.reaches(l.index(sa), l.index(sb))
	}
	// Modules cannot be left but by an exception.
	return sa.Parent() == ua.root && sb.Parent() == ub.root && ua.ord < ub.ord
}

// Pure reports whether evaluating an expression has no effect but its value.
func (p *Program) Pure(e ir.Expr) bool {
	u, n := p.byID[e.Unit], p.Node(e)
	return u != nil && !n.IsZero() && p.pure(u, n)
}

// pureCalls are the functions of Python's own that have no effect.
var pureCalls = map[string]bool{
	"builtins.str": true, "builtins.int": true, "builtins.float": true, "builtins.bool": true, "builtins.len": true, "builtins.repr": true,
	"builtins.list": true, "builtins.tuple": true, "builtins.dict": true, "builtins.set": true, "builtins.frozenset": true, "builtins.sorted": true,
	"builtins.min": true, "builtins.max": true, "builtins.abs": true, "builtins.round": true, "builtins.range": true, "builtins.zip": true,
	"builtins.enumerate": true, "builtins.isinstance": true, "builtins.format": true, "builtins.sum": true, "builtins.any": true, "builtins.all": true,
	"os.path.join": true, "os.path.basename": true, "os.path.dirname": true, "os.path.normpath": true, "os.path.splitext": true,
	"os.path.split": true, "posixpath.join": true, "posixpath.basename": true, "posixpath.dirname": true, "os.getenv": true, "os.environ.get": true,
	"os.path.abspath": true, "os.path.expanduser": true, "copy.copy": true, "copy.deepcopy": true, "functools.partial": true, "datetime.timedelta": true, "datetime.datetime.timedelta": true,
}

func (p *Program) pure(u *unit, n grammar.Node) bool {
	switch n.Kind() {
	case grammar.KindAwait, grammar.KindYield, grammar.KindNamedExpression, grammar.KindAssignment, grammar.KindAugmentedAssignment, grammar.KindError:
		return false
	case grammar.KindLambda:
		return true
	case grammar.KindAttribute:
		obj := n.Child(grammar.FieldObject)
		if x, ok := only(u.vals.get(obj.ID())).(*ir.Instance); ok {
			if f := p.in.method(x, n.Child(grammar.FieldAttribute).Text()); f != nil && f.property {
				return false
			}
		}
		return p.pure(u, obj)
	case grammar.KindCall:
		if !p.pureCall(u, n) {
			return false
		}
		if fn := n.Child(grammar.FieldFunction); fn.Is(grammar.KindAttribute) && !p.pure(u, fn.Child(grammar.FieldObject)) {
			return false
		}
		return p.pure(u, n.Child(grammar.FieldArguments))
	}
	for c := range n.Children() {
		if !p.pure(u, c) {
			return false
		}
	}
	return true
}

func (p *Program) pureCall(u *unit, n grammar.Node) bool {
	if c := u.calls[n.ID()]; c != nil {
		return pureCalls[c.Symbol] || p.cfg.Pure != nil && p.cfg.Pure(c.Symbol) || p.buildsRecord(c)
	}
	fn := n.Child(grammar.FieldFunction)
	if f, ok := only(u.vals.get(fn.ID())).(*ir.Function); ok {
		return p.buildsPurely(p.byDef[f.Def])
	}
	if !fn.Is(grammar.KindAttribute) {
		return false
	}
	name := fn.Child(grammar.FieldAttribute).Text()
	recv := u.vals.get(fn.Child(grammar.FieldObject).ID())
	if recv == nil {
		return false
	}
	ok := true
	each(recv, func(v ir.Value) {
		switch x := v.(type) {
		case *ir.Dict:
			ok = ok && (name == "get" || name == "keys" || name == "values" || name == "items" || name == "copy")
		case *ir.Unknown:
			ok = ok && (isText(x) && strMethods[name] || p.reading(x)[name])
		case *ir.Seq:
			ok = ok && (name == "copy" || name == "index" || name == "count")
		default:
			ok = ok && isText(x) && strMethods[name]
		}
	})
	return ok
}

// SameAt reports whether evaluating expression e again just before the
// statement that at stands in certainly gives the value that it has where it
// stands.
func (p *Program) SameAt(e, at ir.Expr) bool {
	u, n := p.byID[e.Unit], p.Node(e)
	if u == nil || n.IsZero() || e.In != nil || !p.pure(u, n) {
		return false
	}
	t := n.Tree()
	for id := n.ID(); id <= n.Last(); id++ {
		c := t.Node(id)
		switch c.Kind() {
		case grammar.KindIdentifier:
			if !p.isLoad(c) || u.scopeInside(n, c) {
				continue
			}
			if !p.sameName(u, c, at) {
				return false
			}
		case grammar.KindAttribute:
			if !p.unchanged(u, c, e, at) {
				return false
			}
		}
	}
	return true
}

// isLoad reports whether an identifier is a name that is read.
func (p *Program) isLoad(c grammar.Node) bool {
	switch parent := c.Parent(); parent.Kind() {
	case grammar.KindAttribute:
		return c.Field() == grammar.FieldObject
	case grammar.KindKeywordArgument:
		return c.Field() == grammar.FieldValue
	}
	return true
}

// scopeInside reports whether the name c is bound by a lambda or comprehension
// that is part of n.
func (u *unit) scopeInside(n, c grammar.Node) bool {
	for a := c.Parent(); !a.IsZero() && a.ID() >= n.ID(); a = a.Parent() {
		if s := u.scope[a.ID()]; s != nil && s.vars[c.Text()] != nil {
			return true
		}
	}
	return false
}

func (p *Program) sameName(u *unit, c grammar.Node, at ir.Expr) bool {
	name := c.Text()
	here := u.reach.get(c.ID())
	there, ok := p.Binding(at, name)
	if here == nil || len(here.defs) == 0 {
		return !ok && u.m == p.moduleOf(at) // undefined in both places, or a builtin
	}
	if !ok || len(here.defs) != len(there.Defs) {
		return false
	}
	if len(here.defs) == 1 && p.ofOneInstance(here.defs[0], there.Defs[0]) {
		return true
	}
	e := u.expr(c)
	for i, d := range here.defs {
		if d.ID != there.Defs[i].ID {
			return false
		}
		for a := d.n; !a.IsZero(); a = a.Parent() {
			if a.Is(grammar.KindForStatement, grammar.KindWhileStatement) {
				loop := d.u.expr(a).Span
				if loop.Contains(e.Span) != loop.Contains(at.Span) {
					return false
				}
				if !loop.Contains(e.Span) && between(p, d.u.expr(a), e, at) {
					return false
				}
				if x := d.u.expr(d.n); loop.Contains(e.Span) && p.Before(x, e) != p.Before(x, at) {
					return false // one reads what the turn before has left
				}
			}
			if a.Is(grammar.KindFunctionDefinition, grammar.KindLambda, grammar.KindClassDefinition) {
				break
			}
		}
	}
	if len(here.defs) > 1 && p.loopOf(e) != p.loopOf(at) {
		return false
	}
	return p.heapSame(u.vals.get(c.ID()), e, at, 0)
}

// ofOneInstance reports whether two definitions are the first parameters of
// methods of one class: they are one object where one method leads to the other.
func (p *Program) ofOneInstance(a *Def, b Def) bool {
	if a.Kind != Param || b.Kind != Param || a.Value != b.Value {
		return false
	}
	if _, ok := a.Value.(*ir.Instance); !ok {
		return false
	}
	first := func(d *Def) bool {
		f := p.byDef[d.Scope.Owner]
		return f != nil && f.class != nil && !f.static && len(f.params) > 0 && f.params[0].def != nil && f.params[0].def.ID == d.ID
	}
	return first(a) && first(&b)
}

func (p *Program) moduleOf(e ir.Expr) *module {
	if u := p.byID[e.Unit]; u != nil {
		return u.m
	}
	return nil
}

// loopOf gives the innermost loop around e.
func (p *Program) loopOf(e ir.Expr) ir.Expr {
	u := p.byID[e.Unit]
	for a := p.Node(e); !a.IsZero(); a = a.Parent() {
		if a.Is(grammar.KindForStatement, grammar.KindWhileStatement) {
			return u.expr(a)
		}
	}
	return ir.Expr{}
}

// between reports whether x stands between a and b, in either order.
func between(p *Program, x, a, b ir.Expr) bool {
	return p.Before(a, x) && p.Before(x, b) || p.Before(b, x) && p.Before(x, a)
}

// heapSame reports whether what v holds is not changed between two places.
func (p *Program) heapSame(v ir.Value, a, b ir.Expr, depth int) bool {
	if depth > 4 {
		return true
	}
	same := true
	check := func(cs []ir.Change) {
		for _, c := range cs {
			if between(p, c.Stmt, a, b) || p.Node(c.Stmt).IsZero() || p.Scope(c.Stmt) != p.Scope(a) {
				same = false
			}
		}
	}
	each(v, func(v ir.Value) {
		switch x := v.(type) {
		case *ir.Object:
			check(x.Changes)
			for _, name := range x.Order {
				same = same && p.heapSame(x.Fields[name].Value, a, b, depth+1)
			}
		case *ir.Seq:
			check(x.Changes)
		case *ir.Dict:
			check(x.Changes)
		}
	})
	return same
}

// unchanged reports whether nothing stores into the attribute c between e and at.
func (p *Program) unchanged(u *unit, c grammar.Node, e, at ir.Expr) bool {
	same := true
	name := c.Child(grammar.FieldAttribute).Text()
	each(u.vals.get(c.Child(grammar.FieldObject).ID()), func(v ir.Value) {
		switch x := v.(type) {
		case *ir.Instance:
			if cl := p.classOf(x); cl != nil {
				for _, d := range p.in.linear(cl) {
					if s := d.attrs[name]; s != nil {
						for _, k := range s.keys {
							same = same && !between(p, k, e, at)
						}
					}
				}
			}
		case *ir.Unknown, *ir.Module:
			if s := p.presumed.heap[attrKey{x, name}]; s != nil {
				for _, k := range s.keys {
					same = same && !between(p, k, e, at)
				}
			}
		}
	})
	return same && p.heapSame(u.vals.get(c.ID()), e, at, 0)
}

func sortStable[T any](xs []T, less func(a, b T) bool) {
	sort.SliceStable(xs, func(i, j int) bool { return less(xs[i], xs[j]) })
}

func exprKey(e ir.Expr) string {
	return strconv.Itoa(int(e.Unit)) + ":" + strconv.Itoa(int(e.Node))
}
