import os

import fleet

settings = fleet.load()
ws = fleet.connect(settings)
clusters = fleet.Clusters(ws, settings)
cluster = clusters.get_or_create('detector', nodes=2, password=os.environ['FLEET_PASSWORD'])
print(cluster.name)
for name, state, count in clusters:
    print(name, state, count)
