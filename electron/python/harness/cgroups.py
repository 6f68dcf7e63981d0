"""Control groups of the run, both versions, where the machine lets us make one; otherwise a refusal that says why."""
import os

# The kernel's default, and Kubernetes'.
PERIOD_US = 100_000


def make(limits, channel):
    """The groups for the asked-for limits. What cannot be enforced is reported, or falls to another means (`os`)."""
    groups = []
    for limit_id, key, controller in (('os.memory', 'memoryBytes', 'memory'), ('os.processes', 'processes', 'pids'), ('os.cpu_share', 'cpuShareMillicores', 'cpu')):
        value = limits.get(key)
        if value is None:
            continue
        group, reason = make_group(limit_id, controller, value, groups)
        if group:
            groups.append(group)
        elif limit_id == 'os.processes' and os.geteuid() != 0:
            limits['processesByUser'] = value
        elif limit_id == 'os.processes':
            channel.send('os_limit', id=limit_id, ok=False, reason='RLIMIT_NPROC does not bind root, and ' + reason)
        elif limit_id == 'os.memory':
            channel.send('os_limit', id=limit_id, ok=False, reason=reason)
        # os.cpu_share: the token bucket takes over
    return groups


def make_group(limit_id, controller, value, made):
    """(group, None), or (None, why not)."""
    places, problems = Hierarchies(), []
    if controller in places.version1:
        return try_in(limit_id, controller, value, 1, places.version1[controller])
    for parent in places.version2:
        shared = next((group for group in made if group.version == 2 and os.path.dirname(group.folder) == parent), None)
        group, reason = try_in(limit_id, controller, value, 2, parent, shared)
        if group:
            return group, None
        problems.append(reason)
    return None, problems[0] if problems else 'this machine has no control groups'


def try_in(limit_id, controller, value, version, parent, shared=None):
    folder = shared.folder if shared else os.path.join(parent, 'cutoff-%d' % os.getpid())
    try:
        if version == 2:
            enable(parent, controller)
        sweep(parent)
        if not shared:
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
        yield 'cpu.cfs_quota_us', str(max(1000, PERIOD_US * value // 1000))
    else:
        yield 'cpu.max', '%d %d' % (max(1000, PERIOD_US * value // 1000), PERIOD_US)


class Group:
    """One group of one controller; with version 2 several share a folder."""

    def __init__(self, limit_id, controller, version, folder):
        self.limit_id = limit_id
        self.controller = controller
        self.version = version
        self.folder = folder
        self.procs_fd = os.open(os.path.join(folder, 'cgroup.procs'), os.O_WRONLY)

    def enter(self, report):
        """In the script's process."""
        try:
            os.write(self.procs_fd, b'0')
            report.send('os_limit', id=self.limit_id, ok=True, reason=None)
        except OSError as error:
            report.send('os_limit', id=self.limit_id, ok=False, reason='%s cannot be entered: %s' % (self.folder, error.strerror))
        self.close()

    def close(self):
        if self.procs_fd >= 0:
            os.close(self.procs_fd)
            self.procs_fd = -1

    def counters(self):
        """The kernel's counters that tell whether this limit has struck."""
        file, key, name = {
            ('memory', 1): ('memory.oom_control', 'oom_kill', 'cgroup.memory.oom_kill'), ('memory', 2): ('memory.events', 'oom_kill', 'cgroup.memory.oom_kill'),
            ('pids', 1): ('pids.events', 'max', 'cgroup.pids.max'), ('pids', 2): ('pids.events', 'max', 'cgroup.pids.max'),
            ('cpu', 1): ('cpu.stat', 'nr_throttled', 'cgroup.cpu.nr_throttled'), ('cpu', 2): ('cpu.stat', 'nr_throttled', 'cgroup.cpu.nr_throttled'),
        }[self.controller, self.version]
        value = self.number(file, key)
        return {} if value is None else {name: value}

    def throttled_ns(self):
        return self.number('cpu.stat', 'throttled_time') if self.version == 1 else (self.number('cpu.stat', 'throttled_usec') or 0) * 1000

    def number(self, file, key):
        """The number after `key` in a file of lines "key number"."""
        try:
            with open(os.path.join(self.folder, file)) as lines:
                return next((int(line.split()[1]) for line in lines if line.split()[:1] == [key]), None)
        except (OSError, ValueError, IndexError):
            return None

    def remove(self):
        try:
            os.rmdir(self.folder)
        except OSError:
            pass  # shared and gone already, or the kernel still holds it; the next run sweeps


def enable(parent, controller):
    """Version 2: the parent must hand the controller down."""
    with open(os.path.join(parent, 'cgroup.subtree_control')) as file:
        if controller in file.read().split():
            return
    write(os.path.join(parent, 'cgroup.subtree_control'), '+' + controller)


def sweep(parent):
    """Removes groups whose supervisor was killed."""
    for name in os.listdir(parent):
        pid = name[7:]
        if name.startswith('cutoff-') and pid.isdigit() and not os.path.exists('/proc/' + pid):
            try:
                os.rmdir(os.path.join(parent, name))
            except OSError:
                pass


def write(path, text):
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


class Hierarchies:
    """Where this process stands: a folder per controller (version 1), folders from its own upwards (version 2)."""

    def __init__(self):
        own = {}
        with open('/proc/self/cgroup') as lines:
            for line in lines:
                _, names, path = line.rstrip('\n').split(':', 2)
                for name in names.split(','):
                    own[name] = path
        self.version1, self.version2 = {}, []
        with open('/proc/self/mountinfo') as lines:
            for line in lines:
                before, after = line.split(' - ', 1)
                kind, _, options = after.split(' ', 2)
                root, mount = before.split()[3:5]
                if kind == 'cgroup':
                    for name in options.strip().split(','):
                        if name in own:
                            self.version1[name] = folder_of(mount, root, own[name])
                elif kind == 'cgroup2' and '' in own:
                    folder = folder_of(mount, root, own[''])
                    while folder.startswith(mount):
                        if has_controllers(folder):
                            self.version2.append(folder)
                        folder = os.path.dirname(folder)


def folder_of(mount, root, path):
    """A group's folder under its mount point; the mount point itself where the path lies outside (containers)."""
    inside = os.path.relpath(path, root) if root != '/' else path.lstrip('/')
    folder = os.path.normpath(os.path.join(mount, inside))
    return folder if folder.startswith(mount) and os.path.isdir(folder) else mount


def has_controllers(folder):
    try:
        with open(os.path.join(folder, 'cgroup.controllers')) as file:
            return bool(file.read().strip())
    except OSError:
        return False
