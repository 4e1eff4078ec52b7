package grammar

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// StringPart is a piece of a string literal: fixed text, or a replacement field of an f-string.
type StringPart struct {
	// Start and End are the bytes of the piece in the source, 0-based, end exclusive: of text without the quotes, of a
	// replacement field with its braces.
	Start, End int
	Text       string // the decoded text; of bytes the bytes themselves
	Expr       Node   // the expression of a replacement field; the zero Node for text
	Spec       string // source text of the format after `:`, which may hold replacement fields itself
	Conversion string // "r", "s", "a" or empty
}

// StringParts returns what a string literal (KindString, or KindConcatenatedString for several side by side) means to
// CPython: escapes decoded, raw literals honoured, `{{` in f-strings undone, `f"{x=}"` spelled out as its text and
// `{x!r}`. A literal without text has no parts.
//
// It is not ok for other nodes and for what CPython refuses (a bad escape or prefix, bytes and text mixed, an unclosed
// quote), and for two things that it takes: names of characters (`\N{...}`) and lone surrogates, which UTF-8 cannot
// hold.
func StringParts(n Node) (parts []StringPart, bytes bool, ok bool) {
	if n.HasError() {
		return nil, false, false
	}
	switch n.Kind() {
	case KindString:
		return literalParts(n)
	case KindConcatenatedString:
		first := true
		for literal := range n.Children() {
			if !literal.Is(KindString) {
				continue
			}
			more, isBytes, ok := literalParts(literal)
			if !ok || !first && isBytes != bytes {
				return nil, false, false
			}
			parts, bytes, first = append(parts, more...), isBytes, false
		}
		return parts, bytes, !first
	}
	return nil, false, false
}

// StringValue returns the value of a string literal without replacement fields; ok as for StringParts.
func StringValue(n Node) (value string, bytes bool, ok bool) {
	parts, bytes, ok := StringParts(n)
	if !ok {
		return "", false, false
	}
	var b strings.Builder
	for _, part := range parts {
		if !part.Expr.IsZero() {
			return "", false, false
		}
		b.WriteString(part.Text)
	}
	return b.String(), bytes, true
}

// literalMode is what the prefix of a literal says.
type literalMode struct{ raw, bytes, format bool }

// prefixes lists the prefixes of Python 3, in lower case.
var prefixes = map[string]literalMode{
	"": {}, "u": {}, "r": {raw: true}, "f": {format: true}, "b": {bytes: true},
	"br": {raw: true, bytes: true}, "rb": {raw: true, bytes: true},
	"fr": {raw: true, format: true}, "rf": {raw: true, format: true},
}

// literalParts decodes one literal.
func literalParts(n Node) (parts []StringPart, bytes bool, ok bool) {
	start, end := n.FirstChild(), n.LastChild()
	if !start.Is(KindStringStart) || !end.Is(KindStringEnd) {
		return nil, false, false
	}
	prefix := strings.TrimRight(start.Text(), `'"`)
	mode, known := prefixes[strings.ToLower(prefix)]
	if !known || strings.Contains(start.Text(), "`") {
		return nil, false, false
	}
	text := n.tree.text
	at := start.End()
	literal := func(to int) bool {
		if at < to {
			value, ok := mode.decode(text[at:to])
			if !ok {
				return false
			}
			parts = append(parts, StringPart{Start: at, End: to, Text: value})
		}
		return true
	}
	for field := range n.Children() {
		if !field.Is(KindInterpolation) {
			continue
		}
		if !literal(field.Start()) {
			return nil, false, false
		}
		part := StringPart{Start: field.Start(), End: field.End(), Expr: field.Child(FieldExpression)}
		if part.Expr.IsZero() {
			return nil, false, false
		}
		rest := field.End() - 1
		if spec := field.Child(FieldFormatSpecifier); !spec.IsZero() {
			part.Spec = strings.TrimPrefix(spec.Text(), ":")
			rest = spec.Start()
		}
		if conversion := field.Child(FieldTypeConversion); !conversion.IsZero() {
			part.Conversion = strings.TrimPrefix(conversion.Text(), "!")
			if len(part.Conversion) != 1 || !strings.Contains("rsa", part.Conversion) {
				return nil, false, false
			}
			rest = conversion.Start()
		}
		if !field.Token("=").IsZero() {
			from := field.Start() + 1
			parts = append(parts, StringPart{Start: from, End: rest, Text: plainNewlines(text[from:rest])})
			if part.Conversion == "" && part.Spec == "" {
				part.Conversion = "r"
			}
		}
		parts = append(parts, part)
		at = field.End()
	}
	// The closing token may begin early: in r'\\' it takes the backslashes with it.
	if !literal(end.End() - (start.End() - start.Start() - len(prefix))) {
		return nil, false, false
	}
	return parts, mode.bytes, true
}

// plainNewlines replaces CRLF and CR by LF, as CPython does before anything else.
func plainNewlines(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// decode returns the value of the text between quotes, replacement fields excepted.
func (m literalMode) decode(s string) (string, bool) {
	s = plainNewlines(s)
	var b strings.Builder
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case m.bytes && c >= utf8.RuneSelf:
			return "", false
		case m.format && (c == '{' || c == '}'):
			if i+1 >= len(s) || s[i+1] != c {
				return "", false
			}
			b.WriteByte(c)
			i += 2
		case c == '\\' && !m.raw:
			size, ok := m.escape(&b, s[i:])
			if !ok {
				return "", false
			}
			i += size
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String(), true
}

// simpleEscapes are the escapes of one letter.
var simpleEscapes = map[byte]string{
	'\n': "", '\\': `\`, '\'': "'", '"': `"`, 'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
}

// escape decodes the escape sequence at the start of s and returns its size in bytes.
func (m literalMode) escape(b *strings.Builder, s string) (size int, ok bool) {
	if len(s) < 2 {
		b.WriteByte('\\') // Before a replacement field.
		return 1, m.format
	}
	if value, ok := simpleEscapes[s[1]]; ok {
		b.WriteString(value)
		return 2, true
	}
	var code rune
	digits, base := 0, rune(16)
	switch c := s[1]; {
	case '0' <= c && c <= '7':
		base = 8
		for size = 1; size < len(s) && size < 4 && '0' <= s[size] && s[size] <= '7'; size++ {
			code = code*base + rune(s[size]-'0')
		}
	case c == 'x':
		digits = 2
	case m.bytes:
	case c == 'u':
		digits = 4
	case c == 'U':
		digits = 8
	case c == 'N':
		return 0, false
	}
	switch {
	case digits > 0:
		for size = 2; size < 2+digits; size++ {
			if size >= len(s) {
				return 0, false
			}
			digit := strings.IndexByte("0123456789abcdef", s[size]|0x20)
			if digit < 0 || s[size] < '0' {
				return 0, false
			}
			if code = code*base + rune(digit); code > unicode.MaxRune {
				return 0, false
			}
		}
	case base == 16:
		b.WriteByte('\\') // No escape sequence: the backslash stays, and so does what follows.
		return 1, true
	}
	if m.bytes {
		b.WriteByte(byte(code)) // An octal escape beyond \377 loses its ninth bit.
		return size, true
	}
	if !utf8.ValidRune(code) {
		return 0, false
	}
	b.WriteRune(code)
	return size, true
}

// Quote returns a Python literal for s, which must be valid UTF-8, with the quotes of the literal like (its source
// text; its prefix is not kept): `'` by default. If s contains that quote and not the other one, the other one is used,
// as repr does. Triple quotes are kept for text of several lines. StringValue gives s back.
func Quote(s string, like string) string {
	quote, triple := quotesOf(like)
	triple = triple && strings.Contains(s, "\n")
	if !triple && strings.Contains(s, quote) {
		if other := string(`'"`[strings.Index(`"'`, quote)]); !strings.Contains(s, other) {
			quote = other
		}
	}
	var b strings.Builder
	if triple {
		b.WriteString(strings.Repeat(quote, 3))
	} else {
		b.WriteString(quote)
	}
	run := 0 // quotes in a row
	for i, r := range s {
		if string(r) != quote {
			run = 0
		}
		switch {
		case r == '\n' && triple:
			b.WriteByte('\n')
		case string(r) == quote:
			run++
			if !triple || run == 3 || i == len(s)-1 {
				b.WriteByte('\\')
				run = 0
			}
			b.WriteRune(r)
		case r == '\\':
			b.WriteString(`\\`)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	if triple {
		b.WriteString(strings.Repeat(quote, 3))
	} else {
		b.WriteString(quote)
	}
	return b.String()
}

// quotesOf returns the quote character of a literal's source text, and whether it is written three times.
func quotesOf(like string) (quote string, triple bool) {
	i := strings.IndexAny(like, `'"`)
	if i < 0 {
		return "'", false
	}
	quote = like[i : i+1]
	return quote, len(like) >= i+6 && strings.HasPrefix(like[i:], strings.Repeat(quote, 3))
}
