package rewrite

import (
	"slices"
	"sort"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/edit"
	"pyxlate/translator/meaning"
	"pyxlate/translator/todo"
)

// markText is the comment that tells a person what is left to do.
func (e *engine) markText(code, text string) string {
	return todo.Mark{Code: code, Target: e.migration.MarkTarget(code), Text: text}.String()
}

// notePrefix opens the comment of a note of review.
const notePrefix = "# pyxlate "

// result turns the plans into edits and findings.
func (e *engine) result() Result {
	r := Result{Edits: map[ir.UnitID][]edit.Edit{}, Answered: e.answeredMarks()}
	if len(e.uses) > 0 {
		e.noteComments()
		for _, u := range e.units {
			if u.Tree == nil {
				continue
			}
			if es := e.unitEdits(u, r.Answered); len(es) > 0 {
				r.Edits[u.ID] = es
			}
		}
	}
	r.Findings = make([]Finding, 0, len(e.uses))
	for _, u := range e.uses {
		if f := e.found[u]; f != nil {
			r.Findings = append(r.Findings, *f)
		}
	}
	return r
}

// unitEdits renders everything that changes in one unit. Of the marks that have an
// answer now, those in the unit go.
func (e *engine) unitEdits(u *meaning.Source, answered []ir.Span) []edit.Edit {
	a := &assembler{e: e, u: u, src: string(u.Raw), renderings: map[renderingKey]rendering{}}
	for _, m := range e.lines {
		if m.unit == u.ID {
			a.add(m.at, m.at, e.markText(m.mark.code, m.mark.text)+"\n"+a.indentAt(m.at))
		}
	}
	a.sharedImports()
	a.statements()
	a.expressions()
	a.importStatements()
	a.emptyBlocks()
	a.newImports()
	for _, s := range answered {
		if s.Unit == u.ID && !a.taken(s) {
			a.add(a.lineStart(s.Start), a.lineEnd(s.End), "")
		}
	}
	return a.merged()
}

// merged puts the edits in order. Removals of neighbouring lines may both take
// the blank line between them: what they share is taken once.
func (a *assembler) merged() []edit.Edit {
	sorted := edit.Sort(a.edits)
	out := sorted[:0]
	for _, ed := range sorted {
		if n := len(out); n > 0 && ed.Start < out[n-1].End {
			prev := &out[n-1]
			switch {
			case prev.New == "":
				prev.End = ed.Start
			case ed.New == "":
				ed.Start = min(prev.End, ed.End)
			}
		}
		out = append(out, ed)
	}
	out = slices.DeleteFunc(out, func(ed edit.Edit) bool { return ed.Start == ed.End && ed.New == "" })
	// Removals side by side are one.
	joined := out[:0]
	for _, ed := range out {
		if n := len(joined); n > 0 && ed.New == "" && joined[n-1].End == ed.Start && ed.Start > joined[n-1].Start {
			joined[n-1].End = ed.End
			continue
		}
		joined = append(joined, ed)
	}
	for i := range joined {
		next := len(a.src)
		if i+1 < len(joined) {
			next = joined[i+1].Start
		}
		a.closeGap(&joined[i], next)
	}
	return joined
}

// closeGap takes away the blank lines that a removal of whole lines leaves: of
// those before and those after it only the larger number stays, at the edges of
// a unit none.
func (a *assembler) closeGap(ed *edit.Edit, next int) {
	if ed.New != "" || ed.End == ed.Start || ed.Start > 0 && a.src[ed.Start-1] != '\n' {
		return
	}
	blank := func(s string) bool { return strings.TrimSpace(s) == "" }
	before := 0
	at := ed.Start
	for at > 0 {
		prev := a.lineStart(at - 1)
		if !blank(a.src[prev:at]) {
			break
		}
		before++
		at = prev
	}
	if at == 0 {
		before = len(a.src)
	}
	if ed.End == len(a.src) {
		return
	}
	if a.src[ed.End-1] != '\n' {
		return
	}
	for n := 0; n < before && ed.End < next; n++ {
		le := a.lineEnd(ed.End)
		if !blank(a.src[ed.End:le]) || le > next || le == ed.End {
			return
		}
		ed.End = le
	}
}

// assembler collects the edits of one unit.
type assembler struct {
	e     *engine
	u     *meaning.Source
	src   string
	edits []edit.Edit
	gone  []ir.Span // statements removed whole
	done  []ir.Span // spans that an edit has taken

	opened map[int32]bool // blocks that were on the line of their header and no longer are
	// ownLine are the starts of statements before which an edit breaks the line.
	ownLine    map[int]bool
	renderings map[renderingKey]rendering
}

func (a *assembler) add(start, end int, text string) {
	a.edits = append(a.edits, edit.Edit{Start: start, End: end, New: text})
	if end > start {
		a.done = append(a.done, ir.Span{Unit: a.u.ID, Start: start, End: end})
	}
}

func (a *assembler) taken(s ir.Span) bool {
	return slices.ContainsFunc(a.done, func(d ir.Span) bool { return d.Start < s.End && s.Start < d.End })
}

// lineStart is the offset of the line that holds an offset.
func (a *assembler) lineStart(at int) int { return strings.LastIndexByte(a.src[:at], '\n') + 1 }

// lineEnd is the offset behind the newline of the line that holds an offset.
func (a *assembler) lineEnd(at int) int {
	if i := strings.IndexByte(a.src[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(a.src)
}

// statements applies the plans of whole statements.
func (a *assembler) statements() {
	e := a.e
	plans := map[nodeKey]*plan{}
	var keys []nodeKey
	for k, p := range e.plans {
		if k.unit == a.u.ID {
			plans[k] = p
			keys = append(keys, k)
		}
	}
	for _, f := range e.folds {
		k := keyOf(f.stmt)
		if !f.gone || k.unit != a.u.ID {
			continue
		}
		p, known := plans[k]
		if !known {
			keys = append(keys, k)
		}
		if !known || len(p.before)+len(p.after)+len(p.replace)+len(p.marks) == 0 {
			plans[k] = &plan{stmt: f.stmt, drop: true} // what is rewritten in it goes with it
		}
	}
	// Statements in which only expressions are rewritten may have comments to save.
	for _, r := range e.repl.in(a.u.ID) {
		stmt := e.p.Stmt(r.at)
		if k := keyOf(stmt); plans[k] == nil {
			plans[k] = &plan{stmt: stmt}
			keys = append(keys, k)
		}
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i].node < keys[j].node })
	for _, k := range keys {
		a.statement(plans[k])
	}
}

// statement applies one plan.
func (a *assembler) statement(p *plan) {
	e := a.e
	n := e.node(p.stmt)
	start, end := p.stmt.Start, n.CodeEnd()
	stays := len(p.replace) == 0 && !p.drop
	var loose []string
	if stays {
		loose = a.looseComments(p)
	}
	if len(p.before)+len(p.after)+len(p.marks)+len(loose) == 0 && stays {
		return
	}
	if n.Parent().Is(grammar.KindDecoratedDefinition) {
		start = n.Parent().Start()
	}
	head := e.headSpan(p.stmt)
	if a.taken(ir.Span{Unit: a.u.ID, Start: start, End: min(head.End, end)}) {
		return
	}
	ls := a.lineStart(start)
	indent := a.src[ls:start]
	alone := strings.TrimSpace(indent) == ""
	var pre []string
	pre = append(pre, a.markLines(p, start)...)
	block := n.Parent()
	if !alone || a.next(end) > end {
		// `if x: f()` or `a; f(); b`: the statement shares its line.
		a.sharedLine(p, append(pre, loose...), start, end, block, alone || a.ownLine[start])
		return
	}
	var before []string
	for _, t := range p.before {
		before = append(before, a.lines(t, p, indent))
	}
	if stays && hasTodo(p.marks) && e.marksOld(p.stmt) {
		pre = append(before, pre...) // a mark stands right above what it is about
	} else {
		pre = append(pre, before...)
	}
	switch {
	case p.drop && len(p.replace) == 0:
		comments := e.commentsIn(p.stmt, ir.Span{Unit: a.u.ID, Start: start, End: end})
		pre = append(pre, comments...)
		a.remove(start, end, indent, pre)
		return
	case len(p.replace) > 0:
		body, loose := a.body(p, indent)
		text := strings.Join(append(append(pre, loose...), body...), "\n"+indent)
		a.add(start, end, text)
		return
	}
	// The statement stays, with lines around it.
	pre = append(pre, loose...)
	if len(pre) > 0 {
		a.add(start, start, strings.Join(pre, "\n"+indent)+"\n"+indent)
	}
	if len(p.after) > 0 {
		var post []string
		for _, t := range p.after {
			post = append(post, a.lines(t, p, indent))
		}
		at := end
		// Behind a comment that trails the statement.
		if le := a.lineEnd(end); strings.HasPrefix(strings.TrimLeft(a.src[end:le], " \t"), "#") {
			at = len(strings.TrimRight(a.src[:le], "\r\n"))
		}
		a.add(at, at, "\n"+indent+strings.Join(post, "\n"+indent))
	}
}

// looseComments are the comments inside rewritten expressions of a statement
// that find no place in the new text.
func (a *assembler) looseComments(p *plan) []string {
	var out []string
	head := a.e.headSpan(p.stmt)
	for _, r := range a.e.repl.within(head) {
		if !a.e.nestedRepl(r) {
			out = append(out, a.rendered(r, p.stmt).loose...)
		}
	}
	return out
}

// rendering is the new text of an expression, and its loose comments.
type rendering struct {
	text  string
	loose []string
}

// rendered renders a replacement once for its text and its comments.
func (a *assembler) rendered(r *replacement, stmt ir.Expr) rendering {
	k := renderingKey{r, stmt}
	out, ok := a.renderings[k]
	if !ok {
		opt := a.inPlace(r.at)
		opt.given = a.givenBefore(a.e.plans[keyOf(stmt)])
		out.text, out.loose = a.e.renderWith(r.term, stmt, opt)
		a.renderings[k] = out
	}
	return out
}

// givenBefore lists the user's expressions that statements before the one of a
// plan give back, with their comments.
func (a *assembler) givenBefore(p *plan) (given []ir.Span) {
	if p != nil {
		for _, t := range p.before {
			collect(t, &given, new([]ir.Expr))
		}
	}
	return given
}

type renderingKey struct {
	of   *replacement
	stmt ir.Expr
}

// inPlace are the options for rendering in the place of an expression.
func (a *assembler) inPlace(x ir.Expr) renderOptions {
	return renderOptions{base: a.indentAt(x.Start), prefix: a.src[a.lineStart(x.Start):x.Start], old: x, expand: true, comments: true,
		inside: a.e.within(x, nodeKey{x.Unit, -1}, nil)}
}

// indentAt is the leading white space of the line that holds an offset.
func (a *assembler) indentAt(at int) string { return leadingSpace(a.src[a.lineStart(at):]) }

// lines renders a statement that is put beside the user's, below the comments
// that it gives back and that find no place in it.
func (a *assembler) lines(t ir.Term, p *plan, indent string) string {
	text, loose := a.e.renderWith(t, p.stmt, renderOptions{base: indent, prefix: indent, old: p.stmt})
	return strings.Join(append(append(loose, a.marksOver(p, t)...), text), "\n"+indent)
}

// marksOver are the marks of a plan above one of its new statements.
func (a *assembler) marksOver(p *plan, t ir.Term) (out []string) {
	for _, m := range p.marks {
		if m.over == t {
			out = appendOnce(out, a.e.markText(m.code, m.text))
		}
	}
	return out
}

// body renders the statements that take the place of the user's. The longest
// call among them takes the layout of the old statement, and its comments; the
// comments that go with no argument come back as loose.
func (a *assembler) body(p *plan, indent string) (out, loose []string) {
	given := a.givenBefore(p)
	main, most := 0, -1
	for i, t := range p.replace {
		var olds []ir.Expr
		collect(t, &given, &olds)
		if len(olds) > most {
			main, most = i, len(olds)
		}
	}
	for i, t := range p.replace {
		opt := renderOptions{base: indent, prefix: indent, old: p.stmt}
		if i == main {
			_, isBlock := t.(*mixed)
			opt.expand, opt.comments, opt.given = !isBlock, true, given
		}
		text, l := a.e.renderWith(t, p.stmt, opt)
		out = append(append(out, a.marksOver(p, t)...), text)
		loose = append(loose, l...)
	}
	for _, t := range p.after {
		out = append(out, a.lines(t, p, indent))
	}
	return out, loose
}

// next is where the next statement of the same line begins, behind a semicolon;
// end itself where none follows.
func (a *assembler) next(end int) int {
	rest := strings.TrimLeft(a.src[end:a.lineEnd(end)], " \t")
	if !strings.HasPrefix(rest, ";") {
		return end
	}
	text := strings.TrimLeft(rest[1:], " \t")
	if text == "" || strings.HasPrefix(text, "#") || strings.TrimSpace(text) == "" {
		return end
	}
	return a.lineEnd(end) - len(text)
}

// sharedLine applies a plan to a statement that shares its line with others.
// own says that the line breaks before it, in the text or by an edit.
func (a *assembler) sharedLine(p *plan, pre []string, start, end int, block grammar.Node, own bool) {
	indent, onHeader := a.listIndent(block, p.stmt)
	var body []string
	for _, t := range p.before {
		body = append(body, a.lines(t, p, indent))
	}
	if len(p.replace) == 0 && !p.drop && hasTodo(p.marks) && a.e.marksOld(p.stmt) {
		pre, body = append(body, pre...), nil // a mark stands right above what it is about
	}
	switch {
	case len(p.replace) > 0:
		lines, loose := a.body(p, indent)
		pre = append(pre, loose...)
		body = append(body, lines...)
	case p.drop:
		pre = append(pre, a.e.commentsIn(p.stmt, ir.Span{Unit: a.u.ID, Start: start, End: end})...)
	default:
		body = append(body, a.spliced(start, end))
	}
	if len(p.replace) == 0 {
		for _, t := range p.after {
			body = append(body, a.lines(t, p, indent))
		}
	}
	next := a.next(end)
	lines := append(slices.Clone(pre), body...)
	simple := len(pre) == 0 && !slices.ContainsFunc(body, func(s string) bool { return strings.Contains(s, "\n") || strings.HasSuffix(s, ":") })
	switch {
	case len(body) == 0 && own && len(pre) == 0 && next > end:
		a.gone = append(a.gone, p.stmt.Span)
		a.add(start, next, "")
		a.breakAt(next)
		return
	case len(body) == 0 && len(pre) == 0:
		a.gone = append(a.gone, p.stmt.Span)
		a.add(start, end, "pass")
		return
	case simple:
		a.add(start, end, strings.Join(body, "; "))
		return
	}
	if len(body) == 0 && !block.Is(grammar.KindModule) {
		lines = append(lines, "pass")
	}
	text := strings.Join(lines, "\n"+indent)
	from := start
	if onHeader {
		a.open(block, indent)
	}
	if !own && (!onHeader || block.Start() != start) {
		// The line breaks before the statement, in place of the semicolon.
		from = len(strings.TrimRight(a.src[:start], " \t"))
		if strings.HasSuffix(a.src[:from], ";") {
			from = len(strings.TrimRight(a.src[:from-1], " \t"))
		}
		text = "\n" + indent + text
	}
	if next > end {
		a.add(from, next, text+"\n"+indent)
		a.breakAt(next)
		return
	}
	a.add(from, end, text)
}

// listIndent is the indentation of the statements of a block or module, and
// whether they stand on the line of their header.
func (a *assembler) listIndent(list grammar.Node, stmt ir.Expr) (indent string, onHeader bool) {
	first := list.FirstChild()
	if first.IsZero() {
		return "", false
	}
	if before := a.src[a.lineStart(first.Start()):first.Start()]; strings.TrimSpace(before) == "" {
		return before, false
	}
	if !list.Is(grammar.KindBlock) {
		return "", false // after a stray mark at the start of the text
	}
	return a.indentAt(list.Parent().Start()) + a.e.styleOf(stmt).indent, true
}

// open puts the statements of a block below the line of its header.
func (a *assembler) open(block grammar.Node, indent string) {
	if a.opened[block.ID()] {
		return
	}
	if a.opened == nil {
		a.opened = map[int32]bool{}
	}
	a.opened[block.ID()] = true
	at := len(strings.TrimRight(a.src[:block.Start()], " \t"))
	a.edits = append(a.edits, edit.Edit{Start: at, End: block.Start(), New: "\n" + indent})
}

// breakAt notes that an edit has put the statement at an offset on a line of
// its own.
func (a *assembler) breakAt(at int) {
	if a.ownLine == nil {
		a.ownLine = map[int]bool{}
	}
	a.ownLine[at] = true
}

// spliced is a statement's own text with the rewrites inside it.
func (a *assembler) spliced(start, end int) string {
	noting := a.e.comments.noting
	a.e.comments.noting = false // it stays where it was, with its comments
	defer func() { a.e.comments.noting = noting }()
	text, _ := a.e.textInside(ir.Span{Unit: a.u.ID, Start: start, End: end}, nodeKey{a.u.ID, -1},
		a.src[a.lineStart(start):start], nil)
	return text
}

// remove takes a statement's lines away and leaves its comments.
func (a *assembler) remove(start, end int, indent string, comments []string) {
	ls, le := a.lineStart(start), a.lineEnd(end)
	a.gone = append(a.gone, ir.Span{Unit: a.u.ID, Start: start, End: end})
	rest := a.src[end:le]
	trail := strings.TrimSpace(rest)
	switch {
	case strings.HasPrefix(trail, ";"):
		// Others follow on the line.
		skip := end + strings.IndexByte(rest, ';') + 1
		for skip < len(a.src) && (a.src[skip] == ' ' || a.src[skip] == '\t') {
			skip++
		}
		if skip < len(a.src) && a.src[skip] != '\n' && a.src[skip] != '\r' && a.src[skip] != '#' {
			text := ""
			if len(comments) > 0 {
				text = strings.Join(comments, "\n"+indent) + "\n" + indent
			}
			a.add(start, skip, text)
			return
		}
		trail = strings.TrimSpace(strings.TrimPrefix(trail, ";"))
	}
	if strings.HasPrefix(trail, "#") {
		comments = append(comments, trail)
	}
	if len(comments) > 0 {
		a.add(start, end+len(strings.TrimRight(rest, "\r\n")), strings.Join(comments, "\n"+indent))
		return
	}
	if le == len(a.src) && !strings.HasSuffix(a.src, "\n") && ls > 0 {
		// The last line had no newline: the one before keeps none.
		ls--
		if ls > 0 && a.src[ls-1] == '\r' {
			ls--
		}
	}
	a.add(ls, le, "")
}

// expressions applies rewrites of single expressions in statements that stay.
func (a *assembler) expressions() {
	e := a.e
	for _, in := range e.inside(ir.Span{Unit: a.u.ID, Start: 0, End: len(a.src)}, nodeKey{a.u.ID, -1}) {
		s := ir.Span{Unit: a.u.ID, Start: in.start, End: in.end}
		if a.taken(s) {
			continue
		}
		r := e.replAt(a.u.ID, in.start, in.end)
		text := ""
		if r != nil {
			text = a.rendered(r, e.p.Stmt(r.at)).text
		} else {
			text, _ = in.text(a.src[a.lineStart(in.start):in.start], nil)
		}
		if text != a.src[in.start:in.end] {
			a.add(in.start, in.end, text)
		}
	}
}

// emptyBlocks puts `pass` into blocks all of whose statements have gone.
func (a *assembler) emptyBlocks() {
	e := a.e
	seen := map[int32]bool{}
	for _, g := range a.gone {
		n := a.u.Tree.NodeAt(g.Start, g.End)
		for !n.IsZero() && !n.Parent().Is(grammar.KindBlock, grammar.KindModule) {
			n = n.Parent()
		}
		block := n.Parent()
		if !block.Is(grammar.KindBlock) || seen[block.ID()] {
			continue
		}
		seen[block.ID()] = true
		left := false
		var firstGone grammar.Node
		for st := range block.Children() {
			if st.Is(grammar.KindComment, grammar.KindLineContinuation) {
				continue
			}
			x := ir.Span{Unit: a.u.ID, Start: st.Start(), End: st.CodeEnd()}
			gone := slices.ContainsFunc(a.gone, func(s ir.Span) bool { return s.Start == x.Start })
			if !gone {
				left = true
				break
			}
			if firstGone.IsZero() {
				firstGone = st
			}
		}
		if left || firstGone.IsZero() {
			continue
		}
		if e.blockHasText(a, block) {
			continue
		}
		ls := a.lineStart(firstGone.Start())
		if strings.TrimSpace(a.src[ls:firstGone.Start()]) != "" {
			continue // on the line of its header: already `pass`
		}
		indent := a.src[ls:firstGone.Start()]
		for i := range a.edits {
			ed := &a.edits[i]
			if ed.Start <= firstGone.Start() && ed.End >= firstGone.CodeEnd() {
				switch {
				case ed.New == "":
					ed.New = indent + "pass\n"
					if ed.Start > 0 && a.src[ed.Start-1] != '\n' {
						ed.New = "\n" + indent + "pass"
					}
				default: // comments stay
					ed.New += "\n" + indent + "pass"
				}
				break
			}
		}
	}
}

// blockHasText reports whether an edit writes statements into the block.
func (e *engine) blockHasText(a *assembler, block grammar.Node) bool {
	for _, ed := range a.edits {
		if ed.Start >= block.Start() && ed.End <= a.lineEnd(block.End()) {
			for _, line := range strings.Split(ed.New, "\n") {
				if t := strings.TrimSpace(line); t != "" && !strings.HasPrefix(t, "#") {
					return true
				}
			}
		}
	}
	return false
}

// markLines are the comments that a plan puts above its statement.
func (a *assembler) markLines(p *plan, start int) []string {
	var out []string
	for _, m := range p.marks {
		if m.over != nil {
			continue
		}
		line := notePrefix + m.code + ": " + m.text
		if m.todo {
			line = a.e.markText(m.code, m.text)
		}
		if slices.Contains(out, line) || a.e.markAbove(a.u.ID, start, line) {
			continue
		}
		out = append(out, line)
	}
	return out
}

// lineIndent is the indentation of the line on which an expression begins.
func (e *engine) lineIndent(x ir.Expr) string {
	src := e.source(ir.Span{Unit: x.Unit, Start: 0, End: x.Start})
	line := src[strings.LastIndexByte(src, '\n')+1:]
	return leadingSpace(line + "x")
}
