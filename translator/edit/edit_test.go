package edit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/translator/edit"
)

func TestApply(t *testing.T) {
	for _, tt := range []struct {
		name, src string
		edits     []edit.Edit
		want      string
	}{
		{"no edit", "a = 1\n", nil, "a = 1\n"},
		{"replace, in any order", "a = 1\nb = 2\n", []edit.Edit{{Start: 10, End: 11, New: "22"}, {Start: 4, End: 5, New: "11"}}, "a = 11\nb = 22\n"},
		{"insertions at one place keep their order", "x", []edit.Edit{{Start: 0, End: 0, New: "a"}, {Start: 0, End: 0, New: "b"}}, "abx"},
		{"insertion before a replacement of what follows", "xy", []edit.Edit{{Start: 0, End: 1, New: "X"}, {Start: 0, End: 0, New: "<"}}, "<Xy"},
		{"insertion right after a replacement", "xy", []edit.Edit{{Start: 1, End: 1, New: ">"}, {Start: 0, End: 1, New: "X"}}, "X>y"},
		{"adjacent replacements", "xy", []edit.Edit{{Start: 0, End: 1, New: "X"}, {Start: 1, End: 2, New: "Y"}}, "XY"},
		{"new lines are CRLF among CRLF", "a\r\nb\r\n", []edit.Edit{{Start: 3, End: 4, New: "x\ny"}}, "a\r\nx\r\ny\r\n"},
		{"CRLF in the new text is not doubled", "a\r\n", []edit.Edit{{Start: 0, End: 1, New: "x\r\ny"}}, "x\r\ny\r\n"},
		{"a last line without newline takes that of the line before", "a\r\nb", []edit.Edit{{Start: 4, End: 4, New: "\nc"}}, "a\r\nb\r\nc"},
		{"mixed newlines: the line's own", "a\nb\r\nc\n", []edit.Edit{{Start: 0, End: 0, New: "1\n"}, {Start: 2, End: 2, New: "2\n"}}, "1\na\n2\r\nb\r\nc\n"},
		{"CR alone", "a\rb\r", []edit.Edit{{Start: 2, End: 2, New: "x\n"}}, "a\rx\rb\r"},
		{"empty text", "", []edit.Edit{{New: "a\nb"}}, "a\nb"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := edit.Apply([]byte(tt.src), tt.edits)
			require.NoError(t, err)
			require.Equal(t, tt.want, string(got))
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	for _, tt := range []struct {
		name  string
		edits []edit.Edit
		want  string
	}{
		{"overlap", []edit.Edit{{Start: 0, End: 2, New: "x"}, {Start: 1, End: 3, New: "y"}}, "overlaps the edit of bytes 0 to 2"},
		{"insertion inside a replacement", []edit.Edit{{Start: 0, End: 2, New: "x"}, {Start: 1, End: 1, New: "y"}}, "overlaps"},
		{"the same replacement twice", []edit.Edit{{Start: 0, End: 2, New: "x"}, {Start: 0, End: 2, New: "x"}}, "overlaps"},
		{"past the end", []edit.Edit{{Start: 3, End: 4}}, "outside the unit's 3 bytes"},
		{"backwards", []edit.Edit{{Start: 2, End: 1}}, "outside"},
		{"before the start", []edit.Edit{{Start: -1, End: 1}}, "outside"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := edit.Apply([]byte("abc"), tt.edits)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestCheckWantsTheUnit(t *testing.T) {
	err := edit.Check([]edit.Edit{{Unit: 2}}, func(unit int) int { return -1 })
	require.ErrorContains(t, err, "no such unit")
}
