package packs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check/golden"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

// forEachTarget runs a test for every target to which a pack leads.
func forEachTarget(t *testing.T, test func(t *testing.T, m *rules.Migration, tables *sdk.Set)) {
	tables, err := sdk.Load()
	require.NoError(t, err)
	heads, err := packs.BuiltIn.Heads()
	require.NoError(t, err)
	for _, target := range rules.Targets(heads) {
		t.Run(target, func(t *testing.T) {
			m, err := packs.SelectAll(target, tables)
			require.NoError(t, err)
			test(t, m, tables)
		})
	}
}

// The examples of the rules are what the engine makes of them, and translating
// the result again changes nothing. Where -update has written the after sides
// anew, read the difference: an example states what the rule owes, not what the
// engine happens to do.
func TestExamples(t *testing.T) {
	forEachTarget(t, func(t *testing.T, m *rules.Migration, tables *sdk.Set) {
		translate := func(t *testing.T, source string, options map[string]string) string {
			doc, err := document.Open("example.py", []byte(source))
			require.NoError(t, err)
			rs := project.Translate([]*document.Document{doc}, nil, m, tables, rewrite.Options{Settings: options})
			require.Len(t, rs, 1)
			require.NoError(t, rs[0].Err)
			return string(rs[0].Output)
		}
		// From the last rule of a file to the first, so that lines above keep their
		// numbers.
		inFile := slices.Clone(m.Rules)
		slices.SortStableFunc(inFile, func(a, b *rules.Rule) int { return b.Line - a.Line })
		for _, r := range inFile {
			for i, e := range slices.Backward(r.Examples) {
				t.Run(fmt.Sprintf("%s-%s-%d", r.ID, r.Name, i+1), func(t *testing.T) {
					want := e.After
					if e.Same {
						want = e.Before
					}
					got := translate(t, e.Before, e.Options)
					file := filepath.Join(folder(r.Pack), filepath.FromSlash(r.File))
					if *golden.Update && got != want {
						rewriteExample(t, file, r.Line, i, e.Before, got)
					} else {
						assert.Equal(t, want, got, "%s:%d: %s", file, r.Line, golden.Hint)
					}
					assert.Equal(t, got, translate(t, got, e.Options), "a second run changes it")
				})
			}
		}
	})
}

// folder is where the files of a pack lie.
func folder(p *rules.Pack) string { return filepath.Join("..", p.ID) }

// rewriteExample puts a new after side into a rule file, for the example with
// that index (0-based) of the rule that begins on that line (1-based).
func rewriteExample(t *testing.T, file string, line, index int, before, after string) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	out, ok := withAfter(string(text), line, index, before, after)
	if !ok {
		t.Errorf("%s:%d: -update finds no after side to write: the example needs lines of its own for `before: |` and for `after: |` or `same: true`", file, line)
		return
	}
	require.NoError(t, os.WriteFile(file, []byte(out), 0o644))
}

func withAfter(text string, line, index int, before, after string) (string, bool) {
	lines := strings.SplitAfter(text, "\n")
	indent := func(l string) int { return len(l) - len(strings.TrimLeft(l, " ")) }
	blank := func(l string) bool { return strings.TrimSpace(l) == "" }
	// The lines of the example, from its dash on.
	at, n := line, -1
	for ; at < len(lines) && (blank(lines[at]) || indent(lines[at]) >= 2); at++ {
		if indent(lines[at]) == 2 && strings.TrimSpace(lines[at]) == "examples:" {
			n = 0
		} else if n >= 0 && strings.HasPrefix(lines[at], "    - ") {
			if n == index {
				break
			}
			n++
		}
	}
	// Its after side, without blank lines that follow.
	for at++; at < len(lines) && (blank(lines[at]) || indent(lines[at]) > 4); at++ {
		if strings.HasPrefix(lines[at], "      after:") || strings.HasPrefix(lines[at], "      same:") {
			break
		}
	}
	if at >= len(lines) || indent(lines[at]) != 6 {
		return "", false
	}
	end := at + 1
	for end < len(lines) && (blank(lines[end]) || indent(lines[end]) > 6) {
		end++
	}
	for end > at+1 && blank(lines[end-1]) {
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
	return strings.Join(slices.Concat(lines[:at], []string{put.String()}, lines[end:]), ""), true
}

func TestAfterSidesAreWritten(t *testing.T) {
	const text = `- id: R1
  from: x
  why: |
    Why.
    - before: not this
  examples:
    - before: |
        a

        b
      after: |
        old

        old
      why: As it was.
    - why: The second.
      before: |
        c
      options: {storage: default}
      same: true

- id: R2
  from: y
  examples:
    - {before: x, same: true}
`
	got, ok := withAfter(text, 1, 0, "a\n\nb\n", "new\n\nnew\n")
	require.True(t, ok)
	want := strings.Replace(text, "old\n\n        old", "new\n\n        new", 1)
	assert.Equal(t, want, got)
	got, ok = withAfter(got, 1, 1, "c\n", "d\n")
	require.True(t, ok)
	want = strings.Replace(want, "      same: true\n", "      after: |\n        d\n", 1)
	assert.Equal(t, want, got)
	got, ok = withAfter(got, 1, 0, "a\n\nb\n", "a\n\nb\n")
	require.True(t, ok)
	want = strings.Replace(want, "      after: |\n        new\n\n        new\n", "      same: true\n", 1)
	assert.Equal(t, want, got)
	_, ok = withAfter(text, 1, 2, "", "d\n")
	assert.False(t, ok)
	_, ok = withAfter(text, 22, 0, "x", "d\n")
	assert.False(t, ok, "an example on one line is left to its writer")
}

// Rules that share their examples have some.
func TestEveryGroupHasAnExample(t *testing.T) {
	forEachTarget(t, func(t *testing.T, m *rules.Migration, _ *sdk.Set) {
		has := map[string]bool{}
		for _, r := range m.Rules {
			has[r.Group] = has[r.Group] || len(r.Examples) > 0
		}
		for _, r := range m.Rules {
			assert.True(t, has[r.Group], "%s: group %q has no example", r.ID, r.Group)
		}
	})
}
