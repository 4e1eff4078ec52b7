import logging

from azure.mgmt.batchai import models
from msrestazure.azure_exceptions import CloudError

logger = logging.getLogger(__name__)


class Clusters:
    def __init__(self, client, settings):
        self._client = client
        self._settings = settings

    def get(self, name):
        return self._client.clusters.get(
            self._settings.resource_group, self._settings.workspace, name)

    def get_or_create(self, name, vm_size='STANDARD_NC6', nodes=1, **kwargs):
        try:
            return self.get(name)
        except CloudError:
            logger.info('creating %s', name)
        return self.create(name, vm_size, nodes, **kwargs)

    def create(self, name, vm_size, nodes, admin='fleet', password=None, wait=True):
        parameters = models.ClusterCreateParameters(
            vm_size=vm_size,
            scale_settings=models.ScaleSettings(
                manual=models.ManualScaleSettings(target_node_count=nodes)),
            user_account_settings=models.UserAccountSettings(
                admin_user_name=admin, admin_user_password=password))
        future = self._client.clusters.create(
            self._settings.resource_group, self._settings.workspace, name, parameters)
        if not wait:
            return future
        return future.result()

    def delete(self, name):
        self._client.clusters.delete(
            self._settings.resource_group, self._settings.workspace, name)

    def __iter__(self):
        for cluster in self._client.clusters.list_by_workspace(
                self._settings.resource_group, self._settings.workspace):
            yield cluster.name, cluster.allocation_state, cluster.current_node_count
