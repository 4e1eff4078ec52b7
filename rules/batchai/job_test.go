package batchai

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// preamble is what most jobs need: a storage account mounted in two ways, and a
// script that is uploaded to each.
const preamble = `
azure_file_share = 'afs'
azure_blob = 'bfs'
script_directory = 'samples'
nodes_count = 2
cluster = client.create_cluster(cluster_name='nc6', parameters=models.ClusterCreateParameters(vm_size='STANDARD_NC6'))
blob_service = BlockBlobService(account_name=cfg.account, account_key=cfg.key)
blob_service.create_blob_from_path(container_name=container, blob_name=script_directory + '/' + 'train.py', file_path='train.py')
service = FileService(account_name=cfg.account, account_key=cfg.key)
service.create_file_from_path(share_name=share, directory_name=script_directory, file_name='train.py', local_file_path='src/train.py')
service.create_file_from_path(share_name=share, directory_name=script_directory, file_name='prep.sh', local_file_path='src/prep.sh')
service.create_file_from_path(share_name=share, directory_name=script_directory, file_name='net.cntk', local_file_path='src/net.cntk')
mount_volumes = models.MountVolumes(
    azure_file_shares=[models.AzureFileShareReference(
        account_name=cfg.account,
        credentials=models.AzureStorageCredentialsInfo(account_key=cfg.key),
        azure_file_url='https://{0}.file.core.windows.net/{1}'.format(cfg.account, share),
        relative_mount_path=azure_file_share)],
    azure_blob_file_systems=[models.AzureBlobFileSystemReference(
        account_name=cfg.account,
        credentials=models.AzureStorageCredentialsInfo(account_key=cfg.key),
        container_name=container,
        relative_mount_path=azure_blob)])
input_directories = [
    models.InputDirectory(id='SCRIPT', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/{0}/{1}'.format(azure_file_share, script_directory)),
    models.InputDirectory(id='DATA', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/{0}/{1}'.format(azure_blob, data_directory))]
output_directories = [models.OutputDirectory(
    id='MODEL', path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/{0}'.format(azure_file_share), path_suffix='Models')]
image = models.ContainerSettings(image_source_registry=models.ImageSourceRegistry(image='org/image:1.0'))
`

// jobOf makes a program with one job of the given fields.
func jobOf(t *testing.T, fields string) *program {
	base := `parameters = models.JobCreateParameters(cluster=models.ResourceId(id=cluster.id), mount_volumes=mount_volumes`
	for _, f := range []string{"input_directories", "output_directories"} {
		if !strings.Contains(fields, f+"=") {
			base += ", " + f + "=" + f
		}
	}
	if !strings.Contains(fields, "container_settings=") {
		base += ", container_settings=image"
	}
	return run(t, preamble+base+", "+fields+")\n")
}

// body gives the call without the lines that all tests share.
func body(code string) string {
	var out []string
	for _, l := range strings.Split(code, "\n") {
		switch strings.TrimRight(strings.TrimSpace(l), ",)") {
		case "compute_target=cluster", "custom_docker_image='org/image:1.0'", "user_managed=True", "use_gpu=True",
			"docker_runtime_config=DockerConfiguration(use_docker=True", "environment=environment",
			"environment = Environment('org-image-1-0'", "environment.docker.base_image = 'org/image:1.0'",
			"environment.python.user_managed_dependencies = True", "source_directory='src'", "script='train.py'", "entry_script='train.py'":
			continue
		}
		out = append(out, strings.TrimRight(strings.TrimSpace(l), ","))
	}
	return strings.Join(out, "\n")
}

// The guide's own example, in full.
func TestJobOfTheGuide(t *testing.T) {
	p := run(t, `
azure_file_share = 'afs'
azure_blob = 'bfs'
nodes_count = 2
cluster = client.create_cluster(cluster_name='nc6', parameters=models.ClusterCreateParameters(vm_size='STANDARD_NC6'))
mnist_dataset_directory = 'mnist_dataset'
script_directory = 'tensorflow_samples'
script_to_deploy = 'mnist_replica.py'
blob_service.create_blob_from_path(container_name=azure_blob_container_name, blob_name=script_directory + '/' + script_to_deploy, file_path=script_to_deploy)
args_fmt = '--job_name={0} --num_gpus=1 --train_steps 10000 --checkpoint_dir=$AZ_BATCHAI_OUTPUT_MODEL --log_dir=$AZ_BATCHAI_OUTPUT_TENSORBOARD --data_dir=$AZ_BATCHAI_INPUT_DATASET --ps_hosts=$AZ_BATCHAI_PS_HOSTS --worker_hosts=$AZ_BATCHAI_WORKER_HOSTS --task_index=$AZ_BATCHAI_TASK_INDEX'
parameters = models.JobCreateParameters(
     cluster=models.ResourceId(id=cluster.id),
     node_count=2,
     input_directories=[
        models.InputDirectory(
            id='SCRIPT',
            path='$AZ_BATCHAI_JOB_MOUNT_ROOT/{0}/{1}'.format(azure_blob, script_directory)),
        models.InputDirectory(
            id='DATASET',
            path='$AZ_BATCHAI_JOB_MOUNT_ROOT/{0}/{1}'.format(azure_blob, mnist_dataset_directory))],
     std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/{0}'.format(azure_file_share),
     output_directories=[
        models.OutputDirectory(
            id='MODEL',
            path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/{0}'.format(azure_file_share),
            path_suffix='Models'),
        models.OutputDirectory(
            id='TENSORBOARD',
            path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/{0}'.format(azure_file_share),
            path_suffix='Logs')
     ],
     mount_volumes=models.MountVolumes(
            azure_file_shares=[
                models.AzureFileShareReference(
                    account_name=cfg.storage_account_name,
                    credentials=models.AzureStorageCredentialsInfo(
                        account_key=cfg.storage_account_key),
                    azure_file_url='https://{0}.file.core.windows.net/{1}'.format(
                        cfg.storage_account_name, azure_file_share_name),
                    relative_mount_path=azure_file_share)
            ],
            azure_blob_file_systems=[
                models.AzureBlobFileSystemReference(
                    account_name=cfg.storage_account_name,
                    credentials=models.AzureStorageCredentialsInfo(
                        account_key=cfg.storage_account_key),
                    container_name=azure_blob_container_name,
                    relative_mount_path=azure_blob)
            ]
        ),
     container_settings=models.ContainerSettings(
         image_source_registry=models.ImageSourceRegistry(image='tensorflow/tensorflow:1.8.0-gpu')),
     tensor_flow_settings=models.TensorFlowSettings(
         parameter_server_count=1,
         worker_count=nodes_count,
         python_script_file_path='$AZ_BATCHAI_INPUT_SCRIPT/'+ script_to_deploy,
         master_command_line_args=args_fmt.format('worker'),
         worker_command_line_args=args_fmt.format('worker'),
         parameter_server_command_line_args=args_fmt.format('ps'),
     )
)
`)
	p.files["mnist_replica.py"] = "import os\nhosts = os.environ['AZ_BATCHAI_PS_HOSTS']\n"
	code, notes := p.show(Job(p))
	assert.Equal(t, `target = TensorFlow(
    source_directory='.',
    entry_script=script_to_deploy,
    script_params={'--num_gpus': 1, '--train_steps': 10000, '--checkpoint_dir': './outputs/Models', '--log_dir': './outputs/Logs', '--data_dir': container<azure_blob_container_name>.path(mnist_dataset_directory).as_mount()},
    compute_target=cluster,
    node_count=2,
    worker_count=nodes_count,
    parameter_server_count=1,
    distributed_backend='ps',
    custom_docker_image='tensorflow/tensorflow:1.8.0-gpu',
    user_managed=True,
    use_gpu=True)`, code)
	assert.Equal(t, "BAI402 BAI601 BAI601 BAI601 BAI601 BAI310 BAI601 BAI410 BAI420 BAI420 BAI421 BAI409= BAI311", notes)
}

func TestToolkits(t *testing.T) {
	const script = `python_script_file_path='$AZ_BATCHAI_INPUT_SCRIPT/train.py'`
	tests := []struct{ name, fields, code, notes string }{
		{"TensorFlow on one node",
			`node_count=1, tensor_flow_settings=models.TensorFlowSettings(` + script + `, master_command_line_args='-p --data $AZ_BATCHAI_INPUT_DATA')`,
			`target = TensorFlow(
script_params={'-p': '', '--data': container<container>.path(data_directory).as_mount()}
node_count=1`, ""},
		{"TensorFlow without arguments",
			`node_count=1, tensor_flow_settings=models.TensorFlowSettings(` + script + `)`,
			`target = TensorFlow(
node_count=1
inputs=[container<container>.path(data_directory, data_reference_name='DATA').as_mount()])`, "BAI306"},
		{"TensorFlow with workers but no counts",
			`node_count=nodes_count, tensor_flow_settings=models.TensorFlowSettings(` + script + `, worker_command_line_args='--type worker -i $AZ_BATCHAI_TASK_INDEX x', parameter_server_command_line_args='--type ps -i $AZ_BATCHAI_TASK_INDEX x')`,
			`target = TensorFlow(
script_params={'x': ''}
node_count=nodes_count
worker_count=nodes_count
distributed_backend='ps'
inputs=[container<container>.path(data_directory, data_reference_name='DATA').as_mount()])`, "BAI601"},
		{"TensorFlow whose server has other arguments",
			`node_count=2, tensor_flow_settings=models.TensorFlowSettings(` + script + `, worker_command_line_args='--job_name=worker --a 1', parameter_server_command_line_args='--job_name=ps --a 2')`,
			`target = TensorFlow(
script_params={'--a': 1}
node_count=2
worker_count=2
distributed_backend='ps'
inputs=[container<container>.path(data_directory, data_reference_name='DATA').as_mount()])`, "BAI603"},
		{"PyTorch with Gloo",
			`node_count=2, input_directories=[], py_torch_settings=models.PyTorchSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py', command_line_args='--epochs 10 --dist-backend $AZ_BATCHAI_PYTORCH_BACKEND --dist-url $AZ_BATCHAI_PYTORCH_INIT_METHOD --rank $AZ_BATCHAI_TASK_INDEX', communication_backend='gloo')`,
			`target = PyTorch(
script_params={'--epochs': 10, '--dist-backend': 'gloo', '--dist-url': 'env://'}
node_count=2
distributed_training=Gloo()`, "BAI606"},
		{"PyTorch with Gloo and several processes on a node",
			`node_count=2, input_directories=[], py_torch_settings=models.PyTorchSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py', process_count=8, communication_backend='nccl')`,
			`target = ScriptRunConfig(
distributed_job_config=PyTorchConfiguration(communication_backend='Nccl', process_count=8, node_count=2)`, "BAI606"},
		{"PyTorch with MPI",
			`node_count=2, input_directories=[], py_torch_settings=models.PyTorchSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py', process_count=8, communication_backend='mpi')`,
			`target = PyTorch(
node_count=2
process_count_per_node=4
distributed_training=Mpi(process_count_per_node=4)`, ""},
		{"PyTorch with the TCP backend, which is the default",
			`node_count=2, input_directories=[], py_torch_settings=models.PyTorchSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py')`,
			`target = PyTorch(
node_count=2
distributed_training=Gloo()`, "BAI609"},
		{"PyTorch on one node",
			`node_count=1, input_directories=[], py_torch_settings=models.PyTorchSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py')`,
			`target = PyTorch(
node_count=1`, ""},
		{"Horovod",
			`node_count=2, input_directories=[], horovod_settings=models.HorovodSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py', command_line_args='--batch-size 64')`,
			`target = Estimator(
script_params={'--batch-size': 64}
node_count=2
process_count_per_node=1
distributed_training=Mpi(process_count_per_node=1)`, ""},
		{"Chainer brings its own image",
			`node_count=2, input_directories=[], chainer_settings=models.ChainerSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py', command_line_args='-g -o $AZ_BATCHAI_OUTPUT_MODEL', process_count=processes)`,
			`target = Estimator(
script_params={'-g': '', '-o': './outputs/Models'}
node_count=2
process_count_per_node=processes // 2
distributed_training=Mpi(process_count_per_node=processes // 2)`, "BAI420"},
		{"Chainer on the VM image",
			`node_count=1, container_settings=None, input_directories=[], chainer_settings=models.ChainerSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py')`,
			`target = Chainer(
node_count=1`, "BAI405!"},
		{"CNTK with a Python script",
			`node_count=1, cntk_settings=models.CNTKsettings(` + script + `, command_line_args='$AZ_BATCHAI_INPUT_DATA $AZ_BATCHAI_OUTPUT_MODEL')`,
			`target = Estimator(
script_params={container<container>.path(data_directory).as_mount(): '', './outputs/Models': ''}
node_count=1`, "BAI420"},
		{"CNTK with as many processes as nodes",
			`node_count=nodes_count, input_directories=[], cntk_settings=models.CNTKsettings(language_type='python', python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py', process_count=nodes_count)`,
			`target = Estimator(
node_count=nodes_count
process_count_per_node=1
distributed_training=Mpi(process_count_per_node=1)`, ""},
		{"BrainScript",
			`node_count=2, cntk_settings=models.CNTKsettings(config_file_path='$AZ_BATCHAI_INPUT_SCRIPT/net.cntk', command_line_args='rootDir=. dataDir=$AZ_BATCHAI_INPUT_DATA outputDir=$AZ_BATCHAI_OUTPUT_MODEL parallelTrain=true')`,
			`data = container<container>.path(data_directory, data_reference_name='DATA').as_mount()
target = ScriptRunConfig(
command=['cntk', 'configFile=net.cntk', 'rootDir=.', 'dataDir=' + str(data), 'outputDir=./outputs/Models', 'parallelTrain=true']
distributed_job_config=MpiConfiguration(process_count_per_node=1, node_count=2)
target.run_config.data_references = {data.data_reference_name: data.to_config()}`, "BAI610"},
		{"Caffe",
			`node_count=1, input_directories=[], caffe_settings=models.CaffeSettings(config_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/net.cntk', command_line_args='-gpu all')`,
			`target = ScriptRunConfig(
command=['caffe', 'train', '--solver=net.cntk', '-gpu', 'all']`, "BAI610"},
		{"Caffe with a Python script",
			`node_count=1, input_directories=[], caffe_settings=models.CaffeSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py', command_line_args='-gpu all')`,
			`target = Estimator(
script_params={'-gpu': 'all'}
node_count=1`, ""},
		{"Caffe2 on two nodes",
			`node_count=2, caffe2_settings=models.Caffe2Settings(` + script + `, command_line_args='--num_shards 2 --shard_id $AZ_BATCHAI_TASK_INDEX --train_data $AZ_BATCHAI_INPUT_DATA/mnist_train_lmdb --file_store_path $AZ_BATCHAI_SHARED_JOB_TEMP')`,
			`shared_job_temp = OutputFileDatasetConfig(name='shared_job_temp', destination=(container<container>, 'shared_job_temp/{run-id}')).as_mount()
data = container<container>.path(data_directory, data_reference_name='DATA').as_mount()
target = ScriptRunConfig(
arguments=['--num_shards', '2', '--train_data', str(data) + '/mnist_train_lmdb', '--file_store_path', shared_job_temp]
distributed_job_config=MpiConfiguration(process_count_per_node=1, node_count=2)
target.run_config.data_references = {data.data_reference_name: data.to_config()}`, "BAI413"},
		{"Caffe2 on one node",
			`node_count=1, caffe2_settings=models.Caffe2Settings(` + script + `, command_line_args='--train_data $AZ_BATCHAI_INPUT_DATA/lmdb')`,
			`target = Estimator(
script_params={'--train_data': container<container>.path(data_directory + '/lmdb').as_mount()}
node_count=1`, ""},
		{"MPI with a Python script",
			`node_count=2, custom_mpi_settings=models.CustomMpiSettings(command_line='python -u $AZ_BATCHAI_INPUT_SCRIPT/train.py --data $AZ_BATCHAI_INPUT_DATA --out $AZ_BATCHAI_OUTPUT_MODEL', process_count=4)`,
			`target = Estimator(
script_params={'--data': container<container>.path(data_directory).as_mount(), '--out': './outputs/Models'}
node_count=2
process_count_per_node=2
distributed_training=Mpi(process_count_per_node=2)
environment_variables={'PYTHONUNBUFFERED': '1'})`, ""},
		{"MPI with another program",
			`node_count=2, input_directories=[], custom_mpi_settings=models.CustomMpiSettings(command_line='/opt/bench --size 4')`,
			`target = ScriptRunConfig(
source_directory='.'
command=['bash', '-c', '/opt/bench --size 4']
distributed_job_config=MpiConfiguration(process_count_per_node=1, node_count=2)`, "BAI610"},
		{"process_count that does not divide",
			`node_count=2, input_directories=[], horovod_settings=models.HorovodSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py', process_count=3)`,
			`target = Estimator(
node_count=2
process_count_per_node=2
distributed_training=Mpi(process_count_per_node=2)`, "BAI602!"},
		{"several processes on one node",
			`node_count=1, input_directories=[], horovod_settings=models.HorovodSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py', process_count=4)`,
			`target = Estimator(
node_count=1
process_count_per_node=4
distributed_training=Mpi(process_count_per_node=4)`, ""},
		{"a custom command that calls Python",
			`node_count=1, input_directories=input_directories, custom_toolkit_settings=models.CustomToolkitSettings(command_line='bash -c "export A=b; cd $AZ_BATCHAI_INPUT_SCRIPT && python train.py --data $AZ_BATCHAI_INPUT_DATA"')`,
			`target = Estimator(
script_params={'--data': container<container>.path(data_directory).as_mount()}
node_count=1
environment_variables={'A': 'b'})`, "BAI310"},
		{"a custom command for a shell",
			`node_count=1, custom_toolkit_settings=models.CustomToolkitSettings(command_line='python $AZ_BATCHAI_INPUT_SCRIPT/train.py --data $AZ_BATCHAI_INPUT_DATA | tee $AZ_BATCHAI_OUTPUT_MODEL/log')`,
			`data = container<container>.path(data_directory, data_reference_name='DATA').as_mount()
target = ScriptRunConfig(
command=['bash', '-c', 'python train.py --data $AZUREML_DATAREFERENCE_DATA | tee ./outputs/Models/log']
target.run_config.data_references = {data.data_reference_name: data.to_config()}`, "BAI610"},
		{"a custom command with mpirun",
			`node_count=2, input_directories=input_directories, custom_toolkit_settings=models.CustomToolkitSettings(command_line='source /opt/intel/bin/mpivars.sh; mpirun -n {0} -ppn 4 -hosts $AZ_BATCH_HOST_LIST -env I_MPI_FABRICS=dapl -env NCCL_DEBUG INFO python $AZ_BATCHAI_INPUT_SCRIPT/train.py --model resnet101'.format(numWorkers))`,
			`target = Estimator(
script_params={'--model': 'resnet101'}
node_count=2
process_count_per_node=4
distributed_training=Mpi(process_count_per_node=4)
environment_variables={'NCCL_DEBUG': 'INFO'}
inputs=[container<container>.path(data_directory, data_reference_name='DATA').as_mount()])`, "BAI604"},
		{"mpirun of Open MPI",
			`node_count=2, input_directories=[], custom_toolkit_settings=models.CustomToolkitSettings(command_line='mpirun -mca btl_tcp_if_exclude docker0,lo --allow-run-as-root --hostfile $AZ_BATCHAI_MPI_HOST_FILE python $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py')`,
			`target = Estimator(
node_count=2
process_count_per_node=1
distributed_training=Mpi(process_count_per_node=1)`, "BAI604"},
		{"mpirun with a number in all",
			`node_count=2, input_directories=[], custom_toolkit_settings=models.CustomToolkitSettings(command_line='mpirun -n {0} python $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py'.format(n))`,
			`target = Estimator(
node_count=2
process_count_per_node=int(n) // 2
distributed_training=Mpi(process_count_per_node=int(n) // 2)`, "BAI604"},
		{"a custom command on several nodes",
			`node_count=2, custom_toolkit_settings=models.CustomToolkitSettings(command_line='python $AZ_BATCHAI_INPUT_SCRIPT/train.py')`,
			``, "BAI613!!"},
		{"two tools", `node_count=2, cntk_settings=models.CNTKsettings(), caffe_settings=models.CaffeSettings()`, ``, "BAI616!!"},
		{"a tool that is not in sight", `node_count=2, cntk_settings=settings`, ``, "BAI616!!"},
		{"no tool", `node_count=2`, ``, "BAI616!!"},
		{"a node count that is not known", `node_count=n, input_directories=[], tensor_flow_settings=models.TensorFlowSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py')`,
			`target = TensorFlow(
node_count=n`, "BAI617"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := jobOf(t, tt.fields)
			code, notes := p.show(Job(p))
			assert.Equal(t, tt.code, strings.TrimSuffix(body(code), "\n"))
			if tt.notes != "" {
				assert.Contains(t, strings.Fields(notes), tt.notes, notes)
			}
			if !strings.Contains(tt.notes, "!") {
				assert.NotContains(t, notes, "!", notes)
			}
		})
	}
}
