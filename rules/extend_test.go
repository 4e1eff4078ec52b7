package rules_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/sdk"
)

const wrapperTable = `{
"format": 1,
"package": "wrapper",
"version": "0",
"roots": ["wrapper"],
"aliases": {
},
"symbols": {
"wrapper": {"kind": "module"},
"wrapper.get": {"kind": "function", "params": [{"name": "name", "kind": "pos", "required": true}]}
}
}
`

func extend(t *testing.T, ruleFile string, more ...string) (*rules.Migration, error) {
	t.Helper()
	base, err := sdk.Load()
	require.NoError(t, err)
	tables, err := base.With([]byte(wrapperTable))
	require.NoError(t, err)
	own := fstest.MapFS{"own.yaml": {Data: []byte(ruleFile)}}
	for _, name := range more {
		own[name] = &fstest.MapFile{Data: []byte("id: x\n")}
	}
	fsys := fstest.MapFS{
		"p/pack.yaml":      {Data: []byte(pack)},
		"p/notes.yaml":     {Data: []byte(notes)},
		"p/resources.yaml": {Data: []byte(resources)},
		"p/rules.yaml":     {Data: []byte(cluster)},
	}
	p, err := rules.Load(fsys, "p", nil, nil, nil, rules.Extend(tables, rules.Extension{
		FS: own, Label: "migration", Modules: []string{"wrapper"}, Names: map[string][]string{"wrapper": {"get"}},
	}))
	if err != nil {
		return nil, err
	}
	return rules.Select([]*rules.Pack{p}, "new")
}

const wrapperRule = `- id: W1
  from: wrapper.get
  to: "{cluster}"
  drops: {name: ""}
  why: The wrapper only hands on.
  examples: [{before: x, same: true}]
`

func TestExtend(t *testing.T) {
	p, err := extend(t, wrapperRule)
	require.NoError(t, err)
	require.Len(t, p.For("wrapper.get"), 1)
	assert.Equal(t, "migration/own.yaml", p.For("wrapper.get")[0].File)
	assert.Contains(t, p.Primary, "wrapper")
	assert.Equal(t, []string{"get"}, p.Samples["wrapper"].Marks)
	assert.Contains(t, p.Codes(), "W1")

	p, err = extend(t, "- {id: W2, from: azure.mgmt.batchai.operations.ClustersOperations.get, manual: true, why: Ours., examples: [{before: x, same: true}]}\n")
	require.NoError(t, err)
	assert.Equal(t, "W2", p.For("azure.mgmt.batchai.operations.ClustersOperations.get")[0].ID, "own rules come first")
}

// Own rules are held against the tables although the pack is loaded without.
func TestExtensionFaults(t *testing.T) {
	for text, want := range map[string]string{
		"- {id: W1, from: wrapper.gte, manual: true, why: x, examples: [{before: x, same: true}]}\n":       `migration/own.yaml:1:12: the source SDKs have no wrapper.gte; did you mean "wrapper.get"?`,
		"- id: W1\n  from: wrapper.get\n  tow: x\n":                                                        `migration/own.yaml:3:3: unknown key "tow"`,
		"- id: R1\n  from: wrapper.get\n  manual: true\n  why: x\n  examples: [{before: x, same: true}]\n": "is taken by the rule at",
		"- {id: W1, from: wrapper.get, to: print(1), why: x, examples: [{before: x, same: true}]}\n":       "loses parameter name of wrapper.get",
		"- id: [\n": "migration/own.yaml:",
	} {
		_, err := extend(t, text)
		require.Error(t, err, text)
		assert.Contains(t, err.Error(), want)
	}
	_, err := extend(t, wrapperRule, "pack.yaml")
	require.Error(t, err)
	assert.Contains(t, err.Error(), "migration/pack.yaml:1:1: unknown key \"id\"")
}
