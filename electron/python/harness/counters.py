"""Counters of the kernel that prove or exclude a cause: their difference over the run."""
from . import cgroups, proc


class Counters:
    """`groups`: those made for the run. Without one for memory, the one this process lives in counts: a container's limit kills, too."""

    def __init__(self, groups):
        self.groups = groups
        own = any(group.controller == 'memory' for group in groups)
        self.read_only = [] if own else cgroups.surrounding('memory')
        self.before = self.read()

    def read(self):
        values = {}
        oom = proc.vmstat_oom_kills()
        if oom is not None:
            values['vmstat.oom_kill'] = oom
        for group in self.groups + self.read_only:
            values.update(group.counters())
        return values

    def deltas(self):
        """[{name, delta}], zeros included: an excluded cause is evidence too. Ends the groups."""
        after = self.read()
        for group in self.groups:
            group.remove()
        return [{'name': name, 'delta': after[name] - value} for name, value in self.before.items() if name in after]
