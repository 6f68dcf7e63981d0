"""Can the run be held back by a share of the processors: its own limit, or one this whole machine or container runs under?

Only then is a thread that is ready but does not get on called throttled; on a machine that is merely busy it is computing, if slowly.
"""
import os

from ..hierarchies import Hierarchies


def has_quota(limits):
    """`limits`: the OS limits of the request."""
    if limits.get('cpuShareMillicores') is not None:
        return True
    places = Hierarchies()
    folders = [(folder, 'cpu.max') for folder in places.version2]
    if 'cpu' in places.version1:
        folders.append((places.version1['cpu'], 'cpu.cfs_quota_us'))
    return any(_limits(os.path.join(folder, name)) for folder, name in folders)


def _limits(path):
    try:
        with open(path) as file:
            return file.read().split()[0] not in ('max', '-1')
    except (OSError, IndexError):
        return False
