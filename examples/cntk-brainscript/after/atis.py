import json
import types
from azureml.core import Datastore, Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.core.runconfig import DockerConfiguration

with open('configuration.json') as config_file:
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

share_name = 'atis'
ds = Datastore.register_azure_file_share(
    workspace=ws,
    datastore_name='atis_file',
    file_share_name=share_name,
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)
ds.upload_files(['atis.cntk'], target_path='config', overwrite=True, show_progress=True)
ds.upload_files(['atis.train.ctf'], target_path='rows', overwrite=True, show_progress=True)

cluster = ComputeTarget(workspace=ws, name='atis')

rows = ds.path('rows', data_reference_name='ROWS').as_mount()
environment = Environment('microsoft-cntk-2-1-gpu-python3-5-cuda8-0-cudnn6-0')
environment.docker.base_image = 'microsoft/cntk:2.1-gpu-python3.5-cuda8.0-cudnn6.0'
environment.python.user_managed_dependencies = True
parameters = ScriptRunConfig(
    source_directory='.',
    command=[
        'cntk',
        'configFile=atis.cntk',
        'command=Train:Test',
        'rootDir=.',
        'outputDir=./outputs/Models',
        'dataDir=' + str(rows)],
    compute_target=cluster,
    environment=environment,
    docker_runtime_config=DockerConfiguration(use_docker=True))
parameters.run_config.data_references = {rows.data_reference_name: rows.to_config()}

experiment = Experiment(ws, name='atis')
job = experiment.submit(parameters, tags={'batchai_job_name': 'atis-1'})
