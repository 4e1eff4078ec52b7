package reference_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/reference"
)

var pack = &rules.Pack{
	ID: "toy", Source: "Toy",
	Notes: map[string]rules.NoteText{
		"T100": {Code: "T100", Text: "Rounds | down.", Verdict: ir.Review},
		"T201": {Code: "T201", Text: "Makes a thing.", Verdict: ir.Review},
	},
	Rules: []*rules.Rule{
		{ID: "T202", Name: "thing-get", Group: "things", File: "things.yaml", Line: 9, From: []string{"toy.get"}, To: "new.Thing({name})", Why: "By its name.",
			Drops: map[string]string{"raw": "T100"}},
		{ID: "T201", Name: "thing-make", Group: "things", File: "things.yaml", Line: 1, From: []string{"toy.make", "toy.create"}, Do: "a = new.make()\na.wait()\n",
			Verdict: ir.Review, Why: "Waits as before.", Source: "guide, \"Things\"",
			Examples: []rules.Example{{Before: "toy.make()\n", After: "new.make()\n\nnew.wait()\n"}, {Before: "x\n", Same: true, Why: "Not a toy."}}},
		{ID: "T203", Name: "thing-break", File: "hard.yaml", Line: 1, From: []string{"toy.break"}, Manual: true, Verdict: ir.Manual, Why: "Nothing breaks."},
	},
}

func TestEntries(t *testing.T) {
	all := reference.Entries(pack)
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
	all := reference.Entries(pack)
	e, err := reference.Find(all, "t203")
	require.NoError(t, err)
	assert.Equal(t, "thing-break", e.Name)
	e, err = reference.Find(all, "thing-get")
	require.NoError(t, err)
	assert.Equal(t, "T202", e.Code)
	_, err = reference.Find(all, "thing-gte")
	assert.EqualError(t, err, `there is no rule or note thing-gte; did you mean "thing-get"?`)
	_, err = reference.Find(all, "t20")
	assert.EqualError(t, err, `there is no rule or note t20; did you mean "T201"?`)
}

func TestTable(t *testing.T) {
	var b strings.Builder
	require.NoError(t, reference.Table(&b, reference.Entries(pack)))
	assert.Equal(t, `code  verdict   rule         what
T100  review    -            Rounds | down.
T201  review    thing-make   Makes a thing.
T202  migrated  thing-get    By its name.
T203  manual    thing-break  Nothing breaks.
`, b.String())
}

func TestExplain(t *testing.T) {
	e, err := reference.Find(reference.Entries(pack), "T201")
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
Before (2 of 2):
    x

After: the same

Source: guide, "Things"

Defined in things.yaml:1
`, b.String())
}

func TestJSON(t *testing.T) {
	var b strings.Builder
	require.NoError(t, reference.JSON(&b, pack, reference.Entries(pack)))
	var out struct {
		Version int
		Rules   []reference.Entry
	}
	require.NoError(t, json.Unmarshal([]byte(b.String()), &out))
	assert.Equal(t, 1, out.Version)
	assert.Equal(t, reference.Entries(pack), out.Rules)
}

func TestMarkdown(t *testing.T) {
	var b strings.Builder
	require.NoError(t, reference.Markdown(&b, pack, reference.Entries(pack)))
	page := b.String()
	assert.Contains(t, page, `| T100 | review | Rounds \| down. |`)
	assert.Contains(t, page, "| [T201](#t201-thing-make) | review | Makes a thing. |\n")
	assert.Contains(t, page, "\n### T201 thing-make\n\n*review.* Makes a thing. Waits as before.\n")
	assert.Contains(t, page, "Its findings can also have: T100.")
	assert.Contains(t, page, "\nExample: that of T201.\n")
	assert.Less(t, strings.Index(page, "\n## hard\n"), strings.Index(page, "\n## things\n"))
}
