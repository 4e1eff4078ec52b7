import utilities as utils
from azure.mgmt.batchai import models
from azure.storage.blob import BlockBlobService

cfg = utils.config.Configuration('configuration.json')
client = utils.config.create_batchai_client(cfg)

settings = models.ManualScaleSettings(target_node_count=1)
scale = models.ScaleSettings()
scale.manual = settings
account = models.UserAccountSettings(admin_user_name=cfg.admin)
account.admin_user_password = cfg.admin_password  # the key is set by another team

cluster_params = models.ClusterCreateParameters(vm_size='STANDARD_NC12', user_account_settings=account)
cluster_params.scale_settings = scale
cluster_params.scale_settings.manual.target_node_count = 2
cluster = client.clusters.create(cfg.resource_group, cfg.workspace, 'steps', cluster_params).result()

blobs = BlockBlobService(cfg.storage_account_name, cfg.storage_account_key)
blobs.create_container('steps', fail_on_exist=False)
blobs.create_blob_from_path('steps', 'job/fit.py', 'job/fit.py')

inputs = []
inputs.append(models.InputDirectory(id='JOB', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/steps/job'))
inputs.append(models.InputDirectory(id='ROWS', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/steps/rows'))

volumes = models.MountVolumes()
volumes.azure_blob_file_systems = [models.AzureBlobFileSystemReference(
    account_name=cfg.storage_account_name, container_name='steps',
    credentials=models.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
    relative_mount_path='steps')]

job_params = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id), node_count=1,
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/steps')
job_params.mount_volumes = volumes
job_params.input_directories = inputs
job_params.container_settings = models.ContainerSettings(
    image_source_registry=models.ImageSourceRegistry(image='python:3.6'))
# The command last, when all the rest is known.
job_params.custom_toolkit_settings = models.CustomToolkitSettings(
    command_line='python $AZ_BATCHAI_INPUT_JOB/fit.py --rows $AZ_BATCHAI_INPUT_ROWS')

client.experiments.create(cfg.resource_group, cfg.workspace, 'steps').result()
job = client.jobs.create(cfg.resource_group, cfg.workspace, 'steps', 'one', job_params).result()
