package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"pyxlate/rules"
	"pyxlate/translator/document"
	"pyxlate/translator/files"
	"pyxlate/translator/report"
	"pyxlate/translator/run"
	"pyxlate/translator/settings"
)

// The exit status, as DESIGN has it.
const (
	statusDone   = 0 // nothing is left to do
	statusLeft   = 1 // something is left
	statusFailed = 2 // a file could not be read, parsed or written, or the call was wrong
)

// environment is what the process was started with.
type environment struct {
	args           []string
	stdin          io.Reader
	stdout, stderr io.Writer
	process
}

type commandLine struct {
	Version kong.VersionFlag `help:"Print the version and exit."`

	Translate translateCommand `cmd:"" default:"withargs" help:"Translate files and directories: a preview unless -w or -o is given. This is the default command."`
	Undo      undoCommand      `cmd:"" help:"Take back the last run that wrote files of this project with -w."`
	Rules     rulesCommand     `cmd:"" help:"Print the table of rules, or explain one of them."`
	Test      testCommand      `cmd:"" help:"Run the examples in a directory of rule files."`

	Completion completionCommand `cmd:"" help:"Print a script that completes flags and commands in a shell."`
}

type translateCommand struct {
	Paths []string `arg:"" optional:"" name:"path" help:"Files (.py, .ipynb, .md) and directories of them; - for standard input."`

	Write       bool   `short:"w" xor:"mode" help:"Rewrite files in place."`
	Out         string `short:"o" xor:"mode" placeholder:"DIR" help:"Write the migrated tree to DIR and leave the input alone; files of other kinds are not copied."`
	Check       bool   `xor:"mode" help:"Write nothing and show no diff; the exit status says whether work is left."`
	Interactive bool   `short:"i" help:"Ask about each change (with -w or -o)."`

	To     string   `placeholder:"SDK" help:"Target of the migration: ${targets}. The first is the default."`
	Set    []string `placeholder:"NAME=VALUE" sep:"none" help:"Choose an option of the rules: ${options}. Can be repeated."`
	Notes  *bool    `negatable:"" help:"Put the notes of changes to review into the code as comments."`
	Select []string `placeholder:"CODE" help:"Translate only what has these codes, or codes that begin so. Can be repeated."`
	Ignore []string `placeholder:"CODE" help:"Leave what has these codes as it is. Can be repeated."`
	Rules  []string `placeholder:"DIR" sep:"none" help:"Use the rules in DIR as well. Can be repeated."`

	Report        []string `placeholder:"KIND=FILE" sep:"none" help:"Write a report: ${formats}. FILE - is standard output. Can be repeated."`
	Include       []string `placeholder:"GLOB" sep:"none" help:"Of directories, take only files that match. Can be repeated."`
	Exclude       []string `placeholder:"GLOB" sep:"none" help:"Of directories, leave out what matches. Can be repeated."`
	ForceExclude  bool     `help:"Let the patterns hold for files that are named as well, as by pre-commit."`
	StdinFilename string   `placeholder:"NAME" help:"Name that tells the kind of what - reads (stdin.py)."`
	Color         string   `default:"auto" enum:"auto,always,never" placeholder:"WHEN" help:"Colour: auto, always or never (${default})."`
	Jobs          int      `short:"j" placeholder:"N" help:"Files worked on at once (one for each processor)."`
	Force         bool     `help:"Do not warn of files with uncommitted changes."`

	settingsFlags
	kong.Plugins // the packs' options that have a flag of their own
}

// usageError is a call that was wrong.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// version is set by the linker for releases.
var version string

func versionText() string {
	if version == "" {
		if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
			return info.Main.Version
		}
	}
	return cmp.Or(version, "(devel)")
}

// exited carries kong's wish to exit out of its parser.
type exited int

// execute runs one call and returns the exit status.
func execute(env environment, p product) (status int) {
	defer func() {
		if v := recover(); v != nil {
			code, ok := v.(exited)
			if !ok {
				panic(v)
			}
			status = int(code)
		}
	}()
	var c commandLine
	heads, err := p.heads()
	if err != nil {
		fmt.Fprintf(env.stderr, "pyxlate: %s\n", report.Visible(err.Error()))
		return statusFailed
	}
	c.Translate.Plugins = optionFlags(heads)
	formats := slices.Sorted(func(yield func(string) bool) {
		for f := range report.Formats {
			if !yield(f) {
				return
			}
		}
	})
	parser := kong.Must(&c,
		kong.Name("pyxlate"),
		kong.Writers(env.stdout, env.stderr),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.Vars{"version": "pyxlate " + versionText(), "formats": strings.Join(formats, ", "),
			"targets": strings.Join(rules.Targets(heads), ", "), "options": optionNames(heads)},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Help(printHelp(heads)),
	)
	args, err := pathsApart(env.args, parser.Model.Children)
	var call *kong.Context
	if err == nil {
		call, err = parser.Parse(args)
	}
	if err == nil {
		status, err = interruptible(func(ctx context.Context, own process) (int, error) {
			env := env
			env.process = own
			switch call.Selected().Name {
			case "undo":
				return c.Undo.run(env)
			case "rules":
				return c.Rules.run(env, p)
			case "completion":
				return statusDone, c.Completion.run(env.stdout, parser.Model)
			case "test":
				return c.Test.run(env, p)
			}
			return c.Translate.run(ctx, env, p)
		}, func(files int) error { return c.interrupted(call.Selected().Name, files) })
	} else if _, ok := errors.AsType[usageError](err); !ok {
		// The empty value stands for a flag that is not given.
		err = usagef("%s", strings.Replace(err.Error(), `one of "",`, "one of ", 1))
	}
	if err != nil {
		if errors.Is(err, errInterrupted) && isTerminal(env.stderr) {
			fmt.Fprintln(env.stderr) // below what the terminal shows of the key
		}
		fmt.Fprintf(env.stderr, "pyxlate: %s\n", visibleError(err))
		if _, ok := errors.AsType[usageError](err); ok {
			fmt.Fprintln(env.stderr, "See pyxlate --help.")
		}
		return statusFailed
	}
	return status
}

// mostFaults are the faults of rules that are told at once: people mend the first
// of them, and try again.
const mostFaults = 100

// visibleError gives the text of an error in a line; faults of rules have one
// each.
func visibleError(err error) string {
	faults, ok := errors.AsType[rules.Errors](err)
	if !ok {
		return report.VisiblePath(err.Error())
	}
	var lines []string
	for _, f := range faults[:min(len(faults), mostFaults)] {
		lines = append(lines, report.VisiblePath(f.Error()))
	}
	if more := len(faults) - mostFaults; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// output is one report that was asked for.
type output struct{ format, file string }

func (c *translateCommand) outputs() ([]output, error) {
	var all []output
	toStdout := false
	for _, text := range c.Report {
		format, file, ok := strings.Cut(text, "=")
		if _, known := report.Formats[format]; !known || !ok || file == "" {
			return nil, usagef("--report %s: give KIND=FILE, such as json=report.json", text)
		}
		if file == "-" && toStdout {
			return nil, usagef("--report %s: only one report can go to standard output", text)
		}
		toStdout = toStdout || file == "-"
		all = append(all, output{format, file})
	}
	return all, nil
}

func (c *translateCommand) check() error {
	stdin := slices.Contains(c.Paths, "-")
	switch {
	case len(c.Paths) == 0:
		return usagef("name a file or a directory, or - for standard input")
	case stdin && len(c.Paths) > 1:
		return usagef("- stands for standard input and goes with no other path")
	case stdin && (c.Write || c.Out != "" || c.Interactive):
		return usagef("- writes to standard output; it does not go with -w, -o or -i")
	case c.StdinFilename != "" && !stdin:
		return usagef("--stdin-filename goes with - only")
	case c.Interactive && !c.Write && c.Out == "":
		return usagef("-i goes with -w or -o")
	case c.Out != "" && looksLikeFile(c.Out):
		return usagef("-o %s: that is the name of a file; -o takes a directory, and `pyxlate - <in.py >out.py` writes one file", c.Out)
	case c.Jobs < 0:
		return usagef("--jobs %d: give a number of files", c.Jobs)
	}
	return nil
}

// looksLikeFile tells a path that is no directory and can be none: a file that
// is there, or the name of a kind of file.
func looksLikeFile(path string) bool {
	info, err := os.Stat(path)
	if err == nil {
		return !info.IsDir()
	}
	_, known := document.KindOf(path)
	return known && filepath.Ext(path) != ""
}

func (c *translateCommand) run(ctx context.Context, env environment, p product) (int, error) {
	if err := c.check(); err != nil {
		return 0, err
	}
	outputs, err := c.outputs()
	if err != nil {
		return 0, err
	}
	heads, err := p.heads()
	if err != nil {
		return 0, err
	}
	s, err := c.settings(heads)
	if err != nil {
		return 0, err
	}
	tell(env.stderr, s)
	b, err := p.engine(s)
	if err != nil {
		return 0, err
	}
	r := &report.Report{Tool: versionText(), Packs: b.packs, Source: b.source, To: b.to, About: b.about}
	if c.Paths[0] == "-" {
		err = c.filter(env, b, r, outputs)
	} else {
		err = c.files(ctx, env, b, r, outputs, s.File)
	}
	if err != nil {
		return 0, err
	}
	summary := report.Text
	if c.reasons(env, outputs) {
		summary = report.Totals // the rest stands below the diffs
	}
	if err := summary(env.stderr, r, c.style(env.stderr)); err != nil {
		return 0, err
	}
	if hint := c.hint(r.Count().Changed); hint != "" {
		fmt.Fprintln(env.stderr, hint)
	}
	for _, o := range outputs {
		if err := writeReport(env, o, r); err != nil {
			return 0, fmt.Errorf("--report %s=%s: %w", o.format, o.file, err)
		}
	}
	return c.status(r), nil
}

// hint says what became of the files that change, and what can be done next.
func (c *translateCommand) hint(changed int) string {
	files := fmt.Sprintf("%d files", changed)
	if changed == 1 {
		files = "1 file"
	}
	switch {
	case changed == 0 || c.Paths[0] == "-":
		return ""
	case c.Write:
		return files + " rewritten; `pyxlate undo` takes this back"
	case c.Out != "":
		return fmt.Sprintf("%s migrated in the copy at %s", files, report.Visible(c.Out))
	}
	return files + " would change; -w rewrites in place, -o DIR writes a migrated copy"
}

// status is the exit status for a report.
func (c *translateCommand) status(r *report.Report) int {
	n := r.Count()
	written := c.Write || c.Out != "" || c.Paths[0] == "-" && !c.Check
	switch {
	case n.Failed+n.Unread > 0:
		return statusFailed
	case written && n.Left > 0:
		return statusLeft
	case !written && (n.Uses > 0 || n.Changed > 0):
		return statusLeft
	}
	return statusDone
}

// files translates files and directories.
func (c *translateCommand) files(ctx context.Context, env environment, b *backend, r *report.Report, outputs []output, f *settings.File) error {
	o := run.Options{Include: c.Include, Exclude: c.Exclude, Jobs: cmp.Or(c.Jobs, processors), Out: c.Out, Gate: env.gate}
	o.ForceExclude = c.ForceExclude || f.ForceExclude
	o.Project = run.Patterns{Dir: f.Dir, Include: f.Include, Exclude: f.Exclude}
	switch {
	case c.Write:
		o.Mode = run.Write
	case c.Out != "":
		o.Mode = run.Copy
	}
	shown := slices.ContainsFunc(outputs, func(o output) bool { return report.WantsTexts(o.format) })
	o.Elsewhere = func(source, files int) {
		if p := b.elsewhere[source]; files > 0 {
			r.Elsewhere = append(r.Elsewhere, report.Elsewhere{Pack: p.ID, Source: p.Source, Ended: p.Ended, To: p.Targets[0].ID, Files: files})
		}
	}
	diff := c.shows(outputs)
	o.KeepTexts = diff || shown
	line := &progressLine{w: env.stderr}
	if isTerminal(env.stderr) && !c.Interactive {
		o.Progress = line.show
	}
	if !c.Force {
		o.Warn = func(path, message string) {
			line.clear()
			fmt.Fprintf(env.stderr, "%s: %s\n", report.VisiblePath(path), message)
		}
	}
	o.Slow = func(path string) {
		line.clear()
		fmt.Fprintf(env.stderr, "%s: still at work on it\n", report.VisiblePath(path))
	}
	var asked *dialogue
	if c.Interactive {
		asked = newDialogue(env.stdin, env.stderr, isTerminal(env.stderr), c.colour(env.stderr), env.end)
		o.Approve = asked.approve
	}
	var printing error
	scanned, err := run.Run(ctx, b.engine, c.Paths, o, func(f report.File) {
		if diff && printing == nil {
			line.clear()
			printing = report.Diff(env.stdout, &f, isTerminal(env.stdout), c.colour(env.stdout))
			if c.reasons(env, outputs) {
				report.Findings(env.stderr, &f, c.style(env.stderr))
			}
		}
		if !shown {
			f.Before, f.After = nil, nil
		}
		if asked != nil {
			asked.correct(&f)
		}
		r.Files = append(r.Files, f)
	})
	line.clear()
	r.Scanned = scanned
	if errors.Is(err, errNoAnswer) {
		return c.unfinished(err, env.gate.Close())
	}
	return cmp.Or(err, printing)
}

// filter translates standard input to standard output. If that fails, nothing
// is printed.
func (c *translateCommand) filter(env environment, b *backend, r *report.Report, outputs []output) error {
	if slices.ContainsFunc(outputs, func(o output) bool { return o.file == "-" }) {
		return usagef("with - the translated text goes to standard output; give the report a file")
	}
	name := cmp.Or(c.StdinFilename, "stdin.py")
	kind, ok := document.KindOf(name)
	if !ok {
		return usagef("--stdin-filename %s: name a .py, .ipynb or .md file", name)
	}
	raw, err := files.ReadAll(env.stdin, files.Text)
	if err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	text, file := run.Filter(b.engine, kind, name, raw)
	r.Scanned, r.Files = 1, []report.File{file}
	if file.Err != nil || c.Check {
		return nil
	}
	_, err = env.stdout.Write(text)
	return err
}

func writeReport(env environment, o output, r *report.Report) error {
	print := report.Formats[o.format]
	if o.file == "-" {
		return print(env.stdout, r)
	}
	return run.WriteWhole(env.gate, o.file, func(w io.Writer) error { return print(w, r) })
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// shows tells whether a diff goes to standard output.
func (c *translateCommand) shows(outputs []output) bool {
	return c.Paths[0] != "-" && !c.Write && c.Out == "" && !c.Check && !slices.ContainsFunc(outputs, func(o output) bool { return o.file == "-" })
}

// reasons tells whether the findings of a file stand below its diff: on a
// terminal that shows both.
func (c *translateCommand) reasons(env environment, outputs []output) bool {
	return c.shows(outputs) && isTerminal(env.stdout) && isTerminal(env.stderr)
}

// style says how to print text for people to w.
func (c *translateCommand) style(w io.Writer) report.Style {
	return report.Style{Colour: c.colour(w), Width: widthOf(w)}
}

// widthOf is the width of a terminal in characters, 0 for what is none.
func widthOf(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return 80
	}
	return width
}

// colour tells whether to colour what goes to w.
func (c *translateCommand) colour(w io.Writer) bool {
	switch c.Color {
	case "always":
		return true
	case "never":
		return false
	}
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(w)
}

// fromHere gives an absolute path as it is from the working directory, where it
// lies below.
func fromHere(path string) string {
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, path); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return path
}
