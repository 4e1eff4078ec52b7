package grammar

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type codecTable struct {
	Single map[string][]rune
	Multi  [][3]json.RawMessage
	Files  [][2]json.RawMessage
}

// readCodecTable reads what Python's codecs do (testdata/encodings.py).
func readCodecTable(t *testing.T) (table codecTable) {
	t.Helper()
	raw, err := os.ReadFile("testdata/encodings.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &table))
	require.NotEmpty(t, table.Single)
	require.NotEmpty(t, table.Multi)
	require.NotEmpty(t, table.Files)
	return table
}

func readBytes(t *testing.T, raw json.RawMessage) (out []byte) {
	t.Helper()
	var numbers []int
	require.NoError(t, json.Unmarshal(raw, &numbers))
	for _, n := range numbers {
		out = append(out, byte(n))
	}
	return out
}

func readText(t *testing.T, raw json.RawMessage) (text string) {
	t.Helper()
	require.NoError(t, json.Unmarshal(raw, &text))
	return text
}

// Each byte is the character that Python's codec takes it for, and becomes that byte again.
func TestSingleByteEncodings(t *testing.T) {
	for name, characters := range readCodecTable(t).Single {
		for i, want := range characters {
			cookie := "# coding: " + name + "\n"
			raw := append([]byte(cookie), byte(0x80+i))
			text, enc, err := Decode(raw)
			if want < 0 {
				assert.Error(t, err, "%s 0x%x", name, 0x80+i)
				continue
			}
			require.NoError(t, err, "%s 0x%x", name, 0x80+i)
			assert.Equal(t, name, enc.Name())
			assert.Equal(t, cookie+string(want), string(text), "%s 0x%x", name, 0x80+i)
			back, err := enc.Encode(string(text))
			require.NoError(t, err)
			assert.Equal(t, raw, back, "%s 0x%x", name, 0x80+i)
		}
	}
}

func TestMultiByteEncodings(t *testing.T) {
	for _, row := range readCodecTable(t).Multi {
		name, text, encoded := readText(t, row[0]), readText(t, row[1]), readBytes(t, row[2])
		cookie := "# coding: " + name + "\n"
		decoded, enc, err := Decode(append([]byte(cookie), encoded...))
		require.NoError(t, err, name)
		assert.Equal(t, cookie+text, string(decoded), name)
		back, err := enc.Encode(text)
		require.NoError(t, err)
		assert.Equal(t, encoded, back, name)
	}
}

// Files are read as CPython's tokenize module reads them.
func TestDecodeFiles(t *testing.T) {
	for _, row := range readCodecTable(t).Files {
		raw := readBytes(t, row[0])
		text, enc, err := Decode(raw)
		if string(row[1]) == "null" {
			assert.Error(t, err, "%q", raw)
			continue
		}
		require.NoError(t, err, "%q", raw)
		assert.Equal(t, readText(t, row[1]), string(text), "%q", raw)
		assert.Equal(t, strings.HasPrefix(string(raw), byteOrderMark), enc.BOM())
	}
}

// An offset in the text is the place of the same character in the file.
func TestEncodingOffset(t *testing.T) {
	for _, source := range []string{
		"x = 'é'; y = 'ü€'; z", "# coding: cp1252\nx = 'é'; y = 'ü€'; z", "# coding: gb18030\n'中a文é' + b", "# coding: ascii\nab",
		byteOrderMark + "é = a",
	} {
		probe, enc, err := Decode([]byte(source[:strings.IndexByte(source, '\n')+1]))
		require.NoError(t, err)
		body := strings.TrimPrefix(source, byteOrderMark)
		raw, err := enc.Encode(body)
		require.NoError(t, err)
		if body != source {
			raw = append([]byte(byteOrderMark), raw...)
		}
		text, enc, err := Decode(raw)
		require.NoError(t, err)
		require.Equal(t, body, string(text), "%q", probe)
		for i, r := range body + "\x00" {
			at := enc.Offset(i)
			rest, err := enc.Encode(body[i:])
			require.NoError(t, err)
			assert.Equal(t, string(rest), string(raw[at:]), "%q before %q", source, r)
		}
	}
}

func TestDecodeError(t *testing.T) {
	_, _, err := Decode([]byte("# coding: cp1252\nx = '\x80\x81'\n"))
	var fault *DecodeError
	require.ErrorAs(t, err, &fault)
	assert.Equal(t, DecodeError{Offset: 23, Line: 2, Col: 7, Name: "cp1252", Message: "byte 0x81 is not text in cp1252"}, *fault)
	assert.Equal(t, "2:7: byte 0x81 is not text in cp1252", fmt.Sprint(err))

	_, enc, err := Decode([]byte("# coding: latin-1\n"))
	require.NoError(t, err)
	_, err = enc.Encode("price: 1 €")
	assert.ErrorContains(t, err, "'€'")
}
