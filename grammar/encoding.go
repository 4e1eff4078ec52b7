package grammar

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// Encoding is how the bytes of one source file stand for its text. It is the result of Decode and belongs to that file:
// it also maps offsets. The zero Encoding is UTF-8 without a byte order mark.
type Encoding struct {
	codec *codec
	bom   bool
	moves []move
}

// move is a place after a character that takes a different number of bytes in the file and in UTF-8.
type move struct{ text, raw int }

// DecodeError reports a file whose bytes are not text in the encoding that it declares, or declares none that is known.
type DecodeError struct {
	Offset  int    // of the first byte at fault in the file, 0-based
	Line    int    // 1-based
	Col     int    // 1-based, in bytes
	Name    string // the encoding
	Message string
}

func (e *DecodeError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Col, e.Message) }

// Name returns the name of the encoding as Python's codecs normalise it: "utf_8", "latin_1", "cp1252".
func (e Encoding) Name() string {
	if e.codec == nil {
		return codecs[0].name()
	}
	return e.codec.name()
}

// BOM reports whether the file begins with the byte order mark of UTF-8. The text of Decode is without it.
func (e Encoding) BOM() bool { return e.bom }

// Offset returns the offset in the file's bytes of a character's offset in the text (UTF-8), both 0-based.
func (e Encoding) Offset(text int) int {
	i, exact := slices.BinarySearchFunc(e.moves, text, func(m move, at int) int { return m.text - at })
	if exact {
		i++
	}
	raw := text
	if i > 0 {
		raw = e.moves[i-1].raw + text - e.moves[i-1].text
	}
	if e.bom {
		raw += len(byteOrderMark)
	}
	return raw
}

// Encode returns the bytes for a piece of text, without a byte order mark. The error names the first character that the
// encoding has no bytes for.
func (e Encoding) Encode(text string) ([]byte, error) {
	if e.codec == nil || e.codec.single == nil && e.codec.multi == nil {
		if !utf8.ValidString(text) {
			return nil, fmt.Errorf("text is not valid UTF-8")
		}
		return []byte(text), nil
	}
	out := make([]byte, 0, len(text))
	for i, r := range text {
		b, ok := e.codec.encode(r)
		if !ok || r == utf8.RuneError {
			return nil, fmt.Errorf("%q at byte %d has no place in the encoding %s", r, i, e.codec.name())
		}
		out = append(out, b...)
	}
	return out, nil
}

// Decode returns the text of a Python file in UTF-8, as PEP 263 says: by its byte order mark, the coding comment in one
// of its first two lines, or else as UTF-8. Newlines stay as they are; a byte order mark is left out. The error is a
// *DecodeError.
func Decode(raw []byte) ([]byte, Encoding, error) {
	var enc Encoding
	body := raw
	if bytes.HasPrefix(raw, []byte(byteOrderMark)) {
		enc.bom, body = true, raw[len(byteOrderMark):]
	}
	base := len(raw) - len(body)
	name, at := cookie(body)
	if name == "" {
		name = "utf_8"
	}
	found, known := codecByName()[normalizeName(name)]
	if !known {
		return nil, enc, failAt(raw, base+at, name, fmt.Sprintf("the encoding %q is unknown", name))
	}
	enc.codec = found
	if found.single == nil && found.multi == nil {
		if i := invalidUTF8(body); i >= 0 {
			return nil, enc, failAt(raw, base+i, name, fmt.Sprintf("byte 0x%02x is not UTF-8", body[i]))
		}
		return body, enc, nil
	}
	if enc.bom {
		return nil, enc, failAt(raw, base+at, name, fmt.Sprintf("the file begins with the mark of UTF-8 and declares %q", name))
	}
	text := make([]byte, 0, len(body)+len(body)/8)
	for i := 0; i < len(body); {
		r, size := rune(body[i]), 1
		if r >= utf8.RuneSelf {
			if r, size = found.decode(body[i:]); size == 0 {
				return nil, enc, failAt(raw, i, name, fmt.Sprintf("byte 0x%02x is not text in %s", body[i], name))
			}
		}
		text = utf8.AppendRune(text, r)
		i += size
		if r >= utf8.RuneSelf && size != utf8.RuneLen(r) {
			enc.moves = append(enc.moves, move{len(text), i})
		}
	}
	return text, enc, nil
}

func failAt(raw []byte, offset int, name, message string) *DecodeError {
	before := raw[:offset]
	return &DecodeError{
		Offset: offset, Line: 1 + bytes.Count(before, []byte("\n")), Col: offset - bytes.LastIndexByte(before, '\n'),
		Name: name, Message: message,
	}
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
}

// The patterns of PEP 263, as in CPython's tokenize module.
var (
	cookieLine = regexp.MustCompile(`^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)`)
	blankLine  = regexp.MustCompile(`^[ \t\f]*(?:[#\r\n]|$)`)
)

// cookie returns the encoding that the first or second line declares, with its offset, or "".
func cookie(text []byte) (name string, offset int) {
	for range 2 {
		line := text[offset:]
		if i := bytes.IndexAny(line, "\r\n"); i >= 0 {
			line = line[:i]
		}
		if m := cookieLine.FindSubmatchIndex(line); m != nil {
			return string(line[m[2]:m[3]]), offset + m[2]
		}
		if !blankLine.Match(line) {
			return "", 0
		}
		offset += len(line)
		if bytes.HasPrefix(text[offset:], []byte("\r\n")) {
			offset++
		}
		if offset++; offset >= len(text) {
			return "", 0
		}
	}
	return "", 0
}

// normalizeName spells the name of an encoding as the table does: words of lower-case letters and digits joined by "_".
// Names of UTF-8 and Latin-1 with a suffix (utf-8-unix) stand for these encodings, as in CPython.
func normalizeName(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	name = strings.Join(words, "_")
	switch {
	case name != "utf_8_sig" && strings.HasPrefix(name, "utf_8_"):
		return "utf_8"
	case strings.HasPrefix(name, "latin_1_"), strings.HasPrefix(name, "iso_8859_1_"), strings.HasPrefix(name, "iso_latin_1"):
		return "latin_1"
	}
	return name
}

// codec is one encoding in which Python source can be: those without single and multi are UTF-8. In all of them ASCII
// stands for itself.
type codec struct {
	names  string            // as Python's codecs normalise them, its own name first
	single *[128]rune        // the characters of the bytes from 0x80; -1 for none
	multi  encoding.Encoding // two bytes and more for a character
}

func (c *codec) name() string { name, _, _ := strings.Cut(c.names, " "); return name }

// decode returns the character at the start of text, which is not ASCII, and its size in bytes; 0 for none.
func (c *codec) decode(text []byte) (rune, int) {
	if c.single != nil {
		if r := c.single[text[0]-0x80]; r >= 0 {
			return r, 1
		}
		return 0, 0
	}
	for size := 1; size <= min(4, len(text)); size++ {
		out, err := c.multi.NewDecoder().Bytes(text[:size])
		if err != nil {
			continue
		}
		if r, n := utf8.DecodeRune(out); n == len(out) && r != utf8.RuneError {
			return r, size
		}
	}
	return 0, 0
}

// encode returns the bytes of a character.
func (c *codec) encode(r rune) ([]byte, bool) {
	if r < utf8.RuneSelf {
		return []byte{byte(r)}, true
	}
	if c.single != nil {
		i := slices.Index(c.single[:], r)
		return []byte{byte(0x80 + i)}, i >= 0
	}
	out, err := c.multi.NewEncoder().Bytes(utf8.AppendRune(nil, r))
	return out, err == nil
}

// singleByte returns the upper half of a character set; the given bytes have no character in Python's codec.
func singleByte(set *charmap.Charmap, undefined ...byte) *[128]rune {
	var table [128]rune
	for i := range table {
		b := byte(0x80 + i)
		r := set.DecodeByte(b)
		switch {
		case slices.Contains(undefined, b):
			r = -1
		case r == utf8.RuneError && strings.HasPrefix(set.String(), "ISO") && b < 0xA0:
			r = rune(b) // A control character, which Python keeps.
		case r == utf8.RuneError:
			r = -1
		}
		table[i] = r
	}
	return &table
}

var ascii = func() *[128]rune {
	var table [128]rune
	for i := range table {
		table[i] = -1
	}
	return &table
}()

var codecByName = sync.OnceValue(func() map[string]*codec {
	byName := map[string]*codec{}
	for i := range codecs {
		for _, name := range strings.Fields(codecs[i].names) {
			byName[name] = &codecs[i]
		}
	}
	return byName
})

// codecs lists the encodings, with the aliases of Python 3.11 (Lib/encodings/aliases.py). The first is the default.
var codecs = [...]codec{
	{names: "utf_8 cp65001 u8 utf utf8 utf8_ucs2 utf8_ucs4"},
	{names: "utf_8_sig"},
	{names: "ascii 646 ansi_x3_4_1968 cp367 csascii ibm367 iso646_us iso_ir_6 us us_ascii", single: ascii},
	{names: "latin_1 8859 cp819 csisolatin1 ibm819 iso8859 iso8859_1 iso_8859_1 iso_8859_1_1987 iso_ir_100 l1 latin latin1", single: singleByte(charmap.ISO8859_1)},
	{names: "iso8859_2 csisolatin2 iso_8859_2 iso_8859_2_1987 iso_ir_101 l2 latin2", single: singleByte(charmap.ISO8859_2)},
	{names: "iso8859_3 csisolatin3 iso_8859_3 iso_8859_3_1988 iso_ir_109 l3 latin3", single: singleByte(charmap.ISO8859_3)},
	{names: "iso8859_4 csisolatin4 iso_8859_4 iso_8859_4_1988 iso_ir_110 l4 latin4", single: singleByte(charmap.ISO8859_4)},
	{names: "iso8859_5 csisolatincyrillic cyrillic iso_8859_5 iso_8859_5_1988 iso_ir_144", single: singleByte(charmap.ISO8859_5)},
	{names: "iso8859_6 arabic asmo_708 csisolatinarabic ecma_114 iso_8859_6 iso_8859_6_1987 iso_ir_127", single: singleByte(charmap.ISO8859_6)},
	{names: "iso8859_7 csisolatingreek ecma_118 elot_928 greek greek8 iso_8859_7 iso_8859_7_1987 iso_ir_126", single: singleByte(charmap.ISO8859_7)},
	{names: "iso8859_8 csisolatinhebrew hebrew iso_8859_8 iso_8859_8_1988 iso_ir_138", single: singleByte(charmap.ISO8859_8)},
	{names: "iso8859_9 csisolatin5 iso_8859_9 iso_8859_9_1989 iso_ir_148 l5 latin5", single: singleByte(charmap.ISO8859_9)},
	{names: "iso8859_10 csisolatin6 iso_8859_10 iso_8859_10_1992 iso_ir_157 l6 latin6", single: singleByte(charmap.ISO8859_10)},
	{names: "iso8859_13 iso_8859_13 l7 latin7", single: singleByte(charmap.ISO8859_13)},
	{names: "iso8859_14 iso_8859_14 iso_8859_14_1998 iso_celtic iso_ir_199 l8 latin8", single: singleByte(charmap.ISO8859_14)},
	{names: "iso8859_15 iso_8859_15 l9 latin9", single: singleByte(charmap.ISO8859_15)},
	{names: "iso8859_16 iso_8859_16 iso_8859_16_2001 iso_ir_226 l10 latin10", single: singleByte(charmap.ISO8859_16)},
	{names: "cp1250 1250 windows_1250", single: singleByte(charmap.Windows1250)},
	{names: "cp1251 1251 windows_1251", single: singleByte(charmap.Windows1251)},
	{names: "cp1252 1252 windows_1252", single: singleByte(charmap.Windows1252)},
	{names: "cp1253 1253 windows_1253", single: singleByte(charmap.Windows1253)},
	{names: "cp1254 1254 windows_1254", single: singleByte(charmap.Windows1254)},
	{names: "cp1255 1255 windows_1255", single: singleByte(charmap.Windows1255, 0xCA)},
	{names: "cp1256 1256 windows_1256", single: singleByte(charmap.Windows1256)},
	{names: "cp1257 1257 windows_1257", single: singleByte(charmap.Windows1257)},
	{names: "cp1258 1258 windows_1258", single: singleByte(charmap.Windows1258)},
	{names: "cp874", single: singleByte(charmap.Windows874)},
	{names: "cp437 437 cspc8codepage437 ibm437", single: singleByte(charmap.CodePage437)},
	{names: "cp850 850 cspc850multilingual ibm850", single: singleByte(charmap.CodePage850)},
	{names: "cp852 852 cspcp852 ibm852", single: singleByte(charmap.CodePage852)},
	{names: "cp855 855 csibm855 ibm855", single: singleByte(charmap.CodePage855)},
	{names: "cp858 858 csibm858 ibm858", single: singleByte(charmap.CodePage858)},
	{names: "cp860 860 csibm860 ibm860", single: singleByte(charmap.CodePage860)},
	{names: "cp862 862 cspc862latinhebrew ibm862", single: singleByte(charmap.CodePage862)},
	{names: "cp863 863 csibm863 ibm863", single: singleByte(charmap.CodePage863)},
	{names: "cp865 865 csibm865 ibm865", single: singleByte(charmap.CodePage865)},
	{names: "cp866 866 csibm866 ibm866", single: singleByte(charmap.CodePage866)},
	{names: "koi8_r cskoi8r", single: singleByte(charmap.KOI8R)},
	{names: "mac_roman macintosh macroman", single: singleByte(charmap.Macintosh)},
	{names: "mac_cyrillic maccyrillic", single: singleByte(charmap.MacintoshCyrillic)},
	{names: "shift_jis csshiftjis s_jis shiftjis sjis x_mac_japanese", multi: japanese.ShiftJIS},
	{names: "cp932 932 ms932 ms_kanji mskanji", multi: japanese.ShiftJIS},
	{names: "euc_jp eucjp u_jis ujis", multi: japanese.EUCJP},
	{names: "euc_kr euckr korean ks_c_5601 ks_c_5601_1987 ks_x_1001 ksc5601 ksx1001 x_mac_korean", multi: korean.EUCKR},
	{names: "cp949 949 ms949 uhc", multi: korean.EUCKR},
	{names: "gbk 936 cp936 ms936", multi: simplifiedchinese.GBK},
	{names: "gb2312 chinese csiso58gb231280 euc_cn euccn eucgb2312_cn gb2312_1980 gb2312_80 iso_ir_58 x_mac_simp_chinese", multi: simplifiedchinese.GBK},
	{names: "gb18030 gb18030_2000", multi: simplifiedchinese.GB18030},
	{names: "big5 big5_tw csbig5 x_mac_trad_chinese", multi: traditionalchinese.Big5},
}
