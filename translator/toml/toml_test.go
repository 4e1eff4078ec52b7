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
