// Package golden holds the flag with which tests write what they expect instead
// of comparing with it. A test package without such files imports it for the
// flag alone, so that `go test ./... -update` is understood everywhere.
package golden

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
)

// Update is set by -update. What a test then writes must be read by a person
// before it is committed.
var Update = flag.Bool("update", false, "rewrite the expected results; read the diff before you commit it")

// Hint tells what to do where a result is not the expected one.
const Hint = "if the new result is right, `make update` writes it: read the diff before you commit it"

// File holds a result against the file in which it is expected, or writes that.
func File(t testing.TB, path string, got []byte) {
	t.Helper()
	want, err := os.ReadFile(path)
	if err == nil && bytes.Equal(want, got) {
		return
	}
	switch {
	case *Update:
		err = os.MkdirAll(filepath.Dir(path), 0o777)
		if err == nil {
			err = os.WriteFile(path, got, 0o666)
		}
		if err != nil {
			t.Error(err)
		}
	case errors.Is(err, fs.ErrNotExist):
		t.Errorf("%s does not exist yet; %s", path, Hint)
	case err != nil:
		t.Error(err)
	default:
		t.Errorf("%s is not what comes out; %s\n%s", path, Hint, clip(udiff.Unified("expected", "result", string(want), string(got))))
	}
}

// clip leaves of a difference what shows what it is about: its first lines, and
// their beginnings.
func clip(diff string) string {
	const most, width = 60, 160
	var b strings.Builder
	n := 0
	for line := range strings.Lines(diff) {
		if n++; n > most {
			b.WriteString("...\n")
			break
		}
		if r := []rune(line); len(r) > width {
			line = string(r[:width-1]) + "…\n"
		}
		b.WriteString(line)
	}
	return b.String()
}
