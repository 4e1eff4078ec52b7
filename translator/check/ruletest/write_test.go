package ruletest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAfterSidesAreWritten(t *testing.T) {
	const text = `- id: R1
  from: x
  why: |
    Why.
    - before: not this
  examples:
    - before: |
        a

        b
      after: |
        old

        old
      why: As it was.
    - why: The second.
      before: |
        c
      options: {storage: default}
      same: true

- id: R2
  from: y
  examples:
    - {before: x, same: true}
`
	got, ok := withAfter(text, 1, 0, "a\n\nb\n", "new\n\nnew\n")
	require.True(t, ok)
	want := strings.Replace(text, "old\n\n        old", "new\n\n        new", 1)
	assert.Equal(t, want, got)
	got, ok = withAfter(got, 1, 1, "c\n", "d\n")
	require.True(t, ok)
	want = strings.Replace(want, "      same: true\n", "      after: |\n        d\n", 1)
	assert.Equal(t, want, got)
	got, ok = withAfter(got, 1, 0, "a\n\nb\n", "a\n\nb\n")
	require.True(t, ok)
	want = strings.Replace(want, "      after: |\n        new\n\n        new\n", "      same: true\n", 1)
	assert.Equal(t, want, got)
	_, ok = withAfter(text, 1, 2, "", "d\n")
	assert.False(t, ok)
	_, ok = withAfter(text, 22, 0, "x", "d\n")
	assert.False(t, ok, "an example on one line is left to its writer")
}
