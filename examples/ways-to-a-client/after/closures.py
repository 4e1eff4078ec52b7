import os, time
import shlex
from azureml.core import Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.core.runconfig import DockerConfiguration, MpiConfiguration


def session(subscription, group, workspace):
    """Functions around one client."""
    ws = Workspace.get(
        name=workspace,
        auth=ServicePrincipalAuthentication(
            tenant_id=os.environ['TENANT'],
            service_principal_id=os.environ['ID'],
            service_principal_password=os.environ['SECRET']),
        subscription_id=subscription,
        resource_group=group)

    def cluster(name):
        return ComputeTarget(workspace=ws, name=name)

    def submit(experiment, name, cluster_name, image, script_args, processes=None):
        environment = Environment('closures')
        environment.docker.base_image = image
        environment.python.user_managed_dependencies = True
        params = ScriptRunConfig(
            source_directory='.',
            command=['python', '/opt/train.py'] + shlex.split(script_args),
            compute_target=cluster(cluster_name),
            environment=environment,
            distributed_job_config=MpiConfiguration(process_count_per_node=1, node_count=2),
            docker_runtime_config=DockerConfiguration(use_docker=True))
        return Experiment(ws, name=experiment).submit(params, tags={'batchai_job_name': name})

    def state(experiment, name):
        return next(Experiment(ws, name=experiment).get_runs(tags={'batchai_job_name': name})).get_status()

    return {'cluster': cluster, 'submit': submit, 'state': state, 'client': ws}


def main():
    s = session(os.environ['SUB'], 'g', 'w')
    name = 'closures-1'
    s['submit']('e', name, 'gpu', 'img:1', '--steps 5')
    while s['state']('e', name) not in ('Completed', 'Failed', 'Canceled', 'NotResponding'):
        time.sleep(3)
    for c in [compute for compute in ComputeTarget.list(s['client']) if compute.type == 'AmlCompute']:
        print(c.name, c.get_status().provisioning_state)


main()
