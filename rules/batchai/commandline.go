package batchai

import (
	"regexp"
	"strconv"
	"strings"

	"pyxlate/rules/ir"
)

// token is a word of a command line or an operator of the shell.
type token struct {
	op    string // "", ";", "&&", "\n", or other shell syntax
	word  text
	quote bool // some of the word was quoted: an empty word counts
	at    int  // offset of its first cell
	end   int
}

// operators of the POSIX shell, longest first. A word that holds a glob sign or
// a substitution is listed with that sign as its operator.
var operators = []string{"&&", "||", ";;", ">>", "<<", "|", "&", ";", "<", ">", "(", ")", "\n"}

// lex splits a command line by the rules of the POSIX shell (quotes, backslash,
// blanks). Values that are not known are parts of words. Variables stay.
func lex(t text) []token {
	var out []token
	var cur *token
	open := func(i int) {
		if cur == nil {
			cur = &token{at: i, word: make(text, 0, 16)}
		}
	}
	flush := func(i int) {
		if cur != nil {
			cur.end = i
			out = append(out, *cur)
			cur = nil
		}
	}
	fixed := func(c cell) cell { c.fixed = true; return c }
scan:
	for i := 0; i < len(t); i++ {
		c := t[i]
		if c.hole {
			open(i)
			cur.word = append(cur.word, c)
			continue
		}
		switch c.b {
		case ' ', '\t', '\r':
			flush(i)
			continue
		case '\'':
			open(i)
			cur.quote = true
			for i++; i < len(t) && !t.hasByte(i, '\''); i++ {
				cur.word = append(cur.word, fixed(t[i]))
			}
			continue
		case '"':
			open(i)
			cur.quote = true
			for i++; i < len(t) && !t.hasByte(i, '"'); i++ {
				if t.hasByte(i, '\\') && i+1 < len(t) && !t[i+1].hole && strings.IndexByte("$`\"\\\n", t[i+1].b) >= 0 {
					i++
					if !t.hasByte(i, '\n') { // else a continued line
						cur.word = append(cur.word, fixed(t[i]))
					}
					continue
				}
				cur.word = append(cur.word, t[i])
			}
			continue
		case '\\':
			open(i)
			if i+1 < len(t) {
				i++
				if t.hasByte(i, '\n') { // a continued line
					if len(cur.word) == 0 && !cur.quote {
						cur = nil
					}
					continue
				}
				cur.word = append(cur.word, fixed(t[i]))
			}
			continue
		case '`', '*', '?':
			flush(i)
			out = append(out, token{op: string([]byte{c.b}), at: i, end: i + 1})
			continue
		case '$':
			if t.hasByte(i+1, '(') {
				flush(i)
				out = append(out, token{op: "$(", at: i, end: i + 2})
				i++
				continue
			}
		}
		for _, op := range operators {
			if t[i:].hasPrefix(op) {
				flush(i)
				out = append(out, token{op: op, at: i, end: i + len(op)})
				i += len(op) - 1
				continue scan
			}
		}
		open(i)
		cur.word = append(cur.word, c)
	}
	flush(len(t))
	return out
}

// words gives the words of a command line that is nothing but words. syntax is
// the first shell sign in it that no argument list can express.
func words(t text) (ws []text, syntax string) {
	for _, k := range lex(t) {
		switch {
		case k.op == "\n":
		case k.op != "":
			return nil, k.op
		case len(k.word) > 0 || k.quote:
			ws = append(ws, k.word)
		}
	}
	return ws, ""
}

// commands splits a command line into its simple commands where they are only
// run one after the other. ok is false for any other shell syntax.
func commands(t text) (cs [][]text, ok bool) {
	var cur []text
	for _, k := range lex(t) {
		switch k.op {
		case "":
			cur = append(cur, k.word)
		case ";", "&&", "\n":
			if len(cur) > 0 {
				cs = append(cs, cur)
			}
			cur = nil
		default:
			return nil, false
		}
	}
	if len(cur) > 0 {
		cs = append(cs, cur)
	}
	return cs, true
}

// folderChange reads the command at token i as one that changes the folder.
func folderChange(ks []token, i int) (to text, ok bool) {
	if !ks[i].word.is("cd") && !ks[i].word.is("pushd") || i > 0 && ks[i-1].op == "" || i+1 >= len(ks) || ks[i+1].op != "" {
		return nil, false
	}
	return ks[i+1].word, true
}

// changesFolder matches command lines that may change the folder anywhere.
var changesFolder = regexp.MustCompile(`(^|[^\w./-])(cd|pushd)($|[^\w./-])`)

// quoted spells a word for the shell again. Variables in it stay alive.
func quoted(w text) text {
	if len(w) == 0 {
		return lit("''")
	}
	needs, alive := false, false
	for _, c := range w {
		switch {
		case c.hole:
		case c.fixed && strings.IndexByte(" \t\n'\"\\$`|&;<>()*?#~", c.b) >= 0:
			needs = true
		case strings.IndexByte(" \t\n'\"\\`|&;<>()*?#", c.b) >= 0:
			needs = true
		case c.b == '$' && !c.fixed:
			alive = true
		}
	}
	if !needs {
		return w
	}
	var out text
	if !alive {
		out = lit("'")
		for _, c := range w {
			if !c.hole && c.b == '\'' {
				out = append(out, lit(`'\''`)...)
				continue
			}
			out = append(out, c)
		}
		return append(out, lit("'")...)
	}
	out = lit(`"`)
	for _, c := range w {
		if !c.hole && (strings.IndexByte("\"\\`", c.b) >= 0 || c.b == '$' && c.fixed) {
			out = append(out, lit(`\`)...)
		}
		out = append(out, c)
	}
	return append(out, lit(`"`)...)
}

// isOption reports whether a word is an option: a dash and something that is no
// number.
func isOption(w text) bool {
	p := w.prefix()
	return len(p) > 1 && p[0] == '-' && !negative.MatchString(p) || len(p) == 1 && p[0] == '-' && len(w) > 1
}

var negative = regexp.MustCompile(`^-[0-9.]`)

// numeral is a number that reads the same as a Python literal and back as text:
// "1e-3", "007" and "0.10" are not.
func numeral(s string) (any, bool) {
	if plainInt.MatchString(s) {
		i, err := strconv.ParseInt(s, 10, 64)
		return i, err == nil
	}
	if plainFloat.MatchString(s) {
		f, err := strconv.ParseFloat(s, 64)
		if err == nil && f >= 1e-4 && f < 1e16 && strconv.FormatFloat(f, 'f', -1, 64) == s {
			return f, true
		}
	}
	return nil, false
}

var (
	plainInt   = regexp.MustCompile(`^(0|[1-9][0-9]{0,17})$`)
	plainFloat = regexp.MustCompile(`^[0-9]+\.[0-9]+$`)
	booleanish = regexp.MustCompile(`(?i)^(true|false|yes|no|t|f|y|n)?$`)
)

// option is one entry of script_params: the flattened list of all entries must
// be the old command line, and items that are empty are removed from it.
type option struct {
	key, value argument
}

// options turns words into script_params. ok is false for what a dict cannot
// say: an option that is given twice, an empty word of its own, a reference in
// the middle of a word.
func options(ws []argument) (out []option, ok bool) {
	empty := argument{}
	add := func(k, v argument) { out = append(out, option{k, v}) }
	for i := 0; i < len(ws); i++ {
		w := ws[i]
		if !w.dictable() || w.several {
			return nil, false
		}
		if w.plain() && len(w.text()) == 0 {
			return nil, false
		}
		if !isOption(w.lead()) {
			add(w, empty)
			continue
		}
		if name, value, has := w.cutAssign(); has {
			// A boolean flag must not be taken apart: --flag True is another
			// thing to absl and argparse than --flag=True.
			if value.plain() {
				if s, known := value.text().known(); known && booleanish.MatchString(s) {
					add(w, empty)
					continue
				}
			}
			if !value.wholeOrPlain() {
				return nil, false
			}
			add(name, value)
			continue
		}
		if !w.plain() {
			return nil, false
		}
		if i+1 < len(ws) && !isOption(ws[i+1].lead()) {
			next := ws[i+1]
			if !next.dictable() || next.several {
				return nil, false
			}
			i++
			if next.plain() && len(next.text()) == 0 {
				// --x "": an empty item would be removed.
				add(plainArgument(concat(w.text(), lit("="))), empty)
				continue
			}
			add(w, next)
			continue
		}
		add(w, empty)
	}
	for i := range out {
		for k := range i {
			if out[i].key.mayBe(out[k].key) {
				return nil, false // the second would take the place of the first
			}
		}
	}
	return out, true
}

// argument is a word of the new command line: text with references to data in
// between.
type argument struct {
	bits []bit
	// several: a value of which it shows only when the program runs how many
	// words it is.
	several bool
}

// bit is a part of an argument: text, or a reference to data.
type bit struct {
	text text
	ref  *dataUse
}

func plainArgument(t text) argument {
	if len(t) == 0 {
		return argument{}
	}
	return argument{bits: []bit{{text: t}}}
}

func (a argument) plain() bool {
	return len(a.bits) == 0 || len(a.bits) == 1 && a.bits[0].ref == nil
}

// text of a plain argument.
func (a argument) text() text {
	if len(a.bits) == 0 {
		return nil
	}
	return a.bits[0].text
}

// lead is the text at the start of the argument.
func (a argument) lead() text {
	if len(a.bits) == 0 {
		return nil
	}
	return a.bits[0].text
}

// whole reports whether the argument is one reference and nothing else.
func (a argument) whole() bool { return len(a.bits) == 1 && a.bits[0].ref != nil }

func (a argument) wholeOrPlain() bool { return a.whole() || a.plain() }

// dictable reports whether the argument can stand in script_params: a reference
// must be all of the value.
func (a argument) dictable() bool {
	if a.wholeOrPlain() {
		return true
	}
	_, v, ok := a.cutAssign()
	return ok && v.whole() && isOption(a.lead())
}

// cutAssign splits --name=value at the first equals sign.
func (a argument) cutAssign() (name, value argument, ok bool) {
	i := a.lead().index('=')
	if i <= 0 || len(a.bits) == 0 || a.bits[0].ref != nil {
		return a, argument{}, false
	}
	name = plainArgument(a.lead().cut(0, i))
	if rest := a.lead()[i+1:]; len(rest) > 0 {
		value.bits = append(value.bits, bit{text: rest})
	}
	value.bits = append(value.bits, a.bits[1:]...)
	return name, value, true
}

// mayBe reports whether two words may turn out to be the same when the program
// runs.
func (a argument) mayBe(b argument) bool {
	if !a.plain() || !b.plain() {
		return false // an object of its own
	}
	if isOption(a.lead()) != isOption(b.lead()) {
		return false // a value that looks like an option would not have worked before
	}
	return mayBe(a.text(), b.text())
}

// dictTerm writes a key or value of script_params.
func (j *job) dictTerm(a argument, key bool) ir.Term {
	if a.whole() {
		return j.mounted(a.bits[0].ref, false)
	}
	t := a.text()
	if s, ok := t.known(); ok && !key {
		if n, isNumber := numeral(s); isNumber && !keepsName(t) {
			return &ir.Literal{V: n}
		}
	}
	return t.term()
}

// keepsName reports whether the text comes back as one expression of the
// user's.
func keepsName(t text) bool {
	ps := t.pieces()
	return len(ps) == 1 && ps[0].Val != nil
}

// markSeveral finds the words that are one value which may be several words, or
// none: a str of the user's own at a place where no option takes it as its
// value, and one that is known to be several.
func markSeveral(ws []argument) {
	for i := range ws {
		w := &ws[i]
		if !w.plain() || !isWhole(w.text()) || w.text()[0].fixed {
			continue
		}
		value := i > 0 && isOption(ws[i-1].lead()) && ws[i-1].lead().index('=') < 0
		w.several = mayBeSeveral(w.text()[0].in.piece.Val, value)
	}
}

// mayBeSeveral judges a value by what is known of it; value tells that it is the
// value of an option.
func mayBeSeveral(v ir.Value, value bool) bool {
	switch v := v.(type) {
	case *ir.Join:
		for _, x := range v.Of {
			if mayBeSeveral(x, value) {
				return true
			}
		}
		return false
	case *ir.Unknown:
		return !value && (v.Type == "" || v.Type == "str") && v.Attr == "" && v.Of == nil
	case *ir.Text:
		s := literals(v)
		return strings.ContainsAny(s, " \t\n") || !value && strings.HasPrefix(s, "-")
	}
	s, ok := ir.String(v)
	return ok && (s == "" || strings.ContainsAny(s, " \t\n") || !value && strings.HasPrefix(s, "-"))
}

// wordList writes words as a list of strings, in which a value that may be
// several words is split when the program runs.
func (j *job) wordList(ws []argument) ir.Term {
	var parts []ir.Term
	var items []ir.Term
	flush := func() {
		if len(items) > 0 {
			parts = append(parts, list(items...))
			items = nil
		}
	}
	for _, w := range ws {
		if !w.several {
			items = append(items, j.listTerms(w)...)
			continue
		}
		flush()
		form := "shlex.split({words})"
		if p := w.text()[0].in.piece; !certainlyText(p.Val) {
			form = "shlex.split(str({words}))"
		}
		parts = append(parts, &ir.Code{Text: form, Holes: map[string]ir.Term{"words": w.text().term()}})
	}
	flush()
	if len(parts) == 1 {
		return parts[0]
	}
	names, holes := make([]string, len(parts)), map[string]ir.Term{}
	for i, p := range parts {
		name := "p" + strconv.Itoa(i)
		names[i], holes[name] = "{"+name+"}", p
	}
	return &ir.Code{Text: strings.Join(names, " + "), Holes: holes}
}

// strOnly makes texts of the items of a command that may be something else: the
// words of a command are strings, arguments of a script need not be.
func strOnly(t ir.Term) ir.Term {
	switch t := t.(type) {
	case *ir.ListOf:
		out := &ir.ListOf{Tuple: t.Tuple}
		for _, item := range t.Items {
			if s, ok := item.(*ir.Source); ok && !certainlyText(s.Arg.Value) {
				item = &ir.Code{Text: "str({word})", Holes: map[string]ir.Term{"word": s}}
			}
			out.Items = append(out.Items, item)
		}
		return out
	case *ir.Code:
		out := &ir.Code{Text: t.Text, Holes: map[string]ir.Term{}}
		for name, h := range t.Holes {
			out.Holes[name] = h
			if l, ok := h.(*ir.ListOf); ok {
				out.Holes[name] = strOnly(l)
			}
		}
		return out
	}
	return t
}

func certainlyText(v ir.Value) bool {
	switch v := v.(type) {
	case *ir.Join:
		for _, x := range v.Of {
			if !certainlyText(x) {
				return false
			}
		}
		return true
	case *ir.Unknown:
		return v.Type == "str"
	case *ir.Text:
		return true
	}
	_, ok := ir.String(v)
	return ok
}

// listTerms writes an argument as items of a list of strings.
func (j *job) listTerms(a argument) []ir.Term {
	if a.plain() {
		return []ir.Term{a.text().term()}
	}
	if name, value, ok := a.cutAssign(); ok && isOption(a.lead()) && value.whole() {
		return append([]ir.Term{name.text().term()}, j.listTerms(value)...)
	}
	if a.whole() && a.bits[0].ref.shared {
		return []ir.Term{j.variableOf(a.bits[0].ref)}
	}
	var b strings.Builder
	holes := map[string]ir.Term{}
	n := 0
	add := func(form string, t ir.Term) {
		if n > 0 {
			b.WriteString(" + ")
		}
		name := "p" + strconv.Itoa(n)
		n++
		holes[name] = t
		b.WriteString(strings.ReplaceAll(form, "?", "{"+name+"}"))
	}
	for _, x := range a.bits {
		if x.ref == nil {
			add("?", x.text.term())
			continue
		}
		add("str(?)", j.variableOf(x.ref))
		if len(x.ref.rest) > 0 {
			add("?", concat(lit("/"), x.ref.rest).term())
		}
	}
	return []ir.Term{&ir.Code{Text: b.String(), Holes: holes}}
}
