import logging

from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.exceptions import ComputeTargetException

logger = logging.getLogger(__name__)


class Clusters:
    def __init__(self, ws, settings):
        self._client = ws
        self._settings = settings

    def get(self, name):
        return ComputeTarget(
            workspace=self._client,
            name=name)

    def get_or_create(self, name, vm_size='STANDARD_NC6', nodes=1, **kwargs):
        try:
            return self.get(name)
        except ComputeTargetException:
            logger.info('creating %s', name)
        return self.create(name, vm_size, nodes, **kwargs)

    def create(self, name, vm_size, nodes, admin='fleet', password=None, wait=True):
        parameters = AmlCompute.provisioning_configuration(
            vm_size=vm_size,
            min_nodes=nodes,
            max_nodes=nodes,
            admin_username=admin,
            admin_user_password=password)
        try:
            future = ComputeTarget(workspace=self._client, name=name)
        except ComputeTargetException:
            future = ComputeTarget.create(self._client, name, parameters)
        if not wait:
            return future
        future.wait_for_completion(show_output=True)
        return future

    def delete(self, name):
        ComputeTarget(workspace=self._client, name=name).delete()

    def __iter__(self):
        for cluster in [compute for compute in ComputeTarget.list(self._client) if compute.type == 'AmlCompute']:
            yield cluster.name, cluster.get_status().allocation_state, cluster.get_status().current_node_count
