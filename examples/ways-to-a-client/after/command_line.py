import os
import sys

import click
from azureml.core import Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.exceptions import ComputeTargetException


def create_client(subscription_id, client_id, secret, tenant):
    creds = ServicePrincipalAuthentication(
        tenant_id=tenant,
        service_principal_id=client_id,
        service_principal_password=secret,
    )
    return Workspace.from_config(auth=creds)


@click.group()
@click.option('--resource-group', envvar='BAI_RG', required=True)
@click.option('--workspace', envvar='BAI_WS', default='default')
@click.option('--subscription-id', envvar='AZURE_SUBSCRIPTION_ID')
@click.pass_context
def cli(context, resource_group, workspace, subscription_id):
    """Small command line for Batch AI."""
    context.obj = {
        'client': create_client(
            subscription_id,
            os.environ['AZURE_CLIENT_ID'],
            os.environ['AZURE_CLIENT_SECRET'],
            os.environ['AZURE_TENANT_ID']),
        'resource_group': resource_group,
        'workspace': workspace,
    }


@cli.command()
@click.argument('name')
@click.option('--vm-size', default='STANDARD_NC6')
@click.option('--min-nodes', type=int, default=0)
@click.option('--max-nodes', type=int, default=4)
@click.option('--ssh-key', type=click.File(), default=os.path.expanduser('~/.ssh/id_rsa.pub'))
@click.pass_context
def create(context, name, vm_size, min_nodes, max_nodes, ssh_key):
    """Create a cluster."""
    ws = context.obj['client']
    params = AmlCompute.provisioning_configuration(
        vm_size=vm_size,
        min_nodes=min_nodes,
        max_nodes=max_nodes,
        admin_username='azureuser',
        admin_user_ssh_key=ssh_key.read())
    try:
        cluster = ComputeTarget(workspace=ws, name=name)
    except ComputeTargetException:
        cluster = ComputeTarget.create(ws, name, params)
    cluster.wait_for_completion(show_output=True)
    click.echo('created {}'.format(name))


@cli.command('list')
@click.pass_context
def list_(context):
    """List the clusters of the workspace."""
    clusters = [compute for compute in ComputeTarget.list(context.obj['client']) if compute.type == 'AmlCompute']
    for cluster in clusters:
        click.echo('{}\t{}\t{}'.format(
            cluster.name, cluster.get_status().vm_size, cluster.get_status().current_node_count))


@cli.command()
@click.argument('name')
@click.pass_context
def nodes(context, name):
    ws = context.obj['client']
    for node in ComputeTarget(workspace=ws, name=name).list_nodes():
        click.echo('{}: ssh -p {} azureuser@{}'.format(node['nodeId'], node['port'], node['publicIpAddress']))


@cli.command()
@click.argument('name')
@click.confirmation_option(prompt='Really delete?')
@click.pass_obj
def delete(obj, name):
    cluster = ComputeTarget(workspace=obj['client'], name=name)
    cluster.delete()
    cluster.wait_for_completion(show_output=True, is_delete_operation=True)


@cli.command()
@click.argument('experiment')
@click.argument('job')
@click.pass_obj
def status(obj, experiment, job):
    job = next(Experiment(obj['client'], name=experiment).get_runs(tags={'batchai_job_name': job}))
    click.echo(job.get_status())
    if job.get_status() in ('Failed', 'Canceled', 'NotResponding'):
        for error in filter(None, [job.get_details().get('error')]):
            click.echo('{}: {}'.format(error['error']['code'], error['error']['message']), err=True)
        sys.exit(1)


if __name__ == '__main__':
    cli()
