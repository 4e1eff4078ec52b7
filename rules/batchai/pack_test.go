package batchai

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/sdk"
)

// TestMain holds the pack against both SDKs: every symbol, field, parameter and
// target call exists and binds. No other test says anything of a pack with
// faults, so they are told once and alone.
func TestMain(m *testing.M) {
	tables, err := sdk.Load()
	if err == nil {
		_, err = Folder.LoadAll(tables)
	}
	if err != nil {
		fmt.Printf("The rules of this pack have faults:\n%v\n", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// azureml is what leads to the first target.
func azureml(t *testing.T) *rules.Migration {
	t.Helper()
	pack, err := Folder.Load()
	require.NoError(t, err)
	m, err := rules.Select([]*rules.Pack{pack}, "azureml")
	require.NoError(t, err)
	return m
}

// Every code that a function answers with has a text.
func TestCodesHaveTexts(t *testing.T) {
	m := azureml(t)
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	code := regexp.MustCompile(`"(BAI\d+[a-z]?)"`)
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		text, err := os.ReadFile(f.Name())
		require.NoError(t, err)
		for _, found := range code.FindAllStringSubmatch(string(text), -1) {
			_, ok := m.Note(found[1])
			assert.True(t, ok, "%s: %s has no text in notes.yaml", f.Name(), found[1])
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Folder.Load(); err != nil {
			b.Fatal(err)
		}
	}
}
