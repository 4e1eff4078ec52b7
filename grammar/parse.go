package grammar

// #include "flat.h"
import "C"

import (
	"bytes"
	"errors"
	"fmt"
	"unsafe"

	_ "github.com/smacker/go-tree-sitter"        // links tree-sitter
	_ "github.com/smacker/go-tree-sitter/python" // links its Python grammar
)

// Limits of Parse. A step is a byte that the parser reads, once more where it reads it again, or a byte of memory that it
// takes: Python takes about 150 of them for each byte, few texts more than 1,000.
const (
	MaxSize      = 8 << 20   // bytes of text
	MaxDepth     = 20_000    // levels of nodes; CPython itself refuses to compile a fraction of it
	FreeSteps    = 256 << 20 // for a text of any size
	StepsPerByte = 2048
)

// Errors of Parse; what it returns is a *LimitError that wraps one of them.
var (
	ErrTooManySteps = errors.New("parsing takes too many steps")
	ErrTooDeep      = errors.New("expressions or statements are nested too deeply")
	ErrTooLarge     = errors.New("text is too large")
)

// A LimitError says which limit of Parse a text goes beyond, and where.
type LimitError struct {
	Err    error
	Bound  string // "at most 20000 levels"
	Offset int    // byte of the text
}

func (e *LimitError) Error() string { return e.Err.Error() + ": " + e.Bound }

// Unwrap gives the kind of the limit.
func (e *LimitError) Unwrap() error { return e.Err }

// steps are those of one text, whose pieces share them.
type steps struct {
	count, limit uint64
}

func newSteps(size int) *steps { return &steps{limit: FreeSteps + StepsPerByte*uint64(size)} }

// Parse returns the syntax tree of a text in UTF-8. Text that is not Python has a tree as well: see Tree.Errors. The
// errors are those of LimitError. What becomes of a text depends on the text alone.
func Parse(src []byte) (*Tree, error) {
	if len(src) > MaxSize {
		return nil, &LimitError{ErrTooLarge, fmt.Sprintf("%d bytes, at most %d", len(src), MaxSize), MaxSize}
	}
	t := &Tree{source: bytes.Clone(src)}
	t.text = unsafe.String(unsafe.SliceData(t.source), len(t.source))
	parsed := NormalizeNewlines(t.source)
	for range 3 {
		nodes, err := parseFlat(parsed, newSteps(len(parsed)))
		if err != nil {
			return nil, err
		}
		t.nodes = nodes
		// `type(x).attr = 1`: with another name in its place the grammar takes no soft keyword for a statement.
		aliases := t.misreadAliases()
		if len(aliases) == 0 {
			break
		}
		if &parsed[0] == &t.source[0] {
			parsed = bytes.Clone(parsed)
		}
		for _, at := range aliases {
			copy(parsed[at:], "typ_")
		}
	}
	t.rotateSplats()
	t.collect()
	return t, nil
}

// NormalizeNewlines returns src with each carriage return that is not followed by a line feed replaced by one, as
// CPython reads it: offsets stay true. Without any, it returns src itself.
func NormalizeNewlines(src []byte) []byte {
	out, from := src, 0
	for {
		i := bytes.IndexByte(src[from:], '\r')
		if i < 0 {
			return out
		}
		from += i + 1
		if from < len(src) && src[from] == '\n' {
			continue
		}
		if &out[0] == &src[0] {
			out = bytes.Clone(src)
		}
		out[from-1] = '\n'
	}
}

// parseFlat parses the text and copies the tree into Go memory. All memory of the parser's side is free again when it
// returns.
func parseFlat(src []byte, taken *steps) ([]record, error) {
	if len(src) > 2*pieceSize {
		if nodes, ok, err := parsePieces(src, pieceSize, taken); ok || err != nil {
			return nodes, err
		}
	}
	return parseWhole(src, 0, nil, taken)
}

// parseWhole is parseFlat for a text that is parsed at once, from an offset to its end. The nodes are put into buffer if
// it is large enough.
func parseWhole(src []byte, offset int, buffer []record, taken *steps) ([]record, error) {
	src = src[offset:]
	var empty [1]byte
	text := &empty[0]
	if len(src) > 0 {
		text = &src[0]
	}
	counted := C.flat_steps{count: C.uint64_t(taken.count), limit: C.uint64_t(taken.limit)}
	tree := C.flat_parse((*C.char)(unsafe.Pointer(text)), C.uint32_t(len(src)), &counted)
	taken.count = uint64(counted.count)
	if tree == nil {
		if taken.count <= taken.limit {
			return nil, errors.New("the Python parser cannot be set up")
		}
		return nil, &LimitError{ErrTooManySteps, fmt.Sprintf("at most %d for this text", taken.limit), offset + int(counted.at)}
	}
	defer C.ts_tree_delete(tree)
	size := int(C.flat_size(tree))
	if size > cap(buffer) {
		buffer = make([]record, size)
	}
	nodes := buffer[:size]
	var at C.uint32_t
	count := C.flat_copy(tree, (*C.flat_record)(unsafe.Pointer(&nodes[0])), C.uint32_t(len(nodes)), MaxDepth, &at)
	switch {
	case count == C.flat_too_deep:
		return nil, &LimitError{ErrTooDeep, fmt.Sprintf("at most %d levels", MaxDepth), offset + int(at)}
	case count < 0:
		return nil, fmt.Errorf("the parser's tree has more than the %d nodes it promised", len(nodes))
	}
	return nodes[:count], nil
}

// The layouts on both sides of the border to C, and the numbers of kinds and fields, must agree; a different version of
// the grammar must not go unnoticed.
func init() {
	C.flat_setup()
	if size := uint32(C.flat_record_size()); size != uint32(unsafe.Sizeof(record{})) {
		panic(fmt.Sprintf("grammar: a node has %d bytes for the parser and %d here", size, unsafe.Sizeof(record{})))
	}
	language := C.tree_sitter_python()
	for i, name := range kindNames {
		if name != "" && C.GoString(C.ts_language_symbol_name(language, C.uint16_t(i))) != name {
			panic(fmt.Sprintf("grammar: kinds.go is out of date at symbol %d (%s): run go generate", i, name))
		}
	}
	for i, name := range fieldNames {
		if i > 0 && C.GoString(C.ts_language_field_name_for_id(language, C.uint16_t(i))) != name {
			panic(fmt.Sprintf("grammar: kinds.go is out of date at field %d (%s): run go generate", i, name))
		}
	}
	if n := int(C.ts_language_field_count(language)); n != len(fieldNames)-1 {
		panic(fmt.Sprintf("grammar: the grammar has %d fields, kinds.go %d: run go generate", n, len(fieldNames)-1))
	}
}
