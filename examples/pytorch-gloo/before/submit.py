from __future__ import print_function
import sys

import azure.mgmt.batchai as batchai
from azure.mgmt.batchai import models as baimodels
from azure.storage.blob import BlockBlobService

sys.path.append('..')
import utilities as utils

cfg = utils.config.Configuration('../configuration.json')
client = utils.config.create_batchai_client(cfg)
RG, WS = cfg.resource_group, cfg.workspace

container = 'birds'
blobs = BlockBlobService(account_name=cfg.storage_account_name, account_key=cfg.storage_account_key)
blobs.create_container(container, fail_on_exist=False)
blobs.create_blob_from_path(container, 'scripts/birds_dist.py', 'birds_dist.py')
blobs.create_blob_from_path(container, 'data/birds.npz', '/mnt/local/birds.npz')

NODES = 3

cluster = client.clusters.get(RG, WS, 'birds')
jcp = baimodels.JobCreateParameters(
    cluster=baimodels.ResourceId(id=cluster.id),
    node_count=NODES,
    input_directories=[
        baimodels.InputDirectory(id='SCRIPT', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/blob/scripts'),
        baimodels.InputDirectory(id='DATA', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/blob/data'),
    ],
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/blob',
    mount_volumes=baimodels.MountVolumes(azure_blob_file_systems=[
        baimodels.AzureBlobFileSystemReference(
            account_name=cfg.storage_account_name,
            container_name=container,
            credentials=baimodels.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
            relative_mount_path='blob'),
    ]),
    container_settings=baimodels.ContainerSettings(
        image_source_registry=baimodels.ImageSourceRegistry(image='pytorch/pytorch:0.4_cuda9_cudnn7')),
    py_torch_settings=baimodels.PyTorchSettings(
        python_script_file_path='$AZ_BATCHAI_INPUT_SCRIPT/birds_dist.py',
        command_line_args='--rank $AZ_BATCHAI_TASK_INDEX --world-size {0} '
                          '--dist-url $AZ_BATCHAI_PYTORCH_INIT_METHOD --dist-backend $AZ_BATCHAI_PYTORCH_BACKEND '
                          '--data $AZ_BATCHAI_INPUT_DATA/birds.npz'.format(NODES),
        communication_backend='gloo',
    ),
)

client.experiments.create(RG, WS, 'birds').result()
job = client.jobs.create(RG, WS, 'birds', 'gloo-1', jcp).result()
utils.job.print_job_status(job)
