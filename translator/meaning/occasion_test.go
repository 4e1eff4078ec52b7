package meaning_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

const upload = "azure.storage.blob.BlockBlobService.create_blob_from_path"

// occasions describes the names and paths of an upload on each occasion.
func occasions(t *testing.T, p *meaning.Program, from ir.Expr) (out []string) {
	t.Helper()
	calls := p.Calls(upload)
	require.NotEmpty(t, calls)
	for _, call := range calls {
		os, all := p.Occasions(call, from)
		assert.True(t, all)
		for _, o := range os {
			out = append(out, onOccasion(o))
		}
	}
	return out
}

func onOccasion(o ir.Occasion) string {
	name, _ := o.Arg("blob_name")
	path, _ := o.Arg("file_path")
	show := func(v ir.Value) string {
		if s, ok := ir.String(v); ok {
			return "'" + s + "'"
		}
		return describe(v)
	}
	s := show(name.Value) + " " + show(path.Value)
	if _, sure := o.Possible(); !sure {
		s += " ?"
	}
	return s
}

const service = "import os\nfrom azure.mgmt.batchai import models\nfrom azure.storage.blob import BlockBlobService\nblobs = BlockBlobService('account', 'key')\n"

func TestOccasions(t *testing.T) {
	tests := []struct {
		name, program string
		want          []string
	}{
		{"a call by itself", `blobs.create_blob_from_path('c', 'r', 'l')`, []string{"'r' 'l'"}},
		{"each call of a function", `
def put(local, remote, folder='x'):
    name = remote or os.path.basename(local)
    blobs.create_blob_from_path('c', folder + '/' + name, local)
put('a/b', '')
put('c', remote='d', folder='e')
`, []string{"'x/b' 'a/b'", "'e/d' 'c'"}},
		{"functions that call each other", `
class Store:
    def put(self, local, remote):
        blobs.create_blob_from_path('c', remote, local)
    def all(self, names, folder):
        for name in names:
            self.put(os.path.join(folder, name), name)
Store().all(['a', 'b'], 'x')
`, []string{"'a' 'x/a'", "'b' 'x/b'"}},
		{"a function that calls itself", `
def put(local, depth):
    blobs.create_blob_from_path('c', local, local)
    if depth:
        put(local + '/x', depth - 1)
put('a', 3)
`, []string{"'a' 'a'"}},
		{"each element of what is listed", `
for i, (a, b) in enumerate(zip(['a', 'b'], ['c', 'd'])):
    blobs.create_blob_from_path('c', a, b)
for a, b in {'e': 'f', 'g': 'h'}.items():
    blobs.create_blob_from_path('c', a, b)
[blobs.create_blob_from_path('c', x, x) for x in ('i', 'j') if x != 'i']
`, []string{"'a' 'c'", "'b' 'd'", "'e' 'f'", "'g' 'h'", "'j' 'j'"}},
		{"branches that are taken, and not", `
def put(local, name=None, keep=False):
    if keep:
        return
    if name is None:
        name = local.split('/')[-1]
    elif unknown():
        blobs.create_blob_from_path('c', 'copy/' + name, local)
    blobs.create_blob_from_path('c', name, local)
put('a/b')
put('c', 'd')
put('e', keep=True)
`, []string{"'copy/d' 'c' ?", "'b' 'a/b'", "'d' 'c'"}},
		{"what a function gives", `
def name_of(path, prefix):
    if not prefix:
        return os.path.basename(path)
    return '/'.join([prefix, os.path.basename(path)])
def put(path, prefix=None):
    blobs.create_blob_from_path('c', name_of(path, prefix), path)
put('a/b', 'x')
put('c/d')
`, []string{"'x/b' 'a/b'", "'d' 'c/d'"}},
		{"a pool that maps a function", `
from multiprocessing.pool import ThreadPool
def put(path):
    blobs.create_blob_from_path('c', path, path)
ThreadPool(2).map(put, ['a', 'b'])
`, []string{"'a' 'a'", "'b' 'b'"}},
		{"nobody calls the function", "def put(path):\n    blobs.create_blob_from_path('c', 'r', path)\n", []string{"'r' unknown"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := snippet(t, service+tt.program)
			got := occasions(t, p, ir.Expr{})
			slices.Sort(got)
			slices.Sort(tt.want)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, snippetValues(t, service+tt.program), snippetValuesOf(p), "what the analysis has found is another thing now")
		})
	}
}

// snippetValues describes the values of all calls of a program that nothing was
// asked about.
func snippetValues(t *testing.T, src string) string { return snippetValuesOf(snippet(t, src)) }

func snippetValuesOf(p *meaning.Program) string {
	var b strings.Builder
	for d := range p.AllDefs() {
		b.WriteString(d.Name + "=" + describe(d.Value) + "\n")
	}
	for _, call := range p.Calls(upload) {
		for _, name := range []string{"blob_name", "file_path"} {
			b.WriteString(describe(call.Bound[name].Value) + " " + describe(p.Value(call.Bound[name].At)) + "\n")
		}
	}
	return b.String()
}

// A chain ends at the function from which it is looked at.
func TestOccasionsFromAFunction(t *testing.T) {
	p := snippet(t, service+`
def put(path):
    blobs.create_blob_from_path('c', path, path)
def submit(script):
    put('code/' + script)
    here = 1
submit('a')
submit('b')
`)
	assert.ElementsMatch(t, []string{"'code/a' 'code/a'", "'code/b' 'code/b'"}, occasions(t, p, ir.Expr{}))
	assert.Equal(t, []string{"'code/{'a' | 'b'}' 'code/{'a' | 'b'}'"}, occasions(t, p, place(t, p, "here = 1", 1)))
}

// What a loop runs through that the program does not list may be supposed.
func TestSupposing(t *testing.T) {
	p := snippet(t, service+`
for folder, _, names in os.walk('src'):
    for name in names:
        if name.startswith('.'):
            continue
        path = os.path.join(folder, name)
        blobs.create_blob_from_path('c', 'code/' + os.path.relpath(path, 'src'), path)
`)
	found, _ := p.Occasions(p.Calls(upload)[0], ir.Expr{})
	require.Len(t, found, 1)
	require.Len(t, found[0].Loops(), 2)
	assert.Equal(t, "os.walk", found[0].Loops()[0].Value.(*ir.Unknown).Call.Symbol)
	turn := func(name string) ir.Value {
		names := &ir.Seq{Elems: []ir.Arg{{Value: &ir.Const{V: name}}}}
		return &ir.Seq{Kind: ir.TupleSeq, Elems: []ir.Arg{{Value: &ir.Const{V: "src/lib"}}, {Value: &ir.Seq{}}, {Value: names}}}
	}
	at := found[0].Supposing(0, turn("net.py"))
	require.Len(t, at, 1)
	assert.Equal(t, "'code/lib/net.py' 'src/lib/net.py'", onOccasion(at[0]))
	assert.Empty(t, found[0].Supposing(0, turn(".hidden")))
}

// What no condition lets through is not looked for without end.
func TestOccasionsAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString(service + "def f0(a):\n    if a == 'x':\n        blobs.create_blob_from_path('c', a, a)\n")
	for i := 1; i < 7; i++ {
		fmt.Fprintf(&b, "def f%d(a):\n", i)
		for range 12 {
			fmt.Fprintf(&b, "    f%d('y')\n", i-1)
		}
	}
	b.WriteString("f6('y')\n")
	p := snippet(t, b.String())
	found, all := p.Occasions(p.Calls(upload)[0], ir.Expr{})
	assert.Empty(t, found)
	assert.False(t, all)
}
