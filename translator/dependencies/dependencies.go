// Package dependencies moves lists of required distributions along with the
// programs: requirements.txt, environment.yml, pyproject.toml, setup.cfg,
// tox.ini, setup.py and Pipfile, and command lines that call pip.
//
// It owes the promises of programs: bytes outside a requirement stay, what
// cannot be carried over is left under a mark, a second run changes nothing. It
// knows the forms of the files and no SDK: which distribution becomes which is
// handed to it.
package dependencies

import (
	"bytes"
	"cmp"
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/translator/document"
	"pyxlate/translator/edit"
	"pyxlate/translator/report"
	"pyxlate/translator/todo"
	"pyxlate/translator/toml"
)

// Replacements say what becomes of distributions, and how a report speaks of
// it.
type Replacements struct {
	// By are the distributions that take the place of one, by its normalized
	// name (PEP 503).
	By map[string][]string
	// Describe gives code, verdict and message of an outcome. version is that of
	// the old requirement, why the reason of a manual one.
	Describe func(o Outcome, old string, by []string, version, why string) (code, message string)
	// Target is what a mark with a code says of its target; Own tells whether one
	// with a code and a target is of this run: as in rules.Migration. One that is
	// not goes.
	Target func(code string) string
	Own    func(code, target string) bool
	// About reports whether a code is one of lists of requirements.
	About func(code string) bool
	// Leave tells of a line of the file and a code that the user wants the
	// requirement left as it is; nil leaves none.
	Leave func(line []byte, code string) bool
}

// Outcome is what became of a requirement.
type Outcome int

const (
	Replaced  Outcome = iota // by others, any version
	Unpinned                 // by others; its version meant nothing for them
	LeftAlone                // for a person
)

var verdicts = map[Outcome]report.Verdict{Replaced: report.Migrated, Unpinned: report.Review, LeftAlone: report.Manual}

// Concerns tells whether a document can hold requirements: any list of them, a
// setup.py, and what may call pip.
func Concerns(d *document.Document) bool {
	return d.Kind != document.Script || isSetup(d) || installs.Match(d.Units[0].Source)
}

func isSetup(d *document.Document) bool {
	return d.Kind == document.Script && path.Base(strings.ReplaceAll(d.Path, `\`, "/")) == "setup.py"
}

// Normalize gives the name of a distribution as PEP 503 compares them.
func Normalize(name string) string {
	return strings.ToLower(separators.ReplaceAllString(name, "-"))
}

var separators = regexp.MustCompile(`[-_.]+`)

// A place is where one requirement stands in a file.
type place struct {
	unit int // index of the unit in its document
	// list names the list that it is an item of: what one list holds another
	// may lack.
	list       string
	start, end int    // bytes that a replacement takes
	text       string // the requirement, without quotes
	// separator is put between the requirements that replace it, write gives
	// the text of one.
	separator string
	write     func(requirement string) string
	// line is the byte at which its line (or statement) starts: where a mark
	// goes. remove are the bytes that go if nothing takes its place.
	line, removeStart, removeEnd int
	shell                        bool // a word of a command line
	// manual says why it cannot be rewritten, "" if it can.
	manual string
}

// A requirement is a line of PEP 508.
type requirement struct {
	name, version, marker string
	url                   bool
}

var (
	requirementRE = regexp.MustCompile(`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(@[^;]*)?(\(?[=<>!~][^;@]*\)?)?\s*(;[^;]*(?:[<>=]|\bin\b)[^;]*)?$`)
	namesRE       = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]`)
)

func parse(text string) (r requirement, ok bool) {
	m := requirementRE.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return r, false
	}
	return requirement{name: Normalize(m[1]), version: strings.Trim(strings.TrimSpace(m[4]), "()"), marker: strings.TrimSpace(m[5]), url: m[3] != ""}, true
}

// A Result is what becomes of the requirements of a document.
type Result struct {
	Edits    []edit.Edit
	Findings []report.Finding
	// Marks are the places of marks of earlier runs that Findings speak of.
	Marks   []document.Position
	Ignored int // requirements that the user wants left
	// Err says that the document cannot be read, although it names one of the
	// distributions: a *document.Error.
	Err error
}

// Translate moves the requirements of a document. tree is that of a script, nil
// for other files.
func Translate(d *document.Document, tree *grammar.Tree, by Replacements) (result Result) {
	if len(by.By) == 0 {
		return result
	}
	places, err := find(d, tree)
	if e, ok := errors.AsType[*toml.Error](err); ok {
		if name := by.names(d.Units[0].Source); name != "" {
			result.Err = &document.Error{Path: d.Path, Line: e.Line, Column: e.Column, Reason: e.Text + ", and " + name + " is named here; correct it first"}
		}
		return result
	}
	present := members{}
	for _, p := range places {
		if r, ok := parse(p.text); ok {
			present.add(p.list, r.name, r.marker)
		}
	}
	// add notes an outcome and tells whether to go on with it.
	add := func(p place, o Outcome, old requirement, list []string, why string) bool {
		text := d.Units[p.unit].Source
		code, message := by.Describe(o, old.name, list, old.version, why)
		if start, end := lineOf(text, p.start); by.Leave != nil && by.Leave(text[start:end], code) {
			result.Ignored++
			return false
		}
		from, to := d.Position(p.unit, p.start), d.Position(p.unit, p.end)
		x := report.Finding{Code: code, Verdict: verdicts[o], Symbol: old.name, Message: message, File: d.Path, Edited: o != LeftAlone,
			Cell: from.Cell, Line: from.Line, Column: from.Column, EndLine: to.Line, EndColumn: to.Column}
		if o == LeftAlone {
			mark := todo.Mark{Code: code, Target: by.Target(code), Text: strings.Join(strings.Fields(message), " ")}
			indent := text[p.line : p.line+len(text[p.line:])-len(bytes.TrimLeft(text[p.line:], " \t"))]
			if at := by.markAbove(text, p.line); at >= 0 {
				result.Marks = append(result.Marks, d.Position(p.unit, at))
			} else {
				above := edit.Edit{Unit: p.unit, Start: p.line, End: p.line, New: string(indent) + mark.String() + "\n"}
				if !slices.Contains(result.Edits, above) {
					result.Edits = append(result.Edits, above)
				}
			}
		}
		for l := range todo.Above(text, p.line) {
			start, end := lineOf(text, l.Start)
			gone := edit.Edit{Unit: p.unit, Start: start, End: min(end+1, len(text))}
			if !by.Own(l.Code, l.Target) && by.About(l.Code) && !slices.Contains(result.Edits, gone) {
				result.Edits = append(result.Edits, gone)
				result.Marks = append(result.Marks, d.Position(p.unit, l.Start))
			}
		}
		result.Findings = append(result.Findings, x)
		return true
	}
	for _, p := range places {
		r, ok := parse(p.text)
		if !ok {
			// Nothing that PEP 508 knows; it may still name the distribution.
			for _, name := range namesRE.FindAllString(p.text, -1) {
				if list := by.By[Normalize(name)]; list != nil {
					add(p, LeftAlone, requirement{name: Normalize(name)}, list, "it is no plain requirement")
					break
				}
			}
			continue
		}
		list := by.By[r.name]
		if list == nil {
			continue
		}
		if r.url && p.manual == "" {
			p.manual = "it is taken from a URL"
		}
		if p.shell && r.marker != "" {
			p.manual = "it is for some systems only"
		}
		if p.manual != "" {
			add(p, LeftAlone, r, list, p.manual)
			continue
		}
		o := Replaced
		if r.version != "" {
			o = Unpinned
		}
		if !add(p, o, r, list, "") {
			continue
		}
		var lines []string
		for _, name := range list {
			if !present.hold(p.list, Normalize(name), r.marker) {
				if r.marker != "" {
					name += " " + r.marker
				}
				lines = append(lines, p.write(name))
			}
		}
		if len(lines) == 0 {
			result.Edits = append(result.Edits, edit.Edit{Unit: p.unit, Start: p.removeStart, End: p.removeEnd})
		} else {
			result.Edits = append(result.Edits, edit.Edit{Unit: p.unit, Start: p.start, End: p.end, New: strings.Join(lines, p.separator)})
		}
		for _, name := range list {
			present.add(p.list, Normalize(name), r.marker)
		}
	}
	return result
}

// names gives the first distribution that a text names, "" for none.
func (by Replacements) names(text []byte) string {
	for _, name := range namesRE.FindAll(text, -1) {
		if name := Normalize(string(name)); by.By[name] != nil {
			return name
		}
	}
	return ""
}

// members are the distributions of lists, each with the markers that it has
// there.
type members map[[2]string][]string

func (m members) add(list, name, marker string) {
	m[[2]string{list, name}] = append(m[[2]string{list, name}], marker)
}

// hold tells whether a list requires a distribution wherever the marker holds.
func (m members) hold(list, name, marker string) bool {
	markers := m[[2]string{list, name}]
	return slices.Contains(markers, "") || slices.Contains(markers, marker)
}

// markAbove gives the offset of a mark of this run among the comment lines right
// above an offset, -1 if there is none.
func (by Replacements) markAbove(text []byte, at int) int {
	for l := range todo.Above(text, at) {
		if by.Own(l.Code, l.Target) {
			return l.Start
		}
	}
	return -1
}

// find lists the places of a file in order. What can be read in two ways (an
// item of a list that looks like a command line) is one place.
func find(d *document.Document, tree *grammar.Tree) ([]place, error) {
	all, err := formPlaces(d, tree)
	slices.SortStableFunc(all, func(a, b place) int { return cmp.Or(a.unit-b.unit, a.start-b.start) })
	kept := all[:0]
	for _, p := range all {
		if n := len(kept); n == 0 || kept[n-1].unit != p.unit || kept[n-1].end <= p.start {
			kept = append(kept, p)
		}
	}
	return kept, err
}

// formPlaces lists the places of a file by its form.
func formPlaces(d *document.Document, tree *grammar.Tree) ([]place, error) {
	switch d.Kind {
	case document.Notebook, document.Markdown, document.Shell:
		return pipPlaces(d), nil
	}
	text := d.Units[0].Source
	name := strings.ToLower(path.Base(strings.ReplaceAll(d.Path, `\`, "/")))
	var all []place
	switch {
	case tree != nil:
		all = stringCommands(text, tree)
		if isSetup(d) {
			all = append(all, setupPlaces(text, tree)...)
		}
	case name == "pipfile" || strings.HasSuffix(name, ".toml"):
		return tomlPlaces(text)
	case strings.HasSuffix(name, ".cfg"), strings.HasSuffix(name, ".ini"):
		all = append(cfgPlaces(text), commandPlaces(text, 0)...)
	case strings.HasSuffix(name, ".yml"), strings.HasSuffix(name, ".yaml"):
		all = append(environmentPlaces(text), commandPlaces(text, 0)...)
	default:
		all = requirementsPlaces(text)
	}
	return all, nil
}
