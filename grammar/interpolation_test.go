package grammar

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNewerStrings(t *testing.T) {
	for src, want := range map[string]int{
		`f'{a["b"]}'`:           0,
		`f'{a['b']}'`:           1,
		`f"""{a["b"]} {c}"""`:   0,
		`f'{a:{width}} {b!r}'`:  0,
		"f'{a}' '{b}' f'{c}'":   0,
		"f'''{a +\nb}'''":       0,
		`f'{"\n".join(a)}'`:     1,
		`'{a["b"]}' + f'\n{a}'`: 0,
	} {
		assert.Equal(t, want, NewerStrings(parse(t, src)), src)
	}
}
