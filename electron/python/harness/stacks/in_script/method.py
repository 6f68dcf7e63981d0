"""Known without trying that the supervisor cannot read this interpreter's memory? Cheap enough for a cold start."""
import os
import sys

from . import distrust

PTRACE_SCOPE = '/proc/sys/kernel/yama/ptrace_scope'
OLDEST, NEWEST = (3, 8), (3, 15)
# From here on yama lets nobody but root trace, not even a parent its child.
ROOT_ONLY = 2


def reason_for_thread_method():
    """Why the script's process has to sample itself; None where reading it from outside should work."""
    if not sys.platform.startswith('linux'):
        return 'not Linux'
    if sys.implementation.name != 'cpython' or not OLDEST <= sys.version_info[:2] <= NEWEST:
        return 'the memory layout of this Python is not known'
    if not getattr(sys, '_is_gil_enabled', lambda: True)() or 't' in getattr(sys, 'abiflags', ''):
        return 'a free-threaded build'
    try:
        with open(PTRACE_SCOPE) as file:
            if int(file.read()) >= ROOT_ONLY and os.geteuid() != 0:
                return 'ptrace_scope lets nobody read another process'
    except (OSError, ValueError):
        pass
    return distrust.remembered()
