"""Submit the sentiment model to Batch AI and wait for nothing."""
import os

from azureml.core import Datastore, Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.exceptions import ComputeTargetException
from azureml.train.dnn import TensorFlow

RESOURCE_GROUP = 'nlp-rg'
WORKSPACE = 'nlp'
LOCATION = 'westeurope'
ACCOUNT = os.environ['STORAGE_ACCOUNT']
KEY = os.environ['STORAGE_KEY']
SHARE = 'sentiment'

credentials = ServicePrincipalAuthentication(
    tenant_id=os.environ['TENANT_ID'],
    service_principal_id=os.environ['CLIENT_ID'],
    service_principal_password=os.environ['CLIENT_SECRET'])

ws = Workspace.create(
    name=WORKSPACE,
    auth=credentials,
    subscription_id=os.environ['SUBSCRIPTION_ID'],
    resource_group=RESOURCE_GROUP,
    location=LOCATION,
    create_resource_group=True,
    exist_ok=True,
)

# --- storage -----------------------------------------------------------------
ds = Datastore.register_azure_file_share(
    workspace=ws,
    datastore_name='sentiment_file',
    file_share_name=SHARE,
    account_name=ACCOUNT,
    account_key=KEY,
    create_if_not_exists=True,
    overwrite=True,
)
ds.upload_files(['sentiment.py'], target_path='code', overwrite=True, show_progress=True)
for name in ['train.tsv', 'test.tsv']:
    ds.upload_files(
        [os.path.join('data', name)],
        target_path='reviews',
        overwrite=True,
        show_progress=True,
    )

# --- cluster -----------------------------------------------------------------
admin_user_ssh_public_key = open('id_rsa.pub').read()
try:
    cluster = ComputeTarget(workspace=ws, name='nlp-v100')
except ComputeTargetException:
    cluster = ComputeTarget.create(ws,
                                   'nlp-v100',
                                   AmlCompute.provisioning_configuration(vm_size='Standard_NC6s_v3',
                                                                         min_nodes=1,
                                                                         max_nodes=1,
                                                                         admin_username='nlp',
                                                                         admin_user_ssh_key=admin_user_ssh_public_key))
cluster.wait_for_completion(show_output=True)
cluster = ComputeTarget(workspace=ws, name='nlp-v100')
print('nodes: %d' % cluster.get_status().current_node_count)

# --- job ---------------------------------------------------------------------

job_parameters = TensorFlow(
    source_directory='.',
    entry_script='sentiment.py',
    script_params={
        '--epochs': 12,
        '--batch-size': 64,
        '--shuffle': '',
        '--train': ds.path('reviews/train.tsv').as_mount(),
        '--test': ds.path('reviews/test.tsv').as_mount(),
        '--model': './outputs/model'},
    compute_target=cluster,
    node_count=1,
    custom_docker_image='tensorflow/tensorflow:1.10.0-gpu-py3',
    user_managed=True,
    use_gpu=True,
    environment_variables={'TF_CPP_MIN_LOG_LEVEL': '2'},
    shm_size='2g',
    max_run_duration_seconds=21600)

experiment = Experiment(ws, name='sentiment')
experiment.submit(job_parameters, tags={'batchai_job_name': 'sentiment_lstm'})
print('submitted')
