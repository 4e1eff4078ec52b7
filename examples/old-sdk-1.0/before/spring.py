import sys
from azure.mgmt import batchai
from azure.mgmt.batchai import models
from azure.common.credentials import ServicePrincipalCredentials
import json

with open('settings.json') as settings:
    conf = json.load(settings)

cred = ServicePrincipalCredentials(
    client_id=conf['client'], secret=conf['secret'],
    token_uri='https://login.microsoftonline.com/{0}/oauth2/token'.format(conf['tenant']))
client = batchai.BatchAIManagementClient(
    credentials=cred, subscription_id=conf['subscription'], base_url=conf['url'])

group = conf['group']
cluster = client.clusters.get(group, 'spring')

params = models.JobCreateParameters(
    location='eastus',
    tags={'owner': 'spring'},
    experiment_name='seasons',
    cluster=models.ResourceId(id=cluster.id),
    priority=10,
    node_count=1,
    std_out_err_path_prefix='$AZ_BATCHAI_MOUNT_ROOT/logs',
    environment_variables=[models.EnvironmentVariable(name='SEASON', value='spring')],
    container_settings=models.ContainerSettings(
        image_source_registry=models.ImageSourceRegistry(image='python:3.6')),
    custom_toolkit_settings=models.CustomToolkitSettings(command_line='python -c "print(1)"'))
client.jobs.create(group, 'bloom', params).result()

for c in client.clusters.list_by_resource_group(group):
    print(c.name, c.provisioning_state)
for j in client.jobs.list_by_resource_group(group):
    print(j.name, j.execution_state)

client.clusters.update(group, 'spring', {'owner': 'nobody'},
                       models.ScaleSettings(manual=models.ManualScaleSettings(target_node_count=0)))
client.jobs.terminate(group, 'bloom').result()
