package ir

// Term is a piece of the new program. A rule answers with terms; the engine
// renders them where they are needed, imports what they name and lays them out
// as the old code was.
type Term interface{ isTerm() }

// Name is a target symbol (or one of the standard library) by qualified name,
// "some.sdk.core.Workspace" or "os.path.join"; imports follow from it.
type Name struct{ Path string }

// Source is an expression of the user's, re-emitted as it was written (with the
// rewrites inside it applied). Where the place of emission is another than the
// place of writing, the engine looks for a name that holds Arg.Value there, or
// writes the constant; where it can do neither, the rule's answer is dropped
// and the statement gets the verdict manual.
type Source struct{ Arg Arg }

// Optional is a term in a place where None stands for what is not given: where
// Given, or what the term reads, belongs to a part of the old record that is
// given on a condition only, it is written under that condition. Elsewhere such
// a part is never written.
type Optional struct {
	Value Term
	Given Arg
}

// Excerpt is an expression made of parts of one of the user's as they are
// written, with other text between them: the variables that such a part binds
// itself mean nothing outside of it.
type Excerpt struct {
	Whole Expr
	Parts []ExcerptPart
}

// ExcerptPart is text of the new program, or a part of the old expression where
// Text is "".
type ExcerptPart struct {
	Text string
	Part Span
}

// Literal is a Python constant: nil, bool, int, int64, float64 or string.
type Literal struct{ V any }

// Apply is a call.
type Apply struct {
	Fn   Term
	Args []Argument
}

// Argument is one argument of an Apply. Name is "" for a positional one; Star
// is 1 for *x and 2 for **x. Old lists the old expressions whose place this
// argument takes, so that comments beside them move along.
type Argument struct {
	Name  string
	Value Term
	Star  int
	Old   []Expr
}

// Member is an attribute of a term.
type Member struct {
	Of   Term
	Name string
}

// Item is a subscript of a term.
type Item struct{ Of, Key Term }

// DictOf is a dict display.
type DictOf struct{ Entries []Entry }

// Entry is one entry of a DictOf. A nil Key is **Value.
type Entry struct {
	Key, Value Term
	Old        []Expr
}

// ListOf is a list display; Tuple makes it a tuple.
type ListOf struct {
	Items []Term
	Tuple bool
}

// Concat is a str made of pieces, rendered as the shortest faithful expression:
// one literal, one expression, or a concatenation.
type Concat struct{ Pieces []Piece }

// Code is a Python expression in the rules' own writing: target symbols by
// qualified name, {name} for a hole. It is parsed when the rule is loaded.
type Code struct {
	Text  string
	Holes map[string]Term
}

// Var is a variable that the engine introduces or that a resource is held in.
type Var struct{ Handle *Variable }

// Variable is a name of the new program that the engine chooses: Want, or Want
// with a suffix where that is taken.
type Variable struct {
	Want string
	Name string // chosen; set by the engine
}

func (*Name) isTerm()     {}
func (*Source) isTerm()   {}
func (*Excerpt) isTerm()  {}
func (*Literal) isTerm()  {}
func (*Optional) isTerm() {}
func (*Apply) isTerm()    {}
func (*Member) isTerm()   {}
func (*Item) isTerm()     {}
func (*DictOf) isTerm()   {}
func (*ListOf) isTerm()   {}
func (*Concat) isTerm()   {}
func (*Code) isTerm()     {}
func (*Var) isTerm()      {}

// Statement is a statement of the new program: Target = Value, or Value alone
// when Target is nil. A Block is free text instead: a template of one or more
// statements with {name} holes.
type Statement struct {
	Target Term
	Value  Term
	Block  *Code
}
