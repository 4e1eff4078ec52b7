"""What the team does with storage around its Batch AI jobs."""
import os
import json
import shutil
import tempfile
import types
from azureml.core import Datastore, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget

from azure.storage.blob import BlockBlobService
from azure.storage.file import FileService

with open('../../configuration.json') as config_file:
    configuration = json.load(config_file)
cfg = types.SimpleNamespace(
    subscription_id=configuration['subscription_id'],
    aad_client_id=configuration['aad_client_id'],
    aad_secret_key=configuration['aad_secret'],
    aad_tenant=configuration['aad_tenant'],
    resource_group=configuration['resource_group'],
    workspace=configuration['workspace'],
    storage_account_name=configuration['storage_account']['name'],
    storage_account_key=configuration['storage_account']['key'],
)
ws = Workspace.get(
    name=cfg.workspace,
    auth=ServicePrincipalAuthentication(
        tenant_id=cfg.aad_tenant,
        service_principal_id=cfg.aad_client_id,
        service_principal_password=cfg.aad_secret_key,
    ),
    subscription_id=cfg.subscription_id,
    resource_group=cfg.resource_group,
)

container = 'weather'
blobs = BlockBlobService(cfg.storage_account_name, cfg.storage_account_key)
ds = Datastore.register_azure_blob_container(
    workspace=ws,
    datastore_name='weather_blob',
    container_name=container,
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)

local = 'measurements'
for name in os.listdir(local):
    ds.upload_files(
        [os.path.join(local, name)],
        target_path='raw',
        overwrite=True,
        show_progress=True,
    )

# Another name in storage than on disk.
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, 'stations.csv')
    shutil.copy(os.path.join(local, 'stations-2018.csv'), path)
    ds.upload_files([path], target_path='raw', overwrite=True, show_progress=True)
blobs.create_blob_from_text(container, 'raw/README', 'Measurements, one file a day.')

if not blobs.exists(container, 'raw/stations.csv'):
    raise SystemExit('the upload failed')
for blob in blobs.list_blobs(container, prefix='raw/'):
    print(blob.name)

share = 'weather-models'
files = FileService(account_name=cfg.storage_account_name, account_key=cfg.storage_account_key)
ds_2 = Datastore.register_azure_file_share(
    workspace=ws,
    datastore_name='weather_models_file',
    file_share_name=share,
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)
ds_2.upload_files(['weights.h5'], target_path='seed', overwrite=True, show_progress=True)
files.get_file_to_path(share, 'seed', 'weights.h5', os.path.join('backup', 'weights.h5'))

ds.upload(src_dir='mnist_dataset_full', target_path='mnist', overwrite=True, show_progress=True)

cluster = ComputeTarget(workspace=ws, name='weather')
print(cluster.get_status().serialize())

files.delete_share(share)
blobs.delete_container(container)
