package toypack_test

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/packs"
	"pyxlate/translator/check/ruletest"
	"pyxlate/translator/check/toypack"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/settings"
)

// copied gives the files of a pack, to be changed.
func copied(t testing.TB, f rules.Folder) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	require.NoError(t, fs.WalkDir(f.FS, f.Root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) != ".yaml" {
			return err
		}
		text, err := fs.ReadFile(f.FS, p)
		out[p] = &fstest.MapFile{Data: text}
		return err
	}))
	return out
}

// with gives a pack of which a file has other words.
func with(t testing.TB, f rules.Folder, file, old, new string) rules.Folder {
	t.Helper()
	files := copied(t, f)
	text := string(files[f.Root+"/"+file].Data)
	require.Contains(t, text, old)
	files[f.Root+"/"+file] = &fstest.MapFile{Data: []byte(strings.Replace(text, old, new, 1))}
	f.FS = files
	return f
}

// whole is the first pack with an answer for all that it has where the target is
// Meadow.
func whole(t testing.TB) rules.Folder {
	t.Helper()
	f := with(t, toypack.Orchard, "pack.yaml", "    name: Meadow\n", "    name: Meadow\n    complete: true\n")
	text, err := os.ReadFile("testdata/whole/rest.yaml")
	require.NoError(t, err)
	f.FS.(fstest.MapFS)[f.Root+"/meadow/rest.yaml"] = &fstest.MapFile{Data: text}
	return with(t, f, "meadow/resources.yaml", "carrier: orchard.Session", "carrier: [orchard.Session, orchard.legacy.Garden]")
}

func heads(t testing.TB, s *packs.Set) []*rules.Pack {
	t.Helper()
	all, err := s.Heads()
	require.NoError(t, err)
	return all
}

// A target that is called complete and lacks an answer is refused, with all that
// has none.
func TestCompleteWithoutAnAnswer(t *testing.T) {
	f := with(t, toypack.Orchard, "pack.yaml", "    name: Meadow\n", "    name: Meadow\n    complete: true\n")
	_, err := packs.Of(f, toypack.Greenhouse).SelectAll("meadow", tables(t))
	var faults rules.Errors
	require.ErrorAs(t, err, &faults)
	assert.Greater(t, len(faults), 20)
	assert.ErrorContains(t, err, "packs/orchard/pack.yaml:17:3: orchard.Session.water_plot (method) has no rule for target meadow")
	assert.NotContains(t, err.Error(), "for target greenhouse")
	_, err = packs.Of(f, toypack.Greenhouse).Select("meadow")
	assert.NoError(t, err, "a run does not look")
}

// What completes a target makes what was left without an answer a matter of rules.
func TestCompleted(t *testing.T) {
	set := tables(t)
	m, err := packs.Of(whole(t), toypack.Greenhouse).SelectAll("meadow", set)
	require.NoError(t, err)
	_, unanswered := m.Note(rules.Unanswered)
	assert.False(t, unanswered, "nothing says that there is no answer")
	result := ruletest.Run(m, set, rewrite.Options{}, func(r *rules.Rule) bool { return strings.HasSuffix(r.File, "meadow/rest.yaml") })
	assert.Positive(t, result.Run)
	for _, f := range result.Failures {
		t.Error(f)
	}
	for _, p := range programs(t) {
		p.promises(t, m, set)
		for _, f := range p.translate(t, m, set) {
			if f.Name == "findings of meadow" && p.name() != "marks" { // which has one of an earlier run
				assert.NotContains(t, string(f.Data), rules.Unanswered, p.name())
			}
		}
	}
}

// A run to one target writes nothing of another one: neither its code nor its
// imports, and its findings have codes of rules and notes that hold for the target.
func TestNothingOfAnotherTarget(t *testing.T) {
	set := tables(t)
	for _, target := range targets {
		other := targets[1-slices.Index(targets, target)]
		m := migration(t, target)
		codes := m.Codes()
		for _, p := range programs(t) {
			before := ""
			for _, f := range p.files {
				before += string(f.Data)
			}
			for _, f := range p.translate(t, m, set) {
				if found, is := strings.CutPrefix(f.Name, "findings of "); is {
					assert.Equal(t, target, found)
					for line := range strings.Lines(string(f.Data)) {
						words := strings.Fields(line)
						if len(words) > 2 && words[1] != "hint:" && words[1] != "warning:" {
							assert.Contains(t, codes, words[2], "%s: %s", p.name(), line)
						}
					}
					continue
				}
				for line := range strings.Lines(string(f.Data)) {
					code, _, _ := strings.Cut(line, "#")
					if !strings.Contains(code, other) {
						continue
					}
					for _, word := range strings.FieldsFunc(code, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' }) {
						assert.Contains(t, before, word, "%s to %s: %s", p.name(), target, line)
					}
				}
			}
		}
	}
}

// A note may say something else for each target, under one code.
func TestNotesOfTargets(t *testing.T) {
	for target, want := range map[string][2]string{
		"greenhouse": {"The house is that of the key: no region is chosen any more.", "The bench is built where there is none; one that is there keeps its layout."},
		"meadow":     {"A field lies where its password says: no region is chosen any more.", "A new patch takes the place of one that is there."},
	} {
		m := migration(t, target)
		assert.Equal(t, want[0], m.About("ORC101"))
		assert.Equal(t, want[1], m.About("ORC201"))
		assert.Equal(t, "Nothing is tried again on its own.", m.About("ORC103"), "what is said of both")
	}
}

// Packs that lead to one target may not say different things of one name.
func TestConflicts(t *testing.T) {
	for _, tt := range []struct {
		name, file, old, new, want string
	}{
		{"a code", "notes.yaml", "GRH101:", "ORC101: {text: One.}\nGRH101:", "code ORC101 is one of pack orchard and of pack greenhouse"},
		{"a code of a target", "meadow/benches.yaml", "GRH224", "ORC215", "code ORC215 is one of pack orchard and of pack greenhouse"},
		{"an option", "pack.yaml", "soil: [keep, drop]", "soil: [keep, heap]", "option soil takes keep or drop in pack orchard and keep or heap in pack greenhouse"},
		{"a sample", "pack.yaml", "options:", "samples: {gardening: {marks: [dig]}}\noptions:", "sample gardening is known by other marks in two packs"},
		{"a factory", "pack.yaml", "options:", "factories: {orchard.testing.make: token}\noptions:", "factory orchard.testing.make takes its class as kind in one pack and as token in another"},
		{"a poller", "pack.yaml", "options:", "pollers: [{classes: orchard.Ticket, result: join}]\noptions:", "pollers: two packs say different things of orchard.Ticket"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := with(t, toypack.Greenhouse, tt.file, tt.old, tt.new)
			_, err := packs.Of(toypack.Orchard, f).SelectAll("meadow", nil)
			assert.ErrorContains(t, err, "target meadow: ")
			assert.ErrorContains(t, err, tt.want)
			_, err = packs.Of(toypack.Orchard, f).SelectAll("greenhouse", nil)
			assert.NoError(t, err, "a pack that does not lead there takes no part")
		})
	}
}

// An option is chosen for all packs that have it, or for one of them.
func TestChoices(t *testing.T) {
	all := heads(t, toypack.Packs)
	orchard, greenhouse := all[0], all[1]
	for _, tt := range []struct {
		chosen                          map[string]string
		soilOfOne, soilOfOther, notMine string
	}{
		{nil, "keep", "keep", ""},
		{map[string]string{"soil": "drop"}, "drop", "drop", ""},
		{map[string]string{"orchard.soil": "drop"}, "drop", "keep", ""},
		{map[string]string{"soil": "drop", "greenhouse.soil": "keep"}, "drop", "keep", ""},
	} {
		assert.Equal(t, tt.soilOfOne, orchard.Choice(tt.chosen, "soil"), "%v", tt.chosen)
		assert.Equal(t, tt.soilOfOther, greenhouse.Choice(tt.chosen, "soil"), "%v", tt.chosen)
		assert.Equal(t, tt.notMine, orchard.Choice(tt.chosen, "climate"), "an option of another pack")
	}
	for key, want := range map[string]string{
		"soil=drop": "", "orchard.soil=keep": "", "greenhouse.climate=hedge": "",
		"soil=drp":             `soil has no "drp"; did you mean "drop"?`,
		"sol=drop":             `there is no option "sol"; did you mean "soil"?`,
		"orchrd.soil=drop":     `there is no pack "orchrd"; did you mean "orchard"?`,
		"orchard.climate=none": `there is no option "orchard.climate"`,
	} {
		name, value, _ := strings.Cut(key, "=")
		if err := rules.CheckChoice(all, name, value); want == "" {
			assert.NoError(t, err, key)
		} else {
			assert.ErrorContains(t, err, want, key)
		}
	}
}

// Options of both packs choose what each of them writes.
func TestChosen(t *testing.T) {
	set, m := tables(t), migration(t, "meadow")
	var p program
	for _, q := range programs(t) {
		if q.name() == "soil" {
			p = q
		}
	}
	require.NotEmpty(t, p.files)
	for choice, kept := range map[string]bool{"soil=drop": false, "greenhouse.soil=drop": false, "orchard.soil=drop": true, "soil=keep": true} {
		name, value, _ := strings.Cut(choice, "=")
		p.options = map[string]string{name: value}
		assert.Equal(t, kept, strings.Contains(formatted(p.translate(t, m, set)), "shape=Shape(size=2, ground='clay')"), choice)
	}
}

// Codes that users name are looked up in the families of all packs.
func TestFamilies(t *testing.T) {
	all, codes := heads(t, toypack.Packs), migration(t, "meadow").Codes()
	for code, want := range map[string]string{"ORC310": "", "GRH": "", "ORC999": `nothing has the code ORC999`, "GRH999": `nothing has the code GRH999`} {
		if err := settings.CheckCodes(all, codes, []string{code}); want == "" {
			assert.NoError(t, err, code)
		} else {
			assert.Error(t, err, code)
		}
	}
}

// What belongs to which pack is told by its names, whatever there is of them.
func TestOfWhich(t *testing.T) {
	m := migration(t, "meadow")
	for symbol, want := range map[string]string{
		"orchard.Session.close": "orchard", "gardening.watch.print_plot": "orchard", "seedsafe.Safe": "orchard", "ORCHARD_SHED": "orchard",
		"orchardctl": "orchard", "greenhouse.House": "greenhouse", "greenhouse.keys.Key": "greenhouse",
	} {
		assert.Equal(t, want, m.Of(symbol).ID, symbol)
	}
	assert.Equal(t, []string{"orchard", "greenhouse"}, ids(m.Packs))
	assert.Equal(t, "Orchard and Greenhouse", m.Source)
	assert.Equal(t, []string{"orchard"}, ids(migration(t, "greenhouse").Packs), "a pack is no source where it is the target")
	assert.Equal(t, targets, rules.Targets(heads(t, toypack.Packs)), "the default first")
	assert.Equal(t, map[string][]string{"orchard-client": {"meadow-core", "meadow-journal"}, "greenhouse-sdk": {"meadow-core"}}, m.Requirements)
	assert.ElementsMatch(t, []string{"meadow", "hayloft"}, slices.Collect(maps.Values(map[int]string{0: m.Modules[0], 1: m.Modules[1]})))
}

func ids(all []*rules.Pack) []string {
	var out []string
	for _, p := range all {
		out = append(out, p.ID)
	}
	return out
}
