package rulecases

import (
	"iter"

	"pyxlate/rules/ir"
	"pyxlate/translator/check"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

// names yields the program with a variable of the user's own for each name
// that its translation introduces.
func (p *Program) names() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		d, err := document.OpenAs(document.Script, "example.py", []byte(p.text))
		if err != nil {
			return
		}
		results := project.Translate([]*document.Document{d}, nil, p.migration, p.tables, rewrite.Options{})
		after, err := Read(p.migration, p.tables, string(results[0].Output))
		if err != nil {
			return
		}
		was, seen := map[string]bool{}, map[string]bool{}
		for d := range p.prog.AllDefs() {
			was[d.Name] = true
		}
		for d := range after.prog.AllDefs() {
			if was[d.Name] || seen[d.Name] {
				continue
			}
			seen[d.Name] = true
			text := d.Name + " = 'mine'\n" + p.text + "print(" + d.Name + ")\n"
			if !yield(Case{Name: "names/" + d.Name, Text: []byte(text), Keep: Verdicts, Own: d.Name}) {
				return
			}
		}
	}
}

// Overwritten reports whether the output reads, in its last statement, anything
// but the value that the case's own variable was given at the top.
func Overwritten(t *check.Translation, own string) bool {
	after, err := Read(t.Migration, t.Tables, string(t.Results[0].Output))
	if err != nil {
		return true
	}
	for d := range after.prog.AllDefs() {
		if d.Name != own {
			continue
		}
		if s, ok := ir.String(d.Value); ok && s == "mine" {
			continue
		}
		for _, r := range after.prog.Readers(d) {
			if all := after.statements(); r.Start >= all[len(all)-1].Start() {
				return true
			}
		}
	}
	return false
}
