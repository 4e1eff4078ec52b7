package rewrite

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// mixed is a term of the rules' own Python: literal text with terms inside, in
// order. Several lines are statements.
type mixed struct {
	ir.Term
	parts []part
	// primary tells that it needs no parentheses under an operator or a dot.
	primary bool
}

// part is literal text, or a term. tight marks a term that stands under an
// operator, a dot or a subscript.
type part struct {
	text  string
	term  ir.Term
	tight bool
}

// hole is a place in a template that the use at hand fills.
type hole struct {
	ir.Term
	path string // "cluster_name", "parameters.vm_size", "self", "target", "workspace"
}

// local is a name that a template binds itself (a loop variable) or a builtin.
type local struct {
	ir.Term
	name string
}

// visible is a variable of the program that is visible at a place.
type visible struct {
	ir.Term
	name string
	at   ir.Expr
}

// stdModules are the modules of the standard library that templates may name.
var stdModules = map[string]bool{
	"json": true, "os": true, "types": true, "shlex": true, "urllib": true, "itertools": true, "math": true,
	"re": true, "shutil": true, "datetime": true, "random": true, "time": true, "sys": true, "tempfile": true,
	"posixpath": true, "collections": true, "functools": true, "io": true, "glob": true, "base64": true,
	"hashlib": true, "subprocess": true, "pathlib": true, "textwrap": true, "uuid": true, "logging": true, "copy": true,
}

// templates parses templates once and keeps them: the packs' are few, and those
// that a pack's functions write are bounded by keptTemplates. It is safe for
// concurrent use; no parsed term is ever changed.
type templates struct {
	roots map[string]bool // first segments of target modules and libraries
	mu    sync.RWMutex
	cache map[string]*template
}

type template struct {
	term ir.Term
	err  error
}

const keptTemplates = 1 << 12

// parsed keeps the templates of all programs, by the first segments of the
// modules that they name.
var parsed sync.Map // from string to *templates

func newTemplates(modules []string) *templates {
	t := &templates{roots: map[string]bool{}, cache: map[string]*template{}}
	for _, m := range modules {
		root, _, _ := strings.Cut(m, ".")
		t.roots[root] = true
	}
	known, _ := parsed.LoadOrStore(strings.Join(slices.Sorted(maps.Keys(t.roots)), " "), t)
	return known.(*templates)
}

// once parses a template that is not known yet.
func (t *templates) once(key string, parse func() (ir.Term, error)) (ir.Term, error) {
	t.mu.RLock()
	c := t.cache[key]
	t.mu.RUnlock()
	if c == nil {
		c = &template{}
		c.term, c.err = parse()
		t.mu.Lock()
		if len(t.cache) < keptTemplates {
			t.cache[key] = c
		}
		t.mu.Unlock()
	}
	return c.term, c.err
}

// expression parses a template that is one expression.
func (t *templates) expression(text string) (ir.Term, error) {
	return t.once("e"+text, func() (ir.Term, error) {
		tree, err := grammar.Parse([]byte(maskHoles(text)))
		if err != nil {
			return nil, err
		}
		if es := tree.Errors(); len(es) > 0 {
			return nil, fmt.Errorf("not a Python expression: %s", text)
		}
		st := tree.Root().FirstChild()
		if st.Is(grammar.KindExpressionStatement) {
			st = st.FirstChild()
		}
		if st.IsZero() {
			return nil, fmt.Errorf("empty template")
		}
		return t.convert(st), nil
	})
}

// block parses a template of statements into one term.
func (t *templates) block(text string) (ir.Term, error) {
	text = strings.TrimRight(text, "\n")
	return t.once("b"+text, func() (ir.Term, error) {
		masked := maskHoles(text)
		tree, err := grammar.Parse([]byte(masked + "\n"))
		if err == nil && len(tree.Errors()) > 0 {
			err = fmt.Errorf("not Python statements: %s", text)
		}
		if err != nil {
			return nil, err
		}
		m := &mixed{}
		t.fill(m, tree.Root(), 0, len(masked))
		return m, nil
	})
}

// convert turns a node of a template into a term.
func (t *templates) convert(n grammar.Node) ir.Term {
	switch n.Kind() {
	case grammar.KindIdentifier:
		if path, ok := holePath(n); ok {
			return &hole{path: path}
		}
		if name := n.Text(); stdModules[name] || t.roots[name] {
			return &ir.Name{Path: name}
		}
		return &local{name: n.Text()}
	case grammar.KindAttribute:
		if path, ok := t.qualified(n); ok {
			return &ir.Name{Path: path}
		}
		return &ir.Member{Of: t.convert(n.Child(grammar.FieldObject)), Name: n.Child(grammar.FieldAttribute).Text()}
	case grammar.KindCall:
		args := n.Child(grammar.FieldArguments)
		if !args.Is(grammar.KindArgumentList) {
			break
		}
		a := &ir.Apply{Fn: t.convert(n.Child(grammar.FieldFunction))}
		for c := range args.Children() {
			switch c.Kind() {
			case grammar.KindComment, grammar.KindLineContinuation:
			case grammar.KindKeywordArgument:
				a.Args = append(a.Args, ir.Argument{Name: c.Child(grammar.FieldName).Text(), Value: t.convert(c.Child(grammar.FieldValue))})
			case grammar.KindListSplat:
				a.Args = append(a.Args, ir.Argument{Star: 1, Value: t.convert(c.FirstChild())})
			case grammar.KindDictionarySplat:
				a.Args = append(a.Args, ir.Argument{Star: 2, Value: t.convert(c.FirstChild())})
			default:
				a.Args = append(a.Args, ir.Argument{Value: t.convert(c)})
			}
		}
		return a
	case grammar.KindDictionary:
		d := &ir.DictOf{}
		for c := range n.Children() {
			switch c.Kind() {
			case grammar.KindPair:
				d.Entries = append(d.Entries, ir.Entry{Key: t.convert(c.Child(grammar.FieldKey)), Value: t.convert(c.Child(grammar.FieldValue))})
			case grammar.KindDictionarySplat:
				d.Entries = append(d.Entries, ir.Entry{Value: t.convert(c.FirstChild())})
			}
		}
		return d
	case grammar.KindList, grammar.KindTuple:
		l := &ir.ListOf{Tuple: n.Is(grammar.KindTuple)}
		for c := range n.Children() {
			l.Items = append(l.Items, t.convert(c))
		}
		return l
	}
	m := &mixed{primary: primaryKind(n.Kind())}
	t.fill(m, n, n.Start(), n.End())
	return m
}

// fill splits the text of n in [start, end) at the subterms that need work.
func (t *templates) fill(m *mixed, n grammar.Node, start, end int) {
	src := string(n.Tree().Source())
	at := start
	var walk func(c grammar.Node)
	walk = func(c grammar.Node) {
		for d := range c.Children() {
			special := false
			switch d.Kind() {
			case grammar.KindAttribute:
				_, special = t.qualified(d)
			case grammar.KindCall:
				special = d.Child(grammar.FieldArguments).Is(grammar.KindArgumentList)
			case grammar.KindIdentifier:
				_, isHole := holePath(d)
				special = isHole || (stdModules[d.Text()] || t.roots[d.Text()]) && !d.Parent().Is(grammar.KindKeywordArgument, grammar.KindAttribute)
			}
			if !special {
				walk(d)
				continue
			}
			m.parts = append(m.parts, part{text: src[at:d.Start()]}, part{term: t.convert(d), tight: tightParent(d)})
			at = d.End()
		}
	}
	walk(n)
	m.parts = append(m.parts, part{text: src[at:end]})
}

// tightParent reports whether the node stands where a looser expression would
// need parentheses.
func tightParent(n grammar.Node) bool {
	p := n.Parent()
	switch p.Kind() {
	case grammar.KindAttribute, grammar.KindBinaryOperator, grammar.KindUnaryOperator, grammar.KindComparisonOperator,
		grammar.KindNotOperator, grammar.KindBooleanOperator, grammar.KindAwait, grammar.KindConditionalExpression:
		return true
	case grammar.KindSubscript:
		return p.Child(grammar.FieldValue).ID() == n.ID()
	case grammar.KindCall:
		return p.Child(grammar.FieldFunction).ID() == n.ID()
	}
	return false
}

// qualified gives the dotted name of an attribute chain that starts at a module
// which templates may import.
func (t *templates) qualified(n grammar.Node) (string, bool) {
	path := n.Text()
	for n.Is(grammar.KindAttribute) {
		n = n.Child(grammar.FieldObject)
	}
	if !n.Is(grammar.KindIdentifier) || strings.ContainsAny(path, " \n\t\\") {
		return "", false
	}
	return path, stdModules[n.Text()] || t.roots[n.Text()]
}

// A hole is parsed as an identifier of the same length, so that it may stand
// wherever Python has a name: holeOpen name holeClose, with holeDot for dots.
const (
	holeOpen  = "Ɵ" // two bytes each: letters that no template uses
	holeClose = "ɵ"
	holeDot   = "ɘ"
)

// maskHoles writes the holes of a template as identifiers. Braces in strings
// and other braces of Python stay.
func maskHoles(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '\'' || c == '"':
			j := i + 1
			for j < len(text) && text[j] != c {
				if text[j] == '\\' {
					j++
				}
				j++
			}
			j = min(j+1, len(text))
			b.WriteString(text[i:j])
			i = j
			continue
		case c == '{':
			j := i + 1
			for j < len(text) && (text[j] == '_' || text[j] == '.' || text[j]|0x20 >= 'a' && text[j]|0x20 <= 'z' || text[j] >= '0' && text[j] <= '9') {
				j++
			}
			if j < len(text) && text[j] == '}' && j > i+1 {
				b.WriteString(holeOpen + strings.ReplaceAll(text[i+1:j], ".", holeDot) + holeClose)
				i = j + 1
				continue
			}
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

// holePath gives the dotted path of a hole.
func holePath(n grammar.Node) (string, bool) {
	path, ok := strings.CutPrefix(n.Text(), holeOpen)
	if !ok {
		return "", false
	}
	return strings.ReplaceAll(strings.TrimSuffix(path, holeClose), holeDot, "."), true
}

// primaryKind lists the expressions that bind tighter than any operator.
func primaryKind(k grammar.Kind) bool {
	switch k {
	case grammar.KindIdentifier, grammar.KindAttribute, grammar.KindCall, grammar.KindSubscript, grammar.KindString,
		grammar.KindInteger, grammar.KindFloat, grammar.KindTrue, grammar.KindFalse, grammar.KindNone, grammar.KindList,
		grammar.KindTuple, grammar.KindDictionary, grammar.KindSet, grammar.KindParenthesizedExpression,
		grammar.KindListComprehension, grammar.KindDictionaryComprehension, grammar.KindSetComprehension,
		grammar.KindGeneratorExpression, grammar.KindConcatenatedString, grammar.KindEllipsis:
		return true
	}
	return false
}
