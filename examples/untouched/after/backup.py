# Storage without Batch AI keeps its SDK.
from azure.storage.blob import BlockBlobService
from azure.common.credentials import ServicePrincipalCredentials

service = BlockBlobService('account', 'key')
service.create_container('backup', fail_on_exist=False)
service.create_blob_from_path('backup', 'today.tar', 'today.tar')
