package rewrite

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
)

// context is what a rule sees of one use. It implements ir.Context.
type context struct {
	e    *engine
	rule *rules.Rule
	use  *ir.Use
	call *ir.Call
	stmt ir.Expr // the statement of the use
	// place is the statement for which terms are resolved; it differs from stmt
	// for records that are changed after their construction.
	place ir.Expr

	used    map[string]bool // parameters that something has read
	before  []ir.Term       // statements that resources asked for
	made    []*holding      // resources that were put into variables for it
	target  ir.Term
	targetV *ir.Variable
	emitted []ir.Span // user expressions that the answer gives back
	reads   []read    // names that the answer reads
	notes   []ir.Note
	extra   map[string]ir.Term // holes besides the parameters
	around  map[string]ir.Arg  // what identifies the resource that is being made
	once    map[string]string  // arguments put into a variable, by parameter
	names   []scopedName       // taken by Fresh
	asBuilt bool               // fields are those of the construction
	asked   bool               // asked what the program reads: answer again later
	failed  string

	optional []*optionalPart  // of the record at hand; nil until asked for
	guards   *[]*optionalPart // where None may stand for what is not given: what of it was read
}

// read is a variable of the user's that a term reads at a place.
type read struct {
	name string
	at   ir.Expr
}

func (e *engine) context(r *rules.Rule, u *ir.Use) *context {
	stmt := e.p.Stmt(u.At)
	return &context{e: e, rule: r, use: u, call: u.Call, stmt: stmt, place: stmt, used: map[string]bool{}}
}

func itoa(i int64) string { return strconv.FormatInt(i, 10) }

// Call implements ir.Context.
func (c *context) Call() *ir.Call { return c.call }

// Use implements ir.Context.
func (c *context) Use() *ir.Use { return c.use }

// Recv implements ir.Context.
func (c *context) Recv() ir.Arg {
	if c.call != nil && c.call.Recv.Value != nil {
		return c.call.Recv
	}
	n := c.e.node(c.use.At)
	if n.Is(grammar.KindAttribute) {
		o := c.e.expr(c.use.At.Unit, n.Child(grammar.FieldObject))
		return ir.Arg{Value: c.e.p.Value(o), At: o}
	}
	return ir.Arg{}
}

// Object implements ir.Context.
func (c *context) Object() *ir.Object {
	if c.use.Kind == ir.MakeUse && c.call != nil {
		o, _ := c.call.Result.(*ir.Object)
		return o
	}
	recv := c.Recv()
	o, _ := alike(recv.Value).(*ir.Object)
	if n := c.e.node(recv.At); o != nil && o.From != nil && !recv.At.IsZero() && n.Is(grammar.KindAttribute) {
		// Where it was read from is what the text says here.
		here := *o
		here.FromExpr = c.e.expr(recv.At.Unit, n.Child(grammar.FieldObject))
		if v := alike(c.e.p.Value(here.FromExpr)); v != nil {
			here.From = v
		}
		return &here
	}
	return o
}

// single gives the one value that v can be, looking through joins with None
// and with itself.
func single(v ir.Value) ir.Value {
	j, ok := v.(*ir.Join)
	if !ok {
		return v
	}
	var one ir.Value
	for _, x := range j.Of {
		if ir.IsNone(x) {
			continue
		}
		if one != nil && !ir.Same(one, x) {
			return v
		}
		one = x
	}
	return one
}

// alike gives an object of the class that v certainly is an instance of, where
// several paths give one of their own: its type counts, and not which it is.
func alike(v ir.Value) ir.Value {
	v = single(v)
	j, ok := v.(*ir.Join)
	if !ok {
		return v
	}
	var first *ir.Object
	for _, x := range j.Of {
		if ir.IsNone(x) {
			continue
		}
		o, ok := alike(x).(*ir.Object)
		if !ok || first != nil && (o.Type != first.Type || o.Attr != first.Attr) {
			return v
		}
		if first == nil {
			first = o
		}
	}
	if first == nil {
		return v
	}
	return first
}

// asksFor counts how often the rule's templates name a resource.
func (c *context) asksFor(kind string) int {
	if c.rule == nil {
		return 0
	}
	text := c.rule.To + c.rule.Do
	switch {
	case c.use == nil:
	case c.e.shapeOf(c.use).waits:
		text += c.rule.Wait
	case c.e.keepsPoller(c.rule, c.use):
		text += c.rule.Poller
	}
	return strings.Count(text, "{"+kind+"}")
}

// Arg implements ir.Context.
func (c *context) Arg(name string) (ir.Arg, bool) {
	c.used[name] = true
	if c.use.Kind == ir.MakeUse {
		if o := c.Object(); o != nil {
			return c.field(o, name)
		}
	}
	if c.call == nil {
		return ir.Arg{}, false
	}
	a, ok := c.call.Bound[name]
	return a, ok
}

// Path implements ir.Context.
func (c *context) Path(p string) (ir.Arg, bool) {
	head, rest, more := strings.Cut(p, ".")
	a, ok := c.Arg(head)
	for ok && more {
		head, rest, more = strings.Cut(rest, ".")
		a, ok, _ = c.partOfRecord(a.Value, head)
	}
	return a, ok
}

// field gives a field of a record: as it is after all changes, or as it was
// built where the changes are carried over one by one.
func (c *context) field(o *ir.Object, name string) (ir.Arg, bool) {
	left := len(c.e.leftSteps) > 0 && slices.ContainsFunc(o.Changes, func(ch ir.Change) bool { return ch.Path == name && c.e.leftSteps[keyOf(ch.Stmt)] })
	if (c.asBuilt || left) && o.Made != nil {
		a, ok := o.Made.Bound[name]
		return a, ok
	}
	a, ok := o.Fields[name]
	return a, ok
}

// Calls implements ir.Context.
func (c *context) Calls(symbol string) []*ir.Call {
	var out []*ir.Call
	for _, call := range c.e.p.Calls(symbol) {
		if c.e.belongs(call.At.Unit, c.e.fileOf[c.use.At.Unit]) {
			out = append(out, call)
		}
	}
	return out
}

// Lines implements ir.Context.
func (c *context) Lines() []*ir.Call {
	return slices.DeleteFunc(slices.Clone(c.e.p.Lines()), func(call *ir.Call) bool {
		return !c.e.belongs(call.At.Unit, c.e.fileOf[c.use.At.Unit])
	})
}

// Occasions implements ir.Context.
func (c *context) Occasions(call *ir.Call) ([]ir.Occasion, bool) {
	from := c.use.At
	if call == c.call {
		from = ir.Expr{}
	}
	found, all := c.e.p.Occasions(call, from)
	out := make([]ir.Occasion, len(found))
	for i, o := range found {
		out[i] = o
	}
	return out, all
}

// Made implements ir.Context.
func (c *context) Made(class string) []*ir.Object {
	var out []*ir.Object
	for _, call := range c.Calls(class) {
		if o, ok := call.Result.(*ir.Object); ok && o.Type == class {
			out = append(out, o)
		}
	}
	return out
}

// Before implements ir.Context.
func (c *context) Before(a, b ir.Expr) bool { return c.e.p.Before(a, b) }

// Text implements ir.Context.
func (c *context) Text(x ir.Expr) string {
	if x.IsZero() {
		return ""
	}
	return c.e.source(x.Span)
}

// Option implements ir.Context.
func (c *context) Option(name string) string {
	return c.rule.Pack.Choice(c.e.opt.Settings, name)
}

// Fresh implements ir.Context.
func (c *context) Fresh(want string) *ir.Variable {
	name := c.e.freshName(c.stmt, want)
	c.names = append(c.names, scopedName{c.e.p.Scope(c.stmt), name})
	return &ir.Variable{Want: want, Name: name}
}

// Stem implements ir.Context.
func (c *context) Stem() string {
	file := strings.ReplaceAll(c.e.files[c.e.fileOf[c.use.At.Unit]].Path, `\`, "/")
	name := path.Base(file)
	if dir := path.Base(path.Dir(file)); (name == "__init__.py" || name == "__main__.py") && dir != "." && dir != "/" && dir != ".." {
		return dir // a package is called as its folder is
	}
	if i := strings.IndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return name
}

// ReadFile implements ir.Context.
func (c *context) ReadFile(p string) (string, bool) {
	if c.e.opt.ReadFile == nil {
		return "", false
	}
	return c.e.opt.ReadFile(c.e.fileOf[c.use.At.Unit], p)
}

// Target implements ir.Context.
func (c *context) Target() ir.Term {
	if c.target != nil {
		return c.target
	}
	s := c.e.shapeOf(c.use)
	// What the carried resource is made for is read through the carrier's own
	// variable, and not through one that nothing reads.
	makes, ok := c.e.migration.Resource(c.rule.Pack, c.rule.Makes)
	spare := ok && len(makes.Carriers) > 0 && !s.left.IsZero() && c.e.isThrowaway(s)
	if !s.left.IsZero() && c.e.source(s.left.Span) != "_" && !spare {
		c.target = &ir.Source{Arg: ir.Arg{At: s.left}}
		return c.target
	}
	// Its name is chosen when the answer says what it holds.
	c.targetV = &ir.Variable{}
	c.target = &ir.Var{Handle: c.targetV}
	return c.target
}

// nameTarget chooses the name of the variable that the engine makes for the
// result.
func (c *context) nameTarget(ans *ir.Answer) {
	if c.targetV == nil || c.targetV.Name != "" {
		return
	}
	kind := c.rule.Makes
	if ans != nil && ans.Makes != nil {
		kind = ans.Makes.Kind
	}
	c.targetV.Name = c.e.variableFor(c, kind)
	c.targetV.Want = c.targetV.Name
}

// Can implements ir.Context.
func (c *context) Can(a ir.Arg) bool {
	trial, kept, members := *c, c.e.kept, c.e.alive.members
	trial.guards = &[]*optionalPart{}
	_, ok := c.e.spell(&trial, a)
	c.e.kept, c.e.alive.members = kept, members
	return ok
}

// Held implements ir.Context.
func (c *context) Held(v ir.Value) (ir.Term, bool) {
	if name, ok := c.e.nameHolding(c, v); ok {
		return &visible{name: name, at: c.place}, true
	}
	o, ok := v.(*ir.Object)
	if !ok || o.Made == nil {
		return nil, false
	}
	if made := c.e.p.Stmt(o.Made.At); c.e.functionScope(c.e.p.Scope(made)) != c.e.functionScope(c.e.p.Scope(c.place)) && !c.e.setBefore(made, c.place) {
		return nil, false // a variable of another function
	}
	return c.e.hold(o)
}

// ReadAttrs implements ir.Context.
func (c *context) ReadAttrs(o *ir.Object) ([]string, bool) {
	c.asked = true
	return c.e.readAttrs(o)
}

// Given implements ir.Context.
func (c *context) Given(x ir.Expr) bool { return !x.IsZero() && c.e.given(x) }

// Shown implements ir.Context.
func (c *context) Shown() bool { return shown(c.e.node(c.use.At)) }

func shown(n grammar.Node) bool {
	for p := n.Parent(); !p.IsZero(); n, p = p, p.Parent() {
		switch p.Kind() {
		case grammar.KindParenthesizedExpression, grammar.KindBooleanOperator, grammar.KindTuple, grammar.KindInterpolation, grammar.KindString,
			grammar.KindBinaryOperator, grammar.KindKeywordArgument, grammar.KindConcatenatedString:
			continue
		case grammar.KindNotOperator, grammar.KindPrintStatement:
			return true
		case grammar.KindComparisonOperator:
			other := p.FirstChild()
			if other.ID() == n.ID() {
				other = p.LastChild()
			}
			return other.Is(grammar.KindNone)
		case grammar.KindIfStatement, grammar.KindWhileStatement, grammar.KindElifClause, grammar.KindConditionalExpression, grammar.KindIfClause:
			return p.Child(grammar.FieldCondition).ID() == n.ID() || p.Is(grammar.KindIfClause) ||
				p.Is(grammar.KindConditionalExpression) && p.FirstChild().NextSibling().ID() == n.ID()
		case grammar.KindArgumentList:
			call := p.Parent()
			fn := call.Child(grammar.FieldFunction)
			if !fn.Is(grammar.KindAttribute) {
				return fn.Text() == "print"
			}
			switch fn.Child(grammar.FieldAttribute).Text() {
			case "debug", "info", "warning", "warn", "error", "critical", "exception", "log", "echo", "secho":
				return true
			case "format":
				n, p = p, call
				continue
			}
			return false
		default:
			return false
		}
	}
	return false
}

// Iterated implements ir.Context.
func (c *context) Iterated() bool {
	n := c.e.node(c.use.At)
	p := n.Parent()
	for p.Is(grammar.KindParenthesizedExpression) || p.Is(grammar.KindBooleanOperator) && p.Operator() == "or" && p.Child(grammar.FieldLeft).ID() == n.ID() {
		n, p = p, p.Parent()
	}
	return p.Is(grammar.KindForStatement, grammar.KindForInClause) && p.Child(grammar.FieldRight).ID() == n.ID()
}

// Passed implements ir.Context.
func (c *context) Passed() *ir.Call {
	p := c.e.node(c.use.At).Parent()
	if p.Is(grammar.KindKeywordArgument) {
		p = p.Parent()
	}
	if !p.Is(grammar.KindArgumentList) || !p.Parent().Is(grammar.KindCall) {
		return nil
	}
	return c.e.p.CallAt(c.e.expr(c.use.At.Unit, p.Parent()))
}

// Calculated implements ir.Context.
func (c *context) Calculated() (is, tested bool) {
	n := c.e.node(c.use.At)
	if calculated(n) {
		return true, false
	}
	for p := n.Parent(); p.Is(grammar.KindParenthesizedExpression); p = n.Parent() {
		n = p
	}
	left := grammar.Node{}
	switch p := n.Parent(); {
	case p.Is(grammar.KindAssignment) && p.Child(grammar.FieldRight).ID() == n.ID():
		left = p.Child(grammar.FieldLeft)
	case p.Is(grammar.KindExpressionList, grammar.KindTuple) && p.Parent().Is(grammar.KindAssignment) && p.Parent().Child(grammar.FieldRight).ID() == p.ID():
		// a, b = x, y
		left = p.Parent().Child(grammar.FieldLeft).FirstChild()
		for x := p.FirstChild(); x.ID() != n.ID() && !x.IsZero() && !left.IsZero(); x = x.NextSibling() {
			left = left.NextSibling()
		}
	}
	if !left.Is(grammar.KindIdentifier) {
		return false, false
	}
	d, ok := c.e.p.DefAt(c.e.expr(c.use.At.Unit, left))
	if !ok {
		return false, false
	}
	for _, r := range c.e.p.Readers(d) {
		n := c.e.node(r)
		switch {
		case calculated(n):
			is = true
		case n.Parent().Is(grammar.KindComparisonOperator, grammar.KindIfStatement, grammar.KindWhileStatement, grammar.KindElifClause,
			grammar.KindConditionalExpression, grammar.KindBooleanOperator, grammar.KindNotOperator, grammar.KindIfClause):
			tested = true
		}
	}
	return is, tested
}

// calculated reports whether an operator, a comparison of size, an attribute or
// a format of its own is applied to a node.
func calculated(n grammar.Node) bool {
	p := n.Parent()
	for p.Is(grammar.KindParenthesizedExpression) {
		n, p = p, p.Parent()
	}
	switch p.Kind() {
	case grammar.KindAttribute:
		return p.Child(grammar.FieldObject).ID() == n.ID()
	case grammar.KindBinaryOperator:
		op := p.Child(grammar.FieldOperator).Text()
		return op == "+" || op == "-"
	case grammar.KindComparisonOperator:
		for op := range p.Operators() {
			if strings.ContainsAny(op, "<>") && op != "<>" {
				return true
			}
		}
	case grammar.KindInterpolation:
		for x := range p.Children() {
			if x.Is(grammar.KindFormatSpecifier) {
				return strings.Contains(x.Text(), "%")
			}
		}
	case grammar.KindArgumentList:
		fn := p.Parent().Child(grammar.FieldFunction)
		return fn.Is(grammar.KindAttribute) && fn.Child(grammar.FieldAttribute).Text() == "format" && timeFormat.MatchString(fn.Child(grammar.FieldObject).Text())
	}
	return false
}

// timeFormat matches texts with a replacement field in the manner of strftime.
var timeFormat = regexp.MustCompile(`\{[^{}]*:[^{}]*%[A-Za-z]`)

// Compared implements ir.Context.
func (c *context) Compared(attributes ...string) (other ir.Arg, op string, comparison ir.Expr, ok bool) {
	n := c.e.node(c.use.At)
	p := n.Parent()
	for p.Is(grammar.KindParenthesizedExpression) ||
		p.Is(grammar.KindAttribute) && slices.Contains(attributes, p.Child(grammar.FieldAttribute).Text()) {
		n, p = p, p.Parent()
	}
	if call := p.Parent(); p.Is(grammar.KindAttribute) && call.Is(grammar.KindCall) && call.Child(grammar.FieldFunction).ID() == p.ID() {
		// X.startswith(other) and X.endswith(other)
		name := p.Child(grammar.FieldAttribute).Text()
		args := call.Child(grammar.FieldArguments)
		first := args.FirstChild()
		if name != "startswith" && name != "endswith" || !args.Is(grammar.KindArgumentList) || first.IsZero() || !first.NextSibling().IsZero() {
			return other, "", comparison, false
		}
		x := c.e.expr(c.use.At.Unit, first)
		return ir.Arg{Value: c.e.p.Value(x), At: x}, name, c.e.expr(x.Unit, call), true
	}
	if !p.Is(grammar.KindComparisonOperator) {
		return other, "", comparison, false
	}
	ops := slices.Collect(p.Operators())
	o := p.LastChild()
	if o.ID() == n.ID() {
		o = p.FirstChild()
	}
	if len(ops) != 1 {
		return other, "", comparison, false
	}
	op = ops[0]
	if held := map[string]string{"in": "has", "not in": "has not"}[op]; held != "" && o.ID() == p.FirstChild().ID() {
		op = held
	}
	x := c.e.expr(c.use.At.Unit, o)
	return ir.Arg{Value: c.e.p.Value(x), At: x}, op, c.e.expr(x.Unit, p), true
}

// Owner implements ir.Context.
func (c *context) Owner(a ir.Arg) ir.Arg {
	if n := c.e.node(a.At); n.Is(grammar.KindAttribute) {
		o := c.e.expr(a.At.Unit, n.Child(grammar.FieldObject))
		return ir.Arg{Value: c.e.p.Value(o), At: o}
	}
	switch v := alike(a.Value).(type) {
	case *ir.Object:
		return ir.Arg{Value: v.From, At: v.FromExpr}
	case *ir.Unknown:
		return ir.Arg{Value: v.Of, At: v.OfAt}
	}
	return ir.Arg{}
}

// Guarded implements ir.Context.
func (c *context) Guarded() []*ir.Call {
	n := c.e.node(c.use.At)
	for !n.IsZero() && !n.Is(grammar.KindExceptClause) {
		n = n.Parent()
	}
	if n.IsZero() {
		return nil
	}
	var out []*ir.Call
	seen := map[ir.Expr]bool{}
	var walk func(unit ir.UnitID, n grammar.Node, depth int)
	walk = func(unit ir.UnitID, n grammar.Node, depth int) {
		if n.IsZero() || depth > 8 {
			return
		}
		for id := n.ID(); id <= n.Last(); id++ {
			m := n.Tree().Node(id)
			if !m.Is(grammar.KindCall) {
				continue
			}
			if k := c.e.p.CallAt(c.e.expr(unit, m)); k != nil && hasPrefix(k.Symbol, c.e.migration.Primary) {
				out = append(out, k)
			}
			if f, ok := single(c.e.p.Value(c.e.expr(unit, m.Child(grammar.FieldFunction)))).(*ir.Function); ok && !seen[f.Def] {
				seen[f.Def] = true
				walk(f.Def.Unit, c.e.node(f.Def).Child(grammar.FieldBody), depth+1)
			}
		}
	}
	walk(c.use.At.Unit, n.Parent().Child(grammar.FieldBody), 0)
	return out
}

// Literals implements ir.Context.
func (c *context) Literals(a ir.Arg) []ir.Expr {
	if a.At.IsZero() {
		return nil
	}
	return c.e.p.Literals(a.At)
}

// Resource implements ir.Context.
func (c *context) Resource(kind string, args ...ir.Arg) (ir.Term, bool) {
	return c.e.resource(c, kind, args)
}

// readAttrs lists what the program reads of an object. Before liveness is known
// every reader counts, afterwards only those that stay.
func (e *engine) readAttrs(o *ir.Object) (names []string, all bool) {
	for d := range e.defs.maybe(o) {
		if e.p.Escapes(d) {
			all = true
		}
		for _, r := range e.p.Readers(d) {
			if !e.isAlive(r) {
				continue
			}
			n := e.node(r)
			parent := n.Parent()
			switch {
			case parent.Is(grammar.KindAttribute) && parent.Child(grammar.FieldObject).ID() == n.ID():
				names = append(names, parent.Child(grammar.FieldAttribute).Text())
			case e.passesOn(r, o), e.readAsMember(r, o):
			case e.alive.done:
				all = true
			}
		}
	}
	if e.alive.done {
		for _, m := range e.alive.members {
			if mayBe(m.value, o) {
				names = append(names, m.name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), all
}

// readAsMember reports whether new code gives the reader back only to read
// attributes of it, which are listed on their own.
func (e *engine) readAsMember(r ir.Expr, o *ir.Object) bool {
	if !e.alive.done {
		return false
	}
	own := slices.ContainsFunc(e.alive.regions[r.Unit], func(x region) bool { return x.back && x.Span == r.Span })
	return own && slices.ContainsFunc(e.alive.members, func(m memberRead) bool { return mayBe(m.value, o) })
}

// mayBe reports whether v is o or one of the values of a join is.
func mayBe(v ir.Value, o *ir.Object) bool {
	if v == ir.Value(o) {
		return true
	}
	if j, ok := v.(*ir.Join); ok {
		for _, x := range j.Of {
			if mayBe(x, o) {
				return true
			}
		}
	}
	return false
}

// passesOn reports whether a reader only hands the object to another variable
// in sight: an argument of one of the program's own functions, an assignment,
// an import by another module of the program, a global declaration.
func (e *engine) passesOn(r ir.Expr, o *ir.Object) bool {
	n := e.node(r)
	parent := n.Parent()
	if parent.Is(grammar.KindAssignment) && parent.Child(grammar.FieldRight).ID() == n.ID() {
		left := parent.Child(grammar.FieldLeft)
		return left.Is(grammar.KindIdentifier)
	}
	if parent.Is(grammar.KindReturnStatement) {
		return true
	}
	arg := n
	if parent.Is(grammar.KindKeywordArgument) {
		arg = parent
		parent = parent.Parent()
	}
	if parent.Is(grammar.KindArgumentList) && arg.Parent().ID() == parent.ID() {
		call := parent.Parent()
		f := single(e.p.Value(e.expr(r.Unit, call.Child(grammar.FieldFunction))))
		switch f.(type) {
		case *ir.Function, *ir.Class:
			return true
		}
	}
	return parent.Is(grammar.KindAliasedImport, grammar.KindImportFromStatement, grammar.KindDottedName)
}
