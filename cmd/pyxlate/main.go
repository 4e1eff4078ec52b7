// Command pyxlate moves Python code from one SDK to another. See
// `pyxlate --help`.
//
// This package owes flags, exit status and output to the right place; all else
// is done by the packages of translator and rules.
package main

import (
	"cmp"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"

	"pyxlate/rules"
	"pyxlate/rules/batchai"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/run"
	"pyxlate/translator/settings"
)

func main() {
	collectLate()
	spareProcessor()
	os.Exit(execute(environment{os.Args[1:], os.Stdin, os.Stdout, os.Stderr}, newEngine))
}

// processors is the number of files worked on at once unless the user says
// otherwise.
var processors = runtime.GOMAXPROCS(0)

// spareProcessor gives the scheduler one processor more than there are workers:
// while all of its processors are taken, it takes those of calls into the parser
// away every 20 microseconds, and each must be had back.
func spareProcessor() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(processors + 1)
	}
}

// freeHeap is the size in bytes up to which the heap grows before garbage is
// collected.
const freeHeap = 64 << 20

// collectLate has the collector leave small heaps alone: most runs end before it
// has anything to do, and those over many files need it seldom. Large heaps are
// collected when they have grown by half.
func collectLate() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(100 * freeHeap / (4 << 20)) // of the least that counts as live
	var collected func(struct{})
	collected = func(struct{}) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		percent := 50
		if n := live[0].Value.Uint64(); n > 0 {
			percent = max(percent, int(100*freeHeap/n)-100)
		}
		debug.SetGCPercent(percent)
		runtime.AddCleanup(new([64]byte), collected, struct{}{})
	}
	runtime.AddCleanup(new([64]byte), collected, struct{}{})
}

// backend is what the command needs of an engine and its rule pack.
type backend struct {
	engine run.Engine
	pack   string // name of the rule pack
	to     string // name of the target
	source string // what it takes programs from, for people
	// about says what a code is about; nil: that is not known.
	about func(code string) string
	// rules gives the pack with its examples.
	rules func() (*rules.Pack, error)
	// test runs the examples in a directory of rule files; failed counts those
	// that fail.
	test func(w io.Writer, dir string) (failed int, err error)
}

// newEngine makes the engine with the rule pack and the target of the
// settings.
func newEngine(s Settings) (*backend, error) {
	x, err := extensions(s.Rules)
	if err != nil {
		return nil, err
	}
	pack, err := batchai.Load(x.option)
	if err != nil {
		return nil, err
	}
	if f := s.File; f != nil {
		if err := f.Check(pack); err != nil {
			return nil, err
		}
		// What the file has is right: these are the flags.
		if err := settings.CheckCodes(pack, f.Select); err != nil {
			return nil, usagef("--select: %w", err)
		}
		if err := settings.CheckCodes(pack, f.Ignore); err != nil {
			return nil, usagef("--ignore: %w", err)
		}
	}
	to := cmp.Or(s.To, pack.Targets[0])
	if !slices.Contains(pack.Targets, to) {
		return nil, usagef("--to %s: the targets are %s", to, strings.Join(pack.Targets, ", "))
	}
	o := rewrite.Options{
		Target:      to,
		Settings:    map[string]string{"storage": cmp.Or(s.Storage, "register")},
		NotesInCode: s.Notes,
	}
	if f := s.File; f != nil && len(f.Select)+len(f.Ignore) > 0 {
		o.Leave = f.Leaves
	}
	engine := project.New(pack, x.tables, o)
	engine.Companions = run.ReadCompanion
	return &backend{
		engine: engine, pack: pack.ID, source: pack.Source, to: to, about: pack.About,
		rules: func() (*rules.Pack, error) { return batchai.LoadAll(nil, x.option) },
		test:  func(w io.Writer, dir string) (int, error) { return testRules(w, dir, o) },
	}, nil
}
