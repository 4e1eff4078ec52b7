import utilities

cfg = utilities.Configuration('configuration.json')
client = utilities.create_batchai_client(cfg)

<<<<<<< HEAD
name = 'gpu'
=======
name = 'cpu'
>>>>>>> theirs

client.clusters.delete(cfg.resource_group, name)
