import json
import types
from azureml.core import Datastore, Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.core.runconfig import DockerConfiguration
from azureml.exceptions import ComputeTargetException

with open('configuration.json') as config_file:
    configuration = json.load(config_file)
cfg = types.SimpleNamespace(
    subscription_id=configuration['subscription_id'],
    aad_client_id=configuration['aad_client_id'],
    aad_secret_key=configuration['aad_secret'],
    aad_tenant=configuration['aad_tenant'],
    location=configuration['location'],
    resource_group=configuration['resource_group'],
    workspace=configuration['workspace'],
    storage_account_name=configuration['storage_account']['name'],
    storage_account_key=configuration['storage_account']['key'],
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

# TODO(pyxlate BAI215): AmlCompute runs no set-up task on its nodes; move this to the image or into the job: `apt-get install -y libsndfile1`
# Never more than the quota of the lab.
parameters = AmlCompute.provisioning_configuration(
    vm_size='STANDARD_D3_V2',
    vm_priority='lowpriority',
    min_nodes=0,
    max_nodes=8,
    admin_username='lab',
    admin_user_password=cfg.admin_password,
    vnet_resourcegroup_name='net-rg',
    vnet_name='lab-vnet',
    subnet_name='batch',
    remote_login_port_public_access='Enabled')

try:
    poller = ComputeTarget(workspace=ws, name='lowpri')
except ComputeTargetException:
    poller = ComputeTarget.create(ws, 'lowpri', parameters)
poller.wait_for_completion(show_output=True)
cluster = poller

print(cluster.name, cluster.get_status().vm_size, cluster.get_status().allocation_state, cluster.get_status().current_node_count)
print('idle:', cluster.get_status().node_state_counts.idle_node_count)

# Off for the weekend: a fixed size of one node.
poller.update(min_nodes=1, max_nodes=1)

for login in poller.list_nodes():
    print('ssh lab@{0} -p {1}'.format(login['publicIpAddress'], login['port']))

for other in [compute for compute in ComputeTarget.list(ws) if compute.type == 'AmlCompute']:
    print(other.name)

# A job that reads what the cluster has mounted.
ds = Datastore.register_azure_blob_container(
    workspace=ws,
    datastore_name='sounds_blob',
    container_name='sounds',
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    overwrite=True)
sounds = ds.path('2018', data_reference_name='SOUNDS').as_mount()
environment = Environment('python-3-6')
environment.docker.base_image = 'python:3.6'
environment.python.user_managed_dependencies = True
jcp = ScriptRunConfig(
    source_directory='.',
    command=['bash', '-c', 'ls -R $AZUREML_DATAREFERENCE_SOUNDS'],
    compute_target=cluster,
    environment=environment,
    docker_runtime_config=DockerConfiguration(use_docker=True))
jcp.run_config.data_references = {sounds.data_reference_name: sounds.to_config()}
experiment = Experiment(ws, name='sounds')
experiment.submit(jcp, tags={'batchai_job_name': 'list'})

print([u['name']['value'] for u in AmlCompute.list_usages(ws, location=cfg.location)])
