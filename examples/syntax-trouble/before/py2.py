import utilities

cfg = utilities.Configuration('configuration.json')
client = utilities.create_batchai_client(cfg)

cluster = client.clusters.get(cfg.resource_group, 'old')
print cluster.name, cluster.vm_size
try:
    client.clusters.delete(cfg.resource_group, 'old').result()
except Exception, e:
    print >>sys.stderr, e
