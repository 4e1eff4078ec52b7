package batchai

import (
	"regexp"
	"slices"
	"strings"

	"pyxlate/rules/ir"
)

// text is a string of the old program, byte by byte, each byte with the
// expression of the user's that it came from. Decisions are made on the bytes;
// what is written out again keeps the expressions wherever one is still whole.
type text []cell

// cell is one byte of a text, or a value in it that is not known.
type cell struct {
	b byte
	// hole is set for a value that is not known: b is then 0.
	hole bool
	// fixed bytes were quoted or escaped: no shell meaning is left in them.
	fixed bool
	// in is the innermost expression of the user's that the byte is part of and
	// at its offset there; out the outermost.
	in, out     *origin
	inAt, outAt int
}

// origin is an expression of the user's whose text takes n cells.
type origin struct {
	piece ir.Piece
	n     int
	// Of a value that is not known: what it is compared by, and its text for
	// people.
	is   ir.Value
	name string
	// callers: the value is what the calls in sight give, so that no part of it
	// may be written as a constant.
	callers bool
}

// plainName matches expressions that read better in the new program than the
// constant they hold: names, attributes and subscripts.
var plainName = regexp.MustCompile(`^[A-Za-z_][\w.]*(\[[^\[\]]*\])?$`)

// textOf gives the value of an argument as text.
func textOf(c ir.Context, a ir.Arg) text {
	switch v := a.Value.(type) {
	case nil:
		if a.At.IsZero() {
			return nil
		}
		return text{holeCell(c, ir.Piece{Val: &ir.Unknown{At: a.At}, At: a.At})}
	case *ir.Text:
		if nameLike(c, a.At) && !canAll(c, v) && c.Can(a) {
			// Its parts are out of reach here: it counts as a whole.
			return text{holeCell(c, ir.Piece{Val: v, At: a.At})}
		}
		if nameLike(c, a.At) {
			return addPiece(c, nil, ir.Piece{Val: v, At: a.At}, nil)
		}
		var t text
		for _, p := range v.Pieces {
			t = addPiece(c, t, p, nil)
		}
		return t
	}
	return addPiece(c, nil, ir.Piece{Val: a.Value, At: a.At}, nil)
}

// canAll reports whether all values in a text can be written at the place of the
// use.
func canAll(c ir.Context, t *ir.Text) bool {
	for _, p := range t.Pieces {
		if nested, ok := p.Val.(*ir.Text); ok && !c.Can(ir.Arg{Value: p.Val, At: p.At}) {
			if !canAll(c, nested) {
				return false
			}
		} else if p.Val != nil && !c.Can(ir.Arg{Value: p.Val, At: p.At}) {
			return false
		}
	}
	return true
}

func nameLike(c ir.Context, at ir.Expr) bool {
	if at.IsZero() {
		return false
	}
	s := c.Text(at)
	return plainName.MatchString(s) && s != "None" && s != "True" && s != "False"
}

func addPiece(c ir.Context, t text, p ir.Piece, outer *origin) text {
	if p.Val == nil {
		t = slices.Grow(t, len(p.Lit))
		for i := 0; i < len(p.Lit); i++ {
			t = append(t, cell{b: p.Lit[i], out: outer})
		}
		return t
	}
	nested, isText := p.Val.(*ir.Text)
	// What a text is made of is kept apart where its parts are the callers'.
	apart := isText && c.ForCallers(ir.Arg{Value: p.Val, At: p.At})
	if s, ok := constText(p.Val); ok && !apart {
		t = slices.Grow(t, len(s))
		if c.Given(p.At) && severalWords(s) {
			h := holeCell(c, p)
			h.out = outer
			return append(t, h)
		}
		var in *origin
		callers := c.ForCallers(ir.Arg{Value: p.Val, At: p.At})
		if nameLike(c, p.At) {
			in = &origin{piece: p, n: len(s), callers: callers}
		} else if callers {
			h := holeCell(c, p)
			h.out = outer
			return append(t, h)
		}
		for i := 0; i < len(s); i++ {
			t = append(t, cell{b: s[i], in: in, inAt: i, out: outer})
		}
		return t
	}
	if isText {
		named := nameLike(c, p.At) && c.Can(ir.Arg{Value: p.Val, At: p.At})
		if c.Given(p.At) && (severalWords(literals(nested)) || !writable(c, nested) && !strings.Contains(literals(nested), "$")) || named && !canAll(c, nested) {
			h := holeCell(c, p)
			h.out = outer
			return append(t, h)
		}
		start := len(t)
		group := outer
		if outer == nil && nameLike(c, p.At) {
			group = &origin{piece: p}
		}
		for _, q := range nested.Pieces {
			t = addPiece(c, t, q, group)
		}
		if group != outer {
			group.n = len(t) - start
			for i := start; i < len(t); i++ {
				t[i].outAt = i - start
			}
		}
		return t
	}
	h := holeCell(c, p)
	h.out = outer
	return append(t, h)
}

// literals are the known parts of a text; what is not known is a letter.
func literals(t *ir.Text) string {
	var b strings.Builder
	for _, p := range ir.Flatten(t.Pieces) {
		if p.Val != nil {
			b.WriteByte('x')
		}
		b.WriteString(p.Lit)
	}
	return b.String()
}

// writable reports whether all parts of a text that was handed in can be written
// where it is used.
func writable(c ir.Context, t *ir.Text) bool {
	for _, p := range ir.Flatten(t.Pieces) {
		if p.Val != nil && !c.Can(ir.Arg{Value: p.Val, At: p.At}) {
			return false
		}
	}
	return true
}

// severalWords reports whether a string would be more than one word of a command
// line, and no more than that.
func severalWords(s string) bool {
	return strings.ContainsAny(strings.TrimSpace(s), " \t\n") && !strings.ContainsAny(s, ";&|<>")
}

func holeCell(c ir.Context, p ir.Piece) cell {
	name := ""
	if !p.At.IsZero() {
		if s := strings.TrimSpace(c.Text(p.At)); len(s) <= 60 && !strings.ContainsAny(s, "\n{}`") {
			name = s
		}
	}
	return cell{hole: true, in: &origin{piece: p, n: 1, is: c.Representative(p.Val), name: name}}
}

// constText is str(v) for a value that is certainly known.
func constText(v ir.Value) (string, bool) {
	return ir.String(&ir.Text{Pieces: []ir.Piece{{Val: v}}})
}

func lit(s string) text {
	t := make(text, len(s))
	for i := range t {
		t[i].b = s[i]
	}
	return t
}

// known gives the string if all of it is known.
func (t text) known() (string, bool) {
	b := make([]byte, len(t))
	for i, c := range t {
		if c.hole {
			return "", false
		}
		b[i] = c.b
	}
	return string(b), true
}

// show is the string for people: values that are not known appear as the user
// wrote them, in braces.
func (t text) show() string {
	var b strings.Builder
	for _, c := range t {
		if c.hole {
			b.WriteString("{" + c.in.name + "}")
		} else {
			b.WriteByte(c.b)
		}
	}
	return b.String()
}

// skeleton is the string for decisions: values that are not known appear as {}.
func (t text) skeleton() string {
	var b strings.Builder
	for _, c := range t {
		if c.hole {
			b.WriteString("{}")
		} else {
			b.WriteByte(c.b)
		}
	}
	return b.String()
}

// prefix gives the known bytes before the first value that is not known.
func (t text) prefix() string {
	for i, c := range t {
		if c.hole {
			s, _ := t[:i].known()
			return s
		}
	}
	s, _ := t.known()
	return s
}

func (t text) is(s string) bool {
	k, ok := t.known()
	return ok && k == s
}

func (t text) index(b byte) int {
	for i, c := range t {
		if !c.hole && c.b == b {
			return i
		}
	}
	return -1
}

func (t text) lastIndex(b byte) int {
	for i := len(t) - 1; i >= 0; i-- {
		if !t[i].hole && t[i].b == b {
			return i
		}
	}
	return -1
}

func (t text) hasByte(i int, b byte) bool { return i < len(t) && !t[i].hole && t[i].b == b }

// cut takes cells [i, j) without sharing room to grow.
func (t text) cut(i, j int) text { return t[i:j:j] }

func (t text) trimLeft(b byte) text {
	for len(t) > 0 && t.hasByte(0, b) {
		t = t[1:]
	}
	return t
}

func (t text) trimRight(b byte) text {
	for len(t) > 0 && t.hasByte(len(t)-1, b) {
		t = t[: len(t)-1 : len(t)-1]
	}
	return t
}

// trimSpace cuts blanks at both ends.
func (t text) trimSpace() text {
	blank := func(c cell) bool { return !c.hole && strings.IndexByte(" \t\r\n", c.b) >= 0 }
	for len(t) > 0 && blank(t[0]) {
		t = t[1:]
	}
	for len(t) > 0 && blank(t[len(t)-1]) {
		t = t[: len(t)-1 : len(t)-1]
	}
	return t
}

func concat(ts ...text) text {
	return slices.Concat(ts...)
}

// joinPath puts a slash between two paths unless one of them is empty.
func joinPath(a, b text) text {
	a, b = a.trimRight('/'), b.trimLeft('/')
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	return concat(a, lit("/"), b)
}

func sameCell(a, b cell) bool {
	if a.hole || b.hole {
		return a.hole && b.hole && sameValue(a.in.is, b.in.is)
	}
	return a.b == b.b
}

func equal(a, b text) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !sameCell(a[i], b[i]) {
			return false
		}
	}
	return true
}

// mayBe reports whether two texts may be the same when the program runs: what is
// known at their ends does not tell them apart.
func mayBe(a, b text) bool {
	if equal(a, b) {
		return true
	}
	known := func(c cell) bool { return !c.hole }
	for len(a) > 0 && len(b) > 0 && (known(a[0]) && known(b[0]) || sameCell(a[0], b[0])) {
		if !sameCell(a[0], b[0]) {
			return false
		}
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && (known(a[len(a)-1]) && known(b[len(b)-1]) || sameCell(a[len(a)-1], b[len(b)-1])) {
		if !sameCell(a[len(a)-1], b[len(b)-1]) {
			return false
		}
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	open := func(t text) bool { return slices.ContainsFunc(t, func(c cell) bool { return c.hole }) }
	return open(a) || open(b)
}

// cutPrefix takes p from the start of t.
func (t text) cutPrefix(p text) (text, bool) {
	if len(t) < len(p) || !equal(t[:len(p)], p) {
		return nil, false
	}
	return t[len(p):], true
}

// hasPrefix reports whether t begins with the known bytes of s.
func (t text) hasPrefix(s string) bool {
	if len(t) < len(s) {
		return false
	}
	for i := range len(s) {
		if !t.hasByte(i, s[i]) {
			return false
		}
	}
	return true
}

// cleanPath drops what does not change the meaning of a path in storage: a
// leading slash, a trailing one, doubled ones, a leading "./".
func cleanPath(t text) text {
	var out text
	for _, c := range t {
		if !c.hole && c.b == '/' && (len(out) == 0 || out.hasByte(len(out)-1, '/')) {
			continue
		}
		out = append(out, c)
		if len(out) == 2 && out.hasByte(0, '.') && out.hasByte(1, '/') {
			out = out[:0]
		}
	}
	return out.trimRight('/')
}

// pieces gives the text back as pieces, with every expression of the user's
// that is still whole in it.
func (t text) pieces() []ir.Piece {
	var out []ir.Piece
	add := func(b byte) {
		if n := len(out); n > 0 && out[n-1].Val == nil {
			out[n-1].Lit += string([]byte{b})
			return
		}
		out = append(out, ir.Piece{Lit: string([]byte{b})})
	}
	for i := 0; i < len(t); {
		if o := t[i].out; o != nil && t[i].outAt == 0 && t.whole(i, o, true) {
			out = append(out, o.piece)
			i += o.n
			continue
		}
		if o := t[i].in; o != nil && t[i].inAt == 0 && t.whole(i, o, false) {
			out = append(out, o.piece)
			i += o.n
			continue
		}
		if o := t[i].in; o != nil && o.callers {
			out = append(out, ir.Piece{Val: &ir.Unknown{At: o.piece.At, Why: "part of an argument"}})
			for i < len(t) && t[i].in == o {
				i++
			}
			continue
		}
		add(t[i].b)
		i++
	}
	return out
}

// whole reports whether all cells of an origin follow from i on.
func (t text) whole(i int, o *origin, outer bool) bool {
	if o.n == 0 || i+o.n > len(t) {
		return false
	}
	for k := range o.n {
		c := t[i+k]
		if outer && (c.out != o || c.outAt != k) || !outer && (c.in != o || c.inAt != k) {
			return false
		}
	}
	return true
}

// term writes the text as an expression.
func (t text) term() ir.Term {
	ps := t.pieces()
	switch {
	case len(ps) == 0:
		return &ir.Literal{V: ""}
	case len(ps) == 1 && ps[0].Val == nil:
		return &ir.Literal{V: ps[0].Lit}
	case len(ps) == 1:
		return &ir.Source{Arg: ir.Arg{Value: ps[0].Val, At: ps[0].At}}
	}
	return &ir.Concat{Pieces: ps}
}

// arg gives the text as an argument for a resource.
func (t text) arg(param string) ir.Arg {
	ps := t.pieces()
	switch {
	case len(ps) == 0:
		return ir.Arg{Param: param, Value: &ir.Const{V: ""}}
	case len(ps) == 1 && ps[0].Val == nil:
		return ir.Arg{Param: param, Value: &ir.Const{V: ps[0].Lit}}
	case len(ps) == 1:
		return ir.Arg{Param: param, Value: ps[0].Val, At: ps[0].At}
	}
	return ir.Arg{Param: param, Value: &ir.Text{Pieces: ps}}
}

// reference is $NAME or ${NAME} at [start, end) of a text. A name that goes on
// in a value that is not known is open.
type envReference struct {
	name       string
	start, end int
	open       bool
}

// references finds the environment variables that a shell would put in.
func (t text) references() []envReference {
	var out []envReference
	for i := 0; i < len(t); i++ {
		if t[i].hole || t[i].fixed || t[i].b != '$' {
			continue
		}
		k := i + 1
		brace := t.hasByte(k, '{')
		if brace {
			k++
		}
		start := k
		for k < len(t) && !t[k].hole && isNameByte(t[k].b, k == start) {
			k++
		}
		if k == start {
			continue
		}
		name, _ := t[start:k].known()
		r := envReference{name: name, start: i, end: k}
		switch {
		case brace && t.hasByte(k, '}'):
			r.end = k + 1
		case brace:
			r.open = true
		case k < len(t) && t[k].hole:
			r.open = true
		}
		out = append(out, r)
		i = r.end - 1
	}
	return out
}

func isNameByte(b byte, first bool) bool {
	return b == '_' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || !first && '0' <= b && b <= '9'
}
