import sys
from azure.mgmt.batchai import models
from azure.storage.blob import BlockBlobService
sys.path.append('../../..')
import utilities as utils
from utilities.job_factory import ParameterSweep, NumericParameter, DiscreteParameter

cfg = utils.config.Configuration('../../configuration.json')
client = utils.config.create_batchai_client(cfg)

blob_service = BlockBlobService(cfg.storage_account_name, cfg.storage_account_key)
blob_service.create_container('sweep', fail_on_exist=False)
blob_service.create_blob_from_path('sweep', 'mlp/mlp.py', 'mlp.py')

parameters = ParameterSweep([
    NumericParameter(parameter_name='LR', data_type='REAL', start=0.001, end=0.1, scale='LOG', num_values=3),
    NumericParameter(parameter_name='LAYERS', data_type='INTEGER', start=1, end=4, scale='LINEAR', num_values=4),
    DiscreteParameter(parameter_name='ACTIVATION', values=['relu', 'tanh']),
])

cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'sweep')
jcp = models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id),
    node_count=1,
    std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/sweep',
    input_directories=[models.InputDirectory(id='MLP', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/sweep/mlp')],
    mount_volumes=models.MountVolumes(azure_blob_file_systems=[models.AzureBlobFileSystemReference(
        account_name=cfg.storage_account_name,
        container_name='sweep',
        credentials=models.AzureStorageCredentialsInfo(account_key=cfg.storage_account_key),
        relative_mount_path='sweep')]),
    container_settings=models.ContainerSettings(
        image_source_registry=models.ImageSourceRegistry(image='python:3.6')),
    custom_toolkit_settings=models.CustomToolkitSettings(
        command_line='python $AZ_BATCHAI_INPUT_MLP/mlp.py --lr {0} --layers {1} --activation {2}'.format(
            parameters['LR'], parameters['LAYERS'], parameters['ACTIVATION'])))

# Every combination.
jobs, combinations = parameters.generate_jobs(jcp)
experiment_utils = utils.experiment.ExperimentUtils(client, cfg.resource_group, cfg.workspace, 'sweep')
submitted = experiment_utils.submit_jobs(jobs, 'grid').result()
experiment_utils.wait_all_jobs()

# And twelve at random.
random_jobs, random_combinations = parameters.generate_jobs_random_search(jcp, 12)
more = experiment_utils.submit_jobs(random_jobs, 'random').result()
experiment_utils.wait_all_jobs()

extractor = utils.job.MetricExtractor(output_dir_id='stdouterr', logfile='stdout.txt', regex='loss: (.*)')
results = experiment_utils.get_metrics_for_jobs(more, extractor)
print(min(results, key=lambda r: r['metric_value']))
