// Package meaning reads a Python program as an abstract interpreter would and
// answers what its expressions are: which name means what where, what a call
// binds, which object a variable holds and how that object was built.
//
// It owes a Program for any set of files, whatever they hold: unknown is a
// value, never an error. It runs no user code; its work is bounded in rounds,
// depth and size. It knows Python and the tables of rules/sdk. It must not know
// any SDK by name, any rule, or how findings and edits are made: what is
// special to a pack comes in through Config.
//
// The way through the package: scope.go finds scopes and definitions;
// flow.go runs statements over environments (env.go); eval.go, attr.go and
// call.go evaluate expressions; imports.go resolves modules; fold.go computes
// constants; presume.go adds what only the shape of a program tells; uses.go
// lists the uses of source SDKs; query.go answers questions about the result.
package meaning
