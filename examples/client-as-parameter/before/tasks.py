import utilities as utils
from azure.mgmt.batchai import models


def make_cluster(client, cfg, name, nodes=1):
    """Called below, so that `client` and `cfg` are known."""
    parameters = models.ClusterCreateParameters(
        vm_size='STANDARD_NC6S_V3',
        scale_settings=models.ScaleSettings(
            manual=models.ManualScaleSettings(target_node_count=nodes)),
        user_account_settings=models.UserAccountSettings(
            admin_user_name=cfg.admin, admin_user_password=cfg.admin_password))
    return client.clusters.create(cfg.resource_group, cfg.workspace, name, parameters).result()


def stop_everything(client, group, workspace, experiment):
    # Nobody in this file calls it: what `client` is shows only in its use.
    for job in client.jobs.list_by_experiment(group, workspace, experiment):
        client.jobs.terminate(group, workspace, experiment, job.name).result()


def describe(thing):
    # Not a word about Batch AI: stays.
    return '{0}: {1}'.format(thing.name, thing.clusters)


def main():
    cfg = utils.config.Configuration('configuration.json')
    client = utils.config.create_batchai_client(cfg)
    cluster = make_cluster(client, cfg, name='small', nodes=2)
    print(cluster.name)


if __name__ == '__main__':
    main()
