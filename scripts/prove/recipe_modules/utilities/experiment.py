"""Many jobs of one experiment."""

import concurrent.futures

import azure.mgmt.batchai.models as models
from proof import hooks

from . import job as job_module


class ExperimentUtils(object):
    def __init__(self, client, resource_group_name, workspace_name, experiment_name, log_to_stdout=True):
        self.client = client
        self.where = (resource_group_name, workspace_name, experiment_name)
        client.experiments.get(*self.where)

    def _jobs(self, names=None):
        jobs = list(self.client.jobs.list_by_experiment(*self.where))
        return [j for j in jobs if not names or j.name in names]

    def submit_jobs(self, jcp_list, job_name_prefix, max_retries=5, num_threads=30):
        """The jobs get the names prefix_000, prefix_001, ... (the recipes' module took a hash of the parameters)."""
        done = concurrent.futures.Future()
        done.set_result([self.client.jobs.create(*self.where, "%s_%03d" % (job_name_prefix, number), jcp).result()
                         for number, jcp in enumerate(jcp_list)])
        return done

    def wait_all_jobs(self, job_names=None, on_progress=None, timeout=None):
        jobs = self._jobs(job_names)
        ended = (models.ExecutionState.succeeded, models.ExecutionState.failed)
        for job in jobs:
            hooks.waited(job.name)
            while self.client.jobs.get(*self.where, job.name).execution_state not in ended:
                pass
        return self._jobs(job_names)

    def resubmit_failed_jobs(self, job_names=None, max_retries=5, num_threads=30):
        failed = [j for j in self._jobs(job_names) if j.execution_state == models.ExecutionState.failed]
        for job in failed:
            self.client.jobs.delete(*self.where, job.name).result()
        return [self.client.jobs.create(*self.where, j.name, job_module.convert_job_to_jcp(j, self.client)).result()
                for j in failed]

    def get_metrics_for_jobs(self, jobs, metric_extractor):
        self.wait_all_jobs([j.name for j in jobs])
        return [{"job_name": j.name, "job": j,
                 "metric_value": metric_extractor.get_metric(j.name, *self.where, self.client)} for j in jobs]

    def delete_jobs_in_experiment(self, execution_state=None, job_names=None, num_threads=30):
        for job in self._jobs(job_names):
            if not execution_state or job.execution_state == execution_state:
                self.client.jobs.delete(*self.where, job.name).result()
