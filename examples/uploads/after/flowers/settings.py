ACCOUNT = 'flowers'
KEY = 'bm90IGEga2V5'
CONTAINER = 'work'
SCRIPTS = 'scripts'
