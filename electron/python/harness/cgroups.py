"""Control groups for the run where the machine lets us make them; otherwise a refusal that says why."""
import os

from .group import Group, Readable
from .hierarchies import Hierarchies, lists

# The kernel's default, and Kubernetes'.
PERIOD_US = 100_000
WANTED = (('os.memory', 'memoryBytes', 'memory'), ('os.processes', 'processes', 'pids'), ('os.cpu_share', 'cpuShareMillicores', 'cpu'))


def make(limits, channel):
    """The groups for the asked-for limits. What cannot be made is reported, or left to another means: NPROC, the token bucket."""
    groups, places = [], Hierarchies()
    for limit_id, key, controller in WANTED:
        value = limits.get(key)
        if value is None:
            continue
        group, reason = make_group(places, limit_id, controller, value, groups)
        if group:
            groups.append(group)
        elif limit_id == 'os.processes' and os.geteuid() != 0:
            limits['processesByUser'] = value
        elif limit_id == 'os.processes':
            channel.send('os_limit', id=limit_id, ok=False, reason='RLIMIT_NPROC does not bind root, and ' + reason)
        elif limit_id == 'os.memory':
            channel.send('os_limit', id=limit_id, ok=False, reason=reason)
    return groups


def make_group(places, limit_id, controller, value, made):
    """(group, None), or (None, why not)."""
    if controller in places.version1:
        return try_in(limit_id, controller, value, 1, places.version1[controller], None)
    # Only where a group above hands the controller down already: switching that on would change the machine for others.
    parents = [folder for folder in places.version2 if lists(folder, 'cgroup.subtree_control', controller)]
    problem = 'no control group of this process hands down the %s controller' % controller
    for parent in parents:
        shared = next((group for group in made if group.version == 2 and os.path.dirname(group.folder) == parent), None)
        group, problem = try_in(limit_id, controller, value, 2, parent, shared)
        if group:
            return group, None
    return None, problem


def try_in(limit_id, controller, value, version, parent, shared):
    folder = shared.folder if shared else os.path.join(parent, 'cutoff-%d' % os.getpid())
    try:
        if not shared:
            sweep(parent)
            os.mkdir(folder)
        try:
            for name, text in settings(controller, value, version, folder):
                write(os.path.join(folder, name), text)
            return Group(limit_id, controller, version, folder), None
        except OSError:
            if not shared:
                os.rmdir(folder)
            raise
    except OSError as error:
        return None, 'no control group for %s can be made in %s: %s' % (controller, parent, error.strerror)


def settings(controller, value, version, folder):
    """(file, text) to write, in this order."""
    if controller == 'memory':
        names = ('memory.limit_in_bytes', 'memory.memsw.limit_in_bytes') if version == 1 else ('memory.max', 'memory.swap.max')
        yield names[0], str(value)
        if os.path.exists(os.path.join(folder, names[1])):  # without swap accounting the limit is of memory alone
            yield names[1], str(value if version == 1 else 0)
    elif controller == 'pids':
        yield 'pids.max', str(value)
    elif version == 1:
        yield 'cpu.cfs_period_us', str(PERIOD_US)
        yield 'cpu.cfs_quota_us', str(quota_us(value))
    else:
        yield 'cpu.max', '%d %d' % (quota_us(value), PERIOD_US)


def quota_us(millicores):
    """The kernel takes no quota below a millisecond."""
    return max(1000, PERIOD_US * millicores // 1000)


def surrounding(controller):
    """The group this process lives in, for reading; a list of one, or of none where there is none to be seen."""
    places = Hierarchies()
    if controller in places.version1:
        return [Readable(controller, 1, places.version1[controller])]
    return [Readable(controller, 2, folder) for folder in places.version2 if lists(folder, 'cgroup.controllers', controller)][:1]


def sweep(parent):
    """Removes groups whose supervisor was killed."""
    for name in os.listdir(parent):
        pid = name[7:]
        if name.startswith('cutoff-') and pid.isdigit() and not os.path.exists('/proc/' + pid):
            try:
                os.rmdir(os.path.join(parent, name))
            except OSError:
                pass  # somebody else was faster, or it is not ours


def write(path, text):
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)
