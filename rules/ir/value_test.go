package ir_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"pyxlate/rules/ir"
)

// Two values of bytes are not compared at all: a slice has no identity.
func TestSameOfBytes(t *testing.T) {
	a, b := &ir.Const{V: []byte("x")}, &ir.Const{V: []byte("x")}
	assert.False(t, ir.Same(a, b))
	assert.True(t, ir.Same(a, a))
	assert.True(t, ir.Same(&ir.Const{V: int64(1)}, &ir.Const{V: int64(1)}))
}
