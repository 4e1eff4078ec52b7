package run

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"pyxlate/translator/files"
)

// Undone is what became of one file of an undo.
type Undone struct {
	Path string
	Err  error // why it is left as it is; nil for a file that is restored
}

// ErrNothing says that there is no run to take back.
var ErrNothing = errors.New("there is no run to undo")

// A PastRun is a run that can be taken back.
type PastRun struct {
	Number  int
	Began   time.Time
	Project string // the root of the git repository in which it was started, or the directory; "" if that is not known
	Files   []string
	GoingOn bool
	// Here says that it was started in this project, or wrote a file of it.
	Here bool

	dir string
	err error // its journal cannot be read
}

// outside gives the files that are none of a project's, if the run was not
// started there.
func (r *PastRun) outside(project string, paths []string) []string {
	if r.Project == project {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return within(project, p) })
}

// Undo takes back a run that wrote files: each file gets back the text that it
// had before. A file that changed since is left alone unless Force says
// otherwise; its run then stays in the journal.
type Undo struct {
	StateDir string // as in Options
	Force    bool
	// Number chooses a run; 0 is the last of this project (the git repository of
	// the working directory, or that directory), with Anywhere of all.
	Number   int
	Anywhere bool
	// Confirm is asked before files are restored that are none of this project's,
	// by a run that was not started in it. An error keeps everything as it is.
	Confirm func(r PastRun, outside []string) error
	// Done is called for each file, in path order, as it is restored or refused.
	Done func(Undone)
	Gate *Gate
}

// Runs lists the runs that can be taken back, the last first.
func Runs(stateDir string) ([]PastRun, error) {
	s, err := openState(stateDir)
	if err != nil {
		return nil, err
	}
	return s.past()
}

// past lists the runs, the last first.
func (s *state) past() ([]PastRun, error) {
	unlock, err := s.lock()
	if err != nil {
		return nil, err
	}
	err = s.tidy()
	unlock()
	if err != nil {
		return nil, err
	}
	dirs, err := s.runs()
	if err != nil {
		return nil, err
	}
	here := projectOf(".")
	var all []PastRun
	for _, dir := range slices.Backward(dirs) {
		a, _ := aboutRun(dir)
		r := PastRun{Number: a.Number, Began: a.Began, Project: string(a.Project), dir: dir, Here: string(a.Project) == here}
		f, err := openJournal(dir)
		if errors.Is(err, errGoingOn) {
			r.GoingOn = true
			f, err = os.OpenFile(filepath.Join(dir, journalName), os.O_RDONLY, 0)
		}
		if errors.Is(err, os.ErrNotExist) {
			continue // undone just now
		}
		if err == nil {
			var records []record
			records, err = readRecords(f)
			f.Close()
			for _, x := range records {
				r.Files = append(r.Files, string(x.Path))
				r.Here = r.Here || within(here, string(x.Path))
			}
		}
		r.err = err
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b PastRun) int { return cmp.Compare(b.Number, a.Number) })
	return all, nil
}

// Run does it.
func (u Undo) Run() error {
	s, err := openState(u.StateDir)
	if err != nil {
		return err
	}
	if u.Gate == nil {
		u.Gate = new(Gate)
	}
	past, err := s.past()
	if err != nil {
		return err
	}
	here := projectOf(".")
	for _, r := range past {
		if u.Number != 0 && r.Number != u.Number || u.Number == 0 && !u.Anywhere && !r.Here {
			continue
		}
		if r.err != nil {
			return r.err
		}
		found, err := u.undo(s, r, here)
		if err != nil || found {
			return err
		}
	}
	switch {
	case u.Number != 0:
		return fmt.Errorf("there is no run %d to undo", u.Number)
	case !u.Anywhere && len(past) > 0:
		return fmt.Errorf("%w in %s; `pyxlate undo --list` shows those of other projects", ErrNothing, here)
	}
	return ErrNothing
}

// undo takes back one run; found is false where it had written nothing.
func (u Undo) undo(s *state, r PastRun, here string) (found bool, err error) {
	f, err := openJournal(r.dir)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil // undone just now
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	records, err := readRecords(f)
	if err != nil {
		return false, err
	}
	slices.SortFunc(records, func(a, b record) int { return cmp.Compare(a.Path, b.Path) })
	var touched []record
	var paths []string
	for _, r := range records {
		if now, err := files.ReadInto(nil, string(r.Path), files.Text); err != nil || sum(now) != r.Old {
			touched, paths = append(touched, r), append(paths, string(r.Path))
		}
	}
	if outside := r.outside(here, paths); len(outside) > 0 {
		if u.Confirm == nil {
			return false, errors.New("it would restore files of another project")
		}
		if err := u.Confirm(r, outside); err != nil {
			return false, err
		}
	}
	// An undo that was killed may have restored the last file, and must not lead
	// to the run before.
	found = len(touched) > 0 || has(r.dir, undoingMark)
	if len(touched) > 0 {
		if err := put(r.dir, undoingMark); err != nil {
			return false, err
		}
		if err := os.Remove(filepath.Join(r.dir, cleanMark)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return false, err
		}
	}
	refused := false
	for _, x := range touched {
		var refusal error
		err := u.Gate.write(func() error {
			refusal = s.restore(r.dir, x, u.Force)
			return refusal
		})
		if errors.Is(err, errClosed) {
			return true, err
		}
		refused = refused || refusal != nil
		u.Done(Undone{string(x.Path), refusal})
	}
	if refused {
		_ = os.Remove(filepath.Join(r.dir, undoingMark))
		return true, put(r.dir, cleanMark)
	}
	return found, drop(r.dir)
}

// restore gives one file its old text back.
func (s *state) restore(dir string, r record, force bool) error {
	kept := filepath.Join(dir, r.Text)
	path, temp := string(r.Path), string(r.Temp)
	r.removeTemp()
	if dir := filepath.Dir(path); realPath(dir) != dir {
		return errors.New("its directory is a link now, and is not followed")
	}
	now, err := files.ReadInto(nil, path, files.Text)
	gone := errors.Is(err, fs.ErrNotExist)
	switch {
	case gone && !force:
		return fmt.Errorf("it is gone; its old text is in %s; --force puts it back", kept)
	case gone:
	case err != nil:
		return err
	case sum(now) == r.Old:
		return nil
	case sum(now) != r.New && !force:
		return fmt.Errorf("it changed since, and is left as it is; its old text is in %s; --force puts it back", kept)
	}
	old, err := files.Read(kept, files.Text)
	if err != nil {
		return err
	}
	if sum(old) != r.Old {
		return fmt.Errorf("its old text in %s is damaged", kept)
	}
	if gone {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		return createWhole(path, temp, old, cmp.Or(r.Mode, 0o644))
	}
	return replace(path, temp, now, old, s)
}
