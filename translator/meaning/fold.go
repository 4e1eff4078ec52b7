package meaning

import (
	"hash/maphash"
	"math"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/constant"
)

// The folder computes pure expressions of constants. It reads no file, no
// environment and no clock, and what it makes is bounded.
const (
	maxPieces = 256      // of a Text
	maxParts  = 4096     // of a Text, with those of the texts inside it, each time it occurs
	maxElems  = 4096     // of a list made by an operator
	maxWithin = 24       // texts within texts
	foldTotal = 64 << 20 // bytes of text made in one analysis
)

// folder bounds what is made: left counts bytes, known what each Text holds. Of
// texts with the same pieces there is one.
type folder struct {
	left  int
	known map[*ir.Text]extent
	texts map[uint64][]*ir.Text // by the hash of their pieces
	seed  maphash.Seed
}

// extent is what a text holds, texts inside it included: bytes, pieces, and how
// deep they lie. One that occurs twice counts twice, for whoever reads the text
// comes by it twice. forms has a bit for the form of each, see form.
type extent struct {
	size, parts, within int
	forms               uint64
}

func newFolder() folder {
	return folder{left: foldTotal, known: map[*ir.Text]extent{}, texts: map[uint64][]*ir.Text{}, seed: maphash.MakeSeed()}
}

func (f *folder) extent(v ir.Value) extent {
	switch x := v.(type) {
	case *ir.Const:
		if s, ok := x.V.(string); ok {
			return extent{size: len(s), parts: 1}
		}
	case *ir.Text:
		e, ok := f.known[x]
		if !ok {
			e = f.sum(x.Pieces)
			e.forms |= f.form(x.Pieces)
			f.known[x] = e
		}
		return e
	case *ir.Join:
		var all extent
		for _, w := range x.Of {
			e := f.extent(w)
			all.size = max(all.size, e.size)
			all.parts += e.parts
			all.within = max(all.within, e.within)
			all.forms |= e.forms
		}
		return all
	}
	return extent{size: 8, parts: 1}
}

// piece gives the extent that a piece adds to its text.
func (f *folder) piece(p ir.Piece) extent {
	if p.Val == nil {
		return extent{size: len(p.Lit), parts: 1}
	}
	e := f.extent(p.Val)
	e.within++
	return e
}

func (f *folder) sum(ps []ir.Piece) (e extent) {
	for _, p := range ps {
		x := f.piece(p)
		e.size, e.parts, e.within, e.forms = e.size+x.size, e.parts+x.parts, max(e.within, x.within), e.forms|x.forms
	}
	return e
}

// form gives a bit that is the same for pieces which likePieces takes for the same.
func (f *folder) form(ps []ir.Piece) uint64 {
	h := uint64(len(ps))
	for _, p := range ps {
		h = (h ^ uint64(p.At.Node) ^ uint64(len(p.Lit))<<32) * mix
	}
	return 1 << (h >> 58)
}

// text gives the value of pieces: a Const if they are all literal, nil if it
// grows too large.
func (f *folder) text(ps []ir.Piece) ir.Value {
	if len(ps) > maxPieces {
		return nil
	}
	lits := true
	out := make([]ir.Piece, 0, len(ps))
	for _, p := range ps {
		if p.Val == nil {
			if p.Lit == "" {
				continue
			}
			if n := len(out); n > 0 && out[n-1].Val == nil {
				out[n-1].Lit += p.Lit
				continue
			}
		}
		lits = lits && p.Val == nil
		out = append(out, p)
	}
	e := f.sum(out)
	if e.forms&f.form(out) != 0 {
		f.cut(out)
		e = f.sum(out)
	}
	f.left -= e.size
	if e.size > constant.MaxText || e.parts > maxParts || e.within > maxWithin || f.left < 0 {
		return nil
	}
	if lits {
		s := ""
		if len(out) == 1 {
			s = out[0].Lit
		}
		return &ir.Const{V: s}
	}
	return f.intern(&ir.Text{Pieces: out})
}

// cut puts many values where pieces hold a text of the same pieces but for their
// values: one that was made in the same way in the turn, call or round before. So a
// text that grows out of itself is one text.
func (f *folder) cut(ps []ir.Piece) {
	seen := map[*ir.Text]ir.Value{}
	var within func(v ir.Value) ir.Value
	within = func(v ir.Value) ir.Value {
		switch x := v.(type) {
		case *ir.Join:
			var all union
			for _, w := range x.Of {
				all.add(within(w))
			}
			if all.same(x) {
				return x
			}
			return all.value()
		case *ir.Text:
			if likePieces(x.Pieces, ps) {
				return many
			}
			w, ok := seen[x]
			if ok {
				return w
			}
			w = x
			own := slices.Clone(x.Pieces)
			for i, p := range own {
				if p.Val != nil {
					own[i].Val = within(p.Val)
				}
			}
			if !slices.Equal(own, x.Pieces) {
				w = f.intern(&ir.Text{Pieces: own})
			}
			seen[x] = w
			return w
		}
		return v
	}
	for i, p := range ps {
		if p.Val != nil {
			ps[i].Val = within(p.Val)
		}
	}
}

// likePieces reports whether pieces differ in nothing but their values.
func likePieces(ps, qs []ir.Piece) bool {
	return slices.EqualFunc(ps, qs, func(p, q ir.Piece) bool {
		return p.Lit == q.Lit && p.At == q.At && (p.Val == nil) == (q.Val == nil)
	})
}

// intern gives the one text that stands for all that have the same pieces: to
// compare two of them, nobody needs to look into them.
func (f *folder) intern(t *ir.Text) *ir.Text {
	h := uint64(len(t.Pieces))
	for _, p := range t.Pieces {
		h = (h^uint64(p.At.Node)^uint64(p.At.Unit)<<32)*mix + f.hash(p.Val)
		if p.Lit != "" {
			h += maphash.String(f.seed, p.Lit)
		}
	}
	for _, old := range f.texts[h] {
		if slices.EqualFunc(old.Pieces, t.Pieces, func(p, q ir.Piece) bool {
			return p.Lit == q.Lit && p.At == q.At && sameValue(p.Val, q.Val)
		}) {
			return old
		}
	}
	f.texts[h] = append(f.texts[h], t)
	return t
}

// mix spreads the bits of a hash.
const mix = 0x9E3779B97F4A7C15

// hash gives the same for values that sameValue takes for the same.
func (f *folder) hash(v ir.Value) (h uint64) {
	switch x := v.(type) {
	case *ir.Const:
		switch c := x.V.(type) {
		case string:
			return maphash.String(f.seed, c)
		case int64:
			return uint64(c) * mix
		}
	case *ir.Text:
		for _, p := range x.Pieces {
			h = (h ^ uint64(p.At.Node) ^ uint64(len(p.Lit))) * mix
		}
		return h
	case *ir.Join:
		for _, w := range x.Of {
			h += f.hash(w)
		}
		return h
	case *ir.Symbol:
		return maphash.String(f.seed, x.Name)
	case *ir.Unknown:
		return uint64(x.At.Node) * mix
	}
	return 2
}

func (f *folder) str(s string) ir.Value {
	f.left -= len(s)
	if len(s) > constant.MaxText || f.left < 0 {
		return nil
	}
	return &ir.Const{V: s}
}

// orStr is v, or an unknown str at n.
func (in *interp) orStr(v ir.Value, n grammar.Node) ir.Value {
	if v == nil {
		return in.unknown(n, "text", "str")
	}
	return v
}

func truthOf(v ir.Value) (bool, bool) {
	switch x := v.(type) {
	case *ir.Object:
		// What a call has made is there; an attribute may be None.
		if x.Made != nil && x.Elem == nil {
			return true, true
		}
	case *ir.Method, *ir.Function, *ir.Class, *ir.Module:
		return true, true
	case *ir.Const:
		return constant.Truth(x.V), true
	case *ir.Text:
		s, ok := ir.String(x)
		if ok {
			return s != "", true
		}
		for _, p := range x.Pieces {
			if p.Val == nil && p.Lit != "" {
				return true, true
			}
		}
	}
	return false, false
}

// str evaluates a string literal.
func (in *interp) str(n grammar.Node) ir.Value {
	parts, bytes, ok := grammar.StringParts(n)
	if !ok {
		for c := range n.Children() {
			if c.Is(grammar.KindInterpolation, grammar.KindString) {
				in.children(c)
			}
		}
		return in.unknown(n, "string", "str")
	}
	if bytes {
		s := ""
		for _, p := range parts {
			s += p.Text
		}
		return &ir.Const{V: []byte(s)}
	}
	var ps []ir.Piece
	for _, p := range parts {
		if p.Expr.IsZero() {
			ps = append(ps, ir.Piece{Lit: p.Text})
			continue
		}
		v := in.eval(p.Expr)
		if p.Spec != "" {
			in.specExprs(p.Expr.Parent())
		}
		if v == nil {
			v = in.unknownAfter(p.Expr, "field")
		}
		ps = append(ps, in.field(v, in.u.expr(p.Expr), p.Conversion, p.Spec, p.Expr))
	}
	return in.orStr(in.fold.text(ps), n)
}

// specExprs evaluates the expressions inside a field's format.
func (in *interp) specExprs(n grammar.Node) {
	for c := range n.Children() {
		if c.Is(grammar.KindFormatSpecifier) {
			for d := range c.Children() {
				if d.Is(grammar.KindFormatExpression, grammar.KindInterpolation) {
					in.children(d)
				}
			}
		}
	}
}

// formatted gives the str that a value becomes by a format: "%g" or "{:03d}".
// What it is of and how are kept, so that it can be written again.
func (in *interp) formatted(v ir.Value, at ir.Expr, format string, n grammar.Node) ir.Value {
	key := objKey{n.ID(), "formatted" + format + exprKey(at)}
	x := in.u.parts[key]
	if x == nil {
		x = &ir.Unknown{At: in.u.expr(n), Why: "formatted", Type: "str"}
		in.u.parts[key] = x
	}
	x.Of, x.OfAt, x.Attr = v, at, format
	return x
}

// field gives the piece for a value in a replacement field.
func (in *interp) field(v ir.Value, at ir.Expr, conversion, spec string, n grammar.Node) ir.Piece {
	if spec == "" && (conversion == "" || conversion == "s") {
		if c, ok := v.(*ir.Const); ok {
			switch c.V.(type) {
			case float64:
				if s, ok := constant.Repr(c.V); ok {
					if !at.IsZero() {
						return ir.Piece{Val: &ir.Const{V: s}, At: at}
					}
					return ir.Piece{Lit: s}
				}
			case []byte:
				return ir.Piece{Val: in.unknownAfter(n, "formatted")}
			}
		}
		if at.IsZero() {
			if s, ok := strOf(v); ok {
				return ir.Piece{Lit: s}
			}
		}
		return ir.Piece{Val: v, At: at}
	}
	if strings.ContainsAny(spec, "{}") {
		return ir.Piece{Val: in.unknownAfter(n, "formatted")}
	}
	if x, ok := constOf(v); ok {
		if conversion == "r" || conversion == "a" {
			s, ok := constant.Repr(x)
			if !ok || conversion == "a" && !constant.ASCII(s) {
				return ir.Piece{Val: in.unknownAfter(n, "formatted")}
			}
			x = s
		} else if conversion == "s" {
			s, ok := constant.Str(x)
			if !ok {
				return ir.Piece{Val: in.unknownAfter(n, "formatted")}
			}
			x = s
		}
		if s, ok := constant.Format(x, spec); ok {
			return ir.Piece{Lit: s}
		}
	}
	if conversion != "" {
		spec = "!" + conversion + ":" + spec
	} else {
		spec = ":" + spec
	}
	return ir.Piece{Val: in.formatted(v, at, "{"+strings.TrimSuffix(spec, ":")+"}", n)}
}

// constOf gives the constant that v certainly is.
func constOf(v ir.Value) (any, bool) {
	if s, ok := ir.String(v); ok {
		return s, true
	}
	if c, ok := v.(*ir.Const); ok {
		return c.V, true
	}
	return nil, false
}

// strOf is str(v) of a constant.
func strOf(v ir.Value) (string, bool) {
	x, ok := constOf(v)
	if !ok {
		return "", false
	}
	return constant.Str(x)
}

// isText reports whether v is certainly a str.
func isText(v ir.Value) bool {
	switch x := v.(type) {
	case *ir.Const:
		_, ok := x.V.(string)
		return ok
	case *ir.Text:
		return true
	case *ir.Unknown:
		return x.Type == "str"
	}
	return false
}

// piecesOf gives the text of an operand: a literal is characters, anything else
// keeps its expression.
func (in *interp) piecesOf(v ir.Value, n grammar.Node) []ir.Piece {
	if v == nil {
		v = in.unknownAfter(n, "operand")
	}
	for n.Is(grammar.KindParenthesizedExpression) {
		n = n.FirstChild()
	}
	switch n.Kind() {
	case grammar.KindIdentifier, grammar.KindAttribute, grammar.KindSubscript, grammar.KindCall:
		if n.Is(grammar.KindCall) {
			if _, ok := v.(*ir.Text); ok {
				break
			}
		}
		return []ir.Piece{{Val: v, At: in.u.expr(n)}}
	}
	return ir.Pieces(v, in.u.expr(n))
}

// binary computes l op r.
func (in *interp) binary(n grammar.Node, op string, a, b ir.Value, l, r grammar.Node) ir.Value {
	if a == nil || b == nil {
		return nil
	}
	switch {
	case op == "%" && (isText(a)):
		return in.percent(n, a, b, r)
	case op == "+" && (isText(a) || isText(b)):
		_, ca := a.(*ir.Const)
		_, cb := b.(*ir.Const)
		if ca && !isText(a) || cb && !isText(b) {
			return in.unknown(n, "type error", "")
		}
		ps := in.piecesOf(a, l)
		return in.orStr(in.fold.text(append(ps[:len(ps):len(ps)], in.piecesOf(b, r)...)), n)
	}
	if op == "+" {
		x, ok1 := a.(*ir.Seq)
		y, ok2 := b.(*ir.Seq)
		switch {
		case ok1 && ok2 && x.Kind != y.Kind:
		case ok1 && ok2:
			s := in.newSeq(n, x.Kind)
			s.Open = x.Open || y.Open
			if len(x.Elems)+len(y.Elems) > maxElems {
				s.Open, s.Each = true, join(in.elementOf(x), in.elementOf(y))
				return s
			}
			if s.Open {
				s.Each = join(in.elementOf(x), in.elementOf(y))
				return s
			}
			s.Elems = append(append([]ir.Arg(nil), x.Elems...), y.Elems...)
			return s
		case ok1 || ok2:
			s := in.newSeq(n, ir.ListSeq)
			s.Open, s.Each = true, join(in.element(a, l), in.element(b, r))
			return s
		}
	}
	if x, ok := a.(*ir.Seq); ok && op == "*" {
		if i, ok := ir.Int(b); ok && !x.Open && i >= 0 && i <= 64 && int(i)*len(x.Elems) <= maxElems {
			s := in.newSeq(n, x.Kind)
			for ; i > 0; i-- {
				s.Elems = append(s.Elems, x.Elems...)
			}
			return s
		}
		s := in.newSeq(n, x.Kind)
		s.Open, s.Each = true, in.elementOf(x)
		return s
	}
	x, ok1 := constOf(a)
	y, ok2 := constOf(b)
	if ok1 && ok2 {
		if v, ok := constant.Arithmetic(op, x, y); ok {
			if s, isStr := v.(string); isStr {
				return in.orStr(in.fold.str(s), n)
			}
			return &ir.Const{V: v}
		}
	}
	typ := ""
	if op == "*" && (isText(a) || isText(b)) {
		typ = "str"
	}
	return in.unknown(n, "operator "+op, typ)
}

func (in *interp) unary(n grammar.Node, v ir.Value) ir.Value {
	if v == nil {
		return nil
	}
	if c, ok := v.(*ir.Const); ok {
		if x, ok := c.V.(float64); ok {
			switch n.Operator() {
			case "-":
				return &ir.Const{V: -x}
			case "+":
				return c
			}
		}
		if i, ok := constant.Big(c.V); ok {
			var w any
			switch n.Operator() {
			case "-":
				w = constant.Int(new(big.Int).Neg(i))
			case "+":
				w = constant.Int(i)
			case "~":
				w = constant.Int(new(big.Int).Not(i))
			}
			if w != nil {
				return &ir.Const{V: w}
			}
		}
	}
	return in.unknown(n, "operator", "")
}

// comparison evaluates a chain of comparisons.
func (in *interp) comparison(n grammar.Node) ir.Value {
	var vs []ir.Value
	for c := range n.Children() {
		if !c.Is(grammar.KindComment, grammar.KindLineContinuation) && c.Field() != grammar.FieldOperators {
			vs = append(vs, in.eval(c))
		}
	}
	i := 0
	result := true
	for op := range n.Operators() {
		if i+1 >= len(vs) {
			break
		}
		t, ok := compare(op, vs[i], vs[i+1])
		if !ok {
			return in.unknown(n, "comparison", "bool")
		}
		result = result && t
		i++
	}
	return &ir.Const{V: result}
}

// compare computes a op b of two values, where both are certain.
func compare(op string, a, b ir.Value) (result, ok bool) {
	x, ok := constOf(a)
	if !ok {
		return false, false
	}
	if s, isSeq := b.(*ir.Seq); isSeq && (op == "in" || op == "not in") {
		found := false
		for _, e := range s.Elems {
			y, isConst := constOf(e.Value)
			if !isConst || e.Star != 0 {
				return false, false
			}
			found = found || constant.Equal(x, y)
		}
		return found == (op == "in"), !s.Open
	}
	y, ok := constOf(b)
	if !ok {
		return false, false
	}
	return constant.Compare(op, x, y)
}

// index gives s[i] of a constant str.
func (f *folder) index(v, k ir.Value) ir.Value {
	s, ok := ir.String(v)
	i, isInt := ir.Int(k)
	if !ok || !isInt {
		return nil
	}
	if c, ok := constant.Index(s, i); ok {
		return f.str(c)
	}
	return nil
}

// slice gives s[a:b:c] of a constant str.
func (f *folder) slice(v ir.Value, b [3]ir.Value) ir.Value {
	s, ok := ir.String(v)
	if !ok {
		return nil
	}
	var bounds [3]*int64
	for i, w := range b {
		if w == nil || ir.IsNone(w) {
			continue
		}
		k, ok := ir.Int(w)
		if !ok {
			return nil
		}
		bounds[i] = &k
	}
	if t, ok := constant.Slice(s, bounds); ok {
		return f.str(t)
	}
	return nil
}

// sliceRange gives the range of elements of a slice with step 1.
func sliceRange(b [3]ir.Value, n int) (lo, hi int, ok bool) {
	lo, hi = 0, n
	if b[2] != nil && !ir.IsNone(b[2]) {
		return 0, 0, false
	}
	for i, w := range b[:2] {
		if w == nil || ir.IsNone(w) {
			continue
		}
		k, isInt := ir.Int(w)
		if !isInt {
			return 0, 0, false
		}
		if k < 0 {
			k += int64(n)
		}
		k = max(0, min(int64(n), k))
		if i == 0 {
			lo = int(k)
		} else {
			hi = int(k)
		}
	}
	return lo, max(lo, hi), true
}

// converted are the types of what the functions give that convert knows.
var converted = map[string]string{"str": "str", "repr": "str", "format": "str", "int": "int", "len": "int", "round": "", "abs": "", "bool": "bool", "float": "float"}

// convert calls str, int, len and their like.
func (in *interp) convert(n grammar.Node, name string, args []ir.Arg) ir.Value {
	typ := converted[name]
	if len(args) == 0 {
		switch name {
		case "str":
			return &ir.Const{V: ""}
		case "int":
			return &ir.Const{V: int64(0)}
		case "bool":
			return &ir.Const{V: false}
		case "float":
			return &ir.Const{V: 0.0}
		}
		return in.unknown(n, "call of "+name, typ)
	}
	a := args[0]
	if a.Star != 0 || a.Param != "" {
		return in.unknown(n, "call of "+name, typ)
	}
	if a.Value == nil {
		return nil
	}
	x, ok := constOf(a.Value)
	switch name {
	case "str":
		if len(args) != 1 {
			break
		}
		if t, ok := a.Value.(*ir.Text); ok {
			return t
		}
		if ok {
			if s, isStr := x.(string); isStr {
				return &ir.Const{V: s}
			}
			if s, isStr := constant.Str(x); isStr {
				if v := in.fold.str(s); v != nil {
					return v
				}
			}
			break
		}
		switch a.Value.(type) {
		case *ir.Unknown, *ir.Join:
			return in.orStr(in.fold.text([]ir.Piece{{Val: a.Value, At: a.At}}), n)
		}
	case "repr":
		if ok && len(args) == 1 {
			if s, ok := constant.Repr(x); ok {
				return in.orStr(in.fold.str(s), n)
			}
		}
	case "format":
		if ok {
			spec := ""
			if len(args) > 1 {
				s, isStr := ir.String(args[1].Value)
				if !isStr {
					break
				}
				spec = s
			}
			if s, ok := constant.Format(x, spec); ok {
				return in.orStr(in.fold.str(s), n)
			}
		}
	case "int":
		if !ok || len(args) > 2 {
			break
		}
		base := 0
		if len(args) == 2 {
			b, ok := ir.Int(args[1].Value)
			if !ok || b < 2 || b > 36 || args[1].Param != "" && args[1].Param != "base" {
				break
			}
			base = int(b)
		}
		if v := constant.ToInt(x, base); v != nil {
			return &ir.Const{V: v}
		}
	case "float":
		if !ok || len(args) != 1 {
			break
		}
		if f, ok := constant.ToFloat(x); ok {
			return &ir.Const{V: f}
		}
	case "bool":
		if t, ok := truthOf(a.Value); ok && len(args) == 1 {
			return &ir.Const{V: t}
		}
	case "len":
		if s, isStr := x.(string); ok && isStr {
			return &ir.Const{V: int64(utf8.RuneCountInString(s))}
		}
		if b, isBytes := x.([]byte); ok && isBytes {
			return &ir.Const{V: int64(len(b))}
		}
		if s, isSeq := a.Value.(*ir.Seq); isSeq && !s.Open && s.Kind != ir.SetSeq {
			return &ir.Const{V: int64(len(s.Elems))}
		}
		if d, isDict := a.Value.(*ir.Dict); isDict && !d.Open {
			return &ir.Const{V: int64(len(d.Keys))}
		}
	case "abs":
		if f, isFloat := x.(float64); ok && isFloat {
			return &ir.Const{V: math.Abs(f)}
		}
		if i, isInt := constant.Big(x); ok && isInt {
			if v := constant.Int(new(big.Int).Abs(i)); v != nil {
				return &ir.Const{V: v}
			}
		}
	}
	return in.unknown(n, "call of "+name, typ)
}
