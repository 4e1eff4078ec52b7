// Package ruletest runs the examples that rules carry.
//
// It owes every example the checks that the tool's own examples get: the
// result is the one that the rule states, a second run changes nothing, and
// every promise of package check holds.
package ruletest

import (
	"fmt"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"pyxlate/rules"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

// A Failure is one fault of one example.
type Failure struct {
	Rule  *rules.Rule
	Index int    // of the example in its rule, from 1
	Text  string // what is wrong; a diff from what the rule states to what came out
}

func (f Failure) String() string {
	return fmt.Sprintf("%s:%d: %s, example %d: %s", f.Rule.File, f.Rule.Line, f.Rule.ID, f.Index, f.Text)
}

// A Result is what the examples came to.
type Result struct {
	Run      int // examples
	Failures []Failure
}

// Failed is the number of examples with a failure.
func (r Result) Failed() int {
	type key struct {
		rule  *rules.Rule
		index int
	}
	seen := map[key]bool{}
	for _, f := range r.Failures {
		seen[key{f.Rule, f.Index}] = true
	}
	return len(seen)
}

// Run runs the examples of the rules that which lets pass, in the order in which
// they are tried. An example's own options count before those of o.
func Run(m *rules.Migration, tables *sdk.Set, o rewrite.Options, which func(*rules.Rule) bool) Result {
	var result Result
	for _, r := range m.Rules {
		if !which(r) {
			continue
		}
		for i, e := range r.Examples {
			result.Run++
			for _, text := range faults(m, tables, o, e) {
				result.Failures = append(result.Failures, Failure{r, i + 1, text})
			}
		}
	}
	return result
}

func faults(m *rules.Migration, tables *sdk.Set, o rewrite.Options, e rules.Example) []string {
	if len(e.Options) > 0 {
		o.Settings = e.Options
	}
	results, got, err := translate(m, tables, o, e.Before)
	if err != nil {
		return []string{err.Error()}
	}
	want := e.After
	if e.Same {
		want = e.Before
	}
	var all []string
	if got != want {
		all = append(all, "the result is not as stated:\n"+strings.TrimSuffix(udiff.Unified("stated", "result", want, got), "\n"))
	}
	t := &check.Translation{Migration: m, Tables: tables, Options: o, Results: results}
	for _, v := range append(check.All(t), check.WithNotes(t)...) {
		all = append(all, v.String())
	}
	return all
}

func translate(m *rules.Migration, tables *sdk.Set, o rewrite.Options, source string) ([]project.Result, string, error) {
	doc, err := document.Open("example.py", []byte(source))
	if err != nil {
		return nil, "", err
	}
	results := project.Translate([]*document.Document{doc}, nil, m, tables, o)
	if err := results[0].Err; err != nil {
		return nil, "", err
	}
	return results, string(results[0].Output), nil
}
