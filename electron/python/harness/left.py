"""What was left, when an error was told, of what the kernel counts: descriptors, sizes of files, room on the disk. Libraries hide its refusals behind words of their own."""
import errno
import os
import stat

try:
    import fcntl
    import resource
except ImportError:  # Windows
    fcntl = resource = None

# Errors that may stand for a refused write; only for these are files looked at, since a file system that hangs would be waited for.
OF_WRITING = ('disk I/O error', 'disk is full', 'No usable temporary directory')
MOST_FILES = 4096


def at_error(message):
    """The fields of a `LeftAtError`; None for what cannot be told. Opens nothing: there may be no descriptor to do it with."""
    limit = soft_limit('RLIMIT_NOFILE')
    told = {'descriptorLimit': limit, 'noDescriptorLeft': is_table_full(), 'openDescriptors': None, 'fileSizeLimit': None, 'largestFile': None, 'freeBytes': None}
    told['openDescriptors'] = limit if told['noDescriptorLeft'] else open_descriptors(limit)
    if any(words in message for words in OF_WRITING):
        files = written_files(limit)
        told['fileSizeLimit'] = soft_limit('RLIMIT_FSIZE')
        told['largestFile'] = max((os.fstat(fd).st_size for fd in files), default=None)
        places = list(files) + ([os.environ.get('TMPDIR') or '/tmp'] if 'temporary' in message else [])
        told['freeBytes'] = min((free for free in map(free_bytes, places) if free is not None), default=None)
    return told


def soft_limit(name):
    """None: no limit, or a system without it."""
    number = getattr(resource, name, None)
    if number is None:
        return None
    limit = resource.getrlimit(number)[0]
    return None if limit == resource.RLIM_INFINITY else limit


def is_table_full():
    """Does the kernel refuse one more descriptor (EMFILE)?"""
    for fd in (2, 1, 0):
        try:
            os.close(os.dup(fd))
            return False
        except OSError as error:
            if error.errno == errno.EMFILE:
                return True
    return False


def open_descriptors(limit):
    """How many there are below the limit, the wrapper's own apart."""
    try:
        return sum(1 for name in os.listdir('/proc/self/fd') if limit is None or int(name) < limit) - 1  # the one that lists
    except OSError:
        return None


def written_files(limit):
    """Descriptors of regular files that are open for writing."""
    if fcntl is None:
        return []
    found = []
    for fd in range(min(limit or MOST_FILES, MOST_FILES)):
        try:
            if stat.S_ISREG(os.fstat(fd).st_mode) and fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY:
                found.append(fd)
        except OSError:
            pass
    return found


def free_bytes(place):
    """What its file system has left for this user."""
    try:
        found = os.statvfs(place)
        return found.f_bavail * found.f_frsize
    except OSError:
        return None
