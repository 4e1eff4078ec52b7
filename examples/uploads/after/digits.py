"""Trains on the digits, with a thin layer around storage and Batch AI."""
import os

from azureml.core import Datastore, Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.train.dnn import TensorFlow
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
    ds = Datastore.register_azure_blob_container(
        workspace=cluster.workspace,
        datastore_name='digits_blob',
        container_name='digits',
        account_name=ACCOUNT,
        account_key=KEY,
        overwrite=True)
    return TensorFlow(
        source_directory='src',
        entry_script='train.py',
        script_params={'--data': ds.path('data').as_mount(), '--epochs': 3},
        compute_target=cluster,
        node_count=1,
        custom_docker_image='tensorflow/tensorflow:1.8.0-gpu-py3',
        user_managed=True)


def main(group, workspace):
    storage = Storage('digits')
    storage.upload_files(['train.gz', 'test.gz'], 'measured', 'data')
    storage.upload('src', 'scripts')
    storage.upload_files(['README.txt'], '.')

    credentials = ServicePrincipalAuthentication(
        tenant_id=os.environ['TENANT'],
        service_principal_id=os.environ['CLIENT'],
        service_principal_password=os.environ['SECRET'])
    ws = Workspace.get(
        name=workspace,
        auth=credentials,
        subscription_id=os.environ['SUBSCRIPTION'],
        resource_group=group,
    )
    cluster = ComputeTarget(workspace=ws, name='nc6')
    Experiment(ws, name='digits').submit(parameters(cluster), tags={'batchai_job_name': 'first'})


if __name__ == '__main__':
    main('research', 'vision')
