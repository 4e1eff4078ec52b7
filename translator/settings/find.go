package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pyxlate/translator/files"
)

// Find reads the settings that hold for the paths: the first file on the way
// from the directory that all of them share up to the root of its git
// repository. Outside of repositories the way ends at the working directory, or
// at once where that does not hold the paths: who can write to a directory
// further up is none of the user's business. Without a file it returns the zero
// File. What belongs to somebody else is an error and not used: it says what is
// rewritten, and how. The error is an *Error.
func Find(paths []string) (*File, error) {
	for _, dir := range directories(paths) {
		for _, name := range []string{ownFile, projectFile} {
			path := filepath.Join(dir, name)
			text, owner, err := files.ReadOwned(path, files.Settings)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, unread(path, err)
			}
			f, err := Parse(shown(path), text)
			if err != nil {
				return nil, err
			}
			if f == nil {
				continue
			}
			if owner = owner.Or(files.OwnerOf(dir)); owner.Foreign() {
				return nil, &Error{Path: f.Path, Text: fmt.Sprintf("these settings belong to another user (%s) and are not used; --settings %s uses them, --no-settings goes without", owner, f.Path)}
			}
			if err := f.settle(dir); err != nil {
				return nil, err
			}
			return f, f.ownRules()
		}
	}
	return &File{}, nil
}

// Named reads the settings of one file, wherever it lies and whoever owns it.
// The error is an *Error.
func Named(path string) (*File, error) {
	text, err := files.Read(path, files.Settings)
	if err != nil {
		return nil, unread(path, err)
	}
	f, err := Parse(path, text)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return nil, &Error{Path: path, Text: "there is no [tool.pyxlate] in it"}
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, unread(path, err)
	}
	return f, f.settle(dir)
}

// directories are those whose settings hold for the paths, the nearest first.
func directories(paths []string) (all []string) {
	dir := sharedDirectory(paths)
	top := files.Repository(dir)
	if top == "" {
		wd, err := os.Getwd()
		switch {
		case err == nil && within(wd, dir):
			top = wd
		case slices.ContainsFunc(paths, func(p string) bool { return ownDirectory(p) == dir }):
			top = dir
		default:
			return nil
		}
	}
	for {
		all = append(all, dir)
		if dir == top {
			return all
		}
		dir = filepath.Dir(dir)
	}
}

func within(dir, path string) bool {
	return path == dir || strings.HasPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
}

// unread says that a settings file cannot be read.
func unread(path string, err error) *Error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return &Error{Path: shown(path), Text: err.Error()}
}

// settle ties relative directories to that of the file, and makes sure that
// they are there.
func (f *File) settle(dir string) error {
	f.Dir = dir
	f.Rules = nil
	for _, v := range f.values {
		if v.Path[0] != "rules" {
			continue
		}
		path := filepath.FromSlash(v.Text)
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			return f.errorf(v.Start, "there is no directory %q beside this file", v.Text)
		}
		f.Rules = append(f.Rules, path)
	}
	return nil
}

// ownRules makes sure that the directories of rules are no other user's.
func (f *File) ownRules() error {
	i := 0
	for _, v := range f.values {
		if v.Path[0] != "rules" {
			continue
		}
		if owner := files.OwnerOf(f.Rules[i]); owner.Foreign() {
			return f.errorf(v.Start, "%q belongs to another user (%s) and is not used; --rules uses it, with --no-settings", v.Text, owner)
		}
		i++
	}
	return nil
}

// shown gives a path as people would write it: relative where that is no way
// up.
func shown(path string) string {
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, path); err == nil && !strings.HasPrefix(rel, "..") {
			return rel
		}
	}
	return path
}

// ownDirectory gives a directory that is named itself, else that of a file,
// absolute; "" for standard input.
func ownDirectory(path string) string {
	abs, err := filepath.Abs(path)
	if path == "-" || err != nil {
		return ""
	}
	if info, err := os.Stat(abs); err != nil || !info.IsDir() {
		return filepath.Dir(abs)
	}
	return abs
}

// sharedDirectory gives the innermost directory that holds all the paths,
// absolute; the working directory for none and for standard input.
func sharedDirectory(paths []string) string {
	shared := ""
	for _, p := range paths {
		abs := ownDirectory(p)
		if abs == "" {
			continue
		}
		if shared == "" {
			shared = abs
		}
		for !within(shared, abs) {
			shared = filepath.Dir(shared)
		}
	}
	if shared == "" {
		shared, _ = os.Getwd()
	}
	return shared
}
