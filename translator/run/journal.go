package run

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"pyxlate/translator/files"
)

// The undo journal: below the state directory, each -w run has a directory
// named by its time,
//
//	undo/20190331T120000.000000000-4711/journal   one JSON record for each file
//	undo/20190331T120000.000000000-4711/0         the old text of the first file
//
// A file's old text and its record are on the disk before the file is
// replaced, so at whatever instant a run is killed, the journal knows every
// file that the run may have touched; whether it did, the file's own text says.

const (
	journalName = "journal"
	keptRuns    = 20        // older ones are dropped when a run begins
	undoneMark  = ".undone" // suffix of a directory that is being dropped
)

// record is one line of a journal.
type record struct {
	Path anyPath     `json:"path"` // absolute
	Temp anyPath     `json:"temp"` // where its new text was written first
	Old  string      `json:"old"`  // SHA-256 of its text before the run, in hex
	New  string      `json:"new"`  // and after it
	Text string      `json:"text"` // name of the file with the old text
	Mode fs.FileMode `json:"mode"` // its permissions
}

// anyPath is a path, of any bytes. As JSON it is quoted as a string of Go, so
// that bytes that are no UTF-8 come back.
type anyPath string

func (p anyPath) MarshalText() ([]byte, error) { return []byte(strconv.QuoteToASCII(string(p))), nil }

func (p *anyPath) UnmarshalText(text []byte) error {
	s, err := strconv.Unquote(string(text))
	*p = anyPath(s)
	return err
}

func sum(text []byte) string {
	h := sha256.Sum256(text)
	return hex.EncodeToString(h[:])
}

// state is pyxlate's directory below the user's state directory.
type state struct{ dir string }

// openState makes the directory. dir "" means $XDG_STATE_HOME/pyxlate or
// ~/.local/state/pyxlate.
func openState(dir string) (*state, error) {
	if dir == "" {
		base := os.Getenv("XDG_STATE_HOME")
		if !filepath.IsAbs(base) { // as the XDG specification has it
			home, err := os.UserHomeDir()
			if err != nil {
				return nil, err
			}
			base = filepath.Join(home, ".local", "state")
		}
		dir = filepath.Join(base, "pyxlate")
	}
	if err := os.MkdirAll(filepath.Join(dir, "undo"), 0o700); err != nil {
		return nil, err
	}
	return &state{dir}, nil
}

// lock keeps other runs from replacing a file until unlock is called.
func (s *state) lock() (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(s.dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f, true); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}

// runs lists the directories of runs that can be taken back, the oldest first.
func (s *state) runs() ([]string, error) {
	entries, err := files.Entries(filepath.Join(s.dir, "undo"))
	var all []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasSuffix(e.Name(), undoneMark) {
			all = append(all, filepath.Join(s.dir, "undo", e.Name()))
		}
	}
	return all, err
}

// drop forgets a run.
func drop(dir string) error {
	mark := dir + undoneMark
	if err := os.Rename(dir, mark); err != nil {
		return err
	}
	return os.RemoveAll(mark)
}

// journal is that of the run going on.
type journal struct {
	dir  string
	file *os.File // locked for as long as the run goes on
	n    int
}

// begin opens the journal of a new run.
func (s *state) begin() (*journal, error) {
	if old, err := s.runs(); err == nil && len(old) >= keptRuns {
		for _, dir := range old[:len(old)-keptRuns+1] {
			if f, err := openJournal(dir); err == nil {
				_ = drop(dir)
				f.Close()
			}
		}
	}
	name := time.Now().UTC().Format("20060102T150405.000000000") + "-" + strconv.Itoa(os.Getpid())
	j := &journal{dir: filepath.Join(s.dir, "undo", name)}
	if err := os.Mkdir(j.dir, 0o700); err != nil {
		return nil, err
	}
	var err error
	j.file, err = os.OpenFile(filepath.Join(j.dir, journalName), os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err == nil {
		err = lockFile(j.file, false)
	}
	if err != nil {
		return nil, err
	}
	return j, syncDir(filepath.Join(s.dir, "undo"))
}

// record puts a file's old text on the disk.
func (j *journal) record(path, temp string, before, after []byte) error {
	r := record{Path: anyPath(path), Temp: anyPath(temp), Old: sum(before), New: sum(after), Text: strconv.Itoa(j.n)}
	if info, err := os.Lstat(path); err == nil {
		r.Mode = info.Mode().Perm()
	}
	if err := writeTemp(filepath.Join(j.dir, r.Text), before, nil); err != nil {
		return err
	}
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := syncDir(j.dir); err != nil {
		return err
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return err
	}
	j.n++
	return j.file.Sync()
}

// close ends the run. One that wrote nothing leaves no journal.
func (j *journal) close() error {
	var err error
	if j.n == 0 {
		err = drop(j.dir)
	}
	return cmp.Or(err, j.file.Close())
}

var errGoingOn = errors.New("a run is still going on; wait for it")

// openJournal opens the journal of a run that has ended, and keeps others away
// from it until it is closed.
func openJournal(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, journalName), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f, false); err != nil {
		f.Close()
		return nil, errGoingOn
	}
	return f, nil
}

// readRecords reads a journal. A last line that was cut off belongs to a file
// that was not touched yet.
func readRecords(f *os.File) ([]record, error) {
	var all []record
	in := bufio.NewReader(f)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return all, nil
		}
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			return all, fmt.Errorf("%s: %w", f.Name(), err)
		}
		all = append(all, r)
	}
}

// Undone is what became of one file of an undo.
type Undone struct {
	Path string
	Err  error // why it is left as it is; nil for a file that is restored
}

// ErrNothing says that there is no run to take back.
var ErrNothing = errors.New("there is no run to undo")

// Undo takes back the last run that wrote files: each file gets back the text
// that it had before. A file that changed since is left alone unless force
// says otherwise; its run then stays in the journal. stateDir is as in Options.
// done is called for each file, in path order, as it is restored or refused.
func Undo(stateDir string, force bool, done func(Undone)) error {
	s, err := openState(stateDir)
	if err != nil {
		return err
	}
	dirs, err := s.runs()
	if err != nil {
		return err
	}
	for _, dir := range slices.Backward(dirs) {
		found, err := s.undo(dir, force, done)
		if err != nil || found {
			return err
		}
	}
	return ErrNothing
}

// undo takes back one run; found is false where it had written nothing.
func (s *state) undo(dir string, force bool, done func(Undone)) (found bool, err error) {
	f, err := openJournal(dir)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil // killed before it began, or undone just now
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
	refused := false
	for _, r := range records {
		os.Remove(string(r.Temp)) // of a run that was killed
		touched, err := s.restore(dir, r, force)
		if !touched {
			continue
		}
		found = true
		refused = refused || err != nil
		done(Undone{string(r.Path), err})
	}
	if refused {
		return true, nil
	}
	return found, drop(dir)
}

// restore gives one file its old text back; touched is false where it has it.
func (s *state) restore(dir string, r record, force bool) (touched bool, err error) {
	kept := filepath.Join(dir, r.Text)
	path := string(r.Path)
	now, err := files.ReadInto(nil, path, files.Text)
	gone := errors.Is(err, os.ErrNotExist)
	switch {
	case gone && !force:
		return true, fmt.Errorf("it is gone; its old text is in %s; --force puts it back", kept)
	case gone:
	case err != nil:
		return true, err
	case sum(now) == r.Old:
		return false, nil
	case sum(now) != r.New && !force:
		return true, fmt.Errorf("it changed since, and is left as it is; its old text is in %s; --force puts it back", kept)
	}
	old, err := files.Read(kept, files.Text)
	if err != nil {
		return true, err
	}
	if sum(old) != r.Old {
		return true, fmt.Errorf("its old text in %s is damaged", kept)
	}
	if gone {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return true, err
		}
		return true, createWhole(path, old, cmp.Or(r.Mode, 0o644))
	}
	return true, replace(path, tempName(path), now, old, s)
}
