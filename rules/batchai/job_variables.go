package batchai

import (
	"regexp"
	"strings"

	"pyxlate/rules/ir"
)

// variableAction is what becomes of a reference to one of the job's variables.
type variableAction uint8

const (
	toMark    variableAction = iota // left as it stands, to a person
	toData                          // a path in a mounted file system
	toOutput                        // a folder of the run
	toText                          // other text
	toDrop                          // the option that carries it goes
	toShared                        // the directory that all nodes share
	toDevices                       // the number of GPUs of a node
	toShell                         // only a shell on the node can put it in
)

// jobVariable is a variable that Batch AI set for a job. A name that ends with *
// stands for all names with that beginning. The first line that fits counts.
type jobVariable struct {
	name    string
	toolkit string // restricts the line to one toolkit
	action  variableAction
	text    string // for toText
	shell   string // in a command line that a shell runs; "" the same as text
	code    string
	verdict ir.Verdict
	// script is what a training script that reads the variable must do.
	script string
}

// The variables of a job and what Azure ML has in their place: Batch AI's
// documentation of job environment variables against Azure ML's guide to
// distributed training.
var jobVariables = []jobVariable{
	{name: jobMountRoot, action: toData, code: "BAI305",
		script: "take the path of its data as an argument"},
	{name: clusterMountRoot, action: toData, code: "BAI305",
		script: "take the path of its data as an argument"},
	{name: "AZ_BATCHAI_INPUT_*", action: toData, code: "BAI306",
		script: "read AZUREML_DATAREFERENCE_{ID} instead"},
	{name: "AZ_BATCHAI_OUTPUT_*", action: toOutput, code: "BAI420",
		script: "write to {PATH} instead"},
	{name: "AZ_BATCHAI_STDOUTERR_DIR", action: toMark, code: "BAI411", verdict: ir.Manual,
		script: "print what it wrote there: that is kept with the run"},
	{name: "AZ_BATCHAI_JOB_TEMP_DIR", action: toText, text: "/tmp", code: "BAI412", verdict: ir.Review,
		script: "make a directory of its own with tempfile.mkdtemp()"},
	{name: jobTemp, action: toText, text: "/tmp", code: "BAI412", verdict: ir.Review,
		script: "make a directory of its own with tempfile.mkdtemp()"},
	{name: "AZ_BATCHAI_SHARED_JOB_TEMP", action: toShared, code: "BAI413", verdict: ir.Review,
		script: "take a mounted path as an argument"},
	{name: "AZ_BATCHAI_MPI_HOST_FILE", action: toMark, code: "BAI608", verdict: ir.Manual,
		script: "leave the start of its processes to Azure ML"},
	{name: "AZ_BATCHAI_MPI_MASTER_NODE", action: toShell, shell: "${AZ_BATCH_MASTER_NODE%%:*}", code: "BAI605", verdict: ir.Review,
		script: "read AZ_BATCH_MASTER_NODE (host:port) instead"},
	{name: "AZ_BATCHAI_PS_HOSTS", action: toDrop, code: "BAI601", verdict: ir.Review,
		script: "read json.loads(os.environ['TF_CONFIG'])['cluster']['ps'] instead"},
	{name: "AZ_BATCHAI_WORKER_HOSTS", action: toDrop, code: "BAI601", verdict: ir.Review,
		script: "read json.loads(os.environ['TF_CONFIG'])['cluster']['worker'] instead"},
	{name: "AZ_BATCHAI_TASK_INDEX", toolkit: tensorFlow, action: toDrop, code: "BAI601", verdict: ir.Review,
		script: "read json.loads(os.environ['TF_CONFIG'])['task']['index'] instead"},
	{name: "AZ_BATCHAI_TASK_INDEX", toolkit: pyTorch, action: toDrop, shell: "$RANK", code: "BAI606", verdict: ir.Review,
		script: "read RANK instead"},
	{name: "AZ_BATCHAI_TASK_INDEX", toolkit: caffe2, action: toDrop, shell: "$OMPI_COMM_WORLD_RANK", code: "BAI611", verdict: ir.Review,
		script: "read OMPI_COMM_WORLD_RANK instead"},
	{name: "AZ_BATCHAI_PYTORCH_INIT_METHOD", action: toText, text: "env://", code: "BAI606", verdict: ir.Review,
		script: "use init_method='env://'"},
	{name: "AZ_BATCHAI_PYTORCH_BACKEND", action: toText, code: "BAI606", verdict: ir.Review}, // its text is the job's backend
	{name: "AZ_BATCHAI_NUM_GPUS", action: toDevices, shell: countDevices, code: "BAI607", verdict: ir.Review,
		script: "count the devices of its node itself"},
	{name: "AZ_BATCHAI_NUM_GPUS_PER_NODE", action: toDevices, shell: countDevices, code: "BAI607", verdict: ir.Review,
		script: "count the devices of its node itself"},
	{name: "AZ_BATCHAI_*", action: toMark, code: "BAI608", verdict: ir.Manual,
		script: "do without it"},
	// Both services set it for TensorFlow, with other names of roles.
	{name: "TF_CONFIG", toolkit: tensorFlow, action: toShell, code: "BAI615", verdict: ir.Review,
		script: "expect other roles: there is no `master`, the chief is worker 0"},
	// What the sample set for the jobs of a sweep, or the program itself.
	{name: "PARAM_*", action: toShell, code: "BAI712", verdict: ir.Review},
	{name: "*", action: toShell, code: "BAI430", verdict: ir.Review},
}

// countDevices counts the GPUs of a node where its size is not known here.
const countDevices = "$(nvidia-smi -L | wc -l)"

// imageTemp takes the place of the directory for temporary files where the
// preparation that fills it runs when the image is built.
const imageTemp = "/opt/batchai_job_temp"

func isTemp(name string) bool { return name == jobTemp || name == jobTemp+"_DIR" }

// deviceCounts are the GPUs of the sizes that Batch AI offered.
var deviceCounts = map[string]string{
	"NC6": "1", "NC12": "2", "NC24": "4", "NC24R": "4",
	"NC6S_V2": "1", "NC12S_V2": "2", "NC24S_V2": "4", "NC24RS_V2": "4",
	"NC6S_V3": "1", "NC12S_V3": "2", "NC24S_V3": "4", "NC24RS_V3": "4",
	"ND6S": "1", "ND12S": "2", "ND24S": "4", "ND24RS": "4", "ND40S_V2": "8", "ND40RS_V2": "8",
	"NV6": "1", "NV12": "2", "NV24": "4", "NV12S_V3": "1", "NV24S_V3": "2", "NV48S_V3": "4",
}

var gpuSize = regexp.MustCompile(`(?i)^(standard_)?N[A-Z]*[0-9]`)

// vmSize is the constant size of the nodes of the job's cluster.
func (j *job) vmSize() (string, bool) {
	o := j.cluster()
	if o == nil {
		return "", false
	}
	a, ok := field(o, "vm_size")
	if !ok {
		return "", false
	}
	return ir.String(a.Value)
}

// devices is the number of GPUs of a node, where its size is known.
func (j *job) devices() (n string, ok bool) {
	size, known := j.vmSize()
	n, ok = deviceCounts[strings.TrimPrefix(strings.ToUpper(size), "STANDARD_")]
	return n, known && ok
}

func (j *job) variable(name string) jobVariable {
	for _, v := range jobVariables {
		if v.toolkit != "" && v.toolkit != j.toolkit {
			continue
		}
		if prefix, ok := strings.CutSuffix(v.name, "*"); ok && strings.HasPrefix(name, prefix) || v.name == name {
			return v
		}
	}
	return jobVariable{}
}

// expand puts what is known into a word of a command line. at is the expression
// that notes are about.
func (j *job) expand(w text, at ir.Expr) (e argument) {
	for i, c := range w {
		if !c.hole {
			continue
		}
		if u, ok := j.fileUse(c.in.piece); ok {
			e.bits = append(j.expand(w[:i], at).bits, bit{ref: u})
			e.bits = append(e.bits, j.expand(w[i+1:], at).bits...)
			return e
		}
	}
	var cur text
	done := 0
	for _, r := range w.references() {
		if r.start < done {
			continue
		}
		cur = append(cur, w[done:r.start]...)
		done = r.end
		if r.open {
			j.note("BAI305", ir.Manual, at, "PATH", w.show())
			cur = append(cur, w[r.start:r.end]...)
			continue
		}
		if value, ok := j.environment[r.name]; ok {
			inner := j.expand(value, at)
			for _, b := range inner.bits {
				if b.ref == nil {
					cur = append(cur, b.text...)
					continue
				}
				if len(cur) > 0 {
					e.bits = append(e.bits, bit{text: cur})
					cur = nil
				}
				e.bits = append(e.bits, b)
			}
			continue
		}
		v := j.variable(r.name)
		end := pathEnd(w, r.end)
		if end < len(w) {
			end = beforeSlash(w, r.end, end)
		}
		path := w[r.start:end]
		switch v.action {
		case toData:
			if u, ok := j.dataAt(path, r.name, at); ok {
				if len(cur) > 0 {
					e.bits = append(e.bits, bit{text: cur})
					cur = nil
				}
				e.bits = append(e.bits, bit{ref: u})
			} else {
				cur = append(cur, path...)
			}
			done = end
		case toOutput:
			if folder, ok := j.outputPath(r.name, at); ok {
				cur = append(cur, folder...)
			} else {
				cur = append(cur, w[r.start:r.end]...)
			}
		case toText:
			switch {
			case r.name == "AZ_BATCHAI_PYTORCH_BACKEND":
				v.text = j.backend
			case isTemp(r.name) && j.image.temp:
				v.text = imageTemp
			}
			cur = append(cur, lit(v.text)...)
			j.note(v.code, v.verdict, at, "NAME", r.name)
		case toDrop:
			j.note(v.code, ir.Manual, at, "NAME", r.name)
			cur = append(cur, w[r.start:r.end]...)
		case toShared:
			if len(cur) > 0 {
				e.bits = append(e.bits, bit{text: cur})
				cur = nil
			}
			e.bits = append(e.bits, bit{ref: &dataUse{shared: true}})
			j.note(v.code, v.verdict, at, "NAME", r.name)
		case toDevices:
			n, ok := j.devices()
			if !ok {
				j.note(v.code, ir.Manual, at, "NAME", r.name)
				cur = append(cur, w[r.start:r.end]...)
				continue
			}
			cur = append(cur, lit(n)...)
			j.note(v.code, v.verdict, at, "NAME", r.name)
		case toShell:
			cur = append(cur, w[r.start:r.end]...)
		default:
			j.note(v.code, v.verdict, at, "NAME", r.name)
			cur = append(cur, w[r.start:r.end]...)
		}
	}
	cur = append(cur, w[done:]...)
	if len(cur) > 0 {
		e.bits = append(e.bits, bit{text: cur})
	}
	return e
}

// pathEnd is where a path that starts before i ends: lists of paths are
// separated by the usual signs.
func pathEnd(w text, i int) int {
	for ; i < len(w); i++ {
		if !w[i].hole && strings.IndexByte(":,;= \t\r\n$'\"`&|<>()\\", w[i].b) >= 0 {
			return i
		}
	}
	return len(w)
}

// beforeSlash leaves the slash at the end of a path to what follows it.
func beforeSlash(w text, start, end int) int {
	for end > start && w.hasByte(end-1, '/') {
		end--
	}
	return end
}

// dataAt makes the use of data for a path that begins with a mount root or an
// input directory.
func (j *job) dataAt(path text, name string, at ir.Expr) (*dataUse, bool) {
	p, ok := j.locate(path)
	if !ok {
		if in := j.input(strings.TrimPrefix(name, "AZ_BATCHAI_INPUT_")); in != nil {
			path = in.path
		}
		j.note("BAI305", ir.Manual, at, "PATH", path.show(), "NAME", name)
		return nil, false
	}
	if in := j.input(p.id); in != nil {
		in.passed = true
	}
	return j.use(p, at)
}

// outputPath is the folder of the run for an output directory.
func (j *job) outputPath(name string, at ir.Expr) (text, bool) {
	o := j.output(strings.TrimPrefix(name, "AZ_BATCHAI_OUTPUT_"))
	if o == nil {
		j.note("BAI305", ir.Manual, at, "PATH", "$"+name, "NAME", name)
		return nil, false
	}
	o.used = true
	return concat(lit("./outputs/"), o.suffix), true
}

// expandShell puts what is known into a command line that a shell on the node
// will run. Data is reached through the variables of its references.
func (j *job) expandShell(line text, at ir.Expr) text {
	for _, c := range line {
		if c.hole {
			if _, ok := j.fileUse(c.in.piece); ok {
				j.note("BAI710", ir.Manual, at) // a reference to data of its own for each run
			}
		}
	}
	var out text
	done := 0
	for _, r := range line.references() {
		if r.start < done {
			continue
		}
		out = append(out, line[done:r.start]...)
		done = r.end
		keep := func() { out = append(out, line[r.start:r.end]...) }
		if r.open {
			j.note("BAI305", ir.Manual, at, "PATH", line.show())
			keep()
			continue
		}
		v := j.variable(r.name)
		end := beforeSlash(line, r.end, pathEnd(line, r.end))
		path := line[r.start:end]
		switch v.action {
		case toData:
			done = end
			if local, ok := j.localPath(path); ok {
				out = append(out, j.fromStart(local)...)
				continue
			}
			u, ok := j.dataAt(path, r.name, at)
			if !ok {
				out = append(out, path...)
				continue
			}
			out = append(out, lit("$AZUREML_DATAREFERENCE_"+j.referenceOf(u).name)...)
			if len(u.rest) > 0 {
				out = append(out, concat(lit("/"), u.rest)...)
			}
		case toOutput:
			if folder, ok := j.outputPath(r.name, at); ok {
				j.output(strings.TrimPrefix(r.name, "AZ_BATCHAI_OUTPUT_")).made = true
				out = append(out, j.fromStart(folder)...)
			} else {
				keep()
			}
		case toShell:
			if v.shell == "" {
				keep()
				if v.name != "*" {
					j.note(v.code, v.verdict, at, "NAME", r.name)
				}
				continue
			}
			out = append(out, lit(v.shell)...)
			j.note(v.code, v.verdict, at, "NAME", r.name)
		case toText, toDrop, toDevices:
			if j.exports[r.name] {
				keep()
				j.note(v.code, v.verdict, at, "NAME", r.name)
				continue
			}
			if _, known := j.devices(); v.shell != "" && !(v.action == toDevices && known) {
				out = append(out, lit(v.shell)...)
				j.note(v.code, v.verdict, at, "NAME", r.name)
				continue
			}
			// An option of a free line is not taken out: it stays under a mark.
			out = append(out, j.expand(line[r.start:r.end], at).text()...)
		case toShared:
			j.note(v.code, ir.Manual, at, "NAME", r.name)
			keep()
		default:
			j.note(v.code, v.verdict, at, "NAME", r.name)
			keep()
		}
	}
	return append(out, line[done:]...)
}

// action is what becomes of a variable in this job.
func (j *job) action(r envReference) variableAction {
	if _, ok := j.environment[r.name]; ok {
		return toText
	}
	v := j.variable(r.name)
	if _, known := j.devices(); v.action == toDevices && !known {
		return toShell // the node is asked
	}
	return v.action
}

// needsShell reports whether a word holds a variable that only a shell on the
// node can put in.
func (j *job) needsShell(ws []text) bool {
	for _, w := range ws {
		for _, r := range w.references() {
			if !r.open && j.action(r) == toShell {
				return true
			}
		}
	}
	return false
}

// kept takes out the options whose value Azure ML no longer passes. In a line
// for a shell some of those values can be had.
func (j *job) kept(ws []text, at ir.Expr, shell bool) []text {
	var out []text
	for _, w := range ws {
		name, gone := "", false
		for _, r := range w.references() {
			if v := j.variable(r.name); j.action(r) == toDrop && (!shell || v.shell == "") {
				name, gone = r.name, true
			}
		}
		n := len(out)
		switch {
		case !gone:
			out = append(out, w)
			continue
		case isOption(w) && w.index('=') > 0:
		case n > 0 && isOption(out[n-1]) && out[n-1].index('=') < 0:
			out = out[:n-1]
		default: // a positional: leaving it out would move the others
			out = append(out, w)
			continue
		}
		v := j.variable(name)
		j.note(v.code, v.verdict, at, "NAME", name)
	}
	return out
}

// SetVariable keeps the names in a command line that sets them itself, as the
// lines do that this pack writes for a preparation, `export NAME=... && ...` or
// `ENV NAME=...` of a Dockerfile.
// It declines for all others.
func SetVariable(c ir.Context) *ir.Answer {
	u := c.Use()
	line, ok := ir.String(u.Value)
	if !ok || u.Symbol == "" || !regexp.MustCompile(`(^|[\s;&])(export|ENV)(\s+\w+=\S*)*\s+`+regexp.QuoteMeta(u.Symbol)+`=`).MatchString(line) {
		return nil
	}
	return &ir.Answer{Keep: true}
}

// runVariable keeps the name and the value of a variable that comes from a job:
// what is read of a run has both; and of one that the program itself makes,
// which stays as long as it is read. It declines for variables of parameters.
func runVariable(c ir.Context) *ir.Answer {
	v := c.Recv().Value
	if constructed(v) {
		return &ir.Answer{Keep: true, Notes: []ir.Note{note("BAI905", ir.Review, ir.Expr{}, "NAME", "EnvironmentVariable")}}
	}
	for range 4 {
		o := object(v)
		if o == nil {
			return nil
		}
		if o.Type == models+"Job" {
			return &ir.Answer{Keep: true}
		}
		v = o.From
	}
	return nil
}

// constructed reports whether a value is an object that the program itself
// makes, whichever of several.
func constructed(v ir.Value) bool {
	switch v := v.(type) {
	case *ir.Object:
		return v.IsRecord()
	case *ir.Join:
		for _, x := range v.Of {
			if !constructed(x) {
				return false
			}
		}
		return len(v.Of) > 0
	}
	return false
}
