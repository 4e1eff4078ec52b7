"""The job that a submitted estimator or ScriptRunConfig describes, in the fields of the ask job.create.

The run configuration is made by the SDK itself, down to the dictionary that it would send; nothing is read from the
arguments that the program gave.
"""

import base64
import hashlib
import os
import re
import shlex

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
    """The fields of job.create, and the definition of the run as the service would give it back. `places`: name of a
    datastore -> store of asks."""
    from azureml._execution import _commands

    directory, rc = configuration(config, workspace)
    definition = _commands._serialize_run_config_to_dict(rc)
    references = {}
    modes = {}
    for name, reference in (rc.data_references or {}).items():
        path = (reference.path_on_data_store or "").strip("/")
        store = places[reference.data_store_name.lower()]
        references[name] = "<%s>%s" % (store, "/" + path if path else "")
        modes[name] = reference.mode
    for name, data in (rc.output_data or {}).items():
        location = data.output_location and data.output_location.data_path
        if location is None or "{run-id}" in (location.relative_path or ""):
            references[name] = "{output %s}" % name
        else:
            references[name] = "<%s>/%s" % (places[location.datastore_name.lower()],
                                            (location.relative_path or "").strip("/"))

    def resolve(word):
        word = re.sub(r"\$\{?AZUREML_DATAREFERENCE_(\w+?)\}?(?=\W|$)",
                      lambda m: references.get(m[1], m[0]), str(word))
        word = re.sub(r"(?:^|(?<=[=\s\"']))(?:\./)?outputs(?=/|$|\s)", "{outputs}", word)
        return re.sub(r"DatasetOutputConfig:(\w+)", lambda m: references.get(m[1], m[0]), word)

    environment = rc.environment
    docker = environment.docker
    image, commands, exported = docker.base_image, [], {}
    if docker.base_dockerfile:
        image, commands, exported = dockerfile(docker.base_dockerfile)
    variables = dict(environment.environment_variables or {})
    variables.update(rc.environment_variables or {})
    registry = docker.base_image_registry
    settings = rc.docker
    out = {
        "cluster": getattr(rc.target, "name", rc.target),
        "node_count": rc.node_count,
        "image": image,
        "registry": asks.clean({"server": registry.address, "user": registry.username,
                                "password": registry.password}),
        "python": "of the image" if environment.python.user_managed_dependencies else "built on top",
        "environment": {k: resolve(v) for k, v in variables.items() if k not in DEFAULTS},
        "shm_size": (settings.shm_size if settings is not None else None) or docker.shm_size,
        "container": bool(settings.use_docker if settings is not None and settings.use_docker is not None
                          else docker.enabled),
        "max_seconds": rc.max_run_duration_seconds,
        "inputs": references,
        "modes": modes,
    }
    if environment.python.interpreter_path not in (None, "python"):
        out["interpreter"] = environment.python.interpreter_path
    if rc.command:
        command = rc.command if isinstance(rc.command, list) else [rc.command]
        if len(command) == 3 and command[:2] == ["bash", "-c"] or not isinstance(rc.command, list):
            out.update(shell(resolve(command[-1]), directory, commands, exported, out["environment"]))
        else:
            out.update(started(directory, [substitute(resolve(w), exported) for w in command]))
    else:
        out.update(script(directory, rc.script,
                          [w for word in rc.arguments or [] for w in jobs.option(resolve(word))]))
    prepare(out, directory, commands, exported)
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
    return asks.clean(out), definition


#: Variables that every run configuration sets on its own.
DEFAULTS = {"EXAMPLE_ENV_VAR"}


def dockerfile(text):
    """The image, the commands and the variables of a Dockerfile of FROM, RUN and ENV lines."""
    image, commands, exported = None, [], {}
    for line in re.sub(r"\\\n", " ", text).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word.upper() == "FROM":
            image = rest.strip()
        elif word.upper() == "ENV":
            name, _, value = rest.partition("=")
            exported[name.strip()] = value.strip()
        elif word.upper() == "RUN":
            commands.append(rest.strip())
        elif word:
            commands.append(line.strip())
    return image, commands, exported


def shell(line, directory, commands, exported, environment):
    """The fields of a command line that `bash -c` runs: exports and commands before the last one belong to the
    preparation, the last one is a script with arguments or words. A line that is more than that is "command".

    environment  the variables of the run, which the shell replaces
    """
    # The old service made the directories of the outputs itself.
    line = re.sub(r"^mkdir -p (\S*outputs\}?/\S* )+&& ", "", line)
    parts = [p.strip() for p in line.split("&&")]
    if not re.match(r"export AZ_BATCHAI_", parts[0]):
        read = jobs.command_line(substitute(line, environment), Plain)
        if "script" not in read:
            return {"command": line}
        environment.update(read["environment"])
        commands.extend(read["preparation"])
        return script(directory, read["script"], read["arguments"])
    for name, value in re.findall(r"(\w+)=(\S+)", parts[0][len("export "):]):
        exported[name] = value
    commands.extend(parts[1:-1])
    return started(directory, shlex.split(substitute(parts[-1], exported)))


def started(directory, words):
    """The fields of a command in words: a script of Python with its arguments, or "words"."""
    if re.match(r"python[\d.]*$", words[0]) and len(words) > 1 and not words[1].startswith("-"):
        return script(directory, words[1], [w for word in words[2:] for w in jobs.option(word)])
    return {"words": [w for word in words for w in jobs.option(word)]}


class Plain:
    """Places of a line in which nothing is left to be resolved."""

    @staticmethod
    def resolve(text):
        return text


def substitute(text, exported):
    """`text` with the exported variables replaced, and relative to the working directory."""
    for name, value in exported.items():
        text = re.sub(r"\$(%s\b|\{%s\})" % (name, name), lambda _: value, text)
    text = text.replace("$PWD/outputs", "{outputs}").replace("$PWD/", "")
    return re.sub(r"/(?:tmp|opt)/batchai_job_temp\b", "/tmp", text)


def prepare(out, directory, commands, exported):
    """Completes `out` with the preparation: commands, with {file DIGEST} for files that travel with the run, and the
    places that the variables of the old service are given."""
    made = [substitute(c, exported) for command in commands for c in re.split(r"\s*(?:;|&&)\s*", command)]
    text = "; ".join(c for c in made if not re.match(r"mkdir -p (/tmp|\S*job_temp\S*)$", c))
    text = re.sub(r"echo (\S+) \| base64 -d > (\S+); (\w+) \2",
                  lambda m: "%s {file %s}" % (m[3], digest(base64.b64decode(m[1]))), text)

    def local(match):
        path = os.path.join(directory, match[0])
        if not os.path.isfile(path):
            return match[0]
        with open(path, "rb") as f:
            return "{file %s}" % digest(f.read())

    out["preparation"] = re.sub(r"(?<=\s)[\w./-]+\.\w+(?=$|;|\s)", local, text)
    for name, value in exported.items():
        if name.startswith("AZ_BATCHAI_INPUT_"):
            out["inputs"].setdefault(name[17:], value.replace("$PWD", "{source}"))
    if "arguments" in out:
        out["arguments"] = [substitute(w, exported) for w in out["arguments"]]


def script(directory, path, arguments):
    out = {"script": os.path.basename(path or ""), "arguments": arguments}
    if os.path.dirname(path or ""):
        out["script_directory"] = os.path.dirname(path)
    try:
        with open(os.path.join(directory, path), "rb") as f:
            out["digest"] = digest(f.read())
    except (OSError, TypeError):
        pass
    return out


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]
