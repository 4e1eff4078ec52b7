from google.cloud import container_v1
import boto3

client = container_v1.ClusterManagerClient()
parent = 'projects/p/locations/l'
client.clusters.create(parent, {'name': 'batchai'})


def start(client, jobs):
    client.jobs.create('group', 'workspace', 'experiment', 'job', jobs)


start(boto3.client('batch'), [])
