package packs_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check/golden"
	"pyxlate/translator/check/ruletest"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

// forEachTarget runs a test for every target to which a pack leads.
func forEachTarget(t *testing.T, test func(t *testing.T, m *rules.Migration, tables *sdk.Set)) {
	tables, err := sdk.Load()
	require.NoError(t, err)
	heads, err := packs.BuiltIn.Heads()
	require.NoError(t, err)
	for _, target := range rules.Targets(heads) {
		t.Run(target, func(t *testing.T) {
			m, err := packs.SelectAll(target, tables)
			require.NoError(t, err)
			test(t, m, tables)
		})
	}
}

// The examples of the rules are what the engine makes of them, and translating
// the result again changes nothing. Where -update has written the after sides
// anew, read the difference: an example states what the rule owes, not what the
// engine happens to do.
func TestExamples(t *testing.T) {
	forEachTarget(t, func(t *testing.T, m *rules.Migration, tables *sdk.Set) {
		translate := func(t *testing.T, source string, options map[string]string) string {
			doc, err := document.Open("example.py", []byte(source))
			require.NoError(t, err)
			rs := project.Translate([]*document.Document{doc}, nil, m, tables, rewrite.Options{Settings: options})
			require.Len(t, rs, 1)
			require.NoError(t, rs[0].Err)
			return string(rs[0].Output)
		}
		// From the last rule of a file to the first, so that lines above keep their
		// numbers.
		inFile := slices.Clone(m.Rules)
		slices.SortStableFunc(inFile, func(a, b *rules.Rule) int { return b.Line - a.Line })
		for _, r := range inFile {
			for i, e := range slices.Backward(r.Examples) {
				t.Run(fmt.Sprintf("%s-%s-%d", r.ID, r.Name, i+1), func(t *testing.T) {
					want := e.After
					if e.Same {
						want = e.Before
					}
					got := translate(t, e.Before, e.Options)
					file := filepath.Join(folder(r.Pack), filepath.FromSlash(r.File))
					if *golden.Update && got != want {
						require.NoError(t, ruletest.WriteAfter(file, r.Line, i, e.Before, got))
					} else {
						assert.Equal(t, want, got, "%s:%d: %s", file, r.Line, golden.Hint)
					}
					assert.Equal(t, got, translate(t, got, e.Options), "a second run changes it")
				})
			}
		}
	})
}

// folder is where the files of a pack lie.
func folder(p *rules.Pack) string { return filepath.Join("..", p.ID) }

// Rules that share their examples have some.
func TestEveryGroupHasAnExample(t *testing.T) {
	forEachTarget(t, func(t *testing.T, m *rules.Migration, _ *sdk.Set) {
		has := map[string]bool{}
		for _, r := range m.Rules {
			has[r.Group] = has[r.Group] || len(r.Examples) > 0
		}
		for _, r := range m.Rules {
			assert.True(t, has[r.Group], "%s: group %q has no example", r.ID, r.Group)
		}
	})
}
