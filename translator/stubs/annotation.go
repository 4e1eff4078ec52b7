package stubs

import (
	"cmp"
	"strings"

	"pyxlate/rules/sdk"
)

// builtin are the names that stand for themselves in types.
var builtin = map[string]bool{
	"str": true, "int": true, "float": true, "bool": true, "bytes": true, "object": true,
	"list": true, "dict": true, "set": true, "tuple": true, "None": true,
}

// generic are names of typing and of collections.abc by what they mean in a
// table.
var generic = map[string]string{
	"List": "list", "Dict": "dict", "Set": "set", "Tuple": "tuple", "Sequence": "list", "Mapping": "dict",
	"Iterator": sdk.Iterator, "Iterable": sdk.Iterator, "Generator": sdk.Iterator, "Future": sdk.Future, "Any": sdk.Any,
}

// typeOf reads an annotation. What it does not understand is not documented.
func (r *reader) typeOf(text string) sdk.Type {
	p := &annotation{text: strings.NewReplacer(`"`, "", "'", "", " ", "", "\t", "", "\n", "").Replace(text), reader: r}
	t := p.union()
	if p.at < len(p.text) {
		return sdk.Type{}
	}
	return t
}

type annotation struct {
	text   string // without space and quotes
	at     int
	reader *reader
}

func (p *annotation) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *annotation) union() sdk.Type {
	all := []sdk.Type{p.item()}
	for p.peek() == '|' {
		p.at++
		all = append(all, p.item())
	}
	return oneOf(all)
}

// oneOf is the union of types, unknown if one of them is.
func oneOf(all []sdk.Type) sdk.Type {
	u := sdk.Type{Name: sdk.Union}
	for _, t := range all {
		if t.IsZero() {
			return t
		}
		u.Args = append(u.Args, t.Alternatives()...)
	}
	if len(u.Args) == 1 {
		return u.Args[0]
	}
	return u
}

func (p *annotation) item() sdk.Type {
	start := p.at
	for c := p.peek(); c != 0 && !strings.ContainsRune("[],|", rune(c)); c = p.peek() {
		p.at++
	}
	name := p.text[start:p.at]
	var args []sdk.Type
	if p.peek() == '[' {
		for p.at++; p.peek() != ']' && p.peek() != 0; {
			args = append(args, p.union())
			if p.peek() == ',' {
				p.at++
			} else if p.peek() != ']' {
				p.at = len(p.text) + 1
				return sdk.Type{}
			}
		}
		p.at++
	}
	return p.reader.named(name, args)
}

// named is the type of a name with arguments.
func (r *reader) named(name string, args []sdk.Type) sdk.Type {
	last := name[strings.LastIndexByte(name, '.')+1:]
	known := func(args []sdk.Type) []sdk.Type {
		for _, a := range args {
			if a.IsZero() {
				return nil
			}
		}
		return args
	}
	switch {
	case name == "":
		return sdk.Type{}
	case last == "Optional":
		return oneOf(append(args, sdk.Type{Name: sdk.None}))
	case last == "Union":
		return oneOf(args)
	case generic[last] != "":
		return sdk.Type{Name: generic[last], Args: known(args)}
	case builtin[name]:
		return sdk.Type{Name: name, Args: known(args)}
	}
	first, rest, dotted := strings.Cut(name, ".")
	full := r.names[first]
	if full != "" && dotted {
		full += "." + rest
	}
	if wrapper, ok := r.wrapper(cmp.Or(full, last)); ok && len(args) > 0 {
		return sdk.Type{Name: wrapper, Args: known(args)}
	}
	if full == "" {
		return sdk.Type{}
	}
	return sdk.Type{Name: full}
}
