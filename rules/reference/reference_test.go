package reference_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/reference"
)

var pack = &rules.Pack{
	ID: "toy", Source: "Toy", Targets: []*rules.Target{{ID: "new", Complete: true}},
	Notes: map[string]rules.NoteText{
		"T100": {Code: "T100", Text: "Rounds | down.", Verdict: ir.Review},
		"T201": {Code: "T201", Text: "Makes a thing.", Verdict: ir.Review},
	},
	Rules: []*rules.Rule{
		{ID: "T202", Name: "thing-get", Group: "things", File: "things.yaml", Line: 9, From: []string{"toy.get"}, To: "new.Thing({name})", Why: "By its name.",
			Drops: map[string]string{"raw": "T100"}},
		{ID: "T201", Name: "thing-make", Group: "things", File: "things.yaml", Line: 1, From: []string{"toy.make", "toy.create"}, Do: "a = new.make()\na.wait()\n",
			Verdict: ir.Review, Why: "Waits as before.", Source: "guide, \"Things\"",
			Examples: []rules.Example{{Before: "toy.make()\n", After: "new.make()\n\nnew.wait()\n"}, {Before: "x\n", Same: true, Why: "Not a toy.", Options: map[string]string{"size": "big"}}}},
		{ID: "T203", Name: "thing-break", File: "hard.yaml", Line: 1, From: []string{"toy.break"}, Manual: true, Verdict: ir.Manual, Why: "Nothing breaks."},
	},
}

var packs = []*rules.Pack{pack}

func init() {
	for _, r := range pack.Rules {
		r.Pack = pack
	}
}

func TestEntries(t *testing.T) {
	all := reference.Entries(packs, "")
	var codes []string
	for _, e := range all {
		codes = append(codes, e.Code)
	}
	assert.Equal(t, []string{"T100", "T201", "T202", "T203"}, codes)
	assert.Equal(t, []string{"T202"}, all[0].GivenBy)
	assert.Equal(t, []string{"T100"}, all[2].Notes)
	assert.Equal(t, "Makes a thing.", all[1].What)
	assert.Equal(t, "Waits as before.", all[1].Why)
	assert.Len(t, all[2].Examples, 2, "those of its group")
	assert.Equal(t, "T201", all[2].ExamplesOf)
	assert.Equal(t, "x\n", all[1].Examples[1].After, "an example of what stays")
	assert.Equal(t, "left as it is, under a comment", all[3].Becomes)
}

func TestFind(t *testing.T) {
	all := reference.Entries(packs, "")
	for wanted, code := range map[string]string{"t203": "T203", "thing-get": "T202", "toy.create": "T201", "break": "T203"} {
		found, err := reference.Find(packs, all, wanted)
		require.NoError(t, err)
		require.Len(t, found, 1, wanted)
		assert.Equal(t, code, found[0].Code, wanted)
	}
	_, err := reference.Find(packs, all, "thing-gte")
	assert.EqualError(t, err, `there is no rule, note or symbol thing-gte; did you mean "thing-get"?`)
	_, err = reference.Find(packs, all, "t20")
	assert.EqualError(t, err, `there is no rule, note or symbol t20; did you mean "T201"?`)
	_, err = reference.Find(packs, all, "toy.mak")
	assert.EqualError(t, err, `there is no rule, note or symbol toy.mak; did you mean "toy.make"?`)
}

func TestTable(t *testing.T) {
	var b strings.Builder
	require.NoError(t, reference.Table(&b, reference.Entries(packs, "")))
	assert.Equal(t, `code  verdict   rule         what
T100  review    -            Rounds | down.
T201  review    thing-make   Makes a thing.
T202  migrated  thing-get    By its name.
T203  manual    thing-break  Nothing breaks.
`, b.String())
}

func TestExplain(t *testing.T) {
	e, err := reference.Find(packs, reference.Entries(packs, ""), "T201")
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, reference.Explain(&b, e))
	assert.Equal(t, `T201 thing-make (review)

Makes a thing.

Waits as before.

What it is about:
    toy.make
    toy.create

Becomes:
    a = new.make()
    a.wait()

Before (1 of 2):
    toy.make()

After:
    new.make()

    new.wait()

Not a toy.
Before (2 of 2), with --set size=big:
    x

After: the same

Source: guide, "Things"

Defined in things.yaml:1
`, b.String())
}

func TestJSON(t *testing.T) {
	var b strings.Builder
	require.NoError(t, reference.JSON(&b, packs, reference.Entries(packs, "")))
	var out struct {
		Version int
		Rules   []reference.Entry
	}
	require.NoError(t, json.Unmarshal([]byte(b.String()), &out))
	assert.Equal(t, 2, out.Version)
	assert.Equal(t, reference.Entries(packs, ""), out.Rules)
}

func TestMarkdown(t *testing.T) {
	var b strings.Builder
	require.NoError(t, reference.Markdown(&b, packs, reference.Entries(packs, "")))
	page := b.String()
	assert.Contains(t, page, `| T100 | review | Rounds \| down. |`)
	assert.Contains(t, page, "| [T201](#t201-thing-make) | review | Makes a thing. |\n")
	assert.Contains(t, page, "\n### T201 thing-make\n\n*review.* Makes a thing. Waits as before.\n")
	assert.Contains(t, page, "Its findings can also have: T100.")
	assert.Contains(t, page, "\nExample: that of T201.\n")
	assert.Less(t, strings.Index(page, "\n## hard\n"), strings.Index(page, "\n## things\n"))
}

// The rules for a symbol are shown in the order in which they are tried, which is
// not that of their codes.
func TestOrder(t *testing.T) {
	const rule = ", why: One line., examples: [{before: x, same: true}]}\n"
	load := func(targets string) []*rules.Pack {
		p, err := rules.Load(fstest.MapFS{
			"pack.yaml": {Data: []byte("id: toy\nsource: Toy\nenv: [TOY_]\ntargets: " + targets + "\n")},
			"source/b.yaml": {Data: []byte("- {id: T2, name: thing-last, from: [toy.Things.get, toy.Others.get], keep: true" + rule +
				"- {id: T4, name: any, from: [toy.*, TOY_*], manual: true" + rule)},
			"source/c.yaml": {Data: []byte("- {id: T5, name: thing-put, from: toy.Things.put, keep: true" + rule)},
			"new/a.yaml": {Data: []byte("- {id: T3, name: thing-big, from: toy.Things.get, where: {size: \"9\", name: given}, keep: true" + rule +
				"- {id: T1, name: thing-again, from: toy.Things.get, where: {name: absent}, failed: toy.Things.make, keep: true" + rule)},
		}, ".", nil, nil, nil)
		require.NoError(t, err)
		return []*rules.Pack{p}
	}
	ordered := func(packs []*rules.Pack, target, wanted string) (string, []reference.Entry) {
		found, err := reference.Find(packs, reference.Entries(packs, target), wanted)
		require.NoError(t, err, wanted)
		var b strings.Builder
		require.NoError(t, reference.Order(&b, packs, target, wanted, found))
		return b.String(), found
	}
	packs := load("{new: {complete: true}}")
	const get = `toy.Things.get
the first of these rules that fits is carried out:
  T3  migrated  thing-big    where name is given and size is 9                            new/a.yaml:1
  T1  migrated  thing-again  where name is not given and toy.Things.make has just failed  new/a.yaml:2
  T2  migrated  thing-last   every use                                                    source/b.yaml:1

`
	const others = "toy.Others.get\n  T2  migrated  thing-last  every use  source/b.yaml:1\n\n"
	const covered = "\none with a * covers it:\n  T4  manual  any  every use  source/b.yaml:2\n\n"
	for wanted, want := range map[string]string{
		"toy.Things.get": get,
		"Things.get":     get,
		"toy.Others.get": others,
		"toy.Others.gte": "toy.Others.gte\nno rule names it; did you mean \"get\"?" + covered,
		"toy.x":          "toy.x\nno rule names it" + covered,
		"TOY_VARIABLE":   "TOY_VARIABLE\nno rule names it" + covered,
		"T3":             "",
		"thing-big":      "",
	} {
		got, _ := ordered(packs, "", wanted)
		assert.Equal(t, want, got, wanted)
	}
	got, found := ordered(packs, "", "get")
	assert.True(t, strings.HasPrefix(got, others), "each symbol that ends so")
	var codes []string
	for _, e := range found {
		codes = append(codes, e.Code)
	}
	assert.Equal(t, []string{"T2", "T3", "T1"}, codes)
	var b strings.Builder
	require.NoError(t, reference.Explain(&b, found[1:2]))
	assert.Contains(t, b.String(), "\nOnly where:\n    name is given and size is 9\n")
	b.Reset()
	require.NoError(t, reference.Markdown(&b, packs, found[1:2]))
	assert.Contains(t, b.String(), "\nOnly where name is given and size is 9.\n")

	packs = load("{new: {complete: true}, newer: {complete: true}}")
	got, _ = ordered(packs, "", "toy.Things.put")
	assert.Equal(t, "toy.Things.put, to new\n  T5  migrated  thing-put  every use  source/c.yaml:1\n\ntoy.Things.put, to newer\n  T5  migrated  thing-put  every use  source/c.yaml:1\n\n", got)
	got, _ = ordered(packs, "newer", "Things.get")
	assert.Equal(t, "toy.Things.get, to newer\n  T2  migrated  thing-last  every use  source/b.yaml:1\n\n", got)
}

// A symbol has an answer for every target; what two targets have in common is
// said once.
func TestTwoTargets(t *testing.T) {
	p := &rules.Pack{ID: "toy", Source: "Toy", Targets: []*rules.Target{{ID: "new"}, {ID: "newer"}}, Rules: []*rules.Rule{
		{ID: "T1", Name: "get", From: []string{"toy.Box.get"}, File: "p/new/box.yaml", Line: 1, To: "new.get()", Why: "Gets.", Target: "new"},
		{ID: "T1", Name: "get", From: []string{"toy.Box.get"}, File: "p/newer/box.yaml", Line: 1, To: "newer.fetch()", Why: "Fetches.", Target: "newer"},
		{ID: "T2", Name: "put", From: []string{"toy.Box.*"}, File: "p/source/box.yaml", Line: 1, Manual: true, Verdict: ir.Manual, Why: "Nothing."},
	}}
	for _, r := range p.Rules {
		r.Pack = p
	}
	all := reference.Entries([]*rules.Pack{p}, "")
	var lines []string
	for _, e := range all {
		lines = append(lines, e.Code+" "+strings.Join(e.Targets, "+")+" "+e.Becomes)
	}
	assert.Equal(t, []string{"PYX100 new+newer ", "T1 new new.get()", "T1 newer newer.fetch()", "T2 new+newer left as it is, under a comment"}, lines)
	found, err := reference.Find([]*rules.Pack{p}, all, "Box.get")
	require.NoError(t, err)
	require.Len(t, found, 2)
	var b strings.Builder
	require.NoError(t, reference.Explain(&b, found))
	assert.Contains(t, b.String(), "T1 get (migrated, to new)")
	assert.Contains(t, b.String(), "T1 get (migrated, to newer)")
	found, err = reference.Find([]*rules.Pack{p}, all, "toy.Box.put")
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, "T2", found[0].Code, "a wildcard answers, too")
	b.Reset()
	require.NoError(t, reference.Markdown(&b, []*rules.Pack{p}, all))
	assert.Contains(t, b.String(), "| [T1](#t1-get-to-newer) | migrated | newer | Fetches. |")
	assert.Contains(t, b.String(), "## newer/box")
	b.Reset()
	require.NoError(t, reference.Table(&b, all))
	assert.Contains(t, b.String(), "T2      manual    new, newer  put   Nothing.")
}

// A note that means the same for two targets has one row, whichever rules give it.
func TestNotesOfTwoTargets(t *testing.T) {
	p := &rules.Pack{ID: "toy", Source: "Toy", Targets: []*rules.Target{{ID: "new", Complete: true}, {ID: "newer", Complete: true}},
		Notes: map[string]rules.NoteText{"T100": {Code: "T100", Text: "Rounds down.", Verdict: ir.Review}},
		Rules: []*rules.Rule{
			{ID: "T1", Name: "get", From: []string{"toy.get"}, File: "new/a.yaml", Line: 1, To: "new.get()", Why: "Gets.", Notes: []string{"T100"}, Target: "new"},
			{ID: "T1", Name: "get", From: []string{"toy.get"}, File: "newer/a.yaml", Line: 1, To: "newer.get()", Why: "Gets.", Target: "newer"},
		}}
	for _, r := range p.Rules {
		r.Pack = p
	}
	all := reference.Entries([]*rules.Pack{p}, "")
	assert.Len(t, all, 4)
	var b strings.Builder
	require.NoError(t, reference.Table(&b, all))
	assert.Equal(t, `code  verdict   target      rule  what
T1    migrated  new         get   Gets.
T1    migrated  newer       get   Gets.
T100  review    new, newer  -     Rounds down.
`, b.String())
	b.Reset()
	require.NoError(t, reference.Markdown(&b, []*rules.Pack{p}, all))
	assert.Equal(t, 1, strings.Count(b.String(), "Rounds down."))
}

// What only one target has a rule for, is not denied where another one is asked
// for.
func TestRuleOfOneTarget(t *testing.T) {
	p := &rules.Pack{ID: "toy", Source: "Toy", Targets: []*rules.Target{{ID: "new", Complete: true}, {ID: "newer"}},
		Rules: []*rules.Rule{{ID: "T1", Name: "get", From: []string{"toy.get"}, File: "new/a.yaml", Line: 1, To: "new.get()", Why: "Gets.", Target: "new"}}}
	p.Rules[0].Pack = p
	other := &rules.Pack{ID: "doll", Source: "Doll", Targets: []*rules.Target{{ID: "newer", Complete: true}}}
	packs := []*rules.Pack{p, other}

	found, err := reference.Find(packs, reference.Entries(packs, ""), "toy.get")
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, reference.Order(&b, packs, "", "toy.get", found))
	assert.Equal(t, `toy.get, to new
  T1  migrated  get  every use  new/a.yaml:1

toy.get, to newer
  PYX100  manual  -  no rule is about it

`, b.String())
	for _, wanted := range []string{"toy.get", "T1"} {
		_, err = reference.Find(packs, reference.Entries(packs, "newer"), wanted)
		require.EqualError(t, err, wanted+" is known for other targets alone: new")
	}

	b.Reset()
	require.NoError(t, reference.Markdown(&b, packs, reference.Entries(packs, "new")))
	assert.Contains(t, b.String(), "# Rules of the pack toy\n")
}
