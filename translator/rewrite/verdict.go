package rewrite

import (
	"iter"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/translator/todo"
)

// markedAlready takes over the marks of an earlier run: a statement under a
// mark is left alone, and its uses have the mark's code (Promise 4).
func (e *engine) markedAlready() {
	for _, u := range e.uses {
		if e.maskedLine(u) {
			if code, text, ok := e.existingMark(u.At.Unit, e.lineStart(u.At)); ok {
				e.found[u] = &Finding{Use: u, File: e.fileOf[u.At.Unit], At: u.At.Span, Code: code, Verdict: ir.Manual, Symbol: u.Symbol, Message: text, Marked: true, Left: code == ""}
			}
			continue
		}
		stmt := e.p.Stmt(u.At)
		start := stmt.Start
		if n := e.node(stmt); n.Parent().Is(grammar.KindDecoratedDefinition) {
			start = n.Parent().Start()
		}
		code, text, ok := e.existingMark(stmt.Unit, start)
		if !ok {
			if code, text, ok = e.markedMaker(u); !ok {
				continue
			}
		}
		e.found[u] = &Finding{Use: u, File: e.fileOf[u.At.Unit], At: u.At.Span, Code: code, Verdict: ir.Manual, Symbol: u.Symbol, Message: text, Marked: true, Left: code == ""}
	}
}

// markedMaker gives the mark above a statement that makes an object of which a
// use may be: what is read of the object may be new code already.
func (e *engine) markedMaker(u *ir.Use) (code, text string, ok bool) {
	n := e.node(u.At)
	if n.Is(grammar.KindCall) {
		n = n.Child(grammar.FieldFunction)
	}
	if !n.Is(grammar.KindAttribute) {
		return "", "", false
	}
	eachObject(e.p.Value(e.expr(u.At.Unit, n.Child(grammar.FieldObject))), func(o *ir.Object) {
		if made := e.p.Made(o); made != nil && !ok {
			code, text, ok = e.existingMark(made.Stmt.Unit, made.Stmt.Start)
			ok = ok && code != ""
		}
	})
	return code, text, ok
}

// maskedLine reports whether a use stands on a line that is no Python.
func (e *engine) maskedLine(u *ir.Use) bool {
	if u.Kind != ir.LineUse {
		return false
	}
	for _, m := range e.byID[u.At.Unit].Masked {
		if m.Start <= u.At.Start && u.At.Start < m.End {
			return true
		}
	}
	return false
}

// lineStart is the offset of the first character that is no white space on the
// line of an expression.
func (e *engine) lineStart(x ir.Expr) int {
	src := e.source(ir.Span{Unit: x.Unit, Start: 0, End: x.End})
	start := strings.LastIndexByte(src[:x.Start], '\n') + 1
	return start + len(leadingSpace(src[start:]))
}

// lineMark is a mark above a line that is no Python.
type lineMark struct {
	unit ir.UnitID
	at   int // where the line's text begins
	mark mark
}

// markLine answers for a command line of the old SDK's tool.
func (e *engine) markLine(r *rules.Rule, u *ir.Use) {
	a := &application{rule: r, use: u, stmt: u.At}
	a.ctx = &context{e: e, rule: r, use: u, call: u.Call, stmt: u.At, place: u.At, used: map[string]bool{}}
	n := a.noteOr()
	if ans := e.answer(a); ans != nil && len(ans.Notes) > 0 {
		n = ans.Notes[0]
	}
	e.leaveLine(u, n)
}

// leaveLine leaves a line that is no Python to a person.
func (e *engine) leaveLine(u *ir.Use, n ir.Note) {
	text := e.noteText(n)
	e.found[u] = &Finding{Use: u, File: e.fileOf[u.At.Unit], At: u.At.Span, Code: n.Code, Verdict: ir.Manual, Symbol: u.Symbol, Message: text, Marked: true}
	e.lines = append(e.lines, lineMark{unit: u.At.Unit, at: e.lineStart(u.At), mark: mark{code: n.Code, text: text, todo: true}})
}

// existingMark reads the mark in the comment lines right above the statement at
// an offset, or above those that share its lines. For a statement that the user
// wants left alone the code is empty. A mark for another target is none.
func (e *engine) existingMark(unit ir.UnitID, start int) (code, text string, ok bool) {
	if e.opt.Left != nil && e.opt.Left(unit, start) {
		return "", "", true
	}
	before := e.source(ir.Span{Unit: unit, Start: 0, End: start})
	line := strings.LastIndexByte(before, '\n') + 1
	shares := strings.TrimSpace(before[line:]) != "" || strings.HasSuffix(strings.TrimRight(before[:line], "\r\n"), "\\")
	if u := e.byID[unit]; shares && u != nil && u.Tree != nil {
		if s := u.Tree.NodeAt(start, start).LineStatement(); !s.IsZero() && s.Start() < start {
			if code, text, ok := e.markAt(unit, s.Start()); ok {
				return code, text, true
			}
		}
	}
	return e.markAt(unit, start)
}

// markAt reads the mark in the comment lines right above the line of an offset.
func (e *engine) markAt(unit ir.UnitID, start int) (code, text string, ok bool) {
	for l := range e.marksAbove(unit, start) {
		if e.migration.Own(l.Code, l.Target) {
			return l.Code, l.Text, true
		}
	}
	return "", "", false
}

// marksAbove yields the marks in the comment lines right above an offset, the
// nearest first.
func (e *engine) marksAbove(unit ir.UnitID, start int) iter.Seq[todo.Line] {
	return todo.Above(e.source(ir.Span{Unit: unit, Start: 0, End: start}), start)
}

// answeredMarks lists the marks for other targets above statements of whose uses
// one that such a mark may be about has an answer now. They go.
func (e *engine) answeredMarks() []ir.Span {
	var out []ir.Span
	for _, u := range e.uses {
		f := e.found[u]
		if f == nil || f.Left || f.Marked && !e.maskedLine(u) {
			continue
		}
		start := e.lineStart(u.At)
		if !e.maskedLine(u) {
			stmt := e.p.Stmt(u.At)
			if start = stmt.Start; e.node(stmt).Parent().Is(grammar.KindDecoratedDefinition) {
				start = e.node(stmt).Parent().Start()
			}
		}
		for l := range e.marksAbove(u.At.Unit, start) {
			s := ir.Span{Unit: u.At.Unit, Start: l.Start, End: l.End}
			if !e.migration.Own(l.Code, l.Target) && e.migration.Answers(l.Code, u.Symbol) && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// commentsAbove yields the lines of comment right above an offset, the nearest
// first, without the space around them.
func (e *engine) commentsAbove(unit ir.UnitID, start int) iter.Seq[string] {
	return func(yield func(string) bool) {
		src := e.source(ir.Span{Unit: unit, Start: 0, End: start})
		for end := strings.LastIndexByte(src, '\n'); end >= 0; {
			begin := strings.LastIndexByte(src[:end], '\n')
			line := strings.TrimSpace(src[begin+1 : end])
			if !strings.HasPrefix(line, "#") || !yield(line) {
				return
			}
			end = begin
		}
	}
}

// hasMark reports whether a mark stands above an offset.
func (e *engine) hasMark(unit ir.UnitID, start int) bool {
	_, _, ok := e.existingMark(unit, start)
	return ok
}

// markedBefore reports whether an earlier run left a statement to a person.
func (e *engine) markedBefore(stmt ir.Expr) bool {
	code, _, _ := e.existingMark(stmt.Unit, stmt.Start)
	return code != ""
}

// markAbove reports whether that very line already stands above an offset.
func (e *engine) markAbove(unit ir.UnitID, start int, want string) bool {
	for line := range e.commentsAbove(unit, start) {
		if line == want {
			return true
		}
	}
	return false
}

// markedStatement reports whether the statement is left to a person.
func (e *engine) markedStatement(stmt ir.Expr) bool {
	p, ok := e.plans[keyOf(stmt)]
	if ok && !p.drop && len(p.replace) == 0 {
		for _, m := range p.marks {
			if m.todo {
				return true
			}
		}
	}
	return e.hasMark(stmt.Unit, stmt.Start)
}

// giveVerdicts gives every use its finding, and marks what nothing answered
// for.
func (e *engine) giveVerdicts() {
	e.told = map[*application]told{}
	for _, u := range e.uses {
		if e.found[u] != nil {
			continue
		}
		e.found[u] = e.verdict(u)
	}
	// A use in a statement that is marked only now: the mark is one for all.
	for _, u := range e.uses {
		f := e.found[u]
		if c := e.covering(u.At); c != nil && c.app.marked {
			continue
		}
		if f.Verdict == ir.Manual && !f.Marked && u.Kind != ir.ImportUse {
			stmt := e.p.Stmt(u.At)
			p := e.stmtPlan(stmt)
			if written := e.written.at(e, u.At); e.isAlive(u.At) && slices.ContainsFunc(written, func(w place) bool { return w.term != nil }) {
				for _, w := range written { // the text that names it is in new statements
					if m := (mark{code: f.Code, text: f.Message, todo: true, over: w.term}); !slices.Contains(w.plan.marks, m) {
						w.plan.marks = append(w.plan.marks, m)
					}
				}
				continue
			}
			if i := slices.IndexFunc(p.marks, func(m mark) bool { return m.todo }); i >= 0 {
				f.Code, f.Message = p.marks[i].code, p.marks[i].text
				continue
			}
			p.marks = append(p.marks, mark{code: f.Code, text: f.Message, todo: true})
		}
	}
}

// marksOld reports whether a mark above a statement is about old code in it: it
// stands right above the statement then, where a second run looks for it.
func (e *engine) marksOld(stmt ir.Expr) bool {
	if !e.rewritten(stmt) {
		return true
	}
	for u := range e.usesIn(stmt.Span) {
		if f := e.found[u]; f != nil && f.Verdict == ir.Manual && keyOf(e.p.Stmt(u.At)) == keyOf(stmt) && e.isAlive(u.At) && e.repl.get(keyOf(u.At)) == nil {
			return true
		}
	}
	return false
}

func hasTodo(ms []mark) bool {
	for _, m := range ms {
		if m.todo {
			return true
		}
	}
	return false
}

// verdict judges one use by what became of it.
func (e *engine) verdict(u *ir.Use) *Finding {
	f := &Finding{Use: u, File: e.fileOf[u.At.Unit], At: u.At.Span, Symbol: u.Symbol}
	if u.Kind == ir.ImportUse {
		return e.importVerdict(f)
	}
	if c := e.covering(u.At); c != nil && c.app.rule != nil {
		e.fromApplication(f, c.app)
		if c.at != u.At && !c.app.manual {
			e.partVerdict(f, c.app)
		}
		f.Edited = !e.isAlive(u.At) || e.repl.get(keyOf(u.At)) != nil || e.isSpelled(u.At.Span)
		if c.app.rule.Fold && !c.app.manual {
			e.foldVerdict(f, c.app)
		}
		return e.presume(f)
	}
	if !e.isAlive(u.At) {
		// Consumed by the rule that rewrote the text around it.
		f.Edited = true
		f.Code, f.Message = e.migration.Code("carried", u.Symbol), carriedAlong
		if a := e.consumer(u.At); a != nil {
			e.fromApplication(f, a)
			e.partVerdict(f, a)
		}
		return e.presume(f)
	}
	pack := e.migration.Of(u.Symbol)
	n := e.note(pack, "unknown", shortName(u.Symbol))
	if u.Kind == ir.AttrUse && e.isTarget(u.At) {
		n = e.note(pack, "record", shortName(u.Symbol)) // a step in building one that stays
	}
	f.Code, f.Verdict, f.Message = n.Code, ir.Manual, e.noteText(n)
	return f
}

// told are the notes of an application with their texts.
type told struct {
	notes []ir.Note
	texts []string
}

// tell gives the notes of an application, whose texts are made once for all
// uses that it answers for.
func (e *engine) tell(a *application) told {
	t, ok := e.told[a]
	if !ok || len(t.notes) != len(a.notes)+len(a.ctx.notes) {
		t.notes = slices.Concat(a.notes, a.ctx.notes)
		t.texts = make([]string, len(t.notes))
		for i, n := range t.notes {
			t.texts[i] = e.noteText(n)
		}
		e.told[a] = t
	}
	return t
}

// fromApplication takes the verdict of a rule: the worst of its notes.
func (e *engine) fromApplication(f *Finding, a *application) {
	f.Code, f.Verdict = a.rule.ID, a.rule.Verdict
	if a.answer != nil && a.rule.Func != "" {
		f.Verdict = ir.Migrated
	}
	t := e.tell(a)
	notes := t.notes
	texts := make([]string, 0, len(notes))
	for _, n := range notes {
		if n.Verdict > f.Verdict {
			f.Verdict = n.Verdict
		}
	}
	for i, n := range notes {
		if n.Verdict == f.Verdict {
			texts = appendOnce(texts, t.texts[i])
		}
	}
	for _, text := range t.texts { // the reasons for less come after
		texts = appendOnce(texts, text)
	}
	for _, n := range notes {
		if n.Verdict == f.Verdict && n.Code != "" {
			f.Code = n.Code
			break
		}
	}
	if a.manual {
		f.Verdict = ir.Manual
	}
	f.Message = strings.Join(texts, " ")
	if f.Message == "" {
		f.Message = a.rule.Why
	}
}

func appendOnce(list []string, s string) []string {
	for _, x := range list {
		if x == s {
			return list
		}
	}
	return append(list, s)
}

// partVerdict narrows the verdict of a use inside a rewritten call to the notes
// about its own part.
func (e *engine) partVerdict(f *Finding, a *application) {
	if a.manual || a.answer == nil {
		return
	}
	best := ir.Migrated
	var text []string
	code := a.rule.ID
	t := e.tell(a)
	for i, n := range t.notes {
		if n.At.IsZero() || !n.At.Contains(f.At) && !f.At.Contains(n.At.Span) {
			continue
		}
		if n.Verdict >= best {
			best, code = n.Verdict, n.Code
		}
		text = appendOnce(text, t.texts[i])
	}
	f.Verdict, f.Code, f.Message = best, code, strings.Join(text, " ")
	if f.Message == "" {
		f.Message = e.noteText(e.note(a.rule.Pack, "carried", a.rule.ID))
	}
}

// consumer finds the application whose rewritten text took the place of an
// expression.
func (e *engine) consumer(x ir.Expr) *application {
	for n := e.node(x); !n.IsZero(); n = n.Parent() {
		k := nodeKey{x.Unit, n.ID()}
		if r := e.repl.get(k); r != nil {
			return r.app
		}
		if p, ok := e.plans[k]; ok && p.app != nil && p.gone() {
			return p.app
		}
		if c, ok := e.cover[k]; ok && !c.app.rule.Fold {
			return c.app
		}
	}
	return nil
}

// carriedAlong is what becomes of what only feeds others.
const carriedAlong = "carried into the calls that use it"

// foldVerdict judges the construction of an object that only feeds others.
func (e *engine) foldVerdict(f *Finding, a *application) {
	if !e.isAlive(f.Use.At) {
		f.Edited = true
		switch by := e.consumer(f.Use.At); {
		case by != nil && by.manual:
			e.fromApplication(f, by)
		case by != nil && by.answer != nil:
			e.partVerdict(f, by)
		default:
			f.Verdict = ir.Migrated
			f.Message = carriedAlong
		}
		return
	}
	if hasPrefix(f.Use.Symbol, e.migration.Primary) {
		n := e.note(a.rule.Pack, "record", shortName(f.Symbol))
		switch {
		case e.neededByHand(f.Use.At):
			n = e.note(a.rule.Pack, "needed", shortName(f.Symbol))
		case len(a.rule.Notes) > 0:
			n = a.noteOr()
		}
		f.Code, f.Verdict, f.Message = n.Code, ir.Manual, e.noteText(n)
	}
}

// neededByHand reports whether an expression stays for the sake of statements
// that are left by hand: its own, or those that read what it is assigned to.
func (e *engine) neededByHand(x ir.Expr) bool {
	return e.needed(e.p.Stmt(x), map[nodeKey]bool{})
}

func (e *engine) needed(stmt ir.Expr, seen map[nodeKey]bool) bool {
	if seen[keyOf(stmt)] {
		return false
	}
	seen[keyOf(stmt)] = true
	if e.markedStatement(stmt) {
		return true
	}
	for d := range e.defs.in(stmt) {
		for _, r := range e.p.Readers(d) {
			if e.isAlive(r) && e.needed(e.p.Stmt(r), seen) {
				return true
			}
		}
	}
	return false
}

// importVerdict judges an import: gone, or needed by what stays.
func (e *engine) importVerdict(f *Finding) *Finding {
	stmt := e.p.Stmt(f.Use.At)
	k := keyOf(stmt)
	f.Code = e.migration.Code("import", f.Symbol)
	gone := e.imports.removed[k]
	if shorter, ok := e.imports.shorter[k]; ok {
		gone = true
		for _, im := range shorter {
			if im.Name.Span == f.Use.At.Span || f.Use.At.Contains(im.Name.Span) || im.Name.Contains(f.Use.At.Span) {
				gone = false
			}
		}
	}
	switch {
	case gone:
		f.Verdict, f.Edited, f.Message = ir.Migrated, true, "nothing needs this import any more"
	case hasPrefix(f.Symbol, e.migration.Primary):
		n := e.note(e.migration.Of(f.Symbol), "needed", f.Symbol)
		f.Code, f.Verdict, f.Message = n.Code, ir.Manual, e.noteText(n)
	default:
		f.Verdict, f.Message = ir.Migrated, "still used"
	}
	return f
}

// presume lowers the verdict of a use that only its shape shows.
func (e *engine) presume(f *Finding) *Finding {
	if f.Use.Presumed && f.Verdict == ir.Migrated {
		f.Verdict = ir.Review
		n := e.note(e.migration.Of(f.Symbol), "presumed", shortName(f.Symbol))
		f.Code, f.Message = n.Code, strings.TrimSpace(e.noteText(n)+" "+f.Message)
	}
	return f
}

func shortName(symbol string) string {
	segs := strings.Split(symbol, ".")
	if len(segs) > 2 {
		segs = segs[len(segs)-2:]
	}
	return strings.Join(segs, ".")
}
