// Package examples holds programs as people wrote them and what becomes of
// them. Each folder is one example:
//
//	about.txt   one line: what it shows
//	before/     the program
//	after/      the same files after the translation, and report.json
//	options     optional: one "name=value" a line for a setting of the pack
//
// The programs are tests: `go test ./examples` translates each before side,
// holds the result to every promise and compares it with the after side.
// `go test ./examples -update`, which is a part of `make update`, rewrites the
// after sides.
package examples
