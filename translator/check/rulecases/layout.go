package rulecases

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/translator/edit"
)

// gap is what stands between two tokens of one statement.
type gap struct {
	before, after leaf
	text          string
	inside        bool // of brackets
}

// gaps yields the places between the tokens of simple statements and of the
// headers of compound ones, those between statements aside.
func (p *Program) gaps() iter.Seq[gap] {
	return func(yield func(gap) bool) {
		for i := 1; i < len(p.leaves); i++ {
			a, b := p.leaves[i-1], p.leaves[i]
			text := p.text[a.end:b.start]
			inside := b.depth > 0 || strings.Contains(")]}", b.text)
			if !inside && strings.Contains(text, "\n") && !strings.Contains(text, "\\\n") || b.text == ";" || a.text == ";" {
				continue
			}
			if !yield(gap{a, b, text, inside}) {
				return
			}
		}
	}
}

func (p *Program) layouts() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		forms := []struct {
			name string
			f    func(gap) (string, bool)
		}{
			{"joined", func(g gap) (string, bool) {
				if !g.inside || !strings.Contains(g.text, "\n") || strings.Contains(g.text, "#") {
					return "", false
				}
				if strings.Contains("([{", g.before.text) || strings.Contains(")]}", g.after.text) {
					return "", true
				}
				return " ", true
			}},
			{"hanging", func(g gap) (string, bool) {
				if !g.inside || strings.Contains(g.text, "\n") {
					return "", false
				}
				switch {
				case strings.Contains("([{", g.before.text) && strings.Contains(")]}", g.after.text):
					return "", false
				case strings.Contains(")]}", g.after.text):
					return "\n" + strings.Repeat("    ", g.after.depth) + p.indent(g.after.stmt), true
				case strings.Contains("([{", g.before.text), g.before.text == ",":
					return "\n" + strings.Repeat("    ", g.after.depth) + p.indent(g.after.stmt), true
				}
				return "", false
			}},
			{"visual", func(g gap) (string, bool) {
				if !g.inside || strings.Contains(g.text, "\n") || g.before.text != "," || strings.Contains(")]}", g.after.text) {
					return "", false
				}
				return "\n" + strings.Repeat(" ", 30), true
			}},
			{"torn", func(g gap) (string, bool) { // a token a line
				if !g.inside || strings.Contains(g.text, "\n") {
					return "", false
				}
				return "\n        " + p.indent(g.after.stmt), true
			}},
			{"spaced", func(g gap) (string, bool) {
				if strings.ContainsAny(g.text, "\n\\") || p.decorated(g) {
					return "", false
				}
				return "  ", true
			}},
			{"continued", func(g gap) (string, bool) {
				if g.inside || strings.ContainsAny(g.text, "\n\\") || p.decorated(g) || g.after.text != "." && g.before.text != "=" && g.after.text != "(" {
					return "", false
				}
				return " \\\n        ", true
			}},
		}
		for _, form := range forms {
			var edits []edit.Edit
			for g := range p.gaps() {
				if text, ok := form.f(g); ok && text != g.text {
					edits = append(edits, edit.Edit{Start: g.before.end, End: g.after.start, New: text})
				}
			}
			if !yield(Case{Name: "layout/" + form.name, Text: p.with(edits), Keep: Calls}) {
				return
			}
		}
		if !yield(Case{Name: "layout/brackets", Text: p.with(p.bracketed()), Keep: Promises}) {
			return
		}
		if !yield(Case{Name: "layout/trailing-commas", Text: p.with(p.trailingCommas()), Keep: Calls}) {
			return
		}
		if !yield(Case{Name: "layout/semicolons", Text: p.with(p.semicolons()), Keep: Calls}) {
			return
		}
	}
}

// indent gives the white space that the line of a byte begins with.
func (p *Program) indent(at int) string {
	line := p.text[strings.LastIndexByte(p.text[:at], '\n')+1:]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// decorated reports whether a gap lies where spaces would change the reading:
// between the parts of a number, a decorator or a relative import.
func (p *Program) decorated(g gap) bool {
	return g.before.text == "@" || g.before.node.Parent().Is(grammar.KindImportPrefix) || g.after.node.Parent().Is(grammar.KindImportPrefix)
}

// bracketed puts each argument and each right side of an assignment that is a
// plain expression in brackets of its own.
func (p *Program) bracketed() []edit.Edit {
	var edits []edit.Edit
	around := func(n grammar.Node) {
		if n.IsZero() || !n.IsNamed() || n.Is(grammar.KindParenthesizedExpression, grammar.KindExpressionList, grammar.KindListSplat, grammar.KindDictionarySplat, grammar.KindAssignment) {
			return
		}
		edits = append(edits, edit.Edit{Start: n.Start(), End: n.Start(), New: "("}, edit.Edit{Start: n.End(), End: n.End(), New: ")"})
	}
	for id := range p.tree.Len() {
		n := p.tree.Node(int32(id))
		switch {
		case n.Is(grammar.KindCall):
			for _, a := range args(n.Child(grammar.FieldArguments)) {
				around(a.value)
			}
		case n.Is(grammar.KindAssignment):
			around(n.Child(grammar.FieldRight))
		}
	}
	return nested(edits)
}

// nested orders insertions of brackets that begin or end at one byte: closing
// ones first, then opening ones.
func nested(edits []edit.Edit) []edit.Edit {
	slices.SortStableFunc(edits, func(a, b edit.Edit) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return strings.Compare(b.New, a.New) // ")" before "("
	})
	return edits
}

// trailingCommas ends the arguments of each call with a comma.
func (p *Program) trailingCommas() []edit.Edit {
	var edits []edit.Edit
	for id := range p.tree.Len() {
		n := p.tree.Node(int32(id))
		if !n.Is(grammar.KindCall) {
			continue
		}
		list := args(n.Child(grammar.FieldArguments))
		if len(list) == 0 || list[0].node.Is(grammar.KindGeneratorExpression) {
			continue
		}
		last := list[len(list)-1].node
		if !strings.Contains(p.text[last.End():n.End()], ",") {
			edits = append(edits, edit.Edit{Start: last.End(), End: last.End(), New: ","})
		}
	}
	return edits
}

// semicolons puts the simple statements at the top of the script that follow
// each other, comments and imports aside, in one line.
func (p *Program) semicolons() []edit.Edit {
	var edits []edit.Edit
	all := p.statements()
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		if a.Is(grammar.KindExpressionStatement) && b.Is(grammar.KindExpressionStatement) && strings.TrimSpace(p.text[a.End():b.Start()]) == "" {
			edits = append(edits, edit.Edit{Start: a.End(), End: b.Start(), New: "; "})
		}
	}
	return edits
}

// comments yields the program with a comment in every place where one can
// stand: in all of them at once, and in one after the other.
func (p *Program) comments() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		var all []edit.Edit
		for g := range p.gaps() {
			if g.inside && !strings.Contains(g.text, "#") {
				at := g.before.end
				all = append(all, edit.Edit{Start: at, End: at, New: fmt.Sprintf("  # note %d\n%s", len(all)+1, p.indent(g.after.stmt)+"        ")})
			}
		}
		// Ends of lines, and lines of their own before statements.
		last := -1
		for i, l := range p.leaves {
			next := len(p.text)
			if i+1 < len(p.leaves) {
				next = p.leaves[i+1].start
			}
			between := p.text[l.end:next]
			if l.depth == 0 && (strings.Contains(between, "\n") && !strings.Contains(between, "\\\n") && !strings.Contains(between, "#")) && (i+1 == len(p.leaves) || p.leaves[i+1].depth == 0 || p.leaves[i+1].stmt != l.stmt) {
				all = append(all, edit.Edit{Start: l.end, End: l.end, New: fmt.Sprintf("  # note %d", len(all)+1)})
			}
			if l.stmt == l.start && l.start != last && strings.TrimSpace(p.text[strings.LastIndexByte(p.text[:l.start], '\n')+1:l.start]) == "" {
				last = l.start
				at := strings.LastIndexByte(p.text[:l.start], '\n') + 1
				all = append(all, edit.Edit{Start: at, End: at, New: fmt.Sprintf("%s# note %d\n", p.indent(l.start), len(all)+1)})
			}
		}
		if !yield(Case{Name: "comments/all", Text: p.with(all), Keep: Calls}) {
			return
		}
		for i, e := range all {
			if !yield(Case{Name: fmt.Sprintf("comments/%d", i+1), Text: p.with([]edit.Edit{e}), Keep: Calls}) {
				return
			}
		}
	}
}
