package main

import (
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"pyxlate/translator/run/runtest"
)

// TestMain makes the command, with the toy engine, one of the scripts'
// programs.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"pyxlate": func() {
			os.Exit(execute(environment{os.Args[1:], os.Stdin, os.Stdout, os.Stderr}, newToy))
		},
	})
}

func newToy(s Settings) (*backend, error) {
	if s.To != "azureml" {
		return nil, usagef("--to %s: there is no such target", s.To)
	}
	return &backend{
		engine: runtest.Toy{}, pack: "toy", source: "Toy SDK",
		rules: func(w io.Writer, id string) error {
			_, err := fmt.Fprintf(w, "rule [%s]\n", id)
			return err
		},
		test: func(w io.Writer, dir string) (int, error) {
			fmt.Fprintln(w, "tested", dir)
			return 1, nil
		},
	}, nil
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_STATE_HOME", env.WorkDir+"/.state")
			return nil
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}
