"""Decorators, closures, context managers and threads around the client."""
import contextlib
import functools
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

from azureml.core import Environment, Experiment, ScriptRunConfig, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.core.runconfig import DockerConfiguration
from azureml.exceptions import ComputeTargetException

RG = os.environ['RG']
WS = os.environ['WS']


def retry(times=3, delay=5):
    def decorate(f):
        @functools.wraps(f)
        def call(*args, **kwargs):
            for attempt in range(times):
                try:
                    return f(*args, **kwargs)
                except Exception as error:
                    if attempt == times - 1:
                        raise
                    print('retrying after', str(error))
                    time.sleep(delay * random.random())
        return call
    return decorate


@contextlib.contextmanager
def batchai_client():
    credentials = ServicePrincipalAuthentication(
        tenant_id=os.environ['TENANT'],
        service_principal_id=os.environ['CLIENT_ID'],
        service_principal_password=os.environ['SECRET'])
    ws = Workspace.get(
        name=WS,
        auth=credentials,
        subscription_id=os.environ['SUBSCRIPTION'],
        resource_group=RG,
    )
    try:
        yield ws
    finally:
        print('done')


@contextlib.contextmanager
def temporary_cluster(ws, name, **sizes):
    params = AmlCompute.provisioning_configuration(
        vm_size=sizes.get('vm_size', 'STANDARD_NC6'),
        min_nodes=sizes.get('nodes', 1),
        max_nodes=sizes.get('nodes', 1),
        admin_username='admin',
        admin_user_password=os.environ['PASSWORD'])
    try:
        cluster = ComputeTarget(workspace=ws, name=name)
    except ComputeTargetException:
        cluster = ComputeTarget.create(ws, name, params)
    cluster.wait_for_completion(show_output=True)
    try:
        yield cluster
    finally:
        cluster.delete()


@retry(times=5)
def get_state(ws, experiment, name):
    return next(Experiment(ws, name=experiment).get_runs(tags={'batchai_job_name': name})).get_status()


def make_waiter(ws, experiment):
    def wait(name):
        state = get_state(ws, experiment, name)
        while state not in ('Completed', 'Failed', 'Canceled', 'NotResponding'):
            time.sleep(10)
            state = get_state(ws, experiment, name)
        return name, state
    return wait


def submit_all(ws, cluster, experiment, commands):
    names = []
    for i, command in enumerate(commands):
        name = '{}-{:03d}'.format(experiment, i)
        environment = Environment('lab-grid-2')
        environment.docker.base_image = 'lab/grid:2'
        environment.python.user_managed_dependencies = True
        Experiment(ws, name=experiment).submit(
            ScriptRunConfig(
                source_directory='.',
                command=['bash', '-c', command],
                compute_target=cluster,
                environment=environment,
                docker_runtime_config=DockerConfiguration(use_docker=True)),
            tags={'batchai_job_name': name})
        names.append(name)
    return names


def main():
    with batchai_client() as ws, temporary_cluster(ws, 'tmp', nodes=4) as cluster:
        names = submit_all(ws, cluster, 'grid', ['python /opt/a.py --seed %d' % i for i in range(8)])
        wait = make_waiter(ws, 'grid')
        with ThreadPoolExecutor(max_workers=4) as pool:
            futures = [pool.submit(wait, name) for name in names]
            for future in as_completed(futures):
                name, state = future.result()
                print(name, state)


if __name__ == '__main__':
    main()
