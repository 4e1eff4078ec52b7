package toml

import (
	"bytes"
	"fmt"
)

// Bounds of a document. The decoder's time and memory grow with the square of
// the first two, and people come nowhere near them.
const (
	maxDepth = 64     // of brackets within each other, and parts of a dotted key
	maxKeys  = 20_000 // keys and tables
)

// bounded tells of the first place at which a document exceeds its bounds.
func bounded(text []byte) *Error {
	depth, parts, keys := 0, 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '#':
			if i = next(text, i, "\n"); i == len(text) {
				return nil
			}
			parts = 0
		case '"', '\'':
			i = endOfString(text, i) - 1
		case '[', '{':
			if depth++; depth > maxDepth {
				return fault(text, i, "arrays and tables are nested more than %d levels deep", maxDepth)
			}
			if c == '[' && (i == 0 || text[i-1] == '\n') {
				keys++
			}
			parts = 0
		case ']', '}':
			depth = max(depth-1, 0)
			parts = 0
		case '=':
			keys++
			parts = 0
		case ',', '\n':
			parts = 0
		case '.':
			if parts++; parts >= maxDepth {
				return fault(text, i, "a key of more than %d parts", maxDepth)
			}
		}
		if keys > maxKeys {
			return fault(text, i, "more than %d keys and tables", maxKeys)
		}
	}
	return nil
}

func fault(text []byte, at int, format string, most int) *Error {
	line, column := Place(text, at)
	return &Error{line, column, fmt.Sprintf(format, most)}
}

// endOfString gives the offset behind a string that begins at i.
func endOfString(text []byte, i int) int {
	quote := string(text[i])
	if three := quote + quote + quote; bytes.HasPrefix(text[i:], []byte(three)) {
		quote = three
	}
	for i += len(quote); i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote[0] == '"':
			i++
		case bytes.HasPrefix(text[i:], []byte(quote)):
			return i + len(quote)
		case text[i] == '\n' && len(quote) == 1: // the decoder says what is wrong
			return i
		}
	}
	return len(text)
}

// next gives the offset of a text from i on, or the end.
func next(text []byte, i int, what string) int {
	if n := bytes.Index(text[i:], []byte(what)); n >= 0 {
		return i + n
	}
	return len(text)
}
