package dependencies_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"pyxlate/grammar"
	"pyxlate/translator/dependencies"
	"pyxlate/translator/document"
)

// FuzzTranslate takes any bytes for a list of requirements of any kind: no
// panic, edits that apply, a second run that changes nothing, and no edit where
// the distribution is not named.
func FuzzTranslate(f *testing.F) {
	names := []string{"requirements.txt", "environment.yml", "pyproject.toml", "Pipfile", "setup.cfg", "setup.py", "n.ipynb", "tox.ini", "install.sh", "run.py"}
	for i := range names {
		for _, text := range []string{
			"a\nOld_SDK[x] == 2.0.0 ; python_version < '3'  # pinned\nb\n",
			"dependencies:\n- pip:\n  - a\n  - \"old-sdk==2.0.0\" # x\n",
			"[project]\ndependencies = [\n    \"a>=1\",\n    'old-sdk>=2', # x\n]\n",
			"[tool.poetry.dependencies]\nold-sdk = {version = \"2\", optional = true}\n",
			"[packages]\nold-sdk = \"*\"\nnew-core='1'\n",
			"[options]\ninstall_requires =\n    a\n    old-sdk>=2\n",
			"setup(install_requires=[\n    'a',\n    'old-sdk>=2',  # x\n])\n",
			"[testenv]\ndeps = old-sdk\n  b\ncommands = pip install \\\n old-sdk>1\n",
			"pip install old-sdk && poetry add 'old-sdk' # x\n",
			"x(['pip', 'install', 'old-sdk'], \"pip install old-sdk>1 'old-sdk'\")\n",
			"-e git+https://h/old-sdk\nold-sdk==1 \\\n  --hash=x\r\n",
		} {
			f.Add([]byte(text), uint8(i))
		}
	}
	f.Add([]byte(notebook(`!pip install -q old-sdk==2.0 'a>1'`)), uint8(6))
	f.Fuzz(func(t *testing.T, text []byte, kind uint8) {
		name := names[int(kind)%len(names)]
		run := func(text []byte) ([]byte, int) {
			d, err := document.Open(name, text)
			if err != nil || !dependencies.Concerns(d) {
				return text, 0
			}
			var tree *grammar.Tree
			if d.Kind == document.Script {
				tree, err = grammar.Parse(d.Units[0].Source)
				if err != nil || len(tree.Errors()) > 0 {
					return text, 0 // the caller's border
				}
			}
			edits := dependencies.Translate(d, tree, by).Edits
			out, err := d.Apply(edits)
			require.NoError(t, err)
			return out, len(edits)
		}
		out, edits := run(text)
		lower := bytes.ToLower(text)
		if edits > 0 && (!bytes.Contains(lower, []byte("old")) || !bytes.Contains(lower, []byte("sdk"))) && int(kind)%len(names) != 6 {
			t.Errorf("%d edits of %q", edits, text)
		}
		again, edits := run(out)
		if edits > 0 {
			t.Errorf("a second run changes\n%q to\n%q, from\n%q", out, again, text)
		}
	})
}
