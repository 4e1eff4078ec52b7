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

from azure.common.credentials import ServicePrincipalCredentials
import azure.mgmt.batchai as batchai
import azure.mgmt.batchai.models as models
from azure.storage.file import FileService
from msrestazure.azure_exceptions import CloudError

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
            credentials = ServicePrincipalCredentials(
                client_id=self.config['aad_client_id'],
                secret=self.config['aad_secret_key'],
                tenant=self.config['aad_tenant'])
            self._client = batchai.BatchAIManagementClient(
                credentials=credentials,
                subscription_id=self.config['subscription_id'])
        return self._client

    @property
    def file_service(self):
        if self._file_service is None:
            self._file_service = FileService(
                self.config['storage_account'], self.config['storage_key'])
        return self._file_service

    def ensure_workspace(self):
        log.info('creating workspace %s', self.workspace_name)
        self.client.workspaces.create(
            self.resource_group, self.workspace_name, self.config['location']).result()

    def ensure_experiment(self):
        return self.client.experiments.create(
            self.resource_group, self.workspace_name, self.experiment_name).result()

    def cluster_exists(self):
        try:
            self.client.clusters.get(self.resource_group, self.workspace_name, self.cluster_name)
            return True
        except CloudError as e:
            if e.status_code == 404:
                return False
            raise

    def create_cluster(self, wait=True):
        if self.cluster_exists():
            log.info('cluster %s is there already', self.cluster_name)
            return
        parameters = models.ClusterCreateParameters(
            vm_size=self.config.get('vm_size', 'STANDARD_NC6'),
            vm_priority='lowpriority' if self.config.get('low_priority') else 'dedicated',
            scale_settings=models.ScaleSettings(
                auto_scale=models.AutoScaleSettings(
                    minimum_node_count=0,
                    maximum_node_count=self.config.get('max_nodes', 4))),
            user_account_settings=models.UserAccountSettings(
                admin_user_name=self.config['admin_user'],
                admin_user_ssh_public_key=self.config['admin_ssh_key']))
        poller = self.client.clusters.create(
            self.resource_group, self.workspace_name, self.cluster_name, parameters)
        if wait:
            poller.result()

    def upload_script(self, path):
        share = self.config['share']
        self.file_service.create_share(share, fail_on_exist=False)
        self.file_service.create_directory(share, 'scripts', fail_on_exist=False)
        self.file_service.create_file_from_path(share, 'scripts', os.path.basename(path), path)

    def _mount_volumes(self):
        return models.MountVolumes(
            azure_file_shares=[
                models.AzureFileShareReference(
                    account_name=self.config['storage_account'],
                    credentials=models.AzureStorageCredentialsInfo(
                        account_key=self.config['storage_key']),
                    azure_file_url='https://{0}.file.core.windows.net/{1}'.format(
                        self.config['storage_account'], self.config['share']),
                    relative_mount_path='afs')
            ])

    def _input_dirs(self):
        return [
            models.InputDirectory(id='SCRIPTS', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/scripts'),
            models.InputDirectory(id='DATA', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/data'),
        ]

    def _output_dirs(self):
        return [models.OutputDirectory(
            id='MODEL', path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs', path_suffix='models')]

    def _container(self):
        return models.ContainerSettings(
            image_source_registry=models.ImageSourceRegistry(image=self.config['image']))

    def submit(self, script, epochs, nodes=1):
        self.upload_script(script)
        self.ensure_experiment()
        cluster = self.client.clusters.get(
            self.resource_group, self.workspace_name, self.cluster_name)
        job_name = 'job-{}'.format(datetime.datetime.utcnow().strftime('%Y%m%d%H%M%S'))
        parameters = models.JobCreateParameters(
            cluster=models.ResourceId(id=cluster.id),
            node_count=nodes,
            input_directories=self._input_dirs(),
            output_directories=self._output_dirs(),
            std_out_err_path_prefix='$AZ_BATCHAI_JOB_MOUNT_ROOT/afs',
            mount_volumes=self._mount_volumes(),
            container_settings=self._container(),
            custom_toolkit_settings=models.CustomToolkitSettings(
                command_line='python $AZ_BATCHAI_INPUT_SCRIPTS/{0} --epochs {1} '
                             '--data $AZ_BATCHAI_INPUT_DATA --out $AZ_BATCHAI_OUTPUT_MODEL'.format(
                                 os.path.basename(script), epochs)))
        self.client.jobs.create(
            self.resource_group, self.workspace_name, self.experiment_name, job_name, parameters).result()
        log.info('submitted %s', job_name)
        return job_name

    def wait(self, job_name):
        while True:
            job = self.client.jobs.get(
                self.resource_group, self.workspace_name, self.experiment_name, job_name)
            log.info('%s is %s', job_name, job.execution_state)
            if job.execution_state in (models.ExecutionState.succeeded, models.ExecutionState.failed):
                return job.execution_state == models.ExecutionState.succeeded
            time.sleep(POLL_SECONDS)

    def delete_cluster(self):
        self.client.clusters.delete(self.resource_group, self.workspace_name, self.cluster_name).result()


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
