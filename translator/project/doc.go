// Package project takes documents to programs and back: it reads the units of
// scripts, notebooks and pages into one program, has a pack carried out on it,
// and checks what comes back before anyone may write it.
//
// It owes results that are safe to write: edits that would break a unit that
// parsed are dropped, and their uses left to a person (a unit is never put into
// another state than "as it was" or "checked"). It reads no files and knows no
// flags, no terminal and no SDK: what is particular to one is in the pack.
package project
