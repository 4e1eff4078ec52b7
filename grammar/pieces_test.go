package grammar

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// requireSameInPieces parses a text in pieces of a size and compares the nodes with those of the whole.
func requireSameInPieces(t *testing.T, name string, text []byte, size int) {
	t.Helper()
	whole, err := parseWhole(text, 0, nil, &steps{limit: 1 << 40})
	require.NoError(t, err, name)
	nodes, ok, err := parsePieces(text, size, &steps{limit: 1 << 40})
	require.NoError(t, err, name)
	if !ok {
		require.NotEqual(t, KindModule, whole[0].symbol, "%s in pieces of %d bytes", name, size)
		return
	}
	require.Equal(t, len(whole), len(nodes), "%s in pieces of %d bytes", name, size)
	for id := range whole {
		if whole[id] != nodes[id] {
			t.Fatalf("%s in pieces of %d bytes: node %d is %+v, %+v in the whole", name, size, id, nodes[id], whole[id])
		}
	}
}

// The tree of a text does not depend on the pieces it is parsed in.
func TestPieces(t *testing.T) {
	for _, text := range []string{
		"",
		"\n\n# a comment\n\nx = 1\ny = 2\nz = 3\n",
		strings.Repeat("x = 1\n", 300),
		strings.Repeat("def f(a):\n    return a\n    # end\n# between\n\n\n@d\nclass C:\n    x = '''\nx = 1\ny = 2\n'''\n", 40),
		strings.Repeat("if a:\n    b\nelse:\n    c\ntry:\n    d\nexcept E:\n    e\nfinally:\n    f\n", 40),
		strings.Repeat("a = 1; b = 2; \\\nc = 3\nd = (1,\n2,\nx)\n", 60),
		"x = [\n" + strings.Repeat("a,\n", 500) + "]\ny = 1\nz = 2\n",
		"s = '''\n" + strings.Repeat("text = 1\nmore (\n", 100) + "'''\n" + strings.Repeat("y = 1\n", 50),
		"s = '''\n" + strings.Repeat("text = 1\nmore (\n", 100),
		strings.Repeat("print 'a', b\nexec code\nmatch x:\n    case 1:\n        pass\n", 50),
		strings.Repeat("f(a, *b.c())\ntype(x).attr = 1\n", 50),
		strings.Repeat("x = 1\r\ndef f():\r\n    pass\r\n# end\r\n", 50),
		strings.Repeat("async def f():\n    await g()\n\n", 50) + "x = 1",
	} {
		for _, size := range []int{1, 40, 100, 333, 1000} {
			requireSameInPieces(t, fmt.Sprintf("%.60q", text), []byte(text), size)
		}
	}
}

// So it is with the standard library.
func TestPiecesStandardLibrary(t *testing.T) {
	if testing.Short() {
		t.Skip("parses several hundred files")
	}
	for path, text := range standardLibrary(t) {
		if text = NormalizeNewlines(text); len(text) > 50<<10 {
			requireSameInPieces(t, path, text, 10<<10)
		}
	}
}

// A text with an error somewhere has a tree, too, and the error is among its errors.
func TestPiecesWithErrors(t *testing.T) {
	good := strings.Repeat("def f(a):\n    return a + 1\n\n\n", pieceSize/14)
	for _, bad := range []string{"def (:\n", "x = '''\n", "if x:\ny = 1\n"} {
		for _, text := range []string{bad + good, good + bad} {
			tree := parse(t, text)
			assert.NotEmpty(t, tree.Errors(), bad)
		}
	}
	assert.Empty(t, parse(t, good).Errors())
}
