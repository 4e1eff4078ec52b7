package batchai

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"pyxlate/rules/ir"
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
	assert.Equal(t, "BAI601 BAI601 BAI601 BAI601 BAI310 BAI630 BAI402 BAI410 BAI420 BAI420 BAI421 BAI409= BAI311", notes)
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
		{"as many processes on a node as the user's own expression says",
			`node_count=nodes, input_directories=[], chainer_settings=models.ChainerSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py', process_count=nodes * gpus)`,
			`target = Estimator(
node_count=nodes
process_count_per_node=gpus
distributed_training=Mpi(process_count_per_node=gpus)`, "BAI423"},
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
command=['bash', '-c', 'mkdir -p ./outputs/Models && python train.py --data $AZUREML_DATAREFERENCE_DATA | tee ./outputs/Models/log']
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
		{"mpirun after what only shows the node",
			`node_count=2, input_directories=[], custom_toolkit_settings=models.CustomToolkitSettings(command_line='echo $AZ_BATCH_HOST_LIST; nvidia-smi && A=b mpirun -n 2 python $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py')`,
			`target = Estimator(
node_count=2
process_count_per_node=1
distributed_training=Mpi(process_count_per_node=1)
environment_variables={'A': 'b'})`, "BAI604"},
		{"mpirun of a program",
			`node_count=2, custom_toolkit_settings=models.CustomToolkitSettings(command_line='mpirun -n 4 -ppn 2 /opt/bin/solve $AZ_BATCHAI_INPUT_DATA/in.txt')`,
			`data = container<container>.path(data_directory, data_reference_name='DATA').as_mount()
script = share<share>.path(script_directory, data_reference_name='SCRIPT').as_mount()
target = ScriptRunConfig(
source_directory='.'
command=['/opt/bin/solve', str(data) + '/in.txt']
distributed_job_config=MpiConfiguration(process_count_per_node=2, node_count=2)
target.run_config.data_references = {data.data_reference_name: data.to_config(), script.data_reference_name: script.to_config()}`, "BAI604"},
		{"a custom command in a shell of its own, over several lines",
			`node_count=1, custom_toolkit_settings=models.CustomToolkitSettings(command_line='/bin/bash -c "\ncd $AZ_BATCHAI_INPUT_SCRIPT\nls $AZ_BATCHAI_INPUT_DATA\npython train.py \\\n  --d $AZ_BATCHAI_INPUT_DATA/$X.csv"\n')`,
			`data = container<container>.path(data_directory, data_reference_name='DATA').as_mount()
target = ScriptRunConfig(
command=['bash', '-c', 'ls $AZUREML_DATAREFERENCE_DATA\npython train.py   --d $AZUREML_DATAREFERENCE_DATA/$X.csv']
target.run_config.data_references = {data.data_reference_name: data.to_config()}`, "BAI610"},
		{"a custom command that changes the folder and comes back to the run's",
			`node_count=1, custom_toolkit_settings=models.CustomToolkitSettings(command_line='cd $AZ_BATCHAI_INPUT_DATA && make && python $AZ_BATCHAI_INPUT_SCRIPT/train.py --out $AZ_BATCHAI_OUTPUT_MODEL/x')`,
			`data = container<container>.path(data_directory, data_reference_name='DATA').as_mount()
target = ScriptRunConfig(
command=['bash', '-c', 'mkdir -p ./outputs/Models && export RUN_FOLDER=$PWD && cd $AZUREML_DATAREFERENCE_DATA && make && python $RUN_FOLDER/train.py --out $RUN_FOLDER/outputs/Models/x']
target.run_config.data_references = {data.data_reference_name: data.to_config()}`, "BAI610"},
		{"a custom command in the folder of the script that reads the next one",
			`node_count=1, custom_toolkit_settings=models.CustomToolkitSettings(command_line='cd $AZ_BATCHAI_INPUT_SCRIPT && python train.py --data=../data')`,
			`target = Estimator(
script_params={'--data': share<share>.path('data').as_mount()}
node_count=1
inputs=[container<container>.path(data_directory, data_reference_name='DATA').as_mount()])`, "BAI310"},
		{"a custom command in the folder of the script that reads the next one and more",
			`node_count=1, input_directories=[], custom_toolkit_settings=models.CustomToolkitSettings(command_line='cd $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples; make; python train.py --data=../data --out $AZ_BATCHAI_OUTPUT_MODEL')`,
			`samples = share<share>.path('samples', data_reference_name='samples').as_mount()
target = ScriptRunConfig(
source_directory='.'
command=['bash', '-c', 'mkdir -p ./outputs/Models && export RUN_FOLDER=$PWD && cd $AZUREML_DATAREFERENCE_samples; make; python train.py --data=../data --out $RUN_FOLDER/outputs/Models']
target.run_config.data_references = {samples.data_reference_name: samples.to_config()}`, "BAI610"},
		{"a script in a folder that the preparation brings",
			`node_count=1, input_directories=[], job_preparation=models.JobPreparation(command_line='git clone https://x.org/r $AZ_BATCHAI_JOB_TEMP/r'), custom_toolkit_settings=models.CustomToolkitSettings(command_line='cd $AZ_BATCHAI_JOB_TEMP/r && python train.py --out $AZ_BATCHAI_OUTPUT_MODEL')`,
			`target = ScriptRunConfig(
source_directory='.'
command=['bash', '-c', 'mkdir -p ./outputs/Models && export AZ_BATCHAI_JOB_TEMP=/tmp/batchai_job_temp && mkdir -p $AZ_BATCHAI_JOB_TEMP && git clone https://x.org/r $AZ_BATCHAI_JOB_TEMP/r && export RUN_FOLDER=$PWD && cd $AZ_BATCHAI_JOB_TEMP/r && python train.py --out $RUN_FOLDER/outputs/Models']`, "BAI408"},
		{"a directory for temporary files of its own",
			`node_count=1, input_directories=[], custom_toolkit_settings=models.CustomToolkitSettings(command_line='cp -r /opt/data $AZ_BATCHAI_JOB_TEMP; python $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py --data $AZ_BATCHAI_JOB_TEMP')`,
			`target = ScriptRunConfig(
command=['bash', '-c', 'export AZ_BATCHAI_JOB_TEMP=/tmp/batchai_job_temp && mkdir -p $AZ_BATCHAI_JOB_TEMP && cp -r /opt/data $AZ_BATCHAI_JOB_TEMP; python train.py --data $AZ_BATCHAI_JOB_TEMP']`, "BAI412"},
		{"directories listed on a condition, or out of sight",
			`node_count=1, input_directories=some, output_directories=others, custom_toolkit_settings=models.CustomToolkitSettings(command_line='python $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py')`,
			`target = Estimator(
node_count=1`, "BAI327!"},
		{"a custom command in single quotes",
			`node_count=1, custom_toolkit_settings=models.CustomToolkitSettings(command_line="bash -c 'python $AZ_BATCHAI_INPUT_SCRIPT/train.py --d $AZ_BATCHAI_INPUT_DATA'")`,
			`target = Estimator(
script_params={'--d': container<container>.path(data_directory).as_mount()}
node_count=1`, "BAI310"},
		{"mpirun with a number in all",
			`node_count=2, input_directories=[], custom_toolkit_settings=models.CustomToolkitSettings(command_line='mpirun -n {0} python $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py'.format(n))`,
			`target = Estimator(
node_count=2
process_count_per_node=int(n) // 2
distributed_training=Mpi(process_count_per_node=int(n) // 2)`, "BAI604"},
		{"a custom command with a script that is not uploaded",
			`node_count=1, input_directories=[], custom_toolkit_settings=models.CustomToolkitSettings(command_line='python $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/other/fit.py --out $AZ_BATCHAI_OUTPUT_MODEL')`,
			`other = share<share>.path('other', data_reference_name='other').as_mount()
target = ScriptRunConfig(
source_directory='.'
command=['bash', '-c', 'mkdir -p ./outputs/Models && python $AZUREML_DATAREFERENCE_other/fit.py --out ./outputs/Models']
target.run_config.data_references = {other.data_reference_name: other.to_config()}`, "BAI323"},
		{"a custom command on several nodes",
			`node_count=2, input_directories=[], custom_toolkit_settings=models.CustomToolkitSettings(command_line='python $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py')`,
			`target = ScriptRunConfig(
target.run_config.node_count = 2`, "BAI613!"},
		{"a free command line on several nodes",
			`node_count=2, input_directories=[], custom_toolkit_settings=models.CustomToolkitSettings(command_line='mpirun -n 2 /opt/a & wait')`,
			`target = ScriptRunConfig(
source_directory='.'
command=['bash', '-c', 'mpirun -n 2 /opt/a & wait']
target.run_config.node_count = 2`, "BAI613!"},
		{"processes of a script that is not uploaded",
			`node_count=2, input_directories=[], horovod_settings=models.HorovodSettings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/other/fit.py', python_interpreter_path='/opt/python', command_line_args='--a 1')`,
			`other = share<share>.path('other', data_reference_name='other').as_mount()
target = ScriptRunConfig(
source_directory='.'
command=['/opt/python', str(other) + '/fit.py', '--a', '1']
distributed_job_config=MpiConfiguration(process_count_per_node=1, node_count=2)
target.run_config.data_references = {other.data_reference_name: other.to_config()}`, "BAI313!"},
		{"mpirun in another folder than that of the script",
			`node_count=2, input_directories=[], custom_toolkit_settings=models.CustomToolkitSettings(command_line='cd $AZ_BATCHAI_JOB_MOUNT_ROOT/bfs/data && mpirun -ppn 1 python $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py --in a.csv')`,
			`data = container<container>.path('data', data_reference_name='data').as_mount()
target = ScriptRunConfig(
command=['bash', '-c', 'export RUN_FOLDER=$PWD && cd $AZUREML_DATAREFERENCE_data && python $RUN_FOLDER/train.py --in a.csv']
distributed_job_config=MpiConfiguration(process_count_per_node=1, node_count=2)
target.run_config.data_references = {data.data_reference_name: data.to_config()}`, "BAI604"},
		{"a script that no datastore leads to",
			`node_count=2, input_directories=[models.InputDirectory(id='SCRIPT', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/nfs/code')], horovod_settings=models.HorovodSettings(python_script_file_path='$AZ_BATCHAI_INPUT_SCRIPT/fit.py', command_line_args='--a 1')`,
			`target = Estimator(
source_directory='.'
entry_script='fit.py'
script_params={'--a': 1}
node_count=2
process_count_per_node=1
distributed_training=Mpi(process_count_per_node=1)`, "BAI313!"},
		{"a script of which not even the name is known",
			`node_count=1, horovod_settings=models.HorovodSettings(python_script_file_path=script)`, ``, "BAI313!!"},
		{"two tools", `node_count=2, cntk_settings=models.CNTKsettings(), caffe_settings=models.CaffeSettings()`, ``, "BAI616!!"},
		{"a tool that is not in sight", `node_count=2, cntk_settings=settings`, ``, "BAI616!!"},
		{"nothing to run", `node_count=1, caffe_settings=models.CaffeSettings(command_line_args='--gpu=all')`, ``, "BAI616!!"},
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

// script is a plain job; tests add the fields that they are about.
const onScript = `python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py'`

type jobTest struct{ name, fields, code, notes string }

func runJobTests(t *testing.T, tests []jobTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := jobOf(t, tt.fields)
			code, notes := p.show(Job(p))
			assert.Equal(t, tt.code, body(code))
			for _, n := range strings.Fields(tt.notes) {
				assert.Contains(t, strings.Fields(notes), n, notes)
			}
			if !strings.Contains(tt.notes, "!") {
				assert.NotContains(t, notes, "!", notes)
			}
		})
	}
}

// Every field of the parameters of every SDK version.
func TestJobFields(t *testing.T) {
	const job = `input_directories=[], caffe2_settings=models.Caffe2Settings(` + onScript + `), `
	const plain = "target = Estimator(\nnode_count=1"
	runJobTests(t, []jobTest{
		{"location is the workspace's", job + `node_count=1, location=cfg.location`, plain, "BAI902="},
		{"tags and the experiment's name", job + `node_count=1, tags=tags, experiment_name='old'`, plain, "BAI002="},
		{"priority", job + `node_count=1, priority=3`, plain, "BAI401"},
		{"scheduling priority", job + `node_count=1, scheduling_priority='high'`, plain, "BAI401"},
		{"standard output", job + `node_count=1, std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs'`, plain, "BAI410"},
		{"no time limit", job + `node_count=1`, plain, "BAI409="},
		{"an output that nothing uses", job + `node_count=1`, plain, "BAI423"},
		{"mounts that only outputs use", job + `node_count=1`, plain, "BAI311"},
		{"time limit as a literal", job + `node_count=1, constraints=models.JobBasePropertiesConstraints(max_wall_clock_time=datetime.timedelta(hours=2, minutes=30))`,
			plain + "\nmax_run_duration_seconds=9000)", ""},
		{"time limit as ISO text", job + `node_count=1, constraints=models.JobBasePropertiesConstraints(max_wall_clock_time='P1DT2H')`,
			plain + "\nmax_run_duration_seconds=93600)", ""},
		{"time limit as .NET text", job + `node_count=1, constraints=models.JobBasePropertiesConstraints(max_wall_clock_time='7.00:00:00')`,
			plain + "\nmax_run_duration_seconds=604800)", ""},
		{"time limit that is not known", job + `node_count=1, constraints=models.JobBasePropertiesConstraints(max_wall_clock_time=limit)`,
			plain + "\nmax_run_duration_seconds=int(limit.total_seconds()))", ""},
		{"private registry", job + `node_count=1, container_settings=models.ContainerSettings(shm_size='4g', image_source_registry=models.ImageSourceRegistry(image=name, server_url='x.azurecr.io', credentials=models.PrivateRegistryCredentials(username=u, password=pw)))`,
			`registry = ContainerRegistry()
registry.address = 'x.azurecr.io'
registry.username = u
registry.password = pw
target = Estimator(
node_count=1
custom_docker_image=name
image_registry_details=registry
shm_size='4g')`, "BAI402"},
		{"registry password in a key vault", job + `node_count=1, container_settings=models.ContainerSettings(image_source_registry=models.ImageSourceRegistry(image='org/image:1.0', credentials=models.PrivateRegistryCredentials(username=u, password_secret_reference=models.KeyVaultSecretReference(source_vault=v, secret_url=s))))`,
			`registry = ContainerRegistry()
registry.username = u
target = Estimator(
node_count=1
image_registry_details=registry`, "BAI404!"},
		{"container settings that are not in sight", job + `node_count=1, container_settings=settings`, "", "BAI904!!"},
		{"environment variables", job + `node_count=1, environment_variables=[models.EnvironmentVariable(name='A', value=a), models.EnvironmentVariable(name=b, value='$AZ_BATCHAI_OUTPUT_MODEL/x')]`,
			plain + "\nenvironment_variables={'A': a, b: './outputs/Models/x'})", "BAI420"},
		{"environment variables that are made strings", job + `node_count=1, environment_variables=[models.EnvironmentVariable(name='A', value=str(n))]`,
			plain + "\nenvironment_variables={'A': str(n)})", ""},
		{"environment settings of the first SDK", job + `node_count=1, environment_variables=[models.EnvironmentSetting(name='A', value='1')]`,
			plain + "\nenvironment_variables={'A': '1'})", ""},
		{"environment variables of a comprehension", job + `node_count=1, environment_variables=[models.EnvironmentVariable(name=k, value=v) for k, v in d.items()]`,
			plain + "\nenvironment_variables={k: v for k, v in d.items()})", ""},
		{"environment variables that are not known", job + `node_count=1, environment_variables=vs`,
			plain + "\nenvironment_variables=dict((v.name, v.value) for v in vs))", ""},
		{"an input in an environment variable", `caffe2_settings=models.Caffe2Settings(` + onScript + `), node_count=1, environment_variables=[models.EnvironmentVariable(name='D', value='$AZ_BATCHAI_INPUT_DATA')]`,
			plain + "\nenvironment_variables={'D': '$AZ_BATCHAI_INPUT_DATA'}\ninputs=[container<container>.path(data_directory, data_reference_name='DATA').as_mount()])", "BAI306!"},
		{"a variable of the job in its arguments", `input_directories=[], caffe2_settings=models.Caffe2Settings(` + onScript + `, command_line_args='--epochs $EPOCHS'), node_count=1, environment_variables=[models.EnvironmentVariable(name='EPOCHS', value=epochs)]`,
			"target = Estimator(\nscript_params={'--epochs': epochs}\nnode_count=1\nenvironment_variables={'EPOCHS': epochs})", ""},
		{"a path of data in a variable of its arguments", `input_directories=[], caffe2_settings=models.Caffe2Settings(` + onScript + `, command_line_args='--d=$D'), node_count=1, environment_variables=[models.EnvironmentVariable(name='D', value='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs/x')]`,
			"target = Estimator(\nscript_params={'--d': container<container>.path('x').as_mount()}\nnode_count=1\nenvironment_variables={'D': '$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs/x'})", "BAI306!"},
		{"secrets", job + `node_count=1, secrets=[models.EnvironmentVariableWithSecretValue(name='DB_KEY', value=s)]`,
			"workspace<>.get_default_keyvault().set_secret('DB-KEY', s)\n" + plain, "BAI407!"},
		{"interpreter", `input_directories=[], node_count=1, caffe2_settings=models.Caffe2Settings(` + onScript + `, python_interpreter_path='/opt/py/bin/python')`,
			"environment.python.interpreter_path = '/opt/py/bin/python'\ntarget = ScriptRunConfig(", ""},
		{"a count given as None", `input_directories=[], node_count=1, horovod_settings=models.HorovodSettings(` + onScript + `, process_count=None)`, plain, ""},
	})
}

func TestPreparation(t *testing.T) {
	const job = `input_directories=[], node_count=2, `
	const horovod = `horovod_settings=models.HorovodSettings(` + onScript + `)`
	runJobTests(t, []jobTest{
		{"installing goes into the image",
			job + horovod + `, job_preparation=models.JobPreparation(command_line='apt update; apt install mpi-default-dev -y; pip install horovod')`,
			`environment.docker.enabled = True
environment.docker.base_image = None
environment.docker.base_dockerfile = 'FROM org/image:1.0\nRUN apt update; apt install mpi-default-dev -y; pip install horovod\n'
target = Estimator(
node_count=2
process_count_per_node=1
distributed_training=Mpi(process_count_per_node=1)
environment_definition=environment)`, "BAI408"},
		{"with variables of its own, and what MPI needs besides",
			job + horovod + `, job_preparation=models.JobPreparation(command_line='apt install -y libopenmpi-dev && cd /tmp && ./fetch; WITH_MPI=1 pip install horovod')`,
			`environment.docker.enabled = True
environment.docker.base_image = None
environment.docker.base_dockerfile = 'FROM org/image:1.0\nRUN apt install -y libopenmpi-dev && cd /tmp && ./fetch; WITH_MPI=1 pip install horovod\n'
target = Estimator(
node_count=2
process_count_per_node=1
distributed_training=Mpi(process_count_per_node=1)
environment_definition=environment)`, "BAI408"},
		{"pip alone, on the VM image",
			`input_directories=[], node_count=1, container_settings=None, tensor_flow_settings=models.TensorFlowSettings(` + onScript + `), job_preparation=models.JobPreparation(command_line='pip install keras')`,
			`target = TensorFlow(
node_count=1
pip_packages=['keras']`, "BAI408"},
		{"apt, on the VM image",
			`input_directories=[], node_count=1, container_settings=None, tensor_flow_settings=models.TensorFlowSettings(` + onScript + `), job_preparation=models.JobPreparation(command_line='apt install -y x')`,
			`target = TensorFlow(
node_count=1`, "BAI408! BAI405!"},
		{"a script of the job runs before the command",
			`node_count=1, input_directories=[models.InputDirectory(id='SCRIPT', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples')], cntk_settings=models.CNTKsettings(python_script_file_path='$AZ_BATCHAI_INPUT_SCRIPT/train.py', command_line_args='--datadir $AZ_BATCHAI_JOB_TEMP -n 5'), job_preparation=models.JobPreparation(command_line='bash $AZ_BATCHAI_INPUT_SCRIPT/prep.sh')`,
			`target = ScriptRunConfig(
command=['bash', '-c', 'mkdir -p ./outputs/Models && export AZ_BATCHAI_INPUT_SCRIPT=$PWD AZ_BATCHAI_OUTPUT_MODEL=$PWD/outputs/Models AZ_BATCHAI_JOB_TEMP=/tmp/batchai_job_temp && mkdir -p $AZ_BATCHAI_JOB_TEMP && bash prep.sh && python train.py --datadir $AZ_BATCHAI_JOB_TEMP -n 5']`, "BAI408 BAI412"},
		{"one process on each of several nodes",
			job + horovod + `, job_preparation=models.JobPreparation(command_line='bash $AZ_BATCHAI_JOB_MOUNT_ROOT/{0}/samples/prep.sh'.format(azure_file_share))`,
			`target = ScriptRunConfig(
command=['bash', '-c', 'mkdir -p ./outputs/Models && export AZ_BATCHAI_OUTPUT_MODEL=$PWD/outputs/Models AZ_BATCHAI_JOB_TEMP=/tmp/batchai_job_temp && mkdir -p $AZ_BATCHAI_JOB_TEMP && bash prep.sh && python train.py']
distributed_job_config=MpiConfiguration(process_count_per_node=1, node_count=2)`, "BAI408"},
		{"of several processes on a node the first runs it",
			job + `horovod_settings=models.HorovodSettings(` + onScript + `, process_count=8), job_preparation=models.JobPreparation(command_line='bash $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/prep.sh')`,
			`target = ScriptRunConfig(
command=['bash', '-c', 'mkdir -p ./outputs/Models && export AZ_BATCHAI_OUTPUT_MODEL=$PWD/outputs/Models AZ_BATCHAI_JOB_TEMP=/tmp/batchai_job_temp && mkdir -p $AZ_BATCHAI_JOB_TEMP && if [ "${OMPI_COMM_WORLD_LOCAL_RANK:-${MPI_LOCALRANKID:-0}}" = 0 ]; then bash prep.sh && touch /tmp/prepared-$AZUREML_RUN_ID; else while [ ! -e /tmp/prepared-$AZUREML_RUN_ID ]; do sleep 1; done; fi && python train.py']
distributed_job_config=MpiConfiguration(process_count_per_node=4, node_count=2)`, "BAI408"},
		{"an image that certainly has no MPI",
			job + `container_settings=models.ContainerSettings(image_source_registry=models.ImageSourceRegistry(image='tensorflow/tensorflow:1.8.0-gpu')), horovod_settings=models.HorovodSettings(` + onScript + `, process_count=8), job_preparation=models.JobPreparation(command_line='bash $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/prep.sh')`,
			`target = Estimator(
node_count=2
process_count_per_node=4
distributed_training=Mpi(process_count_per_node=4)
custom_docker_image='tensorflow/tensorflow:1.8.0-gpu'`, "BAI408!"},
		{"a change of folder stays in the preparation",
			`node_count=1, input_directories=[], horovod_settings=models.HorovodSettings(` + onScript + `), job_preparation=models.JobPreparation(command_line='cd /opt; make')`,
			`target = ScriptRunConfig(
command=['bash', '-c', '(cd /opt; make) && python train.py']`, "BAI408"},
		{"a script that the preparation brings",
			job + `horovod_settings=models.HorovodSettings(python_script_file_path='$AZ_BATCHAI_JOB_TEMP/bench/run.py', command_line_args='--a 1'), job_preparation=models.JobPreparation(command_line='bash $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/prep.sh')`,
			`target = ScriptRunConfig(
command=['bash', '-c', 'mkdir -p ./outputs/Models && export AZ_BATCHAI_OUTPUT_MODEL=$PWD/outputs/Models AZ_BATCHAI_JOB_TEMP=/tmp/batchai_job_temp && mkdir -p $AZ_BATCHAI_JOB_TEMP && bash prep.sh && python $AZ_BATCHAI_JOB_TEMP/bench/run.py --a 1']
distributed_job_config=MpiConfiguration(process_count_per_node=1, node_count=2)`, "BAI408 BAI412"},
		{"a script that nothing brings",
			job + `horovod_settings=models.HorovodSettings(python_script_file_path='$AZ_BATCHAI_JOB_TEMP/bench/run.py')`, "", "BAI408!!"},
		{"not known", job + horovod + `, job_preparation=models.JobPreparation(command_line=prep)`,
			`target = Estimator(
node_count=2
process_count_per_node=1
distributed_training=Mpi(process_count_per_node=1)`, "BAI408!"},
		{"a variable that holds a path of data",
			`input_directories=[], node_count=1, caffe2_settings=models.Caffe2Settings(` + onScript + `, command_line_args='--x $D | tee log'), environment_variables=[models.EnvironmentVariable(name='D', value='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs/more')]`,
			`more = container<container>.path('more', data_reference_name='more').as_mount()
target = ScriptRunConfig(
command=['bash', '-c', 'export D=$AZUREML_DATAREFERENCE_more && python train.py --x $D | tee log']
target.run_config.data_references = {more.data_reference_name: more.to_config()}`, "BAI430"},
		{"variables of the node in variables of the job",
			`input_directories=[], node_count=1, caffe2_settings=models.Caffe2Settings(` + onScript + `, command_line_args='--b $BATCH'), environment_variables=[` +
				`models.EnvironmentVariable(name='LD_LIBRARY_PATH', value='/opt/lib:$LD_LIBRARY_PATH'), models.EnvironmentVariable(name='BATCH', value='64')]`,
			`environment.environment_variables = {'BATCH': '64'}
target = ScriptRunConfig(
command=['bash', '-c', 'export LD_LIBRARY_PATH=/opt/lib:$LD_LIBRARY_PATH && python train.py --b $BATCH']`, "BAI430"},
		{"variables that a command line sets from others",
			`node_count=1, input_directories=[], custom_toolkit_settings=models.CustomToolkitSettings(command_line='export A=1; export B=$A:2 A=3; python $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py --b $B --a $A')`,
			`target = Estimator(
script_params={'--b': '1:2', '--a': 3}
node_count=1
environment_variables={'B': '1:2', 'A': '3'})`, "BAI310"},
		{"a path that a command line adds to",
			`node_count=1, custom_toolkit_settings=models.CustomToolkitSettings(command_line='export PYTHONPATH=$PYTHONPATH:$AZ_BATCHAI_INPUT_SCRIPT && PATH=$PATH:/opt/bin python $AZ_BATCHAI_INPUT_SCRIPT/train.py')`,
			`data = container<container>.path(data_directory, data_reference_name='DATA').as_mount()
target = ScriptRunConfig(
command=['bash', '-c', 'export PYTHONPATH=$PYTHONPATH:$PWD && export PATH=$PATH:/opt/bin && python train.py']
target.run_config.data_references = {data.data_reference_name: data.to_config()}`, "BAI430"},
		{"pip in front of a custom command",
			`input_directories=[], node_count=1, custom_toolkit_settings=models.CustomToolkitSettings(command_line='pip install x; python $AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py')`,
			`environment.docker.enabled = True
environment.docker.base_image = None
environment.docker.base_dockerfile = 'FROM org/image:1.0\nRUN pip install x\n'
target = Estimator(
node_count=1
environment_definition=environment)`, "BAI408"},
	})
}

func TestArguments(t *testing.T) {
	job := func(args string) string {
		return `node_count=1, input_directories=[input_directories_data], caffe2_settings=models.Caffe2Settings(` + onScript + `, command_line_args=` + args + `)`
	}
	const head = `input_directories_data = models.InputDirectory(id='DATA', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs/data')
`
	tests := []jobTest{
		{"flags, values and positionals", `'-v --lr 0.01 --eps 1e-3 --seed 007 in.txt --shift -1 -m'`,
			`script_params={'-v': '', '--lr': 0.01, '--eps': '1e-3', '--seed': '007'REST`, ""},
		{"booleans are not taken apart", `'--sync=True --size=3 --empty= --name ""'`,
			`script_params={'--sync=True': '', '--size': 3, '--empty=': '', '--name=': ''}`, ""},
		{"quotes", `'--name "a b" --path=\'c d\' e\\ f'`, `script_params={'--name': 'a b', '--path': 'c d', 'e f': ''}`, ""},
		{"the user's own values", `'--a {0} --b={1} c{2}'.format(x, nodes_count, y)`, `script_params={'--a': x, '--b': nodes_count, 'c' + y: ''}`, ""},
		{"a sub-path of an input", `'--d $AZ_BATCHAI_INPUT_DATA/train ${AZ_BATCHAI_OUTPUT_MODEL}/x'`,
			`script_params={'--d': container<container>.path('data/train').as_mount(), './outputs/Models/x': ''}`, "BAI420 BAI421"},
		{"words that may turn out the same", `'m{0} {1}m'.format(x, y)`, `arguments=['m' + x, y + 'm']`, ""},
		{"words that cannot", `'a{0} b{1}'.format(x, y)`, `script_params={'a' + x: '', 'b' + y: ''}`, ""},
		{"an option twice", `'--x 1 --x 2'`, `arguments=['--x', '1', '--x', '2']`, ""},
		{"an input inside a word", `'rootDir=$AZ_BATCHAI_INPUT_DATA/..'`, `arguments=['rootDir=' + str(data) + '/..']`, ""},
		{"two inputs in one word", `'--d=$AZ_BATCHAI_INPUT_DATA:$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/more'`,
			`arguments=['--d=' + str(data) + ':' + str(more)]`, ""},
		{"a list that only the program knows", `args`, `arguments=shlex.split(args)`, "BAI430"},
		{"shell syntax", `'--a 1 > log.txt'`, `command=['bash', '-c', 'python train.py --a 1 > log.txt']`, "BAI430"},
		{"a variable of the node", `'--home $HOME --d $AZ_BATCHAI_INPUT_DATA'`,
			`command=['bash', '-c', 'python train.py --home $HOME --d $AZUREML_DATAREFERENCE_DATA']`, "BAI430"},
		{"a temporary folder", `'--t $AZ_BATCHAI_JOB_TEMP/x'`, `script_params={'--t': '/tmp/x'}`, "BAI412"},
		{"the number of GPUs", `'--g $AZ_BATCHAI_NUM_GPUS'`, `script_params={'--g': 1}`, "BAI607"},
		{"what has no counterpart", `'--o $AZ_BATCHAI_STDOUTERR_DIR --w $AZ_BATCHAI_WORKER_INDEX'`,
			`script_params={'--o': '$AZ_BATCHAI_STDOUTERR_DIR', '--w': '$AZ_BATCHAI_WORKER_INDEX'}`, "BAI411! BAI608!"},
		{"an input that the job does not have", `'--o $AZ_BATCHAI_INPUT_OTHER'`, `script_params={'--o': '$AZ_BATCHAI_INPUT_OTHER'}`, "BAI305!"},
		{"what only the environment of the run has", `'--e $PARAM_EPOCHS'`, `command=['bash', '-c', 'python train.py --e $PARAM_EPOCHS']`, "BAI712"},
		{"what a sweep puts in", `'--e {0}'.format(parameters['E'])`, `script_params={'--e': parameters['E']}`, ""},
		{"the master node of MPI", `'--m $AZ_BATCHAI_MPI_MASTER_NODE'`, `command=['bash', '-c', 'python train.py --m ${AZ_BATCH_MASTER_NODE%%:*}']`, "BAI605"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := run(t, preamble+head+`parameters = models.JobCreateParameters(cluster=models.ResourceId(id=cluster.id), mount_volumes=mount_volumes, output_directories=output_directories, container_settings=image, `+job(tt.fields)+")\n")
			code, notes := p.show(Job(p))
			want := strings.Replace(tt.code, "REST", ", 'in.txt': '', '--shift': '-1', '-m': ''}", 1)
			assert.Contains(t, strings.Split(body(code), "\n"), want, code)
			for _, n := range strings.Fields(tt.notes) {
				assert.Contains(t, strings.Fields(notes), n, notes)
			}
			if !strings.Contains(tt.notes, "!") {
				assert.NotContains(t, notes, "!", notes)
			}
		})
	}
}

func TestScripts(t *testing.T) {
	const mounts = `
mount_volumes = models.MountVolumes(azure_file_shares=[models.AzureFileShareReference(
    account_name='acc', credentials_info=models.AzureStorageCredentialsInfo(account_key=key),
    azure_file_url='https://acc.file.core.windows.net/share/', relative_mount_path='afs')])
service = FileService(account_name='acc', account_key=key)
`
	tests := []struct{ name, upload, script, code, notes string }{
		{"a bare file name", `service.create_file_from_path(share_name='share', directory_name='d', file_name='t.py', local_file_path='t.py')`,
			`'d/t.py'`, `source_directory='.', entry_script='t.py'`, "BAI310"},
		{"a file in a folder", `service.create_file_from_path(share_name='share', directory_name='d', file_name='t.py', local_file_path=os.path.join(src, 't.py'))`,
			`'d/t.py'`, `source_directory=src, entry_script='t.py'`, ""},
		{"another name in storage", `service.create_file_from_path(share_name='share', directory_name='d', file_name='t.py', local_file_path='../train.py')`,
			`'d/t.py'`, `source_directory='..', entry_script='train.py'`, ""},
		{"the root of the share", `service.create_file_from_path(share_name='share', directory_name=None, file_name='t.py', local_file_path='x/t.py')`,
			`'t.py'`, `source_directory='x', entry_script='t.py'`, ""},
		{"a name that is not known", `service.create_file_from_path(share_name='share', directory_name='d', file_name=name, local_file_path=name)`,
			`'d/' + name`, `source_directory='.', entry_script=name`, ""},
		{"a path that is not known", `service.create_file_from_path(share_name='share', directory_name='d', file_name='t.py', local_file_path=path)`,
			`'d/t.py'`, `source_directory=os.path.dirname(path) or '.', entry_script=os.path.basename(path)`, ""},
		{"another share", `service.create_file_from_path(share_name='other', directory_name='d', file_name='t.py', local_file_path='t.py')`,
			`'d/t.py'`, `command=['python', str(d) + '/t.py']`, "BAI313!"},
		{"another account", `FileService(account_name='b').create_file_from_path(share_name='share', directory_name='d', file_name='t.py', local_file_path='t.py')`,
			`'d/t.py'`, `command=['python', str(d) + '/t.py']`, "BAI313!"},
		{"a service that came as a parameter", `param.create_file_from_path(share_name='share', directory_name='d', file_name='t.py', local_file_path='t.py')`,
			`'d/t.py'`, `source_directory='.', entry_script='t.py'`, ""},
		{"the latest upload", "service.create_file_from_path(share_name='share', directory_name='d', file_name='t.py', local_file_path='a/t.py')\nservice.create_file_from_path(share_name='share', directory_name='d', file_name='t.py', local_file_path='b/t.py')",
			`'d/t.py'`, `source_directory='b', entry_script='t.py'`, ""},
		{"a neighbour from elsewhere", "service.create_file_from_path(share_name='share', directory_name='d', file_name='t.py', local_file_path='a/t.py')\nservice.create_file_from_path(share_name='share', directory_name='d', file_name='u.py', local_file_path='b/u.py')",
			`'d/t.py'`, `source_directory='a', entry_script='t.py'`, "BAI314"},
		{"no upload", ``, `'d/t.py'`, `command=['python', str(d) + '/t.py']`, "BAI313!"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := run(t, mounts+tt.upload+"\nparameters = models.JobCreateParameters(cluster=models.ResourceId(id=cluster.id), node_count=1, mount_volumes=mount_volumes, container_settings=models.ContainerSettings(image_source_registry=models.ImageSourceRegistry(image='i')), "+
				`caffe2_settings=models.Caffe2Settings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/' + `+tt.script+"))\n")
			code, notes := p.show(Job(p))
			if tt.code != "" {
				lines := strings.Split(strings.ReplaceAll(code, ",\n    entry_script", ", entry_script"), "\n")
				assert.Contains(t, lines, "    "+tt.code+",", code)
			} else {
				assert.Empty(t, code)
			}
			if tt.notes != "" {
				assert.Contains(t, strings.Fields(notes), tt.notes, notes)
			}
		})
	}
}

// What a command line runs is read, and what that imports from its folder.
func TestModulesAreScanned(t *testing.T) {
	p := jobOf(t, `node_count=1, custom_toolkit_settings=models.CustomToolkitSettings(command_line='cd $AZ_BATCHAI_INPUT_SCRIPT && python -m net.fit && python eval.py')`)
	p.files["src/net/fit.py"] = "import os\nfrom reader import rows\n"
	p.files["src/net/reader.py"] = "import os\nd = os.environ['AZ_BATCHAI_INPUT_DATA']\n"
	p.files["src/eval.py"] = "import os\nd = os.environ['AZ_BATCHAI_INPUT_DATA']\n"
	p.files["src/other.py"] = "import os\nd = os.environ['AZ_BATCHAI_OUTPUT_MODEL']\n"
	var files []string
	for _, n := range Job(p).Notes {
		if n.Code == "BAI630" {
			files = append(files, n.Values["FILE"])
		}
	}
	assert.Equal(t, []string{"src/eval.py", "src/net/reader.py"}, files)
}

// A script that lies beside the program is read for the names that it must no
// longer use.
func TestScriptIsScanned(t *testing.T) {
	p := jobOf(t, `node_count=1, caffe2_settings=models.Caffe2Settings(python_script_file_path='$AZ_BATCHAI_INPUT_SCRIPT/train.py')`)
	p.files["src/train.py"] = "import os\nd = os.environ['AZ_BATCHAI_INPUT_DATA']\no = os.environ['AZ_BATCHAI_OUTPUT_MODEL']\ne = os.environ['AZ_BATCHAI_STDOUTERR_DIR']\nd = os.environ['AZ_BATCHAI_INPUT_DATA']\n"
	a := Job(p)
	code, notes := p.show(a)
	assert.Contains(t, code, "inputs=[container<container>.path(data_directory, data_reference_name='DATA').as_mount()]")
	assert.Contains(t, notes, "BAI630 BAI630 BAI630!")
	assert.NotContains(t, notes, "BAI423")
	var lines []string
	for _, n := range a.Notes {
		if n.Values["LINES"] != "" {
			lines = append(lines, n.Values["LINES"]+": "+n.Values["TODO"])
		}
	}
	assert.Equal(t, []string{
		"lines 2, 5: read AZUREML_DATAREFERENCE_DATA instead",
		"line 3: write to ./outputs/Models instead",
		"line 4: print what it wrote there: that is kept with the run",
	}, lines)
}

func TestMounts(t *testing.T) {
	const upload = `
service = FileService(account_name='acc', account_key=key)
service.create_file_from_path(share_name='share', directory_name='d', file_name='t.py', local_file_path='t.py')
share = models.AzureFileShareReference(account_name='acc', credentials=models.AzureStorageCredentialsInfo(account_key=key),
    azure_file_url='https://acc.file.core.windows.net/share', relative_mount_path='afs')
`
	const rest = `node_count=1, container_settings=models.ContainerSettings(image_source_registry=models.ImageSourceRegistry(image='i')), caffe2_settings=models.Caffe2Settings(python_script_file_path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/d/t.py', command_line_args='--d $AZ_BATCHAI_INPUT_D')`
	tests := []struct{ name, before, fields, param, notes string }{
		{"a container whose mount path is not known", ``,
			`mount_volumes=models.MountVolumes(azure_file_shares=[share], azure_blob_file_systems=[models.AzureBlobFileSystemReference(account_name='acc', container_name=c, credentials=models.AzureStorageCredentialsInfo(account_key=key), relative_mount_path=where)]), input_directories=[models.InputDirectory(id='D', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/{0}/{1}'.format(where, x))]`,
			`container<c>.path(x).as_mount()`, ""},
		{"the root of a container", ``,
			`mount_volumes=models.MountVolumes(azure_file_shares=[share], azure_blob_file_systems=[models.AzureBlobFileSystemReference(account_name='acc', container_name='c', credentials=models.AzureStorageCredentialsInfo(account_key=key), relative_mount_path='a/b', mount_options='-o x')]), input_directories=[models.InputDirectory(id='D', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/a/b/')]`,
			`container<'c'>.path().as_mount()`, "BAI302"},
		{"a share named by an expression",
			``, `mount_volumes=models.MountVolumes(azure_file_shares=[share, models.AzureFileShareReference(account_name=acc, azure_file_url='https://' + acc + '.file.core.windows.net/' + name, credentials=models.AzureStorageCredentialsInfo(account_key=key), relative_mount_path='other')]), input_directories=[models.InputDirectory(id='D', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/other/x')]`,
			`share<name>.path('x').as_mount()`, ""},
		{"a URL that is not known", ``,
			`mount_volumes=models.MountVolumes(azure_file_shares=[share, models.AzureFileShareReference(account_name=acc, azure_file_url=url, credentials=models.AzureStorageCredentialsInfo(account_key=key), relative_mount_path='other')]), input_directories=[models.InputDirectory(id='D', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/other/x')]`,
			`'$AZ_BATCHAI_INPUT_D'`, "BAI305!"},
		{"a key in a vault", ``,
			`mount_volumes=models.MountVolumes(azure_file_shares=[share, models.AzureFileShareReference(account_name=acc, azure_file_url='https://x/y', credentials=models.AzureStorageCredentialsInfo(account_key_secret_reference=ref), relative_mount_path='other')]), input_directories=[models.InputDirectory(id='D', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/other/x')]`,
			`'$AZ_BATCHAI_INPUT_D'`, "BAI404!"},
		{"a file server", ``,
			`mount_volumes=models.MountVolumes(azure_file_shares=[share], file_servers=[models.FileServerReference(file_server=models.ResourceId(id=x), relative_mount_path='nfs')]), input_directories=[models.InputDirectory(id='D', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/nfs/x')]`,
			`'$AZ_BATCHAI_INPUT_D'`, "BAI303!"},
		{"a mount command", ``,
			`mount_volumes=models.MountVolumes(azure_file_shares=[share], unmanaged_file_systems=[models.UnmanagedFileSystemReference(mount_command=x, relative_mount_path='um')]), input_directories=[models.InputDirectory(id='D', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/um')]`,
			`'$AZ_BATCHAI_INPUT_D'`, "BAI304!"},
		{"a file server of the cluster", `
client.create_cluster(cluster_name='one', parameters=models.ClusterCreateParameters(node_setup=models.NodeSetup(mount_volumes=models.MountVolumes(file_servers=[models.FileServerReference(file_server=models.ResourceId(id=x), relative_mount_path='nfs')]))))
cluster = client.get_cluster(cluster_name='one')
`, `mount_volumes=models.MountVolumes(azure_file_shares=[share]), input_directories=[models.InputDirectory(id='D', path='$AZ_BATCHAI_MOUNT_ROOT/nfs/x')]`,
			`'$AZ_BATCHAI_INPUT_D'`, "BAI303!"},
		{"a mount of the cluster of that name", `
client.create_cluster(cluster_name='one', parameters=models.ClusterCreateParameters(node_setup=models.NodeSetup(mount_volumes=models.MountVolumes(azure_file_shares=[models.AzureFileShareReference(account_name='acc', azure_file_url='https://x/wrong', credentials=models.AzureStorageCredentialsInfo(account_key=key), relative_mount_path='afs')]))))
client.create_cluster(cluster_name='two', parameters=models.ClusterCreateParameters(node_setup=models.NodeSetup(mount_volumes=models.MountVolumes(azure_file_shares=[models.AzureFileShareReference(account_name='acc', azure_file_url='https://x/right', credentials=models.AzureStorageCredentialsInfo(account_key=key), relative_mount_path='afs')]))))
cluster = client.get_cluster(cluster_name='two')
`, `mount_volumes=models.MountVolumes(azure_file_shares=[share]), input_directories=[models.InputDirectory(id='D', path='$AZ_BATCHAI_MOUNT_ROOT/afs/x')]`,
			`share<'right'>.path('x').as_mount()`, ""},
		{"clusters that mount different things", `
client.create_cluster(cluster_name='one', parameters=models.ClusterCreateParameters(node_setup=models.NodeSetup(mount_volumes=models.MountVolumes(azure_file_shares=[models.AzureFileShareReference(account_name='acc', azure_file_url='https://x/one', credentials=models.AzureStorageCredentialsInfo(account_key=key), relative_mount_path='afs')]))))
client.create_cluster(cluster_name='two', parameters=models.ClusterCreateParameters(node_setup=models.NodeSetup(mount_volumes=models.MountVolumes(azure_file_shares=[models.AzureFileShareReference(account_name='acc', azure_file_url='https://x/two', credentials=models.AzureStorageCredentialsInfo(account_key=key), relative_mount_path='afs')]))))
`, `mount_volumes=models.MountVolumes(azure_file_shares=[share]), input_directories=[models.InputDirectory(id='D', path='$AZ_BATCHAI_MOUNT_ROOT/afs/x')]`,
			`'$AZ_BATCHAI_INPUT_D'`, "BAI305!"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := run(t, upload+tt.before+"parameters = models.JobCreateParameters(cluster=models.ResourceId(id=cluster.id), "+tt.fields+", "+rest+")\n")
			code, notes := p.show(Job(p))
			assert.Contains(t, code, "script_params={'--d': "+tt.param+"}")
			if tt.notes != "" {
				assert.Contains(t, strings.Fields(notes), tt.notes, notes)
			}
			if !strings.Contains(tt.notes, "!") {
				assert.NotContains(t, notes, "!", notes)
			}
		})
	}
}

func TestComputeTarget(t *testing.T) {
	tests := []struct{ id, want, notes string }{
		{"cluster.id", "cluster", ""},
		{"client.get_cluster(cluster_name='x').id", "client.get_cluster(cluster_name='x')", ""},
		{"'/subscriptions/s/resourceGroups/g/providers/Microsoft.BatchAI/workspaces/w/clusters/nc6'", "cluster<'nc6'>", ""},
		{"'/subscriptions/s/clusters/{0}'.format(name)", "cluster<name>", ""},
		{"cluster_id", "ComputeTarget(workspace=workspace<>, name=cluster_id.rsplit('/', 1)[1])", "BAI906"},
		{"made_elsewhere.id", "made_elsewhere", "BAI906"},
	}
	for _, tt := range tests {
		p := run(t, preamble+`parameters = models.JobCreateParameters(cluster=models.ResourceId(id=`+tt.id+`), node_count=1, mount_volumes=mount_volumes, container_settings=image, caffe2_settings=models.Caffe2Settings(`+onScript+"))\n")
		code, notes := p.show(Job(p))
		assert.Contains(t, code, "compute_target="+tt.want+",", tt.id)
		assert.Equal(t, tt.notes != "", strings.Contains(notes, "BAI906"), tt.id)
	}
}

// A service that has no datastore for the data.
func TestJobThatCannotBeWritten(t *testing.T) {
	p := jobOf(t, `node_count=1, cntk_settings=models.CNTKsettings(`+onScript+`, command_line_args='--d $AZ_BATCHAI_INPUT_DATA')`)
	p.no["container"] = true
	_, notes := p.show(Job(p))
	assert.Contains(t, notes, "BAI305!")
}

// Arguments take the place of the fields that they come from, so that comments
// move with them.
func TestArgumentsTakeOldPlaces(t *testing.T) {
	p := jobOf(t, `node_count=1, cntk_settings=models.CNTKsettings(`+onScript+`, command_line_args='-x')`)
	old := map[string][]string{}
	for _, a := range Job(p).Term.(*ir.Apply).Args {
		for _, e := range a.Old {
			old[a.Name] = append(old[a.Name], p.Text(e))
		}
	}
	assert.Equal(t, []string{"'$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/samples/train.py'"}, old["entry_script"])
	assert.Equal(t, []string{"'-x'", "input_directories", "output_directories", "mount_volumes"}, old["script_params"])
	assert.Equal(t, []string{"models.ResourceId(id=cluster.id)"}, old["compute_target"])
	assert.Equal(t, []string{"image"}, old["custom_docker_image"])
}

// A preparation that can be read gets the variables that it reads, and no more.
func TestPreparationIsRead(t *testing.T) {
	p := jobOf(t, `node_count=1, cntk_settings=models.CNTKsettings(`+onScript+`), job_preparation=models.JobPreparation(command_line='bash $AZ_BATCHAI_INPUT_SCRIPT/prep.sh')`)
	p.files["src/prep.sh"] = "cp -r $AZ_BATCHAI_INPUT_DATA/x .\n"
	code, _ := p.show(Job(p))
	assert.Contains(t, code, "'export AZ_BATCHAI_INPUT_SCRIPT=$PWD AZ_BATCHAI_INPUT_DATA=$AZUREML_DATAREFERENCE_DATA && bash prep.sh && python train.py'")
}

// A preparation that brings MPI itself runs when the image is built: mpirun is
// started before anything of the run's own.
func TestPreparationThatInstallsMPI(t *testing.T) {
	job := func(prep string) (code, notes string) {
		p := jobOf(t, `node_count=2, horovod_settings=models.HorovodSettings(python_script_file_path='$AZ_BATCHAI_JOB_TEMP/bench/run.py', command_line_args='--a 1', process_count=8), job_preparation=models.JobPreparation(command_line='bash $AZ_BATCHAI_INPUT_SCRIPT/prep.sh')`)
		p.files["src/prep.sh"] = prep
		code, notes = p.show(Job(p))
		return body(code), notes
	}
	code, notes := job("cd $AZ_BATCHAI_JOB_TEMP && git clone https://example.org/bench\napt-get install -y openmpi-bin\n")
	assert.Contains(t, code, "environment.docker.base_image = None\n"+
		`environment.docker.base_dockerfile = 'FROM org/image:1.0\nENV AZ_BATCHAI_JOB_TEMP=/opt/batchai_job_temp\nRUN mkdir -p /opt/batchai_job_temp\nRUN echo ' + `+
		`base64.b64encode(open('src/prep.sh', 'rb').read()).decode() + ' | base64 -d > /tmp/preparation.sh && bash /tmp/preparation.sh\n'`)
	assert.Contains(t, code, `command=['python', '/opt/batchai_job_temp/bench/run.py', '--a', '1']`)
	assert.Contains(t, code, `distributed_job_config=MpiConfiguration(process_count_per_node=4, node_count=2)`)
	assert.NotContains(t, notes, "!")
	// What needs the job's data cannot run before the job.
	code, _ = job("apt-get install -y openmpi-bin\ncp -r $AZ_BATCHAI_INPUT_DATA/x .\n")
	assert.Contains(t, code, "; else while [ ! -e ")
}

type useOf struct {
	*program
	use *ir.Use
}

func (u useOf) Use() *ir.Use { return u.use }

func TestSetVariable(t *testing.T) {
	for line, kept := range map[string]bool{
		"export AZ_BATCHAI_INPUT_X=$PWD && ls $AZ_BATCHAI_INPUT_X": true,
		"export A=1 AZ_BATCHAI_INPUT_X=$PWD && ls":                 true,
		"FROM x\nENV AZ_BATCHAI_INPUT_X=/opt\nRUN make":            true,
		"ls $AZ_BATCHAI_INPUT_X":                                   false,
		"export AZ_BATCHAI_INPUT_XY=1 && ls $AZ_BATCHAI_INPUT_X":   false,
		"python train.py --export AZ_BATCHAI_INPUT_X":              false,
	} {
		a := SetVariable(useOf{use: &ir.Use{Kind: ir.EnvUse, Symbol: "AZ_BATCHAI_INPUT_X", Value: &ir.Const{V: line}}})
		assert.Equal(t, kept, a != nil && a.Keep, line)
	}
}
