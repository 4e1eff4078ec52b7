package meaning

import (
	"strings"

	"pyxlate/rules/ir"
)

// withoutStandIns leaves out what a test hands to a function in place of what
// the program itself hands to it.
func (in *interp) withoutStandIns(v ir.Value) ir.Value {
	j, ok := v.(*ir.Join)
	if !ok {
		return v
	}
	var out ir.Value
	for _, x := range j.Of {
		if u, ok := x.(*ir.Unknown); !ok || !in.standIn(u) {
			out = join(out, x)
		}
	}
	if out == nil {
		return v
	}
	return out
}

// standIn reports whether a value is a mock object, an attribute of one, or what
// mock.patch hands to a test.
func (in *interp) standIn(u *ir.Unknown) bool {
	for range 8 {
		of, ok := u.Of.(*ir.Unknown)
		if !ok {
			break
		}
		u = of
	}
	if u.Of != nil || u.At.IsZero() {
		return false
	}
	if c := in.p.CallAt(u.At); c != nil {
		return strings.HasPrefix(c.Symbol, "unittest.mock.") || strings.HasPrefix(c.Symbol, "mock.")
	}
	d, ok := in.p.DefAt(u.At)
	if !ok || d.Kind != Param {
		return false
	}
	f := in.p.byDef[d.Scope.Owner]
	if f == nil {
		return false
	}
	for _, dec := range f.decorators {
		if strings.Contains(dec.Text(), "patch") {
			return true
		}
	}
	return false
}
