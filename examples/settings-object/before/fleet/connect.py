from azure.common.credentials import ServicePrincipalCredentials
from azure.mgmt.batchai import BatchAIManagementClient


def connect(settings):
    credentials = ServicePrincipalCredentials(
        client_id=settings.client_id, secret=settings.secret, tenant=settings.tenant)
    return BatchAIManagementClient(credentials, settings.subscription_id)
