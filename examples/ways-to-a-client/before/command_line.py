import os
import sys

import click
from azure.common.credentials import ServicePrincipalCredentials
from azure.mgmt.batchai import BatchAIManagementClient, models as baimodels


def create_client(subscription_id, client_id, secret, tenant):
    creds = ServicePrincipalCredentials(client_id=client_id, secret=secret, tenant=tenant)
    return BatchAIManagementClient(creds, subscription_id)


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
    client = context.obj['client']
    params = baimodels.ClusterCreateParameters(
        vm_size=vm_size,
        scale_settings=baimodels.ScaleSettings(
            auto_scale=baimodels.AutoScaleSettings(
                minimum_node_count=min_nodes, maximum_node_count=max_nodes)),
        user_account_settings=baimodels.UserAccountSettings(
            admin_user_name='azureuser', admin_user_ssh_public_key=ssh_key.read()))
    client.clusters.create(
        context.obj['resource_group'], context.obj['workspace'], name, params).result()
    click.echo('created {}'.format(name))


@cli.command('list')
@click.pass_context
def list_(context):
    """List the clusters of the workspace."""
    clusters = context.obj['client'].clusters.list_by_workspace(
        context.obj['resource_group'], context.obj['workspace'])
    for cluster in clusters:
        click.echo('{}\t{}\t{}'.format(
            cluster.name, cluster.vm_size, cluster.current_node_count))


@cli.command()
@click.argument('name')
@click.pass_context
def nodes(context, name):
    client = context.obj['client']
    for node in client.clusters.list_remote_login_information(
            context.obj['resource_group'], context.obj['workspace'], name):
        click.echo('{}: ssh -p {} azureuser@{}'.format(node.node_id, node.port, node.ip_address))


@cli.command()
@click.argument('name')
@click.confirmation_option(prompt='Really delete?')
@click.pass_obj
def delete(obj, name):
    obj['client'].clusters.delete(obj['resource_group'], obj['workspace'], name).result()


@cli.command()
@click.argument('experiment')
@click.argument('job')
@click.pass_obj
def status(obj, experiment, job):
    job = obj['client'].jobs.get(obj['resource_group'], obj['workspace'], experiment, job)
    click.echo(job.execution_state.value)
    if job.execution_state == baimodels.ExecutionState.failed:
        for error in job.execution_info.errors:
            click.echo('{}: {}'.format(error.code, error.message), err=True)
        sys.exit(1)


if __name__ == '__main__':
    cli()
