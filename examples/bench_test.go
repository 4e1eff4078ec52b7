package examples

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/run"
)

// BenchmarkTranslate translates each file of the examples by itself, from its
// bytes to the new ones.
func BenchmarkTranslate(b *testing.B) {
	h := harness(b)
	engine := project.New(h.Migration, h.Tables, rewrite.Options{Settings: map[string]string{"storage": "register"}})
	none := func(module, from string) (*document.Document, bool) { return nil, false }
	for _, kind := range []string{"py", "ipynb"} {
		paths, err := filepath.Glob("*/before/*." + kind)
		require.NoError(b, err)
		var texts [][]byte
		size := 0
		for _, path := range paths {
			text, err := os.ReadFile(path)
			require.NoError(b, err)
			texts = append(texts, text)
			size += len(text)
		}
		b.Run(kind, func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				for i, text := range texts {
					d, err := document.Open(paths[i], text)
					if err != nil {
						continue // one that shows what cannot be read
					}
					r := engine.Translate(run.Project{Documents: []*document.Document{d}, Resolve: none})[0]
					if r.After == nil && len(r.Edits) > 0 {
						if _, err := d.Apply(r.Edits); err != nil {
							b.Fatal(paths[i], err)
						}
					}
				}
			}
		})
	}
}
