// Package packs lists the packs that pyxlate is built with.
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

// Folders are the packs; the first target of the first one is the default.
var Folders = []rules.Folder{batchai.Folder}

// Heads gives the packs without their rules, in the order of Folders.
var Heads = sync.OnceValues(func() ([]*rules.Pack, error) { return heads(Folders) })

func heads(folders []rules.Folder) ([]*rules.Pack, error) {
	var all []*rules.Pack
	for _, f := range folders {
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
func Select(target string, opts ...rules.Option) (*rules.Migration, error) {
	return choose(target, func(f rules.Folder) (*rules.Pack, error) { return f.Load(opts...) })
}

// SelectAll gives the migration with the examples of its rules, validated
// against the SDKs if there are tables.
func SelectAll(target string, tables *sdk.Set, opts ...rules.Option) (*rules.Migration, error) {
	return choose(target, func(f rules.Folder) (*rules.Pack, error) { return f.LoadAll(tables, opts...) })
}

func choose(target string, load func(rules.Folder) (*rules.Pack, error)) (*rules.Migration, error) {
	known, err := Heads()
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
	for i, f := range Folders {
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
