package dependencies

import (
	"bytes"
	"slices"
	"strings"

	"pyxlate/translator/toml"
)

// tomlPlaces reads a pyproject.toml or Pipfile: the strings in arrays of
// requirements (project.dependencies, dependency-groups, ...), and the keys of
// tables of dependencies (Poetry, Pipenv). The error is a *toml.Error.
func tomlPlaces(text []byte) ([]place, error) {
	values, err := toml.Values(text)
	if err != nil {
		return nil, err
	}
	var all []place
	for i := 0; i < len(values); i++ {
		v := values[i]
		n := len(v.Path)
		switch {
		case v.Item && v.Kind == toml.Text && dependencyArray(v.Path):
			line := bytes.LastIndexByte(text[:v.Key], '\n') + 1
			quote := string(text[v.Start])
			p := itemPlace(text, strings.Join(v.Path, "\x00"), line, v.Start, v.End, func(r string) string {
				if strings.Contains(r, quote) {
					return `"` + strings.ReplaceAll(r, `"`, `'`) + `"`
				}
				return quote + r + quote
			})
			p.text = v.Text
			all = append(all, p)
		case !v.Item && dependencyTable(v.Path[:n-1]):
			if p, ok := keyPlace(text, v); ok {
				all = append(all, p)
			}
		case n > 2 && dependencyTable(v.Path[:n-2]):
			own := []toml.Value{v}
			for i+1 < len(values) && len(values[i+1].Path) >= n && slices.Equal(values[i+1].Path[:n-1], v.Path[:n-1]) {
				i++
				own = append(own, values[i])
			}
			all = append(all, tablePlace(text, own))
		}
	}
	return all, nil
}

// dependencyArray tells arrays of requirements by their path: those of a
// project, and of the tools that build and test it.
func dependencyArray(path []string) bool {
	switch path[len(path)-1] {
	case "dependencies", "dev-dependencies", "extra-dependencies", "constraint-dependencies", "override-dependencies",
		"requires", "build-requires", "dev-requires", "deps":
		return len(path) > 1
	}
	if len(path) < 2 {
		return false
	}
	switch path[len(path)-2] {
	case "optional-dependencies", "dev-dependencies", "dependency-groups", "extras", "requires-extra":
		return true
	}
	return false
}

// dependencyTable tells tables whose keys are distributions.
func dependencyTable(path []string) bool {
	if len(path) == 0 {
		return false
	}
	switch path[len(path)-1] {
	case "dependencies", "dev-dependencies", "pypi-dependencies":
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
	p := linePlace(text, strings.Join(v.Path[:len(v.Path)-1], "\x00"), start, v.Key, v.End, min(end+1, len(text)))
	p.text = v.Path[len(v.Path)-1]
	p.require(v)
	p.write = func(r string) string { return r + ` = "*"` }
	return p, true
}

// require notes the version that a value names.
func (p *place) require(version toml.Value) {
	if version.Text != "*" {
		p.text += "==" + strings.TrimLeft(version.Text, "^~=<>! ")
	}
}

// tablePlace is a requirement that is a table. One line
// `name = {version = "1", ...}` can be rewritten where the rest means the same
// for any distribution.
func tablePlace(text []byte, values []toml.Value) place {
	first, last := values[0], values[len(values)-1]
	n := len(first.Path)
	name := first.Path[n-2]
	start, end := lineOf(text, first.Key)
	p := linePlace(text, strings.Join(first.Path[:n-2], "\x00"), start, start, end, min(end+1, len(text)))
	p.text, p.manual = name, "it is a table"
	version := -1
	for i, v := range values {
		switch v.Path[n-1] {
		case "version":
			version = i
		case "optional", "python", "markers", "platform", "index", "source":
		default:
			return p
		}
	}
	key := start + len(text[start:end]) - len(bytes.TrimLeft(text[start:end], " \t"))
	equals := bytes.IndexByte(text[start:end], '=')
	if version < 0 || last.End > end || equals < 0 || strings.Trim(string(bytes.TrimSpace(text[key:start+equals])), `"'`) != name {
		return p
	}
	closing := bytes.IndexByte(text[last.End:end], '}')
	if closing < 0 {
		return p
	}
	v := values[version]
	p = linePlace(text, p.list, start, key, last.End+closing+1, p.removeEnd)
	p.text = name
	p.require(v)
	before, after := string(text[start+equals:v.Start]), string(text[v.End:p.end])
	p.write = func(r string) string { return r + " " + before + `"*"` + after }
	return p
}

func lineOf(text []byte, at int) (start, end int) {
	start = bytes.LastIndexByte(text[:at], '\n') + 1
	if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
		return start, at + n
	}
	return start, len(text)
}
