package todo_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"pyxlate/translator/todo"
)

func TestForms(t *testing.T) {
	for text, want := range map[string]todo.Mark{
		"# TODO(pyxlate X1): do it (now): soon": {Code: "X1", Text: "do it (now): soon"},
		"# TODO(pyxlate X1 to new-sdk): do it":  {Code: "X1", Target: "new-sdk", Text: "do it"},
	} {
		got, ok := todo.Parse(text)
		assert.True(t, ok)
		assert.Equal(t, want, got)
		assert.Equal(t, text, got.String())
	}
	for _, text := range []string{"", "# TODO: x", "#TODO(pyxlate X1): x", "x # TODO(pyxlate X1): x"} {
		_, ok := todo.Parse(text)
		assert.False(t, ok, text)
	}
}

func TestAbove(t *testing.T) {
	const text = "# TODO(pyxlate X0): far\nx\n# TODO(pyxlate X1): a\r\n  # more\n  # TODO(pyxlate X2 to new): b\n  y = 1\n"
	at := len(text) - len("y = 1\n")
	for _, from := range []int{at, at - 2} {
		var codes []string
		for l := range todo.Above(text, from) {
			codes = append(codes, l.Code)
			assert.Equal(t, l.String(), text[l.Start:l.End])
		}
		assert.Equal(t, []string{"X2", "X1"}, codes)
	}
	for range todo.Above(text, 0) {
		t.Error("nothing is above the first line")
	}
}
