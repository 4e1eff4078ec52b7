package main

import (
	"fmt"
	"io"

	"pyxlate/rules"
	"pyxlate/rules/reference"
)

type rulesCommand struct {
	Code   string   `arg:"" optional:"" help:"Code of a finding, name of a rule, or symbol of an old SDK: explains it, with what becomes of it under every target, and an example. The rules for a symbol stand in the order in which they are tried."`
	Format string   `default:"text" enum:"text,json,markdown" placeholder:"FORMAT" help:"text, json or markdown (${default})."`
	Next   string   `placeholder:"BEGINNING" help:"Print the code for a new rule or note: the next free one that begins so (BAI2)."`
	To     string   `placeholder:"SDK" help:"Only what holds for this target."`
	Rules  []string `placeholder:"DIR" sep:"none" help:"Include the rules in DIR. Can be repeated."`

	settingsFlags
}

func (c *rulesCommand) run(env environment, p product) (int, error) {
	if c.Next != "" && (c.Code != "" || c.To != "") {
		return 0, usagef("--next goes with no code and no target")
	}
	if err := checkTarget(p, c.To); err != nil {
		return 0, err
	}
	f, err := c.settingsFlags.find(nil)
	if err != nil {
		return 0, err
	}
	dirs := append(f.Rules, c.Rules...)
	tell(env.stderr, Settings{Rules: dirs, File: f})
	packs, err := p.packs(dirs)
	if err != nil {
		return 0, err
	}
	if c.Next != "" {
		code, err := rules.NextCode(packs, c.Next)
		if err != nil {
			return 0, usagef("--next %s: %w", c.Next, err)
		}
		_, err = fmt.Fprintln(env.stdout, code)
		return statusDone, err
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
		if err := reference.Order(w, packs, c.To, c.Code, entries); err != nil {
			return err
		}
		return reference.Explain(w, entries)
	}
	return reference.Table(w, entries)
}
