package grammar

import (
	"runtime"
	"strings"
	"testing"

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

// What it does grows as the text does: the memory that it takes tells.
func TestAcceptedByGpythonSteps(t *testing.T) {
	for _, piece := range []string{
		"(", "[", "a+", "a ", "\\\n", "'''", "'", "#", "\n ", "if a:\n ", "-", "not ", "lambda:", "a;", "\t\n", "0", "a", "{'a':[",
	} {
		taken := func(size int) uint64 {
			text := []byte(strings.Repeat(piece, size/len(piece)))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			AcceptedByGpython(text)
			runtime.ReadMemStats(&after)
			return after.TotalAlloc - before.TotalAlloc
		}
		assert.Less(t, taken(1<<17), 6*taken(1<<15)+1<<20, "%q", piece)
	}
}
