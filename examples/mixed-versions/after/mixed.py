import json
import types
from azureml.core import Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget

with open('../../configuration.json') as config_file:
    configuration = json.load(config_file)
cfg = types.SimpleNamespace(
    subscription_id=configuration['subscription_id'],
    aad_client_id=configuration['aad_client_id'],
    aad_secret_key=configuration['aad_secret'],
    aad_tenant=configuration['aad_tenant'],
    resource_group=configuration['resource_group'],
    workspace=configuration['workspace'],
)
ws = Workspace.get(
    name=cfg.workspace,
    auth=ServicePrincipalAuthentication(
        tenant_id=cfg.aad_tenant,
        service_principal_id=cfg.aad_client_id,
        service_principal_password=cfg.aad_secret_key,
    ),
    subscription_id=cfg.subscription_id,
    resource_group=cfg.resource_group,
)

# Moved to workspaces already:
cluster = ComputeTarget(workspace=ws, name='nc6')
print(cluster.get_status().serialize())

# Forgotten:
job = next(Experiment(ws, name='mixed').get_runs(tags={'batchai_job_name': 'nightly'}))
print(job.get_status())
job.cancel()

# Keywords only, so that the order says nothing:
cluster.delete()
ComputeTarget(workspace=ws, name='old-nc6').delete()
