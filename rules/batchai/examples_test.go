package batchai_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules/batchai"
	"pyxlate/rules/sdk"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

// The examples of the rules are what the engine makes of them, and translating
// the result again changes nothing.
func TestExamples(t *testing.T) {
	tables, err := sdk.Load()
	require.NoError(t, err)
	pack, err := batchai.LoadAll(tables)
	require.NoError(t, err)
	translate := func(t *testing.T, source string, options map[string]string) project.Result {
		doc, err := document.Open("example.py", []byte(source))
		require.NoError(t, err)
		rs := project.Translate([]*document.Document{doc}, nil, pack, tables, rewrite.Options{Settings: options})
		require.Len(t, rs, 1)
		require.NoError(t, rs[0].Err)
		return rs[0]
	}
	for _, r := range pack.Rules {
		for i, e := range r.Examples {
			t.Run(fmt.Sprintf("%s-%s-%d", r.ID, r.Name, i+1), func(t *testing.T) {
				want := e.After
				if e.Same {
					want = e.Before
				}
				got := translate(t, e.Before, e.Options)
				assert.Equal(t, want, string(got.Output), "%s:%d", r.File, r.Line)
				again := translate(t, string(got.Output), e.Options)
				assert.Equal(t, string(got.Output), string(again.Output), "a second run changes it")
			})
		}
	}
}

// Every rule is used by an example of its group: one whose finding has the
// rule's code, or whose before side names one of its symbols.
func TestEveryGroupHasAnExample(t *testing.T) {
	pack, err := batchai.LoadAll(nil)
	require.NoError(t, err)
	has := map[string]bool{}
	for _, r := range pack.Rules {
		has[r.Group] = has[r.Group] || len(r.Examples) > 0
	}
	for _, r := range pack.Rules {
		assert.True(t, has[r.Group], "%s: group %q has no example", r.ID, r.Group)
	}
}
