package grammar

import (
	"bytes"
	"runtime"
)

// pieceSize is the number of bytes up to which a text is parsed at once. The parser's own tree takes some 70 bytes for
// each byte of text; of a longer text it never holds more than that of a piece.
const pieceSize = 128 << 10

// parsePieces parses a long text piece by piece: each begins with a statement of the module, and its last statements,
// which the end of the piece may have cut short, are parsed again at the start of the next one. Between two statements
// of a module the parser's state is that of its start, so that the tree is the one of the whole text. ok is false where
// a tree in pieces cannot stand for the whole.
func parsePieces(src []byte, size int, taken *steps) (nodes []record, ok bool, err error) {
	// All pieces take their memory from the same heap of the C library, which has one for each thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	nodes = []record{{parent: -1, symbol: KindModule, flags: flagNamed | flagFinal}}
	var piece []record
	for at, want := 0, size; ; {
		end := statementEnd(src, at, at+want)
		piece, err = parseWhole(src[:end], at, piece, taken)
		if err != nil {
			return nil, false, err
		}
		if piece[0].symbol != KindModule {
			if end < len(src) {
				want *= 2
				continue
			}
			return nil, false, nil
		}
		cut := len(piece)
		if end < len(src) {
			if cut = lastWhole(src[at:end], piece); cut < 0 {
				want *= 2 // a statement longer than the piece, or one that does not parse
				continue
			}
		}
		if need := len(nodes) + cut; need > cap(nodes) {
			// What the rest will need, as the text so far has it.
			rest := int(float64(need) * float64(len(src)) / float64(end) * 1.05)
			nodes = append(make([]record, 0, max(need, rest)), nodes...)
		}
		nodes = appendPiece(nodes, piece[:cut], at)
		if at == 0 {
			nodes[0].start, nodes[0].field = piece[0].start, piece[0].field
		}
		if end == len(src) {
			nodes[0].flags |= piece[0].flags & flagError // of the pieces before, what has an error is not taken
			nodes[0].end, nodes[0].last = uint32(at)+piece[0].end, int32(len(nodes)-1)
			return nodes, true, nil
		}
		at, want = at+int(piece[cut].start), size
	}
}

// appendPiece adds the nodes below a piece's root; base is the offset of the piece's text.
func appendPiece(nodes, piece []record, base int) []record {
	shift := int32(len(nodes)) - 1
	for _, r := range piece[1:] {
		r.start += uint32(base)
		r.end += uint32(base)
		r.last += shift
		if r.parent > 0 {
			r.parent += shift
		}
		nodes = append(nodes, r)
	}
	return nodes
}

// statementEnd gives an offset from at up to end, or the next one behind it, before which a line ends and at which
// another begins that looks like the start of a statement of a module; the length of the text if there is none.
func statementEnd(src []byte, at, end int) int {
	begins := func(i int) bool {
		c := src[i]
		return src[i-1] == '\n' && (c == '@' || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')
	}
	if end >= len(src) {
		return len(src)
	}
	for i := end; i > at+(end-at)/2; i-- {
		if begins(i) {
			return i
		}
	}
	for i := end; ; {
		n := bytes.IndexByte(src[i:], '\n')
		if n < 0 || i+n+1 >= len(src) {
			return len(src)
		}
		if i += n + 1; begins(i) {
			return i
		}
	}
}

// lastWhole gives the index of the last statement of a piece that all before it can do without: what precedes it is
// complete, and neither that nor itself has an error. It is negative if there is none.
func lastWhole(src []byte, piece []record) int {
	found, last := -1, -1
	for id := int32(1); int(id) < len(piece); id = piece[id].last + 1 {
		r := &piece[id]
		if r.flags&(flagError|flagMissing) != 0 || r.symbol == KindError {
			break
		}
		if r.symbol == KindComment || r.flags&flagNamed == 0 || r.flags&flagExtra != 0 {
			continue
		}
		found = last
		if start := int(r.start); start > 0 && src[start-1] == '\n' && !endsInBackslash(src[:start]) {
			last = int(id)
		}
	}
	return found
}

// endsInBackslash tells whether the last line of a text continues on the next one.
func endsInBackslash(text []byte) bool {
	return bytes.HasSuffix(bytes.TrimRight(text, "\r\n"), []byte(`\`))
}
