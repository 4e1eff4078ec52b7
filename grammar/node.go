package grammar

import (
	"iter"
	"slices"
	"strings"
)

// record is one node of the flat tree; its layout is that of flat_record in flat.h.
type record struct {
	start, end uint32
	parent     int32
	last       int32
	symbol     Kind
	field      Field
	flags      uint8
}

const (
	flagNamed = 1 << iota
	flagMissing
	flagExtra
	flagError
	flagFinal // the last of its siblings
)

// Tree is the syntax tree of one text. It is immutable.
type Tree struct {
	source     []byte
	text       string // the same memory as source
	nodes      []record
	comments   []int32 // ids of the comments, ascending
	errors     []SyntaxError
	suspicious []Span
}

// Span is a range of bytes, 0-based, end exclusive.
type Span struct{ Start, End int }

// SyntaxError is a place at which the text is not Python. Offsets are bytes, 0-based, end exclusive.
type SyntaxError struct {
	Start, End int
	Missing    bool // something is missing at Start
	Message    string
}

// Source returns the text that was parsed; it must not be changed.
func (t *Tree) Source() []byte { return t.source }

// Root returns the module node; its ID is 0.
func (t *Tree) Root() Node { return Node{t, 0} }

// Len returns the number of nodes, tokens included: the ids are 0 to Len()-1.
func (t *Tree) Len() int { return len(t.nodes) }

// Node returns the node with the given id.
func (t *Tree) Node(id int32) Node { return Node{t, id} }

// Errors returns the places at which the text is not Python, in order. It is empty for text that parses.
func (t *Tree) Errors() []SyntaxError { return t.errors }

// Suspicious returns the spans that the parser accepts without error although Python 3 does not, or reads otherwise:
// statements of Python 2 and the operator `<>`.
func (t *Tree) Suspicious() []Span { return t.suspicious }

// Comments yields the comments that lie within the bytes from start up to end, in order.
func (t *Tree) Comments(start, end int) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		first, _ := slices.BinarySearchFunc(t.comments, start, func(id int32, at int) int {
			return int(t.nodes[id].start) - at
		})
		for _, id := range t.comments[first:] {
			if int(t.nodes[id].end) > end || !yield(Node{t, id}) {
				return
			}
		}
	}
}

// NodeAt returns the smallest named node that covers the bytes from start up to end; the zero Node if the text is
// shorter.
func (t *Tree) NodeAt(start, end int) Node {
	if start < 0 || end < start || end > len(t.source) {
		return Node{}
	}
	// The root of a text that begins with blank lines starts after them.
	found := t.Root()
	for child := found.firstChild(); !child.IsZero(); {
		r := child.record()
		switch {
		case int(r.end) < end || int(r.end) == start && start != end:
			child = child.nextSibling()
		case int(r.start) > start:
			child = Node{}
		case int(r.end) == end && start == end && child.nextCovers(start):
			child = child.nextSibling()
		default:
			if child.IsNamed() {
				found = child
			}
			child = child.firstChild()
		}
	}
	return found
}

// nextCovers reports whether the next sibling begins at the given byte; an empty range there belongs to it.
func (n Node) nextCovers(at int) bool {
	next := n.nextSibling()
	return !next.IsZero() && next.Start() == at
}

// Node is a place in a tree: a small value, comparable with ==.
type Node struct {
	tree *Tree
	id   int32
}

func (n Node) record() *record { return &n.tree.nodes[n.id] }

// IsZero reports whether there is no node.
func (n Node) IsZero() bool { return n.tree == nil }

// Tree returns the tree of the node; nil for the zero Node.
func (n Node) Tree() *Tree { return n.tree }

// ID returns the position of the node in pre-order, tokens counted; the root has 0.
func (n Node) ID() int32 { return n.id }

// Last returns the id of the last descendant: the descendants of n are the ids in (n.ID(), n.Last()].
func (n Node) Last() int32 { return n.record().last }

// Kind returns the kind of the node; 0 for the zero Node.
func (n Node) Kind() Kind {
	if n.tree == nil {
		return 0
	}
	return n.record().symbol
}

// Is reports whether the node is of one of the given kinds.
func (n Node) Is(kinds ...Kind) bool {
	return n.tree != nil && slices.Contains(kinds, n.record().symbol)
}

// Field returns the role of the node in its parent.
func (n Node) Field() Field {
	if n.tree == nil {
		return FieldNone
	}
	return n.record().field
}

// Start returns the offset of the first byte.
func (n Node) Start() int { return int(n.record().start) }

// End returns the offset after the last byte. For compound statements see CodeEnd.
func (n Node) End() int { return int(n.record().end) }

// Span returns Start and End.
func (n Node) Span() Span { return Span{n.Start(), n.End()} }

// Text returns the source text of the node; empty for the zero Node. It shares memory with the tree.
func (n Node) Text() string {
	if n.tree == nil {
		return ""
	}
	r := n.record()
	return n.tree.text[r.start:r.end]
}

// IsNamed reports whether the node is more than a token such as `(` or `if`.
func (n Node) IsNamed() bool { return n.tree != nil && n.record().flags&flagNamed != 0 }

// IsMissing reports whether the parser put the node in because the text lacks it.
func (n Node) IsMissing() bool { return n.tree != nil && n.record().flags&flagMissing != 0 }

// HasError reports whether the parser met an error in the node or below it.
func (n Node) HasError() bool { return n.tree != nil && n.record().flags&flagError != 0 }

// Parent returns the node around n; the zero Node for the root.
func (n Node) Parent() Node {
	if n.tree == nil || n.id == 0 {
		return Node{}
	}
	return Node{n.tree, n.record().parent}
}

// Ancestor returns the nearest node around n that is of one of the given kinds, or the zero Node.
func (n Node) Ancestor(kinds ...Kind) Node {
	for n = n.Parent(); !n.IsZero(); n = n.Parent() {
		if n.Is(kinds...) {
			return n
		}
	}
	return Node{}
}

// Contains reports whether other is n or one of its descendants.
func (n Node) Contains(other Node) bool {
	return n.tree != nil && n.tree == other.tree && n.id <= other.id && other.id <= n.record().last
}

// firstChild returns the first child, named or not.
func (n Node) firstChild() Node {
	if n.tree == nil || n.record().last == n.id {
		return Node{}
	}
	return Node{n.tree, n.id + 1}
}

// nextSibling returns the next sibling, named or not.
func (n Node) nextSibling() Node {
	if n.tree == nil || n.record().flags&flagFinal != 0 {
		return Node{}
	}
	return Node{n.tree, n.record().last + 1}
}

// FirstChild returns the first named child; comments and line continuations are left out.
func (n Node) FirstChild() Node { return n.firstChild().orNextNamed() }

// LastChild returns the last named child; comments and line continuations are left out.
func (n Node) LastChild() (last Node) {
	for child := n.FirstChild(); !child.IsZero(); child = child.NextSibling() {
		last = child
	}
	return last
}

// NextSibling returns the next named sibling; comments and line continuations are left out.
func (n Node) NextSibling() Node { return n.nextSibling().orNextNamed() }

// orNextNamed returns n, or the first sibling after it that FirstChild speaks of.
func (n Node) orNextNamed() Node {
	for !n.IsZero() && (!n.IsNamed() || n.Is(KindComment, KindLineContinuation)) {
		n = n.nextSibling()
	}
	return n
}

// Children yields the named children in order; comments are among them.
func (n Node) Children() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for child := n.firstChild(); !child.IsZero(); child = child.nextSibling() {
			if child.IsNamed() && !yield(child) {
				return
			}
		}
	}
}

// AllChildren yields the children in order, tokens included.
func (n Node) AllChildren() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for child := n.firstChild(); !child.IsZero(); child = child.nextSibling() {
			if !yield(child) {
				return
			}
		}
	}
}

// Child returns the first named child in the given role; if there is none, the first token in it (operators are
// tokens). Child(FieldNone) is the first named child without a role, comments left out.
func (n Node) Child(f Field) Node {
	var token Node
	for child := n.firstChild(); !child.IsZero(); child = child.nextSibling() {
		r := child.record()
		switch {
		case r.field != f, r.symbol == KindComment, r.symbol == KindLineContinuation:
		case r.flags&flagNamed != 0:
			return child
		case token.IsZero() && f != FieldNone:
			token = child
		}
	}
	return token
}

// ChildrenOf yields the named children in the given role, in order; comments are left out.
func (n Node) ChildrenOf(f Field) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for child := n.firstChild(); !child.IsZero(); child = child.nextSibling() {
			r := child.record()
			if r.field == f && r.flags&flagNamed != 0 && r.symbol != KindComment && r.symbol != KindLineContinuation &&
				!yield(child) {
				return
			}
		}
	}
}

// Token returns the first token (a child without a name) with the given text, or the zero Node: Token("async"),
// Token("*").
func (n Node) Token(text string) Node {
	for child := n.firstChild(); !child.IsZero(); child = child.nextSibling() {
		if !child.IsNamed() && child.Kind().String() == text {
			return child
		}
	}
	return Node{}
}

// Comments yields the comments inside the node, in order.
func (n Node) Comments() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n.tree == nil {
			return
		}
		first, _ := slices.BinarySearch(n.tree.comments, n.id)
		for _, id := range n.tree.comments[first:] {
			if id > n.record().last || !yield(Node{n.tree, id}) {
				return
			}
		}
	}
}

// CodeEnd returns the offset after the last token of the node that is neither a comment nor a line continuation: where
// a statement ends for a reader, while End may lie after comments that follow it. For a comment it is its End.
func (n Node) CodeEnd() int {
	r := n.record()
	for id := r.last; id > n.id; id-- {
		leaf := &n.tree.nodes[id]
		if leaf.last == id && leaf.end > leaf.start && leaf.symbol != KindComment && leaf.symbol != KindLineContinuation {
			return int(leaf.end)
		}
	}
	return int(r.end)
}

// Operator returns the operator of a binary, boolean, unary or comparison expression or of an augmented assignment:
// "+", "and", "not", "not in", "+=". It is empty for other nodes and for a chain of comparisons, whose operators
// Operators yields.
func (n Node) Operator() string {
	if n.Is(KindNotOperator) {
		return "not"
	}
	var found string
	for op := range n.Operators() {
		if found != "" {
			return ""
		}
		found = op
	}
	return found
}

// Operators yields the operators of a node in order, as Operator spells them.
func (n Node) Operators() iter.Seq[string] {
	return func(yield func(string) bool) {
		for child := n.firstChild(); !child.IsZero(); child = child.nextSibling() {
			if f := child.record().field; (f == FieldOperator || f == FieldOperators) && !yield(child.Kind().String()) {
				return
			}
		}
	}
}

// Statements yields the statements of a module or block in order. Comments are left out.
//
// A simple statement that is an expression is yielded without its wrapper: instead of an expression_statement the
// caller sees the assignment, augmented_assignment, call, await, yield, string, identifier, ... itself; Statement
// returns the wrapper. An expression_statement that is a bare tuple (`a, b`) has no single expression and is yielded as
// it is. All others (import_from_statement, return_statement, if_statement, function_definition, decorated_definition,
// ...) are yielded as they are, KindError included.
func Statements(block Node) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for n := range block.Children() {
			if n.Is(KindComment, KindLineContinuation) {
				continue
			}
			if !yield(unwrap(n)) {
				return
			}
		}
	}
}

// unwrap returns the only expression of an expression_statement; any other node as it is.
func unwrap(n Node) Node {
	if !n.Is(KindExpressionStatement) {
		return n
	}
	var only Node
	for child := range n.AllChildren() {
		if child.Is(KindComment, KindLineContinuation) {
			continue
		}
		if !only.IsZero() || !child.IsNamed() {
			return n // `a, b` or `a,`
		}
		only = child
	}
	if only.IsZero() {
		return n
	}
	return only
}

// Statement returns the statement that n is part of: the nearest node around n (or n itself) that is a direct child of
// a module or block, wrapper included. The zero Node stands for none.
func (n Node) Statement() Node {
	for !n.IsZero() {
		parent := n.Parent()
		if parent.Is(KindModule, KindBlock) {
			return n
		}
		n = parent
	}
	return n
}

// LineStatement returns the statement that begins the lines in which n is: its own, or the first of those that share a
// line with it, one after the other. What stands on the line of a header goes with the header's statement.
func (n Node) LineStatement() Node {
	s := n.Statement()
	for !s.IsZero() && s.sharesLine() {
		before := Node{}
		for child := range s.Parent().Children() {
			if child.id >= s.id {
				break
			}
			if !child.Is(KindComment, KindLineContinuation) {
				before = child
			}
		}
		if before.IsZero() {
			before = s.Parent().Statement()
		}
		if before.IsZero() {
			break
		}
		s = before
	}
	return s
}

// sharesLine reports whether something stands in front of n on its line, or the line is the continuation of another.
func (n Node) sharesLine() bool {
	before := n.tree.text[:n.Start()]
	line := strings.LastIndexByte(before, '\n') + 1
	return strings.Trim(before[line:], " \t\f\ufeff") != "" || strings.HasSuffix(strings.TrimRight(before[:line], "\r\n"), "\\")
}
