package run_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/translator/report"
	"pyxlate/translator/run"
	"pyxlate/translator/run/runtest"
)

// beside is the toy where another source leads elsewhere.
type beside struct{ runtest.Toy }

func (beside) Others() []run.Other {
	return []run.Other{
		{Modules: []string{"dollml"}, Lines: [][]string{{"doll", "box"}}, Distributions: []string{"dollml-core"}},
		{Modules: []string{"acme.house"}},
	}
}

// Files that use another source are counted by signs of use: imports,
// distributions and command lines, as tokens.
func TestElsewhere(t *testing.T) {
	const cell = `{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source": ["%matplotlib inline\n", "`
	const end = `"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}`
	tree(t, map[string]string{
		"yes/a.py":             "import toysdk\nfrom dollml.core import Box\n",
		"yes/b.ipynb":          cell + `import dollml` + end,
		"yes/c.md":             "# A\n\n```python\nimport dollml.core as d\n```\n",
		"yes/d.sh":             "#!/bin/sh\nset -e\ndoll  box create -n x\n",
		"yes/e.ipynb":          cell + `!doll box list` + end,
		"yes/requirements.txt": "numpy\ndollml-core==1.2\n",
		"yes/environment.yml":  "dependencies:\n  - pip:\n    - dollml-core\n",
		"yes/setup.py":         "from setuptools import setup\nimport dollml\n",
		"no/a.py":              "# dollml is retired\nurl = 'https://dollml.net/dollml'\nimage = 'hub/dollml:1'\n",
		"no/b.py":              "import mydollml\nfrom .dollml import x\nimport dollmlx\nimport house\n",
		"no/c.md":              "Use dollml, or `doll` and a box: dolls box.\n",
		"no/d.sh":              "echo dollbox; mydoll box; doll\nbox\n",
		"no/requirements.txt":  "dollml-core-extras\nmy-dollml-core\n# dollml-core\n",
		"no/plain.py":          "x = 1\n",
	})
	for folder, want := range map[string][]int{"yes": {8, 0}, "no": {0, 0}} {
		counted := map[int]int{}
		_, err := run.Run(context.Background(), beside{}, []string{folder}, run.Options{StateDir: t.TempDir(), Elsewhere: func(source, files int) { counted[source] = files }}, func(report.File) {})
		require.NoError(t, err)
		assert.Equal(t, map[int]int{0: want[0], 1: want[1]}, counted, folder)
	}
}
