package batchai

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"pyxlate/rules/ir"
)

func TestToolCommand(t *testing.T) {
	tests := []struct{ old, want string }{
		{"az batchai workspace create -g lab -n vision -l eastus", "az ml workspace create --name vision --resource-group lab --location eastus"},
		{"!az batchai cluster show -n nc6 -g $GROUP -w {space}", "az ml compute show --name nc6 --resource-group $GROUP --workspace-name {space}"},
		{"az batchai cluster create -n nc6 -g lab -w vision -s Standard_NC6 -t 2 --vm-priority lowpriority -u me -k id_rsa.pub",
			"az ml compute create --name nc6 --type AmlCompute --size Standard_NC6 --min-instances 2 --max-instances 2 --tier low_priority --admin-username me --ssh-key-value id_rsa.pub --resource-group lab --workspace-name vision"},
		{"az batchai cluster create -n nc6 -g lab -w vision -s Standard_NC6 --min 0 --max 4",
			"az ml compute create --name nc6 --type AmlCompute --size Standard_NC6 --min-instances 0 --max-instances 4 --resource-group lab --workspace-name vision"},
		{"az batchai cluster auto-scale -n nc6 -g lab -w vision --min 0 --max 4", "az ml compute update --name nc6 --min-instances 0 --max-instances 4 --resource-group lab --workspace-name vision"},
		{"x = !az batchai job file stream -j job1 -g lab -w vision -e first -f stdout.txt", "az ml job stream --name job1 --resource-group lab --workspace-name vision"},
		{"az batchai job create -n job1 -c nc6 -e first -g lab -w vision -f job.json",
			"az ml job create --file job.yml --name job1 --set compute=azureml:nc6 experiment_name=first --resource-group lab --workspace-name vision"},
		{"os.system('az batchai cluster delete -n nc6 -y')", "az ml compute delete --name nc6 --yes"},
		{"az batchai file-server create -n nfs", ""},
		{"az batchai cluster node exec -n nc6 --exec ls", ""},
		{"az batchai dance", ""},
		{"az batchai", ""},
	}
	for _, tt := range tests {
		got, ok := toolCommand(toolText(tt.old))
		assert.Equal(t, tt.want != "", ok, tt.old)
		assert.Equal(t, tt.want, got, tt.old)
	}
}

func TestRetiredSizes(t *testing.T) {
	for _, s := range []string{"STANDARD_NC6", "Standard_NC24r", "Standard_NC6s_v2", "Standard_NC6s_v3", "Standard_ND6s", "STANDARD_NV12", "Standard_D2"} {
		assert.True(t, retiredSizes.MatchString(s), s)
	}
	for _, s := range []string{"Standard_NC4as_T4_v3", "Standard_NC24ads_A100_v4", "STANDARD_D2_V2", "Standard_D2s_v3", "Standard_ND40rs_v2", "standard_nv6ads_a10_v5"} {
		assert.False(t, retiredSizes.MatchString(s), s)
	}
}

func TestDatastoreNames(t *testing.T) {
	for name, want := range map[string]string{"batchaisample": "batchaisample_file", "My-Share.1": "my_share_1_file"} {
		term, ok := shareDatastore(map[string]ir.Arg{"share_name": {Value: &ir.Const{V: name}}}, &program{})
		assert.True(t, ok)
		assert.Equal(t, &ir.Literal{V: want}, term)
	}
	term, ok := containerDatastore(map[string]ir.Arg{"container_name": {Value: &ir.Unknown{}}}, &program{})
	assert.True(t, ok)
	assert.Equal(t, "{name}.lower().replace('-', '_') + '_blob'", term.(*ir.Code).Text)
	_, ok = containerDatastore(nil, nil)
	assert.False(t, ok)
}

// The keys of the configuration file are those of the sample's template, and
// nested ones are read in turn.
func TestConfigurationValues(t *testing.T) {
	v := &ir.Literal{V: "file"}
	assert.Equal(t, &ir.Item{Of: v, Key: &ir.Literal{V: "location"}}, configurationValue(v, "location", false))
	assert.Equal(t, &ir.Item{Of: &ir.Item{Of: v, Key: &ir.Literal{V: "admin_user"}}, Key: &ir.Literal{V: "name"}}, configurationValue(v, "admin_user.name", false))
	optional := configurationValue(v, "container_registry.user", true).(*ir.Apply)
	assert.Equal(t, "get", optional.Fn.(*ir.Member).Name, "a key that may be missing is asked for")
	section := optional.Fn.(*ir.Member).Of.(*ir.Apply)
	assert.Equal(t, "get", section.Fn.(*ir.Member).Name, "and so is a section that may be missing")
	assert.Len(t, section.Args, 2)
}

func TestSplitText(t *testing.T) {
	parts := splitText(lit("/a/b"), '/')
	assert.Len(t, parts, 3)
	assert.Equal(t, "b", parts[2].show())
}

// inDefault is a program that is translated with option storage=default.
type inDefault struct{ *program }

func (inDefault) Option(string) string { return "default" }

// What stays with the old storage SDK goes to another account than the rest.
func TestKeptStorageCalls(t *testing.T) {
	codes := func(a *ir.Answer) (out []string) {
		assert.True(t, a.Keep)
		for _, n := range a.Notes {
			out = append(out, n.Code)
		}
		return out
	}
	assert.Equal(t, []string{"BAI317"}, codes(storageCall(&program{})))
	assert.Equal(t, []string{"BAI317", "BAI329"}, codes(storageCall(inDefault{&program{}})))
	assert.Equal(t, []string{"BAI319", "BAI329"}, codes(deleteStorage(inDefault{&program{}})))
}
