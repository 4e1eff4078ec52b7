import utilities as utils
from azure.mgmt.batchai import models

cfg = utils.config.Configuration('configuration.json')
client = utils.config.create_batchai_client(cfg)

SUBNET = ('/subscriptions/{0}/resourceGroups/{1}/providers/Microsoft.Network'
          '/virtualNetworks/{2}/subnets/{3}').format(cfg.subscription_id, 'net-rg', 'lab-vnet', 'batch')

parameters = models.ClusterCreateParameters(
    vm_size='STANDARD_D3_V2',
    vm_priority=models.VmPriority.lowpriority,
    # Never more than the quota of the lab.
    scale_settings=models.ScaleSettings(
        auto_scale=models.AutoScaleSettings(
            minimum_node_count=0,
            maximum_node_count=8,
            initial_node_count=2,
        )
    ),
    user_account_settings=models.UserAccountSettings(
        admin_user_name='lab',
        admin_user_password=cfg.admin_password,
    ),
    subnet=models.ResourceId(id=SUBNET),
    virtual_machine_configuration=models.VirtualMachineConfiguration(
        image_reference=models.ImageReference(
            publisher='microsoft-ads', offer='linux-data-science-vm-ubuntu', sku='linuxdsvmubuntu')),
    node_setup=models.NodeSetup(
        setup_task=models.SetupTask(
            command_line='apt-get install -y libsndfile1',
            std_out_err_path_prefix='$AZ_BATCHAI_MOUNT_ROOT/logs'),
        mount_volumes=models.MountVolumes(
            azure_file_shares=[models.AzureFileShareReference(
                account_name=cfg.storage_account_name,
                azure_file_url='https://{0}.file.core.windows.net/{1}'.format(cfg.storage_account_name, 'logs'),
                credentials=models.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
                relative_mount_path='logs')],
            azure_blob_file_systems=[models.AzureBlobFileSystemReference(
                account_name=cfg.storage_account_name,
                container_name='sounds',
                credentials=models.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
                relative_mount_path='sounds')])))

poller = client.clusters.create(cfg.resource_group, cfg.workspace, 'lowpri', parameters)
cluster = poller.result()

print(cluster.name, cluster.vm_size, cluster.allocation_state, cluster.current_node_count)
print('idle:', cluster.node_state_counts.idle_node_count)

# Off for the weekend: a fixed size of one node.
client.clusters.update(
    cfg.resource_group, cfg.workspace, 'lowpri',
    scale_settings=models.ScaleSettings(manual=models.ManualScaleSettings(target_node_count=1)))

for login in client.clusters.list_remote_login_information(cfg.resource_group, cfg.workspace, 'lowpri'):
    print('ssh lab@{0} -p {1}'.format(login.ip_address, login.port))

for other in client.clusters.list_by_workspace(cfg.resource_group, cfg.workspace):
    print(other.name)

# A job that reads what the cluster has mounted.
jcp = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=1,
    input_directories=[models.InputDirectory(id='SOUNDS', path='$AZ_BATCHAI_MOUNT_ROOT/sounds/2018')],
    std_out_err_path_prefix='$AZ_BATCHAI_MOUNT_ROOT/logs',
    container_settings=models.ContainerSettings(
        image_source_registry=models.ImageSourceRegistry(image='python:3.6')),
    custom_toolkit_settings=models.CustomToolkitSettings(command_line='ls -R $AZ_BATCHAI_INPUT_SOUNDS'))
client.experiments.create(cfg.resource_group, cfg.workspace, 'sounds').result()
client.jobs.create(cfg.resource_group, cfg.workspace, 'sounds', 'list', jcp).result()

print([u.name.value for u in client.usages.list(cfg.location)])
