package check

import (
	"fmt"
	"slices"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/document"
	"pyxlate/translator/meaning"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

// A Translation is a program before and after, with all that is needed to hold
// the one against the other.
type Translation struct {
	Migration *rules.Migration
	Tables    *sdk.Set
	Options   rewrite.Options
	Results   []project.Result // one for each document, in order
	Resolve   project.Resolver
	// Words are further texts that new string literals may be made of: what the
	// pack's functions write. Nil checks no literals.
	Words []string
}

// A Violation is a promise that a translation breaks. Line counts from 1, in
// the output for what is wrong with new text, in the input otherwise; Cell is 0
// in scripts.
type Violation struct {
	Promise    int
	Path       string
	Cell, Line int
	Text       string
}

func (v Violation) String() string {
	at := v.Path
	if v.Cell > 0 {
		at += fmt.Sprintf(":cell %d", v.Cell)
	}
	if v.Line > 0 {
		at += fmt.Sprintf(":line %d", v.Line)
	}
	return fmt.Sprintf("promise %d: %s: %s", v.Promise, at, v.Text)
}

// All checks every promise.
func All(t *Translation) []Violation {
	c, err := newChecker(t)
	if err != nil {
		return []Violation{{Promise: 3, Text: "the output cannot be read again: " + err.Error()}}
	}
	for i := range c.files {
		f := &c.files[i]
		c.otherBytes(f)
		c.lineEnds(f)
		c.comments(f)
		c.parses(f)
	}
	c.otherLineEnds()
	c.again()
	c.verdicts()
	c.messages()
	c.effects()
	c.leftovers()
	c.literals()
	c.targetCalls()
	c.names()
	c.presumptions()
	return c.found
}

// WithNotes checks the promises about text for the same program with its notes in
// the code.
func WithNotes(t *Translation) []Violation {
	with := *t
	with.Options.NotesInCode = true
	var docs []*document.Document
	for _, r := range t.Results {
		docs = append(docs, r.Doc)
	}
	with.Results = project.Translate(docs, t.Resolve, t.Migration, t.Tables, with.Options)
	c, err := newChecker(&with)
	if err != nil {
		return []Violation{{Promise: 3, Text: "the output with notes cannot be read again: " + err.Error()}}
	}
	for i := range c.files {
		f := &c.files[i]
		c.otherBytes(f)
		c.lineEnds(f)
		c.comments(f)
		c.parses(f)
	}
	c.again()
	for i := range c.found {
		c.found[i].Text += " (with notes in the code)"
	}
	return c.found
}

// checker holds both sides of a translation.
type checker struct {
	*Translation
	files []pair
	// The program before and after, the latter read for what it uses of the
	// target SDK.
	before, after           *meaning.Program
	beforeFiles, afterFiles []*meaning.File
	// asTarget reads the program before for what it uses of the target SDK.
	asTarget   func() (*meaning.Program, []*meaning.File)
	found      []Violation
	subclasses map[string][]string // of the target SDK, by base
}

// pair is one document before and after.
type pair struct {
	before, after *document.Document
	result        *project.Result
	marks         []project.Mark // of the output
	marksKnown    bool
}

func newChecker(t *Translation) (*checker, error) {
	c := &checker{Translation: t}
	var olds, news []*document.Document
	for i := range t.Results {
		r := &t.Results[i]
		after, err := document.OpenAs(r.Doc.Kind, r.Doc.Path, slices.Clone(r.Output))
		if err != nil {
			return nil, err
		}
		c.files = append(c.files, pair{before: r.Doc, after: after, result: r})
		olds, news = append(olds, r.Doc), append(news, after)
	}
	cfg := project.Config(t.Migration, t.Tables)
	c.before, c.beforeFiles = project.Read(olds, t.Resolve, cfg, project.Triggers(t.Migration))
	cfg.Sources, cfg.Targets = cfg.Targets, nil
	cfg.EnvNames, cfg.LineWords = nil, nil
	asTarget := func(docs []*document.Document) (*meaning.Program, []*meaning.File) {
		return project.Read(docs, t.Resolve, cfg, project.Triggers(t.Migration))
	}
	c.after, c.afterFiles = asTarget(news)
	c.asTarget = func() (*meaning.Program, []*meaning.File) { return asTarget(olds) }
	return c, nil
}

func (c *checker) add(promise int, d *document.Document, unit, offset int, format string, args ...any) {
	v := Violation{Promise: promise, Path: d.Path, Text: fmt.Sprintf(format, args...)}
	if unit >= 0 && unit < len(d.Units) {
		p := d.Position(unit, offset)
		v.Cell, v.Line = p.Cell, p.Line
	}
	c.found = append(c.found, v)
}

// addAt reports a violation at a span of the program after (or before).
func (c *checker) addAt(promise int, after bool, s ir.Span, format string, args ...any) {
	files := c.beforeFiles
	if after {
		files = c.afterFiles
	}
	for i, f := range files {
		for j, u := range f.Units {
			if u.ID == s.Unit {
				d := c.files[i].before
				if after {
					d = c.files[i].after
				}
				c.add(promise, d, j, s.Start, format, args...)
				return
			}
		}
	}
}

// each walks all nodes of the given files.
func each(files []*meaning.File, f func(u *meaning.Source, n grammar.Node)) {
	for _, file := range files {
		for _, u := range file.Units {
			if u.Tree == nil {
				continue
			}
			for id := int32(0); id < int32(u.Tree.Len()); id++ {
				f(u, u.Tree.Node(id))
			}
		}
	}
}
