package meaning_test

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
	"pyxlate/translator/meaning"
)

var loadTables = sync.OnceValues(sdk.Load)

// config is a pack's configuration as the real one has it.
func config(t testing.TB) meaning.Config {
	tables, err := loadTables()
	require.NoError(t, err)
	return meaning.Config{
		Tables:    tables,
		Sources:   []string{"azure.mgmt.batchai", "utilities", "hyperparam_utilities"},
		Auxiliary: []string{"azure.storage", "azure.common", "msrest", "msrestazure"},
		Targets:   []string{"azureml"},
		EnvNames:  []string{"AZ_BATCHAI_"},
		LineWords: [][]string{{"az", "batchai"}},
		Samples:   map[string]meaning.Sample{"utilities": {Marks: []string{"create_batchai_client", "Configuration"}}},
		Pure:      func(s string) bool { return strings.HasPrefix(s, "azure.mgmt.batchai.models.") },
		Conventions: &sdk.Conventions{
			Pollers: []*sdk.Polling{{
				Classes: []string{"msrest.polling.LROPoller", "msrestazure.azure_operation.AzureOperationPoller"},
				Result:  []string{"result"}, Wait: []string{"wait"}, Done: []string{"done"}, Status: []string{"status"},
			}},
			Pagers:  []*sdk.Paging{{Classes: []string{"msrest.paging.Paged"}, Next: []string{"next"}, Page: []string{"advance_page", "current_page"}}},
			Raw:     []*sdk.RawResponse{{Classes: []string{"msrest.pipeline.ClientRawResponse"}, Parameter: "raw", Value: "True", Output: []string{"output"}}},
			Clients: []*sdk.Client{{Classes: []string{"azure.mgmt.batchai.BatchAIManagementClient", "azure.mgmt.batchai.BatchAI"}}},
		},
		Factories: map[string]string{"azure.common.client_factory.get_client_from_cli_profile": "client_class"},
	}
}

// program analyses the files of an archive. A file "x.ipynb" is a notebook
// whose cells are parted by lines "# %%", "x.md" a page with fences parted the
// same way.
func program(t testing.TB, files ...txtar.File) *meaning.Program {
	var list []*meaning.File
	id := ir.UnitID(0)
	for i, f := range files {
		mod := strings.TrimSuffix(strings.ReplaceAll(strings.TrimSuffix(f.Name, ".py"), "/", "."), ".__init__")
		if path.Ext(f.Name) != ".py" {
			mod = ""
		}
		file := &meaning.File{Path: f.Name, Module: mod, Markdown: path.Ext(f.Name) == ".md",
			Trigger: strings.Contains(string(f.Data), "batchai")}
		texts := []string{string(f.Data)}
		if path.Ext(f.Name) != ".py" {
			texts = strings.Split(string(f.Data), "# %%\n")
		}
		for _, text := range texts {
			masked, lines := grammar.Mask([]byte(text))
			tree, err := grammar.Parse(masked)
			require.NoError(t, err)
			file.Units = append(file.Units, &meaning.Source{ID: id, File: i, Raw: []byte(text), Text: masked, Masked: lines, Tree: tree})
			id++
		}
		list = append(list, file)
	}
	return meaning.Analyze(list, nil, config(t))
}

func snippet(t testing.TB, src string) *meaning.Program {
	return program(t, txtar.File{Name: "main.py", Data: []byte(src)})
}

// describe says a value in short.
func describe(v ir.Value) string {
	switch x := v.(type) {
	case *ir.Const:
		switch c := x.V.(type) {
		case nil:
			return "None"
		case string:
			return fmt.Sprintf("'%s'", c)
		case bool:
			return strings.ToUpper(fmt.Sprint(c)[:1]) + fmt.Sprint(c)[1:]
		}
		return fmt.Sprint(x.V)
	case *ir.Text:
		out := ""
		for _, p := range x.Pieces {
			if p.Val == nil {
				out += p.Lit
			} else {
				out += "{" + describe(p.Val) + "}"
			}
		}
		return "'" + out + "'"
	case *ir.Symbol:
		return x.Name + mark(x.Presumed)
	case *ir.Object:
		name := x.Type[strings.LastIndexByte(x.Type, '.')+1:]
		if x.Elem != nil {
			name += "[" + describe(x.Elem) + "]"
		}
		return name + mark(x.Presumed)
	case *ir.Seq:
		var parts []string
		for _, a := range x.Elems {
			parts = append(parts, describe(a.Value))
		}
		if x.Open {
			each := "anything"
			if x.Each != nil {
				each = describe(x.Each)
			}
			parts = append(parts, "*"+each)
		}
		if x.Kind == ir.TupleSeq {
			return "(" + strings.Join(parts, ", ") + ")"
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case *ir.Dict:
		var parts []string
		for _, k := range x.Keys {
			parts = append(parts, k+": "+describe(x.Vals[k].Value))
		}
		if x.Open {
			parts = append(parts, "...")
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case *ir.Function:
		return "function " + x.Name
	case *ir.Class:
		return "class " + x.Name
	case *ir.Instance:
		return "a " + x.Class.Name
	case *ir.Method:
		return "method " + x.Symbol[strings.LastIndexByte(x.Symbol, '.')+1:]
	case *ir.Module:
		return "module " + x.Name
	case *ir.Join:
		var parts []string
		for _, w := range x.Of {
			parts = append(parts, describe(w))
		}
		return strings.Join(parts, " | ")
	case *ir.Unknown:
		if x.Type != "" {
			return "unknown " + x.Type
		}
		return "unknown"
	}
	return "nil"
}

func mark(presumed bool) string {
	if presumed {
		return "?"
	}
	return ""
}

// query is a line of an example with what it says about itself: `#? value` of
// the expression (of an assignment: its right side), `#@ uses` that begin on the
// line, by the last two parts of their names.
type query struct {
	line         int
	start, end   int
	value, uses  string
	asked, using bool
}

func queries(text string) []query {
	var out []query
	at := 0
	for i, line := range strings.Split(text, "\n") {
		q := query{line: i + 1, start: at, end: at + len(line)}
		at += len(line) + 1
		if j := strings.Index(line, "#@"); j >= 0 {
			q.uses, q.using = strings.TrimSpace(line[j+2:]), true
			line = line[:j]
		}
		if j := strings.Index(line, "#?"); j >= 0 {
			q.value, q.asked = strings.TrimSpace(line[j+2:]), true
			line = line[:j]
		}
		q.end = q.start + len(strings.TrimRight(line, " "))
		q.start += len(line) - len(strings.TrimLeft(line, " "))
		if q.asked || q.using {
			out = append(out, q)
		}
	}
	return out
}

func short(name string) string {
	parts := strings.Split(name, ".")
	return strings.Join(parts[max(0, len(parts)-2):], ".")
}

// check asks a program everything that its text says about itself.
func check(t *testing.T, p *meaning.Program, files []txtar.File) {
	asked := 0
	for _, u := range p.Units() {
		for _, q := range queries(string(u.Raw)) {
			asked++
			where := fmt.Sprintf("%s, unit %d, line %d: %s", files[u.File].Name, u.ID, q.line, u.Raw[q.start:q.end])
			if q.asked {
				n := u.Tree.NodeAt(q.start, q.end)
				for n.Is(grammar.KindExpressionStatement, grammar.KindReturnStatement) {
					n = n.FirstChild()
				}
				for n.Is(grammar.KindAssignment) {
					n = n.Child(grammar.FieldRight)
				}
				assert.Equal(t, q.value, describe(p.Value(p.Expr(u.ID, n))), where)
			}
			if q.using {
				var got []string
				for _, x := range p.Uses() {
					if x.At.Unit == u.ID && x.At.Start >= q.start && x.At.Start < q.end {
						got = append(got, short(x.Symbol)+mark(x.Presumed))
					}
				}
				assert.Equal(t, q.uses, strings.Join(got, ", "), where)
			}
		}
	}
	assert.NotZero(t, asked, "the example asks nothing")
}

// TestExamples runs the archives of testdata/examples: each asks about its own
// lines.
func TestExamples(t *testing.T) {
	names, err := filepath.Glob("testdata/examples/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, ex := range strings.Split(string(data), "\n==== ")[1:] {
			title, body, _ := strings.Cut(ex, "\n")
			t.Run(strings.TrimSuffix(path.Base(name), ".txtar")+"/"+title, func(t *testing.T) {
				a := txtar.Parse([]byte(body))
				files := a.Files
				if len(files) == 0 {
					files = []txtar.File{{Name: "main.py", Data: a.Comment}}
				}
				check(t, program(t, files...), files)
			})
		}
	}
}
