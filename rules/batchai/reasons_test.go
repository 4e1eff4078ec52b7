package batchai_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check/golden"
)

// A reason for leaving something by hand that more than five symbols share is
// listed with them, so that a wildcard hides nothing from review.
func TestSharedReasons(t *testing.T) {
	tables, err := sdk.Load()
	require.NoError(t, err)
	m, err := packs.Select("azureml")
	require.NoError(t, err)
	golden.File(t, "azureml/shared_reasons.txt", []byte(rules.SharedReasons(m, tables)))
}
