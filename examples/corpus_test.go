package examples

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pyxlate/translator/check/checktest"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
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
			file := checktest.File{Path: filepath.ToSlash(rel), Text: text}
			if slices.ContainsFunc(project.Triggers(h.Migration), func(w []byte) bool { return bytes.Contains(text, w) }) {
				t.Run(file.Path, func(t *testing.T) { checktest.Run(t, h, file) })
				return nil
			}
			// Runs do not even parse a file without a trigger: there must be
			// nothing in it.
			doc, _ := document.Open(file.Path, text)
			for _, r := range project.Translate([]*document.Document{doc}, nil, h.Migration, h.Tables, h.Options) {
				if len(r.Edits) > 0 || len(r.Findings) > 0 {
					t.Errorf("%s holds no trigger, and %d uses are found in it", file.Path, len(r.Findings))
				}
			}
			return nil
		})
	}
}
