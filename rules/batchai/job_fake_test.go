package batchai

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pyxlate/rules/ir"
)

// program is a small Python program as rules see it: assignments, calls and one
// level of for, evaluated top to bottom. It implements ir.Context for one
// JobCreateParameters.
type program struct {
	t     *testing.T
	src   string
	pos   int
	vars  map[string]ir.Value
	attrs map[string]*ir.Unknown
	calls []*ir.Call
	made  []*ir.Object
	job   *ir.Object
	files map[string]string
	no    map[string]bool // resources that cannot be had
	fresh map[string]bool
}

func run(t *testing.T, src string) *program {
	p := &program{t: t, src: src, vars: map[string]ir.Value{}, attrs: map[string]*ir.Unknown{}, files: map[string]string{},
		no: map[string]bool{}, fresh: map[string]bool{}}
	for p.skip(true); p.pos < len(p.src); p.skip(true) {
		if p.word("for ") {
			name := p.name()
			p.expect("in")
			it, _ := p.expr()
			p.expect(":")
			p.vars[name] = &ir.Unknown{Why: "loop"}
			if s, ok := it.(*ir.Seq); ok {
				j := &ir.Join{}
				for _, e := range s.Elems {
					j.Of = append(j.Of, e.Value)
				}
				p.vars[name] = j
			}
			continue
		}
		start := p.pos
		name := p.name()
		p.skip(false)
		if name != "" && p.pos+1 < len(p.src) && p.src[p.pos] == '=' && p.src[p.pos+1] != '=' {
			p.pos++
			v, _ := p.expr()
			p.vars[name] = v
			continue
		}
		p.pos = start
		p.expr()
	}
	return p
}

func (p *program) skip(lines bool) {
	for p.pos < len(p.src) && (strings.IndexByte(" \t", p.src[p.pos]) >= 0 || lines && p.src[p.pos] == '\n') {
		p.pos++
	}
}

func (p *program) word(s string) bool {
	if strings.HasPrefix(p.src[p.pos:], s) {
		p.pos += len(s)
		return true
	}
	return false
}

func (p *program) expect(s string) {
	p.skip(true)
	if !p.word(s) {
		p.t.Fatalf("want %q at %q", s, p.src[p.pos:min(p.pos+30, len(p.src))])
	}
	p.skip(true)
}

func (p *program) name() string {
	start := p.pos
	for p.pos < len(p.src) && (p.src[p.pos] == '_' || unicode.IsLetter(rune(p.src[p.pos])) || p.pos > start && unicode.IsDigit(rune(p.src[p.pos]))) {
		p.pos++
	}
	return p.src[start:p.pos]
}

func (p *program) at(start int) ir.Expr {
	return ir.Expr{Span: ir.Span{Start: start, End: p.pos}, Node: 1}
}

// expr is a sum or a product of operands.
func (p *program) expr() (ir.Value, ir.Expr) {
	p.skip(true)
	start := p.pos
	v, at := p.operand()
	for {
		end := p.pos
		p.skip(true)
		if p.pos < len(p.src) && p.src[p.pos] == '*' { // a product: nothing is known of it
			p.pos++
			p.skip(true)
			p.operand()
			v = &ir.Unknown{At: p.at(start), Type: "int"}
			continue
		}
		if p.pos >= len(p.src) || p.src[p.pos] != '+' {
			p.pos = end
			return v, p.atOr(at, start)
		}
		p.pos++
		p.skip(true)
		w, wat := p.operand()
		v = &ir.Text{Pieces: append(append([]ir.Piece{}, ir.Pieces(v, at)...), pieceOf(w, wat)...)}
	}
}

func (p *program) atOr(at ir.Expr, start int) ir.Expr {
	if at.Start == start && at.End == p.pos {
		return at
	}
	return p.at(start)
}

func pieceOf(v ir.Value, at ir.Expr) []ir.Piece { return []ir.Piece{{Val: v, At: at}} }

func (p *program) operand() (ir.Value, ir.Expr) {
	start := p.pos
	var v ir.Value
	switch c := p.src[p.pos]; {
	case c == '\'' || c == '"':
		p.pos++
		var b strings.Builder
		for p.src[p.pos] != c {
			if p.src[p.pos] == '\\' {
				p.pos++
				if p.src[p.pos] == 'n' {
					b.WriteByte('\n')
					p.pos++
					continue
				}
			}
			b.WriteByte(p.src[p.pos])
			p.pos++
		}
		p.pos++
		v = &ir.Const{V: b.String()}
	case unicode.IsDigit(rune(c)):
		for p.pos < len(p.src) && unicode.IsDigit(rune(p.src[p.pos])) {
			p.pos++
		}
		n, _ := strconv.ParseInt(p.src[start:p.pos], 10, 64)
		v = &ir.Const{V: n}
	case c == '[':
		p.pos++
		s := &ir.Seq{}
		for p.skip(true); p.src[p.pos] != ']'; p.skip(true) {
			e, at := p.expr()
			s.Elems = append(s.Elems, ir.Arg{Value: e, At: at})
			p.skip(true)
			if p.word("for ") { // a comprehension
				for p.src[p.pos] != ']' {
					p.pos++
				}
				p.pos++
				return &ir.Seq{Each: e, Comp: p.at(start)}, p.at(start)
			}
			p.word(",")
		}
		p.pos++
		v = s
	default:
		name := p.name()
		if name == "" {
			p.t.Fatalf("no operand at %q", p.src[p.pos:min(p.pos+30, len(p.src))])
		}
		switch {
		case name == "None":
			v = &ir.Const{}
		case p.vars[name] != nil:
			v = p.vars[name]
		default:
			v = p.unknown(name, nil, ir.Expr{}, "")
		}
	}
	for p.pos < len(p.src) {
		at := p.at(start)
		switch {
		case p.src[p.pos] == '.':
			p.pos++
			name := p.name()
			if p.pos < len(p.src) && p.src[p.pos] == '(' {
				v = p.call(start, v, at, name)
				continue
			}
			if o, ok := v.(*ir.Object); ok {
				v = p.unknown(fmt.Sprintf("%p.%s", o, name), o, at, name)
			} else {
				v = p.unknown(p.src[start:p.pos], v, at, name)
			}
		case p.src[p.pos] == '(':
			v = p.call(start, nil, ir.Expr{}, p.src[start:p.pos])
		case p.src[p.pos] == '[':
			for p.src[p.pos] != ']' {
				p.pos++
			}
			p.pos++
			v = p.unknown(p.src[start:p.pos], nil, ir.Expr{}, "")
		default:
			return v, p.at(start)
		}
	}
	return v, p.at(start)
}

// unknown gives the one unknown value of a name.
func (p *program) unknown(key string, of ir.Value, ofAt ir.Expr, attr string) *ir.Unknown {
	if p.attrs[key] == nil {
		p.attrs[key] = &ir.Unknown{Why: "parameter", Of: of, OfAt: ofAt, Attr: attr}
	}
	return p.attrs[key]
}

// symbols are the methods that the tests call.
var symbols = map[string]string{
	"create_blob_from_path": "azure.storage.blob.BlockBlobService.create_blob_from_path",
	"create_file_from_path": "azure.storage.file.FileService.create_file_from_path",
	"create_cluster":        "azure.mgmt.batchai.operations.ClustersOperations.create",
	"get_cluster":           "azure.mgmt.batchai.operations.ClustersOperations.get",
}

func (p *program) call(start int, recv ir.Value, recvAt ir.Expr, name string) ir.Value {
	p.pos++
	c := &ir.Call{Bound: map[string]ir.Arg{}, Recv: ir.Arg{Value: recv, At: recvAt}, Symbol: symbols[name]}
	for p.skip(true); p.src[p.pos] != ')'; p.skip(true) {
		save := p.pos
		key := p.name()
		p.skip(false)
		if key != "" && p.src[p.pos] == '=' {
			p.pos++
		} else {
			p.pos, key = save, ""
		}
		v, at := p.expr()
		a := ir.Arg{Param: key, Value: v, At: at}
		c.Args = append(c.Args, a)
		if key != "" {
			c.Bound[key] = a
		}
		p.skip(true)
		p.word(",")
	}
	p.pos++
	c.At = p.at(start)
	text, isText := ir.String(recv)
	switch {
	case name == "format" && isText:
		t := &ir.Text{}
		for {
			i := strings.IndexByte(text, '{')
			if i < 0 {
				break
			}
			k := i + strings.IndexByte(text[i:], '}')
			n, _ := strconv.Atoi(text[i+1 : k])
			t.Pieces = append(t.Pieces, ir.Piece{Lit: text[:i]}, ir.Piece{Val: c.Args[n].Value, At: c.Args[n].At})
			text = text[k+1:]
		}
		t.Pieces = append(t.Pieces, ir.Piece{Lit: text})
		return t
	case name == "join": // os.path.join
		t := &ir.Text{}
		for i, a := range c.Args {
			if i > 0 {
				t.Pieces = append(t.Pieces, ir.Piece{Lit: "/"})
			}
			t.Pieces = append(t.Pieces, ir.Piece{Val: a.Value, At: a.At})
		}
		return t
	case name == "create_cluster" || name == "get_cluster":
		o := &ir.Object{Type: models + "Cluster", Made: c}
		p.calls = append(p.calls, c)
		return o
	case c.Symbol != "":
		p.calls = append(p.calls, c)
		return &ir.Unknown{At: c.At}
	case recv != nil && strings.HasPrefix(p.src[start:p.pos], "models.") || name == "BlockBlobService" || name == "FileService":
		class := models + name
		if name == "BlockBlobService" || name == "FileService" {
			class = "azure.storage." + name
		}
		c.Symbol = class
		o := &ir.Object{Type: class, Made: c, Fields: c.Bound}
		c.Result = o
		p.made = append(p.made, o)
		if name == "JobCreateParameters" {
			p.job = o
		}
		return o
	}
	return &ir.Unknown{At: c.At, Why: "call"}
}

func (p *program) Call() *ir.Call { return p.job.Made }
func (p *program) Use() *ir.Use {
	return &ir.Use{Kind: ir.MakeUse, At: p.job.Made.At, Call: p.job.Made}
}
func (p *program) Object() *ir.Object            { return p.job }
func (p *program) Recv() ir.Arg                  { return ir.Arg{} }
func (p *program) Held(ir.Value) (ir.Term, bool) { return nil, false }
func (p *program) Representative(v ir.Value) ir.Value {
	return v
}
func (p *program) Can(ir.Arg) bool               { return true }
func (p *program) Option(string) string          { return "register" }
func (p *program) Shown() bool                   { return false }
func (p *program) Passed() *ir.Call              { return nil }
func (p *program) Calculated() (is, tested bool) { return false, false }
func (p *program) Given(ir.Expr) bool            { return false }
func (p *program) Owner(ir.Arg) ir.Arg           { return ir.Arg{} }
func (p *program) Guarded() []*ir.Call           { return nil }
func (p *program) Literals(ir.Arg) []ir.Expr     { return nil }
func (p *program) ForCallers(ir.Arg) bool        { return false }
func (p *program) Iterated() bool                { return false }
func (p *program) Compared(...string) (ir.Arg, string, ir.Expr, bool) {
	return ir.Arg{}, "", ir.Expr{}, false
}
func (p *program) ReadAttrs(*ir.Object) ([]string, bool) { return nil, true }
func (p *program) Stem() string                          { return "My Notebook" }
func (p *program) Before(a, b ir.Expr) bool              { return a.Start < b.Start }
func (p *program) Text(e ir.Expr) string                 { return p.src[e.Start:e.End] }

func (p *program) Arg(name string) (ir.Arg, bool) {
	a, ok := p.job.Fields[name]
	return a, ok
}

func (p *program) Path(dotted string) (ir.Arg, bool) { return field(p.job, dotted) }

func (p *program) Resource(kind string, args ...ir.Arg) (ir.Term, bool) {
	if p.no[kind] {
		return nil, false
	}
	var shown []string
	for _, a := range args {
		if a.Param == "share_name" || a.Param == "container_name" || a.Param == "cluster_name" {
			shown = append(shown, p.value(a))
		}
	}
	return &ir.Var{Handle: &ir.Variable{Name: kind + "<" + strings.Join(shown, ", ") + ">"}}, true
}

func (p *program) Target() ir.Term { return &ir.Var{Handle: &ir.Variable{Name: "target"}} }

func (p *program) Calls(symbol string) (out []*ir.Call) {
	for _, c := range p.calls {
		if c.Symbol == symbol {
			out = append(out, c)
		}
	}
	return out
}

// Lines implements ir.Context.
func (p *program) Lines() []*ir.Call { return nil }

// Occasions implements ir.Context: the programs of these tests have no functions.
func (p *program) Occasions(call *ir.Call) ([]ir.Occasion, bool) {
	return []ir.Occasion{onlyOnce{call}}, true
}

// onlyOnce is the one occasion of a call that stands by itself.
type onlyOnce struct{ call *ir.Call }

func (o onlyOnce) Call() *ir.Call                        { return o.call }
func (o onlyOnce) Of(a ir.Arg) ir.Arg                    { return a }
func (o onlyOnce) At() ir.Expr                           { return o.call.At }
func (o onlyOnce) Recv() ir.Arg                          { return o.call.Recv }
func (o onlyOnce) Possible() (bool, bool)                { return true, true }
func (o onlyOnce) Loops() []ir.Arg                       { return nil }
func (o onlyOnce) Supposing(int, ir.Value) []ir.Occasion { return nil }
func (o onlyOnce) Arg(name string) (ir.Arg, bool) {
	a, ok := o.call.Bound[name]
	return a, ok
}

func (p *program) Made(class string) (out []*ir.Object) {
	for _, o := range p.made {
		if o.Type == class {
			out = append(out, o)
		}
	}
	return out
}

func (p *program) Fresh(want string) *ir.Variable {
	name := want
	for i := 2; p.fresh[name]; i++ {
		name = want + strconv.Itoa(i)
	}
	p.fresh[name] = true
	return &ir.Variable{Want: want, Name: name}
}

func (p *program) ReadFile(name string) (string, bool) {
	s, ok := p.files[path.Clean(name)]
	return s, ok
}

func (p *program) value(a ir.Arg) string {
	if !a.At.IsZero() {
		return p.Text(a.At)
	}
	switch v := a.Value.(type) {
	case *ir.Const:
		return literal(v.V)
	case *ir.Text:
		return p.term(&ir.Concat{Pieces: v.Pieces}, "")
	}
	return fmt.Sprintf("?%T", a.Value)
}

func literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case string:
		s := strconv.Quote(v)
		return "'" + strings.ReplaceAll(strings.ReplaceAll(s[1:len(s)-1], `\"`, `"`), "'", `\'`) + "'"
	}
	return fmt.Sprint(v)
}

// term prints a term as Python; indent is that of the line it begins on.
func (p *program) term(t ir.Term, indent string) string {
	in := indent + "    "
	switch t := t.(type) {
	case nil:
		return "<nil>"
	case *ir.Name:
		if strings.HasPrefix(t.Path, "shlex.") {
			return t.Path
		}
		return t.Path[strings.LastIndexByte(t.Path, '.')+1:]
	case *ir.Source:
		return p.value(t.Arg)
	case *ir.Optional:
		return p.term(t.Value, indent)
	case *ir.Excerpt:
		var b strings.Builder
		for _, part := range t.Parts {
			b.WriteString(part.Text)
			if part.Text == "" {
				b.WriteString(p.Text(ir.Expr{Span: part.Part}))
			}
		}
		return b.String()
	case *ir.Literal:
		return literal(t.V)
	case *ir.Var:
		return t.Handle.Name
	case *ir.Member:
		return p.term(t.Of, indent) + "." + t.Name
	case *ir.Concat:
		var parts []string
		for _, x := range t.Pieces {
			if x.Val == nil {
				parts = append(parts, literal(x.Lit))
			} else {
				parts = append(parts, p.value(ir.Arg{Value: x.Val, At: x.At}))
			}
		}
		return strings.Join(parts, " + ")
	case *ir.Code:
		s := t.Text
		for k, h := range t.Holes {
			s = strings.ReplaceAll(s, "{"+k+"}", p.term(h, indent))
		}
		return s
	case *ir.Apply:
		var args []string
		for _, a := range t.Args {
			s := p.term(a.Value, in)
			if a.Name != "" {
				s = a.Name + "=" + s
			}
			args = append(args, strings.Repeat("*", a.Star)+s)
		}
		if len(args) < 4 {
			return p.term(t.Fn, indent) + "(" + strings.Join(args, ", ") + ")"
		}
		return p.term(t.Fn, indent) + "(\n" + in + strings.Join(args, ",\n"+in) + ")"
	case *ir.DictOf:
		var es []string
		for _, e := range t.Entries {
			if e.Key == nil {
				es = append(es, "**"+p.term(e.Value, in))
				continue
			}
			es = append(es, p.term(e.Key, in)+": "+p.term(e.Value, in))
		}
		return "{" + strings.Join(es, ", ") + "}"
	case *ir.ListOf:
		var es []string
		for _, e := range t.Items {
			es = append(es, p.term(e, in))
		}
		if t.Tuple {
			return "(" + strings.Join(es, ", ") + ")"
		}
		return "[" + strings.Join(es, ", ") + "]"
	}
	return fmt.Sprintf("<%T>", t)
}

// show prints an answer as the statements that it makes, and its notes.
func (p *program) show(a *ir.Answer) (code, notes string) {
	var lines []string
	statement := func(s ir.Statement) {
		line := p.term(s.Value, "")
		if s.Target != nil {
			line = p.term(s.Target, "") + " = " + line
		}
		lines = append(lines, line)
	}
	for _, s := range a.Before {
		statement(s)
	}
	if a.Term != nil {
		statement(ir.Statement{Target: p.Target(), Value: a.Term})
	}
	for _, s := range a.After {
		statement(s)
	}
	var ns []string
	for _, n := range a.Notes {
		s := n.Code
		switch {
		case n.Verdict == ir.Manual && n.At.IsZero():
			s += "!!"
		case n.Verdict == ir.Manual:
			s += "!"
		case n.Verdict == ir.Migrated:
			s += "="
		}
		ns = append(ns, s)
	}
	return strings.Join(lines, "\n"), strings.Join(ns, " ")
}
