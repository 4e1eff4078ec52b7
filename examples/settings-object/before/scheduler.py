"""A scheduler that is configured by a data class."""
import os
from dataclasses import dataclass

from azure.common.credentials import ServicePrincipalCredentials
from azure.mgmt.batchai import BatchAIManagementClient


@dataclass
class AzureConfig:
    subscription_id: str
    tenant_id: str
    client_id: str
    client_secret: str
    resource_group: str
    workspace: str
    location: str = 'westeurope'

    @classmethod
    def from_env(cls):
        return cls(
            subscription_id=os.environ['SUBSCRIPTION_ID'],
            tenant_id=os.environ['TENANT_ID'],
            client_id=os.environ['CLIENT_ID'],
            client_secret=os.environ['CLIENT_SECRET'],
            resource_group=os.environ['RESOURCE_GROUP'],
            workspace=os.environ['WORKSPACE'])


class Scheduler:
    def __init__(self, config):
        self.config = config
        creds = ServicePrincipalCredentials(
            client_id=config.client_id, secret=config.client_secret, tenant=config.tenant_id)
        self.batchai = BatchAIManagementClient(creds, config.subscription_id)

    def setup(self, experiment):
        rg, ws = self.config.resource_group, self.config.workspace
        self.batchai.workspaces.create(rg, ws, self.config.location).result()
        self.batchai.experiments.create(rg, ws, experiment).result()

    def cancel(self, experiment, job_name):
        self.batchai.jobs.terminate(
            self.config.resource_group, self.config.workspace, experiment, job_name).wait()


if __name__ == '__main__':
    scheduler = Scheduler(AzureConfig.from_env())
    scheduler.setup('nightly')
    scheduler.cancel('nightly', 'train')
