package dependencies

import (
	"bytes"
	"strings"

	"pyxlate/translator/toml"
)

// tomlPlaces reads a pyproject.toml or Pipfile: the strings in arrays
// (project.dependencies, dependency-groups, ...), and the keys of tables of
// dependencies (Poetry, Pipenv).
func tomlPlaces(text []byte) []place {
	values, err := toml.Values(text)
	if err != nil {
		return nil // other tools will complain
	}
	var all []place
	tables := map[string]bool{} // requirements that are tables: once each
	for _, v := range values {
		switch {
		case v.Item && v.Kind == toml.Text:
			line := bytes.LastIndexByte(text[:v.Key], '\n') + 1
			quote := string(text[v.Start])
			p := itemPlace(text, line, v.Start, v.End, func(r string) string {
				if strings.Contains(r, quote) {
					return `"` + strings.ReplaceAll(r, `"`, `'`) + `"`
				}
				return quote + r + quote
			})
			p.text = v.Text
			all = append(all, p)
		case !v.Item && dependencyTable(v.Path[:len(v.Path)-1]):
			if p, ok := keyPlace(text, v); ok {
				all = append(all, p)
			}
		case len(v.Path) > 2 && dependencyTable(v.Path[:len(v.Path)-2]):
			name := v.Path[len(v.Path)-2]
			key := strings.Join(v.Path[:len(v.Path)-1], "\x00")
			if tables[key] {
				continue
			}
			tables[key] = true
			start, end := lineOf(text, v.Key)
			p := linePlace(text, start, start, end, end)
			p.text, p.manual = name, "it is a table"
			all = append(all, p)
		}
	}
	return all
}

// dependencyTable tells tables whose keys are distributions.
func dependencyTable(path []string) bool {
	if len(path) == 0 {
		return false
	}
	switch path[len(path)-1] {
	case "dependencies", "dev-dependencies":
		return len(path) > 1 // [tool.poetry.dependencies], not [project] dependencies
	case "packages", "dev-packages":
		return len(path) == 1 // Pipfile
	}
	return false
}

// keyPlace is a line `name = "version"`.
func keyPlace(text []byte, v toml.Value) (place, bool) {
	start, end := lineOf(text, v.Key)
	if v.Kind != toml.Text || v.End > end || len(bytes.TrimSpace(text[start:v.Key])) > 0 {
		return place{}, false
	}
	p := linePlace(text, start, v.Key, v.End, min(end+1, len(text)))
	p.text = v.Path[len(v.Path)-1]
	if v.Text != "*" {
		p.text += "==" + strings.TrimLeft(v.Text, "^~=<>! ")
	}
	p.write = func(r string) string { return r + ` = "*"` }
	return p, true
}

func lineOf(text []byte, at int) (start, end int) {
	start = bytes.LastIndexByte(text[:at], '\n') + 1
	if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
		return start, at + n
	}
	return start, len(text)
}
