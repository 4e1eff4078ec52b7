// Package stubs reads the signatures of a user's own modules (a wrapper around
// the source SDK) from stub files, as Python's type checkers do, and gives them
// the form in which the SDKs' tables are kept.
//
// It owes the symbols that the stubs declare and no other, and faults with
// their place. It knows no SDK and runs nothing.
package stubs

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/sdk"
)

// Error is a fault of a stub file. Line and Column count from 1, columns in
// bytes; both are 0 for a fault of the file as a whole.
type Error struct {
	File         string
	Line, Column int
	Text         string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text)
}

// unread says that a file or directory cannot be read.
func unread(file string, err error) *Error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return &Error{File: file, Text: err.Error()}
}

// Stubs are the modules that a directory declares.
type Stubs struct {
	// Table is a table in the form of package sdk; nil if there are no stubs.
	Table []byte
	// Modules are the dotted names, sorted.
	Modules []string
	// Names are what each module declares at its top level.
	Names map[string][]string
}

// Read reads all *.pyi below the root of fsys: a/b.pyi is module a.b,
// a/__init__.pyi is a. label stands for the root in errors, name for the
// package in the table. wrapper gives the generic type that a class, by its whole
// name or where a stub does not import it by its last one, stands for with
// arguments (Poller[Job]); nil: none. The error is an *Error.
func Read(fsys fs.FS, label, name string, wrapper func(class string) (string, bool)) (*Stubs, error) {
	if wrapper == nil {
		wrapper = func(string) (string, bool) { return "", false }
	}
	s := &Stubs{Names: map[string][]string{}}
	symbols := map[string]sdk.Variant{}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return unread(path.Join(label, p), err)
		}
		if d.IsDir() || path.Ext(p) != ".pyi" {
			return nil
		}
		text, err := fs.ReadFile(fsys, p)
		if err != nil {
			return unread(path.Join(label, p), err)
		}
		module := strings.ReplaceAll(strings.TrimSuffix(p, ".pyi"), "/", ".")
		module = strings.TrimSuffix(module, ".__init__")
		tree, err := grammar.Parse(text)
		file := path.Join(label, p)
		if err != nil {
			return &Error{file, 1, 1, err.Error()}
		}
		if es := tree.Errors(); len(es) > 0 {
			line, column := place(text, es[0].Start)
			return &Error{file, line, column, es[0].Message}
		}
		s.Modules = append(s.Modules, module)
		m := &reader{module: module, names: map[string]string{}, symbols: symbols, wrapper: wrapper}
		m.block(tree.Root(), "")
		s.Names[module] = slices.Sorted(maps.Keys(m.own))
		return nil
	})
	if err != nil || len(s.Modules) == 0 {
		return s, err
	}
	slices.Sort(s.Modules)
	s.Table = table(name, s.Modules, symbols)
	return s, nil
}

func place(text []byte, offset int) (line, column int) {
	before := text[:offset]
	return bytes.Count(before, []byte{'\n'}) + 1, offset - bytes.LastIndexByte(before, '\n')
}

// table writes the symbols as a table: one line for each, sorted.
func table(name string, modules []string, symbols map[string]sdk.Variant) []byte {
	all := maps.Clone(symbols)
	for _, m := range modules {
		for at := m; at != ""; at = at[:max(strings.LastIndexByte(at, '.'), 0)] {
			all[at] = sdk.Variant{Kind: sdk.Module}
		}
	}
	var lines []string
	for _, n := range slices.Sorted(maps.Keys(all)) {
		line, err := json.Marshal(all[n])
		if err != nil {
			panic(err) // a Variant is plain data
		}
		lines = append(lines, fmt.Sprintf("%q: %s", n, line))
	}
	roots, _ := json.Marshal(modules)
	return fmt.Appendf(nil, "{\n\"format\": 1,\n\"package\": %q,\n\"version\": \"0\",\n\"roots\": %s,\n\"aliases\": {\n},\n\"symbols\": {\n%s\n}\n}\n",
		name, roots, strings.Join(lines, ",\n"))
}

// reader reads one module.
type reader struct {
	module  string
	names   map[string]string // what a name of the module stands for
	own     map[string]bool   // what it declares
	symbols map[string]sdk.Variant
	wrapper func(class string) (string, bool)
}

// block reads the statements of the module, or of the class within it.
func (r *reader) block(n grammar.Node, class string) {
	if class == "" {
		r.own = map[string]bool{}
		for stmt := range grammar.Statements(n) {
			r.name(stmt)
		}
	}
	for stmt := range grammar.Statements(n) {
		var decorators []string
		if stmt.Is(grammar.KindDecoratedDefinition) {
			for c := range stmt.Children() {
				if c.Is(grammar.KindDecorator) {
					decorators = append(decorators, strings.TrimSpace(strings.TrimPrefix(c.Text(), "@")))
				}
			}
			stmt = stmt.Child(grammar.FieldDefinition)
		}
		switch {
		case stmt.Is(grammar.KindFunctionDefinition):
			r.function(stmt, class, decorators)
		case stmt.Is(grammar.KindClassDefinition) && class == "":
			r.class(stmt)
		case stmt.Is(grammar.KindAssignment):
			r.variable(stmt, class)
		}
	}
}

// name notes what a statement of the module binds.
func (r *reader) name(stmt grammar.Node) {
	if stmt.Is(grammar.KindDecoratedDefinition) {
		stmt = stmt.Child(grammar.FieldDefinition)
	}
	bind := func(name string) { r.own[name], r.names[name] = true, r.module+"."+name }
	switch {
	case stmt.Is(grammar.KindFunctionDefinition, grammar.KindClassDefinition):
		bind(stmt.Child(grammar.FieldName).Text())
	case stmt.Is(grammar.KindAssignment):
		bind(stmt.Child(grammar.FieldLeft).Text())
	case stmt.Is(grammar.KindImportStatement, grammar.KindImportFromStatement):
		from := ""
		if m := stmt.Child(grammar.FieldModuleName); !m.IsZero() {
			from = r.absolute(m.Text()) + "."
		}
		for n := range stmt.ChildrenOf(grammar.FieldName) {
			if n.Is(grammar.KindAliasedImport) {
				r.names[n.Child(grammar.FieldAlias).Text()] = from + n.Child(grammar.FieldName).Text()
			} else if first, _, dotted := strings.Cut(n.Text(), "."); dotted {
				r.names[first] = first
			} else {
				r.names[n.Text()] = from + n.Text()
			}
		}
	}
}

// absolute resolves the dots of a relative module.
func (r *reader) absolute(module string) string {
	rest := strings.TrimLeft(module, ".")
	up := len(module) - len(rest)
	if up == 0 {
		return module
	}
	parts := strings.Split(r.module, ".")
	parts = parts[:max(len(parts)-up, 0)]
	if rest != "" {
		parts = append(parts, rest)
	}
	return strings.Join(parts, ".")
}

func (r *reader) class(n grammar.Node) {
	name := r.module + "." + n.Child(grammar.FieldName).Text()
	v := sdk.Variant{Kind: sdk.Class, Doc: doc(n)}
	for b := range n.Child(grammar.FieldSuperclasses).Children() {
		if base := r.typeOf(b.Text()).Name; base != "" && base != "object" {
			v.Bases = append(v.Bases, base)
		}
	}
	r.symbols[name] = v
	r.block(n.Child(grammar.FieldBody), name)
}

func (r *reader) variable(n grammar.Node, class string) {
	v := sdk.Variant{Kind: sdk.Constant, Type: r.typeOf(n.Child(grammar.FieldType).Text())}
	if value := n.Child(grammar.FieldRight).Text(); value != "..." {
		v.Value = value
	}
	if class != "" {
		v.Kind = sdk.Attribute
	}
	r.symbols[cmp.Or(class, r.module)+"."+n.Child(grammar.FieldLeft).Text()] = v
}

func (r *reader) function(n grammar.Node, class string, decorators []string) {
	name := n.Child(grammar.FieldName).Text()
	v := sdk.Variant{Kind: sdk.Function, Returns: r.typeOf(n.Child(grammar.FieldReturnType).Text()), Doc: doc(n)}
	v.Params = r.params(n.Child(grammar.FieldParameters))
	if class == "" {
		r.symbols[r.module+"."+name] = v
		return
	}
	v.Kind = sdk.Method
	v.Static = slices.Contains(decorators, "staticmethod")
	v.ClassMethod = slices.Contains(decorators, "classmethod")
	if !v.Static && len(v.Params) > 0 {
		v.Params = v.Params[1:]
	}
	switch {
	case name == "__init__":
		c := r.symbols[class]
		c.Params = v.Params
		r.symbols[class] = c
	case slices.Contains(decorators, "property"):
		r.symbols[class+"."+name] = sdk.Variant{Kind: sdk.Attribute, Type: v.Returns, Property: true, Doc: v.Doc}
	default:
		r.symbols[class+"."+name] = v
	}
}

func (r *reader) params(list grammar.Node) []sdk.Param {
	var all []sdk.Param
	kind := sdk.Pos
	for p := range list.Children() {
		x := sdk.Param{Kind: kind, Required: true, Type: r.typeOf(p.Child(grammar.FieldType).Text())}
		name := p
		switch {
		case p.Is(grammar.KindComment, grammar.KindLineContinuation):
			continue
		case p.Is(grammar.KindKeywordSeparator):
			kind = sdk.KwOnly
			continue
		case p.Is(grammar.KindPositionalSeparator):
			for i := range all {
				all[i].Kind = sdk.PosOnly
			}
			continue
		case p.Is(grammar.KindDefaultParameter, grammar.KindTypedDefaultParameter):
			name = p.Child(grammar.FieldName)
			x.Required, x.Default = false, p.Child(grammar.FieldValue).Text()
		case p.Is(grammar.KindTypedParameter):
			name = p.FirstChild()
		}
		x.Name = strings.TrimLeft(name.Text(), "*")
		if name.Is(grammar.KindListSplatPattern) {
			x.Kind, x.Required, kind = sdk.VarPos, false, sdk.KwOnly
		} else if name.Is(grammar.KindDictionarySplatPattern) {
			x.Kind, x.Required = sdk.VarKw, false
		}
		all = append(all, x)
	}
	return all
}

// doc gives the first line of a docstring.
func doc(n grammar.Node) string {
	for stmt := range grammar.Statements(n.Child(grammar.FieldBody)) {
		if s, _, ok := grammar.StringValue(stmt); ok {
			line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
			return line
		}
		break
	}
	return ""
}
