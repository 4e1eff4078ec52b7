from azureml.core import Datastore, Experiment, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget
from azureml.train.dnn import Mpi
from azureml.train.estimator import Estimator

import settings
import store

service = store.connect()
store.upload_folder(service, './training', settings.SCRIPTS)
store.upload_folder(service, './images', 'images')
print(store.upload_file(service, 'labels.csv', folder='images'))

ws = Workspace.get(
    name='vision',
    auth=ServicePrincipalAuthentication(
        tenant_id='directory',
        service_principal_id='app',
        service_principal_password='word',
    ),
    subscription_id='subscription',
    resource_group='garden')
cluster = ComputeTarget(workspace=ws, name='gpu')
ds = Datastore.register_azure_blob_container(
    workspace=ws,
    datastore_name='work_blob',
    container_name=settings.CONTAINER,
    account_name=settings.ACCOUNT,
    account_key=settings.KEY,
    overwrite=True)
job = Estimator(
    source_directory='./training',
    entry_script='main.py',
    script_params={'--images': ds.path('images').as_mount(), '--epochs': 4},
    compute_target=cluster,
    node_count=2,
    process_count_per_node=1,
    distributed_training=Mpi(process_count_per_node=1),
    custom_docker_image='garden/horovod:1',
    user_managed=True)
Experiment(ws, name='flowers').submit(job, tags={'batchai_job_name': 'flowers-4'})
