package sdk

import (
	"fmt"
	"slices"
	"strings"
)

// Args is the shape of a call: how many positional arguments and which keywords. self and cls are not counted.
type Args struct {
	Pos         int
	Keywords    []string
	HasStar     bool // *args: any number of further positional arguments
	HasStarStar bool // **kwargs: any further keywords

	// Types says what positional arguments certainly are, as far as it is known: "dict", "list", "str", "int", or the
	// qualified name of a class; "" for the rest. A version whose parameter is of another kind does not bind.
	Types []string

	// Via is the dotted name by which the program reached the symbol, where that is known: only versions that have
	// the symbol under this name come into question, if there is one.
	Via string
}

// A Binding says which parameter each argument of a call goes to.
type Binding struct {
	Variant  *Variant
	ByPos    []*Param // for each positional argument; the *args parameter for those that it collects
	ByKey    []*Param // for each keyword; the **kwargs parameter for those that it collects
	Versions []string // all versions in which the call binds, the chosen one first

	// Ambiguous: the positional arguments mean something else in another of the Versions.
	Ambiguous bool
}

// Param returns the index of the argument that is bound to a parameter: 0-based among the positional arguments, or
// among the keywords with byKey set; -1 if the call leaves it out.
func (b *Binding) Param(name string) (index int, byKey bool) {
	for i, p := range b.ByPos {
		if p != nil && p.Name == name {
			return i, false
		}
	}
	for i, p := range b.ByKey {
		if p != nil && p.Name == name {
			return i, true
		}
	}
	return -1, false
}

// A BindError says why a call binds in no version; the details are those of the version that comes nearest.
type BindError struct {
	Symbol     string
	Version    string
	Missing    []string          // required parameters without an argument
	Unexpected []string          // keywords that no parameter takes
	Twice      []string          // parameters given by position and by keyword
	TooMany    int               // positional arguments beyond the parameters
	Nearest    map[string]string // for an unexpected keyword: the parameter that was probably meant
}

func (e *BindError) Error() string {
	var parts []string
	if len(e.Missing) > 0 {
		parts = append(parts, "missing "+strings.Join(e.Missing, ", "))
	}
	for _, k := range e.Unexpected {
		if near := e.Nearest[k]; near != "" {
			parts = append(parts, fmt.Sprintf("unexpected %s (did you mean %s?)", k, near))
		} else {
			parts = append(parts, "unexpected "+k)
		}
	}
	for _, k := range e.Twice {
		parts = append(parts, k+" given twice")
	}
	if e.TooMany > 0 {
		parts = append(parts, fmt.Sprintf("%d positional arguments too many", e.TooMany))
	}
	return fmt.Sprintf("%s (%s): %s", e.Symbol, e.Version, strings.Join(parts, "; "))
}

func (e *BindError) problems() int {
	return len(e.Missing) + len(e.Unexpected) + len(e.Twice) + e.TooMany
}

// Bind decides, for one call, which version's parameters its arguments fit: programs mix the dialects of several
// versions in one file. The newest version wins, with one exception: where positional arguments mean different things
// in two versions, the version whose parameters they fill completely wins over one that they fill in part.
//
// Where none fits, the error is a [*BindError] and the Binding is that of the version that comes nearest, with nil for
// the arguments that no parameter takes.
func (s *Set) Bind(sym *Symbol, args Args) (Binding, error) {
	var nearest Binding
	var least *BindError
	candidates := s.candidates(sym, args.Via)
	var few [8]Binding
	fits := few[:0]
	room := make([]*Param, len(candidates)*(args.Pos+len(args.Keywords)))
	for _, v := range candidates {
		b, err := bind(v, args, room)
		room = room[args.Pos+len(args.Keywords):]
		if err.problems() == 0 {
			fits = append(fits, b)
		} else if least == nil || err.problems() < least.problems() {
			nearest, least = b, new(err)
		}
	}
	if len(fits) == 0 {
		if least == nil {
			return Binding{}, fmt.Errorf("%s: a symbol of kind %s cannot be called", sym.Name, sym.Kind)
		}
		least.Symbol = sym.Name
		for _, k := range least.Unexpected {
			if near := nearestParam(nearest.Variant, k); near != "" {
				if least.Nearest == nil {
					least.Nearest = map[string]string{}
				}
				least.Nearest[k] = near
			}
		}
		return nearest, least
	}
	chosen := 0
	ambiguous := false
	for i := 1; i < len(fits); i++ {
		if samePositions(&fits[0], &fits[i]) {
			continue
		}
		ambiguous = true
		if fits[i].complete() && !fits[chosen].complete() {
			chosen = i
		}
	}
	out := fits[chosen]
	out.Ambiguous = ambiguous
	out.Versions = make([]string, 1, len(fits))
	out.Versions[0] = out.Variant.Version
	for i := range fits {
		if i != chosen {
			out.Versions = append(out.Versions, fits[i].Variant.Version)
		}
	}
	return out, nil
}

// candidates are the callable variants of a symbol, without those of versions in which it has another name than via.
func (s *Set) candidates(sym *Symbol, via string) []*Variant {
	if via != "" {
		var reached []*Variant
		for _, v := range sym.callable {
			if s.reaches(v, via) {
				reached = append(reached, v)
			}
		}
		if len(reached) > 0 {
			return reached
		}
	}
	return sym.callable
}

// reaches reports whether a version has a symbol of this name, be it an alias.
func (s *Set) reaches(v *Variant, via string) bool {
	owner := via[:max(strings.LastIndexByte(via, '.'), 0)]
	for _, t := range s.tables {
		if t.Package != v.Package || t.Version != v.Version {
			continue
		}
		if t.symbol(via) != nil {
			// The tables use the later name for what has moved: it is a name of this version only if its module is.
			if t.symbol(owner) != nil {
				return true
			}
			continue
		}
		if _, ok := t.alias(via); ok {
			return true
		}
		if _, ok := t.alias(owner); ok {
			return true
		}
	}
	return false
}

func samePositions(a, b *Binding) bool {
	return slices.EqualFunc(a.ByPos, b.ByPos, func(p, q *Param) bool { return p.Name == q.Name })
}

// complete reports whether the call gives every parameter that carries data.
func (b *Binding) complete() bool {
	for i := range b.Variant.Params {
		p := &b.Variant.Params[i]
		if p.Transport || p.Kind == VarKw || p.Kind == VarPos {
			continue
		}
		if i, _ := b.Param(p.Name); i < 0 {
			return false
		}
	}
	return true
}

// index returns the index of the first parameter that which tells, -1 if there is none.
func (v *Variant) index(which func(*Param) bool) int {
	for i := range v.Params {
		if which(&v.Params[i]) {
			return i
		}
	}
	return -1
}

// bind binds a call to one version. It keeps the parameters in the room that it is given.
func bind(v *Variant, args Args, room []*Param) (Binding, BindError) {
	positional, all := args.Pos, args.Pos+len(args.Keywords)
	b := Binding{Variant: v, ByPos: room[:positional:positional], ByKey: room[positional:all:all]}
	e := BindError{Version: v.Version}
	var few [32]bool
	taken := few[:]
	if len(v.Params) > len(few) {
		taken = make([]bool, len(v.Params))
	}
	next := 0
	for i := range args.Pos {
		for next < len(v.Params) && (v.Params[next].Transport || v.Params[next].Kind == KwOnly) {
			next++
		}
		if next == len(v.Params) || v.Params[next].Kind == VarKw {
			e.TooMany++
			continue
		}
		if i < len(args.Types) && otherKind(args.Types[i], v.Params[next].Type) {
			e.TooMany++
		}
		b.ByPos[i] = &v.Params[next]
		taken[next] = true
		if v.Params[next].Kind != VarPos {
			next++
		}
	}
	rest := v.index(func(p *Param) bool { return p.Kind == VarKw })
	for i, k := range args.Keywords {
		at := v.index(func(p *Param) bool { return p.Name == k && (p.Kind == Pos || p.Kind == KwOnly) })
		switch {
		case at >= 0 && taken[at]:
			e.Twice = append(e.Twice, k)
		case at >= 0:
			taken[at] = true
			b.ByKey[i] = &v.Params[at]
		case rest >= 0 && (len(v.Params[rest].Keys) == 0 || slices.Contains(v.Params[rest].Keys, k)):
			b.ByKey[i] = &v.Params[rest]
		default:
			e.Unexpected = append(e.Unexpected, k)
		}
	}
	for i := range v.Params {
		p := &v.Params[i]
		if !p.Required || taken[i] {
			continue
		}
		if args.HasStarStar && p.Kind != PosOnly || args.HasStar && p.Kind != KwOnly {
			continue
		}
		e.Missing = append(e.Missing, p.Name)
	}
	return b, e
}

var plainKinds = map[string]bool{"dict": true, "list": true, "str": true, "int": true}

// otherKind reports whether a value of one kind is certainly no value for a parameter of that type.
func otherKind(have string, want Type) bool {
	if have == "" || want.Name == "" {
		return false
	}
	for _, t := range want.Alternatives() {
		switch {
		case t.Name == have, t.Name == "object", t.Name == "any", t.Name == "None":
			return false
		case !plainKinds[t.Name] && !strings.Contains(t.Name, "."):
			return false // a type of which the tables know nothing
		case have == "str" && strings.Contains(t.Name, "."):
			return false // members of enums are given as their text
		case strings.Contains(have, ".") && strings.Contains(t.Name, "."):
			return false // perhaps a subclass, or an alias
		}
	}
	return true
}

// nearestParam returns the parameter whose name is a plausible misspelling away, or an empty string.
func nearestParam(v *Variant, name string) string {
	best, least := "", 1+max(2, len(name)/4)
	for i := range v.Params {
		p := &v.Params[i]
		if p.Kind != Pos && p.Kind != KwOnly {
			continue
		}
		if d := editDistance(name, p.Name); d < least {
			best, least = p.Name, d
		}
	}
	return best
}

// editDistance is the Levenshtein distance in bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
