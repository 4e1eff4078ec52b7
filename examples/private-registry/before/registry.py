import sys
from azure.storage.file import FileService
from azure.mgmt.batchai import models
sys.path.append('../../..')
import utilities as utils

cfg = utils.config.Configuration('../../configuration.json')
client = utils.config.create_batchai_client(cfg)

service = FileService(cfg.storage_account_name, cfg.storage_account_key)
service.create_share('maps', fail_on_exist=False)
service.create_directory('maps', 'tiles', fail_on_exist=False)
service.create_file_from_path('maps', 'tiles', 'segment.py', 'segment.py')

cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'maps')
parameters = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=1,
    input_directories=[models.InputDirectory(id='TILES', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/maps/tiles')],
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/maps',
    mount_volumes=models.MountVolumes(azure_file_shares=[models.AzureFileShareReference(
        account_name=cfg.storage_account_name,
        azure_file_url='https://{0}.file.core.windows.net/{1}'.format(cfg.storage_account_name, 'maps'),
        credentials=models.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
        relative_mount_path='maps')]),
    container_settings=models.ContainerSettings(
        image_source_registry=models.ImageSourceRegistry(
            server_url=cfg.container_registry_secret_url,
            image='maps/segment:7',
            credentials=models.PrivateRegistryCredentials(
                username=cfg.container_registry_user,
                password=cfg.container_registry_password))),
    py_torch_settings=models.PyTorchSettings(
        python_script_file_path='$AZ_BATCHAI_INPUT_TILES/segment.py',
        command_line_args='--zoom 14'))

client.experiments.create(cfg.resource_group, cfg.workspace, 'maps').result()
job = client.jobs.create(cfg.resource_group, cfg.workspace, 'maps', 'zoom14', parameters).result()
