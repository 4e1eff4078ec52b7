package project

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/dependencies"
	"pyxlate/translator/document"
	"pyxlate/translator/report"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/run"
	"pyxlate/translator/settings"
)

// Engine carries a migration out for runs over files. It is safe for concurrent
// use; every call is a program of its own.
type Engine struct {
	migration *rules.Migration
	tables    *sdk.Set
	opt       rewrite.Options
	triggers  [][]byte
	modules   []string
	members   func() [][]byte // asked for only where there is a file with a trigger
	// requirements are the distributions that are replaced.
	requirements dependencies.Replacements
	// Elsewhere are packs that do not lead to the target: what the run leaves alone.
	Elsewhere []*rules.Pack
	// Companions reads a file of the user's that a document names (a training
	// script), by its path relative to the document's; nil reads none.
	Companions func(document, path string) (string, bool)
}

// New makes an engine of a migration.
func New(m *rules.Migration, tables *sdk.Set, opt rewrite.Options) *Engine {
	var modules []string
	for _, module := range m.Primary {
		if _, sample := m.Samples[module]; sample || slices.Contains(m.Extended, module) {
			modules = append(modules, module)
		}
	}
	weak := func(word []byte) bool {
		return slices.ContainsFunc(modules, func(m string) bool { return m[strings.LastIndexByte(m, '.')+1:] == string(word) })
	}
	triggers := append(slices.DeleteFunc(Triggers(m), weak), []byte(settings.Address))
	for name := range m.Requirements {
		// Names of distributions are spelled in many ways, their parts are not.
		part := slices.MaxFunc(strings.Split(name, "-"), func(a, b string) int { return cmp.Compare(len(a), len(b)) })
		if !slices.ContainsFunc(triggers, func(t []byte) bool { return strings.Contains(part, string(t)) }) {
			triggers = append(triggers, []byte(part))
		}
	}
	return &Engine{
		migration: m, tables: tables, opt: opt, triggers: triggers, modules: modules,
		members:      sync.OnceValue(func() [][]byte { return members(m, tables) }),
		requirements: replacements(m, opt),
	}
}

// Triggers implements run.Engine.
func (e *Engine) Triggers() [][]byte { return e.triggers }

// Modules implements run.Engine.
func (e *Engine) Modules() []string { return e.modules }

// Neighbourhood tells what a file needs and gives of what the scripts of a
// folder set up for each other, a bit each.
func (e *Engine) Neighbourhood(raw []byte) (needs, gives uint64) {
	return e.migration.Neighbourhood(func(word string) bool { return bytes.Contains(raw, []byte(word)) })
}

// Others gives what the run leaves alone, in the order of Elsewhere.
func (e *Engine) Others() []run.Other {
	var out []run.Other
	for _, p := range e.Elsewhere {
		o := run.Other{Lines: p.Lines}
		for _, m := range p.Primary {
			// A sample has a name that anything may have.
			if _, sample := p.Samples[m]; !sample {
				o.Modules = append(o.Modules, m)
			}
		}
		for _, t := range p.Targets {
			for name := range t.Requirements {
				if !slices.Contains(o.Distributions, name) {
					o.Distributions = append(o.Distributions, name)
				}
			}
		}
		slices.Sort(o.Distributions)
		out = append(out, o)
	}
	return out
}

// Members gives the attributes by which a file may use the SDK that is left
// without naming it, as they are read: a dot and the name. Those that many
// objects have are not among them.
func (e *Engine) Members() [][]byte { return e.members() }

// members lists what tells a client by its name: the groups of its operations, and
// the operations of its own that do; and the attributes of other classes whose
// names have several words.
func members(m *rules.Migration, tables *sdk.Set) [][]byte {
	var out [][]byte
	add := func(symbol *sdk.Symbol) {
		if word := []byte("." + symbol.Last()); !slices.ContainsFunc(out, func(w []byte) bool { return string(w) == string(word) }) {
			out = append(out, word)
		}
	}
	for _, declared := range m.Conventions.Clients {
		for _, client := range declared.Classes {
			for _, symbol := range append(tables.Groups(client), tables.Telling(declared, client)...) {
				add(symbol)
			}
		}
	}
	primary := func(name string) bool {
		return slices.ContainsFunc(m.Primary, func(module string) bool {
			_, sample := m.Samples[module]
			return !sample && strings.HasPrefix(name, module)
		})
	}
	for _, p := range tables.Packages() {
		if !slices.ContainsFunc(p.Roots, primary) {
			continue
		}
		for symbol := range tables.Symbols(p.Name) {
			name := symbol.Last()
			if primary(symbol.Name) && (symbol.Kind == sdk.Attribute || symbol.Kind == sdk.Method) && name[0] != '_' && strings.Contains(name, "_") {
				add(symbol)
			}
		}
	}
	return out
}

// Translate implements run.Engine.
func (e *Engine) Translate(p run.Project) []run.Result {
	programs := run.Project{Resolve: p.Resolve, Declined: p.Declined}
	for _, d := range p.Documents {
		if d.Kind != document.Dependencies {
			programs.Documents = append(programs.Documents, d)
		}
	}
	results := e.Results(programs)
	var out []run.Result
	for _, d := range p.Documents {
		r := run.Result{Doc: d}
		if d.Kind != document.Dependencies {
			r, results = results[0].Report(e.migration), results[1:]
		}
		known := len(r.Edits)
		e.translatePages(&r)
		e.moveRequirements(&r)
		if len(r.Edits) > known {
			r.After = nil
		}
		out = append(out, r)
	}
	return out
}

// Results translates a project and keeps what a report has no place for.
func (e *Engine) Results(p run.Project) []Result {
	opt := e.opt
	if e.Companions != nil {
		opt.ReadFile = func(file int, path string) (string, bool) {
			return e.Companions(p.Documents[file].Path, path)
		}
	}
	if p.Declined != nil {
		opt.Declined = func(file, unit, start, end int) bool { return p.Declined(p.Documents[file], unit, start, end) }
	}
	return Translate(p.Documents, Resolver(p.Resolve), e.migration, e.tables, opt)
}

// declined opens the message of a finding whose change a person did not want.
const declined = "declined: "

// Report gives the result in the form of reports: places instead of offsets,
// the parts that could not be read as findings of their own.
func (r *Result) Report(m *rules.Migration) run.Result {
	out := run.Result{Doc: r.Doc, Edits: r.Edits, Err: r.Err}
	if len(r.Edits) > 0 {
		out.After = r.Output
	}
	out.Findings = make([]report.Finding, 0, len(r.Findings)+len(r.Broken)+len(r.Remaining))
	for _, f := range r.Findings {
		if f.Left && f.Code == "" {
			out.Ignored++
			continue
		}
		if f.Left {
			f.Verdict, f.Message, f.Edited = ir.Manual, declined+f.Message, false
		}
		x := report.Finding{Code: f.Code, Verdict: verdicts[f.Verdict], Symbol: f.Symbol, Message: f.Message, File: r.Doc.Path, Edited: f.Edited}
		r.place(&x, r.unitOf(f.At.Unit), f.At.Start, f.At.End)
		out.Findings = append(out.Findings, x)
	}
	for _, c := range r.Complaints {
		at := r.Doc.Position(c.Unit, c.Start)
		out.Warnings = append(out.Warnings, report.Warning{Cell: at.Cell, Line: at.Line, Column: at.Column, Message: c.Text})
	}
	for _, h := range r.Hints {
		at := h.At
		if h.Unit >= 0 {
			at = r.Doc.Position(h.Unit, h.Start)
		}
		out.Hints = append(out.Hints, report.Hint{Cell: at.Cell, Line: at.Line, Column: at.Column, Message: h.Text})
	}
	slices.SortStableFunc(out.Hints, func(a, b report.Hint) int { return cmp.Or(cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Line, b.Line)) })
	for _, b := range r.Broken {
		code := cmp.Or(m.Packs[0].Codes["syntax"], m.Packs[0].Codes["unknown"])
		x := report.Finding{Code: code, Verdict: report.Manual, File: r.Doc.Path, Unread: true,
			Message: fmt.Sprintf("This part could not be read (%s), so uses of %s in it are not seen: correct it and run again.", b.Message, m.Source)}
		r.place(&x, b.Unit, b.Start, b.End)
		out.Findings = append(out.Findings, x)
	}
	for _, mark := range r.Remaining {
		x := report.Finding{Code: mark.Code, Verdict: report.Manual, File: r.Doc.Path, Message: mark.Text}
		r.place(&x, mark.Unit, mark.Start, mark.End)
		out.Findings = append(out.Findings, x)
	}
	return out
}

var verdicts = map[ir.Verdict]report.Verdict{ir.Migrated: report.Migrated, ir.Review: report.Review, ir.Manual: report.Manual}

// place fills in where a finding is.
func (r *Result) place(x *report.Finding, unit, start, end int) {
	from, to := r.Doc.Position(unit, start), r.Doc.Position(unit, end)
	x.Cell, x.Line, x.Column = from.Cell, from.Line, from.Column
	x.EndLine, x.EndColumn = to.Line, to.Column
}
