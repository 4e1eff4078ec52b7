package rewrite

import (
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// binds checks a call of the target SDK against its signature (Promise 7). It
// says why not, or "".
func (e *engine) binds(a *ir.Apply) string {
	n, ok := a.Fn.(*ir.Name)
	if !ok || !hasPrefix(n.Path, e.migration.Modules) {
		return ""
	}
	sym, ok := e.tables.Symbol(n.Path)
	if !ok {
		return "the target has no " + n.Path
	}
	var args sdk.Args
	for _, x := range a.Args {
		switch {
		case x.Star == 1:
			args.HasStar = true
		case x.Star == 2:
			args.HasStarStar = true
		case x.Name != "":
			args.Keywords = append(args.Keywords, x.Name)
		default:
			args.Pos++
		}
	}
	if _, err := e.tables.Bind(sym, args); err != nil {
		return n.Path + ": " + err.Error()
	}
	return ""
}
