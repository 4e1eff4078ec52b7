import sys
from azure.storage.file import FileService
from azure.mgmt.batchai.models import (
    AzureFileShareReference, AzureStorageCredentialsInfo, ChainerSettings,
    ContainerSettings, ImageSourceRegistry, InputDirectory, JobCreateParameters,
    JobPreparation, MountVolumes, OutputDirectory, ResourceId,
)
sys.path.append('../../..')
import utilities as utils

cfg = utils.config.Configuration('../../configuration.json')
client = utils.config.create_batchai_client(cfg)

fs = FileService(cfg.storage_account_name, cfg.storage_account_key)
fs.create_share('chainer', fail_on_exist=False)
fs.create_directory('chainer', 'digits', fail_on_exist=False)
fs.create_file_from_path('chainer', 'digits', 'digits_mn.py', 'digits_mn.py')

cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'chainer')

root = '$AZ_BATCHAI_JOB_MOUNT_ROOT/files'
parameters = JobCreateParameters(
    cluster=ResourceId(id=cluster.id),
    node_count=2,
    job_preparation=JobPreparation(command_line='pip install chainermn'),
    input_directories=[InputDirectory(id='SCRIPT', path=root + '/digits')],
    std_out_err_path_prefix=root,
    output_directories=[OutputDirectory(id='MODEL', path_prefix=root, path_suffix='Models')],
    mount_volumes=MountVolumes(azure_file_shares=[AzureFileShareReference(
        account_name=cfg.storage_account_name,
        credentials=AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
        azure_file_url='https://{}.file.core.windows.net/chainer'.format(cfg.storage_account_name),
        relative_mount_path='files')]),
    container_settings=ContainerSettings(
        image_source_registry=ImageSourceRegistry(image='chainer/chainer:v4.1.0')),
    chainer_settings=ChainerSettings(
        process_count=2,
        python_script_file_path='$AZ_BATCHAI_INPUT_SCRIPT/digits_mn.py',
        command_line_args='-g -o $AZ_BATCHAI_OUTPUT_MODEL'))

client.experiments.create(cfg.resource_group, cfg.workspace, 'chainer_digits').result()
job = client.jobs.create(cfg.resource_group, cfg.workspace, 'chainer_digits', 'mn', parameters).result()
utils.job.wait_for_job_completion(client, cfg.resource_group, cfg.workspace,
                                  'chainer_digits', 'mn', 'chainer', 'stdouterr', 'stderr.txt')
