package run

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A glob is a compiled pattern of --include or --exclude.
type glob struct {
	*regexp.Regexp
	base bool // it has no slash, so it is about names at any depth
}

// matchAny tells whether a pattern is about the path, which lies below the
// directory walked. A pattern without a slash is about names at any depth; one
// with a slash about the path from that directory. `*` and `?` stop at a
// slash, `**` does not, `[a-z]` and `{a,b}` choose.
func matchAny(patterns []glob, rel string) bool {
	rel = filepath.ToSlash(rel)
	return slices.ContainsFunc(patterns, func(g glob) bool {
		if g.base {
			return g.MatchString(rel[strings.LastIndexByte(rel, '/')+1:])
		}
		return g.MatchString(rel)
	})
}

// globs compiles patterns that compileGlob has taken before.
func globs(patterns []string) []glob {
	var all []glob
	for _, p := range patterns {
		if g, err := compileGlob(p); err == nil {
			all = append(all, g)
		}
	}
	return all
}

// Bounds of patterns: each is asked about each file.
const (
	maxGlobs = 1_000
	maxGlob  = 1_000 // bytes of one
)

func compileGlob(pattern string) (glob, error) {
	if len(pattern) > maxGlob {
		return glob{}, fmt.Errorf("pattern %q...: more than %d bytes", pattern[:40], maxGlob)
	}
	text := strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/")
	g := glob{base: !strings.Contains(text, "/")}
	text = strings.TrimPrefix(text, "/")
	var re strings.Builder
	re.WriteString("^")
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case strings.HasPrefix(text[i:], "**/"):
			re.WriteString("(?:.*/)?")
			i += 2
		case strings.HasPrefix(text[i:], "**"):
			re.WriteString(".*")
			i++
		case c == '*':
			re.WriteString("[^/]*")
		case c == '?':
			re.WriteString("[^/]")
		case c == '[':
			end := strings.IndexByte(text[i+1:], ']')
			if end < 0 {
				return g, fmt.Errorf("pattern %q: [ without ]", pattern)
			}
			set := text[i+1 : i+1+end]
			set, negated := strings.CutPrefix(set, "!")
			re.WriteString("[")
			if negated {
				re.WriteString("^/")
			}
			re.WriteString(strings.NewReplacer(`\`, `\\`, "[", `\[`, "^", `\^`).Replace(set) + "]")
			i += end + 1
		case c == '{':
			depth++
			re.WriteString("(?:")
		case c == '}' && depth > 0:
			depth--
			re.WriteString(")")
		case c == ',' && depth > 0:
			re.WriteString("|")
		default:
			re.WriteString(regexp.QuoteMeta(text[i : i+1]))
		}
	}
	if depth > 0 {
		return g, fmt.Errorf("pattern %q: { without }", pattern)
	}
	re.WriteString("$")
	compiled, err := regexp.Compile(re.String())
	if err != nil {
		return g, fmt.Errorf("pattern %q: %w", pattern, err)
	}
	g.Regexp = compiled
	return g, nil
}
