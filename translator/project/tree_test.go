package project

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"pyxlate/translator/document"
	"pyxlate/translator/rewrite"
)

// TestTree translates every file below the folder that PYXLATE_TREE names, a
// tree without a use of the source SDK, with the search for triggers left out:
// each folder is a program, and nothing in it may change, be found or fail.
//
//	PYXLATE_TREE=/usr/lib/python3 go test ./translator/project -run Tree -v -timeout 1h
func TestTree(t *testing.T) {
	root := os.Getenv("PYXLATE_TREE")
	if root == "" {
		t.Skip("PYXLATE_TREE names no folder")
	}
	m, tables := migration(t)
	folders := map[string][]*document.Document{}
	files, size := 0, 0
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if _, known := document.KindOf(path); err != nil || !known || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if doc, err := document.Open(path, raw); err == nil { // what cannot be read is the concern of package document
			dir := filepath.Dir(path)
			folders[dir] = append(folders[dir], doc)
			files++
			size += len(raw)
		}
		return nil
	}))
	require.NotZero(t, files, "%s holds no file to translate", root)

	type timing struct {
		dir  string
		took time.Duration
	}
	var mu sync.Mutex
	var times []timing
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	start := time.Now()
	for dir, docs := range folders {
		g.Go(func() error {
			began := time.Now()
			results, err := translateTree(docs, func() []Result {
				return Translate(docs, nil, m, tables, rewrite.Options{})
			})
			mu.Lock()
			times = append(times, timing{dir, time.Since(began)})
			mu.Unlock()
			if err != nil {
				t.Errorf("%s: %v", dir, err)
			}
			for _, r := range results {
				if len(r.Edits)+len(r.Findings)+len(r.Remaining)+len(r.Complaints) > 0 || r.Err != nil || !bytes.Equal(r.Output, r.Doc.Raw()) {
					t.Errorf("%s: %d edits, %d uses, error %v", r.Doc.Path, len(r.Edits), len(r.Findings), r.Err)
				}
			}
			return nil
		})
	}
	_ = g.Wait()
	slices.SortFunc(times, func(a, b timing) int { return cmp.Compare(b.took, a.took) })
	t.Logf("%d files in %d folders, %.1f MB, %v", files, len(folders), float64(size)/1e6, time.Since(start).Round(time.Millisecond))
	for _, x := range times[:min(5, len(times))] {
		t.Logf("%8v %s (%d files)", x.took.Round(time.Millisecond), x.dir, len(folders[x.dir]))
	}
}

// translateTree turns a panic into an error, so that the other folders have
// their turn.
func translateTree(docs []*document.Document, do func() []Result) (results []Result, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic with %d files: %v\n%s", len(docs), v, debug.Stack())
		}
	}()
	return do(), nil
}
