"""A scheduler that is configured by a data class."""
import os
from dataclasses import dataclass

from azureml.core import Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication


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
        creds = ServicePrincipalAuthentication(
            tenant_id=config.tenant_id,
            service_principal_id=config.client_id,
            service_principal_password=config.client_secret)
        self.batchai = Workspace.create(
            name=self.config.workspace,
            auth=creds,
            subscription_id=config.subscription_id,
            resource_group=self.config.resource_group,
            location=self.config.location,
            create_resource_group=True,
            exist_ok=True,
        )

    def setup(self, experiment):
        rg, ws = self.config.resource_group, self.config.workspace
        Experiment(self.batchai, name=experiment)

    def cancel(self, experiment, job_name):
        job = next(Experiment(self.batchai, name=experiment).get_runs(
            tags={'batchai_job_name': job_name}))
        job.cancel()
        job.wait_for_completion(raise_on_error=False)


if __name__ == '__main__':
    scheduler = Scheduler(AzureConfig.from_env())
    scheduler.setup('nightly')
    scheduler.cancel('nightly', 'train')
