// Package toypack has packs of invented SDKs with two targets, whose habits are
// other than those of the packs that pyxlate is built with: the test that the
// engine knows no SDK.
//
// Orchard leads to Greenhouse and, not for all that it has, to Meadow; Greenhouse
// leads to Meadow itself.
package toypack

import (
	"embed"
	"io/fs"

	"pyxlate/rules"
	"pyxlate/rules/ir"
	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
)

//go:embed packs tables
var files embed.FS

// funcs are what the packs' tables cannot say.
var funcs = map[string]ir.Func{
	"beyond":      beyond,
	"ground":      ground,
	"neighbour":   neighbour,
	"shapeGround": shapeGround,
	"shed":        shed,
	"sow":         sow,
}

var derive = map[string]rules.DeriveFunc{"benchLabel": benchLabel}

// Orchard is the pack of the SDK that is gone, Greenhouse that of its first
// target.
var (
	Orchard    = rules.Folder{FS: files, Root: "packs/orchard", Funcs: funcs, Derive: derive}
	Greenhouse = rules.Folder{FS: files, Root: "packs/greenhouse", Funcs: funcs}
)

// Packs are both.
var Packs = packs.Of(Orchard, Greenhouse)

// Tables are the surfaces of the invented SDKs, and of none that there is.
func Tables() (*sdk.Set, error) {
	names, err := fs.Glob(files, "tables/*.json")
	if err != nil {
		return nil, err
	}
	var texts [][]byte
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return new(sdk.Set).With(texts...)
}
