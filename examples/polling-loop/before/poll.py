import time

import utilities as utils
from azure.mgmt.batchai import models
from msrestazure.azure_exceptions import CloudError

cfg = utils.config.Configuration('configuration.json')
client = utils.config.create_batchai_client(cfg)

try:
    cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'poll')
except CloudError:
    raise SystemExit('no such cluster')

while cluster.allocation_state != models.AllocationState.steady:
    print('.', end='', flush=True)
    time.sleep(10)
    cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'poll')

job = client.jobs.get(cfg.resource_group, cfg.workspace, 'poll', 'nightly')
while job.execution_state not in (models.ExecutionState.succeeded, models.ExecutionState.failed):
    if job.execution_state == models.ExecutionState.queued:
        print('waiting for', cluster.name)
    time.sleep(30)
    job = client.jobs.get(cfg.resource_group, cfg.workspace, 'poll', 'nightly')

if job.execution_state == models.ExecutionState.failed:
    # The exit code has no equivalent.
    print('failed with', job.execution_info.exit_code)
else:
    print('finished at', job.execution_info.end_time)
