import fleet
from azure.mgmt.batchai import models

GROUP = fleet.settings['group']
WORKSPACE = fleet.settings['workspace']


def running(experiment):
    jobs = fleet.client.jobs.list_by_experiment(GROUP, WORKSPACE, experiment)
    return [job for job in jobs if job.execution_state == models.ExecutionState.running]
