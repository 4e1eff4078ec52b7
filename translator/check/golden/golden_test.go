package golden_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/translator/check/golden"
)

// Every package with tests knows the flag: `go test ./... -update` fails as soon
// as one does not.
func TestEveryPackageKnowsTheFlag(t *testing.T) {
	const own = "pyxlate/translator/check/golden"
	knows := map[string]bool{} // folders with tests
	err := fs.WalkDir(os.DirFS("../../.."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := path.Base(name); base == "testdata" || base != "." && strings.HasPrefix(base, ".") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../../..", name), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		imports := slices.ContainsFunc(f.Imports, func(x *ast.ImportSpec) bool { return x.Path.Value == `"`+own+`"` })
		knows[path.Dir(name)] = knows[path.Dir(name)] || imports
		return nil
	})
	require.NoError(t, err)
	assert.Greater(t, len(knows), 20)
	for dir, ok := range knows {
		assert.True(t, ok, "%s has tests and does not know -update: put `import _ %q` into one of its test files", dir, own)
	}
}

// recorder is a test that may fail.
type recorder struct {
	testing.TB
	said string
}

func (r *recorder) Helper() {}

func (r *recorder) Error(args ...any) { r.said = args[0].(error).Error() }

func (r *recorder) Errorf(format string, args ...any) { r.said = fmt.Sprintf(format, args...) }

func TestFile(t *testing.T) {
	update := *golden.Update
	defer func() { *golden.Update = update }()
	file := filepath.Join(t.TempDir(), "new", "x.txt")
	hold := func(write bool, got string) string {
		*golden.Update = write
		r := &recorder{}
		golden.File(r, file, []byte(got))
		return r.said
	}
	assert.Contains(t, hold(false, "a\n"), "does not exist yet; if the new result is right, `make update` writes it")
	assert.Empty(t, hold(true, "a\n"))
	assert.Empty(t, hold(false, "a\n"))
	said := hold(false, "a\nb\n")
	assert.Contains(t, said, "x.txt is not what comes out; "+golden.Hint)
	assert.Contains(t, said, "\n+b\n")
	assert.NotContains(t, hold(false, strings.Repeat("b\n", 500)), strings.Repeat("+b\n", 100), "the difference is cut")
	assert.Contains(t, hold(false, strings.Repeat("ü", 500)), "\n+"+strings.Repeat("ü", 158)+"…\n", "and so are its lines")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "a\n", string(text), "nothing is written without the flag")
}
