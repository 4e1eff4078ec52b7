package rewrite

import (
	"fmt"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/edit"
	"pyxlate/translator/meaning"
)

// importStatements removes and shortens imports.
func (a *assembler) importStatements() {
	e := a.e
	seen := map[nodeKey]bool{}
	for _, im := range e.p.Imports() {
		k := keyOf(im.Stmt)
		if im.Stmt.Unit != a.u.ID || seen[k] || a.goneAt(im.Stmt.Start) {
			continue
		}
		seen[k] = true
		n := e.node(im.Stmt)
		start, end := im.Stmt.Start, n.CodeEnd()
		if a.taken(ir.Span{Unit: a.u.ID, Start: start, End: end}) {
			continue
		}
		indent := a.indentAt(start)
		alone := strings.TrimSpace(a.src[a.lineStart(start):start]) == ""
		switch {
		case e.imports.removed[k]:
			comments := e.commentsIn(im.Stmt, im.Stmt.Span)
			if alone {
				a.remove(start, end, indent, comments)
			} else {
				a.sharedLine(&plan{stmt: im.Stmt, drop: true}, nil, start, end, n.Parent(), a.ownLine[start])
			}
			continue
		case e.imports.shorter[k] != nil:
			a.shorten(n, im.Stmt, e.imports.shorter[k], indent)
		}
		why := e.imports.kept[k]
		if why == "" || e.hasMark(a.u.ID, start) {
			continue
		}
		note := e.note(e.migration.Of(why), "needed", why)
		indent, _ = a.listIndent(n.Parent(), im.Stmt)
		mark := e.markText(note.Code, e.noteText(note)) + "\n" + indent
		if alone || a.ownLine[start] || n.Parent().Is(grammar.KindBlock) && n.Parent().Start() == start && !a.onHeader(im.Stmt) {
			a.add(start, start, mark)
			continue
		}
		// The line breaks before the import, in place of the semicolon.
		from := len(strings.TrimRight(a.src[:start], " \t"))
		if strings.HasSuffix(a.src[:from], ";") && !a.taken(ir.Span{Unit: a.u.ID, Start: from - 1, End: start}) && !a.onHeader(im.Stmt) {
			a.add(from-1, start, "\n"+indent+mark)
		}
	}
}

// sharedImports takes away imports that other statements follow on their line,
// before these are looked at: they begin the line then.
func (a *assembler) sharedImports() {
	for _, im := range a.e.p.Imports() {
		start := im.Stmt.Start
		if im.Stmt.Unit != a.u.ID || !a.e.imports.removed[keyOf(im.Stmt)] || a.goneAt(start) {
			continue
		}
		end := a.e.node(im.Stmt).CodeEnd()
		next := a.next(end)
		own := strings.TrimSpace(a.src[a.lineStart(start):start]) == "" || a.ownLine[start]
		if own && next > end && len(a.e.commentsIn(im.Stmt, im.Stmt.Span)) == 0 {
			a.gone = append(a.gone, im.Stmt.Span)
			a.add(start, next, "")
			a.breakAt(next)
		}
	}
}

// goneAt reports whether the statement that starts at an offset is removed.
func (a *assembler) goneAt(start int) bool {
	return slices.ContainsFunc(a.gone, func(s ir.Span) bool { return s.Start == start })
}

// onHeader reports whether a statement stands on the line of a block's header,
// and stays there.
func (a *assembler) onHeader(stmt ir.Expr) bool {
	block := a.e.node(stmt).Parent()
	_, on := a.listIndent(block, stmt)
	return on && !a.opened[block.ID()]
}

// shorten rewrites an import statement with the names that stay.
func (a *assembler) shorten(n grammar.Node, stmt ir.Expr, stay []meaning.ImportAlias, indent string) {
	e := a.e
	keep := map[int]bool{}
	for _, im := range stay {
		keep[im.Name.Start] = true
	}
	var names []grammar.Node
	for c := range n.Children() {
		if c.Is(grammar.KindDottedName, grammar.KindAliasedImport) && c.Field() == grammar.FieldName {
			names = append(names, c)
		}
	}
	// Take away each name that goes with the comma after it, or before it.
	for i, c := range names {
		if keep[c.Start()] {
			continue
		}
		start, end := c.Start(), c.End()
		lastKept := -1
		for j := range names {
			if keep[names[j].Start()] {
				lastKept = j
			}
		}
		if i < lastKept {
			end = names[i+1].Start()
		} else {
			start = names[i-1].End()
			if i-1 != lastKept && !keep[names[i-1].Start()] {
				start = c.Start()
				for s := c.Start(); s > names[i-1].End(); s-- {
					if a.src[s-1] == ',' {
						start = s - 1
						break
					}
				}
				start = max(start, names[i-1].End())
			}
		}
		if strings.Contains(a.src[start:end], "#") {
			text := strings.Join(e.commentsIn(stmt, ir.Span{Unit: stmt.Unit, Start: start, End: end}), " ")
			a.add(start, end, "  "+text+"\n"+indent)
			continue
		}
		a.add(start, end, "")
	}
}

// newImports writes the imports that new code needs.
func (a *assembler) newImports() {
	added := a.e.imports.added[a.u.ID]
	if len(added) == 0 {
		return
	}
	first := len(a.src) + 1 // the first statement that needs one of them
	for _, i := range added {
		if i.need >= 0 {
			first = min(first, i.need)
		}
	}
	if at, ok := a.afterStandard(); ok && at <= first {
		// Modules of the standard library go with the others of it.
		var plain []newImport
		added = slices.DeleteFunc(slices.Clone(added), func(i newImport) bool {
			if i.name == "" {
				plain = append(plain, i)
			}
			return i.name == ""
		})
		if len(plain) > 0 {
			// In front of what else is put there: a mark stays above its import.
			defer func() {
				a.edits = append([]edit.Edit{{Start: at, End: at, New: strings.Join(importLines(plain), "\n") + "\n"}}, a.edits...)
			}()
		}
		if len(added) == 0 {
			return
		}
	}
	lines := importLines(added)
	at, sep, inPlace := a.importPlace(first)
	text := strings.Join(lines, "\n") + "\n"
	// In place of the first import that goes, when that is where they belong.
	for i := range a.edits {
		ed := &a.edits[i]
		if inPlace && ed.Start == at && ed.New == "" && ed.End > ed.Start {
			ed.New = text
			if ed.End == len(a.src) && !strings.HasSuffix(a.src, "\n") {
				ed.New = strings.TrimSuffix(text, "\n")
			}
			// Keep the blank line that the removal would have joined.
			if old := strings.ReplaceAll(a.src[ed.Start:ed.End], "\r\n", "\n"); strings.HasSuffix(old, "\n\n") {
				ed.New += "\n"
			}
			return
		}
	}
	a.edits = append([]edit.Edit{{Start: at, End: at, New: text + sep}}, a.edits...)
}

// behind is the offset behind the lines of a statement and of those that follow
// on its last line.
func (a *assembler) behind(st grammar.Node) int {
	end := a.lineEnd(st.CodeEnd())
	for st = st.NextSibling(); !st.IsZero() && st.Start() < end; st = st.NextSibling() {
		end = a.lineEnd(st.CodeEnd())
	}
	return end
}

// afterStandard is the offset behind the last import of a module of the
// standard library at the top of the unit, among those that stay.
func (a *assembler) afterStandard() (int, bool) {
	at := -1
	for st := range a.u.Tree.Root().Children() {
		switch st.Kind() {
		case grammar.KindComment, grammar.KindFutureImportStatement:
			continue
		case grammar.KindImportStatement, grammar.KindImportFromStatement:
			if a.e.imports.removed[nodeKey{a.u.ID, st.ID()}] || a.taken(ir.Span{Unit: a.u.ID, Start: st.Start(), End: st.End()}) {
				continue
			}
			name := strings.TrimPrefix(strings.TrimPrefix(st.Text(), "from "), "import ")
			root := name
			if i := strings.IndexAny(name, " .,\n"); i >= 0 {
				root = name[:i]
			}
			le := a.behind(st)
			if knownStandard[root] && strings.HasSuffix(a.src[:le], "\n") {
				at = le
			}
		default:
			if !st.Is(grammar.KindExpressionStatement) {
				return at, at >= 0
			}
			if !st.FirstChild().Is(grammar.KindString) {
				return at, at >= 0
			}
		}
	}
	return at, at >= 0
}

// knownStandard are modules of the standard library that programs import; one
// that is missing here only costs a nicer place for an import.
var knownStandard = func() map[string]bool {
	out := map[string]bool{}
	for name := range stdModules {
		out[name] = true
	}
	for _, name := range strings.Fields("argparse base64 configparser contextlib copy csv enum getpass gzip hashlib logging " +
		"multiprocessing operator pathlib pickle pprint queue socket string struct subprocess tarfile threading traceback typing unittest uuid warnings zipfile") {
		out[name] = true
	}
	return out
}()

// importLines writes imports sorted: modules of the standard library first.
func importLines(in []newImport) []string {
	from := map[string][]string{}
	var plain, modules []string
	for _, i := range in {
		if i.name == "" {
			line := "import " + i.module
			if i.as != "" {
				line += " as " + i.as
			}
			plain = append(plain, line)
			continue
		}
		n := i.name
		if i.as != "" {
			n += " as " + i.as
		}
		if from[i.module] == nil {
			modules = append(modules, i.module)
		}
		if !slices.Contains(from[i.module], n) {
			from[i.module] = append(from[i.module], n)
		}
	}
	slices.Sort(plain)
	slices.Sort(modules)
	out := slices.Compact(plain)
	for _, m := range modules {
		slices.Sort(from[m])
		out = append(out, fmt.Sprintf("from %s import %s", m, strings.Join(from[m], ", ")))
	}
	return out
}

// importsSource reports whether an import statement brings something of the old
// SDK.
func (e *engine) importsSource(unit ir.UnitID, stmt grammar.Node) bool {
	for u := range e.usesIn(e.expr(unit, stmt).Span) {
		if u.Kind == ir.ImportUse {
			return true
		}
	}
	return false
}

// importPlace is where new imports go: in place of the first import of the old
// SDK that is removed at the top level (inPlace), else of the first other one,
// else after the last import at the top, else
// before the first statement (after a docstring). sep separates them from what
// follows.
func (a *assembler) importPlace(limit int) (at int, sep string, inPlace bool) {
	e := a.e
	root := a.u.Tree.Root()
	after, first, other := -1, -1, -1
	i := 0
	for st := range root.Children() {
		if st.Is(grammar.KindComment, grammar.KindLineContinuation) {
			continue
		}
		if st.Start() >= limit {
			if first < 0 {
				first = st.Start()
			}
			break
		}
		isDoc := i == 0 && st.Is(grammar.KindExpressionStatement) && st.FirstChild().Is(grammar.KindString)
		i++
		switch {
		case isDoc:
			after = a.behind(st)
			continue
		case st.Is(grammar.KindImportStatement, grammar.KindImportFromStatement, grammar.KindFutureImportStatement):
			if e.imports.removed[nodeKey{a.u.ID, st.ID()}] && !st.Is(grammar.KindFutureImportStatement) {
				ls := a.lineStart(st.Start())
				if slices.ContainsFunc(a.edits, func(ed edit.Edit) bool { return ed.Start == ls && ed.New == "" && ed.End > ls }) {
					if e.importsSource(a.u.ID, st) {
						return ls, "", true
					}
					if other < 0 {
						other = ls
					}
				}
			}
			after = a.behind(st)
			continue
		}
		if first < 0 {
			first = st.Start()
			// Imports may go on after lines such as sys.path.append.
			if after >= 0 {
				break
			}
		}
		if after >= 0 {
			break
		}
	}
	if other >= 0 {
		return other, "", true
	}
	if after >= 0 {
		return after, "", false
	}
	if first < 0 {
		first = len(a.src)
	}
	at = a.lineStart(first)
	// Above comments that belong to the first statement, below masked lines.
	for at > 0 {
		prev := a.lineStart(at - 1)
		line := strings.TrimSpace(a.src[prev:at])
		if !strings.HasPrefix(line, "#") || strings.HasPrefix(line, "#!") || strings.Contains(line, "coding") {
			break
		}
		at = prev
	}
	for _, m := range a.u.Masked {
		if m.Kind == grammar.CellMagic && at < m.End {
			at = a.lineEnd(m.Start) // a cell magic stays the first line
		}
	}
	return at, "\n", false
}
