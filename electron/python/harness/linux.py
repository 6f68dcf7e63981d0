"""prctl(2), which the standard library does not offer."""
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


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
