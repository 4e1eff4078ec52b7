import sys
from azure.storage.file import FileService
from azure.mgmt.batchai import models
sys.path.append('../../..')
import utilities as utils

cfg = utils.config.Configuration('../../configuration.json')
client = utils.config.create_batchai_client(cfg)
cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'caffe2')

service = FileService(cfg.storage_account_name, cfg.storage_account_key)
service.create_share('resnet', fail_on_exist=False)
service.create_directory('resnet', 'code', fail_on_exist=False)
service.create_file_from_path('resnet', 'code', 'resnet50_trainer.py', 'resnet50_trainer.py')

shards = 2
jcp = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=shards,
    mount_volumes=models.MountVolumes(azure_file_shares=[models.AzureFileShareReference(
        account_name=cfg.storage_account_name,
        azure_file_url='https://{0}.file.core.windows.net/{1}'.format(cfg.storage_account_name, 'resnet'),
        credentials=models.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
        relative_mount_path='resnet')]),
    input_directories=[models.InputDirectory(id='CODE', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/resnet/code')],
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/resnet',
    container_settings=models.ContainerSettings(
        image_source_registry=models.ImageSourceRegistry(image='caffe2ai/caffe2')),
    caffe2_settings=models.Caffe2Settings(
        python_script_file_path='$AZ_BATCHAI_INPUT_CODE/resnet50_trainer.py',
        command_line_args='--num_shards {0} --shard_id $AZ_BATCHAI_TASK_INDEX --run_id 0 '
                          '--epoch_size 800 --file_store_path $AZ_BATCHAI_SHARED_JOB_TEMP'.format(shards)))

client.experiments.create(cfg.resource_group, cfg.workspace, 'resnet').result()
client.jobs.create(cfg.resource_group, cfg.workspace, 'resnet', 'shards', jcp).result()
