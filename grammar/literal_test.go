package grammar

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// literalNode returns the literal that makes up the text.
func literalNode(t testing.TB, source string) Node {
	t.Helper()
	tree, err := Parse([]byte(source))
	require.NoError(t, err)
	for id := range int32(tree.Len()) {
		if n := tree.Node(id); n.Is(KindString, KindConcatenatedString) {
			return n
		}
	}
	return Node{}
}

// Literals mean what they mean to CPython (testdata/literals.py).
func TestStringParts(t *testing.T) {
	raw, err := os.ReadFile("testdata/literals.json")
	require.NoError(t, err)
	var table []struct {
		Source string
		Error  bool
		Value  []rune
		Bytes  []int
		Parts  []json.RawMessage
	}
	require.NoError(t, json.Unmarshal(raw, &table))
	require.Greater(t, len(table), 1000)
	for _, want := range table {
		n := literalNode(t, want.Source)
		parts, isBytes, ok := StringParts(n)
		switch {
		case want.Error:
			if ok && len(n.Tree().Errors()) == 0 && n.Text() == want.Source {
				t.Errorf("%q: CPython refuses it, here it is %q", want.Source, describeParts(parts))
			}
			continue
		case !ok:
			// The two exceptions that the documentation of StringParts names.
			lone := false
			for _, r := range want.Value {
				lone = lone || 0xD800 <= r && r < 0xE000
			}
			// The grammar finds no literal in triple-quoted bytes that end in \N.
			lost := strings.Contains(want.Source, `\N`) && want.Bytes != nil && n.IsZero()
			if !lone && !lost && !strings.Contains(want.Source, `\N{`) && !strings.Contains(want.Source, `\ud800`) {
				t.Errorf("%q is not decoded", want.Source)
			}
			continue
		}
		assert.Equal(t, want.Bytes != nil, isBytes, "%q", want.Source)
		if want.Parts == nil {
			value, _, ok := StringValue(n)
			expected := string(want.Value)
			if isBytes {
				expected = ""
				for _, b := range want.Bytes {
					expected += string([]byte{byte(b)})
				}
			}
			assert.True(t, ok, "%q", want.Source)
			assert.Equal(t, expected, value, "%q", want.Source)
			continue
		}
		assert.Equal(t, expectedParts(t, want.Parts), describeParts(parts), "%q", want.Source)
	}
}

func expectedParts(t *testing.T, raw []json.RawMessage) (parts []string) {
	for _, r := range raw {
		if r[0] == '"' {
			var text string
			require.NoError(t, json.Unmarshal(r, &text))
			parts = append(parts, "text "+text)
			continue
		}
		var field [3]string
		require.NoError(t, json.Unmarshal(r, &field))
		parts = append(parts, "field "+strings.Join(field[:], "|"))
	}
	return parts
}

// describeParts spells the parts as expectedParts does, text that is side by side joined.
func describeParts(parts []StringPart) (out []string) {
	for _, p := range parts {
		if !p.Expr.IsZero() {
			expr := strings.ReplaceAll(p.Expr.Text(), `"`, `'`) // as ast.unparse spells it
			out = append(out, "field "+expr+"|"+p.Conversion+"|"+p.Spec)
		} else if n := len(out); n > 0 && strings.HasPrefix(out[n-1], "text ") {
			out[n-1] += p.Text
		} else {
			out = append(out, "text "+p.Text)
		}
	}
	return out
}

func TestQuote(t *testing.T) {
	for _, test := range []struct{ text, like, want string }{
		{"abc", "", `'abc'`},
		{"abc", `"x"`, `"abc"`},
		{"abc", `u"x"`, `"abc"`},
		{"abc", `rb'x'`, `'abc'`},
		{"it's", `'x'`, `"it's"`},
		{"it's", `"x"`, `"it's"`},
		{`it's "x"`, `'x'`, `'it\'s "x"'`},
		{"a\\b\n\t\x00é\u200b", `'x'`, `'a\\b\n\t\x00é\u200b'`},
		{"one line", `"""x"""`, `"one line"`},
		{"a\nb\"", `"""x"""`, "\"\"\"a\nb\\\"\"\"\""},
		{"a\nb\"\"\"c", `"""x"""`, "\"\"\"a\nb\"\"\\\"c\"\"\""},
		{"abc", `""`, `"abc"`},
	} {
		assert.Equal(t, test.want, Quote(test.text, test.like))
	}
}

// What Quote writes means the text that it was given.
func FuzzQuote(f *testing.F) {
	for _, like := range []string{`'x'`, `"x"`, `'''x'''`, `"""x"""`} {
		f.Add("it's\n\"\"\"\\x\r\x7f\U000E0001", like)
	}
	f.Fuzz(func(t *testing.T, text, like string) {
		if !utf8.ValidString(text) {
			t.Skip()
		}
		source := Quote(text, like)
		value, _, ok := StringValue(literalNode(t, source))
		if !ok || value != text {
			t.Fatalf("%q is quoted as %s, which means %q", text, source, value)
		}
	})
}
