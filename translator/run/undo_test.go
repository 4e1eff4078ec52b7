package run_test

import (
	"errors"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pyxlate/translator/run"
)

// kill ends a process after a part of a time, which is taken at random.
func kill(t *testing.T, cmd *exec.Cmd, within time.Duration, random *rand.Rand) (killed bool) {
	t.Helper()
	require.NoError(t, cmd.Start())
	time.Sleep(time.Duration(random.Int63n(int64(within))))
	_ = cmd.Process.Kill()
	return cmd.Wait() != nil
}

// tookOf is how long a process takes.
func tookOf(t *testing.T, cmd *exec.Cmd) time.Duration {
	t.Helper()
	begin := time.Now()
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return time.Since(begin)
}

// TestKilledForGood kills runs and undos at instants taken at random. No file
// is half written at any of them; the next run or undo, whichever comes, removes
// what is left behind, and undo can be repeated until every file is the old one.
func TestKilledForGood(t *testing.T) {
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
	state := filepath.Join(t.TempDir(), "state")
	count := func() (changed int) {
		t.Helper()
		for _, n := range names {
			switch read(t, n+".py") {
			case want:
				changed++
			case text:
			default:
				t.Fatalf("%s.py is neither old nor new", n)
			}
		}
		return changed
	}
	clean := func() {
		t.Helper()
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, entries, len(names), "something is left behind")
	}
	random := rand.New(rand.NewSource(4711))
	writing := tookOf(t, child("write", dir, state))
	undoing := tookOf(t, child("undo", dir, state))
	var killedWrites, killedUndos, partly, leftovers int
	left := func() {
		if entries, err := os.ReadDir(dir); err == nil && len(entries) > len(names) {
			leftovers++
		}
	}
	for i := range 50 {
		if kill(t, child("write", dir, state), writing, random) {
			killedWrites++
		}
		done := count()
		left()
		if i%3 == 0 { // the next run finishes
			tookOf(t, child("write", dir, state))
			require.Equal(t, len(names), count())
			if done < len(names) {
				clean()
			}
		}
		before := count()
		if kill(t, child("undo", dir, state), undoing*2/3, random) {
			killedUndos++
			if after := count(); 0 < after && after < before {
				partly++
			}
		}
		left()
		if i%2 == 0 { // another run comes first
			tookOf(t, child("write", dir, state))
			require.Equal(t, len(names), count())
		}
		for range 10 {
			if _, refused, err := undo(t, state, false); errors.Is(err, run.ErrNothing) {
				require.Empty(t, refused)
				break
			} else {
				require.NoError(t, err)
			}
		}
		require.Zero(t, count(), "not all is taken back")
		clean()
		entries, err := os.ReadDir(filepath.Join(state, "undo"))
		require.NoError(t, err)
		require.Empty(t, entries, "the journal forgets what is taken back")
	}
	t.Logf("%d runs and %d undos killed; %d undos had restored some of their files, %d temporary files were left", killedWrites, killedUndos, partly, leftovers)
	require.Positive(t, partly, "no kill came in the midst of an undo")
}

// An undo that was killed after its last file is finished by the next one, which
// takes back no other run.
func TestUndoGoesOnWithTheSameRun(t *testing.T) {
	tree(t, map[string]string{"a.py": old, "b.py": old})
	state := filepath.Join(t.TempDir(), "state")
	gather(t, run.Options{Mode: run.Write, StateDir: state}, "a.py")
	gather(t, run.Options{Mode: run.Write, StateDir: state}, "b.py")
	runs, err := os.ReadDir(filepath.Join(state, "undo"))
	require.NoError(t, err)
	require.Len(t, runs, 2)
	require.NoError(t, os.WriteFile(filepath.Join(state, "undo", runs[1].Name(), "undoing"), nil, 0o600))
	require.NoError(t, os.WriteFile("b.py", []byte(old), 0o644))
	restored, _, err := undo(t, state, false)
	require.NoError(t, err)
	require.Empty(t, restored)
	require.Equal(t, new, read(t, "a.py"))
	restored, _, err = undo(t, state, false)
	require.NoError(t, err)
	require.Equal(t, []string{"a.py"}, restored)
}

// An undo is about the project that it is called in.
func TestUndoIsAboutThisProject(t *testing.T) {
	top := tree(t, map[string]string{"a/.git/HEAD": "", "a/sub/x.py": old, "a/y.py": old, "b/z.py": old, "b/deep/w.py": old})
	state := filepath.Join(t.TempDir(), "state")
	in := func(dir string, paths ...string) {
		t.Helper()
		t.Chdir(filepath.Join(top, dir))
		files, _ := gather(t, run.Options{Mode: run.Write, StateDir: state}, paths...)
		require.NotEmpty(t, files)
	}
	var asked []string
	take := func(dir string, u run.Undo) (restored []string, err error) {
		t.Helper()
		t.Chdir(filepath.Join(top, dir))
		asked = nil
		u.StateDir = state
		u.Done = func(x run.Undone) {
			require.NoError(t, x.Err)
			restored = append(restored, filepath.Base(x.Path))
		}
		u.Confirm = func(r run.PastRun, outside []string) error {
			for _, path := range outside {
				asked = append(asked, filepath.Base(path))
			}
			return errors.New("no")
		}
		err = u.Run()
		return restored, err
	}
	in("a", "y.py") // 1
	in("b", "z.py") // 2
	in("b/deep", ".")
	t.Chdir(top)

	past, err := run.Runs(state)
	require.NoError(t, err)
	var numbers, sizes []int
	var projects []string
	for _, r := range past {
		numbers, projects, sizes = append(numbers, r.Number), append(projects, r.Project), append(sizes, len(r.Files))
		require.True(t, r.Here, "all files are below")
		require.WithinDuration(t, time.Now(), r.Began, time.Hour)
	}
	require.Equal(t, []int{3, 2, 1}, numbers)
	require.Equal(t, []string{filepath.Join(top, "b/deep"), filepath.Join(top, "b"), filepath.Join(top, "a")}, projects)
	require.Equal(t, []int{1, 1, 1}, sizes)

	restored, err := take("a/sub", run.Undo{}) // of the repository that sub is in
	require.NoError(t, err)
	require.Equal(t, []string{"y.py"}, restored)
	_, err = take("a", run.Undo{})
	require.ErrorIs(t, err, run.ErrNothing)
	require.ErrorContains(t, err, "there is no run to undo in "+filepath.Join(top, "a"))
	require.Equal(t, new, read(t, "../b/z.py"))

	// Beyond the project only when asked for, and confirmed.
	_, err = take("a", run.Undo{Anywhere: true})
	require.EqualError(t, err, "no")
	require.Equal(t, []string{"w.py"}, asked)
	_, err = take("a", run.Undo{Number: 2})
	require.EqualError(t, err, "no")
	require.Equal(t, []string{"z.py"}, asked)
	require.Equal(t, new, read(t, "../b/z.py"))
	_, err = take("a", run.Undo{Number: 1})
	require.ErrorContains(t, err, "there is no run 1 to undo")

	restored, err = take("b", run.Undo{}) // w.py is one of its files
	require.NoError(t, err)
	require.Equal(t, []string{"w.py"}, restored)
	require.Empty(t, asked)
	restored, err = take("b", run.Undo{})
	require.NoError(t, err)
	require.Equal(t, []string{"z.py"}, restored)

	// A run that reached into another project is taken back where it was started
	// without a question, and there with one for the rest.
	in("a", "y.py", "../b/z.py")
	_, err = take("b", run.Undo{})
	require.EqualError(t, err, "no")
	require.Equal(t, []string{"y.py"}, asked)
	restored, err = take("a", run.Undo{})
	require.NoError(t, err)
	require.Equal(t, []string{"y.py", "z.py"}, restored)

	past, err = run.Runs(state)
	require.NoError(t, err)
	require.Empty(t, past)
	in("b", "z.py")
	past, err = run.Runs(state)
	require.NoError(t, err)
	require.Equal(t, 5, past[0].Number, "no number comes twice")
}

// Where a directory has turned into a link, undo writes nothing through it.
func TestUndoFollowsNoLinks(t *testing.T) {
	dir := tree(t, map[string]string{"src/a.py": old, "elsewhere/": ""})
	state := filepath.Join(t.TempDir(), "state")
	gather(t, run.Options{Mode: run.Write, StateDir: state}, "src")
	require.NoError(t, os.RemoveAll("src"))
	require.NoError(t, os.Symlink("elsewhere", "src"))
	_, refused, err := undo(t, state, true)
	require.NoError(t, err)
	require.Len(t, refused, 1)
	require.ErrorContains(t, refused[0], "its directory is a link now")
	entries, err := os.ReadDir("elsewhere")
	require.NoError(t, err)
	require.Empty(t, entries)
	require.NoError(t, os.Remove("src"))
	restored, _, err := undo(t, state, true)
	require.NoError(t, err)
	require.Equal(t, []string{"a.py"}, restored)
	require.Equal(t, old, read(t, filepath.Join(dir, "src/a.py")))
}

// Runs of before there were projects are still taken back, and what they left
// is removed.
func TestUndoOfOlderRuns(t *testing.T) {
	top := tree(t, map[string]string{"a/x.py": old, "b/y.py": old})
	state := filepath.Join(t.TempDir(), "state")
	for _, dir := range []string{"a", "b"} {
		t.Chdir(filepath.Join(top, dir))
		gather(t, run.Options{Mode: run.Write, StateDir: state}, ".")
	}
	runs, err := os.ReadDir(filepath.Join(state, "undo"))
	require.NoError(t, err)
	for _, r := range runs {
		for _, name := range []string{"run", "clean"} {
			require.NoError(t, os.Remove(filepath.Join(state, "undo", r.Name(), name)))
		}
	}
	require.NoError(t, os.Remove(filepath.Join(state, "last")))
	// One that was dropped by half, one that was killed before it began.
	require.NoError(t, os.MkdirAll(filepath.Join(state, "undo/20190331T120000.000000000-1.undone/x"), 0o700))
	require.NoError(t, os.MkdirAll(filepath.Join(state, "undo/20190331T120000.000000000-2"), 0o700))

	past, err := run.Runs(state)
	require.NoError(t, err)
	require.Len(t, past, 2)
	require.Equal(t, []int{2, 1}, []int{past[0].Number, past[1].Number})
	require.Empty(t, past[0].Project)
	require.False(t, past[0].Began.IsZero())
	entries, err := os.ReadDir(filepath.Join(state, "undo"))
	require.NoError(t, err)
	require.Len(t, entries, 2)

	t.Chdir(filepath.Join(top, "a"))
	restored, _, err := undo(t, state, false)
	require.NoError(t, err)
	require.Equal(t, []string{"x.py"}, restored)
	_, _, err = undo(t, state, false)
	require.ErrorIs(t, err, run.ErrNothing)
	t.Chdir(top)
	restored, _, err = undo(t, state, false)
	require.NoError(t, err)
	require.Equal(t, []string{"y.py"}, restored)
}

// The runs of one project do not push out those of another.
func TestRunsThatAreKept(t *testing.T) {
	top := tree(t, map[string]string{"a/x.py": old, "b/y.py": old})
	state := filepath.Join(t.TempDir(), "state")
	t.Chdir(filepath.Join(top, "b"))
	gather(t, run.Options{Mode: run.Write, StateDir: state}, ".")
	t.Chdir(filepath.Join(top, "a"))
	for range 30 {
		require.NoError(t, os.WriteFile("x.py", []byte(old), 0o644))
		gather(t, run.Options{Mode: run.Write, StateDir: state}, ".")
	}
	past, err := run.Runs(state)
	require.NoError(t, err)
	require.Len(t, past, 21)
	require.Equal(t, 31, past[0].Number)
	require.True(t, slices.ContainsFunc(past, func(r run.PastRun) bool { return r.Project == filepath.Join(top, "b") }))
}
