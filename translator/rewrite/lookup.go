package rewrite

import (
	"maps"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules"
	"pyxlate/rules/ir"
)

// lookUp takes what looks for such an attribute's value by its old name:
// NAMES[state], NAMES.get(state), ORDER.index(state).
func (e *engine) lookUp(at ir.Expr, read map[string][]*ir.Use) {
	n := e.node(at)
	var in, key grammar.Node
	if n.Is(grammar.KindSubscript) {
		in, key = n.Child(grammar.FieldValue), n.Child(grammar.FieldSubscript)
	} else {
		fn, args := n.Child(grammar.FieldFunction), n.Child(grammar.FieldArguments)
		if !fn.Is(grammar.KindAttribute) || !args.Is(grammar.KindArgumentList) || !searches[fn.Child(grammar.FieldAttribute).Text()] {
			return
		}
		in, key = fn.Child(grammar.FieldObject), args.FirstChild()
	}
	if key.IsZero() || key.Is(grammar.KindKeywordArgument) || e.stmtMarked(at) {
		return
	}
	if r, state, ok := e.stateOf(e.expr(at.Unit, key)); ok {
		if u := e.readBy(r, state, at, read); u != nil {
			e.nameAnew(r, u, e.expr(at.Unit, in))
		}
	}
}

// searches are the methods of lists and dictionaries whose first argument is
// looked for.
var searches = map[string]bool{"get": true, "index": true, "count": true, "pop": true, "setdefault": true}

// nameAnew gives the keys of a dictionary in which such an attribute's value is
// looked for their new names, where nothing else is done with it, and leaves the
// use to a person where that cannot be done.
func (e *engine) nameAnew(r *rules.Rule, u *ir.Use, in ir.Expr) bool {
	d, ok := single(e.p.Value(in)).(*ir.Dict)
	if !ok {
		return e.leaveLookUp(r, u, in)
	}
	x, ok := e.dictDisplay(d)
	if !ok || e.stmtMarked(x) || len(d.Changes) > 0 || !e.onlyLookedUp(r, d, x) {
		return e.leaveLookUp(r, u, in)
	}
	var keys []ir.Expr
	var now [][]string
	for pair := range e.node(x).Children() {
		if pair.Is(grammar.KindComment, grammar.KindLineContinuation) {
			continue
		}
		key, value := e.expr(x.Unit, pair.Child(grammar.FieldKey)), e.expr(x.Unit, pair.Child(grammar.FieldValue))
		old, known := e.oldValues(key)
		if !pair.Is(grammar.KindPair) || !known || len(old) != 1 || !e.p.Pure(value) {
			return e.leaveLookUp(r, u, in)
		}
		names, known := r.Values[old[0]] // keys are looked for as they are spelled
		if !known {
			return e.leaveLookUp(r, u, in)
		}
		keys, now = append(keys, key), append(now, names)
	}
	for i, key := range keys {
		if e.repl.get(keyOf(key)) == nil {
			e.replaceKey(e.stateAnswer(r, u, key), key, now[i])
		}
	}
	return true
}

// replaceKey writes an entry of a dictionary once for each of several keys.
func (e *engine) replaceKey(a *application, key ir.Expr, names []string) {
	pair := e.node(key).Parent()
	value := e.expr(key.Unit, pair.Child(grammar.FieldValue))
	src := e.source(ir.Span{Unit: key.Unit, Start: 0, End: key.Start})
	sep := ", "
	if line := src[strings.LastIndexByte(src, '\n')+1:]; strings.TrimSpace(line) == "" {
		sep = ",\n"
	}
	m := &mixed{primary: true}
	for i, name := range names {
		if i > 0 {
			m.parts = append(m.parts, part{text: ": "}, part{term: &ir.Source{Arg: ir.Arg{Value: e.p.Value(value), At: value}}}, part{text: sep})
		}
		m.parts = append(m.parts, part{term: &ir.Literal{V: name}})
	}
	a.ctx.emitted = append(a.ctx.emitted, value.Span)
	e.replaceNode(a, key, m)
	e.cover[keyOf(key)] = &coverage{at: key, app: a}
}

// dictDisplay gives the display that makes a dictionary.
func (e *engine) dictDisplay(d *ir.Dict) (ir.Expr, bool) {
	for _, u := range e.units {
		if u.Tree == nil {
			continue
		}
		for id := range int32(u.Tree.Len()) {
			if n := u.Tree.Node(id); n.Is(grammar.KindDictionary) && e.p.Value(e.expr(u.ID, n)) == ir.Value(d) {
				return e.expr(u.ID, n), true
			}
		}
	}
	return ir.Expr{}, false
}

// onlyLookedUp reports whether all that the program does with a dictionary is
// to look for such an attribute's value in it.
func (e *engine) onlyLookedUp(r *rules.Rule, d *ir.Dict, display ir.Expr) bool {
	if e.looksUp(r, display) {
		return true
	}
	return e.readOnly(d, func(x ir.Expr) (serves, ok bool) {
		ok = e.looksUp(r, x)
		return ok, ok
	})
}

// looksUp reports whether an expression stands where such an attribute's value
// is looked for in it.
func (e *engine) looksUp(r *rules.Rule, x ir.Expr) bool {
	n := e.node(x)
	p := n.Parent()
	key := grammar.Node{}
	switch p.Kind() {
	case grammar.KindSubscript:
		if p.Child(grammar.FieldValue).ID() == n.ID() {
			key = p.Child(grammar.FieldSubscript)
		}
	case grammar.KindComparisonOperator:
		if ops := slices.Collect(p.Operators()); len(ops) == 1 && p.LastChild().ID() == n.ID() {
			key = p.FirstChild()
		}
	case grammar.KindAttribute:
		call := p.Parent()
		if call.Is(grammar.KindCall) && call.Child(grammar.FieldFunction).ID() == p.ID() && p.Child(grammar.FieldAttribute).Text() == "get" {
			key = call.Child(grammar.FieldArguments).FirstChild()
		}
	}
	if key.IsZero() || key.Is(grammar.KindCall) && caseMethods[key.Child(grammar.FieldFunction).Child(grammar.FieldAttribute).Text()] {
		return false
	}
	rule, _, ok := e.stateOf(e.expr(x.Unit, key))
	return ok && rule == r
}

// stateNames are new names by what the program compares with.
type stateNames struct {
	keys []string
	now  map[string][]string
	open bool // others may follow
}

// fromOutside reports whether a value comes from who runs the program: it is an
// argument of the command line or a variable of the environment.
func (e *engine) fromOutside(v ir.Value) bool {
	u, ok := v.(*ir.Unknown)
	for ok {
		if s, isSymbol := u.Of.(*ir.Symbol); isSymbol {
			return s.Name == "os.environ"
		}
		of, more := u.Of.(*ir.Unknown)
		if !more {
			break
		}
		u = of
	}
	if !ok || u.At.IsZero() {
		return false
	}
	switch n := e.node(u.At); n.Kind() {
	case grammar.KindCall:
		fn := n.Child(grammar.FieldFunction)
		return fn.Is(grammar.KindAttribute) && (fn.Child(grammar.FieldAttribute).Text() == "parse_args" || fn.Child(grammar.FieldAttribute).Text() == "parse_known_args")
	case grammar.KindSubscript:
		s, isSymbol := e.p.Value(e.expr(u.At.Unit, n.Child(grammar.FieldValue))).(*ir.Symbol)
		return isSymbol && s.Name == "sys.argv"
	}
	return false
}

// namesGiven gives the new names of what such an attribute is compared with
// where that is one of several constants: a variable of a loop, a parameter. It
// is nil where it is none of these, or where they all mean just one name, which
// is what the program gives.
func (e *engine) namesGiven(r *rules.Rule, other ir.Expr) *stateNames {
	v := e.p.Value(other)
	values := []ir.Value{v}
	out := &stateNames{now: map[string][]string{}}
	if e.fromOutside(v) {
		// Who runs the program gives any of the old names.
		out.keys, out.now, out.open = slices.Sorted(maps.Keys(r.Values)), r.Values, true
		return out
	}
	out.open = e.given(other)
	if j, ok := v.(*ir.Join); ok {
		values = j.Of
	} else if !out.open {
		return nil
	}
	differ := false
	for _, v := range values {
		key, known := ir.String(v)
		if s, ok := v.(*ir.Symbol); ok {
			key, known = e.memberText(s.Name)
		}
		old, single := e.valueNames(v)
		if !known || !single || len(old) != 1 {
			return nil
		}
		now, known := newNames(r, old[0])
		if !known {
			return nil
		}
		if out.now[key] == nil {
			out.keys = append(out.keys, key)
		}
		out.now[key] = now
		differ = differ || len(now) > 1 || now[0] != key
	}
	if !differ {
		return nil
	}
	return out
}

// memberText gives the text that takes the place of a member of an enumeration.
func (e *engine) memberText(symbol string) (string, bool) {
	for _, r := range e.migration.For(symbol) {
		if s := strings.Trim(r.To, "'"); len(s) == len(r.To)-2 {
			return s, true
		}
	}
	return "", false
}

// tableOf looks new names up by what the program compares with; one: each is one
// name, and not several. What others may give to a function is taken for a new
// name.
func (e *engine) tableOf(names *stateNames, key ir.Term) (table ir.Term, one bool) {
	one = true
	for _, now := range names.now {
		one = one && len(now) == 1
	}
	d := &ir.DictOf{}
	for _, k := range names.keys {
		list := &ir.ListOf{Tuple: true}
		for _, v := range names.now[k] {
			list.Items = append(list.Items, &ir.Literal{V: v})
		}
		value := ir.Term(list)
		if one {
			value = list.Items[0]
		}
		d.Entries = append(d.Entries, ir.Entry{Key: &ir.Literal{V: k}, Value: value})
	}
	if !names.open {
		return &ir.Item{Of: d, Key: key}, one
	}
	itself := key
	if !one {
		itself = &ir.ListOf{Tuple: true, Items: []ir.Term{key}}
	}
	return &ir.Apply{Fn: &ir.Member{Of: d, Name: "get"}, Args: []ir.Argument{{Value: key}, {Value: itself}}}, one
}

// leaveLookUp leaves the use to a person where it is looked for among old names
// that are no names of the new SDK.
func (e *engine) leaveLookUp(r *rules.Rule, u *ir.Use, in ir.Expr) bool {
	var names []string
	switch v := single(e.p.Value(in)).(type) {
	case *ir.Dict:
		names = slices.Concat(v.Keys, e.enumKeys(v))
	case *ir.Seq:
		for _, a := range v.Elems {
			if s, ok := ir.String(a.Value); ok {
				names = append(names, s)
			}
		}
	}
	var old []string
	for _, name := range names {
		if now, known := newNames(r, name); known && (len(now) > 1 || now[0] != name) {
			old = append(old, name+" is "+strings.Join(now, ", "))
		}
	}
	if len(old) == 0 {
		return false
	}
	a := &application{rule: r, use: u, stmt: e.p.Stmt(in)}
	a.ctx = e.context(r, u)
	e.leave(a, e.unplaced(a, oneLine(e.source(in.Span))+" must have the new names: "+strings.Join(old, "; ")))
	return true
}

// enumKeys lists the names of the old SDK that are keys of a dictionary where it
// is written down: each becomes one of its new names.
func (e *engine) enumKeys(d *ir.Dict) (names []string) {
	for _, u := range e.units {
		if u.Tree == nil {
			continue
		}
		for id := range int32(u.Tree.Len()) {
			n := u.Tree.Node(id)
			if !n.Is(grammar.KindDictionary) || e.p.Value(e.expr(u.ID, n)) != ir.Value(d) {
				continue
			}
			for pair := range n.Children() {
				if !pair.Is(grammar.KindPair) {
					continue
				}
				if s, ok := e.p.Value(e.expr(u.ID, pair.FirstChild())).(*ir.Symbol); ok && hasPrefix(s.Name, e.migration.Primary) {
					names = append(names, s.Name[strings.LastIndexByte(s.Name, '.')+1:])
				}
			}
		}
	}
	return names
}
