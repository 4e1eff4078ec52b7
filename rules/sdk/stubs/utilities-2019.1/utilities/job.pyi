"""Jobs and their output."""

from azure.mgmt.batchai import BatchAIManagementClient
from azure.mgmt.batchai.models import Job, JobCreateParameters


class OutputStreamer:
    """Prints what a job appends to one of its output files."""

    client: BatchAIManagementClient
    resource_group: str
    workspace_name: str
    experiment_name: str
    job_name: str
    output_directory_id: str
    file_name: str
    url: str | None
    downloaded: int

    def __init__(self, client: BatchAIManagementClient, resource_group: str, workspace_name: str, experiment_name: str,
                 job_name: str, output_directory_id: str, file_name: str) -> None: ...

    def tail(self) -> None:
        """Print what is new since the last call."""


def wait_for_job_completion(client: BatchAIManagementClient, resource_group: str, workspace_name: str,
                            experiment_name: str, job_name: str, cluster_name: str, output_directory_id: str = None,
                            file_name: str = None) -> None:
    """Print the state of job and cluster, then a file of the job, until the job has ended; does not raise if it failed."""


def print_job_status(job: Job) -> None:
    """Print state, exit code and failure of a job."""


def convert_job_to_jcp(job: Job, client: BatchAIManagementClient) -> JobCreateParameters:
    """The parameters with which a job like this one is created; storage keys are fetched again."""


class MetricExtractor:
    """Reads a number from a log file of a job."""

    output_dir_id: str
    logfile: str
    regex: str
    calculate_method: str

    def __init__(self, output_dir_id: str, logfile: str, regex: str, calculate_method: str = "last") -> None:
        """calculate_method is "last", "mean", "min" or "max"."""

    def get_metric(self, job_name: str, resource_group: str, workspace_name: str, experiment_name: str,
                   client: BatchAIManagementClient) -> float:
        """The metric of one job."""
