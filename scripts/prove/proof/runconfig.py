"""The job that a submitted estimator or ScriptRunConfig describes, in the fields of the ask job.create.

The run configuration is made by the SDK itself, down to the dictionary that it would send; nothing is read from the
arguments that the program gave.
"""

import hashlib
import os
import re

from proof import asks
from proof import jobs

#: communicator of a run configuration -> kind of distribution of job.create
COMMUNICATORS = {"None": None, "": None, "Mpi": "mpi", "IntelMpi": "mpi", "OpenMpi": "mpi", "ParameterServer": "ps",
                 "Gloo": "gloo", "Nccl": "nccl"}


def configuration(config, workspace):
    """The source directory and RunConfiguration of what is submitted, after the checks of the SDK's own submit."""
    from azureml.core import script_run_config

    if hasattr(config, "_get_script_run_config"):
        from azureml.train import _estimator_helper  # noqa: F401
        config = config._get_script_run_config()
    if not isinstance(config, script_run_config.ScriptRunConfig):
        raise TypeError("cannot submit %r" % (config,))
    run_config = script_run_config.get_run_config_from_script_run(config)
    script_run_config._update_args_and_io(workspace, run_config)
    directory = config.source_directory
    if not os.path.isdir(directory):
        raise FileNotFoundError("source_directory %r is not there" % directory)
    if run_config.script and not run_config.command and not os.path.exists(os.path.join(directory, run_config.script)):
        raise FileNotFoundError("the script %r is not in source_directory %r" % (run_config.script, directory))
    return directory, run_config


def job(config, workspace, places):
    """The fields of job.create. `places`: name of a datastore -> store of asks."""
    from azureml._execution import _commands

    directory, rc = configuration(config, workspace)
    _commands._serialize_run_config_to_dict(rc)
    references = {}
    modes = {}
    for name, reference in (rc.data_references or {}).items():
        path = (reference.path_on_data_store or "").strip("/")
        store = places[reference.data_store_name.lower()]
        references[name] = "<%s>%s" % (store, "/" + path if path else "")
        modes[name] = reference.mode
    for name, data in (rc.output_data or {}).items():
        location = data.output_location.data_path
        references[name] = "<%s>/%s" % (places[location.datastore_name.lower()], location.relative_path)

    def resolve(word):
        word = re.sub(r"\$\{?AZUREML_DATAREFERENCE_(\w+?)\}?(?=\W|$)",
                      lambda m: references.get(m[1], m[0]), str(word))
        word = re.sub(r"(?:^|(?<=[=\s\"']))(?:\./)?outputs(?=/|$|\s)", "{outputs}", word)
        return re.sub(r"DatasetOutputConfig:(\w+)", lambda m: references.get(m[1], m[0]), word)

    environment = rc.environment
    docker = environment.docker
    image, preparation = docker.base_image, None
    if docker.base_dockerfile:
        image, preparation = dockerfile(docker.base_dockerfile)
    variables = dict(environment.environment_variables or {})
    variables.update(rc.environment_variables or {})
    registry = docker.base_image_registry
    settings = rc.docker
    out = {
        "cluster": getattr(rc.target, "name", rc.target),
        "node_count": rc.node_count,
        "image": image,
        "preparation": preparation,
        "registry": asks.clean({"server": registry.address, "user": registry.username,
                                "password": registry.password}),
        "user_managed": bool(environment.python.user_managed_dependencies),
        "environment": {k: resolve(v) for k, v in variables.items() if k not in DEFAULTS},
        "shm_size": (settings.shm_size if settings is not None else None) or docker.shm_size,
        "docker": bool(settings.use_docker if settings is not None and settings.use_docker is not None
                       else docker.enabled),
        "max_seconds": rc.max_run_duration_seconds,
        "inputs": references,
        "modes": modes,
    }
    if environment.python.interpreter_path not in (None, "python"):
        out["interpreter"] = environment.python.interpreter_path
    if rc.command:
        command = rc.command if isinstance(rc.command, list) else [rc.command]
        if len(command) == 3 and command[:2] == ["bash", "-c"]:
            out["command"] = resolve(command[2])
        elif isinstance(rc.command, list):
            out["words"] = [w for word in command for w in jobs.option(resolve(word))]
        else:
            out["command"] = resolve(command[0])
    else:
        out["script"] = os.path.basename(rc.script or "")
        if os.path.dirname(rc.script or ""):
            out["script_directory"] = os.path.dirname(rc.script)
        try:
            with open(os.path.join(directory, rc.script), "rb") as f:
                out["digest"] = hashlib.sha256(f.read()).hexdigest()[:16]
        except OSError:
            pass
        out["arguments"] = [w for word in rc.arguments or [] for w in jobs.option(resolve(word))]
    distribution = COMMUNICATORS.get(str(rc.communicator), str(rc.communicator))
    if distribution == "ps":
        out["workers"], out["servers"] = rc.tensorflow.worker_count, rc.tensorflow.parameter_server_count
    elif distribution == "mpi":
        out["processes"] = rc.node_count * rc.mpi.process_count_per_node
        if out["processes"] == 1:
            distribution = None
    elif distribution in ("gloo", "nccl"):
        out["processes"] = rc.pytorch.process_count or rc.node_count
    else:
        out["processes"] = rc.node_count
    out["distribution"] = distribution
    return asks.clean(out)


#: Variables that every run configuration sets on its own.
DEFAULTS = {"EXAMPLE_ENV_VAR"}


def dockerfile(text):
    """The image and the commands of a Dockerfile of FROM and RUN lines."""
    image, commands = None, []
    for line in re.sub(r"\\\n", " ", text).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word.upper() == "FROM":
            image = rest.strip()
        elif word.upper() == "RUN":
            commands.append(rest.strip())
        elif word:
            commands.append(line.strip())
    return image, "; ".join(commands)
