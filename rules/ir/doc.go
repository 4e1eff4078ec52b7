// Package ir is the vocabulary that rules are written in: values, what is
// known of the old program, and terms, what a rule answers with.
//
// It owes plain data that both sides of a rule can share. It must not know
// syntax trees, files, or any SDK: an expression of the user's is a Span, a
// class is a qualified name.
package ir
