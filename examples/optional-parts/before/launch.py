"""Parts of a job and of a cluster that are given only where the command line asks for them."""
import argparse
import datetime
import os

from azure.common.credentials import ServicePrincipalCredentials
from azure.mgmt.batchai import BatchAIManagementClient, models


def connect():
    credentials = ServicePrincipalCredentials(
        client_id=os.environ['ID'], secret=os.environ['SECRET'], tenant=os.environ['TENANT'])
    return BatchAIManagementClient(credentials, os.environ['SUBSCRIPTION'])


def create_cluster(client, args):
    client.clusters.create('lab', 'lab', 'cpu', models.ClusterCreateParameters(
        vm_size='STANDARD_D2_V2',
        scale_settings=models.ScaleSettings(
            manual=models.ManualScaleSettings(target_node_count=args.nodes)),
        user_account_settings=models.UserAccountSettings(
            admin_user_name=args.admin, admin_user_password=os.environ['ADMIN_PASSWORD']),
        subnet=models.ResourceId(id=os.environ['SUBNET']) if args.private else None)).result()


def submit(client, args):
    cluster = client.clusters.get('lab', 'lab', 'cpu')
    login = None
    if args.user:
        login = models.PrivateRegistryCredentials(username=args.user, password=os.environ['REGISTRY_PASSWORD'])
    params = models.JobCreateParameters(
        cluster=models.ResourceId(id=cluster.id),
        node_count=1,
        std_out_err_path_prefix='$AZ_BATCHAI_MOUNT_ROOT/logs',
        container_settings=models.ContainerSettings(
            image_source_registry=models.ImageSourceRegistry(
                image=args.image, server_url=args.server, credentials=login)),
        constraints=None if args.unlimited else models.JobBasePropertiesConstraints(
            max_wall_clock_time=datetime.timedelta(hours=args.hours)),
        custom_toolkit_settings=models.CustomToolkitSettings(command_line='python -m lab.train'))
    client.jobs.create('lab', 'lab', 'optional', args.name, params).result()


def submit_on_image(client, args):
    cluster = client.clusters.get('lab', 'lab', 'cpu')
    # Without an image the job ran on the node itself: that is two jobs, and a person's choice.
    params = models.JobCreateParameters(
        cluster=models.ResourceId(id=cluster.id),
        node_count=1,
        std_out_err_path_prefix='$AZ_BATCHAI_MOUNT_ROOT/logs',
        container_settings=models.ContainerSettings(
            image_source_registry=models.ImageSourceRegistry(image=args.image)) if args.image else None,
        custom_toolkit_settings=models.CustomToolkitSettings(command_line='python -m lab.test'))
    client.jobs.create('lab', 'lab', 'optional', args.name + '-test', params).result()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--name', default='first')
    parser.add_argument('--image', default='lab/train:4')
    parser.add_argument('--server', default='lab.azurecr.io')
    parser.add_argument('--user', default='puller')
    parser.add_argument('--admin', default='lab')
    parser.add_argument('--nodes', type=int, default=2)
    parser.add_argument('--hours', type=int, default=8)
    parser.add_argument('--private', action='store_true')
    parser.add_argument('--unlimited', action='store_true')
    args = parser.parse_args()
    client = connect()
    create_cluster(client, args)
    submit(client, args)
    submit_on_image(client, args)


if __name__ == '__main__':
    main()
