package dependencies

import (
	"bytes"
	"iter"
	"strconv"
	"strings"

	"pyxlate/grammar"
)

// itemPlace is a requirement among others in brackets.
func itemPlace(text []byte, list string, line, start, end int, write func(string) string) place {
	before := text[bytes.LastIndexByte(text[:start], '\n')+1 : start]
	p := place{list: list, start: start, end: end, separator: ", ", write: write, line: line}
	if len(bytes.TrimSpace(before)) == 0 {
		p.separator = ",\n" + string(before)
	}
	// With it go the comma behind it and the space up to the next item, and the
	// line if it was alone there.
	p.removeStart, p.removeEnd = start, end
	for p.removeEnd < len(text) && (text[p.removeEnd] == ' ' || text[p.removeEnd] == '\t') {
		p.removeEnd++
	}
	if p.removeEnd < len(text) && text[p.removeEnd] == ',' {
		p.removeEnd++
		for p.removeEnd < len(text) && (text[p.removeEnd] == ' ' || text[p.removeEnd] == '\t') {
			p.removeEnd++
		}
	} else {
		p.removeEnd = end
	}
	if len(bytes.TrimSpace(before)) == 0 {
		if rest := text[p.removeEnd:]; len(rest) > 0 && (rest[0] == '\n' || bytes.HasPrefix(rest, []byte("\r\n"))) {
			p.removeStart = start - len(before)
			p.removeEnd += bytes.IndexByte(rest, '\n') + 1
		}
	}
	return p
}

// requiring are the arguments of setuptools.setup that list requirements.
var requiring = map[string]bool{"install_requires": true, "setup_requires": true, "tests_require": true, "extras_require": true, "requires": true}

// texts gives the string literals of a program, no bytes, with their values.
func texts(tree *grammar.Tree) iter.Seq2[grammar.Node, string] {
	return func(yield func(grammar.Node, string) bool) {
		for id := range int32(tree.Len()) {
			n := tree.Node(id)
			if !n.Is(grammar.KindString) {
				continue
			}
			if value, isBytes, ok := grammar.StringValue(n); ok && !isBytes && !yield(n, value) {
				return
			}
		}
	}
}

// setupPlaces reads the strings in the lists of a setup.py, and the lines of
// its long strings that are requirements one and all.
func setupPlaces(text []byte, tree *grammar.Tree) []place {
	var all []place
	for n, value := range texts(tree) {
		if arg := n.Ancestor(grammar.KindKeywordArgument); !arg.IsZero() && !requiring[arg.FirstChild().Text()] {
			continue // keywords, packages, a description
		}
		like := n.Text()
		line := n.Start()
		if stmt := n.Statement(); !stmt.IsZero() {
			line = stmt.Start()
		}
		line = bytes.LastIndexByte(text[:line], '\n') + 1
		if strings.Contains(value, "\n") {
			all = append(all, stringPlaces(text, n, value, line)...)
			continue
		}
		list := n.Parent()
		p := itemPlace(text, strconv.Itoa(list.Start()), line, n.Start(), n.End(), func(r string) string { return grammar.Quote(r, like) })
		p.text = value
		if !list.Is(grammar.KindList, grammar.KindTuple, grammar.KindSet) {
			r, ok := parse(value)
			if !ok || !strings.Contains(Normalize(like), r.name) {
				continue
			}
			p.manual = "it is no item of a list"
		}
		all = append(all, p)
	}
	return all
}

// stringPlaces reads a string of several lines of which each is a requirement,
// as setuptools takes them. line is where its statement starts.
func stringPlaces(text []byte, n grammar.Node, value string, line int) []place {
	for item := range strings.Lines(value) {
		if item = strings.TrimSpace(item); item != "" && item[0] != '#' {
			if _, ok := parse(item); !ok {
				return nil
			}
		}
	}
	at := bytes.Index(text[n.Start():n.End()], []byte(value))
	if at < 0 {
		return nil // written with escapes
	}
	var all []place
	list := strconv.Itoa(n.Start())
	first, last := n.Start()+at, n.Start()+at+len(value)
	eachLine(text[:last], func(start, end, next int) {
		start = max(start, first)
		body := bytes.TrimSpace(text[min(start, end):end])
		if end < first || len(body) == 0 || body[0] == '#' {
			return
		}
		begin := start + bytes.Index(text[start:end], body)
		p := linePlace(text, list, start, begin, begin+len(body), next)
		p.line = line
		all = append(all, p)
	})
	return all
}
