from __future__ import print_function
from datetime import datetime
import os
import sys

from azure.storage.file import FileService
import azure.mgmt.batchai.models as models

sys.path.append('../..')
import utilities as utils

cfg = utils.config.Configuration('../configuration.json')
client = utils.config.create_batchai_client(cfg)
utils.config.create_resource_group(cfg)
_ = client.workspaces.create(cfg.resource_group, cfg.workspace, cfg.location).result()

azure_file_share_name = 'speech'
service = FileService(cfg.storage_account_name, cfg.storage_account_key)
service.create_share(azure_file_share_name, fail_on_exist=False)

cntk_script_path = 'speech'
service.create_directory(azure_file_share_name, cntk_script_path, fail_on_exist=False)
for script in ('lstm.py', 'reader.py'):
    service.create_file_from_path(azure_file_share_name, cntk_script_path, script, script)

nodes_count = 1
cluster_name = 'speech'
parameters = models.ClusterCreateParameters(
    vm_size='STANDARD_NC24',
    scale_settings=models.ScaleSettings(
        manual=models.ManualScaleSettings(target_node_count=nodes_count)),
    user_account_settings=models.UserAccountSettings(
        admin_user_name=cfg.admin,
        admin_user_password=cfg.admin_password or None,
        admin_user_ssh_public_key=cfg.admin_ssh_key or None))
_ = client.clusters.create(cfg.resource_group, cfg.workspace, cluster_name, parameters).result()

cluster = client.clusters.get(cfg.resource_group, cfg.workspace, cluster_name)
utils.cluster.print_cluster_status(cluster)

azure_file_share = 'afs'
job_name = datetime.utcnow().strftime('speech_%m_%d_%H%M%S')
parameters = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=nodes_count,
    input_directories=[models.InputDirectory(
        id='SCRIPT',
        path='$AZ_BATCHAI_JOB_MOUNT_ROOT/{0}/{1}'.format(azure_file_share, cntk_script_path))],
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/{0}'.format(azure_file_share),
    output_directories=[models.OutputDirectory(
        id='MODEL',
        path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/{0}'.format(azure_file_share),
        path_suffix='Models')],
    mount_volumes=models.MountVolumes(
        azure_file_shares=[
            models.AzureFileShareReference(
                account_name=cfg.storage_account_name,
                credentials=models.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
                azure_file_url='https://{0}.file.core.windows.net/{1}'.format(
                    cfg.storage_account_name, azure_file_share_name),
                relative_mount_path=azure_file_share)]),
    container_settings=models.ContainerSettings(
        image_source_registry=models.ImageSourceRegistry(image='microsoft/cntk:2.5.1-gpu-python2.7-cuda9.0-cudnn7.0')),
    cntk_settings=models.CNTKsettings(
        python_script_file_path='$AZ_BATCHAI_INPUT_SCRIPT/lstm.py',
        command_line_args='--layers 3 --outputdir $AZ_BATCHAI_OUTPUT_MODEL -n 10',
        process_count=4))

experiment_name = 'speech'
_ = client.experiments.create(cfg.resource_group, cfg.workspace, experiment_name).result()
job = client.jobs.create(cfg.resource_group, cfg.workspace, experiment_name, job_name, parameters).result()
print('Created Job: {}'.format(job.name))
utils.job.wait_for_job_completion(client, cfg.resource_group, cfg.workspace,
                                  experiment_name, job_name, cluster_name, 'stdouterr', 'stderr.txt')

# Everything that the job left in MODEL.
files = client.jobs.list_output_files(cfg.resource_group, cfg.workspace, experiment_name, job_name,
                                      models.JobsListOutputFilesOptions(outputdirectoryid='MODEL'))
for f in list(files):
    if f.download_url:
        utils.dataset.download_file(f.download_url, f.name)
print('All files Downloaded')

_ = client.jobs.delete(cfg.resource_group, cfg.workspace, experiment_name, job_name)
_ = client.clusters.delete(cfg.resource_group, cfg.workspace, cluster_name)
