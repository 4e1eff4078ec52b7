package rewrite

import (
	"slices"
	"sort"
	"strings"
	"unicode"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
	"pyxlate/translator/todo"
)

// liveness says which expressions of the old text are still in the new one: an
// expression dies when the innermost rewritten region around it does not give
// it back.
type liveness struct {
	done    bool
	regions map[ir.UnitID][]region // sorted by start, outer first
	members []memberRead
	reads   map[int]bool // definitions that new code reads by name
}

// region is a part of the text that a rewrite takes away, or gives back.
type region struct {
	ir.Span
	back  bool
	outer int // index of the innermost one around it, -1 for none
}

// memberRead is an attribute of a user's object that new code reads.
type memberRead struct {
	value ir.Value
	name  string
}

// compute finds the regions after all rules have answered.
func (l *liveness) compute(e *engine) {
	if l.regions == nil {
		l.regions = map[ir.UnitID][]region{}
	}
	for unit, rs := range l.regions {
		l.regions[unit] = rs[:0]
	}
	add := func(s ir.Span, back bool) { l.regions[s.Unit] = append(l.regions[s.Unit], region{Span: s, back: back}) }
	seen := map[*context]bool{}
	give := func(a *application) {
		if a == nil || a.ctx == nil || seen[a.ctx] {
			return
		}
		seen[a.ctx] = true
		for _, s := range a.ctx.emitted {
			add(s, true)
		}
	}
	l.reads = map[int]bool{}
	read := func(a *application) {
		if a == nil || a.ctx == nil {
			return
		}
		for _, r := range a.ctx.reads {
			if b, ok := e.p.Binding(r.at, r.name); ok {
				for _, d := range b.Defs {
					l.reads[d.ID] = true
				}
			}
		}
	}
	for _, r := range e.repl.by {
		add(r.at.Span, false)
		give(r.app)
		read(r.app)
	}
	for _, p := range e.plans {
		if p.gone() {
			add(e.headSpan(p.stmt), false)
			give(p.app)
		}
		if len(p.before)+len(p.after)+len(p.replace) > 0 {
			read(p.app)
			for _, a := range p.added {
				read(a)
			}
		}
	}
	for _, f := range e.folds {
		if f.gone {
			add(f.stmt.Span, false)
		}
	}
	l.nest()
	l.done = true
}

// nest sorts the regions and finds for each the innermost one that holds it.
func (l *liveness) nest() {
	for _, rs := range l.regions {
		slices.SortFunc(rs, func(a, b region) int {
			if c := compareSpans(a.Span, b.Span); c != 0 {
				return c
			}
			// Of two regions with one span the given-back one is outside: an
			// outer rewrite gives back what an inner one then replaces.
			switch {
			case a.back == b.back:
				return 0
			case a.back:
				return -1
			}
			return 1
		})
		for i := range rs {
			at := i - 1
			for at >= 0 && !rs[at].Contains(rs[i].Span) {
				at = rs[at].outer
			}
			rs[i].outer = at
		}
	}
}

// isAlive reports whether an expression is still in the text.
func (e *engine) isAlive(x ir.Expr) bool {
	if !e.alive.done {
		return true
	}
	return e.alive.holds(x)
}

// holds reports whether the innermost region around an expression gives it back,
// or there is none.
func (l *liveness) holds(x ir.Expr) bool {
	// Regions are parts of the tree: one that does not hold x lies beside it, or
	// in it, or around it. The innermost one around it has the last word.
	rs := l.regions[x.Unit]
	for i := sort.Search(len(rs), func(i int) bool { return rs[i].Start > x.Start }) - 1; i >= 0; i = rs[i].outer {
		if rs[i].Contains(x.Span) {
			return rs[i].back
		}
	}
	return true
}

// readInDoubt reports whether a name of a file occurs in a part of it that does
// not parse, where nobody can tell what it is.
func (e *engine) readInDoubt(at ir.Expr, name string) bool {
	file := e.fileOf[at.Unit]
	words, ok := e.doubtful[file]
	if !ok {
		words = map[string]bool{}
		for _, u := range e.files[file].Units {
			var parts []grammar.Span
			if u.Tree != nil {
				parts = u.Tree.Unreadable()
			} else {
				parts = []grammar.Span{{Start: 0, End: len(u.Raw)}}
			}
			for _, p := range parts {
				for _, w := range strings.FieldsFunc(string(u.Raw[p.Start:min(p.End, len(u.Raw))]), func(r rune) bool {
					return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
				}) {
					words[w] = true
				}
			}
		}
		e.doubtful[file] = words
	}
	return words[name]
}

// foldStatements removes statements that only build what other statements have
// consumed, until none is left to remove.
func (e *engine) foldStatements() {
	type candidate struct {
		stmt ir.Expr
		defs []meaning.Def
	}
	var candidates []candidate
	for _, u := range e.units {
		if u.Tree == nil {
			continue
		}
		for d := range e.defs.of(u.ID) {
			n := e.node(d.At)
			if d.Kind != meaning.Assign || !n.Is(grammar.KindIdentifier) || n.Text() == "_" {
				continue
			}
			as := n.Parent()
			if !as.Is(grammar.KindAssignment) || !as.Parent().Is(grammar.KindExpressionStatement) || as.Child(grammar.FieldLeft).ID() != n.ID() {
				continue
			}
			right := as.Child(grammar.FieldRight)
			if right.IsZero() {
				continue
			}
			stmt := e.p.Stmt(d.At)
			if !unset(right, e.namesOfParts(), scopedName{d.Scope, d.Name}) && !e.holdsUse(e.expr(u.ID, right)) && !slices.ContainsFunc(e.steps(d.Value), e.holdsUse) && !e.isPart(d.Value) && !e.feeds(d.Value) && !e.isDictRead(d.Value) || !e.pureSteps(d.Value) || !e.p.Pure(e.expr(u.ID, right)) || e.p.Escapes(d) || e.readInDoubt(d.At, d.Name) {
				continue
			}
			candidates = append(candidates, candidate{stmt: stmt, defs: []meaning.Def{d}})
		}
	}
	functions := e.recordFunctions()
	for changed := true; changed; {
		changed = false
		for i, d := range functions {
			if d.def.Name == "" || e.alive.reads[d.def.ID] || slices.ContainsFunc(d.readers, e.isAlive) {
				continue
			}
			e.folds = append(e.folds, &fold{stmt: d.stmt, gone: true})
			functions[i].def.Name = ""
			changed = true
		}
		for i, c := range candidates {
			if c.defs == nil {
				continue
			}
			if p, ok := e.plans[keyOf(c.stmt)]; ok && (p.gone() || len(p.marks) > 0) {
				continue
			}
			if e.rewrittenApart(c.stmt) {
				continue
			}
			readers, live := 0, false
			steps := e.steps(c.defs[0].Value)
			marked := func(stmt ir.Expr) bool { return e.hasMark(stmt.Unit, stmt.Start) }
			if marked(c.stmt) || slices.ContainsFunc(steps, marked) {
				continue // an earlier run left it to a person
			}
			defs := c.defs
			for _, st := range steps { // x += more binds x anew
				for d := range e.defs.in(st) {
					defs = append(slices.Clip(defs), d)
				}
			}
			for _, d := range defs {
				if e.alive.reads[d.ID] {
					live = true
				}
				for _, r := range e.p.Readers(d) {
					readers++
					step := slices.ContainsFunc(steps, func(s ir.Expr) bool { return s.Contains(r.Span) })
					live = live || !step && e.isAlive(r)
				}
			}
			if live || readers == 0 {
				continue
			}
			e.folds = append(e.folds, &fold{stmt: c.stmt, def: c.defs[0], gone: true})
			for _, r := range e.repl.within(c.stmt.Span) {
				e.repl.delete(keyOf(r.at))
			}
			if p, ok := e.plans[keyOf(c.stmt)]; ok {
				p.drop = true
			}
			for _, st := range steps {
				if e.isAlive(st) {
					e.folds = append(e.folds, &fold{stmt: st, gone: true})
				}
			}
			candidates[i].defs = nil
			changed = true
		}
		if changed {
			e.alive.compute(e)
		}
	}
	e.foldSteps()
	e.foldEmptied()
}

// isPart reports whether a value is a record, or a list of records, that has no
// counterpart of its own.
func (e *engine) isPart(v ir.Value) bool {
	switch v := single(v).(type) {
	case *ir.Object:
		return e.isRecord(v) && e.vanishesObject(v)
	case *ir.Seq:
		return !v.Open && len(v.Elems) > 0 && !slices.ContainsFunc(v.Elems, func(a ir.Arg) bool { return !e.isPart(a.Value) })
	}
	return false
}

// steps lists the statements that change a record or a list of records after it
// was built.
func (e *engine) steps(v ir.Value) []ir.Expr {
	var out []ir.Expr
	seen := map[ir.Value]bool{}
	var walk func(v ir.Value, depth int)
	walk = func(v ir.Value, depth int) {
		if v == nil || seen[v] || depth > 12 {
			return
		}
		seen[v] = true
		switch x := v.(type) {
		case *ir.Object:
			if !e.isRecord(x) {
				return
			}
			for _, ch := range e.stepsOf(x) {
				out = append(out, ch.Stmt)
			}
			for _, k := range x.Order {
				walk(x.Fields[k].Value, depth+1)
			}
		case *ir.Seq:
			for _, ch := range x.Changes {
				out = append(out, ch.Stmt)
			}
			for _, el := range x.Elems {
				walk(el.Value, depth+1)
			}
		case *ir.Dict:
			for _, ch := range x.Changes {
				out = append(out, ch.Stmt)
			}
			for _, k := range x.Keys {
				walk(x.Vals[k].Value, depth+1)
			}
		case *ir.Join:
			for _, y := range x.Of {
				walk(y, depth+1)
			}
		}
	}
	walk(v, 0)
	return out
}

// feeds reports whether a value is a dictionary with records in it: what a call
// takes by **.
func (e *engine) feeds(v ir.Value) bool {
	d, ok := v.(*ir.Dict)
	return ok && slices.ContainsFunc(d.Keys, func(k string) bool {
		switch x := d.Vals[k].Value.(type) {
		case *ir.Object:
			return e.isRecord(x)
		case *ir.Seq:
			return slices.ContainsFunc(x.Elems, func(a ir.Arg) bool { o, ok := a.Value.(*ir.Object); return ok && e.isRecord(o) })
		}
		return false
	})
}

// pureSteps reports whether the changes of a dictionary have no other effect.
func (e *engine) pureSteps(v ir.Value) bool {
	d, ok := v.(*ir.Dict)
	return !ok || !slices.ContainsFunc(d.Changes, func(ch ir.Change) bool {
		x := e.node(ch.Stmt).FirstChild()
		switch {
		case !e.node(ch.Stmt).Is(grammar.KindExpressionStatement):
			return true
		case x.Is(grammar.KindAssignment):
			return !e.p.Pure(e.expr(ch.Stmt.Unit, x.Child(grammar.FieldRight)))
		case x.Is(grammar.KindCall):
			return !e.p.Pure(e.expr(ch.Stmt.Unit, x.Child(grammar.FieldArguments)))
		}
		return true
	})
}

// recordFunction is a function that does nothing but build records for its
// callers in sight.
type recordFunction struct {
	def     meaning.Def
	stmt    ir.Expr // with its decorators
	readers []ir.Expr
}

// recordFunctions lists the functions and methods of that kind.
func (e *engine) recordFunctions() []recordFunction {
	var out []recordFunction
	for d := range e.p.AllDefs() {
		if d.Kind != meaning.FuncDef || e.p.Escapes(d) || e.readInDoubt(d.At, d.Name) {
			continue
		}
		if _, mine := e.fileOf[d.At.Unit]; !mine {
			continue
		}
		n := e.node(d.Stmt)
		if n.Is(grammar.KindDecoratedDefinition) {
			n = n.Child(grammar.FieldDefinition)
		}
		f := recordFunction{def: d, stmt: d.Stmt}
		if p := n.Parent(); p.Is(grammar.KindDecoratedDefinition) {
			if d.Scope.Kind != meaning.ClassScope || !isStatic(p) {
				continue
			}
			f.stmt = e.expr(d.Stmt.Unit, p)
		}
		if strings.Contains(e.source(f.stmt.Span), todo.Prefix) {
			continue // an earlier run left something in it to a person
		}
		if !n.Is(grammar.KindFunctionDefinition) || !e.buildsOnly(d.Stmt.Unit, n.Child(grammar.FieldBody)) || !e.holdsUse(d.Stmt) {
			continue
		}
		if d.Scope.Kind == meaning.ClassScope {
			f.readers = e.attributesNamed(d.Name)
		} else {
			f.readers = e.p.Readers(d)
		}
		if len(f.readers) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// isStatic reports whether the one decorator of a definition is staticmethod.
func isStatic(decorated grammar.Node) bool {
	count, static := 0, false
	for c := range decorated.Children() {
		if c.Is(grammar.KindDecorator) {
			count++
			static = strings.TrimSpace(strings.TrimPrefix(c.Text(), "@")) == "staticmethod"
		}
	}
	return count == 1 && static
}

// attributesNamed lists the reads of attributes of a name, of whatever object.
func (e *engine) attributesNamed(name string) []ir.Expr {
	var out []ir.Expr
	for _, u := range e.units {
		if u.Tree == nil {
			continue
		}
		for id := range int32(u.Tree.Len()) {
			n := u.Tree.Node(id)
			if n.Is(grammar.KindAttribute) && n.Child(grammar.FieldAttribute).Text() == name {
				out = append(out, e.expr(u.ID, n))
			}
		}
	}
	return out
}

// buildsOnly reports whether the statements of a block have no effect but the
// value that they return.
func (e *engine) buildsOnly(unit ir.UnitID, block grammar.Node) bool {
	switch {
	case block.Is(grammar.KindElifClause):
		if !e.p.Pure(e.expr(unit, block.Child(grammar.FieldCondition))) {
			return false
		}
		block = block.Child(grammar.FieldConsequence)
	case block.Is(grammar.KindElseClause):
		block = block.Child(grammar.FieldBody)
	}
	for st := range block.Children() {
		switch st.Kind() {
		case grammar.KindComment, grammar.KindPassStatement:
		case grammar.KindReturnStatement:
			if v := st.FirstChild(); !v.IsZero() && !e.p.Pure(e.expr(unit, v)) {
				return false
			}
		case grammar.KindIfStatement:
			if !e.p.Pure(e.expr(unit, st.Child(grammar.FieldCondition))) {
				return false
			}
			for part := range st.Children() {
				if part.Is(grammar.KindBlock, grammar.KindElifClause, grammar.KindElseClause) && !e.buildsOnly(unit, part) {
					return false
				}
			}
		case grammar.KindExpressionStatement:
			x := st.FirstChild()
			if x.Is(grammar.KindString) {
				continue
			}
			if !x.Is(grammar.KindAssignment) || !x.Child(grammar.FieldLeft).Is(grammar.KindIdentifier) {
				return false
			}
			// An annotation alone has no value.
			if v := x.Child(grammar.FieldRight); !v.IsZero() && !e.p.Pure(e.expr(unit, v)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// placeKept writes the variables of values that stay where their record was
// built: in its place when nothing else reads the record, else before it. What
// the statement evaluates before the last of them gets a variable, too: all are
// evaluated in the order in which they were.
func (e *engine) placeKept() {
	e.kept = slices.DeleteFunc(e.kept, func(k kept) bool {
		return !slices.ContainsFunc(k.uses, func(u *ir.Use) bool {
			c := e.cover[keyOf(u.At)]
			return c == nil || !c.app.manual // else nothing writes it
		})
	})
	slices.SortStableFunc(e.kept, func(a, b kept) int { return compareSpans(a.at.Span, b.at.Span) })
	var all []kept
	for i, k := range e.kept {
		if i+1 == len(e.kept) || e.kept[i+1].stmt != k.stmt {
			for _, x := range e.effects(k.stmt) {
				same := func(o kept) bool { return o.at.Contains(x.Span) || x.Contains(o.at.Span) }
				if x.End <= k.at.Start && !slices.ContainsFunc(e.kept, same) && e.staysAfter(k) {
					o := kept{stmt: k.stmt, at: x, name: e.freshName(k.stmt, e.parameterName(nil, x)), app: k.app}
					o.app.ctx.emitted = append(o.app.ctx.emitted, x.Span)
					all = append(all, o)
				}
			}
		}
		all = append(all, k)
	}
	slices.SortStableFunc(all, func(a, b kept) int { return compareSpans(a.at.Span, b.at.Span) })
	e.kept = all
	for _, k := range e.kept {
		at := &ir.Source{Arg: ir.Arg{At: k.at}}
		as := &assign{target: &local{name: k.name}, value: at}
		p := e.stmtPlan(k.stmt)
		if e.staysAfter(k) {
			as.value = &itself{at: at, was: e.repl.get(keyOf(k.at))}
			p.before = append(p.before, as)
			e.repl.set(keyOf(k.at), &replacement{at: k.at, term: &local{name: k.name}, app: k.app, kept: true})
			continue
		}
		p.replace = append(p.replace, as)
		if p.app == nil {
			p.app = k.app
		} else {
			p.app.ctx.emitted = append(p.app.ctx.emitted, k.at.Span)
		}
	}
	if len(e.kept) > 0 {
		e.alive.compute(e)
	}
}

// staysAfter reports whether the statement that builds the record of a value
// stays, since something still reads the record.
func (e *engine) staysAfter(k kept) bool {
	if p := e.plans[keyOf(k.stmt)]; p != nil && p.drop {
		return false
	}
	for d := range e.defs.in(k.stmt) {
		if slices.ContainsFunc(e.p.Readers(d), e.isAlive) {
			return true
		}
	}
	return false
}

// rewritten reports whether something inside the statement is rewritten as
// anything but a constant, or a variable for what it takes: then it is a
// statement of the new program.
func (e *engine) rewritten(stmt ir.Expr) bool {
	for _, r := range e.repl.within(stmt.Span) {
		if !r.kept && (r.app == nil || r.app.use.Kind != ir.EnumUse) {
			return true
		}
	}
	return false
}

// rewrittenApart is rewritten outside of what only feeds others.
func (e *engine) rewrittenApart(stmt ir.Expr) bool {
	for _, r := range e.repl.within(stmt.Span) {
		if (r.app == nil || r.app.use.Kind != ir.EnumUse) && !e.feedsOthers(r.at, stmt) {
			return true
		}
	}
	return false
}

// feedsOthers reports whether an expression of a statement is part of an object
// that only feeds others.
func (e *engine) feedsOthers(x, stmt ir.Expr) bool {
	for n := e.node(x).Parent(); !n.IsZero() && n.Start() >= stmt.Start && n.End() <= stmt.End; n = n.Parent() {
		if c := e.cover[nodeKey{x.Unit, n.ID()}]; c != nil && c.app != nil && c.app.rule != nil && c.app.rule.Fold {
			return true
		}
	}
	return false
}

// foldSteps removes changes of records that were consumed whole.
func (e *engine) foldSteps() {
	known := len(e.folds)
	for _, call := range e.allMade() {
		o := call.Result.(*ir.Object)
		if e.isAlive(call.At) || len(o.Changes) == 0 {
			continue
		}
		for _, ch := range e.stepsOf(o) {
			if p, ok := e.plans[keyOf(ch.Stmt)]; ok && p.gone() {
				continue
			}
			if e.isAlive(ch.Stmt) && e.vanishesObject(o) {
				e.folds = append(e.folds, &fold{stmt: ch.Stmt, gone: true})
			}
		}
	}
	if len(e.folds) > known {
		e.alive.compute(e)
	}
}

func (e *engine) vanishesObject(o *ir.Object) bool { return o.Made != nil && e.vanishes(o.Made.At) }

// allMade lists the constructions of records in the program.
func (e *engine) allMade() []*ir.Call {
	var out []*ir.Call
	for _, u := range e.uses {
		if u.Kind == ir.MakeUse && u.Call != nil {
			if o, ok := u.Call.Result.(*ir.Object); ok && o.Made == u.Call {
				out = append(out, u.Call)
			}
		}
	}
	return out
}

// holdsUse reports whether a use of the old SDK lies in the expression.
func (e *engine) holdsUse(x ir.Expr) bool {
	for u := range e.usesIn(x.Span) {
		if u.Kind != ir.ImportUse {
			if u.Kind == ir.CallUse && !e.foldable(u) {
				continue
			}
			return true
		}
	}
	return false
}

// foldable reports whether a rule says that the call only feeds others.
func (e *engine) foldable(u *ir.Use) bool {
	for _, r := range e.migration.For(u.Symbol) {
		if r.Fold {
			return true
		}
	}
	return false
}

// again asks those rules once more that asked what the program reads, now that
// it is known what it still reads.
func (e *engine) again() {
	for _, a := range e.late {
		if a.manual {
			continue
		}
		p := e.stmtPlan(a.stmt)
		fresh := &application{rule: a.rule, use: a.use, stmt: a.stmt, ctx: e.context(a.rule, a.use)}
		fresh.ctx.place = a.ctx.place
		e.release(a.ctx)
		ans := e.answer(fresh)
		if ans == nil {
			continue
		}
		saved := *p
		*p = plan{stmt: p.stmt}
		e.repl.delete(keyOf(e.shapeOf(a.use).outer))
		e.unspell(a)
		e.commit(fresh, ans)
		if fresh.manual {
			*p = saved
		}
	}
	if len(e.late) > 0 {
		e.alive.compute(e)
	}
}

// emissionPlace gives the statement at which a record's construction is
// written: its own, or the last of the statements that change it. It says why
// not when the changes cannot be followed.
func (e *engine) emissionPlace(a *application) (ir.Expr, bool, string) {
	o := a.ctx.Object()
	if a.use.Kind != ir.MakeUse || o == nil || len(e.changes(o)) == 0 {
		return ir.Expr{}, true, ""
	}
	changes := e.changes(o)
	if i := slices.IndexFunc(changes, func(ch ir.Change) bool { return ch.Path == "*" }); i >= 0 {
		return ir.Expr{}, false, oneLine(e.source(changes[i].Stmt.Span)) // of a field that it does not name
	}
	last := changes[0].Stmt
	for _, ch := range changes[1:] {
		if !e.p.Straight(last, ch.Stmt) && keyOf(last) != keyOf(ch.Stmt) {
			return ir.Expr{}, false, oneLine(e.source(ch.Stmt.Span))
		}
		last = ch.Stmt
	}
	s := e.shapeOf(a.use)
	if s.kind != assigned || !e.node(s.left).Is(grammar.KindIdentifier) {
		return ir.Expr{}, false, oneLine(e.source(last.Span))
	}
	// Every other reader comes after the last change, in its list or below.
	if d, ok := e.p.DefAt(s.left); ok {
		for _, r := range e.p.Readers(d) {
			rs := e.p.Stmt(r)
			isChange := slices.ContainsFunc(changes, func(ch ir.Change) bool { return ch.Stmt.Contains(r.Span) })
			if isChange {
				continue
			}
			if e.topStatement(rs, last).IsZero() {
				return ir.Expr{}, false, oneLine(e.source(last.Span))
			}
		}
	}
	grows := slices.ContainsFunc(changes, func(ch ir.Change) bool { return !ch.Sure && len(ch.Path) > 2 && ch.Path[len(ch.Path)-2:] == "()" })
	if grows {
		return ir.Expr{}, false, oneLine(e.source(last.Span))
	}
	return last, true, ""
}

// leaveSteps leaves those fields of a record to a person that are set on a
// condition: the record is written without them. It declines where one of them
// is changed in another way as well.
func (e *engine) leaveSteps(o *ir.Object) bool {
	var left []ir.Change
	for _, ch := range o.Changes {
		if ch.Sure {
			continue
		}
		if strings.ContainsAny(ch.Path, ".()[]") || slices.ContainsFunc(o.Changes, func(x ir.Change) bool { return x.Sure && x.Path == ch.Path }) {
			return false
		}
		left = append(left, ch)
	}
	for _, ch := range left {
		e.leftSteps[keyOf(ch.Stmt)] = true
	}
	return len(left) > 0
}

// stepsOf are the changes of a record itself that are part of making it.
func (e *engine) stepsOf(o *ir.Object) []ir.Change {
	if len(e.leftSteps) == 0 {
		return o.Changes
	}
	return slices.DeleteFunc(slices.Clone(o.Changes), func(ch ir.Change) bool { return e.leftSteps[keyOf(ch.Stmt)] })
}

// changes lists the changes of a record and of the records and lists in it.
func (e *engine) changes(o *ir.Object) []ir.Change {
	var out []ir.Change
	seen := map[ir.Value]bool{}
	var walk func(v ir.Value, depth int)
	walk = func(v ir.Value, depth int) {
		if v == nil || seen[v] || depth > 12 {
			return
		}
		seen[v] = true
		switch x := v.(type) {
		case *ir.Object:
			if !x.IsRecord() {
				return
			}
			if x == o || e.vanishesObject(x) {
				out = append(out, e.stepsOf(x)...)
				for _, k := range x.Order {
					walk(x.Fields[k].Value, depth+1)
				}
			}
		case *ir.Seq:
			out = append(out, x.Changes...)
			for _, el := range x.Elems {
				walk(el.Value, depth+1)
			}
		}
	}
	walk(o, 0)
	// Changes of parts that happened before the record was built are part of
	// those parts.
	if o.Made != nil {
		out = slices.DeleteFunc(out, func(ch ir.Change) bool { return e.p.Before(ch.Stmt, o.Made.Stmt) })
	}
	slices.SortFunc(out, func(x, y ir.Change) int { return compareSpans(x.Stmt.Span, y.Stmt.Span) })
	return slices.CompactFunc(out, func(x, y ir.Change) bool { return x.Stmt == y.Stmt })
}

// movedTarget is the variable of a construction that moves to a later step.
func (c *context) movedTarget() ir.Term {
	s := c.e.shapeOf(c.use)
	c.emitted = append(c.emitted, s.left.Span)
	return &ir.Source{Arg: ir.Arg{At: s.left}}
}

// dropSteps takes away the statements whose work the moved construction does.
func (e *engine) dropSteps(a *application, last ir.Expr) string {
	p := e.stmtPlan(a.stmt)
	p.drop, p.app = true, a
	for _, ch := range e.changes(a.ctx.Object()) {
		if keyOf(ch.Stmt) == keyOf(last) {
			continue
		}
		q := e.stmtPlan(ch.Stmt)
		q.drop, q.app = true, a
	}
	for _, ch := range e.changes(a.ctx.Object()) {
		for u := range e.usesIn(ch.Stmt.Span) {
			e.cover[keyOf(u.At)] = &coverage{at: u.At, app: a}
		}
	}
	return ""
}
