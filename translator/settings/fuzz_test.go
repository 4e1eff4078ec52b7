package settings_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/translator/settings"
)

// FuzzParse reads any bytes as settings: no panic, and either settings or one
// fault with its place.
func FuzzParse(f *testing.F) {
	for _, text := range []string{whole, "to = \"new\"\n", "a.b.c = 1\n", "ignore = [[\"a\"]]\n", "rules = [1, ]\n", "x = {a = {b = {}}}\n",
		"notes = 1979-05-27\n", "to = \"\\u00e9\\uD800\"\n", "[[tool.pyxlate]]\n", "to = '''\na'''\r\nto = 1", "\ufeffto = 1\n"} {
		f.Add([]byte(text), true)
		f.Add([]byte(text), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, project bool) {
		path := "pyxlate.toml"
		if project {
			path = "pyproject.toml"
		}
		s, err := settings.Parse(path, text)
		if err == nil && s != nil {
			err = s.Check(packs, known)
		}
		if err == nil {
			return
		}
		var e *settings.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, path, e.Path)
		require.NotEmpty(t, e.Text)
		require.Positive(t, e.Line, "%v", e)
		require.Positive(t, e.Column, "%v", e)
	})
}
