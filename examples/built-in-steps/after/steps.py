import json
import types
from azureml.core import Datastore, Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.exceptions import ComputeTargetException
from azureml.train.estimator import Estimator

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
    admin=configuration['admin_user']['name'],
    admin_password=configuration['admin_user'].get('password'),
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

# the key is set by another team

cluster_params = AmlCompute.provisioning_configuration(
    vm_size='STANDARD_NC12',
    min_nodes=2,
    max_nodes=2,
    admin_username=cfg.admin,
    admin_user_password=cfg.admin_password,
)
try:
    cluster = ComputeTarget(workspace=ws, name='steps')
except ComputeTargetException:
    cluster = ComputeTarget.create(ws, 'steps', cluster_params)
cluster.wait_for_completion(show_output=True)

ds = Datastore.register_azure_blob_container(
    workspace=ws,
    datastore_name='steps_blob',
    container_name='steps',
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)
ds.upload_files(['job/fit.py'], target_path='job', overwrite=True, show_progress=True)

# The command last, when all the rest is known.
job_params = Estimator(
    source_directory='job',
    entry_script='fit.py',
    script_params={'--rows': ds.path('rows').as_mount()},
    compute_target=cluster,
    node_count=1,
    custom_docker_image='python:3.6',
    user_managed=True,
    use_gpu=True)

experiment = Experiment(ws, name='steps')
job = experiment.submit(job_params, tags={'batchai_job_name': 'one'})
