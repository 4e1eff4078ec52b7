package main

import (
	"os"
	"regexp"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/translator/document"
)

// The hooks hand over the files that a walk takes, and no others: a file of
// another kind would be an error.
func TestHooksTakeWhatAWalkTakes(t *testing.T) {
	text, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	require.NoError(t, err)
	var hooks []struct{ ID, Files string }
	require.NoError(t, yaml.Unmarshal(text, &hooks))
	require.Len(t, hooks, 2)
	for _, h := range hooks {
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
