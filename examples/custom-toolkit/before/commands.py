import sys
from azure.mgmt.batchai import models
from azure.storage.blob import BlockBlobService
sys.path.append('../../..')
import utilities as utils

cfg = utils.config.Configuration('../../configuration.json')
client = utils.config.create_batchai_client(cfg)
cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'tools')

container_name = 'tools'
blob_service = BlockBlobService(cfg.storage_account_name, cfg.storage_account_key)
blob_service.create_container(container_name, fail_on_exist=False)
blob_service.create_blob_from_path(container_name, 'bin/score.py', 'score.py')

mounts = models.MountVolumes(azure_blob_file_systems=[models.AzureBlobFileSystemReference(
    account_name=cfg.storage_account_name,
    container_name=container_name,
    credentials=models.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
    relative_mount_path='bfs')])
image = models.ContainerSettings(
    image_source_registry=models.ImageSourceRegistry(image='continuumio/miniconda3:4.5.4'))
directories = [
    models.InputDirectory(id='BIN', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs/bin'),
    models.InputDirectory(id='ROWS', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs/rows'),
]

# One node, a script after an export.
python_job = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=1,
    mount_volumes=mounts,
    input_directories=directories,
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs',
    container_settings=image,
    custom_toolkit_settings=models.CustomToolkitSettings(
        command_line='export OMP_NUM_THREADS=4; python $AZ_BATCHAI_INPUT_BIN/score.py --rows $AZ_BATCHAI_INPUT_ROWS'))

# One node, a pipeline of the shell.
shell_job = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=1,
    mount_volumes=mounts,
    input_directories=directories,
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs',
    container_settings=image,
    custom_toolkit_settings=models.CustomToolkitSettings(
        command_line='cat $AZ_BATCHAI_INPUT_ROWS/*.csv | wc -l'))

# Two nodes, MPI started by hand.
mpi_job = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=2,
    mount_volumes=mounts,
    input_directories=directories,
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs',
    container_settings=image,
    custom_toolkit_settings=models.CustomToolkitSettings(
        command_line='mpirun -n 2 -ppn 1 -hosts $AZ_BATCH_HOST_LIST '
                     'python $AZ_BATCHAI_INPUT_BIN/score.py --rows $AZ_BATCHAI_INPUT_ROWS --mpi'))

# Two nodes, and the first one is to find the other.
loose_job = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=2,
    mount_volumes=mounts,
    input_directories=directories,
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs',
    container_settings=image,
    custom_toolkit_settings=models.CustomToolkitSettings(
        command_line='python $AZ_BATCHAI_INPUT_BIN/score.py --hosts $AZ_BATCHAI_MPI_HOST_FILE'))

client.experiments.create(cfg.resource_group, cfg.workspace, 'commands').result()
client.jobs.create(cfg.resource_group, cfg.workspace, 'commands', 'python', python_job).result()
client.jobs.create(cfg.resource_group, cfg.workspace, 'commands', 'shell', shell_job).result()
client.jobs.create(cfg.resource_group, cfg.workspace, 'commands', 'mpi', mpi_job).result()
client.jobs.create(cfg.resource_group, cfg.workspace, 'commands', 'loose', loose_job).result()
