// Package rulecases makes many programs out of one: the same calls in the other
// forms that Python has for them. It is a source of tests for a pack.
//
// It owes programs that parse and that differ from the given one in the stated
// way alone, and a list of the calls of the target SDK by which two results can
// be held against each other. It knows no SDK: what can be written otherwise
// follows from the analysis of the program and the tables.
package rulecases
