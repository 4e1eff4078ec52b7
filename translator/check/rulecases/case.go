package rulecases

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/sdk"
	"pyxlate/translator/document"
	"pyxlate/translator/edit"
	"pyxlate/translator/meaning"
	"pyxlate/translator/project"
)

// A Case is a program in another form.
type Case struct {
	Name string // "imports/star", "comments/17"
	Path string // tells the kind of document
	Text []byte
	Keep Kept
	// Own is a variable of the user's that the case adds at the top and reads in
	// the last statement: nothing else may bind it. "" for none.
	Own string
}

// Kept says how much of the original's translation that of a case must be.
type Kept uint8

const (
	Promises Kept = iota // the case is a program of its own
	Verdicts             // the findings are the same, imports aside
	Calls                // the calls of the target SDK are the same as well
)

// A Program is a script of which cases are made.
type Program struct {
	migration *rules.Migration
	tables    *sdk.Set
	text      string
	prog      *meaning.Program
	unit      *meaning.Source
	tree      *grammar.Tree
	leaves    []leaf
}

// Read analyses a script. It must parse.
func Read(m *rules.Migration, tables *sdk.Set, text string) (*Program, error) {
	d, err := document.OpenAs(document.Script, "example.py", []byte(text))
	if err != nil {
		return nil, err
	}
	cfg := project.Config(m, tables)
	prog, files := project.Read([]*document.Document{d}, nil, cfg, project.Triggers(m))
	u := files[0].Units[0]
	if u.Tree == nil || len(u.Tree.Errors()) > 0 {
		return nil, fmt.Errorf("the program does not parse")
	}
	p := &Program{migration: m, tables: tables, text: text, prog: prog, unit: u, tree: u.Tree}
	p.leaves = leavesOf(p.tree)
	return p, nil
}

// Cases yields the program in every other form.
func (p *Program) Cases() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		for _, form := range []iter.Seq[Case]{p.imports(), p.arguments(), p.layouts(), p.comments(), p.places(), p.documents(), p.names(), p.constructs()} {
			for c := range form {
				if c.Path == "" {
					c.Path = "example.py"
				}
				if string(c.Text) != p.text && !yield(c) {
					return
				}
			}
		}
	}
}

// with gives the text with edits made.
func (p *Program) with(edits []edit.Edit) []byte {
	out, err := edit.Apply([]byte(p.text), edits)
	if err != nil {
		panic(err) // the edits are made here, from the tree of the text
	}
	return out
}

// under reports whether a name lies in one of the source SDKs.
func (p *Program) under(name string) bool {
	return slices.ContainsFunc(slices.Concat(p.migration.Primary, p.migration.Auxiliary), func(prefix string) bool {
		return name == prefix || strings.HasPrefix(name, prefix+".")
	})
}

// leaf is a token: a string is one, whatever is in it.
type leaf struct {
	start, end int
	text       string
	depth      int // of the brackets around it
	stmt       int // start of its statement
	node       grammar.Node
}

// leavesOf lists the tokens of a tree without comments and line continuations.
func leavesOf(tree *grammar.Tree) []leaf {
	var out []leaf
	depth := 0
	for id := int32(1); id < int32(tree.Len()); id++ {
		n := tree.Node(id)
		whole := n.Is(grammar.KindString)
		if n.Is(grammar.KindComment, grammar.KindLineContinuation) || !whole && n.Last() != id || n.End() == n.Start() {
			continue
		}
		id = n.Last()
		l := leaf{start: n.Start(), end: n.End(), text: n.Text(), node: n, stmt: n.Statement().Start()}
		if strings.Contains(")]}", l.text) {
			depth--
		}
		l.depth = depth
		if strings.Contains("([{", l.text) {
			depth++
		}
		out = append(out, l)
	}
	return out
}

// statements lists the statements at the top of the script.
func (p *Program) statements() []grammar.Node {
	var out []grammar.Node
	for n := range p.tree.Root().Children() {
		if !n.Is(grammar.KindComment, grammar.KindLineContinuation) {
			out = append(out, n)
		}
	}
	return out
}

// inString reports whether a byte lies inside a string, its first byte aside.
func (p *Program) inString(at int) bool {
	return slices.ContainsFunc(p.leaves, func(l leaf) bool {
		return l.node.Is(grammar.KindString) && l.start < at && at < l.end
	})
}
