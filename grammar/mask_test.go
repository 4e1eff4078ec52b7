package grammar

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMask(t *testing.T) {
	type line = MaskedLine
	for _, test := range []struct {
		name, cell, masked string
		lines              []MaskedLine // Start, End and Body are checked through the text
	}{
		// Python that only looks like IPython.
		{name: "modulo in brackets", cell: "x = (a\n% b)\n", masked: "x = (a\n% b)\n"},
		{name: "text of a string", cell: "s = '''\n!ls\n%run x\n'''\n", masked: "s = '''\n!ls\n%run x\n'''\n"},
		{name: "continuation line", cell: "x = a \\\n  % b\n", masked: "x = a \\\n  % b\n"},
		{name: "comment", cell: "# !ls?\nx = 1 # what?\n", masked: "# !ls?\nx = 1 # what?\n"},
		{name: "not equal", cell: "f(a != b, c % d)\nx = a != b\n", masked: "f(a != b, c % d)\nx = a != b\n"},
		{name: "keyword argument", cell: "f(a=\n!b)\n", masked: "f(a=\n!b)\n"},
		{name: "question in a string", cell: "x = 'why?'\n", masked: "x = 'why?'\n"},
		{name: "quotes of the other kind", cell: "x = \"it's\"\n%run y\n", masked: "x = \"it's\"\n      \n",
			lines: []line{{Kind: LineMagic, Name: "run", Rest: "y"}}},
		{name: "no automagic in two lines", cell: "pip install x\ny = 1", masked: "pip install x\ny = 1"},
		{name: "an assignment to a magic's name", cell: "cd = 3", masked: "cd = 3"},
		{name: "Python with a magic's name", cell: "run in x", masked: "run in x"},

		// Lines of IPython.
		{name: "line magic", cell: "%matplotlib inline\nx = 1\n", masked: "                  \nx = 1\n",
			lines: []line{{Kind: LineMagic, Name: "matplotlib", Rest: "inline"}}},
		{name: "line magic with a space", cell: "% load_ext x", masked: "            ",
			lines: []line{{Kind: LineMagic, Name: "load_ext", Rest: "x"}}},
		{name: "shell", cell: "!pip install a\nimport a", masked: "              \nimport a",
			lines: []line{{Kind: Shell, Rest: "pip install a"}}},
		{name: "shell with an apostrophe", cell: "!echo it's\nx = 1", masked: "          \nx = 1",
			lines: []line{{Kind: Shell, Rest: "echo it's"}}},
		{name: "two bangs", cell: "!!ls", masked: "    ", lines: []line{{Kind: Shell, Rest: "ls"}}},
		{name: "continued shell", cell: "!a \\\n  b\r\nx", masked: "    \n   \r\nx", lines: []line{{Kind: Shell, Rest: "a    b"}}},
		{name: "only statement of a block", cell: "if a:\n    !ls -l\nb", masked: "if a:\n    pass  \nb",
			lines: []line{{Kind: Shell, Rest: "ls -l"}}},
		{name: "short statement of a block", cell: "if a:\n  !ls\n", masked: "if a:\n  0  \n", lines: []line{{Kind: Shell, Rest: "ls"}}},
		{name: "magic in a block", cell: "for a in b:\n\t%run x\n", masked: "for a in b:\n\tpass  \n",
			lines: []line{{Kind: LineMagic, Name: "run", Rest: "x"}}},
		{name: "help before", cell: "?a.b\n??c", masked: "    \n   ",
			lines: []line{{Kind: Help, Name: "a.b"}, {Kind: Help, Name: "c"}}},
		{name: "help after", cell: "a.b?\nc??\n%run?", masked: "    \n   \n     ",
			lines: []line{{Kind: Help, Name: "a.b"}, {Kind: Help, Name: "c"}, {Kind: Help, Name: "run"}}},
		{name: "shell assignment", cell: "x = !ls -l\ny = x", masked: "x = 0     \ny = x",
			lines: []line{{Kind: ShellAssign, Rest: "ls -l", Target: "x"}}},
		{name: "shell assignment in a block", cell: "if a:\n  x[0] =!ls", masked: "if a:\n  x[0] =0  ",
			lines: []line{{Kind: ShellAssign, Rest: "ls", Target: "x[0]"}}},
		{name: "magic assignment", cell: "a, b = %sql select 1\n", masked: "a, b = 0            \n",
			lines: []line{{Kind: MagicAssign, Name: "sql", Rest: "select 1", Target: "a, b"}}},
		{name: "timed statement", cell: "%time x = f(a)\n", masked: "pass; x = f(a)\n",
			lines: []line{{Kind: LineMagic, Name: "time", Rest: "x = f(a)"}}},
		{name: "timed statement in a block", cell: "if a:\n  %timeit f(a)\n", masked: "if a:\n  pass;   f(a)\n",
			lines: []line{{Kind: LineMagic, Name: "timeit", Rest: "f(a)"}}},
		{name: "timed statement with options", cell: "%timeit -n 1 f(a)\n", masked: "                 \n",
			lines: []line{{Kind: LineMagic, Name: "timeit", Rest: "-n 1 f(a)"}}},
		{name: "call without brackets", cell: "/f a b", masked: "      ", lines: []line{{Kind: AutoCall, Rest: "f a b"}}},
		{name: "automagic", cell: "pip install x -U\n", masked: "                \n",
			lines: []line{{Kind: LineMagic, Name: "pip", Rest: "install x -U"}}},
		{name: "automagic with a path", cell: "cd ..", masked: "     ", lines: []line{{Kind: LineMagic, Name: "cd", Rest: ".."}}},

		// Whole cells.
		{name: "shell cell", cell: "%%bash -s x\necho 'a\n  b\n", masked: "           \n       \n   \n",
			lines: []line{{Kind: CellMagic, Name: "bash", Rest: "-s x"}}},
		{name: "shell cell after comments", cell: "\n# c\n%%sh\nls\n", masked: "\n# c\n    \n  \n",
			lines: []line{{Kind: CellMagic, Name: "sh"}}},
		{name: "written file", cell: "%%writefile a.py\nimport b\n", masked: "                \n        \n",
			lines: []line{{Kind: CellMagic, Name: "writefile", Rest: "a.py"}}},
		{name: "timed cell", cell: "%%time\r\nx = 1\r\n!ls", masked: "      \r\nx = 1\r\n   ",
			lines: []line{{Kind: CellMagic, Name: "time"}, {Kind: Shell, Rest: "ls"}}},
		{name: "not in UTF-8", cell: "!ls \xff\xe9\nx", masked: "      \nx", lines: []line{{Kind: Shell, Rest: "ls \xff\xe9"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			masked, lines := Mask([]byte(test.cell))
			require.Equal(t, test.masked, string(masked))
			require.Len(t, lines, len(test.lines))
			for i, got := range lines {
				assert.Empty(t, strings.Trim(test.masked[got.Start:got.End], " \r\n0pas;"))
				got.Start, got.End, got.Body = 0, 0, 0
				assert.Equal(t, test.lines[i], got)
			}
			if strings.Contains(test.cell, "\r") {
				return
			}
			// It does not depend on how lines end.
			masked, others := Mask([]byte(strings.ReplaceAll(test.cell, "\n", "\r\n")))
			assert.Equal(t, strings.ReplaceAll(test.masked, "\n", "\r\n"), string(masked))
			require.Len(t, others, len(test.lines))
			for i, got := range others {
				got.Start, got.End, got.Body = 0, 0, 0
				assert.Equal(t, test.lines[i], got)
			}
		})
	}
}

// The spans tell what was masked.
func TestMaskSpans(t *testing.T) {
	cell := "%%capture out\nif a:\n    x = !ls \\\n       -l\n    b?\n"
	_, lines := Mask([]byte(cell))
	var spans []string
	for _, line := range lines {
		spans = append(spans, cell[line.Start:line.End])
	}
	assert.Equal(t, []string{"%%capture out", "!ls \\\n       -l", "b?"}, spans)
	assert.Equal(t, len("%%capture out\n"), lines[0].Body)
}

func FuzzMask(f *testing.F) {
	for _, seed := range []string{"%%time\nx = !ls\\\n a\n", "if a:\n  !b\r\nc?\r'''", "(\n%a\n)", "pip install", "%time f('\\"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, cell []byte) {
		before := string(cell)
		masked, lines := Mask(cell)
		require.Equal(t, before, string(cell), "the input was changed")
		require.Len(t, masked, len(cell))
		at := 0
		for _, line := range lines {
			require.True(t, at <= line.Start && line.Start < line.End && line.End <= len(cell), "%v", lines)
			require.NotZero(t, line.Kind)
			require.Equal(t, before[at:line.Start], string(masked[at:line.Start]))
			at = line.End
		}
		require.Equal(t, before[at:], string(masked[at:]))
		for i, c := range cell {
			if newline := c == '\n' || c == '\r'; newline && masked[i] != c || !newline && (masked[i] == '\n' || masked[i] == '\r') {
				t.Fatalf("byte %d is %q and became %q", i, c, masked[i])
			}
		}
	})
}

func TestMaskShell(t *testing.T) {
	src := "pip install x\r\n# é\nif [ 1 ]; then\n"
	masked, lines := MaskShell([]byte(src))
	assert.Len(t, masked, len(src))
	assert.Equal(t, "\r\n\n\n", strings.ReplaceAll(string(masked), " ", ""))
	assert.Equal(t, []MaskedLine{{End: len(src) - 1, Kind: CellMagic, Name: "bash"}}, lines)
}
