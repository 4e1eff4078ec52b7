package run

import (
	"bytes"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"pyxlate/translator/document"
	"pyxlate/translator/files"
)

// A Resolver finds the local file of a module as the file from imports it:
// "a.b" beside from or in a directory above it within the tree, ".a" and
// "..a" relative to its package, and, for %run, a path with a slash or an
// extension, relative to from. It reads files and never runs them. Where the
// file is one of the project it gives that very document; ok is false for a
// module that is not local.
type Resolver func(module, from string) (doc *document.Document, ok bool)

// importedModules gives the names under which a file may import others, each
// once: of `from a import b` both "a" and "a.b". It looks at the bytes of a
// script, notebook or page alike, takes a mention for an import where it must,
// and serves to decide which files are looked at together, nothing else.
func importedModules(raw []byte) []string {
	var all []string
	add := func(name string) {
		if name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	for rest := raw; ; {
		i := importWord.next(rest, 0)
		if i < 0 {
			break
		}
		before, after := statementAround(rest, i, i+len(importWord.text))
		rest = rest[i+len(importWord.text):]
		before = bytes.TrimLeft(before, " \t")
		names := strings.FieldsFunc(string(after), func(r rune) bool { return r == ',' || r == '(' || r == ')' })
		if from, ok := bytes.CutPrefix(before, []byte("from")); ok {
			module := dotted(string(bytes.TrimSpace(from)))
			add(module)
			for _, name := range names {
				if name = dotted(name); name != "" && strings.Trim(module, ".") == "" {
					add(module + name)
				} else if name != "" && module != "" {
					add(module + "." + name)
				}
			}
		} else if len(bytes.TrimSpace(before)) == 0 {
			for _, name := range names {
				add(dotted(name))
			}
		}
	}
	for rest := raw; ; {
		i := runWord.next(rest, 0)
		if i < 0 {
			return all
		}
		_, after := statementAround(rest, i, i+len(runWord.text))
		rest = rest[i+len(runWord.text):]
		for _, word := range strings.Fields(string(after)) {
			word = strings.Trim(word, `'"\`)
			if !strings.HasPrefix(word, "-") {
				if filepath.Ext(word) == "" {
					word += ".py"
				}
				add(word)
				break
			}
		}
	}
}

// statementBytes bounds how far what is imported is looked for behind the
// keyword.
const statementBytes = 400

// statementAround gives what stands before offset start and after offset end
// on their line, in a notebook's JSON too: a quote or an escaped newline ends
// a line there.
func statementAround(text []byte, start, end int) (before, after []byte) {
	before, after = text[:start], text[end:]
	if i := bytes.LastIndexAny(before[max(0, len(before)-200):], "\n\r\";"); i >= 0 {
		before = before[max(0, len(before)-200)+i+1:]
	}
	if i := bytes.LastIndex(before, []byte(`\n`)); i >= 0 {
		before = before[i+2:]
	}
	after = after[:min(len(after), statementBytes)]
	if i := bytes.IndexAny(after, "\n\r\";#\\"); i >= 0 {
		after = after[:i]
	}
	return before, after
}

// dotted gives the dotted name at the start of text, "" where there is none.
func dotted(text string) string {
	text = strings.TrimLeft(text, " \t")
	i := strings.IndexFunc(text, func(r rune) bool {
		return r != '.' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r < 0x80
	})
	if i >= 0 {
		text = text[:i]
	}
	return text
}

// isPath tells a path, as %run takes it, from the name of a module.
func isPath(module string) bool {
	return strings.ContainsAny(module, `/\`) || strings.HasSuffix(module, ".py") || strings.HasSuffix(module, ".ipynb")
}

// moduleFiles gives the paths at which the file of a module can lie, the
// nearest first. from is the absolute path of the file that imports it, root
// the directory above which nothing is looked for.
func moduleFiles(module, from, root string) []string {
	dir := filepath.Dir(from)
	if isPath(module) {
		path := filepath.FromSlash(strings.ReplaceAll(module, `\`, "/"))
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		return []string{path}
	}
	name := strings.TrimLeft(module, ".")
	level := len(module) - len(name)
	parts := filepath.Join(strings.Split(name, ".")...)
	in := func(dir string) []string {
		if name == "" {
			return []string{filepath.Join(dir, "__init__.py")}
		}
		return []string{filepath.Join(dir, parts+".py"), filepath.Join(dir, parts, "__init__.py")}
	}
	if level > 0 {
		for range level - 1 {
			dir = filepath.Dir(dir)
		}
		return in(dir)
	}
	var all []string
	for {
		all = append(all, in(dir)...)
		up := filepath.Dir(dir)
		if dir == root || up == dir || !within(root, up) {
			return all
		}
		dir = up
	}
}

func within(root, path string) bool {
	return path == root || strings.HasPrefix(path, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator))
}

// moduleIndex finds targets by their absolute path.
type moduleIndex struct {
	at    map[string]*target
	stems map[string]bool // last parts of the names by which they are imported
}

// stemOf is the last part of the name by which a file is imported.
func stemOf(path string) string {
	stem := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	if stem == "__init__" {
		return filepath.Base(filepath.Dir(path))
	}
	return stem
}

func (r *runner) index(which func(*target) bool) moduleIndex {
	index := moduleIndex{map[string]*target{}, map[string]bool{}}
	for _, t := range r.targets {
		if t.err == nil && which(t) {
			index.at[t.real] = t
			index.stems[stemOf(t.real)] = true
		}
	}
	return index
}

// lookup finds the target that t means by a module.
func (x moduleIndex) lookup(module string, t *target) *target {
	if last := module[strings.LastIndexByte(module, '.')+1:]; last != "" && !isPath(module) && !x.stems[last] {
		return nil
	}
	for _, path := range moduleFiles(module, t.real, t.root) {
		if found := x.at[path]; found != nil {
			return found
		}
	}
	return nil
}

// importWords are words of which every import of a module of an index holds
// one.
type importWords struct {
	words    map[string]bool
	packages bool // some module is a package, which `from . import` reaches without a word
}

func (x moduleIndex) words() importWords {
	w := importWords{words: map[string]bool{}}
	for path := range x.at {
		stem := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		if stem == "__init__" {
			w.packages = true
			stem = filepath.Base(filepath.Dir(path))
		}
		for word := range wordsOf([]byte(stem)) {
			w.words[string(word)] = true
			break
		}
	}
	return w
}

var (
	importWord = newWord("import", "import")
	runWord    = newWord("%run", "%run")
)

// in tells whether a text may import one of the modules. It looks where
// importedModules does.
func (w importWords) in(raw []byte) bool {
	for _, keyword := range []*word{&importWord, &runWord} {
		rest := raw
		for i := keyword.next(rest, 0); i >= 0; i = keyword.next(rest, 0) {
			before, after := statementAround(rest, i, i+len(keyword.text))
			rest = rest[i+len(keyword.text):]
			if from, ok := bytes.CutPrefix(bytes.TrimLeft(before, " \t"), []byte("from")); ok && w.packages && bytes.HasPrefix(bytes.TrimLeft(from, " \t"), []byte(".")) {
				return true
			}
			for _, side := range [][]byte{before, after} {
				for word := range wordsOf(side) {
					if w.words[string(word)] {
						return true
					}
				}
			}
		}
	}
	return false
}

// wordsOf gives the runs of letters, digits and underscores.
func wordsOf(text []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for i := 0; i < len(text); {
			start := i
			for i < len(text) && isWord(text[i]) {
				i++
			}
			if i > start && !yield(text[start:i]) {
				return
			}
			i++
		}
	}
}

// maxNeighbours bounds the files of a folder that are looked at together because
// one of them sets up what another uses: the scripts of one program are few, and
// a folder of many is a collection of programs.
const maxNeighbours = 40

// groups divides the files to translate into projects: those that imports
// connect, and those of a folder of which one sets up what another uses. They
// come in the order of their first file.
func (r *runner) groups() [][]*target {
	index := r.index(func(t *target) bool { return t.triggered || t.importer })
	leader := map[*target]*target{}
	find := func(t *target) *target {
		top := t
		for leader[top] != nil {
			top = leader[top]
		}
		for t != top { // the way is shorter next time
			t, leader[t] = leader[t], top
		}
		return top
	}
	members := map[*target][]*target{}
	var files []*target
	for _, t := range r.targets {
		if index.at[t.real] != t {
			continue
		}
		files = append(files, t)
		for _, module := range t.imports {
			if other := index.lookup(module, t); other != nil && find(other) != find(t) {
				leader[find(other)] = find(t)
			}
		}
	}
	folders := map[string][]*target{}
	for _, t := range files {
		if t.gives|t.needs != 0 {
			folders[filepath.Dir(t.real)] = append(folders[filepath.Dir(t.real)], t)
		}
	}
	for _, t := range files {
		neighbours := folders[filepath.Dir(t.real)]
		if t.needs == 0 || len(neighbours) > maxNeighbours {
			continue
		}
		for _, other := range neighbours {
			if other.gives&t.needs != 0 && find(other) != find(t) {
				leader[find(other)] = find(t)
			}
		}
	}
	for _, t := range files {
		members[find(t)] = append(members[find(t)], t)
	}
	var groups [][]*target
	for _, t := range files {
		if group := members[find(t)]; group[0] == t {
			groups = append(groups, group)
		}
	}
	return groups
}

// resolver answers for one project. It keeps what it has read for as long as
// the project is worked on.
type resolver struct {
	targets map[string]*target            // by the path shown
	known   map[string]*document.Document // by absolute path; nil: no document
	folders *folders
	mu      sync.Mutex
}

// maxModule bounds the size of a module that is only read to be understood.
const maxModule = 8 << 20

func newResolver(group []*target, outcomes []*outcome, folders *folders) *resolver {
	r := &resolver{targets: map[string]*target{}, known: map[string]*document.Document{}, folders: folders}
	for i, t := range group {
		r.targets[t.path] = t
		r.known[t.real] = outcomes[i].doc
	}
	return r
}

func (r *resolver) resolve(module, from string) (*document.Document, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.targets[from]
	if t == nil {
		return nil, false
	}
	for _, path := range moduleFiles(module, t.real, t.root) {
		doc, known := r.known[path]
		if !known {
			if r.folders.lack(module, path) {
				continue
			}
			doc = r.read(path, t)
			r.known[path] = doc
		}
		if doc != nil {
			return doc, true
		}
	}
	return nil, false
}

// folders remember for a whole run which of them hold nothing by the first part
// of a module's name: few imports are of local modules, and many of the same.
type folders struct {
	known map[[2]string]bool
	mu    sync.Mutex
}

// lack tells that a module is not at a path that moduleFiles gives for it.
func (f *folders) lack(module, path string) bool {
	if isPath(module) || module == "" || module[0] == '.' || strings.Contains(module, "..") || strings.Contains(module, "__init__") {
		return false
	}
	first, _, _ := strings.Cut(module, ".")
	dir := filepath.Dir(path)
	if filepath.Base(path) == "__init__.py" {
		dir = filepath.Dir(dir)
	}
	for range strings.Count(module, ".") {
		dir = filepath.Dir(dir)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	key := [2]string{dir, first}
	holds, known := f.known[key]
	if !known {
		beside := filepath.Join(dir, first)
		holds = isThere(beside) || isThere(beside+".py")
		if f.known == nil {
			f.known = map[[2]string]bool{}
		}
		f.known[key] = holds
	}
	return !holds
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// read opens a module that is not in the project: a regular file that the
// target's tree really holds.
func (r *resolver) read(path string, t *target) *document.Document {
	kind, ok := document.KindOf(path)
	info, err := os.Lstat(path)
	if !ok || err != nil || !info.Mode().IsRegular() || info.Size() > maxModule {
		return nil
	}
	if within(t.root, path) && !within(t.root, realPath(path)) {
		return nil // by a linked directory
	}
	raw, err := files.ReadInto(nil, path, files.Text)
	if err != nil {
		return nil
	}
	// Its own path is unknown to the user; show it as it lies from the file
	// that imports it.
	shown := path
	if rel, err := filepath.Rel(filepath.Dir(t.real), path); err == nil {
		shown = filepath.Join(filepath.Dir(t.path), rel)
	}
	doc, err := document.OpenAs(kind, shown, raw)
	if err != nil {
		return nil
	}
	if r.targets[shown] == nil {
		r.targets[shown] = &target{path: shown, real: path, root: t.root, kind: kind}
	}
	return doc
}
