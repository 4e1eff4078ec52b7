package batchai

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"pyxlate/rules/ir"
)

// Words as the POSIX shell splits them; what no list of words can say is named.
func TestWords(t *testing.T) {
	tests := []struct {
		line   string
		want   []string
		syntax string
	}{
		{`a  b	c`, []string{"a", "b", "c"}, ""},
		{`'a b' "c d"e f\ g`, []string{"a b", "c de", "f g"}, ""},
		{`"a\"b" "\n" '\'`, []string{`a"b`, `\n`, `\`}, ""},
		{`'' x ""`, []string{"", "x", ""}, ""},
		{"a \\\n b", []string{"a", "b"}, ""},
		{`$A/${B} '$C'`, []string{"$A/${B}", "$C"}, ""},
		{`a | b`, nil, "|"},
		{`a && b`, nil, "&&"},
		{`a > b`, nil, ">"},
		{`$(a)`, nil, "$("},
		{"`a`", nil, "`"},
		{`*.txt`, nil, "*"},
		{`'*.txt' "a;b"`, []string{"*.txt", "a;b"}, ""},
	}
	for _, tt := range tests {
		ws, syntax := words(lit(tt.line))
		var got []string
		for _, w := range ws {
			got = append(got, w.show())
		}
		assert.Equal(t, tt.want, got, tt.line)
		assert.Equal(t, tt.syntax, syntax, tt.line)
	}
}

// Words that are spelled for the shell again come back the same.
func TestQuotedWordsComeBack(t *testing.T) {
	for _, line := range []string{`a b`, `'a b' c`, `'it'\''s' "x $Y z"`, `'' '$C' "a\"b" \\`, `"\$A" '|' 'a;b'`} {
		ws, syntax := words(lit(line))
		assert.Empty(t, syntax, line)
		again, syntax := words(join(ws))
		assert.Empty(t, syntax, line)
		if assert.Len(t, again, len(ws), line) {
			for i := range ws {
				assert.Equal(t, ws[i].show(), again[i].show(), line)
				assert.Equal(t, len(ws[i].references()), len(again[i].references()), line)
			}
		}
	}
}

// A variable in single quotes is none.
func TestReferences(t *testing.T) {
	ws, _ := words(lit(`$A ${B}c '$C' "$D" \$E $1 $`))
	var names []string
	for _, w := range ws {
		for _, r := range w.references() {
			names = append(names, r.name)
		}
	}
	assert.Equal(t, []string{"A", "B", "D"}, names)
}

func TestOutputFolder(t *testing.T) {
	p := run(t, `parameters = models.JobCreateParameters(output_directories=[
    models.OutputDirectory(id='MODEL', path_prefix=p),
    models.OutputDirectory(id='A', path_prefix=p, path_suffix='x/'),
    models.OutputDirectory(id='B', path_prefix=p, path_suffix='x'),
    models.OutputDirectory(id='C', path_prefix=p, path_suffix=where)])
`)
	for id, want := range map[string]string{"MODEL": "'model'", "A": "'x'", "B": "'x_b'", "C": "where"} {
		pieces, ok := OutputFolder(p, p.job, id)
		assert.True(t, ok, id)
		assert.Equal(t, want, p.term(&ir.Concat{Pieces: pieces}, ""), id)
	}
	_, ok := OutputFolder(p, p.job, "D")
	assert.False(t, ok)
	_, ok = OutputFolder(p, nil, "MODEL")
	assert.False(t, ok)
}
