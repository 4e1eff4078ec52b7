package files

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// A Budget bounds what is read of directories that somebody else has filled:
// the size of each file, that of all together, and the number of their names.
type Budget struct {
	File, All int64 // bytes
	Names     int

	mu    sync.Mutex
	bytes int64
	names int
	seen  map[string]bool // what is read again counts once
}

// first tells whether a path is read for the first time. b.mu is held.
func (b *Budget) first(path string) bool {
	if b.seen[path] {
		return false
	}
	if b.seen == nil {
		b.seen = map[string]bool{}
	}
	b.seen[path] = true
	return true
}

// Tree gives the files below a directory. What it is asked for is read within
// the budget, which several trees may share.
func (b *Budget) Tree(dir string) fs.FS { return &tree{dir, b} }

type tree struct {
	dir    string
	budget *Budget
}

// path gives the path of a name of the tree.
func (t *tree) path(op, name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	local, err := filepath.Localize(name)
	if err != nil {
		return "", &fs.PathError{Op: op, Path: name, Err: err}
	}
	return filepath.Join(t.dir, local), nil
}

func (t *tree) Stat(name string) (fs.FileInfo, error) {
	path, err := t.path("stat", name)
	if err != nil {
		return nil, err
	}
	return os.Stat(path)
}

func (t *tree) ReadFile(name string) ([]byte, error) {
	path, err := t.path("read", name)
	if err != nil {
		return nil, err
	}
	text, err := Read(path, t.budget.File)
	if err != nil {
		return nil, named("read", name, err)
	}
	t.budget.mu.Lock()
	defer t.budget.mu.Unlock()
	if t.budget.first(path) {
		t.budget.bytes += int64(len(text))
	}
	if t.budget.bytes > t.budget.All {
		return nil, named("read", name, fmt.Errorf("with it, the files here are larger than %s together", size(t.budget.All)))
	}
	return text, nil
}

func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) {
	path, err := t.path("open", name)
	if err != nil {
		return nil, err
	}
	f, err := OpenDirectory(path)
	if err != nil {
		return nil, named("open", name, err)
	}
	defer f.Close()
	t.budget.mu.Lock()
	defer t.budget.mu.Unlock()
	left := t.budget.Names
	first := t.budget.first(path)
	if first {
		left -= t.budget.names
	}
	all, err := f.ReadDir(left + 1)
	if err != nil && err != io.EOF {
		return nil, named("open", name, err)
	}
	if len(all) > left {
		return nil, named("open", name, fmt.Errorf("there are more than %d files and directories here", t.budget.Names))
	}
	if first {
		t.budget.names += len(all)
	}
	sortEntries(all)
	return all, nil
}

// Open is for what the other methods do not do. It owes the same.
func (t *tree) Open(name string) (fs.File, error) {
	path, err := t.path("open", name)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return OpenDirectory(path)
	}
	text, err := t.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return &file{info: info, rest: text}, nil
}

// file is a file that has been read.
type file struct {
	info fs.FileInfo
	rest []byte
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Close() error               { return nil }

func (f *file) Read(p []byte) (int, error) {
	if len(f.rest) == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// named puts the name that the tree knows into an error.
func named(op, name string, err error) error {
	if e, ok := err.(*fs.PathError); ok {
		err = e.Err
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
