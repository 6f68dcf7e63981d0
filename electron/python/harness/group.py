"""One control group, of either version: to read from, or made for the run."""
import os

# (file, key in it, name of the counter): what tells that a limit has struck.
COUNTERS = {
    ('memory', 1): ('memory.oom_control', 'oom_kill', 'cgroup.memory.oom_kill'), ('memory', 2): ('memory.events', 'oom_kill', 'cgroup.memory.oom_kill'),
    ('pids', 1): ('pids.events', 'max', 'cgroup.pids.max'), ('pids', 2): ('pids.events', 'max', 'cgroup.pids.max'),
    ('cpu', 1): ('cpu.stat', 'nr_throttled', 'cgroup.cpu.nr_throttled'), ('cpu', 2): ('cpu.stat', 'nr_throttled', 'cgroup.cpu.nr_throttled'),
}


class Readable:
    """A group's files, to be read."""

    def __init__(self, controller, version, folder):
        self.controller = controller
        self.version = version
        self.folder = folder

    def counters(self):
        """{name: value}, empty where the kernel does not count."""
        file, key, name = COUNTERS[self.controller, self.version]
        value = self.number(file, key)
        return {} if value is None else {name: value}

    def number(self, file, key):
        """The number after `key` in a file of lines "key number"."""
        try:
            with open(os.path.join(self.folder, file)) as lines:
                return next((int(line.split()[1]) for line in lines if line.split()[:1] == [key]), None)
        except (OSError, ValueError, IndexError):
            return None


class Group(Readable):
    """One limit of the run; with version 2 several share a folder."""

    def __init__(self, limit_id, controller, version, folder):
        super().__init__(controller, version, folder)
        self.limit_id = limit_id
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

    def throttled_ns(self):
        if self.version == 1:
            return self.number('cpu.stat', 'throttled_time')
        return (self.number('cpu.stat', 'throttled_usec') or 0) * 1000

    def remove(self):
        try:
            os.rmdir(self.folder)
        except OSError:
            pass  # shared and gone already, or the kernel still holds it; the next run sweeps
