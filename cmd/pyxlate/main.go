// Command pyxlate moves Python code from one SDK to another. See
// `pyxlate --help`.
//
// This package owes flags, exit status and output to the right place; all else
// is done by the packages of translator and rules.
package main

import (
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"

	"pyxlate/rules"
	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/run"
	"pyxlate/translator/settings"
)

func main() {
	collectLate()
	spareProcessor()
	os.Exit(execute(environment{args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}, builtIn))
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

// A product is what the command offers: engines for the packs that there are.
type product struct {
	// heads gives the packs without their rules: what can be chosen.
	heads func() ([]*rules.Pack, error)
	// engine makes what translates as the settings say.
	engine func(Settings) (*backend, error)
	// packs gives the packs with their rules and examples, and with those in
	// directories of further rules.
	packs func(dirs []string) ([]*rules.Pack, error)
	// test runs the examples in a directory of rule files, for a target or, for
	// "", for all to which they lead; failed counts those that fail.
	test func(w io.Writer, dir, target string) (failed int, err error)
}

// A catalogue is packs, and what is known of their SDKs.
type catalogue struct {
	packs  *packs.Set
	tables func() (*sdk.Set, error)
}

// product is what the command offers with the packs of the catalogue.
func (c catalogue) product() product {
	return product{heads: c.packs.Heads, engine: c.engine, packs: c.all, test: c.test}
}

// builtIn is the product of the packs that pyxlate is built with.
var builtIn = catalogue{packs.BuiltIn, sdk.Load}.product()

// backend is an engine, and what is to be said of it.
type backend struct {
	engine run.Engine
	packs  []string // names of the packs that take part
	to     string   // name of the target
	source string   // what they take programs from, for people
	// elsewhere are packs that lead to other targets.
	elsewhere []*rules.Pack
	// about says what a code is about; nil: that is not known.
	about func(code string) string
}

// engine makes the engine with the packs that lead to the target of the settings.
func (c catalogue) engine(s Settings) (*backend, error) {
	heads, err := c.packs.Heads()
	if err != nil {
		return nil, err
	}
	targets := rules.Targets(heads)
	to := s.To
	if to == "" {
		to = targets[0]
	}
	if !slices.Contains(targets, to) && (s.File == nil || s.To != s.File.To) {
		return nil, usagef("--to %s: the targets are %s", to, strings.Join(targets, ", "))
	}
	x, err := c.extensions(heads, to, s.Rules)
	if err != nil {
		return nil, err
	}
	m, err := c.packs.Select(to, x.option)
	if s.File != nil && (err == nil || !slices.Contains(targets, to)) {
		var codes []string
		if err == nil {
			codes = m.Codes()
		}
		if err := s.File.Check(heads, codes); err != nil {
			return nil, err
		}
		// What the file has is right: these are the flags.
		if err := settings.CheckCodes(heads, codes, s.File.Select); err != nil {
			return nil, usagef("--select: %w", err)
		}
		if err := settings.CheckCodes(heads, codes, s.File.Ignore); err != nil {
			return nil, usagef("--ignore: %w", err)
		}
	}
	if err != nil {
		return nil, err
	}
	o := rewrite.Options{Settings: s.Options, NotesInCode: s.Notes}
	if f := s.File; f != nil && len(f.Select)+len(f.Ignore) > 0 {
		o.Leave = f.Leaves
	}
	engine := project.New(m, x.tables, o)
	engine.Companions = run.ReadCompanion
	var ids []string
	for _, p := range heads {
		if p.Target(to) != nil {
			ids = append(ids, p.ID)
		} else {
			engine.Elsewhere = append(engine.Elsewhere, p)
		}
	}
	return &backend{engine: engine, packs: ids, source: m.Source, to: to, about: m.About, elsewhere: engine.Elsewhere}, nil
}

// all gives all packs with their rules and examples.
func (c catalogue) all(dirs []string) ([]*rules.Pack, error) {
	heads, err := c.packs.Heads()
	if err != nil {
		return nil, err
	}
	x, err := c.extensions(heads, rules.Targets(heads)[0], dirs)
	if err != nil {
		return nil, err
	}
	var all []*rules.Pack
	for _, f := range c.packs.Folders {
		p, err := f.LoadAll(nil, x.option)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}
