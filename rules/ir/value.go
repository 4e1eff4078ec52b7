package ir

// UnitID numbers the units (a script, a notebook cell, a Markdown fence) of a
// whole program, over all its files, in the order in which they run.
type UnitID int

// Span is a half-open byte range [Start, End) of one unit's source.
type Span struct {
	Unit       UnitID
	Start, End int
}

// Contains reports whether o lies inside s.
func (s Span) Contains(o Span) bool {
	return s.Unit == o.Unit && s.Start <= o.Start && o.End <= s.End
}

// Expr is an expression of the user's program at the place where it stands.
// Node is its number in the unit's syntax tree; only the engine looks behind it.
type Expr struct {
	Span
	Node int32
	// In is set for an expression of a function's body that is meant as one call
	// of the function has it.
	In *Frame
}

// Frame is one call of a function of the program: what it gives to the
// parameters, by their names.
type Frame struct{ Args map[string]Arg }

// IsZero reports whether e names no expression.
func (e Expr) IsZero() bool { return e.End == 0 && e.Start == 0 && e.Node == 0 && e.Unit == 0 }

// Value is what is known about the result of an expression. Values have
// identity: the same pointer is the same value at run time, so two Unknowns are
// equal only if they are one. Compare with Same.
type Value interface{ isValue() }

// Const is a Python constant. V is nil (None), bool, int64, *big.Int, float64,
// string, or []byte.
type Const struct{ V any }

// Text is a str that is known in pieces, in order.
type Text struct{ Pieces []Piece }

// Piece is a part of a Text: literal characters when Val is nil, else a value
// that is converted to str, with the expression that produced it. A piece whose
// value is itself constant keeps its expression, so that output can say
// `script_directory` where the decision was made on its value.
type Piece struct {
	Lit string
	Val Value
	At  Expr
}

// Symbol is something named from outside the program: a module, class,
// function or enum member, by canonical qualified name ("os.path.join",
// "some.sdk.models.Cluster"). Presumed marks a name that no import proves.
type Symbol struct {
	Name     string
	Presumed bool
}

// Object is an instance of a class of a known SDK.
type Object struct {
	Type string // canonical qualified name of the class; see also Elem
	// Elem is the value inside for what holds another: what a poller, pager or
	// future yields, the elements of a page or list. Type is then the class, or a
	// generic one: "poller", "paged", "raw", "future", "list".
	Elem Value
	// Made is the call that made the object: its constructor, or the operation
	// that returned it. Nil when only the type is known.
	Made *Call
	// Fields holds the fields as they are after all changes in sight: arguments
	// of the constructor by parameter name, and what was assigned later.
	Fields map[string]Arg
	// Order lists the keys of Fields in the order of their first writing.
	Order []string
	// Changes are the assignments and method calls that changed the object
	// after its construction, in program order.
	Changes []Change
	// From is the object or container this value was read from, for attributes
	// (client.clusters) and elements (for f in files); nil otherwise.
	From Value
	// FromExpr is the expression of From at the place of reading.
	FromExpr Expr
	// Attr is the attribute name or "" for an element, when From is set.
	Attr     string
	Presumed bool
}

// IsRecord reports whether the program builds the object field by field.
func (o *Object) IsRecord() bool { return o.Made != nil && o.Made.Builds == o.Type }

// Change is one change of an object or container after it was built.
type Change struct {
	Stmt Expr   // the statement
	Path string // "node_count" for p.node_count = 4; "append()" for p.append(x)
	Arg  Arg    // the new value
	// Sure is false when the statement may run zero or several times for one
	// construction (inside a branch, loop or function of its own).
	Sure bool
}

// SeqKind tells a list from a tuple or a set.
type SeqKind uint8

// The kinds of sequence.
const (
	ListSeq SeqKind = iota
	TupleSeq
	SetSeq
)

// Seq is a list, tuple or set with known elements. Open says that it may hold
// more elements than Elems, each of which is like Each (nil: anything).
type Seq struct {
	Kind    SeqKind
	Elems   []Arg
	Open    bool
	Each    Value
	Changes []Change
	// Comp is set for a comprehension: Each is its element, Comp the whole.
	Comp Expr
}

// Dict is a dict with constant string keys, in order. Open says that it may
// hold more, each of which is like Each (nil: anything).
type Dict struct {
	Keys    []string
	Vals    map[string]Arg
	Open    bool
	Each    Value
	Changes []Change
}

// Function is a function or method of the user's own program.
type Function struct {
	Name string
	Def  Expr // the definition
	Recv Value
}

// Class is a class of the user's own program.
type Class struct {
	Name string
	Def  Expr
}

// Instance is an object of a user's own class; its attributes are joined over
// the whole program.
type Instance struct {
	Class *Class
	Attrs map[string]Value
}

// Method is a bound method of an SDK object: Symbol is its qualified name.
type Method struct {
	Recv     Value
	RecvExpr Expr
	Symbol   string
	Presumed bool
}

// Module is a module of the user's own program.
type Module struct {
	Name string
	Path string
}

// Join is one of several values, where control flow meets.
type Join struct{ Of []Value }

// Unknown is a value of which nothing more is known than where it came from.
type Unknown struct {
	At Expr
	// Why says in a few words why, for messages: "parameter", "call of f".
	Why string
	// Type is a type that is known without a value: "str", "int"; or "".
	Type string
	// Of and Attr are set when the value is an attribute of another
	// (cfg.workspace): reading it again gives the same Unknown. Attr is "['key']"
	// for an item, for a str that a value was formatted to its format ("%g",
	// "{:03d}"), and "os.path.basename()" for what that function gives for it.
	Of   Value
	OfAt Expr // the expression of Of at the place of first reading
	Attr string
	// Call is the call of a library's function, or of a method of something
	// unknown (its Symbol is then ".read"), that gives the value.
	Call *Call
}

func (*Const) isValue()    {}
func (*Text) isValue()     {}
func (*Symbol) isValue()   {}
func (*Object) isValue()   {}
func (*Seq) isValue()      {}
func (*Dict) isValue()     {}
func (*Function) isValue() {}
func (*Class) isValue()    {}
func (*Instance) isValue() {}
func (*Method) isValue()   {}
func (*Module) isValue()   {}
func (*Join) isValue()     {}
func (*Unknown) isValue()  {}

// Arg is a value together with the expression that gives it. Param is the
// parameter or field it is for, "" for a positional argument not yet bound.
type Arg struct {
	Param string
	Value Value
	At    Expr
	Star  int // 1 for *x, 2 for **x
}

// Call is a call that resolves to a known function, method or class of an SDK
// (or of the standard library, for the few that matter).
type Call struct {
	Symbol  string // canonical qualified name of what is called
	Version string // version of the SDK in which the arguments bind; "" unknown
	// Builds is the class of the record that the call builds field by field from
	// its arguments: that of a constructor, or of a function that makes such
	// records; "" for any other call.
	Builds string
	At     Expr  // the call expression
	Stmt   Expr  // the statement it stands in
	Recv   Arg   // the receiver of a method call
	Args   []Arg // as written
	Bound  map[string]Arg
	// Unbound says why the arguments do not bind ("" when they do).
	Unbound  string
	Result   Value
	Presumed bool
}

// UseKind classifies a use of a source SDK.
type UseKind uint8

// The kinds of use.
const (
	ImportUse UseKind = iota // one imported module or name
	CallUse                  // a call of a function or method
	MakeUse                  // a construction of a class, or of a record by a function
	AttrUse                  // a read or write of an attribute of an SDK object
	EnumUse                  // a member of an enum
	NameUse                  // a class or function mentioned without a call
	EnvUse                   // an environment name in a string (declared by the pack)
	LineUse                  // a command line of the SDK's tool (declared by the pack)
)

// Use is one use of a source SDK that must get a verdict.
type Use struct {
	Kind     UseKind
	Symbol   string // canonical qualified name, or the environment name
	At       Expr
	Call     *Call // for CallUse and MakeUse
	Value    Value
	Presumed bool
	// Also are the symbols besides, where an attribute is read of an instance of
	// one of several classes.
	Also []string
}

// Many stands for more values than anybody lists. No two of it are the same.
var Many Value = &Unknown{Why: "many values"}

// Same reports whether a and b are certainly the same value.
func Same(a, b Value) bool {
	if a == nil || b == nil || a == Many {
		return false
	}
	if a == b {
		return true
	}
	if x, ok := String(a); ok {
		y, ok := String(b)
		return ok && x == y
	}
	switch x := a.(type) {
	case *Const:
		y, ok := b.(*Const)
		return ok && !isBytes(x.V) && !isBytes(y.V) && x.V == y.V
	case *Symbol:
		y, ok := b.(*Symbol)
		return ok && x.Name == y.Name
	case *Text:
		y, ok := b.(*Text)
		return ok && samePieces(x.Pieces, y.Pieces)
	}
	return false
}

func isBytes(v any) bool { _, ok := v.([]byte); return ok }

func samePieces(a, b []Piece) bool {
	a, b = Flatten(a), Flatten(b)
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Val == nil || b[i].Val == nil {
			if a[i].Val != nil || b[i].Val != nil || a[i].Lit != b[i].Lit {
				return false
			}
			continue
		}
		if !Same(a[i].Val, b[i].Val) {
			return false
		}
	}
	return true
}

// String gives the constant str that v certainly is.
func String(v Value) (string, bool) {
	switch v := v.(type) {
	case *Const:
		s, ok := v.V.(string)
		return s, ok
	case *Text:
		out := ""
		for _, p := range v.Pieces {
			if p.Val == nil {
				out += p.Lit
				continue
			}
			s, ok := pieceText(p.Val)
			if !ok {
				return "", false
			}
			out += s
		}
		return out, true
	}
	return "", false
}

// Int gives the constant int that v certainly is.
func Int(v Value) (int64, bool) {
	if c, ok := v.(*Const); ok {
		i, ok := c.V.(int64)
		return i, ok
	}
	return 0, false
}

// IsNone reports whether v is certainly None.
func IsNone(v Value) bool {
	c, ok := v.(*Const)
	return ok && c.V == nil
}

// Pieces gives v as pieces of text. A constant str is one literal piece; a
// value that is no text is one piece that stands for it, at e.
func Pieces(v Value, e Expr) []Piece {
	switch x := v.(type) {
	case *Const:
		if s, ok := x.V.(string); ok {
			return []Piece{{Lit: s}}
		}
	case *Text:
		return x.Pieces
	}
	return []Piece{{Val: v, At: e}}
}

// Flatten opens nested texts and merges neighbouring literals. Pieces whose
// value is a constant become literals.
func Flatten(ps []Piece) []Piece {
	var out []Piece
	lit := func(s string) {
		if s == "" {
			return
		}
		if n := len(out); n > 0 && out[n-1].Val == nil {
			out[n-1].Lit += s
			return
		}
		out = append(out, Piece{Lit: s})
	}
	for _, p := range ps {
		if p.Val == nil {
			lit(p.Lit)
			continue
		}
		if s, ok := pieceText(p.Val); ok {
			lit(s)
			continue
		}
		if t, ok := p.Val.(*Text); ok {
			for _, q := range Flatten(t.Pieces) {
				if q.Val == nil {
					lit(q.Lit)
				} else {
					out = append(out, q)
				}
			}
			continue
		}
		out = append(out, p)
	}
	return out
}
