package batchai

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"pyxlate/rules/ir"
)

// uploads are the calls that put a local file into storage.
var uploads = []struct {
	symbol    string
	kind      mountKind
	container string
	folder    string
	name      string
	local     string
}{
	{"azure.storage.blob.BlockBlobService.create_blob_from_path", containerMount, "container_name", "", "blob_name", "file_path"},
	{"azure.storage.file.FileService.create_file_from_path", shareMount, "share_name", "directory_name", "file_name", "local_file_path"},
}

// upload is a local file that the program puts into storage.
type upload struct {
	call      *ir.Call
	kind      mountKind
	account   ir.Arg // without a value: not known
	read      func() // finds out the rest, of an upload into an account in question; nil when that is done
	container text
	remote    text
	local     text
	// path is the local file where the calls in sight say it, "" where they do
	// not: a function of the program uploads what it is given.
	path string
}

// fact gives a value of which the whole program is the context: what it is for
// the calls in sight.
func fact(c ir.Context, a ir.Arg) text {
	t := textOf(c, a)
	if _, known := t.known(); !known {
		if s, ok := constText(a.Value); ok {
			return lit(s)
		}
	}
	return t
}

// readUploads lists the uploads of the program, in order.
func (j *job) readUploads() {
	for _, u := range uploads {
		for _, call := range j.c.Calls(u.symbol) {
			up := upload{call: call, kind: u.kind}
			container, ok1 := call.Bound[u.container]
			name, ok2 := call.Bound[u.name]
			local, ok3 := call.Bound[u.local]
			if !ok1 || !ok2 || !ok3 {
				continue
			}
			if o := object(call.Recv.Value); o != nil {
				if a, ok := o.Fields["account_name"]; ok {
					up.account = a
				} else if o.Made != nil {
					up.account = o.Made.Bound["account_name"]
				}
			}
			i := len(j.uploads)
			up.read = func() {
				remote := fact(j.c, name)
				if folder, ok := call.Bound[u.folder]; ok && u.folder != "" && !ir.IsNone(folder.Value) {
					remote = joinPath(fact(j.c, folder), remote)
				}
				up := &j.uploads[i]
				up.container = fact(j.c, container)
				up.remote = cleanPath(remote)
				up.local = textOf(j.c, local)
				up.path, _ = constText(local.Value)
			}
			j.uploads = append(j.uploads, up)
		}
	}
}

// into reports whether the call uploads to the storage that is mounted.
func (j *job) into(u *upload, m *mount) bool {
	if u.kind != m.kind {
		return false
	}
	// A service that came in as a parameter does not show its account.
	if u.account.Value != nil && m.account.Value != nil && !j.same(u.account, m.account) && !j.sameName(u.account, m.account) {
		return false
	}
	if u.read != nil {
		u.read()
		u.read = nil
	}
	return equal(u.container, m.name)
}

// sameName reports whether two arguments are one dotted name of whose value
// nothing at all is known.
func (j *job) sameName(a, b ir.Arg) bool {
	x, ok1 := a.Value.(*ir.Unknown)
	y, ok2 := b.Value.(*ir.Unknown)
	if !ok1 || !ok2 || x.Of != nil || y.Of != nil {
		return false
	}
	name := j.c.Text(a.At)
	return strings.Contains(name, ".") && nameLike(j.c, a.At) && name == j.c.Text(b.At)
}

// source is where a file of the job lies on the user's own machine: the folder
// that is sent with the run and the file's path in it.
type source struct {
	mount  *mount // nil where a person has to bring the script
	folder text   // local folder; nil when only an expression gives it
	entry  text
	dir    ir.Term
	script ir.Term
	remote text // the folder in storage that the local one was copied to
	local  text // the local file, "" unknown
}

// find gives the local file that the program uploads to a place.
func (j *job) find(p place) (*source, bool) {
	job := j.at()
	var best *source
	var bestCall *ir.Call
	for i := range j.uploads {
		u := &j.uploads[i]
		if !j.into(u, p.mount) {
			continue
		}
		s, ok := u.file(p.path)
		if ok && (!j.writable(s.folder) || !j.writable(s.entry)) {
			// A function of the program uploads what it is given: which file
			// that is, its callers say.
			if local, known := s.local.known(); known {
				s = sourceOf(lit(local), p.path)
			} else if u.path != "" && equal(u.remote, p.path) {
				s = sourceOf(lit(u.path), p.path)
			} else {
				s, ok = j.walked(s)
			}
		}
		if !ok {
			continue
		}
		// The nearest upload before the job counts.
		if best != nil && !(before(u.call.At, job) && before(bestCall.At, u.call.At)) {
			continue
		}
		s.mount = p.mount
		best, bestCall = s, u.call
	}
	return best, best != nil
}

// findFolder gives the local folder whose files the program uploads to a folder
// of its own in storage.
func (j *job) findFolder(p place) (s *source, ok bool) {
	for i := range j.uploads {
		u := &j.uploads[i]
		if !j.into(u, p.mount) {
			continue
		}
		one := sourceOf(u.local, u.remote)
		if one.folder == nil || !j.writable(one.folder) || !equal(one.remote, p.path) || !endsWithName(u.remote, one.entry) {
			continue
		}
		if s != nil && !equal(s.folder, one.folder) {
			return nil, false
		}
		s = &source{mount: p.mount, folder: one.folder, dir: one.dir, remote: p.path}
	}
	return s, s != nil
}

// writable reports whether a local folder can be named where the job is: one that
// a loop walks through cannot.
func (j *job) writable(folder text) bool {
	for _, p := range folder.pieces() {
		if p.Val != nil && !j.c.Can(ir.Arg{Value: p.Val, At: p.At}) {
			return false
		}
	}
	return true
}

// walked gives the file in the folder that a loop over os.walk begins with, where
// it lies there: for root, dirs, files in os.walk(FOLDER).
func (j *job) walked(s *source) (*source, bool) {
	ps := s.folder.pieces()
	if len(ps) != 1 {
		return nil, false
	}
	root, ok := ps[0].Val.(*ir.Unknown)
	if !ok {
		return nil, false
	}
	for _, call := range j.c.Calls("os.walk") {
		if len(call.Args) == 0 || call.At.Unit != root.At.Unit || root.At.End >= call.At.Start {
			continue
		}
		head := j.c.Text(ir.Expr{Span: ir.Span{Unit: root.At.Unit, Start: root.At.End, End: call.At.Start}})
		if !walkTargets.MatchString(head) || !j.c.Can(call.Args[0]) {
			continue
		}
		local := joinPath(textOf(j.c, call.Args[0]), s.entry)
		if _, there := j.read(local); there {
			return sourceOf(local, concat(s.remote, lit("/"), s.entry)), true
		}
	}
	return nil, false
}

// walkTargets is what stands between the first target of such a loop and the call.
var walkTargets = regexp.MustCompile(`^\s*,\s*\w+\s*,\s*\w+\s*\)?\s+in\s+$`)

// file matches the path of a file in storage against what the call uploads.
func (u *upload) file(path text) (*source, bool) {
	if equal(u.remote, path) {
		return sourceOf(u.local, path), true
	}
	// One of several files that a loop names one by one.
	if names, ok := pairs(u.remote, u.local); ok {
		s, known := path.known()
		for _, p := range names {
			if known && p.remote == s {
				return sourceOf(lit(p.local), path), true
			}
		}
	}
	// One file of a folder that is uploaded in a loop: the last part of both
	// names is the loop's own value.
	n, k := len(u.remote), len(u.local)
	if n == 0 || k == 0 || !u.remote[n-1].hole || !u.local[k-1].hole || !sameCell(u.remote[n-1], u.local[k-1]) {
		return nil, false
	}
	folder, localFolder := u.remote.cut(0, n-1), u.local.cut(0, k-1)
	if len(folder) > 0 && !folder.hasByte(n-2, '/') || len(localFolder) > 0 && !localFolder.hasByte(k-2, '/') {
		return nil, false
	}
	name, ok := path.cutPrefix(folder)
	if !ok || len(name) == 0 {
		return nil, false
	}
	if names, ok := alternatives(u.remote[n-1].in.piece.Val); ok {
		s, known := name.known()
		if known && !names[s] {
			return nil, false
		}
	} else if name.index('/') >= 0 {
		return nil, false
	}
	return sourceOf(concat(localFolder, name), path), true
}

// pair is a file's name in storage and on the user's own machine.
type pair struct{ remote, local string }

// pairs gives the names of a loop over pairs of constants, where both names are
// nothing but its variables.
func pairs(remote, local text) (out []pair, ok bool) {
	if !isWhole(remote) || !isWhole(local) {
		return nil, false
	}
	r, ok1 := remote[0].in.piece.Val.(*ir.Join)
	l, ok2 := local[0].in.piece.Val.(*ir.Join)
	if !ok1 || !ok2 || len(r.Of) != len(l.Of) {
		return nil, false
	}
	for i := range r.Of {
		a, ok1 := ir.String(r.Of[i])
		b, ok2 := ir.String(l.Of[i])
		if !ok1 || !ok2 || path.Base(a) != path.Base(b) {
			return nil, false
		}
		out = append(out, pair{a, b})
	}
	return out, true
}

// alternatives lists the strings that a value is one of.
func alternatives(v ir.Value) (map[string]bool, bool) {
	jn, ok := v.(*ir.Join)
	if !ok {
		return nil, false
	}
	out := map[string]bool{}
	for _, x := range jn.Of {
		s, ok := ir.String(x)
		if !ok {
			return nil, false
		}
		out[s] = true
	}
	return out, true
}

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
	s.dir, s.script = s.folder.term(), s.entry.term()
	if endsWithName(remote, s.entry) {
		s.remote = remote.cut(0, len(remote)-len(s.entry)).trimRight('/')
	}
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

// scan reads the script of the job where it lies beside the program, and
// reports every variable of Batch AI that it names, with its lines.
func (j *job) scan(s *source, at ir.Expr) {
	name, ok := s.local.known()
	if !ok {
		return
	}
	content, ok := j.c.ReadFile(name)
	if !ok {
		return
	}
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
		j.note("BAI630", verdict, at, "NAME", name, "FILE", s.local.show(), "LINES", where+strings.Join(lines[name], ", "), "TODO", todo)
	}
}
