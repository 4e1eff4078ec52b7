package check_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules/ir"
	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check"
	_ "pyxlate/translator/check/golden"
	"pyxlate/translator/document"
	"pyxlate/translator/edit"
	"pyxlate/translator/project"
)

// script is a program whose translation keeps every promise.
const script = `import utilities as utils

cfg = utils.config.Configuration('configuration.json')
client = utils.config.create_batchai_client(cfg)

# the small one
cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'nc6')  # looked up
print(cluster.name)
client.jobs.list()
prepare(cluster)
`

// notebook has two cells, the second of which has nothing to do with the SDK.
const notebook = `{"cells": [
 {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1,
  "source": ["import utilities as utils\n", "cfg = utils.config.Configuration('c.json')\n", "client = utils.config.create_batchai_client(cfg)\n", "print(client.clusters.get(cfg.resource_group, cfg.workspace, 'nc6').name)\n", "print('\u00e9')"]},
 {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 2,
  "source": "x = 1\ny = 2"}
], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}
`

// translate gives the translation of one document, to be tampered with.
func translate(t *testing.T, path, text string) *check.Translation {
	t.Helper()
	tables, err := sdk.Load()
	require.NoError(t, err)
	m, err := packs.Select("azureml")
	require.NoError(t, err)
	d, err := document.Open(path, []byte(text))
	require.NoError(t, err)
	tr := &check.Translation{Migration: m, Tables: tables, Words: []string{"nothing"}}
	tr.Results = project.Translate([]*document.Document{d}, nil, m, tables, tr.Options)
	return tr
}

func TestKept(t *testing.T) {
	for path, text := range map[string]string{"a.py": script, "a.ipynb": notebook, "b.py": "\ufeff" + script, "b.ipynb": "\ufeff" + notebook} {
		tr := translate(t, path, text)
		assert.NotEqual(t, text, string(tr.Results[0].Output), "the program is translated")
		assert.Empty(t, check.All(tr))
	}
}

// With its notes in the code a program keeps what is promised of text.
func TestWithNotes(t *testing.T) {
	for path, text := range map[string]string{"a.py": script, "a.ipynb": notebook} {
		assert.Empty(t, check.WithNotes(translate(t, path, text)))
	}
}

// What speaks to a tool about a line of code goes with that line, and only that.
func TestToolComments(t *testing.T) {
	for comment, kept := range map[string]bool{"# noqa: E501": false, "# type: ignore": false, "# pylint: disable=no-member": false, "# a type: ignore": true} {
		tr := translate(t, "a.py", strings.Replace(script, "# looked up", comment, 1))
		tr.Results[0].Output = []byte(strings.Replace(string(tr.Results[0].Output), "  "+comment, "", 1))
		lost := func() bool {
			return slices.ContainsFunc(check.All(tr), func(v check.Violation) bool { return v.Promise == 2 && strings.Contains(v.Text, "is lost") })
		}
		assert.Equal(t, kept, lost(), comment)
		tr = translate(t, "a.py", script+"print(1)  "+comment+"\n")
		tr.Results[0].Output = []byte(strings.Replace(string(tr.Results[0].Output), "  "+comment, "", 1))
		assert.True(t, lost(), "the line of %s is still there", comment)
	}
}

// A program with CRLF for LF becomes what it was, with CRLF for LF.
func TestOtherLineEnds(t *testing.T) {
	for path, text := range map[string]string{"a.py": script, "a.ipynb": notebook} {
		tr := translate(t, path, text)
		tr.Results[0].Output = bytes.Replace(tr.Results[0].Output, []byte("print"), []byte("show"), 1)
		assert.True(t, slices.ContainsFunc(check.All(tr), func(v check.Violation) bool {
			return v.Promise == 1 && strings.Contains(v.Text, "with CRLF line ends it becomes something else")
		}))
	}
}

// TestBroken breaks the promises one by one.
func TestBroken(t *testing.T) {
	output := func(old, new string) func(*project.Result) {
		return func(r *project.Result) {
			if !strings.Contains(string(r.Output), old) {
				panic(fmt.Sprintf("%q is not in the output:\n%s", old, r.Output))
			}
			r.Output = []byte(strings.Replace(string(r.Output), old, new, 1))
		}
	}
	for _, test := range []struct {
		name    string
		path    string
		promise int
		says    string
		tamper  func(*project.Result)
	}{
		{"a byte outside the edits", "a.py", 1, "outside the edits", output("prepare(cluster)", "prepare( cluster)")},
		{"the newline at the end", "a.py", 1, "outside the edits", output("prepare(cluster)\n", "prepare(cluster)")},
		{"a cell that no edit touches", "a.ipynb", 1, "", output(`"x = 1\ny = 2"`, `["x = 1\n", "y = 2"]`)},
		{"the JSON of an untouched line", "a.ipynb", 1, "", output(`\u00e9`, `é`)},
		{"the JSON around", "a.ipynb", 1, "JSON", output(`"nbformat": 4`, `"nbformat":4`)},
		{"another line end", "a.py", 1, "no line ended in CRLF, and 1 do", output("print(cluster.name)\n", "print(cluster.name)\r\n")},
		{"a carriage return alone", "a.py", 1, "1 carriage returns stand alone", output("# looked up", "# looked up\r ")},
		{"a comment twice", "a.py", 2, "once more", output("print(cluster.name)", "# looked up\nprint(cluster.name)")},
		{"a comment of nobody's", "a.py", 2, "once more", output("print(cluster.name)", "# shown\nprint(cluster.name)")},
		{"a lost comment", "a.py", 2, "# looked up", output("  # looked up", "")},
		{"no Python", "a.py", 3, "parses worse", output("prepare(cluster)", "prepare(cluster")},
		{"something left for a second run", "a.py", 4, "second run", func(r *project.Result) {
			r.Output, r.Edits = r.Doc.Raw(), nil
		}},
		{"a use without a finding", "a.py", 5, "no finding", func(r *project.Result) { r.Findings = r.Findings[1:] }},
		{"two findings for one use", "a.py", 5, "2 findings", func(r *project.Result) {
			r.Findings = append(r.Findings, r.Findings[0])
		}},
		{"manual without a mark", "a.py", 5, "no mark says so", func(r *project.Result) {
			for i := range r.Findings {
				if r.Findings[i].Use.Kind == ir.CallUse {
					r.Findings[i].Verdict, r.Findings[i].Code = ir.Manual, "BAI999"
				}
			}
		}},
		{"a reason with a hole", "a.py", 5, "empty place", func(r *project.Result) { r.Findings[0].Message = "no {NAME}" }},
		{"a call that is gone", "a.py", 5, "prepare was called at 1 places", func(r *project.Result) {
			output("prepare(cluster)", "cluster")(r)
			at := strings.Index(script, "prepare(cluster)")
			r.Edits = append(r.Edits, edit.Edit{Start: at, End: at + len("prepare(cluster)"), New: "cluster"})
		}},
		{"an invented name", "a.py", 6, "frankfurt", output("'nc6'", "'frankfurt'")},
		{"a placeholder", "a.py", 6, "placeholder", output("'nc6'", "'<name>'")},
		{"an unknown argument", "a.py", 7, "does not bind", output("name='nc6'", "title='nc6'")},
		{"an unknown attribute", "a.py", 7, "no attribute", output("cluster.name", "cluster.nome")},
		{"an unknown import", "a.py", 7, "does not exist", output("import ComputeTarget", "import ComputeTarget, ComputeGoal")},
		{"an import that nothing uses", "a.py", 7, "is not used", output("import json", "import json, random")},
		{"a lost definition", "a.py", 7, "no definition", output("cluster = ComputeTarget", "klaster = ComputeTarget")},
		{"presumed and migrated", "a.py", 8, "presumed", func(r *project.Result) {
			for i := range r.Findings {
				u := *r.Findings[i].Use
				u.Presumed = true
				r.Findings[i].Use, r.Findings[i].Verdict = &u, ir.Migrated
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := script
			if test.path == "a.ipynb" {
				text = notebook
			}
			tr := translate(t, test.path, text)
			test.tamper(&tr.Results[0])
			var said []string
			for _, v := range check.All(tr) {
				if v.Promise == test.promise && strings.Contains(v.Text, test.says) {
					return
				}
				said = append(said, v.String())
			}
			t.Errorf("promise %d is broken, and the checks say %q", test.promise, said)
		})
	}
}
