package rules_test

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// hostile are files that ask for more than they hold.
var hostile = []string{
	"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
	"- id: &a R1\n  name: *a\n",
	"- <<: *a\n",
	"- ? [a]\n  : b\n",
	"- !!binary aGk=\n",
	"--- \n--- \n...\n",
	"%YAML 1.2\n---\n- id: R1\n",
	"- id: |2\n   x\n",
	"\ufeff- id: R1\n",
	"- id: \"\\x\n",
	strings.Repeat("[", 200),
	strings.Repeat("- ", 200) + "x",
	strings.Repeat("{a: ", 200),
	"- id: R1\n  from: '*'\n  to: '{'\n",
}

// addFiles adds files of a pack to the corpus, each with the index of its kind in
// names.
func addFiles(f *testing.F, whole map[string]string, names []string, add func(text []byte, kind uint8)) {
	for i, name := range names {
		add([]byte(whole[name]), uint8(i))
		for _, text := range hostile {
			add([]byte(text), uint8(i))
		}
	}
	err := fs.WalkDir(os.DirFS("batchai"), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(filepath.Join("batchai", filepath.FromSlash(name)))
		kind := max(0, slices.Index(names, path.Base(name)))
		// An entry each: the fuzzer is at its best with short texts.
		for i, entry := range strings.Split(string(text), "\n- id:") {
			if i > 0 && i%20 == 0 && len(entry) < 2<<10 {
				add([]byte("- id:"+entry+"\n"), uint8(kind))
			}
		}
		return err
	})
	require.NoError(f, err)
}

// FuzzLoad reads any bytes as a file of a pack, and as one of a user's: no
// panic, an end within the time, and either a pack or faults, each with its
// file and place.
func FuzzLoad(f *testing.F) {
	names := []string{"rules.yaml", "pack.yaml", "notes.yaml", "resources.yaml", "own.yaml"}
	whole := map[string]string{"pack.yaml": pack, "notes.yaml": notes, "resources.yaml": resources, "rules.yaml": cluster}
	addFiles(f, whole, names, func(text []byte, kind uint8) { f.Add(text, kind) })
	tables, err := sdk.Load()
	require.NoError(f, err)
	funcs := map[string]ir.Func{"files": func(ir.Context) *ir.Answer { return nil }}
	f.Fuzz(func(t *testing.T, text []byte, kind uint8) {
		if len(text) > 64<<10 {
			return
		}
		watchdog := time.AfterFunc(20*time.Second, func() { panic("no end for " + strconv.Quote(string(text))) })
		defer watchdog.Stop()
		name := names[int(kind)%len(names)]
		files, own := fstest.MapFS{}, fstest.MapFS{}
		for n, text := range whole {
			files["p/"+n] = &fstest.MapFile{Data: []byte(text)}
		}
		var opts []rules.Option
		if name == "own.yaml" {
			own[name] = &fstest.MapFile{Data: text}
			opts = append(opts, rules.Extend(tables, rules.Extension{FS: own, Label: "mine"}))
		} else {
			files["p/"+name] = &fstest.MapFile{Data: text}
		}
		p, err := rules.Load(files, "p", tables, funcs, nil, opts...)
		if err == nil {
			require.NotNil(t, p)
			return
		}
		var all rules.Errors
		require.True(t, errors.As(err, &all), "%v", err)
		for _, e := range all {
			lines := strings.Count(string(text), "\n") + strings.Count(string(text), "\r") + 1
			for _, w := range whole {
				lines = max(lines, strings.Count(w, "\n")+1)
			}
			require.NotEmpty(t, e.File)
			require.NotEmpty(t, e.Text)
			require.True(t, e.Line == 0 && e.Col == 0 || e.Line > 0 && e.Col > 0 && e.Line <= lines, "%v", e)
		}
	})
}

// FuzzCompiled compiles a pack of which one file has any bytes: what loads from
// its YAML loads the same from the form, and from a form with another byte in it.
func FuzzCompiled(f *testing.F) {
	names := []string{"rules.yaml", "pack.yaml", "notes.yaml", "resources.yaml"}
	whole := map[string]string{"pack.yaml": pack, "notes.yaml": notes, "resources.yaml": resources, "rules.yaml": cluster}
	addFiles(f, whole, names, func(text []byte, kind uint8) { f.Add(text, kind, uint16(len(text)), byte('"')) })
	for _, text := range []string{
		"- {id: R1, from: a.b, where: {x: True, y: 0x1F, z: ~, .5: 1_000}, keep: TRUE, why: 'It''s \u00fc.'}\n",
		"- id: R1\n  from: [a.b, 1, \"x\\ty\"]\n  do: |\n    a\n     b\n\n  why: >\n    folded\n    text\n  null: x\n",
		"- id: R1\n  from: a.b\n  fields: {}\n  drops: {a: , 'b c': \"\"}\n  keep: true\n  why: \"\\x00\\xe9\\U0001F600\"\n",
	} {
		f.Add([]byte(text), uint8(0), uint16(200), byte('\n'))
	}
	f.Fuzz(func(t *testing.T, text []byte, kind uint8, at uint16, b byte) {
		if len(text) > 64<<10 {
			return
		}
		watchdog := time.AfterFunc(20*time.Second, func() { panic("no end for " + strconv.Quote(string(text))) })
		defer watchdog.Stop()
		files := fstest.MapFS{}
		for n, text := range whole {
			files["p/"+n] = &fstest.MapFile{Data: []byte(text)}
		}
		files["p/"+names[int(kind)%len(names)]] = &fstest.MapFile{Data: text}
		form, err := rules.Compile(files, "p")
		if err != nil {
			return
		}
		load := func(form string) (*rules.Pack, error) {
			p, err := rules.Load(files, "p", nil, nil, nil, rules.Brief(), rules.Compiled(form))
			if err != nil {
				return nil, err
			}
			for _, r := range p.Rules {
				r.Line = 0
			}
			return p, nil
		}
		want, err := load("")
		if err != nil {
			return
		}
		got, err := load(string(form))
		require.NoError(t, err, "%s", form)
		require.Equal(t, want, got, "%s", form)
		form[int(at)%len(form)] = b
		got, err = load(string(form))
		require.NoError(t, err, "%s", form)
		require.Equal(t, want, got, "%s", form)
	})
}
