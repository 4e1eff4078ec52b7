package ruletest

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"pyxlate/translator/files"
)

// WriteAfter puts a new after side into a rule file, for the example with that
// index (0-based) of the rule that begins on that line (1-based).
func WriteAfter(file string, line, index int, before, after string) error {
	text, err := files.Read(file, 1<<20)
	if err != nil {
		return err
	}
	out, ok := withAfter(string(text), line, index, before, after)
	if !ok {
		return fmt.Errorf("%s:%d: there is no after side to write: the example needs lines of its own for `before: |` and for `after: |` or `same: true`", file, line)
	}
	return os.WriteFile(file, []byte(out), 0o644)
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
