package examples

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"pyxlate/grammar"
	"pyxlate/translator/check/checktest"
	"pyxlate/translator/document"
)

// TestMutations takes one line after the other out of the scripts of the
// examples and holds what is left to every promise: programs that nobody
// would think of. It runs with PYXLATE_MUTATE=1.
func TestMutations(t *testing.T) {
	if os.Getenv("PYXLATE_MUTATE") == "" {
		t.Skip("PYXLATE_MUTATE is not set")
	}
	h := harness(t)
	h.Words = nil // what a mutation breaks, the folder names in pieces
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(filepath.ToSlash(path), "/before/") || filepath.Ext(path) != ".py" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := strings.SplitAfter(string(text), "\n")
		for i, line := range lines {
			file := checktest.File{Path: filepath.Base(path), Text: []byte(strings.Join(lines[:i], "") + strings.Join(lines[i+1:], ""))}
			if _, err := document.Open(file.Path, file.Text); err != nil {
				continue
			}
			if grammar.AcceptedByGpython(text) && !grammar.AcceptedByGpython(file.Text) {
				continue // no Python any more, though the tolerant parser takes it
			}
			t.Run(fmt.Sprintf("%s:%d", filepath.ToSlash(path), i+1), func(t *testing.T) {
				defer func() {
					if v := recover(); v != nil {
						t.Errorf("without %q: %v\n%s", line, v, debug.Stack())
					}
				}()
				_, violations := checktest.Check(t, h, file)
				for _, v := range violations {
					t.Errorf("without %q: %v", line, v)
				}
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
