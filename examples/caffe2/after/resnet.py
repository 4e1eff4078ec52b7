import json
import types
from azureml.core import Datastore, Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.core.runconfig import DockerConfiguration, MpiConfiguration
from azureml.data import OutputFileDatasetConfig

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
cluster = ComputeTarget(workspace=ws, name='caffe2')

ds = Datastore.register_azure_file_share(
    workspace=ws,
    datastore_name='resnet_file',
    file_share_name='resnet',
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)
ds.upload_files(['resnet50_trainer.py'], target_path='code', overwrite=True, show_progress=True)

shards = 2
shared_job_temp = OutputFileDatasetConfig(name='shared_job_temp').as_mount()
environment = Environment('caffe2ai-caffe2')
environment.docker.base_image = 'caffe2ai/caffe2'
environment.python.user_managed_dependencies = True
jcp = ScriptRunConfig(
    source_directory='.',
    script='resnet50_trainer.py',
    arguments=[
        '--num_shards',
        shards,
        '--run_id',
        '0',
        '--epoch_size',
        '800',
        '--file_store_path',
        shared_job_temp],
    compute_target=cluster,
    environment=environment,
    distributed_job_config=MpiConfiguration(process_count_per_node=1, node_count=shards),
    docker_runtime_config=DockerConfiguration(use_docker=True))

experiment = Experiment(ws, name='resnet')
experiment.submit(jcp, tags={'batchai_job_name': 'shards'})
