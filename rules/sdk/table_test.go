package sdk

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The bisection over lines finds what a JSON decoder finds, and the tables are sorted as it needs them.
func TestTablesReadAsJSON(t *testing.T) {
	s := loaded(t)
	for _, table := range s.tables {
		require.NoError(t, table.load())
		data, err := fs.ReadFile(embedded, table.file)
		require.NoError(t, err)
		var whole struct {
			Aliases map[string]string          `json:"aliases"`
			Symbols map[string]json.RawMessage `json:"symbols"`
		}
		require.NoError(t, json.Unmarshal(data, &whole), table.file)
		assert.Equal(t, len(whole.Aliases), table.aliases.len(), table.file)
		assert.Equal(t, len(whole.Symbols), table.symbols.len(), table.file)
		for name, raw := range whole.Symbols {
			assert.Equal(t, string(raw), string(table.symbol(name)), "%s: %s", table.file, name)
		}
		for name, to := range whole.Aliases {
			got, ok := table.alias(name)
			assert.True(t, ok, name)
			assert.Equal(t, to, got)
		}
	}
}

// Every symbol decodes, every alias leads to a symbol, and no alias hides one.
func TestNoDanglingAlias(t *testing.T) {
	s := loaded(t)
	for _, p := range s.Packages() {
		for sym := range s.Symbols(p.Name) {
			assert.NotEmpty(t, sym.Versions, sym.Name)
		}
		for name, to := range s.Aliases(p.Name) {
			sym, ok := s.Symbol(name)
			if assert.True(t, ok, "%s -> %s", name, to) {
				assert.Equal(t, to, sym.Name, name)
			}
		}
	}
}

// Every class that a type or a base names, below a root of a known package, is in the tables.
func TestEveryTypeNameResolves(t *testing.T) {
	s := loaded(t)
	check := func(t *testing.T, where string, typ Type) {}
	check = func(t *testing.T, where string, typ Type) {
		if s.HasPrefix(typ.Name) {
			_, ok := s.Symbol(typ.Name)
			assert.True(t, ok, "%s: %s", where, typ.Name)
		} else if typ.Name != Union {
			assert.False(t, strings.Contains(typ.Name, " "), "%s: %q", where, typ.Name)
		}
		for _, a := range typ.Args {
			check(t, where, a)
		}
	}
	for _, p := range s.Packages() {
		for sym := range s.Symbols(p.Name) {
			for i := range sym.Versions {
				v := &sym.Versions[i]
				where := sym.Name + " " + v.Version
				check(t, where, v.Returns)
				check(t, where, v.Type)
				for _, b := range v.Bases {
					check(t, where, Type{Name: b})
				}
				for _, param := range v.Params {
					check(t, where+" "+param.Name, param.Type)
				}
			}
		}
	}
}

func TestParseType(t *testing.T) {
	for _, text := range []string{"", "str", "a.b.C", "list[str]", "dict[str,list[a.b.C]]", "str|None", "poller[a.B|None]|int",
		"tuple[str,int]", "paged[a.b.C]"} {
		typ, err := ParseType(text)
		require.NoError(t, err, text)
		assert.Equal(t, text, typ.String())
	}
	for _, text := range []string{"[", "a[", "a[b", "a]", "a,b", "|", "a|", "a b", "a[b]]"} {
		_, err := ParseType(text)
		assert.Error(t, err, text)
	}
}

func BenchmarkLoad(b *testing.B) {
	for range b.N {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}

// A first look-up of one name from each package: what a program that uses all of them waits for at start.
func BenchmarkLoadAndFirstLookups(b *testing.B) {
	for range b.N {
		s, err := Load()
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range []string{"azure.mgmt.batchai.models.cluster.Cluster", "azure.storage.blob.BlockBlobService",
			"azure.storage.file.FileService", "azure.common.credentials.ServicePrincipalCredentials", "azureml.core.Workspace",
			"azureml.train.dnn.TensorFlow", "azureml.widgets.RunDetails"} {
			if _, ok := s.Symbol(name); !ok {
				b.Fatal(name)
			}
		}
	}
}

func BenchmarkSymbolKnown(b *testing.B) {
	s, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	for range b.N {
		s.Symbol("azure.mgmt.batchai.models.job_create_parameters.JobCreateParameters")
	}
}
