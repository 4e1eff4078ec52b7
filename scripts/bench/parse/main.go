// Command parse reads every Python file below a directory and parses it, with
// one worker for each processor: what the parser alone can do. It prints the
// number of files and of bytes.
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"pyxlate/grammar"
)

func main() {
	paths := make(chan string)
	var files, bytes, failed atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for path := range paths {
				text, err := os.ReadFile(path)
				if err == nil {
					_, err = grammar.Parse(text)
				}
				if err != nil {
					failed.Add(1)
					continue
				}
				files.Add(1)
				bytes.Add(int64(len(text)))
			}
		})
	}
	err := filepath.WalkDir(os.Args[1], func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && filepath.Ext(path) == ".py" {
			paths <- path
		}
		return err
	})
	close(paths)
	wg.Wait()
	if err != nil || failed.Load() > 0 {
		fmt.Fprintln(os.Stderr, "failed:", failed.Load(), err)
		os.Exit(1)
	}
	fmt.Println(files.Load(), bytes.Load())
}
