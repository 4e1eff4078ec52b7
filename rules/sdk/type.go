package sdk

import (
	"fmt"
	"strings"
)

// A Type is what the documentation of an SDK says about a value: a Python builtin ("str"), an instance of a class by
// its canonical name, or one of the generic names below with arguments. The zero Type is "not documented".
type Type struct {
	Name string
	Args []Type
}

// Generic type names, besides Python's list, dict, set and tuple.
const (
	Union    = "|"        // Args are the alternatives
	Poller   = "poller"   // a long-running operation that yields Args[0]
	Paged    = "paged"    // an iterator over pages of Args[0]
	Future   = "future"   // concurrent.futures.Future of Args[0]
	Raw      = "raw"      // the raw response of an operation that yields Args[0]
	Iterator = "iterator" // any other iterator over Args[0]
	ModuleOf = "module"   // the module Args[0]
	Any      = "any"
	None     = "None"
)

// IsZero reports whether nothing is known.
func (t Type) IsZero() bool { return t.Name == "" }

// String writes the type in the notation of the tables: "poller[azure.mgmt.batchai.models.Cluster]", "str|None".
func (t Type) String() string {
	var b strings.Builder
	t.write(&b)
	return b.String()
}

func (t Type) write(b *strings.Builder) {
	sep := ","
	if t.Name == Union {
		sep = "|"
	} else {
		b.WriteString(t.Name)
		if len(t.Args) > 0 {
			b.WriteByte('[')
		}
	}
	for i, a := range t.Args {
		if i > 0 {
			b.WriteString(sep)
		}
		a.write(b)
	}
	if t.Name != Union && len(t.Args) > 0 {
		b.WriteByte(']')
	}
}

// Alternatives returns the members of a union, or the type itself; nothing for the zero Type.
func (t Type) Alternatives() []Type {
	switch t.Name {
	case Union:
		return t.Args
	case "":
		return nil
	}
	return []Type{t}
}

// Arg returns the i-th argument, or the zero Type.
func (t Type) Arg(i int) Type {
	if i < len(t.Args) {
		return t.Args[i]
	}
	return Type{}
}

// Element returns the type of what iterating over the value yields, zero where that is unknown.
func (t Type) Element() Type {
	switch t.Name {
	case Paged, Iterator, "list", "set", "dict":
		return t.Arg(0)
	}
	return Type{}
}

// UnmarshalText implements encoding.TextUnmarshaler with [ParseType].
func (t *Type) UnmarshalText(text []byte) (err error) {
	*t, err = ParseType(string(text))
	return err
}

// MarshalText implements encoding.TextMarshaler with [Type.String].
func (t Type) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// ParseType reads the notation of [Type.String]; the empty string is the zero Type.
func ParseType(s string) (Type, error) {
	if s == "" {
		return Type{}, nil
	}
	p := typeParser{s: s}
	t, err := p.union()
	if err == nil && p.i < len(s) {
		err = fmt.Errorf("type %q: unexpected %q at byte %d", s, s[p.i], p.i)
	}
	return t, err
}

type typeParser struct {
	s string
	i int
}

func (p *typeParser) union() (Type, error) {
	first, err := p.item()
	if err != nil || p.peek() != '|' {
		return first, err
	}
	u := Type{Name: Union, Args: []Type{first}}
	for p.peek() == '|' {
		p.i++
		t, err := p.item()
		if err != nil {
			return Type{}, err
		}
		u.Args = append(u.Args, t)
	}
	return u, nil
}

func (p *typeParser) item() (Type, error) {
	start := p.i
	for p.i < len(p.s) && !strings.ContainsRune("[],| ", rune(p.s[p.i])) {
		p.i++
	}
	t := Type{Name: p.s[start:p.i]}
	if t.Name == "" {
		return t, fmt.Errorf("type %q: a name is missing at byte %d", p.s, p.i)
	}
	if p.peek() != '[' {
		return t, nil
	}
	for p.peek() != ']' {
		p.i++
		a, err := p.union()
		if err != nil {
			return Type{}, err
		}
		t.Args = append(t.Args, a)
		if c := p.peek(); c != ',' && c != ']' {
			return Type{}, fmt.Errorf("type %q: \",\" or \"]\" is missing at byte %d", p.s, p.i)
		}
	}
	p.i++
	return t, nil
}

func (p *typeParser) peek() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}
