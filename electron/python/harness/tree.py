"""The processes of the run: reaping them, adding up what they used, ending all of them."""
import os
import select
import time

import _signal

from . import proc

# A tree that forks faster than it is killed is stopped first, from this pass on.
STOP_FIRST_AFTER = 2
# What survives SIGKILL this long hangs in the kernel, or belongs to another user.
GIVE_UP_NS = 3_000_000_000


class Exit:
    """How the script's process ended: `code` or `signal`, never both."""

    def __init__(self, status, usage, name):
        # As the kernel called it at the end: another one than Python's may be that of a program that exec put in its place.
        self.name = name
        self.at_ns = time.monotonic_ns()
        self.code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        self.signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        self.cpu_ns = cpu_of(usage)


class Tree:
    def __init__(self, script):
        self.script = script
        self.exit = None
        # Of every process this one has waited for, and of those they waited for themselves.
        self.reaped_ns = 0
        self.max_rss = 0
        self.is_held_thread = lambda pid, status: False

    def reap(self):
        """Takes in every process that has ended."""
        name = self.last_name() if self.exit is None else None
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            # A thread that is held still to read its stack (`stacks/holding.py`) is met here, too.
            if self.is_held_thread(pid, status) or os.WIFSTOPPED(status):
                continue
            self.reaped_ns += cpu_of(usage)
            self.max_rss = max(self.max_rss, usage.ru_maxrss * 1024)
            if pid == self.script:
                self.exit = Exit(status, usage, name)

    def last_name(self):
        """The name of the script's process once it has ended, and before it is waited for."""
        try:
            return proc.name_of(self.script) if os.waitid(os.P_PID, self.script, os.WEXITED | os.WNOHANG | os.WNOWAIT) else None
        except OSError:
            return None

    def has_children(self):
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            return True
        except ChildProcessError:
            return False

    def live(self):
        """A `proc.Stat` of every process of the run that has not ended."""
        return proc.descendants(os.getpid())

    def signal(self, number):
        """Sends a signal to every process of the run; how many it was sent to."""
        stats = self.live()
        for stat in stats:
            send(stat.pid, number)
        return len(stats)

    def kill(self, wake_fd):
        """SIGKILL to everything until nothing is left, setsid and double forks included. Returns how many would not die."""
        give_up = time.monotonic_ns() + GIVE_UP_NS
        passes = 0
        while True:
            if passes == 0 and self.exit is None:
                send_group(self.script, _signal.SIGKILL)
            if passes >= STOP_FIRST_AFTER:
                self.stop_all()
            left = self.signal(_signal.SIGKILL)
            self.reap()
            if not self.has_children():
                return 0
            if time.monotonic_ns() > give_up:
                return left
            select.select([wake_fd], [], [], 0.0005)
            drain(wake_fd)
            self.reap()
            if not self.has_children():
                return 0
            passes += 1

    def stop_all(self):
        """Stops every process, and again until no new one appears."""
        known = set()
        for _ in range(20):
            found = {stat.pid for stat in self.live()}
            for pid in found - known:
                send(pid, _signal.SIGSTOP)
            if found <= known:
                return
            known |= found


def cpu_of(usage):
    return int((usage.ru_utime + usage.ru_stime) * 1e9)


def send(pid, number):
    try:
        os.kill(pid, number)
        return True
    except OSError:
        return False


def send_group(group, number):
    try:
        os.killpg(group, number)
    except OSError:
        pass


def drain(fd):
    try:
        os.read(fd, 4096)
    except BlockingIOError:
        pass
