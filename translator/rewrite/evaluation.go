package rewrite

import (
	"regexp"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// This file keeps Promise 5 for what the user's expressions do: what may have an
// effect is evaluated as often as before and in the same order, or the report
// says that it is not.

// written is an expression of the user's in the terms of an answer.
type written struct {
	source *ir.Source
	maybe  bool // it may be evaluated never, or several times
}

// itself is an expression of the user's as it was before a variable took its place.
type itself struct {
	ir.Term
	at  *ir.Source
	was *replacement // what had taken it before, nil if nothing
}

// branching tells lines of a template parts of which are evaluated on a
// condition; header takes the first word off a compound statement whose head is
// evaluated once.
var (
	branching = regexp.MustCompile(`\b(?:if|elif|else|except|for|while|and|or|lambda)\b`)
	header    = regexp.MustCompile(`^(?:for [\w, ()\x00]+ in|if|with|try|finally)\b`)
)

// maybes tells for each term of a template, in order, whether it may be
// evaluated never, or several times.
func (m *mixed) maybes(outer bool) []bool {
	const hole = "\x00"
	var text strings.Builder
	for _, p := range m.parts {
		text.WriteString(p.text)
		if p.term != nil {
			text.WriteString(hole)
		}
	}
	type block struct {
		indent int
		maybe  bool
	}
	var out []bool
	var open []block
	for line := range strings.SplitSeq(text.String(), "\n") {
		code := strings.TrimLeft(line, " ")
		indent := len(line) - len(code)
		for len(open) > 0 && open[len(open)-1].indent >= indent {
			open = open[:len(open)-1]
		}
		inside := outer
		if len(open) > 0 {
			inside = open[len(open)-1].maybe
		}
		head := header.FindString(code)
		maybe := inside || branching.MatchString(code[len(head):])
		for range strings.Count(code, hole) {
			out = append(out, maybe)
		}
		if strings.HasSuffix(code, ":") {
			below := inside || head != "with" && head != "try" && head != "finally"
			open = append(open, block{indent, below})
		}
	}
	return out
}

// eachSource visits the user's expressions in a resolved term in the order in
// which they are evaluated, but for targets of assignments.
func eachSource(t ir.Term, maybe bool, visit func(written)) {
	switch t := t.(type) {
	case *ir.Source:
		visit(written{t, maybe})
	case *itself:
		visit(written{t.at, maybe})
	case *ir.Apply:
		eachSource(t.Fn, maybe, visit)
		for _, a := range t.Args {
			eachSource(a.Value, maybe, visit)
		}
	case *inlined:
		for _, k := range t.order() {
			eachSource(t.terms[k], maybe || t.conditional, visit)
		}
	case *ir.Member:
		eachSource(t.Of, maybe, visit)
	case *ir.Item:
		eachSource(t.Of, maybe, visit)
		eachSource(t.Key, maybe, visit)
	case *ir.DictOf:
		for _, en := range t.Entries {
			eachSource(en.Key, maybe, visit)
			eachSource(en.Value, maybe, visit)
		}
	case *ir.ListOf:
		for _, it := range t.Items {
			eachSource(it, maybe, visit)
		}
	case *mixed:
		maybes := t.maybes(maybe)
		for _, p := range t.parts {
			if p.term != nil {
				eachSource(p.term, maybes[0], visit)
				maybes = maybes[1:]
			}
		}
	case *assign:
		eachSource(t.value, maybe, visit)
	}
}

// exchanged gives a resolved term with some of its sources replaced.
func exchanged(t ir.Term, by map[*ir.Source]ir.Term) ir.Term {
	switch t := t.(type) {
	case *ir.Source:
		if now, ok := by[t]; ok {
			return now
		}
	case *ir.Apply:
		out := &ir.Apply{Fn: exchanged(t.Fn, by)}
		for _, a := range t.Args {
			a.Value = exchanged(a.Value, by)
			out.Args = append(out.Args, a)
		}
		return out
	case *inlined:
		out := &inlined{at: t.at, conditional: t.conditional, terms: map[nodeKey]ir.Term{}}
		for k, x := range t.terms {
			out.terms[k] = exchanged(x, by)
		}
		return out
	case *ir.Member:
		return &ir.Member{Of: exchanged(t.Of, by), Name: t.Name}
	case *ir.Item:
		return &ir.Item{Of: exchanged(t.Of, by), Key: exchanged(t.Key, by)}
	case *ir.DictOf:
		out := &ir.DictOf{}
		for _, en := range t.Entries {
			en.Key, en.Value = exchanged(en.Key, by), exchanged(en.Value, by)
			out.Entries = append(out.Entries, en)
		}
		return out
	case *ir.ListOf:
		out := &ir.ListOf{Tuple: t.Tuple}
		for _, it := range t.Items {
			out.Items = append(out.Items, exchanged(it, by))
		}
		return out
	case *mixed:
		out := &mixed{primary: t.primary}
		for _, p := range t.parts {
			p.term = exchanged(p.term, by)
			out.parts = append(out.parts, p)
		}
		return out
	case *assign:
		return &assign{target: t.target, value: exchanged(t.value, by)}
	}
	return t
}

// evaluateInOrder puts the user's expressions of an answer into variables before
// the statement where the answer would evaluate one twice, on a condition, or
// after one that came later. It says why not where that is not possible.
func (e *engine) evaluateInOrder(a *application, s shape, before *[]ir.Term, term *ir.Term, after []ir.Term) string {
	var all []written
	visit := func(w written) {
		at := w.source.Arg.At
		if at.IsZero() || keyOf(e.p.Stmt(at)) != keyOf(a.ctx.place) || e.p.Pure(at) {
			return
		}
		if r := e.repl.get(keyOf(at)); r == nil || !e.plain(r.term) {
			all = append(all, w)
		}
	}
	for _, t := range *before {
		eachSource(t, false, visit)
	}
	early := len(all) > 0
	eachSource(*term, false, visit)
	for _, t := range after {
		eachSource(t, false, visit)
	}
	for _, w := range all {
		if at := w.source.Arg.At; s.kind == nested && !s.outer.Contains(at.Span) && a.stmt.Contains(at.Span) {
			return "`" + oneLine(e.source(at.Span)) + "` would be evaluated again" // it stays where it is, too
		}
	}
	last := -1 // where the last of those ends that need a variable
	for i, w := range all {
		at := w.source.Arg.At
		again := slices.ContainsFunc(all[:i], func(x written) bool { return x.source.Arg.At.End > at.Start })
		if w.maybe || again {
			last = max(last, at.End)
		}
	}
	if early || last >= 0 {
		if why := e.nothingBefore(a, s); why != "" {
			return why
		}
	}
	if last < 0 {
		return ""
	}
	slices.SortStableFunc(all, func(x, y written) int { return compareSpans(x.source.Arg.At.Span, y.source.Arg.At.Span) })
	by := map[*ir.Source]ir.Term{}
	var values []ir.Term
	for i, w := range all {
		at := w.source.Arg.At
		if i > 0 {
			if prev := all[i-1].source.Arg.At; prev.Span == at.Span {
				by[w.source] = by[all[i-1].source]
				continue
			} else if prev.End > at.Start {
				return "`" + oneLine(e.source(at.Span)) + "` would be evaluated again"
			}
		}
		if at.Start >= last {
			break
		}
		// It may have a variable of its own already.
		value := &assign{value: w.source}
		for j, t := range *before {
			if as, ok := t.(*assign); ok && as.value == ir.Term(w.source) {
				if _, ok := as.target.(*local); ok {
					value, *before = as, slices.Delete(slices.Clone(*before), j, j+1)
					break
				}
			}
		}
		if value.target == nil {
			name := e.freshName(a.ctx.place, e.parameterName(a.use.Call, at))
			a.ctx.names = append(a.ctx.names, scopedName{e.p.Scope(a.ctx.place), name})
			value.target = &local{name: name}
		}
		values = append(values, value)
		by[w.source] = value.target
	}
	for i := range *before {
		(*before)[i] = exchanged((*before)[i], by)
	}
	*term = exchanged(*term, by)
	for i := range after {
		after[i] = exchanged(after[i], by)
	}
	*before = append(values, *before...)
	return ""
}

// keepSteps puts parts of an expression that its answer does not give back
// before the statement: those at which the function hands over to others (yield,
// await), and assignments (name := value) where something else reads the name. It
// says why not where that is not possible.
func (e *engine) keepSteps(a *application, s shape, before *[]ir.Term, others ...ir.Term) string {
	n := e.node(s.outer)
	var given []ir.Span
	for _, t := range append(others, *before...) {
		collect(t, &given, new([]ir.Expr))
	}
	givesBack := func(x ir.Span) bool {
		return slices.ContainsFunc(given, func(s ir.Span) bool { return s.Contains(x) })
	}
	var steps []ir.Term
	for id := n.ID(); id <= n.Last(); id++ {
		m := n.Tree().Node(id)
		if m.Is(grammar.KindLambda) {
			id = m.Last() // not evaluated here
			continue
		}
		if x := e.expr(s.outer.Unit, m); m.Is(grammar.KindYield, grammar.KindAwait) && !givesBack(x.Span) && !e.ofPack(x) && e.evaluatedOnce(x, a.stmt) {
			t, ok := e.spell(a.ctx, ir.Arg{Value: e.p.Value(x), At: x})
			if _, same := t.(*ir.Source); ok && same {
				steps = append(steps, t)
				id = m.Last()
				continue
			}
		}
		if !m.Is(grammar.KindNamedExpression) {
			continue
		}
		x, name, value := e.expr(s.outer.Unit, m), m.Child(grammar.FieldName), e.expr(s.outer.Unit, m.Child(grammar.FieldValue))
		d, ok := e.p.DefAt(e.expr(s.outer.Unit, name))
		if !ok || givesBack(x.Span) || !e.p.Escapes(d) && !slices.ContainsFunc(e.p.Readers(d), func(r ir.Expr) bool {
			return !s.outer.Contains(r.Span) || givesBack(r.Span)
		}) {
			continue
		}
		if !e.evaluatedOnce(x, a.stmt) {
			return "`" + oneLine(e.source(x.Span)) + "` sets a name that is read elsewhere"
		}
		t, ok := e.spell(a.ctx, ir.Arg{Value: e.p.Value(value), At: value})
		if !ok {
			return a.ctx.failed
		}
		steps = append(steps, &assign{target: &local{name: name.Text()}, value: t})
	}
	*before = append(steps, *before...)
	return ""
}

// nothingBefore makes sure that what is put before the statement of a use does
// not overtake what the statement evaluates before the use.
func (e *engine) nothingBefore(a *application, s shape) string {
	if s.kind != nested {
		return ""
	}
	top := e.node(a.stmt)
	for n := e.node(s.outer); !n.IsZero() && n.ID() != top.ID(); n = n.Parent() {
		for sibling := range n.Parent().Children() {
			if sibling.ID() == n.ID() {
				break
			}
			if x := e.expr(s.outer.Unit, sibling); len(e.effects(x)) > 0 {
				return "`" + oneLine(e.source(e.effects(x)[0].Span)) + "` is evaluated before it"
			}
		}
	}
	return ""
}

var pythonName = regexp.MustCompile(`^[A-Za-z_]\w*$`)

// parameterName gives the name by which an argument is known to the call that it
// was written for.
func (e *engine) parameterName(call *ir.Call, at ir.Expr) string {
	switch p := e.node(at).Parent(); {
	case p.Is(grammar.KindKeywordArgument):
		return p.Child(grammar.FieldName).Text()
	case p.Is(grammar.KindPair):
		if key, _, ok := grammar.StringValue(p.Child(grammar.FieldKey)); ok && pythonName.MatchString(key) {
			return key
		}
	}
	if call != nil {
		for name, arg := range call.Bound {
			if keyOf(arg.At) == keyOf(at) {
				return name
			}
		}
	}
	if o, ok := alike(e.p.Value(at)).(*ir.Object); ok {
		for _, r := range e.migration.Resources() {
			if slices.Contains(r.Carriers, o.Type) || slices.Contains(r.Holds, o.Type) {
				return r.Variable
			}
		}
	}
	return "value"
}

// effects lists the outermost parts of an expression or statement that are no
// call of an SDK's and may do more than give a value.
func (e *engine) effects(x ir.Expr) []ir.Expr {
	var out []ir.Expr
	n := e.node(x)
	for id := n.ID(); id <= n.Last(); id++ {
		m := n.Tree().Node(id)
		switch m.Kind() {
		case grammar.KindLambda, grammar.KindFunctionDefinition, grammar.KindClassDefinition:
			id = m.Last() // not evaluated here
		case grammar.KindCall, grammar.KindAwait, grammar.KindYield, grammar.KindNamedExpression:
			if y := e.expr(x.Unit, m); !e.p.Pure(y) && !e.ofPack(y) {
				out = append(out, y)
				id = m.Last()
			}
		}
	}
	return out
}

// ofPack reports whether an expression is a call of one of the pack's SDKs, so
// that its rule answers for it.
func (e *engine) ofPack(x ir.Expr) bool {
	n := e.node(x)
	if n.Is(grammar.KindAwait) {
		n = n.FirstChild()
		x = e.expr(x.Unit, n)
	}
	if !n.Is(grammar.KindCall) {
		return false
	}
	if c := e.p.CallAt(x); c != nil {
		return hasPrefix(c.Symbol, e.migration.Primary) || hasPrefix(c.Symbol, e.migration.Auxiliary) || hasPrefix(c.Symbol, e.migration.Modules)
	}
	_, method := single(e.p.Value(e.expr(x.Unit, n.Child(grammar.FieldFunction)))).(*ir.Method)
	return method
}

// changesContainer reports whether an expression is a call that changes a list or
// a dict of the program's: it goes where nothing needs the container any more.
func (e *engine) changesContainer(x ir.Expr) bool {
	fn := e.node(x).Child(grammar.FieldFunction)
	if !fn.Is(grammar.KindAttribute) {
		return false
	}
	switch e.p.Value(e.expr(x.Unit, fn.Child(grammar.FieldObject))).(type) {
	case *ir.Seq, *ir.Dict:
		return true
	}
	return false
}

// noteUnevaluated lets the report say which expressions of the user's the new
// code does not evaluate any more.
func (e *engine) noteUnevaluated() {
	l := e.evaluated()
	for _, u := range e.units {
		if u.Tree == nil || len(l.regions[u.ID]) == 0 {
			continue
		}
		root := u.Tree.Root()
		for id := root.ID(); id <= root.Last(); id++ {
			n := u.Tree.Node(id)
			if !n.Is(grammar.KindCall, grammar.KindAwait, grammar.KindYield, grammar.KindNamedExpression) {
				continue
			}
			x := e.expr(u.ID, n)
			if l.holds(x) || e.p.Pure(x) || e.ofPack(x) || e.changesContainer(x) || e.onlyBuilds(x) {
				continue
			}
			if c := e.cover[keyOf(x)]; c != nil && c.app != nil && c.app.answer != nil && c.app.answer.Over.Span == x.Span {
				continue // the answer is in its place
			}
			if f := e.findingFor(x); f != nil {
				note := e.note(e.migration.Of(f.Symbol), "unevaluated", oneLine(e.source(x.Span)))
				text := e.noteText(note)
				switch {
				case strings.Contains(f.Message, text):
				case f.Verdict < ir.Review:
					f.Verdict, f.Code, f.Message = ir.Review, note.Code, text
				default:
					f.Message += " " + text
				}
			}
			id = n.Last()
		}
	}
}

// findingFor gives the finding that answers for what became of an expression:
// that of the innermost use around it, else of one in its statement, else of one
// that the same rule answered for.
func (e *engine) findingFor(x ir.Expr) *Finding {
	var best *Finding
	for _, u := range e.uses {
		if f := e.found[u]; f != nil && u.At.Contains(x.Span) && u.Kind != ir.ImportUse {
			best = f // outer ones come first
		}
	}
	if best != nil {
		return best
	}
	stmt := e.p.Stmt(x)
	for _, u := range e.uses {
		if f := e.found[u]; f != nil && stmt.Contains(u.At.Span) {
			return f
		}
	}
	if a := e.consumer(x); a != nil && a.use != nil {
		return e.found[a.use]
	}
	return nil
}

// evaluated tells of the expressions of the old text which are in the new one,
// by the terms that are written there.
func (e *engine) evaluated() *liveness {
	l := &liveness{regions: map[ir.UnitID][]region{}}
	add := func(s ir.Span, back bool) { l.regions[s.Unit] = append(l.regions[s.Unit], region{Span: s, back: back}) }
	give := func(t ir.Term) {
		eachSource(t, false, func(w written) {
			if at := w.source.Arg.At; !at.IsZero() {
				add(at.Span, true)
			}
		})
		if t, ok := t.(*assign); ok {
			eachSource(t.target, false, func(w written) { add(w.source.Arg.At.Span, true) })
		}
	}
	for _, r := range e.repl.by {
		if r.kept {
			continue // a statement gives it back
		}
		add(r.at.Span, false)
		give(r.term)
	}
	for _, p := range e.plans {
		if p.gone() {
			add(e.headSpan(p.stmt), false)
		}
		for _, t := range slices.Concat(p.before, p.replace, p.after) {
			give(t)
		}
	}
	for _, f := range e.folds {
		if f.gone {
			add(f.stmt.Span, false)
		}
	}
	l.nest()
	return l
}

// evaluateOnce puts an argument that a template uses several times into a
// variable before the statement, when evaluating it again could matter.
func (e *engine) evaluateOnce(c *context, param string, a ir.Arg) (ir.Term, bool) {
	if name, ok := c.once[param]; ok {
		return &local{name: name}, true
	}
	t, ok := e.spell(c, a)
	if !ok {
		return nil, false
	}
	name := e.freshName(c.place, param[strings.LastIndexByte(param, '.')+1:])
	c.names = append(c.names, scopedName{e.p.Scope(c.place), name})
	c.before = append(c.before, &assign{target: &local{name: name}, value: t})
	if c.once == nil {
		c.once = map[string]string{}
	}
	c.once[param] = name
	return &local{name: name}, true
}

// kept is a value of a consumed record, or of a client whose successor is made
// later, that is still evaluated where it was, into a variable of its own.
type kept struct {
	stmt ir.Expr
	at   ir.Expr
	name string
	app  *application
	uses []*ir.Use // whose answers write it
}

// keepEvaluated gives a field whose expression cannot move (it reads a file, or
// calls a function) a variable at the place where the consumed record was
// built.
func (e *engine) keepEvaluated(c *context, a ir.Arg) (ir.Term, bool) {
	if a.At.IsZero() {
		return nil, false
	}
	for i, k := range e.kept {
		if keyOf(k.at) == keyOf(a.At) {
			e.kept[i].uses = append(slices.Clip(k.uses), c.use)
			return &visible{name: k.name, at: k.stmt}, true
		}
	}
	stmt := e.p.Stmt(a.At)
	if keyOf(stmt) == keyOf(c.place) || !e.setBefore(stmt, c.place) || e.functionScope(e.p.Scope(stmt)) != e.functionScope(e.p.Scope(c.place)) {
		return nil, false
	}
	n := e.node(stmt)
	if n.Is(grammar.KindExpressionStatement) {
		n = n.FirstChild()
	}
	if !n.Is(grammar.KindAssignment) {
		return nil, false
	}
	right := n.Child(grammar.FieldRight)
	display := e.isDictRead(e.p.Value(e.expr(stmt.Unit, right)))
	gone := display || e.vanishes(e.expr(stmt.Unit, right))
	for _, k := range e.carriers {
		gone = gone || k.moved && k.stmt == stmt
	}
	if !right.Is(grammar.KindCall) && !display || !gone || !e.evaluatedOnce(a.At, stmt) {
		return nil, false
	}
	want := e.parameterName(e.p.CallAt(e.expr(stmt.Unit, right)), a.At)
	k := kept{stmt: stmt, at: a.At, name: e.freshName(stmt, want), app: &application{rule: c.rule, use: c.use, stmt: stmt}, uses: []*ir.Use{c.use}}
	k.app.ctx = e.context(c.rule, c.use)
	k.app.ctx.emitted = []ir.Span{a.At.Span}
	e.kept = append(e.kept, k)
	return &visible{name: k.name, at: stmt}, true
}

// evaluatedOnce reports whether an expression is evaluated whenever its
// statement is.
func (e *engine) evaluatedOnce(x, stmt ir.Expr) bool {
	top := e.node(stmt).ID()
	for n := e.node(x).Parent(); !n.IsZero() && n.ID() != top; n = n.Parent() {
		switch n.Kind() {
		case grammar.KindLambda, grammar.KindListComprehension, grammar.KindDictionaryComprehension, grammar.KindSetComprehension,
			grammar.KindGeneratorExpression, grammar.KindConditionalExpression, grammar.KindBooleanOperator:
			return false
		}
	}
	return true
}
