package batchai

import (
	"regexp"
	"strings"

	"pyxlate/rules/ir"
)

// findSource finds the local folder that travels with the run. It gives the
// code of a note where the program does not show what a job needs.
func (j *job) findSource(p *plan) (code, path string) {
	if p.script != nil {
		script := p.script
		if p.home != nil && len(script.references()) == 0 && !script.hasByte(0, '/') {
			script = joinPath(p.home, script)
		}
		refs := script.references()
		place, ok := j.locate(script)
		switch {
		case ok:
			s, found := j.find(place)
			if !found {
				j.fromStorage(p, place, script)
				return "", ""
			}
			j.travels(place, s)
			p.found = true
			if p.home == nil {
				return "", ""
			}
			// The command changes into a folder first: nothing is lost by that
			// only if it is the script's own.
			home, ok := j.locate(p.home)
			if ok && j.sameMounts([]*mount{home.mount, s.mount}) && equal(home.path, s.remote) {
				for i, w := range p.words {
					p.words[i] = j.fromParent(w, p.home)
				}
				return "", ""
			}
			j.asLine(p)
			return "", ""
		case len(refs) > 0 && refs[0].name == jobTemp:
			// The preparation brings the script: only a command line can run it.
			if _, prepared := j.preparation(); !prepared {
				return "BAI408", script.show()
			}
			if j.builtScript(p) != nil {
				p.program = append([]text{p.command()}, p.script)
				p.script, p.interpreter = nil, nil
				return "", ""
			}
			if p.home != nil {
				j.asLine(p)
			}
			j.findInLines(p)
			return "", ""
		case script.hasByte(0, '/') && len(refs) == 0:
			// A script of the image.
			p.program = append([]text{p.command()}, p.script)
			p.script, p.interpreter = nil, nil
			return "", ""
		}
		return j.toFetch(p, script)
	}
	j.findInLines(p)
	return "", ""
}

// asLine runs the script by the command line as it was written. Where that
// starts MPI, its flags and what stands before it are gone.
func (j *job) asLine(p *plan) {
	line := p.args
	if p.spread.kind == "" {
		p.install = nil // it stands in the line
	} else {
		line = join(append([]text{p.command(), p.script}, p.words...))
		if p.home != nil {
			line = concat(lit("cd "), quoted(p.home), lit(" && "), line)
		}
	}
	p.line, p.script, p.interpreter = line, nil, nil
}

// fromStorage runs a script that the program does not upload from where it lies,
// if a datastore leads there. Where the old job named a script, a person is to
// bring it; a free command line says itself what it runs.
func (j *job) fromStorage(p *plan, at place, script text) {
	if _, ok := j.storeOf(at.mount); !ok {
		j.toFetch(p, script)
		return
	}
	verdict := ir.Manual
	if p.free {
		verdict = ir.Review
	}
	switch files := j.filesAt(at); {
	case j.writes(at) && j.c.Option("storage") != "default": // it stays in the old account
		j.note("BAI325", ir.Review, p.scriptAt)
	case len(files) > 0:
		j.note("BAI324", verdict, p.scriptAt, "PATH", script.show(), "NAME", strings.Join(files, ", "))
	default:
		j.note("BAI323", ir.Review, p.scriptAt)
		if !p.free {
			j.note("BAI313", verdict, p.scriptAt, "PATH", script.show())
		}
	}
	switch {
	case p.free && p.spread.kind == "":
		j.note("BAI610", ir.Review, p.settings)
		j.asLine(p)
	case p.home != nil:
		j.asLine(p)
	default:
		p.program = []text{p.command(), p.script}
		p.script, p.interpreter = nil, nil
	}
}

// toFetch leaves it to a person to bring a script of which only the name is
// known to the folder that travels with the run. It declines a path whose last
// part is not known.
func (j *job) toFetch(p *plan, script text) (code, path string) {
	entry := script[script.lastIndex('/')+1:]
	if _, known := entry.known(); !known || len(entry) == 0 || len(entry.references()) > 0 {
		return "BAI313", script.show()
	}
	j.note("BAI313", ir.Manual, p.scriptAt, "PATH", script.show())
	j.source = &source{folder: lit("."), entry: entry, dir: str("."), script: entry.term()}
	if refs := script.references(); len(refs) > 0 {
		if in := j.input(strings.TrimPrefix(refs[0].name, "AZ_BATCHAI_INPUT_")); in != nil {
			in.script = true
		}
	}
	p.found = true
	return "", ""
}

// travels records the folder that is sent with the run: the input directories
// of that folder need no data of their own.
func (j *job) travels(p place, s *source) {
	j.source = s
	for _, in := range j.inputs {
		at, ok := j.locate(in.path)
		if ok && (in.id == p.id || j.sameMounts([]*mount{at.mount, s.mount}) && equal(at.path, s.remote)) {
			in.script = true
		}
	}
}

// findInLines finds the folder by the first file of it that a command line
// names, in full or after it has changed to the folder, else by the folder that
// the line changes to.
func (j *job) findInLines(p *plan) {
	lines := append([]text{}, p.program...)
	if p.line != nil {
		for _, k := range lex(p.line) {
			lines = append(lines, k.word)
		}
	}
	if prep, ok := j.preparation(); ok {
		for _, k := range lex(prep) {
			lines = append(lines, k.word)
		}
	}
	for _, w := range lines {
		for _, r := range w.references() {
			place, ok := j.locate(w[r.start:pathEnd(w, r.end)])
			if !ok {
				continue
			}
			if s, found := j.find(place); found && s.folder != nil {
				j.travels(place, s)
				return
			}
		}
	}
	j.findAfterChange(p)
}

// toParent matches command lines with a path above the folder that they are in.
var toParent = regexp.MustCompile(`(^|[\s='":])\.\.(/|\s|$)`)

// fromParent spells a path above the folder that a command changes to from the
// root of its mount: --data=../data.
func (j *job) fromParent(w, home text) text {
	lead, path := text(nil), w
	if i := w.index('='); isOption(w) && i > 0 {
		lead, path = w.cut(0, i+1), w[i+1:]
	}
	if _, ok := path.cutPrefix(lit("../")); !ok {
		return w
	}
	if id, ok := strings.CutPrefix(home.references()[0].name, "AZ_BATCHAI_INPUT_"); ok && j.input(id) != nil {
		home = joinPath(j.input(id).path, home[home.references()[0].end:])
	}
	out := home.trimRight('/')
	for rest, ok := path.cutPrefix(lit("../")); ok; rest, ok = path.cutPrefix(lit("../")) {
		i := out.lastIndex('/')
		if i < 0 {
			return w
		}
		out, path = out.cut(0, i), rest
	}
	out = joinPath(out, path)
	if _, ok := j.locate(out); !ok {
		return w
	}
	return concat(lead, out)
}

// findAfterChange finds the folder that a command line changes to.
func (j *job) findAfterChange(p *plan) {
	if toParent.MatchString(p.line.skeleton()) {
		return // what it reads there does not travel
	}
	ks := lex(p.line)
	for i := range ks {
		to, ok := folderChange(ks, i)
		if !ok {
			continue
		}
		home, ok := j.locate(to)
		if !ok {
			continue
		}
		for _, k := range ks[i+2:] {
			if len(k.word) == 0 || isOption(k.word) || len(k.word.references()) > 0 {
				continue
			}
			place := home
			place.path = joinPath(home.path, cleanPath(k.word))
			if s, found := j.find(place); found && s.folder != nil && equal(s.remote, home.path) {
				j.travels(place, s)
				j.note("BAI310", ir.Review, p.scriptAt)
				return
			}
		}
		if s, found := j.findFolder(home); found {
			j.travels(home, s)
			j.note("BAI310", ir.Review, p.scriptAt)
			return
		}
	}
}
