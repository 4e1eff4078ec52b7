"""The job that a Batch AI request describes, in the fields of the ask job.create.

What a job *means* is read here from the documentation of Batch AI, on purpose without looking at the rules of the
translator: references to mounts, inputs and outputs are resolved to the place in storage that they name, command lines
are split as the shell of the node did, and the tool settings become processes and a kind of distribution.
"""

import posixpath
import re
import shlex

from proof import asks
from proof import world

VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")

#: key in the request body -> (name of the tool, how several processes find each other)
TOOLS = {
    "cntkSettings": ("cntk", "mpi"),
    "pyTorchSettings": ("pytorch", None),
    "tensorFlowSettings": ("tensorflow", "ps"),
    "caffeSettings": ("caffe", "mpi"),
    "caffe2Settings": ("caffe2", "nodes"),
    "chainerSettings": ("chainer", "mpi"),
    "customToolkitSettings": ("custom", None),
    "customMpiSettings": ("mpi", "mpi"),
    "horovodSettings": ("horovod", "mpi"),
}


def mounts_of(volumes, root):
    """Mounted path -> store, of MountVolumes as sent to the service. `root`: the variable they are mounted below."""
    out = {}
    for share in (volumes or {}).get("azureFileShares") or []:
        name = share["azureFileUrl"].rstrip("/").rsplit("/", 1)[-1]
        out[posixpath.join(root, share["relativeMountPath"])] = asks.store("file", share["accountName"], name)
    for blob in (volumes or {}).get("azureBlobFileSystems") or []:
        out[posixpath.join(root, blob["relativeMountPath"])] = asks.store(
            "blob", blob["accountName"], blob["containerName"])
    for server in (volumes or {}).get("fileServers") or []:
        out[posixpath.join(root, server["relativeMountPath"])] = "nfs:" + server["fileServer"]["id"].rsplit("/", 1)[-1]
    for other in (volumes or {}).get("unmanagedFileSystems") or []:
        out[posixpath.join(root, other["relativeMountPath"])] = "unmanaged:" + other["mountCommand"]
    return out


def accounts_of(volumes):
    """Storage account -> the key with which MountVolumes reach it."""
    out = {}
    for mount in ((volumes or {}).get("azureFileShares") or []) + ((volumes or {}).get("azureBlobFileSystems") or []):
        key = (mount.get("credentials") or {}).get("accountKey")
        if key:
            out[mount["accountName"]] = world.known(key)
    return out


class Places:
    """What the $AZ_BATCHAI_ variables of one job stand for."""

    def __init__(self, properties, cluster_mounts):
        self.mounts = dict(cluster_mounts)
        self.mounts.update(mounts_of(properties.get("mountVolumes"), "$AZ_BATCHAI_JOB_MOUNT_ROOT"))
        self.inputs = {d["id"]: d["path"] for d in properties.get("inputDirectories") or []}
        self.outputs = {d["id"]: (d.get("pathSuffix") or d["id"].lower()).strip("/")
                        for d in properties.get("outputDirectories") or []}
        self.environment = {v["name"]: str(v.get("value")) for v in properties.get("environmentVariables") or []}

    def resolve(self, text):
        """`text` with references replaced: <blob:account/container>/path, {outputs}/suffix, values of the
        job's own environment; everything else as it stands."""
        for _ in range(4):
            changed = VARIABLE.sub(self.replace, text)
            if changed == text:
                break
            text = changed
        for path in sorted(self.mounts, key=len, reverse=True):
            text = re.sub(re.escape(path) + r"(?![\w-])", lambda m: "<%s>" % self.mounts[path], text)
        return re.sub(r"(<[^>]*>)/*(?=$|[\s\"';])", r"\1", text)

    def replace(self, match):
        name = match[1] or match[2]
        if name.startswith("AZ_BATCHAI_INPUT_") and name[17:] in self.inputs:
            return self.inputs[name[17:]].rstrip("/")
        if name.startswith("AZ_BATCHAI_OUTPUT_") and name[18:] in self.outputs:
            return "{outputs}/" + self.outputs[name[18:]]
        if name in self.environment:
            return self.environment[name]
        return "$" + name


def words(line, places):
    """The words of an argument line with references resolved; each `--option=value` is two words unless the value is
    a truth value (flag libraries read those only in one word)."""
    out = []
    for word in shlex.split(line or ""):
        out.extend(option(places.resolve(word)))
    return out


def option(word):
    """A word of a command line as one or two: argparse reads `--a=b` and `--a b` alike."""
    match = re.match(r"(--?[A-Za-z][\w-]*)=(.*)$", word, re.S)
    if match and match[2].lower() not in ("true", "false", "yes", "no", ""):
        return [match[1], match[2]]
    return [word]


PREPARING = re.compile(r"^(export|source|\.|cd|set|pip|pip3|apt|apt-get|conda)\b")
MPIRUN = re.compile(r"^(mpirun|mpiexec)(\.\w+)?$")


def command_line(line, places):
    """A free command line: {"script", "arguments"} where it is one Python script (with "environment" of exports before
    it, "preparation" of other commands before it, "launcher" words of mpirun and "processes" it was told), else
    {"command": the text}."""
    parts = [p.strip() for p in re.split(r"\s*(?:;|&&|\n)\s*", line.strip()) if p.strip()]
    if not parts or re.search(r"[|<>`]|\$\(|(?<!&)&(?!&)", re.sub(r"<\w+:[^<>]*>", "", parts[-1])):
        return {"command": places.resolve(line)}
    environment, preparation = {}, []
    for part in parts[:-1]:
        if not PREPARING.match(part):
            return {"command": places.resolve(line)}
        exported = re.match(r"export\s+(\w+)=(.*)$", part)
        if exported:
            environment[exported[1]] = " ".join(shlex.split(exported[2]))
        else:
            preparation.append(places.resolve(part))
    tokens = shlex.split(parts[-1])
    while tokens and re.match(r"\w+=", tokens[0]):
        name, value = tokens.pop(0).split("=", 1)
        environment[name] = value
    out = {"environment": environment, "preparation": preparation}
    if tokens and MPIRUN.match(posixpath.basename(tokens[0])):
        at = next((i for i, t in enumerate(tokens) if re.match(r"(.*/)?python[\d.]*$", t)), None)
        if at is None:
            return {"command": places.resolve(line)}
        launcher = tokens[1:at]
        out["launcher"] = launcher
        for flag in ("-n", "-np"):
            if flag in launcher:
                out["processes"] = int(launcher[launcher.index(flag) + 1])
        tokens = tokens[at:]
    if not tokens or not re.match(r"(.*/)?python[\d.]*$", tokens[0]):
        return {"command": places.resolve(line)}
    if tokens[0] not in ("python", "python3"):
        out["interpreter"] = tokens[0]
    rest = tokens[1:]
    while rest and rest[0] in ("-u", "-B", "-O"):
        if rest.pop(0) == "-u":
            environment["PYTHONUNBUFFERED"] = "1"
    if not rest or rest[0].startswith("-"):
        return {"command": places.resolve(line)}
    out["script"] = places.resolve(rest[0])
    out["arguments"] = [w for word in rest[1:] for w in option(places.resolve(word))]
    return out


def job(properties, cluster_mounts, uploads):
    """The fields of job.create of the body's properties.

    cluster_mounts  mounts_of the cluster that the job runs on
    uploads         (store, path) -> digest: what the program has uploaded before
    """
    places = Places(properties, cluster_mounts)
    nodes = properties.get("nodeCount")
    key = next((k for k in TOOLS if properties.get(k) is not None), None)
    tool, distribution = TOOLS.get(key, (None, None))
    settings = properties.get(key) or {}
    out = {"tool": tool, "node_count": nodes, "cluster": properties["cluster"]["id"].rsplit("/", 1)[-1]}
    container = (properties.get("containerSettings") or {})
    registry = container.get("imageSourceRegistry") or {}
    credentials = registry.get("credentials") or {}
    out["image"] = registry.get("image")
    out["registry"] = asks.clean({"server": registry.get("serverUrl"), "user": credentials.get("username"),
                                  "password": credentials.get("password"),
                                  "password_secret": credentials.get("passwordSecretReference")})
    if out["image"]:
        out["container"], out["python"] = True, "of the image"
    out["shm_size"] = container.get("shmSize")
    out["max_seconds"] = seconds((properties.get("constraints") or {}).get("maxWallClockTime"))
    out["priority"] = properties.get("schedulingPriority") or properties.get("priority")
    out["preparation"] = places.resolve((properties.get("jobPreparation") or {}).get("commandLine") or "")
    out["secrets"] = sorted(s["name"] for s in properties.get("secrets") or [])
    out["environment"] = {k: places.resolve(v) for k, v in places.environment.items()}
    out["outputs"] = places.outputs
    out["logs"] = places.resolve(properties.get("stdOutErrPathPrefix") or "")

    processes = settings.get("processCount")
    if tool == "tensorflow":
        worker, server = settings.get("workerCommandLineArgs"), settings.get("parameterServerCommandLineArgs")
        if worker or server or settings.get("workerCount") or settings.get("parameterServerCount"):
            out["workers"] = settings.get("workerCount") or nodes
            out["servers"] = settings.get("parameterServerCount") or 1
            roles = {"worker": words(worker, places), "ps": words(server, places),
                     "master": words(settings.get("masterCommandLineArgs"), places)}
            out["arguments"] = roles["worker"]
            out["roles"] = {role: line for role, line in roles.items()
                            if role != "worker" and line and line != roles["worker"]}
        else:
            distribution = None
            out["arguments"] = words(settings.get("masterCommandLineArgs"), places)
    elif tool == "custom" or tool == "mpi":
        read = command_line(settings.get("commandLine") or "", places)
        out["environment"].update(read.pop("environment", {}))
        out["preparation"] = "; ".join([out["preparation"]] * bool(out["preparation"]) + read.pop("preparation", []))
        out.update(read)
        if tool == "custom":
            distribution = "mpi" if "launcher" in out else ("master" if (nodes or 1) > 1 else None)
            processes = out.get("processes") or nodes
    elif settings.get("configFilePath"):
        config = places.resolve(settings["configFilePath"])
        first = {"cntk": ["cntk", "configFile=" + config], "caffe": ["caffe", "train", "--solver", config]}[tool]
        out["words"] = first + words(settings.get("commandLineArgs"), places)
        beside(out, config, uploads)
    else:
        out["arguments"] = words(settings.get("commandLineArgs"), places)
    if settings.get("pythonScriptFilePath"):
        out["script"] = places.resolve(settings["pythonScriptFilePath"])
    if settings.get("pythonInterpreterPath"):
        out["interpreter"] = settings["pythonInterpreterPath"]
    if tool == "pytorch":
        distribution = (settings.get("communicationBackend") or "tcp").lower()
    if distribution != "ps":
        total = processes or nodes or 1
        out["processes"] = total
        if total == 1:
            distribution = None
    out["distribution"] = distribution
    out["preparation"] = preparation(out["preparation"], lambda path: uploads.get(path), script_directory(out))
    source(out, uploads)
    out["inputs"] = {identity: places.resolve(path) for identity, path in places.inputs.items()}
    return asks.clean({k: v for k, v in out.items() if k != "launcher"})


def source(out, uploads):
    """Leaves of "script" the file name, which travels with the run; "digest": of its contents, where they are known."""
    script = out.get("script")
    if not script:
        return
    out["script"] = posixpath.basename(script)
    match = re.match(r"<([^>]+)>/?(.*)$", script)
    if match:
        out["digest"] = uploads.get((match[1], match[2]))
    else:
        out["script_directory"] = posixpath.dirname(script)


def script_directory(out):
    return posixpath.dirname(out.get("script") or "")


def preparation(text, digest, directory=""):
    """Commands that prepare a node, in one form: separated by "; ", with {file DIGEST} for files that the program
    sends along.

    digest     answers the digest for (store, path), None for other files
    directory  of the script: what lies in it is named relative to it
    """
    text = "; ".join(p for p in re.split(r"\s*(?:;|&&|\n)\s*", text.strip()) if p)

    def file(match):
        found = digest((match[1], match[2]))
        return "{file %s}" % found if found else match[0]

    text = re.sub(r"<([^>]+)>/([^\s;]+)", file, text)
    return text.replace(directory + "/", "") if directory else text


def beside(out, config, uploads):
    """Lets the words of a command name the file `config` and its neighbours relative to the working directory, where
    the program has uploaded something into its directory: then that travels with the run."""
    match = re.match(r"<([^>]+)>/?(.*)$", config)
    folder = posixpath.dirname(match[2]) if match else None
    if match and any(s == match[1] and posixpath.dirname(p) == folder for s, p in uploads):
        directory = posixpath.dirname(config) + "/"
        out["words"] = [w.replace(directory, "") for w in out["words"]]


def seconds(duration):
    """Seconds of an ISO 8601 duration as msrest writes it (P1DT2H3M4S), None of None."""
    if not duration:
        return None
    match = re.match(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$", str(duration))
    if not match:
        return duration
    days, hours, minutes, secs = (float(g or 0) for g in match.groups())
    return int(days * 86400 + hours * 3600 + minutes * 60 + secs)
