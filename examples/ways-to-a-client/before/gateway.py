"""The clusters of another service are no business of ours."""
import os

from azure.common.credentials import ServicePrincipalCredentials
from azure.mgmt.batchai import BatchAIManagementClient


class Gateway(object):
    """A client of another service that has clusters, too."""

    def __init__(self, address):
        self.address = address
        self.clusters = self

    def get(self, name):
        return self.address + '/' + name


def main():
    credentials = ServicePrincipalCredentials(
        client_id=os.environ['ID'], secret=os.environ['SECRET'], tenant=os.environ['TENANT'])
    client = BatchAIManagementClient(credentials, os.environ['SUBSCRIPTION'])
    gateway = Gateway('https://gateway')
    print(gateway.clusters.get('gpu'))
    cluster = client.clusters.get('lab', 'lab', 'gpu')
    print(cluster.name)


if __name__ == '__main__':
    main()
