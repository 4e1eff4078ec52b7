// Package check states the promises of a translation as functions of what was
// there before and what is there after. Each looks for itself: it uses the
// parser and the analysis, and nothing of the machinery that made the result.
//
// It owes violations that a person can act on: the promise, the place, what is
// wrong. It must not know any SDK by name; what a pack declares comes in with
// the translation.
package check
