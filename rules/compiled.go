package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Compile writes the files of a pack in the form in which a run reads them, in a
// fraction of the time that YAML takes. It says what the files say, without
// examples and places, a line for each rule, note, resource and key of
// pack.yaml, so that a difference in it reads like one in the files:
//
//	file azureml/clusters.yaml 8b0e...          a file, and the sum of it and its lines
//	- {id: "BAI220", name: "cluster-get", ...}  an item of its list
//	BAI201: {verdict: "review", text: "..."}    an entry of its mapping
//
// Values are those of YAML on one line: mappings in braces and lists in
// brackets, texts always quoted, as in Go; numbers, true, false and null as they
// are written. A key is quoted where it has more in it than letters, digits, _,
// - and dots.
//
// Files that are not those of which the form was made, and those whose lines
// somebody has changed, are read from their YAML instead: the form may be old or
// damaged, and a run still does what the files say.
func Compile(fsys fs.FS, root string) ([]byte, error) {
	names, err := packFiles(fsys, root)
	if err != nil {
		return nil, err
	}
	files, errs := parseAll(fsys, names, true)
	if len(errs) > 0 {
		return nil, errs
	}
	form := []byte(formHead)
	for i, f := range files {
		if len(f.Docs) != 1 || f.Docs[0].Body == nil {
			return nil, &Error{File: names[i], Text: "one document is expected in a file of a pack"}
		}
		text, err := fs.ReadFile(fsys, names[i])
		if err != nil {
			return nil, err
		}
		lines, err := appendLines(nil, f.Docs[0].Body)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", names[i], err)
		}
		form = fmt.Appendf(form, "file %s %s\n%s\n", names[i], sumOf(text, string(lines)), lines)
	}
	return form, nil
}

// formHead is for people; what stands before the first file is not read.
const formHead = "# The YAML files of this folder as a run reads them, a line for each rule, note,\n" +
	"# resource and key of pack.yaml. Written by `make update`.\n"

// appendLines writes a file: each item of its list, or entry of its mapping, on
// a line.
func appendLines(to []byte, body ast.Node) ([]byte, error) {
	var err error
	switch n := body.(type) {
	case *ast.SequenceNode:
		for i, item := range n.Values {
			if i > 0 {
				to = append(to, '\n')
			}
			if to, err = appendValue(append(to, "- "...), item); err != nil {
				return nil, err
			}
		}
	case *ast.MappingNode, *ast.MappingValueNode:
		for i, kv := range entriesOf(n) {
			if i > 0 {
				to = append(to, '\n')
			}
			if to, err = appendEntry(to, kv); err != nil {
				return nil, err
			}
		}
	default:
		return nil, noForm(body)
	}
	if len(to) == 0 {
		return nil, errors.New("there is nothing in this file")
	}
	return to, nil
}

func appendEntry(to []byte, kv *ast.MappingValueNode) ([]byte, error) {
	key := new(reader).key(kv)
	if plainKey(key) {
		to = append(to, key...)
	} else {
		to = strconv.AppendQuote(to, key)
	}
	return appendValue(append(to, ": "...), kv.Value)
}

func appendValue(to []byte, n ast.Node) ([]byte, error) {
	var err error
	switch n := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		to = append(to, '{')
		for i, kv := range entriesOf(n) {
			if i > 0 {
				to = append(to, ", "...)
			}
			if to, err = appendEntry(to, kv); err != nil {
				return nil, err
			}
		}
		return append(to, '}'), nil
	case *ast.SequenceNode:
		to = append(to, '[')
		for i, item := range n.Values {
			if i > 0 {
				to = append(to, ", "...)
			}
			if to, err = appendValue(to, item); err != nil {
				return nil, err
			}
		}
		return append(to, ']'), nil
	case *ast.StringNode:
		return strconv.AppendQuote(to, n.Value), nil
	case *ast.LiteralNode:
		return strconv.AppendQuote(to, n.Value.Value), nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return append(to, n.GetToken().Value...), nil
	case *ast.NullNode:
		return append(to, "null"...), nil
	}
	return nil, noForm(n)
}

// entriesOf lists the entries of a mapping: one alone is a node of its own.
func entriesOf(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

func noForm(n ast.Node) error {
	return fmt.Errorf("line %d: a %s has no place in a file of a pack", n.GetToken().Position.Line, n.Type())
}

func plainKey(key string) bool {
	for i := range len(key) {
		if c := key[i]; c >= 0x80 || !isIdent(c) && c != '.' && (c != '-' || i == 0) {
			return false
		}
	}
	return key != ""
}

// sumOf tells versions of a file and of its lines in the form apart. Examples are
// no part of the form: it stays as it is when they change.
func sumOf(text []byte, lines string) string {
	sum := sha256.New()
	for _, kept := range outsideExamples(text) {
		sum.Write(kept)
	}
	sum.Write([]byte{0})
	var chunk [4 << 10]byte
	for n := 0; len(lines) > 0; lines = lines[n:] {
		n = copy(chunk[:], lines)
		sum.Write(chunk[:n])
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}

// Compiled has the files of the pack that are still those of which Compile has
// made the form read from it. Where extensions are loaded too it is not used:
// their faults may name places of the pack.
func Compiled(form string) Option { return func(l *loading) { l.compiled = form } }

// compiledFile is what a form has of a file.
type compiledFile struct{ sum, lines string }

// compiledFiles lists the files of a form by their names.
func compiledFiles(form string) map[string]compiledFile {
	files := map[string]compiledFile{}
	for _, section := range strings.Split(form, "\nfile ")[1:] {
		head, lines, _ := strings.Cut(section, "\n")
		if name, sum, ok := strings.Cut(head, " "); ok {
			files[name] = compiledFile{sum, strings.TrimSuffix(lines, "\n")}
		}
	}
	return files
}

// body gives the value of a file if it is the one of which the lines were made;
// nil if it is not.
func (f compiledFile) body(text []byte) ast.Node {
	if f.sum != sumOf(text, f.lines) {
		return nil
	}
	return readLines(f.lines)
}

// readLines gives the value that appendLines has written, nil for what it has
// not.
func readLines(lines string) ast.Node {
	r := &formReader{rest: lines}
	var body ast.Node
	if strings.HasPrefix(lines, "- ") {
		list := &ast.SequenceNode{}
		for more := true; more && !r.failed; more = r.take("\n") {
			r.expect("- ")
			list.Values = append(list.Values, r.value())
		}
		body = list
	} else {
		mapping := &ast.MappingNode{}
		for more := true; more && !r.failed; more = r.take("\n") {
			mapping.Values = append(mapping.Values, r.entry())
		}
		body = mapping
	}
	if r.failed || r.rest != "" {
		return nil
	}
	return body
}

// formReader reads values of a form. Once failed, it reads nothing more.
type formReader struct {
	rest   string
	failed bool
	open   []*ast.MappingValueNode // entries so far of the mappings at hand
	// Nodes are made many at a time.
	texts   []ast.StringNode
	entries []ast.MappingValueNode
}

// take moves past a text if it comes next.
func (r *formReader) take(text string) bool {
	rest, ok := strings.CutPrefix(r.rest, text)
	if ok {
		r.rest = rest
	}
	return ok
}

func (r *formReader) expect(text string) { r.failed = !r.take(text) || r.failed }

// fail leaves nothing to read.
func (r *formReader) fail() { r.rest, r.failed = "", true }

func (r *formReader) entry() *ast.MappingValueNode {
	var key string
	if strings.HasPrefix(r.rest, `"`) {
		key = r.quoted()
	} else {
		i := max(0, strings.IndexByte(r.rest, ':'))
		key, r.rest = r.rest[:i], r.rest[i:]
		r.failed = r.failed || !plainKey(key)
	}
	r.expect(": ")
	if len(r.entries) == 0 {
		r.entries = make([]ast.MappingValueNode, nodesAtATime)
	}
	kv := &r.entries[0]
	r.entries = r.entries[1:]
	kv.Key, kv.Value = r.text(key), r.value()
	return kv
}

// nodesAtATime is how many nodes are made together.
const nodesAtATime = 32

func (r *formReader) text(s string) *ast.StringNode {
	if len(r.texts) == 0 {
		r.texts = make([]ast.StringNode, nodesAtATime)
	}
	n := &r.texts[0]
	r.texts = r.texts[1:]
	n.Value = s
	return n
}

func (r *formReader) value() ast.Node {
	switch {
	case r.failed || r.rest == "":
		r.fail()
	case r.rest[0] == '"':
		return r.text(r.quoted())
	case r.take("{"):
		open := len(r.open)
		for !r.take("}") && !r.failed {
			if len(r.open) > open {
				r.expect(", ")
			}
			kv := r.entry()
			r.open = append(r.open, kv)
		}
		m := &ast.MappingNode{Values: slices.Clone(r.open[open:])}
		r.open = r.open[:open]
		return m
	case r.take("["):
		s := &ast.SequenceNode{}
		for !r.take("]") && !r.failed {
			if len(s.Values) > 0 {
				r.expect(", ")
			}
			s.Values = append(s.Values, r.value())
		}
		return s
	default:
		return r.bare()
	}
	return &ast.NullNode{}
}

// quoted reads a text in quotes.
func (r *formReader) quoted() string {
	if i := strings.IndexByte(r.rest[1:], '"'); i >= 0 && strings.IndexByte(r.rest[1:i+1], '\\') < 0 {
		text := r.rest[1 : i+1]
		r.rest = r.rest[i+2:]
		return text
	}
	quoted, err := strconv.QuotedPrefix(r.rest)
	if err != nil {
		r.fail()
		return ""
	}
	r.rest = r.rest[len(quoted):]
	text, _ := strconv.Unquote(quoted) // QuotedPrefix has read it
	return text
}

// bare reads a number, true, false or null.
func (r *formReader) bare() ast.Node {
	i := strings.IndexAny(r.rest, ",]}\n")
	if i <= 0 {
		r.fail()
		return &ast.NullNode{}
	}
	word := r.rest[:i]
	r.rest = r.rest[i:]
	switch {
	case word == "null":
		return &ast.NullNode{}
	case strings.EqualFold(word, "true") || strings.EqualFold(word, "false"):
		return &ast.BoolNode{Token: &token.Token{Value: word}, Value: word[0]|0x20 == 't'}
	case strings.IndexByte("+-.0123456789", word[0]) >= 0:
		return &ast.IntegerNode{Token: &token.Token{Value: word}}
	}
	r.fail()
	return &ast.NullNode{}
}
