package rules

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"strings"

	"pyxlate/rules/sdk"
)

// An Extension is a directory of further rules for a pack, such as those for a
// user's own wrapper around the SDK. Its rules are tried before those of the
// pack; it may add notes.yaml and resources.yaml, too.
type Extension struct {
	FS    fs.FS
	Label string // what stands for its root in errors
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
	names, err := fs.Glob(x.FS, "*.yaml")
	if err == nil && len(names) == 0 {
		err = errors.New("no rule files (*.yaml) in this directory")
	}
	if err != nil {
		*errs = append(*errs, &Error{File: x.Label, Text: err.Error()})
		return nil
	}
	files, faults := parseAll(x.FS, names, l.brief)
	for _, f := range faults {
		f.File = path.Join(x.Label, f.File)
	}
	*errs = append(*errs, faults...)
	own := &Pack{Samples: map[string]Sample{}, Notes: map[string]NoteText{}, Resources: map[string]*Resource{}}
	for i, f := range files {
		if f == nil {
			continue
		}
		r := &reader{file: path.Join(x.Label, names[i]), errs: errs, at: at}
		for _, doc := range f.Docs {
			if doc.Body == nil {
				continue
			}
			switch names[i] {
			case "pack.yaml":
				r.errorf(first(doc.Body), "a directory of further rules has no pack.yaml")
			case "notes.yaml":
				r.notes(doc.Body, own)
			case "resources.yaml":
				r.resources(doc.Body, own)
			default:
				r.rules(doc.Body, own)
			}
		}
	}
	maps.Copy(p.Notes, own.Notes)
	maps.Copy(p.Resources, own.Resources)
	p.Primary = append(p.Primary, x.Modules...)
	p.Extended = append(p.Extended, x.Modules...)
	for _, m := range x.Modules {
		if marks := x.Names[m]; len(marks) > 0 && !strings.Contains(m, ".") {
			p.Samples[m] = Sample{Marks: marks}
		}
	}
	return own.Rules
}
