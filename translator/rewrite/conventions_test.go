package rewrite_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check/ruletest"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

// kiln is a pack whose SDKs wait, page, group operations and build records in
// other ways than those of the real ones.
func kiln(t *testing.T) (*rules.Migration, *sdk.Set) {
	t.Helper()
	base, err := sdk.Load()
	require.NoError(t, err)
	var texts [][]byte
	for _, name := range []string{"kiln", "forge"} {
		text, err := os.ReadFile("testdata/kiln/" + name + ".json")
		require.NoError(t, err)
		texts = append(texts, text)
	}
	tables, err := base.With(texts...)
	require.NoError(t, err)
	p, err := rules.Load(os.DirFS("testdata/kiln"), ".", tables, nil, nil)
	require.NoError(t, err)
	m, err := rules.Select([]*rules.Pack{p}, "new")
	require.NoError(t, err)
	return m, tables
}

// The engine carries out the examples of such a pack with all promises.
func TestConventionsOfAnotherSDK(t *testing.T) {
	m, tables := kiln(t)
	result := ruletest.Run(m, tables, rewrite.Options{}, func(*rules.Rule) bool { return true })
	require.NotZero(t, result.Run)
	for _, f := range result.Failures {
		t.Error(f)
	}
}

// What is dropped of a call is said, but for the token of the page before.
func TestTokensOfPages(t *testing.T) {
	m, tables := kiln(t)
	for src, want := range map[string]ir.Verdict{
		"page = client.list_ovens()\n":     ir.Migrated,
		"page = client.list_ovens(None)\n": ir.Migrated,
		"page = client.list_ovens()\nwhile page.more:\n    page = client.list_ovens(page.more)\n": ir.Migrated,
		"page = client.list_ovens(open('token').read())\n":                                        ir.Review,
		"page = client.list_ovens('abc')\n":                                                       ir.Review,
		"page = client.list_ovens(client.get_oven('big').name)\n":                                 ir.Review,
	} {
		doc, err := document.Open("x.py", []byte("import kiln\nclient = kiln.Client('key')\n"+src))
		require.NoError(t, err)
		result := project.Translate([]*document.Document{doc}, nil, m, tables, rewrite.Options{})[0]
		worst := ir.Migrated
		for _, f := range result.Findings {
			if f.Symbol == "kiln.Client.list_ovens" {
				worst = max(worst, f.Verdict)
			}
		}
		assert.Equal(t, want, worst, src)
	}
}

// A file that never names the SDK may use it through the operations of a client:
// groups or methods of its own.
func TestMembersOfFlatClients(t *testing.T) {
	m, tables := kiln(t)
	var words []string
	for _, w := range project.New(m, tables, rewrite.Options{}).Members() {
		words = append(words, string(w))
	}
	assert.ElementsMatch(t, []string{".create_oven", ".delete_oven", ".each_oven", ".get_oven", ".list_ovens", ".warm"}, words)
}
