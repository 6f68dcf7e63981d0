import ctypes
import mmap
import os
import sys
import time


def fill(leave):
    """Reserves address space, without using any of it, until only about `leave` bytes are left."""
    kept = []
    size = 256 * 1024 * 1024
    while size >= leave:
        try:
            kept.append(mmap.mmap(-1, size))
        except OSError:
            size //= 2
    return kept


def deeper(n):
    return deeper(n + 1) + 1


def transform(input_data):
    how = input_data["how"]
    if how == "mmap":
        return len(mmap.mmap(-1, 4 * 1024 * 1024 * 1024))
    if how == "exec":  # another program in the same process: it exits with a code of its own
        os.execv(sys.executable, [sys.executable, "-c", "bytearray(1 << 30)"])
    kept = fill(64 * 1024)
    time.sleep(0.15)
    if how == "import":
        import _sqlite3  # a native module: its segments have to be mapped

        return _sqlite3.sqlite_version
    if how == "stack":
        sys.setrecursionlimit(10**9)
        return deeper(0)
    # A native library that takes memory and does not ask whether it got any.
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    ctypes.memset(libc.malloc(ctypes.c_size_t(64 * 1024 * 1024)), 1, 10)  # at the cut
    return len(kept)
