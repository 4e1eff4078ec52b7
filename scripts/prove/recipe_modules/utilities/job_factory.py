"""Parameter sweeps: one set of job parameters for every combination of values."""

import copy
import itertools
import posixpath
import re

import azure.mgmt.batchai.models as models
import numpy as np

PREFIX = "PARAM_"


class Parameter(object):
    def __init__(self, parameter_name):
        if not re.match("^[A-Z_][A-Z0-9_]*$", parameter_name):
            raise ValueError("invalid parameter name " + parameter_name)
        self.parameter_name = parameter_name
        self.values = []

    def get_random(self):
        return self.values[np.random.randint(0, len(self.values))]


class NumericParameter(Parameter):
    def __init__(self, parameter_name, data_type, start, end, scale, num_values=None, step=None):
        super().__init__(parameter_name)
        if start >= end or scale not in ("LINEAR", "LOG") or data_type not in ("INTEGER", "REAL"):
            raise ValueError("invalid range of " + parameter_name)
        self.start, self.end, self.scale = start, end, scale
        if scale == "LINEAR" and step:
            values = np.arange(start, end + 0.001, step)
        elif scale == "LINEAR" and num_values:
            values = np.linspace(start, end, num_values)
        elif num_values:
            values = np.geomspace(start, end, num_values)
        else:
            values = []
        self.values = [int(round(v)) if data_type == "INTEGER" else v for v in values]

    def get_random(self):
        if self.scale == "LINEAR":
            return np.random.uniform(self.start, self.end)
        return np.exp(np.random.uniform(np.log(self.start), np.log(self.end)))


class DiscreteParameter(Parameter):
    def __init__(self, parameter_name, values):
        super().__init__(parameter_name)
        self.values = values


class DictParameter(Parameter):
    def __init__(self, parameter_name, values):
        super().__init__(parameter_name)
        self.values = values


class FileParameter(Parameter):
    def __init__(self, parameter_name, storage_account_name, storage_account_key, storage_type, mount_path,
                 mount_method, container=None, fileshare=None, directory=None, filter_str=None):
        super().__init__(parameter_name)
        root = {"JOB": "$AZ_BATCHAI_JOB_MOUNT_ROOT", "CLUSTER": "$AZ_BATCHAI_MOUNT_ROOT"}[mount_method]
        if storage_type == "BLOB" and container:
            from azure.storage.blob import BlockBlobService

            names = [b.name for b in BlockBlobService(storage_account_name, storage_account_key).list_blobs(container)]
        else:
            from azure.storage.file import FileService

            listing = FileService(storage_account_name, storage_account_key).list_directories_and_files(
                fileshare, directory)
            names = [posixpath.join(directory or "", f.name) for f in listing]
        self.values = [posixpath.join(root, mount_path, n) for n in names
                       if not filter_str or re.match(filter_str, n)]


class Substitution(object):
    def __init__(self, name):
        self.name, self.keys = name, {}

    def __getitem__(self, key):
        return self.keys[key]

    def __str__(self):
        return PREFIX + self.name


class ParameterSweep(object):
    def __init__(self, param_specs):
        if not param_specs:
            raise ValueError("no parameters")
        self.param_specs = param_specs
        for spec in param_specs:
            place = Substitution(spec.parameter_name)
            setattr(self, spec.parameter_name, place)
            if isinstance(spec, DictParameter):
                for key in spec.values[0]:
                    name = spec.parameter_name + "__" + key
                    place.keys[key] = Substitution(name)
                    setattr(self, name, place.keys[key])

    def __getitem__(self, key):
        return getattr(self, key)

    def generate_jobs(self, job_create_parameters):
        return self._jobs(job_create_parameters, itertools.product(*(s.values for s in self.param_specs)))

    def generate_jobs_random_search(self, job_create_parameters, num_jobs):
        return self._jobs(job_create_parameters,
                          ([s.get_random() for s in self.param_specs] for _ in range(num_jobs)))

    def _jobs(self, parameters, combinations):
        jobs, chosen = [], []
        for combination in combinations:
            values = {}
            for spec, value in zip(self.param_specs, combination):
                if isinstance(value, dict):
                    values.update({PREFIX + spec.parameter_name + "__" + k: v for k, v in value.items()})
                else:
                    values[PREFIX + spec.parameter_name] = value
            job = copy.deepcopy(parameters)
            _substitute(job, values)
            job.environment_variables = [
                models.EnvironmentVariable(name=n, value=str(v)) for n, v in values.items()]
            jobs.append(job)
            chosen.append(values)
        return jobs, chosen


def _substitute(thing, values):
    """Replaces the names of parameters in the texts of a model and of the models in its attributes (not in lists: the
    recipes' module did not look into them either)."""
    for name, value in list(getattr(thing, "__dict__", {}).items()):
        if isinstance(value, str):
            for parameter, chosen in values.items():
                value = value.replace(parameter, str(chosen))
            setattr(thing, name, value)
        elif isinstance(value, Substitution):
            setattr(thing, name, values[str(value)])
        elif not isinstance(value, (list, dict, type(None))):
            _substitute(value, values)
