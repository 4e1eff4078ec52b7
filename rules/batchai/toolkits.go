package batchai

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"pyxlate/rules/ir"
)

// The toolkits by which tables tell lines apart.
const (
	tensorFlow = "tensorflow"
	pyTorch    = "pytorch"
	caffe2     = "caffe2"
	otherTool  = "other"
)

const (
	estimatorClass = "azureml.train.estimator.Estimator"
	dnn            = "azureml.train.dnn."
	runconfig      = "azureml.core.runconfig."
)

// toolkit is one of the *_settings of a job.
type toolkit struct {
	field string
	kind  string
	// class is the estimator; image the one to use where the job brings its own
	// image, if that differs.
	class, image string
	read         func(j *job, settings ir.Arg) *plan
}

// toolkits lists the settings of all SDK versions. A job has exactly one.
var toolkits = []toolkit{
	{field: "tensor_flow_settings", kind: tensorFlow, class: dnn + "TensorFlow", read: readTensorFlow},
	{field: "py_torch_settings", kind: pyTorch, class: dnn + "PyTorch", read: readPyTorch},
	{field: "chainer_settings", kind: otherTool, class: dnn + "Chainer", image: estimatorClass, read: readMpiScript},
	{field: "horovod_settings", kind: otherTool, class: estimatorClass, read: readMpiScript},
	{field: "cntk_settings", kind: otherTool, class: estimatorClass, read: readCntk},
	{field: "caffe_settings", kind: otherTool, class: estimatorClass, read: readCaffe},
	{field: "caffe2_settings", kind: caffe2, class: estimatorClass, read: readCaffe2},
	{field: "custom_mpi_settings", kind: otherTool, class: estimatorClass, read: readCustomMpi},
	{field: "custom_toolkit_settings", kind: otherTool, class: estimatorClass, read: readCustom},
}

// plan is what a job runs, before it is known how that is said.
type plan struct {
	class    string
	settings ir.Expr

	// A Python script with its arguments ...
	script      text
	scriptAt    ir.Expr
	found       bool // the script is a local file that the program uploads
	interpreter text // "" the environment's own
	// ... or a program of the image with its arguments ...
	program []text
	// ... or a command line for a shell.
	line text

	words  []text
	args   text // the arguments as they were written
	argsAt ir.Expr
	// whole is a command line that is one value which is not known: it can only
	// be split when the program runs.
	whole bool
	// syntax is a sign of the shell in the arguments.
	syntax string

	spread  spread
	env     []variable // set in front of the command
	install []text     // packages installed in front of the command
	home    text       // the folder that the command changes to
	free    bool       // args is the whole command line as it was written
}

// variable is an environment variable of the job.
type variable struct {
	name, value text
	valueAt     ir.Expr
	at          ir.Arg
	exported    bool // the command line sets it
}

// spread says how the processes of a job are started.
type spread struct {
	kind string // "", "ps", "mpi", "gloo", "nccl"
	// perNode is the number of processes on a node, one is true when that is
	// certainly 1; total the number over all nodes where the program gives it.
	perNode ir.Term
	one     bool
	total   *count
	workers count
	servers count
}

// count is a number that the program gives.
type count struct {
	arg   ir.Arg
	n     int64
	known bool
	given bool
	// digits tells that the value is a str that holds the number.
	digits bool
}

func countOf(a ir.Arg, ok bool) count {
	if !ok || a.Value != nil && ir.IsNone(a.Value) {
		return count{}
	}
	n, known := ir.Int(a.Value)
	return count{arg: a, n: n, known: known, given: true}
}

func (c count) is(n int64) bool { return c.known && c.n == n }

// same reports whether two counts are certainly equal.
func (c count) same(d count) bool {
	return c.given && d.given && (c.known && d.known && c.n == d.n || ir.Same(c.arg.Value, d.arg.Value))
}

func (c count) term() ir.Term {
	var t ir.Term = &ir.Source{Arg: c.arg}
	if c.known && c.arg.At.IsZero() {
		t = &ir.Literal{V: c.n}
	}
	if c.digits {
		return &ir.Code{Text: "int({number})", Holes: map[string]ir.Term{"number": t}}
	}
	return t
}

// settingsCount reads a count of the settings.
func settingsCount(settings ir.Arg, name string) count {
	return countOf(field(settings.Value, name))
}

// mpi spreads total processes over the nodes. Batch AI counts processes over
// all nodes and starts one on each if told nothing.
func (j *job) mpi(total count) spread {
	n := j.nodes
	if j.c.Given(total.arg.At) && j.c.Text(total.arg.At) != j.c.Text(n.arg.At) {
		// Others may call with another number.
		total.known, total.arg.Value = false, &ir.Unknown{At: total.arg.At}
	}
	switch {
	case n.is(1) && (!total.given || total.is(1)):
		return spread{one: true}
	case !total.given || total.same(n) || j.readAlike(total.arg.At, n.arg.At):
		return spread{kind: "mpi", perNode: &ir.Literal{V: int64(1)}, one: true}
	case j.factor(total, n) != "":
		return spread{kind: "mpi", perNode: &ir.Code{Text: j.factor(total, n)}, total: &total}
	case n.known && total.known:
		k := total.n / max(n.n, 1)
		if n.n > 0 && total.n%n.n != 0 {
			j.note("BAI602", ir.Manual, total.arg.At)
			k++ // no process of the old job is left out
		}
		return spread{kind: "mpi", perNode: &ir.Literal{V: k}, one: k == 1, total: &total}
	case n.is(1):
		return spread{kind: "mpi", perNode: total.term(), total: &total}
	}
	return spread{kind: "mpi", total: &total, perNode: &ir.Code{
		Text: "{processes} // {nodes}", Holes: map[string]ir.Term{"processes": total.term(), "nodes": n.term()}}}
}

// readAlike reports whether two expressions in the parameters of the job read the
// same: their text is the same and calls nothing.
func (j *job) readAlike(a, b ir.Expr) bool {
	call := j.c.Call()
	if call == nil || a.IsZero() || b.IsZero() || a.In != nil || b.In != nil || !call.At.Contains(a.Span) || !call.At.Contains(b.Span) {
		return false
	}
	text := j.c.Text(a)
	return text == j.c.Text(b) && !strings.Contains(text, "(")
}

// product matches the product of two names or numbers.
var product = regexp.MustCompile(`^\(?\s*([A-Za-z_0-9][\w.]*(?:\[[^\[\]]*\])?)\s*\*\s*([A-Za-z_0-9][\w.]*(?:\[[^\[\]]*\])?)\s*\)?$`)

// factor gives the number of processes of a node as the user wrote it, where the
// total is the product of it and the number of nodes: nodes * gpus. Only a name
// that stands in the parameters themselves means the same in the new call.
func (j *job) factor(total, nodes count) string {
	if total.arg.At.IsZero() || nodes.arg.At.IsZero() || !j.at().Contains(total.arg.At.Span) || !j.at().Contains(nodes.arg.At.Span) {
		return ""
	}
	m := product.FindStringSubmatch(j.c.Text(total.arg.At))
	n := strings.TrimSpace(j.c.Text(nodes.arg.At))
	switch {
	case m == nil || !plainName.MatchString(n):
		return ""
	case m[1] == n:
		return m[2]
	case m[2] == n:
		return m[1]
	}
	return ""
}

// script reads what the settings of all toolkits have in common.
func (j *job) script(settings ir.Arg) *plan {
	p := &plan{settings: settings.At}
	if a, ok := field(settings.Value, "python_script_file_path"); ok {
		p.scriptAt = a.At
		// Some programs put arguments behind the script's path.
		ws, _ := words(textOf(j.c, a))
		if len(ws) > 0 {
			p.script = ws[0]
			p.words = ws[1:]
		}
	}
	if a, ok := field(settings.Value, "python_interpreter_path"); ok {
		p.interpreter = textOf(j.c, a)
	}
	return p
}

// line reads a command line of the settings.
func (j *job) line(p *plan, settings ir.Arg, name string) {
	a, ok := field(settings.Value, name)
	if !ok {
		return
	}
	p.argsAt = a.At
	p.args = textOf(j.c, a)
	if isWhole(p.args) {
		p.whole = true
		return
	}
	ws, syntax := words(p.args)
	p.syntax = syntax
	p.words = append(p.words, ws...)
}

// isWhole reports whether a command line is one value of which nothing is known.
func isWhole(t text) bool { return len(t) == 1 && t[0].hole }

func readMpiScript(j *job, settings ir.Arg) *plan {
	p := j.script(settings)
	j.line(p, settings, "command_line_args")
	p.spread = j.mpi(settingsCount(settings, "process_count"))
	return p
}

func readCntk(j *job, settings ir.Arg) *plan {
	config, ok := field(settings.Value, "config_file_path")
	if !ok {
		return readMpiScript(j, settings)
	}
	p := readMpiScript(j, settings)
	p.program = []text{lit("cntk"), concat(lit("configFile="), textOf(j.c, config))}
	p.scriptAt = config.At
	j.note("BAI610", ir.Review, settings.At)
	return p
}

func readCaffe(j *job, settings ir.Arg) *plan {
	config, ok := field(settings.Value, "config_file_path")
	if !ok {
		return readMpiScript(j, settings)
	}
	p := readMpiScript(j, settings)
	p.program = []text{lit("caffe"), lit("train"), concat(lit("--solver="), textOf(j.c, config))}
	p.scriptAt = config.At
	j.note("BAI610", ir.Review, settings.At)
	return p
}

func readCaffe2(j *job, settings ir.Arg) *plan {
	p := j.script(settings)
	j.line(p, settings, "command_line_args")
	p.spread = j.mpi(count{})
	if p.spread.kind != "" {
		j.note("BAI611", ir.Review, settings.At)
	}
	return p
}

func readPyTorch(j *job, settings ir.Arg) *plan {
	p := j.script(settings)
	j.line(p, settings, "command_line_args")
	total := settingsCount(settings, "process_count")
	backend, given := field(settings.Value, "communication_backend")
	name, known := ir.String(backend.Value)
	name = strings.ToLower(name)
	if j.nodes.is(1) && (!total.given || total.is(1)) {
		j.backend = name
		if name == "" || name == "tcp" {
			j.backend = "gloo"
		}
		return p
	}
	switch {
	case name == "mpi":
		j.backend = name
		p.spread = j.mpi(total)
		return p
	case given && !known:
		// Which backend it is shows only when the program runs.
		j.note("BAI606", ir.Manual, backend.At, "NAME", "communication_backend")
		name = "gloo"
	case name == "nccl", name == "gloo":
		j.note("BAI606", ir.Review, settings.At, "NAME", name)
	default:
		j.note("BAI609", ir.Review, settings.At)
		j.note("BAI606", ir.Review, settings.At, "NAME", "gloo")
		name = "gloo"
	}
	j.backend = name
	p.spread = j.mpi(total)
	p.spread.kind = name
	return p
}

// roles are the values by which Batch AI's TensorFlow jobs told a task what it
// is.
var roles = map[string]bool{"worker": true, "ps": true, "master": true, "chief": true}

func readTensorFlow(j *job, settings ir.Arg) *plan {
	p := j.script(settings)
	extra := p.words
	workers, servers := settingsCount(settings, "worker_count"), settingsCount(settings, "parameter_server_count")
	line := func(name string) (*plan, bool) {
		q := &plan{}
		_, ok := field(settings.Value, name)
		j.line(q, settings, name)
		return q, ok
	}
	master, hasMaster := line("master_command_line_args")
	worker, hasWorker := line("worker_command_line_args")
	server, hasServer := line("parameter_server_command_line_args")
	base := worker
	if !hasWorker {
		base = master
	}
	p.args, p.argsAt, p.whole, p.syntax = base.args, base.argsAt, base.whole, base.syntax
	p.words = append(extra, base.words...)
	if !hasWorker && !hasServer && !workers.given && !servers.given {
		if !j.nodes.known || j.nodes.is(1) {
			if !j.nodes.known {
				j.note("BAI617", ir.Review, j.nodes.arg.At)
			}
			return p
		}
	}
	p.spread = spread{kind: "ps", workers: workers, servers: servers, one: true}
	if !workers.given {
		p.spread.workers = j.nodes
	}
	j.note("BAI601", ir.Review, settings.At)
	if hasServer && !p.whole {
		var differ bool
		p.words, differ = withoutRole(p.words, server.words)
		if differ {
			j.note("BAI603", ir.Review, server.argsAt, "DIFF", server.args.show())
		}
	}
	if hasMaster && hasWorker && !p.whole {
		_, differ := withoutRole(worker.words, master.words)
		if differ {
			j.note("BAI603", ir.Review, master.argsAt, "DIFF", master.args.show())
		}
	}
	return p
}

// withoutRole takes out of ws the option by which two command lines tell two
// roles apart; differ reports any other difference.
func withoutRole(ws, other []text) (out []text, differ bool) {
	if len(ws) != len(other) {
		return ws, true
	}
	for i, w := range ws {
		if equal(w, other[i]) {
			out = append(out, w)
			continue
		}
		a, b := w, other[i]
		if k := w.index('='); isOption(w) && k > 0 && len(b) > k && equal(w[:k], b[:k]) {
			a, b = w[k+1:], b[k+1:]
		} else if n := len(out); n > 0 && isOption(out[n-1]) && out[n-1].index('=') < 0 {
			out = out[:n-1]
		} else {
			out = append(out, w)
			differ = true
			continue
		}
		x, ok1 := a.known()
		y, ok2 := b.known()
		if !ok1 || !ok2 || !roles[x] || !roles[y] {
			differ = true
			if len(a) != len(w) { // --name=value
				out = append(out, w)
			} else {
				out = append(out, ws[i-1], w)
			}
		}
	}
	return out, differ
}

func readCustomMpi(j *job, settings ir.Arg) *plan {
	p := &plan{settings: settings.At}
	p.spread = j.mpi(settingsCount(settings, "process_count"))
	a, ok := field(settings.Value, "command_line")
	if !ok {
		return p
	}
	p.scriptAt, p.argsAt = a.At, a.At
	t := textOf(j.c, a)
	if cs, ok := commands(t); ok && len(cs) == 1 && j.python(p, cs[0]) {
		p.args = nil
		return p
	}
	p.line = t
	j.note("BAI610", ir.Review, settings.At)
	return p
}

// interpreters are the commands that are Python without a path of its own.
var interpreters = regexp.MustCompile(`^(python|python3)$`)
var anyInterpreter = regexp.MustCompile(`^(.*/)?python[0-9.]*$`)

// python reads `[A=B ...] python [-u] SCRIPT ARGS`.
func (j *job) python(p *plan, ws []text) bool {
	set, ws := assignments(ws)
	if len(ws) < 2 {
		return false
	}
	name, ok := ws[0].known()
	if !ok || !anyInterpreter.MatchString(name) {
		return false
	}
	unbuffered := false
	rest := ws[1:]
	for len(rest) > 0 && rest[0].is("-u") {
		unbuffered = true
		rest = rest[1:]
	}
	if len(rest) == 0 || isOption(rest[0]) {
		return false
	}
	p.env = append(p.env, set...)
	if unbuffered {
		// What -u says, said by the environment.
		p.env = append(p.env, variable{name: lit("PYTHONUNBUFFERED"), value: lit("1")})
	}
	if !interpreters.MatchString(name) {
		p.interpreter = ws[0]
	}
	p.script, p.words = rest[0], rest[1:]
	return true
}

// assignments takes the variables off a command that are set for it alone.
func assignments(ws []text) (set []variable, rest []text) {
	if len(ws) > 1 && ws[0].is("env") && !isOption(ws[1]) {
		ws = ws[1:]
	}
	for len(ws) > 0 {
		i := ws[0].index('=')
		name, ok := ws[0][:max(i, 0)].known()
		if i <= 0 || !ok || identifier(name) != name {
			break
		}
		set = append(set, variable{name: lit(name), value: ws[0][i+1:]})
		ws = ws[1:]
	}
	return set, ws
}

func readCustom(j *job, settings ir.Arg) *plan {
	p := &plan{settings: settings.At}
	a, ok := field(settings.Value, "command_line")
	if !ok {
		return p
	}
	p.scriptAt, p.argsAt = a.At, a.At
	t := unwrapShell(textOf(j.c, a))
	p.args, p.free = t, true
	q := *p
	if done, mpirun := j.simple(&q, t); done {
		if mpirun || j.nodes.is(1) {
			return &q
		}
	}
	switch {
	case j.nodes.is(1):
		j.note("BAI610", ir.Review, settings.At)
	case j.nodes.known || strings.Contains(t.skeleton(), "mpirun") || strings.Contains(t.skeleton(), "mpiexec"):
		j.note("BAI613", ir.Manual, a.At)
	default:
		j.note("BAI617", ir.Review, j.nodes.arg.At)
	}
	if p.line = t; q.script != nil && !j.nodes.is(1) {
		return &q
	}
	return p
}

// unwrapShell gives the command line inside bash -c "...".
func unwrapShell(t text) text {
	ks := lex(t.trimSpace())
	if len(ks) != 3 || ks[0].op+ks[1].op+ks[2].op != "" || !ks[1].word.is("-c") {
		return t
	}
	shell, ok := ks[0].word.known()
	if !ok || path.Base(shell) != "bash" && path.Base(shell) != "sh" {
		return t
	}
	inner := make(text, len(ks[2].word))
	for i, c := range ks[2].word {
		c.fixed = false // quoted from the outer shell alone
		inner[i] = c
	}
	return inner.trimSpace()
}

// simple reads a command line of setting, installing and changing directory in
// front of one call of Python, with or without mpirun.
func (j *job) simple(p *plan, t text) (done, mpirun bool) {
	cs, ok := commands(t)
	if !ok || len(cs) == 0 {
		return false, false
	}
	var flags []string
	for _, c := range cs[:len(cs)-1] {
		head, known := c[0].known()
		if !known {
			return false, false
		}
		switch {
		case head == "export" && len(c) > 1:
			for _, w := range c[1:] {
				i := w.index('=')
				if i <= 0 {
					return false, false
				}
				p.env = append(p.env, variable{name: w.cut(0, i), value: w[i+1:]})
			}
		case head == "cd" && len(c) == 2 && p.home == nil:
			p.home = c[1]
		case installers[head] && installs(c):
			p.install = append(p.install, join(c))
		case (head == "source" || head == ".") && len(c) == 2 && strings.HasSuffix(c[1].skeleton(), "mpivars.sh"):
			flags = append(flags, join(c).show())
		case head == "set" && len(c) == 2, onlyShows[path.Base(head)]:
			flags = append(flags, join(c).show())
		default:
			return false, false
		}
	}
	last := cs[len(cs)-1]
	set, started := assignments(last)
	if len(started) == 0 {
		return false, false
	}
	head, _ := started[0].known()
	if base := path.Base(head); base != "mpirun" && base != "mpiexec" && base != "mpiexec.hydra" {
		if len(flags) > 0 {
			return false, false
		}
		return j.python(p, last), false
	}
	p.env = append(p.env, set...)
	rest, total, perNode, ok := j.mpirun(p, started[1:], &flags)
	switch {
	case !ok || len(rest) == 0:
		return false, false
	case j.python(p, rest):
	case p.home != nil:
		return false, false
	default:
		p.program = rest
		j.note("BAI610", ir.Review, p.settings)
	}
	switch {
	case perNode.given:
		p.spread = spread{kind: "mpi", perNode: perNode.term(), one: perNode.is(1)}
	default:
		// Without a number mpirun starts one process for each slot of the hosts
		// it was given: one a node.
		p.spread = j.mpi(total)
	}
	if len(flags) == 0 {
		flags = []string{"mpirun"}
	}
	j.note("BAI604", ir.Review, p.argsAt, "FLAGS", strings.Join(flags, ", "))
	return true, true
}

// onlyShows are the commands that do nothing but print what a node is like.
var onlyShows = map[string]bool{"echo": true, "printenv": true, "nvidia-smi": true, "hostname": true, "pwd": true, "date": true,
	"ls": true, "df": true, "free": true, "which": true, "whoami": true, "uname": true, "ifconfig": true, "ibstat": true, "lscpu": true}

// mpirunFlags says what the flags of the usual mpiruns (Open MPI, Intel MPI,
// MPICH) take: "n" the number of processes, "k" the number on each node, "env" a
// variable (NAME or NAME=VALUE), "env2" a name and a value, and otherwise how
// many words are dropped with it.
var mpirunFlags = map[string]string{
	"-n": "n", "-np": "n", "--n": "n", "--np": "n", "-c": "n",
	"-ppn": "k", "-perhost": "k", "-npernode": "k", "--npernode": "k", "-N": "k",
	"-x": "env", "-env": "env2", "-genv": "env2",
	"-hosts": "1", "-host": "1", "--host": "1", "-H": "1", "-hostfile": "1", "--hostfile": "1", "-f": "1",
	"-machinefile": "1", "--machinefile": "1", "-iface": "1", "-bind-to": "1", "--bind-to": "1", "-map-by": "1",
	"--map-by": "1", "-rank-by": "1", "-bootstrap": "1", "-rr": "0", "-mca": "2", "--mca": "2",
	"--allow-run-as-root": "0", "-allow-run-as-root": "0", "--tag-output": "0", "-tag-output": "0", "-v": "0",
	"--report-bindings": "0", "-genvall": "0", "-envall": "0", "--oversubscribe": "0", "-print-rank-map": "0",
}

// mpirun reads the flags of mpirun up to the command that it starts.
func (j *job) mpirun(p *plan, ws []text, flags *[]string) (rest []text, total, perNode count, ok bool) {
	take := func(n int) bool { return len(ws) >= n }
	for len(ws) > 0 {
		flag, known := ws[0].known()
		if !known {
			return nil, total, perNode, false
		}
		if !strings.HasPrefix(flag, "-") {
			return ws, total, perNode, true
		}
		kind, ok := mpirunFlags[flag]
		if !ok {
			// An unknown flag has a value if what follows is neither a flag nor
			// the command.
			kind = "0"
			if take(2) && !isOption(ws[1]) && !anyInterpreter.MatchString(ws[1].skeleton()) {
				kind = "1"
			}
		}
		drop := 0
		switch kind {
		case "n", "k":
			if !take(2) {
				return nil, total, perNode, false
			}
			c := wordCount(ws[1])
			if kind == "n" {
				total = c
			} else {
				perNode = c
			}
			ws = ws[2:]
			continue
		case "env", "env2":
			if !take(2) {
				return nil, total, perNode, false
			}
			name, value := ws[1], text(nil)
			n := 2
			if i := ws[1].index('='); i > 0 {
				name, value = ws[1].cut(0, i), ws[1][i+1:]
			} else if kind == "env2" {
				if !take(3) {
					return nil, total, perNode, false
				}
				value, n = ws[2], 3
			} else {
				// -x NAME only passes on what is set anyway.
				ws = ws[2:]
				continue
			}
			if strings.HasPrefix(name.skeleton(), "I_MPI_") { // settings of the old fabric
				drop = n
				break
			}
			p.env = append(p.env, variable{name: name, value: value})
			ws = ws[n:]
			continue
		default:
			drop = 1 + int(kind[0]-'0')
		}
		if !take(drop) {
			return nil, total, perNode, false
		}
		*flags = append(*flags, join(ws[:drop]).show())
		ws = ws[drop:]
	}
	return nil, total, perNode, false
}

// wordCount reads a number in a command line.
func wordCount(w text) count {
	if s, ok := w.known(); ok {
		n, err := strconv.ParseInt(s, 10, 64)
		if err == nil {
			c := count{n: n, known: true, given: true, arg: ir.Arg{Value: &ir.Const{V: n}}}
			if ps := w.pieces(); len(ps) == 1 && ps[0].Val != nil {
				if _, isInt := ir.Int(ps[0].Val); isInt {
					c.arg = ir.Arg{Value: ps[0].Val, At: ps[0].At}
				}
			}
			return c
		}
	}
	c := count{arg: w.arg(""), given: true, digits: true}
	if u, ok := c.arg.Value.(*ir.Unknown); ok && u.Type == "int" {
		c.digits = false
	}
	return c
}

// join puts words together again as a line.
func join(ws []text) text {
	var out text
	for i, w := range ws {
		if i > 0 {
			out = append(out, lit(" ")...)
		}
		out = append(out, quoted(w)...)
	}
	return out
}

// installers are the commands that only bring software in.
var installers = map[string]bool{"pip": true, "pip3": true, "apt": true, "apt-get": true, "conda": true, "yum": true, "export": true}

// installs reports whether a command of an installer needs nothing but the
// network: no path of the job, no file of its own.
func installs(c []text) bool {
	for _, w := range c {
		s := w.skeleton()
		if strings.Contains(s, "AZ_BATCHAI_") || localFile.MatchString(s) && !strings.Contains(s, "://") {
			return false
		}
	}
	return true
}

var localFile = regexp.MustCompile(`^(-r|--requirement.*|\.|\.{0,2}/.*|.*\.(txt|whl|sh|ya?ml|tar\.gz|zip|deb|rpm))$`)
