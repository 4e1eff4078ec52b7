import json
import types
from azureml.core import Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.exceptions import ComputeTargetException


def make_cluster(ws, cfg, name, nodes=1):
    """Called below, so that `client` and `cfg` are known."""
    parameters = AmlCompute.provisioning_configuration(
        vm_size='STANDARD_NC6S_V3',
        min_nodes=nodes,
        max_nodes=nodes,
        admin_username=cfg.admin,
        admin_user_password=cfg.admin_password)
    try:
        cluster = ComputeTarget(workspace=ws, name=name)
    except ComputeTargetException:
        cluster = ComputeTarget.create(ws, name, parameters)
    cluster.wait_for_completion(show_output=True)
    return cluster


def stop_everything(client, group, workspace, experiment):
    # Nobody in this file calls it: what `client` is shows only in its use.
    for job in Experiment(client, name=experiment).get_runs():
        job.cancel()
        job.wait_for_completion(raise_on_error=False)


def describe(thing):
    # Not a word about Batch AI: stays.
    return '{0}: {1}'.format(thing.name, thing.clusters)


def main():
    with open('configuration.json') as config_file:
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
    cluster = make_cluster(ws, cfg, name='small', nodes=2)
    print(cluster.name)


if __name__ == '__main__':
    main()
