"""The supervisor after the fork: one thread, one loop that sleeps until something happens or something is due.

Whatever acts by the clock is a watcher: `next_due_ns()` (None = nothing due) and `act(now_ns)`. Nothing here waits for anything
the script can influence: descriptors are non-blocking, and only files of /proc that need no lock of the process are read.
"""
import os
import select
import time

from . import linux, proc
from .counters import Counters
from .cut import Cutter
from .deadlines import Deadlines
from .late_stacks import LateStacks
from .programs import Programs
from .readings import Readings
from .throttle import throttle_of
from .tree import Tree

# Helpers of the script (multiprocessing's resource tracker, say) end a moment after it; only what outlives this is a leftover.
LEFTOVER_GRACE_NS = 100_000_000


class Watch:
    def __init__(self, supervisor, request, load):
        self.channel = supervisor.channel
        self.commands = supervisor.commands
        self.wake_fd = supervisor.wake_fd
        self.tree = Tree(supervisor.child)
        self.counters = Counters(supervisor.groups)
        self.cutter = Cutter(self.tree, self.channel, supervisor.stack_fd)
        self.deadlines = Deadlines(request, self.cutter)
        throttle = throttle_of(request['os'], supervisor.groups, self.tree, self.channel)
        self.cutter.throttle = throttle
        self.programs = self.cutter.programs = Programs(self.tree, self.channel)
        self.stacks = self.cutter.stacks = LateStacks(supervisor, request, load)
        self.tree.is_held_thread = self.stacks.seen
        self.watchers = [self.deadlines, self.cutter, self.programs, Readings(request['os'], self.tree, self.channel, self.cutter, throttle)]
        if throttle.watches:
            self.watchers.append(throttle)
        self.watchers.append(self.stacks)

    def run(self):
        linux.take_short_turns()
        while self.tree.exit is None:
            self.turn()
        self.end_leftovers()
        self.finish()

    def turn(self):
        """Acts on what is due, then sleeps until the next thing is."""
        now = time.monotonic_ns()
        for watcher in self.watchers:
            due = watcher.next_due_ns()
            if due is not None and due <= now:
                watcher.act(now)
        self.sleep(self.next_due_ns())

    def next_due_ns(self):
        return min((due for due in (watcher.next_due_ns() for watcher in self.watchers) if due is not None), default=None)

    def sleep(self, until_ns):
        """Until a process ends, the engine speaks, or `until_ns`."""
        timeout = None if until_ns is None else max(0, until_ns - time.monotonic_ns()) / 1e9
        writing = [self.channel.fd] if self.channel.waiting and not self.channel.broken else []
        readable, writable, _ = select.select([self.wake_fd, self.commands.fd], writing, [], timeout)
        if writable:
            self.channel.flush()
        if self.wake_fd in readable:
            drain(self.wake_fd)
        if self.commands.fd in readable:
            self.obey()
        self.tree.reap()

    def obey(self):
        self.commands.read()
        while True:
            taken = self.commands.take()
            if not taken:
                break
            fields = taken[0]
            if fields['c'] == 'kill':
                self.cutter.cut(fields['by'], fields['limitId'], fields['reason'])
            elif fields['c'] == 'clock':
                self.channel.send('clock', id=fields['id'], now=time.monotonic_ns())
        if self.commands.ended:  # the engine is gone, by whatever means: nothing of its run stays behind
            self.tree.kill(self.wake_fd)
            for group in self.counters.groups:
                group.remove()
            os._exit(0)

    def end_leftovers(self):
        """Kills what the script left running, and counts it, unless the kill was ours anyway."""
        self.leftovers = 0
        if not self.cutter.intent:
            until = time.monotonic_ns() + LEFTOVER_GRACE_NS
            while self.tree.has_children() and time.monotonic_ns() < until and not self.commands.ended:
                self.sleep(until)
            self.leftovers = self.programs.left_behind() if self.tree.has_children() else 0
            if self.leftovers:
                self.programs.tell_children()
        self.tree.kill(self.wake_fd)

    def finish(self):
        end = self.tree.exit
        self.stacks.at_end(not self.cutter.intent)
        self.channel.send('exited', at=end.at_ns, exitCode=end.code, signal=end.signal, goneAt=time.monotonic_ns(), leftovers=self.leftovers,
                          cpuNs=self.tree.reaped_ns, scriptCpuNs=end.cpu_ns, maxRss=self.tree.max_rss, name=end.name if end.name != proc.name_of(os.getpid()) else None, stack=self.cutter.crash_stack(),
                          counters=self.counters.deltas())
        until = time.monotonic_ns() + 5_000_000_000
        while not self.channel.flush() and time.monotonic_ns() < until:
            select.select([], [self.channel.fd], [], 0.1)


def drain(fd):
    try:
        while len(os.read(fd, 4096)) == 4096:
            pass
    except BlockingIOError:
        pass
