package check

import (
	"regexp"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/meaning"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

// verdicts is the first half of promise 5: every use of the SDK that is left
// has exactly one finding, and what is left to a person is marked.
func (c *checker) verdicts() {
	type place struct {
		span   ir.Span
		symbol string
	}
	// Units are numbered in the order of reading, as in the translation.
	findings := map[place][]rewrite.Finding{}
	for i := range c.files {
		for _, f := range c.files[i].result.Findings {
			k := place{f.At, f.Symbol}
			findings[k] = append(findings[k], f)
		}
	}
	own := map[ir.UnitID]bool{}
	for _, f := range c.beforeFiles {
		for _, u := range f.Units {
			own[u.ID] = true
		}
	}
	counted := map[place]int{}
	for _, u := range c.before.Uses() {
		k := place{u.At.Span, u.Symbol}
		counted[k]++
		if !own[u.At.Unit] || counted[k] > 1 {
			continue
		}
		if len(findings[k]) == 0 && c.primary(u) && !c.failed(u.At.Unit) && !c.hinted(u) {
			c.addAt(5, false, u.At.Span, "the use of %s has no finding", u.Symbol)
		}
	}
	for k, fs := range findings {
		if counted[k] == 0 {
			c.addAt(5, false, k.span, "a finding for %s where no use is", k.symbol)
		} else if len(fs) > counted[k] {
			c.addAt(5, false, k.span, "%d findings for the %d uses of %s", len(fs), counted[k], k.symbol)
		}
	}
	// A mark for each code that was left to a person.
	for i := range c.files {
		marked := map[string]bool{}
		for _, m := range c.marks(i) {
			marked[m.Code] = marked[m.Code] || c.Migration.Own(m.Code, m.Target)
		}
		for _, x := range c.files[i].result.Findings {
			if x.Verdict == ir.Manual && !x.Left && x.Use.Kind != ir.ImportUse && !marked[x.Code] {
				c.addAt(5, false, x.At, "%s is left to a person with %s, and no mark says so", x.Symbol, x.Code)
			}
		}
	}
}

// failed reports whether the document of a unit of the input was left alone with
// an error.
func (c *checker) failed(unit ir.UnitID) bool {
	for i, f := range c.beforeFiles {
		for _, u := range f.Units {
			if u.ID == unit {
				return c.files[i].result.Err != nil
			}
		}
	}
	return false
}

// hinted reports whether a page only shows a command line, of which its result
// has a hint.
func (c *checker) hinted(use *ir.Use) bool {
	if use.Kind != ir.LineUse {
		return false
	}
	for i, f := range c.beforeFiles {
		for unit, u := range f.Units {
			if u.ID == use.At.Unit {
				return slices.ContainsFunc(c.files[i].result.Hints, func(h project.Hint) bool {
					return h.Unit == unit && h.Start == use.At.Start
				})
			}
		}
	}
	return false
}

// primary reports whether a use is one of the SDK that is left, and not of a
// companion that may stay.
func (c *checker) primary(u *ir.Use) bool {
	if u.Kind == ir.EnvUse || u.Kind == ir.LineUse {
		return true
	}
	return under(u.Symbol, c.Migration.Primary)
}

func under(symbol string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool {
		return symbol == p || strings.HasPrefix(symbol, strings.TrimSuffix(p, ".")+".")
	})
}

// presumptions is promise 8: nothing that only its shape shows is called
// migrated.
func (c *checker) presumptions() {
	for i := range c.files {
		for _, f := range c.files[i].result.Findings {
			if f.Use.Presumed && f.Verdict == ir.Migrated {
				c.addAt(8, false, f.At, "%s is only presumed, and its verdict is migrated", f.Symbol)
			}
		}
	}
}

// messages checks that every verdict says why, in whole sentences.
func (c *checker) messages() {
	for i := range c.files {
		for _, f := range c.files[i].result.Findings {
			switch {
			case f.Left:
				// The user wants it so.
			case f.Code == "":
				c.addAt(5, false, f.At, "the finding for %s has no code", f.Symbol)
			case f.Verdict != ir.Migrated && strings.TrimSpace(f.Message) == "":
				c.addAt(5, false, f.At, "the finding %s for %s says no reason", f.Code, f.Symbol)
			case hole.MatchString(f.Message):
				c.addAt(5, false, f.At, "the reason of %s has an empty place: %q", f.Code, f.Message)
			}
		}
	}
}

// hole finds what a template left open in a text.
var hole = regexp.MustCompile(`\{[A-Z_]+\}|: \.|:\s*$|` + "``" + `|%!`)

// leftovers is a part of promise 5: what the user computed and nothing reads
// any more was dropped without a word.
func (c *checker) leftovers() {
	fields := map[ir.UnitID][]ir.Span{}
	for _, u := range c.before.Uses() {
		if u.Kind == ir.MakeUse && c.primary(u) {
			fields[u.At.Unit] = append(fields[u.At.Unit], u.At.Span)
		}
	}
	before, after := variables(c.beforeFiles, fields), variables(c.afterFiles, nil)
	for k, a := range after {
		b := before[k]
		if b == nil || b.reads == 0 || a.reads > 0 || k.name == "_" {
			continue
		}
		// What named the old objects (a group, a workspace, a file to wait for)
		// may have done its work; a choice between several values of a record's
		// field has not.
		if a.defs > 1 && b.fields {
			c.addAt(5, true, a.at, "%s is computed and nothing reads it any more", k.name)
		}
	}
	was, is := emptyIfs(c.before, c.beforeFiles), emptyIfs(c.after, c.afterFiles)
	if len(is) > len(was) {
		c.addAt(5, true, is[0], "%d if statements do nothing in any branch, and %d did before", len(is), len(was))
	}
}

// variableKey names the variables of one name in one file.
type variableKey struct {
	file int
	name string
}

// variable is what a file does with a name.
type variable struct {
	reads, defs int
	fields      bool // read where a record is constructed
	at          ir.Span
}

// variables counts plain assignments and reads by name; records are the
// constructions of records, by unit.
func variables(files []*meaning.File, records map[ir.UnitID][]ir.Span) map[variableKey]*variable {
	out := map[variableKey]*variable{}
	for i, f := range files {
		get := func(name string) *variable {
			k := variableKey{i, name}
			if out[k] == nil {
				out[k] = &variable{}
			}
			return out[k]
		}
		each([]*meaning.File{f}, func(u *meaning.Source, n grammar.Node) {
			if !n.Is(grammar.KindIdentifier) {
				return
			}
			p := n.Parent()
			if p.Is(grammar.KindAssignment) && p.Child(grammar.FieldLeft).ID() == n.ID() {
				v := get(n.Text())
				v.defs++
				v.at = ir.Span{Unit: u.ID, Start: n.Start(), End: n.End()}
			} else if isLoad(n) {
				v := get(n.Text())
				v.reads++
				at := ir.Span{Unit: u.ID, Start: n.Start(), End: n.End()}
				v.fields = v.fields || slices.ContainsFunc(records[u.ID], func(r ir.Span) bool { return r.Contains(at) })
			}
		})
	}
	for k, v := range out {
		if v.defs == 0 {
			delete(out, k)
		}
	}
	return out
}

// emptyIfs gives the if statements that do nothing in any branch, nor by asking
// what they ask.
func emptyIfs(p *meaning.Program, files []*meaning.File) []ir.Span {
	var out []ir.Span
	each(files, func(u *meaning.Source, n grammar.Node) {
		if !n.Is(grammar.KindIfStatement) || !pureConditions(p, u.ID, n) {
			return
		}
		for id := n.ID() + 1; id <= n.Last(); id++ {
			if b := n.Tree().Node(id); b.Is(grammar.KindBlock) {
				for s := range grammar.Statements(b) {
					if !s.Is(grammar.KindPassStatement) {
						return
					}
				}
			}
		}
		out = append(out, ir.Span{Unit: u.ID, Start: n.Start(), End: n.End()})
	})
	return out
}

// pureConditions reports whether asking the conditions of an if statement has no
// effect.
func pureConditions(p *meaning.Program, unit ir.UnitID, n grammar.Node) bool {
	if c := n.Child(grammar.FieldCondition); !c.IsZero() && !p.Pure(p.Expr(unit, c)) {
		return false
	}
	for c := range n.Children() {
		if c.Is(grammar.KindElifClause) && !pureConditions(p, unit, c) {
			return false
		}
	}
	return true
}

// effects is the second half of promise 5: calls of what is no SDK's stay, as
// often as they were.
func (c *checker) effects() {
	before, after := calls(c.before, c.beforeFiles, c.foreign, c.waits), calls(c.after, c.afterFiles, c.foreign, c.waits)
	for name, b := range before {
		a := after[name]
		switch {
		case (a == nil || a.n < b.n) && c.stated(name+"("):
			// The report says that it is not evaluated any more.
		case a == nil && b.own && !defines(c.afterFiles, name):
			// Gone with its definition: what its body calls is counted itself.
		case a == nil || a.n < b.n:
			n := 0
			if a != nil {
				n = a.n
			}
			c.addAt(5, false, b.first, "%s was called at %d places and is at %d", name, b.n, n)
		case a.n > b.n && (b.own || a.own):
			c.addAt(5, true, a.first, "%s was called at %d places and is at %d", name, b.n, a.n)
		}
	}
}

// defines reports whether a function or method of that name is defined.
func defines(files []*meaning.File, name string) bool {
	found := false
	each(files, func(_ *meaning.Source, n grammar.Node) {
		found = found || n.Is(grammar.KindFunctionDefinition) && n.Child(grammar.FieldName).Text() == name
	})
	return found
}

// stated reports whether the reason of a finding that is not just migrated
// quotes a text.
func (c *checker) stated(text string) bool {
	for i := range c.files {
		for _, f := range c.files[i].result.Findings {
			if f.Verdict != ir.Migrated && strings.Contains(f.Message, text) {
				return true
			}
		}
	}
	return false
}

// foreign reports whether a symbol is neither the old SDK's nor the new one's.
func (c *checker) foreign(symbol string) bool {
	return !under(symbol, c.Migration.Primary) && !under(symbol, c.Migration.Auxiliary) && !under(symbol, c.Migration.Modules)
}

// waits reports whether a method of that name waits for an operation of an SDK: what
// the program did not know to be one may have become something else.
func (c *checker) waits(method string) bool {
	waits, _ := c.Migration.Conventions.Waits(c.Tables, sdk.Poller, method)
	return waits
}

// called is how often something is called, by its last name.
type called struct {
	n     int
	first ir.Span
	own   bool // a function of the program's own
}

// calls counts the calls whose effect nobody knows: all but those of the SDKs,
// of pure built-ins and of the methods of text and containers.
func calls(p *meaning.Program, files []*meaning.File, foreign, waits func(string) bool) map[string]*called {
	out := map[string]*called{}
	each(files, func(u *meaning.Source, n grammar.Node) {
		if !n.Is(grammar.KindCall) {
			return
		}
		fn := n.Child(grammar.FieldFunction)
		name := fn.Text()
		if fn.Is(grammar.KindAttribute) {
			name = fn.Child(grammar.FieldAttribute).Text()
		} else if !fn.Is(grammar.KindIdentifier) {
			return
		}
		own := false
		switch v := p.Value(p.Expr(u.ID, fn)).(type) {
		case *ir.Symbol:
			if !foreign(v.Name) || pure[strings.TrimPrefix(v.Name, "builtins.")] || v.Name == "sys.path.append" || v.Name == "datetime.timedelta" || v.Name == "functools.partial" || strings.HasPrefix(v.Name, "os.path.") || strings.HasPrefix(v.Name, "posixpath.") {
				return
			}
		case *ir.Method:
			return
		case *ir.Function:
			own = true
		default:
			if pure[name] || waits(name) || fn.Is(grammar.KindAttribute) && known(p, u, fn) {
				return
			}
		}
		c := out[name]
		if c == nil {
			c = &called{first: ir.Span{Unit: u.ID, Start: n.Start(), End: n.End()}}
			out[name] = c
		}
		c.n++
		c.own = c.own || own
	})
	return out
}

// known reports whether a method is called on an object of an SDK, a text or a
// container.
func known(p *meaning.Program, u *meaning.Source, fn grammar.Node) bool {
	switch p.Value(p.Expr(u.ID, fn.Child(grammar.FieldObject))).(type) {
	case *ir.Object, *ir.Const, *ir.Text, *ir.Seq, *ir.Dict, *ir.Join, *ir.Symbol:
		return true
	}
	return false
}

// pure lists built-in functions, and methods of built-in types, that do nothing
// but give a result.
var pure = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(`abs all any ascii bin bool bytes callable chr complex dict divmod enumerate
		filter float format frozenset getattr hasattr hash hex id int isinstance issubclass iter len list map max
		min oct ord pow range repr reversed round set slice sorted str sum tuple type zip vars
		append extend insert split rsplit join strip lstrip rstrip replace lower upper title startswith endswith
		items keys values get total_seconds`) {
		m[name] = true
	}
	return m
}()
