"""A thin layer that hides Batch AI from the rest of the program."""
from azureml.core import Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.exceptions import ComputeTargetException


class Backend(object):
    def __init__(self, settings):
        self.group = settings['group']
        self.workspace = settings['workspace']
        creds = ServicePrincipalAuthentication(
            tenant_id=settings['tenant'],
            service_principal_id=settings['client_id'],
            service_principal_password=settings['secret'])
        self.client = Workspace.get(
            name=self.workspace,
            auth=creds,
            subscription_id=settings['subscription'],
            resource_group=self.group)

    def ensure_cluster(self, name, size, nodes):
        params = AmlCompute.provisioning_configuration(
            vm_size=size,
            min_nodes=nodes,
            max_nodes=nodes,
            admin_username='runner',
            admin_user_password=self.password())
        try:
            cluster = ComputeTarget(workspace=self.client, name=name)
        except ComputeTargetException:
            cluster = ComputeTarget.create(self.client, name, params)
        cluster.wait_for_completion(show_output=True)
        return ComputeTarget(workspace=self.client, name=name)

    def password(self):
        with open('/run/secrets/batch') as f:
            return f.read().strip()

    def submit(self, experiment, job, params):
        experiment_2 = Experiment(self.client, name=experiment)
        return experiment_2.submit(params, tags={'batchai_job_name': job})

    def finished(self, experiment, job):
        state = next(Experiment(self.client, name=experiment).get_runs(
            tags={'batchai_job_name': job},
        )).get_status()
        return state in ('Completed', 'Failed', 'Canceled', 'NotResponding')

    def drop(self, name):
        cluster = ComputeTarget(workspace=self.client, name=name)
        cluster.delete()
        cluster.wait_for_completion(show_output=True, is_delete_operation=True)


if __name__ == '__main__':
    import json
    backend = Backend(json.load(open('backend.json')))
    cluster = backend.ensure_cluster('runner', 'STANDARD_D2_V2', 2)
    print(cluster.get_status().allocation_state)
    backend.drop('runner')
