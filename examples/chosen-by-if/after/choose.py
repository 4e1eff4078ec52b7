import argparse
import os
import json
import types

from azureml.core import Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.exceptions import ComputeTargetException

parser = argparse.ArgumentParser()
parser.add_argument('--cheap', action='store_true')
parser.add_argument('--nodes', type=int, default=1)
parser.add_argument('--auto', action='store_true')
args = parser.parse_args()

with open(os.environ.get('BATCH_CONFIG', 'configuration.json')) as config_file:
    configuration = json.load(config_file)
cfg = types.SimpleNamespace(
    subscription_id=configuration['subscription_id'],
    aad_client_id=configuration['aad_client_id'],
    aad_secret_key=configuration['aad_secret'],
    aad_tenant=configuration['aad_tenant'],
    resource_group=configuration['resource_group'],
    workspace=configuration['workspace'],
    admin=configuration['admin_user']['name'],
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

if args.cheap:
    priority = 'lowpriority'
else:
    priority = 'dedicated'

if args.auto:
    scale = dict(
        min_nodes=0,
        max_nodes=args.nodes)
else:
    scale = dict(min_nodes=args.nodes, max_nodes=args.nodes)

name = 'cheap' if args.cheap else 'steady'
parameters = AmlCompute.provisioning_configuration(
    vm_size=os.getenv('VM_SIZE', 'STANDARD_D4_V3'),
    vm_priority=priority,
    admin_username=cfg.admin,
    admin_user_password=cfg.admin_password or None,
    **scale)
try:
    cluster = ComputeTarget(workspace=ws, name=name)
except ComputeTargetException:
    cluster = ComputeTarget.create(ws, name, parameters)

# Here the whole record depends on the branch.
if args.cheap:
    spare = AmlCompute.provisioning_configuration(
        vm_size='STANDARD_D2_V3',
        min_nodes=1,
        max_nodes=1,
        admin_username='spare',
        admin_user_password=cfg.admin_password)
else:
    spare = AmlCompute.provisioning_configuration(
        vm_size='STANDARD_NC6S_V3',
        vm_priority='lowpriority',
        min_nodes=2,
        max_nodes=2,
        admin_username='spare',
        admin_user_password=cfg.admin_password)
try:
    cluster_2 = ComputeTarget(workspace=ws, name='spare')
except ComputeTargetException:
    cluster_2 = ComputeTarget.create(ws, 'spare', spare)
cluster_2.wait_for_completion(show_output=True)
