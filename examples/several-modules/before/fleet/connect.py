import json
import os

from azure.common.credentials import ServicePrincipalCredentials
from azure.mgmt.batchai import BatchAIManagementClient

with open(os.path.join(os.path.dirname(__file__), 'settings.json')) as f:
    settings = json.load(f)


def connect():
    return BatchAIManagementClient(
        ServicePrincipalCredentials(
            client_id=settings['client_id'],
            secret=os.environ['FLEET_SECRET'],
            tenant=settings['tenant']),
        settings['subscription_id'])


client = connect()
