package files_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	_ "pyxlate/translator/check/golden" // -update, so that it may be given to all packages at once
	"pyxlate/translator/files"
)

// What is no regular file is not read, directly or behind a link, and nothing
// waits for it.
func TestOnlyRegularFiles(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.WriteFile(at("file"), []byte("text"), 0o600))
	require.NoError(t, os.WriteFile(at("empty"), nil, 0o600))
	require.NoError(t, os.Mkdir(at("directory"), 0o700))
	require.NoError(t, syscall.Mkfifo(at("pipe"), 0o600))
	t.Chdir(dir) // the name of a socket must be short
	socket, err := net.Listen("unix", "socket")
	require.NoError(t, err)
	defer socket.Close()
	for _, name := range []string{"file", "directory", "pipe", "socket"} {
		require.NoError(t, os.Symlink(name, at("link to "+name)))
	}
	require.NoError(t, os.Symlink("/dev/zero", at("link to device")))
	require.NoError(t, os.Symlink("loop", at("loop")))
	for _, name := range []string{"directory", "pipe", "socket", "link to directory", "link to pipe", "link to socket", "link to device"} {
		_, err := files.Read(at(name), files.Settings)
		assert.ErrorIs(t, err, files.ErrNotRegular, name)
		if name != "socket" && name != "link to socket" { // which cannot even be opened
			_, err = files.ReadInto(nil, at(name), files.Settings)
			assert.ErrorIs(t, err, files.ErrNotRegular, name)
			_, err = files.Head(at(name), 4)
			assert.ErrorIs(t, err, files.ErrNotRegular, name)
		}
	}
	for _, name := range []string{"file", "link to file"} {
		text, err := files.Read(at(name), files.Settings)
		require.NoError(t, err)
		assert.Equal(t, "text", string(text))
	}
	text, err := files.Read(at("empty"), files.Settings)
	require.NoError(t, err)
	assert.Empty(t, text)
	_, err = files.Read(at("loop"), files.Settings)
	assert.ErrorIs(t, err, syscall.ELOOP)
	_, err = files.Read(at("nowhere"), files.Settings)
	assert.ErrorIs(t, err, fs.ErrNotExist)
	_, err = files.Entries(at("pipe"))
	assert.Error(t, err)
}

func TestFilesAreBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	require.NoError(t, os.WriteFile(path, []byte("12345"), 0o600))
	text, err := files.Read(path, 5)
	require.NoError(t, err)
	assert.Equal(t, "12345", string(text))
	_, err = files.Read(path, 4)
	assert.EqualError(t, err, "larger than 4 bytes, and not read")
	require.NoError(t, os.Truncate(path, 1<<40)) // a hole takes no place on the disk
	_, err = files.Read(path, files.Text)
	assert.EqualError(t, err, "larger than 256 MiB, and not read")
	head, err := files.Head(path, 3)
	require.NoError(t, err)
	assert.Equal(t, "123", string(head))

	endless := io.MultiReader(strings.NewReader("1234"), neverEnding{})
	_, err = files.ReadAll(endless, 1000)
	assert.EqualError(t, err, "larger than 1000 bytes, and not read")
	text, err = files.ReadAll(strings.NewReader("1234"), 4)
	require.NoError(t, err)
	assert.Equal(t, "1234", string(text))
}

type neverEnding struct{}

func (neverEnding) Read(p []byte) (int, error) { return len(p), nil }

func TestTree(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.txt", "b/c.txt", "b/d/e.txt"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("12345"), 0o600))
	}
	require.NoError(t, fstest.TestFS((&files.Budget{File: 5, All: 1 << 20, Names: 1 << 20}).Tree(dir), "a.txt", "b/c.txt", "b/d/e.txt"))

	_, err := fs.ReadFile((&files.Budget{File: 4, All: 100, Names: 100}).Tree(dir), "a.txt")
	assert.EqualError(t, err, "read a.txt: larger than 4 bytes, and not read")

	both := &files.Budget{File: 5, All: 9, Names: 100}
	_, err = fs.ReadFile(both.Tree(dir), "a.txt")
	require.NoError(t, err)
	_, err = fs.ReadFile(both.Tree(filepath.Join(dir, "b")), "c.txt")
	assert.EqualError(t, err, "read c.txt: with it, the files here are larger than 9 bytes together")

	err = fs.WalkDir((&files.Budget{File: 5, All: 9, Names: 4}).Tree(dir), ".", func(_ string, _ fs.DirEntry, err error) error { return err })
	assert.EqualError(t, err, "open b/d: there are more than 4 files and directories here")

	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600))
	own := (&files.Budget{File: 5, All: 100, Names: 100}).Tree(dir)
	_, err = fs.ReadFile(own, "pipe")
	assert.ErrorIs(t, err, files.ErrNotRegular)
	_, err = own.Open("pipe")
	assert.ErrorIs(t, err, files.ErrNotRegular)
	_, err = own.Open("../x")
	assert.ErrorIs(t, err, fs.ErrInvalid)
	_, err = own.Open("nowhere")
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

// No other package opens a file to read it, but for what tests compare with. What
// package run opens, it writes.
func TestOneDoor(t *testing.T) {
	readers := map[string]bool{"os.Open": true, "os.ReadFile": true, "os.OpenFile": true, "os.ReadDir": true, "os.DirFS": true, "os.CopyFS": true,
		"filepath.Walk": true, "filepath.WalkDir": true, "filepath.Glob": true, "syscall.Open": true}
	mayOpen := map[string]bool{"translator/run/write.go": true, "translator/run/journal.go": true, "translator/run/undo.go": true}
	seen := 0
	for _, top := range []string{"cmd", "grammar", "rules", "translator"} {
		err := filepath.WalkDir(filepath.Join("../..", top), func(path string, d fs.DirEntry, err error) error {
			name, _ := filepath.Rel("../..", path)
			name = filepath.ToSlash(name)
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(name, "translator/files/") || strings.HasPrefix(name, "translator/check/golden/") {
				return err
			}
			seen++
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			for _, i := range file.Imports {
				if p, _ := strconv.Unquote(i.Path.Value); p == "io/ioutil" {
					t.Errorf("%s imports %s", name, p)
				}
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if x, ok := s.X.(*ast.Ident); ok {
						if call := x.Name + "." + s.Sel.Name; readers[call] && !(call == "os.OpenFile" && mayOpen[name]) {
							t.Errorf("%s uses %s: files are read by package files", name, call)
						}
					}
				}
				return true
			})
			return nil
		})
		require.NoError(t, err)
	}
	if seen < 100 {
		t.Error(errors.New("the sources were not found"))
	}
}
