package sdk

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The dialect is decided call by call: the newest version in which the arguments bind.
func TestBindDecidesTheDialect(t *testing.T) {
	s := loaded(t)
	for _, c := range []struct {
		symbol   string
		pos      int
		keywords string
		version  string
	}{
		{"operations.ClustersOperations.create", 4, "", "2.0.0"},
		{"operations.ClustersOperations.create", 3, "", "1.0.1"},
		{"operations.ClustersOperations.create", 0, "resource_group_name workspace_name cluster_name parameters", "2.0.0"},
		{"operations.ClustersOperations.create", 0, "resource_group_name cluster_name parameters", "1.0.1"},
		{"operations.ClustersOperations.create", 2, "cluster_name parameters", "2.0.0"},
		{"operations.ClustersOperations.create", 2, "parameters", "1.0.1"},
		{"operations.ClustersOperations.create", 4, "custom_headers raw polling timeout", "2.0.0"},
		{"operations.ClustersOperations.get", 3, "", "2.0.0"},
		{"operations.ClustersOperations.get", 2, "", "1.0.1"},
		{"operations.JobsOperations.create", 5, "", "2.0.0"},
		{"operations.JobsOperations.create", 3, "", "1.0.1"},
		{"operations.JobsOperations.list_output_files", 3, "", "1.0.1"},
		{"operations.JobsOperations.list_output_files", 4, "jobs_list_output_files_options", "2.0.0"},
		// 7.0.0b1 has the operation too, but nobody gets a pre-release without asking for it.
		{"operations.WorkspacesOperations.get", 2, "", "2.0.0"},
		{"operations.WorkspacesOperations.begin_create", 3, "", "7.0.0b1"},
		// 1.0 took a location for clusters, 2.0 does not.
		{"models.ClusterCreateParameters", 0, "vm_size user_account_settings", "2.0.0"},
		{"models.ClusterCreateParameters", 0, "location vm_size user_account_settings", "1.0.1"},
		// Models take positional arguments in 0.x only.
		{"models.ResourceId", 0, "id", "2.0.0"},
		{"models.ResourceId", 1, "", "0.2.0"},
		{"models.JobsListOutputFilesOptions", 1, "", "0.2.0"},
		{"models.OutputDirectory", 0, "id path_prefix path_suffix type create_new", "1.0.1"},
		{"models.AzureFileShareReference", 0, "account_name azure_file_url credentials relative_mount_path", "2.0.0"},
		{"models.AzureFileShareReference", 0, "account_name azure_file_url credentials_info relative_mount_path", "0.1.0"},
		{"BatchAIManagementClient", 2, "", "2.0.0"},
		{"BatchAIManagementClient", 0, "credentials subscription_id base_url", "2.0.0"},
		{"BatchAI", 0, "credential subscription_id", "7.0.0b1"},
	} {
		sym := symbol(t, s, batchai+c.symbol)
		b, err := s.Bind(sym, Args{Pos: c.pos, Keywords: strings.Fields(c.keywords)})
		if assert.NoError(t, err, "%+v", c) {
			assert.Equal(t, c.version, b.Variant.Version, "%+v", c)
			assert.Equal(t, c.version, b.Versions[0])
		}
	}
}

func TestBindNamesParameters(t *testing.T) {
	s := loaded(t)
	b, err := s.Bind(symbol(t, s, batchai+"operations.ClustersOperations.create"), Args{Pos: 2, Keywords: []string{"raw", "parameters", "timeout"}})
	require.NoError(t, err)
	assert.Equal(t, "1.0.1", b.Variant.Version)
	assert.Equal(t, "resource_group_name", b.ByPos[0].Name)
	assert.Equal(t, "cluster_name", b.ByPos[1].Name)
	assert.Equal(t, "parameters", b.ByKey[1].Name)
	assert.Equal(t, VarKw, b.ByKey[2].Kind)
	assert.Equal(t, []string{"1.0.1", "0.2.0", "0.1.0"}, b.Versions)
	i, byKey := b.Param("cluster_name")
	assert.Equal(t, 1, i)
	assert.False(t, byKey)
	i, byKey = b.Param("parameters")
	assert.Equal(t, 1, i)
	assert.True(t, byKey)
	i, _ = b.Param("workspace_name")
	assert.Equal(t, -1, i)

	choice, err := s.Bind(symbol(t, s, "azureml.train.hyperdrive.choice"), Args{Pos: 3})
	require.NoError(t, err)
	assert.Equal(t, VarPos, choice.ByPos[2].Kind)
}

func TestBindErrors(t *testing.T) {
	s := loaded(t)
	for _, c := range []struct {
		symbol string
		args   Args
		want   string
	}{
		{"azure.mgmt.batchai.operations.ClustersOperations.create", Args{Pos: 3, Keywords: []string{"paramters"}}, ""},
		{"azure.mgmt.batchai.operations.WorkspacesOperations.create", Args{Pos: 1},
			"azure.mgmt.batchai.operations.WorkspacesOperations.create (2.0.0): missing workspace_name, location"},
		{"azure.mgmt.batchai.models.InputDirectory", Args{Keywords: []string{"id", "pth"}},
			"azure.mgmt.batchai.models.InputDirectory (2.0.0): missing path; unexpected pth (did you mean path?)"},
		{"azure.mgmt.batchai.models.InputDirectory", Args{Pos: 1, Keywords: []string{"id", "path"}},
			"azure.mgmt.batchai.models.InputDirectory (2.0.0): 1 positional arguments too many"},
		{"azureml.core.ComputeTarget.create", Args{Pos: 3, Keywords: []string{"name", "wait"}},
			"azureml.core.ComputeTarget.create (1.61.0.post4): unexpected wait; name given twice"},
		{"azureml.train.dnn.TensorFlow", Args{Pos: 1, Keywords: []string{"worker_cont"}},
			"azureml.train.dnn.TensorFlow (1.61.0): unexpected worker_cont (did you mean worker_count?)"},
		{"azureml.core.Workspace.name", Args{}, "azureml.core.Workspace.name: a symbol of kind attribute cannot be called"},
	} {
		_, err := s.Bind(symbol(t, s, c.symbol), c.args)
		if assert.Error(t, err, c.symbol) && c.want != "" {
			assert.Equal(t, c.want, err.Error())
		}
	}
}

// What a star hides counts neither as missing nor as too many.
func TestBindWithStars(t *testing.T) {
	s := loaded(t)
	create := symbol(t, s, batchai+"operations.ClustersOperations.create")
	for _, a := range []Args{{HasStar: true}, {HasStarStar: true}, {Pos: 2, HasStar: true}, {Pos: 1, Keywords: []string{"cluster_name"}, HasStarStar: true}} {
		b, err := s.Bind(create, a)
		require.NoError(t, err, "%+v", a)
		assert.Equal(t, "2.0.0", b.Variant.Version)
	}
	_, err := s.Bind(symbol(t, s, batchai+"models.InputDirectory"), Args{HasStar: true})
	// The models of 0.x are the only ones that take *args.
	require.NoError(t, err)
}

// Six positional arguments mean (rg, ws, experiment, job, cluster) to one version of the helper and (rg, job, cluster,
// directory, file) to an older one.
func TestBindAmbiguousPositions(t *testing.T) {
	s := loaded(t)
	wait := symbol(t, s, "utilities.job.wait_for_job_completion")
	assert.Same(t, wait, symbol(t, s, "utilities.wait_for_job_completion"))
	for _, c := range []struct {
		via       string
		pos       int
		version   string
		ambiguous bool
	}{
		{"utilities.job.wait_for_job_completion", 8, "2019.1", false},
		{"utilities.job.wait_for_job_completion", 6, "2019.1", false}, // the package never had the short form
		{"utilities.wait_for_job_completion", 8, "2018.6", false},
		{"utilities.wait_for_job_completion", 6, "2018.3", true}, // and it is complete
		{"utilities.wait_for_job_completion", 4, "2018.3", false},
		{"", 8, "2019.1", false},
		{"", 6, "2018.3", true},
	} {
		b, err := s.Bind(wait, Args{Pos: c.pos, Via: c.via})
		require.NoError(t, err, "%+v", c)
		assert.Equal(t, c.version, b.Variant.Version, "%+v", c)
		assert.Equal(t, c.ambiguous, b.Ambiguous, "%+v", c)
	}
	// Three arguments of clusters.update: the newest version wins, and says that it is not the only one.
	b, err := s.Bind(symbol(t, s, batchai+"operations.ClustersOperations.update"), Args{Pos: 3})
	require.NoError(t, err)
	assert.Equal(t, "2.0.0", b.Variant.Version)
	assert.True(t, b.Ambiguous)
	// Keywords that all versions share are no ambiguity.
	b, err = s.Bind(symbol(t, s, batchai+"models.ContainerSettings"), Args{Keywords: []string{"image_source_registry"}})
	require.NoError(t, err)
	assert.Equal(t, "2.0.0", b.Variant.Version)
	assert.False(t, b.Ambiguous)
}
