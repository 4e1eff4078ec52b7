package settings_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/translator/settings"
)

var (
	packs = []*rules.Pack{
		{ID: "toy", Family: "TOY", Targets: []*rules.Target{{ID: "new"}, {ID: "newer"}},
			Options: []rules.Setting{{Name: "storage", Values: []string{"register", "default"}}}},
		{ID: "doll", Family: "DOL", Targets: []*rules.Target{{ID: "newer"}}, Options: []rules.Setting{{Name: "uploads", Values: []string{"files", "data"}}}},
	}
	known = []string{"TOY201", "TOY305", "TOY900"} // of the pack that takes part
)

const whole = `[build-system]
requires = ["setuptools"]

[tool.pyxlate]
pack = "toy"
to = "newer"
notes = true
storage = "default"
include = ["src/**"]
exclude = ["legacy.py", "old/**"]
select = ["TOY"]
ignore = ["TOY2", "TOY900"]
rules = ["migration/rules", "/abs"]
`

func TestEverySetting(t *testing.T) {
	f, err := settings.Parse("pyproject.toml", []byte(whole))
	require.NoError(t, err)
	require.NoError(t, f.Check(packs, known))
	assert.Equal(t, "toy", f.Pack)
	assert.Equal(t, "newer", f.To)
	assert.True(t, *f.Notes)
	assert.Equal(t, map[string]string{"storage": "default"}, f.Options)
	assert.Equal(t, []string{"src/**"}, f.Include)
	assert.Equal(t, []string{"legacy.py", "old/**"}, f.Exclude)
	for code, leaves := range map[string]bool{"TOY201": true, "TOY900": true, "TOY305": false, "OTHER1": true} {
		assert.Equal(t, leaves, f.Leaves(code), code)
	}
}

// A fault names its place and the nearest right name.
func TestFaults(t *testing.T) {
	for text, want := range map[string]string{
		"to = \"newerr\"\n":                      `pyxlate.toml:1:6: there is no target "newerr"; did you mean "newer"?`,
		"to = \"zzzzz\"\n":                       `pyxlate.toml:1:6: there is no target "zzzzz"; it takes new or newer`,
		"# x\nexcldue = [\"a\"]\n":               `pyxlate.toml:2:1: unknown key "excldue"; did you mean "exclude"?`,
		"storag = \"default\"\n":                 `pyxlate.toml:1:1: unknown key "storag"; did you mean "storage"?`,
		"storage = \"defalt\"\n":                 `pyxlate.toml:1:11: storage has no "defalt"; did you mean "default"?`,
		"notes = \"yes\"\n":                      `pyxlate.toml:1:9: notes takes true or false`,
		"select = [\n  \"TOY2\",\n  \"TYO3\"]\n": `pyxlate.toml:3:3: no code begins with "TYO3"`,
		"ignore = [\"TOY204\"]\n":                `pyxlate.toml:1:11: no code begins with "TOY204"; did you mean "TOY201"?`,
		"exclude = [1]\n":                        `pyxlate.toml:1:12: exclude takes a list of texts`,
		"pack = \"tow\"\n":                       `pyxlate.toml:1:8: there is no pack "tow"; did you mean "toy"?`,
		"[paths]\ninclude = [\"a\"]\n":           `pyxlate.toml:2:1: there is no table "paths"`,
		"[tyo]\nstorage = \"default\"\n":         `pyxlate.toml:2:1: there is no table "tyo"; did you mean "toy"?`,
		"[toy]\nstorage = \"defalt\"\n":          `pyxlate.toml:2:11: toy.storage has no "defalt"; did you mean "default"?`,
		"[doll]\nstorage = \"default\"\n":        `pyxlate.toml:2:11: there is no option "doll.storage"; it takes uploads`,
		"[toy.more]\nstorage = \"default\"\n":    `pyxlate.toml:2:1: there is no table "toy.more"`,
		"uploads = \"dat\"\n":                    `pyxlate.toml:1:11: uploads has no "dat"; did you mean "data"?`,
		"to = \"new\"\nto = \"new\"\n":           `pyxlate.toml:2:`,
		"to = new\n":                             `pyxlate.toml:1:`,
	} {
		f, err := settings.Parse("pyxlate.toml", []byte(text))
		if err == nil {
			err = f.Check(packs, known)
		}
		require.Error(t, err, text)
		assert.Contains(t, err.Error(), want, text)
	}
}

// Options may stand in a table of their pack, and codes of packs that take no part
// are known by their family.
func TestSettingsOfSeveralPacks(t *testing.T) {
	f, err := settings.Parse("pyproject.toml", []byte("[tool.pyxlate]\nignore = [\"DOL3\"]\nstorage = \"register\"\n[tool.pyxlate.toy]\nstorage = \"default\"\n[tool.pyxlate.doll]\nuploads = \"data\"\n"))
	require.NoError(t, err)
	require.NoError(t, f.Check(packs, known))
	assert.Equal(t, map[string]string{"storage": "register", "toy.storage": "default", "doll.uploads": "data"}, f.Options)
	assert.Equal(t, "default", packs[0].Choice(f.Options, "storage"), "what is said of one pack goes before what is said of all")
	assert.Equal(t, "", packs[1].Choice(f.Options, "storage"))
	assert.Equal(t, "files", packs[1].Choice(nil, "uploads"))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
}

// The nearest file above all the paths holds; pyxlate.toml before
// pyproject.toml, which counts only with a table of its own; nothing above the
// repository counts.
func TestFind(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "pyxlate.toml"), "to = \"outside\"\n")
	repo := filepath.Join(root, "repo")
	require.NoError(t, os.MkdirAll(filepath.Join(repo, ".git"), 0o777))
	src, lib := filepath.Join(repo, "src"), filepath.Join(repo, "lib")
	write(t, filepath.Join(src, "a.py"), "")
	write(t, filepath.Join(lib, "b.py"), "")
	write(t, filepath.Join(src, "pyproject.toml"), "[tool.black]\n")
	find := func(paths ...string) *settings.File {
		f, err := settings.Find(paths)
		require.NoError(t, err)
		return f
	}
	assert.Empty(t, find(src).To)

	write(t, filepath.Join(repo, "pyproject.toml"), "[tool.pyxlate]\nto = \"project\"\nrules = [\"r\"]\n")
	_, err := settings.Find([]string{src})
	assert.ErrorContains(t, err, `pyproject.toml:3:10: there is no directory "r" beside this file`)
	require.NoError(t, os.Mkdir(filepath.Join(repo, "r"), 0o777))
	f := find(filepath.Join(src, "a.py"), lib)
	assert.Equal(t, "project", f.To)
	assert.Equal(t, []string{filepath.Join(repo, "r")}, f.Rules, "directories are relative to the file")
	assert.Equal(t, repo, f.Dir)

	write(t, filepath.Join(repo, "pyxlate.toml"), "to = \"own\"\n")
	assert.Equal(t, "own", find(src).To)
	write(t, filepath.Join(src, "pyxlate.toml"), "to = \"nearest\"\n")
	assert.Equal(t, "nearest", find(filepath.Join(src, "a.py")).To)
	assert.Equal(t, "own", find(src, lib).To, "one file holds for all paths")

	write(t, filepath.Join(src, "pyxlate.toml"), "to = 1\n")
	_, err = settings.Find([]string{src})
	assert.ErrorContains(t, err, "pyxlate.toml:1:6: to takes one text")
}

// Outside of repositories what lies above the working directory, or above what
// is named elsewhere, is nobody's settings.
func TestFindOutsideOfRepositories(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "pyxlate.toml"), "to = \"above\"\n")
	work, other := filepath.Join(root, "work"), filepath.Join(root, "other")
	write(t, filepath.Join(work, "src/deep/a.py"), "")
	write(t, filepath.Join(other, "lib/b.py"), "")
	write(t, filepath.Join(other, "c.py"), "")
	t.Chdir(work)
	find := func(paths ...string) string {
		f, err := settings.Find(paths)
		require.NoError(t, err)
		return f.To
	}
	assert.Empty(t, find("."))
	assert.Empty(t, find("src/deep/a.py"))
	assert.Empty(t, find())
	assert.Empty(t, find("../other", "src"), "of neither")
	assert.Equal(t, "above", find("../other", "src", ".."), "it is named itself")

	write(t, filepath.Join(work, "pyxlate.toml"), "to = \"work\"\n")
	assert.Equal(t, "work", find())
	assert.Equal(t, "work", find("src/deep/a.py", "src"))
	assert.Empty(t, find("../other"))

	write(t, filepath.Join(other, "pyxlate.toml"), "to = \"other\"\n")
	assert.Equal(t, "other", find("../other"))
	assert.Equal(t, "other", find("../other/c.py"))
	assert.Equal(t, "other", find("../other/c.py", "../other/lib"))
	assert.Empty(t, find("../other/lib"))

	// Two repositories are two: what lies above both is of neither.
	require.NoError(t, os.MkdirAll(filepath.Join(work, ".git"), 0o777))
	require.NoError(t, os.MkdirAll(filepath.Join(other, ".git"), 0o777))
	assert.Equal(t, "other", find("../other/lib"))
	assert.Empty(t, find("../other", "src"))
}

// Settings and rules of another user are not used unless they are named.
func TestForeignSettings(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root gives files away")
	}
	t.Setenv("SUDO_UID", "")
	dir := t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.Mkdir(".git", 0o777))
	require.NoError(t, os.Mkdir("r", 0o777))
	own := func(id int, paths ...string) {
		t.Helper()
		for _, p := range paths {
			require.NoError(t, os.Chown(p, id, -1))
		}
	}
	for _, name := range []string{"pyproject.toml", "pyxlate.toml"} {
		write(t, name, "[tool.pyxlate]\nto = \"x\"\n")
		if name == "pyxlate.toml" {
			write(t, name, "to = \"x\"\nrules = ['r']\n")
		}
		own(1234, name)
		_, err := settings.Find(nil)
		require.EqualError(t, err, name+": these settings belong to another user (user 1234) and are not used; --settings "+name+" uses them, --no-settings goes without")
		f, err := settings.Named(name)
		require.NoError(t, err)
		require.Equal(t, "x", f.To)
		require.Equal(t, dir, f.Dir)

		t.Setenv("SUDO_UID", "1234")
		_, err = settings.Find(nil)
		require.NoError(t, err, "who calls with sudo is no stranger")
		t.Setenv("SUDO_UID", "")

		own(0, name)
		own(1234, ".")
		_, err = settings.Find(nil)
		require.ErrorContains(t, err, "belong to another user", "who has the directory puts there what he likes")
		own(0, ".")
		_, err = settings.Find(nil)
		require.NoError(t, err)
	}
	own(1234, "r")
	_, err := settings.Find(nil)
	require.EqualError(t, err, `pyxlate.toml:2:10: "r" belongs to another user (user 1234) and is not used; --rules uses it, with --no-settings`)
	f, err := settings.Named("pyxlate.toml")
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(dir, "r")}, f.Rules)

	// A table of another tool is nothing to pyxlate, whoever wrote it.
	require.NoError(t, os.Remove("pyxlate.toml"))
	write(t, "pyproject.toml", "[tool.other]\n")
	own(1234, "pyproject.toml")
	f, err = settings.Find(nil)
	require.NoError(t, err)
	require.Empty(t, f.Path)
	_, err = settings.Named("pyproject.toml")
	require.EqualError(t, err, "pyproject.toml: there is no [tool.pyxlate] in it")
	_, err = settings.Named("nothing.toml")
	require.ErrorContains(t, err, "nothing.toml: no such file")
}
