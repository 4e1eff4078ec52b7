// Package grammar turns Python text into a syntax tree and answers questions about Python's surface: what a string
// literal means, which lines of a notebook cell belong to IPython, how the bytes of a file become text.
//
// It owes its callers trees that live in Go memory alone, whose offsets are byte offsets (0-based, end exclusive) into
// exactly the text that was parsed, for any bytes whatsoever, within bounded time and depth. Trees are immutable and
// safe for concurrent readers.
//
// It must not know what a program means, which libraries exist, or where text comes from. The parser (tree-sitter) is
// known nowhere else.
//
// # What the tree looks like
//
// Nodes are those of tree-sitter's Python grammar, with these differences, each of them a correction of what that
// grammar misreads:
//
//   - `f(a, *b.c())` has the splat around the call, not inside it (tree-sitter reads the call of a splat); likewise `**`.
//   - `type(x).attr = 1` is an assignment, not a type alias.
//   - A carriage return alone ends a line, as it does for CPython.
//   - Inconsistent dedents and blocks without a statement, which tree-sitter accepts, are among Tree.Errors.
//
// What remains for a caller to know:
//
//   - A compound statement, and the block in it, may end after a trailing comment: Node.CodeEnd is
//     the end of its last token.
//   - Simple statements of the form of an expression are wrapped: expression_statement holds the assignment, call,
//     await, ... Statements unwraps them.
//   - Annotations are `type` nodes around an expression; `[a, b] = x` has a list_pattern on its left, `a, b = x` a
//     pattern_list.
//   - `elif` and `else` are clauses: children of the if_statement with the field FieldAlternative.
//   - Statements of Python 2 (`print x`, `exec code`) are parsed as such; Tree.Suspicious reports them.
package grammar

//go:generate sh -c "go run ./internal/kindgen > kinds.go.new && mv kinds.go.new kinds.go"
