package check

import (
	"fmt"
	"path"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/document"
	"pyxlate/translator/meaning"
	"pyxlate/translator/project"
)

// targetCalls is the first half of promise 7: every call of the new SDK binds,
// every name and attribute of it exists, but for those that were there before.
func (c *checker) targetCalls() {
	faults := c.targetFaults(c.after, c.afterFiles)
	if len(faults) == 0 {
		return
	}
	was := map[string]int{}
	for _, f := range c.targetFaults(c.asTarget()) {
		was[f.text]++
	}
	for _, f := range faults {
		if was[f.text]--; was[f.text] < 0 && !c.marked(f.at) { // what is left to a person is old code
			c.addAt(7, true, f.at, "%s", f.text)
		}
	}
}

// targetFault is what is wrong about a use of the new SDK.
type targetFault struct {
	at   ir.Span
	text string
}

// targetFaults lists what is wrong about the uses of the new SDK in a program that
// was read for them.
func (c *checker) targetFaults(p *meaning.Program, files []*meaning.File) []targetFault {
	prefixes := c.Migration.Modules
	var out []targetFault
	add := func(at ir.Span, format string, args ...any) {
		out = append(out, targetFault{at, fmt.Sprintf(format, args...)})
	}
	called := map[ir.Span]bool{}
	for _, u := range p.Uses() {
		if under(u.Symbol, prefixes) && u.Call != nil && !u.Call.Presumed && u.Call.Unbound != "" {
			called[u.At.Span] = true
			add(u.At.Span, "%s does not bind: %s", u.Symbol, u.Call.Unbound)
		}
	}
	each(files, func(u *meaning.Source, n grammar.Node) {
		at := ir.Span{Unit: u.ID, Start: n.Start(), End: n.End()}
		if n.Is(grammar.KindCall) && !called[at] {
			if call := p.CallAt(p.Expr(u.ID, n)); call != nil && !call.Presumed && call.Unbound != "" && under(call.Symbol, prefixes) {
				add(at, "%s does not bind: %s", call.Symbol, call.Unbound)
			}
		}
		if !n.Is(grammar.KindAttribute) {
			return
		}
		name := n.Child(grammar.FieldAttribute).Text()
		each := []ir.Value{p.Value(p.Expr(u.ID, n.Child(grammar.FieldObject)))}
		if j, ok := each[0].(*ir.Join); ok {
			each = j.Of
		}
		for _, v := range each {
			switch v := v.(type) {
			case *ir.Symbol:
				if !under(v.Name, prefixes) {
					continue
				}
				if _, ok := c.Tables.Symbol(v.Name + "." + name); !ok {
					if !c.Tables.HasPrefix(v.Name + "." + name) {
						add(at, "%s has no %s", v.Name, name)
					}
				}
			case *ir.Object:
				if !under(v.Type, prefixes) {
					continue
				}
				if _, set := v.Fields[name]; set {
					continue
				}
				if _, _, ok := c.Tables.MemberOf(sdk.Type{Name: v.Type}, name); !ok && !c.inSubclass(v.Type, name) {
					add(at, "%s has no attribute %s", v.Type, name)
				}
			}
		}
	})
	for _, im := range p.Imports() {
		if !under(im.Qualified, prefixes) || im.Local == "" {
			continue
		}
		if _, ok := c.Tables.Symbol(im.Qualified); !ok && !im.Symbol {
			add(im.Name.Span, "%s does not exist", im.Qualified)
		}
	}
	return out
}

// inSubclass reports whether a class derived from the given one has a member: a
// constructor of the SDK may give an object of a class below its own.
func (c *checker) inSubclass(class, member string) bool {
	if c.subclasses == nil {
		c.subclasses = map[string][]string{}
		for _, pkg := range c.Tables.Packages() {
			for sym := range c.Tables.Symbols(pkg.Name) {
				if sym.Kind != sdk.Class || !under(sym.Name, c.Migration.Modules) {
					continue
				}
				for _, base := range sym.Newest().Bases {
					if b, ok := c.Tables.Symbol(base); ok {
						c.subclasses[b.Name] = append(c.subclasses[b.Name], sym.Name)
					}
				}
			}
		}
	}
	for _, sub := range c.subclasses[class] {
		if _, _, ok := c.Tables.MemberOf(sdk.Type{Name: sub}, member); ok || c.inSubclass(sub, member) {
			return true
		}
	}
	return false
}

// marked reports whether a place of the output lies in a statement under a mark.
func (c *checker) marked(at ir.Span) bool {
	for i, f := range c.afterFiles {
		for j, u := range f.Units {
			if u.ID != at.Unit {
				continue
			}
			for _, m := range c.marks(i) {
				if m.Unit == j && project.Below(u, m, at) {
					return true
				}
			}
		}
	}
	return false
}

// marks gives the marks in the output of a file.
func (c *checker) marks(file int) []project.Mark {
	f := &c.files[file]
	if !f.marksKnown {
		f.marks, f.marksKnown = project.Marks(f.after.Kind, f.after.Units), true
	}
	return f.marks
}

// names is the second half of promise 7: no name is lost, no import is left
// over, none is there twice.
func (c *checker) names() {
	old := undefined(c.before, c.beforeFiles)
	for name, at := range undefined(c.after, c.afterFiles) {
		if _, was := old[name]; !was {
			c.addAt(7, true, at, "the name %s has no definition", name)
		}
	}
	was := c.unusedImports(c.before, c.beforeFiles)
	for key, at := range c.unusedImports(c.after, c.afterFiles) {
		if _, before := was[key]; !before {
			c.addAt(7, true, at, "the import of %s is not used", key)
		}
	}
}

// undefined gives the names that are read and that nothing binds there.
func undefined(p *meaning.Program, files []*meaning.File) map[string]ir.Span {
	out := map[string]ir.Span{}
	each(files, func(u *meaning.Source, n grammar.Node) {
		if !n.Is(grammar.KindIdentifier) {
			return
		}
		e := p.Expr(u.ID, n)
		if _, binds := p.DefAt(e); binds {
			return
		}
		switch v := p.Value(e).(type) {
		case *ir.Unknown:
			if v.Why != "undefined" && v.Why != "unbound" || v.Of != nil || !isLoad(n) || v.Why == "undefined" && len(p.Defs(e)) > 0 {
				return // or a parameter that is given what nothing defines
			}
		case *ir.Object:
			// What nothing defines may be presumed to be something known.
			if !v.Presumed || len(p.Defs(e)) > 0 || !isLoad(n) {
				return
			}
		case *ir.Symbol:
			if !v.Presumed || len(p.Defs(e)) > 0 || !isLoad(n) {
				return
			}
		default:
			return
		}
		name := n.Text()
		if _, seen := out[name]; !seen {
			out[name] = ir.Span{Unit: u.ID, Start: n.Start(), End: n.End()}
		}
	})
	return out
}

// isLoad reports whether an identifier is a name that is read: not an
// attribute, a keyword, a target or a parameter.
func isLoad(n grammar.Node) bool {
	p := n.Parent()
	switch p.Kind() {
	case grammar.KindAttribute:
		return p.Child(grammar.FieldObject).ID() == n.ID()
	case grammar.KindKeywordArgument, grammar.KindAssignment:
		return p.Child(grammar.FieldValue).ID() == n.ID() || p.Child(grammar.FieldRight).ID() == n.ID()
	case grammar.KindParameters, grammar.KindDefaultParameter, grammar.KindDottedName, grammar.KindAliasedImport:
		return false
	}
	return true
}

// unusedImports gives the imported names that nothing reads, by what they are.
func (c *checker) unusedImports(p *meaning.Program, files []*meaning.File) map[string]ir.Span {
	own := map[ir.UnitID]bool{}
	for i, f := range files {
		if c.files[i].before.Kind == document.Markdown || path.Base(strings.ReplaceAll(f.Path, `\`, "/")) == "__init__.py" {
			continue // excerpts, and names for others to import
		}
		for _, u := range f.Units {
			own[u.ID] = true
		}
	}
	// A name that several statements import is used if one of them is.
	used := map[string]bool{}
	out := map[string]ir.Span{}
	for _, im := range p.Imports() {
		if !own[im.Stmt.Unit] || im.Local == "" || strings.HasPrefix(im.Qualified, "__future__") {
			continue
		}
		key := im.Qualified + " as " + im.Local
		for d := range p.AllDefs() {
			if d.Kind == meaning.Import && d.At.Unit == im.Name.Unit && im.Name.Contains(d.At.Span) || d.Kind == meaning.Import && d.At.Contains(im.Name.Span) {
				if len(p.Readers(d)) > 0 || p.Escapes(d) {
					used[key] = true
				}
			}
		}
		if _, seen := out[key]; !seen {
			out[key] = im.Name.Span
		}
	}
	for key := range used {
		delete(out, key)
	}
	return out
}
