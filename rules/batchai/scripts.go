package batchai

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pyxlate/rules/ir"
)

// sourceOf splits the path of a local file into the folder to send and the
// file's name there.
func sourceOf(local, remote text) *source {
	s := &source{local: local}
	if i := local.lastIndex('/'); i >= 0 {
		s.folder, s.entry = local.cut(0, i), local[i+1:]
		if len(s.folder) == 0 {
			s.folder = lit("/")
		}
	} else if _, known := local.known(); known || endsWithName(remote, local) {
		s.folder, s.entry = lit("."), local
	} else {
		hole := map[string]ir.Term{"path": local.term()}
		s.dir = &ir.Code{Text: "os.path.dirname({path}) or '.'", Holes: hole}
		s.script = &ir.Code{Text: "os.path.basename({path})", Holes: hole}
		return s
	}
	if endsWithName(remote, s.entry) {
		name := remote.cut(len(remote)-len(s.entry), len(remote))
		s.remote = remote.cut(0, len(remote)-len(s.entry)).trimRight('/')
		if !slices.ContainsFunc(s.entry, func(c cell) bool { return c.in != nil || c.out != nil }) {
			s.entry = name // as the job names it
		}
	}
	s.dir, s.script = s.folder.term(), s.entry.term()
	return s
}

// endsWithName reports whether a path ends with a name.
func endsWithName(path, name text) bool {
	if len(path) == 1 && len(name) == 1 && path[0].hole && name[0].hole {
		u, ok := name[0].in.piece.Val.(*ir.Unknown)
		if ok && u.Attr == "os.path.basename()" && sameValue(u.Of, path[0].in.piece.Val) {
			return true
		}
	}
	n := len(path) - len(name)
	return len(name) > 0 && n >= 0 && equal(path[n:], name) && (n == 0 || path.hasByte(n-1, '/'))
}

// localPath gives the path in the run's own folder for a path in storage that
// the run's folder was copied to.
func (j *job) localPath(path text) (text, bool) {
	if j.source == nil || j.source.mount == nil || j.source.folder == nil {
		return nil, false
	}
	p, ok := j.locate(path)
	if !ok || !j.sameMounts([]*mount{p.mount, j.source.mount}) {
		return nil, false
	}
	if equal(p.path, j.source.remote) {
		return lit("."), true
	}
	s, ok := j.find(p)
	if ok && s.folder != nil && equal(s.folder, j.source.folder) {
		return s.entry, true
	}
	// A preparation may make files next to the script.
	if below, inside := p.path.cutPrefix(j.source.remote); !ok && inside && j.prepared && len(j.source.remote) > 0 && below.hasByte(0, '/') {
		return below.trimLeft('/'), true
	}
	return nil, false
}

// noteSiblings names the files that were uploaded next to the script from
// somewhere else: they do not travel with the run's folder.
func (j *job) noteSiblings(at ir.Expr) {
	s := j.source
	if s == nil || s.mount == nil || s.folder == nil {
		return
	}
	var away []string
	for i := range j.uploads {
		u := &j.uploads[i]
		if !j.into(u, s.mount) {
			continue
		}
		if (u.tree || len(u.on.Loops()) > 0) && j.brings(u, s) {
			continue
		}
		if u = j.typical(u, 0); len(u.local) == 0 {
			continue
		}
		below, ok := u.remote.cutPrefix(s.remote)
		if !ok || len(s.remote) > 0 && !below.hasByte(0, '/') {
			continue
		}
		other := sourceOf(u.local, u.remote)
		switch {
		case other.folder == nil || !equal(other.folder, s.folder):
			away = append(away, u.local.show())
		case !endsWithName(u.remote, other.entry):
			away = append(away, u.local.show()+" (as "+u.remote.show()+")")
		}
	}
	if len(away) > 0 {
		j.note("BAI314", ir.Review, at, "NAME", strings.Join(away, ", "))
	}
}

var (
	environmentName = regexp.MustCompile(`AZ_BATCHAI_[A-Z0-9_]+`)
	scriptVariable  = regexp.MustCompile(`AZ_BATCHAI_[A-Z0-9_]+|\bTF_CONFIG\b`)
)

// importedModule matches what a script imports.
var importedModule = regexp.MustCompile(`(?m)^[ \t]*(?:from|import)[ \t]+([\w.]+)`)

// ranModule matches a module that a command line runs by its name.
var ranModule = regexp.MustCompile(`(?:^|\s)-m\s+([\w.]+)`)

// scanAll reads the scripts of the job where they lie beside the program: the one
// that it names, those that its command line runs, and what these import from
// the folder that travels with the run.
func (j *job) scanAll(p *plan) {
	var names []string
	var add func(name string)
	add = func(name string) {
		if name == "" || slices.Contains(names, name) || len(names) > 30 {
			return
		}
		content, ok := j.c.ReadFile(name)
		if !ok {
			return
		}
		names = append(names, name)
		j.scan(name, content, p.scriptAt)
		for _, m := range importedModule.FindAllStringSubmatch(content, -1) {
			add(path.Join(path.Dir(name), strings.ReplaceAll(m[1], ".", "/")+".py"))
		}
	}
	if name, ok := j.source.local.known(); ok {
		add(name)
	}
	folder, ok := j.source.folder.known()
	if p.line == nil || !ok || j.source.mount == nil {
		return
	}
	for _, k := range lex(p.line) {
		if word, known := k.word.known(); known && nameOfFile.MatchString(word) && !strings.ContainsAny(word, "$/") {
			add(path.Join(folder, word))
		}
		if at, located := j.locate(k.word); located {
			if s, found := j.find(at); found {
				name, _ := s.local.known()
				add(name)
			}
		}
	}
	for _, m := range ranModule.FindAllStringSubmatch(p.line.skeleton(), -1) {
		add(path.Join(folder, strings.ReplaceAll(m[1], ".", "/")+".py"))
	}
}

// scan reports every variable of Batch AI that a script names, with its lines.
func (j *job) scan(file, content string, at ir.Expr) {
	lines := map[string][]string{}
	var order []string
	for i, line := range strings.Split(content, "\n") {
		for _, v := range scriptVariable.FindAllString(line, -1) {
			n := strconv.Itoa(i + 1)
			if k := lines[v]; len(k) > 0 && k[len(k)-1] == n {
				continue
			}
			if len(lines[v]) == 0 {
				order = append(order, v)
			}
			lines[v] = append(lines[v], n)
		}
	}
	for _, name := range order {
		v := j.variable(name)
		if v.name == "*" {
			continue
		}
		todo := v.script
		verdict := v.verdict
		if verdict == ir.Migrated {
			verdict = ir.Review
		}
		if id, ok := strings.CutPrefix(name, "AZ_BATCHAI_INPUT_"); ok {
			todo = strings.ReplaceAll(todo, "{ID}", id)
			if in := j.input(id); in != nil {
				in.named, in.passed = true, true
			}
		}
		if id, ok := strings.CutPrefix(name, "AZ_BATCHAI_OUTPUT_"); ok {
			folder := "a folder below ./outputs"
			if o := j.output(id); o != nil {
				o.used = true
				folder = "./outputs/" + o.suffix.show()
			}
			todo = strings.ReplaceAll(todo, "{PATH}", folder)
		}
		where := "line "
		if len(lines[name]) > 1 {
			where = "lines "
		}
		j.note("BAI630", verdict, at, "NAME", name, "FILE", file, "LINES", where+strings.Join(lines[name], ", "), "TODO", todo)
	}
}
