package meaning_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/meaning"
)

// kiln analyses a program of an SDK whose ways are declared.
func kiln(t *testing.T, src string) *meaning.Program {
	t.Helper()
	base, err := loadTables()
	require.NoError(t, err)
	table, err := os.ReadFile("../rewrite/testdata/kiln/kiln.json")
	require.NoError(t, err)
	tables, err := base.With(table)
	require.NoError(t, err)
	tree, err := grammar.Parse([]byte(src))
	require.NoError(t, err)
	f := &meaning.File{Path: "x.py", Module: "x", Units: []*meaning.Source{{Raw: []byte(src), Text: []byte(src), Tree: tree}}}
	return meaning.Analyze([]*meaning.File{f}, nil, meaning.Config{
		Tables: tables, Sources: []string{"kiln"}, Factories: map[string]string{"kiln.record": "which"},
		Conventions: &sdk.Conventions{
			Pollers: []*sdk.Polling{{Classes: []string{"kiln.Firing"}, Result: []string{"outcome"}, Wait: []string{"linger"}, Done: []string{"finished"}, Status: []string{"phase"}}},
			Pagers:  []*sdk.Paging{{Classes: []string{"kiln.Stream"}, Next: []string{"take"}}},
			Cursors: []*sdk.Cursor{{Classes: []string{"kiln.Page"}, Items: []string{"rows"}, Token: []string{"more"}, Parameter: []string{"after"}}},
			Raw:     []*sdk.RawResponse{{Classes: []string{"kiln.Reply"}, Parameter: "reply", Value: "'whole'", Output: []string{"body"}, Poller: true}},
			Clients: []*sdk.Client{{Classes: []string{"kiln.Client"}, Operations: []string{"warm"}}},
			Records: []string{"kiln.OvenSpec", "kiln.Heat"},
		},
	})
}

// valueOf gives what the variable x holds.
func valueOf(t *testing.T, p *meaning.Program) ir.Value {
	t.Helper()
	for d := range p.AllDefs() {
		if d.Name == "x" {
			return d.Value
		}
	}
	t.Fatal("there is no x")
	return nil
}

// What operations give, and what is inside of it, follows from declarations.
func TestDeclaredWays(t *testing.T) {
	for src, want := range map[string]string{
		"x = client.create_oven(spec)":                            "Firing[Oven]",
		"x = client.create_oven(spec).outcome()":                  "Oven",
		"x = client.create_oven(spec).linger()":                   "unknown",
		"x = client.create_oven(spec).finished()":                 "unknown bool",
		"x = client.create_oven(spec).phase()":                    "unknown str",
		"x = client.create_oven(spec).result":                     "unknown",
		"x = client.create_oven(spec, reply='whole')":             "raw[Firing[Oven]]",
		"x = client.create_oven(spec, reply='whole').body":        "Firing[Oven]",
		"x = client.create_oven(spec, reply=True)":                "Firing[Oven]",
		"x = client.each_oven()":                                  "Stream[Oven]",
		"x = client.each_oven().take()":                           "Oven",
		"x = next(iter(client.each_oven()))":                      "Oven",
		"x = [o for o in client.each_oven()]":                     "[*Oven]",
		"x = client.list_ovens().rows":                            "list[Oven]",
		"x = client.list_ovens().rows[0]":                         "Oven",
		"x = [o for o in client.list_ovens().rows]":               "[*Oven]",
		"x = client.list_ovens().more":                            "unknown str",
		"x = kiln.oven_spec('a', 'b')":                            "OvenSpec",
		"x = kiln.record('OvenSpec', name='a').name":              "'a'",
		"x = kiln.record(kiln.OvenSpec, name='a').name":           "'a'",
		"x = kiln.record('Oven', name='a')":                       "unknown",
		"x = kiln.oven_spec('a', 'b', kiln.heat(1, 2)).heat.high": "2",
	} {
		p := kiln(t, "import kiln\nclient = kiln.Client('key')\nspec = kiln.oven_spec('a', 'b')\n"+src+"\n")
		assert.Equal(t, want, describe(valueOf(t, p)), src)
	}
}

// A flat client is known by the names of its operations where they say enough: by
// several words, or by declaration.
func TestFlatClientsByShape(t *testing.T) {
	for _, tt := range []struct {
		src  string
		want []string
	}{
		{"def f(service):\n    service.delete_oven('a')\n", []string{"kiln.Client.delete_oven?"}},
		{"def f(service):\n    service.warm('a', 1)\n", []string{"kiln.Client.warm?"}},
		{"def f(service):\n    service.warm('a')\n", nil},                       // it does not bind
		{"def f(service):\n    service.close()\n", nil},                         // it is none of its operations
		{"def f(service):\n    service.delete_oven('a')\nf(list())\n", nil},     // it is something else
		{"import other\ndef f():\n    other.service().delete_oven('a')\n", nil}, // it may be anything
		{"from other import Service\ndef f(service: Service):\n    service.delete_oven('a')\n", nil},
		{"from typing import Any\ndef f(service: Any):\n    service.delete_oven('a')\n", []string{"kiln.Client.delete_oven?"}},
		{"def f(services):\n    services.ovens.delete_oven('a')\n", []string{"kiln.Client.delete_oven?"}},
	} {
		p := kiln(t, "import kiln\n"+tt.src)
		var got []string
		for _, u := range p.Uses() {
			if u.Kind == ir.CallUse {
				got = append(got, u.Symbol+mark(u.Presumed))
			}
		}
		assert.Equal(t, tt.want, got, tt.src)
	}
}

// What is done with a poller on the spot is part of the call; what is done with
// one that is kept is a use of its own.
func TestUsesOfDeclaredPollers(t *testing.T) {
	p := kiln(t, "import kiln\nclient = kiln.Client('key')\nclient.create_oven(kiln.oven_spec('a', 'b')).outcome()\n"+
		"firing = client.delete_oven('a')\nfiring.linger()\nfiring.ended\n")
	var got []string
	for _, u := range p.Uses() {
		if u.Kind != ir.ImportUse {
			got = append(got, u.Symbol)
		}
	}
	assert.Equal(t, []string{"kiln.Client", "kiln.Client.create_oven", "kiln.oven_spec", "kiln.Client.delete_oven", "kiln.Firing.linger", "kiln.Firing.ended"}, got)
}
