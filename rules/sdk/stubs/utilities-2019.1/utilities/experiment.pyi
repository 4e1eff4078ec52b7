"""Many jobs of one experiment at a time."""

import concurrent.futures
import typing

from azure.mgmt.batchai import BatchAIManagementClient
from azure.mgmt.batchai.models import ExecutionState, Job, JobCreateParameters
from utilities.job import MetricExtractor


class JobMetric(typing.TypedDict):
    """A job with a number that its log says."""

    job_name: str
    job: Job
    metric_value: float


class ExperimentUtils:
    """Submits, watches and deletes the jobs of an experiment."""

    client: BatchAIManagementClient
    resource_group_name: str
    workspace_name: str
    experiment_name: str

    def __init__(self, client: BatchAIManagementClient, resource_group_name: str, workspace_name: str,
                 experiment_name: str, log_to_stdout: bool = True) -> None: ...

    def submit_jobs(self, jcp_list: list[JobCreateParameters], job_name_prefix: str, max_retries: int = 5,
                    num_threads: int = 30) -> concurrent.futures.Future[list[Job]]:
        """Submit a job for each of the parameters; names are the prefix and a hash."""

    def wait_all_jobs(self, job_names: list[str] = None, on_progress: callable = None, timeout: int = None) -> list[Job]:
        """Block until the jobs have succeeded or failed."""

    def resubmit_failed_jobs(self, job_names: list[str] = None, max_retries: int = 5,
                             num_threads: int = 30) -> list[Job] | None:
        """Delete the failed jobs and submit them again."""

    def get_metrics_for_jobs(self, jobs: list[Job], metric_extractor: MetricExtractor) -> list[JobMetric]:
        """The metric of each job."""

    def delete_jobs_in_experiment(self, execution_state: ExecutionState = None, job_names: list[str] = None,
                                  num_threads: int = 30) -> None:
        """Delete the jobs of a state or of these names; without arguments, all."""

    def log_to_stdout(self) -> None:
        """Print the log of this object."""
