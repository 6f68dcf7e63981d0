"""Entry of the harness: `python start.py supervise|cold [folder for byte code]`.

Only what both ways share, and the standard library's modules that the wrapper needs anyway: a cold start should cost little more than
Python's own.
"""
import os
import sys


def load(name, byte_code):
    """Imports a module of this package. Its byte code goes to the user's cache: an installed app cannot write beside itself."""
    folder = os.path.dirname(os.path.abspath(__file__))
    # `python start.py` puts this folder on the module path; the script must see neither it nor its neighbours.
    if sys.path and os.path.abspath(sys.path[0] or '.') == folder:
        del sys.path[0]
    # Before the prefix is set: the standard library keeps its own byte code.
    import errno, json, select, _signal, time  # noqa: E401,F401
    before = sys.pycache_prefix, sys.dont_write_bytecode
    if byte_code:
        sys.pycache_prefix, sys.dont_write_bytecode = byte_code, False
    sys.path.insert(0, os.path.dirname(folder))
    try:
        __import__('harness.' + name)
        return sys.modules['harness.' + name]
    finally:
        sys.path.remove(os.path.dirname(folder))
        sys.pycache_prefix, sys.dont_write_bytecode = before


if __name__ == '__main__':
    BASELINE = frozenset(sys.modules)
    BYTE_CODE = sys.argv[2] if len(sys.argv) > 2 else ''
    load(sys.argv[1], BYTE_CODE).main(BASELINE, lambda name: load(name, BYTE_CODE))
