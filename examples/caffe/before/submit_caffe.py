import sys
from azure.mgmt.batchai import models
sys.path.append('../../..')
import utilities as utils

cfg = utils.config.Configuration('../../configuration.json')
client = utils.config.create_batchai_client(cfg)
cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'caffe')

mnist_blobs = models.AzureBlobFileSystemReference(
    account_name=cfg.storage_account_name,
    container_name='lmdb',
    credentials=models.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
    relative_mount_path='blobs')

# The prototxt files are in the container already, below solver/.
jcp = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=1,
    mount_volumes=models.MountVolumes(azure_blob_file_systems=[mnist_blobs]),
    input_directories=[models.InputDirectory(id='SOLVER', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/blobs/solver')],
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/blobs',
    container_settings=models.ContainerSettings(
        image_source_registry=models.ImageSourceRegistry(image='bvlc/caffe:gpu')),
    caffe_settings=models.CaffeSettings(
        config_file_path='$AZ_BATCHAI_INPUT_SOLVER/lenet_solver.prototxt',
        command_line_args='--gpu=all'))

_ = client.experiments.create(cfg.resource_group, cfg.workspace, 'caffe').result()
_ = client.jobs.create(cfg.resource_group, cfg.workspace, 'caffe', 'lenet', jcp).result()
