package project

import (
	"path"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/document"
	"pyxlate/translator/meaning"
)

// A source is a document in work, with its reading as a module.
type source struct {
	doc  *document.Document
	file *meaning.File
	// errs are by unit; nil where the parser took it (with errors or without).
	errs []error
}

// A reader numbers units over all documents of a program and reads each
// document once.
type reader struct {
	next     ir.UnitID
	files    int
	packages map[string]bool // folders with an __init__.py among the documents
	triggers [][]byte
	known    map[*document.Document]*source
}

func newReader(docs []*document.Document, triggers [][]byte) *reader {
	r := &reader{packages: map[string]bool{}, triggers: triggers, known: map[*document.Document]*source{}}
	for _, d := range docs {
		if p := slash(d.Path); path.Base(p) == "__init__.py" {
			r.packages[path.Dir(p)] = true
		}
	}
	return r
}

// read parses the units of a document, with the lines of IPython masked in
// notebooks and pages.
func (r *reader) read(d *document.Document) *source {
	if s := r.known[d]; s != nil {
		return s
	}
	s := &source{doc: d, file: &meaning.File{
		Path:     d.Path,
		Module:   r.module(d),
		Markdown: d.Kind == document.Markdown,
		Trigger:  holdsAny(d.Raw(), r.triggers),
	}}
	for _, u := range d.Units {
		src, err := r.unit(d.Kind, u)
		src.File = r.files
		s.file.Units = append(s.file.Units, src)
		s.errs = append(s.errs, err)
	}
	r.files++
	r.known[d] = s
	return s
}

// unit parses one unit. Where the parser refuses it (too large, too deep, too
// many steps) the tree is nil and the error says so.
func (r *reader) unit(kind document.Kind, u *document.Unit) (*meaning.Source, error) {
	text := grammar.NormalizeNewlines(u.Source) // edits are written in the document's own
	src := &meaning.Source{ID: r.next, Raw: text, Text: text}
	r.next++
	switch {
	case u.Shell:
		src.Text, src.Masked = grammar.MaskShell(text)
	case kind != document.Script:
		src.Text, src.Masked = grammar.Mask(text)
	}
	tree, err := grammar.Parse(src.Text)
	if err == nil {
		src.Tree = tree
	}
	return src, err
}

// module gives the dotted name by which other modules of the program import a
// script: relative to the first folder above it that is no package.
func (r *reader) module(d *document.Document) string {
	p := slash(d.Path)
	if d.Kind != document.Script {
		return ""
	}
	dir, name := path.Dir(p), strings.TrimSuffix(path.Base(p), path.Ext(p))
	parts := []string{name}
	if name == "__init__" {
		parts = nil
	}
	for r.packages[dir] {
		parts = append([]string{path.Base(dir)}, parts...)
		up := path.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return strings.Join(parts, ".")
}

func slash(p string) string { return path.Clean(strings.ReplaceAll(p, `\`, "/")) }
