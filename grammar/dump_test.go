package grammar

import (
	"fmt"
	"strings"
)

// dump writes the tree below n, one node a line, for messages of failing tests.
func dump(n Node, depth int) string {
	var b strings.Builder
	role := ""
	if n.Field() != FieldNone {
		role = n.Field().String() + ": "
	}
	fmt.Fprintf(&b, "%s%s%s [%d,%d)", strings.Repeat("  ", depth), role, n.Kind(), n.Start(), n.End())
	if n.firstChild().IsZero() {
		fmt.Fprintf(&b, " %q", n.Text())
	}
	b.WriteString("\n")
	for c := range n.AllChildren() {
		b.WriteString(dump(c, depth+1))
	}
	return b.String()
}
