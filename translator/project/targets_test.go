package project

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/sdk"
	"pyxlate/translator/document"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/run"
)

// twoTargets is a pack for a part of a real surface that leads to two SDKs which
// nobody has tables of.
var twoTargets = fstest.MapFS{
	"pack.yaml": {Data: []byte(`id: two
source: Two
family: TWO
targets:
  new: {name: New, modules: [new_sdk], requirements: {azure-mgmt-batchai: [new-sdk]}}
  newer: {name: Newer, modules: [newer_sdk], requirements: {azure-mgmt-batchai: [newer-sdk]}}
primary: [azure.mgmt.batchai]
drops: {custom_headers: "", raw: "", polling: ""}
codes: {import: TWO1, carried: TWO2, unknown: TWO900, needed: TWO905, unplaced: TWO904, presumed: TWO906, requirement: TWO3, requirement_version: TWO4, requirement_manual: TWO5}
`)},
	"notes.yaml": {Data: []byte(`TWO1: {text: Gone.}
TWO2: {text: "Carried over by {NAME}."}
TWO3: {text: "{NEW}."}
TWO4: {text: "{NEW}."}
TWO5: {verdict: manual, text: "Replace {OLD} by {NEW}: {WHY}."}
TWO900: {verdict: manual, text: "{NAME} is unknown."}
TWO904: {verdict: manual, text: "Cannot be written: {NAME}."}
TWO905: {verdict: manual, text: "Still needed: {NAME}."}
TWO906: {verdict: review, text: "By its shape."}
TWO10: {verdict: manual, text: Get it by hand.}
`)},
	"new/client.yaml": {Data: []byte(`- {id: TWO100, name: client, from: azure.mgmt.batchai.BatchAIManagementClient, to: "new_sdk.connect({credentials})", drops: {subscription_id: "", base_url: "", api_version: ""}, why: Connects.}
- {id: TWO10, name: get, from: azure.mgmt.batchai.operations.ClustersOperations.get, manual: true}
`)},
	"newer/notes.yaml": {Data: []byte("TWO10: {verdict: migrated, text: Fetches.}\n")},
	"newer/client.yaml": {Data: []byte(`- {id: TWO100, name: client, from: azure.mgmt.batchai.BatchAIManagementClient, to: "newer_sdk.connect({credentials})", drops: {subscription_id: "", base_url: "", api_version: ""}, why: Connects.}
- {id: TWO10, name: get, from: azure.mgmt.batchai.operations.ClustersOperations.get, to: "newer_sdk.fetch({cluster_name})", why: Fetches., drops: {resource_group_name: "", workspace_name: "", clusters_get_options: ""}}
`)},
}

// surface is the table of an SDK with functions that take one argument.
func surface(name string, functions ...string) []byte {
	text := fmt.Sprintf("{\n\"format\": 1,\n\"package\": %q,\n\"version\": \"1\",\n\"roots\": [%q],\n\"aliases\": {\n},\n\"symbols\": {\n%q: {\"kind\": \"module\"}", name, name, name)
	for _, f := range functions {
		text += fmt.Sprintf(",\n%q: {\"kind\": \"function\", \"params\": [{\"name\": \"x\", \"kind\": \"pos\", \"required\": true}]}", name+"."+f)
	}
	return []byte(text + "\n}\n}\n")
}

func leading(t *testing.T, target string) (*rules.Migration, *sdk.Set) {
	t.Helper()
	tables, err := sdk.Load()
	require.NoError(t, err)
	tables, err = tables.With(surface("new_sdk", "connect"), surface("newer_sdk", "connect", "fetch", "remotes"))
	require.NoError(t, err)
	p, err := rules.Load(twoTargets, ".", nil, nil, nil, rules.Brief())
	require.NoError(t, err)
	m, err := rules.Select([]*rules.Pack{p}, target)
	require.NoError(t, err)
	return m, tables
}

// to translates a text for a target, and again: a second run changes nothing.
func to(t *testing.T, target, path, text string) (string, run.Result) {
	t.Helper()
	m, tables := leading(t, target)
	var first run.Result
	for i := range 2 {
		d := open(t, path, text)
		r := New(m, tables, rewrite.Options{}).Translate(run.Project{Documents: []*document.Document{d}})[0]
		require.NoError(t, r.Err)
		after, err := d.Apply(r.Edits)
		require.NoError(t, err)
		if i == 0 {
			first = r
		} else {
			assert.Equal(t, text, string(after), "a second run changes it")
		}
		text = string(after)
	}
	return text, first
}

func findings(r run.Result) (codes []string) {
	for _, f := range r.Findings {
		codes = append(codes, f.Code+" "+string(f.Verdict))
	}
	return codes
}

// A mark that was written for one target is tried again when the run goes to
// another, and goes away when that has an answer.
func TestMarksBelongToTheirTarget(t *testing.T) {
	const program = `import os
from azure.mgmt.batchai import BatchAIManagementClient

client = BatchAIManagementClient(os.login, 'subscription')
# the one with GPUs
cluster = client.clusters.get('group', 'space', 'gpu')
print(client.clusters.list_by_workspace('group', 'space'))
`
	atNew, r := to(t, "new", "a.py", program)
	assert.Equal(t, `import os
from new_sdk import connect

client = connect(os.login)
# the one with GPUs
# TODO(pyxlate TWO10): Get it by hand.
cluster = client.clusters.get('group', 'space', 'gpu')
# TODO(pyxlate PYX100): Move `+"`ClustersOperations.list_by_workspace`"+` by hand: pyxlate has no answer for it yet where the target is New.
print(client.clusters.list_by_workspace('group', 'space'))
`, atNew)
	assert.Equal(t, []string{"TWO1 migrated", "TWO100 migrated", "TWO10 manual", "PYX100 manual"}, findings(r))

	// The client is left by hand in what comes next, so that the old calls are
	// known for what they are.
	const left = `from azure.mgmt.batchai import BatchAIManagementClient

client = BatchAIManagementClient(login, 'subscription')
# the one with GPUs
# TODO(pyxlate TWO10): Get it by hand.
cluster = client.clusters.get('group', 'space', 'gpu')


# TODO(pyxlate TWO10): Get it by hand.
@traced
def other(name):
    # TODO(pyxlate TWO10 to newer): Get it by hand.
    return client.clusters.get('group', 'space', name)


# TODO(pyxlate TWO10): Not about what is below.
x = 1
`
	atNewer, r := to(t, "newer", "a.py", left)
	assert.Equal(t, `from newer_sdk import connect, fetch

client = connect(login)
# the one with GPUs
cluster = fetch('gpu')


# TODO(pyxlate TWO10): Get it by hand.
@traced
def other(name):
    # TODO(pyxlate TWO10 to newer): Get it by hand.
    return client.clusters.get('group', 'space', name)


# TODO(pyxlate TWO10): Not about what is below.
x = 1
`, atNewer)
	assert.Equal(t, []string{"TWO1 migrated", "TWO100 migrated", "TWO10 migrated", "TWO10 manual", "TWO10 manual", "TWO10 manual"}, findings(r),
		"marks that stay are still to be worked off")
}

// What another target leaves to a person gets that target's mark in place of the
// old one, and the way back is open.
func TestMarksOfBothTargets(t *testing.T) {
	const program = `from azure.mgmt.batchai import BatchAIManagementClient


def show(client: BatchAIManagementClient):
    # TODO(pyxlate TWO10): Get it by hand.
    print(client.clusters.list_by_workspace('group', 'space'))
`
	const mark = "# TODO(pyxlate PYX100%s): Move `ClustersOperations.list_by_workspace` by hand: pyxlate has no answer for it yet where the target is %s.\n"
	atNewer, _ := to(t, "newer", "a.py", program)
	assert.Contains(t, atNewer, "    "+fmt.Sprintf(mark, " to newer", "Newer"))
	assert.NotContains(t, atNewer, "TWO10)")
	atNew, _ := to(t, "new", "a.py", atNewer)
	assert.Contains(t, atNew, "    "+fmt.Sprintf(mark, "", "New"))
	assert.NotContains(t, atNew, "to newer")
	again, _ := to(t, "newer", "a.py", atNew)
	assert.Equal(t, atNewer, again)
}

// So do marks in lists of requirements.
func TestMarksInRequirements(t *testing.T) {
	const list = "azure-mgmt-batchai @ https://host/x.whl\nnumpy\n"
	atNew, r := to(t, "new", "requirements.txt", list)
	assert.Equal(t, "# TODO(pyxlate TWO5): Replace azure-mgmt-batchai by new-sdk: it is taken from a URL.\n"+list, atNew)
	assert.Equal(t, []string{"TWO5 manual"}, findings(r))
	atNewer, r := to(t, "newer", "requirements.txt", atNew)
	assert.Equal(t, "# TODO(pyxlate TWO5 to newer): Replace azure-mgmt-batchai by newer-sdk: it is taken from a URL.\n"+list, atNewer)
	assert.Equal(t, []string{"TWO5 manual"}, findings(r))
	plain, r := to(t, "newer", "requirements.txt", "# of 2018\n# TODO(pyxlate TWO5): by hand\nazure-mgmt-batchai\n")
	assert.Equal(t, "# of 2018\nnewer-sdk\n", plain)
	assert.Equal(t, []string{"TWO3 migrated"}, findings(r))
}
