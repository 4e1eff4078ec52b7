package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a rule file. The parser's time and memory grow with the square of
// both, and the files of a repository are anybody's.
const (
	maxYAMLDepth  = 50 // of lists and mappings within each other
	maxYAMLTokens = 20_000
)

// parseYAML parses a file that is within its bounds.
func parseYAML(name string, text []byte) (*ast.File, *Error) {
	tokens := lexer.Tokenize(string(text))
	if err := bounded(tokens); err != nil {
		err.File = name
		return nil, err
	}
	f, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, yamlError(name, err)
	}
	return f, nil
}

// bounded tells of the first token that exceeds the bounds. What is within what
// is told by brackets, and outside of them by the column.
func bounded(tokens token.Tokens) *Error {
	brackets := 0
	var columns []int // of what is open in block style, from the outside in
	line := 0
	for i, t := range tokens {
		opens := false
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
			opens = true
		case token.SequenceEndType, token.MappingEndType:
			brackets = max(brackets-1, 0)
		}
		first := t.Position.Line != line
		line = t.Position.Line
		if brackets == 0 && (first || t.Type == token.SequenceEntryType || t.Type == token.MappingKeyType) {
			for len(columns) > 0 && columns[len(columns)-1] >= t.Position.Column {
				columns = columns[:len(columns)-1]
			}
			columns = append(columns, t.Position.Column)
			opens = true
		}
		switch {
		case opens && brackets+len(columns) > maxYAMLDepth:
			return &Error{Line: line, Col: t.Position.Column, Text: fmt.Sprintf("lists and mappings are nested more than %d levels deep", maxYAMLDepth)}
		case i >= maxYAMLTokens:
			return &Error{Line: line, Col: t.Position.Column, Text: "the file is too long; divide it"}
		}
	}
	return nil
}

// maxFaults is the number of faults after which no other rule is looked at.
const maxFaults = 100

// maxResources bounds the kinds of resources of a target: each is followed to those
// that it is made of.
const maxResources = 500

// maxMade bounds the expressions that make a resource, with those that it is
// made of in turn: each can name the next twice.
const maxMade = 1_000

// made counts the expressions that it takes to make a resource, up to a bit
// more than maxMade; known are those that were counted.
func (v *validation) made(kind string, known map[string]int) int {
	if n, ok := known[kind]; ok {
		return n
	}
	known[kind] = 1 // of one that is made of itself, which is said elsewhere
	most := 0
	r := v.target.Resources[kind]
	for _, text := range append(slices.Collect(maps.Values(r.ByOption)), r.Make, r.Missing) {
		most = max(most, v.madeFor(text, known))
	}
	known[kind] = 1 + most
	return known[kind]
}

// madeFor counts those of all resources that a template names.
func (v *validation) madeFor(text string, known map[string]int) int {
	n := 0
	if s, err := scan(text); err == nil {
		for _, h := range s.holes {
			head, _, _ := strings.Cut(h, ".")
			if v.target.Resources[head] != nil && n <= maxMade {
				n += v.made(head, known)
			}
		}
	}
	return n
}
