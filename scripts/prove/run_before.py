"""Runs programs for the Batch AI SDK and writes what they ask for.

    python run_before.py [--given FILE] [--settings JSON] [--out FILE] PROGRAM...

The classes are the real ones of azure-mgmt-batchai, azure-storage-blob and azure-storage-file; only the connections
end in cloud.Cloud. Each program runs in a process of its own, in the directory that holds it. The result is a JSON
list with an object a program: path, asks, made_up (files that were not there), stopped (why it did not run to its end,
or null). README.md explains the asks. Run it with the Python of one of the environments that prove.py makes.
"""

import functools
import importlib
import importlib.metadata
import importlib.util
import inspect
import os
import pkgutil
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from proof import cloud  # noqa: E402
from proof import hooks  # noqa: E402
from proof import jobs  # noqa: E402
from proof import runner  # noqa: E402
from proof import world  # noqa: E402


def prepare():
    """Imports the old SDK once, before the processes of the programs are made."""
    import azure.mgmt.batchai  # noqa: F401
    import azure.mgmt.batchai.models
    import azure.storage.blob  # noqa: F401
    import azure.storage.file  # noqa: F401
    import msrestazure.azure_active_directory as directory

    # The only thing that credentials do on their own is to fetch a token.
    for name in ("ServicePrincipalCredentials", "UserPassCredentials", "AADTokenCredentials",
                 "InteractiveCredentials", "MSIAuthentication"):
        credentials = getattr(directory, name, None)
        if credentials is None:
            continue
        keep_tenant(credentials)
        credentials.signed_session = signed
        if hasattr(credentials, "refresh_session"):
            credentials.refresh_session = signed
        for method in ("set_token", "_set_token"):
            if hasattr(credentials, method):
                setattr(credentials, method, lambda self: None)
    # Python 2, for which these programs were written, found every model in a module of its own, too.
    for module in pkgutil.iter_modules(azure.mgmt.batchai.models.__path__):
        importlib.import_module("azure.mgmt.batchai.models." + module.name)
    sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "recipe_modules"))


def signed(credentials, session=None):
    """A session of somebody who has signed in."""
    import requests

    session = session or requests.Session()
    secret = getattr(credentials, "secret", None)
    if secret:
        session.headers[cloud.IDENTITY] = world.principal(credentials.proof_tenant, credentials.id, secret)
    return session


def keep_tenant(credentials):
    """The tenant that the program names, or the address at which its credentials are to ask for a token; some releases
    of msrestazure drop one of the two."""
    made = credentials.__init__

    @functools.wraps(made)
    def init(self, *args, **kwargs):
        uri = re.match(r"https://[^/]+/([^/]+)/", kwargs.get("token_uri") or "")
        self.proof_tenant = uri[1] if uri else kwargs.get("tenant") or ""
        made(self, *args, **kwargs)

    credentials.__init__ = init


def watch_accounts(recorder):
    """Records the keys with which the storage SDK signs its requests."""
    from azure.storage.common import _auth

    made = _auth._StorageSharedKeyAuthentication.__init__

    def init(self, account_name, account_key, *args, **kwargs):
        recorder.accounts[account_name] = world.known(account_key)
        made(self, account_name, account_key, *args, **kwargs)

    _auth._StorageSharedKeyAuthentication.__init__ = init


def attach(service, recorder):
    """Lets pollers work in step with the program and records who waits for them."""
    pollers = []
    for module, name in (("msrest.polling.poller", "LROPoller"),
                         ("msrestazure.azure_operation", "AzureOperationPoller")):
        try:
            pollers.append(getattr(importlib.import_module(module), name))
        except (ImportError, AttributeError):
            continue
    for poller in pollers:
        follow(poller, service, recorder)
    hooks.on_wait = lambda name: recorder.add("job.wait", name=name)


def follow(poller, service, recorder):
    made, result, wait = poller.__init__, poller.result, poller.wait

    def init(self, *args, **kwargs):
        service.last = None
        before = len(recorder.asks)
        made(self, *args, **kwargs)
        thread = getattr(self, "_thread", None)
        if thread is not None:
            thread.join()
        self.proof_operation = service.last or last_operation(recorder.asks[max(before - 1, 0):])
        self.proof_waited = False

    def waited(self):
        if self.proof_operation and not self.proof_waited:
            what, name, until = self.proof_operation
            if what == "cluster":
                recorder.add("cluster.wait", name=name, until=until)
            elif until == "cancelled":
                recorder.add("job.wait", name=name)
        self.proof_waited = True

    poller.__init__ = init
    poller.result = lambda self, timeout=None: (waited(self), result(self, timeout))[1]
    poller.wait = lambda self, timeout=None: (waited(self), wait(self, timeout))[1]


def last_operation(recent):
    """The long operation of the newest of `recent` asks: the request of LROPoller is sent before it is made."""
    for ask in reversed(recent):
        if ask["ask"] == "cluster.create":
            return "cluster", ask["name"], "ready"
        if ask["ask"] == "cluster.delete":
            return "cluster", ask["name"], "deleted"
        if ask["ask"] == "job.cancel":
            return "job", ask["name"], "cancelled"
        return None
    return None


def mix(directory):
    """Lets programs mix the calls of two releases: what an operation of the installed one refuses is bound against the
    operation of the release whose package is in `directory`, and sent by it. No release runs such a program to its
    end; it still says what it wants, call by call."""
    spec = importlib.util.spec_from_file_location("batchai_before", os.path.join(directory, "__init__.py"),
                                                  submodule_search_locations=[directory])
    old = importlib.util.module_from_spec(spec)
    sys.modules["batchai_before"] = old
    spec.loader.exec_module(old)
    old_operations = importlib.import_module("batchai_before.operations")
    new_operations = importlib.import_module("azure.mgmt.batchai.operations")
    for name in dir(new_operations):
        group, before = getattr(new_operations, name), getattr(old_operations, name, None)
        if not inspect.isclass(group) or before is None:
            continue
        for method, action in list(vars(group).items()):
            if inspect.isfunction(action) and not method.startswith("_") and hasattr(before, method):
                setattr(group, method, either(action, getattr(before, method), before))
        for method, action in vars(before).items():
            if inspect.isfunction(action) and not method.startswith("_") and not hasattr(group, method):
                setattr(group, method, other(action, before))


def either(action, fallback, owner):
    fits = inspect.signature(action)

    @functools.wraps(action)
    def call(self, *args, **kwargs):
        try:
            fits.bind(self, *args, **kwargs)
        except TypeError:
            return other(fallback, owner)(self, *args, **kwargs)
        return action(self, *args, **kwargs)

    return call


def other(action, owner):
    @functools.wraps(action)
    def call(self, *args, **kwargs):
        operations = owner(self._client, self.config, self._serialize, self._deserialize)
        return action(operations, *args, **kwargs)

    return call


def complete(service, recorder):
    """Reads what the requests for jobs describe; takes mounts of the clusters into account."""
    service.settle()
    mounts, uploads = {}, {}
    for ask in recorder.asks:
        if ask["ask"] == "cluster.create" and ask.get("mounts"):
            recorder.accounts.update(jobs.accounts_of(ask["mounts"]))
            mounts[ask["name"]] = jobs.mounts_of(ask.pop("mounts"), "$AZ_BATCHAI_MOUNT_ROOT")
            ask["mounts"] = sorted(mounts[ask["name"]].values())
        elif ask["ask"] == "upload":
            uploads[(ask["store"], ask["path"])] = ask["digest"]
        elif ask["ask"] == "job.create":
            raw = ask.pop("raw")
            recorder.accounts.update(jobs.accounts_of(raw.get("mountVolumes")))
            cluster = raw["cluster"]["id"].rsplit("/", 1)[-1]
            ask.update(jobs.job(raw, mounts.get(cluster, {}), uploads))


def main():
    return runner.main(__doc__, prepare, Before)


class Before:
    """One program's run with the old SDK."""

    def __init__(self, recorder, settings):
        self.recorder = recorder
        self.settings = settings
        self.cloud = cloud.Cloud(recorder)

    def start(self):
        self.cloud.install()
        if self.settings.get("mix"):
            mix(self.settings["mix"])
        watch_accounts(self.recorder)
        attach(self.cloud, self.recorder)

    def end(self):
        complete(self.cloud, self.recorder)

    @staticmethod
    def versions():
        return {n: importlib.metadata.version(n) for n in ("azure-mgmt-batchai", "azure-storage-blob")}


if __name__ == "__main__":
    sys.exit(main())
