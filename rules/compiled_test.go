package rules_test

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
)

// ruleOf is a rule for one cluster.
func ruleOf(id string) string {
	return strings.NewReplacer("R1", id, "  to:", "  where: {cluster_name: "+id+"}\n  to:").Replace(cluster)
}

// whole is a pack of the four kinds of file, rules in folders too.
func whole() fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range map[string]string{"pack.yaml": pack, "notes.yaml": notes, "resources.yaml": resources, "rules.yaml": ruleOf("R1")} {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, id := range map[string]string{"source/clusters.yaml": "R2", "new/clusters.yaml": "R3", "new/jobs.yaml": "R4"} {
		fsys[name] = &fstest.MapFile{Data: []byte(ruleOf(id))}
	}
	return fsys
}

func formOf(t testing.TB, fsys fs.FS) string {
	t.Helper()
	form, err := rules.Compile(fsys, ".")
	require.NoError(t, err)
	return string(form)
}

func loadForm(t testing.TB, fsys fs.FS, form string) *rules.Pack {
	t.Helper()
	p, err := rules.Load(fsys, ".", nil, nil, nil, rules.Brief(), rules.Compiled(form))
	require.NoError(t, err)
	return p
}

// fromYAML lists the files of which rules were not read from the form: these
// know their lines.
func fromYAML(p *rules.Pack) []string {
	files := map[string]bool{}
	for _, r := range p.Rules {
		if r.Line > 0 {
			files[r.File] = true
		}
	}
	return slices.Sorted(maps.Keys(files))
}

// A form has a line for each thing that a person looks for in a difference.
func TestFormHasALineForEachThing(t *testing.T) {
	fsys := whole()
	form := formOf(t, fsys)
	for _, line := range []string{
		`- {id: "R1", name: "cluster-get", from: "azure.mgmt.batchai.operations.ClustersOperations.get", where: {cluster_name: "R1"}, to: "{cluster}", verdict: "review", why: "One line."}`,
		`N2: {verdict: "manual", text: "Do it by hand."}`,
		`cluster: {type: "azureml.core.compute.AmlCompute", key: ["cluster_name"], make: "azureml.core.compute.ComputeTarget(workspace={workspace}, name={cluster_name})"}`,
		`lines: [["az", "demo"]]`,
		`targets: {new: {modules: ["azureml"]}}`,
	} {
		assert.Contains(t, form, "\n"+line+"\n")
	}
	var files []string
	for line := range strings.Lines(form) {
		if name, ok := strings.CutPrefix(line, "file "); ok {
			name, _, _ = strings.Cut(name, " ")
			files = append(files, name)
		}
	}
	assert.Equal(t, []string{"pack.yaml", "notes.yaml", "resources.yaml", "rules.yaml", "new/clusters.yaml", "new/jobs.yaml", "source/clusters.yaml"}, files)

	p := loadForm(t, fsys, form)
	assert.Empty(t, fromYAML(p))
}

// A change of a rule changes its line and the sum of its file; one of an example
// changes nothing.
func TestFormChangesWithItsFile(t *testing.T) {
	fsys := whole()
	before := strings.Split(formOf(t, fsys), "\n")
	fsys["rules.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(ruleOf("R1"), "One line.", "Another.", 1))}
	after := strings.Split(formOf(t, fsys), "\n")
	require.Len(t, after, len(before))
	var changed []string
	for i, line := range after {
		if line != before[i] {
			changed = append(changed, line)
		}
	}
	require.Len(t, changed, 2)
	assert.Contains(t, changed[0], "file rules.yaml ")
	assert.Contains(t, changed[1], `why: "Another."`)

	fsys = whole()
	fsys["rules.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(ruleOf("R1"), "before: x", "before: |\n        x = 1\n\n        y = 2\n", 1))}
	assert.Equal(t, strings.Join(before, "\n"), formOf(t, fsys))
}

// Whatever is not as Compile has written it is read from the YAML.
func TestDamagedFormIsNotRead(t *testing.T) {
	fsys := whole()
	fsys["new/clusters.yaml"] = &fstest.MapFile{Data: []byte(ruleOf("R3") + ruleOf("R5") + ruleOf("R6") + ruleOf("R7"))}
	form := formOf(t, fsys)
	load := func(form string) (*rules.Pack, []string) {
		p := loadForm(t, fsys, form)
		files := fromYAML(p)
		for _, r := range p.Rules {
			r.Line = 0
		}
		return p, files
	}
	want, all := load("")
	require.Len(t, all, 4)
	_, none := load(form)
	require.Empty(t, none)
	lines := strings.SplitAfter(form, "\n")
	at := 3 + slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "file new/clusters.yaml ") })
	for name, damaged := range map[string]string{
		"cut off":             strings.Join(lines[:at], ""),
		"cut off in a line":   strings.Join(lines[:at], "") + lines[at][:20],
		"a conflict":          strings.Join(lines[:at], "") + "<<<<<<< HEAD\n" + strings.Join(lines[at:], ""),
		"a quote missing":     strings.Replace(form, `id: "R5", `, `id: "R5, `, 1),
		"a word changed":      strings.Replace(form, `id: "R5", `, `id: "R8", `, 1),
		"a line missing":      strings.Join(lines[:at], "") + strings.Join(lines[at+1:], ""),
		"a line twice":        strings.Join(lines[:at+1], "") + strings.Join(lines[at:], ""),
		"a sum changed":       strings.Replace(form, "file new/clusters.yaml ", "file new/clusters.yaml 0", 1),
		"no sum":              strings.Replace(form, "file new/clusters.yaml ", "file new/clusters.yaml\n", 1),
		"lines of another":    strings.Replace(form, "file new/clusters.yaml ", "file new/jobs.yaml ", 1),
		"other ends of lines": strings.ReplaceAll(form, "\n", "\r\n"),
	} {
		got, files := load(damaged)
		require.Contains(t, files, "new/clusters.yaml", name)
		require.Equal(t, want, got, name)
		if !strings.HasPrefix(name, "cut") && !strings.HasPrefix(name, "other") && !strings.HasPrefix(name, "lines") {
			require.Len(t, files, 1, "%s: the others are read from the form", name)
		}
	}
}

func TestChangedFilesAreReadFromTheirYAML(t *testing.T) {
	fsys := whole()
	form := formOf(t, fsys)
	fsys["notes.yaml"] = &fstest.MapFile{Data: []byte(notes + "N3: {verdict: review, text: A note that is new.}\n")}
	fsys["new/more.yaml"] = &fstest.MapFile{Data: []byte(ruleOf("R5"))}
	delete(fsys, "source/clusters.yaml")
	p := loadForm(t, fsys, form)
	assert.Equal(t, "A note that is new.", p.Notes["N3"].Text)
	assert.Equal(t, []string{"new/more.yaml"}, fromYAML(p))
	assert.Len(t, p.Rules, 4)
}

func TestCompileRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "rules.yaml: one document is expected",
		"# all gone\n":              "rules.yaml: one document is expected",
		"- {id: R1}\n---\n- x\n":    "rules.yaml: one document is expected",
		"[]\n":                      "rules.yaml: there is nothing in this file",
		"rules\n":                   "rules.yaml: line 1: a String has no place in a file of a pack",
		"- {id: &a R1, name: *a}\n": "rules.yaml: line 1: a Anchor has no place",
		"- {id: R1\n":               "rules.yaml:",
	} {
		_, err := rules.Compile(fstest.MapFS{"pack.yaml": {Data: []byte(pack)}, "rules.yaml": {Data: []byte(text)}}, ".")
		require.Error(t, err, text)
		assert.Contains(t, err.Error(), want, text)
	}
}
