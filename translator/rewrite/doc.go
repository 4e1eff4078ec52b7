// Package rewrite carries out a pack's rules on a program whose meaning is
// known: it finds the rule for each use, resolves what the rule's answer needs
// at that place, renders the new code in the layout of the old, and gives every
// use a verdict.
//
// It owes edits and findings. It must not read or write files, and it knows no
// SDK: whatever is particular to one comes from the pack.
package rewrite
