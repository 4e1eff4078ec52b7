package rewrite

import (
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// This file keeps an expression of several lines in one piece: the brackets
// around it may be gone where it is written again.

// bracketed reports whether a node stands in brackets that belong to a node
// around it, up to the given one.
func bracketed(n grammar.Node, top int32) bool {
	for p := n.Parent(); !p.IsZero() && n.ID() != top; n, p = p, p.Parent() {
		if p.Is(grammar.KindSubscript) {
			if p.Child(grammar.FieldValue).ID() != n.ID() {
				return true
			}
			continue
		}
		for first := range p.AllChildren() {
			if first.ID() != n.ID() && strings.Contains("([{", first.Text()) {
				return true
			}
			break
		}
	}
	return false
}

// scan counts the brackets that a piece of Python leaves open, and tells whether
// a line ends outside of brackets, strings and comments without a backslash.
func scan(text string) (open int, broken bool) {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '(', '[', '{':
			open++
		case ')', ']', '}':
			open--
		case '#':
			if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
				i += n - 1
			} else {
				i = len(text)
			}
		case '\'', '"':
			quote := text[i : i+1]
			if triple := strings.Repeat(quote, 3); strings.HasPrefix(text[i:], triple) {
				quote = triple
			}
			for i += len(quote); i < len(text) && !strings.HasPrefix(text[i:], quote); i++ {
				if text[i] == '\\' {
					i++
				}
			}
			i += len(quote) - 1
		case '\\':
			i++ // a line that goes on
			if strings.HasPrefix(text[min(i, len(text)):], "\r\n") {
				i++
			}
		case '\n':
			broken = broken || open <= 0
		}
	}
	return open, broken
}

// users writes text of the user's, in brackets where it needs them to go on over
// its lines.
func (w *writer) users(text string) {
	if strings.Contains(text, "\n") {
		if _, broken := scan(text); broken && !w.inBrackets() {
			text = "(" + text + ")"
		}
	}
	w.str(text)
}

// inBrackets reports whether the writer has come to a place in brackets.
func (w *writer) inBrackets() bool {
	if w.inside != nil && w.inside() {
		return true
	}
	open, _ := scan(w.out.String()[w.start:])
	return open > 0
}

// within reports, when asked, whether an expression of a text stands in brackets
// there, or that text does.
func (e *engine) within(x ir.Expr, top nodeKey, around func() bool) func() bool {
	return func() bool {
		return around != nil && around() || bracketed(e.node(x), top.node)
	}
}
