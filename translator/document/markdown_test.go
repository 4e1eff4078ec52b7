package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/translator/document"
	"pyxlate/translator/edit"
)

func sources(d *document.Document) []string {
	var all []string
	for _, u := range d.Units {
		all = append(all, string(u.Source))
	}
	return all
}

func TestMarkdownFences(t *testing.T) {
	for _, tt := range []struct {
		name, page string
		want       []string
	}{
		{"no fence", "text `python` text\n", nil},
		{"python, py and Python", "```python\na\n```\n```py\nb\n```\n``` Python\nc\n```\n", []string{"a\n", "b\n", "c\n"}},
		{"attributes", "~~~python {.numberLines #x}\na\n~~~\n```{python}\nb\n```\n```{.python}\nc\n```\n```python{1,3}\nd\n```\n", []string{"a\n", "b\n", "c\n", "d\n"}},
		{"directives of MyST", "```{code-cell} ipython3\n:tags: [a]\n:x: 1\n\na\n```\n```{code-block} python\nb\n```\n- x\n  ```{code-cell}  python\n  ---\n  tags: [a]\n  ---\n  c\n  ```\n```{note} python\nd\n```\n", []string{"\na\n", "b\n", "c\n"}},
		{"other languages", "```\na\n```\n```text\nb\n```\n```pycon\nc\n```\n```{r}\nd\n```\n", nil},
		{"a session is no program", "```python\n>>> a\n1\n```\n", nil},
		{"a longer fence holds a shorter one", "````python\na\n```\nb\n````\n", []string{"a\n```\nb\n"}},
		{"tildes do not close backticks", "```python\na\n~~~\n```\n", []string{"a\n~~~\n"}},
		{"a fence with text after it does not close", "```python\na\n``` x\n```\n", []string{"a\n``` x\n"}},
		{"unclosed, up to the end", "```python\na\n\nb", []string{"a\n\nb"}},
		{"empty", "```python\n```\n", []string{""}},
		{"at the very end", "```python", []string{""}},
		{"inside a list", "- x\n\n  ```python\n  if a:\n    b\n\n  c\n  ```\n", []string{"if a:\n  b\n\nc\n"}},
		{"on the line of the list mark", "1. ```python\n   a\n   ```\n", []string{"a\n"}},
		{"less indented lines", "   ```python\n  a\nb\n   ```\n", []string{"a\nb\n"}},
		{"tabs", "\t```python\n\ta\n\t```\n", []string{"a\n"}},
		{"in a quote", "> ```python\n> a\n>\n> b\n> ```\n", []string{"a\n\nb\n"}},
		{"a quote that ends ends its fence", "> ```python\n> a\ntext\n", []string{"a\n"}},
		{"unclosed in a list ends with the list", "- x\n  ```python\n  a\n\ntext\n", []string{"a\n\n"}},
		{"a fence in a deeper docstring does not close", "```python\n'''\n    ```\n'''\n```\n", []string{"'''\n    ```\n'''\n"}},
		{"CRLF", "```python\r\na\r\n```\r\n", []string{"a\r\n"}},
		{"a fence inside another language", "```text\n```python\n```\n", nil},
		{"backticks in the info string are no fence", "```python``` x\na\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := open(t, "x.md", tt.page)
			require.Equal(t, tt.want, sources(d))
		})
	}
}

// Blocks that may show Python and are not read are known by the place of their
// fence.
func TestMarkdownUnread(t *testing.T) {
	d := open(t, "x.md", "```\na\n```\n```text\nb\n```\n- x\n  ```pycon\n  >>> c\n  ```\n```python\n>>> d\n```\n```python\ne\n```\n```\n```\n")
	var got []string
	for _, b := range d.Unread {
		got = append(got, fmt.Sprintf("%d:%d %v %q", b.At.Cell, b.At.Line, b.Session, b.Text))
	}
	require.Equal(t, []string{`1:1 false "a\n"`, `3:8 true "  >>> c\n"`, `4:11 true ">>> d\n"`}, got)
}

func TestMarkdownCellsCountAllFences(t *testing.T) {
	d := open(t, "x.md", "```text\nls\n```\n\n```python\na\n```\n")
	require.Equal(t, 2, d.Units[0].Cell)
}

func TestMarkdownFencesOfShells(t *testing.T) {
	d := open(t, "x.md", "```bash\nls\n```\n> ```console\n> $ pip install x\n> ```\n```{.sh}\n>>> a\n```\n```python\na\n```\n"+
		"```shopcli-interactive\nshop list\n```\n```client\nx\n```\n```python-interactive\nb\n```\n")
	require.Equal(t, []string{"ls\n", "$ pip install x\n", ">>> a\n", "a\n", "shop list\n", "b\n"}, sources(d))
	for i, shell := range []bool{true, true, true, false, true, false} {
		require.Equal(t, shell, d.Units[i].Shell)
	}
}

func TestMarkdownKeepsBytes(t *testing.T) {
	for _, tt := range []struct{ name, before, old, new, after string }{
		{"plain", "x\n```python\na\nb\n```\ny  \n", "b", "c\nd", "x\n```python\na\nc\nd\n```\ny  \n"},
		{"new lines take the block's indentation", "- x\n  ```python\n  a\n  b\n  ```\n", "a\n", "c\n\nd\n", "- x\n  ```python\n  c\n\n  d\n  b\n  ```\n"},
		{"old lines keep their own", "   ```python\n  a\nb\n   ```\n", "b", "c", "   ```python\n  a\nc\n   ```\n"},
		{"a line goes before a line with another prefix", "  ```python\n  a\n\n  b\n  ```\n", "a\n\n", "", "  ```python\n  b\n  ```\n"},
		{"a blank line goes before an indented one", "  ```python\n  a\n\n  b\n  ```\n", "\n\n", "\n", "  ```python\n  a\n  b\n  ```\n"},
		{"lines are joined", "  ```python\n  a(\n  b)\n  ```\n", "(\nb)", "(b)", "  ```python\n  a(b)\n  ```\n"},
		{"in a quote", "> ```python\n> a\n> ```\n", "a", "b\n\nc", "> ```python\n> b\n>\n> c\n> ```\n"},
		{"CRLF", "```python\r\na\r\n```\r\n", "a", "b\nc", "```python\r\nb\r\nc\r\n```\r\n"},
		{"an empty block", "```python\n```\n", "", "a\n", "```python\na\n```\n"},
		{"unclosed and without newline", "```python\na", "a", "a\nb", "```python\na\nb"},
		{"byte order mark", "\ufeff```python\na\n```\n", "a", "b", "\ufeff```python\nb\n```\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := open(t, "x.md", tt.before)
			require.Equal(t, tt.after, apply(t, d, replace(t, d, 0, tt.old, tt.new)))
		})
	}
}

func TestMarkdownRefusesToCloseItsFence(t *testing.T) {
	d := open(t, "x.md", "```python\na\n```\n")
	_, err := d.Apply([]edit.Edit{replace(t, d, 0, "a", "'''\n```\n'''")})
	require.Error(t, err)
	_, err = d.Apply([]edit.Edit{replace(t, d, 0, "a\n", "a")})
	require.Error(t, err, "the closing fence needs its line")
}

// FuzzMarkdown takes any page: without edits it comes back byte for byte; a
// comment put before each line of code is found there again.
func FuzzMarkdown(f *testing.F) {
	for _, page := range []string{
		"```python\na\n```\n", "- x\n  ~~~py\n  a\n b\n\n  ~~~\n", "> ```python\n> a\n>\n", "1. ```{python}\n\ta\r\n   ```", "\ufeff```python",
	} {
		f.Add(page)
	}
	f.Fuzz(func(t *testing.T, page string) {
		d, err := document.OpenAs(document.Markdown, "x.md", []byte(page))
		if err != nil {
			return
		}
		out, err := d.Apply(nil)
		require.NoError(t, err)
		require.Equal(t, page, string(out))
		for unit, u := range d.Units {
			if !strings.HasSuffix(string(u.Source), "\n") {
				continue
			}
			out, err := d.Apply([]edit.Edit{{Unit: unit, New: "# new\n"}})
			if err != nil {
				t.Fatalf("%v\n%q", err, page)
			}
			back, err := document.OpenAs(document.Markdown, "x.md", out)
			require.NoError(t, err)
			require.Regexp(t, `^# new\r?\n?`, string(back.Units[unit].Source))
		}
	})
}
