package run

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pyxlate/translator/files"
)

// An ignoreFile is what a .gitignore says about the paths below a directory.
//
// It owes the answer that git gives, in steps that grow with the length of the
// pattern and of the path: many matchers of such patterns try all ways to
// divide a path among their asterisks, and a repository brings its patterns
// along.
type ignoreFile struct {
	base  string // absolute directory
	rules []ignoreRule
}

// An ignoreRule is one line.
type ignoreRule struct {
	pattern
	negated  bool // what matches is taken after all
	dirsOnly bool
	nameOnly bool // it is about the last part of a path
}

// Bounds of ignore rules: a walk asks those that hold for a directory about
// each of its entries.
const (
	maxIgnoreRules   = 10_000 // of one file
	maxIgnoreDepth   = 20_000 // of all files that hold for one directory
	maxIgnorePattern = 1_000  // bytes of one
)

// An ignoreSource is a file with rules about what is below base. shown is its
// path in errors.
type ignoreSource struct{ path, shown, base string }

// read gives nil where there is no file.
func (s ignoreSource) read() (*ignoreFile, error) {
	text, err := files.Read(s.path, files.Settings)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var x *ignoreFile
	if err == nil {
		x, err = parseIgnore(text, s.base)
	}
	if err != nil {
		return nil, s.fault(err)
	}
	return x, nil
}

// fault says what cannot be read. What such a file leaves out is not taken by
// mistake: nothing is.
func (s ignoreSource) fault(err error) error {
	shown := s.shown
	if at, ok := err.(*ignoreError); ok {
		shown = fmt.Sprintf("%s:%d:1", shown, at.line)
	}
	err = fileError(shown, err)
	return &located{err.(*located).path, fmt.Errorf("%w; what it leaves out is not known, so nothing is taken from its directory", err.(*located).err)}
}

// ignoreError is a fault of a line, counted from 1.
type ignoreError struct {
	line int
	text string
}

func (e *ignoreError) Error() string { return e.text }

func parseIgnore(text []byte, base string) (*ignoreFile, error) {
	x := &ignoreFile{base: base}
	n := 0
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\ufeff"))) {
		n++
		line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		if len(line) > maxIgnorePattern && line[0] != '#' {
			return nil, &ignoreError{n, fmt.Sprintf("a pattern of more than %d bytes", maxIgnorePattern)}
		}
		if rule, ok := parseIgnoreRule(string(line)); ok {
			x.rules = append(x.rules, rule)
		}
		if len(x.rules) > maxIgnoreRules {
			return nil, &ignoreError{n, fmt.Sprintf("more than %d patterns", maxIgnoreRules)}
		}
	}
	return x, nil
}

func parseIgnoreRule(line string) (rule ignoreRule, ok bool) {
	if strings.HasPrefix(line, "#") {
		return rule, false
	}
	line, rule.negated = strings.CutPrefix(withoutTrailingSpaces(line), "!")
	line, rule.dirsOnly = strings.CutSuffix(line, "/")
	if line == "" {
		return rule, false
	}
	rule.nameOnly = !strings.Contains(line, "/")
	rule.pattern, ok = compilePattern(strings.TrimPrefix(line, "/"), rule.nameOnly)
	return rule, ok
}

// withoutTrailingSpaces leaves a space that a backslash protects.
func withoutTrailingSpaces(line string) string {
	end := 0
	for i := 0; i < len(line); i++ {
		if line[i] == '\\' {
			i++
			end = i + 1
		} else if line[i] != ' ' {
			end = i + 1
		}
	}
	return line[:min(end, len(line))]
}

// ask tells whether the rules are about a path (absolute, below base), and what
// the last of those that are says.
func (x *ignoreFile) ask(path string, dir bool) (ignored, decided bool) {
	rel := filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(path, x.base), string(filepath.Separator)))
	name := rel[strings.LastIndexByte(rel, '/')+1:]
	for i := len(x.rules) - 1; i >= 0; i-- {
		r := &x.rules[i]
		if r.dirsOnly && !dir {
			continue
		}
		text := rel
		if r.nameOnly {
			text = name
		}
		if r.match(text) {
			return !r.negated, true
		}
	}
	return false, false
}

// isIgnored asks the innermost rules first: the last word is theirs.
func isIgnored(ignores []*ignoreFile, path string, dir bool) bool {
	for _, x := range slices.Backward(ignores) {
		if ignored, decided := x.ask(path, dir); decided {
			return ignored
		}
	}
	return false
}

// withIgnores adds the rules of a file to those that hold for the directories
// above.
func withIgnores(ignores []*ignoreFile, source ignoreSource) ([]*ignoreFile, error) {
	x, err := source.read()
	if x == nil || err != nil {
		return ignores, err
	}
	all := append(slices.Clip(ignores), x)
	n := 0
	for _, x := range all {
		n += len(x.rules)
	}
	if n > maxIgnoreDepth {
		return nil, source.fault(fmt.Errorf("with those of the directories above, more than %d patterns", maxIgnoreDepth))
	}
	return all, nil
}

// A pattern is a compiled pattern of git.
type pattern struct {
	literal string // what the text must be, where ops is nil
	suffix  bool   // or must end with
	ops     []patternOp
}

type patternOp struct {
	kind opKind
	char byte
	set  *[256]bool
}

type opKind byte

const (
	opChar  opKind = iota
	opAny          // one byte, no slash
	opSet          // one byte of a set, no slash
	opStar         // any bytes but slashes
	opStars        // any bytes: ** that stands for directories; char follows it
)

// compilePattern takes a pattern apart; ok is false for one that matches
// nothing. About a name, ** is no more than *.
func compilePattern(text string, name bool) (p pattern, ok bool) {
	wild := strings.IndexAny(text, `*?[\`)
	if wild < 0 {
		return pattern{literal: text}, true
	}
	if name && wild == 0 && text[0] == '*' && !strings.ContainsAny(text[1:], `*?[\`) {
		return pattern{literal: text[1:], suffix: true}, true
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '*':
			start := i
			for i+1 < len(text) && text[i+1] == '*' {
				i++
			}
			rest := text[i+1:]
			kind := opStar
			// To git, a ** behind what needs no matcher begins a path, too.
			if i > start && !name && (start == wild || text[start-1] == '/') && (rest == "" || rest[0] == '/' || strings.HasPrefix(rest, `\/`)) {
				kind = opStars
			}
			op := patternOp{kind: kind}
			if rest != "" {
				op.char = rest[0]
			}
			p.ops = append(p.ops, op)
		case '?':
			p.ops = append(p.ops, patternOp{kind: opAny})
		case '[':
			set, end := compileSet(text, i)
			if set == nil {
				return p, false
			}
			p.ops = append(p.ops, patternOp{kind: opSet, set: set})
			i = end
		case '\\':
			if i++; i == len(text) {
				return p, false
			}
			c = text[i]
			fallthrough
		default:
			p.ops = append(p.ops, patternOp{char: c})
		}
	}
	return p, true
}

// compileSet reads a set of bytes from its bracket on and gives the offset of
// the closing one; nil where there is none.
func compileSet(text string, i int) (set *[256]bool, end int) {
	set = &[256]bool{}
	i++
	negated := i < len(text) && (text[i] == '!' || text[i] == '^')
	if negated {
		i++
	}
	last := -1 // the byte before, which a range can begin with
	for first := true; ; first = false {
		if i >= len(text) {
			return nil, 0
		}
		c := text[i]
		switch {
		case c == ']' && !first:
			if negated {
				for b := range set {
					set[b] = !set[b]
				}
			}
			set['/'] = false
			return set, i
		case c == '[' && i+1 < len(text) && text[i+1] == ':':
			name, rest, closed := strings.Cut(text[i+2:], "]")
			class := classes[strings.TrimSuffix(name, ":")]
			switch {
			case !closed:
				return nil, 0
			case !strings.HasSuffix(name, ":"): // no class: a bracket of its own
				set['['] = true
				last = '['
			case class == nil:
				return nil, 0
			default:
				for b := range set {
					set[b] = set[b] || class(byte(b))
				}
				i = len(text) - len(rest) - 1
				last = -1
			}
		case c == '-' && last >= 0 && i+1 < len(text) && text[i+1] != ']':
			i++
			to := text[i]
			if to == '\\' {
				if i++; i >= len(text) {
					return nil, 0
				}
				to = text[i]
			}
			for b := last; b <= int(to); b++ {
				set[b] = true
			}
			last = -1
		default:
			if c == '\\' {
				if i++; i >= len(text) {
					return nil, 0
				}
				c = text[i]
			}
			set[c] = true
			last = int(c)
		}
		i++
	}
}

// classes are those of POSIX, in the C locale.
var classes = map[string]func(byte) bool{
	"alnum":  func(c byte) bool { return isDigit(c) || isLower(c) || isUpper(c) },
	"alpha":  func(c byte) bool { return isLower(c) || isUpper(c) },
	"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
	"cntrl":  func(c byte) bool { return c < ' ' || c == 0x7f },
	"digit":  isDigit,
	"graph":  func(c byte) bool { return c > ' ' && c < 0x7f },
	"lower":  isLower,
	"print":  func(c byte) bool { return c >= ' ' && c < 0x7f },
	"punct":  func(c byte) bool { return c > ' ' && c < 0x7f && !isDigit(c) && !isLower(c) && !isUpper(c) },
	"space":  func(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' },
	"upper":  isUpper,
	"xdigit": func(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' },
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// match tells whether the pattern is the whole text. Where it does not go on,
// only the last asterisk takes in more: an earlier one would lead to the same
// places. One that stops at slashes is given up for the last ** instead.
func (p *pattern) match(text string) bool {
	if p.ops == nil {
		return text == p.literal || p.suffix && strings.HasSuffix(text, p.literal)
	}
	type retry struct{ op, at int } // what follows the asterisk, and where that was tried last
	star, stars := retry{op: -1}, retry{op: -1}
	op, at := 0, 0
	for {
		if op < len(p.ops) {
			switch o := &p.ops[op]; {
			case o.kind == opStar:
				op++
				star = retry{op, at}
				continue
			case o.kind == opStars:
				op++
				stars, star.op = retry{op, at}, -1
				if o.char == '/' { // it stands for no directory, too, and the slash goes with it
					stars.at--
					op++
				}
				continue
			case at < len(text) && o.takes(text[at]):
				op++
				at++
				continue
			}
		} else if at == len(text) {
			return true
		}
		switch {
		case star.op >= 0 && star.at < len(text) && text[star.at] != '/':
			star.at++
			op, at = star.op, star.at
		case stars.op >= 0 && stars.at < len(text):
			stars.at++
			op, at, star.op = stars.op, stars.at, -1
		default:
			return false
		}
	}
}

func (o *patternOp) takes(c byte) bool {
	switch o.kind {
	case opChar:
		return c == o.char
	case opSet:
		return o.set[c]
	}
	return c != '/'
}
