package batchai

import (
	"regexp"
	"slices"
	"strings"

	"pyxlate/rules/ir"
)

// form is how the new program says the job.
type form struct {
	options []option   // an estimator's script_params
	list    []argument // a ScriptRunConfig's arguments, or words of its command
	program []argument // the words in front of them in a command
	shell   text       // a command line for a shell
	// estimator tells that an estimator can say all of it.
	estimator bool
}

// answer decides the form of the job and writes it.
func (j *job) answer(p *plan) *ir.Answer {
	prep := j.prepare(p)
	if p.script != nil && !p.found && !j.prepared {
		return byHand("BAI408", "COMMAND", p.script.show(), "DONE", leftToYou)
	}
	f := j.form(p, prep)
	j.dict = j.variablesDict()
	target, clusterAt, ok := j.computeTarget()
	if !ok {
		return byHand("BAI904", "NAME", "cluster")
	}
	f.estimator = f.estimator && !j.byName
	if j.source != nil {
		if p.found && j.source.mount != nil {
			j.note("BAI310", ir.Review, p.scriptAt)
		}
		j.scanAll(p)
		j.noteSiblings(p.scriptAt)
	}
	var unpassed []*dataUse
	for _, in := range j.inputs {
		if in.passed && !in.named || in.script && !in.named {
			continue
		}
		place, ok := j.locate(in.path)
		if !ok {
			j.note("BAI305", ir.Manual, in.at.At, "PATH", in.path.show())
			continue
		}
		place.id, place.base = in.id, place.path
		if u, ok := j.use(place, in.at.At); ok {
			unpassed = append(unpassed, u)
		}
		if !in.named {
			j.note("BAI306", ir.Review, in.at.At, "ID", in.id)
		}
	}
	j.noteFields()
	var a *ir.Answer
	if f.estimator {
		a = j.estimator(p, f, target, clusterAt, unpassed)
	} else {
		a = j.scriptRun(p, f, target, clusterAt, unpassed)
	}
	if !j.image.given && len(j.image.packages) == 0 {
		j.note("BAI405", ir.Manual, p.settings)
	}
	j.noteMounts()
	a.Before = append(j.vault, a.Before...)
	a.Spellings = j.spellings
	a.Notes = j.notes
	return a
}

// form puts the command line into the simplest form that says all of it.
func (j *job) form(p *plan, prep text) *form {
	f := &form{}
	shell := p.line != nil || prep != nil || p.syntax != "" || j.needsShell(p.words) || j.needsShell(p.program) ||
		slices.ContainsFunc(j.variables, func(v variable) bool { return v.exported })
	j.spellAll(j.unseen(append([]text{p.args, p.line, p.script, prep}, append(p.words, p.program...)...)...), shell)
	if shell {
		f.shell = j.shellLine(p, prep)
		f.shell = concat(j.makeOutputs(), f.shell)
		return f
	}
	for _, w := range p.program {
		f.program = append(f.program, j.programWord(w, p.scriptAt))
	}
	if p.whole {
		j.note("BAI430", ir.Review, p.argsAt)
		return f
	}
	for _, w := range j.kept(p.words, p.argsAt, false) {
		f.list = append(f.list, j.expand(w, p.argsAt))
	}
	markSeveral(f.list)
	opts, ok := options(f.list)
	shared := false
	for _, a := range f.list {
		for _, b := range a.bits {
			shared = shared || b.ref != nil && b.ref.shared
		}
	}
	f.options = opts
	f.estimator = ok && p.found && !shared && len(j.references) == 0 && p.program == nil && p.interpreter == nil &&
		(p.spread.kind != "gloo" && p.spread.kind != "nccl" || p.spread.one) &&
		(p.spread.kind != "" || !j.nodes.known || j.nodes.n < 2)
	return f
}

// programWord puts what is known into a word of the program's own: its files
// are taken from the run's folder where they are sent with it.
func (j *job) programWord(w text, at ir.Expr) argument {
	for _, r := range w.references() {
		end := pathEnd(w, r.end)
		if local, ok := j.localPath(w[r.start:end]); ok {
			return j.expand(concat(w[:r.start], local, w[end:]), at)
		}
	}
	return j.expand(w, at)
}

// makeOutputs makes the folders that a command line for a shell writes to: those
// of the old job were there when it began.
func (j *job) makeOutputs() text {
	line := lit("mkdir -p")
	for _, o := range j.outputs {
		if o.made {
			line = concat(line, lit(" "), quoted(concat(lit("./outputs/"), o.suffix)))
		}
	}
	if line.is("mkdir -p") {
		return nil
	}
	return append(line, lit(" && ")...)
}

// shellLine writes the job as one command line for bash.
func (j *job) shellLine(p *plan, prep text) text {
	out := j.exportVariables(p.settings)
	if prep != nil {
		names := j.preparationReads(prep)
		for _, n := range names {
			j.exports[n] = true
		}
		for _, ws := range [][]text{p.words, {p.script, p.line}} {
			for _, w := range ws {
				for _, r := range w.references() {
					if r.name == jobTemp {
						j.exports[jobTemp] = true
					}
				}
			}
		}
		out = append(out, j.exportLine(names, j.exports[jobTemp], p.settings)...)
		line := oneLine(j.expandShell(prep.trimSpace().trimRight(';').trimSpace(), p.settings))
		if !staysOutside(prep) {
			line = concat(lit("("), line, lit(")"))
		}
		if p.spread.kind != "" && !p.spread.one {
			rank := "${LOCAL_RANK:-0}"
			if p.spread.kind == "mpi" { // Open MPI and Intel MPI
				rank = "${OMPI_COMM_WORLD_LOCAL_RANK:-${MPI_LOCALRANKID:-0}}"
			}
			line = concat(lit(`if [ "`+rank+`" = 0 ]; then `), line,
				lit(" && touch "+preparedMark+"; else while [ ! -e "+preparedMark+" ]; do sleep 1; done; fi"))
		}
		out = concat(out, line, lit(" && "))
	} else if !j.image.temp && strings.Contains(concat(p.line, join(append(p.words, p.program...))).skeleton(), "$"+jobTemp) {
		j.exports[jobTemp] = true
		out = append(out, j.exportLine(nil, true, p.settings)...)
	}
	switch {
	case p.line != nil:
		j.moved = j.moves(p.line) || j.elsewhere
		if p.syntax != "" || j.needsShellLine(p.line) {
			j.note("BAI430", ir.Review, p.argsAt)
		}
		line := j.expandShell(p.line, p.argsAt)
		if j.moved {
			out = append(out, lit("export "+runFolder+"=$PWD && ")...)
		} else if stay := noChange.FindString(line.skeleton()); stay != "" {
			line = line[len(stay):]
		}
		return append(out, line...)
	case p.program != nil:
		out = append(out, j.expandShell(join(p.program), p.scriptAt)...)
	default:
		out = append(out, p.command()...)
		out = append(out, lit(" ")...)
		if p.found && j.source.entry != nil {
			out = append(out, quoted(j.source.entry)...)
		} else {
			out = append(out, j.expandShell(p.script, p.scriptAt)...)
		}
	}
	args := p.args
	if p.syntax == "" && !p.whole {
		args = join(j.kept(p.words, p.argsAt, true))
	}
	if p.syntax != "" || prep == nil {
		j.note("BAI430", ir.Review, p.argsAt)
	}
	if len(args) > 0 {
		out = concat(out, lit(" "), j.expandShell(args.trimSpace(), p.argsAt))
	}
	return out
}

// runFolder is the variable of a command line for the folder that it starts in.
const runFolder = "RUN_FOLDER"

// noChange matches what a command that changed to the folder of the script has
// become at the start of a line.
var noChange = regexp.MustCompile(`^cd \.\s*(;|&&|\n)\s*`)

// moves reports whether a command line may leave the folder that it starts in.
func (j *job) moves(line text) bool {
	ks := lex(line)
	left := len(changesFolder.FindAllString(line.skeleton(), -1))
	for i := range ks {
		if to, ok := folderChange(ks, i); ok {
			if local, ok := j.localPath(to); ok && local.is(".") {
				left--
			}
		}
	}
	return left > 0
}

// fromStart is a path of the run's folder in a command line.
func (j *job) fromStart(path text) text {
	start := "$" + runFolder
	switch {
	case j.starting:
		start = "$PWD"
	case !j.moved:
		return path
	}
	if path.is(".") {
		return lit(start)
	}
	if below, ok := path.cutPrefix(lit("./")); ok {
		path = below
	}
	return concat(lit(start+"/"), path)
}

// preparedMark is the file by which the first process of a node tells the others
// that the preparation is done.
const preparedMark = "/tmp/prepared-$AZUREML_RUN_ID"

// staysOutside reports whether a preparation, which had a shell of its own, can
// share one with the job: it changes neither the folder nor the shell.
func staysOutside(prep text) bool {
	cs, ok := commands(prep)
	if !ok {
		return false
	}
	for _, c := range cs {
		switch head, _ := c[0].known(); head {
		case "cd", "pushd", "set", "exit", "exec", "trap", "umask", "":
			return false
		}
	}
	return true
}

func (j *job) needsShellLine(t text) bool {
	for _, r := range t.references() {
		if !r.open && j.action(r) == toShell {
			return true
		}
	}
	return false
}

// exportVariables sets in the command line the variables of the job that hold
// paths of data or variables of the node, which only a shell can put in.
func (j *job) exportVariables(at ir.Expr) (out text) {
	j.starting = true
	defer func() { j.starting = false }()
	for i := range j.variables {
		v := &j.variables[i]
		for _, r := range v.value.references() {
			if _, known := v.name.known(); known && !r.open && j.variable(r.name).action == toData {
				v.exported = true
			}
		}
		if v.exported {
			out = concat(out, lit("export "), v.name, lit("="), j.expandShell(quoted(v.value), at), lit(" && "))
		}
	}
	return out
}

// preparationReads lists the variables that a preparation may read: those in
// its command line and in the scripts of the job that it runs. A script that
// cannot be read may use any of them.
func (j *job) preparationReads(prep text) (names []string) {
	for _, r := range prep.references() {
		names = append(names, r.name)
	}
	for _, k := range lex(prep) {
		p, ok := j.locate(k.word)
		if !ok {
			continue
		}
		if s, found := j.find(p); found {
			if name, known := s.local.known(); known {
				if content, ok := j.c.ReadFile(name); ok {
					names = append(names, environmentName.FindAllString(content, -1)...)
					continue
				}
			}
		}
		names = append(names, jobTemp)
		for _, in := range j.inputs {
			names = append(names, "AZ_BATCHAI_INPUT_"+in.id)
		}
		for _, o := range j.outputs {
			names = append(names, "AZ_BATCHAI_OUTPUT_"+o.id)
		}
	}
	return names
}

// exportLine sets the variables that a preparation reads.
func (j *job) exportLine(names []string, temp bool, at ir.Expr) text {
	var out text
	add := func(name string, value text) {
		if len(out) == 0 {
			out = lit("export")
		}
		out = concat(out, lit(" "+name+"="), value)
	}
	seen := map[string]bool{}
	for _, name := range names {
		if seen[name] {
			continue
		}
		seen[name] = true
		if id, ok := strings.CutPrefix(name, "AZ_BATCHAI_INPUT_"); ok && j.input(id) != nil {
			path := lit("$" + name)
			if local, ok := j.localPath(path); ok && local.is(".") {
				add(name, lit("$PWD"))
			} else if u, ok := j.dataAt(path, name, at); ok {
				add(name, lit("$AZUREML_DATAREFERENCE_"+j.referenceOf(u).name))
			}
		}
		if id, ok := strings.CutPrefix(name, "AZ_BATCHAI_OUTPUT_"); ok && j.output(id) != nil {
			o := j.output(id)
			o.used, o.made = true, true
			add(name, concat(lit("$PWD/outputs/"), o.suffix))
		}
	}
	if temp {
		add(jobTemp, lit("/tmp/batchai_job_temp"))
		out = concat(out, lit(" && mkdir -p $"+jobTemp))
	}
	if len(out) > 0 {
		out = append(out, lit(" && ")...)
	}
	return out
}

// noteFields says what became of the fields that have no place in the new
// program, and of the outputs.
func (j *job) noteFields() {
	if j.image.given {
		j.note("BAI402", ir.Review, j.image.at)
	}
	for _, f := range []struct {
		name, code string
		verdict    ir.Verdict
	}{
		{"location", "BAI902", ir.Migrated}, // the region is the workspace's
		{"tags", "BAI002", ir.Migrated},
		{"experiment_name", "BAI002", ir.Migrated},
		{"priority", "BAI401", ir.Review},
		{"scheduling_priority", "BAI401", ir.Review},
		{"std_out_err_path_prefix", "BAI410", ir.Review},
	} {
		if a, ok := j.c.Arg(f.name); ok && !ir.IsNone(a.Value) {
			name := f.name
			if f.code == "BAI002" {
				name = "what submits the job"
			}
			j.note(f.code, f.verdict, a.At, "NAME", name)
		}
	}
	var made []string
	var first ir.Expr
	for _, o := range j.outputs {
		if !o.used {
			j.note("BAI423", ir.Review, o.at.At, "ID", o.id)
			continue
		}
		j.note("BAI420", ir.Review, o.at.At, "ID", o.id, "PREFIX", o.prefix.show())
		if o.made {
			if !j.nodes.is(1) {
				j.note("BAI424", ir.Review, o.at.At, "PATH", "./outputs/"+o.suffix.show())
			}
			continue
		}
		made = append(made, "./outputs/"+o.suffix.show())
		if len(made) == 1 {
			first = o.at.At
		}
	}
	if len(made) > 0 {
		j.note("BAI421", ir.Review, first, "PATH", strings.Join(made, ", "))
	}
	if _, ok := j.c.Path("constraints.max_wall_clock_time"); !ok {
		j.note("BAI409", ir.Migrated, ir.Expr{})
	}
}

// call collects the arguments of the new call.
type call struct {
	args []ir.Argument
}

// add gives an argument that takes the place of old expressions; those that the
// program does not have are left out.
func (c *call) add(name string, value ir.Term, old ...ir.Expr) {
	a := ir.Argument{Name: name, Value: value}
	for _, x := range old {
		if !x.IsZero() {
			a.Old = append(a.Old, x)
		}
	}
	c.args = append(c.args, a)
}

func str(s string) ir.Term                      { return &ir.Literal{V: s} }
func boolean(b bool) ir.Term                    { return &ir.Literal{V: b} }
func list(items ...ir.Term) ir.Term             { return &ir.ListOf{Items: items} }
func sourceArg(a ir.Arg) ir.Term                { return &ir.Source{Arg: a} }
func member(of ir.Term, n ...string) ir.Term    { return memberPath(of, n) }
func assign(target, value ir.Term) ir.Statement { return ir.Statement{Target: target, Value: value} }

func memberPath(of ir.Term, names []string) ir.Term {
	for _, n := range names {
		of = &ir.Member{Of: of, Name: n}
	}
	return of
}

func construct(class string, args ...ir.Argument) *ir.Apply {
	return &ir.Apply{Fn: &ir.Name{Path: class}, Args: args}
}

// oldOf are the places of the fields whose content goes into the command line
// and its references.
func (j *job) oldOf(names ...string) (out []ir.Expr) {
	for _, n := range names {
		if a, ok := j.c.Arg(n); ok {
			out = append(out, a.At)
		}
	}
	return out
}

// directory writes the local folder that travels with the run.
func (j *job) directory() ir.Term {
	if j.source != nil {
		return j.source.dir
	}
	// Nothing of the user's own is sent along; both classes take the current
	// folder for none.
	return str(".")
}

// variablesDict writes the environment variables of the job.
func (j *job) variablesDict() ir.Term {
	if len(j.variables) == 0 {
		return j.spelled
	}
	d := &ir.DictOf{}
	for _, v := range j.variables {
		if v.exported {
			continue
		}
		value := v.value
		e := j.expand(value, v.at.At)
		entry := ir.Entry{Key: v.name.term()}
		if e.plain() {
			entry.Value = e.text().term()
			// Variables are strings: str(x) does not become x.
			made := func(at ir.Expr) bool { return strings.HasPrefix(j.c.Text(at), "str(") }
			if t := e.text(); isWhole(t) && !certainlyText(t[0].in.piece.Val) && made(v.valueAt) && !made(t[0].in.piece.At) {
				entry.Value = code("str({value})", "value", entry.Value)
			}
		} else {
			// The value of a variable is not put in by Azure ML: the script must
			// read the reference's own variable.
			for _, b := range e.bits {
				if b.ref != nil {
					if in := j.input(b.ref.id); in != nil {
						in.named = true
					}
					j.note("BAI306", ir.Manual, v.at.At, "ID", j.referenceName(b.ref))
				}
			}
			entry.Value = value.term()
		}
		if !v.at.At.IsZero() {
			entry.Old = []ir.Expr{v.at.At}
		}
		d.Entries = append(d.Entries, entry)
	}
	switch {
	case len(d.Entries) == 0:
		return j.spelled
	case j.spelled != nil:
		return code("dict({some}, **{more})", "some", j.spelled, "more", d)
	}
	return d
}

// limit writes the time limit of the job.
func (j *job) limit(c *call) {
	if a, ok := j.c.Path("constraints.max_wall_clock_time"); ok {
		c.add("max_run_duration_seconds", &ir.Optional{Value: j.duration(a), Given: a}, j.oldOf("constraints")...)
		return
	}
	if a, ok := j.c.Arg("constraints"); ok && !ir.IsNone(a.Value) && object(a.Value) == nil {
		j.note("BAI904", ir.Manual, a.At, "NAME", "constraints")
	}
}

// registry writes the private registry of the image.
func (j *job) registry(set func(attribute string, value ir.Term)) {
	m := &j.image
	for _, x := range []struct {
		attribute string
		arg       ir.Arg
	}{{"address", m.server}, {"username", m.user}, {"password", m.password}} {
		if x.arg.Value != nil {
			set(x.attribute, &ir.Optional{Value: sourceArg(x.arg)})
		}
	}
}

func (j *job) private() bool {
	return j.image.server.Value != nil || j.image.user.Value != nil || j.image.password.Value != nil
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// environmentName is the name of the environment made for the job: that of the
// image, else that of the program.
func (j *job) environmentName() string {
	s, ok := ir.String(j.image.name.Value)
	if !ok || j.c.ForCallers(j.image.name) {
		s = j.c.Stem()
	}
	s = strings.Trim(notInNames.ReplaceAllString(strings.ToLower(s), "-"), "-")
	if s == "" {
		s = "batch"
	}
	return s
}

// built reports whether the job's image is built on the one that it gives.
func (m *image) built() bool { return m.given && (len(m.install) > 0 || m.script != nil) }

// dockerfile writes the build of the image.
func (m *image) dockerfile(c ir.Context) ir.Term {
	from := textOf(c, m.name)
	if m.server.Value != nil {
		from = concat(textOf(c, m.server), lit("/"), from)
	}
	out := concat(lit("FROM "), from, lit("\n"))
	var install text
	if len(m.install) > 0 {
		install = concat(lit("RUN "), m.install, lit("\n"))
	}
	if m.script == nil {
		return concat(out, install).term()
	}
	if m.temp {
		out = append(out, lit("ENV "+jobTemp+"="+imageTemp+"\nRUN mkdir -p "+imageTemp+"\n")...)
	}
	out = append(out, lit("RUN echo ")...)
	run := append(lit(" | base64 -d > /tmp/preparation.sh && bash /tmp/preparation.sh\n"), install...)
	return code("{from} + base64.b64encode(open({script}, 'rb').read()).decode() + {run}",
		"from", out.term(), "script", m.script.term(), "run", run.term())
}

// environmentOf makes the environment of the job in front of it.
func (j *job) environmentOf(p *plan, inEstimator bool) (env ir.Term, before []ir.Statement) {
	m := &j.image
	v := &ir.Var{Handle: j.c.Fresh("environment")}
	set := func(value ir.Term, path ...string) { before = append(before, assign(member(v, path...), value)) }
	before = append(before, assign(v, construct("azureml.core.Environment", ir.Argument{Value: str(j.environmentName())})))
	switch {
	case m.built():
		if inEstimator {
			set(boolean(true), "docker", "enabled")
		}
		set(&ir.Literal{}, "docker", "base_image")
		set(m.dockerfile(j.c), "docker", "base_dockerfile")
	case m.given:
		set(sourceArg(m.name), "docker", "base_image")
	}
	if m.given {
		j.registry(func(attribute string, value ir.Term) { set(value, "docker", "base_image_registry", attribute) })
		set(boolean(true), "python", "user_managed_dependencies")
	}
	if inEstimator && m.shm.Value != nil {
		set(sourceArg(m.shm), "docker", "shm_size")
	}
	if len(m.packages) > 0 {
		var items []ir.Argument
		for _, w := range m.packages {
			items = append(items, ir.Argument{Value: w.term()})
		}
		for _, it := range items {
			before = append(before, ir.Statement{Value: &ir.Apply{
				Fn: member(v, "python", "conda_dependencies", "add_pip_package"), Args: []ir.Argument{it}}})
		}
	}
	if p.interpreter != nil {
		set(p.interpreter.term(), "python", "interpreter_path")
	}
	if vars := j.dict; vars != nil {
		set(vars, "environment_variables")
	}
	return v, before
}

// estimator writes the job as an estimator.
func (j *job) estimator(p *plan, f *form, target ir.Term, clusterAt ir.Expr, unpassed []*dataUse) *ir.Answer {
	a := &ir.Answer{}
	m := &j.image
	c := &call{}
	directories := j.oldOf("input_directories", "output_directories", "mount_volumes", "std_out_err_path_prefix")
	c.add("source_directory", j.source.dir)
	c.add("entry_script", j.source.script, p.scriptAt)
	if len(f.options) > 0 {
		d := &ir.DictOf{}
		for _, o := range f.options {
			value := ir.Term(str(""))
			if len(o.value.bits) > 0 {
				value = j.dictTerm(o.value, false)
			}
			d.Entries = append(d.Entries, ir.Entry{Key: j.dictTerm(o.key, true), Value: value})
		}
		c.add("script_params", d, append([]ir.Expr{p.argsAt}, directories...)...)
		directories = nil
	}
	c.add("compute_target", target, clusterAt)
	if j.nodes.given {
		c.add("node_count", j.nodes.term(), j.nodes.arg.At)
	}
	switch s := p.spread; s.kind {
	case "ps":
		if s.workers.given {
			c.add("worker_count", s.workers.term(), s.workers.arg.At)
		}
		if s.servers.given {
			c.add("parameter_server_count", s.servers.term(), s.servers.arg.At)
		}
		c.add("distributed_backend", str("ps"))
	case "mpi":
		c.add("process_count_per_node", s.perNode)
		c.add("distributed_training", construct(dnn+"Mpi", ir.Argument{Name: "process_count_per_node", Value: s.perNode}))
	case "gloo":
		c.add("distributed_training", construct(dnn+"Gloo"))
	case "nccl":
		c.add("distributed_training", construct(dnn+"Nccl"))
	}
	size, sized := j.vmSize()
	gpu := sized && gpuSize.MatchString(size)
	if m.built() {
		env, before := j.environmentOf(p, true)
		a.Before = append(a.Before, before...)
		c.add("environment_definition", env, j.oldOf("container_settings", "job_preparation", "environment_variables")...)
	} else {
		if m.given {
			c.add("custom_docker_image", sourceArg(m.name), m.at)
			c.add("user_managed", boolean(true))
			if j.private() {
				v := &ir.Var{Handle: j.c.Fresh("registry")}
				a.Before = append(a.Before, assign(v, construct("azureml.core.ContainerRegistry")))
				j.registry(func(attribute string, value ir.Term) {
					a.Before = append(a.Before, assign(member(v, attribute), value))
				})
				c.add("image_registry_details", v)
			}
		}
		if len(m.packages) > 0 {
			var items []ir.Term
			for _, w := range m.packages {
				items = append(items, w.term())
			}
			c.add("pip_packages", list(items...), j.oldOf("job_preparation")...)
		}
		if gpu {
			c.add("use_gpu", boolean(true))
		}
		if vars := j.dict; vars != nil {
			c.add("environment_variables", vars, j.oldOf("environment_variables")...)
		}
		if m.shm.Value != nil {
			c.add("shm_size", sourceArg(m.shm))
		}
	}
	if len(unpassed) > 0 {
		var items []ir.Term
		for _, u := range unpassed {
			items = append(items, j.mounted(u, true))
		}
		c.add("inputs", list(items...), directories...)
	}
	j.limit(c)
	a.Term = construct(p.class, c.args...)
	return a
}

// scriptRun writes the job as a ScriptRunConfig.
func (j *job) scriptRun(p *plan, f *form, target ir.Term, clusterAt ir.Expr, unpassed []*dataUse) *ir.Answer {
	a := &ir.Answer{}
	c := &call{}
	m := &j.image
	old := append([]ir.Expr{p.argsAt}, j.oldOf("input_directories", "output_directories", "mount_volumes", "std_out_err_path_prefix")...)
	c.add("source_directory", j.directory())
	switch {
	case f.shell != nil:
		c.add("command", list(str("bash"), str("-c"), f.shell.term()), append([]ir.Expr{p.scriptAt}, old...)...)
	case f.program != nil:
		command := strOnly(j.wordList(append(append([]argument{}, f.program...), f.list...)))
		if p.whole {
			command = &ir.Code{Text: "{command} + shlex.split({arguments})", Holes: map[string]ir.Term{
				"command": command, "arguments": p.args.term()}}
		}
		c.add("command", command, append([]ir.Expr{p.scriptAt}, old...)...)
	default:
		c.add("script", j.source.script, p.scriptAt)
		switch {
		case p.whole:
			split := construct("shlex.split", ir.Argument{Value: p.args.term()})
			if len(p.words) == 0 {
				c.add("arguments", split, old...)
				break
			}
			var items []ir.Term
			for _, w := range p.words {
				items = append(items, j.listTerms(j.expand(w, p.argsAt))...)
			}
			c.add("arguments", &ir.Code{Text: "{first} + {rest}", Holes: map[string]ir.Term{"first": list(items...), "rest": split}}, old...)
		case len(f.list) > 0:
			c.add("arguments", j.wordList(f.list), old...)
		}
	}
	c.add("compute_target", target, clusterAt)
	if m.given || len(m.packages) > 0 || j.dict != nil || p.interpreter != nil && f.shell == nil && f.program == nil {
		interpreter := p.interpreter
		if f.shell != nil || f.program != nil {
			p.interpreter = nil // it stands in the command
		}
		env, before := j.environmentOf(p, false)
		p.interpreter = interpreter
		a.Before = append(a.Before, before...)
		c.add("environment", env, j.oldOf("container_settings", "job_preparation", "environment_variables")...)
	}
	nodesArg := func() []ir.Argument {
		if !j.nodes.given {
			return nil
		}
		return []ir.Argument{{Name: "node_count", Value: j.nodes.term()}}
	}
	ownNodes := false // the number of nodes is not part of the distribution
	switch s := p.spread; s.kind {
	case "ps":
		var args []ir.Argument
		if s.workers.given {
			args = append(args, ir.Argument{Name: "worker_count", Value: s.workers.term()})
		}
		if s.servers.given {
			args = append(args, ir.Argument{Name: "parameter_server_count", Value: s.servers.term()})
		}
		ownNodes = !s.workers.same(j.nodes)
		c.add("distributed_job_config", construct(runconfig+"TensorflowConfiguration", args...), s.workers.arg.At, s.servers.arg.At, j.nodes.arg.At)
	case "mpi":
		args := append([]ir.Argument{{Name: "process_count_per_node", Value: s.perNode}}, nodesArg()...)
		c.add("distributed_job_config", construct(runconfig+"MpiConfiguration", args...), j.nodes.arg.At)
	case "gloo", "nccl":
		args := []ir.Argument{{Name: "communication_backend", Value: str(strings.ToUpper(s.kind[:1]) + s.kind[1:])}}
		if s.total != nil {
			args = append(args, ir.Argument{Name: "process_count", Value: s.total.term()})
		}
		c.add("distributed_job_config", construct(runconfig+"PyTorchConfiguration", append(args, nodesArg()...)...), j.nodes.arg.At)
	default:
		ownNodes = j.nodes.given && (!j.nodes.known || j.nodes.n > 1 || j.c.Given(j.nodes.arg.At) || nameLike(j.c, j.nodes.arg.At) && strings.Contains(j.c.Text(j.nodes.arg.At), "."))
	}
	docker := []ir.Argument{{Name: "use_docker", Value: boolean(true)}}
	if m.shm.Value != nil {
		docker = append(docker, ir.Argument{Name: "shm_size", Value: sourceArg(m.shm)})
	}
	c.add("docker_runtime_config", construct(runconfig+"DockerConfiguration", docker...))
	j.limit(c)
	a.Term = construct("azureml.core.ScriptRunConfig", c.args...)

	for _, u := range unpassed {
		j.referenceOf(u)
	}
	var first []ir.Statement
	if j.sharedTemp != nil {
		first = append(first, assign(&ir.Var{Handle: j.sharedTemp}, j.sharedDirectory()))
	}
	config := &ir.DictOf{}
	for _, r := range j.references {
		v := &ir.Var{Handle: r.variable}
		u := *r.use
		u.id = r.name
		first = append(first, assign(v, j.mounted(&u, true)))
		config.Entries = append(config.Entries, ir.Entry{Key: member(v, "data_reference_name"), Value: &ir.Apply{Fn: member(v, "to_config")}})
	}
	a.Before = append(first, a.Before...)
	if len(config.Entries) > 0 {
		a.After = append(a.After, assign(member(j.c.Target(), "run_config", "data_references"), config))
	}
	if ownNodes {
		a.After = append(a.After, assign(member(j.c.Target(), "run_config", "node_count"), j.nodes.term()))
	}
	return a
}

// sharedDirectory writes the directory that all nodes of a job share: a folder
// of this run on a datastore of the job, else on the workspace's own.
func (j *job) sharedDirectory() ir.Term {
	args := []ir.Argument{{Name: "name", Value: str("shared_job_temp")}}
	for _, m := range j.mounts {
		if m.needed && m.store != nil {
			destination := &ir.ListOf{Tuple: true, Items: []ir.Term{m.store, str("shared_job_temp/{run-id}")}}
			args = append(args, ir.Argument{Name: "destination", Value: destination})
			break
		}
	}
	return &ir.Apply{Fn: &ir.Member{Of: construct("azureml.data.OutputFileDatasetConfig", args...), Name: "as_mount"}}
}
