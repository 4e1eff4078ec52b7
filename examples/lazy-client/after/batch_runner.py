#!/usr/bin/env python
"""Run distributed training jobs on Azure Batch AI.

Usage:
    python batch_runner.py --config runner.json --script train.py --epochs 20
    python batch_runner.py --job JOB --delete
"""
from __future__ import print_function

import argparse
import datetime
import json
import logging
import os
import time

from azureml.core import Datastore, Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.exceptions import ComputeTargetException
from azureml.train.estimator import Estimator
from azure.storage.file import FileService

logging.basicConfig(level=logging.INFO, format='%(asctime)s %(levelname)s %(message)s')
log = logging.getLogger('batch_runner')

STDOUTERR_ID = 'stdouterr'
POLL_SECONDS = 15


class BatchRunner(object):
    """Owns the Batch AI client and knows the names of everything."""

    def __init__(self, config):
        self.config = config
        self.resource_group = config['resource_group']
        self.workspace_name = config['workspace']
        self.cluster_name = config.get('cluster', 'train')
        self.experiment_name = config.get('experiment', 'default')
        self._client = None
        self._file_service = None

    @property
    def client(self):
        if self._client is None:
            credentials = ServicePrincipalAuthentication(
                tenant_id=self.config['aad_tenant'],
                service_principal_id=self.config['aad_client_id'],
                service_principal_password=self.config['aad_secret_key'])
            self._client = Workspace.create(
                name=self.workspace_name,
                auth=credentials,
                subscription_id=self.config['subscription_id'],
                resource_group=self.resource_group,
                location=self.config['location'],
                create_resource_group=True,
                exist_ok=True)
        return self._client

    @property
    def file_service(self):
        if self._file_service is None:
            self._file_service = FileService(
                self.config['storage_account'], self.config['storage_key'])
        return self._file_service

    def ensure_workspace(self):
        log.info('creating workspace %s', self.workspace_name)
        self.client

    def ensure_experiment(self):
        return Experiment(
            self.client,
            name=self.experiment_name)

    def cluster_exists(self):
        try:
            ComputeTarget(workspace=self.client, name=self.cluster_name)
            return True
        except ComputeTargetException as e:
            if 'ComputeTargetNotFound' in str(e):
                return False
            raise

    def create_cluster(self, wait=True):
        if self.cluster_exists():
            log.info('cluster %s is there already', self.cluster_name)
            return
        parameters = AmlCompute.provisioning_configuration(
            vm_size=self.config.get('vm_size', 'STANDARD_NC6'),
            vm_priority='lowpriority' if self.config.get('low_priority') else 'dedicated',
            min_nodes=0,
            max_nodes=self.config.get('max_nodes', 4),
            admin_username=self.config['admin_user'],
            admin_user_ssh_key=self.config['admin_ssh_key'])
        ws = self.client
        try:
            poller = ComputeTarget(workspace=ws, name=self.cluster_name)
        except ComputeTargetException:
            poller = ComputeTarget.create(ws, self.cluster_name, parameters)
        if wait:
            poller.wait_for_completion(show_output=True)

    def upload_script(self, path):
        share = self.config['share']
        ds = Datastore.register_azure_file_share(
            workspace=self.client,
            datastore_name=share.lower().replace('-', '_') + '_file',
            file_share_name=share,
            account_name=self.config['storage_account'],
            account_key=self.config['storage_key'],
            create_if_not_exists=True,
            overwrite=True,
        )
        ds.upload_files([path], target_path='scripts', overwrite=True, show_progress=True)

    def submit(self, script, epochs, nodes=1):
        self.upload_script(script)
        self.ensure_experiment()
        cluster = ComputeTarget(
            workspace=self.client,
            name=self.cluster_name)
        job_name = 'job-{}'.format(datetime.datetime.utcnow().strftime('%Y%m%d%H%M%S'))
        ds = Datastore.register_azure_file_share(
            workspace=cluster.workspace,
            datastore_name=self.config['share'].lower().replace('-', '_') + '_file',
            file_share_name=self.config['share'],
            account_name=self.config['storage_account'],
            account_key=self.config['storage_key'],
            overwrite=True)
        parameters = Estimator(
            source_directory=os.path.dirname(script) or '.',
            entry_script=os.path.basename(script),
            script_params={
                '--epochs': epochs,
                '--data': ds.path('data').as_mount(),
                '--out': './outputs/models'},
            compute_target=cluster,
            node_count=nodes,
            custom_docker_image=self.config['image'],
            user_managed=True)
        Experiment(self.client, name=self.experiment_name).submit(
            parameters,
            tags={'batchai_job_name': job_name})
        log.info('submitted %s', job_name)
        return job_name

    def wait(self, job_name):
        while True:
            job = next(Experiment(self.client, name=self.experiment_name).get_runs(
                tags={'batchai_job_name': job_name}))
            log.info('%s is %s', job_name, job.get_status())
            if job.get_status() in ('Completed', 'Failed', 'Canceled', 'NotResponding'):
                return job.get_status() == 'Completed'
            time.sleep(POLL_SECONDS)

    def delete_cluster(self):
        cluster = ComputeTarget(workspace=self.client, name=self.cluster_name)
        cluster.delete()
        cluster.wait_for_completion(show_output=True, is_delete_operation=True)


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument('--config', default='runner.json')
    parser.add_argument('--script', default='train.py')
    parser.add_argument('--epochs', type=int, default=10)
    parser.add_argument('--nodes', type=int, default=1)
    parser.add_argument('--job', help='only wait for this job')
    parser.add_argument('--delete', action='store_true', help='delete the cluster in the end')
    args = parser.parse_args(argv)

    with open(args.config) as f:
        runner = BatchRunner(json.load(f))

    job = args.job
    if not job:
        runner.ensure_workspace()
        runner.create_cluster()
        job = runner.submit(args.script, args.epochs, args.nodes)
        print(job)
    done = runner.wait(job)
    if args.delete:
        runner.delete_cluster()
    return 0 if done else 1


if __name__ == '__main__':
    main()
