from azureml.core import Workspace
from azureml.core.authentication import ServicePrincipalAuthentication


def connect(settings):
    credentials = ServicePrincipalAuthentication(
        tenant_id=settings.tenant,
        service_principal_id=settings.client_id,
        service_principal_password=settings.secret)
    return Workspace.get(
        name=settings.workspace,
        auth=credentials,
        subscription_id=settings.subscription_id,
        resource_group=settings.resource_group,
    )
