"""Helpers of the hyperparameter recipes."""

import queue

from azure.mgmt.batchai import BatchAIManagementClient
from azure.mgmt.batchai.models import JobCreateParameters


class Hyperparameter:
    """A parameter and the range or list that its values are drawn from."""

    name: str
    symbol: str
    type: str
    value: list

    def __init__(self, name: str, symbol: str, type: str, value: list) -> None:
        """type is "uniform", "log" or "choice"."""

    def generate(self) -> any:
        """A random value."""

    @staticmethod
    def get_random_hyperparameter_configuration(space: list) -> dict[str, any]:
        """A random value for each Hyperparameter of a list, by symbol."""


class MetricExtractor:
    """Reads a number from a log file of a job."""

    list_option: str
    logfile: str
    regex: str
    metric: str

    def __init__(self, list_option: str, logfile: str, regex: str, metric: str = "last") -> None:
        """metric is "last", "mean", "min" or "max"."""

    def get_metric(self, job_name: str, resource_group: str, client: BatchAIManagementClient) -> float:
        """The metric of one job; infinity where the file is missing."""


def run_then_return_metric(config_index: int, resource_group: str, parameter: JobCreateParameters,
                           client: BatchAIManagementClient, metric_extractor: MetricExtractor, result: queue.Queue,
                           delete_job: bool = True) -> None:
    """Run a job to its end, put (metric, config_index) into the queue, and delete the job."""
