"""Helpers of the Batch AI recipes, a single module."""

from azure.mgmt.batchai import BatchAIManagementClient
from azure.mgmt.batchai.models import Cluster, Job
from azure.storage.blob import BlockBlobService


class Configuration:
    """The settings of a JSON file as attributes."""

    subscription_id: str
    aad_client_id: str
    aad_secret_key: str
    aad_token_uri: str
    location: str
    url: str
    resource_group: str
    workspace: str
    storage_account_name: str
    storage_account_key: str
    admin: str
    admin_password: str | None
    admin_ssh_key: str | None
    container_registry_user: str | None
    container_registry_password: str | None
    container_registry_secret_url: str | None
    keyvault_id: str | None

    def __init__(self, file_name: str) -> None:
        """Read the file; an AttributeError names a missing setting."""


def encode(value: str) -> str:
    """The value as a native string."""


def create_batchai_client(configuration: Configuration) -> BatchAIManagementClient:
    """A client that signs in with the service principal of the settings."""


def create_resource_group(configuration: Configuration) -> None:
    """Create the resource group of the settings unless it exists."""


def download_file(sas: str, destination: str) -> None:
    """Download a URL to a file, creating its directory."""


def download_and_upload_mnist_dataset_to_blob(
    blob_service: BlockBlobService, azure_blob_container_name: str, mnist_dataset_directory: str) -> None:
    """Download the MNIST archive and upload its ten files to a directory of a container."""


def print_job_status(job: Job) -> None:
    """Print state, exit code and failure of a job."""


def print_cluster_status(cluster: Cluster) -> None:
    """Print allocation state and node counts of a cluster."""


class OutputStreamer:
    """Prints what a job appends to one of its output files."""

    client: BatchAIManagementClient
    resource_group: str
    workspace_name: str
    experiment_name: str
    job_name: str
    output_directory_id: str
    file_name: str
    url: str | None
    downloaded: int

    def __init__(self, client: BatchAIManagementClient, resource_group: str, workspace_name: str, experiment_name: str,
                 job_name: str, output_directory_id: str, file_name: str) -> None: ...

    def tail(self) -> None:
        """Print what is new since the last call."""


def wait_for_job_completion(client: BatchAIManagementClient, resource_group: str, workspace_name: str,
                            experiment_name: str, job_name: str, cluster_name: str, output_directory_id: str = None,
                            file_name: str = None) -> None:
    """Print the state of job and cluster, then a file of the job, until the job has ended; does not raise if it failed."""
