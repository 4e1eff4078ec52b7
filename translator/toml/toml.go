// Package toml lists the values of a TOML document with their places, so that
// a fault in one can be shown where it stands and a text can be replaced
// without touching another byte.
//
// It owes exact spans, and an answer in time and memory that grow with the text,
// whoever wrote it. It knows nothing of what a document is for.
package toml

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// Kind is the type of a value.
type Kind int

const (
	Text  Kind = iota // a string of any form
	Bool              // Text is "true" or "false"
	Other             // a number, a date, an empty array or table
)

// A Value is one scalar of a document. The items of an array are values of
// their own.
type Value struct {
	Path []string // keys from the root of the document
	Item bool     // it is an item of the array at Path
	Kind Kind
	Text string // a string without quotes and escapes, else the source
	// Start and End are the bytes of the value with its quotes, 0-based; Key is
	// where the last key of Path starts.
	Start, End, Key int
}

// Error is a fault at a place: Line and Column count from 1, columns in
// characters.
type Error struct {
	Line, Column int
	Text         string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Text) }

// Place gives the line and column (from 1, in characters) of a byte offset.
func Place(text []byte, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte{'\n'}) + 1, utf8.RuneCount(before[start:]) + 1
}

// Values lists the values of a document in the order in which they stand. The
// error is an *Error.
func Values(text []byte) ([]Value, error) {
	if err := bounded(text); err != nil {
		return nil, err
	}
	// What the document as a whole must be (no key twice) the decoder knows.
	var whole map[string]any
	if err := toml.Unmarshal(text, &whole); err != nil {
		e := &Error{1, 1, strings.TrimPrefix(err.Error(), "toml: ")}
		if d, ok := errors.AsType[*toml.DecodeError](err); ok {
			e.Line, e.Column = d.Position()
		}
		return nil, e
	}
	var p unstable.Parser
	p.Reset(text)
	r := &reader{parser: &p, text: text, deep: -1}
	for p.NextExpression() {
		n := p.Expression()
		switch n.Kind {
		case unstable.Table, unstable.ArrayTable:
			r.table = nil
			for it := n.Key(); it.Next(); {
				r.table = append(r.table, string(it.Node().Data))
			}
		case unstable.KeyValue:
			r.pair(r.table, n)
		}
	}
	if err := p.Error(); err != nil {
		return nil, &Error{1, 1, err.Error()}
	}
	if r.deep >= 0 {
		return nil, fault(text, r.deep, "a key within more than %d tables", maxDepth)
	}
	return r.values, nil
}

type reader struct {
	parser *unstable.Parser
	text   []byte
	table  []string
	values []Value
	deep   int // where a path first was too long, or -1
}

func (r *reader) pair(table []string, n *unstable.Node) {
	path := append([]string(nil), table...)
	key := 0
	for it := n.Key(); it.Next(); {
		path = append(path, string(it.Node().Data))
		key = int(it.Node().Raw.Offset)
	}
	if len(path) > maxDepth {
		if r.deep < 0 {
			r.deep = key
		}
		return
	}
	r.value(Value{Path: path, Key: key}, n.Value())
}

func (r *reader) value(v Value, n *unstable.Node) {
	switch n.Kind {
	case unstable.Array:
		item := v
		item.Item = true
		for it := n.Children(); it.Next(); {
			if it.Node().Kind != unstable.Comment {
				r.value(item, it.Node())
			}
		}
		return
	case unstable.InlineTable:
		for it := n.Children(); it.Next(); {
			r.pair(v.Path, it.Node())
		}
		return
	}
	v.Kind, v.Text = Other, string(n.Data)
	v.Start, v.End = int(n.Raw.Offset), int(n.Raw.Offset+n.Raw.Length)
	switch n.Kind {
	case unstable.String:
		v.Kind = Text
	case unstable.Bool:
		v.Kind = Bool
		if v.End == v.Start {
			v.Start, v.End = v.Key, v.Key
		}
	}
	r.values = append(r.values, v)
}
