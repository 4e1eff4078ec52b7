package rules

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"pyxlate/rules/sdk"
)

// An Extension is a directory of further rules for a pack, such as those for a
// user's own wrapper around the SDK. Its rules are tried before those of the
// pack; it may add notes.yaml and resources.yaml, too. A rule in a folder with
// the name of a target is for that target, and so is one whose templates name
// the SDK of that target alone; the others are for every target.
type Extension struct {
	FS    fs.FS
	Label string // what stands for its root in errors
	// Pack is the id of the pack that it extends: see Extends; "" for any that
	// loads it.
	Pack string
	// Modules are dotted prefixes of what the rules are about: they count as the
	// SDK that is left. Names are what those modules declare.
	Modules []string
	Names   map[string][]string
}

// Extend adds extensions to the pack that is loaded. Their rules are validated
// against tables even where the pack's own are not.
func Extend(tables *sdk.Set, all ...Extension) Option {
	return func(l *loading) {
		l.extensionTables = tables
		l.extensions = append(l.extensions, all...)
	}
}

// extend reads an extension into the pack and gives its rules.
func (l *loading) extend(p *Pack, x Extension, errs *Errors, at map[spot]*Error) []*Rule {
	names, err := ruleFiles(x.FS, ".")
	if err == nil && len(names) == 0 {
		err = errors.New("no rule files (*.yaml) in this directory")
	}
	if err != nil {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			e = &Error{Text: err.Error()}
		}
		*errs = append(*errs, &Error{File: path.Join(x.Label, e.File), Text: e.Text})
		return nil
	}
	files, faults := parseAll(x.FS, names, l.brief)
	for _, f := range faults {
		f.File = path.Join(x.Label, f.File)
	}
	*errs = append(*errs, faults...)
	// Its own texts and kinds count before those of the pack.
	own := newPack(nil, nil)
	for _, t := range p.Targets {
		own.Targets = append(own.Targets, &Target{ID: t.ID, Resources: map[string]*Resource{}, Notes: map[string]NoteText{}})
	}
	for i, f := range files {
		if f == nil {
			continue
		}
		r := &reader{file: path.Join(x.Label, names[i]), errs: errs, at: at}
		for _, doc := range f.Docs {
			switch {
			case doc.Body == nil:
			case names[i] == packFile:
				r.mapping(nil, doc.Body, keys{"extends": func(ast.Node) {}}) // read by Extends
			default:
				r.part(part{names[i], doc.Body}, names[i], own)
			}
		}
	}
	maps.Copy(p.Notes, own.Notes)
	for i, t := range p.Targets {
		maps.Copy(t.Notes, own.Targets[i].Notes)
		for kind, r := range own.Targets[i].Resources {
			r.Pack, t.Resources[kind] = p, r
		}
	}
	for _, r := range own.Rules {
		if r.Target == "" {
			r.Target = p.targetNamed(r)
		}
	}
	p.Primary = append(p.Primary, x.Modules...)
	p.Extended = append(p.Extended, x.Modules...)
	for _, m := range x.Modules {
		if marks := x.Names[m]; len(marks) > 0 && !strings.Contains(m, ".") {
			p.Samples[m] = Sample{Marks: marks}
		}
	}
	return own.Rules
}

// targetNamed gives the target whose SDK the templates of a rule name, "" where
// they name that of none or of several.
func (p *Pack) targetNamed(r *Rule) string {
	if len(p.Targets) == 1 {
		return ""
	}
	texts := append(slices.Collect(maps.Values(r.Provides)), r.To, r.Do, r.Wait, r.Poller)
	for _, f := range r.Fields {
		texts = append(texts, f.Value)
	}
	named := map[string]bool{}
	for _, text := range texts {
		s, err := scan(text)
		if err != nil {
			continue // validation says so
		}
		for _, t := range p.Targets {
			if slices.ContainsFunc(s.names, func(n string) bool {
				return slices.ContainsFunc(t.Modules, func(m string) bool { return below(n, m) })
			}) {
				named[t.ID] = true
			}
		}
	}
	if len(named) == 1 {
		return slices.Collect(maps.Keys(named))[0]
	}
	return ""
}

// IsPack reports whether a directory of rules is a pack of its own, and not one
// of further rules.
func IsPack(fsys fs.FS) bool {
	_, err := fs.Stat(fsys, packFile)
	return err == nil && Extends(fsys) == ""
}

// Extends gives the id of the pack that a directory of further rules extends, as
// its pack.yaml says (`extends: ID`); "" where it does not say.
func Extends(fsys fs.FS) string {
	text, err := fs.ReadFile(fsys, packFile)
	if err != nil {
		return ""
	}
	file, fault := parseYAML(packFile, text)
	if fault != nil || len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return "" // reading it says what is wrong
	}
	r := &reader{errs: &Errors{}, at: map[spot]*Error{}}
	id := ""
	for _, kv := range r.entries(file.Docs[0].Body) {
		if r.key(kv) == "extends" {
			id = r.str(kv.Value)
		}
	}
	return id
}
