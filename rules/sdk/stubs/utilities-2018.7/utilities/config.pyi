"""Settings and the clients they give."""

from azure.mgmt.batchai import BatchAIManagementClient


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

