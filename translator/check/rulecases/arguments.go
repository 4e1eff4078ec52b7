package rulecases

import (
	"fmt"
	"iter"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/edit"
)

// arguments yields the program with the arguments of calls of the source SDKs
// by keyword where they were by position and the other way round, all at once
// and call by call.
func (p *Program) arguments() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		for _, form := range []struct {
			name string
			make func(*ir.Call, grammar.Node) []edit.Edit
		}{{"keywords", p.keywords}, {"positions", p.positions}} {
			var all []edit.Edit
			calls := 0
			for id := range p.tree.Len() {
				n := p.tree.Node(int32(id))
				if !n.Is(grammar.KindCall) {
					continue
				}
				call := p.prog.CallAt(p.prog.Expr(p.unit.ID, n))
				if call == nil || call.Unbound != "" || call.Version == "" || !p.under(call.Symbol) {
					continue
				}
				edits := form.make(call, n.Child(grammar.FieldArguments))
				if len(edits) == 0 {
					continue
				}
				calls++
				all = append(all, edits...)
				if !yield(Case{Name: fmt.Sprintf("arguments/%s/%d", form.name, calls), Text: p.with(edits), Keep: Calls}) {
					return
				}
			}
			if calls > 1 && !yield(Case{Name: "arguments/" + form.name + "/all", Text: p.with(all), Keep: Calls}) {
				return
			}
		}
	}
}

// written is one argument of a call as it is written.
type written struct {
	node    grammar.Node
	keyword string
	value   grammar.Node
}

// args lists the arguments of a call; nil if it has any that are unpacked.
func args(list grammar.Node) []written {
	if !list.Is(grammar.KindArgumentList) {
		return nil
	}
	var out []written
	for n := range list.Children() {
		switch {
		case n.Is(grammar.KindComment):
		case n.Is(grammar.KindListSplat, grammar.KindDictionarySplat):
			return nil
		case n.Is(grammar.KindKeywordArgument):
			out = append(out, written{n, n.Child(grammar.FieldName).Text(), n.Child(grammar.FieldValue)})
		default:
			out = append(out, written{node: n, value: n})
		}
	}
	return out
}

func (p *Program) keywords(call *ir.Call, list grammar.Node) []edit.Edit {
	var edits []edit.Edit
	for _, a := range args(list) {
		if a.keyword != "" {
			continue
		}
		name := ""
		for param, bound := range call.Bound {
			if bound.At.Start == a.value.Start() && bound.At.End == a.value.End() {
				name = param
			}
		}
		if name == "" {
			return nil
		}
		edits = append(edits, edit.Edit{Start: a.node.Start(), End: a.node.Start(), New: name + "="})
	}
	return edits
}

func (p *Program) positions(call *ir.Call, list grammar.Node) []edit.Edit {
	sym, ok := p.tables.Symbol(call.Symbol)
	if !ok {
		return nil
	}
	v := sym.In(call.Version)
	if v == nil {
		return nil
	}
	var edits []edit.Edit
	shape := sdk.Args{}
	open := true
	for i, a := range args(list) {
		switch {
		case a.keyword == "":
			shape.Pos++
		case open && i < len(v.Params) && v.Params[i].Name == a.keyword && v.Params[i].Kind == sdk.Pos && !v.Params[i].Transport:
			shape.Pos++
			edits = append(edits, edit.Edit{Start: a.node.Start(), End: a.value.Start()})
		default:
			open = false
			shape.Keywords = append(shape.Keywords, a.keyword)
		}
	}
	// Only where the tables read the new form as they read the old.
	b, err := p.tables.Bind(sym, shape)
	if err != nil || b.Ambiguous || b.Variant.Version != call.Version {
		return nil
	}
	for i, param := range b.ByPos {
		if param == nil || param.Name != v.Params[i].Name {
			return nil
		}
	}
	return edits
}
