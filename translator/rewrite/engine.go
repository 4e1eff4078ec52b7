package rewrite

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/edit"
	"pyxlate/translator/meaning"
)

// Options are the settings of one translation.
type Options struct {
	// Settings are what is chosen of the packs' options, as in Pack.Choice.
	Settings map[string]string
	// NotesInCode puts the notes of review into the code as comments.
	NotesInCode bool
	// ReadFile reads a companion file by its path relative to the file with
	// that number; nil reads none.
	ReadFile func(file int, path string) (string, bool)
	// Leave tells of the code of a finding that its statement is to be left as
	// it is; nil leaves none.
	Leave func(code string) bool
	// Declined tells of a place (bytes of a unit of the file with that number)
	// that a person does not want changed; nil: none.
	Declined func(file, unit, start, end int) bool
	// Left tells of a statement, by the byte at which it starts, that it stays
	// as it is, without a mark; nil: none. Package project fills it in.
	Left func(unit ir.UnitID, start int) bool
}

// Finding is the verdict on one use.
type Finding struct {
	Use     *ir.Use
	File    int
	At      ir.Span
	Code    string
	Verdict ir.Verdict
	Symbol  string
	Message string
	Edited  bool
	// Marked: the verdict is written in the code as a mark.
	Marked bool
	// Left: the user wants it left as it is; there is no verdict. Where that was
	// the answer to a question, Code and Message are those of the change.
	Left bool
}

// Result is what a translation gives: edits by unit, and a finding for each use.
type Result struct {
	Edits    map[ir.UnitID][]edit.Edit
	Findings []Finding
	// Answered are the marks for other targets that go: what they stand above
	// has an answer now.
	Answered []ir.Span
}

// Translate carries out a migration on a program.
func Translate(p *meaning.Program, files []*meaning.File, m *rules.Migration, tables *sdk.Set, opt Options) Result {
	e := &engine{
		p: p, files: files, migration: m, tables: tables, opt: opt,
		tpl:     newTemplates(slices.Concat(m.Modules, m.Libraries)),
		plans:   map[nodeKey]*plan{},
		found:   map[*ir.Use]*Finding{},
		cover:   map[nodeKey]*coverage{},
		renames: map[nodeKey]string{},
		spelled: map[ir.Span]*spelling{},

		leftSteps: map[nodeKey]bool{},
		fileOf:    map[ir.UnitID]int{},
		byID:      map[ir.UnitID]*meaning.Source{},
		texts:     map[ir.UnitID]string{},
		styles:    map[ir.UnitID]style{},
		names:     map[*meaning.Scope]map[string]bool{},
		carriers:  map[ir.Value]*carrier{},
		doubtful:  map[int]map[string]bool{},
	}
	for i, f := range files {
		for _, u := range f.Units {
			e.fileOf[u.ID] = i
			e.units = append(e.units, u)
			e.byID[u.ID] = u
		}
	}
	e.run()
	return e.result()
}

// nodeKey names a node of the program.
type nodeKey struct {
	unit ir.UnitID
	node int32
}

func keyOf(x ir.Expr) nodeKey { return nodeKey{x.Unit, x.Node} }

// engine holds one translation. Its phases are the methods that run calls, in
// order; each reads what the ones before have decided.
type engine struct {
	p      *meaning.Program
	files  []*meaning.File
	units  []*meaning.Source
	fileOf map[ir.UnitID]int
	byID   map[ir.UnitID]*meaning.Source
	texts  map[ir.UnitID]string // of units, as far as asked for
	styles map[ir.UnitID]style
	// renamedAt is where the renames are, when there were renamedCount of them.
	renamedAt    map[ir.UnitID][]renamed
	renamedCount int
	defs         definitions
	migration    *rules.Migration
	tables       *sdk.Set
	opt          Options
	tpl          *templates

	uses           []*ir.Use
	calls          map[*meaning.Scope][]*ir.Use // those that are calls, by the function around them
	repl           replacements                 // expressions with a new text
	plans          map[nodeKey]*plan            // statements with something to do, by statement
	found          map[*ir.Use]*Finding
	cover          map[nodeKey]*coverage // what answered for the uses inside a node
	folds          []*fold
	renames        map[nodeKey]string // identifiers with a new name
	spelled        map[ir.Span]*spelling
	leftSteps      map[nodeKey]bool // changes of records on a condition that are left to a person
	carriers       map[ir.Value]*carrier
	held           []*holding // resources in variables that the engine introduced
	names          map[*meaning.Scope]map[string]bool
	numbered       map[scopedName]int // the last number of a name in use
	lines          []lineMark
	importing      map[nodeKey]bool    // imports that are being decided about
	displays       map[*ir.Seq]ir.Expr // where sequences are made
	dictsRead      map[*ir.Dict]bool   // whose content an answer has taken
	kept           []kept
	partNames      map[scopedName]bool
	comments       writtenComments
	written        givenBack
	late           []*application // answers that asked what the program reads
	newNames       map[scopedName]string
	groups         []int                          // of related files, by file
	configurations map[*ir.Unknown]*configuration // by what reads them, see readConfigurations
	imports        importPlan
	alive          liveness
	told           map[*application]told   // while verdicts are given
	doubtful       map[int]map[string]bool // words of what does not parse, by file
}

// replacement is an expression whose text changes.
type replacement struct {
	at   ir.Expr
	term ir.Term // resolved
	app  *application
	kept bool // a variable for what is still evaluated where it was
}

// plan is what happens to a statement as a whole.
type plan struct {
	stmt    ir.Expr
	before  []ir.Term // resolved statements to put before it
	placed  []placed  // for what they stand there
	replace []ir.Term // resolved statements to put in its place; nil keeps it
	after   []ir.Term
	drop    bool
	same    bool // dropped because the variable already holds the value
	marks   []mark
	app     *application   // that replaces or drops it, or added something first
	added   []*application // all that put something in its place or around it
}

// gone reports whether the statement itself is not in the new text.
func (p *plan) gone() bool { return p.drop || len(p.replace) > 0 }

// takes notes an application whose answer stands in the place of the statement,
// or around it.
func (p *plan) takes(a *application) {
	if !slices.Contains(p.added, a) {
		p.added = append(p.added, a)
	}
}

// mark is a comment above a statement.
type mark struct {
	code, text string
	todo       bool
	over       ir.Term // of the plan's new statements the one that it is above; nil: above them all
}

// coverage answers for all uses inside a node that are not re-emitted.
type coverage struct {
	at  ir.Expr
	app *application
}

// application is one rule carried out at one use.
type application struct {
	rule   *rules.Rule
	use    *ir.Use
	stmt   ir.Expr
	notes  []ir.Note
	manual bool
	ctx    *context
	answer *ir.Answer
	undo   []func() // takes back what was rewritten for it elsewhere
	marked bool     // the mark stands where its text is written now
}

// fold is a statement that only builds something other statements consume.
type fold struct {
	stmt ir.Expr
	def  meaning.Def
	gone bool
}

func (e *engine) run() {
	e.uses = slices.Clone(e.p.Uses())
	slices.SortStableFunc(e.uses, func(a, b *ir.Use) int { return compareSpans(a.At.Span, b.At.Span) })
	e.dropForeign()
	if len(e.uses) == 0 {
		return
	}
	e.defs = newDefinitions(e.p, e.pending)
	e.markedAlready()
	e.planCarriers()
	e.compareStates()
	for _, u := range e.uses {
		e.visit(u)
	}
	e.alive.compute(e)
	e.again()
	e.placeKept()
	e.foldStatements()
	if len(e.late) > 0 { // what is gone now reads nothing any more
		e.again()
		e.foldStatements()
	}
	e.settleSpellings()
	for _, u := range e.uses {
		if u.Kind == ir.EnvUse && (e.isAlive(u.At) || len(e.written.ofName(e, u)) > 0) || e.heldByPartial(u) {
			e.visit(u)
		}
	}
	e.planRenames()
	e.planImports()
	e.giveVerdicts()
	e.noteUnevaluated()
}

// alreadyNew reports whether an earlier run has answered for a use, though the
// statement that makes its object is left to a person: the old class has no such
// attribute and the new one has, or both have it.
func (e *engine) alreadyNew(u *ir.Use) bool {
	i := strings.LastIndexByte(u.Symbol, '.')
	n := e.node(u.At)
	if n.Is(grammar.KindCall) {
		n = n.Child(grammar.FieldFunction)
	}
	if i < 0 || u.Kind == ir.ImportUse || u.Kind == ir.EnvUse || u.Kind == ir.LineUse || !n.Is(grammar.KindAttribute) {
		return false
	}
	owner, name := u.Symbol[:i], u.Symbol[i+1:]
	o, known := alike(e.p.Value(e.expr(u.At.Unit, n.Child(grammar.FieldObject)))).(*ir.Object)
	if known && e.pending(o) {
		// What an operation makes is held by the variable of its poller.
		if made, ok := alike(o.Elem).(*ir.Object); ok {
			owner = made.Type
		}
	}
	_, old := e.tables.Symbol(u.Symbol)
	if old && known && e.isRecord(o) && u.Kind == ir.AttrUse && !e.isTarget(u.At) && e.markedBefore(o.Made.Stmt) {
		return true // of a record that stays: what could not stay has a mark of its own
	}
	for _, spec := range e.migration.Resources() {
		if spec.Type == "" || !slices.Contains(spec.Carriers, owner) && !slices.Contains(spec.Holds, owner) {
			continue
		}
		if _, _, ok := e.tables.MemberOf(sdk.Type{Name: spec.Type}, name); !ok {
			continue
		}
		if !old {
			return true
		}
		if !known {
			continue
		}
		made := e.p.Made(o)
		rs := e.migration.For(u.Symbol)
		if made != nil && len(rs) > 0 && rs[0].Keep && e.markedBefore(made.Stmt) {
			return true
		}
	}
	return false
}

// inNewCall reports whether an expression is part of the arguments of a call of
// the new SDK: what stands there is the new program's own.
func (e *engine) inNewCall(x ir.Expr) bool {
	for n := e.node(x); !n.IsZero(); n = n.Parent() {
		if !n.Is(grammar.KindCall) {
			continue
		}
		if c := e.p.CallAt(e.expr(x.Unit, n)); c != nil && hasPrefix(c.Symbol, e.migration.Modules) {
			return true
		}
	}
	return false
}

func (e *engine) usesPrimary(u *ir.Use) bool {
	if u.Kind == ir.EnvUse || u.Kind == ir.LineUse {
		return true
	}
	return hasPrefix(u.Symbol, e.migration.Primary)
}

func hasPrefix(symbol string, prefixes []string) bool {
	for _, p := range prefixes {
		if symbol == p || strings.HasPrefix(symbol, p) && (strings.HasSuffix(p, ".") || symbol[len(p)] == '.') {
			return true
		}
	}
	return false
}

// visit applies the first rule that fits a use which nothing has answered for.
func (e *engine) visit(u *ir.Use) {
	if u.Kind == ir.ImportUse || e.found[u] != nil {
		return
	}
	if u.Kind == ir.EnvUse && !e.alive.done {
		return // only what is left of them in the end needs an answer
	}
	if c := e.covering(u.At); c != nil && !e.maskedLine(u) {
		return
	}
	if e.heldByPartial(u) {
		if !e.alive.done {
			return // whether anything still calls it shows in the end
		}
		if !e.isAlive(u.At) {
			// Its calls tell what differs.
			plain := *e.migration.For(u.Symbol)[0]
			for _, r := range e.migration.For(u.Symbol) {
				if len(r.Where) == 0 {
					plain = *r
					break
				}
			}
			plain.Notes, plain.Verdict = nil, ir.Migrated
			a := &application{rule: &plain, use: u, stmt: e.p.Stmt(u.At)}
			a.ctx = e.context(a.rule, u)
			e.cover[keyOf(u.At)] = &coverage{at: u.At, app: a}
			return
		}
	}
	if u.Kind == ir.AttrUse && e.isTarget(u.At) {
		return // a change of a record: part of its construction, or nothing
	}
	e.visitIterables(u)
	for _, r := range e.migration.For(u.Symbol) {
		if e.maskedLine(u) {
			e.markLine(r, u)
			return
		}
		if !e.fits(r, u) {
			continue
		}
		if r.Keep && len(u.Also) > 0 {
			// It may be of a class that is left behind.
			u.Symbol, u.Also = u.Also[0], u.Also[1:]
			e.visit(u)
			return
		}
		e.apply(r, u)
		return
	}
	if e.migration.Incomplete(u.Symbol) {
		e.leaveUnanswered(u)
	}
}

// heldByPartial reports whether a use is the method of a functools.partial.
func (e *engine) heldByPartial(u *ir.Use) bool {
	n := e.node(u.At)
	if u.Call != nil || !n.Parent().Is(grammar.KindArgumentList) || len(e.migration.For(u.Symbol)) == 0 {
		return false
	}
	call := e.p.CallAt(e.expr(u.At.Unit, n.Parent().Parent()))
	return call != nil && call.Symbol == "functools.partial" && n.Parent().FirstChild().ID() == n.ID()
}

// visitIterables visits what the comprehensions around a use run through: it is
// evaluated before their elements, which are written in front of it.
func (e *engine) visitIterables(u *ir.Use) {
	for n := e.node(u.At).Parent(); !n.IsZero(); n = n.Parent() {
		if !n.Is(grammar.KindListComprehension, grammar.KindDictionaryComprehension, grammar.KindSetComprehension, grammar.KindGeneratorExpression) {
			continue
		}
		for c := range n.Children() {
			if !c.Is(grammar.KindForInClause) {
				continue
			}
			right := e.expr(u.At.Unit, c.Child(grammar.FieldRight))
			if right.Start <= u.At.Start {
				continue
			}
			for v := range e.usesIn(right.Span) {
				e.visit(v)
			}
		}
	}
}

// covering gives the application that answers for a node: the innermost
// replaced or covered ancestor, unless an expression between the two is
// re-emitted as it stands.
func (e *engine) covering(at ir.Expr) *coverage {
	var best *coverage
	for n := e.p.Node(at); !n.IsZero(); n = n.Parent() {
		if c, ok := e.cover[nodeKey{at.Unit, n.ID()}]; ok {
			if n.ID() == at.Node || !e.reemitted(at, c) {
				best = c
			}
			break
		}
	}
	return best
}

// reemitted reports whether the node at stands in an expression that the
// answer of c gives back as it was.
func (e *engine) reemitted(at ir.Expr, c *coverage) bool {
	for _, s := range c.app.ctx.emitted {
		if s.Contains(at.Span) {
			return true
		}
	}
	return false
}

// stmtPlan gives the plan of a statement, made when first asked for.
func (e *engine) stmtPlan(stmt ir.Expr) *plan {
	k := keyOf(stmt)
	if p, ok := e.plans[k]; ok {
		return p
	}
	p := &plan{stmt: stmt}
	e.plans[k] = p
	return p
}

// fits checks a rule's restrictions on arguments and place.
func (e *engine) fits(r *rules.Rule, u *ir.Use) bool {
	if r.Failed != "" && !e.failedBefore(r, u) {
		return false
	}
	if len(r.Where) == 0 {
		return true
	}
	c := e.context(r, u)
	for param, want := range r.Where {
		if _, is := c.inDoubt(param); is {
			return false
		}
		a, ok := c.Path(param)
		given := ok && !ir.IsNone(a.Value)
		switch want {
		case "given":
			if !given {
				return false
			}
		case "absent":
			if given {
				return false
			}
		default:
			if !given && want != "None" {
				return false
			}
			if given && !constantIs(a.Value, want) {
				return false
			}
		}
	}
	return true
}

// failedBefore reports whether a use stands in an except clause of a try
// statement that makes the rule's other call, with the same arguments as far as
// both have them.
func (e *engine) failedBefore(r *rules.Rule, u *ir.Use) bool {
	return u.Call != nil && slices.ContainsFunc(e.context(r, u).Guarded(), func(k *ir.Call) bool {
		if k.Symbol != r.Failed {
			return false
		}
		for name, a := range k.Bound {
			if b, ok := u.Call.Bound[name]; ok && !ir.Same(a.Value, b.Value) {
				return false
			}
		}
		return true
	})
}

// constantIs compares a value with a constant written as Python.
func constantIs(v ir.Value, want string) bool {
	switch c := v.(type) {
	case *ir.Symbol:
		return strings.HasSuffix(c.Name, "."+strings.Trim(want, `'"`)) || c.Name == want
	case *ir.Const:
		switch x := c.V.(type) {
		case bool:
			return x == (want == "True") && (want == "True" || want == "False")
		case nil:
			return want == "None"
		}
	}
	if s, ok := ir.String(v); ok {
		return s == strings.Trim(want, `'"`)
	}
	if i, ok := ir.Int(v); ok {
		return want == itoa(i)
	}
	return false
}

// compareSpans orders spans by unit and start, outer before inner.
func compareSpans(a, b ir.Span) int {
	return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
}

// usesIn gives the uses inside a span, in order.
func (e *engine) usesIn(at ir.Span) iter.Seq[*ir.Use] {
	return func(yield func(*ir.Use) bool) {
		first, _ := slices.BinarySearchFunc(e.uses, at, func(u *ir.Use, at ir.Span) int {
			return cmp.Or(cmp.Compare(u.At.Unit, at.Unit), cmp.Compare(u.At.Start, at.Start))
		})
		for _, u := range e.uses[first:] {
			if u.At.Unit != at.Unit || u.At.Start > at.End {
				return
			}
			if at.Contains(u.At.Span) && !yield(u) {
				return
			}
		}
	}
}

func (e *engine) node(x ir.Expr) grammar.Node { return e.p.Node(x) }

func (e *engine) expr(unit ir.UnitID, n grammar.Node) ir.Expr { return e.p.Expr(unit, n) }

// fileImport is one file of the program importing another.
type fileImport struct {
	from, to int
	sample   bool // what is imported belongs to the old SDK
}

// related reports whether two files belong to one program: one imports the
// other, directly or through files of the program's own, or one sets up
// what the other uses. What both import of the old SDK's samples does not relate them.
func (e *engine) related(a, b int) bool {
	if a == b {
		return true
	}
	if e.groups == nil {
		e.groups = make([]int, len(e.files))
		for i := range e.groups {
			e.groups[i] = i
		}
		for _, i := range e.fileImports() {
			if !i.sample {
				e.relate(i.from, i.to)
			}
		}
		e.relateNeighbours()
	}
	return e.groups[a] == e.groups[b]
}

// belongs reports whether a unit is part of the program that a file belongs to: a
// unit of a related file, or of a module that is only read because one imports it.
func (e *engine) belongs(unit ir.UnitID, file int) bool {
	if f, ok := e.fileOf[unit]; ok {
		return e.related(f, file)
	}
	for i, f := range e.files {
		if e.related(i, file) && len(f.Units) > 0 && e.p.Reads(f.Units[0].ID, unit) {
			return true
		}
	}
	return false
}

// relate joins the groups of two files.
func (e *engine) relate(a, b int) {
	from, to := e.groups[a], e.groups[b]
	for k, g := range e.groups {
		if g == to {
			e.groups[k] = from
		}
	}
}

func (e *engine) fileImports() []fileImport {
	byModule := map[string]int{}
	for i, f := range e.files {
		if f.Module != "" {
			byModule[f.Module] = i
		}
	}
	var out []fileImport
	for _, im := range e.p.Imports() {
		if !im.Project {
			continue
		}
		for m := im.Qualified; m != ""; {
			if to, ok := byModule[m]; ok {
				out = append(out, fileImport{from: e.fileOf[im.Stmt.Unit], to: to, sample: hasPrefix(im.Qualified, e.migration.Primary)})
				break
			}
			i := strings.LastIndexByte(m, '.')
			if i < 0 {
				break
			}
			m = m[:i]
		}
	}
	return out
}

// isTarget reports whether an expression is assigned to or deleted.
func (e *engine) isTarget(x ir.Expr) bool {
	n := e.node(x)
	p := n.Parent()
	switch p.Kind() {
	case grammar.KindAssignment, grammar.KindAugmentedAssignment, grammar.KindForStatement:
		return p.Child(grammar.FieldLeft).ID() == n.ID()
	case grammar.KindDeleteStatement:
		return true
	}
	return false
}
