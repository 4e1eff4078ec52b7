import json
import types
from azureml.core import Datastore, Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.core.runconfig import DockerConfiguration

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
cluster = ComputeTarget(workspace=ws, name='caffe')

# The prototxt files are in the container already, below solver/.
ds = Datastore.register_azure_blob_container(
    workspace=ws,
    datastore_name='lmdb_blob',
    container_name='lmdb',
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    overwrite=True)
solver = ds.path('solver', data_reference_name='SOLVER').as_mount()
environment = Environment('bvlc-caffe-gpu')
environment.docker.base_image = 'bvlc/caffe:gpu'
environment.python.user_managed_dependencies = True
jcp = ScriptRunConfig(
    source_directory='.',
    command=['caffe', 'train', '--solver', str(solver) + '/lenet_solver.prototxt', '--gpu=all'],
    compute_target=cluster,
    environment=environment,
    docker_runtime_config=DockerConfiguration(use_docker=True))
jcp.run_config.data_references = {solver.data_reference_name: solver.to_config()}

experiment = Experiment(ws, name='caffe')
job = experiment.submit(jcp, tags={'batchai_job_name': 'lenet'})
