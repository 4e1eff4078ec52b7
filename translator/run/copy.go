package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// checkOut makes sure that no target of the copy is a source, and that no two
// are one.
func (r *runner) checkOut() {
	sources := map[string]bool{}
	for _, t := range r.targets {
		sources[t.real] = true
	}
	taken := map[string]string{}
	for _, t := range r.targets {
		if t.err != nil {
			continue
		}
		out := filepath.Join(r.options.Out, t.rel)
		real, err := filepath.Abs(out)
		if resolved, e := filepath.EvalSymlinks(real); e == nil {
			real = resolved
		}
		switch {
		case err != nil:
			t.err = fileError(t.path, err)
		case sources[real]:
			t.err = fmt.Errorf("%s: its copy would replace the source %s; name another directory with -o, or use -w", t.path, out)
		case taken[real] != "":
			t.err = fmt.Errorf("%s: its copy would replace that of %s at %s; translate them in two runs", t.path, taken[real], out)
		}
		taken[real] = t.path
	}
}

// copy writes a file's new text into the tree of -o.
func (r *runner) copy(t *target, text []byte) error {
	out := filepath.Join(r.options.Out, t.rel)
	info, err := os.Stat(t.real)
	if err == nil {
		err = r.options.Gate.write(func() error { return r.out.write(t.rel, text, info.Mode().Perm()|0o200) })
	}
	if err != nil {
		if e, ok := errors.AsType[*fs.PathError](err); ok {
			err = e.Err // the path is said, and that of the temporary file is of no interest
		}
		return &located{t.path, fmt.Errorf("its copy %s cannot be written: %w", out, err)}
	}
	return nil
}

// An outTree is the directory of -o. It owes that nothing outside of it is
// written, nor anything through a link within: whoever put one there, before or
// while the run goes on.
type outTree struct {
	root *os.Root
	mark *os.File // locked for as long as the run goes on
	err  error    // why there is none
}

// unfinishedMark lies in an outTree until its run has ended: temporary files of
// one that was killed are below it.
const unfinishedMark = ".pyxlate-unfinished"

var errLink = errors.New("links are not followed; name the directory itself, or remove the link")

func openOut(dir string) *outTree {
	o := &outTree{}
	if info, err := os.Lstat(filepath.Clean(dir)); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		o.err = fmt.Errorf("%s is a link: %w", dir, errLink)
		return o
	}
	if o.err = os.MkdirAll(dir, 0o777); o.err != nil {
		return o
	}
	if o.root, o.err = os.OpenRoot(dir); o.err != nil {
		return o
	}
	o.err = o.begin()
	return o
}

// begin keeps other runs out, and removes what one that was killed has left.
func (o *outTree) begin() error {
	killed := false
	if info, err := o.root.Lstat(unfinishedMark); err == nil {
		killed = info.Mode().IsRegular()
		if !killed {
			_ = o.root.Remove(unfinishedMark)
		}
	}
	var err error
	if o.mark, err = o.root.OpenFile(unfinishedMark, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return err
	}
	if err := lockFile(o.mark, false); err != nil {
		o.mark.Close()
		o.mark = nil
		return errors.New("another run writes there; wait for it")
	}
	if !killed {
		return nil
	}
	return fs.WalkDir(o.root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && isTempName(d.Name()) {
			err = o.root.Remove(filepath.FromSlash(path))
		}
		return err
	})
}

func (o *outTree) close() {
	if o.mark != nil {
		_ = o.root.Remove(unfinishedMark)
		o.mark.Close()
	}
	if o.root != nil {
		o.root.Close()
	}
}

// write writes a file: whole, or not at all.
func (o *outTree) write(rel string, text []byte, mode fs.FileMode) error {
	if o.err != nil {
		return o.err
	}
	dir, err := o.directory(filepath.Dir(rel))
	if err != nil {
		return err
	}
	defer dir.Close()
	name := filepath.Base(rel)
	switch info, err := dir.Lstat(name); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		return errLink
	case !info.Mode().IsRegular():
		return errors.New("what is there is not a regular file")
	}
	temp := filepath.Base(tempName(name))
	f, err := dir.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = dir.Rename(temp, name) // replaces what is there, and follows nothing
	}
	if err != nil {
		_ = dir.Remove(temp)
	}
	return err
}

// directory opens a directory of the tree, and makes it where it is missing. It
// goes there step by step: each is in the one before, and no link.
func (o *outTree) directory(rel string) (*os.Root, error) {
	at, err := o.root.OpenRoot(".")
	if err != nil || rel == "." {
		return at, err
	}
	for name := range strings.SplitSeq(rel, string(filepath.Separator)) {
		next, err := enter(at, name)
		at.Close()
		if err != nil {
			return nil, err
		}
		at = next
	}
	return at, nil
}

func enter(at *os.Root, name string) (*os.Root, error) {
	if err := at.Mkdir(name, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	next, err := at.OpenRoot(name)
	if err != nil {
		if info, e := at.Lstat(name); e == nil && info.Mode()&fs.ModeSymlink != 0 {
			err = fmt.Errorf("%s is a link: %w", name, errLink)
		}
		return nil, err
	}
	// What was opened may have been a link, to somewhere in the tree.
	opened, err := next.Stat(".")
	if err == nil {
		var there fs.FileInfo
		if there, err = at.Lstat(name); err == nil && !os.SameFile(opened, there) {
			err = fmt.Errorf("%s is a link: %w", name, errLink)
		}
	}
	if err != nil {
		next.Close()
		return nil, err
	}
	return next, nil
}
