package settings

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
)

// Address is what every comment of this package's holds: a text without it has
// none.
const Address = "pyxlate:"

// An Ignore is a comment `# pyxlate: ignore`, or `# pyxlate: ignore[C1, C2]`
// with codes or beginnings of codes. Behind code it is about that statement
// (the head of one with a body); on a line of its own about the statement that
// follows, its body included; as the first line of a cell about the whole
// cell.
type Ignore struct {
	Unit       int // index of the unit in its document
	Start, End int // bytes of the comment
	Codes      []string
	// Fault says why the comment cannot be read, "" if it can.
	Fault string
	// Used is set by Matches.
	Used bool

	from, to int // bytes that it is about
}

// comment is one to pyxlate: what it says, and the codes in brackets.
var comment = regexp.MustCompile(`#[^\S\n]*pyxlate:[^\S\n]*([\w-]+)[^\S\n]*(\[[^\]\n]*\]?)?`)

// Ignores lists the comments in one unit. tree is that of the text without
// its IPython lines, raw the text with them; cell says that the unit is a cell
// or a fence and not a whole file.
func Ignores(unit int, tree *grammar.Tree, raw []byte, masked []grammar.MaskedLine, cell bool) []Ignore {
	if !bytes.Contains(raw, []byte(Address)) {
		return nil
	}
	var all []Ignore
	if tree != nil {
		for c := range tree.Comments(0, len(tree.Source())) {
			if g, ok := parse(unit, raw[c.Start():c.End()], c.Start()); ok {
				g.from, g.to = covered(tree, raw, c, cell)
				all = append(all, g)
			}
		}
	}
	for _, m := range masked {
		line := raw[m.Start:m.End]
		if at := comment.FindIndex(line); at != nil {
			if g, ok := parse(unit, line[at[0]:], m.Start+at[0]); ok {
				g.from, g.to = m.Start, m.End
				all = append(all, g)
			}
		}
	}
	return all
}

// parse reads one comment, which begins at a byte offset of its unit.
func parse(unit int, text []byte, offset int) (Ignore, bool) {
	m := comment.FindSubmatchIndex(text)
	if m == nil {
		return Ignore{}, false
	}
	g := Ignore{Unit: unit, Start: offset + m[0], End: offset + m[1]}
	if word := string(text[m[2]:m[3]]); word != "ignore" {
		near := rules.Suggest(strings.ToLower(word), []string{"ignore"})
		g.Fault = fmt.Sprintf("there is no %q%s", word, near)
		return g, near != "" // or else it speaks of pyxlate, not to it
	}
	if m[4] < 0 {
		return g, true
	}
	list := string(text[m[4]:m[5]])
	inner, closed := strings.CutSuffix(list[1:], "]")
	for c := range strings.SplitSeq(inner, ",") {
		if c = strings.TrimSpace(c); c != "" {
			g.Codes = append(g.Codes, c)
		}
	}
	switch {
	case !closed:
		g.Fault = "`]` is missing"
	case len(g.Codes) == 0:
		g.Fault = "it names no code; write `# pyxlate: ignore` for all"
	}
	return g, true
}

// covered gives the bytes that a comment is about.
func covered(tree *grammar.Tree, raw []byte, c grammar.Node, cell bool) (from, to int) {
	line := bytes.LastIndexByte(raw[:c.Start()], '\n') + 1
	if before := bytes.TrimRight(raw[line:c.Start()], " \t"); len(before) > 0 {
		end := line + len(before)
		stmt := tree.NodeAt(end-1, end).Statement()
		if stmt.IsZero() {
			return line, c.Start()
		}
		return stmt.Start(), headEnd(stmt)
	}
	if cell && len(bytes.TrimSpace(raw[:line])) == 0 {
		return 0, len(raw)
	}
	for at := c.End(); at < len(raw); at++ {
		switch b := raw[at]; {
		case b == '#':
			if n := bytes.IndexByte(raw[at:], '\n'); n >= 0 {
				at += n
				continue
			}
			return c.End(), c.End()
		case b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == '\f':
		default:
			stmt := tree.NodeAt(at, at+1).Statement()
			if stmt.IsZero() {
				return at, lineEnd(raw, at)
			}
			return at, stmt.End()
		}
	}
	return c.End(), c.End()
}

func lineEnd(raw []byte, at int) int {
	if n := bytes.IndexByte(raw[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(raw)
}

// headEnd is the end of a statement without the blocks in it.
func headEnd(stmt grammar.Node) int {
	for id := stmt.ID() + 1; id <= stmt.Last(); id++ {
		if n := stmt.Tree().Node(id); n.Is(grammar.KindBlock) {
			return n.Start()
		}
	}
	return stmt.End()
}

// Matches tells whether the comment is about a use at a byte offset of its
// unit whose finding has the code, and notes that it was of use.
func (g *Ignore) Matches(unit, offset int, code string) bool {
	if unit != g.Unit || offset < g.from || offset >= g.to || !g.about(code) {
		return false
	}
	g.Used = true
	return true
}

// about tells whether the comment is about findings with a code.
func (g *Ignore) about(code string) bool {
	return g.Fault == "" && (len(g.Codes) == 0 || slices.ContainsFunc(g.Codes, func(c string) bool { return strings.HasPrefix(code, c) }))
}

// Ignored tells whether a line of a list of requirements has a comment about
// findings with a code.
func Ignored(line []byte, code string) bool {
	g, ok := parse(0, line, 0)
	return ok && g.about(code)
}

// Complaint says what is wrong with the comment, once every use has been
// matched: "" if nothing is.
func (g *Ignore) Complaint() string {
	switch {
	case g.Fault != "":
		return "this comment cannot be read: " + g.Fault
	case g.Used:
		return ""
	case len(g.Codes) > 0:
		return fmt.Sprintf("nothing here has the code %s; remove this `# pyxlate: ignore`", strings.Join(g.Codes, " or "))
	}
	return "there is nothing here to leave alone; remove this `# pyxlate: ignore`"
}
