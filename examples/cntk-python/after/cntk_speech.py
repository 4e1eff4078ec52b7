from __future__ import print_function
from datetime import datetime
import os
import json
import types

from azureml.core import Datastore, Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.exceptions import ComputeTargetException
from azureml.train.dnn import Mpi
from azureml.train.estimator import Estimator

with open('../configuration.json') as config_file:
    configuration = json.load(config_file)
cfg = types.SimpleNamespace(
    subscription_id=configuration['subscription_id'],
    aad_client_id=configuration['aad_client_id'],
    aad_secret_key=configuration['aad_secret'],
    aad_tenant=configuration['aad_tenant'],
    location=configuration['location'],
    resource_group=configuration['resource_group'],
    workspace=configuration['workspace'],
    storage_account_name=configuration['storage_account']['name'],
    storage_account_key=configuration['storage_account']['key'],
    admin=configuration['admin_user']['name'],
    admin_password=configuration['admin_user'].get('password'),
    admin_ssh_key=configuration['admin_user'].get('ssh_public_key'),
)
ws = Workspace.create(
    name=cfg.workspace,
    auth=ServicePrincipalAuthentication(
        tenant_id=cfg.aad_tenant,
        service_principal_id=cfg.aad_client_id,
        service_principal_password=cfg.aad_secret_key,
    ),
    subscription_id=cfg.subscription_id,
    resource_group=cfg.resource_group,
    location=cfg.location,
    create_resource_group=True,
    exist_ok=True,
)

azure_file_share_name = 'speech'
ds = Datastore.register_azure_file_share(
    workspace=ws,
    datastore_name='speech_file',
    file_share_name=azure_file_share_name,
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)

cntk_script_path = 'speech'
for script in ('lstm.py', 'reader.py'):
    ds.upload_files([script], target_path=cntk_script_path, overwrite=True, show_progress=True)

nodes_count = 1
cluster_name = 'speech'
parameters = AmlCompute.provisioning_configuration(
    vm_size='STANDARD_NC24',
    min_nodes=nodes_count,
    max_nodes=nodes_count,
    admin_username=cfg.admin,
    admin_user_password=cfg.admin_password or None,
    admin_user_ssh_key=cfg.admin_ssh_key or None)
try:
    cluster = ComputeTarget(workspace=ws, name=cluster_name)
except ComputeTargetException:
    cluster = ComputeTarget.create(ws, cluster_name, parameters)
cluster.wait_for_completion(show_output=True)

cluster = ComputeTarget(workspace=ws, name=cluster_name)
print(cluster.get_status().serialize())

azure_file_share = 'afs'
job_name = datetime.utcnow().strftime('speech_%m_%d_%H%M%S')
parameters = Estimator(
    source_directory='.',
    entry_script='lstm.py',
    script_params={'--layers': 3, '--outputdir': './outputs/Models', '-n': 10},
    compute_target=cluster,
    node_count=nodes_count,
    process_count_per_node=4,
    distributed_training=Mpi(process_count_per_node=4),
    custom_docker_image='microsoft/cntk:2.5.1-gpu-python2.7-cuda9.0-cudnn7.0',
    user_managed=True,
    use_gpu=True)

experiment_name = 'speech'
experiment = Experiment(ws, name=experiment_name)
job = experiment.submit(parameters, tags={'batchai_job_name': job_name})
print('Created Job: {}'.format(job.id))
job.wait_for_completion(show_output=True)

# Everything that the job left in MODEL.
files = [name for name in job.get_file_names() if name.startswith('outputs/Models/')]
for f in list(files):
    if f:
        job.download_file(f, output_file_path=os.path.relpath(f, 'outputs/Models'))
print('All files Downloaded')

if job.get_status() not in ('Completed', 'Failed', 'Canceled'):
    job.cancel()
cluster.delete()
