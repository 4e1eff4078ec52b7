// Package dependencies moves lists of required distributions along with the
// programs: requirements.txt, environment.yml, pyproject.toml, setup.cfg,
// setup.py and Pipfile.
//
// It owes the promises of programs: bytes outside a requirement stay, what
// cannot be carried over is left under a mark, a second run changes nothing. It
// knows the forms of the files and no SDK: which distribution becomes which is
// handed to it.
package dependencies

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/translator/document"
	"pyxlate/translator/edit"
	"pyxlate/translator/report"
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
	// Mark opens the comment above what is left to a person.
	Mark string
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

// Concerns tells whether a document can hold requirements: a file of the kind
// document.Dependencies, a setup.py, or a notebook or page with lines that call
// pip.
func Concerns(d *document.Document) bool {
	return d.Kind == document.Dependencies || isSetup(d) || d.Kind != document.Script
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
	unit       int    // index of the unit in its document
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
	requirementRE = regexp.MustCompile(`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(@[^;]*)?(\(?[=<>!~][^;@]*\)?)?\s*(;.*)?$`)
	namesRE       = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]`)
)

func parse(text string) (r requirement, ok bool) {
	m := requirementRE.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return r, false
	}
	return requirement{name: Normalize(m[1]), version: strings.Trim(strings.TrimSpace(m[4]), "()"), marker: strings.TrimSpace(m[5]), url: m[3] != ""}, true
}

// Translate gives the edits of a document, the findings, and how many
// requirements the user wants left. tree is that of a setup.py, nil for other
// files.
func Translate(d *document.Document, tree *grammar.Tree, by Replacements) (edits []edit.Edit, findings []report.Finding, ignored int) {
	if len(by.By) == 0 {
		return nil, nil, 0
	}
	places := find(d, tree)
	present := map[string]bool{}
	for _, p := range places {
		if r, ok := parse(p.text); ok {
			present[r.name] = true
		}
	}
	// add notes an outcome and tells whether to go on with it.
	add := func(p place, o Outcome, old requirement, list []string, why string) bool {
		text := d.Units[p.unit].Source
		code, message := by.Describe(o, old.name, list, old.version, why)
		if start, end := lineOf(text, p.start); by.Leave != nil && by.Leave(text[start:end], code) {
			ignored++
			return false
		}
		from, to := d.Position(p.unit, p.start), d.Position(p.unit, p.end)
		x := report.Finding{Code: code, Verdict: verdicts[o], Symbol: old.name, Message: message, File: d.Path, Edited: o != LeftAlone,
			Cell: from.Cell, Line: from.Line, Column: from.Column, EndLine: to.Line, EndColumn: to.Column}
		if o == LeftAlone {
			mark := by.Mark + code + "): " + message
			indent := text[p.line : p.line+len(text[p.line:])-len(bytes.TrimLeft(text[p.line:], " \t"))]
			if !marked(text, p.line, by.Mark) {
				edits = append(edits, edit.Edit{Unit: p.unit, Start: p.line, End: p.line, New: string(indent) + mark + "\n"})
			}
		}
		findings = append(findings, x)
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
		if p.shell {
			// Every line installs for itself.
			present = map[string]bool{}
			if r.marker != "" {
				p.manual = "it is for some systems only"
			}
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
			if !present[Normalize(name)] {
				if r.marker != "" {
					name += " " + r.marker
				}
				lines = append(lines, p.write(name))
			}
		}
		if len(lines) == 0 {
			edits = append(edits, edit.Edit{Unit: p.unit, Start: p.removeStart, End: p.removeEnd})
		} else {
			edits = append(edits, edit.Edit{Unit: p.unit, Start: p.start, End: p.end, New: strings.Join(lines, p.separator)})
		}
		for _, name := range list {
			present[Normalize(name)] = true
		}
	}
	return edits, findings, ignored
}

// marked tells whether the comment lines right above an offset hold a mark.
func marked(text []byte, at int, mark string) bool {
	for at > 0 {
		start := bytes.LastIndexByte(text[:at-1], '\n') + 1
		line := bytes.TrimSpace(text[start:at])
		if !bytes.HasPrefix(line, []byte("#")) {
			return false
		}
		if bytes.HasPrefix(line, []byte(mark)) {
			return true
		}
		at = start
	}
	return false
}

// find lists the places of a file by its form.
func find(d *document.Document, tree *grammar.Tree) []place {
	if d.Kind == document.Notebook || d.Kind == document.Markdown {
		return pipPlaces(d)
	}
	text := d.Units[0].Source
	name := strings.ToLower(path.Base(strings.ReplaceAll(d.Path, `\`, "/")))
	var all []place
	switch {
	case tree != nil:
		all = setupPlaces(text, tree)
	case name == "pipfile" || strings.HasSuffix(name, ".toml"):
		all = tomlPlaces(text)
	case strings.HasSuffix(name, ".cfg"):
		all = cfgPlaces(text)
	case strings.HasSuffix(name, ".yml"), strings.HasSuffix(name, ".yaml"):
		all = environmentPlaces(text)
	default:
		all = requirementsPlaces(text)
	}
	slices.SortFunc(all, func(a, b place) int { return a.start - b.start })
	return all
}

// eachLine calls f for the lines of text without their ends.
func eachLine(text []byte, f func(start, end, next int)) {
	for at := 0; at < len(text); {
		next := len(text)
		if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
			next = at + n + 1
		}
		end := next
		for end > at && (text[end-1] == '\n' || text[end-1] == '\r') {
			end--
		}
		f(at, end, next)
		at = next
	}
}

// linePlace is a requirement that has its line for itself, after a prefix that
// further lines repeat.
func linePlace(text []byte, line, start, end, next int) place {
	p := place{
		start: start, end: end, text: string(text[start:end]), separator: "\n" + string(text[line:start]),
		line: line, removeStart: line, removeEnd: next,
	}
	p.write = func(r string) string { return r }
	return p
}

// commentAt gives the offset of a comment in a line: a # at its start or after
// a space; the line's length if there is none.
func commentAt(line []byte) int {
	for i, c := range line {
		if c == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			return i
		}
	}
	return len(line)
}

// requirementsPlaces reads the lines of a requirements file (pip, "Requirements
// File Format").
func requirementsPlaces(text []byte) []place {
	var all []place
	continued := false
	eachLine(text, func(start, end, next int) {
		line := text[start:end]
		was := continued
		continued = bytes.HasSuffix(line, []byte(`\`))
		stop := start + len(bytes.TrimRight(line[:commentAt(line)], " \t\\"))
		begin := start + len(line) - len(bytes.TrimLeft(line, " \t"))
		if was || begin >= stop {
			return
		}
		p := linePlace(text, start, begin, stop, next)
		if i := bytes.Index(text[begin:stop], []byte(" --")); i >= 0 {
			p.text = strings.TrimSpace(p.text[:i])
			p.manual = "it has options of its own"
		} else if continued {
			p.manual = "it goes on over several lines"
		}
		if strings.HasPrefix(p.text, "-") && !strings.HasPrefix(p.text, "-e") && !strings.HasPrefix(p.text, "--editable") {
			return
		}
		all = append(all, p)
	})
	return all
}

var yamlItem = regexp.MustCompile(`^(\s*-\s+)("[^"]*"|'[^']*'|[^"'\s#][^"'#]*?)\s*(?:\s#.*)?$`)

// environmentPlaces reads the items of a conda environment; only those below
// `pip:` name distributions of PyPI.
func environmentPlaces(text []byte) []place {
	var all []place
	pip := -1 // indentation of the `pip:` that is open
	eachLine(text, func(start, end, next int) {
		line := text[start:end]
		body := bytes.TrimLeft(line, " ")
		indent := len(line) - len(body)
		if len(body) == 0 || body[0] == '#' {
			return
		}
		if pip >= 0 && indent <= pip {
			pip = -1
		}
		if item := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("-"))); bytes.Equal(item, []byte("pip:")) {
			pip = indent
			return
		}
		m := yamlItem.FindSubmatchIndex(line)
		if m == nil {
			return
		}
		p := linePlace(text, start, start+m[4], start+m[5], next)
		quote := ""
		if c := p.text[:1]; c == `"` || c == "'" {
			quote, p.text = c, strings.Trim(p.text, c)
		}
		p.separator = "\n" + string(line[:m[3]])
		p.write = func(r string) string {
			if quote == "" && strings.ContainsAny(r, ":#;") {
				return `"` + r + `"`
			}
			return quote + r + quote
		}
		if pip < 0 {
			name, version, _ := strings.Cut(p.text[strings.LastIndex(p.text, "::")+1:], "=")
			p.text = strings.TrimSpace(strings.Trim(name, ": "))
			if version != "" {
				p.text += "==" + strings.Trim(version, "= ")
			}
			p.manual = "take the new packages from `pip:`"
		}
		all = append(all, p)
	})
	return all
}

// cfgPlaces reads the lists of a setup.cfg: indented lines, and what follows
// the = of a key.
func cfgPlaces(text []byte) []place {
	var all []place
	eachLine(text, func(start, end, next int) {
		line := text[start:end]
		body := bytes.TrimLeft(line, " \t")
		if len(body) == 0 || body[0] == '#' || body[0] == ';' || body[0] == '[' {
			return
		}
		if len(body) < len(line) {
			all = append(all, linePlace(text, start, start+len(line)-len(body), start+len(bytes.TrimRight(line, " \t")), next))
			return
		}
		key, value, ok := bytes.Cut(line, []byte("="))
		if value = bytes.TrimSpace(value); !ok || len(value) == 0 || !requiring[strings.TrimSpace(string(key))] {
			return
		}
		at := start + bytes.Index(line, value)
		p := linePlace(text, start, at, at+len(value), next)
		p.separator = "\n    "
		all = append(all, p)
	})
	return all
}

// requiring are the keys of setuptools that list requirements.
var requiring = map[string]bool{"install_requires": true, "setup_requires": true, "tests_require": true, "requires": true}

// itemPlace is a requirement among others in brackets.
func itemPlace(text []byte, line, start, end int, write func(string) string) place {
	before := text[bytes.LastIndexByte(text[:start], '\n')+1 : start]
	p := place{start: start, end: end, separator: ", ", write: write, line: line}
	if len(bytes.TrimSpace(before)) == 0 {
		p.separator = ",\n" + string(before)
	}
	// With it go the comma behind it and the space up to the next item, and the
	// line if it was alone there.
	p.removeStart, p.removeEnd = start, end
	for p.removeEnd < len(text) && (text[p.removeEnd] == ' ' || text[p.removeEnd] == '\t') {
		p.removeEnd++
	}
	if p.removeEnd < len(text) && text[p.removeEnd] == ',' {
		p.removeEnd++
		for p.removeEnd < len(text) && (text[p.removeEnd] == ' ' || text[p.removeEnd] == '\t') {
			p.removeEnd++
		}
	} else {
		p.removeEnd = end
	}
	if len(bytes.TrimSpace(before)) == 0 {
		if rest := text[p.removeEnd:]; len(rest) > 0 && (rest[0] == '\n' || bytes.HasPrefix(rest, []byte("\r\n"))) {
			p.removeStart = start - len(before)
			p.removeEnd += bytes.IndexByte(rest, '\n') + 1
		}
	}
	return p
}

// setupPlaces reads the strings in the lists of a setup.py.
func setupPlaces(text []byte, tree *grammar.Tree) []place {
	var all []place
	for id := int32(0); id < int32(tree.Len()); id++ {
		n := tree.Node(id)
		if !n.Is(grammar.KindString) {
			continue
		}
		value, isBytes, ok := grammar.StringValue(n)
		if !ok || isBytes {
			continue
		}
		like := n.Text()
		line := n.Start()
		if stmt := n.Statement(); !stmt.IsZero() {
			line = stmt.Start()
		}
		line = bytes.LastIndexByte(text[:line], '\n') + 1
		p := itemPlace(text, line, n.Start(), n.End(), func(r string) string { return grammar.Quote(r, like) })
		p.text = value
		if !n.Parent().Is(grammar.KindList, grammar.KindTuple, grammar.KindSet) {
			r, ok := parse(value)
			if !ok || !strings.Contains(like, r.name) && !strings.Contains(Normalize(like), r.name) {
				continue
			}
			p.manual = fmt.Sprintf("it is no item of a list: %s", like)
		}
		all = append(all, p)
	}
	return all
}
