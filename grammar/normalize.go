package grammar

import (
	"fmt"
	"slices"
	"strings"
)

// misreadAliases returns the offsets of the word `type` in type_alias_statement nodes that are none: an alias binds a
// plain name.
func (t *Tree) misreadAliases() (offsets []int) {
	for id := range t.nodes {
		if t.nodes[id].symbol != KindTypeAliasStatement {
			continue
		}
		n := Node{t, int32(id)}
		name := n.FirstChild()
		for name.Is(KindType, KindGenericType, KindSubscript) {
			name = name.FirstChild()
		}
		if !name.Is(KindIdentifier) && n.firstChild().Text() == "type" {
			offsets = append(offsets, n.Start())
		}
	}
	return offsets
}

// rotateSplats puts each splat around the whole operand that it unpacks: `*b.c()` reads as a call whose function is an
// attribute of the splat `*b`, and becomes the splat of a call.
func (t *Tree) rotateSplats() {
	for id := range t.nodes {
		if s := t.nodes[id].symbol; s == KindListSplat || s == KindDictionarySplat {
			t.rotateSplat(int32(id))
		}
	}
}

func (t *Tree) rotateSplat(splat int32) {
	top := splat
	for top > 0 && t.nodes[top].parent == top-1 && isTrailer(t.nodes[top-1].symbol) {
		top--
	}
	chain := splat - top
	if chain == 0 || t.nodes[splat].last < splat+2 || t.nodes[splat+2].flags&flagFinal == 0 {
		return // Nothing around it, or a comment or an error in it.
	}
	// Before, in pre-order: trailers (top to splat-1), splat, star, operand. After: splat, star, trailers, operand.
	outer, inner, star := t.nodes[top], t.nodes[splat], t.nodes[splat+1]
	operand := splat + 2
	for id := splat - 1; id >= top; id-- {
		moved := t.nodes[id]
		moved.start = t.nodes[operand].start
		moved.parent = id + 1
		for child := id + 1; t.nodes[child].flags&flagFinal == 0; {
			child = t.nodes[child].last + 1
			t.nodes[child].parent = id + 2
		}
		t.nodes[id+2] = moved
	}
	t.nodes[top] = record{
		start: outer.start, end: outer.end, parent: outer.parent, last: outer.last,
		symbol: inner.symbol, field: outer.field, flags: outer.flags,
	}
	star.parent, star.last = top, top+1
	t.nodes[top+1] = star
	first := &t.nodes[top+2]
	first.parent, first.field, first.flags = top, FieldNone, first.flags|flagFinal
	t.nodes[operand].parent = operand - 1
	t.nodes[operand].field = inner.field
	t.nodes[operand].flags = t.nodes[operand].flags&^flagFinal | inner.flags&flagFinal
}

// isTrailer reports whether the node continues the operand that it begins with, and binds it more tightly than a splat.
func isTrailer(k Kind) bool {
	return k == KindCall || k == KindAttribute || k == KindSubscript || k == KindBinaryOperator
}

// collect gathers comments, errors and suspicious spans.
func (t *Tree) collect() {
	for id := range t.nodes {
		r := &t.nodes[id]
		n := Node{t, int32(id)}
		switch r.symbol {
		case KindComment:
			if r.end > r.start && t.source[r.end-1] == '\r' {
				r.end-- // the first half of the line's end
			}
			t.comments = append(t.comments, int32(id))
		case KindError:
			t.addError(n.Span(), "invalid syntax")
		case KindPrintStatement, KindExecStatement, kindLessGreater:
			t.suspicious = append(t.suspicious, n.Span())
		case KindModule, KindBlock:
			t.checkBlock(n)
		case KindElifClause, KindElseClause, KindExceptClause, KindExceptGroupClause, KindFinallyClause:
			t.checkClause(n)
		}
		if r.flags&flagMissing != 0 {
			t.errors = append(t.errors, SyntaxError{Start: int(r.start), End: int(r.end), Missing: true,
				Message: fmt.Sprintf("%s expected", r.symbol)})
		}
	}
	slices.SortStableFunc(t.errors, func(a, b SyntaxError) int { return a.Start - b.Start })
}

func (t *Tree) addError(at Span, message string) {
	t.errors = append(t.errors, SyntaxError{Start: at.Start, End: at.End, Message: message})
}

// checkBlock reports a block without statements, the statements that begin a line in another column than the first
// statement of their block, and those that follow another one in its line without a semicolon. The parser accepts all
// three, the last before a comment.
func (t *Tree) checkBlock(block Node) {
	const headers = -2 // the column of statements in the line of their header
	first := -1
	previous := Node{}
	for n := range block.Children() {
		if n.Is(KindComment, KindLineContinuation) {
			continue
		}
		if n.Is(KindError) {
			return
		}
		if !previous.IsZero() && !t.separated(previous.CodeEnd(), n.Start()) {
			t.addError(n.Span(), "a new line or a semicolon is expected before this")
		}
		previous = n
		column, ok := t.indentation(n.Start())
		switch {
		case !ok:
			if first < 0 {
				first = headers
			}
		case first == headers:
		case first < 0:
			first = column
		case column != first:
			t.addError(n.Span(), "the indentation is not that of the block")
		}
	}
	if previous.IsZero() && block.Is(KindBlock) {
		t.addError(block.Span(), "an indented block is expected")
	}
}

// separated reports whether one statement may end and the next begin at two offsets with no code between them.
func (t *Tree) separated(end, start int) bool {
	if end < start && t.text[end] == '\n' {
		return true
	}
	between := t.text[min(end, start):start]
	if strings.ContainsAny(between, ";#") {
		return true // a comment ends its line
	}
	return strings.ContainsAny(joinedLines.Replace(between), "\r\n")
}

// joinedLines takes the line ends away that a backslash hides.
var joinedLines = strings.NewReplacer("\\\r\n", "", "\\\n", "", "\\\r", "")

// checkClause reports a clause (else, except, ...) that does not begin in the column of its statement.
func (t *Tree) checkClause(clause Node) {
	column, ok := t.indentation(clause.Start())
	if !ok || clause.Parent().IsZero() {
		return
	}
	if header, ok := t.indentation(clause.Parent().Start()); ok && header != column {
		t.addError(Span{clause.Start(), clause.Start()}, "the indentation is not that of the statement")
	}
}

// indentation returns the column (tabs advance to multiples of 8) of the given offset, if only white space precedes it
// in its line.
func (t *Tree) indentation(at int) (column int, ok bool) {
	start := at
	for start > 0 && (t.text[start-1] == ' ' || t.text[start-1] == '\t' || t.text[start-1] == '\f') {
		start--
	}
	if start > 0 && t.text[start-1] != '\n' && t.text[start-1] != '\r' && t.text[:start] != byteOrderMark {
		return 0, false
	}
	for _, c := range []byte(t.text[start:at]) {
		switch c {
		case '\t':
			column = (column/8 + 1) * 8
		case '\f':
			column = 0
		default:
			column++
		}
	}
	return column, true
}

const byteOrderMark = "\uFEFF"

// kindLessGreater is the token `<>`.
var kindLessGreater = Kind(slices.Index(kindNames[:], "<>"))
