import json
import os

from azureml.core import Workspace
from azureml.core.authentication import ServicePrincipalAuthentication

with open(os.path.join(os.path.dirname(__file__), 'settings.json')) as f:
    settings = json.load(f)


def connect():
    return Workspace.get(
        name=settings['workspace'],
        auth=ServicePrincipalAuthentication(
            tenant_id=settings['tenant'],
            service_principal_id=settings['client_id'],
            service_principal_password=os.environ['FLEET_SECRET']),
        subscription_id=settings['subscription_id'],
        resource_group=settings['group'])


client = connect()
