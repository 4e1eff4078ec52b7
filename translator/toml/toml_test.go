package toml_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/translator/toml"
)

func TestValuesHaveTheirPlaces(t *testing.T) {
	const text = "title = 'Ü' # one\n[a.\"b c\"]\nlist = [\n  \"x\\ty\", # two\n  '''z''',\n]\non = true\nin = {k = \"v\", n.m = 'w'}\n[[t]]\nname = \"t1\"\nnumber = 3\n"
	values, err := toml.Values([]byte(text))
	require.NoError(t, err)
	var got []string
	for _, v := range values {
		got = append(got, strings.Join(v.Path, "/")+"="+v.Text)
		if v.Kind == toml.Text {
			assert.Contains(t, `'"`, text[v.Start:v.Start+1], "the span has the quotes")
			assert.Equal(t, text[v.Start], text[v.End-1])
		}
	}
	assert.Equal(t, []string{"title=Ü", "a/b c/list=x\ty", "a/b c/list=z", "a/b c/on=true", "a/b c/in/k=v", "a/b c/in/n/m=w", "t/name=t1", "t/number=3"}, got)
	assert.True(t, values[1].Item)
	assert.Equal(t, toml.Bool, values[3].Kind)
	line, column := toml.Place([]byte(text), strings.Index(text, "# one"))
	assert.Equal(t, []int{1, 13}, []int{line, column}, "columns are characters")
}

func TestFaultsHaveTheirPlaces(t *testing.T) {
	for text, place := range map[string]string{
		"a = 1\na = 2\n":  "2:1: ",
		"a = 1\nb = [\n":  "2:",
		"x = \"no end\n":  "1:",
		"a = 1\nb  2\n":   "2:",
		"[t]\n[t]\nx=1\n": "2:",
	} {
		_, err := toml.Values([]byte(text))
		require.Error(t, err, text)
		assert.True(t, strings.HasPrefix(err.Error(), place), "%q: %v", text, err)
	}
}

// A document that nobody has written by hand is refused where it begins to be
// one, before anything is made of it.
func TestDocumentsAreBounded(t *testing.T) {
	var wide strings.Builder
	for range 64 {
		wide.WriteString("{" + strings.Repeat("a.", 60) + "a=")
	}
	for text, want := range map[string]string{
		"a = 1\nb = " + strings.Repeat("[", 40_000):                                 "2:69: arrays and tables are nested more than 64 levels deep",
		"b = " + strings.Repeat("{a=", 40_000):                                      "1:197: arrays and tables are nested",
		"a" + strings.Repeat(".a", 40_000) + "=1":                                   "1:128: a key of more than 64 parts",
		"[a" + strings.Repeat(" . \"x\"", 40_000) + "]\nb=1\n":                      "1:",
		strings.Repeat("[[a]]\n", 40_000):                                           "20001:1: more than 20000 keys and tables",
		"x = {" + strings.Repeat("a=1, ", 40_000):                                   "more than 20000 keys and tables",
		"b = " + wide.String() + "1" + strings.Repeat("}", 64):                      "1:",
		"[" + strings.Repeat("a.", 60) + "a]\n" + strings.Repeat("b.", 9) + "b=1\n": "2:19: a key within more than 64 tables",
	} {
		_, err := toml.Values([]byte(text))
		require.Error(t, err, text[:20])
		assert.Contains(t, err.Error(), want)
	}
	// Brackets, dots and signs in strings and comments are none.
	for _, text := range []string{
		"a = \"" + strings.Repeat("[", 100) + strings.Repeat("\\\"", 100) + "\"\n",
		"a = '''" + strings.Repeat("[\n'", 100) + "'''\n",
		"a = \"\"\"" + strings.Repeat("[\n\"", 100) + "\\\"\"\"\"\n",
		"# " + strings.Repeat("[=.", 30_000) + "\na = [" + strings.Repeat("1.5, [2], ", 1000) + "]\n",
	} {
		_, err := toml.Values([]byte(text))
		require.NoError(t, err, text[:20])
	}
}
