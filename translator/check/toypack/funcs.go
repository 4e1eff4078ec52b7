package toypack

import (
	"strings"

	"pyxlate/rules/ir"
)

// ground carries the soil of a plan over, unless the user wants none.
func ground(c ir.Context) *ir.Answer { return unlessDropped(c, "soil", "ORC209") }

// shapeGround does it for a layout.
func shapeGround(c ir.Context) *ir.Answer { return unlessDropped(c, "ground", "GRH202") }

func unlessDropped(c ir.Context, field, code string) *ir.Answer {
	a, ok := c.Arg(field)
	if !ok {
		return nil
	}
	if c.Option("soil") == "drop" {
		return &ir.Answer{Term: &ir.Apply{}, Notes: []ir.Note{{Code: code, Verdict: ir.Review, At: a.At}}}
	}
	return &ir.Answer{Term: &ir.Apply{Args: []ir.Argument{{Name: "ground", Value: &ir.Source{Arg: a}, Old: []ir.Expr{a.At}}}}}
}

// sow plants what a mix is made of. A mix from elsewhere is left to a person.
func sow(c ir.Context) *ir.Answer {
	mix, ok := c.Arg("mix")
	bench, known := c.Resource("bench")
	if !ok || !known {
		return nil
	}
	for _, call := range c.Calls("orchard.seeds.mix") {
		if call.Result != mix.Value {
			continue
		}
		plant := &ir.Apply{Fn: &ir.Member{Of: bench, Name: "plant"}}
		for _, name := range []string{"kind", "grams"} {
			if a, ok := call.Bound[name]; ok {
				plant.Args = append(plant.Args, ir.Argument{Name: name, Value: &ir.Source{Arg: a}, Old: []ir.Expr{a.At}})
			}
		}
		return &ir.Answer{Term: plant}
	}
	return nil
}

// shed names the plot that the program, or a script beside it, gives back.
func shed(c ir.Context) *ir.Answer {
	for _, call := range c.Calls("orchard.Session.give_back_plot") {
		if plot, ok := ir.String(call.Bound["plot_name"].Value); ok {
			return &ir.Answer{Notes: []ir.Note{{Code: "ORC211", Verdict: ir.Manual, Values: map[string]string{"NAME": c.Use().Symbol, "PLOT": plot}}}}
		}
	}
	return nil
}

// beyond is what neighbour is, of a field.
func beyond(c ir.Context) *ir.Answer {
	return asked(c, "field", "beyond", "gate", "greenhouse.House.next_door")
}

// neighbour asks the house for what the gate's configuration says. All scripts ask
// with that of the first one, where it is presumably the same.
func neighbour(c ir.Context) *ir.Answer {
	return asked(c, "house", "next_door", "config", "orchard.Session.neighbour")
}

func asked(c ir.Context, kind, method, param, symbol string) *ir.Answer {
	config, ok := c.Arg(param)
	of, known := c.Resource(kind)
	if !ok || !known {
		return nil
	}
	for _, call := range c.Calls(symbol) {
		first := call.Bound[param]
		if ir.Same(c.Representative(first.Value), c.Representative(config.Value)) {
			config = first
			break
		}
	}
	return &ir.Answer{Term: &ir.Apply{Fn: &ir.Member{Of: of, Name: method}, Args: []ir.Argument{{Value: &ir.Source{Arg: config}}}}}
}

// benchLabel gives the label of a bench: the name of the plot, without spaces.
func benchLabel(args map[string]ir.Arg, c ir.Context) (ir.Term, bool) {
	a, ok := args["plot_name"]
	if !ok {
		return nil, false
	}
	if s, ok := ir.String(a.Value); ok && strings.Contains(s, " ") {
		return &ir.Literal{V: strings.ReplaceAll(s, " ", "-")}, true
	}
	for _, piece := range ir.Pieces(a.Value, a.At) {
		if strings.Contains(piece.Lit, " ") {
			return &ir.Code{Text: "{name}.replace(' ', '-')", Holes: map[string]ir.Term{"name": &ir.Source{Arg: a}}}, true
		}
	}
	if u, ok := a.Value.(*ir.Unknown); ok && u.Type == "bool" {
		return &ir.Code{Text: "str({name}).lower()", Holes: map[string]ir.Term{"name": &ir.Source{Arg: a}}}, true
	}
	return &ir.Source{Arg: a}, true
}
