package rules

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml/ast"

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

// A Folder is where a pack is: its files, and what they name.
type Folder struct {
	FS     fs.FS
	Root   string // in FS
	Funcs  map[string]ir.Func
	Derive map[string]DeriveFunc
	// Compiled is what Compile has made of the files, "" for nothing.
	Compiled string
}

// Head gives what pack.yaml says, without any rule.
func (f Folder) Head() (*Pack, error) {
	l := loading{brief: true, compiled: f.Compiled}
	parts, errs, err := l.read(f.FS, f.Root, []string{path.Join(f.Root, packFile)})
	if err != nil {
		return nil, err
	}
	p := newPack(f.Funcs, f.Derive)
	for _, part := range parts {
		(&reader{file: part.file, errs: &errs, at: map[spot]*Error{}}).pack(part.body, p)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return p, nil
}

// Load gives the pack without its examples, which a run does not need. It is
// not validated against the SDKs.
func (f Folder) Load(opts ...Option) (*Pack, error) {
	return Load(f.FS, f.Root, nil, f.Funcs, f.Derive, append(opts, Brief(), Compiled(f.Compiled))...)
}

// LoadAll gives the whole pack, validated against the SDKs if there are tables.
func (f Folder) LoadAll(tables *sdk.Set, opts ...Option) (*Pack, error) {
	return Load(f.FS, f.Root, tables, f.Funcs, f.Derive, opts...)
}

// The files of a pack that hold no rules, and the folder of rules for every
// target.
const (
	packFile      = "pack.yaml"
	notesFile     = "notes.yaml"
	resourcesFile = "resources.yaml"
	sourceFolder  = "source"
)

func newPack(funcs map[string]ir.Func, derive map[string]DeriveFunc) *Pack {
	return &Pack{Samples: map[string]Sample{}, Notes: map[string]NoteText{}, Funcs: funcs, Derive: derive}
}

// Load reads the pack in folder root of fsys: pack.yaml, notes.yaml, rules for
// every target beside it or in the folder source/, and in a folder with the name
// of a target the rules for it, its resources.yaml, and in its notes.yaml the
// texts that differ. Rules are tried in the order of their files: those of a target before
// those for every one, within a folder by the names of the files, within a file
// from top to bottom. Names of functions are looked up in funcs and derive.
//
// With tables the pack is validated against the SDKs: every symbol, field,
// parameter and target call, and whether a target that is complete has an answer
// for each symbol. Without (nil) only its own names are: what a run does with a
// pack that a test has validated. All faults are reported at once, as Errors.
func Load(fsys fs.FS, root string, tables *sdk.Set, funcs map[string]ir.Func, derive map[string]DeriveFunc, opts ...Option) (*Pack, error) {
	var l loading
	for _, o := range opts {
		o(&l)
	}
	names, err := packFiles(fsys, root)
	if err != nil {
		return nil, err
	}
	parts, errs, err := l.read(fsys, root, names)
	if err != nil {
		return nil, err
	}
	p := newPack(funcs, derive)
	at := map[spot]*Error{}
	for _, part := range parts {
		r := &reader{file: part.file, errs: &errs, at: at}
		r.part(part, strings.TrimPrefix(part.file, root+"/"), p)
	}
	slices.SortStableFunc(p.Rules, func(a, b *Rule) int {
		return cmp.Compare(order(a), order(b))
	})
	v := &validation{pack: p, tables: tables, errs: &errs, at: at, template: l.template, brief: l.brief, checked: map[*Rule]*sdk.Set{}}
	for _, x := range l.extensions {
		if x.Pack != "" && x.Pack != p.ID {
			continue
		}
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

// order puts the rules of a target before those for every one.
func order(r *Rule) int {
	if r.Target == "" {
		return 1
	}
	return 0
}

// part reads one file of a pack; name is its path below the pack's folder.
func (r *reader) part(part part, name string, p *Pack) {
	folder, base := path.Split(name)
	folder = strings.TrimSuffix(folder, "/")
	target := p.Target(folder)
	switch {
	case base == packFile && folder == "":
		r.pack(part.body, p)
	case folder != "" && folder != sourceFolder && target == nil:
		r.errorf(first(part.body), "the pack has no target %q%s", folder, suggest(folder, append(Targets([]*Pack{p}), sourceFolder)))
	case base == notesFile && target != nil:
		r.notes(part.body, target.Notes)
	case base == notesFile:
		r.notes(part.body, p.Notes)
	case base == resourcesFile && target == nil:
		shared := map[string]*Resource{}
		r.resources(part.body, p, shared)
		for _, t := range p.Targets {
			maps.Copy(t.Resources, shared)
		}
	case base == resourcesFile:
		r.resources(part.body, p, target.Resources)
	case target != nil:
		r.rules(part.body, p, target.ID)
	default:
		r.rules(part.body, p, "")
	}
}

// packFiles lists the files of a pack, pack.yaml first, then folder by folder.
func packFiles(fsys fs.FS, root string) ([]string, error) {
	head := path.Join(root, packFile)
	names, err := ruleFiles(fsys, root)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(names, head) {
		return nil, &Error{File: head, Text: "a pack needs this file"}
	}
	return append([]string{head}, slices.DeleteFunc(names, func(n string) bool { return n == head })...), nil
}

// ruleFiles lists the YAML files in a folder and in those right below it, by
// folder and name. Unlike fs.Glob it tells of a folder that cannot be read.
func ruleFiles(fsys fs.FS, root string) ([]string, error) {
	entries, err := fs.ReadDir(fsys, root)
	if err != nil {
		return nil, readError(root, err)
	}
	var names, below []string
	for _, e := range entries {
		name := path.Join(root, e.Name())
		if path.Ext(name) == ".yaml" {
			names = append(names, name)
		}
		if info, err := fs.Stat(fsys, name); err != nil || !info.IsDir() {
			continue // a link to nowhere is told of when it is read
		}
		inside, err := fs.ReadDir(fsys, name)
		if err != nil {
			return nil, readError(name, err)
		}
		for _, e := range inside {
			if path.Ext(e.Name()) == ".yaml" {
				below = append(below, path.Join(name, e.Name()))
			}
		}
	}
	return append(names, below...), nil
}

// part is a document of a YAML file.
type part struct {
	file string
	body ast.Node
}

// read gives the documents of files of a pack.
func (l *loading) read(fsys fs.FS, root string, names []string) ([]part, Errors, error) {
	var compiled map[string]compiledFile
	if l.brief && len(l.extensions) == 0 {
		compiled = compiledFiles(l.compiled)
	}
	bodies := make([]ast.Node, len(names))
	var changed []string // since the form was made
	for i, name := range names {
		if f, ok := compiled[name]; ok {
			if text, err := fs.ReadFile(fsys, name); err == nil {
				bodies[i] = f.body(text)
			}
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
			if err != nil {
				faults[i] = readError(name, err)
				return
			}
			if brief {
				text = withoutExamples(text)
			}
			files[i], faults[i] = parseYAML(name, text)
		})
	}
	wg.Wait()
	return files, slices.DeleteFunc(faults, func(e *Error) bool { return e == nil })
}

// readError leaves the path out of an error that has it.
func readError(file string, err error) *Error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return &Error{File: file, Text: err.Error()}
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
	out := make([]byte, 0, len(text))
	at := 0
	for start, kept := range outsideExamples(text) {
		for range bytes.Count(text[at:start], newline) {
			out = append(out, '\n')
		}
		out = append(out, kept...)
		at = start + len(kept)
	}
	return out
}

var newline = []byte("\n")

// outsideExamples gives the parts of a file that do not stand below an
// "examples:" key of a rule, with the place where each begins.
func outsideExamples(text []byte) iter.Seq2[int, []byte] {
	key := []byte("\n  examples:")
	return func(yield func(int, []byte) bool) {
		start, from := 0, 0 // of what is kept, and of what is looked through
		for {
			i := bytes.Index(text[from:], key)
			if i < 0 {
				break
			}
			end := from + i + 1
			from = end + len(key) - 1
			line, _, _ := bytes.Cut(text[from:], newline)
			if len(bytes.TrimRight(line, "\r")) > 0 {
				continue // the examples stand on the line itself
			}
			if !yield(start, text[start:end]) {
				return
			}
			start = from + len(line)
			for start < len(text) {
				start++ // the end of the line before
				line, _, _ = bytes.Cut(text[start:], newline)
				if !bytes.HasPrefix(line, []byte("   ")) && len(bytes.TrimSpace(line)) > 0 {
					break
				}
				start += len(line)
			}
			from = max(from, start-1)
		}
		yield(start, text[start:])
	}
}

// finish computes what follows from the decoded data: verdicts of rules, and
// texts for codes without a note.
func (p *Pack) finish() {
	for _, r := range p.Rules {
		r.Pack = p
		texts := p.Notes
		if t := p.Target(r.Target); t != nil {
			texts = t.Notes
		}
		p.settle(r)
		if _, ok := p.note(r.Target, r.ID); !ok && r.Why != "" {
			texts[r.ID] = NoteText{Code: r.ID, Text: r.Why, Verdict: r.Verdict}
		}
	}
}

// note gives the text for a code where a target is the one that is led to, ""
// for every one.
func (p *Pack) note(target, code string) (NoteText, bool) {
	if t := p.Target(target); t != nil {
		if n, ok := t.Notes[code]; ok {
			return n, true
		}
	}
	n, ok := p.Notes[code]
	return n, ok
}

// settle gives a rule whose id is a code of the catalogue that note, and the
// verdict of its notes where the file states none.
func (p *Pack) settle(r *Rule) {
	if _, ok := p.note(r.Target, r.ID); ok && len(r.Notes) == 0 {
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
		n, _ := p.note(r.Target, code)
		r.Verdict = max(r.Verdict, n.Verdict)
	}
}

// IsFault reports whether err lists faults of a pack.
func IsFault(err error) bool {
	var es Errors
	var e *Error
	return errors.As(err, &es) || errors.As(err, &e)
}
