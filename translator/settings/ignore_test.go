package settings_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/grammar"
	"pyxlate/translator/settings"
)

func ignores(t *testing.T, text string, cell bool) []settings.Ignore {
	t.Helper()
	masked, lines := []byte(text), []grammar.MaskedLine(nil)
	if cell {
		masked, lines = grammar.Mask([]byte(text))
	}
	tree, err := grammar.Parse(masked)
	require.NoError(t, err)
	return settings.Ignores(0, tree, []byte(text), lines, cell)
}

// Each use in the texts is the word USE and a letter; want lists the letters
// of those that are left alone.
func TestWhatACommentIsAbout(t *testing.T) {
	tests := []struct {
		name, text string
		cell       bool
		want       string
	}{
		{"its statement", "USEa()\nUSEb()  # pyxlate: ignore\nUSEc()\n", false, "b"},
		{"all lines of its statement", "x = f(\n  USEa,\n  USEb)  # pyxlate: ignore\nUSEc()\n", false, "ab"},
		{"behind an argument", "x = f(\n  USEa,  # pyxlate: ignore\n  USEb)\nUSEc()\n", false, "ab"},
		{"two statements of one line", "USEa(); USEb()  # pyxlate: ignore\n", false, "b"},
		{"the head of a statement with a body", "if USEa:  # pyxlate: ignore\n    USEb()\n", false, "a"},
		{"the statement below", "# pyxlate: ignore\nUSEa()\nUSEb()\n", false, "a"},
		{"the statement below, other comments between", "# pyxlate: ignore\n# why\n\nUSEa()\nUSEb()\n", false, "a"},
		{"the statement below with its body", "# pyxlate: ignore\ndef f():\n    USEa()\n    USEb()\nUSEc()\n", false, "ab"},
		{"a statement in a body", "def f():\n    USEa()\n    # pyxlate: ignore\n    USEb()\n    USEc()\n", false, "b"},
		{"a whole cell", "\n# pyxlate: ignore\nUSEa()\nUSEb()\n", true, "ab"},
		{"not a whole cell", "USEa()\n# pyxlate: ignore\nUSEb()\nUSEc()\n", true, "b"},
		{"a line of the shell", "!tool USEa # pyxlate: ignore\nUSEb()\n", true, "a"},
		{"no comment", "USEa('# pyxlate: ignore')\n", false, ""},
		{"after another comment", "USEa()  # noqa  # pyxlate: ignore\n", false, "a"},
		{"without a space", "USEa()  #pyxlate:ignore\n", false, "a"},
		{"another word", "USEa()  # pyxlate: ignroe\n", false, ""},
		{"the last line", "USEa()\n# pyxlate: ignore", false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			all := ignores(t, tt.text, tt.cell)
			left := ""
			for i := range tt.text {
				if !strings.HasPrefix(tt.text[i:], "USE") {
					continue
				}
				for j := range all {
					if all[j].Matches(0, i, "TOY1") {
						left += tt.text[i+3 : i+4]
						break
					}
				}
			}
			assert.Equal(t, tt.want, left)
		})
	}
}

func TestCodes(t *testing.T) {
	all := ignores(t, "USE()  # pyxlate: ignore[TOY201, TOY3] because\n", false)
	require.Len(t, all, 1)
	assert.Equal(t, []string{"TOY201", "TOY3"}, all[0].Codes)
	assert.False(t, all[0].Matches(0, 0, "TOY202"))
	assert.Equal(t, "nothing here has the code TOY201 or TOY3; remove this `# pyxlate: ignore`", all[0].Complaint())
	assert.True(t, all[0].Matches(0, 0, "TOY305"))
	assert.Empty(t, all[0].Complaint())
	assert.False(t, all[0].Matches(1, 0, "TOY305"), "another unit")
}

func TestCommentsThatSpeakOfPyxlate(t *testing.T) {
	assert.Empty(t, ignores(t, "USE()  # pyxlate: done by hand\n", false))
}

func TestCommentsThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"USE()  # pyxlate: ignore[TOY1\n":   "`]` is missing",
		"USE()  # pyxlate: ignore[ , ]\n":   "it names no code",
		"USE()  # pyxlate: ignroe\n":        "there is no \"ignroe\"; did you mean \"ignore\"?",
		"USE()  # PYX\n# pyxlate: Ignore\n": "there is no \"Ignore\"; did you mean \"ignore\"?",
	} {
		all := ignores(t, text, false)
		require.Len(t, all, 1, text)
		assert.False(t, all[0].Matches(0, 0, "TOY1"))
		assert.Contains(t, all[0].Complaint(), want)
	}
}
