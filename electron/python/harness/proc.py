"""The script's process tree as /proc shows it. Reads only what never waits for the process itself (no maps, no smaps)."""
import os
import time

PAGE = os.sysconf('SC_PAGE_SIZE')
TICK_NS = 1_000_000_000 // os.sysconf('SC_CLK_TCK')


class Stat:
    """One line of /proc/PID/stat."""
    __slots__ = ('pid', 'state', 'parent', 'own_ns', 'children_ns', 'threads', 'virtual', 'resident')


def read_stat(pid):
    """The process's numbers, or None when it is gone."""
    fields = stat_fields(pid)
    if fields is None:
        return None
    stat = Stat()
    stat.pid = pid
    stat.state = fields[0].decode()
    stat.parent = int(fields[1])
    stat.own_ns = (int(fields[11]) + int(fields[12])) * TICK_NS
    stat.children_ns = (int(fields[13]) + int(fields[14])) * TICK_NS
    stat.threads = int(fields[17])
    stat.virtual = int(fields[20])
    stat.resident = int(fields[21]) * PAGE
    return stat


def stat_fields(pid):
    """The fields of its line from the third, the state, on; None when it is gone."""
    text = stat_line(pid)
    # The name stands in parentheses and may hold anything, parentheses too.
    return None if text is None else text[text.rindex(b')') + 2:].split()


def name_of(pid):
    """The name that the kernel gives it: of its program, unless it has chosen another. At most 15 bytes; there until it has been waited for."""
    text = stat_line(pid)
    return None if text is None else text[text.index(b'(') + 1:text.rindex(b')')].decode('utf-8', 'replace')


def stat_line(pid):
    try:
        fd = os.open('/proc/%d/stat' % pid, os.O_RDONLY)
        try:
            return os.read(fd, 1024) or None
        finally:
            os.close(fd)
    except OSError:
        return None


def cpu_ns(pid):
    """CPU time of one process without its children, to the nanosecond; None when it is gone."""
    try:
        return time.clock_gettime_ns((~pid << 3) | 2)
    except OSError:
        return None


def children_of(pid):
    """Direct children; None where the kernel does not keep the list."""
    found = []
    try:
        tasks = os.listdir('/proc/%d/task' % pid)
    except OSError:
        return found
    for task in tasks:
        try:
            with open('/proc/%d/task/%s/children' % (pid, task), 'rb') as file:
                found += [int(child) for child in file.read().split()]
        except FileNotFoundError:
            if not os.path.exists('/proc/self/task/%d/children' % os.getpid()):
                return None
        except OSError:
            pass
    return found


def descendants(root):
    """Everything below `root`, parents before children; zombies are left out."""
    found, at = [], 0
    level = children_of(root)
    if level is None:
        return _descendants_by_scan(root)
    while level:
        found += level
        level = []
        while at < len(found):
            level += children_of(found[at]) or []
            at += 1
    stats = (read_stat(pid) for pid in found)
    return [stat for stat in stats if stat and stat.state not in 'ZX']


def _descendants_by_scan(root):
    by_parent = {}
    for name in os.listdir('/proc'):
        if name.isdigit():
            stat = read_stat(int(name))
            if stat:
                by_parent.setdefault(stat.parent, []).append(stat)
    found, at = list(by_parent.get(root, ())), 0
    while at < len(found):
        found += by_parent.get(found[at].pid, ())
        at += 1
    return [stat for stat in found if stat.state not in 'ZX']


def vmstat_oom_kills():
    """How often the kernel's OOM killer has struck since boot; None where it does not say."""
    try:
        with open('/proc/vmstat', 'rb') as file:
            for line in file:
                if line.startswith(b'oom_kill '):
                    return int(line.split()[1])
    except OSError:
        pass
    return None
