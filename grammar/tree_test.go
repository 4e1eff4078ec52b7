package grammar

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func parse(t testing.TB, source string) *Tree {
	t.Helper()
	tree, err := Parse([]byte(source))
	require.NoError(t, err)
	requireWellFormed(t, tree)
	return tree
}

// find returns the first node of the kind.
func find(t testing.TB, tree *Tree, kind Kind) Node {
	t.Helper()
	for id := range int32(tree.Len()) {
		if n := tree.Node(id); n.Is(kind) {
			return n
		}
	}
	t.Fatalf("no %s in\n%s", kind, dump(tree.Root(), 0))
	return Node{}
}

// shape writes the named nodes in brackets, leaves as their text.
func shape(n Node) string {
	if n.FirstChild().IsZero() {
		return n.Text()
	}
	parts := []string{n.Kind().String()}
	for c := range n.Children() {
		parts = append(parts, shape(c))
	}
	return "(" + strings.Join(parts, " ") + ")"
}

// What the grammar misreads is put right.
func TestNormalizedShapes(t *testing.T) {
	for source, want := range map[string]string{
		// A splat unpacks its whole operand.
		"f(a, *b.c())":         "(call f (argument_list a (list_splat (call (attribute b c) ()))))",
		"[*a.b[0](c), d]":      "(list (list_splat (call (subscript (attribute a b) 0) (argument_list c))) d)",
		"x = *a.b(), *c + d":   "(assignment x (expression_list (list_splat (call (attribute a b) ())) (list_splat (binary_operator c d))))",
		"return *a.b(), c":     "(return_statement (expression_list (list_splat (call (attribute a b) ())) c))",
		"f(**a.b(c), d=1)":     "(call f (argument_list (dictionary_splat (call (attribute a b) (argument_list c))) (keyword_argument d 1)))",
		"{**a.b(), 'c': d}":    `(dictionary (dictionary_splat (call (attribute a b) ())) (pair (string ' c ') d))`,
		"f(*a)":                "(call f (argument_list (list_splat a)))",
		"f(*a or b)":           "(call f (argument_list (list_splat (boolean_operator a b))))",
		"type(x).attr = 1":     "(assignment (attribute (call type (argument_list x)) attr) 1)",
		"type(x)[0].a = b = 1": "(assignment (attribute (subscript (call type (argument_list x)) 0) a) (assignment b 1))",
		// What is right stays.
		"type X = int":     "(type_alias_statement (type X) (type int))",
		"type X[T] = int":  "(type_alias_statement (type (generic_type X (type_parameter (type T)))) (type int))",
		"type = 3":         "(assignment type 3)",
		"[a, b] = x":       "(assignment (list_pattern a b) x)",
		"a, b = x":         "(assignment (pattern_list a b) x)",
		"x: A.b = 1":       "(assignment x (type (attribute A b)) 1)",
		"match(x).y = 1":   "(assignment (attribute (call match (argument_list x)) y) 1)",
		"print(a, *b.c())": "(call print (argument_list a (list_splat (call (attribute b c) ()))))",
	} {
		tree := parse(t, source)
		assert.Empty(t, tree.Errors(), source)
		statement := slices.Collect(Statements(tree.Root()))
		require.Len(t, statement, 1, source)
		assert.Equal(t, want, shape(statement[0]), source)
		assert.Equal(t, source, statement[0].Text())
	}
}

func TestErrors(t *testing.T) {
	for source, want := range map[string]string{
		"x = 1\ny = 2\n":               "",
		"if a:\n\tb\n\tc\n":            "",
		"if a:\n        b\n\tc\n":      "", // CPython complains of the tab only where the columns differ by its size
		"if a: b; c\nd\n":              "",
		"\ufeffx = 1\ny = 2\n":         "",
		"    x = 1\n    y = 2\n":       "", // a notebook cell may be indented as a whole
		"\fx = 1\ny = 2\n":             "",
		"if a:\r    b\rc\r":            "",
		"x = (1\ny = 2\n":              "(1",
		"if a:\n  b\n c\n":             "c",
		"if a:\n    b\n  else:\n  c\n": "",
		"def f():\nx = 1\n":            "",
		"def f():\n  # only\nx = 1\n":  "",
		"a\n  b\n":                     "b",
		"x = 'abc\n":                   "'",
		"if a:\n    f(a,\n  b) c#\n":   "c",
		"if a: b; f(a,\n  b) c#\n":     "c",
		"f(a,\n  b) c#\n":              "c",
		"a;b#\nc \\\n\nd\n":            "",
	} {
		tree := parse(t, source)
		valid := want == "" && !strings.Contains(source, "def") && !strings.Contains(source, "else")
		assert.Equal(t, valid, len(tree.Errors()) == 0, "%q: %v", source, tree.Errors())
		if want != "" && len(tree.Errors()) > 0 {
			at := tree.Errors()[0]
			assert.True(t, at.Missing || strings.Contains(source[at.Start:at.End], want), "%q: %v", source, at)
		}
	}
}

func TestSuspicious(t *testing.T) {
	for source, want := range map[string][]Span{
		"print x\n":             {{0, 7}},
		"a\nprint >>f, x\n":     {{2, 14}},
		"exec 'x'\n":            {{0, 8}},
		"a <> b\n":              {{2, 4}},
		"print(x)\nexec('x')\n": nil,
	} {
		tree := parse(t, source)
		assert.Equal(t, want, tree.Suspicious(), source)
		assert.Empty(t, tree.Errors(), source)
	}
}

// A compound statement ends for a reader where its last token ends.
func TestCodeEnd(t *testing.T) {
	tree := parse(t, "if a:\n    b  # c\n    # d\n\n# e\nf = (\n  1 # g\n)  # h\n")
	statements := slices.Collect(Statements(tree.Root()))
	require.Len(t, statements, 2)
	assert.Equal(t, "if a:\n    b", string(tree.Source()[statements[0].Start():statements[0].CodeEnd()]))
	assert.Greater(t, statements[0].End(), statements[0].CodeEnd())
	assert.Equal(t, statements[1].End(), statements[1].CodeEnd())
	var comments []string
	for c := range tree.Root().Comments() {
		comments = append(comments, c.Text())
	}
	assert.Equal(t, []string{"# c", "# d", "# e", "# g", "# h"}, comments)
	comments = nil
	for c := range statements[1].Comments() {
		comments = append(comments, c.Text())
	}
	assert.Equal(t, []string{"# g"}, comments)
	comments = nil
	for c := range tree.Comments(11, 28) {
		comments = append(comments, c.Text())
	}
	assert.Equal(t, []string{"# c", "# d"}, comments)
}

func TestStatements(t *testing.T) {
	tree := parse(t, "# c\nimport a\nfrom b import c\nx = 1; f(x)\nx += 1\na, b\n'doc'\nawait x\nif a:\n  pass\n@d\ndef g(): return 1\n")
	var kinds []string
	for n := range Statements(tree.Root()) {
		kinds = append(kinds, n.Kind().String())
		assert.True(t, n.Statement().Parent().Is(KindModule))
		assert.Equal(t, n.Text(), n.Statement().Text())
	}
	assert.Equal(t, []string{"import_statement", "import_from_statement", "assignment", "call", "augmented_assignment",
		"expression_statement", "string", "await", "if_statement", "decorated_definition"}, kinds)
}

func TestOperators(t *testing.T) {
	for source, want := range map[string]string{
		"a + b": "+", "a ** b": "**", "a % b": "%", "a and b": "and", "not a": "not", "-a": "-", "~a": "~", "a not  in b": "not in",
		"a is not b": "is not", "a != b": "!=", "a //= b": "//=", "a < b < c": "", "a": "",
	} {
		statement := slices.Collect(Statements(parse(t, source).Root()))[0]
		assert.Equal(t, want, statement.Operator(), source)
	}
	chain := slices.Collect(Statements(parse(t, "a < b is c").Root()))[0]
	assert.Equal(t, []string{"<", "is"}, slices.Collect(chain.Operators()))
}

func TestNavigation(t *testing.T) {
	tree := parse(t, "async def f(a, *, b=1): # c\n    return g(a, x=b)\n")
	def := find(t, tree, KindFunctionDefinition)
	assert.False(t, def.Token("async").IsZero())
	assert.True(t, def.Token("class").IsZero())
	assert.Equal(t, "f", def.Child(FieldName).Text())
	call := find(t, tree, KindCall)
	arguments := call.Child(FieldArguments)
	assert.Equal(t, FieldArguments, arguments.Field())
	assert.Equal(t, "a", arguments.FirstChild().Text())
	assert.Equal(t, "x=b", arguments.FirstChild().NextSibling().Text())
	assert.Equal(t, "x=b", arguments.LastChild().Text())
	assert.True(t, arguments.LastChild().NextSibling().IsZero())
	assert.Equal(t, def, call.Ancestor(KindClassDefinition, KindFunctionDefinition))
	assert.True(t, def.Contains(call))
	assert.False(t, call.Contains(def))
	assert.True(t, def.Child(FieldSuperclasses).IsZero())

	at := strings.Index(tree.Root().Text(), "g(a")
	assert.Equal(t, "g", tree.NodeAt(at, at+1).Text())
	assert.Equal(t, "g(a, x=b)", tree.NodeAt(at, at+3).Text())
	assert.Equal(t, tree.Root(), tree.NodeAt(0, len(tree.Source())))
	assert.True(t, tree.NodeAt(0, len(tree.Source())+1).IsZero())

	var zero Node
	assert.True(t, zero.FirstChild().IsZero() && zero.NextSibling().IsZero() && zero.Parent().IsZero() && zero.Child(FieldName).IsZero())
	assert.Empty(t, zero.Text())
	assert.False(t, zero.Is(KindCall) || zero.IsNamed() || zero.HasError())
	for range zero.Children() {
		t.Fatal("the zero node has a child")
	}

	imports := parse(t, "from a.b import (c,  # x\n  d as e)\n")
	from := find(t, imports, KindImportFromStatement)
	var names []string
	for n := range from.ChildrenOf(FieldName) {
		names = append(names, n.Text())
	}
	assert.Equal(t, []string{"c", "d as e"}, names)
}

// NodeAt of a node's range is that node or one with the same range.
func TestNodeAt(t *testing.T) {
	tree := parse(t, "\n\nx = f(a, [b.c for b in d if b], 'e' f'{g}')\nif x:\n  y\n")
	for id := range int32(tree.Len()) {
		n := tree.Node(id)
		if n.Start() == n.End() {
			continue
		}
		found := tree.NodeAt(n.Start(), n.End())
		if n.IsNamed() {
			assert.Equal(t, n.Span(), found.Span(), "%s", n.Kind())
		} else {
			assert.True(t, found.Contains(n), "%s", n.Kind())
		}
	}
}

func TestLimits(t *testing.T) {
	stops := func(err, kind error, from, to int) {
		t.Helper()
		var limit *LimitError
		require.ErrorAs(t, err, &limit)
		assert.ErrorIs(t, err, kind)
		assert.Contains(t, err.Error(), ": "+limit.Bound)
		assert.True(t, from <= limit.Offset && limit.Offset < to, "it stops at byte %d, and not between %d and %d", limit.Offset, from, to)
	}
	_, err := Parse(make([]byte, MaxSize+1))
	stops(err, ErrTooLarge, MaxSize, MaxSize+1)
	_, err = Parse([]byte(strings.Repeat("-", 2*MaxDepth) + "1"))
	stops(err, ErrTooDeep, MaxDepth/2, 2*MaxDepth)
	// Each token before them reads all of the lines that follow it.
	lines := []byte("x = 1\n" + strings.Repeat("\\\n", 30_000) + "y = 1\n")
	_, err = parseFlat(lines, &steps{limit: 1 << 20})
	stops(err, ErrTooManySteps, 6, len(lines))
	// What the parser collects of a text that does not parse, it copies over and over.
	brackets := []byte(strings.Repeat("(", 3000) + strings.Repeat(" x y\n", 3000))
	_, err = parseFlat(brackets, &steps{limit: 1 << 26})
	stops(err, ErrTooManySteps, 3000, len(brackets))
	// The limit holds for all pieces of a text.
	long := []byte(strings.Repeat("x = f(1)\n", pieceSize))
	_, err = parseFlat(long, &steps{limit: 1 << 26})
	stops(err, ErrTooManySteps, pieceSize, len(long))
	for range 8 {
		require.Empty(t, parse(t, "x = 1\n").Errors())
	}
}

// A comment ends where its line does, and that is before the carriage return.
func TestCommentsAtLineEnds(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		var comments []string
		text := strings.ReplaceAll("# a\nx = f(  # b\n    # c\n    1)  # d \n# e\n", "\n", end) + "# f"
		for c := range parse(t, text).Root().Comments() {
			comments = append(comments, c.Text())
		}
		assert.Equal(t, []string{"# a", "# b", "# c", "# d ", "# e", "# f"}, comments, "%q", end)
	}
}

// The statement that begins the lines of another one is where a comment about it can stand.
func TestLineStatement(t *testing.T) {
	for text, want := range map[string]string{
		"a\nX\n":                            "X",
		"a; X\n":                            "a",
		"a; \\\nX\n":                        "a",
		"a = \"\"\"\n\"\"\"; b; X\n":        "a",
		"b; a = (1,\n2); X\n":               "b",
		"if a: b; X\n":                      "if",
		"if a:\n    b\nelse: X\n":           "if",
		"if a:\n    b; X\n":                 "b",
		"c; \\\nd; X\n":                     "c",
		"@d\ndef f(): X\n":                  "@d",
		"if a:\n    # c\n    X  # d\n":      "X",
		"class C:\n    def f(self): b; X\n": "def",
	} {
		s := parse(t, text).NodeAt(strings.Index(text, "X"), strings.Index(text, "X")).LineStatement()
		assert.True(t, strings.HasPrefix(s.Text(), want), "%q: %q", text, s.Text())
	}
}

// Characters of several bytes are read whole wherever they stand.
func TestWideCharacters(t *testing.T) {
	for _, name := range []string{"größe", "数え", "x𝒙"} {
		for before := range 600 {
			text := strings.Repeat("#", before) + "\n" + name + " = '" + name + "'\n"
			tree := parse(t, text)
			require.Empty(t, tree.Errors(), "%d bytes before %s", before, name)
			require.Equal(t, name, find(t, tree, KindIdentifier).Text())
		}
	}
}

// The steps of a text are as many every time, and those of a longer text are in proportion.
func TestSteps(t *testing.T) {
	count := func(text string) uint64 {
		taken := newSteps(len(text))
		_, err := parseFlat([]byte(text), taken)
		assert.NoError(t, err)
		return taken.count
	}
	for _, text := range []string{
		"def f(a, *b, c=1):\n    return [x for x in a if x not in b] or f'{c!r}'\n\n\n",
		"class C(object):\n    \"\"\"It's text.\"\"\"\n    x = {'a': [1, 2, (3, 4)]}\n\n\n",
		"# only words\n\n",
	} {
		short, long := strings.Repeat(text, 100), strings.Repeat(text, 1000)
		want := count(long)
		assert.Greater(t, want, 8*count(short), "%.20q", text)
		assert.Less(t, want, 12*count(short), "%.20q", text)
		assert.Less(t, want, uint64(300*len(long)), "%.20q: far below the limit", text)
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() { assert.Equal(t, want, count(long)) })
		}
		group.Wait()
	}
}

func TestEmpty(t *testing.T) {
	for _, source := range []string{"", "\n", "# c", "\ufeff", "\x00", "\xff"} {
		tree := parse(t, source)
		assert.True(t, tree.Root().Is(KindModule, KindError), "%q", source)
		assert.Equal(t, source, string(tree.Source()))
	}
}

// Trees of several goroutines do not disturb each other.
func TestParallel(t *testing.T) {
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range 50 {
				source := strings.Repeat("x = f(a, *b.c())\n", 1+i)
				tree, err := Parse([]byte(source))
				if assert.NoError(t, err) {
					assert.Equal(t, source, string(tree.Source()))
					assert.Equal(t, 1+i, len(slices.Collect(Statements(tree.Root()))))
				}
			}
		})
	}
	group.Wait()
}

// The tree does not change when the caller's bytes do.
func TestParseCopies(t *testing.T) {
	source := []byte("x = 1\n")
	tree, err := Parse(source)
	require.NoError(t, err)
	source[0] = 'y'
	assert.Equal(t, "x", find(t, tree, KindIdentifier).Text())
}

// No mutation of real code breaks a tree.
func TestMutations(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	base := "import a.b as c\nclass D(E):\n    def f(self, *g, **h):\n        '''doc'''\n        return [*a.b(x) for x in f'{y!r:>{z}}' if not x]\n" +
		"type(x).y = 1\nwith a as b, c: pass\ntry:\n    a\nexcept B as c:\n    d\nfinally:\n    e\nmatch x:\n    case [1, *_]: pass\n"
	for range 3000 {
		mutant := []byte(base)
		for range 1 + random.IntN(4) {
			i := random.IntN(len(mutant))
			switch random.IntN(3) {
			case 0:
				mutant = slices.Delete(mutant, i, i+1)
			case 1:
				mutant = slices.Insert(mutant, i, base[random.IntN(len(base))])
			default:
				mutant[i] = byte(random.IntN(256))
			}
		}
		tree, err := Parse(mutant)
		require.NoError(t, err)
		requireWellFormed(t, tree)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"f(a, *b.c())\n", "type(x).a = 1\n", "if a:\n  b\n # c\nelse: d\n", "x = f'{a!r:>{b}}' rb'\\x'\n", "match x:\n case _: pass\n", "print >>a, b\r",
		"@a\nasync def f(*, b: c = 1) -> d: yield\n", "\x00\xff'''", "[*a, **b\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		tree, err := Parse(source)
		if err != nil {
			t.Skip()
		}
		requireWellFormed(t, tree)
		if !bytes.Equal(source, tree.Source()) {
			t.Fatal("the source changed")
		}
		for id := range int32(tree.Len()) {
			n := tree.Node(id)
			StringParts(n)
			n.Operator()
			for range Statements(n) {
			}
		}
		for _, e := range tree.Errors() {
			if e.Start > e.End || e.End > len(source) {
				t.Fatalf("error out of the text: %v", e)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	files := standardLibrary(b)
	var text []byte
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if len(files[path]) > len(text) && len(files[path]) < 300_000 {
			text = files[path]
		}
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseLibrary(b *testing.B) {
	files := standardLibrary(b)
	size := 0
	for _, text := range files {
		size += len(text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, text := range files {
			if _, err := Parse(text); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkWalk(b *testing.B) {
	tree := parse(b, strings.Repeat("x = f(a, *b.c(), d='e' + g[1])\n", 2000))
	b.ReportMetric(float64(tree.Len()), "nodes")
	b.ResetTimer()
	for b.Loop() {
		var walk func(Node) int
		walk = func(n Node) int {
			count := 1
			for c := range n.AllChildren() {
				count += walk(c)
			}
			return count
		}
		if walk(tree.Root()) != tree.Len() {
			b.Fatal("nodes are lost")
		}
	}
}

// What an error makes doubtful is its statement or header, in whole lines.
func TestUnreadable(t *testing.T) {
	for source, want := range map[string][]string{
		"x = 1\ny = 2\n":                           nil,
		"a = 1\nf(1 2)\nb\n":                       {"f(1 2)\n"},
		"a = 1\nf(1,\n  2 3,\n  4)\nb\n":           {"f(1,\n  2 3,\n  4)\n"},
		"f(a,\n  b) c#\nd\n":                       {"f(a,\n  b) c#\n"},
		"with f(1 2) as g:\n    h()\n":             {"with f(1 2) as g:\n"},
		"def f():\n    a()\n    g(1 2)\n    b()\n": {"    g(1 2)\n"},
		"import a.b_c.d E#":                        {"import a.b_c.d E#"},
		"a = 1; f(1 2); b = 3\nc\n":                {"a = 1; f(1 2); b = 3\n"},
	} {
		var got []string
		for _, s := range parse(t, source).Unreadable() {
			got = append(got, source[s.Start:s.End])
		}
		assert.Equal(t, want, slices.Compact(got), "%q", source)
	}
}
