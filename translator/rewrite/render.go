package rewrite

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// layout is how a call is laid out over lines, as read off the old code.
type layout struct {
	mode     layoutMode
	step     string // what a hanging line is indented by, more than the line of the bracket
	closeOwn bool   // the closing bracket has a line of its own
	trailing bool   // a comma after the last argument
	unit     string // what a block is indented by
	limit    int    // columns before a call on one line is broken
	quote    string // the quote character of the user's strings
}

type layoutMode uint8

const (
	oneLineMode layoutMode = iota
	hangingMode
	visualMode
)

// defaultLimit is the width at which a call that was on one line is broken.
const defaultLimit = 100

// layoutOf reads the layout of the call (or of the longest call inside the
// node) that is to be replaced.
func (e *engine) layoutOf(x ir.Expr) layout {
	unit := e.styleOf(x).indent
	l := layout{step: unit, unit: unit, closeOwn: true, trailing: true, limit: defaultLimit, quote: "'"}
	n := e.node(x)
	src := e.source(ir.Span{Unit: x.Unit, Start: 0, End: x.End})
	body := src[x.Start:]
	if i := strings.IndexAny(body, `'"`); i >= 0 {
		l.quote = body[i : i+1]
	} else {
		l.quote = e.styleOf(x).quote
	}
	var args grammar.Node
	var find func(n grammar.Node, depth int)
	find = func(n grammar.Node, depth int) {
		if !args.IsZero() || depth > 6 {
			return
		}
		if n.Is(grammar.KindCall) {
			a := n.Child(grammar.FieldArguments)
			if a.Is(grammar.KindArgumentList) && strings.Contains(src[a.Start():min(a.End(), len(src))], "\n") {
				args = a
				return
			}
		}
		for c := range n.Children() {
			find(c, depth+1)
		}
	}
	find(n, 0)
	if args.IsZero() {
		return l
	}
	first := args.FirstChild()
	if first.IsZero() {
		return l
	}
	text := src[args.Start():args.End()]
	inner := strings.TrimRight(text[:len(text)-1], " \t\r\n")
	l.trailing = strings.HasSuffix(inner, ",")
	l.closeOwn = strings.Contains(text[len(inner):], "\n")
	lineStart := strings.LastIndexByte(src[:args.Start()], '\n') + 1
	base := leadingSpace(src[lineStart:])
	if strings.Contains(src[args.Start():first.Start()], "\n") {
		l.mode = hangingMode
		fl := strings.LastIndexByte(src[:first.Start()], '\n') + 1
		step := strings.TrimPrefix(src[fl:first.Start()], base)
		if step != "" && strings.TrimSpace(step) == "" {
			l.step = step
		}
		return l
	}
	l.mode = visualMode
	if src := src[:first.Start()]; len(leadingSpace(text[strings.IndexByte(text, '\n')+1:])) < first.Start()-strings.LastIndexByte(src, '\n')-1 {
		// The lines that follow do not stand below the first argument: the
		// last one is laid out by itself.
		l.mode = hangingMode
		if step := strings.TrimPrefix(leadingSpace(text[strings.IndexByte(text, '\n')+1:]), base); step != "" && len(step) <= 8 {
			l.step = step
		}
	}
	return l
}

func leadingSpace(s string) string { return s[:len(s)-len(strings.TrimLeft(s, " \t\f"))] }

// style is how a unit is written.
type style struct {
	indent string // one step of indentation
	quote  string // the one that is more common
}

// styleOf finds the style of the unit of an expression.
func (e *engine) styleOf(x ir.Expr) style {
	s, ok := e.styles[x.Unit]
	if !ok {
		s = style{indent: "    ", quote: "'"}
		if u := e.byID[x.Unit]; u != nil {
			if bytes.Count(u.Raw, []byte{'"'}) > bytes.Count(u.Raw, []byte{'\''}) {
				s.quote = `"`
			}
			if u.Tree != nil {
				s.indent = indentStep(string(u.Raw))
			}
		}
		e.styles[x.Unit] = s
	}
	return s
}

// indentStep is the first indentation outside brackets.
func indentStep(text string) string {
	depth := 0
	for line := range strings.SplitSeq(text, "\n") {
		if s := leadingSpace(line); s != "" && strings.TrimSpace(line) != "" && depth == 0 {
			if s[0] == '\t' {
				return "\t"
			}
			if len(s) == 2 || len(s) == 4 || len(s) == 8 {
				return s
			}
		}
		depth += strings.Count(line, "(") + strings.Count(line, "[") + strings.Count(line, "{") -
			strings.Count(line, ")") - strings.Count(line, "]") - strings.Count(line, "}")
	}
	return "    "
}

// writer renders resolved terms. It knows the column it has reached, so that a
// call can be broken where the user's own calls are.
type writer struct {
	e        *engine
	place    ir.Expr
	lay      layout
	base     string // indentation of the present line
	out      strings.Builder
	comments map[int][]comment // by old argument: start offset of its expression
	loose    []string          // comments that no argument takes along
	old      ir.Expr
	expand   bool // the outermost call is laid out over lines
	level    int
	start    int         // of what it writes in out
	inside   func() bool // whether that stands in brackets; nil: it does not
}

// comment is a comment of the old code.
type comment struct {
	text    string
	ownLine bool // it stood on a line of its own, before its argument
	start   int
}

func (w *writer) column() int { return width(w.line()) }

// width counts the characters of a text, however its lines end.
func width(s string) int { return utf8.RuneCountInString(s) - strings.Count(s, "\r") }

// line is what stands on the line that is being written.
func (w *writer) line() string { return lastLine(w.out.String()) }

func lastLine(s string) string { return s[strings.LastIndexByte(s, '\n')+1:] }

func (w *writer) str(s string) { w.out.WriteString(s) }

// tight renders a term under an operator or a dot.
func (w *writer) tight(t ir.Term) {
	if w.e.isPrimary(t) {
		w.term(t)
		return
	}
	w.str("(")
	w.term(t)
	w.str(")")
}

func (w *writer) term(t ir.Term) {
	switch t := t.(type) {
	case *ir.Name:
		w.str(w.e.imports.use(w.e, w.place, t.Path))
	case *ir.Literal:
		w.str(literal(t.V, w.lay.quote))
	case *ir.Var:
		w.str(w.e.currentName(t.Handle.Name, w.place))
	case *visible:
		w.str(w.e.currentName(t.name, t.at))
	case *local:
		w.str(t.name)
	case *ir.Source:
		text, loose := w.e.textAt(t.Arg.At, w.base, w.line(), w.inBrackets)
		w.users(text)
		w.loose = append(w.loose, loose...)
	case *itself:
		text, loose := w.e.textOf(t.at.Arg.At, t.was, w.base, w.line(), w.inBrackets)
		w.users(text)
		w.loose = append(w.loose, loose...)
	case *ir.Excerpt:
		for _, part := range t.Parts {
			text, loose := part.Text, []string(nil)
			if text == "" {
				text, loose = w.e.textInside(part.Part, nodeKey{part.Part.Unit, -1}, w.line(), w.inBrackets)
			}
			w.str(text)
			w.loose = append(w.loose, loose...)
		}
	case *inlined:
		w.inlined(t)
	case *ir.Member:
		w.tight(t.Of)
		w.str("." + t.Name)
	case *ir.Item:
		w.tight(t.Of)
		w.str("[")
		w.term(t.Key)
		w.str("]")
	case *ir.Apply:
		w.apply(t)
	case *ir.DictOf:
		w.brackets("{", "}", len(t.Entries), func(i int) (func(*writer), []ir.Expr) {
			en := t.Entries[i]
			return func(w *writer) {
				if en.Key == nil {
					w.str("**")
					w.tight(en.Value)
					return
				}
				w.term(en.Key)
				w.str(": ")
				w.term(en.Value)
			}, en.Old
		}, false, false)
	case *ir.ListOf:
		open, end := "[", "]"
		if t.Tuple {
			open, end = "(", ")"
		}
		w.brackets(open, end, len(t.Items), func(i int) (func(*writer), []ir.Expr) {
			return func(w *writer) { w.term(t.Items[i]) }, nil
		}, t.Tuple && len(t.Items) == 1, false)
	case *mixed:
		for _, p := range t.parts {
			if p.term == nil {
				w.str(reindent(inUsersQuotes(p.text, w.lay.quote), w.base, w.lay.unit))
				continue
			}
			base := w.base
			if s := w.out.String(); strings.Contains(s, "\n") {
				line := s[strings.LastIndexByte(s, '\n')+1:]
				w.base = leadingSpace(line)
			}
			if p.tight {
				w.tight(p.term)
			} else {
				w.term(p.term)
			}
			w.base = base
		}
	case *assign:
		w.term(t.target)
		w.str(" = ")
		w.term(t.value)
	case *absent:
	default:
		panic(fmt.Sprintf("render: term %T", t))
	}
}

// inUsersQuotes gives the strings of a template, which are in single quotes, the
// quotes of the user's.
func inUsersQuotes(text, quote string) string {
	if quote == "'" || strings.Contains(text, "#") {
		return text
	}
	return requote(text, '\'')
}

// reindent puts the lines of a template, which indents by four spaces, at the
// indentation of the place.
func reindent(text, base, unit string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if i == 0 {
			continue
		}
		body := strings.TrimLeft(l, " ")
		n := len(l) - len(body)
		lines[i] = base + strings.Repeat(unit, n/4) + strings.Repeat(" ", n%4) + body
	}
	return strings.Join(lines, "\n")
}

// apply renders a call.
func (w *writer) apply(t *ir.Apply) {
	w.callee(t.Fn)
	if len(t.Args) == 1 && t.Args[0].Name == "" && t.Args[0].Star == 0 && len(w.comments) == 0 && hugged(t.Args[0].Value) {
		w.str("(")
		w.term(t.Args[0].Value)
		w.str(")")
		return
	}
	w.brackets("(", ")", len(t.Args), func(i int) (func(*writer), []ir.Expr) {
		a := t.Args[i]
		return func(w *writer) {
			switch {
			case a.Star == 1:
				w.str("*")
			case a.Star == 2:
				w.str("**")
			case a.Name != "":
				w.str(a.Name + "=")
			}
			w.term(a.Value)
		}, a.Old
	}, false, len(t.Args) > 0 && t.Args[len(t.Args)-1].Star > 0)
}

// callee renders what is called. Of a chain of calls only the last is laid out
// over lines, if the others fit on the line.
func (w *writer) callee(t ir.Term) {
	if m, ok := t.(*ir.Member); ok && len(w.comments) == 0 {
		if _, chain := m.Of.(*ir.Apply); chain {
			f := &writer{e: w.e, place: w.place, lay: w.lay, base: w.base, level: w.level, inside: w.inBrackets}
			f.lay.mode = oneLineMode
			f.lay.limit = 1 << 30
			f.tight(t)
			if flat := f.out.String(); !strings.Contains(flat, "\n") && w.column()+width(flat) < w.lay.limit {
				w.str(flat)
				w.loose = append(w.loose, f.loose...)
				return
			}
		}
	}
	w.tight(t)
}

// hugged reports whether a term lays out its own brackets over lines, so that
// those around it need not: f(g(...)).
func hugged(t ir.Term) bool {
	a, ok := t.(*ir.Apply)
	return ok && len(a.Args) > 0
}

// brackets renders a bracketed list on one line where it fits, else in the
// layout of the old code. A comma is written after the last item where comma says
// so, and never after *x or **x: old versions of Python refuse that in a call.
func (w *writer) brackets(open, end string, n int, item func(int) (func(*writer), []ir.Expr), comma, starred bool) {
	w.level++
	defer func() { w.level-- }()
	if n == 0 {
		w.str(open + end)
		return
	}
	flat := make([]string, n)
	var flatLoose []string
	var lead, trail [][]comment
	hasComments := false
	f := &writer{}
	for i := range n {
		render, old := item(i)
		*f = writer{e: w.e, place: w.place, lay: w.lay, base: w.base, level: w.level, inside: func() bool { return true }}
		f.lay.mode = oneLineMode
		f.lay.limit = 1 << 30
		render(f)
		flat[i] = f.out.String()
		flatLoose = append(flatLoose, f.loose...)
		for _, o := range old {
			for _, c := range w.take(o) {
				if !hasComments {
					lead, trail = make([][]comment, n), make([][]comment, n)
				}
				hasComments = true
				if c.ownLine {
					lead[i] = append(lead[i], c)
				} else {
					trail[i] = append(trail[i], c)
				}
			}
		}
		if !hasComments {
			continue
		}
		if n := len(trail[i]); n > 1 { // a line ends in one comment
			lead[i] = append(lead[i], trail[i][:n-1]...)
			trail[i] = trail[i][n-1:]
		}
	}
	one := open + strings.Join(flat, ", ")
	if comma {
		one += ","
	}
	one += end
	wantLines := w.level == 1 && w.lay.mode != oneLineMode && n > 1 && w.expand
	// A break inside a pair of brackets with little in it only looks odd.
	fits := w.column()+width(one) <= w.lay.limit || n == 1 && width(one) <= 24
	if !hasComments && (fits && !wantLines || w.lay.limit > 1<<20) {
		w.str(one)
		w.loose = append(w.loose, flatLoose...)
		return
	}
	if !hasComments {
		lead, trail = make([][]comment, n), make([][]comment, n)
	}
	base := w.base
	w.str(open)
	inner := base + w.lay.step
	visual := w.lay.mode == visualMode && w.level == 1 && len(lead[0]) == 0
	if visual {
		inner = strings.Repeat(" ", w.column())
	}
	for i := range n {
		if !visual || i > 0 {
			w.str("\n" + inner)
		}
		for _, c := range lead[i] {
			w.str(c.text + "\n" + inner)
		}
		w.base = inner
		render, _ := item(i)
		render(w)
		last := i == n-1
		if !last || comma || w.lay.trailing && !visual && w.lay.closeOwn && !starred {
			w.str(",")
		}
		for _, c := range trail[i] {
			w.str("  " + c.text)
		}
	}
	w.base = base
	if len(trail[n-1]) > 0 || w.lay.closeOwn && !visual {
		w.str("\n" + base)
	}
	w.str(end)
}

// take gives the comments that belong to an old expression, once.
func (w *writer) take(o ir.Expr) []comment {
	cs := w.comments[o.Start]
	delete(w.comments, o.Start)
	return cs
}

// isPrimary reports whether a rendered term binds tighter than any operator.
func (e *engine) isPrimary(t ir.Term) bool {
	switch t := t.(type) {
	case *ir.Name, *ir.Var, *local, *visible, *ir.Member, *ir.Item, *ir.Apply, *ir.DictOf, *ir.ListOf:
		return true
	case *ir.Literal:
		switch t.V.(type) {
		case int, int64, float64:
			return false
		}
		return true
	case *ir.Source:
		if r := e.repl.get(keyOf(t.Arg.At)); r != nil {
			return e.isPrimary(r.term)
		}
		return primaryKind(e.node(t.Arg.At).Kind())
	case *inlined:
		return primaryKind(e.node(t.at).Kind())
	case *mixed:
		if len(t.parts) == 1 && t.parts[0].term != nil {
			return e.isPrimary(t.parts[0].term)
		}
		return t.primary
	}
	return false
}

// literal writes a Python constant.
func literal(v any, quote string) string {
	switch x := v.(type) {
	case nil:
		return "None"
	case bool:
		if x {
			return "True"
		}
		return "False"
	case int:
		return strconv.Itoa(x)
	case int64:
		return itoa(x)
	case float64:
		s := strconv.FormatFloat(x, 'g', -1, 64)
		if !strings.ContainsAny(s, ".eEn") {
			s += ".0"
		}
		return s
	case string:
		return grammar.Quote(x, quote+quote)
	}
	panic(fmt.Sprintf("render: constant %T", v))
}

// textAt is the user's text of an expression with the rewrites inside it, for a
// line with the given indentation on which line stands already, and the
// comments that find no place in it. inside tells whether it will stand in
// brackets.
func (e *engine) textAt(x ir.Expr, base, line string, inside func() bool) (text string, loose []string) {
	return e.textOf(x, e.repl.get(keyOf(x)), base, line, inside)
}

// textOf is textAt with what takes the place of the expression as a whole.
func (e *engine) textOf(x ir.Expr, r *replacement, base, line string, inside func() bool) (text string, loose []string) {
	if r != nil {
		return e.renderWith(r.term, e.p.Stmt(x), renderOptions{base: base, prefix: line, old: x, expand: true, comments: true, within: true, inside: inside})
	}
	if name, ok := e.renames[keyOf(x)]; ok {
		return name, nil
	}
	return e.textInside(x.Span, keyOf(x), line, inside)
}

// textInside splices the rewrites that lie strictly inside a span, of which the
// text goes on after line.
func (e *engine) textInside(s ir.Span, self nodeKey, line string, inside func() bool) (text string, loose []string) {
	var b strings.Builder
	b.WriteString(line)
	at := s.Start
	src := e.source(ir.Span{Unit: s.Unit, Start: 0, End: s.End})
	for _, ed := range e.inside(s, self) {
		if ed.start < at {
			continue
		}
		b.WriteString(src[at:ed.start])
		e.comments.noteIn(e, ir.Span{Unit: s.Unit, Start: at, End: ed.start})
		text, more := ed.text(lastLine(b.String()), inside)
		b.WriteString(text)
		loose = append(loose, more...)
		at = ed.end
	}
	b.WriteString(src[at:s.End])
	e.comments.noteIn(e, ir.Span{Unit: s.Unit, Start: at, End: s.End})
	return b.String()[len(line):], loose
}

// inner is a rewrite inside a span.
type inner struct {
	start, end int
	text       func(line string, inside func() bool) (text string, loose []string)
}

// inside lists the outermost rewrites inside a span, in order.
func (e *engine) inside(s ir.Span, self nodeKey) []inner {
	var out []inner
	for _, r := range e.repl.within(s) {
		if keyOf(r.at) == self {
			continue
		}
		r := r
		out = append(out, inner{r.at.Start, r.at.End, func(line string, inside func() bool) (string, []string) {
			return e.textAt(r.at, e.lineIndent(r.at), line, e.within(r.at, self, inside))
		}})
	}
	for part, x := range e.spelled {
		if s.Contains(part) {
			out = append(out, inner{part.Start, part.End, func(string, func() bool) (string, []string) { return x.Text, nil }})
		}
	}
	for _, r := range e.renamedIn(s) {
		out = append(out, inner{r.Start, r.End, func(string, func() bool) (string, []string) { return r.name, nil }})
	}
	sortInner(out)
	return out
}

// renderOptions say how a term is rendered.
type renderOptions struct {
	base     string      // indentation of its line
	prefix   string      // what stands before it on its line
	old      ir.Expr     // the old code whose layout it takes
	expand   bool        // over lines, if the old code was
	comments bool        // take the old code's comments along
	given    []ir.Span   // spans whose comments other terms give back
	within   bool        // it is part of the text of another term
	inside   func() bool // whether it stands in brackets; nil: it does not
}

// renderWith writes a resolved term at a place. It also gives the comments of
// the old code that found no argument to go with.
func (e *engine) renderWith(t ir.Term, place ir.Expr, opt renderOptions) (string, []string) {
	w := &writer{e: e, place: place, base: opt.base, old: opt.old, expand: opt.expand, comments: map[int][]comment{}, start: len(opt.prefix), inside: opt.inside}
	w.lay = e.layoutOf(opt.old)
	quote, narrow := e.quoteAround(opt.old)
	if narrow {
		w.lay.mode, w.lay.limit, w.expand = oneLineMode, 1<<30, false
	}
	w.str(opt.prefix)
	if opt.comments {
		w.loadComments(t, opt.given, opt.within)
	}
	w.term(t)
	for _, i := range slices.Sorted(maps.Keys(w.comments)) {
		for _, c := range w.comments[i] {
			w.loose = append(w.loose, c.text)
		}
	}
	text := w.out.String()[len(opt.prefix):]
	if narrow {
		text = requote(text, quote)
	}
	return text, w.loose
}
