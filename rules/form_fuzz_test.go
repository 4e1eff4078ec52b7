package rules

import (
	"strings"
	"testing"
)

// FuzzReadLines reads any text as the lines of a file in the compiled form: no
// panic, and what is read is written so that it reads the same.
func FuzzReadLines(f *testing.F) {
	for _, lines := range []string{
		"- {id: \"R1\", from: [\"a.b\", \"a.*\"], where: {x: 0x1F, \"y z\": null}, fold: true, drops: {}}\n- [[], -1.5, False]",
		"N1: {verdict: \"review\", text: \"\\\"Ü\\\" \\n \\x00\\u00a0\"}\n\"a \\\"b\": [\"c\"]",
		"", "id: \"demo\"", "id: 1\n", "- ", "- \n", ": \n", "x: \"\n", "x: {\n", "x: {a: 1,}\n", "x: [1 2]\n", "- 1\nx: 1\n", "\"\\\": 1\n", "x: truex\n", "x: -\n",
		strings.Repeat("- [", 50) + "\n", strings.Repeat("x: {x: ", 50) + "\n",
	} {
		f.Add(lines)
	}
	f.Fuzz(func(t *testing.T, lines string) {
		body := readLines(lines)
		if body == nil {
			return
		}
		written, err := appendLines(nil, body)
		if err != nil {
			t.Fatalf("%q is read, but not written: %v", lines, err)
		}
		again := readLines(string(written))
		if again == nil {
			t.Fatalf("%q is read and written as %q, which is not read", lines, written)
		}
		if rewritten, err := appendLines(nil, again); err != nil || string(rewritten) != string(written) {
			t.Fatalf("%q is read and written as %q, and then as %q", lines, written, rewritten)
		}
	})
}
