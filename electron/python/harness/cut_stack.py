"""The stack at the cut, by faulthandler on a signal: once, just before a kill, with its text in a pipe the supervisor holds.

faulthandler walks the frames inside a signal handler, so it also sees a C call that keeps the interpreter lock. It is not safe
against repetition (other threads go on while it reads), hence only where the process is about to be killed anyway.
The same pipe receives the stack of a crash (SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL).
"""
import os
import select
import time

import _signal

from . import proc

# Real-time signals that no library claims: one for the current thread only, one for all threads.
ONE_THREAD = getattr(_signal, 'SIGRTMAX', 64) - 2
ALL_THREADS = getattr(_signal, 'SIGRTMAX', 64) - 3
# How long a kill may be held up for it, and how long where the script's process only waits for a CPU of a busy machine, or for a disk:
# a kill would mostly have to wait there as well.
PATIENCE_NS = 3_000_000
BUSY_PATIENCE_NS = 30_000_000
# A pause this long after the first part is its end.
PAUSE_NS = 1_000_000


def register(fd):
    """In the script's process."""
    try:
        import faulthandler
        faulthandler.register(ONE_THREAD, file=fd, all_threads=False, chain=False)
        faulthandler.register(ALL_THREADS, file=fd, all_threads=True, chain=False)
        faulthandler.enable(file=fd, all_threads=False)
    except (ImportError, AttributeError, ValueError, RuntimeError, OSError):
        pass


def take(pid, fd, threads):
    """In the supervisor: asks for the stack and waits for it, a bounded time. The text, '' if none came."""
    number = ALL_THREADS if threads > 1 else ONE_THREAD
    if not is_caught(pid, number):
        return ''
    read_all(fd)
    try:
        os.kill(pid, number)
    except OSError:
        return ''
    text, begun = b'', time.monotonic_ns()
    while not is_complete(text) and time.monotonic_ns() - begun < BUSY_PATIENCE_NS:
        if select.select([fd], [], [], (PAUSE_NS if text else PATIENCE_NS) / 1e9)[0]:
            piece = read_all(fd)
            if not piece:  # the process has ended
                break
            text += piece
        else:
            stat = proc.read_stat(pid)
            if not stat or stat.state not in 'RD':
                break
    return text.decode('utf-8', 'replace')


def is_complete(text):
    """The outermost frame of the main thread is the wrapper's own entry, and comes last."""
    return text.endswith(b'in <module>\n') and b'start.py"' in text[-4096:].splitlines()[-1]


def is_caught(pid, number):
    """Is the handler still there? A program started by exec has none, and the signal would be what ends it."""
    try:
        with open('/proc/%d/status' % pid, 'rb') as file:
            for line in file:
                if line.startswith(b'SigCgt:'):
                    return bool(int(line.split()[1], 16) >> (number - 1) & 1)
    except OSError:
        pass
    return False


def read_all(fd):
    text = b''
    while len(text) < 1 << 18:
        try:
            piece = os.read(fd, 65536)
        except OSError:
            break
        if not piece:
            break
        text += piece
    return text
