package meaning

import (
	"bytes"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

func below(name string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(name, p) && (len(name) == len(p) || name[len(p)] == '.') {
			return true
		}
	}
	return false
}

// isSource reports whether a qualified name lies in a source SDK or in one that
// comes with it.
func (p *Program) isSource(name string) bool {
	return below(name, p.cfg.Sources) || below(name, p.cfg.Auxiliary)
}

// findUses lists the uses in a pass over the trees of their own.
func (p *Program) findUses() {
	own := false
	for _, u := range p.units {
		if !u.m.given {
			continue
		}
		w := &useWalker{p: p, u: u}
		w.walk()
		w.masked()
		p.uses = append(p.uses, w.sorted()...)
	}
	for _, x := range p.uses {
		if x.Kind == ir.EnvUse || x.Kind == ir.LineUse || below(x.Symbol, p.cfg.Sources) {
			own = true
		}
	}
	if !own {
		p.uses = nil
	}
}

// useWalker finds the uses of one unit.
type useWalker struct {
	p    *Program
	u    *unit
	uses []*ir.Use
}

func (w *useWalker) add(kind ir.UseKind, symbol string, n grammar.Node, v ir.Value, presumed bool) *ir.Use {
	x := &ir.Use{Kind: kind, Symbol: symbol, At: w.u.expr(n), Value: v, Presumed: presumed}
	w.uses = append(w.uses, x)
	return x
}

// sorted puts uses in source order: by start, the outer one first.
func (w *useWalker) sorted() []*ir.Use {
	sortStable(w.uses, func(a, b *ir.Use) bool {
		if a.At.Start != b.At.Start {
			return a.At.Start < b.At.Start
		}
		return a.At.End > b.At.End
	})
	return w.uses
}

func (w *useWalker) walk() {
	t := w.u.root.Tree()
	for id := int32(0); id < int32(t.Len()); id++ {
		n := t.Node(id)
		switch n.Kind() {
		case grammar.KindImportStatement, grammar.KindImportFromStatement:
			for c := range n.Children() {
				if a := w.u.aliasAt[c.ID()]; a != nil && a.symbol != nil && w.p.isSource(a.Qualified) {
					w.add(ir.ImportUse, a.Qualified, c, a.symbol, a.Presumed)
				}
			}
			id = n.Last()
		case grammar.KindCall:
			w.call(n)
		case grammar.KindAttribute:
			w.attribute(n)
		case grammar.KindSubscript:
			w.subscript(n)
		case grammar.KindIdentifier:
			w.identifier(n)
		case grammar.KindString:
			w.str(n)
		}
	}
}

func (w *useWalker) kindOf(symbol string) sdk.Kind {
	if s, ok := w.p.tables.Symbol(symbol); ok {
		return s.Kind
	}
	return 0
}

// call takes calls of an SDK and commands of its tool.
func (w *useWalker) call(n grammar.Node) {
	w.command(n)
	c := w.u.calls[n.ID()]
	if c == nil {
		return
	}
	switch c.Symbol {
	case "builtins.getattr", "builtins.setattr", "builtins.hasattr", "builtins.delattr":
		if len(c.Args) >= 2 {
			if name, ok := ir.String(c.Args[1].Value); ok {
				w.member(n, c.Args[0].Value, name, c.Result)
			}
		}
		return
	}
	if !w.counts(c) {
		return
	}
	kind := ir.CallUse
	if c.Builds != "" || w.kindOf(c.Symbol) == sdk.Class {
		kind = ir.MakeUse
	}
	x := w.add(kind, c.Symbol, n, c.Result, c.Presumed)
	x.Call = c
}

// counts reports whether a call is a use: of the SDK itself, or of what one of
// its operations returned, unless that is done on the spot, as in
// create(...).result().
func (w *useWalker) counts(c *ir.Call) bool {
	wrapper := false
	each(c.Recv.Value, func(v ir.Value) {
		if o, ok := v.(*ir.Object); ok {
			switch w.p.generic(o) {
			case sdk.Poller, sdk.Paged, sdk.Future:
				wrapper = true
			}
		}
	})
	if !wrapper {
		return w.p.isSource(c.Symbol)
	}
	if made := w.p.CallAt(c.Recv.At); made != nil && w.p.isSource(made.Symbol) && !c.Recv.At.IsZero() && w.p.waits(c) {
		return false
	}
	return w.fromSource(c.Recv.Value)
}

// fromSource reports whether a call of the source SDK made v.
func (w *useWalker) fromSource(v ir.Value) bool {
	found := false
	each(v, func(v ir.Value) {
		if o, ok := v.(*ir.Object); ok {
			if m := w.p.Made(o); m != nil && w.p.isSource(m.Symbol) {
				found = true
			}
		}
	})
	return found
}

// isCallee reports whether n is what a resolved call of the SDK calls.
func (w *useWalker) isCallee(n grammar.Node) bool {
	parent := n.Parent()
	if !parent.Is(grammar.KindCall) || n.Field() != grammar.FieldFunction {
		return false
	}
	c := w.u.calls[parent.ID()]
	return c != nil && (w.p.isSource(c.Symbol) || w.counts(c))
}

func (w *useWalker) attribute(n grammar.Node) {
	if w.isCallee(n) {
		return
	}
	parent := n.Parent()
	inner := parent.Is(grammar.KindAttribute) && n.Field() == grammar.FieldObject
	v := w.u.vals.get(n.ID())
	obj := w.u.vals.get(n.Child(grammar.FieldObject).ID())
	name := n.Child(grammar.FieldAttribute).Text()
	if s, ok := sourceSymbol(w.p, v); ok && !isObject(obj) {
		kind := w.kindOf(s.Name)
		switch {
		case kind == sdk.EnumMember:
			w.add(ir.EnumUse, s.Name, n, v, s.Presumed)
		case inner && (kind == sdk.Module || kind == 0 || isSymbol(w.u.vals.get(parent.ID()))):
		default:
			w.add(ir.NameUse, s.Name, n, v, s.Presumed)
		}
		return
	}
	if o, isObject := only(obj).(*ir.Object); inner && !(isObject && w.p.generic(o) == sdk.Raw) {
		// Of a chain of attributes the whole counts, once.
		if w.isMember(v, parent.Child(grammar.FieldAttribute).Text()) {
			return
		}
	}
	w.member(n, obj, name, v)
}

func isObject(v ir.Value) bool {
	found := false
	each(v, func(v ir.Value) {
		switch v.(type) {
		case *ir.Object, *ir.Instance, *ir.Module:
			found = true
		}
	})
	return found
}

func isSymbol(v ir.Value) bool {
	_, ok := only(v).(*ir.Symbol)
	return ok
}

func sourceSymbol(p *Program, v ir.Value) (*ir.Symbol, bool) {
	var out *ir.Symbol
	each(v, func(v ir.Value) {
		if s, ok := v.(*ir.Symbol); ok && out == nil && p.isSource(s.Name) {
			out = s
		}
	})
	return out, out != nil
}

// isMember reports whether reading name of v is a use.
func (w *useWalker) isMember(v ir.Value, name string) bool {
	found := false
	each(v, func(v ir.Value) {
		if o, ok := v.(*ir.Object); ok && w.p.isSource(o.Type) {
			found = true
		}
	})
	return found
}

// member adds the use of attribute name of obj, if obj is an SDK's.
func (w *useWalker) member(n grammar.Node, obj ir.Value, name string, v ir.Value) {
	if obj == nil {
		return
	}
	done := false
	others := w.others(obj, name)
	var use *ir.Use
	each(obj, func(o ir.Value) {
		x, ok := o.(*ir.Object)
		if !ok || done && (use == nil || !w.p.isSource(x.Type)) {
			return
		}
		generic := w.p.generic(x)
		if generic == sdk.Paged && listMethods[name] {
			return
		}
		if !w.p.isSource(x.Type) {
			// What a poller, pager or raw response of the SDK offers.
			classes := w.p.conventions.Classes(x.Type)
			if generic != sdk.Poller && generic != sdk.Paged && generic != sdk.Raw || len(classes) == 0 || !w.fromSource(x) {
				return
			}
			sym, _, known := w.p.memberOf(x, name)
			switch {
			case known && generic == sdk.Raw:
				done = true
				w.add(ir.AttrUse, sym.Name, n, v, x.Presumed)
			case known:
				done = true
				w.add(ir.NameUse, sym.Name, n, v, x.Presumed)
			case generic != sdk.Raw:
				done = true
				w.add(ir.AttrUse, classes[0]+"."+name, n, v, x.Presumed)
			}
			return
		}
		if w.p.tables.IsTypedDict(x.Type) {
			return // what dicts offer
		}
		symbol := x.Type + "." + name
		kind := ir.AttrUse
		if sym, _, ok := w.p.memberOf(x, name); ok {
			symbol = sym.Name
			if sym.Kind == sdk.Method {
				kind = ir.NameUse
			}
		} else if others {
			return
		}
		if !w.p.isSource(symbol) {
			symbol = x.Type + "." + name
		}
		done = true
		if use == nil {
			use = w.add(kind, symbol, n, v, x.Presumed)
		} else if symbol != use.Symbol {
			use.Also = append(use.Also, symbol)
		}
	})
}

// others reports whether an attribute is read of one of several values of which
// another may have it: then it is not read of one that has not.
func (w *useWalker) others(obj ir.Value, name string) bool {
	found := false
	each(obj, func(o ir.Value) {
		switch x := o.(type) {
		case *ir.Object:
			_, _, ok := w.p.memberOf(x, name)
			found = found || ok
		case *ir.Instance, *ir.Class, *ir.Module, *ir.Symbol, *ir.Unknown:
			found = true
		}
	})
	return found
}

// listMethods are what lists have and iterators over pages have not: who calls
// them has made a list of it.
var listMethods = map[string]bool{"append": true, "extend": true, "insert": true, "remove": true, "clear": true, "pop": true, "sort": true,
	"reverse": true, "index": true, "count": true, "copy": true}

func (w *useWalker) subscript(n grammar.Node) {
	done := false
	each(w.u.vals.get(n.Child(grammar.FieldValue).ID()), func(v ir.Value) {
		o, ok := v.(*ir.Object)
		if !ok || done || !w.p.isSource(o.Type) {
			return
		}
		if sym, _, ok := w.p.memberOf(o, "__getitem__"); ok {
			done = true
			w.add(ir.AttrUse, sym.Name, n, w.u.vals.get(n.ID()), o.Presumed)
		}
	})
}

func (w *useWalker) identifier(n grammar.Node) {
	s, ok := sourceSymbol(w.p, w.u.vals.get(n.ID()))
	if !ok || w.isCallee(n) {
		return
	}
	if d := w.u.defAt.get(n.ID()); d != nil && d.Kind != Augmented {
		return
	}
	parent := n.Parent()
	if parent.Is(grammar.KindAttribute) && n.Field() == grammar.FieldObject {
		if kind := w.kindOf(s.Name); kind == sdk.Module || kind == 0 || isSymbol(w.u.vals.get(parent.ID())) || w.isCallee(parent) {
			return
		}
	}
	if parent.Is(grammar.KindAttribute) && n.Field() != grammar.FieldObject {
		return
	}
	if w.kindOf(s.Name) == sdk.EnumMember {
		return // a variable that holds the member: the member itself was counted
	}
	w.add(ir.NameUse, s.Name, n, w.u.vals.get(n.ID()), s.Presumed)
}

// str finds environment names in a string literal.
func (w *useWalker) str(n grammar.Node) {
	if len(w.p.cfg.EnvNames) == 0 || isDocstring(n) {
		return
	}
	src := n.Tree().Source()
	text := src[n.Start():n.End()]
	for at := 0; at < len(text); {
		i, prefix := -1, ""
		for _, e := range w.p.cfg.EnvNames {
			if j := bytes.Index(text[at:], []byte(e)); j >= 0 && (i < 0 || j < i) {
				i, prefix = j, e
			}
		}
		if i < 0 {
			return
		}
		start := at + i
		end := start + len(prefix)
		for end < len(text) && isWord(text[end]) {
			end++
		}
		at = end
		if start > 0 && isWord(text[start-1]) || inInterpolation(n, n.Start()+start) {
			continue
		}
		e := w.u.expr(n)
		e.Start, e.End = n.Start()+start, n.Start()+end
		w.uses = append(w.uses, &ir.Use{Kind: ir.EnvUse, Symbol: string(text[start:end]), At: e, Value: w.u.vals.get(n.ID())})
	}
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func inInterpolation(n grammar.Node, at int) bool {
	for c := range n.Children() {
		if c.Is(grammar.KindInterpolation) && c.Start() <= at && at < c.End() {
			return true
		}
	}
	return false
}

// isDocstring reports whether a string is a statement of its own.
func isDocstring(n grammar.Node) bool {
	p := n.Parent()
	if p.Is(grammar.KindConcatenatedString) {
		p = p.Parent()
	}
	return p.Is(grammar.KindExpressionStatement)
}

// shellCalls are the functions that run a command line.
var shellCalls = map[string]bool{
	"os.system": true, "os.popen": true, "subprocess.call": true, "subprocess.run": true, "subprocess.check_call": true,
	"subprocess.check_output": true, "subprocess.Popen": true, "subprocess.getoutput": true, "subprocess.getstatusoutput": true,
	"commands.getoutput": true, "commands.getstatusoutput": true,
}

// command takes the command lines that a program runs through Python.
func (w *useWalker) command(n grammar.Node) {
	if len(w.p.cfg.LineWords) == 0 {
		return
	}
	args := n.Child(grammar.FieldArguments)
	if !args.Is(grammar.KindArgumentList) || args.FirstChild().IsZero() {
		return
	}
	c := w.u.calls[n.ID()]
	if c == nil || !shellCalls[c.Symbol] {
		fn := n.Child(grammar.FieldFunction)
		if !fn.Is(grammar.KindAttribute) || !strings.HasPrefix(fn.Child(grammar.FieldObject).Text(), "get_ipython(") {
			return
		}
	}
	arg := args.FirstChild()
	if arg.Is(grammar.KindKeywordArgument) {
		arg = arg.Child(grammar.FieldValue)
	}
	value := w.u.vals.get(arg.ID())
	if whole := splitText(arg); !whole.IsZero() {
		value = w.u.vals.get(whole.ID())
	}
	line := ""
	each(value, func(v ir.Value) {
		switch x := v.(type) {
		case *ir.Seq:
			for _, a := range x.Elems {
				line += literalText(a.Value) + " "
			}
		default:
			line += literalText(x) + " "
		}
	})
	if words := w.lineWords(line); words != "" {
		w.add(ir.LineUse, words, arg, value, false)
	}
}

// splitText gives the text that a call splits into words: text.split() and
// shlex.split(text).
func splitText(call grammar.Node) grammar.Node {
	fn, args := call.Child(grammar.FieldFunction), call.Child(grammar.FieldArguments)
	if !call.Is(grammar.KindCall) || !fn.Is(grammar.KindAttribute) || fn.Child(grammar.FieldAttribute).Text() != "split" || !args.Is(grammar.KindArgumentList) {
		return grammar.Node{}
	}
	if first := args.FirstChild(); !first.IsZero() {
		return first
	}
	return fn.Child(grammar.FieldObject)
}

// literalText is the text of v with what is not known as one odd word.
func literalText(v ir.Value) string {
	out := ""
	for _, p := range ir.Flatten(ir.Pieces(v, ir.Expr{})) {
		if p.Val == nil {
			out += p.Lit
		} else {
			out += "\x00"
		}
	}
	return out
}

// lineWords gives the words that make a command line a use, "" if none do.
func (w *useWalker) lineWords(line string) string {
	fields := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\n\r\\;|&()`\"'", r) })
	for i := range fields {
		if strings.HasPrefix(fields[i], "#") {
			return ""
		}
	next:
		for _, words := range w.p.cfg.LineWords {
			if i+len(words) > len(fields) {
				continue
			}
			for j, word := range words {
				if fields[i+j] != word {
					continue next
				}
			}
			return strings.Join(words, " ")
		}
	}
	return ""
}

// shellCells are the cell magics whose cells are shell scripts.
var shellCells = map[string]bool{
	"bash": true, "sh": true, "zsh": true, "script": true, "system": true, "sx": true, "!": true, "cmd": true, "powershell": true, "pwsh": true,
}

// masked finds command lines among the lines that are IPython's.
func (w *useWalker) masked() {
	if len(w.p.cfg.LineWords) == 0 {
		return
	}
	for at, text := range w.u.shellLines() {
		if words := w.lineWords(text); words != "" {
			n := w.u.root.Tree().NodeAt(at.Start, at.End)
			if n.IsZero() {
				n = w.u.root
			}
			e := w.u.expr(n)
			e.Start, e.End = at.Start, at.End
			w.uses = append(w.uses, &ir.Use{Kind: ir.LineUse, Symbol: words, At: e})
		}
	}
}
