import fleet
from azureml.core import Experiment

GROUP = fleet.settings['group']
WORKSPACE = fleet.settings['workspace']


def running(experiment):
    jobs = Experiment(fleet.client, name=experiment).get_runs()
    return [job for job in jobs if job.get_status() in ('Running', 'Finalizing')]
