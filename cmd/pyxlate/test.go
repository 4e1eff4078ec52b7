package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pyxlate/rules"
	"pyxlate/rules/batchai"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check/ruletest"
	"pyxlate/translator/report"
	"pyxlate/translator/rewrite"
	"pyxlate/translator/stubs"
)

type testCommand struct {
	Dir string `arg:"" help:"Directory of rule files (*.yaml) and, for modules of your own, stubs (*.pyi)."`
	To  string `placeholder:"SDK" help:"Target of the migration (azureml)."`
}

func (c *testCommand) run(env environment, newEngine func(Settings) (*backend, error)) (int, error) {
	b, err := newEngine(Settings{To: c.To})
	if err != nil {
		return 0, err
	}
	failed, err := b.test(env.stdout, c.Dir)
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

// extensions opens directories of further rules, with the stubs beside them.
func extensions(dirs []string) (extended, error) {
	tables, err := sdk.Load()
	if err != nil {
		return extended{}, err
	}
	var all []rules.Extension
	var texts [][]byte
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return extended{}, fmt.Errorf("%s: there is no such directory of rules", dir)
		}
		fsys := os.DirFS(dir)
		s, err := stubs.Read(fsys, filepath.ToSlash(dir), "rules of "+filepath.Base(dir))
		if err != nil {
			return extended{}, err
		}
		if s.Table != nil {
			texts = append(texts, s.Table)
		}
		all = append(all, rules.Extension{FS: fsys, Label: filepath.ToSlash(dir), Modules: s.Modules, Names: s.Names})
	}
	if len(texts) > 0 {
		if tables, err = tables.With(texts...); err != nil {
			return extended{}, err
		}
	}
	return extended{tables, rules.Extend(tables, all...)}, nil
}

// testRules runs the examples in a directory: one of further rules, or a whole
// pack (with a pack.yaml) whose functions are those of the built-in one.
func testRules(w io.Writer, dir string, o rewrite.Options) (failed int, err error) {
	var pack *rules.Pack
	var x extended
	own := func(r *rules.Rule) bool { return true }
	if _, err := os.Stat(filepath.Join(dir, "pack.yaml")); errors.Is(err, fs.ErrNotExist) {
		if x, err = extensions([]string{dir}); err != nil {
			return 0, err
		}
		if pack, err = batchai.LoadAll(nil, x.option); err != nil {
			return 0, err
		}
		prefix := filepath.ToSlash(dir)
		own = func(r *rules.Rule) bool { return strings.HasPrefix(r.File, strings.TrimSuffix(prefix, "/")+"/") }
	} else {
		if x, err = extensions(nil); err != nil {
			return 0, err
		}
		if pack, err = rules.Load(os.DirFS(dir), ".", x.tables, batchai.Funcs, batchai.Derive); err != nil {
			return 0, err
		}
	}
	result := ruletest.Run(pack, x.tables, o, own)
	for _, f := range result.Failures {
		fmt.Fprintln(w, report.Visible(f.String()))
	}
	fmt.Fprintf(w, "%d of %d examples passed\n", result.Run-result.Failed(), result.Run)
	if result.Run == 0 {
		return 0, fmt.Errorf("%s: no rule here has an example", dir)
	}
	return result.Failed(), nil
}
