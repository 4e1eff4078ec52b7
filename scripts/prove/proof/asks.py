"""What a program asks a service for, in one vocabulary for the old and the new SDK.

An *ask* is a dict with the key "ask" (its kind) and fields whose values are JSON. `KINDS` lists every kind with the
fields that identify it and whether it changes anything; README.md explains the fields. Both runners write asks only
through `Recorder`, so that a misspelled kind is an error here and not a difference later.
"""

import collections

Kind = collections.namedtuple("Kind", "key effect")

#: kind -> the fields that say which object is meant, and whether the ask changes the service. Asks without effect are
#: recorded for the reader; compare.py looks at effects only. What a job left behind counts as one: it is what the
#: program was run for.
KINDS = {
    "resource_group.create": Kind(("name",), True),
    "workspace.create": Kind(("name",), True),
    "workspace.update": Kind(("name",), True),
    "workspace.delete": Kind(("name",), True),
    "workspace.get": Kind(("name",), False),
    "workspace.list": Kind((), False),
    "cluster.create": Kind(("name",), True),
    "cluster.update": Kind(("name",), True),
    "cluster.delete": Kind(("name",), True),
    "cluster.wait": Kind(("name", "until"), True),
    "cluster.get": Kind(("name",), False),
    "cluster.list": Kind((), False),
    "cluster.nodes": Kind(("name",), False),
    "experiment.create": Kind(("name",), True),
    "experiment.delete": Kind(("name",), True),
    "experiment.archive": Kind(("name",), True),
    "experiment.get": Kind(("name",), False),
    "experiment.list": Kind((), False),
    "job.create": Kind(("name",), True),
    "job.cancel": Kind(("name",), True),
    "job.delete": Kind(("name",), True),
    "job.wait": Kind(("name",), True),
    "job.get": Kind(("name",), False),
    "job.list": Kind(("experiment",), False),
    "job.files": Kind(("name", "directory"), True),
    "job.download": Kind(("name", "directory"), True),
    "job.nodes": Kind(("name",), False),
    "file_server.create": Kind(("name",), True),
    "file_server.delete": Kind(("name",), True),
    "file_server.get": Kind(("name",), False),
    "usage.list": Kind((), False),
    "datastore.register": Kind(("name",), True),
    "datastore.unregister": Kind(("name",), True),
    "datastore.get": Kind(("name",), False),
    "secret.set": Kind(("name",), True),
    "secret.get": Kind(("name",), False),
    "storage.create": Kind(("store",), True),
    "storage.delete": Kind(("store",), True),
    "directory.create": Kind(("store", "path"), True),
    "directory.delete": Kind(("store", "path"), True),
    "upload": Kind(("store", "path"), True),
    "remove": Kind(("store", "path"), True),
    "download": Kind(("store", "path"), False),
    "storage.list": Kind(("store",), False),
    "storage.exists": Kind(("store", "path"), False),
    "url.get": Kind(("url",), False),
    "marked": Kind(("code", "line"), False),
    "accounts": Kind((), True),
    "other": Kind(("what",), True),
}

#: Kinds of asks that say where they are asked: "site" holds the subscription, the resource group ("group"), the workspace
#: and, of a service principal, who asks ("as").
SITED = frozenset(kind for kind in KINDS if KINDS[kind].effect and kind.split(".")[0] in (
    "workspace", "cluster", "experiment", "job") and kind.split(".")[1] in (
        "create", "update", "delete", "archive", "cancel"))


class Recorder:
    """The asks of one run, in order."""

    def __init__(self):
        self.asks = []
        self.site = {}      # of the request at hand
        self.accounts = {}  # storage account -> the key or token with which it was reached or mounted

    def add(self, kind, **fields):
        """Appends an ask and returns it; the caller may complete its fields later (an upload in several parts)."""
        for name in KINDS[kind].key:
            if name not in fields:
                raise ValueError("an ask of kind %s needs %s" % (kind, name))
        ask = dict(ask=kind, **fields)
        if kind in SITED and self.site:
            ask["site"] = dict(self.site)
        self.asks.append(ask)
        return ask

    def end(self):
        """Adds what is known only in the end."""
        if self.accounts:
            self.add("accounts", keys=dict(self.accounts))


def key(ask):
    """The identity of an ask: its kind and what it is about."""
    return (ask["ask"],) + tuple(str(ask.get(name)) for name in KINDS[ask["ask"]].key)


def store(service, account, name):
    """The name of a blob container (service "blob") or file share ("file") in asks: blob:account/container."""
    return "%s:%s/%s" % (service, account, name)


def clean(value):
    """`value` without what says nothing: None, "", [] and {} in dicts; everything a JSON value."""
    if isinstance(value, dict):
        out = {str(k): clean(v) for k, v in value.items()}
        return {k: v for k, v in out.items() if v not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [clean(v) for v in value]
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return str(value)
