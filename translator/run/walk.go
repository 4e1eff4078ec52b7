package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"pyxlate/translator/document"
	"pyxlate/translator/files"
)

// A target is one file to translate.
type target struct {
	path string // as shown: under the path that the user gave
	real string // absolute and without symbolic links
	rel  string // below the directory walked; a bare name for a named file
	root string // absolute directory in which its modules are looked for
	kind document.Kind
	err  error
	// failedWalk marks a directory or path that could not be read at all.
	failedWalk bool

	triggered bool     // it holds a trigger
	importer  bool     // it imports a file that does
	imports   []string // modules, as importedModules gives them
	// needs and gives are what it uses and sets up of what scripts of a folder
	// do for each other, a bit each.
	needs, gives uint64
	raw          []byte // its bytes, where they were kept
}

// skippedDirectories are never walked: what tools keep, not what people write.
var skippedDirectories = map[string]bool{
	".git": true, ".hg": true, ".svn": true, ".bzr": true,
	".ipynb_checkpoints": true, "__pycache__": true, "__pypackages__": true,
	".venv": true, "site-packages": true, "node_modules": true,
	".tox": true, ".nox": true, ".eggs": true,
	".mypy_cache": true, ".pytest_cache": true, ".ruff_cache": true,
}

// find lists the files that the paths name, sorted by path and each once: a
// file as it is named, a directory with all that is in it but what git
// ignores, environments and symbolic links (whose files are either in the tree
// anyway, or out of it).
func find(ctx context.Context, paths []string, o Options) ([]*target, error) {
	for _, patterns := range [][]string{o.Include, o.Exclude, o.Project.Include, o.Project.Exclude} {
		if len(patterns) > maxGlobs {
			return nil, fmt.Errorf("more than %d patterns to include or to exclude", maxGlobs)
		}
		for _, p := range patterns {
			if _, err := compileGlob(p); err != nil {
				return nil, err
			}
		}
	}
	w := &walker{ctx: ctx, include: globs(o.Include), exclude: globs(o.Exclude), force: o.ForceExclude, free: make(chan struct{}, max(0, o.Jobs-1))}
	if o.Project.Dir != "" {
		w.dir, w.projectInclude, w.projectExclude = realPath(o.Project.Dir), globs(o.Project.Include), globs(o.Project.Exclude)
	}
	if o.Mode == Copy {
		w.out = realPath(o.Out)
	}
	for _, path := range paths {
		w.name(path)
	}
	slices.SortStableFunc(w.targets, func(a, b *target) int { return cmp.Compare(a.path, b.path) })
	seen := map[string]bool{}
	return slices.DeleteFunc(w.targets, func(t *target) bool {
		key := t.real
		if t.failedWalk {
			key = "\x00" + t.path
		}
		again := seen[key]
		seen[key] = true
		return again
	}), nil
}

type walker struct {
	ctx              context.Context
	include, exclude []glob
	force            bool   // they hold for files that are named, too
	out              string // not walked
	targets          []*target
	mu               sync.Mutex // of targets

	walks sync.WaitGroup
	free  chan struct{} // holds an entry for each goroutine that walks

	dir                            string // of the project's patterns
	projectInclude, projectExclude []glob
}

// excluded tells whether patterns keep a file or directory out.
func (w *walker) excluded(rel, real string) bool {
	if matchAny(w.exclude, rel) {
		return true
	}
	fromDir, ok := w.fromDir(real)
	return ok && matchAny(w.projectExclude, fromDir)
}

// included tells whether patterns let a file pass.
func (w *walker) included(rel, real string) bool {
	if len(w.include) > 0 && !matchAny(w.include, rel) {
		return false
	}
	fromDir, ok := w.fromDir(real)
	return !ok || len(w.projectInclude) == 0 || matchAny(w.projectInclude, fromDir)
}

// leftOut tells whether patterns keep out a file that is named by itself, or a
// directory that holds it: those without a directory of their own count from
// the working directory.
func (w *walker) leftOut(path, real string) bool {
	rel := path
	if wd, err := os.Getwd(); err == nil && filepath.IsAbs(path) {
		if below, err := filepath.Rel(wd, path); err == nil && filepath.IsLocal(below) {
			rel = below
		}
	}
	for up := rel; up != "." && up != ".." && filepath.Dir(up) != up; up = filepath.Dir(up) {
		if matchAny(w.exclude, up) {
			return true
		}
	}
	if fromDir, ok := w.fromDir(real); ok {
		for up := fromDir; up != "."; up = filepath.Dir(up) {
			if matchAny(w.projectExclude, up) {
				return true
			}
		}
	}
	return !w.included(rel, real)
}

// fromDir gives the path from the directory of the project's settings.
func (w *walker) fromDir(real string) (string, bool) {
	if w.dir == "" || !within(w.dir, real) {
		return "", false
	}
	return strings.TrimPrefix(strings.TrimPrefix(real, w.dir), string(filepath.Separator)), true
}

func (w *walker) add(targets ...*target) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.targets = append(w.targets, targets...)
}

func (w *walker) fail(path string, err error) {
	w.add(&target{path: path, real: path, err: fileError(path, err), failedWalk: true})
}

// name takes a path as the user gave it.
func (w *walker) name(path string) {
	path = filepath.Clean(path)
	info, err := os.Stat(path) // of a link's target
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = errors.New("there is no such file or directory")
			if to, e := os.Readlink(path); e == nil {
				err = fmt.Errorf("it is a link to %s, which is not there", to)
			}
		}
		w.fail(path, err)
		return
	}
	if info.IsDir() {
		root := realPath(path)
		before := len(w.targets)
		ignores, err := ignoresAbove(w.ctx, root)
		if err != nil {
			w.fail(path, err)
			return
		}
		w.walk(path, "", root, ignores)
		w.walks.Wait()
		slices.SortFunc(w.targets[before:], func(a, b *target) int { return cmp.Compare(a.path, b.path) })
		return
	}
	if !info.Mode().IsRegular() {
		w.fail(path, fmt.Errorf("%w; only regular files are translated", files.ErrNotRegular))
		return
	}
	kind, ok := kindOfFile(path)
	if !ok {
		w.fail(path, errors.New("not a kind of file that can be translated; name a .py, .ipynb or .md file, or give its text to `pyxlate - --stdin-filename NAME`"))
		return
	}
	real := realPath(path)
	if w.force && w.leftOut(path, real) {
		return
	}
	w.add(&target{path: path, real: real, rel: filepath.Base(path), root: packageRoot(real), kind: kind})
}

// walk goes through the directory rel of the tree that was named path, in
// several goroutines where there are processors for them: w.walks waits for
// these.
func (w *walker) walk(path, rel, root string, ignores []*ignoreFile) {
	dir := filepath.Join(root, rel)
	shown := filepath.Join(path, rel)
	entries, err := files.Entries(dir)
	if err != nil {
		w.fail(shown, err)
		return
	}
	if rel != "" && isEnvironment(entries) {
		return
	}
	if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == ".gitignore" }) {
		if ignores, err = withIgnores(ignores, ignoreSource{filepath.Join(dir, ".gitignore"), filepath.Join(shown, ".gitignore"), dir}); err != nil {
			w.fail(shown, err)
			return
		}
	}
	var found []*target
	for _, e := range entries {
		name := e.Name()
		kind, known := document.KindOf(name)
		if e.IsDir() && skippedDirectories[name] || !e.IsDir() && !(e.Type().IsRegular() && (known || filepath.Ext(name) == "")) {
			continue
		}
		below, real := beneath(rel, name), beneath(dir, name)
		if isIgnored(ignores, real, e.IsDir()) || w.excluded(below, real) {
			continue
		}
		switch {
		case !e.IsDir():
			if !known {
				kind, known = kindOfFile(real)
			}
			if known && w.included(below, real) {
				found = append(found, &target{path: beneath(shown, name), real: real, rel: below, root: root, kind: kind})
			}
		case real != w.out:
			select {
			case w.free <- struct{}{}:
				w.walks.Go(func() {
					w.walk(path, below, root, ignores)
					<-w.free
				})
			default:
				w.walk(path, below, root, ignores)
			}
		}
	}
	w.add(found...)
}

// kindOfFile tells the kind of a regular file by its name, or by its first line
// where the name has no ending.
func kindOfFile(path string) (document.Kind, bool) {
	if kind, ok := document.KindOf(path); ok || filepath.Ext(path) != "" {
		return kind, ok
	}
	head, err := files.Head(path, 128)
	if err != nil {
		return 0, false
	}
	return document.KindOfText(head)
}

// beneath is filepath.Join for a clean directory and the name of an entry: a
// third of the time of a walk was cleaning paths that are clean.
func beneath(dir, name string) string {
	switch {
	case dir == "" || dir == ".":
		return name
	case os.IsPathSeparator(dir[len(dir)-1]):
		return dir + name
	}
	return dir + string(filepath.Separator) + name
}

// isEnvironment tells a virtual environment of Python or conda.
func isEnvironment(entries []os.DirEntry) bool {
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		return e.Name() == "pyvenv.cfg" || e.Name() == "conda-meta" && e.IsDir()
	})
}

// ignoresAbove gives the ignore rules that git has for a directory from those
// above it and from its configuration, the outermost first.
func ignoresAbove(ctx context.Context, dir string) ([]*ignoreFile, error) {
	repository := files.Repository(dir)
	if repository == "" {
		return nil, nil
	}
	sources, err := excludeFiles(ctx, repository)
	if err != nil {
		return nil, err
	}
	slices.Reverse(sources)
	var between []ignoreSource
	for d := dir; d != repository; {
		d = filepath.Dir(d)
		between = append(between, ignoreSource{filepath.Join(d, ".gitignore"), filepath.Join(d, ".gitignore"), d})
	}
	slices.Reverse(between)
	var all []*ignoreFile
	for _, source := range append(sources, between...) {
		if all, err = withIgnores(all, source); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// realPath makes a path absolute and free of symbolic links, as far as it
// exists.
func realPath(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if dir := filepath.Dir(abs); dir != abs {
		return filepath.Join(realPath(dir), filepath.Base(abs))
	}
	return abs
}

// packageRoot gives the directory from which a file's modules are imported:
// its own, or that above the packages it is in.
func packageRoot(file string) string {
	dir := filepath.Dir(file)
	for {
		if _, err := os.Lstat(filepath.Join(dir, "__init__.py")); err != nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}
