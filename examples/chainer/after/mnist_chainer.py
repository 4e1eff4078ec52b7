import json
import types
from azureml.core import Datastore, Environment, Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.train.dnn import Mpi
from azureml.train.estimator import Estimator

with open('../../configuration.json') as config_file:
    configuration = json.load(config_file)
cfg = types.SimpleNamespace(
    subscription_id=configuration['subscription_id'],
    aad_client_id=configuration['aad_client_id'],
    aad_secret_key=configuration['aad_secret'],
    aad_tenant=configuration['aad_tenant'],
    resource_group=configuration['resource_group'],
    workspace=configuration['workspace'],
    storage_account_name=configuration['storage_account']['name'],
    storage_account_key=configuration['storage_account']['key'],
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

ds = Datastore.register_azure_file_share(
    workspace=ws,
    datastore_name='chainer_file',
    file_share_name='chainer',
    account_name=cfg.storage_account_name,
    account_key=cfg.storage_account_key,
    create_if_not_exists=True,
    overwrite=True,
)
ds.upload_files(['digits_mn.py'], target_path='digits', overwrite=True, show_progress=True)

cluster = ComputeTarget(workspace=ws, name='chainer')

environment = Environment('chainer-chainer-v4-1-0')
environment.docker.enabled = True
environment.docker.base_image = None
environment.docker.base_dockerfile = 'FROM chainer/chainer:v4.1.0\nRUN pip install chainermn\n'
environment.python.user_managed_dependencies = True
parameters = Estimator(
    source_directory='.',
    entry_script='digits_mn.py',
    script_params={'-g': '', '-o': './outputs/Models'},
    compute_target=cluster,
    node_count=2,
    process_count_per_node=1,
    distributed_training=Mpi(process_count_per_node=1),
    environment_definition=environment)

experiment = Experiment(ws, name='chainer_digits')
job = experiment.submit(parameters, tags={'batchai_job_name': 'mn'})
job.wait_for_completion(show_output=True)
