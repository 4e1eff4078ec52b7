import json
import types
from azureml.core import Datastore, Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
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

container = 'scoring'
ds = Datastore.register_azure_blob_container(
    workspace=ws,
    datastore_name='scoring_blob',
    container_name=container,
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)
ds.upload_files(['app/score_images.py'], target_path='app', overwrite=True, show_progress=True)

node_count = 4
gpus = 2
cluster = ComputeTarget(workspace=ws, name='scoring')

parameters = Estimator(
    source_directory='app',
    entry_script='score_images.py',
    script_params={'--batch': 64, '--in': ds.path('images').as_mount(), '--out': './outputs/labels'},
    compute_target=cluster,
    node_count=node_count,
    process_count_per_node=gpus,
    distributed_training=Mpi(process_count_per_node=gpus),
    custom_docker_image='lab/score-mpi:2018.9',
    user_managed=True)

experiment = Experiment(ws, name='scoring')
job = experiment.submit(parameters, tags={'batchai_job_name': 'all-images'})
print(job.id, 'in', experiment.name)
