import logging
import os
from collections import namedtuple

from azureml.core import Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.core.runconfig import DockerConfiguration
from azureml.exceptions import ComputeTargetException


class Login(namedtuple('Login', ['client', 'secret', 'tenant', 'subscription'])):
    @classmethod
    def from_environment(cls):
        return cls(
            os.environ['AZURE_CLIENT'], os.environ['AZURE_SECRET'], os.environ['AZURE_TENANT'],
            subscription=os.environ['AZURE_SUBSCRIPTION'])


class ClusterContext:
    """A cluster that lives as long as the with block."""

    def __init__(self, login, group, workspace, name, vm_size='STANDARD_D2_V2', nodes=1, keep=False):
        self.group, self.workspace, self.name = group, workspace, name
        self.vm_size = vm_size
        self.nodes = nodes
        self.keep = keep
        self.client = Workspace.get(
            name=self.workspace,
            auth=ServicePrincipalAuthentication(
                tenant_id=login.tenant,
                service_principal_id=login.client,
                service_principal_password=login.secret,
            ),
            subscription_id=login.subscription,
            resource_group=self.group)

    def __enter__(self):
        try:
            self.cluster = ComputeTarget(workspace=self.client, name=self.name)
        except ComputeTargetException:
            self.cluster = ComputeTarget.create(
                self.client,
                self.name,
                AmlCompute.provisioning_configuration(
                    vm_size=self.vm_size,
                    min_nodes=self.nodes,
                    max_nodes=self.nodes,
                    admin_username='ctx',
                    admin_user_password=os.environ['CLUSTER_PASSWORD']))
            self.cluster.wait_for_completion(show_output=True)
        return self

    def __exit__(self, exc_type, exc, tb):
        if exc_type is not None:
            logging.error('failed: %s', exc)
        if not self.keep:
            cluster = ComputeTarget(workspace=self.client, name=self.name)
            cluster.delete()
            cluster.wait_for_completion(show_output=True, is_delete_operation=True)

    def resize(self, nodes):
        ComputeTarget(workspace=self.client, name=self.name).update(
            min_nodes=nodes,
            max_nodes=nodes)
        self.nodes = nodes

    def run(self, experiment, name, command, image):
        environment = Environment('with-block')
        environment.docker.base_image = image
        environment.python.user_managed_dependencies = True
        return Experiment(self.client, name=experiment).submit(
            ScriptRunConfig(
                source_directory='.',
                command=['bash', '-c', command],
                compute_target=self.cluster,
                environment=environment,
                docker_runtime_config=DockerConfiguration(use_docker=True)),
            tags={'batchai_job_name': name})


def main():
    with ClusterContext(Login.from_environment(), 'lab', 'lab', 'ctx', nodes=2) as ctx:
        job = ctx.run('ctx', 'hello', 'echo hello', 'ubuntu:16.04')
        print('%s is %s' % (job.id, job.get_status()))


if __name__ == '__main__':
    main()
