package meaning

import (
	"path"
	"strconv"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/constant"
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
	vals := make([]any, len(args))
	for i, a := range args {
		x, ok := constOf(a.Value)
		if !ok || a.Star != 0 || a.Param != "" {
			return nil
		}
		vals[i] = x
	}
	result, ok := constant.Method(s, name, vals)
	if !ok {
		return nil
	}
	switch x := result.(type) {
	case string:
		return in.fold.str(x)
	case []string:
		if len(x) > maxElems {
			return nil
		}
		return in.textSeq(n, ir.ListSeq, x)
	case [3]string:
		return in.textSeq(n, ir.TupleSeq, x[:])
	}
	return &ir.Const{V: result}
}

// textSeq makes a sequence of constant texts.
func (in *interp) textSeq(n grammar.Node, kind ir.SeqKind, parts []string) *ir.Seq {
	q := in.newSeq(n, kind)
	for _, p := range parts {
		q.Elems = append(q.Elems, ir.Arg{Value: &ir.Const{V: p}})
	}
	return q
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
	x, known := constOf(a.Value)
	if verb == 's' && flags == "" {
		return in.fieldPieces(a, "", "", n)
	}
	if (verb == 'd' || verb == 'i') && flags == "" {
		if i, ok := constant.Big(x); known && ok {
			if _, isBool := x.(bool); isBool {
				return []ir.Piece{{Lit: i.String()}}
			}
			return in.fieldPieces(a, "", "", n)
		}
		if !known {
			return []ir.Piece{{Val: a.Value, At: a.At}}
		}
	}
	if !known {
		return []ir.Piece{{Val: in.formatted(a.Value, a.At, "%"+flags+string(verb), n)}}
	}
	if s, ok := constant.Percent(x, flags, verb); ok {
		return []ir.Piece{{Lit: s}}
	}
	return opaque
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
	case "split":
		if len(args) != 1 {
			break
		}
		q := in.newSeq(n, ir.TupleSeq)
		for _, part := range []string{"os.path.dirname", "os.path.basename"} {
			q.Elems = append(q.Elems, ir.Arg{Value: in.foldLibrary(n, part, args)})
		}
		return q
	case "relpath":
		if v := in.relativePath(args); v != nil {
			return v
		}
		return in.unknown(n, "call of "+name, "str")
	case "abspath", "realpath", "expanduser", "expandvars":
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

// relativePath computes posixpath.relpath where the path begins with the start,
// or has none; nil for all else, which may depend on the current folder.
func (in *interp) relativePath(args []ir.Arg) ir.Value {
	if len(args) == 0 {
		return nil
	}
	of, ok := tidyPath(ir.Flatten(in.argPieces(args[0])))
	var start []ir.Piece
	if len(args) == 2 && ok {
		start, ok = tidyPath(ir.Flatten(in.argPieces(args[1])))
	}
	if !ok || len(args) > 2 {
		return nil
	}
	for i, p := range start {
		last := i == len(start)-1
		switch {
		case len(of) == 0:
			return nil
		case p.Val != nil || of[0].Val != nil:
			if !ir.Same(p.Val, of[0].Val) {
				return nil
			}
			of = of[1:]
		case p.Lit == of[0].Lit:
			of = of[1:]
		case last && strings.HasPrefix(of[0].Lit, p.Lit):
			of[0].Lit = of[0].Lit[len(p.Lit):]
		default:
			return nil
		}
	}
	switch {
	case len(start) == 0 && len(of) > 0 && of[0].Val == nil && !strings.HasPrefix(of[0].Lit, "/"):
		return in.fold.text(of)
	case len(of) == 0:
		return &ir.Const{V: "."}
	case len(start) > 0 && of[0].Val == nil && strings.HasPrefix(of[0].Lit, "/"):
		of[0].Lit = of[0].Lit[1:]
		return in.fold.text(of)
	}
	return nil
}

// tidyPath cuts "./" before a path and a slash behind it; ok is false where more
// is to be normalized.
func tidyPath(ps []ir.Piece) (out []ir.Piece, ok bool) {
	for i, p := range ps {
		if p.Val == nil {
			if strings.Contains(p.Lit, "..") || strings.Contains(p.Lit, "//") || strings.Contains(p.Lit, "/./") {
				return nil, false
			}
			if i == 0 {
				p.Lit = strings.TrimPrefix(p.Lit, "./")
			}
			if i == len(ps)-1 {
				p.Lit = strings.TrimSuffix(strings.TrimSuffix(p.Lit, "/."), "/")
			}
			if p.Lit == "" || len(ps) == 1 && p.Lit == "." {
				continue
			}
		}
		out = append(out, p)
	}
	return out, true
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
