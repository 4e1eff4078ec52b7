//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// program is the command as a process of its own, with the engine of its name:
// pyxlate with the toy, pyxlate-batchai with the real one.
func program(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.Symlink(self, path))
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+t.TempDir())
	return cmd
}

// outcomeOf runs a command to its end.
func outcomeOf(t *testing.T, cmd *exec.Cmd) (status int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &err
	if e := cmd.Run(); e != nil {
		if _, ok := errors.AsType[*exec.ExitError](e); !ok {
			t.Fatal(e)
		}
	}
	return cmd.ProcessState.ExitCode(), out.String(), err.String()
}

// mostMemory is what a run may take that reads nothing but settings and rules,
// in KiB.
const mostMemory = 150 << 10

// lay writes files; a text can be a pipe, a socket, a directory or a link.
func lay(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		switch what, to, _ := strings.Cut(text, " -> "); what {
		case "PIPE":
			require.NoError(t, syscall.Mkfifo(name, 0o600))
		case "SOCKET":
			l, err := net.Listen("unix", name)
			require.NoError(t, err)
			t.Cleanup(func() { l.Close() })
		case "DIRECTORY":
			require.NoError(t, os.Mkdir(name, 0o700))
		case "LINK":
			require.NoError(t, os.Symlink(to, name))
		default:
			require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		}
	}
}

const useOfBatchAI = "from azure.mgmt.batchai import BatchAIManagementClient\n"

// Settings, rules and what else is read beside the programs can be anything in
// a repository of somebody else. Each is an error with its path, and soon.
func TestWhatIsNoPlainFile(t *testing.T) {
	odd := map[string]string{"pipe": "PIPE", "socket": "SOCKET", "directory": "DIRECTORY", "device": "LINK -> /dev/zero", "link to a pipe": "LINK -> pipe"}
	for kind, text := range odd {
		for _, at := range []struct {
			path, want string
			files      map[string]string
			args       []string
		}{
			{path: "pyxlate.toml"},
			{path: "pyproject.toml"},
			{path: "repo/.gitignore"},
			{path: ".gitignore", files: map[string]string{".git/HEAD": "", "sub/a.py": useOfBatchAI}, args: []string{"sub"}},
			{path: ".git/info/exclude", files: map[string]string{".git/HEAD": ""}},
			{path: "rules/x.yaml", args: []string{"--rules", "rules", "."}},
			{path: "rules/x.pyi", args: []string{"--rules", "rules", "."}, files: map[string]string{"rules/x.yaml": "[]"}},
			{path: "rules/notes.yaml", files: map[string]string{"rules/x.yaml": "[]", "pyxlate.toml": "rules = ['rules']\n"}},
			{path: ".git"},
		} {
			if at.path == ".git" && text == "DIRECTORY" || at.path == "rules/x.pyi" && text == "DIRECTORY" {
				continue // as it should be
			}
			t.Run(at.path+" is a "+kind, func(t *testing.T) {
				all := map[string]string{"a.py": useOfBatchAI, at.path: text}
				if kind == "link to a pipe" {
					all[filepath.Join(filepath.Dir(at.path), "pipe")] = "PIPE"
				}
				for name, text := range at.files {
					all[name] = text
				}
				args := at.args
				if args == nil {
					args = []string{"."}
				}
				lay(t, all)
				status, stdout, stderr := outcomeOf(t, program(t, "pyxlate-batchai", args...))
				assert.Equal(t, statusFailed, status)
				assert.Contains(t, stderr, at.path+": not a regular file")
				if strings.HasPrefix(at.path, "p") || strings.HasPrefix(at.path, "rules") {
					assert.Empty(t, stdout, "nothing is done with half of the settings")
				}
			})
		}
	}
}

// A script beside a program that is no file is none.
func TestCompanionsThatAreNoFiles(t *testing.T) {
	for _, text := range []string{"PIPE", "SOCKET", "DIRECTORY", "LINK -> /dev/zero"} {
		lay(t, map[string]string{"train.py": text, "a.py": useOfBatchAI + `
client = BatchAIManagementClient(credentials, 'sub')
client.jobs.create('g', 'w', 'e', 'j', models.JobCreateParameters(cluster=c, node_count=1, custom_toolkit_settings=models.CustomToolkitSettings(command_line='python train.py')))
`})
		status, _, _ := outcomeOf(t, program(t, "pyxlate-batchai", "a.py"))
		assert.Equal(t, statusLeft, status)
	}
}

// What is made to take memory and time is refused at a place, before it does.
func TestSettingsThatAreTooMuch(t *testing.T) {
	deep := strings.Repeat("[", 40_000)
	rules := func(text string) map[string]string { return map[string]string{"rules/x.yaml": text} }
	var keys strings.Builder
	for i := range 60_000 {
		keys.WriteString("k" + strings.Repeat("0", i%9) + "=1\n")
	}
	many := map[string]string{}
	for i := range 10_050 {
		many[filepath.Join("rules", strings.Repeat("d/", i%50), "x"+strings.Repeat("0", i/50))] = ""
	}
	var doubling, faults, resources strings.Builder
	for i := range 40 {
		fmt.Fprintf(&doubling, "r%d: {variable: r, key: [], make: 'print({r%d}, {r%d})'}\n", i, i+1, i+1)
	}
	doubling.WriteString("r40: {variable: r, key: [], make: print(1)}\n")
	for i := range 800 {
		fmt.Fprintf(&faults, "- {id: X%d, name: n%d, from: azure.mgmt.batchai.models.Clustr%d, to: azureml.core.Worspace(), why: x}\n", i, i, i)
		fmt.Fprintf(&resources, "r%d: {variable: r, key: [], make: 'print({r%d})'}\n", i, i+1)
	}
	var never strings.Builder
	for i := range 800 {
		fmt.Fprintf(&never, "- {id: X%d, name: n%d, from: own.f, to: print(), why: x}\n", i, i)
	}
	mebibyte := strings.Repeat("# "+strings.Repeat("x", 1022)+"\n", 1<<10)
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"brackets in TOML":      {map[string]string{"pyxlate.toml": "a = " + deep}, "pyxlate.toml:1:69: arrays and tables are nested more than 64 levels deep"},
		"brackets in YAML":      {rules(deep), "rules/x.yaml:1:51: lists and mappings are nested more than 50 levels deep"},
		"braces in YAML":        {rules("a:\n  " + strings.Repeat("{a: ", 40_000)), "rules/x.yaml:2:"},
		"dashes in YAML":        {rules(strings.Repeat("- ", 40_000) + "a"), "rules/x.yaml:1:101: lists and mappings are nested"},
		"question marks":        {rules(strings.Repeat("? ", 40_000)), "rules/x.yaml:1:101: lists and mappings are nested"},
		"anchors in YAML":       {rules(strings.Repeat("&a ", 80_000)), "rules/x.yaml:1:"},
		"texts in YAML":         {rules("[" + strings.Repeat("'', ", 60_000) + "]"), "rules/x.yaml:1:40000: the file is too long; divide it"},
		"keys in TOML":          {map[string]string{"pyproject.toml": "[tool.pyxlate]\n" + keys.String()}, "pyproject.toml:20001:"},
		"a large file of TOML":  {map[string]string{"pyproject.toml": mebibyte}, "pyproject.toml: larger than 1 MiB, and not read"},
		"a large file of YAML":  {rules(mebibyte[:256<<10+1]), "rules/x.yaml: larger than 256 KiB, and not read"},
		"a large stub":          {map[string]string{"rules/x.yaml": "[]", "rules/x.pyi": mebibyte}, "rules/x.pyi: larger than 256 KiB, and not read"},
		"brackets in a stub":    {map[string]string{"rules/x.yaml": "[]", "rules/x.pyi": "a: " + strings.Repeat("b[", 60_000) + "1" + strings.Repeat("]", 60_000)}, "rules/x.pyi:1:1: expressions or statements are nested too deeply"},
		"resources that double": {map[string]string{"rules/resources.yaml": doubling.String()}, "rules/resources.yaml:1:28: it takes more than 1000 expressions to make this"},
		"many resources":        {map[string]string{"rules/resources.yaml": resources.String()}, "resources, more than 500"},
		"faults without end":    {rules(faults.String()), `rules/x.yaml:50:24: the source SDKs have no azure.mgmt.batchai.models.Clustr49; did you mean`},
		"brackets in pack.yaml": {map[string]string{"rules/x.yaml": "[]", "rules/pack.yaml": deep}, "rules/pack.yaml:1:51: lists and mappings are nested"},
		"rules never tried":     {map[string]string{"rules/x.yaml": never.String(), "rules/own.pyi": "def f(): ...\n"}, "\nand 699 more\n"},
		"many files":            {many, ": there are more than 10000 files and directories here"},
		"patterns of git":       {map[string]string{".gitignore": strings.Repeat("a*b\n", 20_000)}, ".gitignore:10001:1: more than 10000 patterns"},
		"a long pattern":        {map[string]string{".gitignore": strings.Repeat("*a", 20_000)}, ".gitignore:1:1: a pattern of more than 1000 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			all := map[string]string{"a.py": useOfBatchAI}
			for name, text := range c.files {
				all[name] = text
				if strings.HasPrefix(name, "rules") {
					all["pyxlate.toml"] = "rules = ['rules']\n"
				}
			}
			lay(t, all)
			cmd := program(t, "pyxlate-batchai", ".")
			status, _, stderr := outcomeOf(t, cmd)
			assert.Equal(t, statusFailed, status)
			assert.Contains(t, stderr, c.want)
			assert.Less(t, strings.Count(stderr, "\n"), 200, "people read this")
			usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
			if !testing.Short() { // as it is under the race detector, which takes more
				assert.Less(t, usage.Maxrss, int64(mostMemory))
			}
		})
	}
}

// A name is a part of a line, and nothing else: not a line of its own, no
// sequence that a terminal obeys, no command to who reads the log.
func TestNamesSayNothing(t *testing.T) {
	names := []string{"a\nno use of Batch AI in 9 files.py", "b\x1b[2J.py", "::stop-commands::x.py", "d\n0 uses/e.py", "f\xff.py"}
	files := map[string]string{"d\n0 uses/pyxlate.toml": "x = [\n"}
	for _, n := range names {
		files[n] = useOfBatchAI + "x = (\n"
	}
	lay(t, files)
	for _, args := range [][]string{{"--check", "."}, {"-w", "."}, {"undo"}, {"undo", "--list"}, {"."}, {"d\n0 uses"}, {"-w", "--report", "text=-", "."}, {"--rules", "d\n0 uses", "a.py"}} {
		cmd := program(t, "pyxlate-batchai", args...)
		if args[0] == "-w" {
			cmd.Args = append(cmd.Args[:1], append([]string{"--no-settings"}, args...)...)
		}
		_, stdout, stderr := outcomeOf(t, cmd)
		if args[0] == "." {
			stdout = "" // a diff in a pipe is for programs
		}
		for line := range strings.Lines(stdout + stderr) {
			assert.NotRegexp(t, `^no use of Batch AI in 9|^0 uses|^::|\x1b`, line, args)
		}
	}
}
