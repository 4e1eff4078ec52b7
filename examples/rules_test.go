package examples

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/rules/packs"
	"pyxlate/translator/check/checktest"
	"pyxlate/translator/rewrite"
)

// TestRules holds the examples inside the rule files to every promise. What
// they become is compared by the tests of the pack.
func TestRules(t *testing.T) {
	h := harness(t)
	m, err := packs.SelectAll("azureml", h.Tables)
	require.NoError(t, err)
	h.Migration = m
	for _, r := range m.Rules {
		for i, e := range r.Examples {
			t.Run(fmt.Sprintf("%s-%s-%d", r.ID, r.Name, i+1), func(t *testing.T) {
				h := h
				h.Options = rewrite.Options{Settings: e.Options}
				checktest.Run(t, h, checktest.File{Path: "example.py", Text: []byte(e.Before)})
			})
		}
	}
}
