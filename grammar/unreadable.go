package grammar

import (
	"bytes"
	"math"
	"strings"
)

// Unreadable returns for each of Errors what of the text the error makes doubtful: the simple statement, or the header
// of the compound one, that it is in, and all lines of both. The parser goes on behind an error with a guess, so what
// the tree says of these bytes is one. A text with very many errors is in doubt as a whole.
func (t *Tree) Unreadable() []Span {
	var all []Span
	for _, e := range t.errors {
		if len(t.errors) > 1000 {
			all = append(all, Span{0, len(t.source)})
			continue
		}
		all = append(all, t.around(e))
	}
	return all
}

func (t *Tree) around(e SyntaxError) Span {
	src := t.source
	lost := Span{Start: min(e.Start, len(src)), End: min(max(e.End, e.Start+1), len(src))}
	for range 2 { // the second time for a statement that begins further up and ends in the line
		blank := func(b []byte) int { return len(b) - len(bytes.TrimLeft(b, " \t\f")) }
		for _, at := range [...]int{lost.Start + blank(src[lost.Start:]), max(lost.Start, lost.End-1)} {
			s := statementOrHeader(t.NodeAt(at, min(at+1, len(src))))
			lost.Start, lost.End = min(lost.Start, s.Start), max(lost.End, s.End)
		}
		lost.Start = bytes.LastIndexByte(src[:lost.Start], '\n') + 1
		if !bytes.HasSuffix(src[:lost.End], []byte("\n")) {
			if i := bytes.IndexByte(src[lost.End:], '\n'); i >= 0 {
				lost.End += i + 1
			} else {
				lost.End = len(src)
			}
		}
	}
	return lost
}

// statementOrHeader returns the simple statement that n is in, or what of a compound one is above its block. For a node
// in neither the span begins after it ends.
func statementOrHeader(n Node) Span {
	for ; !n.IsZero() && !n.Is(KindModule, KindBlock); n = n.Parent() {
		for _, with := range [...]Node{n, n.Parent()} {
			if with.IsZero() || with.Is(KindModule, KindBlock) {
				continue // a list of statements, without a header
			}
			for c := range with.Children() {
				if c.Is(KindBlock) {
					head := strings.TrimRight(with.tree.text[with.Start():c.Start()], " \t\f\r\n")
					return Span{Start: with.Start(), End: with.Start() + len(head)}
				}
			}
		}
		if n.Parent().Is(KindModule, KindBlock) {
			return Span{Start: n.Start(), End: n.CodeEnd()}
		}
	}
	return Span{Start: math.MaxInt}
}
