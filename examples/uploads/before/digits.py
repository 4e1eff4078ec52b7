"""Trains on the digits, with a thin layer around storage and Batch AI."""
import os

import azure.mgmt.batchai as batchai
from azure.common.credentials import ServicePrincipalCredentials
from azure.mgmt.batchai import models
from azure.storage.blob import BlockBlobService

ACCOUNT = os.environ['STORAGE_ACCOUNT']
KEY = os.environ['STORAGE_KEY']


class Storage(object):
    """A container with folders of ours."""

    def __init__(self, container):
        self.container = container
        self.service = BlockBlobService(account_name=ACCOUNT, account_key=KEY)
        self.service.create_container(container, fail_on_exist=False)

    def upload(self, local, remote):
        """Copies a folder with all that is below it."""
        for folder, _, names in os.walk(local):
            for name in names:
                path = os.path.join(folder, name)
                rest = os.path.relpath(path, local)
                self.service.create_blob_from_path(self.container, os.path.join(remote, rest), path)

    def upload_files(self, names, local, remote='misc'):
        """Copies some files of a folder."""
        for name in names:
            self.service.create_blob_from_path(
                self.container, '{0}/{1}'.format(remote, name), os.path.join(local, name))


def parameters(cluster):
    volumes = models.MountVolumes(azure_blob_file_systems=[
        models.AzureBlobFileSystemReference(
            account_name=ACCOUNT,
            container_name='digits',
            relative_mount_path='digits',
            credentials=models.AzureStorageCredentialsInfo(account_key=KEY))])
    return models.JobCreateParameters(
        cluster=models.ResourceId(id=cluster.id),
        node_count=1,
        mount_volumes=volumes,
        std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/digits/logs',
        input_directories=[
            models.InputDirectory(id='SCRIPTS', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/digits/scripts'),
            models.InputDirectory(id='DATA', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/digits/data')],
        container_settings=models.ContainerSettings(
            image_source_registry=models.ImageSourceRegistry(image='tensorflow/tensorflow:1.8.0-gpu-py3')),
        tensor_flow_settings=models.TensorFlowSettings(
            python_script_file_path='$AZ_BATCHAI_INPUT_SCRIPTS/train.py',
            master_command_line_args='--data $AZ_BATCHAI_INPUT_DATA --epochs 3'))


def main(group, workspace):
    storage = Storage('digits')
    storage.upload_files(['train.gz', 'test.gz'], 'measured', 'data')
    storage.upload('src', 'scripts')
    storage.upload_files(['README.txt'], '.')

    credentials = ServicePrincipalCredentials(
        client_id=os.environ['CLIENT'], secret=os.environ['SECRET'], tenant=os.environ['TENANT'])
    client = batchai.BatchAIManagementClient(credentials, os.environ['SUBSCRIPTION'])
    cluster = client.clusters.get(group, workspace, 'nc6')
    client.jobs.create(group, workspace, 'digits', 'first', parameters(cluster)).result()


if __name__ == '__main__':
    main('research', 'vision')
