"""Descriptors out of the script's way: high numbers, closed on exec."""
import os

try:
    import fcntl
except ImportError:  # Windows, where descriptors are not inherited unless asked to
    fcntl = None

# Far above what a script gets by opening files, and below 1024, which select() needs.
FIRST = 200
F_SETPIPE_SZ = 1031
# Room for what a script prints while the engine is busy with something else.
OUTPUT_BYTES = 256 << 10


def move_high(fd):
    """Moves a descriptor to a high number that no program started by the script inherits."""
    if fcntl is None:  # any other number: the old one is about to become something else
        high = os.dup(fd)
        os.close(fd)
        return high
    try:
        high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, FIRST)
    except OSError:  # a soft limit below FIRST: as high as is left
        high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 8)
    os.close(fd)
    return high


def high_pipe():
    """A non-blocking pipe (read end, write end) on high descriptors."""
    read_end, write_end = os.pipe()
    ends = move_high(read_end), move_high(write_end)
    for end in ends:
        os.set_blocking(end, False)
    return ends


def high_output_pipe():
    """A blocking pipe (read end, write end) on high descriptors, larger than usual where the system allows."""
    ends = tuple(move_high(end) for end in os.pipe())
    try:
        fcntl.fcntl(ends[1], F_SETPIPE_SZ, OUTPUT_BYTES)
    except OSError:
        pass  # the user has used up the pages for pipes
    return ends


def point_to_null(fd, flags):
    """Makes `fd` the null device, whatever it was."""
    null = os.open(os.devnull, flags)
    if null != fd:
        os.dup2(null, fd)
        os.close(null)
    else:
        os.set_inheritable(fd, True)


def open_descriptors():
    """Numbers of what is open, as Linux and macOS tell it; Windows hands nothing on that was not asked for."""
    for folder in ('/proc/self/fd', '/dev/fd'):
        try:
            return [int(name) for name in os.listdir(folder)]
        except OSError:
            pass
    return []


def close_strays(after):
    """Closes what a shell or a desktop left open in the engine and so in us. What Python opened itself is never inheritable."""
    for fd in open_descriptors():
        try:
            if fd > after and os.get_inheritable(fd):
                os.close(fd)
        except OSError:
            pass  # the one that listed the folder
