"""Where everything is, as a file says."""
from collections import namedtuple
import json

Settings = namedtuple('Settings', [
    'subscription_id', 'resource_group', 'workspace', 'client_id', 'secret', 'tenant'])


def load(path=None):
    with open(path or 'fleet.json') as f:
        raw = json.load(f)
    return Settings(
        subscription_id=raw['subscription'],
        resource_group=raw['group'],
        workspace=raw.get('workspace', 'fleet'),
        client_id=raw['login']['id'],
        secret=raw['login']['secret'],
        tenant=raw['login']['tenant'])
