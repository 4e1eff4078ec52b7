from __future__ import print_function
import json
import types
from azureml.core import Datastore, Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.exceptions import ComputeTargetException
from azureml.train.dnn import TensorFlow

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

ds = Datastore.register_azure_file_share(
    workspace=ws,
    datastore_name='early_file',
    file_share_name='early',
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)
ds.upload_files(['train.py'], target_path='code', overwrite=True, show_progress=True)

cluster_name = 'early'
parameters = AmlCompute.provisioning_configuration(
    vm_size="STANDARD_NC6",
    min_nodes=1,
    max_nodes=1,
    admin_username=cfg.admin,
    admin_user_password=cfg.admin_password)
try:
    cluster = ComputeTarget(workspace=ws, name=cluster_name)
except ComputeTargetException:
    cluster = ComputeTarget.create(ws, cluster_name, parameters)
cluster.wait_for_completion(show_output=True)
cluster = ComputeTarget(workspace=ws, name=cluster_name)
print(cluster.get_status().serialize())

job_name = 'early_job'
parameters = TensorFlow(
    source_directory='.',
    entry_script='train.py',
    script_params={'-p': ''},
    compute_target=cluster,
    node_count=1,
    custom_docker_image='tensorflow/tensorflow:1.1.0-gpu',
    user_managed=True,
    use_gpu=True)
job = Experiment(ws, name='early').submit(parameters, tags={'batchai_job_name': job_name})
print('Created Job: {}'.format(job.id))

job.wait_for_completion(show_output=True)

if job.get_status() == 'Completed':
    print('fine')

files = job.get_details()["logFiles"]
for f in list(files):
    job.download_file(f, output_file_path=f)

if job.get_status() not in ('Completed', 'Failed', 'Canceled'):
    job.cancel()
cluster.delete()
