package meaning_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"pyxlate/grammar"
)

// The literals of which a value may be made, by what gives a name its value.
func TestLiterals(t *testing.T) {
	for _, tt := range []struct {
		name, code string
		want       []string
	}{
		{"steps", "a = 'one'\nif x:\n    a += ' two'\nelse:\n    a = a + ' three'\nb = 'no'\nuse(a)", []string{"'one'", "' two'", "' three'"}},
		{"an earlier use of the name", "a = 'no'\nf(a)\na = 'one'\nuse(a)", []string{"'one'"}},
		{"a loop", "a = ''\nfor k in ['x', 'y']:\n    a += '--{}'.format(k)\nuse(a)", []string{"''", "'x'", "'y'", "'--{}'"}},
		{"a list", "a = ['one']\na.append('two')\nuse(' '.join(a))", []string{"'one'", "'two'", "' '"}},
		{"a comprehension", "d = {'k': 'v'}\nuse([n + '!' for n in d.items()])", []string{"'k'", "'v'", "'!'"}},
		{"calls", "def f(p, q='dflt'):\n    use(p + q)\nf('one')\nf('two', q='three')", []string{"'dflt'", "'one'", "'two'", "'three'"}},
		{"returns", "def make(n):\n    s = 'in'\n    if n:\n        return s\n    return 'out'\nuse(make(1))", []string{"'in'", "'out'"}},
		{"choice", "a = 'one' if x else 'two'\nuse(f'{a} three')", []string{"'one'", "'two'", "f'{a} three'"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := snippet(t, tt.code)
			var got []string
			use := place(t, p, "use", 1)
			arguments := p.Node(use).Parent().Child(grammar.FieldArguments)
			for _, x := range p.Literals(p.Expr(use.Unit, arguments)) {
				got = append(got, p.Node(x).Text())
			}
			assert.Equal(t, tt.want, got)
		})
	}
}
