package meaning

import (
	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// Config is what a pack says about its SDKs.
type Config struct {
	Tables *sdk.Set
	// Sources and Targets are dotted prefixes of the modules of the source and
	// target SDKs.
	Sources, Targets []string
	// Auxiliary are prefixes of SDKs that come with the source SDK, and with
	// others: a use of one counts only in a program that uses a source SDK.
	Auxiliary []string
	// EnvNames are prefixes of environment names that count as uses where they
	// occur in string literals.
	EnvNames []string
	// LineWords are the first words of command lines that count as uses, in
	// shell lines and in the strings given to os.system and subprocess.
	LineWords [][]string
	// Samples are source modules that are distributed as folders next to the
	// programs, by module name.
	Samples map[string]Sample
	// Pure reports whether calling a symbol of an SDK has no effect but its
	// result. Nil: none.
	Pure func(symbol string) bool
	// Parts reports whether what a symbol of a source SDK builds, a class or a
	// function, is only ever part of another record, by which it is consumed.
	// Nil: none.
	Parts func(symbol string) bool
	// Conventions say how the SDKs wait, page, give raw responses, reach
	// operations and build records. Nil: in no way of their own.
	Conventions *sdk.Conventions
	// Factories names, for functions that make an instance of a class they are
	// given, the parameter that holds the class.
	Factories map[string]string
}

// Sample tells a sample module from a local module of the same name: the
// project's module is the sample only if it, or a module below it, defines one
// of Marks at its top level.
type Sample struct{ Marks []string }

// Source is one unit: a script, a notebook cell or a Markdown fence.
type Source struct {
	ID     ir.UnitID
	File   int    // the caller's own number for the file
	Text   []byte // masked
	Masked []grammar.MaskedLine
	Tree   *grammar.Tree // nil: the unit could not be parsed
	// Raw is the text before masking, with which masked lines are read.
	Raw []byte
}

// File is one module: its units run in order.
type File struct {
	Path   string
	Module string // dotted name relative to the project, "" if unknown
	Units  []*Source
	// Markdown says that units are fences, of which some may be alternatives.
	Markdown bool
	// Trigger says that the file's text, prose included, names the source SDK:
	// enough for presumptions about names that nothing defines.
	Trigger bool
}

// A DefKind says what binds a name.
type DefKind uint8

// The kinds of definition.
const (
	Assign DefKind = iota
	Import
	Param
	For
	With
	FuncDef
	ClassDef
	Augmented
	Except
	Walrus
	Match
	Comprehension
	Star // a name that a star import or %run brings in
)

// Def is one definition of a name: a place that binds it.
type Def struct {
	ID    int // in order of file, unit and position
	Name  string
	At    ir.Expr // the binding identifier; for imports the alias or name node
	Stmt  ir.Expr
	Kind  DefKind
	Scope *Scope
	Value ir.Value

	v    *variable
	u    *unit
	n    grammar.Node
	prev ir.Value // of the round before
}

// Binding is what a name means at a place.
type Binding struct {
	Value ir.Value
	Defs  []Def
	// Sure says that the name is certainly bound there, by one definition.
	Sure bool
	// Maybe says that some path leaves it unbound.
	Maybe bool
}

// CallSite is a call of a function of the program. Args holds what each
// parameter is given, defaults included.
type CallSite struct {
	Call ir.Expr
	Args map[string]ir.Arg
}

// ImportAlias is one imported name.
type ImportAlias struct {
	Stmt, Name ir.Expr // Name is the dotted name or aliased import, or the star
	Local      string  // the name it binds, "" for a star
	Qualified  string  // canonical qualified name of what is imported
	Symbol     bool    // the tables know Qualified
	IsModule   bool
	Project    bool // it is a module, or a name of a module, of the program
	Presumed   bool

	symbol  *ir.Symbol
	written string // its qualified name as the program writes it
}

// SyntaxError is a unit, or a part of one, that does not parse.
type SyntaxError struct {
	Unit       ir.UnitID
	Start, End int // bytes
	Message    string
}

// Program is what is known of a set of files.
type Program struct {
	cfg Config
	// instances are the attributes of instances that share their class with others.
	instances map[instanceKey][]instanceValue

	tables      *sdk.Set
	conventions *sdk.Conventions
	files       []*module
	units       []*unit
	byID        map[ir.UnitID]*unit
	defs        []*Def
	funcs       []*function
	classes     []*class
	byDef       map[ir.Expr]*function
	byClass     map[ir.Expr]*class
	mods        map[*ir.Module]*module
	resolve     func(module, fromPath string) (*File, bool)

	objects  []*ir.Object
	seqs     []*ir.Seq
	dicts    []*ir.Dict
	uses     []*ir.Use
	bySymbol map[string][]*ir.Call
	errors   []SyntaxError
	readers  map[int][]ir.Expr
	in       *interp
	rest     rest
	// unsettled: the bound of the rounds was reached.
	unsettled bool
	presumed  *presumptions
	samples   map[string]bool
	paths     map[string]*module // files by path, when there were pathed files
	pathed    int
	surface   *surface
	inside    map[*Scope]map[string]bool // what NameInUse has found
	dynamic   map[*Scope]bool            // what Escapes has found
	imports   []ImportAlias
	lines     *[]*ir.Call // what Lines has found
	// occasions are those that were asked for.
	occasions map[occasionsKey]occasionsFound
	callers   map[*function]map[*function]bool // what above has found
}

// unit is a Source in work: what was found for each node.
type unit struct {
	*Source
	m    *module
	ord  int
	root grammar.Node

	vals  byNode[ir.Value]
	reach byNode[*binding] // by node of a name load
	calls map[int32]*ir.Call
	defAt byNode[*Def]      // by node of the binding identifier
	scope map[int32]*Scope  // by node of the owner
	pre   byNode[*frame]    // by statement: what holds before it
	sites map[siteKey]*site // calls of the program's functions
	// Values made at a node, one for all rounds.
	unknown map[int32]*ir.Unknown
	object  map[objKey]*ir.Object
	seq     map[turnKey]*ir.Seq
	dict    map[turnKey]*ir.Dict
	lists   map[int32]*statements
	parts   map[objKey]*ir.Unknown
	manages map[int32]*function // calls that make context managers
	aliasAt map[int32]*ImportAlias
}

// module is a File in work.
type module struct {
	*File
	units   []*unit
	scope   *Scope
	val     *ir.Module
	stars   []*star
	end     env
	done    int // the round in which it was last run
	running bool
	source  bool // it imports or uses a source SDK
	undef   map[string]*ir.Unknown
	dir     string
	pkg     string // dotted package that relative imports start from
	given   bool
	reads   []*module // that it imports
}

// Analyze reads the files, in order, as one program. resolve finds a module
// that is not among them; it may be nil.
func Analyze(files []*File, resolve func(module, fromPath string) (*File, bool), cfg Config) *Program {
	p := &Program{
		cfg: cfg, tables: cfg.Tables, resolve: resolve,
		byID: map[ir.UnitID]*unit{},
		mods: map[*ir.Module]*module{}, presumed: newPresumptions(), samples: map[string]bool{}, rest: rest{},
	}
	if p.conventions = cfg.Conventions; p.conventions == nil {
		p.conventions = &sdk.Conventions{}
	}
	p.byDef, p.byClass = newMaps()
	for _, f := range files {
		p.addFile(f, true)
	}
	p.findSamples()
	in := newInterp(p)
	p.in = in
	in.run()
	p.finish(in)
	return p
}

// addFile takes a file into the program and finds its scopes.
func (p *Program) addFile(f *File, given bool) *module {
	m := &module{File: f, undef: map[string]*ir.Unknown{}, given: given}
	m.val = &ir.Module{Name: f.Module, Path: f.Path}
	p.mods[m.val] = m
	m.dir, m.pkg = placeOf(f)
	p.files = append(p.files, m)
	skip := map[int]bool{}
	if f.Markdown {
		skip = p.alternatives(f)
	}
	for i, s := range f.Units {
		if s.Tree == nil || skip[i] {
			continue
		}
		at := placesOf(s.Tree)
		u := &unit{Source: s, m: m, ord: len(p.units), root: s.Tree.Root(),
			vals: newByNode[ir.Value](at.values), reach: newByNode[*binding](at.names), defAt: newByNode[*Def](at.names),
			pre:   newByNode[*frame](at.statements),
			calls: map[int32]*ir.Call{},
			scope: map[int32]*Scope{}, sites: map[siteKey]*site{}, parts: map[objKey]*ir.Unknown{}, manages: map[int32]*function{}, aliasAt: map[int32]*ImportAlias{},
			unknown: map[int32]*ir.Unknown{}, object: map[objKey]*ir.Object{}, seq: map[turnKey]*ir.Seq{},
			dict: map[turnKey]*ir.Dict{}, lists: map[int32]*statements{},
		}
		p.units = append(p.units, u)
		p.byID[s.ID] = u
		m.units = append(m.units, u)
		for _, e := range s.Tree.Errors() {
			p.errors = append(p.errors, SyntaxError{s.ID, e.Start, e.End, e.Message})
		}
	}
	p.buildScopes(m)
	return m
}

// expr names a node; the zero Node has the zero Expr.
func (u *unit) expr(n grammar.Node) ir.Expr {
	if n.IsZero() {
		return ir.Expr{}
	}
	return ir.Expr{Span: ir.Span{Unit: u.ID, Start: n.Start(), End: n.End()}, Node: n.ID()}
}

// finish gathers what the questions need after the last round.
func (p *Program) finish(in *interp) {
	p.settle()
	p.cutCycles()
	p.findUses()
	for _, d := range p.defs {
		if d.Value == nil {
			d.Value = &ir.Unknown{At: d.At, Why: "never runs"}
		}
	}
	p.bySymbol = map[string][]*ir.Call{}
	for _, u := range p.units {
		for _, id := range sortedKeys(u.calls) {
			c := u.calls[id]
			p.bySymbol[c.Symbol] = append(p.bySymbol[c.Symbol], c)
		}
	}
	for _, c := range p.classes {
		c.val().Attrs = c.flatAttrs()
	}
}

func newMaps() (map[ir.Expr]*function, map[ir.Expr]*class) {
	return map[ir.Expr]*function{}, map[ir.Expr]*class{}
}
