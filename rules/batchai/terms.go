package batchai

import (
	"strings"

	"pyxlate/rules/ir"
)

// code is a template with its holes: name, term, name, term.
func code(template string, holes ...any) *ir.Code {
	c := &ir.Code{Text: template, Holes: map[string]ir.Term{}}
	for i := 0; i+1 < len(holes); i += 2 {
		c.Holes[holes[i].(string)] = holes[i+1].(ir.Term)
	}
	return c
}

// block is a statement or several, written as a template.
func block(template string, holes ...any) ir.Statement {
	return ir.Statement{Block: code(template, holes...)}
}

// invoke is a call of a target symbol. Arguments with a nil value are left out.
func invoke(path string, args ...ir.Argument) *ir.Apply {
	return apply(&ir.Name{Path: path}, args...)
}

func apply(fn ir.Term, args ...ir.Argument) *ir.Apply {
	a := &ir.Apply{Fn: fn}
	for _, x := range args {
		if x.Value != nil {
			a.Args = append(a.Args, x)
		}
	}
	return a
}

// keyword is an argument that takes over an argument of the old call, nothing
// when that call does not give it or gives None.
func keyword(c ir.Context, name, old string) ir.Argument {
	a, ok := c.Arg(old)
	if !ok || ir.IsNone(a.Value) {
		return ir.Argument{}
	}
	return ir.Argument{Name: name, Value: &ir.Source{Arg: a}, Old: []ir.Expr{a.At}}
}

func named(name string, v ir.Term) ir.Argument { return ir.Argument{Name: name, Value: v} }

func truth(b bool) ir.Term { return &ir.Literal{V: b} }

// note is a reason; values come as name, text, name, text.
func note(codeOf string, v ir.Verdict, at ir.Expr, values ...string) ir.Note {
	n := ir.Note{Code: codeOf, Verdict: v, At: at, Values: map[string]string{}}
	for i := 0; i+1 < len(values); i += 2 {
		n.Values[values[i]] = values[i+1]
	}
	return n
}

// given reads an argument of the call at hand that is there and not None.
func given(c ir.Context, name string) (ir.Arg, bool) {
	a, ok := c.Arg(name)
	return a, ok && !ir.IsNone(a.Value)
}

// lost notes the arguments of the call at hand that none of the names covers:
// they have no counterpart.
func lost(c ir.Context, codeOf string, used ...string) (notes []ir.Note) {
	k := c.Call()
	if k == nil {
		return nil
	}
	for _, a := range k.Args {
		name := a.Param
		if name == "" || ir.IsNone(a.Value) {
			continue
		}
		covered := false
		for _, u := range used {
			covered = covered || u == name
		}
		if !covered {
			notes = append(notes, note(codeOf, ir.Review, a.At, "NAME", name))
		}
	}
	return notes
}

// lastSegment is the part of a dotted name after its last dot.
func lastSegment(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
