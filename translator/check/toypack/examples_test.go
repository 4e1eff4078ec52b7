package toypack_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check/golden"
	"pyxlate/translator/check/ruletest"
	"pyxlate/translator/check/toypack"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

func tables(t testing.TB) *sdk.Set {
	t.Helper()
	set, err := toypack.Tables()
	require.NoError(t, err)
	return set
}

// migration is what leads to a target, validated.
func migration(t testing.TB, target string) *rules.Migration {
	t.Helper()
	m, err := toypack.Packs.SelectAll(target, tables(t))
	require.NoError(t, err)
	return m
}

// The examples of the rules are what the engine makes of them, and keep every
// promise.
func TestExamples(t *testing.T) {
	for _, target := range []string{"greenhouse", "meadow"} {
		t.Run(target, func(t *testing.T) {
			m, set := migration(t, target), tables(t)
			if *golden.Update {
				updateExamples(t, m, set)
				return
			}
			result := ruletest.Run(m, set, rewrite.Options{}, func(*rules.Rule) bool { return true })
			for _, f := range result.Failures {
				t.Error(f)
			}
		})
	}
}

func updateExamples(t *testing.T, m *rules.Migration, set *sdk.Set) {
	// From the last rule of a file to the first, so that lines above keep their
	// numbers.
	for _, r := range slices.Backward(m.Rules) {
		for i, e := range slices.Backward(r.Examples) {
			doc, err := document.Open("example.py", []byte(e.Before))
			require.NoError(t, err)
			rs := project.Translate([]*document.Document{doc}, nil, m, set, rewrite.Options{Settings: e.Options})
			require.NoError(t, rs[0].Err)
			if got := string(rs[0].Output); got != e.After || e.Same && got != e.Before {
				require.NoError(t, ruletest.WriteAfter(r.File, r.Line, i, e.Before, got))
			}
		}
	}
}
