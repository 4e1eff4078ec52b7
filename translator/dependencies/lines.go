package dependencies

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// eachLine calls f for the lines of text without their ends.
func eachLine(text []byte, f func(start, end, next int)) {
	for at := 0; at < len(text); {
		next := len(text)
		if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
			next = at + n + 1
		}
		end := next
		for end > at && (text[end-1] == '\n' || text[end-1] == '\r') {
			end--
		}
		f(at, end, next)
		at = next
	}
}

// linePlace is a requirement that has its line for itself, after a prefix that
// further lines repeat.
func linePlace(text []byte, list string, line, start, end, next int) place {
	p := place{
		list: list, start: start, end: end, text: string(text[start:end]), separator: "\n" + string(text[line:start]),
		line: line, removeStart: line, removeEnd: next,
	}
	p.write = func(r string) string { return r }
	return p
}

// commentAt gives the offset of a comment in a line: a # at its start or after
// a space; the line's length if there is none.
func commentAt(line []byte) int {
	for i, c := range line {
		if c == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			return i
		}
	}
	return len(line)
}

// requirementsPlaces reads the lines of a requirements file (pip, "Requirements
// File Format").
func requirementsPlaces(text []byte) []place {
	var all []place
	continued := false
	eachLine(text, func(start, end, next int) {
		line := text[start:end]
		was := continued
		continued = bytes.HasSuffix(line, []byte(`\`))
		stop := start + len(bytes.TrimRight(line[:commentAt(line)], " \t\\"))
		begin := start + len(line) - len(bytes.TrimLeft(line, " \t"))
		if was || begin >= stop {
			return
		}
		p := linePlace(text, "", start, begin, stop, next)
		if i := bytes.Index(text[begin:stop], []byte(" --")); i >= 0 {
			p.text = strings.TrimSpace(p.text[:i])
			p.manual = "it has options of its own"
		} else if continued {
			p.manual = "it goes on over several lines"
		}
		if strings.HasPrefix(p.text, "-") && !strings.HasPrefix(p.text, "-e") && !strings.HasPrefix(p.text, "--editable") {
			return
		}
		all = append(all, p)
	})
	return all
}

var (
	yamlItem = regexp.MustCompile(`^(\s*-\s+)("[^"]*"|'[^']*'|[^"'\s#][^"'#]*?)\s*(?:\s#.*)?$`)
	// yamlFlow is a list that is written in brackets.
	yamlFlow = regexp.MustCompile(`^\s*(?:-\s+)?\w+:\s*[\[{]`)
)

// environmentPlaces reads the `dependencies:` of a conda environment; only items
// below `pip:` name distributions of PyPI.
func environmentPlaces(text []byte) []place {
	var all []place
	inside := false // below `dependencies:`
	pip := -1       // indentation of the `pip:` that is open
	list := ""
	eachLine(text, func(start, end, next int) {
		line := text[start:end]
		body := bytes.TrimLeft(line, " ")
		indent := len(line) - len(body)
		if len(body) == 0 || body[0] == '#' {
			return
		}
		if indent == 0 && body[0] != '-' {
			inside = bytes.HasPrefix(body, []byte("dependencies:"))
		}
		if !inside {
			return
		}
		if pip >= 0 && indent <= pip {
			pip, list = -1, ""
		}
		if item := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("-"))); bytes.Equal(item, []byte("pip:")) {
			pip, list = indent, strconv.Itoa(start)
			return
		}
		if yamlFlow.Match(line) {
			p := linePlace(text, list, start, start+indent, start+len(bytes.TrimRight(line[:commentAt(line)], " ")), next)
			all = append(all, p)
			return
		}
		m := yamlItem.FindSubmatchIndex(line)
		if m == nil {
			return
		}
		p := linePlace(text, list, start, start+m[4], start+m[5], next)
		quote := ""
		if c := p.text[:1]; c == `"` || c == "'" {
			quote, p.text = c, strings.Trim(p.text, c)
			if c == "'" {
				p.text = strings.ReplaceAll(p.text, "''", "'")
			}
		}
		p.separator = "\n" + string(line[:m[3]])
		p.write = func(r string) string {
			switch {
			case quote == "" && !strings.ContainsAny(r, ":#;"):
				return r
			case quote == "'" || strings.Contains(r, `"`):
				return "'" + strings.ReplaceAll(r, "'", "''") + "'"
			}
			return `"` + r + `"`
		}
		if pip < 0 {
			name, version, _ := strings.Cut(p.text[strings.LastIndex(p.text, "::")+1:], "=")
			p.text = strings.TrimSpace(strings.Trim(name, ": "))
			if version != "" {
				p.text += "==" + strings.Trim(version, "= ")
			}
			p.manual = "take the new packages from `pip:`"
		}
		all = append(all, p)
	})
	return all
}

// iniList tells the keys of an INI file that list requirements.
func iniList(section, key string) bool {
	switch key {
	case "install_requires", "setup_requires", "tests_require", "requires":
		return true
	case "deps":
		return strings.HasPrefix(section, "testenv") // of tox
	}
	return section == "options.extras_require"
}

// cfgPlaces reads the lists of a setup.cfg or tox.ini: what follows a key on its
// line, or on the indented lines below it.
func cfgPlaces(text []byte) []place {
	var all []place
	section, list := "", ""
	eachLine(text, func(start, end, next int) {
		line := text[start:end]
		body := bytes.TrimLeft(line, " \t")
		switch {
		case len(body) == 0 || body[0] == '#' || body[0] == ';':
			return
		case body[0] == '[':
			section, list = strings.Trim(string(bytes.TrimSpace(body)), "[]"), ""
			return
		case len(body) < len(line):
			if list != "" {
				all = append(all, linePlace(text, list, start, start+len(line)-len(body), start+len(bytes.TrimRight(line, " \t")), next))
			}
			return
		}
		list = ""
		i := bytes.IndexAny(line, "=:")
		if i < 0 || !iniList(section, strings.TrimSpace(string(line[:i]))) {
			return
		}
		list = strconv.Itoa(start)
		if value := bytes.TrimSpace(line[i+1:]); len(value) > 0 {
			at := end - len(bytes.TrimLeft(line[i+1:], " \t"))
			p := linePlace(text, list, start, at, at+len(value), next)
			p.separator = "\n    "
			all = append(all, p)
		}
	})
	return all
}
