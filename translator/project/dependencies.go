package project

import (
	"cmp"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/translator/dependencies"
	"pyxlate/translator/document"
	"pyxlate/translator/edit"
	"pyxlate/translator/report"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/run"
	"pyxlate/translator/settings"
)

// replacements is what a migration says of lists of requirements.
func replacements(m *rules.Migration, o rewrite.Options) dependencies.Replacements {
	by := dependencies.Replacements{By: map[string][]string{}, Target: m.MarkTarget, Own: m.Own}
	codes := map[string]map[string]string{} // of the pack that replaces a distribution
	for name, list := range m.Requirements {
		if len(list) > 0 {
			by.By[dependencies.Normalize(name)] = list
		}
	}
	for _, p := range m.Packs {
		for name := range p.Target(m.Target).Requirements {
			if codes[dependencies.Normalize(name)] == nil {
				codes[dependencies.Normalize(name)] = p.Codes
			}
		}
	}
	roles := map[dependencies.Outcome]string{
		dependencies.Replaced: "requirement", dependencies.Unpinned: "requirement_version", dependencies.LeftAlone: "requirement_manual",
	}
	by.About = func(code string) bool { return m.HasRole(code, roles[dependencies.LeftAlone]) }
	by.Describe = func(outcome dependencies.Outcome, old string, list []string, version, why string) (code, message string) {
		of := codes[dependencies.Normalize(old)]
		if of == nil {
			of = m.Packs[0].Codes
		}
		code = of[roles[outcome]]
		note, _ := m.Note(code)
		return code, strings.NewReplacer("{OLD}", old, "{NEW}", strings.Join(list, " and "), "{VERSION}", version, "{WHY}", why).Replace(note.Text)
	}
	by.Leave = func(line []byte, code string) bool {
		return settings.Ignored(line, code) || o.Leave != nil && o.Leave(code)
	}
	return by
}

// moveRequirements adds to a result what becomes of the document's lists of
// requirements.
func (e *Engine) moveRequirements(r *run.Result) {
	if r.Err != nil || !dependencies.Concerns(r.Doc) {
		return
	}
	var tree *grammar.Tree
	if r.Doc.Kind == document.Script {
		var err error
		if tree, err = grammar.Parse(r.Doc.Units[0].Source); err != nil || len(tree.Errors()) > 0 {
			return
		}
	}
	moved := dependencies.Translate(r.Doc, tree, e.requirements)
	if moved.Err != nil {
		r.Err = moved.Err
		return
	}
	for _, x := range moved.Edits {
		if slices.ContainsFunc(r.Edits, func(y edit.Edit) bool { return x.Unit == y.Unit && x.Start < y.End && y.Start < x.End }) {
			return // rules have taken the statement
		}
	}
	r.Edits = edit.Sort(append(r.Edits, moved.Edits...))
	// A mark is counted with what it stands above.
	r.Findings = slices.DeleteFunc(r.Findings, func(x report.Finding) bool {
		return x.Verdict == report.Manual && slices.Contains(moved.Marks, document.Position{Cell: x.Cell, Line: x.Line, Column: x.Column})
	})
	r.Findings = append(r.Findings, moved.Findings...)
	slices.SortStableFunc(r.Findings, func(a, b report.Finding) int {
		return cmp.Or(cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	r.Ignored += moved.Ignored
}
