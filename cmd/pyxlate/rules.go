package main

import (
	"io"

	"pyxlate/rules"
	"pyxlate/rules/reference"
	"pyxlate/translator/settings"
)

//go:generate sh -c "go run . rules --format markdown > ../../docs/rules.md"

type rulesCommand struct {
	Code   string   `arg:"" optional:"" help:"Code of a finding, or name of a rule: explains it, with what it was made of and an example."`
	Format string   `default:"text" enum:"text,json,markdown" placeholder:"FORMAT" help:"text, json or markdown (${default})."`
	To     string   `placeholder:"SDK" help:"Target of the migration (azureml)."`
	Rules  []string `placeholder:"DIR" sep:"none" help:"Include the rules in DIR. Can be repeated."`
}

func (c *rulesCommand) run(env environment, newEngine func(Settings) (*backend, error)) (int, error) {
	f, err := settings.Find(nil)
	if err != nil {
		return 0, err
	}
	b, err := newEngine(Settings{To: c.To, Rules: append(f.Rules, c.Rules...)})
	if err != nil {
		return 0, err
	}
	pack, err := b.rules()
	if err != nil {
		return 0, err
	}
	return statusDone, c.print(env.stdout, pack)
}

func (c *rulesCommand) print(w io.Writer, pack *rules.Pack) error {
	entries := reference.Entries(pack)
	if c.Code != "" {
		e, err := reference.Find(entries, c.Code)
		if err != nil {
			return usageError{err}
		}
		entries = []reference.Entry{e}
	}
	switch {
	case c.Format == "json":
		return reference.JSON(w, pack, entries)
	case c.Format == "markdown":
		return reference.Markdown(w, pack, entries)
	case c.Code != "":
		return reference.Explain(w, entries[0])
	}
	return reference.Table(w, entries)
}
