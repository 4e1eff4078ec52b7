import utilities as utils
from azure.mgmt.batchai import models

cfg = utils.config.Configuration('configuration.json')
client = utils.config.create_batchai_client(cfg)
cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'vault')

vault = models.ResourceId(id=cfg.keyvault_id)

jcp = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=1,
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/share',
    mount_volumes=models.MountVolumes(azure_file_shares=[models.AzureFileShareReference(
        account_name=cfg.storage_account_name,
        azure_file_url='https://{0}.file.core.windows.net/share'.format(cfg.storage_account_name),
        # The key itself never leaves the vault.
        credentials=models.AzureStorageCredentialsInfo(
            account_key_secret_reference=models.KeyVaultSecretReference(
                source_vault=vault, secret_url='https://lab.vault.azure.net/secrets/storage')),
        relative_mount_path='share')]),
    environment_variables=[models.EnvironmentVariable(name='MODE', value='fast')],
    secrets=[
        models.EnvironmentVariableWithSecretValue(name='DB_PASSWORD', value=cfg.admin_password),
        models.EnvironmentVariableWithSecretValue(
            name='TOKEN',
            value_secret_reference=models.KeyVaultSecretReference(
                source_vault=vault, secret_url='https://lab.vault.azure.net/secrets/token')),
    ],
    container_settings=models.ContainerSettings(
        image_source_registry=models.ImageSourceRegistry(image='python:3.6')),
    custom_toolkit_settings=models.CustomToolkitSettings(command_line='python -m report'))

client.experiments.create(cfg.resource_group, cfg.workspace, 'report').result()
client.jobs.create(cfg.resource_group, cfg.workspace, 'report', 'monthly', jcp).result()
