"""What the team does with storage around its Batch AI jobs."""
import os
import sys

from azure.storage.blob import BlockBlobService
from azure.storage.file import FileService

sys.path.append('../../..')
import utilities as utils

cfg = utils.config.Configuration('../../configuration.json')
client = utils.config.create_batchai_client(cfg)

container = 'weather'
blobs = BlockBlobService(cfg.storage_account_name, cfg.storage_account_key)
blobs.create_container(container, fail_on_exist=False)

local = 'measurements'
for name in os.listdir(local):
    blobs.create_blob_from_path(container, 'raw/' + name, os.path.join(local, name))

# Another name in storage than on disk.
blobs.create_blob_from_path(container, 'raw/stations.csv', os.path.join(local, 'stations-2018.csv'))
blobs.create_blob_from_text(container, 'raw/README', 'Measurements, one file a day.')

if not blobs.exists(container, 'raw/stations.csv'):
    raise SystemExit('the upload failed')
for blob in blobs.list_blobs(container, prefix='raw/'):
    print(blob.name)

share = 'weather-models'
files = FileService(account_name=cfg.storage_account_name, account_key=cfg.storage_account_key)
files.create_share(share, fail_on_exist=False)
files.create_directory(share, 'seed', fail_on_exist=False)
files.create_file_from_path(share, 'seed', 'weights.h5', 'weights.h5')
files.get_file_to_path(share, 'seed', 'weights.h5', os.path.join('backup', 'weights.h5'))

utils.dataset.download_and_upload_mnist_dataset_to_blob(blobs, container, 'mnist')

cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'weather')
utils.cluster.print_cluster_status(cluster)

files.delete_share(share)
blobs.delete_container(container)
