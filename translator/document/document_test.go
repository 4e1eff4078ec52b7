package document_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/translator/document"
	"pyxlate/translator/edit"
)

func open(t *testing.T, path, raw string) *document.Document {
	t.Helper()
	d, err := document.Open(path, []byte(raw))
	require.NoError(t, err)
	return d
}

// replace makes an edit of the first place at which a unit has old.
func replace(t *testing.T, d *document.Document, unit int, old, new string) edit.Edit {
	t.Helper()
	at := strings.Index(string(d.Units[unit].Source), old)
	require.GreaterOrEqual(t, at, 0, "%q is not in %q", old, d.Units[unit].Source)
	return edit.Edit{Unit: unit, Start: at, End: at + len(old), New: new}
}

func apply(t *testing.T, d *document.Document, edits ...edit.Edit) string {
	t.Helper()
	out, err := d.Apply(edits)
	require.NoError(t, err)
	return string(out)
}

func TestScriptKeepsBytes(t *testing.T) {
	for _, tt := range []struct{ name, before, old, new, after string }{
		{"byte order mark", "\ufeffa = 1\n", "1", "2", "\ufeffa = 2\n"},
		{"insertion at the start goes after the mark", "\ufeffa = 1\n", "", "b\n", "\ufeffb\na = 1\n"},
		{"CRLF", "a = 1\r\nb = 2\r\n", "2", "3\nc = 4", "a = 1\r\nb = 3\r\nc = 4\r\n"},
		{"tabs, form feed, no last newline", "\x0cif a:\n\tb  \n\tc", "b", "d", "\x0cif a:\n\td  \n\tc"},
		{"latin-1", "# coding: latin-1\ns = '\xe9' + x # \xfc\n", "x", "'ä'", "# coding: latin-1\ns = '\xe9' + '\xe4' # \xfc\n"},
		{"utf-8 text around", "s = 'é' + x # ü\n", "x", "y", "s = 'é' + y # ü\n"},
		{"shift-jis", "# coding: shift_jis\ns = '\x83\x5c' + x # \x8a\xbf\n", "x", "y", "# coding: shift_jis\ns = '\x83\x5c' + y # \x8a\xbf\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := open(t, "x.py", tt.before)
			require.Equal(t, tt.after, apply(t, d, replace(t, d, 0, tt.old, tt.new)))
		})
	}
}

func TestScriptRefuses(t *testing.T) {
	t.Run("bytes that are not text", func(t *testing.T) {
		_, err := document.Open("dir/x.py", []byte("a = 1\nb = '\xff'\n"))
		require.ErrorContains(t, err, "dir/x.py:2:6: byte 0xff is not UTF-8")
	})
	t.Run("UTF-16, of every kind", func(t *testing.T) {
		for _, name := range []string{"x.py", "x.ipynb", "x.md", "requirements.txt"} {
			for _, raw := range []string{"\xff\xfea\x00\n\x00", "\xfe\xff\x00a\x00\n"} {
				_, err := document.Open(name, []byte(raw))
				require.EqualError(t, err, name+":1:1: the file is UTF-16; save it as UTF-8")
			}
		}
	})
	t.Run("a NUL byte", func(t *testing.T) {
		_, err := document.Open("x.py", []byte("a = 1\nb = '\x00'\n"))
		require.EqualError(t, err, "x.py:2:6: a NUL byte is not part of a program; take the file from its history")
	})
	t.Run("text that the encoding lacks", func(t *testing.T) {
		d := open(t, "x.py", "# coding: latin-1\nb = x\n")
		_, err := d.Apply([]edit.Edit{replace(t, d, 0, "x", "'€'")})
		require.ErrorContains(t, err, "x.py:2:5: ")
		require.ErrorContains(t, err, "latin_1")
	})
	t.Run("an edit that moves the coding comment away", func(t *testing.T) {
		d := open(t, "x.py", "#!/usr/bin/python\n# coding: latin-1\nb = '\xe9'\n")
		_, err := d.Apply([]edit.Edit{{Start: 0, End: 0, New: "import a\nimport b\n"}})
		require.Error(t, err)
	})
	t.Run("overlapping edits", func(t *testing.T) {
		d := open(t, "x.py", "abc\n")
		_, err := d.Apply([]edit.Edit{{Start: 0, End: 2}, {Start: 1, End: 3}})
		require.ErrorContains(t, err, "x.py: ")
		require.ErrorContains(t, err, "overlaps")
	})
	t.Run("a unit that is not there", func(t *testing.T) {
		d := open(t, "x.py", "abc\n")
		_, err := d.Apply([]edit.Edit{{Unit: 1}})
		require.ErrorContains(t, err, "no such unit")
	})
	t.Run("an unknown kind", func(t *testing.T) {
		_, err := document.Open("x.txt", nil)
		require.ErrorContains(t, err, "x.txt: not a kind of file")
	})
}

func TestPosition(t *testing.T) {
	script := open(t, "x.py", "a\r\nbé = ü\rc\n")
	for _, tt := range []struct {
		at   string
		want document.Position
	}{
		{"a", document.Position{Line: 1, Column: 1}},
		{"ü", document.Position{Line: 2, Column: 6}}, // columns are characters
		{"c", document.Position{Line: 3, Column: 1}}, // CR alone ends a line
	} {
		require.Equal(t, tt.want, script.Position(0, strings.Index(string(script.Units[0].Source), tt.at)), tt.at)
	}
	require.Equal(t, document.Position{Line: 4, Column: 1}, script.Position(0, len(script.Units[0].Source)))

	page := open(t, "x.md", "# T\n\n- list\n\n  ```python\n  a\n  b = c\n  ```\n")
	require.Equal(t, document.Position{Cell: 1, Line: 7, Column: 7}, page.Position(0, strings.Index(string(page.Units[0].Source), "c")))

	notebook := open(t, "x.ipynb", `{"cells":[{"cell_type":"markdown","source":"x"},{"cell_type":"code","source":["a\n","b"]}]}`)
	require.Equal(t, document.Position{Cell: 2, Line: 2, Column: 1}, notebook.Position(0, 2))
}

func TestWhatIsEmptyIsNoLessAResult(t *testing.T) {
	d := open(t, "a.py", "import old\n")
	after, err := d.Apply([]edit.Edit{{Start: 0, End: len("import old\n")}})
	require.NoError(t, err)
	require.NotNil(t, after, "nil is nothing that could be written")
	require.Empty(t, after)
}
