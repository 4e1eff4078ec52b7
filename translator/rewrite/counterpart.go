package rewrite

import (
	"bytes"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

// readers are the functions that give the content of a configuration file,
// of which nothing is known but its keys.
var readers = []string{
	"json.load", "json.loads", "yaml.load", "yaml.safe_load", "yaml.full_load", "toml.load", "toml.loads", "pytoml.load",
}

// reading is a configuration that a file reads.
type reading struct {
	value *ir.Unknown
	file  int    // index of the file of the program
	of    string // what it reads with, and from which folder's scripts
	name  string // base name of the file read, "" unknown
}

// configuration is what several scripts of a folder read, each for itself.
type configuration struct {
	first *ir.Unknown // stands for all of them
	items map[string]*ir.Unknown
}

// readConfigurations finds the configurations that scripts of one folder read
// in the same way, one reading each, and not from files of different names:
// they are presumably the same.
func (e *engine) readConfigurations() map[*ir.Unknown]*configuration {
	if e.configurations != nil {
		return e.configurations
	}
	e.configurations = map[*ir.Unknown]*configuration{}
	var all []reading
	for _, symbol := range readers {
		for _, call := range e.p.Calls(symbol) {
			u, ok := call.Result.(*ir.Unknown)
			f, known := e.fileOf[call.At.Unit]
			if !ok || !known || u.Of != nil || len(call.Args) == 0 {
				continue
			}
			all = append(all, reading{u, f, symbol + " " + path.Dir(filepath.ToSlash(e.files[f].Path)), e.fileRead(call)})
		}
	}
	for i, r := range all {
		if e.configurations[r.value] != nil {
			continue
		}
		same := []reading{r}
		for _, s := range all[i+1:] {
			if s.of == r.of {
				same = append(same, s)
			}
		}
		name, clear := "", len(same) > 1
		for k, s := range same {
			clear = clear && !slices.ContainsFunc(same[:k], func(o reading) bool { return o.file == s.file }) &&
				(s.name == "" || name == "" || s.name == name)
			if s.name != "" {
				name = s.name
			}
		}
		if !clear {
			continue
		}
		c := &configuration{first: r.value, items: map[string]*ir.Unknown{}}
		for _, s := range same {
			e.configurations[s.value] = c
		}
	}
	return e.configurations
}

// relateNeighbours joins the groups of the files of a folder of which one sets up
// what another uses.
func (e *engine) relateNeighbours() {
	type neighbour struct {
		folder       string
		needs, gives uint64
	}
	all := make([]neighbour, len(e.files))
	for i, f := range e.files {
		all[i].folder = path.Dir(filepath.ToSlash(f.Path))
		all[i].needs, all[i].gives = e.migration.Neighbourhood(func(word string) bool {
			return slices.ContainsFunc(f.Units, func(u *meaning.Source) bool { return bytes.Contains(u.Text, []byte(word)) })
		})
	}
	for i, t := range all {
		for k, other := range all {
			if t.needs&other.gives != 0 && t.folder == other.folder {
				e.relate(i, k)
			}
		}
	}
}

// fileRead is the base name of the file that a reader is given, "" where it is
// not known: json.load(open(NAME)).
func (e *engine) fileRead(reader *ir.Call) string {
	u, ok := reader.Args[0].Value.(*ir.Unknown)
	if !ok || u.At.IsZero() {
		return ""
	}
	open := e.p.CallAt(u.At)
	if open == nil || !strings.HasSuffix(open.Symbol, "open") || len(open.Args) == 0 {
		return ""
	}
	name, ok := ir.String(open.Args[0].Value)
	if !ok {
		return ""
	}
	return path.Base(name)
}

// Representative implements ir.Context.
func (c *context) Representative(v ir.Value) ir.Value { return c.e.representative(v) }

func (e *engine) representative(v ir.Value) ir.Value {
	u, ok := single(v).(*ir.Unknown)
	if !ok {
		return v
	}
	c, keys := e.configurationOf(u)
	switch {
	case c == nil:
		return v
	case keys == "":
		return c.first
	}
	item := c.items[keys]
	if item == nil {
		item = &ir.Unknown{Why: "item of a configuration", Of: c.first, Attr: keys}
		c.items[keys] = item
	}
	return item
}

// configurationOf gives the configuration that a value is, or is an item of,
// with the keys that lead there: "['a']['b']".
func (e *engine) configurationOf(u *ir.Unknown) (c *configuration, keys string) {
	for u.Of != nil {
		of, ok := single(u.Of).(*ir.Unknown)
		if !ok || !strings.HasPrefix(u.Attr, "[") {
			return nil, ""
		}
		u, keys = of, u.Attr+keys
	}
	return e.readConfigurations()[u], keys
}

// spellCounterpart writes a configuration that another script reads by the
// variable that holds its counterpart at the place of the use, and says so.
func (e *engine) spellCounterpart(c *context, v *ir.Unknown) (ir.Term, bool) {
	conf := e.readConfigurations()[v]
	if conf == nil {
		return nil, false
	}
	t, ok := e.visibleWhere(c, func(name string, have ir.Value) bool {
		return name != "_" && e.representative(have) == ir.Value(conf.first)
	})
	if !ok {
		return nil, false
	}
	n := e.note(c.rule.Pack, "counterpart", t.name)
	n.Verdict = ir.Review
	n.Values["FILE"] = e.files[e.fileOf[v.At.Unit]].Path
	if !slices.ContainsFunc(c.notes, func(have ir.Note) bool { return have.Code == n.Code }) {
		c.notes = append(c.notes, n)
	}
	return t, true
}
