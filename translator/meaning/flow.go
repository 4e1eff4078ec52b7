package meaning

import (
	"slices"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/constant"
)

// interp runs the program abstractly, round after round, until no value changes.
type interp struct {
	p       *Program
	u       *unit
	m       *module
	f       *frame
	fn      *function
	dead    bool
	loops   []*loop
	tries   []*attempt
	guards  []*guard
	heads   map[headKey]*head // of the loops that are being run
	last    bool              // they are run for the last time
	loose   bool              // more was supposed of one of them than holds there
	way     int32             // of a finally clause that is run for one way out: which; 0 where what is found counts
	made    []ir.Value        // what was made and changed in the loops that are being run
	depth   int               // of functions run at their call
	running []*function       // which are these
	nest    int               // of expressions and statements
	steps   int               // expressions and statements run so far
	round   int
	clock   int
	fold    folder
	asked   *asked // set while something is evaluated once more
	turn    int    // which of several values an operand is, see eachApart
	among   bool   // is it one of several?
}

// frame is a scope being run, and the scopes around it that are being run with
// it (a comprehension in a function, a class body in a module).
type frame struct {
	scope *Scope
	env   env
	up    *frame
}

const (
	maxNest  = 3000 // of expressions
	maxDepth = 40   // of functions run at their call
)

func newInterp(p *Program) *interp { return &interp{p: p, fold: newFolder()} }

// aside runs g with a fresh state of flow and puts the old one back.
func (in *interp) aside(u *unit, m *module, f *frame, fn *function, g func()) {
	old := *in
	in.u, in.m, in.f, in.fn, in.dead, in.loops, in.tries, in.turn = u, m, f, fn, false, nil, nil, 0
	in.guards, in.heads, in.last, in.loose, in.way, in.made = nil, nil, false, false, 0, nil
	g()
	in.u, in.m, in.f, in.fn, in.dead, in.loops, in.tries, in.turn = old.u, old.m, old.f, old.fn, old.dead, old.loops, old.tries, old.turn
	in.guards, in.heads, in.last, in.loose, in.way, in.made = old.guards, old.heads, old.last, old.loose, old.way, old.made
}

func (in *interp) runModule(m *module) {
	if in.m != nil && in.m != m && !slices.Contains(in.m.reads, m) {
		in.m.reads = append(in.m.reads, m)
	}
	if m.done == in.round || m.running {
		return
	}
	m.done, m.running = in.round, true
	f := &frame{scope: m.scope, env: newEnv(len(m.scope.order))}
	for _, u := range m.units {
		in.aside(u, m, f, nil, func() { in.block(u.root) })
	}
	m.end = f.env
	m.running = false
}

// runFunction runs a function's body once a round.
func (in *interp) runFunction(f *function) {
	if f.round == in.round || f.running || in.depth > maxDepth {
		return
	}
	f.round, f.running, f.owed = in.round, true, nil
	in.depth++
	in.running = append(in.running, f)
	fr := &frame{scope: f.scope, env: newEnv(len(f.scope.order))}
	in.aside(f.u, f.u.m, fr, f, func() {
		f.next = nil
		for _, s := range in.live(f) {
			for _, fill := range s.fill {
				fill() // its last call may have taken something out
			}
		}
		for i, p := range f.params {
			if p.def != nil {
				in.set(p.def, in.paramValue(f, i))
			}
		}
		if f.body.Is(grammar.KindBlock) {
			in.block(f.body)
			if !in.dead {
				f.next = join(f.next, none)
			}
		} else if !f.body.IsZero() {
			f.next = in.eval(f.body)
		}
	})
	f.ret = in.p.rest.hold(&f.prev[0], f.next)
	in.depth--
	in.running = in.running[:len(in.running)-1]
	f.running = false
}

var none = &ir.Const{}

// block runs the statements of a module or block.
func (in *interp) block(n grammar.Node) {
	for c := range n.Children() {
		if !c.Is(grammar.KindComment, grammar.KindLineContinuation) {
			in.stmt(c)
		}
	}
}

// copy keeps the environments that hold here, for what runs later.
func (f *frame) copy() *frame {
	if f == nil {
		return nil
	}
	return &frame{scope: f.scope, env: f.env, up: f.up.copy()}
}

func (in *interp) stmt(n grammar.Node) {
	if in.nest++; in.nest > maxNest {
		in.nest--
		return
	}
	in.steps++
	defer func() { in.nest-- }()
	*in.u.pre.at(n.ID()) = in.f.copy()
	switch n.Kind() {
	case grammar.KindError:
		return
	case grammar.KindIfStatement:
		in.ifStmt(n)
	case grammar.KindForStatement:
		in.forStmt(n)
	case grammar.KindWhileStatement:
		in.whileStmt(n)
	case grammar.KindTryStatement:
		in.tryStmt(n)
	case grammar.KindWithStatement:
		in.withStmt(n)
	case grammar.KindMatchStatement:
		in.matchStmt(n)
	case grammar.KindDecoratedDefinition:
		for c := range n.Children() {
			if c.Is(grammar.KindDecorator) {
				in.decorator(c)
			}
		}
		d := n.Child(grammar.FieldDefinition)
		if d.Is(grammar.KindFunctionDefinition) {
			in.defFunction(d)
		} else if d.Is(grammar.KindClassDefinition) {
			in.defClass(d)
		}
	case grammar.KindFunctionDefinition:
		in.defFunction(n)
	case grammar.KindClassDefinition:
		in.defClass(n)
	case grammar.KindBlock:
		in.block(n)
	default:
		if !n.HasError() {
			in.simple(n)
		}
	}
}

func (in *interp) simple(n grammar.Node) {
	switch n.Kind() {
	case grammar.KindReturnStatement:
		var v ir.Value = none
		if c := n.FirstChild(); !c.IsZero() {
			v = in.eval(c)
		}
		if in.fn != nil {
			in.fn.next = join(in.fn.next, v)
		}
		in.dead = true
	case grammar.KindRaiseStatement:
		in.children(n)
		in.dead = true
	case grammar.KindBreakStatement, grammar.KindContinueStatement:
		if !in.dead {
			in.leave(n.Is(grammar.KindBreakStatement), in.f.env)
		}
		in.dead = true
	case grammar.KindImportStatement, grammar.KindImportFromStatement:
		in.importStmt(n)
	case grammar.KindDeleteStatement:
		for c := range n.Children() {
			in.del(c)
		}
	case grammar.KindGlobalStatement, grammar.KindNonlocalStatement, grammar.KindFutureImportStatement, grammar.KindPassStatement:
	default:
		in.children(n)
	}
}

// children evaluates the expressions of a node in order.
func (in *interp) children(n grammar.Node) {
	for c := range n.Children() {
		if !c.Is(grammar.KindComment, grammar.KindLineContinuation) {
			in.eval(c)
		}
	}
}

func (in *interp) decorator(n grammar.Node) {
	if !n.HasError() {
		in.children(n)
	}
}

func (in *interp) del(n grammar.Node) {
	switch n.Kind() {
	case grammar.KindIdentifier:
		in.eval(n)
		if v := in.f.scope.find(n.Text()); v != nil {
			if f := in.frameOf(v.scope); f != nil {
				f.env = f.env.set(v.idx, &binding{maybe: true})
			}
		}
	case grammar.KindExpressionList, grammar.KindTuple, grammar.KindList, grammar.KindParenthesizedExpression:
		for c := range n.Children() {
			in.del(c)
		}
	default:
		in.eval(n)
	}
}

// frameOf gives the frame in which scope is being run, nil if its variables are
// not flow-sensitive here.
func (in *interp) frameOf(s *Scope) *frame {
	for f := in.f; f != nil; f = f.up {
		if f.scope == s {
			return f
		}
	}
	return nil
}

// set makes d the definition that reaches from here.
func (in *interp) set(d *Def, v ir.Value) {
	if in.asked != nil {
		return
	}
	in.clock++
	v = in.p.rest.hold(&d.prev, v)
	d.Value = v
	d.v.touch = in.clock
	f := in.frameOf(d.Scope)
	if f == nil {
		return
	}
	b := &binding{defs: []*Def{d}, val: v}
	f.env = f.env.set(d.v.idx, b)
	for _, a := range in.tries {
		if a.frame == f {
			a.idx = append(a.idx, d.v.idx)
			a.bound = append(a.bound, b)
		}
	}
}

// meet continues with the environments of several ends; an end that is nil is
// dead.
func (in *interp) meet(ends ...*env) {
	var out *env
	for _, e := range ends {
		switch {
		case e == nil:
		case out == nil:
			out = e
		default:
			j := joinEnv(*out, *e)
			out = &j
		}
	}
	if out != nil {
		in.f.env, in.dead = *out, false
		return
	}
	in.dead = true
}

// end gives the environment here, nil if nothing comes here.
func (in *interp) end() *env {
	if in.dead {
		return nil
	}
	e := in.f.env
	return &e
}

// header evaluates an expression of a compound statement's header.
func (in *interp) header(n grammar.Node) ir.Value {
	if n.IsZero() || n.HasError() {
		return &ir.Unknown{Why: "syntax error"}
	}
	return in.eval(n)
}

func (in *interp) ifStmt(n grammar.Node) {
	dead := in.dead
	cond := n.Child(grammar.FieldCondition)
	other := in.decide(cond)
	in.block(n.Child(grammar.FieldConsequence))
	ends := []*env{in.end()}
	closed := false
	for c := range n.ChildrenOf(grammar.FieldAlternative) {
		in.f.env, in.dead = other, dead
		if c.Is(grammar.KindElifClause) {
			other = in.decide(c.Child(grammar.FieldCondition))
			in.block(c.Child(grammar.FieldConsequence))
		} else {
			closed = true
			in.block(c.Child(grammar.FieldBody))
		}
		ends = append(ends, in.end())
	}
	if !closed && !dead {
		ends = append(ends, &other)
	}
	in.meet(ends...)
	in.dead = in.dead || dead
}

// decide evaluates the condition of a branch. It goes on where the condition
// holds and gives the environment where it does not.
func (in *interp) decide(cond grammar.Node) (other env) {
	in.header(cond)
	here := in.f.env
	if cond.IsZero() || cond.HasError() {
		return here
	}
	in.assume(cond, false)
	other = in.f.env
	in.f.env = here
	in.assume(cond, true)
	return other
}

func (in *interp) loopElse(n grammar.Node, l *loop, ends bool) {
	dead := in.dead
	if !ends {
		in.dead = true
	}
	if c := n.Child(grammar.FieldAlternative); !c.IsZero() {
		in.block(c.Child(grammar.FieldBody))
	}
	out := []*env{in.end()}
	for i := range l.breaks {
		out = append(out, &l.breaks[i])
	}
	in.meet(out...)
	in.dead = in.dead || dead
}

func (in *interp) forStmt(n grammar.Node) {
	right := n.Child(grammar.FieldRight)
	v := in.header(right)
	left := n.Child(grammar.FieldLeft)
	_, l := in.body(n, func() {
		if !left.IsZero() && !left.HasError() {
			in.assign(left, in.element(v, right), ir.Expr{})
		}
	})
	in.loopElse(n, l, true)
}

// caught gives the exception that an except clause names: an instance of one of
// the classes that the SDKs' tables know.
func (in *interp) caught(n grammar.Node, class ir.Value) ir.Value {
	if out := in.instances(class, n); out != nil {
		return out
	}
	return in.unknown(n, "exception", "")
}

func (in *interp) whileStmt(n grammar.Node) {
	cond := n.Child(grammar.FieldCondition)
	forever := false
	_, l := in.body(n, func() {
		c, ok := in.header(cond).(*ir.Const)
		forever = ok && constant.Truth(c.V)
	})
	if !cond.HasError() {
		in.eval(cond)
	}
	in.loopElse(n, l, !forever)
}

// asPattern evaluates `expr as target`.
func (in *interp) asPattern(n grammar.Node, enter func(at grammar.Node, v ir.Value) ir.Value) {
	var v ir.Value
	var at grammar.Node
	for c := range n.Children() {
		switch {
		case c.Is(grammar.KindComment, grammar.KindLineContinuation):
		case c.Field() == grammar.FieldAlias:
			in.assign(c, enter(at, v), in.u.expr(at))
		default:
			at = c
			v = in.eval(c)
		}
	}
}

func (in *interp) withStmt(n grammar.Node) {
	for c := range n.Children() {
		if !c.Is(grammar.KindWithClause) || c.HasError() {
			continue
		}
		for item := range c.Children() {
			if !item.Is(grammar.KindWithItem) {
				continue
			}
			v := item.Child(grammar.FieldValue)
			if v.Is(grammar.KindAsPattern) {
				in.asPattern(v, in.enter)
			} else if !v.IsZero() {
				in.eval(v)
			}
		}
	}
	in.block(n.Child(grammar.FieldBody))
}

// enter gives what a with statement binds for the manager v.
func (in *interp) enter(at grammar.Node, v ir.Value) ir.Value {
	if f := in.u.manages[at.ID()]; f != nil && !at.IsZero() {
		return f.out
	}
	switch x := only(v).(type) {
	case *ir.Instance:
		if f := in.method(x, "__enter__"); f != nil {
			in.record(at, f, x, nil)
			return in.returned(f, at)
		}
	case *ir.Unknown:
		if x.Type == "file" {
			return x
		}
		return in.unknown(at, "with", "")
	case nil:
		return in.unknown(at, "with", "")
	}
	return v
}

func (in *interp) matchStmt(n grammar.Node) {
	dead := in.dead
	subject := in.header(n.Child(grammar.FieldSubject))
	entry := in.f.env
	ends := []*env{}
	for c := range n.Child(grammar.FieldBody).Children() {
		if !c.Is(grammar.KindCaseClause) {
			continue
		}
		in.f.env, in.dead = entry, dead
		for d := range c.Children() {
			switch {
			case d.Is(grammar.KindBlock):
				in.block(d)
			case d.Is(grammar.KindComment, grammar.KindLineContinuation) || d.HasError():
			case d.Is(grammar.KindIfClause):
				in.children(d)
			default:
				in.pattern(d, subject)
			}
		}
		ends = append(ends, in.end())
	}
	if !dead {
		ends = append(ends, &entry)
	}
	in.meet(ends...)
	in.dead = in.dead || dead
}

// pattern binds the captures of a case pattern and evaluates its names.
func (in *interp) pattern(n grammar.Node, v ir.Value) {
	if d := in.u.defAt.get(n.ID()); d != nil {
		in.set(d, v)
		return
	}
	switch n.Kind() {
	case grammar.KindCasePattern, grammar.KindAsPattern, grammar.KindUnionPattern:
		for c := range n.Children() {
			in.pattern(c, v)
		}
		return
	case grammar.KindDottedName:
		first := n.FirstChild()
		if first.NextSibling().IsZero() && !n.Parent().Is(grammar.KindClassPattern) {
			if d := in.u.defAt.get(first.ID()); d != nil {
				in.set(d, v)
			}
			return
		}
		in.dotted(n)
		return
	case grammar.KindIdentifier, grammar.KindString, grammar.KindComment:
		return
	}
	for c := range n.Children() {
		in.pattern(c, in.unknown(c, "pattern", ""))
	}
}

// dotted evaluates a dotted name of a pattern.
func (in *interp) dotted(n grammar.Node) ir.Value {
	var v ir.Value
	for c := range n.Children() {
		if v == nil {
			v = in.eval(c)
		} else {
			v = in.put(c, in.attr(v, c.Text(), c, ir.Expr{}))
		}
	}
	return in.put(n, v)
}

func (in *interp) defFunction(n grammar.Node) {
	f := in.p.byDef[in.u.expr(n)]
	if f == nil {
		return
	}
	for _, p := range f.params {
		for _, d := range []grammar.Node{p.deflt, p.typ} {
			if !d.IsZero() && !d.HasError() {
				in.eval(d)
			}
		}
	}
	if t := n.Child(grammar.FieldReturnType); !t.IsZero() && !t.HasError() {
		in.eval(t)
	}
	if d := in.u.defAt.get(n.Child(grammar.FieldName).ID()); d != nil {
		in.set(d, f.val)
	}
}

func (in *interp) defClass(n grammar.Node) {
	c := in.p.byClass[in.u.expr(n)]
	if c == nil {
		return
	}
	if b := n.Child(grammar.FieldSuperclasses); !b.IsZero() && !b.HasError() {
		c.bases = c.bases[:0]
		for d := range b.Children() {
			if d.Is(grammar.KindKeywordArgument) {
				in.eval(d.Child(grammar.FieldValue))
			} else if !d.Is(grammar.KindComment, grammar.KindLineContinuation) {
				v := in.eval(d)
				c.bases = append(c.bases, v)
				if base := in.p.classOf(v); base != nil && !contains(base.subs, c) {
					base.subs = append(base.subs, c)
				}
			}
		}
	}
	in.f = &frame{scope: c.scope, env: newEnv(len(c.scope.order)), up: in.f}
	dead := in.dead
	in.block(n.Child(grammar.FieldBody))
	c.env = in.f.env
	in.f, in.dead = in.f.up, dead
	if name := n.Child(grammar.FieldName); !name.IsZero() {
		if d := in.u.defAt.get(name.ID()); d != nil {
			in.set(d, c.value)
		}
	}
}

func contains(cs []*class, c *class) bool {
	for _, d := range cs {
		if d == c {
			return true
		}
	}
	return false
}

// assign gives a target its value; from is the expression that gives it.
func (in *interp) assign(n grammar.Node, v ir.Value, from ir.Expr) {
	switch n.Kind() {
	case grammar.KindIdentifier:
		if d := in.u.defAt.get(n.ID()); d != nil {
			in.put(n, v)
			in.set(d, v)
		}
	case grammar.KindPatternList, grammar.KindTuplePattern, grammar.KindListPattern, grammar.KindTuple, grammar.KindList, grammar.KindExpressionList:
		var parts []grammar.Node
		star := -1
		for c := range n.Children() {
			if c.Is(grammar.KindComment, grammar.KindLineContinuation) {
				continue
			}
			if c.Is(grammar.KindListSplatPattern, grammar.KindListSplat) {
				star = len(parts)
			}
			parts = append(parts, c)
		}
		for i, c := range parts {
			if i == star {
				in.assign(c.FirstChild(), in.unknown(c, "starred target", "list"), ir.Expr{})
				continue
			}
			j := i
			if star >= 0 && i > star {
				j = i - len(parts)
			}
			w, at := in.item(v, j, len(parts), star >= 0, c)
			in.assign(c, w, at)
		}
	case grammar.KindParenthesizedExpression, grammar.KindAsPatternTarget:
		for c := range n.Children() {
			if !c.Is(grammar.KindComment, grammar.KindLineContinuation) {
				in.assign(c, v, from)
			}
		}
	case grammar.KindAttribute:
		obj := n.Child(grammar.FieldObject)
		o := in.eval(obj)
		in.put(n, v)
		in.setAttr(o, n.Child(grammar.FieldAttribute).Text(), ir.Arg{Value: v, At: from}, n)
	case grammar.KindSubscript:
		o := in.eval(n.Child(grammar.FieldValue))
		var keys []ir.Value
		slice := false
		for c := range n.ChildrenOf(grammar.FieldSubscript) {
			keys = append(keys, in.eval(c))
			slice = c.Is(grammar.KindSlice)
		}
		in.put(n, v)
		switch {
		case len(keys) != 1:
		case slice:
			in.setSlice(o, keys[0], ir.Arg{Value: v, At: from}, n)
		default:
			in.setItem(o, keys[0], ir.Arg{Value: v, At: from}, n)
		}
	default:
		in.eval(n)
	}
}

// item gives element i of n that v unpacks to, for the target at; a negative i
// counts from the end.
func (in *interp) item(v ir.Value, i, n int, open bool, at grammar.Node) (ir.Value, ir.Expr) {
	var out ir.Value
	var from ir.Expr
	each(v, func(v ir.Value) {
		if x, ok := v.(*ir.Instance); ok && i >= 0 {
			if c := in.p.classOf(x); c != nil && c.fields && i < len(c.scope.order) {
				out = join(out, in.instanceAttr(x, c.scope.order[i].name, at, ir.Expr{}))
				return
			}
		}
		if s, ok := v.(*ir.Seq); ok && !s.Open && (open || len(s.Elems) == n) {
			j := i
			if j < 0 {
				j += len(s.Elems)
			}
			if j >= 0 && j < len(s.Elems) && s.Elems[j].Star == 0 {
				out = join(out, s.Elems[j].Value)
				from = s.Elems[j].At
				return
			}
		}
		if e := in.elementOf(v); e != nil {
			out = join(out, e)
			return
		}
		out = join(out, in.unknown(at, "unpacked", ""))
	})
	if out == nil && v != nil {
		out = in.unknown(at, "unpacked", "")
	}
	return out, from
}
