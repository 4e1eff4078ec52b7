package rules_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/sdk"
)

// shop is a table of an SDK with ways of its own.
const shop = `{
"format": 1,
"package": "shop",
"version": "1",
"roots": ["shop"],
"aliases": {
},
"symbols": {
"shop": {"kind": "module"},
"shop.Client": {"kind": "class"},
"shop.Client.buy": {"kind": "method", "returns": "shop.Ticket[shop.Order]"},
"shop.Client.list_orders": {"kind": "method", "params": [{"name": "cursor", "kind": "pos"}], "returns": "shop.Page[shop.Order]"},
"shop.Client.rest": {"kind": "method", "params": [{"name": "response", "kind": "pos"}]},
"shop.Listing": {"kind": "class"},
"shop.Listing.fetch": {"kind": "method", "returns": "T"},
"shop.Order": {"kind": "class"},
"shop.OrderListing": {"kind": "class", "bases": ["shop.Listing"]},
"shop.OrderListing.batch": {"kind": "attribute", "type": "list[shop.Order]"},
"shop.Page": {"kind": "class"},
"shop.Page.more": {"kind": "attribute", "type": "str"},
"shop.Page.rows": {"kind": "attribute", "type": "list[T]"},
"shop.Reply": {"kind": "class"},
"shop.Reply.body": {"kind": "attribute"},
"shop.Ticket": {"kind": "class"},
"shop.Ticket.ready": {"kind": "method"},
"shop.Ticket.redeem": {"kind": "method", "returns": "T"},
"shop.order": {"kind": "function", "params": [{"name": "what", "kind": "pos"}], "returns": "shop.Order"}
}
}
`

const shopPack = `id: shop
source: Shop
targets: {new: {modules: [azureml]}}
primary: [shop]
pollers:
  - classes: [shop.Ticket]
    result: redeem
    done: [ready]
pagers:
  - classes: shop.Listing
    next: fetch
    page: batch
cursors:
  - {classes: shop.Page, items: rows, token: more, parameter: cursor}
raw:
  - {classes: shop.Reply, parameter: response, value: "'whole'", output: body}
clients:
  - {classes: shop.Client, operations: [buy]}
records: [shop.Order]
`

func shopTables(t *testing.T) *sdk.Set {
	t.Helper()
	base, err := sdk.Load()
	require.NoError(t, err)
	tables, err := base.With([]byte(shop))
	require.NoError(t, err)
	return tables
}

func loadShop(t *testing.T, text string, tables *sdk.Set) (*rules.Pack, error) {
	t.Helper()
	return rules.Load(fstest.MapFS{"p/pack.yaml": {Data: []byte(text)}}, "p", tables, nil, nil)
}

// What a pack declares of its SDKs reaches what leads to a target.
func TestConventions(t *testing.T) {
	tables := shopTables(t)
	p, err := loadShop(t, shopPack, tables)
	require.NoError(t, err)
	m, err := rules.Select([]*rules.Pack{p}, "new")
	require.NoError(t, err)
	c := &m.Conventions
	assert.Equal(t, sdk.Poller, c.Generic(tables, "shop.Ticket"))
	assert.Equal(t, sdk.Paged, c.Generic(tables, "shop.OrderListing"), "what derives from a pager is one")
	assert.Equal(t, "shop.Order", c.Generic(tables, "shop.Order"))
	waits, gives := c.Waits(tables, "shop.Ticket", "redeem")
	assert.True(t, waits && gives)
	waits, _ = c.Waits(tables, "shop.Ticket", "result")
	assert.False(t, waits, "another SDK's name for it")
	for class, want := range map[string]string{"shop.OrderListing": "shop.Order", "shop.Ticket": ""} {
		inside, ok := c.Inside(tables, sdk.Type{Name: class})
		assert.True(t, ok)
		assert.Equal(t, want, inside.String(), class)
	}
	assert.Equal(t, "'whole'", c.Raw[0].Value)
	var telling []string
	for _, s := range tables.Telling(c.Client("shop.Client"), "shop.Client") {
		telling = append(telling, s.Last())
	}
	assert.Equal(t, []string{"buy", "list_orders"}, telling)
	assert.Empty(t, tables.Groups("shop.Client"))
}

// What a declaration names and the tables lack is a fault with its place.
func TestFaultsOfConventions(t *testing.T) {
	tables := shopTables(t)
	for _, tt := range []struct{ name, old, new, want string }{
		{"no such class", "classes: [shop.Ticket]", "classes: [shop.Tickt]", `p/pack.yaml:6:5: the source SDKs have no shop.Tickt; did you mean "shop.Ticket"?`},
		{"no class", "classes: [shop.Ticket]", "classes: [shop.order]", `p/pack.yaml:6:5: shop.order is no class`},
		{"no classes", "classes: [shop.Ticket]", "wait: ready", `p/pack.yaml:6:5: a declaration needs classes`},
		{"half a cursor", "token: more, ", "", `p/pack.yaml:14:6: a declaration needs token`},
		{"no such result", "result: redeem", "result: reedem", `p/pack.yaml:7:5: shop.Ticket has no reedem; did you mean "redeem"?`},
		{"no such question", "done: [ready]", "done: [redy]", `p/pack.yaml:8:5: shop.Ticket has no redy; did you mean "ready"?`},
		{"no such key", "result: redeem", "reslt: redeem", `p/pack.yaml:7:5: unknown key "reslt"; did you mean "result"?`},
		{"no such step", "next: fetch", "next: fetsh", `p/pack.yaml:11:5: shop.Listing has no fetsh; did you mean "fetch"?`},
		{"no such page", "page: batch", "page: batsh", `p/pack.yaml:12:5: shop.Listing has no batsh`},
		{"no such token", "token: more", "token: mor", `p/pack.yaml:14:39: shop.Page has no mor; did you mean "more"?`},
		{"no such cursor", "parameter: cursor", "parameter: curser", `p/pack.yaml:14:52: no operation of the source SDKs takes curser; did you mean "cursor"?`},
		{"a cursor of another call", "parameter: cursor", "parameter: response", `no operation of the source SDKs takes response`},
		{"no such way to ask", "parameter: response", "parameter: respond", `p/pack.yaml:16:27: no operation of the source SDKs takes respond; did you mean "response"?`},
		{"no such output", "output: body", "output: bdy", `shop.Reply has no bdy; did you mean "body"?`},
		{"no such operation", "operations: [buy]", "operations: [bye]", `p/pack.yaml:18:28: shop.Client has no bye; did you mean "buy"?`},
		{"no such record", "records: [shop.Order]", "records: [shop.Ordre]", `p/pack.yaml:19:1: the source SDKs have no shop.Ordre; did you mean "shop.Order"?`},
		{"no such records", "records: [shop.Order]", "records: [shap.]", `p/pack.yaml:19:1: the source SDKs have no shap`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Contains(t, shopPack, tt.old)
			_, err := loadShop(t, strings.Replace(shopPack, tt.old, tt.new, 1), tables)
			require.Error(t, err)
			assert.Contains(t, err.Error(), tt.want)
		})
	}
}

// Two packs may declare the same, and not different things of one class.
func TestConventionsOfTwoPacks(t *testing.T) {
	first, err := loadShop(t, shopPack, nil)
	require.NoError(t, err)
	second, err := loadShop(t, strings.Replace(shopPack, "id: shop", "id: other", 1), nil)
	require.NoError(t, err)
	m, err := rules.Select([]*rules.Pack{first, second}, "new")
	require.NoError(t, err)
	assert.Len(t, m.Conventions.Pollers, 1)
	third, err := loadShop(t, strings.Replace(shopPack, "result: redeem", "result: ready", 1), nil)
	require.NoError(t, err)
	_, err = rules.Select([]*rules.Pack{first, third}, "new")
	assert.ErrorContains(t, err, "target new: pollers: two packs say different things of shop.Ticket")
}
