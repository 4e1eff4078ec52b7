package meaning_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const made = "BatchAIManagementClient(credentials, 'subscription')"

// handOn writes, for i from 1 to n, what hands a value on from i+1 to i: the last
// that can be used comes first.
func handOn(n int, line string) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		b.WriteString(strings.NewReplacer("#+", fmt.Sprint(i+1), "#", fmt.Sprint(i)).Replace(line) + "\n")
	}
	return b.String()
}

// TestHandedOn moves a client from one place to the next until it is used, one step
// a turn, a call or a round: no number of them is too large.
func TestHandedOn(t *testing.T) {
	last := func(n int, line string) string { return strings.ReplaceAll(line, "#", fmt.Sprint(n+1)) + "\n" }
	use := func(of string) string { return of + ".clusters.delete('group', 'space', 'name')\n" }
	indented := func(by int, lines string) string {
		in := strings.Repeat(" ", by)
		return in + strings.ReplaceAll(strings.TrimSuffix(lines, "\n"), "\n", "\n"+in) + "\n"
	}
	names := func(n int, line string) string { // x1, x2, ...
		var all []string
		for i := range n {
			all = append(all, strings.ReplaceAll(line, "#", fmt.Sprint(i+1)))
		}
		return strings.Join(all, ", ")
	}
	tests := []struct {
		name    string
		program func(n int) string
	}{
		{"for", func(n int) string {
			return "for i in a:\n" + indented(1, use("x1")+handOn(n, "x# = x#+")+last(n, "x# = "+made))
		}},
		{"while, in one statement", func(n int) string {
			return "while True:\n" + indented(1, names(n+1, "x#")+" = "+names(n+1, "x#+")[len("x1+, "):]+", "+made+"\n") + " if b: break\n" + use("x1")
		}},
		{"loops within loops", func(n int) string {
			return "for i in a:\n for j in b:\n" + indented(2, use("x1")) + "  for k in c:\n" +
				indented(3, "for l in d:\n"+indented(1, handOn(n, "x# = x#+"))+last(n, "x# = "+made))
		}},
		{"a loop for each", func(n int) string {
			return "for i in a:\n" + indented(1, use("x1")+handOn(n, "while b: x# = x#+")+last(n, "x# = "+made))
		}},
		{"on conditions", func(n int) string {
			return "for i in a:\n" + indented(1, use("x1")+handOn(n, "if b: x# = x#+")+last(n, "x# = "+made))
		}},
		{"finally in a loop", func(n int) string {
			return "for i in a:\n try:\n" + indented(2, use("x1")) + " except E:\n  continue\n finally:\n" + indented(2, handOn(n, "x# = x#+")+last(n, "x# = "+made))
		}},
		{"a loop in finally", func(n int) string {
			return "try:\n a()\nfinally:\n for i in a:\n" + indented(2, use("x1")+handOn(n, "x# = x#+")+last(n, "x# = "+made))
		}},
		{"globals", func(n int) string {
			return use("x1") + handOn(n, "def f#():\n global x#\n x# = x#+") + last(n, "x# = "+made)
		}},
		{"a function for all globals", func(n int) string {
			return "def f():\n" + indented(1, "global "+names(n+1, "x#")+"\n"+use("x1")+handOn(n, "x# = x#+")+last(n, "x# = "+made)) + "f()\n"
		}},
		{"names of the function around", func(n int) string {
			return "def f():\n" + indented(1, handOn(n+1, "x# = None")+"def g():\n"+
				indented(1, "nonlocal "+names(n+1, "x#")+"\n"+use("x1")+handOn(n, "x# = x#+")+last(n, "x# = "+made))+"g()\n") + "f()\n"
		}},
		{"attributes", func(n int) string {
			return "class C:\n def m(self):\n" + indented(2, use("self.x1")+handOn(n, "self.x# = self.x#+")+last(n, "self.x# = "+made))
		}},
		{"attributes of a module", func(n int) string {
			return "import settings\n" + use("settings.x1") + handOn(n, "settings.x# = settings.x#+") + last(n, "settings.x# = "+made)
		}},
		{"items of a dict", func(n int) string {
			return "x = {}\nfor i in a:\n" + indented(1, use("x['1']")+handOn(n, "x['#'] = x['#+']")+last(n, "x['#'] = "+made))
		}},
		{"items of a dict that a function is given", func(n int) string {
			return "def f(x):\n" + indented(1, use("x['1']")+handOn(n, "x['#'] = x['#+']")+last(n, "x['#'] = "+made)) + "d = {'1': None}\nfor i in a:\n f(d)\n"
		}},
		{"items of a list", func(n int) string {
			return "x = [" + strings.Repeat("None, ", n+2) + "]\nfor i in a:\n" + indented(1, use("x[1]")+handOn(n, "x[#] = x[#+]")+last(n, "x[#] = "+made))
		}},
		{"lists", func(n int) string {
			return handOn(n+1, "x# = []") + "for i in a:\n" + indented(1, use("x1[0]")+handOn(n, "x#.append(x#+[0])")+last(n, "x#.append("+made+")"))
		}},
		{"lists that functions fill", func(n int) string {
			return "def f():\n" + indented(1, use("x1.pop()")+handOn(n, "x#.append(x#+.pop())")+last(n, "x#.append("+made+")")) + handOn(n+1, "x# = []") + "f()\nf()\n"
		}},
		{"arguments", func(n int) string {
			return "def f(" + names(n+1, "x#") + "):\n" + indented(1, use("x1")+"f("+names(n+1, "x#+")[len("x1+, "):]+", "+made+")\n")
		}},
		{"results", func(n int) string {
			return use("f1()") + handOn(n, "def f#():\n return f#+()") + last(n, "def f#(): return "+made)
		}},
	}
	for _, tt := range tests {
		for _, n := range []int{3, 5, 60, 300} {
			t.Run(fmt.Sprint(tt.name, " ", n), func(t *testing.T) {
				src := "from azure.mgmt.batchai import BatchAIManagementClient\n" + tt.program(n)
				p := snippet(t, src)
				used := len(p.Calls("azure.mgmt.batchai.operations.ClustersOperations.delete")) > 0
				assert.True(t, used, src)
				assert.True(t, p.Settled())
			})
		}
	}

}
