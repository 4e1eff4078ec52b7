package report

import (
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLineEdits(t *testing.T) {
	page := func(code ...string) string {
		var b strings.Builder
		for i, c := range code {
			b.WriteString("Section " + string(rune('A'+i)) + "\n\n```python\n" + c + "\n```\n\n")
		}
		return b.String()
	}
	before, after := page("x = 1", "y = 1", "z = 1"), page("import a\n\nx = 2", "y = 1", "z = 2")
	edits := lineEdits(before, after)
	got, err := udiff.Apply(before, edits)
	require.NoError(t, err)
	assert.Equal(t, after, got)
	text, err := udiff.ToUnified("p", "p", before, edits, 0)
	require.NoError(t, err)
	assert.NotContains(t, text, "Section", "like lines around do not drag the prose along")
	assert.Equal(t, 2, strings.Count(text, "@@ -"))

	for _, c := range [][2]string{{"", "a\n"}, {"a\n", ""}, {"a", "a\n"}, {"a\nb\n", "b\na\n"}, {"a\r\nb", "a\r\nc"}} {
		got, err := udiff.Apply(c[0], lineEdits(c[0], c[1]))
		require.NoError(t, err)
		assert.Equal(t, c[1], got)
	}
}
