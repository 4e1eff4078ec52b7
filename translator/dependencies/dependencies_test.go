package dependencies_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/grammar"
	"pyxlate/translator/dependencies"
	"pyxlate/translator/document"
)

var by = dependencies.Replacements{
	By: map[string][]string{"old-sdk": {"new-core", "new-train"}},
	Describe: func(o dependencies.Outcome, old string, list []string, version, why string) (string, string) {
		return fmt.Sprintf("T%d", o), fmt.Sprintf("%s %s %s %s", old, strings.Join(list, "+"), version, why)
	},
	Mark:  "# TODO(pyxlate ",
	Leave: func(line []byte, code string) bool { return strings.Contains(string(line), "keep me") },
}

func translate(t *testing.T, name, text string) (after string, codes []string, ignored int) {
	t.Helper()
	d, err := document.Open(name, []byte(text))
	require.NoError(t, err)
	require.True(t, dependencies.Concerns(d), name)
	var tree *grammar.Tree
	if d.Kind == document.Script {
		tree, err = grammar.Parse(d.Units[0].Source)
		require.NoError(t, err)
	}
	edits, findings, ignored := dependencies.Translate(d, tree, by)
	out, err := d.Apply(edits)
	require.NoError(t, err)
	for _, f := range findings {
		codes = append(codes, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code))
	}
	return string(out), codes, ignored
}

// notebook is one with a code cell; source is JSON.
func notebook(source string) string {
	return `{"cells": [{"cell_type": "code", "source": "` + source + `"}]}`
}

// T0 is replaced, T1 replaced without its version, T2 left to a person.
func TestForms(t *testing.T) {
	tests := []struct{ name, file, before, after, codes string }{
		{"a line", "requirements.txt", "a\nold-sdk\nb\n", "a\nnew-core\nnew-train\nb\n", "2:1 T0"},
		{"a version, however the name is spelled", "requirements.txt", "Old_SDK[x] == 2.0.0  # pinned\n", "new-core\nnew-train  # pinned\n", "1:1 T1"},
		{"a marker", "requirements-dev.txt", "old.sdk>=1,<3 ; python_version < '3.8'\n", "new-core ; python_version < '3.8'\nnew-train ; python_version < '3.8'\n", "1:1 T1"},
		{"CRLF and no newline at the end", "requirements/base.txt", "a\r\nold-sdk", "a\r\nnew-core\r\nnew-train", "2:1 T0"},
		{"one is there already", "requirements.in", "new_core==1.0\nold-sdk\n", "new_core==1.0\nnew-train\n", "2:1 T0"},
		{"both are there already", "constraints.txt", "new-core\nold-sdk\nnew-train\nz\n", "new-core\nnew-train\nz\n", "2:1 T0"},
		{"hashes", "requirements.txt", "old-sdk==2.0.0 \\\n    --hash=sha256:00\n", "# TODO(pyxlate T2): old-sdk new-core+new-train ==2.0.0 it goes on over several lines\nold-sdk==2.0.0 \\\n    --hash=sha256:00\n", "1:1 T2"},
		{"a URL", "requirements.txt", "git+https://host/x.git#egg=old-sdk\n", "# TODO(pyxlate T2): old-sdk new-core+new-train  it is no plain requirement\ngit+https://host/x.git#egg=old-sdk\n", "1:1 T2"},
		{"under a mark", "requirements.txt", "# TODO(pyxlate T2): x\nold-sdk @ https://host/x.whl\n", "# TODO(pyxlate T2): x\nold-sdk @ https://host/x.whl\n", "2:1 T2"},
		{"others and options stay", "requirements.txt", "-r old-sdk.txt\nold-sdk-extra\n# old-sdk\nnot-old-sdk\n", "-r old-sdk.txt\nold-sdk-extra\n# old-sdk\nnot-old-sdk\n", ""},

		{"conda, below pip", "environment.yml", "dependencies:\n- python=3.6\n- pip:\n  - a\n  - old-sdk==2.0.0 # x\n- b\n", "dependencies:\n- python=3.6\n- pip:\n  - a\n  - new-core\n  - new-train # x\n- b\n", "5:5 T1"},
		{"conda, quoted", "conda_env.yaml", "dependencies:\n  - pip:\n      - \"old-sdk; x == 'y'\"\n", "dependencies:\n  - pip:\n      - \"new-core ; x == 'y'\"\n      - \"new-train ; x == 'y'\"\n", ""},
		{"conda, a package of conda", "environment.yml", "dependencies:\n  - conda-forge::old-sdk=2\n", "dependencies:\n  # TODO(pyxlate T2): old-sdk new-core+new-train ==2 take the new packages from `pip:`\n  - conda-forge::old-sdk=2\n", "2:5 T2"},

		{"project dependencies", "pyproject.toml", "[project]\ndependencies = [\n    \"a>=1\",\n    \"old-sdk>=2\", # x\n]\n", "[project]\ndependencies = [\n    \"a>=1\",\n    \"new-core\",\n    \"new-train\", # x\n]\n", "4:5 T1"},
		{"on one line", "pyproject.toml", "[project]\ndependencies = ['old-sdk', 'b']\n", "[project]\ndependencies = ['new-core', 'new-train', 'b']\n", "2:17 T0"},
		{"on one line, both there", "pyproject.toml", "[project]\ndependencies = ['new-core', 'old-sdk', 'new-train']\n", "[project]\ndependencies = ['new-core', 'new-train']\n", "2:29 T0"},
		{"a group", "pyproject.toml", "[dependency-groups]\nml = [\"old-sdk\"]\n", "[dependency-groups]\nml = [\"new-core\", \"new-train\"]\n", "2:7 T0"},
		{"Poetry", "pyproject.toml", "[tool.poetry.dependencies]\nold-sdk = \"^2.0\"\n", "[tool.poetry.dependencies]\nnew-core = \"*\"\nnew-train = \"*\"\n", "2:1 T1"},
		{"Poetry, a table", "pyproject.toml", "[tool.poetry.dependencies]\nold-sdk = {version = \"2\", optional = true}\n", "[tool.poetry.dependencies]\n# TODO(pyxlate T2): old-sdk new-core+new-train  it is a table\nold-sdk = {version = \"2\", optional = true}\n", "2:1 T2"},
		{"Pipenv", "Pipfile", "[packages]\nold-sdk = \"*\"\n", "[packages]\nnew-core = \"*\"\nnew-train = \"*\"\n", "2:1 T0"},

		{"setup.cfg", "setup.cfg", "[options]\ninstall_requires =\n    a\n    old-sdk>=2\n", "[options]\ninstall_requires =\n    a\n    new-core\n    new-train\n", "4:5 T1"},
		{"setup.cfg, on one line", "setup.cfg", "[options]\ninstall_requires = old-sdk\n", "[options]\ninstall_requires = new-core\n    new-train\n", "2:20 T0"},

		{"setup.py", "setup.py", "from setuptools import setup\nsetup(install_requires=[\n    'a',\n    'old-sdk>=2',  # x\n])\n", "from setuptools import setup\nsetup(install_requires=[\n    'a',\n    'new-core',\n    'new-train',  # x\n])\n", "4:5 T1"},
		{"setup.py, a name of its own", "pkg/setup.py", "needs = (\"old-sdk\", \"b\")\n", "needs = (\"new-core\", \"new-train\", \"b\")\n", "1:10 T0"},
		{"a notebook", "n.ipynb", notebook(`!pip install -q old-sdk==2.0 'a>1'`), notebook(`!pip install -q new-core new-train 'a>1'`), "1:17 T1"},
		{"a magic", "n.ipynb", notebook(`%pip install \"old-sdk>1\" # old-sdk`), notebook(`%pip install new-core new-train # old-sdk`), "1:14 T1"},
		{"a shell cell", "n.ipynb", notebook(`%%bash\ncd x && python3 -m pip install old-sdk; echo old-sdk`), notebook(`%%bash\ncd x && python3 -m pip install new-core new-train; echo old-sdk`), "2:32 T0"},
		{"a URL in a notebook", "n.ipynb", notebook(`!pip install git+https://h/old-sdk`), notebook(`# TODO(pyxlate T2): old-sdk new-core+new-train  it is no plain requirement\n!pip install git+https://h/old-sdk`), "1:14 T2"},
		{"no command", "n.ipynb", notebook(`pip = 'pip install old-sdk'`), notebook(`pip = 'pip install old-sdk'`), ""},

		{"setup.py, no list", "setup.py", "setup(install_requires='old-sdk')\n", "# TODO(pyxlate T2): old-sdk new-core+new-train  it is no item of a list: 'old-sdk'\nsetup(install_requires='old-sdk')\n", "1:24 T2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			after, codes, _ := translate(t, tt.file, tt.before)
			assert.Equal(t, tt.after, after)
			if tt.codes != "" || tt.before == tt.after {
				assert.Equal(t, tt.codes, strings.Join(codes, " "))
			}
			again, _, _ := translate(t, tt.file, after)
			assert.Equal(t, after, again, "a second run changes nothing")
		})
	}
}

func TestLeftAlone(t *testing.T) {
	after, codes, ignored := translate(t, "requirements.txt", "old-sdk # keep me\n")
	assert.Equal(t, "old-sdk # keep me\n", after)
	assert.Empty(t, codes)
	assert.Equal(t, 1, ignored)
}

func TestWhichFiles(t *testing.T) {
	for path, want := range map[string]bool{
		"requirements.txt": true, "requirements-dev.txt": true, "dev-requirements.txt": true, "requirements/dev.txt": true, "requirements.in": true,
		"environment.yml": true, "ci/environment-gpu.yaml": true, "conda.yml": true, "Pipfile": true, "pyproject.toml": true, "setup.cfg": true,
		"notes.txt": false, "docker-compose.yml": false, "Cargo.toml": false, "poetry.lock": false,
	} {
		kind, ok := document.KindOf(path)
		assert.Equal(t, want, ok && kind == document.Dependencies, path)
	}
}
