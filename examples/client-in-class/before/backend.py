"""A thin layer that hides Batch AI from the rest of the program."""
import azure.mgmt.batchai as training
from azure.common.credentials import ServicePrincipalCredentials
from azure.mgmt.batchai import models


class Backend(object):
    def __init__(self, settings):
        self.group = settings['group']
        self.workspace = settings['workspace']
        creds = ServicePrincipalCredentials(
            client_id=settings['client_id'], secret=settings['secret'], tenant=settings['tenant'])
        self.client = training.BatchAIManagementClient(
            credentials=creds, subscription_id=settings['subscription'])

    def ensure_cluster(self, name, size, nodes):
        params = models.ClusterCreateParameters(
            vm_size=size,
            scale_settings=models.ScaleSettings(
                manual=models.ManualScaleSettings(target_node_count=nodes)),
            user_account_settings=models.UserAccountSettings(
                admin_user_name='runner', admin_user_password=self.password()))
        self.client.clusters.create(self.group, self.workspace, name, params).result()
        return self.client.clusters.get(self.group, self.workspace, name)

    def password(self):
        with open('/run/secrets/batch') as f:
            return f.read().strip()

    def submit(self, experiment, job, params):
        self.client.experiments.create(self.group, self.workspace, experiment).result()
        return self.client.jobs.create(self.group, self.workspace, experiment, job, params).result()

    def finished(self, experiment, job):
        state = self.client.jobs.get(self.group, self.workspace, experiment, job).execution_state
        return state in (models.ExecutionState.succeeded, models.ExecutionState.failed)

    def drop(self, name):
        self.client.clusters.delete(self.group, self.workspace, name).result()


if __name__ == '__main__':
    import json
    backend = Backend(json.load(open('backend.json')))
    cluster = backend.ensure_cluster('runner', 'STANDARD_D2_V2', 2)
    print(cluster.allocation_state)
    backend.drop('runner')
