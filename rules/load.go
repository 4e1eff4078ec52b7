package rules

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// Error is one fault of a pack, at a place of a file. Line and Col count from 1,
// Col in characters; both are 0 for a fault of the file as a whole.
type Error struct {
	File      string
	Line, Col int
	Text      string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Col, e.Text)
}

// Errors are all faults of a pack, in the order of its files.
type Errors []*Error

func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Option changes how a pack is loaded.
type Option func(*loading)

type loading struct {
	template        func(text string, statements bool) error
	brief           bool
	compiled        string
	extensions      []Extension
	extensionTables *sdk.Set
}

// WithTemplates has every template parsed by check, which knows Python; this
// package only knows holes and calls.
func WithTemplates(check func(text string, statements bool) error) Option {
	return func(l *loading) { l.template = check }
}

// Brief leaves the examples out: a third of the reading, and nothing that a run
// needs.
func Brief() Option { return func(l *loading) { l.brief = true } }

// Load reads the pack in folder root of fsys: pack.yaml, notes.yaml and
// resources.yaml, and rules in every other *.yaml, in the order of their names.
// Names of functions are looked up in funcs and derive.
//
// With tables the pack is validated against the SDKs: every symbol, field,
// parameter and target call. Without (nil) only its own names are: what a run
// does with a pack that a test has validated. All faults are reported at once,
// as Errors.
func Load(fsys fs.FS, root string, tables *sdk.Set, funcs map[string]ir.Func, derive map[string]DeriveFunc, opts ...Option) (*Pack, error) {
	var l loading
	for _, o := range opts {
		o(&l)
	}
	parts, errs, err := l.read(fsys, root)
	if err != nil {
		return nil, err
	}
	p := &Pack{
		Samples: map[string]Sample{}, Notes: map[string]NoteText{}, Resources: map[string]*Resource{},
		Funcs: funcs, Derive: derive,
	}
	at := map[spot]*Error{}
	for _, part := range parts {
		r := &reader{file: part.file, errs: &errs, at: at}
		switch path.Base(part.file) {
		case "pack.yaml":
			r.pack(part.body, p)
		case "notes.yaml":
			r.notes(part.body, p)
		case "resources.yaml":
			r.resources(part.body, p)
		default:
			r.rules(part.body, p)
		}
	}
	v := &validation{pack: p, tables: tables, errs: &errs, at: at, template: l.template, brief: l.brief, checked: map[*Rule]*sdk.Set{}}
	for _, x := range l.extensions {
		own := l.extend(p, x, &errs, at)
		for _, r := range own {
			v.checked[r] = l.extensionTables
		}
		p.Rules = append(own, p.Rules...)
	}
	p.finish()
	v.run()
	if len(errs) > 0 {
		slices.SortStableFunc(errs, func(a, b *Error) int {
			return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
		})
		return nil, errs
	}
	return p, nil
}

// part is a document of a YAML file.
type part struct {
	file string
	body ast.Node
}

// read gives the documents of a pack's files.
func (l *loading) read(fsys fs.FS, root string) ([]part, Errors, error) {
	names, err := fs.Glob(fsys, path.Join(root, "*.yaml"))
	if err != nil {
		return nil, nil, err
	}
	if !slices.Contains(names, path.Join(root, "pack.yaml")) {
		return nil, nil, &Error{File: path.Join(root, "pack.yaml"), Text: "a pack needs this file"}
	}
	var compiled map[string]ast.Node
	if l.brief && len(l.extensions) == 0 {
		compiled = decompile(l.compiled)
	}
	bodies := make([]ast.Node, len(names))
	var changed []string // since the form was made
	for i, name := range names {
		if text, err := fs.ReadFile(fsys, name); err == nil && compiled != nil {
			bodies[i] = compiled[name+" "+sumOf(text)]
		}
		if bodies[i] == nil {
			changed = append(changed, name)
		}
	}
	files, errs := parseAll(fsys, changed, l.brief)
	var parts []part
	for i, body := range bodies {
		if body != nil {
			parts = append(parts, part{names[i], body})
			continue
		}
		f := files[0]
		if files = files[1:]; f == nil {
			continue
		}
		for _, doc := range f.Docs {
			if doc.Body != nil {
				parts = append(parts, part{names[i], doc.Body})
			}
		}
	}
	return parts, errs, nil
}

// parseAll reads and parses the files side by side.
func parseAll(fsys fs.FS, names []string, brief bool) ([]*ast.File, Errors) {
	files := make([]*ast.File, len(names))
	faults := make([]*Error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() {
			text, err := fs.ReadFile(fsys, name)
			if err == nil {
				if brief {
					text = withoutExamples(text)
				}
				files[i], err = parser.ParseBytes(text, 0)
			}
			if err != nil {
				faults[i] = yamlError(name, err)
			}
		})
	}
	wg.Wait()
	return files, slices.DeleteFunc(faults, func(e *Error) bool { return e == nil })
}

// yamlError takes the place out of the YAML library's error.
func yamlError(file string, err error) *Error {
	e := &Error{File: file, Text: err.Error()}
	var line, col int
	if n, _ := fmt.Sscanf(e.Text, "[%d:%d]", &line, &col); n == 2 {
		e.Line, e.Col = line, col
		e.Text, _, _ = strings.Cut(e.Text[strings.IndexByte(e.Text, ']')+1:], "\n")
		e.Text = strings.TrimSpace(e.Text)
	}
	return e
}

// withoutExamples empties the lines of every "examples:" key of a rule, so that
// all other lines keep their numbers.
func withoutExamples(text []byte) []byte {
	if !bytes.Contains(text, []byte("\n  examples:\n")) {
		return text
	}
	out := make([]byte, 0, len(text))
	inside := false
	for line := range bytes.Lines(text) {
		body := bytes.TrimLeft(line, " ")
		indent := len(line) - len(body)
		blank := len(bytes.TrimSpace(body)) == 0
		switch {
		case indent == 2 && string(bytes.TrimRight(body, "\r\n")) == "examples:":
			inside = true
		case inside && !blank && indent <= 2:
			inside = false
		}
		if inside {
			out = append(out, '\n')
			continue
		}
		out = append(out, line...)
	}
	return out
}

// finish computes what follows from the decoded data: verdicts of rules, texts
// for codes without a note, and the index.
func (p *Pack) finish() {
	p.bySymbol = map[string][]*Rule{}
	for _, r := range p.Rules {
		p.settle(r)
		for _, t := range r.Targets {
			p.settle(t)
		}
		for _, from := range r.From {
			if !slices.Contains(p.bySymbol[from], r) {
				p.bySymbol[from] = append(p.bySymbol[from], r)
			}
			if cut, ok := strings.CutSuffix(from, "*"); ok && !slices.Contains(p.prefixes, cut) {
				p.prefixes = append(p.prefixes, cut)
			}
		}
		if _, ok := p.Notes[r.ID]; !ok && r.Why != "" {
			p.Notes[r.ID] = NoteText{Code: r.ID, Text: r.Why, Verdict: r.Verdict}
		}
	}
	slices.SortFunc(p.prefixes, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
}

// settle gives a rule whose id is a code of the catalogue that note, and the
// verdict of its notes where the file states none.
func (p *Pack) settle(r *Rule) {
	if _, ok := p.Notes[r.ID]; ok && len(r.Notes) == 0 {
		r.Notes = []string{r.ID}
	}
	if r.Manual {
		r.Verdict = ir.Manual
		return
	}
	if r.verdictStated {
		return
	}
	for _, code := range r.Notes {
		r.Verdict = max(r.Verdict, p.Notes[code].Verdict)
	}
}

// For lists the rules of a symbol, in the order to try them: those that name it,
// else those of the longest wildcard that covers it.
func (p *Pack) For(symbol string) []*Rule {
	if rs, ok := p.bySymbol[symbol]; ok {
		return rs
	}
	for _, prefix := range p.prefixes {
		if strings.HasPrefix(symbol, prefix) {
			return p.bySymbol[prefix+"*"]
		}
	}
	return nil
}

// Note gives the text for a code: an entry of the catalogue, or what the rule
// of that code says for itself.
func (p *Pack) Note(code string) (NoteText, bool) {
	n, ok := p.Notes[code]
	return n, ok
}

// About says in a sentence what a code is about: the text of its note, or the
// reason of its rule.
func (p *Pack) About(code string) string {
	if n, ok := p.Notes[code]; ok && n.Text != "" {
		return n.Text
	}
	for _, r := range p.Rules {
		if r.ID == code {
			return r.Why
		}
	}
	return ""
}

// Triggers gives byte strings of which every file with a use of a primary SDK
// contains at least one: a file without any needs no parse. They are the last
// segments of the primary modules, the names of the sample modules, the
// prefixes of environment names and the second words of command lines.
func (p *Pack) Triggers() [][]byte {
	var words []string
	add := func(w string) {
		if w != "" && !slices.ContainsFunc(words, func(have string) bool { return strings.Contains(w, have) }) {
			words = slices.DeleteFunc(words, func(have string) bool { return strings.Contains(have, w) })
			words = append(words, w)
		}
	}
	for _, m := range p.Primary {
		add(m[strings.LastIndexByte(strings.TrimSuffix(m, "."), '.')+1:])
	}
	for name := range p.Samples {
		add(name)
	}
	for _, e := range p.Env {
		add(e)
	}
	for _, l := range p.Lines {
		if len(l) > 0 {
			add(l[len(l)-1])
		}
	}
	slices.Sort(words)
	out := make([][]byte, len(words))
	for i, w := range words {
		out[i] = []byte(w)
	}
	return out
}

// IsFault reports whether err lists faults of a pack.
func IsFault(err error) bool {
	var es Errors
	var e *Error
	return errors.As(err, &es) || errors.As(err, &e)
}
