import logging
import os
from collections import namedtuple

from azure.mgmt.batchai import BatchAIManagementClient
from azure.mgmt.batchai.models import *
from azure.common.credentials import ServicePrincipalCredentials
from msrestazure.azure_exceptions import CloudError


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
        self.client = BatchAIManagementClient(
            ServicePrincipalCredentials(client_id=login.client, secret=login.secret, tenant=login.tenant),
            login.subscription)

    def __enter__(self):
        try:
            self.cluster = self.client.clusters.get(self.group, self.workspace, self.name)
        except CloudError:
            self.cluster = self.client.clusters.create(
                self.group, self.workspace, self.name, ClusterCreateParameters(
                    vm_size=self.vm_size,
                    scale_settings=ScaleSettings(manual=ManualScaleSettings(target_node_count=self.nodes)),
                    user_account_settings=UserAccountSettings(
                        admin_user_name='ctx', admin_user_password=os.environ['CLUSTER_PASSWORD']))).result()
        return self

    def __exit__(self, exc_type, exc, tb):
        if exc_type is not None:
            logging.error('failed: %s', exc)
        if not self.keep:
            self.client.clusters.delete(self.group, self.workspace, self.name).wait()

    def resize(self, nodes):
        self.client.clusters.update(
            self.group, self.workspace, self.name,
            scale_settings=ScaleSettings(manual=ManualScaleSettings(target_node_count=nodes)))
        self.nodes = nodes

    def run(self, experiment, name, command, image):
        return self.client.jobs.create(
            self.group, self.workspace, experiment, name,
            parameters=JobCreateParameters(
                cluster=ResourceId(id=self.cluster.id), node_count=1,
                container_settings=ContainerSettings(image_source_registry=ImageSourceRegistry(image=image)),
                std_out_err_path_prefix='$AZ_BATCHAI_MOUNT_ROOT/x',
                custom_toolkit_settings=CustomToolkitSettings(command_line=command))).result()


def main():
    with ClusterContext(Login.from_environment(), 'lab', 'lab', 'ctx', nodes=2) as ctx:
        job = ctx.run('ctx', 'hello', 'echo hello', 'ubuntu:16.04')
        print('%s is %s' % (job.name, job.execution_state))


if __name__ == '__main__':
    main()
