package rules

import (
	"fmt"

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
