package batchai_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
	"pyxlate/translator/rewrite"
)

// A folder that is uploaded by os.walk travels with the run where the script lies
// at its top.
func TestScriptOfAWalkedFolder(t *testing.T) {
	tables, err := sdk.Load()
	require.NoError(t, err)
	m, err := packs.SelectAll("azureml", tables)
	require.NoError(t, err)
	const program = `import os
from azure.mgmt.batchai import BatchAIManagementClient, models
from azure.storage.file import FileService

client = BatchAIManagementClient(credentials, 'subscription')
service = FileService('account', 'key')
for root, folders, files in os.walk('code'):
    for name in files:
        service.create_file_from_path('data', 'code', name, os.path.join(root, name))
cluster = client.clusters.get('group', 'space', 'd2')
parameters = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=1,
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/data',
    mount_volumes=models.MountVolumes(azure_file_shares=[models.AzureFileShareReference(
        account_name='account', azure_file_url='https://account.file.core.windows.net/data', relative_mount_path='data',
        credentials=models.AzureStorageCredentialsInfo(account_key='key'))]),
    container_settings=models.ContainerSettings(image_source_registry=models.ImageSourceRegistry(image='python:3.6')),
    custom_toolkit_settings=models.CustomToolkitSettings(command_line='python $AZ_BATCHAI_JOB_MOUNT_ROOT/data/code/main.py'))
`
	for there, want := range map[string]string{
		"code/main.py":      "    source_directory='code',\n    entry_script='main.py',\n",
		"code/lib/other.py": "    command=['bash', '-c', 'python $AZUREML_DATAREFERENCE_code/main.py'],\n",
	} {
		doc, err := document.Open("submit.py", []byte(program))
		require.NoError(t, err)
		read := func(_ int, path string) (string, bool) { return "print()\n", path == there }
		rs := project.Translate([]*document.Document{doc}, nil, m, tables, rewrite.Options{ReadFile: read})
		require.NoError(t, rs[0].Err)
		assert.Contains(t, string(rs[0].Output), want, there)
	}
}
