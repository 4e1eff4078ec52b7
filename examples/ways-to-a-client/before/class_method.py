import os
from abc import ABC, abstractmethod
from typing import Optional

from azure.common.credentials import ServicePrincipalCredentials
from azure.mgmt.batchai import BatchAIManagementClient
from azure.mgmt.batchai import models as m

GROUP = WORKSPACE = 'vision'


class ClientFactory:
    _instance: Optional[BatchAIManagementClient] = None

    @classmethod
    def get(cls) -> BatchAIManagementClient:
        if cls._instance is None:
            creds = ServicePrincipalCredentials(
                client_id=os.environ['APP'], secret=os.environ['SECRET'], tenant=os.environ['TENANT'])
            cls._instance = BatchAIManagementClient(creds, os.environ['SUBSCRIPTION'])
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
        return self.client.clusters.create(
            cluster_name=self.name,
            parameters=m.ClusterCreateParameters(
                vm_size=self.size,
                scale_settings=m.ScaleSettings(manual=m.ManualScaleSettings(target_node_count=self.nodes)),
                user_account_settings=m.UserAccountSettings(
                    admin_user_name='vision', admin_user_password=os.environ['PASSWORD'])),
            **self.ids).result()

    def delete(self):
        self.client.clusters.delete(cluster_name=self.name, **self.ids).result()

    @property
    def ready(self):
        state = self.client.clusters.get(cluster_name=self.name, **self.ids)
        return state.allocation_state == m.AllocationState.steady and state.node_state_counts.idle_node_count == self.nodes


class Experiment(Resource):
    def create(self):
        self.client.experiments.create(experiment_name=self.name, **self.ids).result()
        return self

    def delete(self):
        self.client.experiments.delete(experiment_name=self.name, **self.ids).result()

    def submit(self, job_name, cluster, command, image='python:3.6'):
        info = self.client.clusters.get(GROUP, WORKSPACE, cluster.name)
        return self.client.jobs.create(
            GROUP, WORKSPACE, self.name, job_name,
            m.JobCreateParameters(
                cluster=m.ResourceId(id=info.id),
                node_count=1,
                std_out_err_path_prefix='$AZ_BATCHAI_MOUNT_ROOT/logs',
                container_settings=m.ContainerSettings(image_source_registry=m.ImageSourceRegistry(image=image)),
                custom_toolkit_settings=m.CustomToolkitSettings(command_line=command))).result()


if __name__ == '__main__':
    cluster = Cluster('nc6', 'STANDARD_NC6', 2)
    cluster.create()
    experiment = Experiment('hello').create()
    job = experiment.submit('hello-1', cluster, 'echo hello')
    print(job.execution_state)
    cluster.delete()
