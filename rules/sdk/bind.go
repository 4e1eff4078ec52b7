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
}

// A Binding says which parameter each argument of a call goes to.
type Binding struct {
	Variant  *Variant
	ByPos    []*Param // for each positional argument; the *args parameter for those that it collects
	ByKey    []*Param // for each keyword; the **kwargs parameter for those that it collects
	Versions []string // all versions in which the call binds, the chosen one first
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

// Bind decides, for one call, which version's parameters its arguments fit, newest first: programs mix the dialects
// of several versions in one file. Where none fits, the error is a [*BindError] and the Binding is that of the version
// that comes nearest, with nil for the arguments that no parameter takes.
func (s *Set) Bind(sym *Symbol, args Args) (Binding, error) {
	var chosen Binding
	var nearest Binding
	var least *BindError
	for i := range sym.Versions {
		v := &sym.Versions[i]
		switch v.Kind {
		case Class, Function, Method:
		default:
			continue
		}
		b, err := bind(v, args)
		if err.problems() == 0 {
			if chosen.Variant == nil {
				chosen = b
			}
			chosen.Versions = append(chosen.Versions, v.Version)
			continue
		}
		if least == nil || err.problems() < least.problems() {
			nearest, least = b, err
		}
	}
	if chosen.Variant != nil {
		return chosen, nil
	}
	if least == nil {
		return Binding{}, fmt.Errorf("%s: a %s cannot be called", sym.Name, sym.Kind)
	}
	least.Symbol = sym.Name
	return nearest, least
}

func bind(v *Variant, args Args) (Binding, *BindError) {
	b := Binding{Variant: v, ByPos: make([]*Param, args.Pos), ByKey: make([]*Param, len(args.Keywords))}
	e := &BindError{Version: v.Version}
	taken := make([]bool, len(v.Params))
	next := 0
	for i := range args.Pos {
		for next < len(v.Params) && (v.Params[next].Transport || v.Params[next].Kind == KwOnly) {
			next++
		}
		if next == len(v.Params) || v.Params[next].Kind == VarKw {
			e.TooMany++
			continue
		}
		b.ByPos[i] = &v.Params[next]
		taken[next] = true
		if v.Params[next].Kind != VarPos {
			next++
		}
	}
	rest := slices.IndexFunc(v.Params, func(p Param) bool { return p.Kind == VarKw })
	for i, k := range args.Keywords {
		at := slices.IndexFunc(v.Params, func(p Param) bool {
			return p.Name == k && (p.Kind == Pos || p.Kind == KwOnly)
		})
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
			if near := nearestParam(v, k); near != "" {
				if e.Nearest == nil {
					e.Nearest = map[string]string{}
				}
				e.Nearest[k] = near
			}
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
