SDK = 'azure.mgmt.batchai'
NOTE = """
client.clusters.create(resource_group, workspace, name, parameters)
import azure.mgmt.batchai.models as models
"""
print(SDK, NOTE)
