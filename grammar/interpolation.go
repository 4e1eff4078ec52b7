package grammar

import "strings"

// NewerStrings counts the f-strings that Python refuses before 3.12: in an
// interpolation they have their own quote, a backslash or, unless the quotes are
// triple, a line break.
func NewerStrings(t *Tree) int {
	count := 0
	for id := range int32(t.Len()) {
		n := t.Node(id)
		if !n.Is(KindInterpolation) {
			continue
		}
		quote, triple := quotesOf(n.Parent().Text())
		if triple {
			quote = strings.Repeat(quote, 3)
		}
		inner := n.Text()
		if strings.Contains(inner, quote) || strings.Contains(inner, `\`) || !triple && strings.Contains(inner, "\n") {
			count++
		}
	}
	return count
}
