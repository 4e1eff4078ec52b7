package batchai

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules"
	"pyxlate/rules/sdk"
)

// storageCalls are the calls of the storage SDK that programs for Batch AI make.
var storageCalls = []string{
	"azure.storage.blob.BlockBlobService", "azure.storage.file.FileService",
	"azure.storage.blob.BlockBlobService.create_container", "azure.storage.blob.BlockBlobService.delete_container",
	"azure.storage.blob.BlockBlobService.create_blob_from_path", "azure.storage.blob.BlockBlobService.create_blob_from_text",
	"azure.storage.blob.BlockBlobService.create_blob_from_bytes", "azure.storage.blob.BlockBlobService.create_blob_from_stream",
	"azure.storage.blob.BlockBlobService.get_blob_to_path", "azure.storage.blob.BlockBlobService.get_blob_to_text",
	"azure.storage.blob.BlockBlobService.list_blobs", "azure.storage.blob.BlockBlobService.list_blob_names",
	"azure.storage.blob.BlockBlobService.exists", "azure.storage.blob.BlockBlobService.delete_blob",
	"azure.storage.blob.BlockBlobService.generate_blob_shared_access_signature", "azure.storage.blob.BlockBlobService.make_blob_url",
	"azure.storage.file.FileService.create_share", "azure.storage.file.FileService.delete_share",
	"azure.storage.file.FileService.create_directory", "azure.storage.file.FileService.delete_directory",
	"azure.storage.file.FileService.create_file_from_path", "azure.storage.file.FileService.create_file_from_text",
	"azure.storage.file.FileService.create_file_from_bytes", "azure.storage.file.FileService.create_file_from_stream",
	"azure.storage.file.FileService.get_file_to_path", "azure.storage.file.FileService.get_file_to_text",
	"azure.storage.file.FileService.list_directories_and_files", "azure.storage.file.FileService.exists",
	"azure.storage.file.FileService.delete_file", "azure.storage.file.FileService.generate_file_shared_access_signature",
	"azure.storage.file.FileService.make_file_url",
}

// Every operation, class, field, attribute and enum member of every version of
// the source SDK, and every function of the sample package, has a rule that
// carries it over or says why not.
func TestEverySymbolHasARule(t *testing.T) {
	tables, err := sdk.Load()
	require.NoError(t, err)
	m := azureml(t)
	seen := 0
	check := func(sym *sdk.Symbol) {
		if sym.Kind == sdk.Module {
			return // an import of it goes when nothing reads it
		}
		seen++
		rs := m.For(sym.Name)
		if !assert.NotEmpty(t, rs, "%s (%s) has no rule", sym.Name, sym.Kind) {
			return
		}
		for _, r := range rs {
			if !r.Manual {
				return
			}
		}
		n, ok := m.Note(reasonCode(rs[0]))
		assert.True(t, ok && n.Text != "", "%s is left by hand without a reason", sym.Name)
	}
	for _, pkg := range []string{"azure-mgmt-batchai", "utilities"} {
		for sym := range tables.Symbols(pkg) {
			check(sym)
		}
	}
	for _, name := range storageCalls {
		sym, ok := tables.Symbol(name)
		if assert.True(t, ok, name) {
			check(sym)
		}
	}
	assert.Greater(t, seen, 800)
}

// reasonCode is the code that a rule left by hand reports.
func reasonCode(r *rules.Rule) string {
	if len(r.Notes) > 0 {
		return r.Notes[0]
	}
	return r.ID
}

// caughtAll are the symbols of which only the last resort knows: rules whose
// from covers a whole module. What people use must have a rule of its own.
func TestOperationsHaveRulesOfTheirOwn(t *testing.T) {
	tables, err := sdk.Load()
	require.NoError(t, err)
	m := azureml(t)
	var lacking []string
	for sym := range tables.Symbols("azure-mgmt-batchai") {
		owner := sym.Owner()
		operation := sym.Kind == sdk.Method && strings.HasSuffix(owner, "Operations") && !strings.HasPrefix(owner, "azure.mgmt.batchai.aio")
		class := sym.Kind == sdk.Class && owner == "azure.mgmt.batchai.models" && takenByPeople(tables, sym)
		if !operation && !class {
			continue
		}
		rs := m.For(sym.Name)
		if len(rs) > 0 && (slices.Contains(rs[0].From, sym.Name) || slices.Contains(rs[0].From, owner+".*") && operation) {
			continue
		}
		lacking = append(lacking, fmt.Sprintf("%s (%s)", sym.Name, sym.Kind))
	}
	assert.Empty(t, lacking)
}

// takenByPeople leaves out classes that only the service makes, enumerations
// (their members count) and the track-2 release.
func takenByPeople(tables *sdk.Set, sym *sdk.Symbol) bool {
	v := sym.Newest()
	if v.Enum || strings.HasSuffix(sym.Name, "Paged") || strings.HasSuffix(sym.Name, "Result") || v.Version == "7.0.0b1" && len(sym.Versions) == 1 {
		return false
	}
	for _, p := range v.Params {
		if m, ok := tables.Member(sym.Name, p.Name); ok && !m.Newest().Readonly {
			return !slices.Contains(serviceMade, sym.Last())
		}
	}
	return false
}

// serviceMade are records that come back from the service and are not made by
// programs; their attributes have rules.
var serviceMade = []string{"Cluster", "Job", "File", "Usage", "UsageName", "Workspace", "Experiment", "Operation", "OperationDisplay",
	"RemoteLoginInformation", "NodeStateCounts", "BatchAIError", "NameValuePair", "JobPropertiesExecutionInfo", "Resource", "ProxyResource", "CloudErrorBody"}

// Each parameter of a record that becomes a configuration by a table is in the
// table (the loader checks parameters of calls).
func TestFieldTablesAreComplete(t *testing.T) {
	tables, err := sdk.Load()
	require.NoError(t, err)
	m := azureml(t)
	for _, r := range m.Rules {
		if len(r.Fields) == 0 {
			continue
		}
		var paths []string
		for _, f := range r.Fields {
			paths = append(paths, f.Path)
		}
		for _, from := range r.From {
			for _, leaf := range leaves(tables, from, "", 0) {
				covered := slices.ContainsFunc(paths, func(p string) bool { return leaf == p || strings.HasPrefix(leaf, p+".") })
				assert.True(t, covered, "%s: field %s of %s is in no line", r.ID, leaf, from)
			}
		}
	}
}

// leaves lists the fields of a record and of the records in it, down to plain
// values, in any version.
func leaves(tables *sdk.Set, class, prefix string, depth int) (out []string) {
	sym, ok := tables.Symbol(class)
	if !ok || depth > 4 {
		return nil
	}
	done := map[string]bool{}
	for i := range sym.Versions {
		for _, p := range sym.Versions[i].Params {
			if p.Kind == sdk.VarKw || done[p.Name] {
				continue
			}
			done[p.Name] = true
			var inner []string
			for _, alt := range p.Type.Alternatives() {
				if s, ok := tables.Symbol(alt.Name); ok && s.Kind == sdk.Class && !s.Newest().Enum {
					inner = append(inner, leaves(tables, s.Name, prefix+p.Name+".", depth+1)...)
				}
			}
			if len(inner) == 0 {
				inner = []string{prefix + p.Name}
			}
			out = append(out, inner...)
		}
	}
	return out
}
