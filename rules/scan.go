package rules

import (
	"fmt"
	"strings"
)

// scanned is what a template consists of, as far as validation needs it.
type scanned struct {
	holes []string      // paths in braces, in order, with repetitions
	calls []scannedCall // calls of dotted names and of members of holes
	names []string      // dotted names that are not called
	reads []scannedRead // members of holes that are not called: {self}.name
}

// scannedCall is name(...) or {hole}.name(...).
type scannedCall struct {
	hole     string // the hole in front, "" for a dotted name
	name     string
	pos      int
	keywords []string
	star     bool // *x
	starStar bool // **x
}

type scannedRead struct{ hole, name string }

// scan reads a template: Python with {holes}. It knows strings, brackets and
// dotted names, and nothing else of the language. A hole is a dotted name in
// braces without space; other braces are Python's own.
func scan(text string) (*scanned, error) {
	s := &scanner{text: text, out: &scanned{}}
	if err := s.run(0, nil); err != nil {
		return nil, err
	}
	return s.out, nil
}

type scanner struct {
	text string
	at   int
	out  *scanned
}

func isIdent(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

// run reads up to the closing bracket end (0: the end of the text). call, when
// not nil, collects the arguments of the brackets.
func (s *scanner) run(end byte, call *scannedCall) error {
	empty := true // nothing yet in this argument
	keyword, star := "", 0
	finish := func() {
		if call == nil || empty {
			return
		}
		switch {
		case star == 1:
			call.star = true
		case star == 2:
			call.starStar = true
		case keyword != "":
			call.keywords = append(call.keywords, keyword)
		default:
			call.pos++
		}
		empty, keyword, star = true, "", 0
	}
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch {
		case c == end && end != 0:
			finish()
			s.at++
			return nil
		case c == ')' || c == ']' || c == '}':
			return fmt.Errorf("%q closes nothing", c)
		case c == '#':
			if i := strings.IndexByte(s.text[s.at:], '\n'); i >= 0 {
				s.at += i
			} else {
				s.at = len(s.text)
			}
		case c == '\'' || c == '"':
			empty = false
			if err := s.str(c); err != nil {
				return err
			}
		case c == ',':
			finish()
			s.at++
		case c == '*' && call != nil && empty:
			star++
			s.at++
		case c == '{':
			empty = false
			if path, ok := s.hole(); ok {
				s.out.holes = append(s.out.holes, path)
				if err := s.member(path); err != nil {
					return err
				}
				continue
			}
			s.at++
			if err := s.run('}', nil); err != nil {
				return err
			}
		case c == '(' || c == '[':
			empty = false
			s.at++
			closing := byte(')')
			if c == '[' {
				closing = ']'
			}
			if err := s.run(closing, nil); err != nil {
				return err
			}
		case isIdent(c):
			start := s.at
			name := s.dotted()
			after := strings.TrimLeft(s.text[s.at:], " ")
			if call != nil && empty && strings.HasPrefix(after, "=") && !strings.HasPrefix(after, "==") {
				keyword = name
				s.at = len(s.text) - len(after) + 1
				empty = false
				continue
			}
			if (name == "f" || name == "r" || name == "b") && s.at < len(s.text) && (s.text[s.at] == '\'' || s.text[s.at] == '"') {
				continue
			}
			empty = false
			if start > 0 && s.text[start-1] == '.' {
				// A member of something else than a name or a hole.
				if s.at < len(s.text) && s.text[s.at] == '(' {
					s.at++
					if err := s.run(')', nil); err != nil {
						return err
					}
				}
				continue
			}
			if err := s.named("", name); err != nil {
				return err
			}
		default:
			if c != ' ' && c != '\n' && c != '\t' && c != '\\' {
				empty = false
			}
			s.at++
		}
	}
	if end != 0 {
		return fmt.Errorf("%q is missing", end)
	}
	return nil
}

// named records a name at hand, called or not.
func (s *scanner) named(hole, name string) error {
	if s.at < len(s.text) && s.text[s.at] == '(' {
		s.at++
		call := scannedCall{hole: hole, name: name}
		if err := s.run(')', &call); err != nil {
			return err
		}
		s.out.calls = append(s.out.calls, call)
		return nil
	}
	if hole != "" {
		s.out.reads = append(s.out.reads, scannedRead{hole, name})
	} else if strings.Contains(name, ".") {
		s.out.names = append(s.out.names, name)
	}
	return nil
}

// member reads .name after a hole.
func (s *scanner) member(hole string) error {
	if s.at+1 >= len(s.text) || s.text[s.at] != '.' || !isIdent(s.text[s.at+1]) {
		return nil
	}
	s.at++
	start := s.at
	for s.at < len(s.text) && isIdent(s.text[s.at]) {
		s.at++
	}
	return s.named(hole, s.text[start:s.at])
}

func (s *scanner) dotted() string {
	start := s.at
	for s.at < len(s.text) {
		c := s.text[s.at]
		if isIdent(c) || c == '.' && s.at+1 < len(s.text) && isIdent(s.text[s.at+1]) {
			s.at++
			continue
		}
		break
	}
	return s.text[start:s.at]
}

// hole reads {path} at the cursor, and moves past it if it is one.
func (s *scanner) hole() (string, bool) {
	i := s.at + 1
	for i < len(s.text) && (isIdent(s.text[i]) || s.text[i] == '.') {
		i++
	}
	if i == s.at+1 || i >= len(s.text) || s.text[i] != '}' || '0' <= s.text[s.at+1] && s.text[s.at+1] <= '9' {
		return "", false
	}
	path := s.text[s.at+1 : i]
	s.at = i + 1
	return path, true
}

func (s *scanner) str(quote byte) error {
	triple := strings.Repeat(string(quote), 3)
	if strings.HasPrefix(s.text[s.at:], triple) {
		i := strings.Index(s.text[s.at+3:], triple)
		if i < 0 {
			return fmt.Errorf("a string does not end")
		}
		s.at += i + 6
		return nil
	}
	for s.at++; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\\':
			s.at++
		case '\n':
			return fmt.Errorf("a string does not end")
		case quote:
			s.at++
			return nil
		}
	}
	return fmt.Errorf("a string does not end")
}
