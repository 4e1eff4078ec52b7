import json
import types
from azureml.core import Datastore, Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.core.runconfig import DockerConfiguration
from azureml.train.dnn import Mpi
from azureml.train.estimator import Estimator

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
ws = Workspace.get(
    name=cfg.workspace,
    auth=ServicePrincipalAuthentication(
        tenant_id=cfg.aad_tenant,
        service_principal_id=cfg.aad_client_id,
        service_principal_password=cfg.aad_secret_key,
    ),
    subscription_id=cfg.subscription_id,
    resource_group=cfg.resource_group,
)
cluster = ComputeTarget(workspace=ws, name='tools')

container_name = 'tools'
ds = Datastore.register_azure_blob_container(
    workspace=ws,
    datastore_name='tools_blob',
    container_name=container_name,
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)
ds.upload_files(['score.py'], target_path='bin', overwrite=True, show_progress=True)

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
# TODO(pyxlate BAI608): `AZ_BATCHAI_MPI_HOST_FILE` has no equivalent on Azure ML nodes.
rows_2 = ds.path('rows', data_reference_name='ROWS').as_mount()
environment_2 = Environment('continuumio-miniconda3-4-5-4')
environment_2.docker.base_image = 'continuumio/miniconda3:4.5.4'
environment_2.python.user_managed_dependencies = True
loose_job = ScriptRunConfig(
    source_directory='.',
    script='score.py',
    arguments=['--hosts', '$AZ_BATCHAI_MPI_HOST_FILE'],
    compute_target=cluster,
    environment=environment_2,
    docker_runtime_config=DockerConfiguration(use_docker=True))
loose_job.run_config.data_references = {rows_2.data_reference_name: rows_2.to_config()}
loose_job.run_config.node_count = 2

experiment = Experiment(ws, name='commands')
experiment.submit(python_job, tags={'batchai_job_name': 'python'})
experiment.submit(shell_job, tags={'batchai_job_name': 'shell'})
experiment.submit(mpi_job, tags={'batchai_job_name': 'mpi'})
experiment.submit(loose_job, tags={'batchai_job_name': 'loose'})
