package batchai

import (
	"regexp"
	"slices"
	"strings"

	"pyxlate/rules/ir"
)

const (
	models = "azure.mgmt.batchai.models."

	jobMountRoot     = "AZ_BATCHAI_JOB_MOUNT_ROOT"
	clusterMountRoot = "AZ_BATCHAI_MOUNT_ROOT"
	jobTemp          = "AZ_BATCHAI_JOB_TEMP"
)

// mountKind is what is mounted.
type mountKind uint8

const (
	shareMount mountKind = iota
	containerMount
	serverMount
	commandMount
)

// mountLists are the lists of MountVolumes: what is in them, the resource that
// takes its place, and the code of the note where none does.
var mountLists = []struct {
	field    string
	kind     mountKind
	resource string
	nameAs   string // the resource's parameter for the name
	manual   string
}{
	{field: "azure_file_shares", kind: shareMount, resource: "share", nameAs: "share_name"},
	{field: "azure_blob_file_systems", kind: containerMount, resource: "container", nameAs: "container_name"},
	{field: "file_servers", kind: serverMount, manual: "BAI303"},
	{field: "unmanaged_file_systems", kind: commandMount, manual: "BAI304"},
}

// mount is one file system that a job finds below a mount root.
type mount struct {
	kind mountKind
	list int    // index into mountLists
	root string // name of the root's environment variable
	rel  text   // relative_mount_path
	ref  ir.Arg // the reference object
	// account and key reach the storage account; name is the share or container.
	account, key ir.Arg
	name         text
	secret       ir.Arg // a key vault reference in place of the key

	needed bool // an input needs it
	asked  bool // the resource was asked for
	store  ir.Term
}

// place is a path in a mounted file system.
type place struct {
	mount *mount
	path  text
	id    string // of the input directory that led there
	base  text   // path of that directory
}

// input is an InputDirectory.
type input struct {
	id   string
	path text
	at   ir.Arg

	script bool // the training script lies in it
	passed bool // a command line or script names it
	named  bool // its variable is read by name
}

// output is an OutputDirectory.
type output struct {
	id     string
	suffix text
	prefix text
	at     ir.Arg
	used   bool
	made   bool // the command line makes its folder
}

// dataUse is a use of data in storage: a path on a datastore.
type dataUse struct {
	mount *mount
	id    string // input id: names the reference
	base  text   // path of the referenced folder on the datastore
	rest  text   // path below it
	// shared is the directory that all nodes of a job share.
	shared bool
}

// object gives the object that an argument certainly is.
func object(v ir.Value) *ir.Object {
	switch v := v.(type) {
	case *ir.Object:
		return v
	case *ir.Join:
		// A value that may be None besides is taken for what it is when given.
		var one *ir.Object
		for _, x := range v.Of {
			if ir.IsNone(x) {
				continue
			}
			o, ok := x.(*ir.Object)
			if !ok || one != nil && one != o {
				return nil
			}
			one = o
		}
		return one
	}
	return nil
}

// field gives a field at the end of a dotted path.
func field(v ir.Value, path string) (ir.Arg, bool) {
	head, rest, more := strings.Cut(path, ".")
	o := object(v)
	if o == nil {
		return ir.Arg{}, false
	}
	a, ok := o.Fields[head]
	if !ok || a.Value != nil && ir.IsNone(a.Value) {
		return ir.Arg{}, false
	}
	if more {
		return field(a.Value, rest)
	}
	return a, true
}

// elements gives the elements of a list; open says that there may be more.
func elements(v ir.Value) (es []ir.Arg, open bool) {
	switch v := v.(type) {
	case nil:
		return nil, false
	case *ir.Seq:
		return v.Elems, v.Open || !v.Comp.IsZero()
	case *ir.Const:
		return nil, v.V != nil
	}
	return nil, true
}

// elementsOf gives the elements of a list that show.
func elementsOf(v ir.Value) []ir.Arg {
	es, _ := elements(v)
	return es
}

// mountsOf reads a MountVolumes object.
func (j *job) mountsOf(root string, volumes ir.Value) (ms []*mount) {
	for i, l := range mountLists {
		list, ok := field(volumes, l.field)
		if !ok {
			continue
		}
		es, _ := elements(list.Value)
		for _, e := range es {
			m := &mount{kind: l.kind, list: i, root: root, ref: e}
			if a, ok := field(e.Value, "relative_mount_path"); ok {
				m.rel = cleanPath(textOf(j.c, a))
			}
			m.account, _ = field(e.Value, "account_name")
			for _, credentials := range []string{"credentials", "credentials_info"} { // 0.1.0 has the second
				if k, ok := field(e.Value, credentials+".account_key"); ok {
					m.key = k
				}
				if k, ok := field(e.Value, credentials+".account_key_secret_reference"); ok {
					m.secret = k
				}
			}
			switch l.kind {
			case containerMount:
				if a, ok := field(e.Value, "container_name"); ok {
					m.name = textOf(j.c, a)
				}
			case shareMount:
				if a, ok := field(e.Value, "azure_file_url"); ok {
					m.name = shareName(textOf(j.c, a))
				}
			}
			for _, f := range []string{"mount_options", "file_mode", "directory_mode"} {
				if a, ok := field(e.Value, f); ok && root == jobMountRoot {
					j.note("BAI302", ir.Review, a.At, "NAME", f)
				}
			}
			ms = append(ms, m)
		}
	}
	return ms
}

// shareName is the last segment of the URL of a file share. It is empty where
// the URL does not show where that segment begins.
func shareName(url text) text {
	url = url.trimRight('/')
	i := url.lastIndex('/')
	if i < 0 {
		return nil
	}
	return url[i+1:]
}

// cluster finds the construction of the cluster that the job runs on: by the
// name under which it was created, or as the only one of the program.
func (j *job) cluster() *ir.Object {
	const create = "azure.mgmt.batchai.operations.ClustersOperations.create"
	parametersOf := func(call *ir.Call) *ir.Object {
		a := call.Bound["parameters"]
		return object(a.Value)
	}
	if id, ok := j.c.Path("cluster.id"); ok {
		if o := clusterOf(id.Value); o != nil && o.Made != nil {
			if o.Made.Symbol == create {
				return parametersOf(o.Made)
			}
			// Several programs of a folder may create a cluster of one name: the
			// nearest creation before the job is its own.
			name := o.Made.Bound["cluster_name"]
			var nearest *ir.Call
			for _, call := range j.c.Calls(create) {
				if j.same(call.Bound["cluster_name"], name) &&
					(nearest == nil || before(call.At, j.at()) && before(nearest.At, call.At)) {
					nearest = call
				}
			}
			if nearest != nil {
				return parametersOf(nearest)
			}
		}
	}
	if made := j.c.Made(models + "ClusterCreateParameters"); len(made) == 1 {
		return made[0]
	}
	return nil
}

// before is the order in which a program runs from top to bottom.
func before(a, b ir.Expr) bool {
	return a.Unit < b.Unit || a.Unit == b.Unit && a.Start < b.Start
}

// same reports whether two arguments are presumably the same.
func (j *job) same(a, b ir.Arg) bool {
	return sameValue(j.c.Representative(a.Value), j.c.Representative(b.Value))
}

// sameValue is ir.Same, and sees besides that an attribute of the same value is
// the same.
func sameValue(a, b ir.Value) bool {
	if ir.Same(a, b) {
		return true
	}
	x, ok1 := a.(*ir.Unknown)
	y, ok2 := b.(*ir.Unknown)
	return ok1 && ok2 && x.Attr != "" && x.Attr == y.Attr && sameValue(x.Of, y.Of)
}

// clusterOf gives the cluster whose id a value is.
func clusterOf(v ir.Value) *ir.Object {
	switch v := v.(type) {
	case *ir.Unknown:
		if v.Attr == "id" {
			return object(v.Of)
		}
	case *ir.Object:
		if v.Attr == "id" {
			return object(v.From)
		}
	}
	return nil
}

// readMounts fills the tables of mounts and directories.
func (j *job) readMounts() {
	if a, ok := j.c.Arg("mount_volumes"); ok {
		j.mounts = j.mountsOf(jobMountRoot, a.Value)
	}
	if o := j.cluster(); o != nil {
		if a, ok := field(o, "node_setup.mount_volumes"); ok {
			j.mounts = append(j.mounts, j.mountsOf(clusterMountRoot, a.Value)...)
		}
	} else {
		// Which of several clusters it is does not matter where no two of them
		// mount different things at one place.
		for _, o := range j.c.Made(models + "ClusterCreateParameters") {
			if a, ok := field(o, "node_setup.mount_volumes"); ok {
				j.mounts = append(j.mounts, j.mountsOf(clusterMountRoot, a.Value)...)
			}
		}
	}
	if a, ok := j.c.Arg("input_directories"); ok {
		for _, e := range j.listed(a, "BAI327", ir.Manual) {
			id, _ := field(e.Value, "id")
			path, _ := field(e.Value, "path")
			s, known := textOf(j.c, id).known()
			if !known {
				j.note("BAI305", ir.Manual, e.At, "PATH", textOf(j.c, path).show())
				continue
			}
			j.inputs = append(j.inputs, &input{id: s, path: textOf(j.c, path).trimSpace(), at: e})
		}
	}
	if a, ok := j.c.Arg("output_directories"); ok {
		j.outputs = outputsOf(j.c, j.listed(a, "BAI328", ir.Review))
	}
}

// listed gives the elements of a list of directories, those among them that are
// appended on a condition. Where there may be more, it says so by a note.
func (j *job) listed(a ir.Arg, code string, verdict ir.Verdict) []ir.Arg {
	es, open := elements(a.Value)
	if seq, ok := a.Value.(*ir.Seq); ok && open && seq.Comp.IsZero() && len(seq.Changes) > 0 {
		open = false
		for _, ch := range seq.Changes {
			open = open || ch.Path != "append()" || object(ch.Arg.Value) == nil
		}
		for _, ch := range seq.Changes {
			if open || slices.ContainsFunc(es, func(e ir.Arg) bool { return e.At == ch.Arg.At }) {
				continue
			}
			es = append(es, ch.Arg)
			j.note("BAI326", ir.Review, a.At, "NAME", oneLineOf(j.c.Text(ch.Arg.At)))
		}
	}
	if open {
		j.note(code, verdict, a.At, "NAME", oneLineOf(j.c.Text(a.At)))
	}
	return es
}

// oneLineOf puts the text of an expression into one line.
func oneLineOf(s string) string { return strings.Join(strings.Fields(s), " ") }

// outputsOf reads the elements of a list of OutputDirectory.
func outputsOf(c ir.Context, es []ir.Arg) (out []*output) {
	for _, e := range es {
		id, _ := field(e.Value, "id")
		s, known := textOf(c, id).known()
		if !known {
			continue // its paths stay unresolved where they are used
		}
		o := &output{id: s, at: e, suffix: lit(strings.ToLower(s))}
		if a, ok := field(e.Value, "path_suffix"); ok {
			if t := cleanPath(textOf(c, a)); len(t) > 0 {
				o.suffix = t
			}
		}
		if a, ok := field(e.Value, "path_prefix"); ok {
			o.prefix = textOf(c, a)
		}
		for _, other := range out {
			if equal(other.suffix, o.suffix) {
				o.suffix = concat(o.suffix, lit("_"+strings.ToLower(s)))
			}
		}
		out = append(out, o)
	}
	return out
}

// OutputFolder gives the path below the run's "outputs" folder at which an
// output directory of a job is kept: its suffix, or its id in lower case. ok is
// false where the job's parameters do not show a directory of that id.
func OutputFolder(c ir.Context, parameters *ir.Object, id string) (folder []ir.Piece, ok bool) {
	if parameters == nil {
		return nil, false
	}
	out := outputsOf(c, elementsOf(parameters.Fields["output_directories"].Value))
	for _, o := range out {
		if o.id == id {
			return o.suffix.pieces(), true
		}
	}
	return nil, false
}

func (j *job) input(id string) *input {
	for _, in := range j.inputs {
		if in.id == id {
			return in
		}
	}
	return nil
}

func (j *job) output(id string) *output {
	for _, o := range j.outputs {
		if o.id == id {
			return o
		}
	}
	return nil
}

// locate finds the place that a path means. The path must begin with a mount
// root or an input directory.
func (j *job) locate(path text) (place, bool) { return j.locateAt(path, 0) }

func (j *job) locateAt(path text, depth int) (place, bool) {
	refs := path.references()
	if len(refs) == 0 || refs[0].start != 0 || refs[0].open || depth > 8 {
		return place{}, false
	}
	r := refs[0]
	rest := path[r.end:]
	if len(rest) > 0 && !rest.hasByte(0, '/') {
		return place{}, false
	}
	rest = cleanPath(rest)
	if r.name == jobMountRoot || r.name == clusterMountRoot {
		var found []*mount
		for _, m := range j.mounts {
			if m.root != r.name || len(m.rel) == 0 {
				continue
			}
			if below, ok := rest.cutPrefix(m.rel); ok && (len(below) == 0 || below.hasByte(0, '/')) {
				found = append(found, m)
			}
		}
		if len(found) == 0 || !j.sameMounts(found) {
			return place{}, false
		}
		below, _ := rest.cutPrefix(found[0].rel)
		return place{mount: found[0], path: cleanPath(below)}, true
	}
	id, ok := strings.CutPrefix(r.name, "AZ_BATCHAI_INPUT_")
	if !ok {
		return place{}, false
	}
	in := j.input(id)
	if in == nil {
		return place{}, false
	}
	p, ok := j.locateAt(in.path, depth+1)
	if !ok {
		return place{}, false
	}
	return place{mount: p.mount, path: joinPath(p.path, rest), id: id, base: p.path}, true
}

// sameMounts reports whether all mounts are of one share or container.
func (j *job) sameMounts(ms []*mount) bool {
	for _, m := range ms[1:] {
		if m.kind != ms[0].kind || !equal(m.name, ms[0].name) || !j.same(m.account, ms[0].account) {
			return false
		}
	}
	return true
}

// datastore gives the datastore for a mount. Where there is none, it marks what
// needs it: the mount may be at the other end of the program.
func (j *job) datastore(m *mount, at ir.Expr) (ir.Term, bool) {
	m.needed = true
	t, ok := j.storeOf(m)
	switch l := mountLists[m.list]; {
	case ok:
	case l.manual != "":
		j.note(l.manual, ir.Manual, at, "PATH", "$"+m.root+"/"+m.rel.show())
	case m.secret.Value != nil:
		j.note("BAI404", ir.Manual, at)
	default:
		j.note("BAI305", ir.Manual, at, "PATH", "$"+m.root+"/"+m.rel.show())
	}
	return t, ok
}

// storeOf gives the datastore for a mount if there is one.
func (j *job) storeOf(m *mount) (ir.Term, bool) {
	l := mountLists[m.list]
	if m.asked || l.manual != "" || m.secret.Value != nil || len(m.name) == 0 {
		return m.store, m.store != nil
	}
	m.asked = true
	args := []ir.Arg{withParam(m.account, "account_name"), m.name.arg(l.nameAs)}
	if m.key.Value != nil {
		args = append(args, withParam(m.key, "account_key"))
	}
	if t, ok := j.c.Resource(l.resource, args...); ok {
		m.store = t
	}
	return m.store, m.store != nil
}

func withParam(a ir.Arg, param string) ir.Arg {
	a.Param = param
	return a
}

// use makes a use of the data at a place; ok is false, with a note, where the
// file system has no datastore.
func (j *job) use(p place, at ir.Expr) (*dataUse, bool) {
	if _, ok := j.datastore(p.mount, at); !ok {
		return nil, false
	}
	u := &dataUse{mount: p.mount, id: p.id, base: p.path}
	if i := p.path.lastIndex('/'); p.id == "" && nameOfFile.MatchString(p.path[i+1:].skeleton()) {
		// A file may not be there yet: its folder is mounted.
		u.base, u.rest = p.path.cut(0, max(i, 0)), p.path[i+1:]
	}
	// A pattern is for the shell on the node: the folder that it begins in is
	// mounted.
	for i, c := range u.base {
		if p.id == "" && !c.hole && !c.fixed && strings.IndexByte("*?[", c.b) >= 0 {
			k := max(u.base.cut(0, i).lastIndex('/'), 0)
			u.base, u.rest = p.path.cut(0, k), p.path[k:].trimLeft('/')
			break
		}
	}
	if p.id != "" {
		u.base = p.base
		u.rest = p.path
		if len(p.base) > 0 {
			below, _ := p.path.cutPrefix(p.base)
			u.rest = below.trimLeft('/')
		}
	}
	return u, true
}

// nameOfFile matches the name of a file by its extension.
var nameOfFile = regexp.MustCompile(`\.[a-z0-9]{1,6}$`)

// mounted writes a use of data as a mounted reference: DS.path(PATH).as_mount().
// named gives the reference the id of the input directory, so that the variable
// in the run is called after it.
func (j *job) mounted(u *dataUse, named bool) ir.Term {
	store, _ := j.datastore(u.mount, ir.Expr{})
	call := &ir.Apply{Fn: &ir.Member{Of: store, Name: "path"}}
	path := u.base
	if !named {
		path = joinPath(u.base, u.rest)
	}
	if len(path) > 0 {
		call.Args = append(call.Args, ir.Argument{Value: path.term()})
	}
	if named {
		call.Args = append(call.Args, ir.Argument{Name: "data_reference_name", Value: &ir.Literal{V: j.referenceName(u)}})
	}
	return &ir.Apply{Fn: &ir.Member{Of: call, Name: "as_mount"}}
}

// referenceName is the name of a data reference in the run: the id of the input
// directory, else the last known part of the path.
func (j *job) referenceName(u *dataUse) string {
	if u.id != "" {
		return u.id
	}
	if u.shared {
		return "shared_job_temp"
	}
	for _, t := range []text{u.base, u.mount.rel} {
		last := t[t.lastIndex('/')+1:]
		if s, ok := last.known(); ok && s != "" {
			return identifier(s)
		}
	}
	return "data"
}

// identifier makes a name of a string: other characters become underscores.
func identifier(s string) string {
	b := []byte(s)
	for i := range b {
		if !isNameByte(b[i], i == 0) {
			b[i] = '_'
		}
	}
	return string(b)
}

// reference is a data reference in a variable of its own.
type reference struct {
	use      *dataUse
	name     string
	variable *ir.Variable
}

// variableOf gives the variable that holds the reference for a use of data, for
// a ScriptRunConfig, which takes references apart from its arguments.
func (j *job) variableOf(u *dataUse) ir.Term {
	if u.shared {
		if j.sharedTemp == nil {
			j.sharedTemp = j.c.Fresh("shared_job_temp")
		}
		return &ir.Var{Handle: j.sharedTemp}
	}
	return &ir.Var{Handle: j.referenceOf(u).variable}
}

func (j *job) referenceOf(u *dataUse) *reference {
	for _, r := range j.references {
		if r.use.mount == u.mount && r.use.id == u.id && equal(r.use.base, u.base) {
			return r
		}
	}
	name := j.referenceName(u)
	for _, r := range j.references {
		if r.name == name {
			name += "_" + strings.ToLower(mountLists[u.mount.list].resource)
		}
	}
	r := &reference{use: u, name: name, variable: j.c.Fresh(identifier(strings.ToLower(name)))}
	j.references = append(j.references, r)
	return r
}

// noteMounts says what became of the mounts that no input needed.
func (j *job) noteMounts() {
	for _, m := range j.mounts {
		if m.root != jobMountRoot {
			continue // the cluster's rule speaks for its mounts
		}
		switch l := mountLists[m.list]; {
		case l.manual != "" && !m.needed:
			j.note(l.manual, ir.Review, m.ref.At, "PATH", m.rel.show()) // no path of the job leads there
		case l.manual != "":
			j.note(l.manual, ir.Manual, m.ref.At, "PATH", m.rel.show())
		case !m.needed && (j.source == nil || j.source.mount != m):
			j.note("BAI311", ir.Review, m.ref.At, "PATH", m.rel.show())
		}
	}
}
