"""Runs programs for the Azure ML SDK and writes what they ask for.

    python run_after.py [--settings JSON] [--out FILE] PROGRAM...

The classes are the real ones of azureml-core, azureml-train-core and azureml-widgets. Compute targets, storage and
datastore transfers are real down to the HTTP request, which ends in cloud.Cloud. What goes through the service's own
clients (workspaces, experiments, runs, the registration of datastores) ends in recorders that first bind the arguments
against the real signature. What nobody records reaches for the network and fails. The result has the form of
run_before.py's.
"""

import importlib.metadata
import inspect
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from proof import asks  # noqa: E402
from proof import cloud  # noqa: E402
from proof import runconfig  # noqa: E402
from proof import runner  # noqa: E402
from proof import world  # noqa: E402


def prepare():
    """Imports the new SDK once, before the processes of the programs are made."""
    import logging
    import warnings

    warnings.simplefilter("ignore")
    logging.getLogger("azureml").setLevel(logging.ERROR)
    import azure.storage.blob
    import azure.storage.file  # noqa: F401

    # azureml.widgets takes this name from azure-storage-blob 12, which cannot be installed beside 2.1.0; programs that
    # keep calls of the old storage SDK need 2.1.0. The widget that uses it is none of ours.
    azure.storage.blob.BlobServiceClient = object
    import azureml.core  # noqa: F401
    import azureml.train.dnn  # noqa: F401
    import azureml.train.estimator  # noqa: F401
    import azureml.widgets  # noqa: F401
    del azure.storage.blob.BlobServiceClient


def instead(owner, name, action):
    """Puts `action` in the place of owner.name; it gets the arguments by name, after the real signature has bound
    them. Static methods stay static; `self` is an argument like the others."""
    real = inspect.getattr_static(owner, name)
    static = isinstance(real, (staticmethod, classmethod))
    function = real.__func__ if static else real
    signature = inspect.signature(function)
    varkw = next((p.name for p in signature.parameters.values() if p.kind is p.VAR_KEYWORD), None)

    def call(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        values = dict(bound.arguments)
        values.update(values.pop(varkw, {}) if varkw else {})
        return action(**values)

    call.__name__ = name
    setattr(owner, name, staticmethod(call) if isinstance(real, staticmethod) else
            classmethod(call) if isinstance(real, classmethod) else call)


class After:
    """One program's run with the new SDK."""

    def __init__(self, recorder, settings):
        self.recorder = recorder
        self.cloud = cloud.Cloud(recorder)
        self.cloud.expected_clusters = frozenset(n.lower() for n in settings.get("clusters", ()))
        self.stores = {}        # name of a datastore -> its DTO
        self.places = {}        # name of a datastore -> store of asks
        self.experiments = set()
        self.runs = []

    def start(self):
        self.cloud.install()
        self.authentication()
        self.workspaces()
        self.compute()
        self.datastores()
        self.secrets()
        self.runs_and_experiments()

    def end(self):
        self.cloud.settle()

    @staticmethod
    def versions():
        return {n: importlib.metadata.version(n) for n in ("azureml-core", "azureml-train-core", "azureml-widgets")}

    # -- signing in, workspaces -------------------------------------------------------------------------------------

    def authentication(self):
        from azureml.core import authentication

        for name, value in vars(authentication).items():
            if inspect.isclass(value) and issubclass(value, authentication.AbstractAuthentication):
                value.get_authentication_header = lambda self: {
                    "Authorization": "Bearer proof", cloud.IDENTITY: identity(self)}
                if "__init__" in vars(value) and name in (
                        "InteractiveLoginAuthentication", "AzureCliAuthentication", "MsiAuthentication"):
                    instead(value, "__init__", lambda self, **_: self.__dict__.update(
                        _tenant_id=None, _ambient_auth=None, _cloud="AzureCloud"))
                value._get_cloud_type = lambda self: CLOUD

    def at(self, workspace):
        """Says that what is asked for now is asked of this workspace."""
        self.recorder.site = dict(workspace.proof_site)
        return workspace

    def workspace(self, name, auth, subscription_id, resource_group, location=None, tags=None):
        """A real Workspace that the service is not asked about."""
        from azureml.core import Workspace
        from azureml.core.authentication import MsiAuthentication

        workspace = Workspace(
            subscription_id or world.SUBSCRIPTION, resource_group or world.RESOURCE_GROUP, name,
            auth=auth or MsiAuthentication(),
            _location=location or world.LOCATION, _disable_service_check=True, tags=tags)
        workspace._service_context = Context()
        workspace.proof_site = asks.clean({
            "subscription": workspace.subscription_id, "group": workspace.resource_group, "workspace": name,
            "as": identity(auth)})
        return workspace

    def workspaces(self):
        from azureml.core import Workspace

        def create(name, auth, subscription_id, resource_group, location, create_resource_group, tags, exist_ok, **_):
            if not exist_ok:
                raise ValueError("workspace %s is there already: the program has run before" % name)
            if create_resource_group:
                self.recorder.add("resource_group.create", name=resource_group, location=location)
            made = self.at(self.workspace(name, auth, subscription_id, resource_group, location, tags))
            self.recorder.add("workspace.create", name=name, location=location, tags=tags)
            return made

        def get(name, auth, subscription_id, resource_group, **_):
            self.recorder.add("workspace.get", name=name)
            return self.workspace(name, auth, subscription_id or world.OTHER_SUBSCRIPTION,
                                  resource_group or world.OTHER_GROUP)

        def from_config(path, auth, **_):
            self.recorder.add("workspace.get", name=world.WORKSPACE)
            return self.workspace(world.WORKSPACE, auth, None, None)

        def listing(subscription_id, auth, resource_group):
            self.recorder.add("workspace.list")
            return {world.WORKSPACE: [self.workspace(world.WORKSPACE, auth, subscription_id, resource_group)]}

        instead(Workspace, "create", create)
        instead(Workspace, "get", get)
        instead(Workspace, "from_config", from_config)
        instead(Workspace, "list", listing)
        instead(Workspace, "delete", lambda self, **_: after.at(self) and record.add(
            "workspace.delete", name=self.name))
        instead(Workspace, "update", lambda self, tags=None, **_: after.at(self) and record.add(
            "workspace.update", name=self.name, tags=tags))
        instead(Workspace, "write_config", lambda self, **_: None)
        record, after = self.recorder, self

        def details(self):
            record.add("workspace.get", name=self.name)
            return {"id": "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.MachineLearningServices/workspaces/"
                    "%s" % (self.subscription_id, self.resource_group, self.name), "name": self.name,
                    "location": self._location, "creationTime": cloud.CREATED, "provisioningState": "Succeeded",
                    "tags": self._tags}

        instead(Workspace, "get_details", details)
        Workspace.tags = property(lambda self: self._tags)

    def compute(self):
        from azureml.core.compute import AmlCompute

        wait = AmlCompute.wait_for_completion
        recorder = self.recorder

        def wait_for_completion(self, **options):
            # The end of a deletion is waited for only by the object that began it.
            if not options["is_delete_operation"] or self._operation_endpoint:
                recorder.add("cluster.wait", name=self.name,
                             until="deleted" if options["is_delete_operation"] else "ready")
            return wait(self, **options)

        instead(AmlCompute, "wait_for_completion", wait_for_completion)

    def secrets(self):
        from azureml.core.keyvault import Keyvault

        instead(Keyvault, "__init__", lambda self, workspace: setattr(self, "workspace", workspace))
        instead(Keyvault, "set_secret", lambda name, **_: self.recorder.add("secret.set", name=name) and None)
        instead(Keyvault, "get_secret", lambda name, **_: self.recorder.add("secret.get", name=name) and "proof")

    # -- datastores -------------------------------------------------------------------------------------------------

    def datastores(self):
        from azureml._restclient.models.azure_storage import AzureStorage
        from azureml._restclient.models.data_store import DataStore
        from azureml.core import Workspace
        from azureml.data import datastore_client
        from azureml.data.azure_storage_datastore import AbstractAzureStorageDatastore

        client = datastore_client._DatastoreClient
        client._get_client = staticmethod(lambda ws, auth, host: Services(self))
        register = client._register

        def registered(overwrite, dto, **rest):
            if not overwrite:
                raise ValueError("datastore %s is there already: the program has run before" % dto.name)
            return register(overwrite=overwrite, dto=dto, **rest)

        instead(client, "_register", registered)
        start = AbstractAzureStorageDatastore._start_upload_task

        def uploading(self, overwrite, **rest):
            service.keeping = not overwrite
            try:
                return start(self, overwrite=overwrite, **rest)
            finally:
                service.keeping = False

        service = self.cloud
        instead(AbstractAzureStorageDatastore, "_start_upload_task", uploading)
        default = DataStore(name="workspaceblobstore", data_store_type="AzureBlob", azure_storage_section=AzureStorage(
            account_name="workspaceaccount", container_name="azureml-blobstore", credential_type="AccountKey",
            account_key=world.ACCOUNT_KEY, credential=world.ACCOUNT_KEY, protocol="https", endpoint="core.windows.net"))
        self.keep(default)
        Workspace.datastores = property(lambda ws: {
            n: client._get(ws, n) for n in self.stores})
        Workspace.experiments = property(lambda ws: {n: self.experiment(ws, n) for n in self.experiments})

    def keep(self, dto):
        """Remembers a registered datastore as the service gives it back."""
        section = dto.azure_storage_section
        section.endpoint = section.endpoint or "core.windows.net"
        section.protocol = section.protocol or "https"
        section.account_key = getattr(section, "account_key", None) or section.credential
        kind = getattr(dto.data_store_type, "value", dto.data_store_type)
        dto.data_store_type = Value(kind)
        self.stores[dto.name.lower()] = dto
        service = {"AzureBlob": "blob", "AzureFile": "file"}[kind]
        self.places[dto.name.lower()] = asks.store(service, section.account_name, section.container_name)
        return self.places[dto.name.lower()]

    # -- experiments and runs ---------------------------------------------------------------------------------------

    def experiment(self, workspace, name):
        from azureml.core import Experiment

        return Experiment(workspace, name)

    def runs_and_experiments(self):
        from azureml._base_sdk_common.common import check_valid_resource_name
        from azureml.core import Experiment
        from azureml.core.run import Run
        from azureml.core.script_run import ScriptRun

        after = self
        recorder = self.recorder

        def init(self, workspace, name, **_):
            check_valid_resource_name(name, "Experiment")
            self._workspace, self._name, self._id, self._tags = workspace, name, "id-of-" + name, {}
            self._archived_time = None
            if name not in after.experiments:
                after.experiments.add(name)
                after.at(workspace)
                recorder.add("experiment.create", name=name)

        def submit(self, config, tags, **overrides):
            if hasattr(config, "_override_params"):
                unknown = set(overrides) - {"script_params", "inputs", "source_directory_data_store"}
                if unknown:
                    raise TypeError("submit of an estimator does not take %s" % sorted(unknown))
                if overrides:
                    config._override_params(**{n: overrides.get(n) for n in (
                        "script_params", "inputs", "source_directory_data_store")})
            fields, definition = runconfig.job(config, self._workspace, after.places)
            run = new_run(self, dict(tags or {}))
            run.proof_definition = definition
            run.proof_outputs = sorted(set(re.findall(r"\{outputs\}/([\w./-]+)", json.dumps(fields))))
            after.at(self._workspace)
            recorder.add("job.create", name=run.proof_name, experiment=self._name,
                         tags={k: v for k, v in run.proof_tags.items() if k != "batchai_job_name"}, **fields)
            return run

        def archive(self):
            after.at(self._workspace)
            recorder.add("experiment.archive", name=self._name)

        def listing(workspace, experiment_name, **_):
            recorder.add("experiment.list")
            return [Experiment(workspace, n) for n in sorted(after.experiments)
                    if experiment_name in (None, n)]

        instead(Experiment, "__init__", init)
        instead(Experiment, "submit", submit)
        instead(Experiment, "archive", archive)
        instead(Experiment, "list", listing)
        instead(Experiment, "delete", lambda workspace, experiment_id: after.at(workspace) and recorder.add(
            "experiment.delete", name=experiment_id.replace("id-of-", "")) and None)
        instead(Experiment, "get_portal_url", lambda self, **_: "https://ml.azure.com/experiments/" + self._name)

        def new_run(experiment, tags, there_before=False):
            run = ScriptRun.__new__(ScriptRun)
            run._experiment = experiment
            run._run_id = "%s_%d" % (experiment._name, len(after.runs) + 1)
            run.proof_tags = tags
            run.proof_name = tags.get("batchai_job_name", run._run_id)
            run.proof_states = ["Queued", "Running", "Completed"]
            run.proof_outputs = ["result"]
            run.proof_definition = {"environment": {"environmentVariables": {}}, "environmentVariables": {}}
            after.runs.append(run)
            return run

        def runs(experiment, tags, **_):
            wanted = tags if isinstance(tags, dict) else {}
            found = [r for r in after.runs if r._experiment._name == experiment._name
                     and all(r.proof_tags.get(k) == v for k, v in wanted.items())]
            if "batchai_job_name" in wanted:
                recorder.add("job.get", name=wanted["batchai_job_name"])
                if not found:
                    found = [new_run(experiment, dict(wanted))]
            else:
                recorder.add("job.list", experiment=experiment._name)
            return iter(reversed(found))

        instead(Run, "list", lambda experiment, tags, **_: runs(experiment, tags))
        Run.id = ScriptRun.id = property(lambda self: self._run_id)
        Run.name = property(lambda self: self._run_id)
        Run.experiment = property(lambda self: self._experiment)
        Run.tags = property(lambda self: dict(self.proof_tags))
        Run.status = property(lambda self: self.get_status())
        Run.display_name = property(lambda self: self._run_id)

        def state(self, **_):
            recorder.add("job.get", name=self.proof_name)
            return self.proof_states.pop(0) if len(self.proof_states) > 1 else self.proof_states[0]

        def details(self):
            recorder.add("job.files", name=self.proof_name, directory="logs")
            names = ["azureml-logs/70_driver_log.txt", "user_logs/std_log.txt"]
            return {"runId": self._run_id, "target": "proof", "status": self.proof_states[0], "properties": {},
                    "startTimeUtc": cloud.CREATED, "endTimeUtc": cloud.CREATED, "createdTimeUtc": cloud.CREATED,
                    "runDefinition": self.proof_definition, "error": None, "warnings": [], "logFiles": {
                        n: "https://output.example/%s/%s" % (self.proof_name, n) for n in names}}

        def wait(self, **_):
            recorder.add("job.wait", name=self.proof_name)
            self.proof_states = ["Completed"]
            return {"status": "Completed"}

        def names(self):
            recorder.add("job.files", name=self.proof_name, directory="outputs")
            return ["azureml-logs/70_driver_log.txt"] + [
                "outputs/%s/result.txt" % directory for directory in self.proof_outputs]

        def download(self, name, output_file_path, **_):
            recorder.add("job.download", name=self.proof_name, directory=cloud.kind_of(name), file=name)
            path = output_file_path or os.path.basename(name)
            if os.path.isdir(path):
                path = os.path.join(path, os.path.basename(name))
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            with open(path, "wb") as f:
                f.write(world.output_text(name))

        def cancel(self):
            after.at(self._experiment._workspace)
            recorder.add("job.cancel", name=self.proof_name)
            self.proof_states = ["Canceled"]

        def nothing(**_):
            return None

        for owner in (Run, ScriptRun):
            for name, action in (("get_status", state), ("get_details", details), ("get_details_with_logs", details),
                                 ("wait_for_completion", wait), ("get_file_names", names), ("download_file", download),
                                 ("cancel", cancel), ("tag", lambda self, key, value: self.proof_tags.update(
                                     {key: value})), ("set_tags", lambda self, tags: self.proof_tags.update(tags)),
                                 ("get_metrics", lambda self, **_: {"metric": 0.5}),
                                 ("download_files", nothing), ("get_all_logs", lambda self, **_: []),
                                 ("get_children", lambda self, **_: iter(())),
                                 ("get_portal_url", lambda self, **_: "https://ml.azure.com/runs/" + self._run_id)):
                if name in vars(owner):
                    instead(owner, name, action)
        self.widgets()

    def widgets(self):
        from azureml.widgets import RunDetails

        def new(cls, run_instance, *args, **kwargs):
            from azureml.core.run import Run
            if not isinstance(run_instance, Run):
                raise TypeError("RunDetails of %r" % (run_instance,))
            shown = object.__new__(cls)
            shown.show = lambda *a, **k: None
            return shown

        RunDetails.__new__ = staticmethod(new)
        RunDetails.__init__ = lambda self, *a, **k: None


def identity(auth):
    """Who signs in, of a service principal; empty for others."""
    if not hasattr(auth, "_service_principal_id"):
        return ""
    return world.principal(auth._tenant_id, auth._service_principal_id, auth._service_principal_password)


class Context:
    """The service context of a workspace: addresses that cloud.Cloud answers."""

    def _get_api_url(self):
        return "https://eastus.api.example"

    def __getattr__(self, name):
        if name.startswith("_get_") and name.endswith("_url"):
            return self._get_api_url
        raise AttributeError(name)


class Value(str):
    """A text that can be asked for its value as a member of an enumeration can."""

    @property
    def value(self):
        return str(self)


class Services:
    """The client of the datastore service: registers in memory, records."""

    def __init__(self, after):
        self.after = after
        self.data_stores = self

    def create(self, subscription_id, resource_group_name, workspace_name, dto, create_if_not_exists=False,
               skip_validation=False, **_):
        import copy

        place = self.after.keep(copy.copy(dto))
        if create_if_not_exists and place not in self.after.cloud.stores:
            self.after.cloud.stores.add(place)
            self.after.recorder.add("storage.create", store=place)
        section = dto.azure_storage_section
        self.after.recorder.accounts[section.account_name] = world.known(section.credential)
        self.after.recorder.add("datastore.register", name=dto.name, store=place,
                                credential=world.known(section.credential))

    def get(self, subscription_id, resource_group_name, workspace_name, name, **_):
        if name.lower() not in self.after.stores:
            raise KeyError("no datastore " + name)
        return self.after.stores[name.lower()]

    def get_default(self, *_, **__):
        self.after.recorder.add("datastore.get", name="default")
        return self.after.stores["workspaceblobstore"]

    def delete(self, subscription_id, resource_group_name, workspace_name, name, **_):
        self.after.recorder.add("datastore.unregister", name=name)
        self.after.stores.pop(name.lower(), None)

    def set_default(self, *_, **__):
        self.after.recorder.add("other", what="set default datastore")


class CLOUD:
    """What signing in says about the cloud."""

    name = "AzureCloud"

    class endpoints:
        resource_manager = "https://management.azure.com"
        active_directory = "https://login.microsoftonline.com"

    class suffixes:
        storage_endpoint = "core.windows.net"


def main():
    return runner.main(__doc__, prepare, After)


if __name__ == "__main__":
    sys.exit(main())
