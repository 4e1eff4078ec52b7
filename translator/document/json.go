package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// This file finds the byte spans of JSON values, and reads and writes the
// inside of JSON strings without losing how they were written. Whether a text
// is JSON at all is encoding/json's to say (checkJSON); everything else here
// relies on it having said so.

// A span is the place of one JSON value in the raw bytes, [start, end).
type span struct{ start, end int }

// anyJSON takes any value and keeps nothing of it.
type anyJSON struct{}

func (*anyJSON) UnmarshalJSON([]byte) error { return nil }

// checkJSON returns the byte offset at which raw stops being JSON.
func checkJSON(raw []byte) (offset int, err error) {
	err = json.Unmarshal(raw, new(anyJSON))
	if syntax, ok := err.(*json.SyntaxError); ok {
		// Offset counts the offending byte as read.
		return max(int(syntax.Offset)-1, 0), err
	}
	return len(raw), err
}

func skipSpace(raw []byte, i int) int {
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\n' || raw[i] == '\t' || raw[i] == '\r') {
		i++
	}
	return i
}

// valueAt gives the span of the value that starts at or after offset i.
func valueAt(raw []byte, i int) span {
	i = skipSpace(raw, i)
	start, depth := i, 0
	for {
		switch raw[i] {
		case '"':
			i = stringEnd(raw, i)
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		case ',', ':', ' ', '\n', '\t', '\r':
			i++
		default: // a number, true, false, null
			for i < len(raw) && bytes.IndexByte([]byte(",:]} \n\t\r"), raw[i]) < 0 {
				i++
			}
		}
		if depth == 0 {
			return span{start, i}
		}
	}
}

// stringEnd gives the offset after the string whose opening quote is at i.
func stringEnd(raw []byte, i int) int {
	for i++; raw[i] != '"'; i++ {
		if raw[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// member is one key of an object with its value; key is unquoted.
type member struct {
	key   string
	at    int // offset of the key's opening quote
	value span
}

// members gives the members of the object at v; none where v is no object.
// Of keys that occur twice it gives both, as they come: the last one counts.
func members(raw []byte, v span) []member {
	if raw[v.start] != '{' {
		return nil
	}
	var all []member
	for i := skipSpace(raw, v.start+1); raw[i] != '}'; {
		end := stringEnd(raw, i)
		m := member{key: unquote(raw[i+1 : end-1]), at: i}
		m.value = valueAt(raw, skipSpace(raw, end)+1)
		all = append(all, m)
		if i = skipSpace(raw, m.value.end); raw[i] == ',' {
			i = skipSpace(raw, i+1)
		}
	}
	return all
}

// lookup finds the value of a key.
func lookup(all []member, key string) (span, bool) {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].key == key {
			return all[i].value, true
		}
	}
	return span{}, false
}

// elements gives the elements of the array at v; none where v is no array.
func elements(raw []byte, v span) []span {
	if raw[v.start] != '[' {
		return nil
	}
	var all []span
	for i := skipSpace(raw, v.start+1); raw[i] != ']'; {
		e := valueAt(raw, i)
		all = append(all, e)
		if i = skipSpace(raw, e.end); raw[i] == ',' {
			i = skipSpace(raw, i+1)
		}
	}
	return all
}

// stringAt gives the text of the string at v, "" where v is no string.
func stringAt(raw []byte, v span) string {
	if raw[v.start] != '"' {
		return ""
	}
	return unquote(raw[v.start+1 : v.end-1])
}

// nextChar reads one character of the inside of a JSON string: the character
// and how many raw bytes say it. A surrogate without its partner reads as
// U+FFFD.
func nextChar(inner []byte) (r rune, size int) {
	if inner[0] != '\\' {
		return utf8.DecodeRune(inner)
	}
	switch inner[1] {
	case 'n':
		return '\n', 2
	case 't':
		return '\t', 2
	case 'r':
		return '\r', 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'u':
		r = hex4(inner[2:])
		if !utf16.IsSurrogate(r) {
			return r, 6
		}
		if len(inner) >= 12 && inner[6] == '\\' && inner[7] == 'u' {
			if pair := utf16.DecodeRune(r, hex4(inner[8:])); pair != utf8.RuneError {
				return pair, 12
			}
		}
		return utf8.RuneError, 6
	}
	return rune(inner[1]), 2 // " \ /
}

func hex4(digits []byte) (r rune) {
	for _, c := range digits[:4] {
		r <<= 4
		switch {
		case c >= 'a':
			r |= rune(c-'a') + 10
		case c >= 'A':
			r |= rune(c-'A') + 10
		default:
			r |= rune(c - '0')
		}
	}
	return r
}

// unquote gives the text of the inside of a JSON string.
func unquote(inner []byte) string {
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	text := make([]byte, 0, len(inner))
	for len(inner) > 0 {
		r, size := nextChar(inner)
		text = utf8.AppendRune(text, r)
		inner = inner[size:]
	}
	return string(text)
}

// innerOffset translates a byte offset of a string's text to one of its raw
// inside.
func innerOffset(inner []byte, textOffset int) (int, error) {
	i := 0
	for textOffset > 0 {
		r, size := nextChar(inner[i:])
		textOffset -= utf8.RuneLen(r)
		i += size
	}
	if textOffset < 0 {
		return 0, fmt.Errorf("an edit starts or ends within a character")
	}
	return i, nil
}

// appendQuoted appends text as the inside of a JSON string, with as few
// escapes as JSON allows, or, for ascii, with everything else than ASCII
// escaped. (The escapes are those of Python's json module, which wrote most of
// the notebooks there are.)
func appendQuoted(dst []byte, text string, ascii bool) []byte {
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r == '\b':
			dst = append(dst, `\b`...)
		case r == '\f':
			dst = append(dst, `\f`...)
		case r < 0x20, ascii && r >= 0x80 && r < 0x10000:
			dst = fmt.Appendf(dst, `\u%04x`, r)
		case ascii && r >= 0x10000:
			high, low := utf16.EncodeRune(r)
			dst = fmt.Appendf(dst, `\u%04x\u%04x`, high, low)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// escapesNonASCII tells whether the inside of a JSON string writes a character
// beyond ASCII as an escape (+1), as it is (-1), or has none (0).
func escapesNonASCII(inner []byte) int {
	for len(inner) > 0 {
		if inner[0] >= utf8.RuneSelf {
			return -1
		}
		r, size := nextChar(inner)
		if r >= utf8.RuneSelf {
			return 1
		}
		inner = inner[size:]
	}
	return 0
}
