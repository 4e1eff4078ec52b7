import argparse
import os

from azure.common.credentials import ServicePrincipalCredentials
from azure.mgmt.batchai import BatchAIManagementClient, models
from azure.storage.blob import BlockBlobService

parser = argparse.ArgumentParser(description='Trains the tide models.')
parser.add_argument('--resume', action='store_true')
parser.add_argument('--stations', nargs='*', default=[])
options = parser.parse_args()

account, key = os.environ['TIDES_STORAGE_ACCOUNT'], os.environ['TIDES_STORAGE_KEY']
credentials = ServicePrincipalCredentials(
    client_id=os.environ['TIDES_ID'], secret=os.environ['TIDES_SECRET'], tenant=os.environ['TIDES_TENANT'])
client = BatchAIManagementClient(credentials, os.environ['TIDES_SUBSCRIPTION'])
service = BlockBlobService(account, key)
service.create_blob_from_path('tides', 'code/fit.py', 'fit.py')

cluster = client.clusters.get('coast', 'tides', 'd2')

common = dict(
    cluster=models.ResourceId(id=cluster.id),
    node_count=1,
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/tides',
    mount_volumes=models.MountVolumes(azure_blob_file_systems=[models.AzureBlobFileSystemReference(
        account_name=account,
        container_name='tides',
        credentials=models.AzureStorageCredentialsInfo(account_key=key),
        relative_mount_path='tides')]),
    input_directories=[
        models.InputDirectory(id='CODE', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/tides/code'),
        models.InputDirectory(id='LEVELS', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/tides/levels'),
    ],
    output_directories=[models.OutputDirectory(
        id='MODEL', path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/tides', path_suffix='models')],
    container_settings=models.ContainerSettings(
        image_source_registry=models.ImageSourceRegistry(image='continuumio/miniconda3:4.5.4')))

# By an if.
arguments = '--levels $AZ_BATCHAI_INPUT_LEVELS/2017.csv --out ${AZ_BATCHAI_OUTPUT_MODEL}'  # both below the mount
if options.resume:
    arguments += ' --resume $AZ_BATCHAI_OUTPUT_MODEL/last.npz'
print('fit.py', arguments)
fitted = models.JobCreateParameters(caffe2_settings=models.Caffe2Settings(
    python_script_file_path='$AZ_BATCHAI_INPUT_CODE/fit.py', command_line_args=arguments), **common)

# In a loop.
command = 'cd $AZ_BATCHAI_INPUT_CODE'
for station in options.stations:
    command += ' && python fit.py --station {0} --out $AZ_BATCHAI_OUTPUT_MODEL/{0}'.format(station)
stations = models.JobCreateParameters(custom_toolkit_settings=models.CustomToolkitSettings(command_line=command), **common)

# One of these variables has no counterpart.
command = 'python $AZ_BATCHAI_INPUT_CODE/fit.py'
if options.resume:
    command += ' --log $AZ_BATCHAI_STDOUTERR_DIR/fit.log --levels $AZ_BATCHAI_INPUT_LEVELS'
logged = models.JobCreateParameters(custom_toolkit_settings=models.CustomToolkitSettings(command_line=command), **common)


def submit(name, arguments):
    job = models.JobCreateParameters(caffe2_settings=models.Caffe2Settings(
        python_script_file_path='$AZ_BATCHAI_INPUT_CODE/fit.py', command_line_args=arguments), **common)
    client.jobs.create('coast', 'tides', 'fits', name, job).result()


client.experiments.create('coast', 'tides', 'fits').result()
client.jobs.create('coast', 'tides', 'fits', 'all', fitted).result()
client.jobs.create('coast', 'tides', 'fits', 'stations', stations).result()
client.jobs.create('coast', 'tides', 'fits', 'logged', logged).result()
submit('short', '--levels $AZ_BATCHAI_INPUT_LEVELS/2018.csv --steps 10')
