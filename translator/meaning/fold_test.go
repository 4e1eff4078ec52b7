package meaning

import (
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/constant"
)

var loadTables = sync.OnceValues(sdk.Load)

// fold gives what the analysis makes of one expression, as repr would say it;
// not ok if it is no constant.
func fold(t testing.TB, expr string) (string, bool) {
	tables, err := loadTables()
	require.NoError(t, err)
	tree, err := grammar.Parse([]byte("import os, posixpath\nx = " + expr + "\n"))
	if err != nil {
		return "", false
	}
	p := Analyze([]*File{{Path: "x.py", Units: []*Source{{Text: tree.Source(), Tree: tree}}}}, nil, Config{Tables: tables})
	for d := range p.AllDefs() {
		if d.Name == "x" {
			return reprValue(d.Value, 0)
		}
	}
	return "", false
}

// reprValue spells a value; none that is deeper than any constant, such as a
// list that holds itself.
func reprValue(v ir.Value, depth int) (string, bool) {
	if depth > 100 {
		return "", false
	}
	if x, ok := constOf(v); ok {
		return constant.Repr(x)
	}
	if s, ok := v.(*ir.Seq); ok && !s.Open {
		var parts []string
		for _, e := range s.Elems {
			r, ok := reprValue(e.Value, depth+1)
			if !ok {
				return "", false
			}
			parts = append(parts, r)
		}
		switch {
		case s.Kind == ir.TupleSeq && len(parts) == 1:
			return "(" + parts[0] + ",)", true
		case s.Kind == ir.TupleSeq:
			return "(" + strings.Join(parts, ", ") + ")", true
		}
		return "[" + strings.Join(parts, ", ") + "]", true
	}
	return "", false
}

// TestFold compares the folder with CPython, on expressions of all kinds and on
// generated ones; see testdata/fold_expected.py. PYXLATE_FOLD may name a file
// with more of them.
func TestFold(t *testing.T) {
	for _, name := range []string{"testdata/fold_expected.json", "testdata/fold_generated.json", os.Getenv("PYXLATE_FOLD")} {
		if name != "" {
			t.Run(name, func(t *testing.T) { compareFolds(t, name) })
		}
	}
}

func compareFolds(t *testing.T, name string) {
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	var rows []struct {
		Expr, Repr, Error string
		Must              bool
	}
	require.NoError(t, json.Unmarshal(data, &rows))
	folded := 0
	for _, r := range rows {
		got, ok := fold(t, r.Expr)
		if ok {
			folded++
		}
		switch {
		case r.Error != "":
			assert.False(t, ok, "%s is %s, CPython raises %s", r.Expr, got, r.Error)
		case ok:
			assert.Equal(t, r.Repr, got, r.Expr)
		default:
			assert.False(t, r.Must, "%s is not folded, CPython: %s", r.Expr, r.Repr)
		}
	}
	t.Logf("%d of %d folded", folded, len(rows))
}

// FuzzFold looks for panics and for work without bound.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"'{0:>{1}}'.format(1, 2)", "'%*d' % (1, 2)", "2 ** 2 ** 30", "'a' * 10 ** 9", "f'{1!r:{2}}'", "'abc'[::-1]",
		"os.path.join('a', b, '/c')", "[1] * 1000000 * 1000000", "'{a[b].c}'.format(a={'b': 1})",
		"A.A=A.A,0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4096 || strings.ContainsRune(s, '\n') {
			return
		}
		got, _ := fold(t, s)
		if len(got) > 16*constant.MaxText {
			t.Fatalf("%d bytes from %q", len(got), s)
		}
	})
}

// Of what may be one of two, nothing is taken for the other.
func TestFoldOneOfTwo(t *testing.T) {
	for _, e := range []string{
		"('a b' if c else 'd').split()", "('a b' if c else 'd').split()[0]", "('x-y' if c else 'y-z').partition('-')",
		"([1] if c else [2])[0:]", "list([1] if c else [2])", "tuple([1] if c else [2])", "([1] if c else [2]).copy()",
		"({'a': 1} if c else {'a': 2}).copy()['a']", "list(({'a': 1} if c else {'b': 2}).keys())",
		"list(({'a': 1} if c else {'a': 2}).values())[0]", "[v for v in (['a'] if c else ['b'])][0]",
	} {
		got, ok := fold(t, e)
		assert.False(t, ok, "%s is taken for %s", e, got)
	}
}
