"""The world in which programs are run: values of a configuration that exist nowhere, and a time that stands still."""

import base64
import datetime
import json
import re

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
#: Where the service looks when a program does not say where.
OTHER_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
OTHER_GROUP = "some-group"
TENANT = "66666666-7777-8888-9999-000000000000"
CLIENT_ID = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
RESOURCE_GROUP = "proof-group"
WORKSPACE = "proof-workspace"
LOCATION = "eastus"
ACCOUNT = "proofaccount"
ACCOUNT_KEY = base64.b64encode(b"not a key of anything, only long enough to sign requests").decode()
PASSWORD = "Pr0of-passw0rd"
SSH_KEY = "ssh-rsa AAAAB3Nzaproof proof@example"

#: The file that the recipes call configuration.json; any JSON file that a program reads and does not bring.
CONFIGURATION = {
    "subscription_id": SUBSCRIPTION,
    "aad_client_id": CLIENT_ID,
    "aad_secret": "proof-secret",
    "aad_tenant": TENANT,
    "aad_token_uri": "https://login.microsoftonline.com/%s/oauth2/token" % TENANT,
    "location": LOCATION,
    "base_url": "https://management.azure.com",
    "resource_group": RESOURCE_GROUP,
    "workspace": WORKSPACE,
    "workspace_name": WORKSPACE,
    "storage_account": {"name": ACCOUNT, "key": ACCOUNT_KEY},
    "storage_account_name": ACCOUNT,
    "storage_account_key": ACCOUNT_KEY,
    "admin_user": {"name": "proofadmin", "password": PASSWORD, "ssh_public_key": SSH_KEY},
    "keyvault_id": "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.KeyVault/vaults/proof" % (
        SUBSCRIPTION, RESOURCE_GROUP),
    "container_registry": {
        "user": "proof-registry-user",
        "password": "proof-registry-password",
        "secret_url": "https://proof.vault.azure.net/secrets/registry",
    },
}

NOW = datetime.datetime(2018, 10, 5, 12, 30, 15)


def configuration_text(extra=None):
    """The text of the configuration file, with the keys of `extra` beside its own."""
    return json.dumps(dict(CONFIGURATION, **(extra or {})), indent=2)


def file_text(name):
    """What stands in a file that a program uploads and does not bring along. `name`: its base name."""
    return ("contents of %s\n" % name).encode()


def body(path, configuration=None):
    """What stands in a file at `path` that a program reads and does not bring along; None: it stays missing."""
    name = re.split(r"[/\\\\]", path)[-1]
    if name.endswith(".json"):
        return configuration_text(configuration).encode()
    if "/run/secrets/" in path:
        return PASSWORD.encode()
    if name.endswith(".pub"):
        return SSH_KEY.encode()
    return file_text(name)


def output_text(name):
    """What stands in a file that a job has written: metrics as the programs look for them."""
    return ("contents of %s\nmetric =0.5%%\nloss: 0.5\naccuracy: 0.5\n" % name).encode()


def environment_value(name):
    """The value of an environment variable that a program asks for and that is not in programs.toml."""
    upper = name.upper()
    for word, value in (("ACCOUNT_KEY", ACCOUNT_KEY), ("STORAGE_KEY", ACCOUNT_KEY), ("SUBSCRIPTION", SUBSCRIPTION),
                        ("TENANT", TENANT), ("CLIENT_ID", CLIENT_ID), ("ACCOUNT", ACCOUNT), ("PASSWORD", PASSWORD),
                        ("RESOURCE_GROUP", RESOURCE_GROUP), ("LOCATION", LOCATION), ("REGION", LOCATION),
                        ("NODES", "2"), ("COUNT", "2"), ("PORT", "8080")):
        if word in upper:
            return value
    return "value-of-" + name.lower().replace("_", "-")


def principal(tenant, client_id, secret):
    """Who asks: a service principal."""
    return " ".join(filter(None, [tenant, client_id, secret]))


def known(secret):
    """A name for a secret of this world, the secret itself otherwise: what the reader of a report wants to see."""
    names = {ACCOUNT_KEY: "the account key", PASSWORD: "the password", SSH_KEY: "the ssh key"}
    return names.get(secret, secret)
