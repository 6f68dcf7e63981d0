"""A share of one core for the whole tree: the kernel's quota where a cgroup is writable, else a token bucket held here.

The bucket stops the tree once it has used its share of a 100 ms period (the kernel's own default, and Kubernetes') on the CPU
clock, and lets it go on with the next period. A fixed duty cycle of stopping would also slow down a script that only waits.
"""
import _signal

PERIOD_NS = 100_000_000
TICK_NS = 2_000_000


class Quota:
    """The kernel throttles; only asked how much. Also stands for "no limit"."""
    watches = False
    stopped = False

    def __init__(self, group=None):
        self.group = group

    def throttled_ns(self, now_ns):
        return self.group.throttled_ns() if self.group else None


class Bucket:
    watches = True

    def __init__(self, millicores, tree):
        self.tree = tree
        self.share_ns = PERIOD_NS * millicores // 1000
        self.period_end = 0
        self.used_before = 0
        self.debt = 0
        self.stopped = False
        self.stopped_at = 0
        self.total_stopped = 0
        self.due = 0

    def next_due_ns(self):
        return self.due

    def throttled_ns(self, now_ns):
        return self.total_stopped + (now_ns - self.stopped_at if self.stopped else 0)

    def act(self, now_ns):
        used = self.used_ns()
        if now_ns >= self.period_end:
            # What a period used too much is owed by the next ones; what it did not use is not saved up.
            self.debt = max(0, used - self.used_before + self.debt - self.share_ns) if self.period_end else 0
            self.used_before = used
            self.period_end = now_ns + PERIOD_NS if now_ns - self.period_end > PERIOD_NS else self.period_end + PERIOD_NS
        over = used - self.used_before + self.debt >= self.share_ns
        if over and not self.stopped:
            self.stopped, self.stopped_at = True, now_ns
            self.tree.signal(_signal.SIGSTOP)
        elif not over and self.stopped:
            self.stopped = False
            self.total_stopped += now_ns - self.stopped_at
            self.tree.signal(_signal.SIGCONT)
        self.due = self.period_end if self.stopped else min(self.period_end, now_ns + TICK_NS)

    def used_ns(self):
        from .readings import cpu_of
        return self.tree.reaped_ns + sum(cpu_of(stat) for stat in self.tree.live())


def throttle_of(limits, groups, tree, channel):
    """What holds the tree to its share."""
    group = next((group for group in groups if group.limit_id == 'os.cpu_share'), None)
    if not stops(limits, groups):
        return Quota(group)
    channel.send('os_limit', id='os.cpu_share', ok=True, reason='token bucket on the CPU clock of the tree')
    return Bucket(limits['cpuShareMillicores'], tree)


def stops(limits, groups):
    """Is the share held by stopping the tree? Not where the kernel does it."""
    return limits.get('cpuShareMillicores') is not None and not any(group.limit_id == 'os.cpu_share' for group in groups)
