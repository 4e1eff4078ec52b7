import azure.mgmt.batchai as batchai
import azure.mgmt.batchai.models as models
from azure.common.credentials import ServicePrincipalCredentials

import settings
import store

service = store.connect()
store.upload_folder(service, './training', settings.SCRIPTS)
store.upload_folder(service, './images', 'images')
print(store.upload_file(service, 'labels.csv', folder='images'))

client = batchai.BatchAIManagementClient(
    ServicePrincipalCredentials(client_id='app', secret='word', tenant='directory'), 'subscription')
cluster = client.clusters.get('garden', 'vision', 'gpu')
volume = models.AzureBlobFileSystemReference(
    account_name=settings.ACCOUNT,
    container_name=settings.CONTAINER,
    relative_mount_path='blobs',
    credentials=models.AzureStorageCredentialsInfo(account_key=settings.KEY))
job = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=2,
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/blobs',
    mount_volumes=models.MountVolumes(azure_blob_file_systems=[volume]),
    input_directories=[
        models.InputDirectory(id='SCRIPT', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/blobs/' + settings.SCRIPTS),
        models.InputDirectory(id='IMAGES', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/blobs/images')],
    container_settings=models.ContainerSettings(
        image_source_registry=models.ImageSourceRegistry(image='garden/horovod:1')),
    horovod_settings=models.HorovodSettings(
        python_script_file_path='$AZ_BATCHAI_INPUT_SCRIPT/main.py',
        command_line_args='--images $AZ_BATCHAI_INPUT_IMAGES --epochs 4'))
client.jobs.create('garden', 'vision', 'flowers', 'flowers-4', job).result()
