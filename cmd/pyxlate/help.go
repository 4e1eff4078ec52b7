package main

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"pyxlate/rules"
)

// overview is the help of the command as a whole: what fits a screen of 80
// columns and 40 lines. The flags of each command have help of their own.
const overview = `Usage: pyxlate [flags] PATH...
       pyxlate undo | rules [CODE] | test DIR | completion SHELL

Moves Python programs (scripts, notebooks, Markdown) from a retired SDK to its
successor.

  pyxlate notebook.ipynb            show what would change, as a diff
  pyxlate -w notebook.ipynb src/    rewrite in place
  pyxlate -o out/ src/              leave src/ alone, write the result to out/
  pyxlate - <in.py >out.py          filter
  pyxlate --check .                 write nothing; the exit status tells
  pyxlate --report html=r.html .    also json, sarif, markdown, github, text
  pyxlate undo                      take back the last -w of this project; --list
  pyxlate rules CODE                explain a code of the report, or a symbol
  pyxlate test migration/           run the examples of your own rules

Flags:
  -w, --write           Rewrite files in place.
  -o, --out DIR         Write the migrated tree to DIR.
  -i, --interactive     Ask about each change (with -w or -o).
      --check           Show no diff.
      --to SDK          Where to: %s.
%s      --notes           Put notes on what to review into the code.
      --report KIND=FILE, --include GLOB, --exclude GLOB, --force-exclude,
      --rules DIR, --set NAME=VALUE, --select CODE, --ignore CODE, --jobs N,
      --color WHEN, --force, --settings FILE, --no-settings
      --version         Print the version.
  pyxlate translate --help explains all of them.

Exit status: 0 nothing is left to do; 1 something is left (in a preview or
--check: there is anything to migrate; after -w or -o: marks remain for a
person); 2 a file could not be read, parsed or written, the call was wrong, or
the run was interrupted.

[tool.pyxlate] in pyproject.toml keeps settings; "# pyxlate: ignore" behind a
line leaves it alone.
`

// printHelp prints the overview, or kong's help for one command.
func printHelp(heads []*rules.Pack) kong.HelpPrinter {
	return func(o kong.HelpOptions, ctx *kong.Context) error {
		if ctx.Selected() == nil || ctx.Selected().Name == "translate" && !named(ctx, "translate") {
			_, err := fmt.Fprintf(ctx.Stdout, overview, strings.Join(rules.Targets(heads), ", "), optionHelp(heads))
			return err
		}
		return kong.DefaultHelpPrinter(o, ctx)
	}
}

// named tells whether the command line names a command.
func named(ctx *kong.Context, command string) bool {
	for _, a := range ctx.Args {
		if a == command {
			return true
		}
	}
	return false
}
