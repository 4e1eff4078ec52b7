// Package constant computes with Python's constants as CPython does: literals,
// operators, repr, format, and the methods of str. A constant is a Go value: nil,
// bool, int64, *big.Int (only where int64 is too small), float64, string (a str)
// or []byte. The package knows constants only: no program, no names, no values
// that are not known. What it makes is bounded, and what it is not sure of it
// declines; its answers are held against CPython's by the tests of
// package meaning.
package constant

// Bounds of what is made.
const (
	MaxText = 64 << 10 // bytes of a str
	MaxBits = 4096     // of an int
)
