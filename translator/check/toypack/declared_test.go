package toypack_test

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check/toypack"
)

// unseen are declarations that no program can tell, with the reason.
var unseen = map[string]string{
	"orchard/pack.yaml family":                     "codes of no family are taken for the first pack's; see TestFamilies",
	"orchard/pack.yaml ended":                      "said at the end of a run: see the scripts of the command",
	"greenhouse/pack.yaml ended":                   "said at the end of a run: see the scripts of the command",
	"orchard/pack.yaml options.tank.flag":          "a flag of the command: see its scripts",
	"orchard/pack.yaml options.tank.help":          "the help of the command: see its scripts",
	"greenhouse/pack.yaml options.climate.flag":    "a flag of the command: see its scripts",
	"greenhouse/pack.yaml options.climate.help":    "the help of the command: see its scripts",
	"orchard/pack.yaml targets.greenhouse.name":    "said of what has no answer only, and this target is complete",
	"greenhouse/pack.yaml targets.meadow.name":     "said of what has no answer only, and this target is complete",
	"orchard/pack.yaml targets.meadow.name":        "the other pack that leads there says it as well",
	"orchard/pack.yaml targets.meadow.modules.0":   "the other pack that leads there says it as well",
	"greenhouse/pack.yaml targets.meadow.modules":  "the other pack that leads there says it as well",
	"orchard/greenhouse/resources.yaml bench.type": "what templates read of it is held against it: see package rules",
	"orchard/meadow/resources.yaml patch.type":     "what templates read of it is held against it: see package rules",
	"orchard/meadow/notes.yaml ORC101.verdict":     "what is dropped is to be looked at, whatever its note says",
}

// Each thing that a pack declares of its SDKs, its targets and what it makes is of
// use: without it, the pack is refused, or some program comes out otherwise.
func TestDeclared(t *testing.T) {
	set, all := tables(t), programs(t)
	for _, folder := range toypack.Packs.Folders {
		resources, err := fs.Glob(folder.FS, folder.Root+"/*/resources.yaml")
		require.NoError(t, err)
		notes, err := fs.Glob(folder.FS, folder.Root+"/*/notes.yaml")
		require.NoError(t, err)
		for _, name := range slices.Concat([]string{folder.Root + "/pack.yaml"}, resources, notes) {
			text, err := fs.ReadFile(folder.FS, name)
			require.NoError(t, err)
			var whole yaml.MapSlice
			require.NoError(t, yaml.UnmarshalWithOptions(text, &whole, yaml.UseOrderedMap()))
			for _, at := range places(whole, nil) {
				title := strings.TrimPrefix(name, "packs/") + " " + strings.Join(at, ".")
				t.Run(title, func(t *testing.T) {
					t.Parallel()
					without, err := yaml.Marshal(cut(whole, at))
					require.NoError(t, err)
					assert.Equal(t, unseen[title] == "", missed(t, folder, name, without, set, all), "whether a program tells that it is gone (%s)", unseen[title])
				})
			}
		}
	}
}

// places lists the paths to all keys of a mapping, and to all elements of lists of
// several.
func places(v any, above []string) [][]string {
	var out [][]string
	add := func(key string, v any) {
		at := append(slices.Clip(above), key)
		out = append(append(out, at), places(v, at)...)
	}
	switch v := v.(type) {
	case yaml.MapSlice:
		for _, item := range v {
			add(fmt.Sprint(item.Key), item.Value)
		}
	case []any:
		for i, x := range v {
			if len(v) > 1 {
				add(fmt.Sprint(i), x)
			} else {
				out = append(out, places(x, append(slices.Clip(above), fmt.Sprint(i)))...)
			}
		}
	}
	return out
}

// cut gives a copy without what is at a path.
func cut(v any, at []string) any {
	switch v := v.(type) {
	case yaml.MapSlice:
		var out yaml.MapSlice
		for _, item := range v {
			switch {
			case fmt.Sprint(item.Key) != at[0]:
				out = append(out, item)
			case len(at) > 1:
				out = append(out, yaml.MapItem{Key: item.Key, Value: cut(item.Value, at[1:])})
			}
		}
		return out
	case []any:
		var out []any
		for i, x := range v {
			switch {
			case fmt.Sprint(i) != at[0]:
				out = append(out, x)
			case len(at) > 1:
				out = append(out, cut(x, at[1:]))
			}
		}
		return out
	}
	panic("nothing is below " + fmt.Sprint(v))
}

// missed reports whether it shows that a file of a pack has another text.
func missed(t *testing.T, folder rules.Folder, name string, text []byte, set *sdk.Set, all []program) bool {
	t.Helper()
	changed := fstest.MapFS{}
	require.NoError(t, fs.WalkDir(folder.FS, folder.Root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) != ".yaml" {
			return err
		}
		text, err := fs.ReadFile(folder.FS, p)
		changed[p] = &fstest.MapFile{Data: text}
		return err
	}))
	changed[name] = &fstest.MapFile{Data: text}
	var packs []*rules.Pack
	for _, f := range toypack.Packs.Folders {
		if f.Root == folder.Root {
			f.FS = changed
		}
		p, err := f.LoadAll(nil)
		if err != nil {
			return true
		}
		packs = append(packs, p)
	}
	for _, target := range targets {
		m, err := rules.Select(packs, target)
		if err != nil {
			return true
		}
		for _, p := range all {
			if formatted(p.wanted(target)) != formatted(p.translate(t, m, set)) {
				return true
			}
		}
	}
	return false
}
