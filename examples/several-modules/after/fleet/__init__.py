from .connect import client, settings
from .clusters import ensure

__all__ = ['client', 'settings', 'ensure']
