package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/translator/check/golden"
	"pyxlate/translator/check/toypack"
	"pyxlate/translator/run"
	"pyxlate/translator/run/runtest"
)

// TestMain makes the command, with the toy engine, with the real one and with that
// for packs of invented SDKs, programs of the scripts.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"pyxlate": func() {
			os.Exit(execute(environment{args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}, toy))
		},
		"pyxlate-busy": func() {
			os.Exit(execute(environment{args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}, atWork()))
		},
		"pyxlate-batchai": func() {
			os.Exit(execute(environment{args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}, builtIn))
		},
		"pyxlate-toypack": func() {
			toys := catalogue{toypack.Packs, toypack.Tables}.product()
			os.Exit(execute(environment{args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}, toys))
		},
	})
}

// toy is a product whose engine and packs are made up.
var toy = product{
	heads: func() ([]*rules.Pack, error) { return []*rules.Pack{toyPack}, nil },
	engine: func(s Settings) (*backend, error) {
		if s.To != "" && s.To != "newsdk" {
			return nil, usagef("--to %s: there is no such target", s.To)
		}
		return &backend{engine: besideDolls{}, packs: []string{"toy"}, source: "Toy SDK", to: "newsdk", elsewhere: []*rules.Pack{dollPack}}, nil
	},
	packs: func([]string) ([]*rules.Pack, error) { return []*rules.Pack{toyPack}, nil },
	test: func(w io.Writer, dir, target string) (int, error) {
		fmt.Fprintln(w, "tested", dir)
		return 1, nil
	},
}

var toyPack = &rules.Pack{
	ID: "toy", Source: "Toy SDK", Targets: []*rules.Target{{ID: "newsdk", Complete: true}},
	Options: []rules.Setting{
		{Name: "storage", Values: []string{"register", "default"}, Flag: true, Help: "register: data stays where it is; default: the workspace's own datastore."},
		{Name: "colour", Values: []string{"red", "blue"}},
	},
	Rules: []*rules.Rule{{ID: "TOY1", Name: "toy", From: []string{"toysdk"}, To: "newsdk", Why: "Renamed."}},
}

// dollPack leads to another target than that of the toy.
var dollPack = &rules.Pack{ID: "doll", Source: "Doll SDK", Ended: "which was given up in 2020", Targets: []*rules.Target{{ID: "puppets"}}}

type besideDolls struct{ runtest.Toy }

func (besideDolls) Others() []run.Other { return []run.Other{{Modules: []string{"dollsdk"}}} }

func init() { toyPack.Rules[0].Pack = toyPack }

// busy is an engine that comes to no end.
type busy struct{ besideDolls }

func (busy) Translate(run.Project) []run.Result {
	os.Stderr.WriteString("at work\n")
	select {}
}

// atWork is the toy with that engine.
func atWork() product {
	p := toy
	p.engine = func(s Settings) (*backend, error) {
		b, err := toy.engine(s)
		if err == nil {
			b.engine = busy{}
		}
		return b, err
	}
	return p
}

// A report goes into a pipe whose reader has gone: the run ends.
func TestReportIntoAClosedPipe(t *testing.T) {
	dir := t.TempDir()
	source, pipe := filepath.Join(dir, "a.py"), filepath.Join(dir, "pipe")
	require.NoError(t, os.WriteFile(source, bytes.Repeat([]byte("toysdk.odd()\n"), 2000), 0o666))
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Skip("no named pipes here")
	}
	go func() {
		if f, err := os.Open(pipe); err == nil {
			f.Close()
		}
	}()
	var stderr bytes.Buffer
	code := execute(environment{args: []string{"--check", "--report", "json=" + pipe, source}, stdout: io.Discard, stderr: &stderr}, toy)
	require.Equal(t, statusFailed, code)
	require.Contains(t, stderr.String(), "--report json="+pipe+": ")
}

// status is a command of the scripts: `status 2 pyxlate ...` runs a program that
// must exit with 2.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N PROGRAM ARGUMENT...")
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if want := args[0]; fmt.Sprint(code) != want {
		ts.Fatalf("exit status %d, not %s", code, want)
	}
}

// TestScripts runs the scripts of testdata: those of script with the toy engine
// (pyxlate), those of pack with the real one (pyxlate-batchai), those of toypack
// with the packs of invented SDKs, two of which lead to one target
// (pyxlate-toypack).
func TestScripts(t *testing.T) {
	for _, dir := range []string{"script", "pack", "toypack"} {
		t.Run(dir, func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Dir: "testdata/" + dir,
				Setup: func(env *testscript.Env) error {
					env.Setenv("XDG_STATE_HOME", env.WorkDir+"/.state")
					return nil
				},
				Cmds:                map[string]func(*testscript.TestScript, bool, []string){"status": status},
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
				UpdateScripts:       *golden.Update,
			})
		})
	}
}
