package sdk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"sync"
)

// tableFormat is the format of the tables that scripts/sdk/extract.py writes.
const tableFormat = 1

// A table is one package at one version. Its file is JSON with one line for each alias and each symbol, sorted by
// name; a look-up finds the line by bisection and decodes only that line, so that loading costs next to nothing.
type table struct {
	Format  int      `json:"format"`
	Package string   `json:"package"`
	Version string   `json:"version"`
	Roots   []string `json:"roots"`

	file string
	fsys fs.FS
	once sync.Once
	err  error

	text    []byte
	aliases lines
	symbols lines
}

// openTable reads the head of a table only.
func openTable(fsys fs.FS, file string) (*table, error) {
	f, err := fsys.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	buf := make([]byte, 1024) // the head has four short lines
	n, err := f.Read(buf)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	head, _, ok := bytes.Cut(buf[:n], []byte(",\n\"aliases\": {\n"))
	if !ok {
		return nil, fmt.Errorf("%s: no head within %d bytes", file, n)
	}
	t := &table{file: file, fsys: fsys}
	if err := json.Unmarshal(append(head, '}'), t); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if t.Format != tableFormat {
		return nil, fmt.Errorf("%s: format %d, want %d: run scripts/sdk/extract.py", file, t.Format, tableFormat)
	}
	return t, nil
}

// covers reports whether names with this dotted prefix may be in the table: the name is at or below one of its
// roots, or a package above one.
func (t *table) covers(qname string) bool {
	for _, r := range t.Roots {
		if below(qname, r) || below(r, qname) {
			return true
		}
	}
	return false
}

// below reports whether name is root or a dotted name below it.
func below(name, root string) bool {
	return strings.HasPrefix(name, root) && (len(name) == len(root) || name[len(root)] == '.')
}

func (t *table) load() error {
	t.once.Do(func() {
		text, err := fs.ReadFile(t.fsys, t.file)
		if err == nil {
			err = t.parse(text)
		}
		t.err = err
	})
	return t.err
}

// parse finds the entries in the text of the table.
func (t *table) parse(text []byte) error {
	t.text = text
	aliases, symbols := []byte("\"aliases\": {\n"), []byte("},\n\"symbols\": {\n")
	a := bytes.Index(t.text, aliases)
	s := bytes.Index(t.text, symbols)
	if a < 0 || s < a {
		return fmt.Errorf("%s: no aliases and symbols", t.file)
	}
	t.aliases = split(t.text[a+len(aliases) : s])
	t.symbols = split(t.text[s+len(symbols) : bytes.LastIndex(t.text, []byte("}\n}\n"))])
	return nil
}

// symbol returns the JSON of a symbol, nil where the table lacks it.
func (t *table) symbol(qname string) []byte {
	if t.load() != nil {
		return nil
	}
	if i, ok := t.symbols.find(qname); ok {
		return t.symbols.value(i)
	}
	return nil
}

// alias returns the canonical name behind an alias.
func (t *table) alias(qname string) (string, bool) {
	if t.load() != nil {
		return "", false
	}
	i, ok := t.aliases.find(qname)
	if !ok {
		return "", false
	}
	v := t.aliases.value(i)
	return string(v[1 : len(v)-1]), true
}

// lines are the entries `"name": value` of a JSON object, sorted by name.
type lines struct {
	text   []byte
	starts []int // byte offsets, one for each line and one for the end
}

func split(text []byte) lines {
	l := lines{text: text, starts: make([]int, 1, bytes.Count(text, []byte{'\n'})+1)}
	for at := 0; at < len(text); {
		n := bytes.IndexByte(text[at:], '\n')
		if n < 0 {
			n = len(text) - at - 1
		}
		at += n + 1
		l.starts = append(l.starts, at)
	}
	return l
}

func (l lines) len() int { return len(l.starts) - 1 }

func (l lines) name(i int) []byte {
	line := l.text[l.starts[i]+1:]
	return line[:bytes.IndexByte(line, '"')]
}

func (l lines) value(i int) []byte {
	line := bytes.TrimSuffix(l.text[l.starts[i]:l.starts[i+1]-1], []byte{','})
	return line[len(l.name(i))+len(`"": `):]
}

// search returns the index of the first entry whose name is not below qname in byte order.
func (l lines) search(qname string) int {
	if len(l.starts) == 0 {
		return 0
	}
	return sort.Search(l.len(), func(i int) bool { return string(l.name(i)) >= qname })
}

func (l lines) find(qname string) (int, bool) {
	if len(l.starts) == 0 {
		return 0, false
	}
	i := l.search(qname)
	return i, i < l.len() && string(l.name(i)) == qname
}
