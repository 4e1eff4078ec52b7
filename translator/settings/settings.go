// Package settings reads what users say about the translation of their
// programs outside the command line: in pyproject.toml or pyxlate.toml, and in
// comments of the programs (`# pyxlate: ignore`).
//
// It owes faults with their place and the nearest right name, and says of a
// comment whether it was of use. It knows no SDK: what a pack offers is handed
// to it.
package settings

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"pyxlate/rules"
	"pyxlate/translator/toml"
)

// Names of the files, in the order in which they count within a directory.
const (
	ownFile     = "pyxlate.toml"   // the whole file
	projectFile = "pyproject.toml" // its table [tool.pyxlate]
)

// A File is what one settings file says. The zero File says nothing.
type File struct {
	Path string // of the file, "" where there is none
	Dir  string // absolute directory of the file

	Pack  string
	To    string // target
	Notes *bool  // notes of the verdict review go into the code; nil: not said
	// Include and Exclude are glob patterns; those with a slash are about paths
	// from Dir.
	Include, Exclude []string
	ForceExclude     bool // they hold for files that are named, too
	// Select and Ignore are codes or beginnings of codes.
	Select, Ignore []string
	// Rules are directories of rule files, absolute.
	Rules []string
	// Options are those of the packs, by NAME or, in a table of one pack,
	// PACK.NAME; Check says whether they exist.
	Options map[string]string

	text   []byte
	values []toml.Value // with paths below the settings' table
}

// Error is a fault of a settings file. Line and Column count from 1.
type Error struct {
	Path         string
	Line, Column int
	Text         string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Path + ": " + e.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.Text)
}

// Parse reads a settings file. It returns nil for a pyproject.toml without a
// [tool.pyxlate]. The error is an *Error.
func Parse(path string, text []byte) (*File, error) {
	values, err := toml.Values(text)
	if err != nil {
		if e, ok := errors.AsType[*toml.Error](err); ok {
			return nil, &Error{path, e.Line, e.Column, e.Text}
		}
		return nil, &Error{Path: path, Text: err.Error()}
	}
	f := &File{Path: path, Options: map[string]string{}, text: text}
	if filepath.Base(path) == projectFile {
		for _, v := range values {
			if len(v.Path) > 2 && v.Path[0] == "tool" && v.Path[1] == "pyxlate" {
				v.Path = v.Path[2:]
				f.values = append(f.values, v)
			}
		}
		if f.values == nil {
			return nil, nil
		}
	} else {
		f.values = values
	}
	for _, v := range f.values {
		if err := f.take(v); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// take files one value under its key.
func (f *File) take(v toml.Value) error {
	texts := map[string]*string{"pack": &f.Pack, "to": &f.To}
	lists := map[string]*[]string{
		"include": &f.Include, "exclude": &f.Exclude, "select": &f.Select, "ignore": &f.Ignore, "rules": &f.Rules,
	}
	key := v.Path[0]
	switch {
	case len(v.Path) == 2 && v.Kind == toml.Text && !v.Item:
		f.Options[strings.Join(v.Path, ".")] = v.Text
	case len(v.Path) > 1:
		// Check says that there is no such table.
	case texts[key] != nil:
		if v.Kind != toml.Text || v.Item {
			return f.errorf(v.Start, "%s takes one text", key)
		}
		*texts[key] = v.Text
	case lists[key] != nil:
		if v.Kind != toml.Text {
			return f.errorf(v.Start, "%s takes a list of texts", key)
		}
		*lists[key] = append(*lists[key], v.Text)
	case key == "notes" || key == "force-exclude":
		if v.Kind != toml.Bool || v.Item {
			return f.errorf(v.Start, "%s takes true or false", key)
		}
		on := v.Text == "true"
		if key == "notes" {
			f.Notes = &on
		} else {
			f.ForceExclude = on
		}
	case v.Kind == toml.Text && !v.Item:
		f.Options[key] = v.Text
	}
	return nil // whether the pack has it, Check says
}

// keys are those that do not depend on a pack.
var keys = []string{"pack", "to", "notes", "include", "exclude", "force-exclude", "select", "ignore", "rules"}

func (f *File) errorf(offset int, format string, args ...any) error {
	line, column := toml.Place(f.text, offset)
	return &Error{f.Path, line, column, fmt.Sprintf(format, args...)}
}

// Check compares the settings with what the packs have: names of targets, the
// values of options, and codes, which are those of known, or begin like the
// family of a pack that is not loaded. The error is the first fault, an *Error.
func (f *File) Check(packs []*rules.Pack, known []string) error {
	var ids, options []string
	for _, p := range packs {
		ids = append(ids, p.ID)
		for _, o := range p.Options {
			options = append(options, o.Name)
		}
	}
	targets := rules.Targets(packs)
	for _, v := range f.values {
		key := v.Path[0]
		whole := strings.Join(v.Path, ".")
		switch {
		case len(v.Path) > 2 || len(v.Path) == 2 && !slices.Contains(ids, key):
			return f.errorf(v.Key, "there is no table %q%s", strings.Join(v.Path[:len(v.Path)-1], "."), rules.Suggest(key, ids))
		case len(v.Path) == 1 && key == "pack" && !slices.Contains(ids, v.Text):
			return f.errorf(v.Start, "there is no pack %q%s", v.Text, rules.Suggest(v.Text, ids))
		case len(v.Path) == 1 && key == "to" && !slices.Contains(targets, v.Text):
			return f.errorf(v.Start, "there is no target %q%s", v.Text, oneOf(v.Text, targets))
		case len(v.Path) == 1 && (key == "select" || key == "ignore"):
			if err := checkCode(v.Text, packs, known); err != nil {
				return f.errorf(v.Start, "%s", err)
			}
		case len(v.Path) == 1 && slices.Contains(keys, key):
		case !slices.Contains(options, v.Path[len(v.Path)-1]):
			name := v.Path[len(v.Path)-1]
			return f.errorf(v.Key, "unknown key %q%s", name, rules.Suggest(name, append(slices.Clone(keys), options...)))
		case v.Kind != toml.Text || v.Item:
			return f.errorf(v.Start, "%s takes one text", whole)
		default:
			if err := rules.CheckChoice(packs, whole, v.Text); err != nil {
				return f.errorf(v.Start, "%s", err)
			}
		}
	}
	return nil
}

// CheckCodes tells of the first text that no code begins with.
func CheckCodes(packs []*rules.Pack, known, list []string) error {
	for _, c := range list {
		if err := checkCode(c, packs, known); err != nil {
			return err
		}
	}
	return nil
}

func checkCode(text string, packs []*rules.Pack, known []string) error {
	for _, p := range packs {
		of := func(c string) bool { return strings.HasPrefix(c, p.Family) }
		if p.Family != "" && strings.HasPrefix(text, p.Family) && !slices.ContainsFunc(known, of) {
			return nil // of a pack that takes no part
		}
	}
	if text == "" || !slices.ContainsFunc(known, func(c string) bool { return strings.HasPrefix(c, text) }) {
		return fmt.Errorf("no code begins with %q%s", text, rules.Suggest(text, known))
	}
	return nil
}

// oneOf hints at the nearest of a few values, or lists them.
func oneOf(name string, known []string) string {
	return cmp.Or(rules.Suggest(name, known), "; it takes "+strings.Join(known, " or "))
}

// Leaves tells whether uses with a code are to be left as they are.
func (f *File) Leaves(code string) bool {
	begins := func(list []string) bool {
		return slices.ContainsFunc(list, func(c string) bool { return strings.HasPrefix(code, c) })
	}
	return begins(f.Ignore) || len(f.Select) > 0 && !begins(f.Select)
}
