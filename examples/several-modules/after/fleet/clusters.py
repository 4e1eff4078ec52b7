from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.exceptions import ComputeTargetException

from .connect import client, settings


def size(gpu):
    return 'STANDARD_NC6S_V3' if gpu else 'STANDARD_D4_V3'


def ensure(name, nodes, gpu=False):
    """Creates the cluster `name` and waits for it."""
    parameters = AmlCompute.provisioning_configuration(
        vm_size=size(gpu),
        min_nodes=nodes,
        max_nodes=nodes,
        admin_username='fleet',
        admin_user_password=settings['password'])
    try:
        cluster = ComputeTarget(workspace=client, name=name)
    except ComputeTargetException:
        cluster = ComputeTarget.create(client, name, parameters)
    cluster.wait_for_completion(show_output=True)
    return cluster
