package grammar

// #include "flat.h"
import "C"

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	_ "github.com/smacker/go-tree-sitter"        // links tree-sitter
	_ "github.com/smacker/go-tree-sitter/python" // links its Python grammar
)

// Limits of Parse.
const (
	MaxSize     = 8 << 20          // bytes of text
	MaxDepth    = 20_000           // levels of nodes; CPython itself refuses to compile a fraction of it
	ParseBudget = 10 * time.Second // time for one text, or one MB of a long one
)

// Errors of Parse; what it returns wraps one of them.
var (
	ErrTimeout  = errors.New("parsing takes too long")
	ErrTooDeep  = errors.New("expressions or statements are nested too deeply")
	ErrTooLarge = errors.New("text is too large")
)

// parsers holds idle parsers. A parser belongs to one goroutine at a time, and none is left to the collector, which
// cannot see the memory behind it.
var parsers = make(chan *C.TSParser, max(4, runtime.GOMAXPROCS(0)))

func acquireParser() (*C.TSParser, error) {
	select {
	case p := <-parsers:
		return p, nil
	default:
	}
	p := C.flat_parser()
	if p == nil {
		return nil, errors.New("the Python parser cannot be set up")
	}
	return p, nil
}

func releaseParser(p *C.TSParser) {
	C.ts_parser_reset(p)
	select {
	case parsers <- p:
	default:
		C.ts_parser_delete(p)
	}
}

// Parse returns the syntax tree of a text in UTF-8. Text that is not Python has a tree as well: see Tree.Errors. The
// errors are ErrTimeout, ErrTooDeep and ErrTooLarge.
func Parse(src []byte) (*Tree, error) { return parseWithin(src, ParseBudget) }

func parseWithin(src []byte, budget time.Duration) (*Tree, error) {
	if len(src) > MaxSize {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(src), MaxSize)
	}
	t := &Tree{source: bytes.Clone(src)}
	t.text = unsafe.String(unsafe.SliceData(t.source), len(t.source))
	parsed := NormalizeNewlines(t.source)
	for range 3 {
		nodes, err := parseFlat(parsed, budget)
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
func parseFlat(src []byte, budget time.Duration) ([]record, error) {
	if len(src) > 2*pieceSize {
		if nodes, ok, err := parsePieces(src, pieceSize, budget); ok || err != nil {
			return nodes, err
		}
	}
	return parseWhole(src, nil, budget)
}

// parseWhole is parseFlat for a text that is parsed at once. The nodes are put into buffer if it is large enough.
func parseWhole(src []byte, buffer []record, budget time.Duration) ([]record, error) {
	p, err := acquireParser()
	if err != nil {
		return nil, err
	}
	defer releaseParser(p)
	var empty [1]byte
	text := &empty[0]
	if len(src) > 0 {
		text = &src[0]
	}
	C.ts_parser_set_timeout_micros(p, C.uint64_t(budget.Microseconds()))
	tree := C.ts_parser_parse_string(p, nil, (*C.char)(unsafe.Pointer(text)), C.uint32_t(len(src)))
	if tree == nil {
		return nil, fmt.Errorf("%w: over %v for %d bytes", ErrTimeout, budget, len(src))
	}
	defer C.ts_tree_delete(tree)
	size := int(C.flat_size(tree))
	if size > cap(buffer) {
		buffer = make([]record, size)
	}
	nodes := buffer[:size]
	count := C.flat_copy(tree, (*C.flat_record)(unsafe.Pointer(&nodes[0])), C.uint32_t(len(nodes)), MaxDepth)
	switch {
	case count == C.flat_too_deep:
		return nil, fmt.Errorf("%w: more than %d levels", ErrTooDeep, MaxDepth)
	case count < 0:
		return nil, fmt.Errorf("the parser's tree has more than the %d nodes it promised", len(nodes))
	}
	return nodes[:count], nil
}

// The layouts on both sides of the border to C, and the numbers of kinds and fields, must agree; a different version of
// the grammar must not go unnoticed.
func init() {
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
