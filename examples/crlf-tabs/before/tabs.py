import utilities as utils
from azure.mgmt.batchai import models

cfg = utils.config.Configuration('configuration.json')
client = utils.config.create_batchai_client(cfg)

def grow(nodes):
	# a tab for each level
	client.clusters.update(
		cfg.resource_group,
		cfg.workspace,
		'tabs',	# the only one
		scale_settings=models.ScaleSettings(
			manual=models.ManualScaleSettings(target_node_count=nodes)))
	return client.clusters.get(cfg.resource_group, cfg.workspace, 'tabs')

print(grow(2).name)