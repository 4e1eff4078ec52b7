"""Submit the sentiment model to Batch AI and wait for nothing."""
import os
from datetime import timedelta

from azure.common.credentials import ServicePrincipalCredentials
from azure.mgmt.batchai import BatchAIManagementClient
from azure.mgmt.batchai import models
from azure.storage.file import FileService

RESOURCE_GROUP = 'nlp-rg'
WORKSPACE = 'nlp'
LOCATION = 'westeurope'
ACCOUNT = os.environ['STORAGE_ACCOUNT']
KEY = os.environ['STORAGE_KEY']
SHARE = 'sentiment'

credentials = ServicePrincipalCredentials(
    client_id=os.environ['CLIENT_ID'],
    secret=os.environ['CLIENT_SECRET'],
    tenant=os.environ['TENANT_ID'])
client = BatchAIManagementClient(credentials, os.environ['SUBSCRIPTION_ID'])

client.workspaces.create(RESOURCE_GROUP, WORKSPACE, LOCATION).result()

# --- storage -----------------------------------------------------------------
files = FileService(ACCOUNT, KEY)
files.create_share(SHARE, fail_on_exist=False)
files.create_directory(SHARE, 'code', fail_on_exist=False)
files.create_directory(SHARE, 'reviews', fail_on_exist=False)
files.create_file_from_path(SHARE, 'code', 'sentiment.py', 'sentiment.py')
for name in ['train.tsv', 'test.tsv']:
    files.create_file_from_path(SHARE, 'reviews', name, os.path.join('data', name))

# --- cluster -----------------------------------------------------------------
scale = models.ScaleSettings(manual=models.ManualScaleSettings(target_node_count=1))
user = models.UserAccountSettings(admin_user_name='nlp',
                                  admin_user_ssh_public_key=open('id_rsa.pub').read())
client.clusters.create(RESOURCE_GROUP, WORKSPACE, 'nlp-v100',
                       models.ClusterCreateParameters(vm_size='Standard_NC6s_v3',
                                                      scale_settings=scale,
                                                      user_account_settings=user)).result()
cluster = client.clusters.get(RESOURCE_GROUP, WORKSPACE, 'nlp-v100')
print('nodes: %d' % cluster.current_node_count)

# --- job ---------------------------------------------------------------------
mounts = models.MountVolumes(azure_file_shares=[models.AzureFileShareReference(
    account_name=ACCOUNT,
    azure_file_url='https://%s.file.core.windows.net/%s' % (ACCOUNT, SHARE),
    relative_mount_path='share',
    credentials=models.AzureStorageCredentialsInfo(account_key=KEY))])

job_parameters = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=1,
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/share',
    mount_volumes=mounts,
    input_directories=[
        models.InputDirectory(id='CODE', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/share/code'),
        models.InputDirectory(id='DATA', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/share/reviews'),
    ],
    output_directories=[
        models.OutputDirectory(id='MODEL', path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/share', path_suffix='model'),
    ],
    container_settings=models.ContainerSettings(
        image_source_registry=models.ImageSourceRegistry(image='tensorflow/tensorflow:1.10.0-gpu-py3'),
        shm_size='2g'),
    environment_variables=[models.EnvironmentVariable(name='TF_CPP_MIN_LOG_LEVEL', value='2')],
    constraints=models.JobBasePropertiesConstraints(max_wall_clock_time=timedelta(hours=6)),
    tensor_flow_settings=models.TensorFlowSettings(
        python_script_file_path='$AZ_BATCHAI_INPUT_CODE/sentiment.py',
        master_command_line_args='--epochs 12 --batch-size=64 --shuffle '
                                 '--train $AZ_BATCHAI_INPUT_DATA/train.tsv '
                                 '--test $AZ_BATCHAI_INPUT_DATA/test.tsv '
                                 '--model $AZ_BATCHAI_OUTPUT_MODEL'))

client.experiments.create(RESOURCE_GROUP, WORKSPACE, 'sentiment').result()
client.jobs.create(RESOURCE_GROUP, WORKSPACE, 'sentiment', 'sentiment_lstm', job_parameters).result()
print('submitted')
