// Package run takes an engine over the files that a user names: paths in,
// results out, in path order.
//
// It owes its callers that a file without a trigger costs no more than reading
// it, that one bad file never stops the others, that files are written whole
// or not at all and can be taken back (Undo), and that memory is bounded by
// the files in flight. It knows nothing of Python beyond which file imports
// which, and no SDK.
package run

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"pyxlate/translator/document"
	"pyxlate/translator/edit"
	"pyxlate/translator/files"
	"pyxlate/translator/report"
)

// An Engine translates documents. Its methods are called from several
// goroutines at once.
type Engine interface {
	// Triggers are byte strings of which every file with a use holds at least
	// one. A file without any is not even parsed.
	Triggers() [][]byte
	// Modules are names of modules whose import is a trigger, too, but that are
	// too common as words to be triggers by themselves.
	Modules() []string
	// Translate returns one result for each document, in their order.
	Translate(Project) []Result
}

// A Project is a set of files that may know each other: those that hold a
// trigger and are connected by imports, those that import them, and those of a
// folder of which one sets up what another uses.
type Project struct {
	Documents []*document.Document // in path order
	Resolve   Resolver             // never nil
	// Declined tells of a place (bytes of a unit, 0-based) that a person does not
	// want changed: its statements stay, with what they need. nil: none.
	Declined func(d *document.Document, unit, start, end int) bool
}

// A Result is what an engine makes of one document.
type Result struct {
	Doc   *document.Document
	Edits []edit.Edit
	// After is what Doc.Apply makes of the edits, if the engine has asked.
	After    []byte
	Findings []report.Finding
	Warnings []report.Warning
	Hints    []report.Hint
	Ignored  int   // uses that the user wants left as they are
	Err      error // the document could not be translated and is left alone
}

// Mode says where the results go.
type Mode int

const (
	Preview Mode = iota // nowhere
	Write               // in place
	Copy                // to another tree, Options.Out
)

// Options say what to take and what to do with it. The zero value previews
// everything.
type Options struct {
	Include, Exclude []string // glob patterns, see matchAny; they do not concern files named by themselves,
	ForceExclude     bool     // unless this says so
	Project          Patterns // of the project's settings, which must let a file pass as well
	Jobs             int      // files worked on at once; 0 means one for each processor
	Mode             Mode
	Out              string // directory, for Copy
	StateDir         string // where the undo journal is kept; "" means the user's state directory
	// KeepTexts fills File.Before and File.After of changed files.
	KeepTexts bool
	// Approve, if there is one, is asked in path order for the edits to make
	// of a result. If the context ends meanwhile, none is made. Where it declines some, the result is made anew without them,
	// and asked about again until it declines no more.
	Approve func(Result) (wanted []edit.Edit, declined []Span)
	// Gate is passed by what must not be cut off; nil: nobody ends the run from
	// outside but by its context.
	Gate *Gate
	// Warn is told of what a user should know about a file before it is
	// written.
	Warn func(path, message string)
	// Progress is told how far the run is, often, and from other goroutines, one
	// call at a time.
	Progress func(Progress)
	// Slow is told of a file that has been worked on for ten seconds. It is
	// called from another goroutine.
	Slow func(path string)
	// Elsewhere is called for each of the engine's other sources, by its index,
	// with the number of files that use it; nil: never.
	Elsewhere func(source, files int)
}

// Progress tells how far a run is.
type Progress struct {
	Translating bool // or else still searching
	Done, Total int  // files
	Path        string
}

// A Span is a range of bytes of a unit.
type Span struct{ Unit, Start, End int }

// Patterns are glob patterns of which those with a slash are about paths from
// Dir (absolute; "" for none), wherever the walk begins.
type Patterns struct {
	Dir              string
	Include, Exclude []string
}

// keptBytes bounds the contents that stay in memory between the search for
// triggers and the translation; what exceeds it is read again.
const keptBytes = 16 << 20

// Run translates the files that the paths name and hands each file with a
// finding, a change or an error to sink, in path order. It returns the number
// of files looked at. The error is one of the whole run; those of single files
// are in their report.
func Run(ctx context.Context, engine Engine, paths []string, o Options, sink func(report.File)) (scanned int, err error) {
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	if o.Gate == nil {
		o.Gate = new(Gate)
	}
	r := &runner{engine: engine, options: o}
	r.targets, err = find(ctx, paths, o)
	if err != nil {
		return 0, err
	}
	if o.Mode == Copy {
		r.checkOut()
		r.out = openOut(o.Out)
		defer r.out.close()
	}
	if err := r.search(ctx); err != nil {
		return 0, err
	}
	if o.Elsewhere != nil {
		for i := range r.others.files {
			o.Elsewhere(i, int(r.others.files[i].Load()))
		}
	}
	if o.Mode == Write {
		r.writer = &writer{stateDir: o.StateDir}
		defer func() {
			if e := r.writer.close(); e != nil && err == nil {
				err = e
			}
		}()
	}
	return r.scanned(), r.translate(ctx, r.groups(), sink)
}

// runner is one run.
type runner struct {
	engine  Engine
	options Options
	targets []*target
	writer  *writer
	out     *outTree
	git     gitStatus
	folders folders
	others  *others // what is used and left alone

	progressing sync.Mutex
}

// progress tells the user how far the run is.
func (r *runner) progress(p Progress) {
	if r.options.Progress != nil {
		r.progressing.Lock()
		defer r.progressing.Unlock()
		r.options.Progress(p)
	}
}

func (r *runner) scanned() int {
	n := 0
	for _, t := range r.targets {
		if !t.failedWalk {
			n++
		}
	}
	return n
}

// searched are buffers into which files are read to be searched; those of
// larger files are not kept.
var searched = sync.Pool{New: func() any { return new([]byte) }}

const maxSearched = 1 << 20

// search reads every target once and marks those that hold a trigger, and
// those that import one of them.
func (r *runner) search(ctx context.Context) error {
	triggers := newTriggers(r.engine)
	r.others = newOthers(r.engine)
	neighbours, _ := r.engine.(interface {
		Neighbourhood(raw []byte) (needs, gives uint64)
	})
	var kept atomic.Int64
	err := r.each(ctx, func(t *target) {
		buffer := searched.Get().(*[]byte)
		defer searched.Put(buffer)
		raw, err := files.ReadInto(*buffer, t.real, files.Text)
		if err != nil {
			t.err = fileError(t.path, err)
			return
		}
		if cap(raw) <= maxSearched {
			*buffer = raw
		}
		t.triggered = triggers.in(raw)
		r.others.see(t.kind, raw)
		if !t.triggered {
			if r.options.Mode == Copy {
				t.err = r.copy(t, raw)
			}
			return
		}
		if t.kind.HoldsPython() {
			t.imports = importedModules(raw)
			if neighbours != nil {
				t.needs, t.gives = neighbours.Neighbourhood(raw)
			}
		}
		if kept.Add(int64(len(raw))) <= keptBytes {
			t.raw = bytes.Clone(raw)
		}
	})
	if err != nil {
		return err
	}
	index := r.index(func(t *target) bool { return t.triggered })
	if len(index.at) == 0 {
		return nil
	}
	words := index.words()
	err = r.each(ctx, func(t *target) {
		if t.triggered || t.kind == document.Markdown || !t.kind.HoldsPython() {
			return
		}
		buffer := searched.Get().(*[]byte)
		defer searched.Put(buffer)
		raw, err := files.ReadInto(*buffer, t.real, files.Text)
		if err != nil {
			t.err = fileError(t.path, err)
			return
		}
		if cap(raw) <= maxSearched {
			*buffer = raw
		}
		if !words.in(raw) {
			return
		}
		imports := importedModules(raw)
		if slices.ContainsFunc(imports, func(module string) bool { return index.lookup(module, t) != nil }) {
			t.imports, t.importer = imports, true
		}
	})
	if err != nil {
		return err
	}
	r.reach()
	return nil
}

// reach takes in the modules that the files found import, directly or through
// each other, where they read an attribute that a use may be: they are handed
// the objects of an SDK that they do not name.
func (r *runner) reach() {
	engine, ok := r.engine.(interface{ Members() [][]byte })
	if !ok {
		return
	}
	members := sync.OnceValue(engine.Members) // costly: not where nothing is reached
	index := r.index(func(t *target) bool { return t.kind != document.Markdown && t.kind.HoldsPython() })
	var open []*target
	for _, t := range r.targets {
		if t.err == nil && (t.triggered || t.importer) {
			open = append(open, t)
		}
	}
	seen := map[*target]bool{}
	for len(open) > 0 && len(seen) < maxReached {
		t := open[0]
		open = open[1:]
		for _, module := range t.imports {
			other := index.lookup(module, t)
			if other == nil || other.triggered || other.importer || seen[other] {
				continue
			}
			seen[other] = true
			raw, err := files.ReadInto(nil, other.real, files.Text)
			if err != nil {
				other.err = fileError(other.path, err)
				continue
			}
			if slices.ContainsFunc(members(), func(m []byte) bool { return bytes.Contains(raw, m) }) {
				other.imports, other.importer = importedModules(raw), true
				open = append(open, other)
			}
		}
	}
}

// maxReached bounds the modules that are read because others import them.
const maxReached = 1 << 12

// each calls do for all targets that have no error, Jobs at once.
func (r *runner) each(ctx context.Context, do func(*target)) error {
	var workers sync.WaitGroup
	var next atomic.Int64
	for range min(r.options.Jobs, len(r.targets)) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := next.Add(1) - 1
				if i >= int64(len(r.targets)) {
					return
				}
				t := r.targets[i]
				r.progress(Progress{Done: int(i), Total: len(r.targets), Path: t.path})
				if t.err == nil {
					do(t)
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

// outcome is a target's result on its way to the sink.
type outcome struct {
	file   report.File
	result Result
	doc    *document.Document
	after  []byte // the new bytes, nil where nothing changes
	// project holds the document, where there may be a second translation.
	project *Project
}

// translate works on the groups, Jobs at once, and hands on their outcomes in
// path order.
func (r *runner) translate(ctx context.Context, groups [][]*target, sink func(report.File)) error {
	type finished struct {
		target  *target
		outcome *outcome
	}
	var (
		order   []*target // those of which something may be said
		done    = make(chan []finished)
		waiting = map[*target]*outcome{}
		running int
	)
	for _, t := range r.targets {
		if t.err != nil {
			waiting[t] = &outcome{file: report.File{Path: t.path, Kind: t.kind, Err: t.err}}
			order = append(order, t)
		} else if t.triggered || t.importer {
			order = append(order, t)
		}
	}
	// Workers stay, and with them the memory of their stacks.
	work := make(chan []*target)
	defer close(work)
	for range min(r.options.Jobs, len(groups)) {
		go func() {
			for group := range work {
				var all []finished
				for i, o := range r.translateGroup(group) {
					all = append(all, finished{group[i], o})
				}
				done <- all
			}
		}()
	}
	// The first group not yet begun holds the next file to hand on unless a
	// group that runs does; so nothing waits for ever.
	limit := 4 * r.options.Jobs
	total := len(order)
	var err error
	for {
		for len(order) > 0 && waiting[order[0]] != nil {
			t := order[0]
			order = order[1:]
			o := waiting[t]
			delete(waiting, t)
			if err == nil {
				if r.settle(ctx, t, o); ctx.Err() == nil && (o.file.Err != nil || o.file.Changed || len(o.file.Findings)+len(o.file.Warnings)+len(o.file.Hints)+o.file.Ignored > 0) {
					sink(o.file)
				}
				err = context.Cause(ctx)
			}
		}
		for err == nil && len(groups) > 0 && running < r.options.Jobs && (running == 0 || len(waiting) < limit) {
			group := groups[0]
			groups = groups[1:]
			running++
			work <- group
		}
		if running == 0 {
			return err
		}
		if len(order) > 0 {
			r.progress(Progress{Translating: true, Done: total - len(order), Total: total, Path: order[0].path})
		}
		for _, f := range <-done {
			waiting[f.target] = f.outcome
		}
		running--
	}
}

// translateGroup translates files that know each other.
func (r *runner) translateGroup(group []*target) []*outcome {
	outcomes := make([]*outcome, len(group))
	var project Project
	var open []int // index of each document's outcome
	for i, t := range group {
		o := &outcome{file: report.File{Path: t.path, Kind: t.kind}}
		outcomes[i] = o
		raw := t.raw
		t.raw = nil
		if raw == nil {
			var err error
			if raw, err = files.ReadInto(nil, t.real, files.Text); err != nil {
				o.file.Err = fileError(t.path, err)
				continue
			}
		}
		doc, err := document.OpenAs(t.kind, t.path, raw)
		if err != nil {
			o.file.Err = err
			continue
		}
		o.doc = doc
		project.Documents = append(project.Documents, doc)
		open = append(open, i)
	}
	if len(open) == 0 {
		return outcomes
	}
	if r.options.Slow != nil {
		defer time.AfterFunc(10*time.Second, func() { r.options.Slow(group[0].path) }).Stop()
	}
	resolve := newResolver(group, outcomes, &r.folders)
	project.Resolve = resolve.resolve
	results, err := translateSafely(r.engine, project)
	if err != nil && len(open) > 1 {
		// One of them is to blame: find out which, and translate the others.
		results = nil
		for _, doc := range project.Documents {
			alone, err := translateSafely(r.engine, Project{Documents: []*document.Document{doc}, Resolve: resolve.resolve})
			if err != nil {
				alone = []Result{{Doc: doc, Err: err}}
			}
			results = append(results, alone...)
		}
	} else if err != nil {
		results = []Result{{Doc: project.Documents[0], Err: err}}
	}
	for n, i := range open {
		o := outcomes[i]
		if o.take(results[n]); o.file.Err != nil {
			continue
		}
		if r.options.Approve != nil {
			o.project = &project
		} else {
			o.apply(results[n].Edits, results[n].After, r.options.KeepTexts)
		}
	}
	return outcomes
}

// translateSafely turns a panic of the engine into an error.
func translateSafely(engine Engine, p Project) (results []Result, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("internal error: %v; please report it, with this: %s", v, firstFrames(debug.Stack()))
		}
	}()
	results = engine.Translate(p)
	if len(results) != len(p.Documents) {
		return nil, fmt.Errorf("internal error: %d results for %d documents; please report it", len(results), len(p.Documents))
	}
	return results, nil
}

// firstFrames gives the places in a stack at which a panic came about.
func firstFrames(stack []byte) string {
	var places []string
	for line := range bytes.Lines(stack) {
		line = bytes.TrimSpace(line)
		if at, _, ok := bytes.Cut(line, []byte(" +0x")); ok && !bytes.Contains(at, []byte("/runtime/")) {
			places = append(places, filepath.Base(string(at)))
		}
	}
	if len(places) > 1 {
		places = places[1:] // the recovery itself
	}
	return fmt.Sprint(places[:min(4, len(places))])
}

// take takes over what an engine made of the document.
func (o *outcome) take(r Result) {
	o.result = r
	o.file.Findings, o.file.Warnings, o.file.Hints, o.file.Ignored = r.Findings, r.Warnings, r.Hints, r.Ignored
	if r.Err != nil {
		o.file.Err = fileError(o.file.Path, r.Err)
	}
}

// apply makes the edits; after is what they give, nil if that is not known yet.
func (o *outcome) apply(edits []edit.Edit, after []byte, keepTexts bool) {
	if after == nil {
		var err error
		if after, err = o.doc.Apply(edits); err != nil {
			o.file.Err = err
			return
		}
	}
	if bytes.Equal(after, o.doc.Raw()) {
		return
	}
	o.after, o.file.Changed = after, true
	if keepTexts {
		o.file.Before = o.doc
		o.file.After, o.file.Err = document.OpenAs(o.file.Kind, o.file.Path, after)
	}
}

// approve makes the edits of an outcome that a person wants. What is declined
// stays with what it needs (imports, definitions), so the rest is translated
// once more around it.
func (r *runner) approve(ctx context.Context, o *outcome) {
	var declined []Span
	for {
		wanted, more := r.options.Approve(o.result)
		if ctx.Err() != nil {
			return
		}
		if len(more) == 0 || len(wanted) == 0 {
			o.apply(wanted, nil, r.options.KeepTexts)
			return
		}
		declined = append(declined, more...)
		project := *o.project
		project.Declined = func(d *document.Document, unit, start, end int) bool {
			return d == o.doc && slices.ContainsFunc(declined, func(s Span) bool { return s.Unit == unit && s.Start < end && start < s.End })
		}
		results, err := translateSafely(r.engine, project)
		if err != nil {
			o.file.Err = fileError(o.file.Path, err)
			return
		}
		o.take(results[slices.Index(project.Documents, o.doc)])
		if o.file.Err != nil {
			return
		}
	}
}

// settle does with an outcome what the mode says.
func (r *runner) settle(ctx context.Context, t *target, o *outcome) {
	if o.file.Err == nil && r.options.Approve != nil {
		if r.approve(ctx, o); ctx.Err() != nil {
			return // the person went away
		}
	}
	if r.options.Mode == Preview || o.doc == nil {
		return
	}
	var err error
	switch {
	case r.options.Mode == Copy && o.file.Err == nil && o.after != nil:
		err = r.copy(t, o.after)
	case r.options.Mode == Copy:
		if e := r.copy(t, o.doc.Raw()); o.file.Err == nil {
			err = e
		}
	case o.file.Err == nil && o.after != nil:
		var uncommitted bool
		if r.options.Warn != nil {
			_ = r.options.Gate.pass(func() error { uncommitted = r.git.uncommitted(ctx, t.real); return nil })
		}
		if uncommitted {
			r.options.Warn(t.path, "has changes that are not committed; `pyxlate undo` takes this run back")
		}
		err = r.options.Gate.write(func() error { return r.writer.write(t.real, o.doc.Raw(), o.after) })
	}
	if err != nil {
		o.file.Changed, o.file.Err = false, fileError(t.path, err)
	}
}

// Filter translates one text that is no file, such as standard input. Modules
// that it imports are looked for beside name.
func Filter(engine Engine, kind document.Kind, name string, raw []byte) (out []byte, file report.File) {
	t := &target{path: name, real: name, kind: kind, raw: raw}
	if abs, err := filepath.Abs(name); err == nil {
		t.real, t.root = abs, filepath.Dir(abs)
	}
	if raw == nil {
		t.raw = []byte{}
	}
	if !newTriggers(engine).in(raw) {
		return raw, report.File{Path: name, Kind: kind}
	}
	r := &runner{engine: engine, options: Options{KeepTexts: true}}
	o := r.translateGroup([]*target{t})[0]
	if o.after == nil {
		o.after = raw
	}
	return o.after, o.file
}

// located is an error that begins with the path of its file.
type located struct {
	path string
	err  error
}

func (e *located) Error() string { return e.path + ": " + e.err.Error() }
func (e *located) Unwrap() error { return e.err }

// fileError puts the path before an error that does not name it yet.
func fileError(path string, err error) error {
	switch e := err.(type) {
	case *document.Error, *located:
		return err
	case *os.PathError:
		return &located{path, fmt.Errorf("cannot %s: %w", e.Op, e.Err)}
	case *os.LinkError:
		return &located{path, fmt.Errorf("cannot %s: %w", e.Op, e.Err)}
	}
	return &located{path, err}
}
