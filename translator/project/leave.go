package project

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/meaning"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/settings"
)

// A Complaint is something wrong with a comment that speaks to pyxlate. Start
// and End are bytes of the unit's source.
type Complaint struct {
	Unit       int // index in the document, 0-based
	Start, End int
	Text       string
}

// leaving decides which statements stay as they are because their user wants
// it: those that a `# pyxlate: ignore` is about, and those whose finding has a
// code that the settings leave. Only a translation tells the codes, so there
// is one without regard to the wishes, and one that knows the statements.
type leaving struct {
	program *meaning.Program
	sources []*source
	opt     rewrite.Options
	ignores [][]settings.Ignore // by source
	left    map[stmtKey]bool
	// declined are the findings that a person said no to, as they would have
	// been.
	declined map[declinedKey]rewrite.Finding
}

type declinedKey struct {
	at   ir.Span
	kind ir.UseKind
}

type stmtKey struct {
	unit  ir.UnitID
	start int
}

// translate carries out the migration with the user's wishes.
func translate(p *meaning.Program, sources []*source, files []*meaning.File, m *rules.Migration, tables *sdk.Set, opt rewrite.Options) (rewrite.Result, *leaving) {
	l := &leaving{program: p, sources: sources, opt: opt, ignores: make([][]settings.Ignore, len(sources)), left: map[stmtKey]bool{}, declined: map[declinedKey]rewrite.Finding{}}
	wishes := opt.Leave != nil || opt.Declined != nil
	for i, s := range sources {
		for n, u := range s.file.Units {
			cell := s.doc.Units[n].Cell > 0
			l.ignores[i] = append(l.ignores[i], settings.Ignores(n, u.Tree, u.Raw, u.Masked, cell)...)
		}
		wishes = wishes || len(l.ignores[i]) > 0
	}
	out := rewrite.Translate(p, files, m, tables, opt)
	if !wishes {
		return out, l
	}
	for _, f := range out.Findings {
		switch {
		case l.wants(f):
			l.leave(f)
		case l.declines(f):
			l.leave(f)
			l.decline(f)
		}
	}
	if len(l.left) == 0 {
		return out, l
	}
	opt.Left = func(unit ir.UnitID, start int) bool { return l.left[stmtKey{unit, start}] }
	out = rewrite.Translate(p, files, m, tables, opt)
	// An import that only stays for what is left is left with it.
	again := false
	for _, f := range out.Findings {
		if f.Use.Kind == ir.ImportUse && f.Verdict == ir.Manual && !f.Left && l.onlyLeft(f, out) {
			l.leave(f)
			if opt.Declined != nil {
				l.decline(f)
			}
			again = true
		}
	}
	if again {
		out = rewrite.Translate(p, files, m, tables, opt)
	}
	return out, l
}

// onlyLeft tells whether all that still reads an import is left as it is.
func (l *leaving) onlyLeft(im rewrite.Finding, out rewrite.Result) bool {
	stmt := l.program.Stmt(im.Use.At)
	left := false
	for d := range l.program.AllDefs() {
		if d.Stmt != stmt || d.Kind != meaning.Star && (d.Kind != meaning.Import || !im.At.Contains(d.At.Span) && !d.At.Contains(im.At)) {
			continue
		}
		if l.program.Escapes(d) {
			return false
		}
		for _, r := range l.program.Readers(d) {
			s := l.program.Stmt(r)
			if l.left[stmtKey{s.Unit, s.Start}] {
				left = true
				continue
			}
			for _, f := range out.Findings {
				if f.Verdict == ir.Manual && (f.At.Contains(r.Span) || r.Contains(f.At)) {
					return false
				}
			}
		}
	}
	return left
}

// wants tells whether the statement of a finding is to be left.
func (l *leaving) wants(f rewrite.Finding) bool {
	left := l.opt.Leave != nil && l.opt.Leave(f.Code)
	for i, s := range l.sources {
		n := unitIndex(s.file, f.At.Unit)
		if n < 0 {
			continue
		}
		for j := range l.ignores[i] {
			if l.ignores[i][j].Matches(n, f.At.Start, f.Code) {
				left = true
			}
		}
	}
	return left
}

// declines tells whether a person does not want the change of a finding.
func (l *leaving) declines(f rewrite.Finding) bool {
	if l.opt.Declined == nil {
		return false
	}
	for i, s := range l.sources {
		if n := unitIndex(s.file, f.At.Unit); n >= 0 && l.opt.Declined(i, n, f.At.Start, f.At.End) {
			return true
		}
	}
	return false
}

// decline notes a finding that is left because a person said no.
func (l *leaving) decline(f rewrite.Finding) {
	k := declinedKey{f.At, f.Use.Kind}
	if _, known := l.declined[k]; !known {
		l.declined[k] = f
	}
}

// recall gives the findings of what was declined the code and the message that
// they would have had.
func (r *Result) recall(l *leaving) {
	for i := range r.Findings {
		f := &r.Findings[i]
		if was, ok := l.declined[declinedKey{f.At, f.Use.Kind}]; ok && f.Left {
			f.Code, f.Message, f.Symbol = was.Code, was.Message, was.Symbol
		}
	}
}

// leave notes the statement of a finding, under its decorators' start too.
func (l *leaving) leave(f rewrite.Finding) {
	stmt := l.program.Stmt(f.Use.At)
	if f.Use.Kind == ir.LineUse {
		// A line of the shell is no statement: what counts is where it starts.
		for _, s := range l.sources {
			for _, u := range s.file.Units {
				if u.ID == f.At.Unit {
					l.left[stmtKey{u.ID, bytes.LastIndexByte(u.Raw[:f.At.Start], '\n') + 1}] = true
				}
			}
		}
	}
	l.left[stmtKey{stmt.Unit, stmt.Start}] = true
	if n := l.program.Node(stmt); !n.IsZero() {
		if outer := n.Statement(); !outer.IsZero() {
			l.left[stmtKey{stmt.Unit, outer.Start()}] = true
		}
	}
}

// complaints lists what is wrong with the comments of a source, and what is
// left alone there although it needs something that changes.
func (l *leaving) complaints(i int, out rewrite.Result) []Complaint {
	var all []Complaint
	said := map[stmtKey]bool{}
	for _, f := range out.Findings {
		n := unitIndex(l.sources[i].file, f.At.Unit)
		if n < 0 || !f.Left || f.Use.Kind == ir.ImportUse {
			continue
		}
		stmt := l.program.Stmt(f.Use.At)
		k := stmtKey{stmt.Unit, stmt.Start}
		if said[k] {
			continue
		}
		said[k] = true
		if name := l.changedName(stmt, out); name != "" {
			all = append(all, Complaint{n, stmt.Start, stmt.End, fmt.Sprintf("this is left as it is, but `%s`, which it reads, changes: leave the definition as well, or move this by hand", name)})
		}
	}
	slices.SortStableFunc(all, func(a, b Complaint) int { return cmp.Compare(a.Unit, b.Unit) })
	for j := range l.ignores[i] {
		g := &l.ignores[i][j]
		if text := g.Complaint(); text != "" {
			all = append(all, Complaint{g.Unit, g.Start, g.End, text})
		}
	}
	return all
}

// changedName gives a name that a statement reads and whose definition is
// edited, "" if there is none.
func (l *leaving) changedName(stmt ir.Expr, out rewrite.Result) string {
	root := l.program.Node(stmt)
	if root.IsZero() {
		return ""
	}
	for id := root.ID(); id <= root.Last(); id++ {
		n := root.Tree().Node(id)
		if !n.Is(grammar.KindIdentifier) || n.Field() == grammar.FieldAttribute {
			continue
		}
		at := ir.Expr{Span: ir.Span{Unit: stmt.Unit, Start: n.Start(), End: n.End()}, Node: id}
		b, ok := l.program.Binding(at, n.Text())
		if !ok {
			continue
		}
		for _, d := range b.Defs {
			if d.Kind == meaning.Import || d.Stmt.Start == stmt.Start {
				continue
			}
			for _, e := range out.Edits[d.Stmt.Unit] {
				if e.Start < d.Stmt.End && d.Stmt.Start < e.End {
					return n.Text()
				}
			}
		}
	}
	return ""
}
