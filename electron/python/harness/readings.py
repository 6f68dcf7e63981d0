"""CPU, memory, processes and threads of the tree, 20 times a second; the platform's memory watched in between."""
import os

from . import proc

EVERY_NS = 50_000_000
# Resident memory has no notification without a cgroup: looked at this often when a platform limits it.
MEMORY_EVERY_NS = 10_000_000


class Readings:
    def __init__(self, limits, tree, channel, cutter, throttle):
        self.tree = tree
        self.channel = channel
        self.cutter = cutter
        self.throttle = throttle
        self.memory_limit = limits.get('platformMemoryBytes')
        self.step = EVERY_NS if self.memory_limit is None else MEMORY_EVERY_NS
        self.due = 0
        self.report_due = 0
        self.cpu_ns = 0
        if self.memory_limit is not None:
            channel.send('os_limit', id='platform.memory', ok=True, reason=None)

    def next_due_ns(self):
        return None if self.cutter.intent else self.due

    def act(self, now_ns):
        # No catching up: a late supervisor reads once.
        self.due = now_ns + self.step
        stats = self.tree.live()
        if not stats:
            return
        resident = sum(stat.resident for stat in stats)
        if now_ns >= self.report_due:
            self.report_due = now_ns + EVERY_NS
            self.report(now_ns, stats, resident)
        if self.memory_limit is not None and resident > self.memory_limit:
            resident = proportional(stats) if len(stats) > 1 else resident
            if resident > self.memory_limit:
                self.report(now_ns, stats, resident)
                self.cutter.cut('platform', 'platform.memory', 'resident memory %d bytes, limit %d' % (resident, self.memory_limit))

    def report(self, now_ns, stats, resident):
        # A child that has ended, and that the script has not waited for yet, is missing from the sum for a while.
        self.cpu_ns = max(self.cpu_ns, self.tree.reaped_ns + sum(cpu_of(stat) for stat in stats))
        script = next((stat for stat in stats if stat.pid == self.tree.script), None)
        self.channel.send('reading', at=now_ns, cpuNs=self.cpu_ns, rss=resident,
                          addressSpace=script.virtual if script else 0, processes=len(stats), threads=sum(stat.threads for stat in stats),
                          throttledNs=self.throttle.throttled_ns(now_ns))


def cpu_of(stat):
    """Its own time to the nanosecond, plus that of the children it has waited for."""
    return (proc.cpu_ns(stat.pid) or stat.own_ns) + stat.children_ns


def proportional(stats):
    """Memory with shared pages counted once: a forked pool would be counted several times otherwise."""
    total = 0
    for stat in stats:
        try:
            with open('/proc/%d/smaps_rollup' % stat.pid, 'rb') as file:
                total += next(int(line.split()[1]) * 1024 for line in file if line.startswith(b'Pss:'))
        except PermissionError:
            total += stat.resident
        except (OSError, StopIteration):
            pass  # it has just ended
    return total
