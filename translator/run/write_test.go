package run_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pyxlate/translator/edit"
	"pyxlate/translator/report"
	"pyxlate/translator/run"
	"pyxlate/translator/run/runtest"
)

// TestMain is also the program that TestKilled and others kill and TestFullDisk starves.
func TestMain(m *testing.M) {
	for _, v := range os.Environ() { // of a hook, say, whose repository is none of the tests'
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "GIT_") {
			os.Unsetenv(name)
		}
	}
	what := os.Getenv("PYXLATE_TEST_CHILD")
	if what == "" {
		os.Exit(m.Run())
	}
	if os.Getenv("PYXLATE_TEST_LIMIT") != "" {
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4096, Max: 4096}); err != nil {
			panic(err)
		}
	}
	status := 0
	say := func(err error) {
		if err != nil {
			os.Stdout.WriteString(err.Error() + "\n")
			status = 2
		}
	}
	dir := os.Getenv("PYXLATE_TEST_DIR")
	o := run.Options{Mode: run.Write, StateDir: os.Getenv("PYXLATE_TEST_STATE")}
	switch what {
	case "copy":
		o.Mode, o.Out = run.Copy, dir+".out"
		fallthrough
	case "write":
		if _, err := run.Run(context.Background(), runtest.Toy{}, []string{dir}, o, func(f report.File) { say(f.Err) }); err != nil {
			panic(err)
		}
	case "undo":
		err := run.Undo{StateDir: o.StateDir, Done: func(u run.Undone) { say(u.Err) }}.Run()
		if err != nil && !errors.Is(err, run.ErrNothing) {
			panic(err)
		}
	case "report":
		say(run.WriteWhole(&run.Gate{}, filepath.Join(dir, "report"), func(w io.Writer) error {
			_, err := w.Write(make([]byte, 10_000))
			return err
		}))
	}
	os.Exit(status)
}

func child(what, dir, state string, env ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), "PYXLATE_TEST_CHILD="+what, "PYXLATE_TEST_DIR="+dir, "PYXLATE_TEST_STATE="+state), env...)
	return cmd
}

func undo(t *testing.T, state string, force bool) (restored []string, refused []error, err error) {
	t.Helper()
	err = run.Undo{StateDir: state, Force: force, Done: func(u run.Undone) {
		if u.Err != nil {
			refused = append(refused, u.Err)
		} else {
			restored = append(restored, filepath.Base(u.Path))
		}
	}}.Run()
	return restored, refused, err
}

func TestWriteKeepsWhatAFileIs(t *testing.T) {
	dir := tree(t, map[string]string{"a.py": old, "real/b.py": old})
	require.NoError(t, os.Chmod("a.py", 0o751))
	require.NoError(t, os.Symlink("real/b.py", "link.py"))
	files, _ := gather(t, run.Options{Mode: run.Write}, "a.py", "link.py")
	for _, f := range files {
		require.NoError(t, f.Err)
	}
	info, err := os.Stat("a.py")
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o751), info.Mode().Perm())
	to, err := os.Readlink("link.py")
	require.NoError(t, err)
	require.Equal(t, "real/b.py", to, "the link stays a link")
	require.Equal(t, new, read(t, "real/b.py"), "its target is replaced")
	left, err := filepath.Glob(filepath.Join(dir, ".*pyxlate*"))
	require.NoError(t, err)
	require.Empty(t, left, "no temporary file is left")
}

func TestWriteKeepsTheOwner(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root gives files away")
	}
	tree(t, map[string]string{"a.py": old})
	require.NoError(t, os.Chown("a.py", 1234, 2345))
	gather(t, run.Options{Mode: run.Write}, "a.py")
	info, err := os.Stat("a.py")
	require.NoError(t, err)
	stat := info.Sys().(*syscall.Stat_t)
	require.Equal(t, []uint32{1234, 2345}, []uint32{stat.Uid, stat.Gid})
	require.Equal(t, new, read(t, "a.py"))
}

func TestWriteRefusesReadOnlyFiles(t *testing.T) {
	tree(t, map[string]string{"a.py": old})
	require.NoError(t, os.Chmod("a.py", 0o444))
	files, _ := gather(t, run.Options{Mode: run.Write}, "a.py")
	require.ErrorContains(t, files[0].Err, "a.py: it is read-only")
	require.False(t, files[0].Changed)
	require.Equal(t, old, read(t, "a.py"))
}

func TestWriteRefusesAFileThatChanged(t *testing.T) {
	tree(t, map[string]string{"a.py": old})
	files, _ := gather(t, run.Options{Mode: run.Write, Approve: func(r run.Result) ([]edit.Edit, []run.Span) {
		require.NoError(t, os.WriteFile("a.py", []byte(old+"x = 1\n"), 0o644))
		return r.Edits, nil
	}}, "a.py")
	require.ErrorContains(t, files[0].Err, "a.py: it changed while it was translated")
	require.Equal(t, old+"x = 1\n", read(t, "a.py"))
}

func TestApproveSomeEdits(t *testing.T) {
	tree(t, map[string]string{"a.py": "toysdk\ntoysdk\n"})
	gather(t, run.Options{Mode: run.Write, Approve: func(r run.Result) ([]edit.Edit, []run.Span) { return r.Edits[1:], nil }}, "a.py")
	require.Equal(t, "toysdk\nnewsdk\n", read(t, "a.py"))
}

func TestWriteNeedsItsJournal(t *testing.T) {
	tree(t, map[string]string{"a.py": old, "state": "a file"})
	files, _ := gather(t, run.Options{Mode: run.Write, StateDir: "state"}, "a.py")
	require.ErrorContains(t, files[0].Err, "set XDG_STATE_HOME")
	require.Equal(t, old, read(t, "a.py"))
}

func TestUndo(t *testing.T) {
	tree(t, map[string]string{"a.py": old, "b.py": old})
	state := filepath.Join(t.TempDir(), "state")
	o := run.Options{Mode: run.Write, StateDir: state}
	gather(t, o, "a.py")
	gather(t, o, "b.py")
	gather(t, o, "a.py", "b.py") // changes nothing, so it is no run to undo

	restored, _, err := undo(t, state, false)
	require.NoError(t, err)
	require.Equal(t, []string{"b.py"}, restored)
	require.Equal(t, old, read(t, "b.py"))
	require.Equal(t, new, read(t, "a.py"))

	restored, _, err = undo(t, state, false)
	require.NoError(t, err)
	require.Equal(t, []string{"a.py"}, restored)
	require.Equal(t, old, read(t, "a.py"))

	_, _, err = undo(t, state, false)
	require.ErrorIs(t, err, run.ErrNothing)
}

func TestUndoRefusesWhatChangedSince(t *testing.T) {
	tree(t, map[string]string{"a.py": old, "b.py": old, "c.py": old})
	state := filepath.Join(t.TempDir(), "state")
	gather(t, run.Options{Mode: run.Write, StateDir: state}, ".")
	require.NoError(t, os.WriteFile("a.py", []byte("mine\n"), 0o644))
	require.NoError(t, os.Remove("b.py"))

	restored, refused, err := undo(t, state, false)
	require.NoError(t, err)
	require.Equal(t, []string{"c.py"}, restored)
	require.Len(t, refused, 2)
	require.ErrorContains(t, refused[0], "it changed since")
	require.ErrorContains(t, refused[1], "it is gone")
	require.Equal(t, "mine\n", read(t, "a.py"))

	restored, _, err = undo(t, state, true)
	require.NoError(t, err)
	require.Equal(t, []string{"a.py", "b.py"}, restored)
	require.Equal(t, old, read(t, "a.py"))
	require.Equal(t, old, read(t, "b.py"))
}

// Names of any bytes, and of any length that a system takes.
func TestUndoOfOddNames(t *testing.T) {
	names := []string{"lat\xe9.py", "new\nline.py", strings.Repeat("x", 250) + ".py"}
	files := map[string]string{}
	for _, n := range names {
		files[n] = old
	}
	tree(t, files)
	state := filepath.Join(t.TempDir(), "state")
	gather(t, run.Options{Mode: run.Write, StateDir: state}, ".")
	for _, n := range names {
		require.Equal(t, new, read(t, n))
	}
	restored, refused, err := undo(t, state, false)
	require.NoError(t, err)
	require.Empty(t, refused)
	require.ElementsMatch(t, names, restored)
}

func TestTwoRunsAtOnce(t *testing.T) {
	dir := tree(t, map[string]string{})
	for _, n := range strings.Split("abcdefghijkl", "") {
		require.NoError(t, os.WriteFile(n+".py", []byte(old), 0o644))
	}
	state := filepath.Join(t.TempDir(), "state")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			out, err := child("write", dir, state).CombinedOutput()
			var exit *exec.ExitError
			if err != nil && (!errors.As(err, &exit) || !strings.Contains(string(out), "it changed while")) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wg.Wait()
	for _, n := range strings.Split("abcdefghijkl", "") {
		require.Equal(t, new, read(t, n+".py"))
	}
	for {
		_, refused, err := undo(t, state, false)
		require.Empty(t, refused)
		if errors.Is(err, run.ErrNothing) {
			break
		}
		require.NoError(t, err)
	}
	for _, n := range strings.Split("abcdefghijkl", "") {
		require.Equal(t, old, read(t, n+".py"))
	}
}

// A disk that is full: each file is the old one or the new one, nothing else is
// left, and what fits is written.
func TestFullDisk(t *testing.T) {
	big := old + strings.Repeat("# a line of a file that is too big for what is left\n", 200)
	full := func(t *testing.T, what, dir, state string) string {
		t.Helper()
		out, err := child(what, dir, state, "PYXLATE_TEST_LIMIT=1").CombinedOutput()
		exit, ok := errors.AsType[*exec.ExitError](err)
		require.True(t, ok, "%s", out)
		require.Equal(t, 2, exit.ExitCode(), "%s", out)
		require.Contains(t, string(out), "file too large")
		left, err := filepath.Glob(filepath.Join(dir+"*", ".*"))
		require.NoError(t, err)
		require.Empty(t, left)
		return string(out)
	}
	t.Run("write", func(t *testing.T) {
		dir := tree(t, map[string]string{"a.py": big, "b.py": old})
		require.Contains(t, full(t, "write", dir, t.TempDir()), "a.py: the file is left alone")
		require.Equal(t, big, read(t, "a.py"))
		require.Equal(t, new, read(t, "b.py"), "one bad file never stops the others")
	})
	t.Run("copy", func(t *testing.T) {
		dir := tree(t, map[string]string{"a.py": big, "b.py": old, "c.py": strings.ReplaceAll(big, "toysdk", "plain")})
		out := full(t, "copy", dir, t.TempDir())
		require.Contains(t, out, "a.py: its copy "+dir+".out/a.py cannot be written: file too large")
		require.Contains(t, out, "c.py: its copy "+dir+".out/c.py cannot be written: file too large")
		entries, err := os.ReadDir(dir + ".out")
		require.NoError(t, err)
		require.Len(t, entries, 1)
		require.Equal(t, new, read(t, dir+".out/b.py"))
	})
	t.Run("undo", func(t *testing.T) {
		dir := tree(t, map[string]string{"a.py": big, "b.py": old})
		state := t.TempDir()
		gather(t, run.Options{Mode: run.Write, StateDir: state}, ".")
		full(t, "undo", dir, state)
		require.Equal(t, strings.Replace(big, old, new, 1), read(t, "a.py"))
		require.Equal(t, old, read(t, "b.py"))
		restored, refused, err := undo(t, state, false)
		require.NoError(t, err)
		require.Empty(t, refused)
		require.Equal(t, []string{"a.py"}, restored)
		require.Equal(t, big, read(t, "a.py"))
	})
	t.Run("report", func(t *testing.T) {
		dir := tree(t, map[string]string{"report": "of before\n"})
		full(t, "report", dir, t.TempDir())
		require.Equal(t, "of before\n", read(t, "report"))
	})
}

// Places that cannot be written: each file says so, and is as it was.
func TestReadOnlyPlaces(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root writes everywhere")
	}
	dir := tree(t, map[string]string{"src/a.py": old, "out/": "", "plain": ""})
	require.NoError(t, os.Chmod("src", 0o555))
	require.NoError(t, os.Chmod("out", 0o555))
	t.Cleanup(func() { os.Chmod(filepath.Join(dir, "src"), 0o755) })
	state := filepath.Join(t.TempDir(), "state")
	files, _ := gather(t, run.Options{Mode: run.Write, StateDir: state}, "src")
	require.ErrorContains(t, files[0].Err, "src/a.py: cannot open: permission denied")
	require.Equal(t, old, read(t, "src/a.py"))
	_, _, err := undo(t, state, false)
	require.ErrorIs(t, err, run.ErrNothing)
	for _, out := range []string{"out", "out/new", "plain/out"} {
		files, _ = gather(t, run.Options{Mode: run.Copy, Out: out}, "src")
		require.ErrorContains(t, files[0].Err, "src/a.py: its copy "+out+"/a.py cannot be written: ")
	}
	require.Error(t, run.WriteWhole(&run.Gate{}, "out/report", func(io.Writer) error { return nil }))
}

// A report is written over what is there, and through no link: a repository may
// have put it there.
func TestWriteWhole(t *testing.T) {
	tree(t, map[string]string{"there": "old", "victim": "mine", "dir/": ""})
	print := func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }
	gate := &run.Gate{}
	require.NoError(t, os.Chmod("there", 0o600))
	require.NoError(t, run.WriteWhole(gate, "there", print))
	require.Equal(t, "new", read(t, "there"))
	info, err := os.Stat("there")
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, run.WriteWhole(gate, "a/b/new", print))
	require.Equal(t, "new", read(t, "a/b/new"))

	for link, to := range map[string]string{"link": "victim", "dangling": "nothing"} {
		require.NoError(t, os.Symlink(to, link))
		require.EqualError(t, run.WriteWhole(gate, link, print), "it is a link; name the file itself")
	}
	require.Equal(t, "mine", read(t, "victim"))
	require.NoFileExists(t, "nothing")
	require.Error(t, run.WriteWhole(gate, "dir", print))

	// A pipe that nobody reads is not waited for; what the system calls a file is
	// written to.
	require.NoError(t, syscall.Mkfifo("pipe", 0o600))
	require.ErrorIs(t, run.WriteWhole(gate, "pipe", print), syscall.ENXIO)
	require.NoError(t, os.Symlink("/dev/null", "null"))
	require.NoError(t, run.WriteWhole(gate, "null", print))
	open, err := os.OpenFile("open", os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	require.NoError(t, err)
	defer open.Close()
	_, err = open.WriteString("before ")
	require.NoError(t, err)
	require.NoError(t, run.WriteWhole(gate, fmt.Sprintf("/dev/fd/%d", open.Fd()), print))
	require.Equal(t, "before new", read(t, "open"))

	require.Error(t, run.WriteWhole(gate, "there", func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return errors.New("the printer broke")
	}))
	require.Equal(t, "new", read(t, "there"))
	gate.Close()
	require.Error(t, run.WriteWhole(gate, "late", print), "the run was ended")
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, entries, 9, "%v", entries)
}

// TestKilled kills a run at a hundred instants. Each file must be the old one
// or the new one, and undo must bring all of them back and leave nothing else.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	dir := tree(t, map[string]string{})
	names := strings.Split("abcdefghijklmnopqrstuvwxyz", "")
	text := old + strings.Repeat("# more\n", 1000)
	want := strings.Replace(text, old, new, 1)
	for _, n := range names {
		require.NoError(t, os.WriteFile(n+".py", []byte(text), 0o644))
	}
	killed, finished, partly := 0, 0, 0
	var whole time.Duration
	for i := range 100 {
		state := filepath.Join(t.TempDir(), "state")
		cmd := child("write", dir, state)
		begin := time.Now()
		require.NoError(t, cmd.Start())
		if i > 0 {
			time.Sleep(whole * time.Duration(i) / 100)
			_ = cmd.Process.Kill()
		}
		if err := cmd.Wait(); err != nil {
			killed++
		} else {
			finished++
		}
		if i == 0 {
			whole = time.Since(begin)
		}
		done := 0
		for _, n := range names {
			switch read(t, n+".py") {
			case want:
				done++
			case text:
			default:
				t.Fatalf("%s.py is neither old nor new after kill %d", n, i)
			}
		}
		if done > 0 && done < len(names) {
			partly++
		}
		restored, refused, err := undo(t, state, false)
		require.Empty(t, refused)
		require.Len(t, restored, done)
		if done == 0 {
			require.ErrorIs(t, err, run.ErrNothing)
		} else {
			require.NoError(t, err)
		}
		for _, n := range names {
			require.Equal(t, text, read(t, n+".py"))
		}
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, entries, len(names), "nothing is left behind")
	}
	t.Logf("%d killed, %d finished, %d stopped with some of the files written", killed, finished, partly)
	require.Positive(t, partly, "no kill came in the midst of the writing")
}
