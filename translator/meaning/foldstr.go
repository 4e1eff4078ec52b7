package meaning

import (
	"math"
	"math/big"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
)

// strMethods are the methods of str that give text, or are known otherwise.
var strMethods = map[string]bool{
	"format": true, "join": true, "strip": true, "lstrip": true, "rstrip": true, "lower": true, "upper": true, "title": true, "capitalize": true,
	"swapcase": true, "replace": true, "split": true, "rsplit": true, "splitlines": true, "startswith": true, "endswith": true, "zfill": true,
	"ljust": true, "rjust": true, "center": true, "find": true, "rfind": true, "index": true, "count": true, "encode": true, "isdigit": true,
	"partition": true, "rpartition": true, "format_map": true, "removeprefix": true, "removesuffix": true, "casefold": true, "expandtabs": true,
}

// givesText are the methods whose result is a str.
var givesText = map[string]bool{
	"format": true, "join": true, "strip": true, "lstrip": true, "rstrip": true, "lower": true, "upper": true, "title": true, "capitalize": true,
	"swapcase": true, "replace": true, "zfill": true, "ljust": true, "rjust": true, "center": true, "format_map": true,
	"removeprefix": true, "removesuffix": true, "casefold": true, "expandtabs": true,
}

// whitespace is what str.strip() strips.
const whitespace = " \t\n\r\v\f\x1c\x1d\x1e\x1f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

// strMethod calls a method of a str.
func (in *interp) strMethod(n grammar.Node, v ir.Value, name string, args []ir.Arg, fn grammar.Node) ir.Value {
	switch name {
	case "format":
		if w := in.format(n, v, args); w != nil {
			return w
		}
		return in.unknown(n, "text", "str")
	case "join":
		if sep, ok := ir.String(v); ok && len(args) == 1 && args[0].Star == 0 {
			if s, ok := only(args[0].Value).(*ir.Seq); ok && !s.Open && s.Kind != ir.SetSeq {
				if w := in.join(sep, s); w != nil {
					return w
				}
			}
		}
		return in.unknown(n, "text", "str")
	}
	x, ok := constOf(v)
	s, isStr := x.(string)
	if ok && isStr {
		if w := in.strConst(n, s, name, args); w != nil {
			return w
		}
	}
	if t, isText := v.(*ir.Text); isText && !ok && len(args) == 1 {
		if a, isArg := ir.String(args[0].Value); isArg && a != "" {
			flat := ir.Flatten(t.Pieces)
			if head := flat[0]; name == "startswith" && head.Val == nil && (len(head.Lit) >= len(a) || !strings.HasPrefix(a, head.Lit)) {
				return &ir.Const{V: strings.HasPrefix(head.Lit, a)}
			}
			if tail := flat[len(flat)-1]; name == "endswith" && tail.Val == nil && (len(tail.Lit) >= len(a) || !strings.HasSuffix(a, tail.Lit)) {
				return &ir.Const{V: strings.HasSuffix(tail.Lit, a)}
			}
		}
	}
	typ := ""
	if givesText[name] {
		typ = "str"
	}
	return in.unknown(n, "call of "+name, typ)
}

// strConst calls a method of a constant str; nil if it cannot be computed.
func (in *interp) strConst(n grammar.Node, s, name string, args []ir.Arg) ir.Value {
	var strs []string
	var ints []int64
	for _, a := range args {
		x, ok := constOf(a.Value)
		if !ok || a.Star != 0 || a.Param != "" {
			return nil
		}
		switch y := x.(type) {
		case string:
			strs = append(strs, y)
			ints = append(ints, 0)
		case int64:
			strs = append(strs, "")
			ints = append(ints, y)
		case nil:
			if name != "strip" && name != "lstrip" && name != "rstrip" && name != "split" && name != "rsplit" {
				return nil
			}
			if name == "split" || name == "rsplit" {
				return nil
			}
			args = nil
		default:
			return nil
		}
	}
	isStr := func(i int) bool {
		if i >= len(args) {
			return false
		}
		_, ok := ir.String(args[i].Value)
		return ok
	}
	isInt := func(i int) bool {
		if i >= len(args) {
			return false
		}
		_, ok := ir.Int(args[i].Value)
		return ok
	}
	text := func(t string) ir.Value { return in.fold.str(t) }
	list := func(parts []string) ir.Value {
		if len(parts) > maxElems {
			return nil
		}
		q := in.newSeq(n, ir.ListSeq)
		for _, p := range parts {
			q.Elems = append(q.Elems, ir.Arg{Value: &ir.Const{V: p}})
		}
		return q
	}
	switch {
	case name == "strip" || name == "lstrip" || name == "rstrip":
		cut := whitespace
		if len(args) == 1 {
			if !isStr(0) {
				return nil
			}
			cut = strs[0]
		} else if len(args) > 1 {
			return nil
		}
		if name != "rstrip" {
			s = strings.TrimLeft(s, cut)
		}
		if name != "lstrip" {
			s = strings.TrimRight(s, cut)
		}
		return text(s)
	case len(args) == 0 && name == "lower" && isASCII(s):
		return text(strings.ToLower(s))
	case len(args) == 0 && name == "upper" && isASCII(s):
		return text(strings.ToUpper(s))
	case len(args) == 0 && name == "title" && isASCII(s):
		b := []byte(strings.ToLower(s))
		letter := false
		for i, c := range b {
			is := c >= 'a' && c <= 'z'
			if is && !letter {
				b[i] = c - 32
			}
			letter = is
		}
		return text(string(b))
	case len(args) == 0 && name == "capitalize" && isASCII(s):
		if s == "" {
			return text(s)
		}
		return text(strings.ToUpper(s[:1]) + strings.ToLower(s[1:]))
	case name == "replace" && isStr(0) && isStr(1) && (len(args) == 2 || len(args) == 3 && isInt(2)):
		count := -1
		if len(args) == 3 {
			count = int(max(-1, min(ints[2], maxText)))
		}
		if (len(s)+1)*max(1, len(strs[1])) > 4*maxText {
			return nil
		}
		if s == "" && count != -1 {
			return nil // differs between versions of Python
		}
		return text(strings.Replace(s, strs[0], strs[1], count))
	case name == "split" && len(args) == 0:
		return list(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(whitespace, r) }))
	case (name == "split" || name == "rsplit") && isStr(0) && strs[0] != "" && (len(args) == 1 || len(args) == 2 && isInt(1)):
		count := -1
		if len(args) == 2 && ints[1] >= 0 {
			count = int(min(ints[1], maxText)) + 1
		}
		if name == "split" || count < 0 {
			return list(strings.SplitN(s, strs[0], count))
		}
		var out []string
		for len(out) < count-1 {
			i := strings.LastIndex(s, strs[0])
			if i < 0 {
				break
			}
			out = append([]string{s[i+len(strs[0]):]}, out...)
			s = s[:i]
		}
		return list(append([]string{s}, out...))
	case (name == "partition" || name == "rpartition") && isStr(0) && len(args) == 1 && strs[0] != "":
		a, b, found := strings.Cut(s, strs[0])
		sep := strs[0]
		if name == "rpartition" {
			i := strings.LastIndex(s, sep)
			found = i >= 0
			if found {
				a, b = s[:i], s[i+len(sep):]
			} else {
				a, b = "", s
			}
		}
		if !found {
			sep = ""
		}
		if v, ok := list([]string{a, sep, b}).(*ir.Seq); ok {
			v.Kind = ir.TupleSeq
			return v
		}
		return nil
	case name == "startswith" && isStr(0) && len(args) == 1:
		return &ir.Const{V: strings.HasPrefix(s, strs[0])}
	case name == "endswith" && isStr(0) && len(args) == 1:
		return &ir.Const{V: strings.HasSuffix(s, strs[0])}
	case name == "zfill" && isInt(0) && len(args) == 1 && ints[0] <= maxText:
		w := int(ints[0]) - utf8.RuneCountInString(s)
		if w <= 0 {
			return text(s)
		}
		sign := ""
		if s != "" && (s[0] == '-' || s[0] == '+') {
			sign, s = s[:1], s[1:]
		}
		return text(sign + strings.Repeat("0", w) + s)
	case (name == "ljust" || name == "rjust") && isInt(0) && ints[0] <= maxText && (len(args) == 1 || len(args) == 2 && isStr(1) && utf8.RuneCountInString(strs[1]) == 1):
		fill := " "
		if len(args) == 2 {
			fill = strs[1]
		}
		pad := strings.Repeat(fill, max(0, int(ints[0])-utf8.RuneCountInString(s)))
		if name == "ljust" {
			return text(s + pad)
		}
		return text(pad + s)
	case name == "count" && isStr(0) && len(args) == 1:
		return &ir.Const{V: int64(strings.Count(s, strs[0]))}
	case (name == "find" || name == "rfind") && isStr(0) && len(args) == 1:
		i := strings.Index(s, strs[0])
		if name == "rfind" {
			i = strings.LastIndex(s, strs[0])
		}
		if i >= 0 {
			i = utf8.RuneCountInString(s[:i])
		}
		return &ir.Const{V: int64(i)}
	case name == "isdigit" && len(args) == 0 && isASCII(s):
		return &ir.Const{V: s != "" && strings.Trim(s, "0123456789") == ""}
	case name == "removeprefix" && isStr(0) && len(args) == 1:
		return text(strings.TrimPrefix(s, strs[0]))
	case name == "removesuffix" && isStr(0) && len(args) == 1:
		return text(strings.TrimSuffix(s, strs[0]))
	case name == "encode" && isASCII(s) && len(args) <= 1:
		if len(args) == 1 && strs[0] != "utf-8" && strs[0] != "ascii" && strs[0] != "utf8" {
			return nil
		}
		return &ir.Const{V: []byte(s)}
	}
	return nil
}

// join computes sep.join(s).
func (in *interp) join(sep string, s *ir.Seq) ir.Value {
	var ps []ir.Piece
	for i, e := range s.Elems {
		if e.Star != 0 || e.Value == nil {
			return nil
		}
		if c, ok := e.Value.(*ir.Const); ok {
			if _, isStr := c.V.(string); !isStr {
				return nil
			}
		}
		if i > 0 {
			ps = append(ps, ir.Piece{Lit: sep})
		}
		ps = append(ps, in.argPieces(e)...)
		if len(ps) > maxPieces {
			return nil
		}
	}
	return in.fold.text(ps)
}

// argPieces gives the text of an argument: a literal is characters, anything
// else keeps its expression.
func (in *interp) argPieces(a ir.Arg) []ir.Piece {
	if a.At.IsZero() {
		return ir.Pieces(a.Value, a.At)
	}
	u := in.p.byID[a.At.Unit]
	if u == nil {
		return ir.Pieces(a.Value, a.At)
	}
	n := u.root.Tree().Node(a.At.Node)
	if u == in.u {
		return in.piecesOf(a.Value, n)
	}
	if n.Is(grammar.KindString, grammar.KindConcatenatedString) {
		return ir.Pieces(a.Value, a.At)
	}
	return []ir.Piece{{Val: a.Value, At: a.At}}
}

// valuePieces is argPieces for any value in a replacement field.
func (in *interp) fieldPieces(a ir.Arg, conversion, spec string, n grammar.Node) []ir.Piece {
	if a.Value == nil {
		return []ir.Piece{{Val: in.unknownAfter(n, "argument"), At: a.At}}
	}
	if spec == "" && conversion == "" && isText(a.Value) {
		return in.argPieces(a)
	}
	if spec == "" && conversion == "" {
		if u := in.p.byID[a.At.Unit]; u != nil && !a.At.IsZero() {
			if k := u.root.Tree().Node(a.At.Node); k.Is(grammar.KindInteger, grammar.KindFloat, grammar.KindTrue, grammar.KindFalse, grammar.KindNone) {
				a.At = ir.Expr{}
			}
		}
	}
	return []ir.Piece{in.field(a.Value, a.At, conversion, spec, n)}
}

// format computes fmt.format(args...).
func (in *interp) format(n grammar.Node, v ir.Value, args []ir.Arg) ir.Value {
	pieces, ok := formatPieces(v)
	if !ok {
		return nil
	}
	var pos []ir.Arg
	named := map[string]ir.Arg{}
	for _, a := range args {
		switch {
		case a.Star == 1:
			t, ok := only(a.Value).(*ir.Seq)
			if !ok || t.Open {
				return nil
			}
			pos = append(pos, t.Elems...)
		case a.Star == 2:
			d, ok := only(a.Value).(*ir.Dict)
			if !ok {
				return nil
			}
			for _, k := range d.Keys {
				named[k] = d.Vals[k]
			}
		case a.Param != "":
			named[a.Param] = a
		default:
			pos = append(pos, a)
		}
	}
	f := &formatter{in: in, n: n, pos: pos, named: named}
	var out []ir.Piece
	for _, p := range pieces {
		if p.Val != nil {
			out = append(out, p)
			continue
		}
		ps, ok := f.run(p.Lit, 0)
		if !ok {
			return nil
		}
		out = append(out, ps...)
	}
	return in.fold.text(out)
}

// formatPieces gives a format string in pieces: values in it that are not known,
// as from a format before, are taken to have no replacement fields of their own.
func formatPieces(v ir.Value) (out []ir.Piece, ok bool) {
	if s, ok := ir.String(v); ok {
		return []ir.Piece{{Lit: s}}, true
	}
	t, ok := v.(*ir.Text)
	if !ok {
		return nil, false
	}
	for _, p := range t.Pieces {
		if p.Val == nil {
			out = append(out, p)
			continue
		}
		if _, unknown := p.Val.(*ir.Unknown); unknown {
			out = append(out, p)
			continue
		}
		inner, ok := formatPieces(p.Val)
		if !ok {
			return nil, false
		}
		out = append(out, inner...)
	}
	return out, len(out) <= 256
}

// formatter runs str.format over one format string.
type formatter struct {
	in     *interp
	n      grammar.Node
	pos    []ir.Arg
	named  map[string]ir.Arg
	next   int  // fields numbered automatically so far
	manual bool // fields are numbered by hand
}

func (f *formatter) run(s string, depth int) ([]ir.Piece, bool) {
	var ps []ir.Piece
	for s != "" {
		i := strings.IndexAny(s, "{}")
		if i < 0 {
			ps = append(ps, ir.Piece{Lit: s})
			break
		}
		ps = append(ps, ir.Piece{Lit: s[:i]})
		if i+1 < len(s) && s[i+1] == s[i] {
			ps = append(ps, ir.Piece{Lit: s[i : i+1]})
			s = s[i+2:]
			continue
		}
		if s[i] == '}' {
			return nil, false
		}
		s = s[i+1:]
		depth, end := 1, -1
		for j := 0; j < len(s); j++ {
			if s[j] == '{' {
				depth++
			} else if s[j] == '}' {
				if depth--; depth == 0 {
					end = j
					break
				}
			}
		}
		if end < 0 {
			return nil, false
		}
		field := s[:end]
		s = s[end+1:]
		name, spec, conversion := field, "", ""
		bracket := 0
		for j := 0; j < len(field); j++ {
			if field[j] == '[' {
				bracket++
			} else if field[j] == ']' {
				bracket--
			}
			if bracket == 0 && (field[j] == ':' || field[j] == '!') {
				name = field[:j]
				rest := field[j:]
				if rest[0] == '!' {
					if len(rest) < 2 || len(rest) > 2 && rest[2] != ':' || !strings.Contains("rsa", rest[1:2]) {
						return nil, false
					}
					conversion, rest = rest[1:2], rest[2:]
				}
				spec = strings.TrimPrefix(rest, ":")
				break
			}
		}
		if strings.ContainsAny(name, "{}") {
			return nil, false
		}
		first := name
		if j := strings.IndexAny(name, ".["); j >= 0 {
			first = name[:j]
		}
		path := name[len(first):]
		var a ir.Arg
		switch {
		case first == "":
			if f.manual || f.next >= len(f.pos) {
				return nil, false
			}
			a = f.pos[f.next]
			f.next++
		case first[0] >= '0' && first[0] <= '9':
			k, err := strconv.Atoi(first)
			if err != nil || k >= len(f.pos) || f.next > 0 {
				return nil, false
			}
			f.manual = true
			a = f.pos[k]
		default:
			b, ok := f.named[first]
			if !ok {
				return nil, false
			}
			a = b
		}
		if path != "" {
			w := f.in.fieldPath(a.Value, path, f.n)
			if w == nil {
				return nil, false
			}
			a = ir.Arg{Value: w}
		}
		if strings.ContainsAny(spec, "{}") {
			if depth > 0 {
				return nil, false
			}
			inner, ok := f.run(spec, depth+1)
			if !ok {
				return nil, false
			}
			if spec, ok = ir.String(&ir.Text{Pieces: inner}); !ok {
				ps = append(ps, ir.Piece{Val: f.in.unknownAfter(f.n, "formatted")})
				continue
			}
		}
		ps = append(ps, f.in.fieldPieces(a, conversion, spec, f.n)...)
		if len(ps) > 4*maxPieces {
			return nil, false
		}
	}
	return ps, true
}

// fieldPath follows the attributes and keys of a replacement field.
func (in *interp) fieldPath(v ir.Value, path string, n grammar.Node) ir.Value {
	for path != "" {
		if v == nil {
			return nil
		}
		if path[0] == '.' {
			path = path[1:]
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			if _, ok := v.(*ir.Const); ok || end == 0 {
				return nil
			}
			v, path = in.attr(v, path[:end], n, ir.Expr{}), path[end:]
			continue
		}
		if path[0] != '[' {
			return nil
		}
		end := strings.IndexByte(path, ']')
		if end < 0 {
			return nil
		}
		key := path[1:end]
		path = path[end+1:]
		var k ir.Value = &ir.Const{V: key}
		if i, err := strconv.ParseInt(key, 10, 64); err == nil {
			k = &ir.Const{V: i}
		}
		v = in.getItem(v, k, n)
		if u, ok := v.(*ir.Unknown); ok && u.At == in.u.expr(n) {
			return nil
		}
	}
	return v
}

// percent computes fmt % args.
func (in *interp) percent(n grammar.Node, f, v ir.Value, r grammar.Node) ir.Value {
	s, ok := ir.String(f)
	if !ok {
		return in.unknown(n, "text", "str")
	}
	var vals []ir.Arg
	var mapping *ir.Dict
	switch x := v.(type) {
	case *ir.Seq:
		if x.Kind == ir.TupleSeq {
			if x.Open {
				return in.unknown(n, "text", "str")
			}
			vals = x.Elems
			break
		}
		return in.unknown(n, "text", "str")
	case *ir.Dict:
		mapping = x
	default:
		vals = []ir.Arg{{Value: v, At: in.u.expr(r)}}
	}
	used := 0
	var ps []ir.Piece
	for s != "" {
		i := strings.IndexByte(s, '%')
		if i < 0 {
			ps = append(ps, ir.Piece{Lit: s})
			break
		}
		ps = append(ps, ir.Piece{Lit: s[:i]})
		s = s[i+1:]
		var a ir.Arg
		keyed := false
		if strings.HasPrefix(s, "(") {
			end := strings.IndexByte(s, ')')
			if end < 0 || mapping == nil {
				return in.unknown(n, "text", "str")
			}
			b, ok := mapping.Vals[s[1:end]]
			if !ok {
				return in.unknown(n, "text", "str")
			}
			a, keyed = b, true
			s = s[end+1:]
		}
		j := 0
		for j < len(s) && strings.IndexByte("#0- +.123456789", s[j]) >= 0 {
			j++
		}
		if j == len(s) {
			return in.unknown(n, "text", "str")
		}
		flags, verb := s[:j], s[j]
		s = s[j+1:]
		if verb == '%' {
			if flags != "" {
				return in.unknown(n, "text", "str")
			}
			ps = append(ps, ir.Piece{Lit: "%"})
			continue
		}
		if !keyed {
			if used >= len(vals) || mapping != nil {
				return in.unknown(n, "text", "str")
			}
			a = vals[used]
			used++
		}
		ps = append(ps, in.percentPieces(a, flags, verb, n)...)
		if len(ps) > 4*maxPieces {
			return in.unknown(n, "text", "str")
		}
	}
	if used < len(vals) {
		return in.unknown(n, "text", "str")
	}
	return in.orStr(in.fold.text(ps), n)
}

func (in *interp) percentPieces(a ir.Arg, flags string, verb byte, n grammar.Node) []ir.Piece {
	opaque := []ir.Piece{{Val: in.unknownAfter(n, "formatted")}}
	if a.Value == nil {
		return opaque
	}
	x, constant := constOf(a.Value)
	if verb == 's' && flags == "" {
		return in.fieldPieces(a, "", "", n)
	}
	if (verb == 'd' || verb == 'i') && flags == "" {
		if i, ok := bigOf(x); constant && ok {
			if _, isBool := x.(bool); isBool {
				return []ir.Piece{{Lit: i.String()}}
			}
			return in.fieldPieces(a, "", "", n)
		}
		if !constant {
			return []ir.Piece{{Val: a.Value, At: a.At}}
		}
	}
	if !constant {
		return []ir.Piece{{Val: in.formatted(a.Value, a.At, "%"+flags+string(verb), n)}}
	}
	if s, ok := percentConst(x, flags, verb); ok {
		return []ir.Piece{{Lit: s}}
	}
	return opaque
}

// percentConst formats a constant as % does, with flags such as "-08.3".
func percentConst(x any, flags string, verb byte) (string, bool) {
	left, zero, sign := false, false, ""
	alt := false
	i := 0
loop:
	for ; i < len(flags); i++ {
		switch flags[i] {
		case '-':
			left = true
		case '0':
			zero = true
		case '+':
			sign = "+"
		case ' ':
			if sign == "" {
				sign = " "
			}
		case '#':
			alt = true
		default:
			break loop
		}
	}
	w, p, hasPrec := strings.Cut(flags[i:], ".")
	width, prec := 0, -1
	var err error
	if w != "" {
		if width, err = strconv.Atoi(w); err != nil {
			return "", false
		}
	}
	if hasPrec {
		prec = 0
		if p != "" {
			if prec, err = strconv.Atoi(p); err != nil {
				return "", false
			}
		}
	}
	if width > 1000 || prec > 100 || alt {
		return "", false
	}
	body := ""
	neg := false
	number := true
	switch verb {
	case 's', 'r':
		number = false
		var ok bool
		if verb == 's' {
			body, ok = strConst(x)
		} else {
			body, ok = repr(x)
		}
		if !ok {
			return "", false
		}
		if prec >= 0 {
			if rs := []rune(body); len(rs) > prec {
				body = string(rs[:prec])
			}
		}
	case 'd', 'i', 'u', 'x', 'X', 'o':
		k, ok := bigOf(x)
		if f, isFloat := x.(float64); isFloat && (verb == 'd' || verb == 'i' || verb == 'u') && !math.IsInf(f, 0) && !math.IsNaN(f) {
			k, _ = big.NewFloat(f).Int(nil)
			ok = true
		}
		if !ok {
			return "", false
		}
		neg = k.Sign() < 0
		base := map[byte]int{'x': 16, 'X': 16, 'o': 8}[verb]
		if base == 0 {
			base = 10
		}
		body = new(big.Int).Abs(k).Text(base)
		if verb == 'X' {
			body = strings.ToUpper(body)
		}
		if prec > len(body) {
			body = strings.Repeat("0", prec-len(body)) + body
		}
	case 'f', 'F', 'e', 'E', 'g', 'G':
		f, ok := floatOf(x)
		if !ok || math.IsInf(f, 0) || math.IsNaN(f) {
			return "", false
		}
		neg = f < 0 || f == 0 && math.Signbit(f)
		if prec < 0 {
			prec = 6
		}
		body = formatFloat(math.Abs(f), verb, prec, false)
	case 'c':
		number = false
		if s, ok := x.(string); ok && utf8.RuneCountInString(s) == 1 {
			body = s
		} else if k, ok := x.(int64); ok && k > 0 && k < 0x10ffff && (k < 0xd800 || k > 0xdfff) {
			body = string(rune(k))
		} else {
			return "", false
		}
	default:
		return "", false
	}
	if number {
		if neg {
			sign = "-"
		}
	} else {
		sign = ""
	}
	pad := max(0, width-utf8.RuneCountInString(sign+body))
	switch {
	case left:
		return sign + body + strings.Repeat(" ", pad), true
	case zero && number:
		return sign + strings.Repeat("0", pad) + body, true
	}
	return strings.Repeat(" ", pad) + sign + body, true
}

// formatFloat formats a float that is not negative as Python does.
func formatFloat(f float64, verb byte, prec int, alt bool) string {
	switch verb {
	case 'f', 'F':
		return strconv.FormatFloat(f, 'f', prec, 64)
	case 'e', 'E':
		return strconv.FormatFloat(f, verb, prec, 64)
	}
	if prec == 0 {
		prec = 1
	}
	e := strconv.FormatFloat(f, 'e', prec-1, 64)
	mant, exp, _ := strings.Cut(e, "e")
	x, _ := strconv.Atoi(exp)
	var s string
	if x < -4 || x >= prec {
		if strings.Contains(mant, ".") {
			mant = strings.TrimRight(strings.TrimRight(mant, "0"), ".")
		}
		s = mant + "e" + exp
	} else {
		s = strconv.FormatFloat(f, 'f', prec-1-x, 64)
		if strings.Contains(s, ".") {
			s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
		}
	}
	if verb == 'G' {
		s = strings.ToUpper(s)
	}
	return s
}

// formatSpec computes format(x, spec).
func formatSpec(x any, spec string) (string, bool) {
	if spec == "" {
		return strConst(x)
	}
	rs := []rune(spec)
	fill, align := ' ', rune(0)
	i := 0
	isAlign := func(r rune) bool { return r == '<' || r == '>' || r == '^' || r == '=' }
	explicit := false
	if len(rs) >= 2 && isAlign(rs[1]) {
		fill, align, i = rs[0], rs[1], 2
		explicit = true
	} else if isAlign(rs[0]) {
		align, i = rs[0], 1
	}
	sign, signed := '-', false
	if i < len(rs) && (rs[i] == '+' || rs[i] == '-' || rs[i] == ' ') {
		sign, signed = rs[i], true
		i++
	}
	alt := false
	if i < len(rs) && rs[i] == '#' {
		alt = true
		i++
	}
	zero := false
	if i < len(rs) && rs[i] == '0' {
		zero = true
		i++
	}
	digits := func() int {
		n := -1
		for i < len(rs) && rs[i] >= '0' && rs[i] <= '9' {
			n = max(n, 0)*10 + int(rs[i]-'0')
			if n > 1000 {
				return 1001
			}
			i++
		}
		return n
	}
	width := digits()
	group := ""
	if i < len(rs) && (rs[i] == ',' || rs[i] == '_') {
		group = string(rs[i])
		i++
	}
	prec := -1
	if i < len(rs) && rs[i] == '.' {
		i++
		if prec = digits(); prec < 0 {
			return "", false
		}
	}
	verb := byte(0)
	if i < len(rs) {
		verb = byte(rs[i])
		i++
	}
	if i != len(rs) || width > 1000 || prec > 100 {
		return "", false
	}
	body, neg, number := "", false, true
	switch y := x.(type) {
	case string:
		if verb != 0 && verb != 's' || signed || alt || group != "" || align == '=' {
			return "", false
		}
		number = false
		body = y
		if prec >= 0 {
			if r := []rune(body); len(r) > prec {
				body = string(r[:prec])
			}
		}
		if zero && !explicit {
			fill = '0'
		}
	case bool, nil, []byte:
		return "", false
	case float64:
		if math.IsInf(y, 0) || math.IsNaN(y) || alt {
			return "", false
		}
		neg = math.Signbit(y)
		a := math.Abs(y)
		switch verb {
		case 'f', 'F', 'e', 'E', 'g', 'G':
			if prec < 0 {
				prec = 6
			}
			body = formatFloat(a, verb, prec, alt)
		case '%':
			if prec < 0 {
				prec = 6
			}
			body = strconv.FormatFloat(a*100, 'f', prec, 64) + "%"
		case 0:
			if prec >= 0 {
				return "", false
			}
			body = reprFloat(a)
		default:
			return "", false
		}
	default:
		k, ok := bigOf(x)
		if !ok {
			return "", false
		}
		switch verb {
		case 'f', 'F', 'e', 'E', 'g', 'G', '%':
			f, ok := floatOf(x)
			if !ok {
				return "", false
			}
			return formatSpec(f, spec)
		}
		if prec >= 0 {
			return "", false
		}
		neg = k.Sign() < 0
		a := new(big.Int).Abs(k)
		prefix := ""
		switch verb {
		case 0, 'd', 'n':
			body = a.String()
		case 'b':
			body, prefix = a.Text(2), "0b"
		case 'o':
			body, prefix = a.Text(8), "0o"
		case 'x':
			body, prefix = a.Text(16), "0x"
		case 'X':
			body, prefix = strings.ToUpper(a.Text(16)), "0X"
		default:
			return "", false
		}
		if verb != 0 && verb != 'd' && group == "," || verb == 'n' && group != "" {
			return "", false
		}
		if alt {
			if zero || group != "" || align == '=' {
				return "", false
			}
			body = prefix + body
		}
	}
	if group != "" {
		if zero || align == '=' {
			return "", false
		}
		if verb == 'b' || verb == 'o' || verb == 'x' || verb == 'X' {
			return "", false
		}
		whole, frac, dot := strings.Cut(body, ".")
		if j := strings.IndexAny(whole, "eE%"); j >= 0 {
			return "", false
		}
		var b []byte
		for j := 0; j < len(whole); j++ {
			if j > 0 && (len(whole)-j)%3 == 0 {
				b = append(b, group[0])
			}
			b = append(b, whole[j])
		}
		body = string(b)
		if dot {
			body += "." + frac
		}
	}
	head := ""
	if number {
		switch {
		case neg:
			head = "-"
		case sign != '-':
			head = string(sign)
		}
		if align == 0 {
			align = '>'
			if zero {
				align = '='
			}
		}
		if zero && !explicit {
			fill = '0'
		}
	} else if align == 0 {
		align = '<'
	}
	pad := max(0, width-utf8.RuneCountInString(head+body))
	f := string(fill)
	switch align {
	case '<':
		return head + body + strings.Repeat(f, pad), true
	case '>':
		return strings.Repeat(f, pad) + head + body, true
	case '^':
		return strings.Repeat(f, pad/2) + head + body + strings.Repeat(f, pad-pad/2), true
	}
	return head + strings.Repeat(f, pad) + body, true
}

// foldLibrary computes the pure functions of the standard library; nil for all
// others.
func (in *interp) foldLibrary(n grammar.Node, name string, args []ir.Arg) ir.Value {
	base, ok := strings.CutPrefix(name, "os.path.")
	if !ok {
		if base, ok = strings.CutPrefix(name, "posixpath."); !ok {
			switch name {
			case "os.getenv", "os.environ.get":
				if len(args) == 1 && args[0].Star == 0 {
					return in.environ(n, args[0].Value)
				}
				return in.unknown(n, "call of "+name, "str")
			case "os.getcwd", "uuid.uuid4", "getpass.getpass", "time.strftime", "os.path.expanduser":
				return in.unknown(n, "call of "+name, "str")
			case "textwrap.dedent":
				return in.unknown(n, "call of "+name, "str")
			}
			return nil
		}
	}
	for _, a := range args {
		if a.Star != 0 || a.Param != "" {
			return in.unknown(n, "call of "+name, "")
		}
		if a.Value == nil {
			return nil
		}
	}
	switch base {
	case "join":
		if len(args) > 0 {
			return in.orStr(in.joinPath(args), n)
		}
	case "basename", "dirname":
		if len(args) != 1 {
			break
		}
		if s, ok := ir.String(args[0].Value); ok {
			i := strings.LastIndexByte(s, '/') + 1
			if base == "basename" {
				return in.orStr(in.fold.str(s[i:]), n)
			}
			head := s[:i]
			if head != "" && strings.Trim(head, "/") != "" {
				head = strings.TrimRight(head, "/")
			}
			return in.orStr(in.fold.str(head), n)
		}
		if t, ok := args[0].Value.(*ir.Text); ok {
			if v := in.splitPath(t, base == "dirname"); v != nil {
				return v
			}
		}
		return in.result(n, name, args[0])
	case "normpath":
		if s, ok := ir.String(args[0].Value); ok && len(args) == 1 && !strings.HasPrefix(s, "//") {
			return in.orStr(in.fold.str(path.Clean(s)), n)
		}
		return in.unknown(n, "call of "+name, "str")
	case "splitext":
		if s, ok := ir.String(args[0].Value); ok && len(args) == 1 {
			i := strings.LastIndexByte(s, '.')
			j := strings.LastIndexByte(s, '/') + 1
			if i < j || strings.Trim(s[j:i], ".") == "" {
				i = len(s)
			}
			q := in.newSeq(n, ir.TupleSeq)
			q.Elems = []ir.Arg{{Value: &ir.Const{V: s[:i]}}, {Value: &ir.Const{V: s[i:]}}}
			return q
		}
	case "abspath", "realpath", "expanduser", "expandvars", "relpath":
		return in.unknown(n, "call of "+name, "str")
	case "exists", "isfile", "isdir", "islink":
		return in.unknown(n, "call of "+name, "bool")
	}
	return in.unknown(n, "call of "+name, "")
}

// joinPath computes posixpath.join; a part that is not known is taken for a
// relative path without a slash at its end.
func (in *interp) joinPath(args []ir.Arg) ir.Value {
	var ps []ir.Piece
	for i, a := range args {
		if c, ok := a.Value.(*ir.Const); ok {
			if _, isStr := c.V.(string); !isStr {
				return nil
			}
		}
		part := in.argPieces(a)
		flat := ir.Flatten(part)
		switch {
		case i == 0:
		case len(flat) > 0 && flat[0].Val == nil && strings.HasPrefix(flat[0].Lit, "/"):
			ps = nil
		default:
			end := ir.Flatten(ps)
			if len(end) > 0 && (end[len(end)-1].Val != nil || !strings.HasSuffix(end[len(end)-1].Lit, "/")) {
				ps = append(ps, ir.Piece{Lit: "/"})
			}
		}
		ps = append(ps[:len(ps):len(ps)], part...)
	}
	return in.fold.text(ps)
}

// splitPath gives the part of a text before or after its last slash, if that
// slash is certain.
func (in *interp) splitPath(t *ir.Text, head bool) ir.Value {
	ps := t.Pieces
	for i := len(ps) - 1; i >= 0; i-- {
		s := ps[i].Lit
		if ps[i].Val != nil {
			var ok bool
			if s, ok = strOf(ps[i].Val); !ok {
				return nil
			}
		}
		j := strings.LastIndexByte(s, '/')
		if j < 0 {
			continue
		}
		if head {
			lead := strings.TrimRight(s[:j], "/")
			if lead == "" && i == 0 {
				return nil
			}
			return in.fold.text(append(append([]ir.Piece(nil), ps[:i]...), ir.Piece{Lit: lead}))
		}
		return in.fold.text(append([]ir.Piece{{Lit: s[j+1:]}}, ps[i+1:]...))
	}
	return nil
}
