package batchai_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

// update writes the after sides of the examples anew. Read the difference: an
// example states what the rule owes, not what the engine happens to do.
var update = flag.Bool("update", false, "write the after sides of the examples in the rule files")

// The examples of the rules are what the engine makes of them, and translating
// the result again changes nothing.
func TestExamples(t *testing.T) {
	tables, err := sdk.Load()
	require.NoError(t, err)
	m, err := packs.SelectAll("azureml", tables)
	require.NoError(t, err)
	translate := func(t *testing.T, source string, options map[string]string) string {
		doc, err := document.Open("example.py", []byte(source))
		require.NoError(t, err)
		rs := project.Translate([]*document.Document{doc}, nil, m, tables, rewrite.Options{Settings: options})
		require.Len(t, rs, 1)
		require.NoError(t, rs[0].Err)
		return string(rs[0].Output)
	}
	// From the last rule to the first, so that lines above keep their numbers.
	for _, r := range slices.Backward(m.Rules) {
		for i, e := range slices.Backward(r.Examples) {
			t.Run(fmt.Sprintf("%s-%s-%d", r.ID, r.Name, i+1), func(t *testing.T) {
				want := e.After
				if e.Same {
					want = e.Before
				}
				got := translate(t, e.Before, e.Options)
				if *update && got != want {
					rewriteExample(t, r.File, r.Line, i, e.Before, got)
				} else {
					assert.Equal(t, want, got, "%s:%d", r.File, r.Line)
				}
				assert.Equal(t, got, translate(t, got, e.Options), "a second run changes it")
			})
		}
	}
}

// rewriteExample puts a new after side into a rule file, for the example with
// that index (0-based) of the rule that begins on that line (1-based).
func rewriteExample(t *testing.T, file string, line, index int, before, after string) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	lines := strings.SplitAfter(string(text), "\n")
	at := line
	for n := -1; n < index; at++ {
		if strings.HasPrefix(lines[at], "    - before:") {
			n++
		}
	}
	inBlock := func(l string) bool { return strings.HasPrefix(l, "        ") || strings.TrimSpace(l) == "" && l != "" }
	for at < len(lines) && inBlock(lines[at]) {
		at++
	}
	end := at + 1 // after: | or same: true
	for end < len(lines) && inBlock(lines[end]) && strings.HasPrefix(lines[at], "      after:") {
		end++
	}
	for end > at+1 && strings.TrimSpace(lines[end-1]) == "" {
		end--
	}
	var put strings.Builder
	if after == before {
		put.WriteString("      same: true\n")
	} else {
		put.WriteString("      after: |\n")
		for l := range strings.Lines(after) {
			if l != "\n" {
				put.WriteString("        ")
			}
			put.WriteString(l)
		}
	}
	out := slices.Concat(lines[:at], []string{put.String()}, lines[end:])
	require.NoError(t, os.WriteFile(file, []byte(strings.Join(out, "")), 0o644))
}

// Rules that share their examples have some.
func TestEveryGroupHasAnExample(t *testing.T) {
	m, err := packs.SelectAll("azureml", nil)
	require.NoError(t, err)
	has := map[string]bool{}
	for _, r := range m.Rules {
		has[r.Group] = has[r.Group] || len(r.Examples) > 0
	}
	for _, r := range m.Rules {
		assert.True(t, has[r.Group], "%s: group %q has no example", r.ID, r.Group)
	}
}
