import json
import types
from azureml.core import ContainerRegistry, Datastore, Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.train.dnn import PyTorch

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
    container_registry_user=configuration.get('container_registry', {}).get('user'),
    container_registry_password=configuration.get('container_registry', {}).get('password'),
    container_registry_secret_url=configuration.get('container_registry', {}).get('secret_url'),
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

ds = Datastore.register_azure_file_share(
    workspace=ws,
    datastore_name='maps_file',
    file_share_name='maps',
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)
ds.upload_files(['segment.py'], target_path='tiles', overwrite=True, show_progress=True)

cluster = ComputeTarget(workspace=ws, name='maps')
registry = ContainerRegistry()
registry.address = cfg.container_registry_secret_url
registry.username = cfg.container_registry_user
registry.password = cfg.container_registry_password
parameters = PyTorch(
    source_directory='.',
    entry_script='segment.py',
    script_params={'--zoom': 14},
    compute_target=cluster,
    node_count=1,
    custom_docker_image='maps/segment:7',
    user_managed=True,
    image_registry_details=registry)

experiment = Experiment(ws, name='maps')
job = experiment.submit(parameters, tags={'batchai_job_name': 'zoom14'})
