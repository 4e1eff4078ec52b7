package rules_test

import (
	"errors"
	"os"
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

// FuzzLoad reads any bytes as a file of a pack, and as one of a user's: no
// panic, an end within the time, and either a pack or faults, each with its
// file and place.
func FuzzLoad(f *testing.F) {
	names := []string{"rules.yaml", "pack.yaml", "notes.yaml", "resources.yaml", "own.yaml"}
	whole := map[string]string{"pack.yaml": pack, "notes.yaml": notes, "resources.yaml": resources, "rules.yaml": cluster}
	for i, name := range names {
		f.Add([]byte(whole[name]), uint8(i))
		for _, text := range hostile {
			f.Add([]byte(text), uint8(i))
		}
	}
	real, err := filepath.Glob("batchai/*.yaml")
	require.NoError(f, err)
	for _, path := range real {
		text, err := os.ReadFile(path)
		require.NoError(f, err)
		kind := max(0, slices.Index(names, filepath.Base(path)))
		// An entry each: the fuzzer is at its best with short texts.
		for i, entry := range strings.Split(string(text), "\n- id:") {
			if i > 0 && i%20 == 0 && len(entry) < 2<<10 {
				f.Add([]byte("- id:"+entry+"\n"), uint8(kind))
			}
		}
	}
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
