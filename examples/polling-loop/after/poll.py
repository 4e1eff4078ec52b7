import time
import json
import types

from azureml.core import Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.exceptions import ComputeTargetException

with open('configuration.json') as config_file:
    configuration = json.load(config_file)
cfg = types.SimpleNamespace(
    subscription_id=configuration['subscription_id'],
    aad_client_id=configuration['aad_client_id'],
    aad_secret_key=configuration['aad_secret'],
    aad_tenant=configuration['aad_tenant'],
    resource_group=configuration['resource_group'],
    workspace=configuration['workspace'],
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

try:
    cluster = ComputeTarget(workspace=ws, name='poll')
except ComputeTargetException:
    raise SystemExit('no such cluster')

while cluster.get_status().allocation_state != 'Steady':
    print('.', end='', flush=True)
    time.sleep(10)
    cluster = ComputeTarget(workspace=ws, name='poll')

job = next(Experiment(ws, name='poll').get_runs(tags={'batchai_job_name': 'nightly'}))
while job.get_status() not in ('Completed', 'Failed', 'Canceled', 'NotResponding'):
    if job.get_status() in ('NotStarted', 'Queued', 'Preparing', 'Provisioning', 'Starting'):
        print('waiting for', cluster.name)
    time.sleep(30)

if job.get_status() in ('Failed', 'Canceled', 'NotResponding'):
    # The exit code has no equivalent.
    # TODO(pyxlate BAI518): The exit code is not available: ask `get_status()`, and `get_details().get('error')` for the reason.
    print('failed with', job.execution_info.exit_code)
else:
    print('finished at', job.get_details().get('endTimeUtc'))
