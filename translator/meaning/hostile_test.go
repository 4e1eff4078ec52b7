package meaning_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

// nest writes a block inside a block, depth times.
func nest(depth int, header, last string) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", i) + strings.ReplaceAll(header, "#", fmt.Sprint(i)) + "\n")
	}
	return b.String() + strings.Repeat(" ", depth) + last + "\n"
}

func repeat(n int, line string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.NewReplacer("#-", fmt.Sprint(i-1), "#", fmt.Sprint(i)).Replace(line) + "\n")
	}
	return b.String()
}

// nestLines writes the last of several lines around a block with them all, depth
// times.
func nestLines(depth int, lines ...string) string {
	var b strings.Builder
	indent := ""
	for range depth {
		for _, line := range lines {
			b.WriteString(indent + line + "\n")
		}
		last := lines[len(lines)-1]
		indent += strings.Repeat(" ", len(last)-len(strings.TrimLeft(last, " "))+1)
	}
	return b.String() + indent + "pass\n"
}

// TestHostile runs programs that make a naive analysis take steps without bound, or
// walk through values without end.
func TestHostile(t *testing.T) {
	const many = 4000
	tries := "x = 0\n"
	for i := range 60 {
		in := strings.Repeat(" ", i)
		tries += in + "try:\n" + in + " x = 1\n" + in + "finally:\n"
	}
	for name, src := range map[string]string{
		"loops within loops":               nest(90, "for i in x:", "x = i"),
		"while within while":               nest(90, "while x:", "x = 1"),
		"finally within finally":           tries + strings.Repeat(" ", 60) + "pass\n",
		"functions within functions":       nest(90, "def f#(a):", "return a"),
		"classes within classes":           nest(90, "class C#:", "x = 1"),
		"comprehensions in comprehension":  "x = " + strings.Repeat("[a for a in ", 100) + "b" + strings.Repeat("]", 100),
		"calls within calls":               "x = " + strings.Repeat("f(", 300) + strings.Repeat(")", 300),
		"a name bound in many branches":    repeat(many, "if a: x = #") + "x\n",
		"a name bound in many tries":       repeat(many, "try:\n x = #\nexcept E:\n pass"),
		"a global that many functions set": "g = 0\n" + repeat(many, "def f#():\n global g\n g = g + #") + "g\n",
		"functions that call the next":     repeat(many, "def f#(a):\n return f#-(a)") + "f9(1)\n",
		"text that grows":                  "x = ''\n" + repeat(many, "x = x + 'abc#'"),
		"text within text":                 "x = y\n" + repeat(many, "x = '{}/{}'.format(x, #)"),
		"a list that grows":                "x = []\n" + repeat(many, "x.append(#)") + repeat(many, "y# = x[#]"),
		"lists that double":                "x = [1]\n" + repeat(100, "x = x + x"),
		"a dict that grows":                "x = {}\n" + repeat(many, "x['k#'] = #"),
		"sums of many terms":               "x = " + strings.Repeat("a + ", many/2) + "a\n",
		"numbers that explode":             "x = 9\n" + repeat(100, "x = x ** x"),
		"classes that inherit":             "class C0: pass\n" + repeat(many, "class D#(C0):\n def m(self):\n  return self.a"),
		"a class that inherits itself":     "class A(A): pass\nA().x\nclass B(C): pass\nclass C(B): pass\nC().x\n",
		"a function that calls itself":     "def f(x):\n return f(f(x))\nf(f)\n",
		"values that hold themselves":      "x = []\nx.append(x)\nx[0][0]\nd = {}\nd['d'] = d\nd['d']['d']\nd.update(d)\nx += x\n",
		"star of itself":                   "from x import *\nimport x\nx.y.z\n",
		"calls that double":                repeat(200, "def f#(s):\n return f#-(s + 'a') + f#-(s + 'b')") + "f199('')\n",
		"calls of constants that double":   "def f0():\n return 'x'\n" + repeat(200, "def f#():\n return f#-() + f#-()") + "f199()\n",
		"text that doubles":                "x = 'a' + y\n" + repeat(100, "x = x + x"),
		"constants that double":            "x = 'a'\n" + repeat(100, "x = x + x"),
		"formatted text that doubles":      "x = y\n" + repeat(100, "x = f'{x}{x}'"),
		"choices that double":              "x = y\n" + repeat(100, "x = f'{x}-#' if a else f'{x}+#'"),
		"choices within choices":           "x = " + strings.Repeat("(a if b else ", 200) + "c" + strings.Repeat(")", 200),
		"dicts of dicts":                   "x = {}\n" + repeat(100, "x = {'a': x, 'b': x}") + "y = x['a']['b']\n",
		"lists of lists":                   "x = [1]\n" + repeat(100, "x = [x, x, [x]]") + "y, z = x[0][1], x[2]\n",
		"calls of each other that double":  repeat(60, "def f#(a):\n g#(a)\n return g#(a)\ndef g#(a):\n f#-(a)\n return f#-([a])") + "f59(1)\n",
		"finally within loops":             nestLines(20, "while a:", " try:", "  if b: break", "  if c: continue", " finally:"),
		"loops within finally":             nestLines(10, "try:", " if b: a()", "finally:", " for i in x:", "  y = z", "  z = i"),
		"tries within handlers":            nestLines(40, "try:", " x = y", "except E:", " y = x"),
		"classes within loops":             nestLines(40, "for i in x:", " class C:"),
		"names bound in comprehensions":    "x = " + strings.Repeat("[(y := [a for a in ", 40) + "b" + strings.Repeat("]) for b in y]", 40),
		"lists that are copied in a loop":  "x = []\nwhile a:\n" + repeat(60, " x = [b for b in x if #]\n x += [x]"),
		"attributes of attributes":         "while x:\n" + repeat(60, " if x.a#: x = x.b#") + "def f(y):\n" + repeat(60, " if y.a#: f(y.b#)") + "f(x)\n",
	} {
		t.Run(name, func(t *testing.T) {
			src += "import azure.mgmt.batchai\n"
			tree, err := grammar.Parse([]byte(src))
			if err != nil {
				t.Fatal(err)
			}
			cfg := config(t)
			p := meaning.Analyze([]*meaning.File{{Path: "x.py", Module: "x", Units: []*meaning.Source{{ID: ir.UnitID(0), Raw: []byte(src), Text: []byte(src), Tree: tree}}}}, nil, cfg)
			assert.Less(t, p.Steps(), 64*tree.Len())
			assert.True(t, p.Settled())
			assert.Len(t, p.Uses(), 1, "what follows is still seen")
		})
	}
}

// BenchmarkAnalyze gives the speed over a long script of many functions.
func BenchmarkAnalyze(b *testing.B) {
	src := "from azure.mgmt.batchai import models\n" + repeat(20000, "def f#(a, b=None):\n x = '{0}/{1}'.format(a, #)\n if b:\n  x = f#-(x, b)\n return models.ResourceId(id=x)")
	tree, err := grammar.Parse([]byte(src))
	if err != nil {
		b.Fatal(err)
	}
	cfg := config(b)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		meaning.Analyze([]*meaning.File{{Path: "x.py", Units: []*meaning.Source{{Raw: []byte(src), Text: []byte(src), Tree: tree}}}}, nil, cfg)
	}
}
