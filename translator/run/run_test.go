package run_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/translator/document"
	"pyxlate/translator/report"
	"pyxlate/translator/run"
	"pyxlate/translator/run/runtest"
)

// tree writes files into a new directory and goes there; names that end in a
// slash are directories.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		if strings.HasSuffix(name, "/") {
			require.NoError(t, os.MkdirAll(path, 0o777))
			continue
		}
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	t.Chdir(dir)
	return dir
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// gather runs the toy and returns what it handed on, by path and in order.
func gather(t *testing.T, o run.Options, paths ...string) ([]report.File, []string) {
	t.Helper()
	var files []report.File
	var names []string
	if o.StateDir == "" {
		o.StateDir = filepath.Join(t.TempDir(), "state")
	}
	_, err := run.Run(context.Background(), runtest.Toy{}, paths, o, func(f report.File) {
		files = append(files, f)
		names = append(names, f.Path)
	})
	require.NoError(t, err)
	return files, names
}

const (
	old = "import toysdk\n"
	new = "import newsdk\n"
)

func TestPreviewWritesNothing(t *testing.T) {
	tree(t, map[string]string{"a.py": old})
	files, _ := gather(t, run.Options{KeepTexts: true}, "a.py")
	require.Len(t, files, 1)
	require.True(t, files[0].Changed)
	require.Equal(t, new, string(files[0].After.Raw()))
	require.Equal(t, old, read(t, "a.py"))
}

func TestWhatIsWalked(t *testing.T) {
	dir := tree(t, map[string]string{
		"repo/.git/":             "",
		"repo/.gitignore":        "build/\n*_local.py\n!keep_local.py\n/top.py\n",
		"repo/.git/info/exclude": "private.py\n",
		"repo/a.py":              old,
		"repo/b.ipynb":           `{"cells":[{"cell_type":"code","source":["import toysdk"]}]}`,
		"repo/c.md":              "```python\nimport toysdk\n```\n",
		"repo/d.txt":             old,
		"repo/unused.py":         "import os\n",
		"repo/build/x.py":        old,
		"repo/x_local.py":        old,
		"repo/keep_local.py":     old,
		"repo/top.py":            old,
		"repo/private.py":        old,
		"repo/sub/top.py":        old,
		"repo/sub/.gitignore":    "!x_local.py\ndeep.py\n",
		"repo/sub/x_local.py":    old,
		"repo/sub/deep.py":       old,
		"repo/dir.py/e.py":       old,
		"repo/.git/hooks/x.py":   old,
		"repo/.ipynb_checkpoints/b-checkpoint.ipynb": `{}`,
		"repo/.venv/x.py":        old,
		"repo/env/pyvenv.cfg":    "",
		"repo/env/lib/x.py":      old,
		"repo/node_modules/x.py": old,
		"outside/o.py":           old,
	})
	require.NoError(t, os.Symlink(filepath.Join(dir, "outside"), "repo/link"))
	require.NoError(t, os.Symlink(filepath.Join(dir, "outside/o.py"), "repo/link.py"))
	require.NoError(t, os.Symlink(".", "repo/loop"))
	require.NoError(t, syscall.Mkfifo("repo/fifo.py", 0o600))

	_, names := gather(t, run.Options{}, "repo")
	require.Equal(t, []string{
		"repo/a.py", "repo/b.ipynb", "repo/c.md", "repo/dir.py/e.py", "repo/keep_local.py", "repo/sub/top.py", "repo/sub/x_local.py",
	}, names)

	t.Run("rules of directories above", func(t *testing.T) {
		_, names := gather(t, run.Options{}, "repo/sub")
		require.Equal(t, []string{"repo/sub/top.py", "repo/sub/x_local.py"}, names)
	})
	t.Run("a file named by itself is taken, ignored or not", func(t *testing.T) {
		_, names := gather(t, run.Options{Exclude: []string{"*.py"}}, "repo/build/x.py", "repo/link.py")
		require.Equal(t, []string{"repo/build/x.py", "repo/link.py"}, names)
	})
	t.Run("unless the patterns are to hold for it", func(t *testing.T) {
		o := run.Options{ForceExclude: true, Exclude: []string{"build", "sub/top.py"}}
		_, names := gather(t, o, "repo/build/x.py", "repo/a.py", filepath.Join(dir, "repo/build/x.py"), "repo/sub/top.py")
		require.Equal(t, []string{"repo/a.py", "repo/sub/top.py"}, names, "a pattern with a slash counts from here")
		o = run.Options{ForceExclude: true, Project: run.Patterns{Dir: filepath.Join(dir, "repo"), Exclude: []string{"sub/**"}, Include: []string{"*.py"}}}
		_, names = gather(t, o, "repo/b.ipynb", "repo/sub/top.py", "repo/a.py")
		require.Equal(t, []string{"repo/a.py"}, names)
	})
	t.Run("the user's own rules of git", func(t *testing.T) {
		t.Setenv("HOME", filepath.Join(dir, "home"))
		t.Setenv("XDG_CONFIG_HOME", "")
		t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
		require.NoError(t, os.MkdirAll("home/.config/git", 0o777))
		require.NoError(t, os.WriteFile("home/.config/git/ignore", []byte("*.md\nkeep_local.py\n"), 0o666))
		_, names := gather(t, run.Options{}, "repo")
		require.Equal(t, []string{"repo/a.py", "repo/b.ipynb", "repo/dir.py/e.py", "repo/keep_local.py", "repo/sub/top.py", "repo/sub/x_local.py"}, names,
			"those of the repository go before them")
		if _, err := exec.LookPath("git"); err != nil {
			return
		}
		require.NoError(t, os.WriteFile("home/.gitconfig", []byte("[core]\n\texcludesFile = ~/ignored\n"), 0o666))
		require.NoError(t, os.WriteFile("home/ignored", []byte("/a.py\n"), 0o666))
		_, names = gather(t, run.Options{}, "repo")
		require.NotContains(t, names, "repo/a.py")
		require.Contains(t, names, "repo/c.md")
	})
	t.Run("rules of a worktree", func(t *testing.T) {
		tree := filepath.Join(dir, "worktree")
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "repo/.git/worktrees/w"), 0o777))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "repo/.git/worktrees/w/commondir"), []byte("../..\n"), 0o666))
		require.NoError(t, os.MkdirAll(tree, 0o777))
		require.NoError(t, os.WriteFile(filepath.Join(tree, ".git"), []byte("gitdir: "+filepath.Join(dir, "repo/.git/worktrees/w")+"\n"), 0o666))
		for _, name := range []string{"private.py", "a.py"} {
			require.NoError(t, os.WriteFile(filepath.Join(tree, name), []byte(old), 0o666))
		}
		_, names := gather(t, run.Options{}, "worktree")
		require.Equal(t, []string{"worktree/a.py"}, names)
	})
	t.Run("a file named twice is taken once", func(t *testing.T) {
		_, names := gather(t, run.Options{}, "repo/sub", "repo/sub/../sub/top.py", "./repo/sub/")
		require.Equal(t, []string{"repo/sub/top.py", "repo/sub/x_local.py"}, names)
	})
	t.Run("patterns", func(t *testing.T) {
		_, names := gather(t, run.Options{Include: []string{"*.py"}, Exclude: []string{"sub/**/x*", "dir.py", "a.{py,md}"}}, "repo")
		require.Equal(t, []string{"repo/keep_local.py", "repo/sub/top.py"}, names)
		_, err := run.Run(context.Background(), runtest.Toy{}, []string{"repo"}, run.Options{Include: []string{"[a"}}, nil)
		require.ErrorContains(t, err, `pattern "[a"`)
	})
}

func TestOneBadFileNeverStopsTheOthers(t *testing.T) {
	tree(t, map[string]string{
		"a.py": old, "b.py": old + "x = '\xff'\n", "c.ipynb": `{"cells": toysdk`, "d.py": "toysdk_error\n", "e.py": "toysdk_panic\n", "f.py": old, "g.txt": "",
		"h.py": "\xff\xfet\x00o\x00y\x00s\x00d\x00k\x00", "i.py": "\xff\xfea\x00",
	})
	require.NoError(t, syscall.Mkfifo("fifo.py", 0o600))
	files, _ := gather(t, run.Options{Mode: run.Write}, "f.py", "e.py", "d.py", "c.ipynb", "b.py", "a.py", "missing.py", "fifo.py", "g.txt", "h.py", "i.py")
	var lines []string
	for _, f := range files {
		line := f.Path
		if f.Err != nil {
			line = f.Err.Error()
		}
		lines = append(lines, line)
	}
	require.Equal(t, "a.py", lines[0])
	require.Equal(t, "b.py:2:6: byte 0xff is not UTF-8; declare the file's encoding in a coding comment, or save it as UTF-8", lines[1])
	require.Contains(t, lines[2], "c.ipynb:1:12: not a notebook")
	require.Equal(t, "d.py: the toy cannot read this", lines[3])
	require.Contains(t, lines[4], "e.py: internal error: the toy broke; please report it")
	require.Contains(t, lines[4], "toy.go:", "names the place")
	require.Equal(t, "f.py", lines[5])
	require.Equal(t, "fifo.py: not a regular file; only regular files are translated", lines[6])
	require.Contains(t, lines[7], "g.txt: not a kind of file that can be translated")
	require.Equal(t, "h.py:1:1: the file is UTF-16; save it as UTF-8", lines[8], "its words are found")
	require.Equal(t, "missing.py: there is no such file or directory", lines[9])
	require.Len(t, lines, 10)
	require.Equal(t, new, read(t, "a.py"))
	require.Equal(t, new, read(t, "f.py"))
}

func TestResultsComeInPathOrder(t *testing.T) {
	files := map[string]string{}
	for i := range 300 {
		files[fmt.Sprintf("d%d/f%03d.py", i%7, i)] = old
	}
	tree(t, files)
	_, names := gather(t, run.Options{Jobs: 4}, ".")
	require.Len(t, names, 300)
	require.IsIncreasing(t, names)
}

// engine is an engine of one function.
type engine func(run.Project) []run.Result

func (e engine) Triggers() [][]byte                   { return [][]byte{[]byte("toysdk")} }
func (engine) Modules() []string                      { return nil }
func (e engine) Translate(p run.Project) []run.Result { return e(p) }

// untouched gives the paths of a project's documents, and results that leave
// them as they are.
func untouched(p run.Project) (names []string, results []run.Result) {
	for _, d := range p.Documents {
		names = append(names, d.Path)
		results = append(results, run.Result{Doc: d})
	}
	return names, results
}

func TestProjectsAreWhatImportsConnect(t *testing.T) {
	tree(t, map[string]string{
		"p/alone.py":         old,
		"p/helpers.py":       "import toysdk\nimport plain\n",
		"p/main.py":          "from helpers import make\n", // no trigger, and a caller
		"p/nb.ipynb":         `{"cells":[{"cell_type":"code","source":["import toysdk\n","import helpers as h"]}]}`,
		"p/run.ipynb":        `{"cells":[{"cell_type":"code","source":"%run helpers.py\nx"}]}`,
		"p/plain.py":         "x = 1\n",
		"p/pkg/__init__.py":  "",
		"p/pkg/a.py":         "import toysdk\n",
		"p/pkg/b.py":         "from . import a\n",
		"p/pkg/c.py":         "from .a import f\n",
		"p/pkg/sub/d.py":     "from ..a import f\nimport toysdk\n",
		"p/unconnected.py":   "import os, sys\n",
		"p/scripts/other.py": "from pkg.a import f\n",
	})
	var mu sync.Mutex
	projects := map[string][]string{}
	resolved := map[string]string{}
	_, err := run.Run(context.Background(), engine(func(p run.Project) []run.Result {
		names, results := untouched(p)
		mu.Lock()
		defer mu.Unlock()
		projects[names[0]] = names
		if names[0] == "p/helpers.py" {
			for _, q := range [][2]string{{"helpers", "p/main.py"}, {"plain", "p/helpers.py"}, {"pkg.a", "p/main.py"}, {"pkg", "p/main.py"}, {"os", "p/main.py"}, {"./plain.py", "p/nb.ipynb"}, {"plain", "p/plain.py"}, {"x", "nobody.py"}} {
				if d, ok := p.Resolve(q[0], q[1]); ok {
					resolved[q[0]] = d.Path
					if d.Path == "p/helpers.py" {
						require.Same(t, p.Documents[0], d)
					}
				}
			}
		}
		return results
	}), []string{"p"}, run.Options{}, func(report.File) {})
	require.NoError(t, err)
	require.Equal(t, map[string][]string{
		"p/alone.py":   {"p/alone.py"},
		"p/helpers.py": {"p/helpers.py", "p/main.py", "p/nb.ipynb", "p/run.ipynb"},
		"p/pkg/a.py":   {"p/pkg/a.py", "p/pkg/b.py", "p/pkg/c.py", "p/pkg/sub/d.py", "p/scripts/other.py"},
	}, projects)
	require.Equal(t, map[string]string{
		"helpers": "p/helpers.py", "plain": "p/plain.py", "pkg.a": "p/pkg/a.py", "pkg": "p/pkg/__init__.py", "./plain.py": "p/plain.py",
	}, resolved)
}

// neighbourly is an engine with which scripts of a folder set up things for each
// other.
type neighbourly struct{ engine }

func (neighbourly) Neighbourhood(raw []byte) (needs, gives uint64) {
	if bytes.Contains(raw, []byte("gives")) {
		return 0, 1
	}
	if bytes.Contains(raw, []byte("needs")) {
		return 1, 0
	}
	return 0, 0
}

func TestNeighboursAreOneProject(t *testing.T) {
	files := map[string]string{
		"p/a.py":   "import toysdk # needs\n",
		"p/b.py":   "import toysdk # gives\n",
		"p/c.py":   "import toysdk # needs and gives\n",
		"p/d.py":   "import toysdk\n",
		"p/q/e.py": "import toysdk # needs\n",
		"p/r/f.py": "import toysdk # gives\n",
		"p/r/g.py": "import toysdk # gives\n",
	}
	for i := range 50 { // a collection of programs, too many to be one
		files[fmt.Sprintf("many/%d.py", i)] = "import toysdk # needs\n"
		files[fmt.Sprintf("many/%dg.py", i)] = "import toysdk # gives\n"
	}
	tree(t, files)
	var mu sync.Mutex
	projects := map[string][]string{}
	together := 0
	_, err := run.Run(context.Background(), neighbourly{func(p run.Project) []run.Result {
		names, results := untouched(p)
		mu.Lock()
		defer mu.Unlock()
		if strings.HasPrefix(names[0], "p/") {
			projects[names[0]] = names
		} else {
			together = max(together, len(names))
		}
		return results
	}}, []string{"p", "many"}, run.Options{}, func(report.File) {})
	require.NoError(t, err)
	require.Equal(t, 1, together)
	require.Equal(t, map[string][]string{
		"p/a.py":   {"p/a.py", "p/b.py", "p/c.py"},
		"p/d.py":   {"p/d.py"},
		"p/q/e.py": {"p/q/e.py"},
		"p/r/f.py": {"p/r/f.py"},
		"p/r/g.py": {"p/r/g.py"},
	}, projects)
}

func TestCopyWritesTheWholeTree(t *testing.T) {
	tree(t, map[string]string{"src/a.py": old, "src/d/b.py": "x = 1\n", "src/c.py": "toysdk_error", "src/out/old.py": "x\n", "other/e.py": old})
	require.NoError(t, os.Chmod("src/a.py", 0o755))
	files, _ := gather(t, run.Options{Mode: run.Copy, Out: "src/out"}, "src", "other/e.py")
	require.Len(t, files, 3)
	require.Equal(t, new, read(t, "src/out/a.py"))
	require.Equal(t, "x = 1\n", read(t, "src/out/d/b.py"))
	require.Equal(t, "toysdk_error", read(t, "src/out/c.py"), "what cannot be translated is there as it was")
	require.Equal(t, new, read(t, "src/out/e.py"))
	require.Equal(t, old, read(t, "src/a.py"))
	require.NoDirExists(t, "src/out/out", "the output is no input")
	info, err := os.Stat("src/out/a.py")
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o755), info.Mode().Perm())
}

func TestCopyRefusesToReplace(t *testing.T) {
	tree(t, map[string]string{"x/a.py": old, "y/a.py": old})
	files, _ := gather(t, run.Options{Mode: run.Copy, Out: "x"}, "x")
	require.ErrorContains(t, files[0].Err, "x/a.py: its copy would replace the source")
	files, _ = gather(t, run.Options{Mode: run.Copy, Out: "z"}, "x/a.py", "y/a.py")
	require.NoError(t, files[0].Err)
	require.ErrorContains(t, files[1].Err, "y/a.py: its copy would replace that of x/a.py")
	require.Equal(t, old, read(t, "x/a.py"))
}

func TestWarnsOfUncommittedChanges(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	tree(t, map[string]string{"a.py": old, "b.py": "x\n", "c.py": old})
	git := func(args ...string) {
		cmd := exec.Command("git", append([]string{"-c", "user.name=x", "-c", "user.email=x@example.com"}, args...)...)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	git("init", "-q")
	git("add", ".")
	git("commit", "-qm", "x")
	require.NoError(t, os.WriteFile("c.py", []byte(old+"y\n"), 0o644))
	t.Setenv("GIT_DIR", filepath.Join(t.TempDir(), "another")) // as hooks of another repository have it
	t.Setenv("GIT_INDEX_FILE", filepath.Join(t.TempDir(), "index"))
	var warned []string
	gather(t, run.Options{Mode: run.Write, Warn: func(path, _ string) { warned = append(warned, path) }}, ".")
	require.Equal(t, []string{"c.py"}, warned)
	require.Equal(t, new, read(t, "a.py"))
	require.Equal(t, new+"y\n", read(t, "c.py"))
}

// What the configuration of a repository would have git run is not run, even
// where git has to look at the text of a file.
func TestGitRunsNothingOfTheRepository(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	dir := tree(t, map[string]string{"a.py": old, "b.py": old, ".gitattributes": "*.py filter=x\n", "sub/c.py": old})
	command := "touch " + filepath.Join(dir, "../ran") + "; cat"
	t.Setenv("GIT_CONFIG_COUNT", "1")
	t.Setenv("GIT_CONFIG_KEY_0", "user.name")
	t.Setenv("GIT_CONFIG_VALUE_0", "x")
	for _, args := range []string{
		"init -q", "init -q sub", "add .gitattributes a.py b.py", "-c user.email=x@example.com commit -qm x",
		"config filter.x.clean|" + command, "config filter.x.process|" + command, "config filter.x.required|true",
		"config core.fsmonitor|" + command, "-C sub config core.fsmonitor|" + command,
	} {
		head, tail, two := strings.Cut(args, "|")
		all := strings.Fields(head)
		if two {
			all = append(all, tail)
		}
		out, err := exec.Command("git", all...).CombinedOutput()
		require.NoError(t, err, "%s: %s", args, out)
	}
	require.NoError(t, os.WriteFile("a.py", []byte(old), 0o644)) // its date is another now
	require.NoError(t, os.WriteFile("b.py", []byte(old+"y\n"), 0o644))
	var warned []string
	gather(t, run.Options{Mode: run.Write, Warn: func(path, _ string) { warned = append(warned, path) }}, ".")
	require.Equal(t, []string{"b.py"}, warned)
	require.NoFileExists(t, "../ran")
}

func TestPatternsAreBounded(t *testing.T) {
	tree(t, map[string]string{"a.py": old})
	for want, patterns := range map[string][]string{
		"more than 1000 patterns": make([]string, 1001),
		"more than 1000 bytes":    {strings.Repeat("*a", 501)},
	} {
		_, err := run.Run(context.Background(), runtest.Toy{}, []string{"."}, run.Options{Project: run.Patterns{Dir: ".", Exclude: patterns}}, nil)
		require.ErrorContains(t, err, want)
	}
}

func TestFilter(t *testing.T) {
	out, file := run.Filter(runtest.Toy{}, document.Script, "in.py", []byte(old))
	require.NoError(t, file.Err)
	require.Equal(t, new, string(out))
	require.Len(t, file.Findings, 1)
	out, file = run.Filter(runtest.Toy{}, document.Script, "in.py", []byte("\xff\x00 nothing to do"))
	require.NoError(t, file.Err)
	require.Equal(t, "\xff\x00 nothing to do", string(out))
}

// A module that is too common as a word counts where it is imported.
func TestModulesThatAreTriggers(t *testing.T) {
	tree(t, map[string]string{
		"word.py":     "# wrapped toys\nx = 'toys.wrapped'\n",
		"import.py":   "import toys.wrapped as w\n",
		"from.py":     "from toys import wrapped\n",
		"relative.py": "from .toys.wrapped import x\n",
		"other.py":    "import toys.wrapped_too, wrapped, my.toys.wrapped\n",
		"single.py":   "import lone\n",
		"beside.py":   "from .lone import x\nfrom . import lone\n",
		"run.ipynb":   `{"cells": [{"cell_type": "code", "source": ["%run ../toys/wrapped.py"]}]}`,
	})
	var asked []string
	spy := func(p run.Project) []run.Result {
		var results []run.Result
		for _, d := range p.Documents {
			asked = append(asked, d.Path)
			results = append(results, run.Result{Doc: d})
		}
		return results
	}
	_, err := run.Run(t.Context(), wrapped{spy}, []string{"."}, run.Options{Jobs: 1}, func(report.File) {})
	require.NoError(t, err)
	slices.Sort(asked)
	require.Equal(t, []string{"from.py", "import.py", "relative.py", "run.ipynb", "single.py"}, asked)
}

type wrapped struct{ engine }

func (wrapped) Triggers() [][]byte { return nil }
func (wrapped) Modules() []string  { return []string{"toys.wrapped", "lone"} }
