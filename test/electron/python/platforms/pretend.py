"""Runs a Python program as if on another platform: `pretend.py win32|darwin PROGRAM ARGUMENTS...`.

Takes away what that platform lacks, so that code which relies on it fails here too. What it cannot show: how that platform's own
kernel behaves.
"""
import builtins
import os
import runpy
import sys

MISSING_MODULES = {'win32': ('fcntl', 'resource', 'pwd', 'grp', 'termios'), 'darwin': ()}
MISSING_NAMES = {
    'win32': ('fork', 'killpg', 'setsid', 'getpgid', 'setpgid', 'getuid', 'geteuid', 'wait4', 'uname', 'sysconf', 'set_blocking', 'pipe2', 'sched_getaffinity', 'posix_fallocate', 'WNOHANG'),
    'darwin': ('pipe2', 'sched_getaffinity', 'posix_fallocate', 'process_vm_readv'),
}


def without_proc(call):
    def checked(path, *args, **kwargs):
        if isinstance(path, str) and path.startswith('/proc'):
            raise FileNotFoundError(2, 'No such file or directory', path)
        return call(path, *args, **kwargs)
    return checked


def pretend(platform):
    for name in MISSING_MODULES[platform]:
        sys.modules[name] = None
    for name in MISSING_NAMES[platform]:
        if hasattr(os, name):
            delattr(os, name)
    for owner, name in ((os, 'open'), (os, 'listdir'), (os, 'readlink'), (os, 'stat'), (builtins, 'open')):
        setattr(owner, name, without_proc(getattr(owner, name)))
    sys.platform = platform


if __name__ == '__main__':
    PLATFORM, PROGRAM = sys.argv[1:3]
    sys.argv = sys.argv[2:]
    sys.path[0] = os.path.dirname(PROGRAM)
    pretend(PLATFORM)
    runpy.run_path(PROGRAM, run_name='__main__')
