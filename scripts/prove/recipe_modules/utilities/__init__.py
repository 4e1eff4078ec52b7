"""The helper modules that programs for Batch AI copied from its recipes, as far as they ask the service for something.

Written anew from their signatures (rules/sdk/stubs) and from what programs expect of them; the names of the package
(2018.7 and later) and of the single module before it are both here. Texts that were printed are not reproduced.
"""

from . import cluster, config, dataset, experiment, job, job_factory
from .cluster import print_cluster_status
from .config import Configuration, create_batchai_client, create_resource_group, encode
from .dataset import download_and_upload_mnist_dataset_to_blob, download_file
from .job import OutputStreamer, print_job_status, wait_for_job_completion

__all__ = ["cluster", "config", "dataset", "experiment", "job", "job_factory", "print_cluster_status",
           "Configuration", "create_batchai_client", "create_resource_group", "encode", "download_file",
           "download_and_upload_mnist_dataset_to_blob", "OutputStreamer", "print_job_status",
           "wait_for_job_completion"]
