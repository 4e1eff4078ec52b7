package grammar

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestAcceptedByGpython(t *testing.T) {
	for source, want := range map[string]bool{
		"x = 1\n":                    true,
		"x = 1":                      true,
		"":                           true,
		"if a:\r\n    b(c, d=1)\r\n": true,
		"x = = 1\n":                  false,
		"if a:\nb\n":                 false,
		"if a:\n    b\n  c\n":        false,
		"x = f'{a}'\n":               false, // newer than Python 3.4
		"x: int = 1\n":               false,
		"f(\n":                       false,
		"x = '\\x'\n":                false,
		"\x00":                       false,
	} {
		assert.Equal(t, want, AcceptedByGpython([]byte(source)), "%q", source)
	}
}

// No text keeps it long.
func TestAcceptedByGpythonTime(t *testing.T) {
	for _, piece := range []string{
		"(", "[", "a+", "a ", "\\\n", "'''", "'", "#", "\n ", "if a:\n ", "-", "not ", "lambda:", "a;", "\t\n", "0", "a", "{'a':[",
	} {
		start := time.Now()
		AcceptedByGpython([]byte(strings.Repeat(piece, (1<<17)/len(piece))))
		assert.Less(t, time.Since(start), 10*time.Second, "%q", piece)
	}
}
