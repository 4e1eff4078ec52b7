import utilities

# This used to run on azure.mgmt.batchai; see $AZ_BATCHAI_INPUT_DATA in the wiki.
print(utilities.slugify('Batch AI Report'), utilities.config.retries)
