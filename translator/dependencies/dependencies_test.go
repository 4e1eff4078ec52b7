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
	Target: func(string) string { return "" },
	Own:    func(_, target string) bool { return target == "" },
	About:  func(code string) bool { return code == "T2" },
	Leave:  func(line []byte, code string) bool { return strings.Contains(string(line), "keep me") },
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
	moved := dependencies.Translate(d, tree, by)
	out, err := d.Apply(moved.Edits)
	require.NoError(t, err)
	for _, f := range moved.Findings {
		codes = append(codes, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code))
	}
	return string(out), codes, moved.Ignored
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
		{"a URL", "requirements.txt", "git+https://host/x.git#egg=old-sdk\n", "# TODO(pyxlate T2): old-sdk new-core+new-train it is no plain requirement\ngit+https://host/x.git#egg=old-sdk\n", "1:1 T2"},
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
		{"Poetry, a table", "pyproject.toml", "[tool.poetry.dependencies]\nold-sdk = {version = \"2\", optional = true} # x\na = '1'\n", "[tool.poetry.dependencies]\nnew-core = {version = \"*\", optional = true}\nnew-train = {version = \"*\", optional = true} # x\na = '1'\n", "2:1 T1"},
		{"Poetry, from elsewhere", "pyproject.toml", "[tool.poetry.dependencies]\nold-sdk = {git = \"https://h/x\", optional = true}\n", "[tool.poetry.dependencies]\n# TODO(pyxlate T2): old-sdk new-core+new-train it is a table\nold-sdk = {git = \"https://h/x\", optional = true}\n", "2:1 T2"},
		{"Pipenv", "Pipfile", "[packages]\nold-sdk = \"*\"\n", "[packages]\nnew-core = \"*\"\nnew-train = \"*\"\n", "2:1 T0"},

		{"setup.cfg", "setup.cfg", "[options]\ninstall_requires =\n    a\n    old-sdk>=2\n", "[options]\ninstall_requires =\n    a\n    new-core\n    new-train\n", "4:5 T1"},
		{"setup.cfg, on one line", "setup.cfg", "[options]\ninstall_requires = old-sdk\n", "[options]\ninstall_requires = new-core\n    new-train\n", "2:20 T0"},

		{"setup.py", "setup.py", "from setuptools import setup\nsetup(install_requires=[\n    'a',\n    'old-sdk>=2',  # x\n])\n", "from setuptools import setup\nsetup(install_requires=[\n    'a',\n    'new-core',\n    'new-train',  # x\n])\n", "4:5 T1"},
		{"setup.py, a name of its own", "pkg/setup.py", "needs = (\"old-sdk\", \"b\")\n", "needs = (\"new-core\", \"new-train\", \"b\")\n", "1:10 T0"},
		{"a notebook", "n.ipynb", notebook(`!pip install -q old-sdk==2.0 'a>1'`), notebook(`!pip install -q new-core new-train 'a>1'`), "1:17 T1"},
		{"a magic", "n.ipynb", notebook(`%pip install \"old-sdk>1\" # old-sdk`), notebook(`%pip install new-core new-train # old-sdk`), "1:14 T1"},
		{"a shell cell", "n.ipynb", notebook(`%%bash\ncd x && python3 -m pip install old-sdk; echo old-sdk`), notebook(`%%bash\ncd x && python3 -m pip install new-core new-train; echo old-sdk`), "2:32 T0"},
		{"a URL in a notebook", "n.ipynb", notebook(`!pip install git+https://h/old-sdk`), notebook(`# TODO(pyxlate T2): old-sdk new-core+new-train it is no plain requirement\n!pip install git+https://h/old-sdk`), "1:14 T2"},
		{"a string that is a command", "run.py", "get_ipython().system('pip install old-sdk==2 a')\nos.system(\"x && pip3 install -U 'old-sdk'\")\n", "get_ipython().system('pip install new-core new-train a')\nos.system(\"x && pip3 install -U new-core new-train\")\n", "1:35 T1 2:33 T0"},
		{"strings that are the words of one", "run.py", "run([sys.executable, '-m', 'pip', 'install', 'old-sdk'])\nrun(['echo', 'old-sdk'])\n", "run([sys.executable, '-m', 'pip', 'install', 'new-core', 'new-train'])\nrun(['echo', 'old-sdk'])\n", "1:46 T0"},
		{"a string that cannot be rewritten", "run.py", "if x:\n    os.system('pip install git+https://h/old-sdk')\n", "if x:\n    # TODO(pyxlate T2): old-sdk new-core+new-train it is no plain requirement\n    os.system('pip install git+https://h/old-sdk')\n", "2:28 T2"},
		{"a string with escapes", "run.py", "# pip\nx = 'pip install\\told-sdk'\n", "# pip\nx = 'pip install\\told-sdk'\n", ""},
		{"no command", "n.ipynb", notebook(`pip = 'pip install old-sdk'`), notebook(`pip = 'pip install old-sdk'`), ""},

		// Lists that have nothing to do with each other.
		{"two groups", "pyproject.toml", "[project.optional-dependencies]\na = ['old-sdk']\nb = ['old-sdk']\n", "[project.optional-dependencies]\na = ['new-core', 'new-train']\nb = ['new-core', 'new-train']\n", "2:6 T0 3:6 T0"},
		{"two tables", "Pipfile", "[packages]\nold-sdk = '*'\n[dev-packages]\nold-sdk = '*'\n", "[packages]\nnew-core = \"*\"\nnew-train = \"*\"\n[dev-packages]\nnew-core = \"*\"\nnew-train = \"*\"\n", "2:1 T0 4:1 T0"},
		{"two keys of setup.cfg", "setup.cfg", "[options]\ninstall_requires =\n  old-sdk\n[options.extras_require]\nx = old-sdk\n", "[options]\ninstall_requires =\n  new-core\n  new-train\n[options.extras_require]\nx = new-core\n    new-train\n", "3:3 T0 5:5 T0"},
		{"two lists of setup.py", "setup.py", "setup(install_requires=['old-sdk'], extras_require={'x': ['old-sdk']})\n", "setup(install_requires=['new-core', 'new-train'], extras_require={'x': ['new-core', 'new-train']})\n", "1:25 T0 1:59 T0"},
		{"for some systems, then for all", "requirements.txt", "old-sdk; os_name == 'nt'\nold-sdk\n", "new-core ; os_name == 'nt'\nnew-train ; os_name == 'nt'\nnew-core\nnew-train\n", "1:1 T0 2:1 T0"},
		{"for all, then for some", "requirements.txt", "old-sdk\nold-sdk; os_name == 'nt'\n", "new-core\nnew-train\n", "1:1 T0 2:1 T0"},
		{"no list of requirements", "pyproject.toml", "[project]\nkeywords = ['old-sdk']\n[tool.x]\nplugins = ['old-sdk']\n", "[project]\nkeywords = ['old-sdk']\n[tool.x]\nplugins = ['old-sdk']\n", ""},
		{"text of a setup.cfg", "setup.cfg", "[metadata]\ndescription = needs\n    old-sdk\n", "[metadata]\ndescription = needs\n    old-sdk\n", ""},
		{"no marker behind the semicolon", "setup.cfg", "[options]\ninstall_requires = old-sdk; b\n", "[options]\n# TODO(pyxlate T2): old-sdk new-core+new-train it is no plain requirement\ninstall_requires = old-sdk; b\n", "2:20 T2"},
		{"tox", "tox.ini", "[testenv]\ndeps =\n    pytest\n    old-sdk==2\ncommands = pip install old-sdk\n", "[testenv]\ndeps =\n    pytest\n    new-core\n    new-train\ncommands = pip install new-core new-train\n", "4:5 T1 5:24 T0"},
		{"conda, in brackets", "environment.yml", "dependencies: [python, pip: [old-sdk]]\n", "# TODO(pyxlate T2): old-sdk new-core+new-train it is no plain requirement\ndependencies: [python, pip: [old-sdk]]\n", "1:1 T2"},
		{"a pipeline", ".github/workflows/ci.yml", "jobs:\n  x:\n    steps:\n      - run: pip install old-sdk==2\n      - run: |\n          # pip install old-sdk\n          pip install a \\\n            old-sdk\n", "jobs:\n  x:\n    steps:\n      - run: pip install new-core new-train\n      - run: |\n          # pip install old-sdk\n          pip install a \\\n            new-core new-train\n", "4:26 T1 8:13 T0"},
		{"a list of another tool", "x.yaml", "hooks:\n- old-sdk\n", "hooks:\n- old-sdk\n", ""},
		{"a Dockerfile", "docker/Dockerfile.gpu", "FROM x\nRUN apt-get update && pip3 install --no-cache-dir old-sdk==2.0 \\\n    && rm -rf x\n", "FROM x\nRUN apt-get update && pip3 install --no-cache-dir new-core new-train \\\n    && rm -rf x\n", "2:51 T1"},
		{"a script of a shell", "install.sh", "pip install \\\n  git+https://h/old-sdk\npip install new-core old-sdk new-train\n", "# TODO(pyxlate T2): old-sdk new-core+new-train it is no plain requirement\npip install \\\n  git+https://h/old-sdk\npip install new-core new-train\n", "2:3 T2 3:22 T0"},
		{"other tools that install", "install.sh", "pipenv install old-sdk; poetry add old-sdk && uv add 'old-sdk'\n", "pipenv install new-core new-train; poetry add new-core new-train && uv add new-core new-train\n", "1:16 T0 1:36 T0 1:54 T0"},
		{"setup.py, other arguments", "setup.py", "setup(keywords=['old-sdk'], description='old-sdk')\n", "setup(keywords=['old-sdk'], description='old-sdk')\n", ""},
		{"setup.py, a line each", "setup.py", "NEEDS = \"\"\"\nold-sdk==2\na\n\"\"\".split()\n", "NEEDS = \"\"\"\nnew-core\nnew-train\na\n\"\"\".split()\n", "2:1 T1"},
		{"setup.py, one mark for two", "setup.py", "setup(install_requires='old-sdk', tests_require='old-sdk')\n", "# TODO(pyxlate T2): old-sdk new-core+new-train it is no item of a list\nsetup(install_requires='old-sdk', tests_require='old-sdk')\n", "1:24 T2 1:49 T2"},
		{"setup.py, a text that names it", "setup.py", "\"\"\"This needs\nold-sdk\n\"\"\"\n", "\"\"\"This needs\nold-sdk\n\"\"\"\n", ""},

		{"setup.py, no list", "setup.py", "setup(install_requires='old-sdk')\n", "# TODO(pyxlate T2): old-sdk new-core+new-train it is no item of a list\nsetup(install_requires='old-sdk')\n", "1:24 T2"},
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
		"tox.ini": true, ".travis.yml": true, "notes.txt": false, "Dockerfile": false, "Cargo.toml": false, "poetry.lock": false,
	} {
		kind, ok := document.KindOf(path)
		assert.Equal(t, want, ok && kind == document.Dependencies, path)
	}
}
