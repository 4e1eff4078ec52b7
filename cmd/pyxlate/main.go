// Command pyxlate moves Python code from one SDK to another. See
// `pyxlate --help`.
//
// This package owes flags, exit status and output to the right place; all else
// is done by the packages of translator and rules.
package main

import (
	"io"
	"os"
	"slices"
	"strings"

	"pyxlate/rules/batchai"
	"pyxlate/rules/sdk"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/run"
)

func main() {
	os.Exit(execute(environment{os.Args[1:], os.Stdin, os.Stdout, os.Stderr}, newEngine))
}

// backend is what the command needs of an engine and its rule pack.
type backend struct {
	engine run.Engine
	pack   string // name of the rule pack
	source string // what it takes programs from, for people
	// rules prints the rule table, or one rule with its examples.
	rules func(w io.Writer, id string) error
	// test runs the examples in a directory of rule files; failed counts those
	// that fail.
	test func(w io.Writer, dir string) (failed int, err error)
}

// newEngine makes the engine with the rule pack and the target of the
// settings.
func newEngine(s Settings) (*backend, error) {
	pack, err := batchai.Load()
	if err != nil {
		return nil, err
	}
	tables, err := sdk.Load()
	if err != nil {
		return nil, err
	}
	if s.To != "" && !slices.Contains(pack.Targets, s.To) {
		return nil, usagef("--to %s: the targets are %s", s.To, strings.Join(pack.Targets, ", "))
	}
	engine := project.New(pack, tables, rewrite.Options{
		Target:      s.To,
		Settings:    map[string]string{"storage": s.Storage},
		NotesInCode: s.Notes,
	})
	engine.Companions = run.ReadCompanion
	return &backend{engine: engine, pack: pack.ID, source: pack.Source}, nil
}
