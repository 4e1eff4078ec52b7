from .connect import connect
from .settings import load
from .clusters import Clusters
