package run

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pyxlate/translator/files"
)

// errChanged says that somebody else wrote the file in the meantime.
var errChanged = errors.New("it changed while it was translated, and is left as it is now; run again")

// writer replaces files one after the other, each recorded in the undo journal
// before it is replaced.
type writer struct {
	stateDir string // "" means the user's
	state    *state
	journal  *journal
}

// write replaces the file at path, whose text was before, by after.
func (w *writer) write(path string, before, after []byte) error {
	if w.journal == nil {
		state, err := openState(w.stateDir)
		if err == nil {
			w.state = state
			w.journal, err = state.begin()
		}
		if err != nil {
			return fmt.Errorf("nothing is written, since the journal for `pyxlate undo` cannot be kept: %w; set XDG_STATE_HOME to a directory that can be written", err)
		}
	}
	temp := tempName(path)
	if err := w.journal.record(path, temp, before, after); err != nil {
		return fmt.Errorf("the file is left alone, since the journal for `pyxlate undo` cannot be kept: %w", err)
	}
	return replace(path, temp, before, after, w.state)
}

func (w *writer) close() error {
	if w.journal == nil {
		return nil
	}
	return w.journal.close()
}

// tempName gives a name in the directory of path that no file has. It is no
// longer than systems allow, even where that of path is.
func tempName(path string) string {
	var random [6]byte
	_, _ = rand.Read(random[:]) // never fails
	base := filepath.Base(path)
	return filepath.Join(filepath.Dir(path), "."+base[:min(len(base), 200)]+".pyxlate-"+hex.EncodeToString(random[:]))
}

// isTempName tells a name that tempName gives.
func isTempName(name string) bool {
	at := strings.LastIndex(name, ".pyxlate-")
	if at < 1 || name[0] != '.' {
		return false
	}
	random, err := hex.DecodeString(name[at+len(".pyxlate-"):])
	return err == nil && len(random) == 6
}

// replace puts after in the place of before: whole, or not at all. The file
// keeps its permissions and its owner; other hard links to it keep the old
// text. path must not be a symbolic link. A file whose text is not before any
// more is left alone: errChanged.
func replace(path, temp string, before, after []byte, s *state) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errChanged
	}
	if info.Mode().Perm()&0o222 == 0 {
		return errors.New("it is read-only; make it writable, or leave it out with --exclude")
	}
	if err := writeTemp(temp, after, info); err != nil {
		return err
	}
	defer os.Remove(temp) // there is none after the rename
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	now, err := files.ReadInto(nil, path, files.Text)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, before) {
		return errChanged
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// writeTemp writes a new file that is to take the place of another one, to the
// disk itself. It leaves none behind when it fails.
func writeTemp(temp string, text []byte, like fs.FileInfo) (err error) {
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
		if err != nil {
			os.Remove(temp)
		}
	}()
	if _, err := f.Write(text); err != nil {
		return err
	}
	if like != nil {
		if err := keepOwner(f, like); err != nil {
			return err
		}
		// After the owner: a change of owner takes set-id bits away.
		if err := f.Chmod(like.Mode() & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky)); err != nil {
			return err
		}
	}
	return f.Sync()
}

// createWhole writes a file that may be there already and whose old text does
// not matter: whole, or not at all. What lies at temp is left from before.
func createWhole(path, temp string, text []byte, mode fs.FileMode) error {
	os.Remove(temp)
	if err := writeTemp(temp, text, nil); err != nil {
		return err
	}
	err := os.Chmod(temp, mode|0o200)
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		os.Remove(temp)
	}
	return err
}

// WriteWhole writes what print prints to a path that a user has named, with the
// directories that are missing: whole, or not at all. A link that lies there is
// not followed, since a repository may have put it there; pipes and devices are
// written to.
func WriteWhole(gate *Gate, path string, print func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	mode := fs.FileMode(0o666)
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		// Those of the system stand for what is open: /dev/stdout.
		dir := realPath(filepath.Dir(path))
		if target, err := os.Stat(path); !within("/dev", dir) && !within("/proc", dir) && (err != nil || target.Mode().IsRegular()) {
			return errors.New("it is a link; name the file itself")
		}
		return writeInto(path, print)
	case !info.Mode().IsRegular():
		return writeInto(path, print)
	default:
		mode = info.Mode().Perm()
	}
	return gate.pass(func() error {
		temp := tempName(path)
		f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if err != nil {
			return err
		}
		err = cmp.Or(print(f), f.Close())
		if err == nil {
			err = os.Rename(temp, path)
		}
		if err != nil {
			os.Remove(temp)
		}
		if e, ok := errors.AsType[*fs.PathError](err); ok {
			err = e.Err // whose path is that of the temporary file
		}
		return err
	})
}

// writeInto writes to a pipe or a device. A pipe that nobody reads is an error
// and not waited for.
func writeInto(path string, print func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|dontWait, 0)
	if err != nil {
		return err
	}
	return cmp.Or(print(f), f.Close())
}

// syncDir makes renames in a directory last. Not every system can, so an error
// is none of the file's.
func syncDir(dir string) error {
	if d, err := files.OpenDirectory(dir); err == nil {
		_ = d.Sync()
		return d.Close()
	}
	return nil
}
