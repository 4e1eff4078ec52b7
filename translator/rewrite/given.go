package rewrite

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// This file reads records that are given to a call field by field: objects, and
// dicts in their place.

// partOfRecord gives a field of what an argument holds. ok is false where it is
// not given; whole is false where nobody can tell.
func (c *context) partOfRecord(v ir.Value, name string) (a ir.Arg, ok, whole bool) {
	switch x := single(v).(type) {
	case *ir.Object:
		a, ok = c.field(x, name)
		return a, ok, !changedUnseen(x)
	case *ir.Dict:
		a, ok = x.Vals[name]
		return a, ok, c.settled(x)
	}
	return ir.Arg{}, false, !mayBeDict(v)
}

// changedUnseen reports whether the program changes a field of an object that it
// does not name: setattr(p, name, x).
func changedUnseen(o *ir.Object) bool {
	return slices.ContainsFunc(o.Changes, func(ch ir.Change) bool { return ch.Path == "*" })
}

// settled reports whether a dict holds at the place of the use what it is known to
// hold, and nothing else.
func (c *context) settled(d *ir.Dict) bool {
	return !d.Open && !slices.ContainsFunc(d.Changes, func(ch ir.Change) bool {
		return !ch.Sure || !strings.HasPrefix(ch.Path, "[") || !c.e.p.Before(ch.Stmt, c.place)
	})
}

func mayBeDict(v ir.Value) bool {
	switch x := v.(type) {
	case *ir.Dict:
		return true
	case *ir.Join:
		return slices.ContainsFunc(x.Of, mayBeDict)
	case *ir.Unknown:
		return x.Type == "dict"
	}
	return false
}

// inDoubt gives the first argument along a path that is a dict of which nobody can
// tell what it holds.
func (c *context) inDoubt(path string) (ir.Arg, bool) {
	head, rest, more := strings.Cut(path, ".")
	a, ok := c.Arg(head)
	for ok && more {
		head, rest, more = strings.Cut(rest, ".")
		part, given, whole := c.partOfRecord(a.Value, head)
		if !whole {
			return a, true
		}
		a, ok = part, given
	}
	return ir.Arg{}, false
}

// takesRecord reports whether the tables say that a parameter takes a record or a
// dict: what is not known to be one is not read like one.
func (c *context) takesRecord(param string) bool {
	if c.call == nil {
		return false
	}
	sym, ok := c.e.tables.Symbol(c.call.Symbol)
	return ok && slices.ContainsFunc(sym.Versions, func(v sdk.Variant) bool {
		p := v.Param(param)
		return p != nil && slices.ContainsFunc(p.Type.Alternatives(), func(t sdk.Type) bool {
			return t.Name == "dict" || c.e.migration.Conventions.Record(t.Name)
		})
	})
}

var pathHole = regexp.MustCompile(`\{(\w+(?:\.\w+)*)\}`)

// readPaths lists the parameters, and the paths into them, that a rule reads.
func readPaths(r *rules.Rule) map[string]bool {
	out := map[string]bool{}
	for _, text := range append(slices.Collect(maps.Values(r.Provides)), r.To, r.Do, r.Wait, r.Poller) {
		for _, m := range pathHole.FindAllStringSubmatch(text, -1) {
			out[m[1]] = true
		}
	}
	for path, want := range r.Where {
		if want != "given" && want != "absent" {
			out[path] = true // what it is, the rule knows
		}
	}
	return out
}

// readsKey reports whether the rule at hand reads a key of the dict that an
// argument of the call is.
func (c *context) readsKey(a ir.Arg, key string) bool {
	paths := readPaths(c.rule)
	for param, b := range c.call.Bound {
		if b.At == a.At && paths[param+"."+key] {
			return true
		}
	}
	return false
}

// unread names the first field of a record among the arguments of a call that the
// templates of its rule do not read, though they read others, so that it would be
// lost; "" if there is none. It notes fields that the rule drops.
func (e *engine) unread(a *application, out *ir.Answer) string {
	if a.ctx.call == nil {
		return ""
	}
	paths := readPaths(a.rule)
	opened := func(path string) bool { // into the record at a path
		for p := range paths {
			if strings.HasPrefix(p, path+".") {
				return true
			}
		}
		return false
	}
	var lost func(path string, v ir.Value) string
	lost = func(path string, v ir.Value) string {
		if paths[path] || !opened(path) {
			return ""
		}
		var names []string
		switch x := single(v).(type) {
		case *ir.Object:
			if !e.isRecord(x) || !e.vanishesObject(x) {
				return ""
			}
			names = x.Order
		case *ir.Dict:
			if !a.ctx.settled(x) {
				return "" // where it is read the answer fails
			}
			e.dictRead(x)
			names = x.Keys
		}
		for _, name := range names {
			field, given, _ := a.ctx.partOfRecord(v, name)
			at := path + "." + name
			if !given || ir.IsNone(field.Value) || paths[at] {
				continue
			}
			if code, dropped := a.rule.Drops[at]; dropped {
				if code != "" {
					out.Notes = append(out.Notes, ir.Note{Code: code, Verdict: ir.Review, At: field.At, Values: map[string]string{"NAME": at}})
				}
				continue
			}
			if !opened(at) {
				return at
			}
			if why := lost(at, field.Value); why != "" {
				return why
			}
		}
		return ""
	}
	for _, param := range slices.Sorted(maps.Keys(a.ctx.call.Bound)) {
		if why := lost(param, a.ctx.call.Bound[param].Value); why != "" {
			return why
		}
	}
	return ""
}

// isCursor reports whether an argument does nothing but ask for the page that
// follows one of the same program: it takes the token of a page, or nothing before
// the first one.
func (e *engine) isCursor(param string, a ir.Arg) bool {
	return slices.ContainsFunc(e.migration.Conventions.Cursors, func(x *sdk.Cursor) bool {
		return slices.Contains(x.Parameter, param) && e.isToken(x, a.Value)
	})
}

// isToken reports whether a value is the token of a page, or none.
func (e *engine) isToken(x *sdk.Cursor, v ir.Value) bool {
	of := func(page ir.Value, name string) bool {
		o, ok := alike(page).(*ir.Object)
		return ok && slices.Contains(x.Token, name) && e.migration.Conventions.Cursor(e.tables, o.Type) == x
	}
	switch v := v.(type) {
	case *ir.Join:
		return !slices.ContainsFunc(v.Of, func(w ir.Value) bool { return !e.isToken(x, w) })
	case *ir.Const:
		return v.V == nil || v.V == ""
	case *ir.Object:
		return of(v.From, v.Attr)
	case *ir.Unknown:
		if v.Of != nil {
			return of(v.Of, v.Attr)
		}
		if call := e.p.CallAt(v.At); call != nil {
			return of(call.Recv.Value, call.Symbol[strings.LastIndexByte(call.Symbol, '.')+1:])
		}
	}
	return false
}

// dictRead notes that an answer has read what a dict holds: what only builds it
// goes when nothing else reads it.
func (e *engine) dictRead(d *ir.Dict) {
	if e.dictsRead == nil {
		e.dictsRead = map[*ir.Dict]bool{}
	}
	e.dictsRead[d] = true
}

// isDictRead reports whether a value is a dict whose content an answer has taken.
func (e *engine) isDictRead(v ir.Value) bool {
	d, ok := v.(*ir.Dict)
	return ok && e.dictsRead[d]
}
