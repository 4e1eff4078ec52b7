from azure.mgmt.batchai import models as m

from .connect import client, settings


def size(gpu):
    return 'STANDARD_NC6S_V3' if gpu else 'STANDARD_D4_V3'


def ensure(name, nodes, gpu=False):
    """Creates the cluster `name` and waits for it."""
    return client.clusters.create(
        settings['group'], settings['workspace'], name,
        m.ClusterCreateParameters(
            vm_size=size(gpu),
            scale_settings=m.ScaleSettings(manual=m.ManualScaleSettings(target_node_count=nodes)),
            user_account_settings=m.UserAccountSettings(
                admin_user_name='fleet', admin_user_password=settings['password'])),
    ).result()
