package batchai

import (
	"path"
	"slices"
	"strings"

	"pyxlate/rules/ir"
)

// uploads are the calls that put a local file into storage, or what the program
// has read from one.
var uploads = slices.Concat(
	uploadForms(containerMount, "azure.storage.blob.BlockBlobService.create_blob_from_", "container_name", "", "blob_name", "file_path", "blob"),
	uploadForms(shareMount, "azure.storage.file.FileService.create_file_from_", "share_name", "directory_name", "file_name", "local_file_path", "file"),
)

// uploadForm is a call that uploads, with its parameters.
type uploadForm struct {
	symbol    string
	kind      mountKind
	container string
	folder    string
	name      string
	local     string // the path of the file
	content   string // what is in the file, or the open file
}

func uploadForms(kind mountKind, symbol, container, folder, name, local, bytes string) []uploadForm {
	return []uploadForm{
		{symbol + "path", kind, container, folder, name, local, ""},
		{symbol + "text", kind, container, folder, name, "", "text"},
		{symbol + "bytes", kind, container, folder, name, "", bytes},
		{symbol + "stream", kind, container, folder, name, "", "stream"},
	}
}

// upload is a local file that the program puts into storage on one occasion.
type upload struct {
	on        ir.Occasion
	form      *uploadForm // nil: a command line
	kind      mountKind
	account   ir.Arg // without a value: not known
	read      bool
	container text
	remote    text
	local     text
	// tree: both are folders, and all that is below one is put below the other,
	// as far as the names of the files match a pattern.
	tree    bool
	pattern string
}

// readUploads lists the uploads of the program, one by one where it puts several
// files there by one call.
func (j *job) readUploads() {
	for i := range uploads {
		form := &uploads[i]
		for _, call := range j.c.Calls(form.symbol) {
			if _, ok := call.Bound[form.local+form.content]; !ok {
				continue
			}
			occasions, _ := j.c.Occasions(call)
			for _, on := range occasions {
				j.uploads = append(j.uploads, upload{on: on, form: form, kind: form.kind, account: accountOf(on.Recv())})
			}
		}
	}
	j.readLines()
}

// accountOf gives the account of a storage service, without a value where it is
// not known.
func accountOf(service ir.Arg) ir.Arg {
	if a, ok := serviceField(service.Value, "account_name"); ok {
		return a
	}
	return ir.Arg{}
}

// names reads where an upload goes and what it takes.
func (j *job) names(u *upload) {
	form := u.form
	get := func(param string) text {
		a, ok := u.on.Arg(param)
		if !ok || ir.IsNone(a.Value) {
			return nil
		}
		return textOf(j.c, a)
	}
	u.container = get(form.container)
	remote := get(form.name)
	if form.folder != "" {
		remote = joinPath(get(form.folder), remote)
	}
	u.remote = cleanPath(remote)
	if form.content == "" {
		u.local = get(form.local)
	} else if a, ok := u.on.Arg(form.content); ok {
		u.local = j.readFrom(a.Value)
	}
}

// readFrom gives the path of the local file that was opened, or that something was
// read from; nil for anything else.
func (j *job) readFrom(v ir.Value) text {
	for range 4 {
		u, ok := v.(*ir.Unknown)
		if !ok || u.Call == nil {
			return nil
		}
		switch u.Call.Symbol {
		case ".read", ".encode", ".decode":
			v = u.Call.Recv.Value
		case "builtins.open", "io.open", "codecs.open":
			if len(u.Call.Args) == 0 {
				return nil
			}
			return textOf(j.c, u.Call.Args[0])
		default:
			return nil
		}
	}
	return nil
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
	if !u.read {
		j.names(u)
		u.read = true
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
	at     text // the file in storage
	remote text // the folder in storage that the local one was copied to
	local  text // the local file, "" unknown
}

// candidate is a local file that the program may upload to a place.
type candidate struct {
	local  text
	on     ir.Occasion
	listed bool // the program names the file, and does not only find it in a folder
}

// find gives the local file that the program uploads to a place. Where it
// uploads several there, the nearest before the job counts, if it is certain to.
func (j *job) find(p place) (*source, bool) {
	best, ok := j.choose(j.all(p))
	if !ok {
		if best.local, ok = j.oneByOne(p); !ok {
			return nil, false
		}
	}
	s := sourceOf(best.local, p.path)
	if !j.writable(s.folder) || !j.writable(s.entry) {
		return nil, false
	}
	s.mount, s.at = p.mount, p.path
	return s, true
}

// oneByOne finds the local file of a place that differs from job to job, by a part
// of its path: that of the place of each job in sight, and what the part is in it.
func (j *job) oneByOne(p place) (local text, ok bool) {
	i := slices.IndexFunc(p.path, func(c cell) bool { return c.hole })
	if i < 0 || j.c.Call() == nil || slices.ContainsFunc(p.path[i+1:], func(c cell) bool { return c.hole && !sameCell(c, p.path[i]) }) {
		return nil, false
	}
	part := p.path[i]
	jobs, all := j.c.Occasions(j.c.Call())
	var between []string // of the local path, what is around the part
	values := map[string]bool{}
	for _, on := range jobs {
		value, known := ir.String(on.Of(ir.Arg{Value: part.in.piece.Val, At: part.in.piece.At}).Value)
		if !known || value == "" {
			return nil, false
		}
		at := p
		at.path = nil
		for _, c := range p.path {
			if c.hole {
				at.path = append(at.path, lit(value)...)
			} else {
				at.path = append(at.path, c)
			}
		}
		one, ok := j.choose(j.all(at))
		path, known := one.local.known()
		if !ok || !known {
			return nil, false
		}
		if between == nil {
			between = strings.Split(path, value)
		}
		if strings.Join(between, value) != path {
			return nil, false
		}
		values[value] = true
	}
	if !all || len(values) < 2 {
		return nil, false // one path says nothing about others
	}
	for i, s := range between {
		if i > 0 {
			local = append(local, part)
		}
		local = append(local, lit(s)...)
	}
	return local, true
}

// all gives the local files that the program may upload to a place.
func (j *job) all(p place) (out []candidate) {
	for i := range j.uploads {
		if u := &j.uploads[i]; j.into(u, p.mount) {
			out = append(out, j.candidates(u, p.path, 0)...)
		}
	}
	return out
}

// filesAt names, for people, the local files that the program may upload to a
// place of which it does not say which one lies there.
func (j *job) filesAt(p place) (names []string) {
	for _, c := range j.all(p) {
		if name := "`" + c.local.show() + "`"; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// writes reports whether the program puts something of its own making at a place.
func (j *job) writes(p place) bool {
	for i := range j.uploads {
		u := &j.uploads[i]
		if u.form != nil && u.form.content != "" && j.into(u, p.mount) && len(u.local) == 0 && equal(u.remote, p.path) {
			return true
		}
	}
	return false
}

// brings reports whether an upload is the one that brings a file of the job.
func (j *job) brings(u *upload, s *source) bool {
	for _, c := range j.candidates(u, s.at, 0) {
		if equal(c.local, s.local) {
			return true
		}
	}
	return false
}

// choose gives the one file of several that lies at a place when the job runs.
func (j *job) choose(all []candidate) (best candidate, ok bool) {
	keep := func(want func(c candidate) bool) {
		var some []candidate
		for _, c := range all {
			if want(c) {
				some = append(some, c)
			}
		}
		if len(some) > 0 {
			all = some
		}
	}
	job := j.at()
	keep(func(c candidate) bool { return c.listed })
	keep(func(c candidate) bool { return before(c.on.At(), job) })
	if several(all) {
		keep(func(c candidate) bool { _, there := j.read(c.local); return there })
	}
	if len(all) == 0 {
		return best, false
	}
	if !several(all) {
		return all[0], true
	}
	// The last that certainly comes before the job.
	best = all[0]
	for _, c := range all[1:] {
		if before(best.on.At(), c.on.At()) {
			best = c
		}
	}
	_, sure := best.on.Possible()
	return best, sure && best.listed && before(best.on.At(), job)
}

// several reports whether candidates are different files.
func several(cs []candidate) bool {
	for _, c := range cs {
		if !equal(c.local, cs[0].local) {
			return true
		}
	}
	return false
}

// maxFolders bounds the loops within loops over folders.
const maxFolders = 3

// candidates gives the local files that an upload puts at a place.
func (j *job) candidates(u *upload, at text, depth int) (out []candidate) {
	if u.tree {
		if local, ok := u.below(at); ok {
			return []candidate{{local, u.on, false}}
		}
		return nil
	}
	if equal(u.remote, at) && len(u.local) > 0 {
		return []candidate{{u.local, u.on, depth == 0}}
	}
	loops := u.on.Loops()
	if len(loops) == 0 || depth == maxFolders {
		return nil
	}
	for _, f := range j.foldersIn(loops[0].Value) {
		for _, element := range f.elements(at) {
			for _, v := range j.supposing(u, element) {
				for _, c := range j.candidates(v, at, depth+1) {
					if _, there := j.read(c.local); there || !f.deep || !j.flattens(u, f, at) {
						out = append(out, c)
					}
				}
			}
		}
	}
	return out
}

// supposing gives what an upload does when the outermost of its loops whose
// elements are not known has come to one.
func (j *job) supposing(u *upload, element ir.Value) (out []*upload) {
	for _, on := range u.on.Supposing(0, element) {
		v := &upload{on: on, form: u.form, kind: u.kind, account: u.account, read: true}
		j.names(v)
		out = append(out, v)
	}
	return out
}

// flattens reports whether an upload puts the files of all folders below one into
// a single folder: where a file lies on the user's own machine does not show then.
func (j *job) flattens(u *upload, f folder, at text) bool {
	below := turnOf(valueOf(joinPath(f.path, lit("below"))), valueOf(at[at.lastIndex('/')+1:]))
	for _, v := range j.supposing(u, below) {
		if equal(v.remote, at) {
			return true
		}
	}
	return false
}

// typical gives what an upload does with any file that its loops come to.
func (j *job) typical(u *upload, depth int) *upload {
	loops := u.on.Loops()
	if u.form == nil || len(loops) == 0 || depth == maxFolders {
		return u
	}
	name := text{holeCell(j.c, ir.Piece{Val: &ir.Unknown{Why: "name of a file", Type: "str"}})}
	for _, f := range j.foldersIn(loops[0].Value) {
		for _, element := range f.elements(name) {
			for _, v := range j.supposing(u, element) {
				return j.typical(v, depth+1)
			}
		}
	}
	return u
}

// folder is a local folder whose files a loop runs through.
type folder struct {
	path    text
	names   bool   // the loop has their names, and not their paths
	deep    bool   // it walks through the folders below
	pattern string // which names they have, "" all
}

// foldersIn reads off what a loop runs through which folders' files these are.
func (j *job) foldersIn(v ir.Value) []folder {
	u, ok := v.(*ir.Unknown)
	if seq, isSeq := v.(*ir.Seq); isSeq && seq.Each != nil {
		u, ok = seq.Each.(*ir.Unknown)
		if t, isText := seq.Each.(*ir.Text); isText {
			// [os.path.join(FOLDER, name) for name in ...]
			path := textOf(j.c, ir.Arg{Value: t})
			if i := path.lastIndex('/'); i >= 0 {
				return []folder{{path: path.cut(0, i)}}
			}
			return nil
		}
		if ok && u.Of != nil {
			u, ok = u.Of.(*ir.Unknown)
		}
	}
	if !ok || u.Call == nil || len(u.Call.Args) == 0 {
		return nil
	}
	path := textOf(j.c, u.Call.Args[0])
	switch u.Call.Symbol {
	case "os.listdir":
		return []folder{{path: path, names: true}}
	case "os.walk":
		return []folder{{path: path, deep: true}}
	case "glob.glob", "glob.iglob":
		i := path.lastIndex('/')
		pattern, known := path[i+1:].known()
		folderPath := path.cut(0, max(i, 0))
		if !known || strings.ContainsAny(folderPath.skeleton(), "*?[") {
			return nil
		}
		return []folder{{path: folderPath, pattern: pattern}}
	}
	return nil
}

// elements gives what the loop may have for the file that lies at a place in
// storage.
func (f *folder) elements(at text) (out []ir.Value) {
	name := at[at.lastIndex('/')+1:]
	if s, known := name.known(); known && f.pattern != "" {
		if is, err := path.Match(f.pattern, s); err != nil || !is {
			return nil
		}
	}
	switch {
	case f.names:
		return []ir.Value{valueOf(name)}
	case !f.deep:
		return []ir.Value{valueOf(joinPath(f.path, name))}
	}
	// The folder itself, and the folders below it by whose path the place may end.
	out = append(out, turnOf(valueOf(f.path), valueOf(name)))
	below := at.cut(0, max(at.lastIndex('/'), 0))
	for i := len(below); i > 0; {
		i = max(below.cut(0, i).lastIndex('/'), 0)
		out = append(out, turnOf(valueOf(joinPath(f.path, below[i:].trimLeft('/'))), valueOf(name)))
	}
	return out
}

// valueOf is a text as a value of the program.
func valueOf(t text) ir.Value { return t.arg("").Value }

// turnOf is what os.walk yields for a folder with one file in it.
func turnOf(folder, name ir.Value) ir.Value {
	return &ir.Seq{Kind: ir.TupleSeq, Elems: []ir.Arg{{Value: folder}, {Value: &ir.Seq{Open: true}}, {Value: &ir.Seq{Elems: []ir.Arg{{Value: name}}}}}}
}

// findFolder gives the local folder whose files the program uploads to a folder
// of its own in storage.
func (j *job) findFolder(p place) (s *source, ok bool) {
	for i := range j.uploads {
		u := &j.uploads[i]
		if !j.into(u, p.mount) {
			continue
		}
		u = j.typical(u, 0)
		one := sourceOf(u.local, u.remote)
		if u.tree {
			one = &source{folder: u.local, dir: u.local.term(), remote: u.remote}
		}
		if one.folder == nil || !j.writable(one.folder) || !equal(one.remote, p.path) || !u.tree && !endsWithName(u.remote, one.entry) {
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
