package ir

// Verdict is what became of a use of the old SDK.
type Verdict uint8

// The verdicts, from best to worst: a finding with several reasons has the
// worst of their verdicts.
const (
	Migrated Verdict = iota // rewritten, same meaning
	Review                  // rewritten, the meaning differs as the note says
	Manual                  // left to a person
)

// Note is one reason, by the code of the pack's catalogue. Values fill the
// holes of its text. Verdict overrides the catalogue's own where it is set.
type Note struct {
	Code   string
	Values map[string]string
	// Verdict the note gives to its use.
	Verdict Verdict
	// At is the expression it is about, zero for the whole call.
	At Expr
}

// Answer is what a rule's function gives back.
type Answer struct {
	// Before are statements to put before the statement of the call.
	Before []Statement
	// Term replaces the call. Nil keeps what Keep says.
	Term Term
	// After are statements to put after the statement of the call.
	After []Statement
	// Over is the expression around the use that Term replaces instead of the
	// use alone, zero for none; see Context.Compared.
	Over Expr
	// Spellings are parts of string literals of the program that get another
	// text. They answer for the environment names in these literals.
	Spellings []Spelling
	// Drop removes the whole statement of the call, which is then nothing but
	// that call (or an assignment of it that nothing reads).
	Drop bool
	// Keep leaves the old text: the use has its verdict, the text stays valid.
	Keep bool
	// Notes are the reasons. A Manual note on the whole call (zero At) leaves
	// the statement as it stands under a mark; one with At set marks that part,
	// and the rest is rewritten.
	Notes []Note
	// Makes is the resource that the result of the call is from now on.
	Makes *Resource
}

// Spelling is a new text for a part of a string literal that stays where it is.
type Spelling struct {
	// Literal is the literal, Part the place in it. Text must mean itself in
	// every kind of literal.
	Literal Expr
	Part    Span
	Text    string
}

// Resource names an object of the target program by what it stands for: the
// cluster of a name, the datastore of a container. Kind is declared by the
// pack, with the parameters that identify it within its kind; Args gives these,
// and whatever else is needed to make it, by Param.
type Resource struct {
	Kind string
	Args []Arg
}

// Context is what the engine offers to a rule's function about the use at hand.
// A rule function sees values, never syntax.
type Context interface {
	// Call is the call or construction at hand; nil for an attribute read.
	Call() *Call
	// Use is the use at hand.
	Use() *Use
	// Object is the object under construction, or the receiver of the call or
	// attribute.
	Object() *Object
	// Recv is the receiver of the method call or attribute read.
	Recv() Arg
	// Owner gives what an attribute was read from: what the text says where it
	// is an attribute's, else where the value came from. A zero Arg: unknown.
	Owner(a Arg) Arg
	// Held gives a variable that holds the value at the place of the use. Where
	// none does and the value is made by a call in a statement that leads here,
	// the engine introduces one there.
	Held(v Value) (Term, bool)
	// Arg gives the bound argument or field of that name, for objects as they
	// are after all changes; ok is false when the program does not give it.
	Arg(name string) (Arg, bool)
	// Path gives the field at the end of a dotted path through nested objects
	// ("scale_settings.manual.target_node_count").
	Path(path string) (Arg, bool)
	// Resource gives a term for a resource at the place of the use: a variable
	// that certainly holds it there, or an expression that the pack declares for
	// its kind, introduced into a variable of its own when more than one
	// statement needs it. ok is false when it cannot be had.
	Resource(kind string, args ...Arg) (Term, bool)
	// Target is the variable that holds the result of the use: the one that the
	// statement assigns to, or a new one that the engine then makes.
	Target() Term
	// Shown reports whether no more than the truth of the use or its printed
	// form counts: it is tested, or an argument of print or of a logger.
	Shown() bool
	// Iterated reports whether the use is what a loop or comprehension goes
	// through, itself or where it is empty something else.
	Iterated() bool
	// Passed gives the call whose argument the use is, nil if it is none or
	// what is called is not known.
	Passed() *Call
	// Calculated reports whether the program calculates with the use: an
	// operator, a comparison of size, an attribute or a format that only its old
	// value has, of the use itself or of a variable that it is assigned to.
	// tested: the variable is also asked whether it holds anything.
	Calculated() (is, tested bool)
	// Compared gives what the use is compared with, the operator (==, !=, in,
	// not in, startswith, endswith; has and has not: the other is looked for in
	// the use), and the comparison; ok is false when it stands in none. It may be
	// one of the attributes of the use that is compared.
	Compared(attributes ...string) (other Arg, op string, comparison Expr, ok bool)
	// Guarded lists the calls of source SDKs in the body of the try statement in
	// whose except clause the use stands, those in functions of the program that
	// the body calls among them.
	Guarded() []*Call
	// Representative gives one value for all that are presumably the same though
	// nothing proves it: the same item of a configuration that several scripts
	// of the program read, each for itself. Where the engine then writes one for
	// the other, it says so. Any other value is its own.
	Representative(v Value) Value
	// Given reports whether an expression is a parameter of a function of the
	// program: its value is what the calls in sight give, others may follow.
	Given(e Expr) bool
	// ForCallers reports whether a value is a constant only for the calls in
	// sight: its expression depends on a parameter of a function.
	ForCallers(a Arg) bool
	// Literals lists the string literals of which the value of an expression may
	// be made, wherever in the program they stand.
	Literals(a Arg) []Expr
	// Calls lists all calls of the source symbol in the program, in order.
	Calls(symbol string) []*Call
	// Lines lists the calls by which the program runs command lines of a shell,
	// those of a notebook among them: "command" is the line, or a list of its words.
	Lines() []*Call
	// Occasions gives the ways in which the program comes to a call, in no
	// order, as seen from the function that the use stands in; for the call at hand,
	// from outside of all functions. all is false where there are more than anybody
	// looks at.
	Occasions(call *Call) (occasions []Occasion, all bool)
	// Made lists all objects of a class that the program constructs.
	Made(class string) []*Object
	// Before reports program order.
	Before(a, b Expr) bool
	// Text is the source text of an expression.
	Text(e Expr) string
	// Can reports whether the value can be written at the place of the use: the
	// same expression means the same there, a name holds it, or it is constant.
	Can(a Arg) bool
	// Fresh makes a new variable.
	Fresh(want string) *Variable
	// Free reports whether the pack's option is set: Option("storage") is
	// "register" or "default".
	Option(name string) string
	// ReadAttrs lists the attributes that the program reads of the object, in
	// order of first reading; all is true when it goes where they cannot be seen.
	ReadAttrs(o *Object) (names []string, all bool)
	// Stem is the name of the file at hand without folder and ending.
	Stem() string
	// Files reads a companion file of the program beside the file at hand (a
	// training script). ok is false when there is none. Paths never leave the
	// folder tree that the run was given.
	ReadFile(path string) (text string, ok bool)
}

// Occasion is one way in which the program comes to a call: through one call of
// each function around it, and with one element of each sequence that a loop
// around it runs through.
type Occasion interface {
	// Call is the call that is come to.
	Call() *Call
	// At is where the program, outside of all functions that it calls, sets out
	// for it.
	At() Expr
	// Arg gives a bound argument of the call as it is on this occasion: its
	// value, and the expression that gives it, if there is one outside of the
	// functions that were called.
	Arg(name string) (Arg, bool)
	// Recv is the receiver of the method call.
	Recv() Arg
	// Of gives another value of the program as it is on this occasion.
	Of(a Arg) Arg
	// Possible is false where a condition on the way certainly does not hold;
	// sure: all conditions on the way are known to hold.
	Possible() (possible, sure bool)
	// Loops gives what the loops on the way run through whose elements are not
	// known one by one, the outermost first.
	Loops() []Arg
	// Supposing gives the occasions on which such a loop, by its index, has come
	// to an element.
	Supposing(loop int, element Value) []Occasion
}

// Func is a rule's function: what a table cannot say. It answers, or declines
// with a nil answer (the use gets the verdict manual with the rule's note).
type Func func(Context) *Answer
