"""Helpers of the Batch AI recipes, a package."""

from utilities import cluster, config, dataset, experiment, job, job_factory
