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
	"strconv"
	"strings"
	"time"

	"pyxlate/translator/files"
)

// The undo journal: below the state directory, each -w run has a directory
// named by its time,
//
//	undo/20190331T120000.000000000-4711/run      what is said of the run (about)
//	undo/20190331T120000.000000000-4711/journal  one JSON record for each file
//	undo/20190331T120000.000000000-4711/0        the old text of the first file
//
// A file's old text and its record are on the disk before the file is
// replaced, so at whatever instant a run is killed, the journal knows every
// file that the run may have touched, and its temporary file; whether it did,
// the file's own text says. An undo uses the same temporary files. Two more
// files are marks:
//
//	clean    no temporary file is left of the run or of an undo
//	undoing  an undo has begun: the next one goes on with it

const (
	aboutName   = "run"
	journalName = "journal"
	cleanMark   = "clean"
	undoingMark = "undoing"
	undoneMark  = ".undone" // suffix of a directory that is being dropped
	keptRuns    = 20        // of a project; older ones are dropped when a run begins
	keptOfAll   = 100
)

// about is what is said of a run. Journals of older versions do without.
type about struct {
	Number  int       `json:"number"`
	Project anyPath   `json:"project"` // where it was started; "" if that is not known
	Began   time.Time `json:"began"`
}

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

// put leaves a mark in a run's directory.
func put(dir, mark string) error {
	f, err := os.OpenFile(filepath.Join(dir, mark), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return cmp.Or(f.Sync(), f.Close(), syncDir(dir))
}

func has(dir, mark string) bool {
	_, err := os.Lstat(filepath.Join(dir, mark))
	return err == nil
}

// tidy removes what killed runs and undos have left, and sees to it that every
// run has a number. It is called with the lock, so that no run is just about to
// begin.
func (s *state) tidy() error {
	entries, err := files.Entries(filepath.Join(s.dir, "undo"))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if dir := filepath.Join(s.dir, "undo", e.Name()); strings.HasSuffix(e.Name(), undoneMark) {
			_ = os.RemoveAll(dir)
		} else if e.IsDir() && !has(dir, cleanMark) {
			tidyRun(dir)
		}
	}
	dirs, err := s.runs()
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if _, known := aboutRun(dir); !known {
			began, _, _ := strings.Cut(filepath.Base(dir), "-")
			at, _ := time.Parse("20060102T150405.000000000", began)
			if err := s.describe(dir, about{Began: at}); err != nil {
				return err
			}
		}
	}
	return nil
}

// tidyRun removes the temporary files of a run that has ended.
func tidyRun(dir string) {
	f, err := openJournal(dir)
	if errors.Is(err, os.ErrNotExist) { // killed before it began
		_ = drop(dir)
		return
	}
	if err != nil {
		return
	}
	defer f.Close()
	records, err := readRecords(f)
	switch {
	case err != nil: // whoever takes it back is told
	case len(records) == 0:
		_ = drop(dir)
	default:
		for _, r := range records {
			r.removeTemp()
		}
		_ = put(dir, cleanMark)
	}
}

func (r record) removeTemp() {
	if isTempName(filepath.Base(string(r.Temp))) {
		_ = os.Remove(string(r.Temp))
	}
}

func aboutRun(dir string) (about, bool) {
	var a about
	text, err := files.Read(filepath.Join(dir, aboutName), files.Settings)
	return a, err == nil && json.Unmarshal(text, &a) == nil && a.Number > 0
}

// describe writes what is said of a run, with the next number.
func (s *state) describe(dir string, a about) error {
	last := filepath.Join(s.dir, "last")
	if text, err := files.Read(last, files.Settings); err == nil {
		a.Number, _ = strconv.Atoi(string(text))
	}
	dirs, err := s.runs()
	if err != nil {
		return err
	}
	for _, d := range dirs {
		other, _ := aboutRun(d)
		a.Number = max(a.Number, other.Number)
	}
	a.Number++
	text, err := json.Marshal(a)
	if err == nil {
		err = createWhole(last, filepath.Join(s.dir, ".last"), []byte(strconv.Itoa(a.Number)), 0o600)
	}
	if err == nil {
		err = createWhole(filepath.Join(dir, aboutName), filepath.Join(dir, "."+aboutName), text, 0o600)
	}
	return err
}

// projectOf gives what a run that is started in a directory is about: its git
// repository, or the directory itself.
func projectOf(dir string) string {
	dir = realPath(dir)
	return cmp.Or(files.Repository(dir), dir)
}

// journal is that of the run going on.
type journal struct {
	dir  string
	file *os.File // locked for as long as the run goes on
	n    int
}

// begin opens the journal of a new run.
func (s *state) begin() (*journal, error) {
	unlock, err := s.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := s.tidy(); err != nil {
		return nil, err
	}
	a := about{Project: anyPath(projectOf(".")), Began: time.Now().UTC()}
	s.prune(a.Project)
	j := &journal{dir: filepath.Join(s.dir, "undo", a.Began.Format("20060102T150405.000000000")+"-"+strconv.Itoa(os.Getpid()))}
	if err := os.Mkdir(j.dir, 0o700); err != nil {
		return nil, err
	}
	j.file, err = os.OpenFile(filepath.Join(j.dir, journalName), os.O_RDWR|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err == nil {
		err = lockFile(j.file, false)
	}
	if err == nil {
		err = s.describe(j.dir, a)
	}
	if err != nil {
		return nil, err
	}
	return j, syncDir(filepath.Join(s.dir, "undo"))
}

// prune drops the oldest runs, so that there is room for one more.
func (s *state) prune(project anyPath) {
	dirs, err := s.runs()
	if err != nil {
		return
	}
	all, own := len(dirs), 0
	for _, dir := range dirs {
		if a, _ := aboutRun(dir); a.Project == project {
			own++
		}
	}
	for _, dir := range dirs {
		a, _ := aboutRun(dir)
		mine := a.Project == project
		if all < keptOfAll && (own < keptRuns || !mine) {
			continue
		}
		if f, err := openJournal(dir); err == nil {
			_ = drop(dir)
			f.Close()
			if all--; mine {
				own--
			}
		}
	}
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
	} else {
		err = put(j.dir, cleanMark)
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
