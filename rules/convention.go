package rules

import (
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"pyxlate/rules/sdk"
)

// declared reads a list of declarations, each a mapping with the classes that it
// is about; begin gives what the place of one is known by, the keys besides, and
// those that none can do without.
func (r *reader) declared(n ast.Node, begin func() (of any, classes *[]string, more keys, needs []string)) {
	for _, item := range r.sequence(n) {
		of, classes, more, needs := begin()
		r.at[spot{of, ""}] = r.place(first(item))
		more["classes"] = func(v ast.Node) { *classes = r.list(v) }
		r.mapping(of, item, more)
		for _, key := range append([]string{"classes"}, needs...) {
			if _, ok := r.at[spot{of, key}]; !ok {
				r.errorf(first(item), "a declaration needs %s", key)
			}
		}
	}
}

func (r *reader) pollers(n ast.Node, c *sdk.Conventions) {
	r.declared(n, func() (any, *[]string, keys, []string) {
		p := &sdk.Polling{}
		c.Pollers = append(c.Pollers, p)
		return p, &p.Classes, keys{
			"result":      func(v ast.Node) { p.Result = r.list(v) },
			"wait":        func(v ast.Node) { p.Wait = r.list(v) },
			"done":        func(v ast.Node) { p.Done = r.list(v) },
			"status":      func(v ast.Node) { p.Status = r.list(v) },
			"annotations": func(v ast.Node) { p.Annotations = r.list(v) },
		}, []string{"result"}
	})
}

func (r *reader) pagers(n ast.Node, c *sdk.Conventions) {
	r.declared(n, func() (any, *[]string, keys, []string) {
		p := &sdk.Paging{}
		c.Pagers = append(c.Pagers, p)
		return p, &p.Classes, keys{
			"next":        func(v ast.Node) { p.Next = r.list(v) },
			"page":        func(v ast.Node) { p.Page = r.list(v) },
			"annotations": func(v ast.Node) { p.Annotations = r.list(v) },
		}, nil
	})
}

func (r *reader) cursors(n ast.Node, c *sdk.Conventions) {
	r.declared(n, func() (any, *[]string, keys, []string) {
		x := &sdk.Cursor{}
		c.Cursors = append(c.Cursors, x)
		return x, &x.Classes, keys{
			"items":     func(v ast.Node) { x.Items = r.list(v) },
			"token":     func(v ast.Node) { x.Token = r.list(v) },
			"parameter": func(v ast.Node) { x.Parameter = r.list(v) },
		}, []string{"items", "token", "parameter"}
	})
}

func (r *reader) raw(n ast.Node, c *sdk.Conventions) {
	r.declared(n, func() (any, *[]string, keys, []string) {
		x := &sdk.RawResponse{Value: "True"}
		c.Raw = append(c.Raw, x)
		return x, &x.Classes, keys{
			"parameter": func(v ast.Node) { x.Parameter = r.str(v) },
			"value":     func(v ast.Node) { x.Value = r.str(v) },
			"output":    func(v ast.Node) { x.Output = r.list(v) },
			"poller":    func(v ast.Node) { x.Poller = r.boolean(v) },
		}, []string{"parameter", "output"}
	})
}

func (r *reader) clients(n ast.Node, c *sdk.Conventions) {
	r.declared(n, func() (any, *[]string, keys, []string) {
		x := &sdk.Client{}
		c.Clients = append(c.Clients, x)
		return x, &x.Classes, keys{
			"operations": func(v ast.Node) { x.Operations = r.list(v) },
		}, nil
	})
}

// merge adds what another pack declares; fault tells of a class of which the two
// say something else.
func merge(c *sdk.Conventions, other sdk.Conventions, fault func(format string, args ...any)) {
	c.Pollers = mergeOf(c.Pollers, other.Pollers, func(p *sdk.Polling) []string { return p.Classes }, "pollers", fault)
	c.Pagers = mergeOf(c.Pagers, other.Pagers, func(p *sdk.Paging) []string { return p.Classes }, "pagers", fault)
	c.Cursors = mergeOf(c.Cursors, other.Cursors, func(x *sdk.Cursor) []string { return x.Classes }, "cursors", fault)
	c.Raw = mergeOf(c.Raw, other.Raw, func(x *sdk.RawResponse) []string { return x.Classes }, "raw", fault)
	c.Clients = mergeOf(c.Clients, other.Clients, func(x *sdk.Client) []string { return x.Classes }, "clients", fault)
	c.Records = appendNew(c.Records, other.Records...)
}

func mergeOf[T any](have, more []*T, classes func(*T) []string, key string, fault func(format string, args ...any)) []*T {
	out := slices.Clone(have)
	for _, x := range more {
		if slices.ContainsFunc(have, func(y *T) bool { return reflect.DeepEqual(x, y) }) {
			continue
		}
		for _, y := range have {
			for _, class := range classes(x) {
				if slices.Contains(classes(y), class) {
					fault("%s: two packs say different things of %s", key, class)
				}
			}
		}
		out = append(out, x)
	}
	return out
}

// conventions checks that what is declared of the source SDKs is there.
func (v *validation) conventions() {
	if v.tables == nil {
		return
	}
	c := &v.pack.Conventions
	for _, p := range c.Pollers {
		v.offers(p, p.Classes, map[string][]string{"result": p.Result, "wait": p.Wait, "done": p.Done, "status": p.Status})
	}
	for _, p := range c.Pagers {
		v.offers(p, p.Classes, map[string][]string{"next": p.Next, "page": p.Page})
	}
	for _, x := range c.Cursors {
		v.offers(x, x.Classes, map[string][]string{"items": x.Items, "token": x.Token})
		v.taken(x, "parameter", x.Parameter, x.Classes)
	}
	for _, x := range c.Raw {
		v.offers(x, x.Classes, map[string][]string{"output": x.Output})
		v.taken(x, "parameter", []string{x.Parameter}, nil)
	}
	for _, x := range c.Clients {
		v.offers(x, x.Classes, map[string][]string{"operations": x.Operations})
	}
	for _, class := range c.Records {
		if prefix, ok := strings.CutSuffix(class, "."); ok {
			v.source(v.pack, "records", prefix)
		} else {
			v.class(v.pack, "records", class)
		}
	}
}

// class checks that a class of the source exists.
func (v *validation) class(of any, key, name string) *sdk.Symbol {
	sym := v.source(of, key, name)
	if sym != nil && sym.Kind != sdk.Class {
		v.errorf(of, key, "%s is no class", name)
		return nil
	}
	return sym
}

// offers checks that the classes of a declaration exist, and that one of them, or
// one that derives from them, has each of the members.
func (v *validation) offers(of any, classes []string, members map[string][]string) {
	missing := len(classes) == 0
	for _, class := range classes {
		missing = v.class(of, "classes", class) == nil || missing
	}
	if missing {
		return
	}
	for key, names := range members {
		for _, name := range names {
			if !slices.ContainsFunc(classes, func(class string) bool { _, ok := v.tables.Member(class, name); return ok }) && !v.belowHas(classes, name) {
				known := v.fieldNames(classes[0])
				v.errorf(of, key, "%s has no %s%s", strings.Join(classes, " or "), name, suggest(name, known))
			}
		}
	}
}

// belowHas reports whether a class of the source that derives from one of the
// given ones has a member.
func (v *validation) belowHas(classes []string, name string) bool {
	for sym := range v.sourceSymbols() {
		if sym.Last() == name && slices.ContainsFunc(v.tables.Lineage(sym.Owner()), func(c string) bool { return slices.Contains(classes, c) }) {
			return true
		}
	}
	return false
}

// taken checks that some function or method of the source takes each parameter;
// with classes, one that gives an instance of them.
func (v *validation) taken(of any, key string, params, classes []string) {
	for _, name := range params {
		found := false
		var known []string
		for sym := range v.sourceSymbols() {
			if sym.Kind != sdk.Method && sym.Kind != sdk.Function {
				continue
			}
			for i := range sym.Versions {
				x := &sym.Versions[i]
				if classes != nil && !slices.ContainsFunc(x.Returns.Alternatives(), func(t sdk.Type) bool { return slices.Contains(classes, t.Name) }) {
					continue
				}
				found = found || x.Param(name) != nil
				for _, p := range x.Params {
					known = appendNew(known, p.Name)
				}
			}
		}
		if !found {
			v.errorf(of, key, "no operation of the source SDKs takes %s%s", name, suggest(name, known))
		}
	}
}

// sourceSymbols yields the symbols of the packages that the pack calls its
// source.
func (v *validation) sourceSymbols() func(yield func(*sdk.Symbol) bool) {
	return func(yield func(*sdk.Symbol) bool) {
		for _, pkg := range v.tables.Packages() {
			if !slices.ContainsFunc(pkg.Roots, func(root string) bool {
				return slices.ContainsFunc(v.pack.Primary, func(m string) bool { return below(root, m) })
			}) {
				continue
			}
			for sym := range v.tables.Symbols(pkg.Name) {
				if !yield(sym) {
					return
				}
			}
		}
	}
}
