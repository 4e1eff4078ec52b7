"""Decorators, closures, context managers and threads around the client."""
import contextlib
import functools
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

from azure.common.credentials import ServicePrincipalCredentials
from azure.mgmt.batchai import BatchAIManagementClient
from azure.mgmt.batchai import models as bai
from msrestazure.azure_exceptions import CloudError

RG = os.environ['RG']
WS = os.environ['WS']


def retry(times=3, delay=5):
    def decorate(f):
        @functools.wraps(f)
        def call(*args, **kwargs):
            for attempt in range(times):
                try:
                    return f(*args, **kwargs)
                except CloudError as error:
                    if attempt == times - 1:
                        raise
                    print('retrying after', error.message)
                    time.sleep(delay * random.random())
        return call
    return decorate


@contextlib.contextmanager
def batchai_client():
    credentials = ServicePrincipalCredentials(
        client_id=os.environ['CLIENT_ID'], secret=os.environ['SECRET'], tenant=os.environ['TENANT'])
    client = BatchAIManagementClient(credentials, os.environ['SUBSCRIPTION'])
    try:
        yield client
    finally:
        print('done')


@contextlib.contextmanager
def temporary_cluster(client, name, **sizes):
    params = bai.ClusterCreateParameters(
        vm_size=sizes.get('vm_size', 'STANDARD_NC6'),
        scale_settings=bai.ScaleSettings(manual=bai.ManualScaleSettings(target_node_count=sizes.get('nodes', 1))),
        user_account_settings=bai.UserAccountSettings(
            admin_user_name='admin', admin_user_password=os.environ['PASSWORD']))
    cluster = client.clusters.create(RG, WS, name, params).result()
    try:
        yield cluster
    finally:
        client.clusters.delete(RG, WS, name)


@retry(times=5)
def get_state(client, experiment, name):
    return client.jobs.get(RG, WS, experiment, name).execution_state


def make_waiter(client, experiment):
    def wait(name):
        state = get_state(client, experiment, name)
        while state not in (bai.ExecutionState.succeeded, bai.ExecutionState.failed):
            time.sleep(10)
            state = get_state(client, experiment, name)
        return name, state
    return wait


def submit_all(client, cluster, experiment, commands):
    submit = functools.partial(client.jobs.create, RG, WS, experiment)
    names = []
    for i, command in enumerate(commands):
        name = '{}-{:03d}'.format(experiment, i)
        submit(name, bai.JobCreateParameters(
            cluster=bai.ResourceId(id=cluster.id),
            node_count=1,
            std_out_err_path_prefix='$AZ_BATCHAI_MOUNT_ROOT/logs',
            container_settings=bai.ContainerSettings(
                image_source_registry=bai.ImageSourceRegistry(image='lab/grid:2')),
            custom_toolkit_settings=bai.CustomToolkitSettings(command_line=command)))
        names.append(name)
    return names


def main():
    with batchai_client() as client, temporary_cluster(client, 'tmp', nodes=4) as cluster:
        names = submit_all(client, cluster, 'grid', ['python /opt/a.py --seed %d' % i for i in range(8)])
        wait = make_waiter(client, 'grid')
        with ThreadPoolExecutor(max_workers=4) as pool:
            futures = [pool.submit(wait, name) for name in names]
            for future in as_completed(futures):
                name, state = future.result()
                print(name, state)


if __name__ == '__main__':
    main()
