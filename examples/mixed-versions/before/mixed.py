import sys
import azure.mgmt.batchai.models as models
sys.path.append('../../..')
import utilities as utils

cfg = utils.config.Configuration('../../configuration.json')
client = utils.config.create_batchai_client(cfg)

# Moved to workspaces already:
cluster = client.clusters.get(cfg.resource_group, cfg.workspace, 'nc6')
utils.cluster.print_cluster_status(cluster)

# Forgotten:
job = client.jobs.get(cfg.resource_group, 'nightly')
print(job.execution_state)
client.jobs.terminate(cfg.resource_group, 'nightly')

# Keywords only, so that the order says nothing:
client.clusters.delete(cluster_name='nc6', resource_group_name=cfg.resource_group,
                       workspace_name=cfg.workspace)
client.clusters.delete(cluster_name='old-nc6', resource_group_name=cfg.resource_group)
