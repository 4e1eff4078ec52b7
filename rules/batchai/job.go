package batchai

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pyxlate/rules/ir"
)

// job is the translation of one JobCreateParameters.
type job struct {
	c     ir.Context
	notes []ir.Note

	toolkit string // kind of the toolkit, for tables
	backend string // of PyTorch: gloo, nccl, mpi
	nodes   count

	mounts  []*mount
	inputs  []*input
	outputs []*output
	uploads []upload

	variables   []variable      // of the job, in order
	environment map[string]text // the same by name
	spelled     ir.Term         // a dict for variables that only the program knows
	dict        ir.Term         // all of them in the new program

	vault []ir.Statement // that store the secrets of the job

	source   *source
	image    image
	prepared bool            // a preparation runs in front of the command
	exports  map[string]bool // variables that the command line sets itself

	references []*reference
	sharedTemp *ir.Variable
	moved      bool // the command line changes the folder: paths of the run begin with runFolder
	starting   bool // what stands before that in a command line: the folder is the run's
	byName     bool // the cluster is given by its name

	spellings []ir.Spelling // new texts in literals of which the command line is made
	elsewhere bool          // such a literal changes the folder
}

// image is the container of the job.
type image struct {
	given    bool
	at       ir.Expr
	name     ir.Arg
	server   ir.Arg
	user     ir.Arg
	password ir.Arg
	shm      ir.Arg
	install  text // commands that go into the build of the image
	script   text // a local script that the build runs, nil for none
	temp     bool // the script uses the directory for temporary files
	packages []text
}

// note records a reason once.
func (j *job) note(code string, verdict ir.Verdict, at ir.Expr, values ...string) {
	n := ir.Note{Code: code, Verdict: verdict, At: at, Values: map[string]string{}}
	for i := 0; i+1 < len(values); i += 2 {
		n.Values[values[i]] = values[i+1]
	}
	for _, old := range j.notes {
		if old.Code == n.Code && old.At == n.At && old.Verdict == n.Verdict && old.Values["NAME"] == n.Values["NAME"] &&
			old.Values["PATH"] == n.Values["PATH"] && old.Values["ID"] == n.Values["ID"] && old.Values["FILE"] == n.Values["FILE"] {
			return
		}
	}
	j.notes = append(j.notes, n)
}

// at is the construction at hand.
func (j *job) at() ir.Expr {
	if call := j.c.Call(); call != nil {
		return call.At
	}
	return j.c.Use().At
}

// byHand leaves the whole statement to a person.
func byHand(code string, values ...string) *ir.Answer {
	j := &job{}
	j.note(code, ir.Manual, ir.Expr{}, values...)
	return &ir.Answer{Notes: j.notes}
}

// Job translates the parameters of a job into an estimator where an estimator
// can say all of it, and into a ScriptRunConfig otherwise.
func Job(c ir.Context) *ir.Answer {
	j := &job{c: c, environment: map[string]text{}, exports: map[string]bool{}}
	var tool *toolkit
	var settings ir.Arg
	for i := range toolkits {
		a, ok := c.Arg(toolkits[i].field)
		if !ok || a.Value != nil && ir.IsNone(a.Value) {
			continue
		}
		if tool != nil {
			return byHand("BAI616", "NAME", tool.field+", "+toolkits[i].field)
		}
		tool, settings = &toolkits[i], a
	}
	if tool == nil {
		return byHand("BAI616", "NAME", "no tool settings")
	}
	if object(settings.Value) == nil {
		return byHand("BAI616", "NAME", tool.field)
	}
	j.toolkit = tool.kind
	j.noteNone()
	j.nodes = countOf(c.Arg("node_count"))
	j.readMounts()
	j.readUploads()
	j.readVariables()
	if !j.readImage() {
		return byHand("BAI904", "NAME", "what `container_settings` holds does not show in one place")
	}
	p := tool.read(j, settings)
	if p.script == nil && p.program == nil && p.line == nil {
		return byHand("BAI616", "NAME", tool.field+" (nothing to run)")
	}
	p.class = tool.class
	if j.image.given && tool.image != "" {
		p.class = tool.image
	}
	for _, v := range p.env {
		j.setVariable(v)
	}
	if code, path := j.findSource(p); code != "" {
		return byHand(code, "PATH", path, "NAME", path, "COMMAND", path, "FLAGS", path, "DONE", leftToYou)
	}
	return j.answer(p)
}

// noteNone names the fields that are None for the calls in sight alone: other
// callers of a function would lose theirs.
func (j *job) noteNone() {
	for _, name := range []string{"mount_volumes", "container_settings", "job_preparation", "input_directories", "output_directories",
		"environment_variables", "secrets", "constraints"} {
		if a, ok := j.c.Arg(name); ok && a.Value != nil && ir.IsNone(a.Value) && j.c.ForCallers(a) {
			j.note("BAI619", ir.Review, a.At, "NAME", name)
		}
	}
}

// readVariables reads environment_variables and reports secrets.
func (j *job) readVariables() {
	if a, ok := j.c.Arg("environment_variables"); ok && !ir.IsNone(a.Value) {
		es, open := elements(a.Value)
		if open {
			j.spelled = j.variableDict(a)
			es = appended(a.Value)
		}
		if !open || es != nil {
			for _, e := range es {
				name, _ := field(e.Value, "name")
				value, _ := field(e.Value, "value")
				if object(e.Value) == nil || name.Value == nil {
					j.note("BAI904", ir.Manual, e.At, "NAME", "environment_variables")
					continue
				}
				j.setVariable(variable{name: textOf(j.c, name), value: textOf(j.c, value), valueAt: value.At, at: e})
			}
		}
	}
	if a, ok := j.c.Arg("secrets"); ok && !ir.IsNone(a.Value) {
		j.readSecrets(a)
	}
}

// readSecrets puts the secrets whose values the program has into the key vault of
// the workspace. Only the training script itself can read them there.
func (j *job) readSecrets(a ir.Arg) {
	es, open := elements(a.Value)
	var names []string
	for _, e := range es {
		name, given := field(e.Value, "name")
		if !given {
			open = true
			continue
		}
		// Names in a key vault have letters, digits and dashes.
		variable := textOf(j.c, name)
		secret := strings.ReplaceAll(variable.show(), "_", "-")
		read := "`" + variable.show() + "` by `Run.get_context().get_secret('" + secret + "')`"
		value, given := field(e.Value, "value")
		ws, ok := j.c.Resource("workspace")
		_, known := variable.known()
		switch {
		case given && ok && known:
			vault := &ir.Apply{Fn: &ir.Member{Of: ws, Name: "get_default_keyvault"}}
			j.vault = append(j.vault, ir.Statement{Value: &ir.Apply{Fn: &ir.Member{Of: vault, Name: "set_secret"},
				Args: []ir.Argument{{Value: str(secret)}, {Value: sourceArg(value), Old: []ir.Expr{value.At}}}}})
		case given:
			read += " (put it there first)"
		default:
			url, _ := field(e.Value, "value_secret_reference.secret_url")
			read += " (put it there first, from " + textOf(j.c, url).show() + ")"
		}
		names = append(names, read)
	}
	if open || len(names) == 0 {
		names = append(names, "what is in `"+strings.Join(strings.Fields(j.c.Text(a.At)), " ")+"`")
	}
	j.note("BAI407", ir.Manual, a.At, "NAME", strings.Join(names, ", "))
}

// setVariable adds a variable of the job. What the ones before it say is put into
// its value; one whose value only a shell on the node can tell is set by the
// command line.
func (j *job) setVariable(v variable) {
	name, known := v.name.known()
	v.value = j.withVariables(v.value)
	for _, r := range v.value.references() {
		v.exported = v.exported || known && !r.open && j.action(r) == toShell
	}
	// Of two of one name the later one counts.
	j.variables = slices.DeleteFunc(j.variables, func(old variable) bool {
		same := equal(old.name, v.name)
		v.exported = v.exported || same && old.exported
		return same && !old.exported && !v.exported
	})
	j.variables = append(j.variables, v)
	delete(j.environment, name)
	if known && !v.exported {
		j.environment[name] = v.value
	}
}

// withVariables puts the values of the job's variables so far into a text.
func (j *job) withVariables(t text) text {
	var out text
	done := 0
	for _, r := range t.references() {
		if value, ok := j.environment[r.name]; ok && !r.open {
			out = concat(out, t[done:r.start], value)
			done = r.end
		}
	}
	return concat(out, t[done:])
}

// appended lists what is certainly appended to a comprehension, nil where it is
// changed in another way.
func appended(v ir.Value) (es []ir.Arg) {
	seq, ok := v.(*ir.Seq)
	if !ok || seq.Comp.IsZero() {
		return nil
	}
	for _, ch := range seq.Changes {
		if ch.Path != "append()" || !ch.Sure {
			return nil
		}
		es = append(es, ch.Arg)
	}
	return es
}

// elementOf gives the object that a comprehension makes anew for each element.
func elementOf(seq *ir.Seq) *ir.Object {
	of := []ir.Value{seq.Each}
	if j, ok := seq.Each.(*ir.Join); ok {
		of = j.Of
	}
	for _, v := range of {
		if o, ok := v.(*ir.Object); ok && o.Made != nil && seq.Comp.Contains(o.Made.At.Span) {
			return o
		}
	}
	return nil
}

// variableDict makes a dict of a list of variables whose elements are not all
// known: of a comprehension a dict of its own, of any other list one that reads
// the names and values from it.
func (j *job) variableDict(a ir.Arg) ir.Term {
	if seq, ok := a.Value.(*ir.Seq); ok && !seq.Comp.IsZero() && (len(seq.Changes) == 0 && len(seq.Elems) == 0 || appended(seq) != nil) {
		if o := elementOf(seq); o != nil {
			name, ok1 := o.Fields["name"]
			value, ok2 := o.Fields["value"]
			here := j.c.Can(ir.Arg{At: seq.Comp}) // as it is written, and not by a name
			clauses := ir.Span{Unit: seq.Comp.Unit, Start: o.Made.At.End, End: seq.Comp.End - 1}
			isList := strings.HasSuffix(j.c.Text(seq.Comp), "]")
			if here && ok1 && ok2 && isList && !name.At.IsZero() && !value.At.IsZero() {
				return &ir.Excerpt{Whole: seq.Comp, Parts: []ir.ExcerptPart{{Text: "{"}, {Part: name.At.Span}, {Text: ": "}, {Part: value.At.Span}, {Part: clauses}, {Text: "}"}}}
			}
		}
	}
	return &ir.Code{Text: "dict((v.name, v.value) for v in {variables})",
		Holes: map[string]ir.Term{"variables": &ir.Source{Arg: a}}}
}

// readImage reads the container settings, false where they are not in sight.
func (j *job) readImage() bool {
	a, ok := j.c.Arg("container_settings")
	if !ok || ir.IsNone(a.Value) {
		return true
	}
	m := &j.image
	m.at = a.At
	registry, _ := field(a.Value, "image_source_registry")
	if m.name, m.given = field(registry.Value, "image"); !m.given {
		return false // they come from somewhere that is not in sight, or depend on a condition
	}
	m.server, _ = field(registry.Value, "server_url")
	m.user, _ = field(registry.Value, "credentials.username")
	m.password, _ = field(registry.Value, "credentials.password")
	if s, ok := field(registry.Value, "credentials.password_secret_reference"); ok {
		j.note("BAI404", ir.Manual, s.At)
	}
	m.shm, _ = field(a.Value, "shm_size")
	return true
}

// command is the interpreter by which the script is started.
func (p *plan) command() text {
	if p.interpreter != nil {
		return p.interpreter
	}
	return lit("python")
}

// preparation is the command line of the job preparation.
func (j *job) preparation() (text, bool) {
	a, ok := j.c.Path("job_preparation.command_line")
	if !ok {
		return nil, false
	}
	return textOf(j.c, a), true
}

// prepare decides what becomes of the job preparation: a part of the image's
// build, or of the command line. It gives the latter.
func (j *job) prepare(p *plan) (line text) {
	install := func(t text) {
		if len(j.image.install) > 0 {
			j.image.install = concat(j.image.install, lit(" && "))
		}
		j.image.install = concat(j.image.install, t)
	}
	a, given := j.c.Arg("job_preparation")
	t, known := j.preparation()
	at := a.At
	note := func(verdict ir.Verdict, at ir.Expr, command, done string) {
		j.note("BAI408", verdict, at, "COMMAND", command, "DONE", done)
	}
	switch {
	case !given || ir.IsNone(a.Value):
	case !known || isWhole(t):
		note(ir.Manual, at, j.c.Text(at), leftToYou)
	case installOnly(t), p.spread.kind == "mpi" && j.image.given && installsMPI.MatchString(t.skeleton()) && !strings.Contains(t.skeleton(), "AZ_BATCHAI_"):
		note(ir.Review, at, t.show(), builtIn)
		install(oneLine(t))
	case j.builtScript(p) != nil:
		note(ir.Review, at, t.show(), builtIn+", and MPI is not on its PATH unless the script puts it there")
		j.image.script = j.builtScript(p)
		content, _ := j.read(j.image.script)
		j.image.temp = strings.Contains(content, jobTemp)
	case p.spread.kind == "mpi" && !p.spread.one && j.lacksMPI():
		note(ir.Manual, at, t.show(), "cannot install MPI any more, and the image has none: Azure ML starts mpirun before it")
	case p.spread.kind != "" && !p.spread.one:
		done := "is now run by the first process of each node while the others wait; mpirun is started before it, so MPI must be in the image"
		if !j.readable(t) {
			done += " (what its script installs is not in sight here)"
		}
		note(ir.Review, at, t.show(), done)
		j.prepared = true
		line = t
	default:
		note(ir.Review, at, t.show(), "now runs at the start of the run's command, on every node")
		j.prepared = true
		line = t
	}
	for _, t := range p.install {
		note(ir.Review, p.argsAt, t.show(), builtIn)
		install(t)
	}
	if len(j.image.install) == 0 || j.image.given {
		return line
	}
	// Without an image of the job's own there is none to build on; packages of
	// pip can be given by name.
	if packages, ok := pipPackages(j.image.install); ok {
		j.image.packages = packages
	} else {
		if at.IsZero() {
			at = p.argsAt
		}
		note(ir.Manual, at, j.image.install.show(), leftToYou)
	}
	j.image.install = nil
	return line
}

// What became of a preparation, for its note.
const (
	builtIn   = "is now part of the image build; old base images may no longer be able to install packages"
	leftToYou = "is left to you: what it installs belongs into the image, the rest into the script"
)

// installsMPI matches what brings an MPI into an image.
var installsMPI = regexp.MustCompile(`(?i)open-?mpi|mpi-default|mpich|mvapich|l_mpi|intel-?mpi`)

// withoutMPI matches images that certainly have no MPI.
var withoutMPI = regexp.MustCompile(`^(docker\.io/)?(library/)?(tensorflow/tensorflow|pytorch/pytorch|nvidia/cuda|python|ubuntu|debian|continuumio/\w+)(:|$)`)

func (j *job) lacksMPI() bool {
	name, ok := ir.String(j.image.name.Value)
	return ok && j.image.server.Value == nil && withoutMPI.MatchString(name)
}

// builtScript gives the local script that is all of the preparation of an MPI
// job, where it installs the MPI itself: Azure ML starts mpirun before anything
// of the run's own, so the script must run when the image is built. It declines
// a script that cannot be read here and one that needs more of the job than its
// directory for temporary files.
func (j *job) builtScript(p *plan) text {
	t, ok := j.preparation()
	if !ok || p.spread.kind != "mpi" || !j.image.given {
		return nil
	}
	cs, ok := commands(t)
	if !ok || len(cs) != 1 {
		return nil
	}
	c := cs[0]
	if len(c) == 2 && (c[0].is("bash") || c[0].is("sh")) {
		c = c[1:]
	}
	if len(c) != 1 {
		return nil
	}
	place, ok := j.locate(c[0])
	if !ok {
		return nil
	}
	s, ok := j.find(place)
	if !ok {
		return nil
	}
	content, ok := j.read(s.local)
	if !ok || !installsMPI.MatchString(content) {
		return nil
	}
	for _, name := range environmentName.FindAllString(content, -1) {
		if !isTemp(name) {
			return nil
		}
	}
	return s.local
}

// read gives the content of a local file that lies beside the program.
func (j *job) read(local text) (string, bool) {
	name, known := local.known()
	if !known {
		return "", false
	}
	return j.c.ReadFile(name)
}

// readable reports whether the files of the job that a command line names can
// all be read here.
func (j *job) readable(t text) bool {
	for _, k := range lex(t) {
		if p, ok := j.locate(k.word); ok {
			s, found := j.find(p)
			if !found {
				return false
			}
			if _, ok := j.read(s.local); !ok {
				return false
			}
		}
	}
	return true
}

// installOnly reports whether a command line only brings software in.
func installOnly(t text) bool {
	cs, ok := commands(t)
	if !ok || len(cs) == 0 {
		return false
	}
	for _, c := range cs {
		for len(c) > 0 && (c[0].is("sudo") || setting.MatchString(c[0].skeleton())) {
			c = c[1:]
		}
		if len(c) == 0 {
			return false
		}
		head, known := c[0].known()
		if !known || !installers[head] || !installs(c) {
			return false
		}
	}
	return true
}

// setting matches NAME=VALUE in front of a command.
var setting = regexp.MustCompile(`^[A-Za-z_]\w*=`)

// oneLine puts a command line of several lines into one, for a RUN of a
// Dockerfile.
func oneLine(t text) text {
	var out text
	for _, c := range t.trimSpace() {
		if !c.hole && c.b == '\n' {
			out = append(out, lit(" && ")...)
			continue
		}
		out = append(out, c)
	}
	return out
}

// pipPackages reads `pip install A B`, also several in a row.
func pipPackages(t text) ([]text, bool) {
	cs, ok := commands(t)
	if !ok {
		return nil, false
	}
	var out []text
	for _, c := range cs {
		if len(c) < 3 || !c[0].is("pip") && !c[0].is("pip3") || !c[1].is("install") {
			return nil, false
		}
		for _, w := range c[2:] {
			switch {
			case w.is("-U"), w.is("--upgrade"), w.is("-q"), w.is("--quiet"), w.is("--no-cache-dir"):
			case isOption(w):
				return nil, false
			default:
				out = append(out, w)
			}
		}
	}
	return out, len(out) > 0
}

// computeTarget writes the cluster that the job runs on.
func (j *job) computeTarget() (t ir.Term, at ir.Expr, ok bool) {
	cluster, given := j.c.Arg("cluster")
	if !given {
		return nil, ir.Expr{}, false
	}
	id, given := field(cluster.Value, "id")
	if !given {
		return nil, cluster.At, false
	}
	if owner := j.c.Owner(id); strings.HasSuffix(j.c.Text(id.At), ".id") {
		if o := oneOfAKind(owner.Value); o != nil && lastSegment(o.Type) == "Cluster" && j.c.Can(owner) {
			return &ir.Source{Arg: owner}, cluster.At, true
		}
	}
	switch v := id.Value.(type) {
	case *ir.Unknown:
		if v.Attr == "id" && v.Of != nil && j.c.Can(ir.Arg{Value: v.Of, At: v.OfAt}) {
			if object(v.Of) == nil {
				j.note("BAI906", ir.Review, id.At)
			}
			return &ir.Source{Arg: ir.Arg{Value: v.Of, At: v.OfAt}}, cluster.At, true
		}
	case *ir.Object:
		if v.Attr == "id" && v.From != nil && j.c.Can(ir.Arg{Value: v.From, At: v.FromExpr}) {
			return &ir.Source{Arg: ir.Arg{Value: v.From, At: v.FromExpr}}, cluster.At, true
		}
	}
	text := textOf(j.c, id)
	if i := text.lastIndex('/'); i >= 0 && i+1 < len(text) {
		t, ok := j.c.Resource("cluster", text[i+1:].arg("cluster_name"))
		return t, cluster.At, ok
	}
	if !isClusterID(id.Value) {
		j.note("BAI906", ir.Review, id.At)
	}
	name := &ir.Code{Text: "{id}.rsplit('/', 1)[1]", Holes: map[string]ir.Term{"id": &ir.Source{Arg: id}}}
	workspace, ok := j.c.Resource("workspace")
	if !ok {
		// A ScriptRunConfig takes the name for the cluster.
		j.byName = true
		return name, cluster.At, j.c.Can(id)
	}
	return &ir.Apply{Fn: &ir.Name{Path: "azureml.core.compute.ComputeTarget"}, Args: []ir.Argument{
		{Name: "workspace", Value: workspace}, {Name: "name", Value: name}}}, cluster.At, true
}

// isClusterID reports whether a value certainly is the id of a cluster, wherever
// it was read.
func isClusterID(v ir.Value) bool {
	u, ok := v.(*ir.Unknown)
	if !ok || u.Attr != "id" || u.Of == nil {
		return false
	}
	o := oneOfAKind(u.Of)
	return o != nil && lastSegment(o.Type) == "Cluster"
}

// isDuration reports whether a value certainly is a timedelta.
func (j *job) isDuration(a ir.Arg) bool {
	at := a.At
	switch v := a.Value.(type) {
	case *ir.Object:
		return v.Made != nil && v.Made.Symbol == "datetime.timedelta"
	case *ir.Unknown:
		at = v.At
	}
	for _, call := range j.c.Calls("datetime.timedelta") {
		if call.At == a.At || call.At == at {
			return true
		}
	}
	return false
}

// duration writes a timedelta as whole seconds.
func (j *job) duration(a ir.Arg) ir.Term {
	if o := object(a.Value); o != nil && o.Made != nil {
		if s, ok := timedelta(o.Made); ok {
			return &ir.Literal{V: s}
		}
	}
	if s, ok := ir.String(a.Value); ok {
		if n, ok := isoSeconds(s); ok {
			return &ir.Literal{V: n}
		}
	}
	for _, call := range j.c.Calls("datetime.timedelta") {
		if s, ok := timedelta(call); ok && call.At == a.At {
			return &ir.Literal{V: s}
		}
	}
	if s, ok := timedeltaText(j.c.Text(a.At)); ok {
		return &ir.Literal{V: s}
	}
	if !j.isDuration(a) {
		j.note("BAI425", ir.Review, a.At, "NAME", oneLineOf(j.c.Text(a.At)))
	}
	return &ir.Code{Text: "int({limit}.total_seconds())", Holes: map[string]ir.Term{"limit": &ir.Source{Arg: a}}}
}

// secondsOf are the units of datetime.timedelta that come to whole seconds, in
// the order of its positional parameters.
var secondsOf = []struct {
	name    string
	seconds int64
}{{"days", 86400}, {"seconds", 1}, {"microseconds", 0}, {"milliseconds", 0}, {"minutes", 60}, {"hours", 3600}, {"weeks", 604800}}

func timedelta(call *ir.Call) (int64, bool) {
	var total int64
	for i, a := range call.Args {
		n, ok := ir.Int(a.Value)
		if !ok || a.Star > 0 {
			return 0, false
		}
		name := a.Param
		if name == "" && i < len(secondsOf) {
			name = secondsOf[i].name
		}
		unit := int64(0)
		for _, u := range secondsOf {
			if u.name == name {
				unit = u.seconds
			}
		}
		if unit == 0 {
			return 0, false
		}
		total += n * unit
	}
	return total, true
}

var timedeltaCall = regexp.MustCompile(`^datetime\.timedelta\(((?:[a-z]+=[0-9]+(?:, *)?)+)\)$`)

// timedeltaText reads a construction of literals: datetime.timedelta(hours=2).
func timedeltaText(s string) (int64, bool) {
	m := timedeltaCall.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	call := &ir.Call{}
	for _, part := range strings.Split(m[1], ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return 0, false
		}
		call.Args = append(call.Args, ir.Arg{Param: name, Value: &ir.Const{V: n}})
	}
	return timedelta(call)
}

var (
	isoDuration = regexp.MustCompile(`^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)
	netDuration = regexp.MustCompile(`^(?:(\d+)\.)?(\d+):(\d+):(\d+)$`)
)

// isoSeconds reads PT2H and 7.00:00:00.
func isoSeconds(s string) (int64, bool) {
	units := []int64{604800, 86400, 3600, 60, 1}
	m := isoDuration.FindStringSubmatch(s)
	if m == nil || s == "P" {
		if m = netDuration.FindStringSubmatch(s); m == nil {
			return 0, false
		}
		units = units[1:]
	}
	var total int64
	for i, part := range m[1:] {
		if part == "" {
			continue
		}
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return 0, false
		}
		total += n * units[i]
	}
	return total, true
}
