// Package files is the one door through which pyxlate reads what is on the disk.
//
// It owes that a read ends: only regular files are read (also behind links),
// none is waited for, and each is bounded in size, whatever lies at a path that
// somebody else has chosen - a named pipe, a device, a link to either. It knows
// nothing of what the files are for, and writes none.
package files

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
)

// The sizes in bytes up to which files are read. A text is one that programs
// write, too, such as a notebook with its outputs; people write settings.
const (
	Text     = 256 << 20
	Settings = 1 << 20
)

// ErrNotRegular says that a path leads to what is no regular file.
var ErrNotRegular = errors.New("not a regular file")

// TooLarge is the error of a file that is larger than its reader takes.
type TooLarge struct{ Most int64 }

func (e *TooLarge) Error() string { return "larger than " + size(e.Most) + ", and not read" }

// size writes a number of bytes as people do.
func size(n int64) string {
	unit := "bytes"
	for _, u := range []string{"KiB", "MiB", "GiB"} {
		if n < 1<<10 || n%(1<<10) != 0 {
			break
		}
		n, unit = n>>10, u
	}
	return fmt.Sprint(n, " ", unit)
}

// Read reads a file of at most so many bytes.
func Read(path string, most int64) ([]byte, error) {
	text, _, err := ReadOwned(path, most)
	return text, err
}

// ReadOwned is Read, with the owner of what was read.
func ReadOwned(path string, most int64) ([]byte, Owner, error) {
	// What is no file is not even opened: that alone acts on some devices.
	info, err := os.Stat(path)
	if err != nil {
		return nil, Owner{}, err
	}
	if !info.Mode().IsRegular() {
		return nil, Owner{}, ErrNotRegular
	}
	return read(nil, path, most)
}

// ReadInto is Read for a path that was just seen to be a file, with a buffer to
// use where it is large enough: one system call less for each of thousands of
// files.
func ReadInto(buffer []byte, path string, most int64) ([]byte, error) {
	text, _, err := read(buffer, path, most)
	return text, err
}

func read(buffer []byte, path string, most int64) ([]byte, Owner, error) {
	f, err := openPlain(path)
	if err != nil {
		return nil, Owner{}, err
	}
	defer f.Close()
	size, regular, err := f.stat()
	switch {
	case err != nil:
		return nil, Owner{}, err
	case !regular:
		return nil, Owner{}, ErrNotRegular
	case size > most:
		return nil, Owner{}, &TooLarge{most}
	}
	text := slices.Grow(buffer[:0], int(size)+1)[:size]
	n, err := io.ReadFull(f, text)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return nil, Owner{}, err
	}
	if n < len(text) {
		return nil, Owner{}, errors.New("it became shorter while it was read; run again")
	}
	return text, f.owner, nil
}

// Head reads the first bytes of a file, at most so many.
func Head(path string, most int) ([]byte, error) {
	f, err := openPlain(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if _, regular, err := f.stat(); err != nil || !regular {
		return nil, errors.Join(ErrNotRegular, err)
	}
	head := make([]byte, most)
	n, err := io.ReadFull(f, head)
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		err = nil
	}
	return head[:n], err
}

// ReadAll reads what is no file, such as standard input, to its end.
func ReadAll(r io.Reader, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(text)) > most {
		err = &TooLarge{most}
	}
	if err != nil {
		return nil, err
	}
	return text, nil
}

// Entries lists a directory, sorted by name.
func Entries(dir string) ([]fs.DirEntry, error) {
	f, err := OpenDirectory(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := f.ReadDir(-1)
	sortEntries(all)
	return all, err
}

func sortEntries(all []fs.DirEntry) {
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
}
