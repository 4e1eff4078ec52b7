import sys
import itertools
import json
import math
import random
import types
from azureml.core import Datastore, Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.train.estimator import Estimator
sys.path.append('../../..')
# TODO(pyxlate BAI905): Code that is left by hand still needs this: utilities.
import utilities as utils

with open('../../configuration.json') as config_file:
    configuration = json.load(config_file)
cfg = types.SimpleNamespace(
    subscription_id=configuration['subscription_id'],
    aad_client_id=configuration['aad_client_id'],
    aad_secret_key=configuration['aad_secret'],
    aad_tenant=configuration['aad_tenant'],
    resource_group=configuration['resource_group'],
    workspace=configuration['workspace'],
    storage_account_name=configuration['storage_account']['name'],
    storage_account_key=configuration['storage_account']['key'],
)
ws = Workspace.get(
    name=cfg.workspace,
    auth=ServicePrincipalAuthentication(
        tenant_id=cfg.aad_tenant,
        service_principal_id=cfg.aad_client_id,
        service_principal_password=cfg.aad_secret_key,
    ),
    subscription_id=cfg.subscription_id,
    resource_group=cfg.resource_group,
)

ds = Datastore.register_azure_blob_container(
    workspace=ws,
    datastore_name='sweep_blob',
    container_name='sweep',
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)
ds.upload_files(['mlp.py'], target_path='mlp', overwrite=True, show_progress=True)

cluster = ComputeTarget(workspace=ws, name='sweep')
jcp = lambda combination: Estimator(
    source_directory='.',
    entry_script='mlp.py',
    script_params={
        '--lr': combination['PARAM_LR'],
        '--layers': combination['PARAM_LAYERS'],
        '--activation': combination['PARAM_ACTIVATION']},
    compute_target=cluster,
    node_count=1,
    custom_docker_image='python:3.6',
    user_managed=True,
    environment_variables={key: str(value) for key, value in combination.items()})

# Every combination.
all_combinations = [dict(zip(('PARAM_LR', 'PARAM_LAYERS', 'PARAM_ACTIVATION'), values)) for values in itertools.product(
    [0.001 * (0.1 / 0.001) ** (i / max(3 - 1, 1)) for i in range(3)],
    [round(1 + (4 - 1) * i / max(4 - 1, 1)) for i in range(4)],
    ['relu', 'tanh'],
)]
jobs, combinations = ([jcp(combination) for combination in all_combinations], all_combinations)
experiment_utils = Experiment(ws, name='sweep')
submitted = [experiment_utils.submit(
    config,
    tags={'batchai_job_name': '{0}_{1:03d}'.format('grid', index)},
) for index, config in enumerate(jobs)]
for run in list(experiment_utils.get_runs()):
    run.wait_for_completion(raise_on_error=False)

# And twelve at random.
all_combinations_2 = [{
    'PARAM_LR': math.exp(random.uniform(math.log(0.001), math.log(0.1))),
    'PARAM_LAYERS': random.uniform(1, 4),
    'PARAM_ACTIVATION': random.choice(['relu', 'tanh']),
} for _ in range(12)]
random_jobs, random_combinations = (
    [jcp(combination) for combination in all_combinations_2],
    all_combinations_2,
)
more = [experiment_utils.submit(
    config,
    tags={'batchai_job_name': '{0}_{1:03d}'.format('random', index)},
) for index, config in enumerate(random_jobs)]
for run_2 in list(experiment_utils.get_runs()):
    run_2.wait_for_completion(raise_on_error=False)

# TODO(pyxlate BAI905): Code that is left by hand still needs this: job.MetricExtractor.
extractor = utils.job.MetricExtractor(output_dir_id='stdouterr', logfile='stdout.txt', regex='loss: (.*)')
# TODO(pyxlate BAI704): Log the metric in the script with `run.log` and read it with `get_metrics`.
results = experiment_utils.get_metrics_for_jobs(more, extractor)
print(min(results, key=lambda r: r['metric_value']))
