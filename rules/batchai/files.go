package batchai

import (
	"regexp"
	"strings"

	"pyxlate/rules/ir"
)

const (
	listFiles = "azure.mgmt.batchai.operations.JobsOperations.list_output_files"
	createJob = "azure.mgmt.batchai.operations.JobsOperations.create"
	// standardOutput is the id under which Batch AI kept stdout and stderr.
	standardOutput = "stdouterr"
)

// runKeys are the parameters by which calls of all dialects name a job.
var runKeys = []string{"resource_group_name", "workspace_name", "experiment_name", "job_name"}

// runOf gives the run that a call names.
func runOf(c ir.Context, k *ir.Call) (ir.Term, bool) {
	if k == nil {
		return nil, false
	}
	return c.Resource("run", namedArgs(k, runKeys...)...)
}

// namedArgs gives the arguments of a call for some of its parameters.
func namedArgs(k *ir.Call, params ...string) (args []ir.Arg) {
	for _, name := range params {
		if a, ok := k.Bound[name]; ok {
			args = append(args, withParam(a, name))
		}
	}
	return args
}

// jobName gives the id of a run where the name of the job is only shown, and
// else the name itself: what compares it or looks the job up needs that.
func jobName(c ir.Context) *ir.Answer {
	self := &ir.Source{Arg: c.Recv()}
	if c.Shown() {
		return &ir.Answer{Term: &ir.Member{Of: self, Name: "id"}}
	}
	return &ir.Answer{Term: code("{run}.get_tags().get('batchai_job_name')", "run", self)}
}

// parametersOf finds the parameters with which a job of the same name is
// created in this program.
func parametersOf(c ir.Context, k *ir.Call) *ir.Object {
	name, ok := k.Bound["job_name"]
	if !ok {
		return nil
	}
	for _, create := range c.Calls(createJob) {
		if other, ok := create.Bound["job_name"]; ok && ir.Same(other.Value, name.Value) {
			return object(create.Bound["parameters"].Value)
		}
	}
	return nil
}

// outputFolder gives the path below "outputs" of an output directory of the job,
// or of all jobs of the program that have one of that id; ok is false where none
// has, or several have different ones.
func outputFolder(c ir.Context, parameters *ir.Object, id string) (folder text, ok bool) {
	jobs := []*ir.Object{parameters}
	if parameters == nil {
		jobs = c.Made(models + "JobCreateParameters")
	}
	for _, o := range jobs {
		pieces, has := OutputFolder(c, o, id)
		if !has {
			continue
		}
		t := textOf(c, ir.Arg{Value: &ir.Text{Pieces: pieces}})
		if ok && !equal(t, folder) {
			return lit(strings.ToLower(id)), false
		}
		folder, ok = t, true
	}
	if !ok {
		return lit(strings.ToLower(id)), false
	}
	return folder, true
}

// listing is what a call of list_output_files asks for.
type listing struct {
	call   *ir.Call
	logs   bool // stdout and stderr
	prefix text // of the files' names in the run, "outputs/Models/"
	// guessed: no job in sight has the directory.
	guessed bool
	// id is the directory where it is one of several, or not known: it may be
	// the one of stdout and stderr.
	id ir.Arg
}

// either reports whether the listing may be of logs or of other files.
func (l *listing) either() bool { return !l.id.At.IsZero() }

// listingOf reads a call of list_output_files; ok is false where the directory
// is not known.
func listingOf(c ir.Context, k *ir.Call) (*listing, bool) {
	if k == nil {
		return nil, false
	}
	options, ok := k.Bound["jobs_list_output_files_options"]
	if !ok {
		return nil, false
	}
	id, ok := field(options.Value, "outputdirectoryid")
	if !ok {
		return nil, false
	}
	l := &listing{call: k}
	name, ok := ir.String(id.Value)
	if !ok {
		l.id = id
		_, below := field(options.Value, "directory")
		return l, !below && !id.At.IsZero()
	}
	if strings.EqualFold(name, standardOutput) {
		l.logs = true
		return l, true
	}
	folder, ok := outputFolder(c, parametersOf(c, k), name)
	l.guessed = !ok
	l.prefix = joinPath(lit("outputs"), folder)
	if sub, ok := field(options.Value, "directory"); ok {
		if t := cleanPath(textOf(c, sub)); len(t) > 0 && !t.is(".") {
			l.prefix = joinPath(l.prefix, t)
		}
	}
	return l, true
}

// files lists the files of a run: the logs as a dictionary of names and
// addresses, those of an output directory as a list of names.
func files(c ir.Context) *ir.Answer {
	l, ok := listingOf(c, c.Call())
	if !ok {
		return nil
	}
	run, ok := runOf(c, c.Call())
	if !ok {
		return nil
	}
	ans := &ir.Answer{}
	options := c.Call().Bound["jobs_list_output_files_options"]
	for _, name := range []string{"linkexpiryinminutes", "max_results", "filter", "select"} {
		if a, ok := field(options.Value, name); ok {
			ans.Notes = append(ans.Notes, note("BAI515", ir.Review, a.At))
		}
	}
	if l.either() {
		return l.listEither(c, run, ans)
	}
	if l.logs {
		ans.Term = code("{run}.get_details()['logFiles']", "run", run)
		ans.Notes = append(ans.Notes, note("BAI512", ir.Review, ir.Expr{}))
		return ans
	}
	f := &ir.Var{Handle: c.Fresh("name")}
	ans.Term = code("[{f} for {f} in {run}.get_file_names() if {f}.startswith({prefix})]", "f", f, "run", run,
		"prefix", concat(l.prefix, lit("/")).term())
	if l.guessed {
		ans.Notes = append(ans.Notes, note("BAI523", ir.Review, ir.Expr{}, "PATH", l.prefix.show()))
	}
	ans.Notes = append(ans.Notes, note("BAI522", ir.Review, ir.Expr{}))
	return ans
}

// listEither lists the logs of a run or the files of an output directory,
// whichever the program asks for when it runs: a dictionary of their names and
// of their full names in the run.
func (l *listing) listEither(c ir.Context, run ir.Term, ans *ir.Answer) *ir.Answer {
	if !c.Can(l.id) {
		return nil
	}
	values := []ir.Value{l.id.Value}
	if j, ok := l.id.Value.(*ir.Join); ok {
		values = j.Of
	}
	folders := &ir.DictOf{} // what the names in the run begin with, by the id of the directory
	add := func(id string, folder ir.Term) {
		folders.Entries = append(folders.Entries, ir.Entry{Key: str(id), Value: folder})
	}
	guess, all := "", true // all: every value is known
	for _, v := range values {
		name, ok := ir.String(v)
		switch {
		case !ok:
			all, guess = false, "outputs/..."
		case strings.EqualFold(name, standardOutput):
			add(name, str(""))
		default:
			folder, ok := outputFolder(c, parametersOf(c, l.call), name)
			folder = joinPath(lit("outputs"), folder)
			if !ok && guess == "" {
				guess = folder.show()
			}
			add(name, concat(folder, lit("/")).term())
		}
	}
	id := &ir.Source{Arg: l.id}
	var prefix ir.Term
	switch {
	case all && !c.ForCallers(l.id):
		prefix = &ir.Item{Of: folders, Key: id}
	case !all:
		folders.Entries = nil
		for _, o := range c.Made(models + "JobCreateParameters") {
			for _, d := range outputsOf(c, elementsOf(o.Fields["output_directories"].Value)) {
				if folder, known := d.suffix.known(); known {
					add(d.id, str("outputs/"+folder+"/"))
				}
			}
		}
		if len(folders.Entries) == 0 {
			prefix = code("'' if {id}.lower() == 'stdouterr' else 'outputs/' + {id}.lower() + '/'", "id", id)
			break
		}
		add(standardOutput, str(""))
		fallthrough
	default:
		prefix = apply(&ir.Member{Of: folders, Name: "get"}, ir.Argument{Value: id}, ir.Argument{Value: code("'outputs/' + {id}.lower() + '/'", "id", id)})
	}
	if guess != "" {
		ans.Notes = append(ans.Notes, note("BAI523", ir.Review, ir.Expr{}, "PATH", guess))
	}
	p, f := &ir.Var{Handle: c.Fresh("prefix")}, &ir.Var{Handle: c.Fresh("name")}
	ans.Before = append(ans.Before, assign(p, prefix))
	ans.Term = code("{{f}[len({p}):]: {f} for {f} in {run}.get_file_names() if {f}.startswith({p} or ('azureml-logs/', 'user_logs/'))}", "f", f, "p", p, "run", run)
	ans.Notes = append(ans.Notes, note("BAI570", ir.Review, ir.Expr{}))
	return ans
}

// fileListing finds the listing that a file comes from.
func fileListing(c ir.Context, v ir.Value) (*listing, ir.Value, bool) {
	for range 8 {
		o := object(v)
		if o == nil {
			return nil, nil, false
		}
		if o.Made != nil && o.Made.Symbol == listFiles {
			l, ok := listingOf(c, o.Made)
			return l, o, ok
		}
		v = o.From
	}
	return nil, nil, false
}

// fileName: a file of a run is its name; names in an output directory were
// relative to it.
func fileName(c ir.Context) *ir.Answer {
	l, _, ok := fileListing(c, c.Recv().Value)
	if !ok {
		return nil
	}
	self := &ir.Source{Arg: c.Recv()}
	if l.logs || l.either() {
		ans := &ir.Answer{Term: self, Notes: []ir.Note{note("BAI512", ir.Review, ir.Expr{})}}
		if other, op, comparison, ok := c.Compared(); ok && isLog(other.Value, op == "startswith" || strings.HasPrefix(op, "has")) {
			ans.Over = comparison
			switch op {
			case "==", "in", "startswith", "endswith", "has":
				ans.Term = code("{f}.endswith({names})", "f", self, "names", logNames)
			case "!=", "not in", "has not":
				ans.Term = code("not {f}.endswith({names})", "f", self, "names", logNames)
			default:
				ans.Over = ir.Expr{}
			}
		} else if negated := op == "!="; ok && (op == "==" || negated) && nameUnknown(other.Value) && c.Can(other) {
			// Who asks for stdout or stderr by that name gets the log of the run.
			form := "({f} == {name} or {f}.endswith({names}) and {name}.startswith(('stdout', 'stderr')))"
			if negated {
				form = "(not " + form + ")"
			}
			ans.Over = comparison
			ans.Term = code(form, "f", self, "names", logNames, "name", &ir.Source{Arg: other})
		}
		return ans
	}
	return &ir.Answer{Term: code("os.path.relpath({f}, {folder})", "f", self, "folder", l.prefix.term())}
}

// logNames end the names of the logs of a run, those of the old runtime of
// Azure ML and of the common one; stdout and stderr are merged in them.
var logNames = &ir.ListOf{Tuple: true, Items: []ir.Term{str("70_driver_log.txt"), str("std_log.txt")}}

var (
	logName  = regexp.MustCompile(`^std(out|err)(-[a-z]+)?(-[0-9]+)?\.txt$`)
	logStart = regexp.MustCompile(`^std(out|err)`)
)

// isLog reports whether a value is the name that Batch AI gave to a log of a
// job, or are several such names; start: what such a name begins with.
func isLog(v ir.Value, start bool) bool {
	switch v := v.(type) {
	case *ir.Seq:
		for _, e := range v.Elems {
			if !isLog(e.Value, start) {
				return false
			}
		}
		return len(v.Elems) > 0 && !v.Open
	case *ir.Join:
		for _, x := range v.Of {
			if !isLog(x, start) {
				return false
			}
		}
		return len(v.Of) > 0
	}
	s, ok := ir.String(v)
	return ok && (logName.MatchString(s) || start && logStart.MatchString(s))
}

// nameUnknown reports whether a name shows only when the program runs: it is no
// constant, nor one of several.
func nameUnknown(v ir.Value) bool {
	u, ok := v.(*ir.Unknown)
	return ok && u.Why != ""
}

// fileAddress: logs have an address; other files are downloaded by name.
func fileAddress(c ir.Context) *ir.Answer {
	l, from, ok := fileListing(c, c.Recv().Value)
	if !ok {
		return nil
	}
	self := &ir.Source{Arg: c.Recv()}
	if ans := downloadInstead(c, l, from); ans != nil {
		return ans
	}
	if l.either() && !c.Shown() {
		name, ok := l.inRun(c, c.Recv(), from)
		if !ok {
			return nil
		}
		run, ok := runOf(c, l.call)
		if !ok {
			return nil
		}
		return &ir.Answer{Term: code("{run}.get_details()['logFiles'].get({name})", "run", run, "name", name), Notes: []ir.Note{note("BAI571", ir.Review, ir.Expr{})}}
	}
	if l.logs || l.either() {
		held, ok := c.Held(from)
		if !ok && l.logs {
			// They are listed in another function.
			if run, known := runOf(c, l.call); known {
				held, ok = code("{run}.get_details()['logFiles']", "run", run), true
			}
		}
		if !ok {
			return nil
		}
		return &ir.Answer{Term: &ir.Item{Of: held, Key: self}, Notes: []ir.Note{note("BAI512", ir.Review, ir.Expr{})}}
	}
	if !c.Shown() {
		return byHand("BAI514")
	}
	return &ir.Answer{Term: self, Notes: []ir.Note{note("BAI514", ir.Review, ir.Expr{})}}
}

// downloaders are the functions that bring what is at an address into a file, with
// their parameters for the two.
var downloaders = map[string][2]string{
	"urllib.request.urlretrieve":           {"url", "filename"},
	"urllib.urlretrieve":                   {"url", "filename"},
	"six.moves.urllib.request.urlretrieve": {"url", "filename"},
	"wget.download":                        {"url", "out"},
}

// downloadInstead downloads a file of a run by its name where the program has a
// function bring it by its address, and makes no use of what that gives back.
func downloadInstead(c ir.Context, l *listing, from ir.Value) *ir.Answer {
	call := c.Passed()
	if call == nil || call.At.Span != call.Stmt.Span {
		return nil
	}
	params, ok := downloaders[call.Symbol]
	if !ok || len(call.Args) != 2 {
		return nil
	}
	target := call.Args[1]
	if first := call.Args[0]; first.Param != "" && first.Param != params[0] || first.Star != 0 ||
		target.Param != "" && target.Param != params[1] || target.Star != 0 || !first.At.Contains(c.Use().At.Span) {
		return nil
	}
	name, ok := l.inRun(c, c.Recv(), from)
	if !ok {
		return nil
	}
	run, ok := runOf(c, l.call)
	if !ok {
		return nil
	}
	return &ir.Answer{Over: call.At, Term: apply(&ir.Member{Of: run, Name: "download_file"},
		ir.Argument{Value: name},
		ir.Argument{Name: "output_file_path", Value: &ir.Source{Arg: target}, Old: []ir.Expr{target.At}})}
}

// inRun gives the name in the run of a file of the listing, which is the value
// from.
func (l *listing) inRun(c ir.Context, file ir.Arg, from ir.Value) (ir.Term, bool) {
	if !l.either() {
		return &ir.Source{Arg: file}, true
	}
	held, ok := c.Held(from)
	return &ir.Item{Of: held, Key: &ir.Source{Arg: file}}, ok
}

// downloadFile downloads a file of a run by its name, and anything else by its
// address, into a folder that is made if need be.
func downloadFile(c ir.Context) *ir.Answer {
	address, ok1 := given(c, "sas")
	target, ok2 := given(c, "destination")
	if !ok1 || !ok2 {
		return nil
	}
	if u, ok := address.Value.(*ir.Unknown); ok && u.Of != nil && u.Attr == "download_url" {
		l, from, ok := fileListing(c, u.Of)
		if !ok {
			return nil
		}
		name, ok := l.inRun(c, ir.Arg{Value: u.Of, At: u.OfAt}, from)
		if !ok {
			return nil
		}
		run, ok := runOf(c, l.call)
		if !ok {
			return nil
		}
		return &ir.Answer{Term: apply(&ir.Member{Of: run, Name: "download_file"},
			ir.Argument{Value: name},
			ir.Argument{Name: "output_file_path", Value: &ir.Source{Arg: target}, Old: []ir.Expr{target.At}})}
	}
	ans := &ir.Answer{Term: invoke("urllib.request.urlretrieve", ir.Argument{Value: &ir.Source{Arg: address}, Old: []ir.Expr{address.At}},
		ir.Argument{Value: &ir.Source{Arg: target}, Old: []ir.Expr{target.At}})}
	t := textOf(c, target)
	s, known := t.known()
	switch i := t.lastIndex('/'); {
	case i > 0:
		ans.Before = []ir.Statement{block("os.makedirs({folder}, exist_ok=True)", "folder", t.cut(0, i).term())}
	case !known && !strings.Contains(s, "/"):
		ans.Before = []ir.Statement{block("os.makedirs(os.path.dirname({path}) or '.', exist_ok=True)", "path", &ir.Source{Arg: target})}
	}
	return ans
}

// tail: an OutputStreamer showed the output of a job until it ended.
func tail(c ir.Context) *ir.Answer {
	o := c.Object()
	if o == nil || o.Made == nil {
		return nil
	}
	run, ok := runOf(c, o.Made)
	if !ok {
		return nil
	}
	return &ir.Answer{Term: code("{run}.wait_for_completion(show_output=True)", "run", run)}
}
