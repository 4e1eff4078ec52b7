import json
import types
from azureml.core import Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.core.runconfig import DockerConfiguration

with open('configuration.json') as config_file:
    configuration = json.load(config_file)
cfg = types.SimpleNamespace(
    subscription_id=configuration['subscription_id'],
    aad_client_id=configuration['aad_client_id'],
    aad_secret_key=configuration['aad_secret'],
    aad_tenant=configuration['aad_tenant'],
    resource_group=configuration['resource_group'],
    workspace=configuration['workspace'],
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
cluster = ComputeTarget(workspace=ws, name='vault')

# TODO(pyxlate BAI407): Azure ML sets no variables with secret values: the training script must read `DB_PASSWORD` by `Run.get_context().get_secret('DB-PASSWORD')`, `TOKEN` by `Run.get_context().get_secret('TOKEN')` (put it there first, from https://lab.vault.azure.net/secrets/token), from the key vault of the workspace.
ws.get_default_keyvault().set_secret('DB-PASSWORD', cfg.admin_password)
environment = Environment('python-3-6')
environment.docker.base_image = 'python:3.6'
environment.python.user_managed_dependencies = True
environment.environment_variables = {'MODE': 'fast'}
jcp = ScriptRunConfig(
    source_directory='.',
    # The key itself never leaves the vault.
    command=['bash', '-c', 'python -m report'],
    compute_target=cluster,
    environment=environment,
    docker_runtime_config=DockerConfiguration(use_docker=True))

experiment = Experiment(ws, name='report')
experiment.submit(jcp, tags={'batchai_job_name': 'monthly'})
