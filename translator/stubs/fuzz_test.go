package stubs_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pyxlate/rules/sdk"
	"pyxlate/translator/stubs"
)

// FuzzRead reads any bytes as a stub file: no panic, and either a table that
// the tables take or a fault with its place.
func FuzzRead(f *testing.F) {
	f.Add([]byte(training))
	f.Add([]byte("class A(A): ...\ndef f(*, a=..., **k) -> \"B\": ...\n"))
	f.Add([]byte("if x:\n    from . import y as z\nelse:\n    a: int\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := stubs.Read(fstest.MapFS{"a/b.pyi": {Data: text}}, "rules", "contoso", wrapper)
		if err != nil {
			var e *stubs.Error
			require.True(t, errors.As(err, &e), "%v", err)
			require.Positive(t, e.Line)
			require.Positive(t, e.Column)
			return
		}
		if s == nil || len(s.Table) == 0 {
			return
		}
		base, err := sdk.Load()
		require.NoError(t, err)
		_, err = base.With(s.Table)
		require.NoError(t, err)
	})
}
