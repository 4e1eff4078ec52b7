package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pyxlate/rules"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check/ruletest"
	"pyxlate/translator/files"
	"pyxlate/translator/report"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/stubs"
)

type testCommand struct {
	Dir string `arg:"" help:"Directory of rule files (*.yaml) and, for modules of your own, stubs (*.pyi)."`
	To  string `placeholder:"SDK" help:"Target of the migration (all of them)."`
}

func (c *testCommand) run(env environment, p product) (int, error) {
	if err := checkTarget(p, c.To); err != nil {
		return 0, err
	}
	failed, err := p.test(env.stdout, c.Dir, c.To)
	if err == nil && failed > 0 {
		return statusLeft, nil
	}
	return statusDone, err
}

// extended is what directories of further rules come to.
type extended struct {
	tables *sdk.Set
	option rules.Option
}

// checkTarget tells what is wrong with the target that a flag names; "" is none.
func checkTarget(p product, to string) error {
	heads, err := p.heads()
	if err != nil {
		return err
	}
	if targets := rules.Targets(heads); to != "" && !slices.Contains(targets, to) {
		return usagef("--to %s: the targets are %s", to, strings.Join(targets, ", "))
	}
	return nil
}

// extensions opens directories of further rules, with the stubs beside them. They
// extend the pack that they name, else the first that leads to the target.
func (c catalogue) extensions(heads []*rules.Pack, target string, dirs []string) (extended, error) {
	tables, err := c.tables()
	if err != nil {
		return extended{}, err
	}
	wrapper := func(class string) (string, bool) {
		for _, p := range heads {
			if generic, ok := p.Conventions.Annotated(class); ok {
				return generic, true
			}
		}
		return "", false
	}
	var all []rules.Extension
	var texts [][]byte
	budget := ruleFiles()
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return extended{}, fmt.Errorf("%s: there is no such directory of rules", dir)
		}
		fsys := budget.Tree(dir)
		s, err := stubs.Read(fsys, filepath.ToSlash(dir), "rules of "+filepath.Base(dir), wrapper)
		if err != nil {
			return extended{}, err
		}
		if s.Table != nil {
			texts = append(texts, s.Table)
		}
		x := rules.Extension{FS: fsys, Label: filepath.ToSlash(dir), Pack: rules.Extends(fsys), Modules: s.Modules, Names: s.Names}
		var ids []string
		for _, p := range heads {
			ids = append(ids, p.ID)
			if x.Pack == "" && p.Target(target) != nil {
				x.Pack = p.ID
			}
		}
		if x.Pack != "" && !slices.Contains(ids, x.Pack) {
			return extended{}, fmt.Errorf("%s/pack.yaml: there is no pack %q%s", x.Label, x.Pack, rules.Suggest(x.Pack, ids))
		}
		all = append(all, x)
	}
	if len(texts) > 0 {
		if tables, err = tables.With(texts...); err != nil {
			return extended{}, err
		}
	}
	return extended{tables, rules.Extend(tables, all...)}, nil
}

// ruleFiles bounds what is read of directories of rules: several times the rules
// of a pack.
func ruleFiles() *files.Budget {
	return &files.Budget{File: 256 << 10, All: 1 << 20, Names: 10_000}
}

// test runs the examples in a directory: one of further rules, or a whole
// pack (with a pack.yaml that has an id) whose functions are those of the
// one of that name in the catalogue.
func (c catalogue) test(w io.Writer, dir, target string) (failed int, err error) {
	heads, err := c.packs.Heads()
	if err != nil {
		return 0, err
	}
	targets := rules.Targets(heads)
	if target != "" {
		targets = []string{target}
	}
	whole := rules.IsPack(ruleFiles().Tree(dir))
	var all ruletest.Result
	for _, to := range targets {
		var m *rules.Migration
		var x extended
		own := func(*rules.Rule) bool { return true }
		if whole {
			if x, err = c.extensions(heads, to, nil); err != nil {
				return 0, err
			}
			p, err := c.loadFolder(ruleFiles().Tree(dir), x.tables)
			if err != nil {
				return 0, err
			}
			if p.Target(to) == nil && target == "" {
				continue
			}
			if m, err = rules.Select([]*rules.Pack{p}, to); err != nil {
				return 0, err
			}
		} else {
			if x, err = c.extensions(heads, to, []string{dir}); err != nil {
				return 0, err
			}
			if m, err = c.packs.SelectAll(to, nil, x.option); err != nil {
				return 0, err
			}
			prefix := strings.TrimSuffix(filepath.ToSlash(dir), "/") + "/"
			own = func(r *rules.Rule) bool { return strings.HasPrefix(r.File, prefix) }
		}
		result := ruletest.Run(m, x.tables, rewrite.Options{}, own)
		all.Run += result.Run
		all.Failures = append(all.Failures, result.Failures...)
	}
	for _, f := range all.Failures {
		fmt.Fprintln(w, report.Visible(f.String()))
	}
	fmt.Fprintf(w, "%d of %d examples passed\n", all.Run-all.Failed(), all.Run)
	if all.Run == 0 {
		return 0, fmt.Errorf("%s: no rule here has an example", dir)
	}
	return all.Failed(), nil
}

// loadFolder loads a pack from a directory, with the functions of the catalogue's
// packs.
func (c catalogue) loadFolder(fsys fs.FS, tables *sdk.Set) (*rules.Pack, error) {
	head, err := rules.Folder{FS: fsys, Root: "."}.Head()
	if err != nil {
		return nil, err
	}
	f := c.packs.Folders[0]
	for _, other := range c.packs.Folders {
		if p, err := other.Head(); err == nil && p.ID == head.ID {
			f = other
		}
	}
	return rules.Load(fsys, ".", tables, f.Funcs, f.Derive)
}
