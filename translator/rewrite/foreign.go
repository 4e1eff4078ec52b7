package rewrite

import (
	"slices"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// dropForeign leaves the uses of companion SDKs alone that have nothing to do
// with the SDK that is left: a file that does not use that SDK itself keeps
// what it does not share with one that does. The names of environment variables
// alone make no file a program of the SDK.
func (e *engine) dropForeign() {
	primary := map[int]bool{}
	for _, u := range e.uses {
		if u.Kind != ir.EnvUse && e.usesPrimary(u) {
			primary[e.fileOf[u.At.Unit]] = true
		}
	}
	near := e.connected(primary)
	// related are the uses of companions that stay in files without a use of
	// their own, serves those files: their imports stay, too.
	related, serves := map[*ir.Use]bool{}, map[int]bool{}
	judged := func(u *ir.Use) bool {
		f := e.fileOf[u.At.Unit]
		return !e.usesPrimary(u) && !primary[f] && near[f]
	}
	var shared map[*ir.Object]bool
	for _, u := range e.uses {
		if u.Kind == ir.ImportUse || !judged(u) {
			continue
		}
		if shared == nil {
			shared = e.sharedWith(primary)
		}
		if e.touches(u, shared) {
			related[u], serves[e.fileOf[u.At.Unit]] = true, true
		}
	}
	e.uses = slices.DeleteFunc(slices.Clone(e.uses), func(u *ir.Use) bool {
		f := e.fileOf[u.At.Unit]
		switch {
		case e.usesPrimary(u):
			return u.Kind == ir.EnvUse && e.inNewCall(u.At) || e.alreadyNew(u)
		case judged(u):
			return !(related[u] || u.Kind == ir.ImportUse && serves[f]) || e.alreadyNew(u)
		}
		return !primary[f] || e.alreadyNew(u)
	})
}

// connected gives the files that imports connect with some of the given ones.
func (e *engine) connected(files map[int]bool) map[int]bool {
	out := map[int]bool{}
	for f := range files {
		out[f] = true
	}
	for changed := true; changed; {
		changed = false
		for _, i := range e.fileImports() {
			if out[i.from] != out[i.to] {
				out[i.from], out[i.to] = true, true
				changed = true
			}
		}
	}
	return out
}

// sharedWith gives the objects that expressions of some files may be.
func (e *engine) sharedWith(files map[int]bool) map[*ir.Object]bool {
	out := map[*ir.Object]bool{}
	for _, u := range e.units {
		if u.Tree == nil || !files[e.fileOf[u.ID]] {
			continue
		}
		for id := range int32(u.Tree.Len()) {
			n := u.Tree.Node(id)
			if n.Is(grammar.KindIdentifier, grammar.KindAttribute, grammar.KindCall) {
				objectsIn(e.p.Value(e.expr(u.ID, n)), func(o *ir.Object) { out[o] = true }, 0)
			}
		}
	}
	return out
}

// objectsIn calls do for the objects that a value may be or holds in the
// attributes of an object of the program's own.
func objectsIn(v ir.Value, do func(*ir.Object), depth int) {
	if depth > 3 {
		return
	}
	switch v := v.(type) {
	case *ir.Object:
		do(v)
	case *ir.Join:
		for _, x := range v.Of {
			objectsIn(x, do, depth+1)
		}
	case *ir.Instance:
		for _, x := range v.Attrs {
			objectsIn(x, do, depth+1)
		}
	}
}

// touches reports whether a use of a companion is about one of the objects, or
// about an exception that calls of the SDK raise.
func (e *engine) touches(u *ir.Use, objects map[*ir.Object]bool) bool {
	found := false
	look := func(v ir.Value) { objectsIn(v, func(o *ir.Object) { found = found || objects[o] }, 0) }
	look(u.Value)
	if u.Call != nil {
		look(u.Call.Result)
		look(u.Call.Recv.Value)
		for _, a := range u.Call.Bound {
			look(a.Value)
		}
	}
	if n := e.node(u.At); u.Kind == ir.AttrUse && n.Is(grammar.KindAttribute) {
		look(e.p.Value(e.expr(u.At.Unit, n.Child(grammar.FieldObject))))
	}
	return found || len((&context{e: e, use: u}).Guarded()) > 0
}
