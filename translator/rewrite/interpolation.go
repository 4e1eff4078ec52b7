package rewrite

import (
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// quoteAround gives the quote character of the string in one of whose
// interpolations an expression stands. Before Python 3.12 neither that quote nor
// a line break may occur there; in a string with triple quotes both may.
func (e *engine) quoteAround(x ir.Expr) (quote byte, inside bool) {
	if x.IsZero() {
		return 0, false
	}
	for n := e.node(x); !n.IsZero(); n = n.Parent() {
		if !n.Is(grammar.KindInterpolation) {
			continue
		}
		text := strings.TrimLeft(n.Parent().Text(), "rRbBuUfFtT")
		if text == "" || strings.HasPrefix(text, text[:1]+text[:1]+text[:1]) {
			return 0, false
		}
		return text[0], true
	}
	return 0, false
}

// requote writes the string literals of an expression with the other quote
// where they have the given one.
func requote(text string, quote byte) string {
	other := byte('\'')
	if quote == other {
		other = '"'
	}
	out := []byte(text)
	for i := 0; i < len(text); i++ {
		q := text[i]
		if q != '\'' && q != '"' {
			continue
		}
		end := i + 1
		plain := true
		for ; end < len(text) && text[end] != q; end++ {
			if text[end] == '\\' {
				plain = false
				end++
			} else if text[end] == other {
				plain = false
			}
		}
		if end >= len(text) {
			break
		}
		if q == quote && plain {
			out[i], out[end] = other, other
		}
		i = end
	}
	return string(out)
}
