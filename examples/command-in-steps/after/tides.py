import argparse
import os
import shlex

from azureml.core import Datastore, Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.core.runconfig import DockerConfiguration

parser = argparse.ArgumentParser(description='Trains the tide models.')
parser.add_argument('--resume', action='store_true')
parser.add_argument('--stations', nargs='*', default=[])
options = parser.parse_args()

account, key = os.environ['TIDES_STORAGE_ACCOUNT'], os.environ['TIDES_STORAGE_KEY']
credentials = ServicePrincipalAuthentication(
    tenant_id=os.environ['TIDES_TENANT'],
    service_principal_id=os.environ['TIDES_ID'],
    service_principal_password=os.environ['TIDES_SECRET'])
ws = Workspace.get(
    name='tides',
    auth=credentials,
    subscription_id=os.environ['TIDES_SUBSCRIPTION'],
    resource_group='coast',
)
ds = Datastore.register_azure_blob_container(
    workspace=ws,
    datastore_name='tides_blob',
    container_name='tides',
    account_name=account,
    account_key=key,
    overwrite=True,
)
ds.upload_files(['fit.py'], target_path='code', overwrite=True, show_progress=True)

cluster = ComputeTarget(workspace=ws, name='d2')

# By an if.
arguments = '--levels $AZUREML_DATAREFERENCE_LEVELS/2017.csv --out ./outputs/models'  # both below the mount
if options.resume:
    arguments += ' --resume ./outputs/models/last.npz'
print('fit.py', arguments)
levels = ds.path('levels', data_reference_name='LEVELS').as_mount()
environment = Environment('continuumio-miniconda3-4-5-4')
environment.docker.base_image = 'continuumio/miniconda3:4.5.4'
environment.python.user_managed_dependencies = True
fitted = ScriptRunConfig(
    source_directory='.',
    script='fit.py',
    arguments=shlex.split(arguments),
    compute_target=cluster,
    environment=environment,
    docker_runtime_config=DockerConfiguration(use_docker=True))
fitted.run_config.data_references = {levels.data_reference_name: levels.to_config()}

# In a loop.
command = 'cd $AZUREML_DATAREFERENCE_CODE'
for station in options.stations:
    command += ' && python fit.py --station {0} --out $RUN_FOLDER/outputs/models/{0}'.format(station)
code = ds.path('code', data_reference_name='CODE').as_mount()
levels_2 = ds.path('levels', data_reference_name='LEVELS').as_mount()
environment_2 = Environment('continuumio-miniconda3-4-5-4')
environment_2.docker.base_image = 'continuumio/miniconda3:4.5.4'
environment_2.python.user_managed_dependencies = True
stations = ScriptRunConfig(
    source_directory='.',
    command=[
        'bash',
        '-c',
        'mkdir -p ./outputs/models && export RUN_FOLDER=$PWD && {0}'.format(command),
    ],
    compute_target=cluster,
    environment=environment_2,
    docker_runtime_config=DockerConfiguration(use_docker=True),
)
stations.run_config.data_references = {
    code.data_reference_name: code.to_config(),
    levels_2.data_reference_name: levels_2.to_config(),
}

# One of these variables has no counterpart.
command = 'python $AZUREML_DATAREFERENCE_CODE/fit.py'
if options.resume:
    # TODO(pyxlate BAI411): `AZ_BATCHAI_STDOUTERR_DIR` has no equivalent.
    command += ' --log $AZ_BATCHAI_STDOUTERR_DIR/fit.log --levels $AZ_BATCHAI_INPUT_LEVELS'
code_2 = ds.path('code', data_reference_name='CODE').as_mount()
levels_3 = ds.path('levels', data_reference_name='LEVELS').as_mount()
environment_3 = Environment('continuumio-miniconda3-4-5-4')
environment_3.docker.base_image = 'continuumio/miniconda3:4.5.4'
environment_3.python.user_managed_dependencies = True
logged = ScriptRunConfig(
    source_directory='.',
    command=['bash', '-c', command],
    compute_target=cluster,
    environment=environment_3,
    docker_runtime_config=DockerConfiguration(use_docker=True),
)
logged.run_config.data_references = {
    code_2.data_reference_name: code_2.to_config(),
    levels_3.data_reference_name: levels_3.to_config(),
}


def submit(name, arguments):
    levels_4 = ds.path('levels', data_reference_name='LEVELS').as_mount()
    environment_4 = Environment('continuumio-miniconda3-4-5-4')
    environment_4.docker.base_image = 'continuumio/miniconda3:4.5.4'
    environment_4.python.user_managed_dependencies = True
    job = ScriptRunConfig(
        source_directory='.',
        script='fit.py',
        arguments=shlex.split(arguments),
        compute_target=cluster,
        environment=environment_4,
        docker_runtime_config=DockerConfiguration(use_docker=True))
    job.run_config.data_references = {levels_4.data_reference_name: levels_4.to_config()}
    Experiment(ws, name='fits').submit(job, tags={'batchai_job_name': name})


experiment = Experiment(ws, name='fits')
experiment.submit(fitted, tags={'batchai_job_name': 'all'})
experiment.submit(stations, tags={'batchai_job_name': 'stations'})
experiment.submit(logged, tags={'batchai_job_name': 'logged'})
submit('short', '--levels $AZUREML_DATAREFERENCE_LEVELS/2018.csv --steps 10')
