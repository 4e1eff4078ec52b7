package main

import (
	"io"

	"pyxlate/rules"
	"pyxlate/rules/reference"
	"pyxlate/translator/settings"
)

type rulesCommand struct {
	Code   string   `arg:"" optional:"" help:"Code of a finding, name of a rule, or symbol of an old SDK: explains it, with what becomes of it under every target, and an example."`
	Format string   `default:"text" enum:"text,json,markdown" placeholder:"FORMAT" help:"text, json or markdown (${default})."`
	To     string   `placeholder:"SDK" help:"Only what holds for this target."`
	Rules  []string `placeholder:"DIR" sep:"none" help:"Include the rules in DIR. Can be repeated."`
}

func (c *rulesCommand) run(env environment, p product) (int, error) {
	if err := checkTarget(p, c.To); err != nil {
		return 0, err
	}
	f, err := settings.Find(nil)
	if err != nil {
		return 0, err
	}
	packs, err := p.packs(append(f.Rules, c.Rules...))
	if err != nil {
		return 0, err
	}
	return statusDone, c.print(env.stdout, packs)
}

func (c *rulesCommand) print(w io.Writer, packs []*rules.Pack) error {
	entries := reference.Entries(packs, c.To)
	if c.Code != "" {
		var err error
		if entries, err = reference.Find(packs, entries, c.Code); err != nil {
			return usageError{err}
		}
	}
	switch {
	case c.Format == "json":
		return reference.JSON(w, packs, entries)
	case c.Format == "markdown":
		return reference.Markdown(w, packs, entries)
	case c.Code != "":
		return reference.Explain(w, entries)
	}
	return reference.Table(w, entries)
}
