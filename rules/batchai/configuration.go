package batchai

import (
	"slices"
	"strings"

	"pyxlate/rules/ir"
)

// configurationKeys are the attributes of the sample's Configuration, in its
// order, with the place of each in the JSON file. Optional ones are None where
// the file lacks them.
var configurationKeys = []struct {
	attr, path string
	optional   bool
}{
	{"subscription_id", "subscription_id", false},
	{"aad_client_id", "aad_client_id", false},
	{"aad_secret_key", "aad_secret", false},
	{"aad_tenant", "aad_tenant", false},
	{"aad_token_uri", "aad_token_uri", false}, // before July 2018, in place of the tenant
	{"location", "location", false},
	{"url", "base_url", false},
	{"resource_group", "resource_group", false},
	{"workspace", "workspace", false},
	{"storage_account_name", "storage_account.name", false},
	{"storage_account_key", "storage_account.key", false},
	{"admin", "admin_user.name", false},
	{"admin_password", "admin_user.password", true},
	{"admin_ssh_key", "admin_user.ssh_public_key", true},
	{"container_registry_user", "container_registry.user", true},
	{"container_registry_password", "container_registry.password", true},
	{"container_registry_secret_url", "container_registry.secret_url", true},
	{"keyvault_id", "keyvault_id", true},
}

// configuration reads the same JSON file into an object with the attributes
// that the program reads, or with all of them where it cannot be seen which.
// Attributes of only one generation of the sample are optional then.
func configuration(c ir.Context) *ir.Answer {
	file, ok := given(c, "file_name")
	if !ok {
		return nil
	}
	read, all := c.ReadAttrs(c.Object())
	stream := &ir.Var{Handle: c.Fresh("config_file")}
	values := &ir.Var{Handle: c.Fresh("configuration")}
	ns := invoke("types.SimpleNamespace")
	for _, k := range configurationKeys {
		if !all && !slices.Contains(read, k.attr) {
			continue
		}
		optional := k.optional || all && (k.attr == "aad_tenant" || k.attr == "aad_token_uri" || k.attr == "workspace")
		ns.Args = append(ns.Args, named(k.attr, configurationValue(values, k.path, optional)))
	}
	return &ir.Answer{
		Before: []ir.Statement{block("with open({file}) as {f}:\n    {configuration} = json.load({f})",
			"file", &ir.Source{Arg: file}, "f", stream, "configuration", values)},
		Term: ns,
	}
}

// configurationValue reads a dotted path out of the loaded file.
func configurationValue(values ir.Term, path string, optional bool) ir.Term {
	t := values
	segments := strings.Split(path, ".")
	for i, s := range segments {
		key := &ir.Literal{V: s}
		switch {
		case optional && i == len(segments)-1:
			t = apply(&ir.Member{Of: t, Name: "get"}, ir.Argument{Value: key})
		case optional && s == "container_registry":
			t = apply(&ir.Member{Of: t, Name: "get"}, ir.Argument{Value: key}, ir.Argument{Value: &ir.DictOf{}})
		default:
			t = &ir.Item{Of: t, Key: key}
		}
	}
	return t
}

// resourceGroup: the workspace's creation makes the group; a workspace that
// exists already has one.
func resourceGroup(c ir.Context) *ir.Answer {
	ans := &ir.Answer{Drop: true}
	if len(c.Calls("azure.mgmt.batchai.operations.WorkspacesOperations.create")) == 0 {
		ans.Notes = []ir.Note{note("BAI108", ir.Review, ir.Expr{})}
	}
	return ans
}
