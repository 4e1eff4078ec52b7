package rulecases_test

import (
	"flag"
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check"
	"pyxlate/translator/check/golden"
	"pyxlate/translator/check/rulecases"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

var all = flag.Bool("rulecases.all", false, "run every case but one in 40 of those with another construct; without it, one in three of those with a single comment")

func translate(t *testing.T, m *rules.Migration, tables *sdk.Set, path string, text []byte, settings map[string]string) *check.Translation {
	d, err := document.Open(path, slices.Clone(text))
	require.NoError(t, err)
	o := rewrite.Options{Settings: settings}
	return &check.Translation{Migration: m, Tables: tables, Options: o,
		Results: project.Translate([]*document.Document{d}, nil, m, tables, o)}
}

// The examples of the rules keep every promise in every form that Python has
// for them, and become what the examples become.
func TestForms(t *testing.T) {
	if *golden.Update {
		t.Skip("nothing here is written by -update, and it is most of the time of all tests")
	}
	tables, err := sdk.Load()
	require.NoError(t, err)
	m, err := packs.SelectAll("azureml", tables)
	require.NoError(t, err)
	run, total := 0, 0
	for _, r := range m.Rules {
		for i, e := range r.Examples {
			t.Run(fmt.Sprintf("%s-%s-%d", r.ID, r.Name, i+1), func(t *testing.T) {
				p, err := rulecases.Read(m, tables, e.Before)
				require.NoError(t, err)
				original := translate(t, m, tables, "example.py", []byte(e.Before), e.Options)
				findings := rulecases.Findings(original)
				calls, err := rulecases.TargetCalls(original)
				require.NoError(t, err)
				for c := range p.Cases() {
					if total++; !chosen(r.ID + c.Name) {
						continue
					}
					run++
					t.Run(c.Name, func(t *testing.T) {
						defer func() {
							if v := recover(); v != nil {
								t.Errorf("%v\n%s\n%s", v, c.Text, debug.Stack())
							}
						}()
						got := translate(t, m, tables, c.Path, c.Text, e.Options)
						broken := check.All(got)
						if total%10 == 0 {
							broken = append(broken, check.WithNotes(got)...)
						}
						for _, v := range broken {
							t.Error(v)
						}
						if c.Keep >= rulecases.Verdicts {
							same(t, "findings", findings, rulecases.Findings(got))
						}
						if c.Keep >= rulecases.Calls {
							now, err := rulecases.TargetCalls(got)
							require.NoError(t, err)
							same(t, "calls", calls, now)
						}
						if c.Own != "" && rulecases.Overwritten(got, c.Own) {
							t.Errorf("the user's own variable %s is overwritten", c.Own)
						}
						if t.Failed() {
							t.Logf("%s\n-----\n%s", c.Text, got.Results[0].Output)
						}
					})
				}
			})
		}
	}
	t.Logf("%d of %d cases", run, total)
	assert.Greater(t, total, 9000)
}

// chosen picks the cases of a run, always the same.
func chosen(name string) bool {
	h := fnv.New32a()
	h.Write([]byte(name))
	switch {
	case strings.Contains(name, "constructs/"):
		// There are a hundred thousand.
		return h.Sum32()%40 == 0 && (!testing.Short() || h.Sum32()%800 == 0)
	case testing.Short():
		return h.Sum32()%20 == 0
	case *all || !strings.Contains(name, "comments/") || strings.HasSuffix(name, "/all"):
		return true
	}
	return h.Sum32()%3 == 0
}

func same(t *testing.T, what string, want, got []string) {
	if !slices.Equal(want, got) {
		t.Errorf("other %s:\n%s", what, udiff.Unified("example", "case", strings.Join(want, "\n")+"\n", strings.Join(got, "\n")+"\n"))
	}
}
