import json
import types
from azureml.core import Datastore, Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.core.runconfig import DockerConfiguration
from azureml.train.dnn import Mpi
from azureml.train.estimator import Estimator
# TODO(pyxlate BAI905): Code that is left by hand still needs this: azure.mgmt.batchai.models.
from azure.mgmt.batchai import models

with open('../../configuration.json') as config_file:
    configuration = json.load(config_file)
cfg = types.SimpleNamespace(
    subscription_id=configuration['subscription_id'],
    aad_client_id=configuration['aad_client_id'],
    aad_secret_key=configuration['aad_secret'],
    aad_tenant=configuration['aad_tenant'],
    resource_group=configuration['resource_group'],
    workspace=configuration['workspace'],
    storage_account_name=configuration['storage_account']['name'],
    storage_account_key=configuration['storage_account']['key'],
)
client = Workspace.get(
    name=cfg.workspace,
    auth=ServicePrincipalAuthentication(
        tenant_id=cfg.aad_tenant,
        service_principal_id=cfg.aad_client_id,
        service_principal_password=cfg.aad_secret_key,
    ),
    subscription_id=cfg.subscription_id,
    resource_group=cfg.resource_group,
)
cluster = ComputeTarget(workspace=client, name='tools')

container_name = 'tools'
ds = Datastore.register_azure_blob_container(
    workspace=client,
    datastore_name='tools_blob',
    container_name=container_name,
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)
ds.upload_files(['score.py'], target_path='bin', overwrite=True, show_progress=True)

# TODO(pyxlate BAI905): Code that is left by hand still needs this: models.MountVolumes.
mounts = models.MountVolumes(azure_blob_file_systems=[models.AzureBlobFileSystemReference(
    account_name=cfg.storage_account_name,
    container_name=container_name,
    credentials=models.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
    relative_mount_path='bfs')])
# TODO(pyxlate BAI905): Code that is left by hand still needs this: models.ContainerSettings.
image = models.ContainerSettings(
    image_source_registry=models.ImageSourceRegistry(image='continuumio/miniconda3:4.5.4'))
# TODO(pyxlate BAI622): AZ_BATCHAI_JOB_MOUNT_ROOT is not set on Azure ML nodes: paths of mounted datastores come as arguments of the script.
directories = [
    models.InputDirectory(id='BIN', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs/bin'),
    models.InputDirectory(id='ROWS', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs/rows'),
]

# One node, a script after an export.
python_job = Estimator(
    source_directory='.',
    entry_script='score.py',
    script_params={'--rows': ds.path('rows').as_mount()},
    compute_target=cluster,
    node_count=1,
    custom_docker_image='continuumio/miniconda3:4.5.4',
    user_managed=True,
    environment_variables={'OMP_NUM_THREADS': '4'})

# One node, a pipeline of the shell.
rows = ds.path('rows', data_reference_name='ROWS').as_mount()
bin_2 = ds.path('bin', data_reference_name='BIN').as_mount()
environment = Environment('continuumio-miniconda3-4-5-4')
environment.docker.base_image = 'continuumio/miniconda3:4.5.4'
environment.python.user_managed_dependencies = True
shell_job = ScriptRunConfig(
    source_directory='.',
    command=['bash', '-c', 'cat $AZUREML_DATAREFERENCE_ROWS/*.csv | wc -l'],
    compute_target=cluster,
    environment=environment,
    docker_runtime_config=DockerConfiguration(use_docker=True))
shell_job.run_config.data_references = {
    rows.data_reference_name: rows.to_config(),
    bin_2.data_reference_name: bin_2.to_config()}

# Two nodes, MPI started by hand.
mpi_job = Estimator(
    source_directory='.',
    entry_script='score.py',
    script_params={'--rows': ds.path('rows').as_mount(), '--mpi': ''},
    compute_target=cluster,
    node_count=2,
    process_count_per_node=1,
    distributed_training=Mpi(process_count_per_node=1),
    custom_docker_image='continuumio/miniconda3:4.5.4',
    user_managed=True)

# Two nodes, and the first one is to find the other.
# TODO(pyxlate BAI613): The custom toolkit command ran on the first node only and had to start the other nodes itself; choose a distribution type for Azure ML.
loose_job = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=2,
    mount_volumes=mounts,
    input_directories=directories,
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs',
    container_settings=image,
    custom_toolkit_settings=models.CustomToolkitSettings(
        command_line='python $AZ_BATCHAI_INPUT_BIN/score.py --hosts $AZ_BATCHAI_MPI_HOST_FILE'))

experiment = Experiment(client, name='commands')
experiment.submit(python_job, tags={'batchai_job_name': 'python'})
experiment.submit(shell_job, tags={'batchai_job_name': 'shell'})
experiment.submit(mpi_job, tags={'batchai_job_name': 'mpi'})
# TODO(pyxlate BAI904): This cannot be rewritten where it stands: it takes a models.JobCreateParameters that is left by hand.
client.jobs.create(cfg.resource_group, cfg.workspace, 'commands', 'loose', loose_job).result()
