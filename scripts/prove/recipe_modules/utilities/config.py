"""The configuration file of the recipes and the clients made from it."""

import json

import azure.mgmt.batchai as batchai
from azure.common.credentials import ServicePrincipalCredentials


def encode(value):
    return value if isinstance(value, str) else value.encode("utf-8")


class Configuration(object):
    def __init__(self, file_name):
        with open(file_name) as f:
            values = json.load(f)
        storage, admin = values["storage_account"], values["admin_user"]
        registry = values.get("container_registry", {})
        self.subscription_id = values["subscription_id"]
        self.aad_client_id = values["aad_client_id"]
        self.aad_secret_key = values["aad_secret"]
        self.aad_tenant = values["aad_tenant"]
        self.aad_token_uri = values.get("aad_token_uri")
        self.location = values["location"]
        self.url = values["base_url"]
        self.resource_group = values["resource_group"]
        self.workspace = values["workspace"]
        self.storage_account_name = storage["name"]
        self.storage_account_key = storage["key"]
        self.admin = admin["name"]
        self.admin_password = admin.get("password")
        self.admin_ssh_key = admin.get("ssh_public_key")
        self.container_registry_user = registry.get("user")
        self.container_registry_password = registry.get("password")
        self.container_registry_secret_url = registry.get("secret_url")
        self.keyvault_id = values.get("keyvault_id")


def _credentials(configuration):
    return ServicePrincipalCredentials(client_id=configuration.aad_client_id, secret=configuration.aad_secret_key,
                                       tenant=configuration.aad_tenant)


def create_batchai_client(configuration):
    return batchai.BatchAIManagementClient(
        credentials=_credentials(configuration), subscription_id=configuration.subscription_id,
        base_url=configuration.url)


def create_resource_group(configuration):
    from azure.mgmt.resource import ResourceManagementClient

    client = ResourceManagementClient(credentials=_credentials(configuration),
                                      subscription_id=configuration.subscription_id, base_url=configuration.url)
    client.resource_groups.create_or_update(configuration.resource_group, {"location": configuration.location})
