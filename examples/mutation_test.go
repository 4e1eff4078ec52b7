package examples

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"pyxlate/grammar"
	"pyxlate/translator/check/checktest"
	"pyxlate/translator/document"
)

// A mutation makes other programs of a program. Statement changes one statement
// of a module, given as its text and that of the next one; it gives "" where
// that cannot be. Whole changes the whole text.
type mutation struct {
	name      string
	statement func(s, next string) string
	whole     func(text string) string
}

func indent(s string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n    ") + "\n"
}

func isImport(s string) bool { return strings.HasPrefix(s, "import ") || strings.HasPrefix(s, "from ") }

func isSimple(s string) bool {
	first, _, _ := strings.Cut(s, "\n")
	return !strings.HasSuffix(strings.TrimSpace(first), ":") && !strings.HasPrefix(s, "@") && !strings.Contains(s, "#")
}

var mutations = []mutation{
	{name: "without", statement: func(s, next string) string { return next }},
	{name: "twice", statement: func(s, next string) string {
		if isImport(s) {
			return "" // one of the two was of no use before, either
		}
		return s + s + next
	}},
	{name: "if on a line above", statement: func(s, next string) string { return "if flag:\n" + indent(s) + next }},
	{name: "if not", statement: func(s, next string) string { return "if flag:\n    pass\nelse:\n" + indent(s) + next }},
	{name: "in a loop", statement: func(s, next string) string { return "for turn in range(3):\n" + indent(s) + next }},
	{name: "tried", statement: func(s, next string) string {
		return "try:\n" + indent(s) + "except ValueError as error:\n    print(error)\n" + next
	}},
	{name: "in a with", statement: func(s, next string) string { return "with open('log') as log:\n" + indent(s) + next }},
	{name: "in a function", statement: func(s, next string) string { return "def step():\n" + indent(s) + "\n\nstep()\n" + next }},
	{name: "behind another", statement: func(s, next string) string {
		if !isSimple(s) || !isSimple(next) || next == "" {
			return ""
		}
		return strings.TrimRight(s, "\n") + "; " + next
	}},
	{name: "if on its line", statement: func(s, next string) string {
		if !isSimple(s) {
			return ""
		}
		return "if flag: " + s + next
	}},
	{name: "under a comment", statement: func(s, next string) string {
		return "# about it\n" + strings.TrimSuffix(s, "\n") + "  # behind it\n" + next
	}},
	{name: "all in a function", whole: func(text string) string {
		if strings.Contains(text, "__future__") || strings.Contains(text, "\\\n") || strings.Contains(text, `"""`) {
			return ""
		}
		return "def main():\n" + indent(text) + "\n\nif __name__ == '__main__':\n    main()\n"
	}},
	{name: "all in a method", whole: func(text string) string {
		if strings.Contains(text, "__future__") || strings.Contains(text, "\\\n") || strings.Contains(text, `"""`) {
			return ""
		}
		return "class Job(object):\n    def run(self):\n" + indent(indent(text)) + "\n\nJob().run()\n"
	}},
	{name: "with other newlines", whole: func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }},
	{name: "without the last newline", whole: func(text string) string { return strings.TrimRight(text, "\n") }},
	{name: "behind a byte order mark", whole: func(text string) string { return "\ufeff" + text }},
	{name: "with pages", whole: func(text string) string { return strings.ReplaceAll(text, "\n\n", "\n\f\n") }},
}

// of gives the programs that a mutation makes, by what it was done to.
func (m mutation) of(text string) map[string]string {
	out := map[string]string{}
	if m.whole != nil {
		if now := m.whole(text); now != "" && now != text {
			out[""] = now
		}
		return out
	}
	tree, err := grammar.Parse([]byte(text))
	if err != nil || strings.Contains(text, "\r") {
		return out
	}
	var starts []int
	for n := range tree.Root().Children() {
		if at := n.Start(); (at == 0 || text[at-1] == '\n') && !n.Is(grammar.KindComment) {
			starts = append(starts, at)
		}
	}
	starts = append(starts, len(text))
	for i := 0; i+1 < len(starts); i++ {
		s, next, end := text[starts[i]:starts[i+1]], "", starts[i+1]
		if i+2 < len(starts) {
			next, end = text[starts[i+1]:starts[i+2]], starts[i+2]
		}
		if now := m.statement(s, next); now != "" {
			out[fmt.Sprintf(":%d", 1+strings.Count(text[:starts[i]], "\n"))] = text[:starts[i]] + now + text[end:]
		}
	}
	return out
}

// TestMutations holds programs that nobody would think of to every promise: the
// scripts of the examples with one line taken out, one statement somewhere else,
// all of it in a function. It runs with PYXLATE_MUTATE=1.
func TestMutations(t *testing.T) {
	if os.Getenv("PYXLATE_MUTATE") == "" {
		t.Skip("PYXLATE_MUTATE is not set")
	}
	h := harness(t)
	h.Words = nil // what a mutation breaks, the folder names in pieces
	check := func(t *testing.T, name string, before, text []byte, path string) {
		file := checktest.File{Path: filepath.Base(path), Text: text}
		if _, err := document.Open(file.Path, file.Text); err != nil {
			return
		}
		if grammar.AcceptedByGpython(before) && !grammar.AcceptedByGpython(bytes.TrimPrefix(text, []byte("\ufeff"))) {
			return // no Python any more, though the tolerant parser takes it
		}
		t.Run(filepath.ToSlash(path)+name, func(t *testing.T) {
			defer func() {
				if v := recover(); v != nil {
					t.Errorf("%v\n%s", v, debug.Stack())
				}
			}()
			_, violations := checktest.Check(t, h, file)
			for _, v := range violations {
				if strings.Contains(v.Text, "do nothing in any branch") && strings.Contains(name, "if ") {
					continue // it was put around what goes
				}
				if strings.Contains(v.Text, "nothing reads it any more") && strings.Contains(name, "twice") {
					continue // the two are no choice between values
				}
				t.Error(v)
			}
		})
	}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(filepath.ToSlash(path), "/before/") || filepath.Ext(path) != ".py" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := strings.SplitAfter(string(text), "\n")
		for i := range lines {
			check(t, fmt.Sprintf(" without line %d", i+1), text, []byte(strings.Join(lines[:i], "")+strings.Join(lines[i+1:], "")), path)
		}
		for _, m := range mutations {
			for where, now := range m.of(string(text)) {
				check(t, " "+m.name+where, text, []byte(now), path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
