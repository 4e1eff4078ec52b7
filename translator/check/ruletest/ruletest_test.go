package ruletest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
	_ "pyxlate/translator/check/golden"
	"pyxlate/translator/check/ruletest"
	"pyxlate/translator/rewrite"
)

const before = "from azure.mgmt.batchai import BatchAIManagementClient\n\nclient = BatchAIManagementClient(credentials, 'sub')\nprint(client.clusters.get('g', 'w', 'c').name)\n"

func TestFailuresSayWhatIsDifferent(t *testing.T) {
	tables, err := sdk.Load()
	require.NoError(t, err)
	m, err := packs.Select("azureml")
	require.NoError(t, err)
	r := m.For("azure.mgmt.batchai.operations.ClustersOperations.get")[0]
	r.Examples = []rules.Example{
		{Before: before, After: "wrong\n"},
		{Before: "x = 1\n", Same: true},
		{Before: "x = 1\n", After: "x = 2\n"},
	}
	only := func(x *rules.Rule) bool { return x == r }
	result := ruletest.Run(m, tables, rewrite.Options{}, only)
	assert.Equal(t, 3, result.Run)
	assert.Equal(t, 2, result.Failed())
	require.NotEmpty(t, result.Failures)
	assert.Contains(t, result.Failures[0].String(), ": "+r.ID+", example 1: the result is not as stated:\n--- stated\n+++ result\n@@")
	assert.Contains(t, result.Failures[0].Text, "\n-wrong\n")
	assert.Equal(t, 3, result.Failures[len(result.Failures)-1].Index)
}
