package examples

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"pyxlate/translator/check/checktest"
	"pyxlate/translator/document"
)

// TestCorpus holds the translation of each file below the folders listed in
// PYXLATE_CORPUS to every promise. It is for trees that cannot be kept here:
// the standard library, programs of other people.
func TestCorpus(t *testing.T) {
	roots := filepath.SplitList(os.Getenv("PYXLATE_CORPUS"))
	if len(roots) == 0 {
		t.Skip("PYXLATE_CORPUS names no folders")
	}
	h := harness(t)
	for _, root := range roots {
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if _, known := document.KindOf(path); err != nil || d.IsDir() || !known {
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return nil
			}
			if _, err := document.Open(path, text); err != nil {
				return nil // not to be translated at all: the concern of package document
			}
			rel, _ := filepath.Rel(root, path)
			t.Run(filepath.ToSlash(rel), func(t *testing.T) {
				checktest.Run(t, h, checktest.File{Path: filepath.ToSlash(rel), Text: text})
			})
			return nil
		})
	}
}
