import os, time
import azure.mgmt.batchai as ba
from azure.mgmt.batchai import models
from azure.common.credentials import ServicePrincipalCredentials


def session(subscription, group, workspace):
    """Functions around one client."""
    client = ba.BatchAIManagementClient(
        ServicePrincipalCredentials(
            client_id=os.environ['ID'], secret=os.environ['SECRET'], tenant=os.environ['TENANT']),
        subscription)

    def cluster(name):
        return client.clusters.get(group, workspace, name)

    def submit(experiment, name, cluster_name, image, script_args, processes=None):
        params = models.JobCreateParameters(
            cluster=models.ResourceId(id=cluster(cluster_name).id),
            node_count=2,
            std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/nfs',
            container_settings=models.ContainerSettings(
                image_source_registry=models.ImageSourceRegistry(image=image)),
            custom_mpi_settings=models.CustomMpiSettings(
                command_line='python /opt/train.py ' + script_args, process_count=processes or 2))
        return client.jobs.create(group, workspace, experiment, name, params)

    def state(experiment, name):
        return client.jobs.get(group, workspace, experiment, name).execution_state

    return {'cluster': cluster, 'submit': submit, 'state': state, 'client': client}


def main():
    s = session(os.environ['SUB'], 'g', 'w')
    name = 'closures-1'
    s['submit']('e', name, 'gpu', 'img:1', '--steps 5').result()
    while s['state']('e', name) not in ('succeeded', 'failed'):
        time.sleep(3)
    for c in s['client'].clusters.list_by_workspace('g', 'w'):
        print(c.name, c.provisioning_state)


main()
