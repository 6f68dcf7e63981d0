"""prctl(2), sched_setattr(2) and a flag of sigaction(2), which the standard library does not offer."""
import os

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
SCHED_SETATTR = {'x86_64': 314, 'aarch64': 274}
SHORTEST_SLICE_NS = 100_000
SIGCHLD, SA_NOCLDSTOP = 17, 1
# struct sigaction of glibc and musl, 64 bits: handler, 128 bytes of signals, flags, restorer.
SIGACTION_SIZE, SIGACTION_FLAGS = 152, 136


def _prctl():
    try:
        # A third of the time `import ctypes` takes, on the way to the script's first line.
        import _ctypes
        address = _ctypes.dlsym(_ctypes.dlopen(None, 0), 'prctl')
        return lambda option, value: _ctypes.call_function(address, (option, value, 0, 0, 0))
    except (ImportError, AttributeError, OSError):
        try:
            import ctypes
            return lambda option, value: ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
        except (ImportError, AttributeError, OSError):
            return lambda option, value: -1


prctl = _prctl()


def become_subreaper():
    """Orphans of the script become children of this process, however they were detached. False where the system refuses."""
    return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0


def die_with_parent(signal):
    """The kernel sends `signal` to this process when its parent ends, even by SIGKILL."""
    return prctl(PR_SET_PDEATHSIG, signal) == 0


def take_short_turns():
    """Asks for many short turns on a processor instead of few long ones: on a busy machine a process that wakes up for a moment waits less for it.

    The same share as before, and no privilege needed (EEVDF, Linux 6.12 on; earlier kernels take no notice). A later fork inherits it.
    """
    try:
        import _ctypes
        import struct
        number = SCHED_SETATTR[os.uname().machine]
        policy = os.sched_getscheduler(0)
        if policy not in (os.SCHED_OTHER, os.SCHED_BATCH):
            return False  # a choice of whoever started us
        # size, policy, flags, nice, priority, slice, deadline, period
        wish = struct.pack('<IIQiIQQQ', 48, policy, 0, os.getpriority(os.PRIO_PROCESS, 0), 0, SHORTEST_SLICE_NS, 0, 0)
        return _ctypes.call_function(_ctypes.dlsym(_ctypes.dlopen(None, 0), 'syscall'), (number, 0, wish, 0)) == 0
    except (ImportError, AttributeError, KeyError, OSError):
        return False


def stop_news():
    """A function `hear(wanted)`: does SIGCHLD come when a child stops as well (a traced one does so often), or only when it ends?

    To be made once SIGCHLD has its handler. Where it cannot be set the function does nothing, and SIGCHLD comes for both.
    """
    try:
        import _ctypes
        import array
        pointer = type('Pointer', (_ctypes._SimpleCData,), {'_type_': 'P'})
        address = _ctypes.dlsym(_ctypes.dlopen(None, 0), 'sigaction')
        action = array.array('B', bytes(SIGACTION_SIZE))
        if _ctypes.call_function(address, (SIGCHLD, None, pointer(action.buffer_info()[0]))) != 0:
            return lambda wanted: None
    except (ImportError, AttributeError, OSError):
        return lambda wanted: None
    action[SIGACTION_FLAGS] &= ~SA_NOCLDSTOP & 0xff
    hearing = action.tobytes()
    action[SIGACTION_FLAGS] |= SA_NOCLDSTOP
    deaf = action.tobytes()
    return lambda wanted: _ctypes.call_function(address, (SIGCHLD, hearing if wanted else deaf, None))
