// This directory holds the engine, which carries packs out on programs. It has no
// code of its own; its test holds its border.
package translator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
	_ "pyxlate/translator/check/golden" // the flag -update
)

// allowed are string literals of files that are words of a pack as well, with the
// reason.
var allowed = map[[2]string]string{
	{"meaning/call.go", "result"}:            "what Python's own futures give, in a message",
	{"meaning/convention.go", "result"}:      "a method of Python's own futures",
	{"meaning/heap.go", "result"}:            "a method of Python's own futures",
	{"rewrite/place.go", "result"}:           "a method of Python's own futures",
	{"rewrite/place.go", "wait"}:             "a method of Python's own futures",
	{"meaning/eval.go", "next"}:              "a builtin of Python",
	{"meaning/heap.go", "next"}:              "a builtin of Python",
	{"meaning/scope.go", "run"}:              "a magic of IPython",
	{"run/git.go", "status"}:                 "a command of git",
	{"run/journal.go", "run"}:                "the name of a file that tells about a run",
	{"check/golden/golden.go", "result"}:     "the heading of a diff",
	{"check/ruletest/ruletest.go", "result"}: "the heading of a diff",
	{"rewrite/resource.go", "result"}:        "the name of a variable where no rule names one",
}

// words are what the engine must not know of the packs.
type words struct {
	// names belong to SDKs alone: no literal holds one in any form.
	names []string
	// whole are words that people use as well: no literal is one, or a dotted name
	// that begins with one.
	whole map[string]string
	code  *regexp.Regexp // of a note of a pack
}

func wordsOfPacks(t *testing.T) words {
	t.Helper()
	w := words{whole: map[string]string{}}
	var families []string
	for _, folder := range packs.BuiltIn.Folders {
		p, err := folder.Load()
		require.NoError(t, err)
		families = append(families, p.Family)
		w.names = append(w.names, p.ID, strings.ToLower(p.Source))
		for _, module := range append(append([]string{}, p.Primary...), p.Auxiliary...) {
			w.whole[module] = "a module of a source"
			if _, sample := p.Samples[module]; !sample {
				w.names = append(w.names, strings.Split(module, ".")[0])
			}
		}
		for _, prefix := range p.Env {
			w.names = append(w.names, strings.ToLower(prefix))
		}
		for name := range p.Drops {
			w.whole[name] = "a parameter of an SDK's calls"
		}
		for what, names := range members(&p.Conventions) {
			for _, name := range names {
				w.whole[name] = what
			}
		}
		for _, o := range p.Options {
			w.whole[o.Name] = "an option of a pack"
		}
		for _, target := range p.Targets {
			w.names = append(w.names, target.ID)
			w.names = append(w.names, target.Modules...)
			for name, list := range target.Requirements {
				for _, distribution := range append([]string{name}, list...) {
					w.whole[distribution] = "a distribution of an SDK"
				}
			}
			for kind, r := range target.Resources {
				w.whole[kind], w.whole[r.Variable] = "a kind of resource", "a variable of a resource"
			}
		}
		for _, r := range p.Rules {
			if r.Variable != "" {
				w.whole[r.Variable] = "a variable of a rule"
			}
		}
	}
	w.code = regexp.MustCompile(`\b(` + strings.Join(families, "|") + `)\d`)
	return w
}

// members are the names that a pack declares of the ways of its SDKs.
func members(c *sdk.Conventions) map[string][]string {
	out := map[string][]string{}
	add := func(classes []string, names ...[]string) {
		for _, class := range classes {
			last := class[strings.LastIndexByte(class, '.')+1:]
			out["a class of an SDK"] = append(out["a class of an SDK"], class, last)
		}
		for _, list := range names {
			out["a member of an SDK's class"] = append(out["a member of an SDK's class"], list...)
		}
	}
	for _, p := range c.Pollers {
		add(p.Classes, p.Result, p.Wait, p.Done, p.Status, p.Annotations)
	}
	for _, p := range c.Pagers {
		add(p.Classes, p.Next, p.Page, p.Annotations)
	}
	for _, x := range c.Cursors {
		add(x.Classes, x.Items, x.Token, x.Parameter)
	}
	for _, r := range c.Raw {
		add(r.Classes, r.Output, []string{r.Parameter})
	}
	for _, x := range c.Clients {
		add(x.Classes, x.Operations)
	}
	return out
}

// name says which SDK a literal names, "" for none.
func (w *words) name(literal string) string {
	lower := strings.ToLower(literal)
	for _, name := range w.names {
		if strings.Contains(lower, name) {
			return "it names an SDK: " + name
		}
	}
	if w.code.MatchString(literal) {
		return "it has a code of a pack"
	}
	return ""
}

// word says which word of a pack a literal is, "" for none.
func (w *words) word(literal string) string {
	name := strings.Trim(literal, "{}'\" ")
	for word, what := range w.whole {
		if name == word || strings.HasPrefix(name, word+".") {
			return "it is " + what + ": " + word
		}
	}
	return ""
}

// No SDK's name and no word of a pack stands in the engine, nor in what says what a
// rule is: a second pack must need no change there.
func TestEngineKnowsNoSDK(t *testing.T) {
	w := wordsOfPacks(t)
	used := map[[2]string]bool{}
	for _, root := range []string{".", "../grammar", "../rules"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() {
				if d.Name() == "testdata" || ofPack(path) {
					return filepath.SkipDir
				}
				return nil
			}
			if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			files := token.NewFileSet()
			f, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				lit, ok := n.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return true
				}
				text, err := strconv.Unquote(lit.Value)
				require.NoError(t, err)
				why := w.name(text)
				if root == "." && why == "" { // the others are the vocabulary of packs, and Python
					why = w.word(text)
				}
				if at := [2]string{filepath.ToSlash(path), text}; allowed[at] != "" {
					used[at] = true
				} else if why != "" {
					t.Errorf("%s: %s: %s", files.Position(lit.Pos()), lit.Value, why)
				}
				return true
			})
			return nil
		})
		require.NoError(t, err)
	}
	for at := range allowed {
		assert.True(t, used[at], "%q is allowed in %s and does not occur", at[1], at[0])
	}
}

// ofPack reports whether a directory is that of a pack, or the list of them.
func ofPack(path string) bool {
	name := filepath.Base(path)
	if filepath.Base(filepath.Dir(path)) != "rules" {
		return false
	}
	if name == "packs" {
		return true
	}
	for _, folder := range packs.BuiltIn.Folders {
		if p, err := folder.Head(); err == nil && p.ID == name {
			return true
		}
	}
	return false
}

// The test finds what it looks for.
func TestWordsOfPacks(t *testing.T) {
	w := words{names: []string{"kiln"}, whole: map[string]string{"oven": "a kind of resource", "tools": "a module of a source"}, code: regexp.MustCompile(`\b(KLN)\d`)}
	for literal, bad := range map[string]bool{
		"kilncli": true, "a KILN burns": true, "oven": true, "{oven}": true, "tools.oven": true, "KLN12": true,
		"an oven burns": false, "ovens": false, "pretools": false, "": false, "%s": false,
	} {
		assert.Equal(t, bad, w.name(literal)+w.word(literal) != "", literal)
	}
}
