"""A service that answers the real clients' HTTP requests and writes down what they ask for.

It speaks as much of Azure Resource Manager (Batch AI, resource groups, compute of Azure Machine Learning) and of the
storage services (blobs, files) as the SDKs need to go on. Nothing is checked that the SDKs check themselves; what they
refuse to send never arrives here.
"""

import hashlib
import io
import json
import re
import tarfile
import urllib.parse
import zipfile

import requests

from proof import asks
from proof import hooks
from proof import world

CREATED = "2018-10-05T12:30:00.000000+00:00"


class Cloud:
    """Answers requests. `install` puts it in the place of every HTTP connection of the process."""

    def __init__(self, recorder, jobs_end="succeeded"):
        self.recorder = recorder
        self.jobs_end = jobs_end
        self.resources = {}   # resource id in lower case -> body, Batch AI and compute
        self.files = {}       # (store, path) -> bytearray
        self.stores = set()   # created stores, blob:account/container
        self.directories = set()
        self.keeping = False  # do uploads leave files that are there as they are?
        self.last = None      # what the last request of Resource Manager asked for: (kind, name)

    def install(self):
        """From here on requests and urllib reach this object and nothing else."""
        import urllib.request

        cloud = self

        def send(adapter, request, **kwargs):
            return cloud.send(request)

        requests.adapters.HTTPAdapter.send = send

        def urlopen(url, *args, **kwargs):
            address = url.full_url if hasattr(url, "full_url") else url
            body = cloud.page(address)
            answer = io.BytesIO(body)
            answer.headers = {"Content-Length": str(len(body))}
            answer.status = answer.code = 200
            answer.geturl = lambda: address
            answer.info = lambda: answer.headers
            answer.getcode = lambda: 200
            return answer

        def urlretrieve(url, filename=None, *args, **kwargs):
            name = filename or url.split("?")[0].rsplit("/", 1)[-1]
            with open(name, "wb") as f:
                f.write(cloud.page(url))
            return name, {}

        urllib.request.urlopen = urlopen
        urllib.request.urlretrieve = urlretrieve
        urllib.request.OpenerDirector.open = lambda opener, url, *a, **k: urlopen(url)

    # -- requests ---------------------------------------------------------------------------------------------------

    def send(self, request):
        """The answer to a prepared request, as requests.Response."""
        url = urllib.parse.urlsplit(request.url)
        query = {k.lower(): v for k, v in urllib.parse.parse_qsl(url.query, keep_blank_values=True)}
        path = urllib.parse.unquote(url.path)
        host = url.netloc
        if ".blob." in host and "comp" in query or ".blob." in host and self.signed(request):
            status, headers, body = self.blob(request, host.split(".")[0], path.strip("/"), query)
        elif ".file." in host and self.signed(request):
            status, headers, body = self.file(request, host.split(".")[0], path.strip("/"), query)
        elif "/subscriptions/" in path:
            status, headers, body = self.manager(request, path[path.index("/subscriptions/"):], query)
        else:
            status, headers, body = 200, {}, self.page(request.url)
        return response(request, status, headers, body)

    @staticmethod
    def signed(request):
        return "Authorization" in request.headers or "x-ms-version" in request.headers or "x-ms-date" in request.headers

    def page(self, url):
        """What a download of the open network gives: by the ending, an archive or a text."""
        name = urllib.parse.urlsplit(url).path.rsplit("/", 1)[-1]
        job = re.match(r"https://output\.example/([^/]+)/(.+)", url)
        if job:
            self.recorder.add("job.download", name=job[1], directory=kind_of(job[2]), file=job[2])
        else:
            self.recorder.add("url.get", url=url.split("?")[0])
        buffer = io.BytesIO()
        if name.endswith(".zip"):
            zipfile.ZipFile(buffer, "w").close()
        elif name.endswith((".tar.gz", ".tgz", ".tar", ".tar.bz2")):
            mode = {"gz": "w:gz", "gz2": "w:gz"}.get(name.rsplit(".", 1)[-1], "w:gz" if name.endswith("gz") else "w")
            tarfile.open(fileobj=buffer, mode=mode).close()
        else:
            buffer.write(world.output_text(name) if job else world.file_text(name))
        return buffer.getvalue()

    # -- Resource Manager -------------------------------------------------------------------------------------------

    def manager(self, request, path, query):
        parts = [p for p in path.strip("/").split("/") if p]
        lower = [p.lower() for p in parts]
        named = dict(zip(lower[::2], parts[1::2]))
        self.recorder.site = asks.clean({
            "subscription": named.get("subscriptions"), "group": named.get("resourcegroups"),
            "workspace": named.get("workspaces"), "as": request.headers.get(IDENTITY)})
        body = json.loads(request.body) if request.body else {}
        if "providers" not in lower:
            if len(parts) == 4 and lower[2] == "resourcegroups":
                if request.method == "PUT":
                    self.recorder.add("resource_group.create", name=parts[3], location=body.get("location"))
                return self.json(dict(id=path, name=parts[3], location=body.get("location", "eastus"),
                                      properties={"provisioningState": "Succeeded"}))
            return self.json({"value": []})
        at = len(lower) - 1 - lower[::-1].index("providers")
        provider = lower[at + 1]
        kinds = parts[at + 2::2]
        names = parts[at + 3::2]
        if provider == "microsoft.batchai":
            return self.batchai(request, path, kinds, names, body, query)
        if provider == "microsoft.machinelearningservices":
            return self.compute(request, path, kinds, names, body, query)
        if not kinds and request.method == "POST" or lower[-1] == "register":
            self.recorder.add("other", what="register provider " + parts[at + 1])
        return self.json({"value": [], "keys": [], "id": path, "registrationState": "Registered"})

    def batchai(self, request, path, kinds, names, body, query):
        kind = kinds[-1].lower() if kinds else ""
        known = {"workspaces": "workspace", "clusters": "cluster", "jobs": "job", "experiments": "experiment",
                 "fileservers": "file_server"}
        method = request.method
        if len(kinds) > len(names) or kind == "operations" or "locations" in [k.lower() for k in kinds]:
            return self.batchai_collection(request, path, [k.lower() for k in kinds], names, query)
        what = known[kind]
        name = names[-1]
        where = dict(zip([known.get(k.lower(), k) for k in kinds[:-1]], names[:-1]))
        key = path.lower()
        if method == "PUT":
            made = dict(body)
            properties = dict(body.get("properties") or {})
            made.update(id=path, name=name, type="Microsoft.BatchAI/" + kind)
            properties.update(self.born(what, properties))
            made["properties"] = properties
            self.resources[key] = made
            self.record_create(what, name, where, body)
            self.last = (what, name, "ready")
            return self.json(made)
        if method == "PATCH":
            scale = (body.get("properties") or {}).get("scaleSettings") or {}
            self.recorder.add(what + ".update", name=name, tags=body.get("tags"), **scale_of(scale))
            made = self.resources.get(key) or self.invented(what, path, name)
            if scale:
                made["properties"]["scaleSettings"] = scale
            return self.json(made)
        if method == "DELETE":
            ended = what == "job" and key in self.resources and self.resources[key]["properties"][
                "executionState"] in ("succeeded", "failed")
            self.recorder.add(what + ".delete", name=name, **({"ended": True} if ended else {}))
            self.resources.pop(key, None)
            self.last = (what, name, "deleted")
            return 200, {}, b""
        self.recorder.add(what + ".get", name=name)
        made = self.resources.get(key)
        if made is None:
            made = self.invented(what, path, name)
        if what == "job":
            self.go_on(made)
        return self.json(made)

    def batchai_collection(self, request, path, kinds, names, query):
        kind = kinds[-1]
        if request.method == "POST":
            action, name = kind, names[-1]
            what = {"clusters": "cluster", "jobs": "job"}.get(kinds[-2] if len(kinds) > 1 else "")
            if action == "terminate":
                self.recorder.add("job.cancel", name=name)
                self.last = ("job", name, "cancelled")
                made = self.resources.get(path.lower().rsplit("/", 1)[0])
                if made:
                    made["properties"]["executionState"] = "failed"
                return 200, {}, b""
            if action == "listoutputfiles":
                directory = query.get("outputdirectoryid", "")
                if query.get("directory", ".") not in (".", ""):
                    directory += "/" + query["directory"]
                self.recorder.add("job.files", name=name, directory=kind_of(directory), path=directory)
                return self.json({"value": output_files(name, directory)})
            self.recorder.add(what + ".nodes", name=name)
            return self.json({"value": [{"nodeId": "tvm-1", "ipAddress": "10.0.0.4", "port": 50000}]})
        if kind == "usages":
            self.recorder.add("usage.list")
            return self.json({"value": [{"unit": "Count", "currentValue": 1, "limit": 20, "name": {
                "value": "cores", "localizedValue": "Cores"}}]})
        what = {"workspaces": "workspace", "clusters": "cluster", "jobs": "job", "experiments": "experiment",
                "fileservers": "file_server", "operations": None}[kind]
        if what is None:
            self.recorder.add("other", what="operations.list")
            return self.json({"value": []})
        start = path.lower().rstrip("/") + "/"
        scope = start.rsplit("/providers/", 1)[0]
        found = [r for k, r in self.resources.items() if k.startswith(start) or
                 not names and k.startswith(scope) and "/%s/" % kind in k]
        found = [r for r in found if r["type"].endswith("/" + kind)]
        if what == "job":
            self.recorder.add("job.list", experiment=names[-1] if names else None)
            for made in found:
                self.go_on(made)
        elif what + ".list" in asks.KINDS:
            self.recorder.add(what + ".list")
        return self.json({"value": found})

    def born(self, what, properties):
        """The fields that the service adds to a new resource."""
        out = {"provisioningState": "succeeded", "creationTime": CREATED, "provisioningStateTransitionTime": CREATED}
        if what == "cluster":
            scale = scale_of(properties.get("scaleSettings") or {})
            count = scale.get("min_nodes") or 0
            out.update(allocationState="steady", allocationStateTransitionTime=CREATED, currentNodeCount=count,
                       vmPriority=properties.get("vmPriority", "dedicated"),
                       scaleSettings=properties.get("scaleSettings") or {"manual": {"targetNodeCount": 0}},
                       nodeStateCounts={"idleNodeCount": count, "runningNodeCount": 0, "preparingNodeCount": 0,
                                        "unusableNodeCount": 0, "leavingNodeCount": 0})
        elif what == "job":
            out.update(executionState="queued", executionStateTransitionTime=CREATED,
                       jobOutputDirectoryPathSegment="segment")
        elif what == "file_server":
            out.update(mountSettings={"mountPoint": "/data", "fileServerPublicIP": "10.0.0.9",
                                      "fileServerInternalIP": "10.0.0.10"})
        return out

    def invented(self, what, path, name):
        """A resource that was there before the program: it asks for it and did not make it."""
        properties = {}
        if what == "cluster":
            properties = {"vmSize": "STANDARD_NC6", "scaleSettings": {"manual": {"targetNodeCount": 2}}}
        made = {"id": path, "name": name, "type": "Microsoft.BatchAI/%ss" % what.replace("_", ""),
                "location": "eastus", "properties": properties}
        properties.update(self.born(what, properties))
        self.resources[path.lower()] = made
        return made

    def go_on(self, made):
        """A job moves on each time somebody looks: queued, running, then the end."""
        properties = made["properties"]
        state = properties["executionState"]
        if state == "queued":
            properties["executionState"] = "running"
            properties["executionInfo"] = {"startTime": CREATED}
        elif state == "running":
            properties["executionState"] = self.jobs_end
            properties["executionInfo"] = {"startTime": CREATED, "endTime": CREATED, "exitCode": 0, "errors": []}

    def record_create(self, what, name, where, body):
        properties = body.get("properties") or {}
        if what == "cluster":
            self.recorder.add("cluster.create", name=name, **cluster_of(body, properties))
        elif what == "job":
            # One record for both API generations; run_before completes it (it knows how to read the settings).
            hooks.jobs.add(name)
            self.recorder.add("job.create", name=name, experiment=where.get("experiment") or
                              (properties.get("experimentName")), raw=properties, tags=body.get("tags"))
        elif what == "workspace":
            self.recorder.add("workspace.create", name=name, location=body.get("location"), tags=body.get("tags"))
        elif what == "experiment":
            self.recorder.add("experiment.create", name=name)
        else:
            self.recorder.add("file_server.create", name=name)

    def compute(self, request, path, kinds, names, body, query):
        """Compute targets of an Azure ML workspace; the other resources of one have recorders of their own."""
        method, key = request.method, path.lower().split("/providers/")[-1]
        if [k.lower() for k in kinds] == ["workspaces", "computes"] and len(names) == 2:
            name = names[1]
            if method == "PUT":
                properties = dict(body["properties"])
                inner = dict(properties.get("properties") or {})
                scale = inner["scaleSettings"]
                credentials = inner.get("userAccountCredentials") or {}
                self.recorder.add(
                    "cluster.create", name=name, vm_size=inner.get("vmSize"),
                    priority=(inner.get("vmPriority") or "dedicated").lower(),
                    min_nodes=scale["minNodeCount"], max_nodes=scale["maxNodeCount"], tags=body.get("tags"),
                    user=asks.clean({"name": credentials.get("adminUserName"),
                                     "password": credentials.get("adminUserPassword"),
                                     "ssh_key": credentials.get("adminUserSshPublicKey")}),
                    subnet=(inner.get("subnet") or {}).get("id"),
                    remote_login=inner.get("remoteLoginPortPublicAccess"))
                self.resources[key] = self.compute_body(path, name, body.get("location"), inner, body.get("tags"))
                status, headers, body = self.json(self.resources[key], 201)
                return status, dict(headers, **OPERATION), body
            if method == "PATCH":
                scale = body["properties"]["properties"]["scaleSettings"]
                made = self.resources.setdefault(key, self.compute_body(path, name, "eastus", None, None))
                made["properties"]["properties"]["scaleSettings"] = scale
                self.recorder.add("cluster.update", name=name, min_nodes=scale["minNodeCount"],
                                  max_nodes=scale["maxNodeCount"])
                return self.json(made)
            if method == "DELETE":
                self.recorder.add("cluster.delete", name=name)
                if key in self.resources:
                    self.resources[key]["properties"]["provisioningState"] = "Deleting"
                return 202, OPERATION, b""
            self.recorder.add("cluster.get", name=name)
            if key not in self.resources:
                if name.lower() in self.expected_clusters:
                    self.resources[key] = self.compute_body(path, name, "eastus", None, None)
                else:
                    return self.json({"error": {"code": "NotFound"}}, 404)
            return self.json(self.resources[key])
        if kinds and kinds[-1].lower() == "computes":
            self.recorder.add("cluster.list")
            return self.json({"value": [r for k, r in self.resources.items() if "/computes/" in k]})
        if kinds and kinds[-1].lower() == "listnodes":
            self.recorder.add("cluster.nodes", name=names[-1])
            return self.json({"nodes": [{"nodeId": "tvm-1", "publicIpAddress": "10.0.0.4", "port": 50000,
                                         "nodeState": "idle"}]})
        if kinds and kinds[0].lower() == "operations" or "operations" in path.lower():
            return self.json({"status": "Succeeded"})
        if kinds and kinds[-1].lower() == "usages":
            self.recorder.add("usage.list")
            return self.json({"value": []})
        if not kinds:
            self.recorder.add("other", what="register provider Microsoft.MachineLearningServices")
            return self.json({"registrationState": "Registered"})
        raise NotImplementedError("no answer for %s %s" % (method, path))

    #: names in lower case of the clusters that are there before the program (run_after sets it).
    expected_clusters = frozenset()

    @staticmethod
    def compute_body(path, name, location, inner, tags):
        inner = inner or {"vmSize": "STANDARD_NC6", "vmPriority": "Dedicated",
                          "scaleSettings": {"minNodeCount": 2, "maxNodeCount": 2,
                                            "nodeIdleTimeBeforeScaleDown": "PT1800S"}}
        inner.setdefault("subnet", None)
        count = inner["scaleSettings"]["minNodeCount"]
        inner.update(allocationState="Steady", allocationStateTransitionTime=CREATED, currentNodeCount=count,
                     targetNodeCount=count, errors=None,
                     nodeStateCounts={"idleNodeCount": count, "leavingNodeCount": 0, "preemptedNodeCount": 0,
                                      "preparingNodeCount": 0, "runningNodeCount": 0, "unusableNodeCount": 0})
        return {"id": path, "name": name, "location": location, "tags": tags, "type": "Microsoft.MachineLearning"
                "Services/workspaces/computes", "properties": {
                    "computeType": "AmlCompute", "computeLocation": location, "description": None,
                    "createdOn": CREATED, "modifiedOn": CREATED, "resourceId": None, "provisioningErrors": None,
                    "provisioningState": "Succeeded", "isAttachedCompute": False, "properties": inner}}

    @staticmethod
    def json(value, status=200):
        return status, {"Content-Type": "application/json"}, json.dumps(value).encode()

    # -- storage ----------------------------------------------------------------------------------------------------

    def blob(self, request, account, path, query):
        container, _, name = path.partition("/")
        store = asks.store("blob", account, container)
        method = request.method
        if query.get("restype") == "container":
            return self.store(request, store, query, lambda: blob_listing(
                sorted(p for s, p in self.files if s == store and p.startswith(query.get("prefix", "")))))
        if method == "PUT" and "comp" not in query:
            data = body_of(request)
            self.upload(store, name, data)
            return 201, OBJECT, b""
        if method == "PUT" and query["comp"] == "block":
            self.files.setdefault((store, name + "\0blocks"), bytearray()).extend(body_of(request))
            return 201, OBJECT, b""
        if method == "PUT" and query["comp"] == "blocklist":
            self.upload(store, name, bytes(self.files.pop((store, name + "\0blocks"), b"")))
            return 201, OBJECT, b""
        if method == "PUT":
            return 200, OBJECT, b""
        return self.thing(request, store, name, {"x-ms-blob-type": "BlockBlob"})

    def file(self, request, account, path, query):
        share, _, name = path.partition("/")
        store = asks.store("file", account, share)
        method = request.method
        if query.get("restype") == "share":
            return self.store(request, store, query, None)
        if query.get("restype") == "directory":
            if method == "PUT":
                if (store, name) in self.directories:
                    return error(409, "ResourceAlreadyExists")
                self.directories.add((store, name))
                self.recorder.add("directory.create", store=store, path=name)
                return 201, OBJECT, b""
            if method == "DELETE":
                self.recorder.add("directory.delete", store=store, path=name)
                return 202, OBJECT, b""
            if query.get("comp") == "list":
                self.recorder.add("storage.list", store=store)
                inside = sorted(p[len(name):].strip("/") for s, p in self.files
                                if s == store and p.startswith(name + "/" if name else ""))
                return 200, {"Content-Type": "application/xml"}, file_listing(inside)
            found = (store, name) in self.directories
            self.recorder.add("storage.exists", store=store, path=name)
            return (200, OBJECT, b"") if found else error(404, "ResourceNotFound")
        if method == "PUT" and query.get("comp") == "range":
            data = body_of(request)
            start = int(re.match(r"bytes=(\d+)", request.headers.get("x-ms-range") or request.headers["Range"])[1])
            content = self.files.setdefault((store, name), bytearray())
            content[start:start + len(data)] = data
            return 201, OBJECT, b""
        if method == "PUT" and "comp" not in query:
            self.upload(store, name, b"")
            return 201, OBJECT, b""
        if method == "PUT":
            return 200, OBJECT, b""
        return self.thing(request, store, name, {"x-ms-type": "File"})

    def upload(self, store, name, data):
        """Records an upload; its digest is taken at the end of the run, when all ranges have arrived."""
        self.files[(store, name)] = bytearray(data)
        self.recorder.add("upload", store=store, path=name, **({"keeps_old": True} if self.keeping else {}))

    def settle(self):
        """Completes the recorded uploads with the digest and size of what has arrived."""
        for ask in self.recorder.asks:
            if ask["ask"] == "upload" and "digest" not in ask:
                data = bytes(self.files.get((ask["store"], ask["path"]), b""))
                ask["digest"] = hashlib.sha256(data).hexdigest()[:16]
                ask["size"] = len(data)

    def store(self, request, store, query, listing):
        method = request.method
        if query.get("comp") == "list":
            self.recorder.add("storage.list", store=store)
            return 200, {"Content-Type": "application/xml"}, listing()
        if method == "PUT" and "comp" not in query:
            if store in self.stores:
                return error(409, "ContainerAlreadyExists")
            self.stores.add(store)
            self.recorder.add("storage.create", store=store)
            return 201, OBJECT, b""
        if method == "DELETE":
            self.stores.discard(store)
            self.recorder.add("storage.delete", store=store)
            return 202, OBJECT, b""
        if method in ("GET", "HEAD"):
            self.recorder.add("storage.exists", store=store, path="")
            return (200, OBJECT, b"") if store in self.stores else error(404, "ContainerNotFound")
        return 200, OBJECT, b""

    def thing(self, request, store, name, headers):
        """GET, HEAD and DELETE of a blob or file."""
        method = request.method
        if method == "DELETE":
            self.recorder.add("remove", store=store, path=name)
            self.files.pop((store, name), None)
            return 202, OBJECT, b""
        content = self.files.get((store, name))
        if method == "HEAD":
            self.recorder.add("storage.exists", store=store, path=name)
            if content is None and not self.reading(name):
                return error(404, "BlobNotFound")
            content = content if content is not None else b"contents of " + name.encode()
            return 200, dict(OBJECT, **headers, **{"Content-Length": str(len(content))}), b""
        self.recorder.add("download", store=store, path=name)
        content = bytes(content if content is not None else b"contents of " + name.encode())
        headers = dict(OBJECT, **headers)
        headers["Content-Range"] = "bytes 0-%d/%d" % (max(len(content) - 1, 0), len(content))
        return 206 if "x-ms-range" in request.headers or "Range" in request.headers else 200, headers, content

    @staticmethod
    def reading(name):
        return False


#: The header with which the classes for signing in say who asks.
IDENTITY = "x-proof-identity"

#: Where a long operation on a compute target can be asked about.
OPERATION = {"Azure-AsyncOperation": "https://management.azure.com/subscriptions/%s/providers/"
             "Microsoft.MachineLearningServices/operations/done" % world.SUBSCRIPTION}

OBJECT = {"ETag": '"0x8D0"', "Last-Modified": "Fri, 05 Oct 2018 12:30:00 GMT", "x-ms-request-id": "proof",
          "x-ms-version": "2018-03-28", "x-ms-request-server-encrypted": "true",
          "x-ms-file-permission-key": "1", "x-ms-file-attributes": "Archive",
          "x-ms-file-creation-time": "2018-10-05T12:30:00.0000000Z",
          "x-ms-file-last-write-time": "2018-10-05T12:30:00.0000000Z",
          "x-ms-file-change-time": "2018-10-05T12:30:00.0000000Z", "x-ms-file-id": "1", "x-ms-file-parent-id": "0"}


def response(request, status, headers, body):
    """A requests.Response that can be read as a stream, too."""
    if request.method == "HEAD":
        headers = dict({"Content-Length": str(len(body))}, **headers) if status < 400 else {}
        body = b""
    answer = requests.Response()
    answer.status_code = status
    answer.reason = {200: "OK", 201: "Created", 202: "Accepted", 206: "Partial Content", 404: "Not Found",
                     409: "Conflict"}.get(status, "OK")
    answer.headers.update({"Content-Length": str(len(body))})
    answer.headers.update(headers)
    answer.url = request.url
    answer.request = request
    import urllib3
    answer.raw = urllib3.HTTPResponse(body=io.BytesIO(body), headers=answer.headers, status=status,
                                      reason=answer.reason, preload_content=False, request_method=request.method)
    answer.connection = None
    return answer


def error(status, code):
    body = ('<?xml version="1.0" encoding="utf-8"?><Error><Code>%s</Code><Message>%s</Message></Error>'
            % (code, code)).encode()
    return status, {"Content-Type": "application/xml", "x-ms-error-code": code}, body


def body_of(request):
    body = request.body
    if body is None:
        return b""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, (bytes, bytearray)) else b"".join(body)


def blob_listing(names):
    blobs = "".join(
        "<Blob><Name>%s</Name><Properties><Last-Modified>Fri, 05 Oct 2018 12:30:00 GMT</Last-Modified>"
        "<Etag>0x8D0</Etag><Content-Length>1</Content-Length><Content-Type>text/plain</Content-Type>"
        "<BlobType>BlockBlob</BlobType></Properties></Blob>" % name for name in names)
    return ('<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>%s</Blobs><NextMarker/>'
            "</EnumerationResults>" % blobs).encode()


def file_listing(paths):
    entries = []
    for name in sorted({p.split("/")[0] for p in paths}):
        if any(p.startswith(name + "/") for p in paths):
            entries.append("<Directory><Name>%s</Name><Properties/></Directory>" % name)
        else:
            entries.append("<File><Name>%s</Name><Properties><Content-Length>1</Content-Length></Properties></File>"
                           % name)
    return ('<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Entries>%s</Entries><NextMarker/>'
            "</EnumerationResults>" % "".join(entries)).encode()


def kind_of(path):
    """Where a file of a job lies: with the logs that the service collects, or with the outputs of the job itself."""
    return "logs" if path.lower().startswith(("stdouterr", "azureml-logs", "user_logs", "logs/")) else "outputs"


def output_files(job, directory):
    """What a job has put into an output directory: a file that can be downloaded and, in a user's one, a folder."""
    names = ["stdout.txt", "stderr.txt"] if directory.lower() == "stdouterr" else ["result.txt"]
    files = [{"name": name, "fileType": "file", "isDirectory": False,
              "downloadUrl": "https://output.example/%s/%s/%s" % (job, directory, name),
              "properties": {"contentLength": 12, "lastModified": CREATED}} for name in names]
    if directory.lower() != "stdouterr":
        files.append({"name": "sub", "fileType": "directory", "isDirectory": True, "properties": {}})
    return files


def scale_of(scale):
    """min_nodes, max_nodes (and initial_nodes) of scale settings as the service receives them."""
    if scale.get("manual"):
        count = scale["manual"].get("targetNodeCount")
        out = {"min_nodes": count, "max_nodes": count,
               "deallocation": scale["manual"].get("nodeDeallocationOption")}
    elif scale.get("autoScale"):
        auto = scale["autoScale"]
        out = {"min_nodes": auto.get("minimumNodeCount"), "max_nodes": auto.get("maximumNodeCount"),
               "initial_nodes": auto.get("initialNodeCount")}
    else:
        return {}
    return {k: v for k, v in out.items() if v is not None}


def cluster_of(body, properties):
    """The fields of cluster.create from the body that creates a cluster of Batch AI."""
    user = properties.get("userAccountSettings") or {}
    setup = properties.get("nodeSetup") or {}
    out = scale_of(properties.get("scaleSettings") or {})
    out.update(
        vm_size=properties.get("vmSize"), priority=(properties.get("vmPriority") or "dedicated").lower(),
        location=body.get("location"), tags=body.get("tags"),
        user=asks.clean({"name": user.get("adminUserName"), "password": user.get("adminUserPassword"),
                         "ssh_key": user.get("adminUserSshPublicKey")}),
        subnet=(properties.get("subnet") or {}).get("id"),
        image=(properties.get("virtualMachineConfiguration") or {}).get("imageReference"),
        setup_task=(setup.get("setupTask") or {}).get("commandLine"),
        counters=setup.get("performanceCountersSettings"),
        mounts=setup.get("mountVolumes"))
    return out


__all__ = ["Cloud", "scale_of", "cluster_of", "output_files"]
