package meaning_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/meaning"
)

// FuzzAnalyze looks for panics, and asks every question of every name.
func FuzzAnalyze(f *testing.F) {
	names, _ := filepath.Glob("testdata/examples/*.txtar")
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, ex := range strings.Split(string(data), "\n==== ")[1:] {
			f.Add(ex[strings.IndexByte(ex, '\n')+1:])
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 8192 {
			return
		}
		watchdog := time.AfterFunc(20*time.Second, func() { panic("no end for " + strconv.Quote(text)) })
		defer watchdog.Stop()
		masked, lines := grammar.Mask([]byte(text))
		tree, err := grammar.Parse(masked)
		if err != nil {
			return
		}
		u := &meaning.Source{Raw: []byte(text), Text: masked, Masked: lines, Tree: tree}
		p := meaning.Analyze([]*meaning.File{{Path: "x.py", Module: "x", Units: []*meaning.Source{u}, Trigger: true}}, nil, config(t))
		for _, x := range p.Uses() {
			if x.At.Start < 0 || x.At.End > len(text) || x.At.Start >= x.At.End || x.Symbol == "" {
				t.Fatalf("use %+v", x)
			}
		}
		var before ir.Expr
		for id := range tree.Len() {
			n := tree.Node(int32(id))
			if !n.Is(grammar.KindIdentifier) {
				continue
			}
			e := p.Expr(0, n)
			if p.Value(e) == nil || p.Scope(e) == nil {
				t.Fatalf("no value or scope at %d", n.Start())
			}
			p.Binding(e, n.Text())
			p.EnvNames(e)
			p.NameInUse(p.Scope(e), n.Text())
			p.SameAt(e, before)
			p.Straight(before, e)
			for _, d := range p.Defs(e) {
				found := false
				for _, r := range p.Readers(d) {
					found = found || r == e
				}
				if !found {
					t.Fatalf("%s at %d is no reader of its definition", n.Text(), n.Start())
				}
				p.Escapes(d)
			}
			before = e
		}
	})
}
