package grammar

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// standardLibrary returns the Python files of the standard library of the python3 at hand, tests of bad syntax left
// out.
func standardLibrary(t testing.TB) map[string][]byte {
	t.Helper()
	out, err := exec.Command("python3", "-c", "import os; print(os.path.dirname(os.__file__))").Output()
	if err != nil {
		t.Skip("no python3 here")
	}
	files := map[string][]byte{}
	root := strings.TrimSpace(string(out))
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			switch d.Name() {
			case "site-packages", "dist-packages", "lib2to3", "idlelib", "tests", "test":
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(path, ".py") {
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if text, _, err := Decode(raw); err == nil {
				files[path] = text
			}
		}
		return nil
	}))
	return files
}

// No file of the standard library has an error, and every tree is well formed.
func TestStandardLibrary(t *testing.T) {
	if testing.Short() {
		t.Skip("reads several hundred files")
	}
	for path, text := range standardLibrary(t) {
		tree, err := Parse(text)
		require.NoError(t, err, path)
		require.Empty(t, tree.Errors(), path)
		require.Empty(t, tree.Suspicious(), path)
		requireWellFormed(t, tree)
	}
}
