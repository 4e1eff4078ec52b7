package rulecases

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"

	"pyxlate/grammar"
)

// place is a statement into which a program is put: the lines before, levels
// of indentation, the lines after.
type place struct {
	name          string
	before, after string
	depth         int
	keep          Kept
	function      bool // no star imports, no declarations of globals
}

var placesOf = []place{
	{"function", "def main():\n", "\n\nmain()\n", 1, Calls, true},
	{"method", "class Main(object):\n    def run(self):\n", "\n\nMain().run()\n", 2, Calls, true},
	{"nested-function", "def outer():\n    def inner():\n", "    inner()\n\n\nouter()\n", 2, Calls, true},
	{"coroutine", "async def main():\n", "", 1, Verdicts, true},
	{"if", "if __name__ == '__main__':\n", "", 1, Calls, false},
	{"else", "import sys\nif len(sys.argv) > 9:\n    print('usage')\nelse:\n", "", 1, Verdicts, false},
	{"try-except", "try:\n", "except ValueError as error:\n    print(error)\n", 1, Calls, false},
	{"try-finally", "try:\n", "finally:\n    print('done')\n", 1, Calls, false},
	{"with", "import threading\nwith threading.Lock():\n", "", 1, Calls, false},
	{"for", "for round in range(2):\n", "", 1, Promises, false},
	{"while", "while True:\n", "    break\n", 1, Promises, false},
	{"deep", "try:\n    if True:\n        with open('log') as log:\n", "finally:\n    pass\n", 3, Verdicts, false},
	{"uncalled-function", "def main():\n", "", 1, Promises, true},
}

// places yields the program inside every kind of statement, with its first
// imports inside as well and left at the top.
func (p *Program) places() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		top := p.afterImports()
		// Who calls a function of a module is never certain; who calls one inside
		// another is.
		private := slices.ContainsFunc(p.statements(), func(s grammar.Node) bool {
			return s.Is(grammar.KindFunctionDefinition, grammar.KindClassDefinition, grammar.KindDecoratedDefinition)
		})
		for _, pl := range placesOf {
			for _, form := range []struct {
				name string
				at   int
			}{{"all", 0}, {"body", top}} {
				if form.name == "all" && pl.function && strings.Contains(p.text, "import *") || strings.Contains(p.text, "from __future__") {
					continue
				}
				body := p.indented(form.at, strings.Repeat("    ", pl.depth))
				if strings.TrimSpace(body) == "" || pl.function && (strings.Contains(body, "global ") || strings.Contains(body, "nonlocal ")) {
					continue
				}
				text := p.text[:form.at]
				if text != "" && !strings.HasSuffix(text, "\n\n") {
					text += "\n"
				}
				keep := pl.keep
				if private {
					keep = Promises
				}
				if !yield(Case{Name: "places/" + pl.name + "/" + form.name, Text: []byte(text + pl.before + body + pl.after), Keep: keep}) {
					return
				}
			}
		}
	}
}

// afterImports gives the offset behind the imports that the script begins with.
func (p *Program) afterImports() int {
	at := 0
	for _, s := range p.statements() {
		if !s.Is(grammar.KindImportStatement, grammar.KindImportFromStatement) {
			break
		}
		at = s.End()
	}
	for at > 0 && at < len(p.text) && (p.text[at-1] != '\n') {
		at++
	}
	return at
}

// indented gives the text from a byte on with each line moved to the right that
// does not begin in a string.
func (p *Program) indented(from int, by string) string {
	var out strings.Builder
	at := from
	for line := range strings.SplitAfterSeq(p.text[from:], "\n") {
		if strings.TrimSpace(line) != "" && !p.inString(at) {
			out.WriteString(by)
		}
		out.WriteString(line)
		at += len(line)
	}
	text := out.String()
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}

// documents yields the program as notebooks and pages, and as scripts in other
// encodings of lines and characters.
func (p *Program) documents() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		crlf := strings.ReplaceAll(p.text, "\n", "\r\n")
		page := "# Title\n\nProse with `code`.\n\n```python\n" + p.text + "```\n\nThe end.\n"
		tabs := p.text
		if !strings.Contains(p.text, "\"\"\"") && !strings.Contains(p.text, "'''") {
			tabs = strings.ReplaceAll(p.text, "\n    ", "\n\t")
		}
		for _, c := range []Case{
			{Name: "documents/crlf", Text: []byte(crlf), Keep: Calls},
			{Name: "documents/cr", Text: []byte(strings.ReplaceAll(p.text, "\n", "\r")), Keep: Calls},
			{Name: "documents/bom", Text: []byte("\ufeff" + p.text), Keep: Calls},
			{Name: "documents/tabs", Text: []byte(tabs), Keep: Calls},
			{Name: "documents/latin-1", Text: []byte("# -*- coding: latin-1 -*-\n# caf\xe9\n" + p.text), Keep: Calls},
			{Name: "documents/docstring", Text: []byte("#!/usr/bin/env python\n\"\"\"What it does.\"\"\"\nfrom __future__ import print_function\n" + p.text), Keep: Calls},
			{Name: "documents/no-end", Text: []byte(strings.TrimRight(p.text, "\n")), Keep: Calls},
			{Name: "documents/page", Path: "example.md", Text: []byte(page), Keep: Calls},
			{Name: "documents/page-in-list", Path: "example.md", Text: []byte("1. Run\n\n   ```python\n" + p.lines("   ") + "   ```\n"), Keep: Calls},
			{Name: "documents/one-cell", Path: "example.ipynb", Text: notebook(1, p.text), Keep: Calls},
			{Name: "documents/one-string", Path: "example.ipynb", Text: notebook(0, p.text), Keep: Calls},
			{Name: "documents/cells", Path: "example.ipynb", Text: notebook(1, p.pieces()...), Keep: Calls},
			{Name: "documents/cells-of-strings", Path: "example.ipynb", Text: notebook(0, p.pieces()...), Keep: Calls},
			{Name: "documents/cells-with-magics", Path: "example.ipynb", Text: notebook(2, append([]string{"%matplotlib inline\n!pip install sdk\n"}, p.pieces()...)...), Keep: Calls},
		} {
			if !yield(c) {
				return
			}
		}
	}
}

// lines gives the text with something before each line.
func (p *Program) lines(by string) string {
	return by + strings.ReplaceAll(strings.TrimSuffix(p.text, "\n"), "\n", "\n"+by) + "\n"
}

// pieces cuts the script before each of its statements; comments go with the
// statement that follows.
func (p *Program) pieces() []string {
	var out []string
	from := 0
	all := p.statements()
	for i, s := range all {
		to := len(p.text)
		if i+1 < len(all) {
			to = s.End()
			for to < len(p.text) && p.text[to-1] != '\n' {
				to++
			}
			if to > all[i+1].Start() {
				continue // two in one line
			}
		}
		out = append(out, strings.Trim(p.text[from:to], "\n"))
		from = to
	}
	return out
}

// notebook makes a notebook with a cell of code for each text; indent 0 keeps
// each source as one string.
func notebook(indent int, texts ...string) []byte {
	var cells []any
	for i, text := range texts {
		var source any = text
		if indent > 0 {
			source = strings.SplitAfter(text, "\n")
		}
		cells = append(cells, map[string]any{"cell_type": "code", "execution_count": i + 1, "metadata": map[string]any{}, "outputs": []any{}, "source": source})
	}
	book := map[string]any{"cells": cells, "metadata": map[string]any{"language_info": map[string]any{"name": "python"}}, "nbformat": 4, "nbformat_minor": 2}
	var out []byte
	var err error
	if indent > 0 {
		out, err = json.MarshalIndent(book, "", strings.Repeat(" ", indent))
	} else {
		out, err = json.Marshal(book)
	}
	if err != nil {
		panic(fmt.Sprint("a notebook of strings: ", err))
	}
	return append(out, '\n')
}
