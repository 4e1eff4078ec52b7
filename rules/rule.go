// Package rules says what a rule is. A pack is a folder of YAML files beside a
// table of Go functions for what a table cannot say; this package loads it and
// refuses what is wrong in it, with file, line and the nearest right name.
//
// It owes validated, indexed rules. It must not know syntax trees, documents or
// how a rule is carried out.
package rules

import (
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// Pack is what is known of one source: its SDKs, what becomes of their symbols,
// and the targets to which it leads.
type Pack struct {
	ID     string // "batchai": also the name of its folder
	Source string // the old SDK's name for people: "Batch AI"
	// Family is the beginning of all its codes ("BAI").
	Family string
	// Ended says since when the source is of no use, for people: a relative clause
	// ("which was retired in 2019").
	Ended string
	// Targets are those to which the pack leads, the default first.
	Targets []*Target

	// Primary are the dotted prefixes of the SDK that is left. Auxiliary are
	// SDKs that are only looked at in programs that use a primary one.
	Primary   []string
	Auxiliary []string
	// Extended are the Primary ones that extensions added.
	Extended []string
	// Env are the prefixes of environment names that count as uses in strings.
	Env []string
	// Lines are the words that open a command line of the old SDK's tool.
	Lines [][]string
	// Samples are source modules that are copied folders and not packages.
	Samples map[string]Sample
	// Pure lists symbols (prefixes end with a dot) whose call has no effect
	// outside its result: constructors of models, clients and services.
	Pure []string
	// Factories are functions that make an instance of a class they are given:
	// symbol -> the parameter that takes the class.
	Factories map[string]string
	// Drops are parameters that every call may give and that have no
	// counterpart, with the code of the note that says so.
	Drops map[string]string
	// PathAppends are sample modules for whose sake alone sys.path is extended:
	// such a line goes when their import goes.
	PathAppends []string
	// Conventions say how the source SDKs do what every SDK does in a way of its
	// own: the keys pollers, pagers, cursors, raw, clients and records.
	Conventions sdk.Conventions
	// Neighbours say for what a file is looked at together with others of its
	// folder though none imports the other.
	Neighbours []Neighbour
	// Options are the pack's settings, in the order of its file.
	Options []Setting

	// Codes are the codes of what the engine itself has to say of a use of the
	// pack's source, by role:
	// "import" (nothing needs it any more), "carried" (part of what a rule has
	// rewritten), "unknown" (a use without a rule), "changed" (a record is changed
	// in a way that cannot be followed), "unbound" (arguments do not bind),
	// "unplaced" (a value cannot be written where it is needed), "uncalled" (a
	// function is handed on without a call), "needed" (code left by hand still
	// needs this), "record" (an object that only feeds others is not consumed),
	// "presumed" (only the shape speaks), "early" (a resource is made where its
	// carrier is), "counterpart" (what another script reads is taken for the same),
	// "unevaluated" (something is not evaluated any more); of lists of
	// requirements "requirement" (replaced), "requirement_version" (its version
	// is not carried over), "requirement_manual" (left to a person). "syntax" (a
	// part does not parse) may be left out: it is "unknown" then.
	Codes map[string]string
	// Retired are codes that findings had once. Users' comments and settings may
	// still name them: they are never given to anything else.
	Retired []string

	// Notes is the catalogue that holds for every target which does not say
	// otherwise.
	Notes map[string]NoteText
	// Rules are those of all targets, in the order to try them.
	Rules []*Rule

	// Funcs are the Go functions that rules name.
	Funcs map[string]ir.Func
	// Derive are the Go functions that resources name in derive.
	Derive map[string]DeriveFunc
}

// Target is what a pack says of one SDK to which it leads.
type Target struct {
	ID   string // the name for --to: "azureml"
	Name string // for people: "Azure ML SDK v1"
	// Complete: every symbol of the source has an answer. Until then, a use
	// without one is left to a person under the code Unanswered.
	Complete bool
	// Modules are the dotted prefixes of the SDK.
	Modules []string
	// Libraries are other modules that templates may name: the SDK brings them
	// along.
	Libraries []string
	// Requirements are the distributions that take the place of one in lists of
	// requirements, by its name.
	Requirements map[string][]string

	Resources map[string]*Resource
	// Notes are the texts that differ from those of the pack.
	Notes map[string]NoteText
}

// Target gives what the pack says of a target, nil if it does not lead there.
func (p *Pack) Target(id string) *Target {
	for _, t := range p.Targets {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// Setting is something that a user may choose about what a pack does.
type Setting struct {
	Name   string
	Values []string // the default first
	// Help says in a sentence what is chosen.
	Help string
	// Flag: the command takes --NAME, short for --set NAME.
	Flag bool
}

// Neighbour is something that one script of a folder uses and another sets up:
// a file that has one of the words Reads and none of Gives is looked at together
// with the files of its folder that have one of Gives.
type Neighbour struct{ Reads, Gives []string }

// Sample describes a source module that people copied beside their programs.
type Sample struct {
	// Marks are functions by which a module of that name in the project is
	// known as the sample and not as something of the user's own.
	Marks []string
}

// NoteText is an entry of the pack's catalogue.
type NoteText struct {
	Code string
	Text string // {name} holes are filled from ir.Note.Values
	// Verdict is what the note means for its use where neither the rule nor
	// the rule's function says otherwise.
	Verdict ir.Verdict
}

// Resource is a kind of target object: how to find it and how to make it.
type Resource struct {
	Kind string
	// Variable is the name wanted for a variable that holds it.
	Variable string
	// Type is the class of the target object, by which members that templates
	// read of it are checked; "" checks nothing.
	Type string
	// Key are the parameters that identify it; equal keys, one object.
	Key []string
	// Holds are source classes: a variable that held such an object, made by a
	// call with the same key, holds the resource.
	Holds []string
	// Named is the attribute of a held object that is its key ("name"), "" where
	// there is none.
	Named string
	// Carriers are source classes whose variables hold the resource from where
	// they are constructed (a client that becomes a workspace).
	Carriers []string
	// KeepsName: such a variable keeps the name that it has; Variable is for
	// where the program has none.
	KeepsName bool
	// Back names the attributes of this resource that are carried ones (an
	// object of the new SDK knows its workspace): kind -> attribute.
	Back map[string]string
	// Make is the expression that gets or makes it.
	Make string
	// ByOption replaces Make where an option has a value: "storage=default".
	ByOption map[string]string
	// Introduce: always put into a variable before the statement that needs it.
	Introduce bool
	// Missing is the expression to use where the key is not known, with the
	// note Notes[""].
	Missing string
	// Derive computes holes of Make by a function of the pack, by hole.
	Derive map[string]string
	// Notes are the codes for what was made by Make.
	Notes []string
	// OptionNotes are the codes for what was made by ByOption.
	OptionNotes []string
	// MissingNotes are the codes for what was made by Missing.
	MissingNotes []string

	// Pack is the one that declares it.
	Pack *Pack
}

// DeriveFunc computes a hole of a resource's template from its arguments.
type DeriveFunc func(args map[string]ir.Arg, c ir.Context) (ir.Term, bool)

// Rule says what becomes of one or several symbols of the old SDK.
//
// Templates are Python. A target symbol is written by its qualified name, and
// imports follow from it. {name} is a hole: a parameter of the old call, a
// dotted path into a record that was passed ({parameters.vm_size}), {self} the
// receiver, {self.field} a field of the receiver's construction, {target} the
// variable that takes the result, or a resource by its kind ({workspace}). A
// keyword argument whose whole value is a hole that the call does not give is
// left out; of several with one name the first given one stays.
type Rule struct {
	ID   string // code of its findings
	Name string
	// Group names rules that share their examples; "" is a group of its own.
	Group string
	File  string // where it was loaded from, with Line (1-based)
	Line  int

	// From are symbols of the source. One that ends in "*" stands for all that
	// begin like it and have no rule of their own. A command line is named by
	// its first words ("tool group").
	From []string
	// Where restricts the rule to calls: parameter -> "given", "absent", or a
	// constant as Python source. Of the rules for one symbol the first that fits
	// is carried out: see Load for their order.
	Where map[string]string
	// Failed restricts the rule to where a call of this symbol with the same
	// arguments has just failed: to the except clauses of its try statement.
	Failed string

	To   string // an expression
	Do   string // statements; the call must be able to stand as a statement
	Func string // a function of the pack
	// Fields maps the fields of a constructed record, by dotted path, to what
	// To (a bare callable) takes.
	Fields []Field
	// Values maps old values of an attribute (enum members by value) to the new
	// values that mean the same; comparisons follow from it.
	Values map[string][]string

	// Partly: fields of the record that are set on a condition are left to a
	// person; the rest of it is rewritten.
	Partly bool
	// Mutable: the new object's attributes are named like the parameters of To,
	// so that a field changed after construction can be changed there too.
	Mutable bool
	// Attributes names the attribute of the new object for a parameter of To,
	// where it is called otherwise: a dotted path.
	Attributes map[string]string
	// Needs lists, for a parameter of To, those of which one must be given in the
	// same call: what is changed later comes too late.
	Needs map[string][]string
	// Fold: the object only feeds others; its statement goes when nothing reads
	// it any more, and stays as it is otherwise.
	Fold bool
	// Drop: the statement goes.
	Drop bool
	// Keep: the text stays and is valid as it is.
	Keep bool
	// Stays is the code of the note under which a use stays as it is where the
	// rule cannot be carried out: the old text is valid in the new program too.
	// "" leaves such a use to a person.
	Stays string
	// Manual: left to a person.
	Manual bool
	// Otherwise is the code of the note that says what to do where the rule
	// cannot be carried out; "" is the first of Notes, or Why.
	Otherwise string

	// Wait is a statement to put where the old code waited for the call's
	// poller, as Conventions.Pollers say how.
	Wait string
	// Poller is what stands for the call's poller where the old code keeps it:
	// the object that Do is done with.
	Poller string
	// Makes is the kind of resource that the call's result is.
	Makes string
	// Variable is the name wanted for a variable that holds the call's result
	// where the program has none and the result is no resource; "" is "result".
	Variable string

	// Provides gives holes for making the resource that the rule's object
	// carries: hole -> template over the parameters of this call.
	Provides map[string]string

	// Drops are parameters that have no counterpart: parameter -> code, or ""
	// for one that is consumed without loss (its reason in Why).
	Drops map[string]string

	// Verdict is that of the rule's notes when the file does not state one.
	Verdict ir.Verdict
	Notes   []string // codes
	Why     string   // one sentence for documentation
	Source  string   // where the fact is from

	Examples []Example

	// Target is the only one for which the rule holds, "" for all of the pack's.
	Target string
	// Pack is the one whose rule it is.
	Pack *Pack

	verdictStated bool
}

// Field is one line of a field table.
type Field struct {
	Path string   // dotted path in the old record
	To   []string // parameters of the new callable
	// Value is a template for the value, {it} the old one; "" passes it on.
	Value string
	// Drop, Manual and Note: no counterpart, with the code.
	Drop, Manual bool
	Note         string
	// When restricts the line to a constant value (Python source).
	When string
	// Func is a function of the pack whose Term is an Apply: its arguments are
	// added.
	Func string
	// Absent lines are for records that do not have the field.
	Absent bool
	// Also lines count although an earlier line took the field.
	Also    bool
	Verdict ir.Verdict
}

// Example is a test of a rule and its documentation at once.
type Example struct {
	Before  string
	After   string // "" with Same: the program must not change
	Same    bool
	Options map[string]string
	Why     string
}
