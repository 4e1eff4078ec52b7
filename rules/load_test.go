package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

const pack = `id: demo
source: Demo
targets: {new: {modules: [azureml]}}
primary: [azure.mgmt.batchai, old_tools]
env: [DEMO_]
lines: [[az, demo]]
drops: {raw: N1, custom_headers: N1, polling: N1}
options: {keep: [yes, no]}
`

const notes = `N1: {verdict: review, text: "{NAME} is dropped."}
N2: {verdict: manual, text: Do it by hand.}
`

const resources = `workspace:
  type: azureml.core.Workspace
  carrier: azure.mgmt.batchai.BatchAIManagementClient
  key: [resource_group_name, workspace_name]
  make: azureml.core.Workspace.get(name={workspace_name}, resource_group={resource_group_name})
cluster:
  type: azureml.core.compute.AmlCompute
  key: [cluster_name]
  make: azureml.core.compute.ComputeTarget(workspace={workspace}, name={cluster_name})
`

// cluster is a rule without a fault; tests replace a line of it.
const cluster = `- id: R1
  name: cluster-get
  from: azure.mgmt.batchai.operations.ClustersOperations.get
  to: "{cluster}"
  verdict: review
  why: One line.
  examples:
    - before: x
      same: true
`

func load(t *testing.T, ruleFile string, opts ...rules.Option) (*rules.Pack, error) {
	t.Helper()
	tables, err := sdk.Load()
	require.NoError(t, err)
	fsys := fstest.MapFS{
		"p/pack.yaml":      {Data: []byte(pack)},
		"p/notes.yaml":     {Data: []byte(notes)},
		"p/resources.yaml": {Data: []byte(resources)},
		"p/rules.yaml":     {Data: []byte(ruleFile)},
	}
	funcs := map[string]ir.Func{"files": func(ir.Context) *ir.Answer { return nil }}
	return rules.Load(fsys, "p", tables, funcs, nil, opts...)
}

// selected is what leads to the one target of a pack.
func selected(t *testing.T, p *rules.Pack) *rules.Migration {
	t.Helper()
	m, err := rules.Select([]*rules.Pack{p}, "new")
	require.NoError(t, err)
	return m
}

func TestLoad(t *testing.T) {
	p, err := load(t, cluster)
	require.NoError(t, err)
	assert.Equal(t, "demo", p.ID)
	m := selected(t, p)
	assert.Equal(t, [][]string{{"az", "demo"}}, m.Lines)
	rs := m.For("azure.mgmt.batchai.operations.ClustersOperations.get")
	require.Len(t, rs, 1)
	assert.Equal(t, ir.Review, rs[0].Verdict)
	assert.Equal(t, "p/rules.yaml", rs[0].File)
	assert.Equal(t, 1, rs[0].Line)
	assert.Equal(t, []rules.Example{{Before: "x", Same: true}}, rs[0].Examples)
	n, ok := m.Note("R1")
	assert.True(t, ok, "a rule without a note explains itself")
	assert.Equal(t, "One line.", n.Text)
}

// A fault is reported with its place and the nearest right name.
func TestFaults(t *testing.T) {
	const id, from, to, verdict = "- id: R1", "from: azure.mgmt.batchai.operations.ClustersOperations.get", `to: "{cluster}"`, "verdict: review"
	tests := []struct{ name, old, new, want string }{
		{"unknown key", verdict, "verdit: review", `p/rules.yaml:5:3: unknown key "verdit"; did you mean "verdict"?`},
		{"unknown verdict", verdict, "verdict: reveiw", `p/rules.yaml:5:12: unknown verdict "reveiw"; did you mean "review"?`},
		{"a key twice", verdict, "name: again", `p/rules.yaml:5:3: mapping key "name" already defined`},
		{"no such symbol", from, from + "s", `p/rules.yaml:3:3: the source SDKs have no azure.mgmt.batchai.operations.ClustersOperations.gets; did you mean "azure.mgmt.batchai.operations.ClustersOperations.get"?`},
		{"an alias instead of the name", from, "from: azure.mgmt.batchai.models.cluster.Cluster", `p/rules.yaml:3:3: azure.mgmt.batchai.models.cluster.Cluster is called azure.mgmt.batchai.models.Cluster`},
		{"no such target", to, "to: azureml.core.compute.ComputeTargt({workspace}, {cluster_name})", `p/rules.yaml:4:3: the target SDKs have no azureml.core.compute.ComputeTargt; did you mean "azureml.core.compute.ComputeTarget"?`},
		{"a call that does not bind", to, "to: azureml.core.compute.ComputeTarget(workspace={workspace}, nam={cluster_name})", "unexpected nam"},
		{"a method that does not bind", to, `to: "{cluster}.wait_for_completion(shw_output=True)"`, "unexpected shw_output"},
		{"no such member", to, `to: "{cluster}.list_node()"`, "azureml.core.compute.AmlCompute has no list_node"},
		{"no such hole", to, `to: "{clustr_name}"`, `has no parameter clustr_name for hole {clustr_name}; did you mean "cluster_name"?`},
		{"an open bracket", to, `to: "print({cluster}"`, "p/rules.yaml:4:3: template does not parse"},
		{"a lost parameter", to, `to: "{workspace}"`, "rule R1 loses parameter cluster_name of azure.mgmt.batchai.operations.ClustersOperations.get: use it, or name it in drops"},
		{"no such function", to, "func: file", `p/rules.yaml:4:3: unknown function "file"; did you mean "files"?`},
		{"no such note", verdict, "notes: [N3]", `p/rules.yaml:5:3: unknown note "N3"; did you mean "N1"?`},
		{"no such resource", verdict, "makes: clusters", `p/rules.yaml:5:3: unknown resource "clusters"; did you mean "cluster"?`},
		{"two outcomes", verdict, "manual: true", "needs exactly one of"},
		{"a wildcard for everything", from, `from: "*"`, "p/rules.yaml:3:3: * names no module: put one before the *"},
		{"no example", "  examples:\n    - before: x\n      same: true\n", "", "p/rules.yaml:1:3: rule R1 has no example"},
		{"half an example", "      same: true\n", "", "an example needs before, and either after or same: true"},
		{"broken YAML", id, "- id: [R1", "p/rules.yaml:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Contains(t, cluster, tt.old)
			_, err := load(t, strings.Replace(cluster, tt.old, tt.new, 1))
			require.Error(t, err)
			assert.Contains(t, err.Error(), tt.want)
		})
	}
}

// A hole into a record that a call takes names a field of it, however deep.
func TestFaultsOfPaths(t *testing.T) {
	const create = `- id: R1
  from: azure.mgmt.batchai.operations.ClustersOperations.create
  to: "{cluster}.update(min_nodes={%s})"
  drops: {parameters: ""}
  why: One line.
  examples: [{before: x, same: true}]
`
	for path, want := range map[string]string{
		"parameters.scale_settings.manual.target_node_count": "",
		"parameters.vm_sise":                       `azure.mgmt.batchai.models.ClusterCreateParameters has no field vm_sise for hole {parameters.vm_sise}; did you mean "vm_size"?`,
		"parameters.scale_settings.manul.x":        `azure.mgmt.batchai.models.ScaleSettings has no field manul for hole {parameters.scale_settings.manul.x}; did you mean "manual"?`,
		"parameters.vm_size.anything_of_the_value": "",
	} {
		_, err := load(t, fmt.Sprintf(create, path))
		if want == "" {
			assert.NoError(t, err, path)
		} else if assert.Error(t, err, path) {
			assert.Contains(t, err.Error(), "p/rules.yaml:3:3: "+want)
		}
	}
}

// All faults are reported, in the order of the file.
func TestAllFaultsAtOnce(t *testing.T) {
	_, err := load(t, strings.NewReplacer("verdict: review", "verdit: review", "- id: R1", "- id: R1\n  nam: x").Replace(cluster))
	var es rules.Errors
	require.ErrorAs(t, err, &es)
	require.Len(t, es, 2)
	assert.Less(t, es[0].Line, es[1].Line)
}

func TestFieldTable(t *testing.T) {
	const head = `- id: R2
  from: azure.mgmt.batchai.models.ClusterCreateParameters
  to: azureml.core.compute.AmlCompute.provisioning_configuration
  why: One line.
  examples: [{before: x, same: true}]
  fields:
`
	p, err := load(t, head+`    vm_size: vm_size
    scale_settings.manual.target_node_count:
      - {when: "0", to: min_nodes}
      - {to: [min_nodes, max_nodes], note: N1}
    location: {drop: N1}
    node_setup.setup_task: {manual: N2}
`)
	require.NoError(t, err)
	fields := p.Rules[0].Fields
	require.Len(t, fields, 5)
	assert.Equal(t, rules.Field{Path: "vm_size", To: []string{"vm_size"}}, fields[0])
	assert.Equal(t, rules.Field{Path: "scale_settings.manual.target_node_count", When: "0", To: []string{"min_nodes"}}, fields[1])
	assert.Equal(t, ir.Review, fields[2].Verdict, "a note means review")
	assert.True(t, fields[3].Drop)
	assert.Equal(t, ir.Manual, fields[4].Verdict)

	for line, want := range map[string]string{
		"    vm_siz: vm_size\n":                          `p/rules.yaml:7:5: azure.mgmt.batchai.models.ClusterCreateParameters has no field vm_siz; did you mean "vm_size"?`,
		"    vm_size: vm_sise\n":                         `has no parameter vm_sise; did you mean "vm_size"?`,
		"    scale_settings.manul.x: vm_size\n":          `azure.mgmt.batchai.models.ScaleSettings has no field manul; did you mean "manual"?`,
		"    vm_size.x: vm_size\n":                       "is no record",
		"    vm_size: {note: N1}\n":                      "field vm_size goes nowhere",
		"    vm_size: {to: vm_size, note: N9}\n":         `unknown note "N9" for field vm_size`,
		"    vm_size: {to: vm_size, value: \"({it}\"}\n": "template does not parse",
	} {
		_, err := load(t, head+line)
		require.Error(t, err, line)
		assert.Contains(t, err.Error(), want)
	}
}

// A symbol's own rules come before those of a wildcard, longer wildcards first.
func TestWildcards(t *testing.T) {
	rule := func(id, from string) string {
		return fmt.Sprintf("- {id: %s, from: %q, keep: true, why: One line., examples: [{before: x, same: true}]}\n", id, from)
	}
	p, err := load(t, rule("R1", "azure.mgmt.batchai.models.*")+rule("R2", "azure.mgmt.batchai.models.Cluster.*")+
		rule("R3", "azure.mgmt.batchai.models.Cluster.name")+rule("R4", "DEMO_INPUT_*")+rule("R5", "az demo"))
	require.NoError(t, err)
	m := selected(t, p)
	for symbol, want := range map[string]string{
		"azure.mgmt.batchai.models.Cluster.name": "R3",
		"azure.mgmt.batchai.models.Cluster.id":   "R2",
		"azure.mgmt.batchai.models.Job.id":       "R1",
		"DEMO_INPUT_X":                           "R4",
		"az demo":                                "R5",
		"azure.mgmt.compute":                     "",
	} {
		got := ""
		if rs := m.For(symbol); len(rs) > 0 {
			got = rs[0].ID
		}
		assert.Equal(t, want, got, symbol)
	}
}

func TestBriefLeavesExamplesOut(t *testing.T) {
	after := cluster + strings.NewReplacer("R1", "R2", "azure.mgmt.batchai.operations.ClustersOperations.get", "azure.mgmt.batchai.models.Cluster.name",
		`to: "{cluster}"`, "keep: true").Replace(cluster)
	p, err := load(t, after, rules.Brief())
	require.NoError(t, err)
	require.Len(t, p.Rules, 2)
	assert.Empty(t, p.Rules[0].Examples)
	assert.Equal(t, 10, p.Rules[1].Line, "lines keep their numbers")
}

func TestTemplatesAreChecked(t *testing.T) {
	_, err := load(t, cluster, rules.WithTemplates(func(text string, statements bool) error {
		return fmt.Errorf("%s is no Python", text)
	}))
	require.Error(t, err)
	assert.Contains(t, err.Error(), "{cluster} is no Python")
}

func TestResourcesOfThemselves(t *testing.T) {
	for text, want := range map[string]string{
		"a: {make: \"f({b})\"}\nb: {make: \"g({a})\"}\n":                  "n/resources.yaml:1:5: a resource cannot be made of itself: a, made of b, made of a",
		"a: {make: \"f({a})\"}\n":                                         "a, made of a",
		"a: {make: \"f({b})\"}\nb: {make: x, missing: \"g({a.name})\"}\n": "a, made of b, made of a",
	} {
		fsys := fstest.MapFS{
			"n/pack.yaml":      {Data: []byte(pack)},
			"n/notes.yaml":     {Data: []byte(notes)},
			"n/resources.yaml": {Data: []byte(text)},
		}
		_, err := rules.Load(fsys, "n", nil, nil, nil)
		require.Error(t, err)
		assert.Contains(t, err.Error(), want)
	}
}

// What the engine says of itself has a code for each of its roles.
func TestRoles(t *testing.T) {
	for codes, want := range map[string]string{
		"{unknwon: N2}": `p/pack.yaml:9:1: there is no role "unknwon"; did you mean "unknown"?`,
		"{unknown: N3}": `p/pack.yaml:9:1: unknown note "N3" for role unknown`,
		"{unknown: N2}": `p/pack.yaml:9:1: no code for the role "unplaced"`,
	} {
		tables, err := sdk.Load()
		require.NoError(t, err)
		_, err = rules.Load(fstest.MapFS{
			"p/pack.yaml":  {Data: []byte(strings.Replace(pack, "{new: {", "{new: {complete: true, ", 1) + "codes: " + codes + "\n")},
			"p/notes.yaml": {Data: []byte(notes)},
		}, "p", tables, nil, nil)
		require.Error(t, err)
		assert.Contains(t, err.Error(), want)
	}
}

// A command line is called by the words that the pack says, be it one.
func TestLines(t *testing.T) {
	tables, err := sdk.Load()
	require.NoError(t, err)
	for from, want := range map[string]string{"democtl": "", "az demo": "", "az dmo": "the source SDKs have no az dmo", "democtl list": "the source SDKs have no democtl list"} {
		_, err := rules.Load(fstest.MapFS{
			"p/pack.yaml":  {Data: []byte(strings.Replace(pack, "lines: [[az, demo]]", "lines: [[az, demo], [democtl]]", 1))},
			"p/notes.yaml": {Data: []byte(notes)},
			"p/rules.yaml": {Data: []byte(strings.Replace(cluster, "from: azure.mgmt.batchai.operations.ClustersOperations.get\n  to: \"{cluster}\"\n  verdict: review", "from: "+from+"\n  manual: true", 1))},
		}, "p", tables, nil, nil)
		if want == "" {
			assert.NoError(t, err)
			continue
		}
		assert.ErrorContains(t, err, want)
	}
}

// What a rule provides is for an object that something carries.
func TestProvidesForNothing(t *testing.T) {
	rule := func(class, more string) string {
		return "- {id: R1, from: azure.mgmt.batchai." + class + ", provides: {auth: x}" + more + ", why: One line., examples: [{before: x, same: true}]}\n"
	}
	_, err := load(t, rule("BatchAIManagementClient", ", drops: {credentials: N1, subscription_id: N1, base_url: N1, api_version: N1, profile: N1}"))
	assert.NoError(t, err)
	_, err = load(t, rule("models.Cluster", ""))
	assert.ErrorContains(t, err, "no resource of target new is carried by azure.mgmt.batchai.models.Cluster")
}
