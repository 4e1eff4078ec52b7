// Package packs lists the packs that pyxlate is built with, and chooses among
// packs what leads to a target.
//
// It owes a migration for every target to which one of them leads. It knows no
// SDK: what a pack is about stands in its folder.
package packs

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"pyxlate/rules"
	"pyxlate/rules/batchai"
	"pyxlate/rules/sdk"
)

// A Set is packs to choose from; the first target of the first one is the
// default.
type Set struct {
	Folders []rules.Folder
	// Heads gives the packs without their rules, in the order of Folders.
	Heads func() ([]*rules.Pack, error)
}

// Of gives a set of packs, in the order in which they count.
func Of(folders ...rules.Folder) *Set {
	s := &Set{Folders: folders}
	s.Heads = sync.OnceValues(s.heads)
	return s
}

// BuiltIn are the packs that pyxlate is built with.
var BuiltIn = Of(batchai.Folder)

// Select gives the migration to a target by the built-in packs; see Set.Select.
func Select(target string, opts ...rules.Option) (*rules.Migration, error) {
	return BuiltIn.Select(target, opts...)
}

// SelectAll is Select with all that the built-in packs have; see Set.SelectAll.
func SelectAll(target string, tables *sdk.Set, opts ...rules.Option) (*rules.Migration, error) {
	return BuiltIn.SelectAll(target, tables, opts...)
}

func (s *Set) heads() ([]*rules.Pack, error) {
	var all []*rules.Pack
	for _, f := range s.Folders {
		p, err := f.Head()
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// Select gives the migration to a target, "" for the default one, without the
// examples of its rules. It is not validated against the SDKs.
func (s *Set) Select(target string, opts ...rules.Option) (*rules.Migration, error) {
	return s.choose(target, func(f rules.Folder) (*rules.Pack, error) { return f.Load(opts...) })
}

// SelectAll gives the migration with the examples of its rules, validated
// against the SDKs if there are tables.
func (s *Set) SelectAll(target string, tables *sdk.Set, opts ...rules.Option) (*rules.Migration, error) {
	return s.choose(target, func(f rules.Folder) (*rules.Pack, error) { return f.LoadAll(tables, opts...) })
}

func (s *Set) choose(target string, load func(rules.Folder) (*rules.Pack, error)) (*rules.Migration, error) {
	known, err := s.Heads()
	if err != nil {
		return nil, err
	}
	targets := rules.Targets(known)
	if target == "" {
		target = targets[0]
	}
	if !slices.Contains(targets, target) {
		return nil, fmt.Errorf("there is no target %q; the targets are %s", target, strings.Join(targets, ", "))
	}
	var all []*rules.Pack
	for i, f := range s.Folders {
		if known[i].Target(target) == nil {
			continue
		}
		p, err := load(f)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return rules.Select(all, target)
}
