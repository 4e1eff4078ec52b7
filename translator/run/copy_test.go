package run_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/translator/run"
)

// What lies in the tree of -o can be anybody's: nothing is written through it.
func TestCopyFollowsNoLinks(t *testing.T) {
	for name, c := range map[string]struct {
		at, to string
		want   string
	}{
		"a link to a file":           {"out/a.py", "../outside/victim.py", "src/a.py: its copy out/a.py cannot be written: links are not followed"},
		"a link to nothing":          {"out/a.py", "../outside/new.py", "src/a.py: its copy out/a.py cannot be written: links are not followed"},
		"a link within":              {"out/a.py", "b.py", "src/a.py: its copy out/a.py cannot be written: links are not followed"},
		"a link to a directory":      {"out/sub", "../outside", "src/sub/c.py: its copy out/sub/c.py cannot be written: sub is a link: links are not followed"},
		"an absolute link":           {"out/sub", "/var/tmp/pyxlate-nowhere", "src/sub/c.py: its copy out/sub/c.py cannot be written: sub is a link: links are not followed"},
		"a link to one within":       {"out/sub", "other", "src/sub/c.py: its copy out/sub/c.py cannot be written: sub is a link: links are not followed"},
		"a link further down":        {"out/sub/deep", "../../outside", "src/sub/deep/d.py: its copy out/sub/deep/d.py cannot be written: deep is a link"},
		"a link in place of it":      {"out", "outside", "src/a.py: its copy out/a.py cannot be written: out is a link: links are not followed"},
		"a link in place of nothing": {"out", "outside/new", "src/a.py: its copy out/a.py cannot be written: out is a link: links are not followed"},
		"a pipe":                     {"out/a.py", "", "src/a.py: its copy out/a.py cannot be written: what is there is not a regular file"},
		"a link of the mark":         {"out/.pyxlate-unfinished", "../outside/victim.py", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tree(t, map[string]string{"src/a.py": old, "src/b.py": "x = 1\n", "src/sub/c.py": old, "src/sub/deep/d.py": "x\n", "outside/victim.py": "mine\n"})
			if c.at != "out" {
				require.NoError(t, os.MkdirAll("out/other", 0o777))
			}
			require.NoError(t, os.MkdirAll(filepath.Dir(c.at), 0o777))
			if c.to == "" {
				require.NoError(t, syscall.Mkfifo(c.at, 0o600))
			} else {
				require.NoError(t, os.Symlink(c.to, c.at))
			}
			files, _ := gather(t, run.Options{Mode: run.Copy, Out: "out"}, "src")
			var said []string
			for _, f := range files {
				if f.Err != nil {
					said = append(said, f.Err.Error())
				}
			}
			if c.want == "" {
				require.Empty(t, said)
			} else {
				require.NotEmpty(t, said)
				require.Contains(t, said[0], c.want)
			}
			outside, err := os.ReadDir("outside")
			require.NoError(t, err)
			require.Len(t, outside, 1)
			require.Equal(t, "mine\n", read(t, "outside/victim.py"))
			if other, err := os.ReadDir("out/other"); err == nil {
				require.Empty(t, other)
			}
		})
	}
}

// A directory of the tree turns into a link and back while the copies are made.
func TestCopyWhileSomebodyPlantsLinks(t *testing.T) {
	files := map[string]string{"outside/victim.py": "mine\n", "out/x/": ""}
	for _, n := range "abcdefghij" {
		files["src/sub/"+string(n)+".py"] = old
	}
	tree(t, files)
	for _, to := range []string{"../outside", "x"} {
		require.NoError(t, os.Symlink(to, "out/link"))
		stop, stopped := make(chan bool), make(chan bool)
		go func() {
			defer close(stopped)
			for {
				select {
				case <-stop:
					return
				default:
					_ = os.Rename("out/sub", "aside")
					_ = os.RemoveAll("aside")
					_ = os.Rename("out/link", "out/sub")
					_ = os.Rename("out/sub", "out/link")
				}
			}
		}()
		refused := 0
		for range 20 {
			found, _ := gather(t, run.Options{Mode: run.Copy, Out: "out"}, "src")
			for _, f := range found {
				if f.Err != nil {
					refused++
				}
			}
		}
		close(stop)
		<-stopped
		require.Positive(t, refused, "no link was met")
		for _, dir := range []string{"outside", "out/x"} {
			entries, err := os.ReadDir(dir)
			require.NoError(t, err)
			for _, e := range entries {
				require.Equal(t, "victim.py", e.Name(), "written through a link")
			}
		}
		require.NoError(t, os.RemoveAll("aside"))
		require.NoError(t, os.RemoveAll("out/link"))
		require.NoError(t, os.RemoveAll("out/sub"))
	}
}

// A copy that was killed leaves a mark; the next one removes what lies about.
func TestCopyAfterOneThatWasKilled(t *testing.T) {
	tree(t, map[string]string{
		"src/a.py": old, "out/.pyxlate-unfinished": "", "out/gone/.b.py.pyxlate-0123456789ab": "half", "out/.a.py.pyxlate-0123456789ab": "ha",
		"out/.a.py.pyxlate-mine": "no", "out/own.py": "x",
	})
	gather(t, run.Options{Mode: run.Copy, Out: "out"}, "src")
	require.Equal(t, new, read(t, "out/a.py"))
	require.NoFileExists(t, "out/.pyxlate-unfinished")
	require.NoFileExists(t, "out/.a.py.pyxlate-0123456789ab")
	require.NoFileExists(t, "out/gone/.b.py.pyxlate-0123456789ab")
	require.FileExists(t, "out/.a.py.pyxlate-mine")
	require.FileExists(t, "out/own.py")
}
