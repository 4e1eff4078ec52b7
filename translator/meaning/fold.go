package meaning

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// The folder computes pure expressions of constants. It reads no file, no
// environment and no clock, and what it makes is bounded.
const (
	maxText   = 64 << 10 // bytes of a str
	maxBits   = 4096     // of an int
	maxPieces = 256      // of a Text
	maxElems  = 4096     // of a list made by an operator
	maxWithin = 24       // texts within texts
	foldTotal = 64 << 20 // bytes of text made in one analysis
)

// folder bounds what is made: left counts bytes, size and within what each Text
// holds, texts inside it included.
type folder struct {
	left  int
	known map[*ir.Text]extent
}

type extent struct{ size, within int }

func newFolder() folder { return folder{left: foldTotal, known: map[*ir.Text]extent{}} }

func (f *folder) extent(v ir.Value) extent {
	switch x := v.(type) {
	case *ir.Const:
		if s, ok := x.V.(string); ok {
			return extent{size: len(s)}
		}
	case *ir.Text:
		return f.known[x]
	}
	return extent{size: 8}
}

// text gives the value of pieces: a Const if they are all literal, nil if it
// grows too large.
func (f *folder) text(ps []ir.Piece) ir.Value {
	if len(ps) > maxPieces {
		return nil
	}
	size, within := 0, 0
	lits := true
	out := make([]ir.Piece, 0, len(ps))
	for _, p := range ps {
		if p.Val == nil {
			if p.Lit == "" {
				continue
			}
			size += len(p.Lit)
			if n := len(out); n > 0 && out[n-1].Val == nil {
				out[n-1].Lit += p.Lit
				continue
			}
		} else {
			lits = false
			e := f.extent(p.Val)
			size, within = size+e.size, max(within, e.within+1)
		}
		out = append(out, p)
	}
	f.left -= size
	if size > maxText || within > maxWithin || f.left < 0 {
		return nil
	}
	if lits {
		s := ""
		if len(out) == 1 {
			s = out[0].Lit
		}
		return &ir.Const{V: s}
	}
	t := &ir.Text{Pieces: out}
	f.known[t] = extent{size, within}
	return t
}

func (f *folder) str(s string) ir.Value {
	f.left -= len(s)
	if len(s) > maxText || f.left < 0 {
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

// number reads a number literal: int64, *big.Int or float64; nil for complex
// numbers and what is too large.
func number(s string) any {
	s = strings.ReplaceAll(s, "_", "")
	low := strings.ToLower(s)
	if strings.HasSuffix(low, "j") {
		return nil
	}
	if strings.HasPrefix(low, "0x") || strings.HasPrefix(low, "0o") || strings.HasPrefix(low, "0b") || !strings.ContainsAny(low, ".e") {
		if strings.HasSuffix(low, "l") {
			return nil
		}
		if len(low) > maxBits/3 {
			return nil
		}
		if len(low) > 1 && low[0] == '0' && low[1] >= '0' && low[1] <= '9' {
			if strings.Trim(low, "0") != "" {
				return nil // Python 2's octal
			}
			return int64(0)
		}
		i, ok := new(big.Int).SetString(low, 0)
		if !ok {
			return nil
		}
		return intOf(i)
	}
	x, err := strconv.ParseFloat(low, 64)
	if err != nil && !math.IsInf(x, 0) {
		return nil
	}
	return x
}

// intOf gives an int constant in its smallest form, nil if it is too large.
func intOf(i *big.Int) any {
	if i.IsInt64() {
		return i.Int64()
	}
	if i.BitLen() > maxBits {
		return nil
	}
	return i
}

func bigOf(v any) (*big.Int, bool) {
	switch x := v.(type) {
	case bool:
		if x {
			return big.NewInt(1), true
		}
		return new(big.Int), true
	case int64:
		return big.NewInt(x), true
	case *big.Int:
		return x, true
	}
	return nil, false
}

func floatOf(v any) (float64, bool) {
	if x, ok := v.(float64); ok {
		return x, true
	}
	i, ok := bigOf(v)
	if !ok {
		return 0, false
	}
	x, _ := new(big.Float).SetInt(i).Float64()
	return x, !math.IsInf(x, 0)
}

// truth is bool(v) of a constant.
func truth(v any) bool {
	switch x := v.(type) {
	case nil:
		return false
	case bool:
		return x
	case int64:
		return x != 0
	case *big.Int:
		return x.Sign() != 0
	case float64:
		return x != 0
	case string:
		return x != ""
	case []byte:
		return len(x) > 0
	}
	return true
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
		return truth(x.V), true
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
				if s, ok := repr(c.V); ok {
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
			s, ok := repr(x)
			if !ok || conversion == "a" && !isASCII(s) {
				return ir.Piece{Val: in.unknownAfter(n, "formatted")}
			}
			x = s
		} else if conversion == "s" {
			s, ok := strConst(x)
			if !ok {
				return ir.Piece{Val: in.unknownAfter(n, "formatted")}
			}
			x = s
		}
		if s, ok := formatSpec(x, spec); ok {
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
	return strConst(x)
}

func strConst(x any) (string, bool) {
	if s, ok := x.(string); ok {
		return s, true
	}
	return repr(x)
}

// repr is Python's repr of a constant; not ok where that is too large.
func repr(v any) (string, bool) {
	switch x := v.(type) {
	case nil:
		return "None", true
	case bool:
		if x {
			return "True", true
		}
		return "False", true
	case int64:
		return strconv.FormatInt(x, 10), true
	case *big.Int:
		return x.String(), true
	case float64:
		return reprFloat(x), true
	case string:
		return reprStr(x), true
	case []byte:
		return reprBytes(x), true
	}
	return "", false
}

func reprFloat(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	case math.IsNaN(x):
		return "nan"
	}
	s := strconv.FormatFloat(x, 'e', -1, 64)
	mant, exp, _ := strings.Cut(s, "e")
	e, _ := strconv.Atoi(exp)
	if e < -4 || e >= 16 {
		sign := "+"
		if e < 0 {
			sign, e = "-", -e
		}
		d := strconv.Itoa(e)
		if len(d) < 2 {
			d = "0" + d
		}
		return mant + "e" + sign + d
	}
	s = strconv.FormatFloat(x, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func reprStr(s string) string {
	quote := byte('\'')
	if strings.ContainsRune(s, '\'') && !strings.ContainsRune(s, '"') {
		quote = '"'
	}
	var b strings.Builder
	b.WriteByte(quote)
	for _, r := range s {
		switch {
		case r == rune(quote) || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			b.WriteString(`\x` + hex(int64(r), 2))
		case r < 0x7f:
			b.WriteRune(r)
		case unicode.IsPrint(r) && r != 0xad:
			b.WriteRune(r)
		case r <= 0xff:
			b.WriteString(`\x` + hex(int64(r), 2))
		case r <= 0xffff:
			b.WriteString(`\u` + hex(int64(r), 4))
		default:
			b.WriteString(`\U` + hex(int64(r), 8))
		}
	}
	b.WriteByte(quote)
	return b.String()
}

func reprBytes(s []byte) string {
	quote := byte('\'')
	if strings.IndexByte(string(s), '\'') >= 0 && strings.IndexByte(string(s), '"') < 0 {
		quote = '"'
	}
	var b strings.Builder
	b.WriteByte('b')
	b.WriteByte(quote)
	for _, c := range s {
		switch {
		case c == quote || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < ' ' || c >= 0x7f:
			b.WriteString(`\x` + hex(int64(c), 2))
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte(quote)
	return b.String()
}

func hex(i int64, width int) string {
	s := strconv.FormatInt(i, 16)
	return strings.Repeat("0", max(0, width-len(s))) + s
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
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
		if v, ok := in.fold.arithmetic(op, x, y); ok {
			return &ir.Const{V: v}
		}
	}
	typ := ""
	if op == "*" && (isText(a) || isText(b)) {
		typ = "str"
	}
	return in.unknown(n, "operator "+op, typ)
}

func (f *folder) arithmetic(op string, a, b any) (any, bool) {
	if op == "*" {
		s, ok := a.(string)
		i, ok2 := b.(int64)
		if !ok {
			s, ok = b.(string)
			i, ok2 = a.(int64)
		}
		if ok {
			if !ok2 || i > maxText {
				return nil, false
			}
			i = max(i, 0)
			if len(s)*int(i) > maxText {
				return nil, false
			}
			f.left -= len(s) * int(i)
			return strings.Repeat(s, int(i)), f.left >= 0
		}
	}
	x, ok1 := bigOf(a)
	y, ok2 := bigOf(b)
	if ok1 && ok2 && op != "/" {
		v, ok := intArithmetic(op, x, y)
		if ok {
			_, ba := a.(bool)
			_, bb := b.(bool)
			if i, small := v.(int64); small && ba && bb && (op == "&" || op == "|" || op == "^") {
				return i != 0, true
			}
		}
		return v, ok
	}
	p, ok1 := floatOf(a)
	q, ok2 := floatOf(b)
	if !ok1 || !ok2 {
		return nil, false
	}
	var z float64
	switch op {
	case "+":
		z = p + q
	case "-":
		z = p - q
	case "*":
		z = p * q
	case "/":
		if q == 0 {
			return nil, false
		}
		if x != nil && y != nil {
			z, _ = new(big.Rat).SetFrac(x, y).Float64()
		} else {
			z = p / q
		}
	case "//", "%":
		if q == 0 {
			return nil, false
		}
		mod := math.Mod(p, q)
		div := (p - mod) / q
		if mod != 0 {
			if (q < 0) != (mod < 0) {
				mod += q
				div--
			}
		} else {
			mod = math.Copysign(0, q)
		}
		if op == "%" {
			z = mod
			break
		}
		if div != 0 {
			fl := math.Floor(div)
			if div-fl > 0.5 {
				fl++
			}
			z = fl
		} else {
			z = math.Copysign(0, p/q)
		}
	case "**":
		if p == 0 && q < 0 || p < 0 && q != math.Trunc(q) {
			return nil, false
		}
		z = math.Pow(p, q)
	default:
		return nil, false
	}
	if math.IsInf(z, 0) && !math.IsInf(p, 0) && !math.IsInf(q, 0) && op == "**" {
		return nil, false
	}
	return z, true
}

func intArithmetic(op string, x, y *big.Int) (any, bool) {
	z := new(big.Int)
	switch op {
	case "+":
		z.Add(x, y)
	case "-":
		z.Sub(x, y)
	case "*":
		z.Mul(x, y)
	case "//", "%":
		if y.Sign() == 0 {
			return nil, false
		}
		m := new(big.Int)
		z.QuoRem(x, y, m)
		if m.Sign() != 0 && (m.Sign() < 0) != (y.Sign() < 0) {
			m.Add(m, y)
			z.Sub(z, big.NewInt(1))
		}
		if op == "%" {
			z = m
		}
	case "**":
		if y.Sign() < 0 {
			p, ok1 := floatOf(intOf(x))
			q, ok2 := floatOf(intOf(y))
			if !ok1 || !ok2 || p == 0 {
				return nil, false
			}
			return math.Pow(p, q), true
		}
		if !y.IsInt64() || x.BitLen() > 1 && y.Int64()*int64(x.BitLen()-1) > maxBits {
			return nil, false
		}
		z.Exp(x, y, nil)
	case "<<", ">>":
		if y.Sign() < 0 || !y.IsInt64() || y.Int64() > maxBits {
			return nil, false
		}
		if op == "<<" {
			z.Lsh(x, uint(y.Int64()))
		} else {
			z.Rsh(x, uint(y.Int64()))
		}
	case "&":
		z.And(x, y)
	case "|":
		z.Or(x, y)
	case "^":
		z.Xor(x, y)
	default:
		return nil, false
	}
	v := intOf(z)
	return v, v != nil
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
		if i, ok := bigOf(c.V); ok {
			var w any
			switch n.Operator() {
			case "-":
				w = intOf(new(big.Int).Neg(i))
			case "+":
				w = intOf(i)
			case "~":
				w = intOf(new(big.Int).Not(i))
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

func compare(op string, a, b ir.Value) (bool, bool) {
	x, ok1 := constOf(a)
	if op == "in" || op == "not in" {
		var found, ok bool
		if s, isSeq := b.(*ir.Seq); isSeq && ok1 && !s.Open {
			ok = true
			for _, e := range s.Elems {
				y, isConst := constOf(e.Value)
				if !isConst || e.Star != 0 {
					return false, false
				}
				found = found || equalConst(x, y)
			}
		} else if y, isConst := constOf(b); isConst && ok1 {
			s, isStr := x.(string)
			t, isStr2 := y.(string)
			if isStr && isStr2 {
				found, ok = strings.Contains(t, s), true
			}
		}
		return found == (op == "in"), ok
	}
	y, ok2 := constOf(b)
	if !ok1 || !ok2 {
		return false, false
	}
	switch op {
	case "==":
		return equalConst(x, y), true
	case "!=", "<>":
		return !equalConst(x, y), true
	case "is", "is not":
		if x != nil && y != nil {
			p, ok1 := x.(bool)
			q, ok2 := y.(bool)
			if !ok1 || !ok2 {
				return false, false
			}
			return (p == q) == (op == "is"), true
		}
		return (x == nil && y == nil) == (op == "is"), true
	}
	var c int
	if s, ok := x.(string); ok {
		t, ok := y.(string)
		if !ok {
			return false, false
		}
		c = strings.Compare(s, t)
	} else if i, ok := bigOf(x); ok {
		if j, ok := bigOf(y); ok {
			c = i.Cmp(j)
		} else if q, ok := y.(float64); ok && !math.IsNaN(q) {
			c = new(big.Float).SetInt(i).Cmp(big.NewFloat(q))
		} else {
			return false, false
		}
	} else if p, ok := x.(float64); ok && !math.IsNaN(p) {
		q, ok := floatOf(y)
		if !ok || math.IsNaN(q) {
			return false, false
		}
		switch {
		case p < q:
			c = -1
		case p > q:
			c = 1
		}
	} else {
		return false, false
	}
	switch op {
	case "<":
		return c < 0, true
	case "<=":
		return c <= 0, true
	case ">":
		return c > 0, true
	case ">=":
		return c >= 0, true
	}
	return false, false
}

func equalConst(x, y any) bool {
	if i, ok := bigOf(x); ok {
		if j, ok := bigOf(y); ok {
			return i.Cmp(j) == 0
		}
		if q, ok := y.(float64); ok && !math.IsInf(q, 0) && !math.IsNaN(q) {
			return new(big.Float).SetInt(i).Cmp(big.NewFloat(q)) == 0
		}
		return false
	}
	if p, ok := x.(float64); ok {
		if q, ok := y.(float64); ok {
			return p == q
		}
		if _, ok := bigOf(y); ok {
			return equalConst(y, x)
		}
		return false
	}
	return sameConst(x, y)
}

// index gives s[i] of a constant str.
func (f *folder) index(v, k ir.Value) ir.Value {
	x, ok := constOf(v)
	s, isStr := x.(string)
	i, isInt := ir.Int(k)
	if !ok || !isStr || !isInt {
		return nil
	}
	rs := []rune(s)
	if i < 0 {
		i += int64(len(rs))
	}
	if i < 0 || i >= int64(len(rs)) {
		return nil
	}
	return f.str(string(rs[i]))
}

// slice gives s[a:b:c] of a constant str.
func (f *folder) slice(v ir.Value, b [3]ir.Value) ir.Value {
	x, ok := constOf(v)
	s, isStr := x.(string)
	if !ok || !isStr {
		return nil
	}
	rs := []rune(s)
	var lim [3]*int64
	for i, w := range b {
		if w == nil || ir.IsNone(w) {
			continue
		}
		k, ok := ir.Int(w)
		if !ok {
			return nil
		}
		lim[i] = &k
	}
	step := int64(1)
	if lim[2] != nil {
		step = *lim[2]
	}
	if step == 0 {
		return nil
	}
	n := int64(len(rs))
	clamp := func(p *int64, deflt, lo, hi int64) int64 {
		if p == nil {
			return deflt
		}
		i := *p
		if i < 0 {
			i += n
		}
		return max(lo, min(hi, i))
	}
	var out []rune
	if step > 0 {
		for i, e := clamp(lim[0], 0, 0, n), clamp(lim[1], n, 0, n); i < e && i < n; {
			out = append(out, rs[i])
			if step > n {
				break
			}
			i += step
		}
	} else {
		for i, e := clamp(lim[0], n-1, -1, n-1), clamp(lim[1], -1, -1, n-1); i > e && i >= 0; {
			out = append(out, rs[i])
			if step < -n {
				break
			}
			i += step
		}
	}
	return f.str(string(out))
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
			if s, isStr := strConst(x); isStr {
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
			if s, ok := repr(x); ok {
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
			if s, ok := formatSpec(x, spec); ok {
				return in.orStr(in.fold.str(s), n)
			}
		}
	case "int":
		if !ok || len(args) > 2 {
			break
		}
		if v := toInt(x, args); v != nil {
			return &ir.Const{V: v}
		}
	case "float":
		if !ok || len(args) != 1 {
			break
		}
		if s, isStr := x.(string); isStr {
			s = strings.TrimSpace(s)
			if s == "" || strings.ContainsAny(s, "xXpP_iInN") {
				break
			}
			if f, err := strconv.ParseFloat(s, 64); err == nil {
				return &ir.Const{V: f}
			}
			break
		}
		if f, ok := floatOf(x); ok {
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
		if i, isInt := bigOf(x); ok && isInt {
			if v := intOf(new(big.Int).Abs(i)); v != nil {
				return &ir.Const{V: v}
			}
		}
	}
	return in.unknown(n, "call of "+name, typ)
}

func toInt(x any, args []ir.Arg) any {
	switch y := x.(type) {
	case float64:
		if math.IsInf(y, 0) || math.IsNaN(y) || len(args) > 1 {
			return nil
		}
		i, _ := big.NewFloat(y).Int(nil)
		return intOf(i)
	case string:
		base := 10
		if len(args) > 1 {
			b, ok := ir.Int(args[1].Value)
			if !ok || b < 2 || b > 36 || args[1].Param != "" && args[1].Param != "base" {
				return nil
			}
			base = int(b)
		}
		s := strings.TrimSpace(y)
		if s == "" || strings.Contains(s, "_") || len(s) > maxBits/3 || !isASCII(s) {
			return nil
		}
		low := strings.ToLower(strings.TrimLeft(s, "+-"))
		for b, p := range map[int]string{16: "0x", 8: "0o", 2: "0b"} {
			if base == b && strings.HasPrefix(low, p) {
				s = strings.Replace(strings.ToLower(s), p, "", 1)
			}
		}
		if s == "" || strings.ContainsAny(s[1:], "+-") || strings.ContainsAny(low, "+-") {
			return nil
		}
		i, ok := new(big.Int).SetString(s, base)
		if !ok {
			return nil
		}
		return intOf(i)
	}
	if i, ok := bigOf(x); ok && len(args) == 1 {
		return intOf(i)
	}
	return nil
}
