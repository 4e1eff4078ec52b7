"""The clusters of another service are no business of ours."""
import os

from azureml.core import Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget


class Gateway(object):
    """A client of another service that has clusters, too."""

    def __init__(self, address):
        self.address = address
        self.clusters = self

    def get(self, name):
        return self.address + '/' + name


def main():
    credentials = ServicePrincipalAuthentication(
        tenant_id=os.environ['TENANT'],
        service_principal_id=os.environ['ID'],
        service_principal_password=os.environ['SECRET'])
    ws = Workspace.get(
        name='lab',
        auth=credentials,
        subscription_id=os.environ['SUBSCRIPTION'],
        resource_group='lab',
    )
    gateway = Gateway('https://gateway')
    print(gateway.clusters.get('gpu'))
    cluster = ComputeTarget(workspace=ws, name='gpu')
    print(cluster.name)


if __name__ == '__main__':
    main()
