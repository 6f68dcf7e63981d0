"""Kernel limits of the script's own process, set by itself just before the script is read."""
import sys

try:
    import resource
except ImportError:  # Windows
    resource = None


def apply(limits, report):
    """Sets each asked-for limit, verifies it, and reports it in force or not; a refusal never stops the run."""
    for limit_id, name, soft, hard in planned(limits):
        problem = set_limit(name, soft, hard)
        report.send('os_limit', id=limit_id, ok=problem is None, reason=problem)


def planned(limits):
    """(limit id, resource, soft, hard) of each limit that is a process's own."""
    space, cpu_ms = limits.get('addressSpaceBytes'), limits.get('cpuTimeMs')
    files, size, processes = limits.get('openFiles'), limits.get('fileSizeBytes'), limits.get('processesByUser')
    if space is not None:
        yield 'os.address_space', 'RLIMIT_AS', space, space
    if cpu_ms is not None:
        # The kernel counts whole seconds: SIGXCPU at the soft limit, SIGKILL one second later.
        seconds = max(1, -(-int(cpu_ms) // 1000))
        yield 'os.cpu_time', 'RLIMIT_CPU', seconds, seconds + 1
    if files is not None:
        yield 'os.open_files', 'RLIMIT_NOFILE', files, files
    if processes is not None:
        yield 'os.processes', 'RLIMIT_NPROC', processes, processes
    if size is not None:
        yield 'os.file_size', 'RLIMIT_FSIZE', size, size


def set_limit(name, soft, hard):
    """None when it is in force, else why not."""
    number = getattr(resource, name, None)
    if number is None:
        return 'this system has no %s' % name
    try:
        resource.setrlimit(number, (soft, hard))
    except (ValueError, OSError) as error:
        current = resource.getrlimit(number)[1]
        stricter = '' if current == resource.RLIM_INFINITY or current >= hard else ' (it stands at %d already, and only root may raise it)' % current
        return 'setrlimit(%s, %d) was refused: %s%s' % (name, soft, error, stricter)
    if resource.getrlimit(number)[0] != soft:
        return 'the system took %s and did not keep it' % name
    if name == 'RLIMIT_AS' and sys.platform == 'darwin':
        return 'macOS accepts RLIMIT_AS and does not enforce it'
    return None
