"""What the flowers project needs of a storage account; also used by programs that know nothing of Batch AI."""
import os
import posixpath

from azure.storage.blob import BlockBlobService

import settings


def connect():
    return BlockBlobService(settings.ACCOUNT, settings.KEY)


def upload_file(service, path, folder=''):
    """Uploads a file and gives its name in the container."""
    name = posixpath.join(folder, os.path.basename(path))
    service.create_blob_from_path(settings.CONTAINER, name, path)
    return name


def upload_folder(service, local, remote):
    names = []
    for root, _, files in os.walk(local):
        below = os.path.relpath(root, local)
        target = remote if below == '.' else posixpath.join(remote, below)
        for f in files:
            names.append(upload_file(service, os.path.join(root, f), target))
    return names
