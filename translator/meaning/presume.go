package meaning

import (
	"slices"
	"strings"
	"sync"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// callKey names a call node of the program.
type callKey struct {
	u    *unit
	node int32
}

// presumptions is the memory of the analysis that outlives a round: values that
// are read again, what is stored in values of which little is known, and what
// unknown values are presumed to be.
type presumptions struct {
	as      map[*ir.Unknown]ir.Value
	heap    map[attrKey]*slot
	stores  map[ir.Value]*stores // in lists, dicts and objects, from afar
	typed   map[attrKey]ir.Value
	attrs   map[attrKey]*ir.Unknown
	born    map[ir.Value]ir.Expr
	calls   map[callKey]*ir.Call
	modules map[string]*module
	context *ir.Unknown
	partial map[ir.Value][]ir.Arg // arguments that functools.partial has given
	// handlers are functions by the attribute of parsed arguments that holds them.
	handlers map[string][]*ir.Function
	// changed are configurations that a call changes after they were read.
	changed map[*ir.Unknown]bool
	frames  map[copyKey]*ir.Frame
	copies  map[copyKey]ir.Value  // of parts of records, for one call of what builds them
	symbols map[string]*ir.Symbol // one for all that name the same
}

// symbol gives the one symbol that stands for all of its name.
func (p *presumptions) symbol(s *ir.Symbol) *ir.Symbol {
	one := p.symbols[s.Name]
	if one == nil {
		one = s
		p.symbols[s.Name] = s
	}
	return one
}

func newPresumptions() *presumptions {
	return &presumptions{
		as: map[*ir.Unknown]ir.Value{}, heap: map[attrKey]*slot{}, stores: map[ir.Value]*stores{}, typed: map[attrKey]ir.Value{},
		attrs: map[attrKey]*ir.Unknown{}, born: map[ir.Value]ir.Expr{}, calls: map[callKey]*ir.Call{}, modules: map[string]*module{}, partial: map[ir.Value][]ir.Arg{},
		handlers: map[string][]*ir.Function{}, changed: map[*ir.Unknown]bool{}, frames: map[copyKey]*ir.Frame{}, copies: map[copyKey]ir.Value{},
		symbols: map[string]*ir.Symbol{},
		context: &ir.Unknown{Why: "parameter", Attr: "context"},
	}
}

// surface is what presumptions ask of the tables of the source SDKs.
type surface struct {
	groups  map[string][]group  // by attribute name: clients that have it, and its class
	flat    map[string][]string // by name of a method that tells a client: the clients that have it
	holders map[string][]string // by name of a class or function: the modules that have it
	classes map[string][]string // by name of a class: its qualified names
	kids    map[string][]*sdk.Symbol
}

type group struct{ client, class string }

// surfaces keeps what was read off the tables for the programs that follow.
var surfaces sync.Map // from surfaceKey to *surface

type surfaceKey struct {
	tables      *sdk.Set
	conventions *sdk.Conventions
	sources     string
}

func (p *Program) index() *surface {
	if p.surface != nil {
		return p.surface
	}
	key := surfaceKey{p.tables, p.cfg.Conventions, strings.Join(p.cfg.Sources, "\x00")}
	if s, ok := surfaces.Load(key); ok {
		p.surface = s.(*surface)
		return p.surface
	}
	defer func() { surfaces.Store(key, p.surface) }()
	s := &surface{groups: map[string][]group{}, flat: map[string][]string{}, holders: map[string][]string{}, classes: map[string][]string{}, kids: map[string][]*sdk.Symbol{}}
	p.surface = s
	for _, pkg := range p.tables.Packages() {
		if !slices.ContainsFunc(pkg.Roots, p.isSource) {
			continue
		}
		for sym := range p.tables.Symbols(pkg.Name) {
			owner := sym.Owner()
			s.kids[owner] = append(s.kids[owner], sym)
			if !p.isSource(sym.Name) {
				continue
			}
			switch sym.Kind {
			case sdk.Class, sdk.Function:
				if o, ok := p.tables.Symbol(owner); ok && o.Kind == sdk.Module {
					s.holders[sym.Last()] = append(s.holders[sym.Last()], owner)
					if sym.Kind == sdk.Class {
						s.classes[sym.Last()] = append(s.classes[sym.Last()], sym.Name)
					}
				}
			}
		}
	}
	for _, declared := range p.conventions.Clients {
		for _, client := range declared.Classes {
			if !p.isSource(client) {
				continue
			}
			for _, m := range p.tables.Groups(client) {
				s.groups[m.Last()] = append(s.groups[m.Last()], group{client, m.Newest().Type.Name})
			}
			for _, m := range p.tables.Telling(declared, client) {
				s.flat[m.Last()] = append(s.flat[m.Last()], client)
			}
		}
	}
	return s
}

// members gives the symbols that stand directly in a module.
func (p *Program) members(module string) []*sdk.Symbol { return p.index().kids[module] }

// proven reports whether the program imports or uses a source SDK beyond doubt,
// and marks the modules that do.
func (p *Program) proven() bool {
	any := false
	for _, m := range p.files {
		m.source = false
		for _, u := range m.units {
			for _, a := range u.aliasAt {
				if a.symbol != nil && below(a.Qualified, p.cfg.Sources) {
					m.source = true
				}
			}
			for _, c := range u.calls {
				if !c.Presumed && below(c.Symbol, p.cfg.Sources) {
					m.source = true
				}
			}
		}
		any = any || m.source
	}
	return any
}

// evidence is what the program does with one unknown value.
type evidence struct {
	u       *ir.Unknown
	clients []string // classes that have every group and operation seen
	ops     map[string]bool
	args    int // the most arguments that an operation was given
	modules []string
	bad     bool // something is read of it that no candidate has
	class   string
	file    *module
}

// presume decides what unknown values are by what the program does with them.
// It reports whether anything is new.
func (in *interp) presume() bool {
	p := in.p
	proven := p.proven()
	trigger := false
	for _, m := range p.files {
		trigger = trigger || m.Trigger
	}
	if !proven && !trigger {
		return false
	}
	found := map[*ir.Unknown]*evidence{}
	var order []*evidence
	of := func(u *ir.Unknown, m *module) *evidence {
		e := found[u]
		if e == nil {
			e = &evidence{u: u, ops: map[string]bool{}, file: m}
			found[u] = e
			order = append(order, e)
		}
		if m.source && !e.file.source {
			e.file = m
		}
		return e
	}
	for _, u := range p.units {
		t := u.root.Tree()
		for id := int32(0); id < int32(t.Len()); id++ {
			n := t.Node(id)
			switch n.Kind() {
			case grammar.KindCall:
				in.callEvidence(u, n, of)
			case grammar.KindAttribute:
				in.moduleEvidence(u, n, of)
			}
		}
	}
	changed := false
	for _, e := range order {
		if v := p.conclude(e, proven); v != nil {
			p.presumed.as[e.u] = v
			changed = true
		}
	}
	return changed
}

// conclude gives what the evidence makes of an unknown value, nil for nothing.
func (p *Program) conclude(e *evidence, proven bool) ir.Value {
	if p.presumed.as[e.u] != nil {
		return nil
	}
	undefined := e.u.Why == "undefined"
	if e.class != "" && undefined {
		return &ir.Symbol{Name: e.class, Presumed: true}
	}
	if len(e.modules) == 1 && undefined && !e.bad {
		return &ir.Symbol{Name: e.modules[0], Presumed: true}
	}
	if len(e.clients) > 1 {
		// Of a released client and the one of a pre-release, the released one.
		e.clients = slices.DeleteFunc(e.clients, func(c string) bool {
			sym, ok := p.tables.Symbol(c)
			return ok && strings.Trim(sym.Newest().Version, "0123456789.") != ""
		})
	}
	if len(e.clients) != 1 || len(e.ops) == 0 {
		return nil
	}
	if !undefined && !proven {
		return nil
	}
	if !e.file.source && !e.file.Trigger && len(e.ops) < 2 && e.args < 3 {
		return nil
	}
	o := &ir.Object{Type: e.clients[0], Presumed: true}
	p.objects = append(p.objects, o)
	return o
}

// presumable reports whether nothing speaks against u being an SDK's: it is a
// parameter without callers or a name that nothing defines, or defines before that
// place, or part of one.
func presumable(u *ir.Unknown) bool {
	for i := 0; i < 32; i++ {
		switch x := u.Of.(type) {
		case nil:
			return (u.Why == "parameter" || u.Why == "undefined" || u.Why == "unbound" || u.Why == "star import") && u.Type == ""
		case *ir.Unknown:
			u = x
		case *ir.Instance:
			return true
		default:
			return false
		}
	}
	return false
}

// callEvidence takes X.group.operation(args), X.operation(args), and a called
// name.
func (in *interp) callEvidence(u *unit, n grammar.Node, of func(*ir.Unknown, *module) *evidence) {
	p := in.p
	fn := n.Child(grammar.FieldFunction)
	if fn.Is(grammar.KindIdentifier) {
		x, ok := u.vals.get(fn.ID()).(*ir.Unknown)
		if !ok || x.Why != "undefined" || x.Of != nil {
			return
		}
		classes := p.index().classes[fn.Text()]
		if len(classes) != 1 {
			return
		}
		sym, _ := p.tables.Symbol(classes[0])
		if _, err := p.tables.Bind(sym, shapeOf(n)); err == nil {
			of(x, u.m).class = sym.Name
		}
		return
	}
	if !fn.Is(grammar.KindAttribute) {
		return
	}
	op := fn.Child(grammar.FieldAttribute).Text()
	shape := shapeOf(n)
	each(u.vals.get(fn.Child(grammar.FieldObject).ID()), func(v ir.Value) {
		g, ok := v.(*ir.Unknown)
		if !ok {
			return
		}
		if presumable(g) && !p.annotatedForeign(g) {
			in.operationOf(of, u.m, g, p.index().flat[op], func(client string) string { return client }, op, op, shape)
		}
		x, ok := g.Of.(*ir.Unknown)
		if !ok || !presumable(x) {
			return
		}
		classes := map[string]string{}
		var clients []string
		for _, c := range p.index().groups[g.Attr] {
			classes[c.client] = c.class
			clients = append(clients, c.client)
		}
		in.operationOf(of, u.m, x, clients, func(client string) string { return classes[client] }, op, g.Attr+"."+op, shape)
	})
}

// annotatedForeign reports whether an unknown value is a parameter whose annotation
// names something of another library.
func (p *Program) annotatedForeign(x *ir.Unknown) bool {
	d, ok := p.DefAt(x.At)
	if !ok || d.Kind != Param {
		return false
	}
	f := p.byDef[d.Scope.Owner]
	if f == nil {
		return false
	}
	for _, param := range f.params {
		if param.name != d.Name || param.typ.IsZero() {
			continue
		}
		for id := param.typ.ID(); id <= param.typ.Last(); id++ {
			if s, ok := only(f.u.vals.get(id)).(*ir.Symbol); ok && !p.isSource(s.Name) && !strings.HasPrefix(s.Name, "typing.") {
				return true
			}
		}
	}
	return false
}

// operationOf takes the call of an operation for what it says of an unknown value:
// that it is one of the clients whose operation takes such arguments.
func (in *interp) operationOf(of func(*ir.Unknown, *module) *evidence, m *module, x *ir.Unknown, clients []string, class func(client string) string, op, as string, shape sdk.Args) {
	var fit []string
	for _, client := range clients {
		sym, ok := in.p.tables.Member(class(client), op)
		if !ok || sym.Kind != sdk.Method {
			continue
		}
		if _, err := in.p.tables.Bind(sym, shape); err == nil && !slices.Contains(fit, client) {
			fit = append(fit, client)
		}
	}
	if len(fit) == 0 {
		return
	}
	e := of(x, m)
	if len(e.ops) == 0 {
		e.clients = fit
	} else {
		e.clients = slices.DeleteFunc(e.clients, func(c string) bool { return !slices.Contains(fit, c) })
	}
	e.ops[as] = true
	e.args = max(e.args, shape.Pos+len(shape.Keywords))
}

// shapeOf gives the shape of a call's arguments.
func shapeOf(n grammar.Node) sdk.Args {
	var out sdk.Args
	args := n.Child(grammar.FieldArguments)
	if !args.Is(grammar.KindArgumentList) {
		out.Pos = 1
		return out
	}
	for c := range args.Children() {
		switch c.Kind() {
		case grammar.KindComment, grammar.KindLineContinuation:
		case grammar.KindKeywordArgument:
			out.Keywords = append(out.Keywords, c.Child(grammar.FieldName).Text())
		case grammar.KindListSplat:
			out.HasStar = true
		case grammar.KindDictionarySplat:
			out.HasStarStar = true
		default:
			out.Pos++
		}
	}
	return out
}

// moduleEvidence takes N.Name and N.module.name of a name N that nothing
// defines.
func (in *interp) moduleEvidence(u *unit, n grammar.Node, of func(*ir.Unknown, *module) *evidence) {
	p := in.p
	x, ok := u.vals.get(n.Child(grammar.FieldObject).ID()).(*ir.Unknown)
	if !ok || x.Why != "undefined" || x.Of != nil || p.presumed.as[x] != nil {
		return
	}
	name := n.Child(grammar.FieldAttribute).Text()
	ix := p.index()
	candidates := slices.Clone(ix.holders[name])
	if parent := n.Parent(); parent.Is(grammar.KindAttribute) && n.Field() == grammar.FieldObject {
		inner := parent.Child(grammar.FieldAttribute).Text()
		for _, holder := range ix.holders[inner] {
			if last(holder) == name {
				if i := len(holder) - len(name) - 1; i > 0 {
					candidates = append(candidates, holder[:i])
				}
			}
		}
	}
	e := of(x, u.m)
	if len(candidates) == 0 {
		e.bad = true
		return
	}
	if e.modules == nil {
		e.modules = candidates
		return
	}
	e.modules = slices.DeleteFunc(e.modules, func(m string) bool { return !slices.Contains(candidates, m) })
	if len(e.modules) == 0 {
		e.bad = true
	}
}
