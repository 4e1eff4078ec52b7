package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/translator/document"
)

type hook struct {
	ID, Entry, Files string
	Args             []string
}

func hooks(t *testing.T) (all []hook) {
	t.Helper()
	text, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &all))
	require.Len(t, all, 2)
	return all
}

// A tracked file can be called like an option, or like a command. To the hooks
// it is a file; with arguments of a user's own that do not end in -- it is an
// error.
func TestHooksTakeNamesForFiles(t *testing.T) {
	for _, h := range hooks(t) {
		t.Run(h.ID, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "planted.py")
			names := []string{"--report=json=" + out, "-w.py", "-oout.py", "--to=x.py", "undo", "a.py"}
			files := map[string]string{}
			for _, n := range names {
				files[n] = "#!/usr/bin/env python3\n" + useOfBatchAI
			}
			lay(t, files)
			entry := strings.Fields(h.Entry)
			require.Equal(t, "pyxlate", entry[0])
			args := append(append(entry[1:], h.Args...), names...)
			_, stdout, stderr := outcomeOf(t, program(t, "pyxlate-batchai", args...))
			assert.NoFileExists(t, out)
			assert.NoDirExists(t, "out.py")
			assert.Empty(t, stdout)
			assert.Contains(t, stderr, "6 uses of Batch AI")
			assert.Contains(t, stderr, "6 files ", stderr)

			own := append(append(entry[1:], "--notes"), names...)
			status, _, stderr := outcomeOf(t, program(t, "pyxlate-batchai", own...))
			assert.Equal(t, statusFailed, status)
			assert.Contains(t, stderr, "is an option, and the name of a file here: put -- between the options and the paths")
			assert.NoFileExists(t, out)
		})
	}
}

// The hooks hand over the files that a walk takes, and no others: a file of
// another kind would be an error.
func TestHooksTakeWhatAWalkTakes(t *testing.T) {
	for _, h := range hooks(t) {
		files := regexp.MustCompile(h.Files)
		for _, path := range []string{
			"a.py", "d/a.PYW", "n.ipynb", "README.md", "x.markdown", "a.pyi", "a.pyc", "notes.txt", "a.yaml", "x.toml",
			"requirements.txt", "d/requirements-dev.txt", "dev-requirements.txt", "myrequirements.txt", "requirements.txt.bak",
			"constraints.in", "environment.yml", "gpu_environment.yaml", "environments.yml", "conda.yml", "d/conda-gpu.yaml",
			"pyproject.toml", "old-pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "Pipfile.lock",
			"tox.ini", "x.ini", "Dockerfile", "d/Dockerfile.gpu", "gpu.dockerfile", "Dockerfiles", "install.sh", ".travis.yml", "requirements/base.txt",
		} {
			_, ok := document.KindOf(path)
			assert.Equal(t, ok, files.MatchString(path), "%s: %s", h.ID, path)
		}
	}
}
