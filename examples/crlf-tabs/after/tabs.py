import json
import types
from azureml.core import Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget

with open('configuration.json') as config_file:
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

def grow(nodes):
	# a tab for each level
	# the only one
	ComputeTarget(workspace=ws, name='tabs').update(min_nodes=nodes, max_nodes=nodes)
	return ComputeTarget(workspace=ws, name='tabs')

print(grow(2).name)