package rulecases

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/edit"
	"pyxlate/translator/meaning"
)

// mention is a place that names something of a source SDK through an import.
type mention struct {
	span         grammar.Span
	module, name string // what is named: module.name
}

// importForm is a way to import and to name module.name; number tells modules
// apart. Not ok: the form has no way to say it.
type importForm struct {
	name string
	keep Kept
	say  func(p *Program, module, name string, number int) (statement, mention string, ok bool)
}

var importForms = []importForm{
	{"whole", Calls, func(_ *Program, module, name string, _ int) (string, string, bool) {
		return "import " + module, module + "." + name, true
	}},
	{"whole-as", Calls, func(_ *Program, module, name string, number int) (string, string, bool) {
		return fmt.Sprintf("import %s as sdk%d", module, number), fmt.Sprintf("sdk%d.%s", number, name), true
	}},
	{"from-package", Calls, func(_ *Program, module, name string, _ int) (string, string, bool) {
		i := strings.LastIndexByte(module, '.')
		if i < 0 {
			return "", "", false
		}
		return fmt.Sprintf("from %s import %s", module[:i], module[i+1:]), module[i+1:] + "." + name, true
	}},
	{"from-package-as", Calls, func(_ *Program, module, name string, number int) (string, string, bool) {
		i := strings.LastIndexByte(module, '.')
		if i < 0 {
			return "", "", false
		}
		return fmt.Sprintf("from %s import %s as sdk%d", module[:i], module[i+1:], number), fmt.Sprintf("sdk%d.%s", number, name), true
	}},
	{"two-up", Calls, func(_ *Program, module, name string, _ int) (string, string, bool) {
		parts := strings.Split(module, ".")
		if len(parts) < 3 {
			return "", "", false
		}
		n := len(parts) - 2
		return fmt.Sprintf("from %s import %s", strings.Join(parts[:n], "."), parts[n]), strings.Join(parts[n:], ".") + "." + name, true
	}},
	{"names", Calls, func(_ *Program, module, name string, _ int) (string, string, bool) {
		return fmt.Sprintf("from %s import %s", module, name), name, true
	}},
	{"names-in-brackets", Calls, func(_ *Program, module, name string, _ int) (string, string, bool) {
		return fmt.Sprintf("from %s import (\n    %s,\n)", module, name), name, true
	}},
	{"names-as", Calls, func(_ *Program, module, name string, _ int) (string, string, bool) {
		return fmt.Sprintf("from %s import %s as Old%s", module, name, name), "Old" + name, true
	}},
	{"star", Calls, func(_ *Program, module, name string, _ int) (string, string, bool) {
		return fmt.Sprintf("from %s import *", module), name, true
	}},
	{"alias", Calls, func(p *Program, module, name string, _ int) (string, string, bool) {
		elsewhere, ok := p.alias(module, name)
		return fmt.Sprintf("from %s import %s", elsewhere, name), name, ok
	}},
	{"alias-whole", Calls, func(p *Program, module, name string, _ int) (string, string, bool) {
		elsewhere, ok := p.alias(module, name)
		return "import " + elsewhere, elsewhere + "." + name, ok
	}},
	{"tried", Promises, func(_ *Program, module, name string, number int) (string, string, bool) {
		return fmt.Sprintf("try:\n    import %s as sdk%d\nexcept ImportError:\n    sdk%d = None", module, number, number), fmt.Sprintf("sdk%d.%s", number, name), true
	}},
	{"assigned", Promises, func(_ *Program, module, name string, number int) (string, string, bool) {
		return fmt.Sprintf("import %s\nsdk%d = %s", module, number, module), fmt.Sprintf("sdk%d.%s", number, name), true
	}},
	{"class-assigned", Promises, func(_ *Program, module, name string, number int) (string, string, bool) {
		return fmt.Sprintf("import %s\nOld%s = %s.%s", module, name, module, name), "Old" + name, true
	}},
}

// alias gives another module from which the newest version with the name lets
// it be imported.
func (p *Program) alias(module, name string) (string, bool) {
	sym, ok := p.tables.Symbol(module + "." + name)
	if !ok {
		return "", false
	}
	var found []string
	for other, canonical := range p.tables.Aliases(sym.Newest().Package) {
		if owner, isSame := strings.CutSuffix(other, "."+name); isSame && canonical == sym.Name {
			if m, ok := p.tables.Symbol(owner); !ok || m.Kind == sdk.Module {
				found = append(found, owner)
			}
		}
	}
	slices.Sort(found)
	if len(found) == 0 {
		return "", false
	}
	return found[0], true
}

// imports yields the program with its imports of the source SDKs in every form,
// where all of them stand at the top of the module.
func (p *Program) imports() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		mentions, statements, ok := p.mentions()
		if !ok || len(mentions) == 0 {
			return
		}
		bound := map[string]bool{}
		for d := range p.prog.AllDefs() {
			if d.Kind != meaning.Import {
				bound[d.Name] = true
			}
		}
		for _, form := range importForms {
			text, ok := p.imported(form, mentions, statements, bound)
			if ok && !yield(Case{Name: "imports/" + form.name, Text: text, Keep: form.keep}) {
				return
			}
		}
	}
}

func (p *Program) imported(form importForm, mentions []mention, statements []grammar.Node, bound map[string]bool) ([]byte, bool) {
	var lines []string
	var edits []edit.Edit
	numbers := map[string]int{}
	for _, m := range mentions {
		if _, ok := numbers[m.module]; !ok {
			numbers[m.module] = len(numbers) + 1
		}
		stmt, say, ok := form.say(p, m.module, m.name, numbers[m.module])
		root, _, _ := strings.Cut(say, ".")
		if !ok || bound[root] {
			// This one stays as plain as can be.
			stmt, say = "import "+m.module, m.module+"."+m.name
		}
		if !slices.Contains(lines, stmt) {
			lines = append(lines, stmt)
		}
		edits = append(edits, edit.Edit{Start: m.span.Start, End: m.span.End, New: say})
	}
	for i, s := range statements {
		e := edit.Edit{Start: s.Start(), End: s.End()}
		if i == 0 {
			e.New = strings.Join(lines, "\n")
		} else if e.End < len(p.text) {
			e.End++
		}
		edits = append(edits, e)
	}
	return p.with(edits), true
}

// mentions finds what is named through imports of the source SDKs, and those
// imports. Not ok: one of them is of a kind that the forms cannot take the
// place of.
func (p *Program) mentions() (found []mention, statements []grammar.Node, ok bool) {
	read := map[int32]bool{} // import statements that a mention goes through
	other := map[int32]bool{}
	for _, im := range p.prog.Imports() {
		stmt := p.prog.Node(im.Stmt)
		if !p.under(im.Qualified) || im.Local == "" {
			other[stmt.ID()] = true
			continue
		}
		for d := range p.prog.AllDefs() {
			if d.Kind != meaning.Import || d.Stmt != im.Stmt || d.Name != strings.SplitN(im.Local, ".", 2)[0] {
				continue
			}
			for _, r := range p.prog.Readers(d) {
				m, ok := p.mention(p.prog.Node(r))
				if !ok {
					return nil, nil, false
				}
				if !slices.Contains(found, m) {
					found = append(found, m)
				}
				read[stmt.ID()] = true
			}
		}
		if !stmt.Parent().Is(grammar.KindModule) {
			return nil, nil, false
		}
	}
	for id := range read {
		if other[id] {
			return nil, nil, false
		}
		statements = append(statements, p.tree.Node(id))
	}
	slices.SortFunc(statements, func(a, b grammar.Node) int { return a.Start() - b.Start() })
	return found, statements, true
}

// mention climbs from the name of an import to the first attribute that is more
// than a module.
func (p *Program) mention(n grammar.Node) (mention, bool) {
	for {
		s, ok := p.prog.Value(p.prog.Expr(p.unit.ID, n)).(*ir.Symbol)
		if !ok {
			return mention{}, false
		}
		if sym, ok := p.tables.Symbol(s.Name); ok && sym.Kind != sdk.Module {
			return mention{n.Span(), sym.Owner(), sym.Last()}, p.under(sym.Name)
		}
		parent := n.Parent()
		if !parent.Is(grammar.KindAttribute) || parent.Child(grammar.FieldObject) != n {
			return mention{}, false
		}
		n = parent
	}
}
