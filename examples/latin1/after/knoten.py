# -*- coding: latin-1 -*-
# Größe und Zahl der Knoten
import json
import types
from azureml.core import Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.exceptions import ComputeTargetException

with open('configuration.json') as config_file:
    configuration = json.load(config_file)
cfg = types.SimpleNamespace(
    subscription_id=configuration['subscription_id'],
    aad_client_id=configuration['aad_client_id'],
    aad_secret_key=configuration['aad_secret'],
    aad_tenant=configuration['aad_tenant'],
    resource_group=configuration['resource_group'],
    workspace=configuration['workspace'],
    admin_password=configuration['admin_user'].get('password'),
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

größe = 'STANDARD_D2_V3'  # für Übungen
parameter = AmlCompute.provisioning_configuration(
    vm_size=größe,
    min_nodes=1,
    max_nodes=1,
    admin_username='jörg',
    admin_user_password=cfg.admin_password)
try:
    cluster = ComputeTarget(workspace=ws, name='c-bung')
except ComputeTargetException:
    cluster = ComputeTarget.create(ws, 'c-bung', parameter)
cluster.wait_for_completion(show_output=True)
