from __future__ import print_function
import sys
from azure.storage.file import FileService
import azure.mgmt.batchai.models as models
sys.path.append('../..')
import utilities

cfg = utilities.Configuration('../configuration.json')
client = utilities.create_batchai_client(cfg)
utilities.create_resource_group(cfg)

service = FileService(cfg.storage_account_name, cfg.storage_account_key)
service.create_share('early', fail_on_exist=False)
service.create_directory('early', 'code', fail_on_exist=False)
service.create_file_from_path('early', 'code', 'train.py', 'train.py')

cluster_name = 'early'
parameters = models.ClusterCreateParameters(
    location=cfg.location,
    vm_size="STANDARD_NC6",
    user_account_settings=models.UserAccountSettings(
        admin_user_name=cfg.admin,
        admin_user_password=cfg.admin_password),
    scale_settings=models.ScaleSettings(
        manual=models.ManualScaleSettings(target_node_count=1)),
    node_setup=models.NodeSetup(
        mount_volumes=models.MountVolumes(
            azure_file_shares=[models.AzureFileShareReference(
                account_name=cfg.storage_account_name,
                credentials_info=models.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
                azure_file_url='https://{0}.file.core.windows.net/early'.format(cfg.storage_account_name),
                relative_mount_path='afs')])))
client.clusters.create(cfg.resource_group, cluster_name, parameters).result()
cluster = client.clusters.get(cfg.resource_group, cluster_name)
utilities.print_cluster_status(cluster)

job_name = 'early_job'
parameters = models.job_create_parameters.JobCreateParameters(
    location=cfg.location,
    cluster=models.ResourceId(cluster.id),
    node_count=1,
    std_out_err_path_prefix='$AZ_BATCHAI_MOUNT_ROOT/afs',
    input_directories=[models.InputDirectory(id='CODE', path='$AZ_BATCHAI_MOUNT_ROOT/afs/code')],
    output_directories=[models.OutputDirectory('MODEL', '$AZ_BATCHAI_MOUNT_ROOT/afs', 'Models')],
    container_settings=models.ContainerSettings(
        models.ImageSourceRegistry(image='tensorflow/tensorflow:1.1.0-gpu')),
    tensor_flow_settings=models.TensorFlowSettings(
        python_script_file_path='$AZ_BATCHAI_INPUT_CODE/train.py',
        master_command_line_args='-p'))
job = client.jobs.create(cfg.resource_group, job_name, parameters).result()
print('Created Job: {}'.format(job.name))

utilities.wait_for_job_completion(client, cfg.resource_group, job_name, cluster_name, 'stdOuterr', 'stdout.txt')

job = client.jobs.get(cfg.resource_group, job_name)
if job.execution_state == models.ExecutionState.succeeded:
    print('fine')

files = client.jobs.list_output_files(cfg.resource_group, job_name,
                                      models.JobsListOutputFilesOptions("stdOuterr"))
for f in list(files):
    utilities.download_file(f.download_url, f.name)

client.jobs.delete(cfg.resource_group, job_name)
client.clusters.delete(cfg.resource_group, cluster_name)
