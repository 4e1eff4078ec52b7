package rules_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
)

func TestNextCode(t *testing.T) {
	var ids []*rules.Rule
	for _, id := range []string{"BAI201", "BAI203", "BAI405b", "BAI098", "BAI899", "x", "7"} {
		ids = append(ids, &rules.Rule{ID: id})
	}
	packs := []*rules.Pack{{
		Rules:   ids,
		Notes:   map[string]rules.NoteText{"BAI205": {}, "BAI404": {}},
		Targets: []*rules.Target{{Notes: map[string]rules.NoteText{"BAI501": {}}}},
		Retired: []string{"BAI209", "BAI402"},
	}, {Rules: []*rules.Rule{{ID: "OWN9"}}}}
	for beginning, want := range map[string]string{
		"BAI2": "BAI210", // after the highest that there was: BAI202 and the like stay free
		"bai2": "BAI210",
		"BAI4": "BAI406",
		"BAI5": "BAI502", // a text for one target counts
		"BAI0": "BAI099",
		"OWN":  "OWN10",
	} {
		got, err := rules.NextCode(packs, beginning)
		require.NoError(t, err, beginning)
		assert.Equal(t, want, got)
	}
	const none = "no codes begin so, but with BAI0, BAI2, BAI4, BAI5, BAI8 and OWN"
	for beginning, want := range map[string]string{
		"BAI8":   "BAI899 is the last code that begins so: take another beginning",
		"BAI":    none,
		"BAI203": none + `; did you mean "BAI2"?`,
		"BAI3":   none + `; did you mean "BAI0"?`,
		"WRAP":   none + "; the first of new ones is WRAP1",
		"WRAP1":  none + "; the first of new ones is WRAP101",
		"no one": none,
	} {
		_, err := rules.NextCode(packs, beginning)
		require.EqualError(t, err, want, beginning)
	}
}

// Codes are not given twice, and not again.
func TestCodesThatCannotBeHad(t *testing.T) {
	_, err := load(t, cluster+"- {id: R1, from: azure.mgmt.batchai.models.Cluster, keep: true, why: x, examples: [{before: x, same: true}]}\n")
	require.Error(t, err)
	assert.Contains(t, err.Error(), "p/rules.yaml:10:4: id R1 is taken by the rule at p/rules.yaml:1; R2 is free")

	for text, want := range map[string]string{
		"retired: [R1, R7]\n": "p/rules.yaml:1:3: id R1 is retired: it was another rule's; R8 is free",
		"retired: [R7, N2]\n": "p/pack.yaml:9:1: note N2 has the code of one that is gone; N3 is free",
	} {
		_, err = rules.Load(fstest.MapFS{
			"p/pack.yaml":      {Data: []byte(pack + text)},
			"p/notes.yaml":     {Data: []byte(notes)},
			"p/resources.yaml": {Data: []byte(resources)},
			"p/rules.yaml":     {Data: []byte(cluster)},
		}, "p", nil, nil, nil)
		require.EqualError(t, err, want)
	}
}

// A rule below one that fits every use is never tried: it would say what never
// happens.
func TestRulesThatAreNeverTried(t *testing.T) {
	const get = "azure.mgmt.batchai.operations.ClustersOperations.get"
	rule := func(id, more string) string {
		return "- {id: " + id + ", from: " + get + ", keep: true, why: x, examples: [{before: x, same: true}]" + more + "}\n"
	}
	const given, failed = ", where: {cluster_name: given}", ", failed: " + get
	for _, text := range []string{rule("R2", given) + cluster, rule("R2", failed) + cluster, rule("R2", given) + rule("R3", failed)} {
		_, err := load(t, text)
		require.NoError(t, err, text)
	}
	for _, text := range []string{cluster + rule("R2", ""), cluster + rule("R2", given), cluster + rule("R2", failed)} {
		_, err := load(t, text)
		require.Error(t, err, text)
		assert.Contains(t, err.Error(), "p/rules.yaml:10:12: rule R2 is never tried for "+get+": rule R1 at p/rules.yaml:1 stands above it and fits every use")
	}

	// What is a user's own may take the place of a rule of the pack.
	_, err := extend(t, rule("R2", ""))
	require.NoError(t, err)
	_, err = extend(t, rule("R2", "")+rule("R3", ""))
	require.Error(t, err)
	assert.Contains(t, err.Error(), "migration/own.yaml:2:12: rule R3 is never tried")

	// Files count by folder and name, and what is for a target stands before what is
	// for every one.
	files := fstest.MapFS{
		"pack.yaml":     {Data: []byte(pack)},
		"notes.yaml":    {Data: []byte(notes)},
		"a.yaml":        {Data: []byte(rule("R2", ""))},
		"new/b.yaml":    {Data: []byte(rule("R3", given))},
		"new/c.yaml":    {Data: []byte(rule("R4", ""))},
		"source/d.yaml": {Data: []byte("[]")},
	}
	p, err := rules.Load(files, ".", nil, nil, nil)
	require.NoError(t, err)
	var order []string
	for _, r := range selected(t, p).For(get) {
		order = append(order, r.ID)
	}
	assert.Equal(t, []string{"R3", "R4", "R2"}, order)
	files["source/d.yaml"] = &fstest.MapFile{Data: []byte(rule("R5", ""))}
	_, err = rules.Load(files, ".", nil, nil, nil)
	require.Error(t, err)
	assert.Contains(t, err.Error(), "source/d.yaml:1:12: rule R5 is never tried for "+get+": rule R2 at a.yaml:1 stands above it")
}
