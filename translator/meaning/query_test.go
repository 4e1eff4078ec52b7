package meaning_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

// place finds the expression that text spells, at its n-th occurrence (from 1)
// over all units.
func place(t *testing.T, p *meaning.Program, text string, n int) ir.Expr {
	t.Helper()
	for _, u := range p.Units() {
		at := 0
		for {
			i := strings.Index(string(u.Raw[at:]), text)
			if i < 0 {
				break
			}
			at += i
			if n--; n == 0 {
				return p.Expr(u.ID, u.Tree.NodeAt(at, at+len(text)))
			}
			at += len(text)
		}
	}
	require.Fail(t, "not in the program", text)
	return ir.Expr{}
}

func lineOf(p *meaning.Program, e ir.Expr) string {
	for _, u := range p.Units() {
		if u.ID == e.Unit {
			return fmt.Sprint(1 + strings.Count(string(u.Raw[:e.Start]), "\n"))
		}
	}
	return "?"
}

func TestStraight(t *testing.T) {
	p := snippet(t, `
a = 1
if a:
    b = 2
    c = 3
    for i in a:
        break
    d = 4
e = 5
def f():
    g = 1
    if g:
        return
    h = 2
while a:
    k = 1
    if k:
        continue
    l = 2
`)
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"a = 1", "e = 5", true},
		{"e = 5", "a = 1", false},
		{"a = 1", "b = 2", false},
		{"b = 2", "c = 3", true},
		{"b = 2", "d = 4", true}, // the break leaves the inner loop only
		{"g = 1", "h = 2", false},
		{"k = 1", "l = 2", false},
		{"a = 1", "h = 2", false},
	} {
		assert.Equal(t, c.want, p.Straight(place(t, p, c.a, 1), place(t, p, c.b, 1)), "%s ; %s", c.a, c.b)
	}
}

func TestStraightOverCells(t *testing.T) {
	p := program(t, txtar.File{Name: "n.ipynb", Data: []byte("a = 1\n# %%\nif a:\n    b = 1\n# %%\nc = 2\n")})
	assert.True(t, p.Straight(place(t, p, "a = 1", 1), place(t, p, "c = 2", 1)))
	assert.False(t, p.Straight(place(t, p, "c = 2", 1), place(t, p, "a = 1", 1)))
	assert.False(t, p.Straight(place(t, p, "a = 1", 1), place(t, p, "b = 1", 1)))
}

func TestSameAt(t *testing.T) {
	p := snippet(t, `
import os
from azure.mgmt.batchai import models
name = 'a'
use(name + '1', os.path.join(name, 'b'), call(name), [n for n in name])
first = 0
name = 'b'
second = 0
p = models.ManualScaleSettings(target_node_count=1)
use(p.target_node_count, models.ResourceId(id=name))
third = 0
p.target_node_count = 2
fourth = 0
for i in range(3):
    use(i * 1)
    inside = 0
after = 0
class C:
    def __init__(self, x):
        self.x = x
    def f(self):
        use(self.x)
        here = 0
        self.x = 2
        there = 0
def g(param):
    use(param, name)
    within = 0
for k in range(3):
    above = 0
    later = call()
    below = 0
    use(later * 2)
`)
	for _, c := range []struct {
		e, at string
		want  bool
	}{
		{"name + '1'", "first = 0", true},
		{"name + '1'", "second = 0", false},
		{"os.path.join(name, 'b')", "first = 0", true},
		{"call(name)", "first = 0", false}, // may have an effect
		{"[n for n in name]", "first = 0", true},
		{"p.target_node_count", "third = 0", true},
		{"p.target_node_count", "fourth = 0", false},
		{"models.ResourceId(id=name)", "fourth = 0", true},
		{"i * 1", "inside = 0", true},
		{"i * 1", "after = 0", false}, // the loop has gone on
		{"later * 2", "below = 0", true},
		{"later * 2", "above = 0", false}, // there it is that of the turn before
		{"self.x)", "here = 0", true},
		{"self.x)", "there = 0", false},
		{"param, name", "within = 0", true},
		{"self.x)", "within = 0", false},
	} {
		e := place(t, p, c.e, 1)
		if strings.HasSuffix(c.e, ")") && !strings.Contains(c.e, "(") {
			n := p.Node(e)
			e = p.Expr(e.Unit, n.FirstChild())
		}
		assert.Equal(t, c.want, p.SameAt(e, place(t, p, c.at, 1)), "%s at %s", c.e, c.at)
	}
}

// Two calls of a function give two values, unless what it returns does not come
// about in it.
func TestValuesOfCalls(t *testing.T) {
	p := snippet(t, `
import os
from azure.mgmt.batchai import models
def env(key):
    return os.environ[key]
def path(name):
    return '{}/{}'.format(root, name)
def size(gpu):
    return 'NC6' if gpu else 'D2'
def rows():
    for row in read():
        yield row
def fixed():
    return group
group = ask()
a1 = env('A')
a2 = env('B')
b1 = path(x)
b2 = path(y)
c1 = size(x)
c2 = size(y)
d1 = fixed()
d2 = fixed()
for e1 in rows():
    pass
for e2 in rows():
    pass
f1 = a1
`)
	value := func(name string) ir.Value {
		e := place(t, p, name, 1)
		d, ok := p.DefAt(e)
		require.True(t, ok, name)
		return d.Value
	}
	for _, pair := range [][2]string{{"a1", "a2"}, {"b1", "b2"}, {"c1", "c2"}, {"e1", "e2"}} {
		assert.False(t, ir.Same(value(pair[0]), value(pair[1])), "%s and %s", pair[0], pair[1])
	}
	for _, pair := range [][2]string{{"d1", "d2"}, {"a1", "f1"}} {
		assert.True(t, ir.Same(value(pair[0]), value(pair[1])), "%s and %s", pair[0], pair[1])
	}
	assert.False(t, ir.Same(ir.Many, ir.Many))
}

func TestReaders(t *testing.T) {
	files := []txtar.File{
		{Name: "a.py", Data: []byte("x = 1\ny = x\nx += 1\ndef f():\n    return x\n")},
		{Name: "b.py", Data: []byte("from a import x\nimport a\na.x\nx\n")},
	}
	p := program(t, files...)
	var got []string
	for d := range p.AllDefs() {
		if d.Name == "x" {
			var lines []string
			for _, r := range p.Readers(d) {
				lines = append(lines, fmt.Sprintf("%s:%s", files[r.Unit].Name, lineOf(p, r)))
			}
			got = append(got, strings.Join(lines, " "))
		}
	}
	assert.Equal(t, []string{
		"a.py:2 a.py:3 a.py:5", // the function may run at any time
		"a.py:5 b.py:1 b.py:3", // other modules see the last one
		"b.py:4",
	}, got)
}

func TestBinding(t *testing.T) {
	p := snippet(t, `
x = 1
if x:
    y = 2
z = 0
def f(a):
    b = a
    return b
for i in x:
    last = i
end = 0
`)
	b, ok := p.Binding(place(t, p, "z = 0", 1), "x")
	require.True(t, ok)
	assert.True(t, b.Sure)
	assert.Equal(t, "1", describe(b.Value))
	b, ok = p.Binding(place(t, p, "z = 0", 1), "y")
	require.True(t, ok)
	assert.False(t, b.Sure, "only one branch binds it")
	_, ok = p.Binding(place(t, p, "x = 1", 1), "x")
	assert.False(t, ok, "before its first definition")
	_, ok = p.Binding(place(t, p, "z = 0", 1), "nothing")
	assert.False(t, ok)
	b, ok = p.Binding(place(t, p, "return b", 1), "a")
	require.True(t, ok)
	assert.Equal(t, meaning.Param, b.Defs[0].Kind)
	assert.Equal(t, []string{"a", "b", "x", "y", "z", "f", "i", "last", "end"}, p.EnvNames(place(t, p, "return b", 1)))
	assert.Equal(t, []string{"x", "y"}, p.EnvNames(place(t, p, "z = 0", 1)))
}

func TestNameInUse(t *testing.T) {
	p := snippet(t, `
a = 1
def f(b):
    c = [d for d in b]
    def g():
        return e
h = 2
`)
	module := p.Scope(place(t, p, "a = 1", 1))
	fn := p.Scope(place(t, p, "c = ", 1))
	for name, want := range map[string][2]bool{
		"a": {true, true}, "b": {true, true}, "d": {true, true}, "e": {true, true}, "h": {true, true},
		"print": {true, true}, "ws": {false, false},
	} {
		assert.Equal(t, want[0], p.NameInUse(module, name), "module: %s", name)
		assert.Equal(t, want[1], p.NameInUse(fn, name), "function: %s", name)
	}
}

func TestCallers(t *testing.T) {
	p := snippet(t, `
def f(a, b=2, *c, **d):
    return a
f(1)
f(3, b=4, x=5)
`)
	for d := range p.AllDefs() {
		if d.Name != "f" {
			continue
		}
		cs := p.Callers(p.Stmt(d.At))
		require.Len(t, cs, 2)
		assert.Equal(t, "1", describe(cs[0].Args["a"].Value))
		assert.Equal(t, "2", describe(cs[0].Args["b"].Value))
		assert.Equal(t, "4", describe(cs[1].Args["b"].Value))
		assert.Equal(t, "{x: 5}", describe(cs[1].Args["d"].Value))
	}
}

func TestEscapes(t *testing.T) {
	p := program(t,
		txtar.File{Name: "a.py", Data: []byte("__all__ = ['x']\nx = 1\ny = 2\n")},
		txtar.File{Name: "b.py", Data: []byte("z = 1\n_w = 2\n")},
		txtar.File{Name: "c.py", Data: []byte("from b import *\nprint(z)\ndef f():\n    v = 1\n    return locals()\n")})
	got := map[string]bool{}
	for d := range p.AllDefs() {
		if d.Kind != meaning.Star {
			got[d.Name] = p.Escapes(d)
		}
	}
	assert.Equal(t, map[string]bool{"__all__": false, "x": true, "y": false, "z": true, "_w": false, "f": true, "v": true}, got)
}

func TestBoundArguments(t *testing.T) {
	p := snippet(t, `
from azure.mgmt.batchai import BatchAIManagementClient
client = BatchAIManagementClient(None, 'sub')
args = ('rg', 'ws')
kw = dict(cluster_name='c')
client.clusters.get(*args, **kw)
client.clusters.get('rg', 'c', custom_headers={})
client.clusters.get('rg', 'ws', 'c', frob=1)
`)
	calls := p.Calls("azure.mgmt.batchai.operations.ClustersOperations.get")
	require.Len(t, calls, 3)
	assert.Equal(t, "'ws'", describe(calls[0].Bound["workspace_name"].Value))
	assert.Equal(t, "'c'", describe(calls[0].Bound["cluster_name"].Value))
	assert.Equal(t, "client", p.Node(calls[0].Recv.At).FirstChild().Text())
	assert.NotContains(t, calls[1].Bound, "workspace_name", "the pre-workspace arity")
	assert.Empty(t, calls[1].Unbound)
	assert.Contains(t, calls[2].Bound, "frob", "nothing that is given is lost")
}

func TestChanges(t *testing.T) {
	p := snippet(t, `
from azure.mgmt.batchai import models
p = models.JobCreateParameters(node_count=1, cluster=None, std_out_err_path_prefix='x')
p.node_count = 2
if p:
    p.node_count = 3
def more(q):
    q.secrets = []
more(p)
for i in (1, 2):
    r = models.ResourceId(id='a')
    r.id = 'b'
`)
	made := func(class string) *ir.Object {
		return p.Calls("azure.mgmt.batchai.models." + class)[0].Result.(*ir.Object)
	}
	o := made("JobCreateParameters")
	var got []string
	for _, c := range o.Changes {
		got = append(got, fmt.Sprintf("%s %v", c.Path, c.Sure))
	}
	assert.Equal(t, []string{"node_count true", "node_count false", "secrets true"}, got)
	assert.Equal(t, "2 | 3", describe(o.Fields["node_count"].Value))
	assert.Equal(t, "[]", describe(o.Fields["secrets"].Value))
	assert.Equal(t, []string{"node_count", "cluster", "std_out_err_path_prefix", "secrets"}, o.Order)
	r := made("ResourceId")
	assert.Equal(t, "'b'", describe(r.Fields["id"].Value))
	assert.True(t, r.Changes[0].Sure, "each turn builds and changes one")
}

func TestPiecesKeepTheirExpressions(t *testing.T) {
	p := snippet(t, `
root = 'mnt'
text = '$X/{0}/{1}'.format(root, 'lit')
other = root + '/' + text
`)
	v := p.Value(place(t, p, "'$X/{0}/{1}'.format(root, 'lit')", 1)).(*ir.Text)
	s, ok := ir.String(v)
	assert.True(t, ok)
	assert.Equal(t, "$X/mnt/lit", s)
	assert.Equal(t, "root", p.Node(v.Pieces[1].At).Text())
	assert.Equal(t, "/lit", v.Pieces[2].Lit)
}

func TestSyntaxErrors(t *testing.T) {
	p := snippet(t, `
from azure.mgmt.batchai import models
def f():
    x = models.ResourceId(id='a')
    y = = 3
    return x
z = f()
models.Cluster
`)
	assert.NotEmpty(t, p.Errors())
	assert.Len(t, p.Calls("azure.mgmt.batchai.models.ResourceId"), 1)
	assert.Equal(t, "ResourceId", describe(p.Value(place(t, p, "f()", 2))))
}

// TestDeterminism analyses the examples twice: the answers are in one order.
func TestDeterminism(t *testing.T) {
	src := strings.Repeat("from azure.mgmt.batchai import models\nx = models.ResourceId(id='a')\n", 5) +
		"import utilities as u\nu.config.Configuration('x').workspace\ndef f(c):\n    return c.jobs.get('a', 'b', 'c', 'd')\n"
	list := func() (out []string) {
		p := snippet(t, src)
		for _, u := range p.Uses() {
			out = append(out, fmt.Sprint(u.Kind, u.Symbol, u.At, u.Presumed))
		}
		for d := range p.AllDefs() {
			out = append(out, fmt.Sprint(d.ID, d.Name, d.At, describe(d.Value)))
		}
		return out
	}
	first := list()
	for range 5 {
		assert.True(t, slices.Equal(first, list()))
	}
}

// TestScope finds the scopes of headers and bodies.
func TestScope(t *testing.T) {
	p := snippet(t, `
def f(a=outer1, b: outer2 = 1):
    return inner1
g = lambda c=outer3: inner2
[inner3 for i in outer4 if inner4]
class C(outer5):
    member = 1
`)
	for _, c := range []struct {
		text string
		kind meaning.ScopeKind
	}{
		{"outer1", meaning.ModuleScope}, {"outer2", meaning.ModuleScope}, {"outer3", meaning.ModuleScope}, {"outer4", meaning.ModuleScope},
		{"outer5", meaning.ModuleScope}, {"inner1", meaning.FunctionScope}, {"inner2", meaning.LambdaScope},
		{"inner3", meaning.ComprehensionScope}, {"inner4", meaning.ComprehensionScope}, {"member", meaning.ClassScope},
	} {
		e := place(t, p, c.text, 1)
		require.True(t, p.Node(e).Is(grammar.KindIdentifier))
		assert.Equal(t, c.kind, p.Scope(e).Kind, c.text)
	}
}
