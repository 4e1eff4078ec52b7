package batchai_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
)

// A reason for leaving something by hand that more than five symbols share is
// listed with them, so that a wildcard hides nothing from review.
func TestSharedReasons(t *testing.T) {
	const file = "azureml/shared_reasons.txt"
	tables, err := sdk.Load()
	require.NoError(t, err)
	m, err := packs.Select("azureml")
	require.NoError(t, err)
	now := rules.SharedReasons(m, tables)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(now), 0o666))
	}
	have, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, now, string(have), "%s is not what the rules say: run go test ./rules/batchai -update, and read the difference", file)
}
