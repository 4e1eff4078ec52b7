package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pyxlate/rules/sdk"
)

// sharedBy is the number of symbols from which on a reason is listed.
const sharedBy = 6

// SharedReasons lists the symbols of the sources that share one stated reason for
// being left by hand, where more than five do: a rule for many symbols is easily
// written, and what it covers is to be seen. A line with the code, the number of
// symbols and the reason is followed by one for each class or module: its name,
// and the members that are meant.
func SharedReasons(m *Migration, tables *sdk.Set) string {
	symbols := map[string][]*sdk.Symbol{}
	for _, pkg := range tables.Packages() {
		if !slices.ContainsFunc(pkg.Roots, func(root string) bool {
			return slices.ContainsFunc(m.Primary, func(p string) bool { return below(root, p) })
		}) {
			continue
		}
		for sym := range tables.Symbols(pkg.Name) {
			rs := m.For(sym.Name)
			if sym.Kind == sdk.Module || len(rs) == 0 || slices.ContainsFunc(rs, func(r *Rule) bool { return !r.Manual }) {
				continue
			}
			code := rs[0].ID
			if len(rs[0].Notes) > 0 {
				code = rs[0].Notes[0]
			}
			symbols[code] = append(symbols[code], sym)
		}
	}
	var b strings.Builder
	for _, code := range slices.Sorted(maps.Keys(symbols)) {
		list := symbols[code]
		if len(list) < sharedBy {
			continue
		}
		slices.SortFunc(list, func(a, b *sdk.Symbol) int { return strings.Compare(a.Name, b.Name) })
		fmt.Fprintf(&b, "%s, %d symbols: %s\n", code, len(list), strings.Join(strings.Fields(m.Notes[code].Text), " "))
		members := map[string][]string{}
		for _, sym := range list {
			switch sym.Kind {
			case sdk.Class, sdk.Function:
				members[sym.Name] = append(members[sym.Name], "")
			default:
				members[sym.Owner()] = append(members[sym.Owner()], sym.Last())
			}
		}
		for _, owner := range slices.Sorted(maps.Keys(members)) {
			fmt.Fprintf(&b, "    %s%s\n", owner, strings.TrimRight(" "+strings.TrimSpace(strings.Join(members[owner], " ")), " "))
		}
	}
	return b.String()
}
