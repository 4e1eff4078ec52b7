from __future__ import print_function

import json
import types
from azureml.core import Datastore, Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.train.dnn import Gloo, PyTorch

with open('../configuration.json') as config_file:
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
RG, WS = cfg.resource_group, cfg.workspace

container = 'birds'
ds = Datastore.register_azure_blob_container(
    workspace=ws,
    datastore_name='birds_blob',
    container_name=container,
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)
ds.upload_files(['birds_dist.py'], target_path='scripts', overwrite=True, show_progress=True)
ds.upload_files(['/mnt/local/birds.npz'], target_path='data', overwrite=True, show_progress=True)

NODES = 3

cluster = ComputeTarget(workspace=ws, name='birds')
jcp = PyTorch(
    source_directory='.',
    entry_script='birds_dist.py',
    script_params={
        '--world-size': NODES,
        '--dist-url': 'env://',
        '--dist-backend': 'gloo',
        '--data': ds.path('data/birds.npz').as_mount(),
    },
    compute_target=cluster,
    node_count=NODES,
    distributed_training=Gloo(),
    custom_docker_image='pytorch/pytorch:0.4_cuda9_cudnn7',
    user_managed=True,
)

experiment = Experiment(ws, name='birds')
job = experiment.submit(jcp, tags={'batchai_job_name': 'gloo-1'})
print('Job state: {0}'.format(job.get_status()))
