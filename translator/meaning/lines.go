package meaning

import (
	"iter"
	"regexp"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// Lines gives the calls by which the program runs command lines of a shell, with
// the line as their argument "command": those of Python's own functions, and the
// lines of a notebook, whose names are put in.
func (p *Program) Lines() []*ir.Call {
	if p.lines != nil {
		return *p.lines
	}
	var out []*ir.Call
	for _, u := range p.units {
		for _, id := range sortedKeys(u.calls) {
			c := u.calls[id]
			if shellCalls[c.Symbol] && len(c.Args) > 0 && c.Args[0].Star == 0 && (c.Args[0].Param == "" || c.Args[0].Param == "args" || c.Args[0].Param == "cmd") {
				line := *c
				line.Bound = map[string]ir.Arg{"command": c.Args[0]}
				out = append(out, &line)
			}
		}
		for span, text := range u.shellLines() {
			n := u.root.Tree().NodeAt(span.Start, span.End)
			if n.IsZero() {
				n = u.root
			}
			at := u.expr(n)
			at.Start, at.End = span.Start, span.End
			out = append(out, &ir.Call{Symbol: "!", At: at, Stmt: at, Bound: map[string]ir.Arg{"command": {Value: p.filled(u, text)}}})
		}
	}
	p.lines = &out
	return out
}

// filledName matches what IPython replaces in a command line by the value of a
// name: {name}, and $name where Python has one of that name.
var filledName = regexp.MustCompile(`\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)`)

// filled gives a command line with the values of the names of Python in it. A
// name with several definitions is not known.
func (p *Program) filled(u *unit, line string) ir.Value {
	if strings.ContainsRune(line, '{') && strings.ContainsAny(filledName.ReplaceAllString(line, ""), "{}") {
		return &ir.Unknown{Why: "command line", Type: "str"} // an expression
	}
	t := &ir.Text{}
	from := 0
	for _, m := range filledName.FindAllStringSubmatchIndex(line, -1) {
		name := line[max(m[2], m[4]):max(m[3], m[5])]
		v := u.m.scope.vars[name]
		if v == nil || len(v.defs) == 0 {
			continue // a variable of the shell
		}
		t.Pieces = append(t.Pieces, ir.Piece{Lit: line[from:m[0]]})
		from = m[1]
		var val ir.Value = &ir.Unknown{Why: "name in a command line", Type: "str"}
		if len(v.defs) == 1 {
			val = v.defs[0].Value
		}
		t.Pieces = append(t.Pieces, ir.Piece{Val: val})
	}
	t.Pieces = append(t.Pieces, ir.Piece{Lit: line[from:]})
	return t
}

// shellLines yields the command lines of a shell among the lines that are
// IPython's, with their places.
func (u *unit) shellLines() iter.Seq2[ir.Span, string] {
	return func(yield func(ir.Span, string) bool) {
		for _, l := range u.Masked {
			switch {
			case l.Kind == grammar.CellMagic && shellCells[l.Name] && l.End <= len(u.Raw):
				for start, end := range scriptLines(u.Raw, l.Body, l.End) {
					if !yield(ir.Span{Unit: u.ID, Start: start, End: end}, string(u.Raw[start:end])) {
						return
					}
				}
			case l.Kind == grammar.Shell || l.Kind == grammar.ShellAssign,
				(l.Kind == grammar.LineMagic || l.Kind == grammar.MagicAssign) && shellCells[l.Name]:
				if !yield(ir.Span{Unit: u.ID, Start: l.Start, End: l.End}, l.Rest) {
					return
				}
			}
		}
	}
}

// scriptLines yields start and end of the lines of a shell script, without blanks
// around them; a line goes on after a backslash at its end.
func scriptLines(raw []byte, at, last int) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		for at < last {
			start := at
			for at < last && (raw[at] != '\n' || at > start && strings.HasSuffix(strings.TrimSuffix(string(raw[start:at]), "\r"), `\`)) {
				at++
			}
			end := at
			for end > start && (raw[end-1] == ' ' || raw[end-1] == '\r' || raw[end-1] == '\t') {
				end--
			}
			for start < end && (raw[start] == ' ' || raw[start] == '\t') {
				start++
			}
			if !yield(start, end) {
				return
			}
			at++
		}
	}
}
