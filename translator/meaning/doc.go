// Package meaning reads a Python program as an abstract interpreter would and
// answers what its expressions are: which name means what where, what a call
// binds, which object a variable holds and how that object was built.
//
// It owes a Program for any set of files, whatever they hold: unknown is a
// value, never an error. It runs no user code; its work is bounded in steps, depth
// and size. It knows Python and the tables of rules/sdk. It must not know
// any SDK by name, any rule, or how findings and edits are made: what is
// special to a pack comes in through Config.
//
// The way through the package: scope.go finds scopes and definitions; rounds.go
// runs the program until it is stable; flow.go runs statements over environments
// (env.go), loops.go and finally.go those that are run more than once; eval.go,
// attr.go and call.go evaluate expressions, heap.go what changes objects, stores.go
// what functions change that was made elsewhere, convention.go what packs declare
// of their SDKs; imports.go
// resolves modules, fences.go chooses the fences of a page; fold.go and
// foldstr.go compute constants; presume.go adds what only the shape of a
// program tells; uses.go lists the uses of source SDKs; query.go answers
// questions about the result. A Program's questions share memory: ask them from
// one goroutine.
//
// The analysis runs the whole program in rounds until no value changes; in a round,
// a function's body runs once, with the join of what its calls give, and a loop's
// until the environment at its head is stable. What does not come to rest is
// widened: constants are no longer told apart, objects are kept. Work is counted in
// steps; a program that takes too many is not settled, and says so. Objects are told
// apart by the call that makes them: two runs of one constructor are one object.
package meaning
