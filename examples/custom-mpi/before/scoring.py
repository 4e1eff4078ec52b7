import sys
import azure.mgmt.batchai.models as models
from azure.storage.blob import BlockBlobService
sys.path.append('../../..')
import utilities as utils

cfg = utils.config.Configuration('../../configuration.json')
client = utils.config.create_batchai_client(cfg)

container = 'scoring'
blob_service = BlockBlobService(cfg.storage_account_name, cfg.storage_account_key)
blob_service.create_container(container, fail_on_exist=False)
blob_service.create_blob_from_path(container, 'app/score_images.py', 'app/score_images.py')

node_count = 4
gpus = 2
cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'scoring')

parameters = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=node_count,
    input_directories=[
        models.InputDirectory(id='APP', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs/app'),
        models.InputDirectory(id='IMAGES', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs/images'),
    ],
    output_directories=[
        models.OutputDirectory(id='LABELS', path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs', path_suffix='labels'),
    ],
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs',
    mount_volumes=models.MountVolumes(azure_blob_file_systems=[models.AzureBlobFileSystemReference(
        account_name=cfg.storage_account_name,
        container_name=container,
        credentials=models.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
        relative_mount_path='bfs')]),
    container_settings=models.ContainerSettings(
        image_source_registry=models.ImageSourceRegistry(image='lab/score-mpi:2018.9')),
    custom_mpi_settings=models.CustomMpiSettings(
        command_line='python $AZ_BATCHAI_INPUT_APP/score_images.py --batch 64 '
                     '--in $AZ_BATCHAI_INPUT_IMAGES --out $AZ_BATCHAI_OUTPUT_LABELS',
        process_count=node_count * gpus))

experiment = client.experiments.create(cfg.resource_group, cfg.workspace, 'scoring').result()
job = client.jobs.create(cfg.resource_group, cfg.workspace, 'scoring', 'all-images', parameters).result()
print(job.name, 'in', experiment.name)
