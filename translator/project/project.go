package project

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/document"
	"pyxlate/translator/edit"
	"pyxlate/translator/meaning"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/todo"
)

// A Resolver finds the document of a module that is not among those to
// translate, as the file from would import it.
type Resolver func(module, from string) (*document.Document, bool)

// A Result is what becomes of one document.
type Result struct {
	Doc *document.Document
	// Output is the new content of the file: Doc.Raw() where nothing changes.
	Output   []byte
	Edits    []edit.Edit
	Findings []rewrite.Finding
	// Broken are the parts that could not be read, in documents that use the
	// source SDK: what is in them has no finding.
	Broken []Broken
	// Remaining are the marks of earlier runs above code in which no use is
	// seen any more: they are still to be worked off.
	Remaining []Mark
	// Complaints are about comments that speak to pyxlate.
	Complaints []Complaint
	// Hints speak of the source SDK and are no uses of it.
	Hints []Hint
	// Err says why the document as a whole was left alone.
	Err error

	file *meaning.File
}

// Broken is a part of a unit that does not parse.
type Broken struct {
	Unit       int // index in the document, 0-based
	Start, End int // bytes of the unit's source
	Message    string
}

// Mark is a comment that leaves something to a person; its offsets are bytes of
// the unit's source.
type Mark struct {
	Unit int // index in the document, 0-based
	todo.Line
}

// unitOf gives the index in the document of a unit of the program, -1 if it is
// another document's.
func (r *Result) unitOf(id ir.UnitID) int { return unitIndex(r.file, id) }

// unitIndex is the index of a unit in a file, -1 if it is another file's: a
// file's units have consecutive numbers.
func unitIndex(f *meaning.File, id ir.UnitID) int {
	if len(f.Units) == 0 {
		return -1
	}
	i := int(id - f.Units[0].ID)
	if i < 0 || i >= len(f.Units) {
		return -1
	}
	return i
}

// Config is what a migration means to the analysis of programs.
func Config(m *rules.Migration, tables *sdk.Set) meaning.Config {
	cfg := meaning.Config{
		Tables:      tables,
		Sources:     m.Primary,
		Auxiliary:   m.Auxiliary,
		Targets:     m.Modules,
		EnvNames:    m.Env,
		Factories:   m.Factories,
		Conventions: &m.Conventions,
		LineWords:   m.Lines,
		Samples:     map[string]meaning.Sample{},
		Pure:        pureIn(m.Pure),
		Parts: func(symbol string) bool {
			return slices.ContainsFunc(m.For(symbol), func(r *rules.Rule) bool { return r.Fold })
		},
	}
	for name, s := range m.Samples {
		cfg.Samples[name] = meaning.Sample{Marks: s.Marks}
	}
	return cfg
}

// pureIn reports whether a symbol is listed, or begins like an entry that ends
// in a dot.
func pureIn(list []string) func(string) bool {
	return func(symbol string) bool {
		return slices.ContainsFunc(list, func(p string) bool {
			return symbol == p || strings.HasSuffix(p, ".") && strings.HasPrefix(symbol, p)
		})
	}
}

// Triggers are the words without one of which no file can hold a use: the last
// names of the packs' modules, their environment names and their tools' words; and
// what opens a mark.
func Triggers(m *rules.Migration) [][]byte {
	var words []string
	add := func(w string) {
		if w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	for _, p := range m.Primary {
		add(p[strings.LastIndexByte(p, '.')+1:])
	}
	for _, e := range m.Env {
		add(e)
	}
	for _, line := range m.Lines {
		if len(line) > 0 {
			add(line[len(line)-1])
		}
	}
	add(todo.Prefix)
	var out [][]byte
	for _, w := range words {
		out = append(out, []byte(w))
	}
	return out
}

func holdsAny(text []byte, words [][]byte) bool {
	return slices.ContainsFunc(words, func(w []byte) bool { return bytes.Contains(text, w) })
}

// Read reads documents as one program, with the modules that resolve finds
// beside them. The files are those of the documents, in their order.
func Read(docs []*document.Document, resolve Resolver, cfg meaning.Config, triggers [][]byte) (*meaning.Program, []*meaning.File) {
	p, sources := program(docs, resolve, cfg, triggers)
	files := make([]*meaning.File, len(sources))
	for i, s := range sources {
		files[i] = s.file
	}
	return p, files
}

func program(docs []*document.Document, resolve Resolver, cfg meaning.Config, triggers [][]byte) (*meaning.Program, []*source) {
	r := newReader(docs, triggers)
	var sources []*source
	var files []*meaning.File
	for _, d := range docs {
		s := r.read(d)
		sources = append(sources, s)
		files = append(files, s.file)
	}
	find := func(module, from string) (*meaning.File, bool) {
		if resolve == nil {
			return nil, false
		}
		d, ok := resolve(module, from)
		if !ok || d == nil {
			return nil, false
		}
		return r.read(d).file, true
	}
	return meaning.Analyze(files, find, cfg), sources
}

// Translate carries a migration out on documents that form one program, and gives
// a result for each of them, in their order.
func Translate(docs []*document.Document, resolve Resolver, m *rules.Migration, tables *sdk.Set, opt rewrite.Options) []Result {
	p, sources := program(docs, resolve, Config(m, tables), Triggers(m))
	results := make([]Result, len(sources))
	files := make([]*meaning.File, len(sources))
	for i, s := range sources {
		files[i] = s.file
		results[i] = Result{Doc: s.doc, file: s.file}
	}
	out, wishes := translate(p, sources, files, m, tables, opt)
	for i := range results {
		results[i].collect(out, m, sources[i])
		if r := &results[i]; !p.Settled() && r.Err == nil && (len(r.Findings) > 0 || sources[i].file.Trigger) {
			r.Err = r.errorAt(0, 0, "values are handed on through more calls than are followed, and uses of the old SDK may lie behind them; translate the files apart from those that they import")
		}
		results[i].Complaints = wishes.complaints(i, out)
		results[i].hint(m)
		results[i].recall(wishes)
	}
	for i := range results {
		results[i].settle(p, m)
	}
	return results
}

// collect takes what concerns the document out of the whole.
func (r *Result) collect(out rewrite.Result, m *rules.Migration, s *source) {
	words := Triggers(m)
	for i, u := range s.file.Units {
		for _, e := range out.Edits[u.ID] {
			e.Unit = i
			r.Edits = append(r.Edits, e)
		}
	}
	r.Edits = edit.Sort(r.Edits)
	count := 0
	for i := range out.Findings {
		if r.unitOf(out.Findings[i].At.Unit) >= 0 {
			count++
		}
	}
	r.Findings = make([]rewrite.Finding, 0, count)
	for i := range out.Findings {
		if r.unitOf(out.Findings[i].At.Unit) >= 0 {
			r.Findings = append(r.Findings, out.Findings[i])
		}
	}
	slices.SortStableFunc(r.Findings, func(a, b rewrite.Finding) int {
		return cmp.Or(cmp.Compare(a.At.Unit, b.At.Unit), cmp.Compare(a.At.Start, b.At.Start), cmp.Compare(a.At.End, b.At.End))
	})
	r.Remaining = slices.DeleteFunc(Marks(r.Doc.Kind, r.Doc.Units), func(mark Mark) bool {
		if slices.Contains(out.Answered, ir.Span{Unit: s.file.Units[mark.Unit].ID, Start: mark.Start, End: mark.End}) {
			return true
		}
		return m.Own(mark.Code, mark.Target) && slices.ContainsFunc(r.Findings, func(f rewrite.Finding) bool {
			return f.Marked && f.Code == mark.Code && r.unitOf(f.At.Unit) == mark.Unit && Below(s.file.Units[mark.Unit], mark, f.At)
		})
	})
	if len(r.Findings) == 0 && !s.file.Trigger {
		return
	}
	for i, u := range s.file.Units {
		if s.file.Markdown && !holdsAny(u.Raw, words) {
			continue // a page shows many things; this is none of ours
		}
		if err := s.errs[i]; err != nil {
			at := 0
			if limit, ok := errors.AsType[*grammar.LimitError](err); ok {
				at = limit.Offset
			}
			if r.Err == nil {
				r.Err = r.errorAt(i, at, err.Error())
			}
			continue
		}
		for _, e := range u.Tree.Errors() {
			r.Broken = append(r.Broken, Broken{Unit: i, Start: e.Start, End: e.End, Message: e.Message})
			break // the first says where to look; what follows is its echo
		}
	}
}

// Marks lists the marks in the units of a document, in order.
func Marks(kind document.Kind, units []*document.Unit) []Mark {
	var out []Mark
	for i, u := range units {
		if !bytes.Contains(u.Source, []byte(todo.Prefix)) {
			continue
		}
		if u.Shell {
			out = append(out, shellMarks(i, u.Source)...)
			continue
		}
		text := u.Source
		if kind != document.Script {
			text, _ = grammar.Mask(text)
		}
		tree, err := grammar.Parse(text)
		if err != nil {
			continue
		}
		for c := range tree.Root().Comments() {
			if m, ok := todo.Parse(c.Text()); ok {
				out = append(out, Mark{Unit: i, Line: todo.Line{Mark: m, Start: c.Start(), End: c.End()}})
			}
		}
	}
	return out
}

// shellMarks lists the marks in a script of a shell.
func shellMarks(unit int, text []byte) []Mark {
	var out []Mark
	at := 0
	for line := range bytes.Lines(text) {
		code := bytes.TrimSpace(line)
		if m, ok := todo.Parse(string(code)); ok {
			start := at + bytes.IndexByte(line, '#')
			out = append(out, Mark{Unit: unit, Line: todo.Line{Mark: m, Start: start, End: start + len(code)}})
		}
		at += len(line)
	}
	return out
}

// Below reports whether a place of a unit lies in the statement that a mark
// stands above.
func Below(u *meaning.Source, m Mark, at ir.Span) bool {
	if u.Tree == nil || at.Start < m.End {
		return false
	}
	rest := u.Raw[m.End:]
	for next := m.End; ; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			return false
		}
		next += i + 1
		rest = rest[i+1:]
		line := bytes.TrimLeft(rest, " \t\f")
		if len(line) == 0 {
			return false
		}
		if line[0] == '#' || line[0] == '\n' || line[0] == '\r' {
			continue
		}
		start := next + len(rest) - len(line)
		n := u.Tree.NodeAt(start, start+1).Statement()
		if s := u.Tree.NodeAt(at.Start, at.Start).LineStatement(); !s.IsZero() && s.Start() == start {
			return true
		}
		return n.IsZero() && at.Start >= start && !bytes.Contains(u.Raw[start:at.Start], []byte("\n")) || !n.IsZero() && at.Start >= start && at.Start < n.End()
	}
}

// settle applies the edits and makes sure that the document is no worse for
// it; otherwise it is left as it was.
func (r *Result) settle(p *meaning.Program, m *rules.Migration) {
	r.Output = r.Doc.Raw()
	if r.Err == nil && len(r.Edits) > 0 {
		r.Err = r.inError()
	}
	if r.Err != nil {
		// What the parser or the analysis gave up, or where the parser lost its way:
		// what they say of statements is a guess.
		r.Edits, r.Findings, r.Broken = nil, nil, nil
		return
	}
	if len(r.Edits) == 0 {
		return
	}
	why := r.broken()
	if why == "" {
		output, err := r.Doc.Apply(r.Edits)
		if err == nil {
			r.Output = output
			return
		}
		why = err.Error()
	}
	r.withdraw(p, m, why)
}

// inError gives an error if an edit lies in a part that does not parse, or
// behind a triple quote that nothing closes: to Python all that is text.
func (r *Result) inError() error {
	for i, u := range r.file.Units {
		own := unitEdits(r.Edits, i)
		if len(own) == 0 || u.Tree == nil {
			continue
		}
		for _, f := range u.Tree.Errors() {
			if text := u.Text[f.Start:f.End]; f.Start < own[len(own)-1].Start && (bytes.Count(text, []byte(`"""`))%2 > 0 || bytes.Count(text, []byte(`'''`))%2 > 0) {
				return r.errorAt(i, f.Start, "a string begins here and does not end, and uses of the old SDK are behind it; correct it first")
			}
		}
		if failed, ok := unreadable(u.Tree, own); ok {
			return r.errorAt(i, failed.Start, "this does not parse, and uses of the old SDK are around it; correct it first")
		}
	}
	return nil
}

func (r *Result) errorAt(unit, offset int, reason string) error {
	p := r.Doc.Position(unit, offset)
	err := &document.Error{Path: r.Doc.Path, Line: p.Line, Column: p.Column, Reason: reason}
	if r.Doc.Kind == document.Notebook {
		err.Cell = p.Cell
	}
	return err
}

// broken says which unit the edits would break, "" if none.
func (r *Result) broken() string {
	for i, u := range r.file.Units {
		own := unitEdits(r.Edits, i)
		if len(own) == 0 || r.Doc.Units[i].Shell || len(u.Masked) == 0 && sound(u.Tree, own, r.Doc.Kind != document.Script) {
			continue
		}
		after, err := edit.Apply(u.Raw, own)
		if err != nil {
			return err.Error()
		}
		if why := Worse(r.Doc.Kind, u.Raw, after); why != "" {
			return fmt.Sprintf("the new text would not parse (%s)", why)
		}
	}
	return ""
}

// unitEdits are those of the sorted edits that are in a unit.
func unitEdits(edits []edit.Edit, unit int) []edit.Edit {
	from := sort.Search(len(edits), func(i int) bool { return edits[i].Unit >= unit })
	to := from + sort.Search(len(edits)-from, func(i int) bool { return edits[from+i].Unit > unit })
	return edits[from:to]
}

// withdraw drops all edits of the document: its uses are left to a person,
// under marks of their own.
func (r *Result) withdraw(p *meaning.Program, m *rules.Migration, why string) {
	fill := strings.NewReplacer("{NAME}", why, "{WHY}", why, "{text}", why, "{HOW}", "")
	r.Edits = nil
	marked := map[ir.Expr]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Marked || f.Left {
			continue // under a mark of an earlier run, or the user's wish
		}
		code := m.Code("unplaced", f.Symbol)
		text := cmp.Or(strings.Join(strings.Fields(fill.Replace(m.Notes[code].Text)), " "), why)
		f.Verdict, f.Code, f.Message, f.Edited = ir.Manual, code, text, false
		stmt := p.Stmt(f.Use.At)
		if unit := r.unitOf(stmt.Unit); unit >= 0 && !marked[stmt] {
			marked[stmt] = true
			r.mark(unit, stmt.Start, todo.Mark{Code: code, Target: m.MarkTarget(code), Text: text})
		}
	}
	r.Edits = edit.Sort(r.Edits)
	if r.broken() == "" {
		if output, err := r.Doc.Apply(r.Edits); err == nil {
			r.Output = output
			for i := range r.Findings {
				r.Findings[i].Marked = true
			}
			return
		}
	}
	r.Edits, r.Output = nil, r.Doc.Raw()
}

// mark puts a mark above the statement that starts at an offset: above the first
// of those that share its lines.
func (r *Result) mark(unit, start int, m todo.Mark) {
	u := r.file.Units[unit]
	if u.Tree != nil {
		if s := u.Tree.NodeAt(start, start).LineStatement(); !s.IsZero() {
			start = s.Start()
		}
	}
	line := bytes.LastIndexByte(u.Raw[:start], '\n') + 1
	indent := u.Raw[line:start]
	e := edit.Edit{Unit: unit, Start: start, End: start, New: m.String() + "\n" + string(indent)}
	if len(bytes.TrimLeft(indent, " \t\f")) > 0 || slices.Contains(r.Edits, e) {
		return
	}
	r.Edits = append(r.Edits, e)
}
