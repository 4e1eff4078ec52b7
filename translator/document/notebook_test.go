package document_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/translator/document"
	"pyxlate/translator/edit"
)

// code is a notebook of one code cell with the given JSON as its source, laid
// out as Jupyter does.
func code(source string) string {
	return `{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": 1,
   "metadata": {},
   "outputs": [{"text": ["\u00e9 <b>", 1e400, -0.0]}],
   "source": ` + source + `
  }
 ],
 "metadata": {"language_info": {"name": "python"}},
 "nbformat": 4, "nbformat_minor": 2
}
`
}

func TestNotebookChangesOnlyTheEditedStrings(t *testing.T) {
	for _, tt := range []struct{ name, before, old, new, after string }{
		{"one line of a list", `[
    "a = 1\n",
    "b = 2\n",
    "c = 3"
   ]`, "2", "22", `[
    "a = 1\n",
    "b = 22\n",
    "c = 3"
   ]`},
		{"escapes of the same line stay as they were", `["x = '\u00e9\/\"' + y\n", "z = '\u003c'"]`, "y", "'<é>'", `["x = '\u00e9\/\"' + '<\u00e9>'\n", "z = '\u003c'"]`},
		{"characters beyond ASCII as they are where the notebook has them so", `["x = 'é' + y"]`, "y", "'ü\u2028'", "[\"x = 'é' + 'ü\u2028'\"]"},
		{"beyond the BMP", `["x = '\ud83d\ude00' + y # \ud83d"]`, "y", "'😁'", `["x = '\ud83d\ude00' + '\ud83d\ude01' # \ud83d"]`},
		{"a new line takes its neighbours' separator", `[
    "a\n",
    "b"
   ]`, "a\n", "a\nx\ny\n", `[
    "a\n",
    "x\n",
    "y\n",
    "b"
   ]`},
		{"new lines before the first", `["a\n",
         "b"]`, "", "x\ny\n", `["x\n",
         "y\n",
         "a\n",
         "b"]`},
		{"new lines before a line in the middle", `["a\n", "b\n", "c"]`, "b", "x\ny\nb", `["a\n", "x\n", "y\n", "b\n", "c"]`},
		{"after the last line", `["a\n", "b"]`, "b", "b\nc", `["a\n", "b\n", "c"]`},
		{"after a last line that ends with a newline", `["a\n", "b\n"]`, "b\n", "b\nc", `["a\n", "b\n", "c"]`},
		{"a split of one line", `[ "a; b" ]`, "; ", "\n", `[ "a\n", "b" ]`},
		{"a line goes", `["a\n", "b\n", "c"]`, "b\n", "", `["a\n", "c"]`},
		{"the first line goes", `[
 "a\n",
 "b"
]`, "a\n", "", `[
 "b"
]`},
		{"the last line goes", `["a\n", "b"]`, "b", "", `["a\n"]`},
		{"the last line goes with the newline before it", `["a\n", "b"]`, "\nb", "", `["a"]`},
		{"all goes", `["a\n", "b"]`, "a\nb", "", `[]`},
		{"lines are joined", `["a(\n", "  b\n", ")"]`, "\n  b\n", "b", `["a(b)"]`},
		{"newline of a line goes", `["a\n", "b\n", "c"]`, "a\n", "a, ", `["a, b\n", "c"]`},
		{"a replacement over several lines keeps the rest", `["a = f(\n", "  1,\n", "  2)\n", "b"]`, "f(\n  1,\n  2)", "g(1,\n  2)", `["a = g(1,\n", "  2)\n", "b"]`},
		{"empty strings in the list stay", `["", "a\n", "", "b"]`, "b", "c", `["", "a\n", "", "c"]`},
		{"strings with several lines stay together", `["a\nb\n", "c"]`, "b", "x", `["a\nx\n", "c"]`},
		{"strings that are parts of lines", `["a", "b", "c"]`, "c", "x", `["a", "b", "x"]`},
		{"one string", `"a = 1\nb = \u0032\n"`, "1", "\"x\"\ny", `"a = \"x\"\ny\nb = \u0032\n"`},
		{"CRLF in the source", `["a\r\n", "b"]`, "b", "c\nd", `["a\r\n", "c\r\n", "d"]`},
		{"one string becomes empty", `"a"`, "a", "", `""`},
		{"empty string", `""`, "", "a\nb", `"a\nb"`},
		{"empty list", `[]`, "", "a\nb", `[
    "a\n",
    "b"
   ]`},
		{"empty list with space in it", `[ ]`, "", "a", `[
    "a"
   ]`},
		{"list of an empty string", `[""]`, "", "a", `["a"]`},
		{"two columns of control characters", `["\b\f\t\u0001x"]`, "x", "\x02\t", `["\b\f\t\u0001\u0002\t"]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := open(t, "x.ipynb", code(tt.before))
			require.Equal(t, code(tt.after), apply(t, d, replace(t, d, 0, tt.old, tt.new)))
		})
	}
}

func TestNotebookEmptyListFollowsOtherCells(t *testing.T) {
	d := open(t, "x.ipynb", `{"cells":[{"cell_type":"code","source":[]},{"cell_type":"code","source":["a\n",  "b"]}]}`)
	require.Equal(t, `{"cells":[{"cell_type":"code","source":["x\n",  "y"]},{"cell_type":"code","source":["a\n",  "b"]}]}`,
		apply(t, d, edit.Edit{New: "x\ny"}))
}

// A cell of one line takes the line ends of the other cells.
func TestNotebookLineEndsOfOtherCells(t *testing.T) {
	for _, end := range []string{`\n`, `\r\n`} {
		d := open(t, "x.ipynb", `{"cells":[{"cell_type":"code","source":["x"]},{"cell_type":"code","source":["a`+end+`", "b"]}]}`)
		require.Equal(t, `{"cells":[{"cell_type":"code","source":["y`+end+`", "z"]},{"cell_type":"code","source":["a`+end+`", "b"]}]}`,
			apply(t, d, edit.Edit{Start: 0, End: 1, New: "y\nz"}))
	}
}

func TestNotebookCompactStaysCompact(t *testing.T) {
	d := open(t, "x.ipynb", `{"cells":[{"cell_type":"code","source":["a"]}]}`)
	require.Equal(t, `{"cells":[{"cell_type":"code","source":["a\n","b"]}]}`, apply(t, d, replace(t, d, 0, "a", "a\nb")))
}

func TestNotebookSeveralEditsAndCells(t *testing.T) {
	d := open(t, "x.ipynb", `{"cells":[
{"source":["a\n","b\n","c\n","d"],"cell_type":"code"},
{"source":"prose","cell_type":"markdown"},
{"source":"raw","cell_type":"raw"},
{"source":"e","cell_type":"code"}]}`)
	require.Len(t, d.Units, 2)
	require.Equal(t, 4, d.Units[1].Cell)
	got := apply(t, d, replace(t, d, 1, "e", "E"), replace(t, d, 0, "c\n", ""), replace(t, d, 0, "a", "A"), replace(t, d, 0, "d", "D\nDD"))
	require.Equal(t, `{"cells":[
{"source":["A\n","b\n","D\n","DD"],"cell_type":"code"},
{"source":"prose","cell_type":"markdown"},
{"source":"raw","cell_type":"raw"},
{"source":"E","cell_type":"code"}]}`, got)
}

func TestNotebookOfNbformat3(t *testing.T) {
	d := open(t, "x.ipynb", `{"metadata":{"name":""},"nbformat":3,"worksheets":[{"cells":[
 {"cell_type":"heading","level":1,"source":["H"]},
 {"cell_type":"code","collapsed":false,"input":["a\n","b"],"language":"python","outputs":[]},
 {"cell_type":"code","input":"x <- 1","language":"R"}]},
 {"cells":[{"cell_type":"code","input":"c","language":"python"}]}]}`)
	require.Len(t, d.Units, 2)
	require.Equal(t, "a\nb", string(d.Units[0].Source))
	require.Equal(t, 2, d.Units[0].Cell)
	require.Equal(t, 4, d.Units[1].Cell)
	require.Contains(t, apply(t, d, replace(t, d, 0, "b", "d")), `"input":["a\n","d"]`)
}

func TestNotebookOfRepeatedKeys(t *testing.T) {
	d := open(t, "x.ipynb", `{"cells":[],"cells":[{"source":"a","cell_type":"code","source":"b"}]}`)
	require.Len(t, d.Units, 1)
	require.Equal(t, "b", string(d.Units[0].Source), "the last one counts, as in Python")
}

func TestNotebookKeepsByteOrderMark(t *testing.T) {
	d := open(t, "x.ipynb", "\ufeff"+code(`["a"]`))
	require.Equal(t, "\ufeff"+code(`["b"]`), apply(t, d, replace(t, d, 0, "a", "b")))
}

func TestNotebookRefuses(t *testing.T) {
	for _, tt := range []struct{ name, raw, want string }{
		{"another language", `{"cells":[],"metadata":{"kernelspec":{"language":"R"}}}`, "x.ipynb:1:50: notebook of another language (R)"},
		{"half a notebook", code(`["a"]`)[:100], "x.ipynb:7:"},
		{"no JSON", "{\n \"cells\": [,]\n}", "x.ipynb:2:12: not a notebook"},
		{"more after the end", `{"cells":[]} x`, "x.ipynb:1:14: "},
		{"empty file", "", "x.ipynb:1:1: not a notebook"},
		{"no list of cells", "{\n \"cells\": {}}", "x.ipynb:2:11: not a notebook: its cells are no list; save it again"},
		{"other JSON", `[1]`, "neither cells nor worksheets"},
		{"lines that are no strings", `{"cells":[{"cell_type":"code","source":[1]}]}`, "of cell 1 is "},
		{"source that is no text", `{"cells":[{"cell_type":"code","source":{}}]}`, "of cell 1 is "},
		{"not UTF-8", "{\"cells\":[],\n \"\xff\":1}", "x.ipynb:2:3: byte 0xff"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := document.Open("x.ipynb", []byte(tt.raw))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestNotebookWithoutLanguageIsPython(t *testing.T) {
	require.Len(t, open(t, "x.ipynb", `{"cells":[{"cell_type":"code","source":"a"}],"metadata":{}}`).Units, 1)
}

func TestNotebookRefusesHalfACharacter(t *testing.T) {
	d := open(t, "x.ipynb", code(`["é"]`))
	_, err := d.Apply([]edit.Edit{{Start: 1, End: 2}})
	require.ErrorContains(t, err, "within a character")
}

// FuzzNotebook takes any JSON for a notebook: without edits it comes back byte
// for byte; with each unit's text replaced by other text it is the same JSON
// but for that text.
func FuzzNotebook(f *testing.F) {
	f.Add([]byte(code(`["a\n", "b"]`)), 1, 2, "x\ny")
	f.Add([]byte(code(`["a\n", "", "b\n", "c"]`)), 0, 3, "")
	f.Add([]byte(code(`"a\nb\u00e9\ud83d"`)), 3, 3, "é\r\n\"")
	f.Add([]byte(`{"worksheets":[{"cells":[{"cell_type":"code","input":[]}]}]}`), 0, 0, "x\ny")
	f.Fuzz(func(t *testing.T, raw []byte, start, length int, text string) {
		d, err := document.OpenAs(document.Notebook, "x.ipynb", raw)
		if err != nil || !json.Valid([]byte(strings.TrimPrefix(string(raw), "\ufeff"))) {
			if err == nil {
				t.Fatal("taken, and no JSON")
			}
			return
		}
		out, err := d.Apply(nil)
		require.NoError(t, err)
		require.Equal(t, raw, out)
		text = strings.ToValidUTF8(text, "?")
		for unit, u := range d.Units {
			n := len(u.Source)
			from := min(max(start, 0), n)
			to := min(from+max(length, 0), n)
			if !validCut(u.Source, from) || !validCut(u.Source, to) {
				continue
			}
			// Apply compares the result with the edit of the text alone.
			out, err := d.Apply([]edit.Edit{{Unit: unit, Start: from, End: to, New: text}})
			if err != nil {
				t.Fatalf("%v\n%s", err, raw)
			}
			back, err := document.OpenAs(document.Notebook, "x.ipynb", out)
			require.NoError(t, err)
			require.Equal(t, len(d.Units), len(back.Units))
		}
	})
}

func validCut(text []byte, at int) bool { return at == len(text) || text[at]&0xc0 != 0x80 }

// Many edits at once of cells in every form: Apply itself compares the result
// with the edits of the text alone, so all that can go wrong is an error.
func TestNotebookTakesAnyEdits(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a = 1\n", "b", "\n", "", "'é'\r\n", "x\ny\n", "\t\"\\\"", "😁\n"}
	pick := func(upTo int) (text string) {
		for range random.IntN(upTo) {
			text += pieces[random.IntN(len(pieces))]
		}
		return text
	}
	for range 3000 {
		var strs []string
		for range random.IntN(6) {
			quoted, err := json.Marshal(pick(3))
			require.NoError(t, err)
			strs = append(strs, string(quoted))
		}
		source := "[" + strings.Join(strs, ",\n  ") + "]"
		if len(strs) == 1 && random.IntN(2) == 0 {
			source = strs[0]
		}
		d := open(t, "x.ipynb", code(source))
		text := d.Units[0].Source
		var edits []edit.Edit
		for at := 0; at <= len(text); {
			start := at + random.IntN(8)
			end := start + random.IntN(10)
			if end > len(text) {
				break
			}
			if validCut(text, start) && validCut(text, end) {
				edits = append(edits, edit.Edit{Start: start, End: end, New: pick(4)})
			}
			at = end + random.IntN(2)
		}
		out, err := d.Apply(edits)
		require.NoError(t, err, "%s\n%v", source, edits)
		require.True(t, json.Valid(out), "%s", out)
	}
}
