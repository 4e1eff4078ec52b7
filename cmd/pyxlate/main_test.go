package main

import (
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"pyxlate/rules"
	"pyxlate/translator/run/runtest"
)

// TestMain makes the command, with the toy engine and with the real one, two of
// the scripts' programs.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"pyxlate": func() {
			os.Exit(execute(environment{os.Args[1:], os.Stdin, os.Stdout, os.Stderr}, newToy))
		},
		"pyxlate-batchai": func() {
			os.Exit(execute(environment{os.Args[1:], os.Stdin, os.Stdout, os.Stderr}, newEngine))
		},
	})
}

func newToy(s Settings) (*backend, error) {
	if s.To != "" && s.To != "azureml" {
		return nil, usagef("--to %s: there is no such target", s.To)
	}
	return &backend{
		engine: runtest.Toy{}, pack: "toy", source: "Toy SDK", to: "azureml",
		rules: func() (*rules.Pack, error) {
			return &rules.Pack{ID: "toy", Source: "Toy SDK", Rules: []*rules.Rule{{ID: "TOY1", Name: "toy", From: []string{"toysdk"}, To: "newsdk", Why: "Renamed."}}}, nil
		},
		test: func(w io.Writer, dir string) (int, error) {
			fmt.Fprintln(w, "tested", dir)
			return 1, nil
		},
	}, nil
}

// TestScripts runs the scripts of testdata: those of script with the toy engine
// (pyxlate), those of pack with the real one (pyxlate-batchai).
func TestScripts(t *testing.T) {
	for _, dir := range []string{"script", "pack"} {
		t.Run(dir, func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Dir: "testdata/" + dir,
				Setup: func(env *testscript.Env) error {
					env.Setenv("XDG_STATE_HOME", env.WorkDir+"/.state")
					return nil
				},
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
			})
		})
	}
}
