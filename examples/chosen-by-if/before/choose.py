import argparse
import os

import utilities as utils
from azure.mgmt.batchai import models

parser = argparse.ArgumentParser()
parser.add_argument('--cheap', action='store_true')
parser.add_argument('--nodes', type=int, default=1)
parser.add_argument('--auto', action='store_true')
args = parser.parse_args()

cfg = utils.config.Configuration(os.environ.get('BATCH_CONFIG', 'configuration.json'))
client = utils.config.create_batchai_client(cfg)

if args.cheap:
    priority = models.VmPriority.lowpriority
else:
    priority = models.VmPriority.dedicated

if args.auto:
    scale = models.ScaleSettings(auto_scale=models.AutoScaleSettings(
        minimum_node_count=0, maximum_node_count=args.nodes))
else:
    scale = models.ScaleSettings(manual=models.ManualScaleSettings(target_node_count=args.nodes))

name = 'cheap' if args.cheap else 'steady'
parameters = models.ClusterCreateParameters(
    vm_size=os.getenv('VM_SIZE', 'STANDARD_D4_V3'),
    vm_priority=priority,
    scale_settings=scale,
    user_account_settings=models.UserAccountSettings(
        admin_user_name=cfg.admin,
        admin_user_password=cfg.admin_password or None))
client.clusters.create(cfg.resource_group, cfg.workspace, name, parameters)

# Here the whole record depends on the branch.
if args.cheap:
    spare = models.ClusterCreateParameters(
        vm_size='STANDARD_D2_V3',
        scale_settings=models.ScaleSettings(manual=models.ManualScaleSettings(target_node_count=1)),
        user_account_settings=models.UserAccountSettings(admin_user_name='spare', admin_user_password=cfg.admin_password))
else:
    spare = models.ClusterCreateParameters(
        vm_size='STANDARD_NC6S_V3',
        vm_priority='lowpriority',
        scale_settings=models.ScaleSettings(manual=models.ManualScaleSettings(target_node_count=2)),
        user_account_settings=models.UserAccountSettings(admin_user_name='spare', admin_user_password=cfg.admin_password))
client.clusters.create(cfg.resource_group, cfg.workspace, 'spare', spare).result()
