package sdk

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const batchai = "azure.mgmt.batchai."

func loaded(t testing.TB) *Set {
	t.Helper()
	s, err := Load()
	require.NoError(t, err)
	return s
}

func symbol(t testing.TB, s *Set, qname string) *Symbol {
	t.Helper()
	sym, ok := s.Symbol(qname)
	require.True(t, ok, qname)
	return sym
}

func TestSymbolFindsEveryPathToTheSameSymbol(t *testing.T) {
	s := loaded(t)
	for _, c := range []struct{ path, canonical string }{
		{batchai + "BatchAIManagementClient", batchai + "BatchAIManagementClient"},
		{batchai + "batch_ai_management_client.BatchAIManagementClient", batchai + "BatchAIManagementClient"},
		{batchai + "models.job_create_parameters.JobCreateParameters", batchai + "models.JobCreateParameters"},
		{batchai + "models.job_create_parameters_py3.JobCreateParameters", batchai + "models.JobCreateParameters"},
		{batchai + "models.job_create_parameters.JobCreateParameters.cluster", batchai + "models.JobCreateParameters.cluster"},
		{"azure.common.credentials.ServicePrincipalCredentials", "msrestazure.azure_active_directory.ServicePrincipalCredentials"},
		{"azureml.core.workspace.Workspace", "azureml.core.Workspace"},
		{"azureml.core.workspace.Workspace.create", "azureml.core.Workspace.create"},
		{"azureml.core.compute_target.ComputeTargetException", "azureml.exceptions.ComputeTargetException"},
		{"azureml.core.compute.ComputeTarget.create", "azureml.core.ComputeTarget.create"},
		{"utilities.Configuration.workspace", "utilities.config.Configuration.workspace"},
		{"utilities.job_factory.NumParamSpec", "utilities.job_factory.NumericParameter"},
		{"azure.storage.blob.blockblobservice.BlockBlobService", "azure.storage.blob.BlockBlobService"},
	} {
		assert.Equal(t, c.canonical, symbol(t, s, c.path).Name, c.path)
		assert.Same(t, symbol(t, s, c.canonical), symbol(t, s, c.path), c.path)
	}
}

func TestSymbolFollowsBases(t *testing.T) {
	s := loaded(t)
	for _, c := range []struct{ path, canonical string }{
		// AmlCompute is a ComputeTarget.
		{"azureml.core.compute.AmlCompute.create", "azureml.core.ComputeTarget.create"},
		{"azure.storage.blob.BlockBlobService.create_container", "azure.storage.blob.baseblobservice.BaseBlobService.create_container"},
		{"azureml.train.hyperdrive.HyperDriveRun.get_portal_url", "azureml.core._portal.HasRunPortal.get_portal_url"},
	} {
		assert.Equal(t, c.canonical, symbol(t, s, c.path).Name, c.path)
	}
}

func TestSymbolRejectsWhatDoesNotExist(t *testing.T) {
	s := loaded(t)
	for _, name := range []string{"", "os.path", "azure.mgmt.batchai.nope", "azure.mgmt.batchaix", "azure.mgmt.batchai.models.Cluster.nope",
		"azure.mgmt.batchai.models.Cluster.id.x", "azureml.core.Workspace.Workspace", "azure.mgmt.batchai.BatchAIManagementClient.fileservers"} {
		_, ok := s.Symbol(name)
		assert.False(t, ok, name)
	}
}

// Arities of MAPPING.md section 1.3: required and optional parameters, without transport options.
func TestOperationParameters(t *testing.T) {
	s := loaded(t)
	for _, c := range []struct{ member, version, want string }{
		{"ClustersOperations.create", "2.0.0", "resource_group_name workspace_name cluster_name parameters"},
		{"ClustersOperations.create", "1.0.1", "resource_group_name cluster_name parameters"},
		{"ClustersOperations.create", "0.1.0", "resource_group_name cluster_name parameters"},
		{"ClustersOperations.update", "2.0.0", "resource_group_name workspace_name cluster_name scale_settings?"},
		{"ClustersOperations.update", "1.0.1", "resource_group_name cluster_name tags? scale_settings?"},
		{"ClustersOperations.get", "2.0.0", "resource_group_name workspace_name cluster_name"},
		{"ClustersOperations.get", "0.2.0", "resource_group_name cluster_name"},
		{"JobsOperations.create", "2.0.0", "resource_group_name workspace_name experiment_name job_name parameters"},
		{"JobsOperations.create", "1.0.1", "resource_group_name job_name parameters"},
		{"JobsOperations.terminate", "2.0.0", "resource_group_name workspace_name experiment_name job_name"},
		{"JobsOperations.list_output_files", "2.0.0", "resource_group_name workspace_name experiment_name job_name jobs_list_output_files_options"},
		{"JobsOperations.list_output_files", "0.1.0", "resource_group_name job_name jobs_list_output_files_options"},
		{"WorkspacesOperations.create", "2.0.0", "resource_group_name workspace_name location tags?"},
		{"ExperimentsOperations.create", "2.0.0", "resource_group_name workspace_name experiment_name"},
		{"UsagesOperations.list", "2.0.0", "location"},
		{"ClustersOperations.begin_create", "7.0.0b1", "resource_group_name workspace_name cluster_name parameters"},
	} {
		v := symbol(t, s, batchai+"operations."+c.member).In(c.version)
		require.NotNil(t, v, "%s %s", c.member, c.version)
		assert.Equal(t, c.want, data(v), "%s %s", c.member, c.version)
	}
	for _, gone := range []struct{ member, version string }{
		{"WorkspacesOperations.create", "1.0.1"}, {"ClustersOperations.list_by_workspace", "1.0.1"},
		{"ClustersOperations.list", "2.0.0"}, {"ClustersOperations.create", "7.0.0b1"},
	} {
		assert.Nil(t, symbol(t, s, batchai+"operations."+gone.member).In(gone.version), "%v", gone)
	}
}

// data lists the parameters that carry data; "?" marks the optional ones.
func data(v *Variant) string {
	var out []string
	for _, p := range v.Params {
		if p.Transport || p.Kind == VarKw {
			continue
		}
		name := p.Name
		if !p.Required {
			name += "?"
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

func TestReturnTypes(t *testing.T) {
	s := loaded(t)
	const m = "azure.mgmt.batchai.models."
	for _, c := range []struct{ member, version, want string }{
		{"ClustersOperations.create", "2.0.0", "poller[" + m + "Cluster]"},
		{"ClustersOperations.create", "1.0.1", "poller[" + m + "Cluster]"},
		{"ClustersOperations.create", "0.1.0", "poller[" + m + "Cluster]"},
		{"ClustersOperations.begin_create", "7.0.0b1", "poller[" + m + "Cluster]"},
		{"ClustersOperations.get", "0.1.0", m + "Cluster"},
		{"ClustersOperations.update", "2.0.0", m + "Cluster"},
		{"JobsOperations.delete", "0.2.0", "poller[None]"},
		{"JobsOperations.delete", "2.0.0", "poller[None]"},
		{"JobsOperations.begin_terminate", "7.0.0b1", "poller[None]"},
		{"JobsOperations.list_output_files", "0.1.0", "paged[" + m + "File]"},
		{"JobsOperations.list_output_files", "2.0.0", "paged[" + m + "File]"},
		{"JobsOperations.list_output_files", "7.0.0b1", "paged[" + m + "File]"},
		{"UsagesOperations.list", "7.0.0b1", "paged[" + m + "Usage]"},
		{"ClustersOperations.list_remote_login_information", "0.1.0", "paged[" + m + "RemoteLoginInformation]"},
	} {
		v := symbol(t, s, batchai+"operations."+c.member).In(c.version)
		require.NotNil(t, v, "%s %s", c.member, c.version)
		assert.Equal(t, c.want, v.Returns.String(), "%s %s", c.member, c.version)
	}
	for qname, want := range map[string]string{
		"azureml.core.Workspace.create":                                "azureml.core.Workspace",
		"azureml.core.Experiment.submit":                               "azureml.core.Run",
		"azureml.core.compute.AmlCompute.provisioning_configuration":   "azureml.core.compute.amlcompute.AmlComputeProvisioningConfiguration",
		"azureml.core.ComputeTarget.create":                            "azureml.core.ComputeTarget",
		"azureml.core.Datastore.register_azure_blob_container":         "azureml.data.azure_storage_datastore.AzureBlobDatastore",
		"azureml.data.azure_storage_datastore.AzureBlobDatastore.path": "azureml.data.data_reference.DataReference",
		"azure.storage.blob.BlockBlobService.list_blobs":               "iterator[azure.storage.blob.Blob]",
		"azure.storage.file.FileService.list_directories_and_files":    "iterator[azure.storage.file.Directory|azure.storage.file.File]",
		"utilities.create_batchai_client":                              "azure.mgmt.batchai.BatchAIManagementClient",
		"utilities.experiment.ExperimentUtils.submit_jobs":             "future[list[azure.mgmt.batchai.models.Job]]",
		"azure.storage.blob.BlockBlobService.create_container":         "bool",
		"azure.storage.blob.BlockBlobService.get_blob_to_path":         "azure.storage.blob.Blob",
		"azureml.core.Workspace.get_default_datastore":                 "azureml.data.azure_storage_datastore.AzureBlobDatastore|azureml.data.azure_storage_datastore.AzureFileDatastore",
	} {
		assert.Equal(t, want, symbol(t, s, qname).Newest().Returns.String(), qname)
	}
}

func TestMemberTypes(t *testing.T) {
	s := loaded(t)
	const m = "azure.mgmt.batchai.models."
	for qname, want := range map[string]string{
		batchai + "BatchAIManagementClient.clusters":                      batchai + "operations.ClustersOperations",
		batchai + "BatchAIManagementClient.file_servers":                  batchai + "operations.FileServersOperations",
		batchai + "BatchAIManagementClient.usage":                         batchai + "operations.UsageOperations",
		m + "Cluster.node_state_counts":                                   m + "NodeStateCounts",
		m + "Cluster.errors":                                              "list[" + m + "BatchAIError]",
		m + "Cluster.allocation_state":                                    "str|" + m + "AllocationState",
		m + "Cluster.creation_time":                                       "datetime.datetime",
		m + "JobCreateParameters.input_directories":                       "list[" + m + "InputDirectory]",
		m + "JobBasePropertiesConstraints.max_wall_clock_time":            "datetime.timedelta",
		"azureml.core.Workspace.compute_targets":                          "dict[str,azureml.core.ComputeTarget]",
		"azureml.core.compute.amlcompute.AmlComputeStatus.scale_settings": "azureml.core.compute.amlcompute.ScaleSettings",
		"azureml.core.environment.Environment.docker":                     "azureml.core.environment.DockerSection",
	} {
		assert.Equal(t, want, symbol(t, s, qname).Newest().Type.String(), qname)
	}
	id := symbol(t, s, m+"Cluster.id").In("2.0.0")
	assert.True(t, id.Readonly)
	assert.True(t, symbol(t, s, m+"ClusterCreateParameters.vm_size").In("2.0.0").Required)
	assert.Equal(t, "'lowpriority'", symbol(t, s, m+"VmPriority.lowpriority").In("2.0.0").Value)
	assert.Equal(t, EnumMember, symbol(t, s, m+"ExecutionState.succeeded").Kind)
}

func TestMemberOfPutsInTheArgument(t *testing.T) {
	s := loaded(t)
	c := &Conventions{
		Pollers: []*Polling{{Classes: []string{"msrest.polling.LROPoller", "msrestazure.azure_operation.AzureOperationPoller"}}},
		Pagers:  []*Paging{{Classes: []string{"msrest.paging.Paged"}}},
	}
	create := symbol(t, s, batchai+"operations.JobsOperations.create").Newest()
	_, job, ok := c.MemberOf(s, create.Returns, "result")
	require.True(t, ok)
	assert.Equal(t, "azure.mgmt.batchai.models.Job", job.String())
	_, settings, ok := s.MemberOf(job, "tensor_flow_settings")
	require.True(t, ok)
	assert.Equal(t, "azure.mgmt.batchai.models.TensorFlowSettings", settings.String())
	_, _, ok = s.MemberOf(job, "no_such_field")
	assert.False(t, ok)
	files := symbol(t, s, batchai+"operations.JobsOperations.list_output_files").Newest().Returns
	assert.Equal(t, "azure.mgmt.batchai.models.File", files.Element().String())
	_, _, ok = c.MemberOf(s, files, "advance_page")
	assert.True(t, ok)
	_, wait, ok := c.MemberOf(s, create.Returns, "done")
	require.True(t, ok)
	assert.Equal(t, "bool", wait.String())
	submit := symbol(t, s, "utilities.experiment.ExperimentUtils.submit_jobs").Newest()
	_, jobs, ok := s.MemberOf(submit.Returns, "result")
	require.True(t, ok)
	assert.Equal(t, "azure.mgmt.batchai.models.Job", jobs.Element().String())
}

// Signatures of MAPPING.md section 4.
func TestTargetParameters(t *testing.T) {
	s := loaded(t)
	for qname, want := range map[string]string{
		"azureml.core.compute.AmlCompute.provisioning_configuration": "vm_size vm_priority min_nodes max_nodes idle_seconds_before_scaledown " +
			"admin_username admin_user_password admin_user_ssh_key vnet_resourcegroup_name vnet_name subnet_name tags description " +
			"remote_login_port_public_access identity_type identity_id location enable_node_public_ip",
		"azureml.core.compute.AmlCompute.update":  "min_nodes max_nodes idle_seconds_before_scaledown",
		"azureml.core.ComputeTarget":              "workspace name",
		"azureml.core.compute.AmlCompute":         "workspace name",
		"azureml.core.Datastore":                  "workspace name",
		"azureml.train.dnn.ParameterServer":       "worker_count parameter_server_count",
		"azureml.train.dnn.Gloo":                  "",
		"azureml.core.runconfig.MpiConfiguration": "process_count_per_node node_count",
		"azureml.widgets.RunDetails":              "run_instance",
	} {
		var names []string
		for _, p := range symbol(t, s, qname).Newest().Params {
			names = append(names, p.Name)
		}
		assert.Equal(t, want, strings.Join(names, " "), qname)
	}
	tf := symbol(t, s, "azureml.train.dnn.TensorFlow").Newest()
	assert.NotEmpty(t, tf.Deprecated)
	assert.Equal(t, KwOnly, tf.Param("script_params").Kind)
	assert.Equal(t, Pos, tf.Param("source_directory").Kind)
	assert.NotEmpty(t, tf.Param("custom_docker_base_image").Deprecated)
	assert.Equal(t, "1800", symbol(t, s, "azureml.core.compute.AmlCompute.provisioning_configuration").Newest().
		Param("idle_seconds_before_scaledown").Default)
	for _, gone := range []string{"azureml.train.dnn.Chainer", "azureml.train.dnn.PyTorch", "azureml.train.estimator.Estimator",
		"azureml.data.OutputFileDatasetConfig", "azureml.core.authentication.ServicePrincipalAuthentication",
		"azureml.core.runconfig.DockerConfiguration", "azureml.core.runconfig.ContainerRegistry", "azureml.train.hyperdrive.choice"} {
		_, ok := s.Symbol(gone)
		assert.True(t, ok, gone)
	}
}

func TestHasPrefix(t *testing.T) {
	s := loaded(t)
	for name, want := range map[string]bool{
		"azure.mgmt.batchai": true, "azure.mgmt.batchai.models.Nope": true, "azure.storage.blob": true,
		"azureml.core": true, "azureml.train.dnn": true, "azure.mgmt": false, "azure": false, "azure.mgmt.batchaix": false, "os": false,
	} {
		assert.Equal(t, want, s.HasPrefix(name), name)
	}
}

func TestVersionOrder(t *testing.T) {
	for _, p := range loaded(t).Packages() {
		if p.Name == "azure-mgmt-batchai" {
			assert.Equal(t, []string{"2.0.0", "1.0.1", "0.2.0", "0.1.0", "7.0.0b1"}, p.Versions)
		}
	}
	assert.Positive(t, compareVersions("1.10.0", "1.9.0"))
	assert.Positive(t, compareVersions("1.61.0.post4", "1.61.0"))
	assert.Negative(t, compareVersions("7.0.0b1", "0.1.0"))
	assert.Zero(t, compareVersions("2.0.0", "2.0.0"))
}
