package dependencies

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"pyxlate/grammar"
	"pyxlate/translator/document"
)

var (
	pipInstall = regexp.MustCompile(`(?:^|[\s!%;&|])(?:(?:pip[0-9.]*|pipenv|python[0-9.]*\s+-m\s+pip)\s+(?:-\S+\s+)*install|(?:poetry|uv)\s+add)\s`)
	shellWord  = regexp.MustCompile(`"[^"\n]*"|'[^'\n]*'|[^\s"';&|]+`)
	installs   = regexp.MustCompile(`\b(?:pip[0-9.]*|pipenv|poetry|uv)\b`)
)

// pipPlaces reads the words behind `pip install` in the shell lines, magics and
// shell cells of a notebook or page, and in scripts of a shell.
func pipPlaces(d *document.Document) []place {
	var all []place
	for i, u := range d.Units {
		if !installs.Match(u.Source) {
			continue
		}
		if u.Shell {
			all = append(all, commandPlaces(u.Source, i)...)
			continue
		}
		_, masked := grammar.Mask(u.Source)
		for _, m := range masked {
			all = append(all, commandsIn(u.Source, i, m.Start, m.End)...)
		}
	}
	return all
}

// stringCommands reads the strings of a program that are command lines, and
// those that are the words of one: ["pip", "install", ...].
func stringCommands(text []byte, tree *grammar.Tree) []place {
	var all []place
	for n, value := range texts(tree) {
		line := n.Start()
		if stmt := n.Statement(); !stmt.IsZero() {
			line = stmt.Start()
		}
		line = bytes.LastIndexByte(text[:line], '\n') + 1
		if at := bytes.Index(text[n.Start():n.End()], []byte(value)); pipInstall.MatchString(value) && at >= 0 { // or else written with escapes
			start := n.Start() + at
			for _, p := range commandsIn(text, 0, start, start+len(value)) {
				p.line = line
				all = append(all, p)
			}
		} else if list := n.Parent(); list.Is(grammar.KindList, grammar.KindTuple) && installsBefore(list, n.ID()) {
			like := n.Text()
			p := itemPlace(text, strconv.Itoa(list.Start()), line, n.Start(), n.End(), func(r string) string { return grammar.Quote(r, like) })
			p.text, p.shell = value, true
			all = append(all, p)
		}
	}
	return all
}

// installsBefore tells whether the items of a list before one of them are "pip"
// and "install".
func installsBefore(list grammar.Node, item int32) bool {
	pip := false
	for n := range list.Children() {
		if n.ID() >= item {
			return false
		}
		switch value, _, _ := grammar.StringValue(n); {
		case value == "pip" || value == "pip3":
			pip = true
		case value == "install" && pip:
			return true
		}
	}
	return false
}

// commandPlaces reads the command lines of a text in which any line may be one.
func commandPlaces(text []byte, unit int) []place { return commandsIn(text, unit, 0, len(text)) }

// commandsIn reads the command lines between two offsets of a text. A line that
// ends in a backslash goes on.
func commandsIn(text []byte, unit, start, end int) []place {
	var all []place
	for at := start; at < end; {
		next := at
		for more := true; more; {
			line := text[next:end]
			if n := bytes.IndexByte(line, '\n'); n >= 0 {
				line = line[:n+1]
			}
			next += len(line)
			more = next < end && bytes.HasSuffix(bytes.TrimRight(line, "\r\n"), []byte(`\`))
		}
		line := text[at:next]
		if comment := bytes.HasPrefix(bytes.TrimSpace(line), []byte("#")); !comment {
			for begin := at; ; {
				found := pipInstall.FindIndex(text[begin:next])
				if found == nil {
					break
				}
				end := commandEnd(text, begin+found[1], next)
				all = append(all, words(text, unit, at, begin+found[1], end)...)
				begin = end
			}
		}
		at = next
	}
	return all
}

// commandEnd tells where the command that an offset is in ends.
func commandEnd(text []byte, start, end int) int {
	if n := bytes.IndexAny(text[start:end], "#;&|"); n >= 0 {
		return start + n
	}
	return end
}

// words lists the words of one command between two offsets.
func words(text []byte, unit, line, start, end int) []place {
	line = bytes.LastIndexByte(text[:line], '\n') + 1
	list := strconv.Itoa(unit) + ":" + strconv.Itoa(start)
	var all []place
	for _, w := range shellWord.FindAllIndex(text[start:end], -1) {
		p := place{unit: unit, list: list, start: start + w[0], end: start + w[1], line: line, separator: " ", shell: true,
			write: func(r string) string { return r }}
		p.text = strings.Trim(string(text[p.start:p.end]), `"'`)
		p.removeStart, p.removeEnd = p.start, p.end
		for p.removeStart > start && (text[p.removeStart-1] == ' ' || text[p.removeStart-1] == '\t') {
			p.removeStart--
		}
		if !strings.HasPrefix(p.text, "-") {
			all = append(all, p)
		}
	}
	return all
}
