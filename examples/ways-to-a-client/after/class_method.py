import os
from abc import ABC, abstractmethod
from typing import Optional

from azureml.core import Environment, Experiment as Experiment_azureml, ScriptRunConfig, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.core.runconfig import DockerConfiguration
from azureml.exceptions import ComputeTargetException

GROUP = WORKSPACE = 'vision'


class ClientFactory:
    _instance: Optional[Workspace] = None

    @classmethod
    def get(cls) -> Workspace:
        if cls._instance is None:
            creds = ServicePrincipalAuthentication(
                tenant_id=os.environ['TENANT'],
                service_principal_id=os.environ['APP'],
                service_principal_password=os.environ['SECRET'])
            cls._instance = Workspace.get(
                name=WORKSPACE,
                auth=creds,
                subscription_id=os.environ['SUBSCRIPTION'],
                resource_group=GROUP,
            )
        return cls._instance


class Resource(ABC):
    def __init__(self, name):
        self.name = name

    @property
    def client(self):
        return ClientFactory.get()

    @property
    def ids(self):
        return {'resource_group_name': GROUP, 'workspace_name': WORKSPACE}

    @abstractmethod
    def create(self): ...

    @abstractmethod
    def delete(self): ...


class Cluster(Resource):
    def __init__(self, name, size, nodes):
        super().__init__(name)
        self.size = size
        self.nodes = nodes

    def create(self):
        ws = self.client
        try:
            cluster = ComputeTarget(workspace=ws, name=self.name)
        except ComputeTargetException:
            cluster = ComputeTarget.create(
                ws,
                self.name,
                AmlCompute.provisioning_configuration(
                    vm_size=self.size,
                    min_nodes=self.nodes,
                    max_nodes=self.nodes,
                    admin_username='vision',
                    admin_user_password=os.environ['PASSWORD']))
        cluster.wait_for_completion(show_output=True)
        return cluster

    def delete(self):
        cluster = ComputeTarget(workspace=self.client, name=self.name)
        cluster.delete()
        cluster.wait_for_completion(show_output=True, is_delete_operation=True)

    @property
    def ready(self):
        state = ComputeTarget(workspace=self.client, name=self.name)
        return state.get_status().allocation_state == 'Steady' and state.get_status().node_state_counts.idle_node_count == self.nodes


class Experiment(Resource):
    def create(self):
        Experiment_azureml(self.client, name=self.name)
        return self

    def delete(self):
        Experiment_azureml(self.client, name=self.name).archive()

    def submit(self, job_name, cluster, command, image='python:3.6'):
        info = ComputeTarget(workspace=self.client, name=cluster.name)
        environment = Environment('class-method')
        environment.docker.base_image = image
        environment.python.user_managed_dependencies = True
        return Experiment_azureml(self.client, name=self.name).submit(
            ScriptRunConfig(
                source_directory='.',
                command=['bash', '-c', command],
                compute_target=info,
                environment=environment,
                docker_runtime_config=DockerConfiguration(use_docker=True)),
            tags={'batchai_job_name': job_name})


if __name__ == '__main__':
    cluster = Cluster('nc6', 'STANDARD_NC6', 2)
    cluster.create()
    experiment = Experiment('hello').create()
    job = experiment.submit('hello-1', cluster, 'echo hello')
    print(job.get_status())
    cluster.delete()
