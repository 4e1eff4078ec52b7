import azure.mgmt.batchai.models as models
from azure.storage.file import FileService
import utilities as utils

cfg = utils.config.Configuration('configuration.json')
client = utils.config.create_batchai_client(cfg)

share_name = 'atis'
service = FileService(cfg.storage_account_name, cfg.storage_account_key)
service.create_share(share_name, fail_on_exist=False)
service.create_directory(share_name, 'config', fail_on_exist=False)
service.create_file_from_path(share_name, 'config', 'atis.cntk', 'atis.cntk')
service.create_directory(share_name, 'rows', fail_on_exist=False)
service.create_file_from_path(share_name, 'rows', 'atis.train.ctf', 'atis.train.ctf')

cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'atis')

parameters = models.job_create_parameters.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=1,
    input_directories=[
        models.InputDirectory(id='CONFIG', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/config'),
        models.InputDirectory(id='ROWS', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/rows')],
    output_directories=[
        models.OutputDirectory(id='MODEL', path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs', path_suffix='Models')],
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs',
    mount_volumes=models.MountVolumes(azure_file_shares=[models.AzureFileShareReference(
        account_name=cfg.storage_account_name,
        credentials=models.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
        azure_file_url='https://{0}.file.core.windows.net/{1}'.format(cfg.storage_account_name, share_name),
        relative_mount_path='afs')]),
    container_settings=models.ContainerSettings(
        image_source_registry=models.ImageSourceRegistry(image='microsoft/cntk:2.1-gpu-python3.5-cuda8.0-cudnn6.0')),
    cntk_settings=models.CNTKsettings(
        language_type='BrainScript',
        config_file_path='$AZ_BATCHAI_INPUT_CONFIG/atis.cntk',
        command_line_args='command=Train:Test rootDir=. outputDir=$AZ_BATCHAI_OUTPUT_MODEL dataDir=$AZ_BATCHAI_INPUT_ROWS'))

experiment = client.experiments.create(cfg.resource_group, cfg.workspace, 'atis').result()
job = client.jobs.create(cfg.resource_group, cfg.workspace, experiment.name, 'atis-1', parameters).result()
