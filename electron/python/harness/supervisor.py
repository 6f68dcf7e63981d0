"""Entry of the supervised harness (Linux): `python supervisor.py [folder for byte code]`.

One process per run. It forks the script's process, and only then loads what it needs to watch it, so that a cold
start pays for as little as possible.
"""
import os
import sys


def load(name, byte_code):
    """Imports a module of this package. Its byte code goes to the user's cache: an installed app cannot write beside itself."""
    folder = os.path.dirname(os.path.abspath(__file__))
    # `python supervisor.py` puts this folder on the module path; the script must see neither it nor its neighbours.
    if sys.path and os.path.abspath(sys.path[0] or '.') == folder:
        del sys.path[0]
    # Before the prefix is set: the standard library keeps its own byte code.
    import errno, fcntl, json, select, _signal, time  # noqa: E401,F401
    before = sys.pycache_prefix, sys.dont_write_bytecode
    if byte_code:
        sys.pycache_prefix, sys.dont_write_bytecode = byte_code, False
    sys.path.insert(0, os.path.dirname(folder))
    try:
        return getattr(__import__('harness.' + name), name)
    finally:
        sys.path.remove(os.path.dirname(folder))
        sys.pycache_prefix, sys.dont_write_bytecode = before


if __name__ == '__main__':
    BASELINE = frozenset(sys.modules)
    BYTE_CODE = sys.argv[1] if len(sys.argv) > 1 else ''
    load('supervise', BYTE_CODE).main(BASELINE, lambda name: load(name, BYTE_CODE))
