"""Sample data."""

from azure.storage.blob import BlockBlobService


def download_file(sas: str, destination: str) -> None:
    """Download a URL to a file, creating its directory."""


def download_and_upload_mnist_dataset_to_blob(
    blob_service: BlockBlobService, azure_blob_container_name: str, mnist_dataset_directory: str) -> None:
    """Download the MNIST archive and upload its ten files to a directory of a container."""


def download_and_upload_rnn_dataset_to_blob(
    blob_service: BlockBlobService, azure_blob_container_name: str, rnn_dataset_directory: str) -> None:
    """Download the RNN text archive and upload its three files to a directory of a container."""
