"""Clusters."""

from azure.mgmt.batchai.models import Cluster


def print_cluster_status(cluster: Cluster) -> None:
    """Print allocation state and node counts of a cluster."""
