import sys
from azureml.core import Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.core.runconfig import DockerConfiguration
import json

with open('settings.json') as settings:
    conf = json.load(settings)

cred = ServicePrincipalAuthentication(
    tenant_id=conf['tenant'],
    service_principal_id=conf['client'],
    service_principal_password=conf['secret'])
ws = Workspace.from_config(auth=cred)

group = conf['group']
cluster = ComputeTarget(workspace=ws, name='spring')

environment = Environment('python-3-6')
environment.docker.base_image = 'python:3.6'
environment.python.user_managed_dependencies = True
environment.environment_variables = {'SEASON': 'spring'}
params = ScriptRunConfig(
    source_directory='.',
    command=['bash', '-c', 'python -c "print(1)"'],
    compute_target=cluster,
    environment=environment,
    docker_runtime_config=DockerConfiguration(use_docker=True))
job = Experiment(ws, name='seasons').submit(
    params,
    tags=dict({'owner': 'spring'}, batchai_job_name='bloom'),
)

for c in [compute for compute in ComputeTarget.list(ws) if compute.type == 'AmlCompute']:
    print(c.name, c.get_status().provisioning_state)
for j in [run for experiment in Experiment.list(ws) for run in experiment.get_runs()]:
    print(j.id, j.get_status())

cluster.update(min_nodes=0)
job.cancel()
job.wait_for_completion(raise_on_error=False)
