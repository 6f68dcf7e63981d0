"""The stacks of one run, for the supervisor: made ready while nothing is asked of it, or right after the script has begun."""
import os
import select
import time

from . import self_test
from .. import linux
from ..throttle import stops
from .in_script import distrust
from .in_script.method import reason_for_thread_method
from .layout import Unsupported
from .quota import has_quota
from .reader import Reader
from .sampler import Sampler


# A machine too busy for the test is asked again after this.
LATER_NS = 20_000_000


class Prepared:
    """`reader` if stacks can be trusted here, else the `reason` why not. `at_once`: with no time to spare, a script is running; raises `self_test.NotNow`."""

    def __init__(self, at_once=False):
        self.reader, self.reason = None, None
        try:
            reader = Reader()
            self.reason = self_test.reason_for_distrust_at_once(reader) if at_once else self_test.reason_for_distrust(reader)
            self.reader = None if self.reason else reader
        except (Unsupported, OSError) as error:
            self.reason = str(error)
        distrust.remember(self.reason)


class Stacks:
    """A watcher. Its first act makes it ready, where that has not been done before."""

    def __init__(self, supervisor, request):
        """`request`: as the engine sent it, with `stacks` and `os`."""
        self.supervisor = supervisor
        self.settings, self.limits = request['stacks'], request['os']
        self.sampler = None
        # When it is to be made ready; None once that has been done, or is not asked for.
        self.due = 0 if self.settings['rateHz'] > 0 else None
        self.drained = False

    def next_due_ns(self):
        return self.sampler.next_due_ns() if self.sampler else self.due

    def act(self, now_ns):
        if not self.sampler:
            return self.begin() if self.due is not None and now_ns >= self.due else None
        self.sampler.act(now_ns)
        if self.drained:  # what was taken from the pipe may have been the news of an end: have the loop look
            self.drained = False
            os.write(self.supervisor.wake_write, b'\0')

    def begin(self):
        expected = reason_for_thread_method() if self.supervisor.samples_itself else None
        try:
            prepared = self.supervisor.stacks or Prepared(at_once=True)
        except self_test.NotNow:
            self.due = time.monotonic_ns() + LATER_NS
            return
        self.due = None
        if prepared.reader is None or self.supervisor.samples_itself:
            self.supervisor.channel.send('stacks_off', reason=prepared.reason or expected)
            return
        prepared.reader.holder.nap = self.nap
        prepared.reader.holder.hear = linux.stop_news()
        prepared.reader.has_quota = has_quota(self.limits)
        prepared.reader.stops = stops(self.limits, self.supervisor.groups)
        self.sampler = Sampler(self.supervisor.child, prepared.reader, self.supervisor.channel, self.settings['rateHz'], self.settings['locals'])

    def nap(self, seconds):
        """Until a thread has stopped, which makes the kernel send SIGCHLD, or `seconds` have passed."""
        fd = self.supervisor.wake_fd
        if select.select([fd], [], [], seconds)[0]:
            self.drained = True
            try:
                os.read(fd, 4096)
            except BlockingIOError:
                pass

    def seen(self, pid, status):
        """The loop's wait4 has met a thread that stands still for us, or has ended so. True if nobody else need know."""
        return bool(self.sampler) and self.sampler.reader.holder.seen(pid, status)

    def at_cut(self):
        """Sends the stack as it is now; False if that was not possible."""
        if not self.sampler and self.due is not None and self.supervisor.stacks:
            self.begin()
        return bool(self.sampler) and self.sampler.at_cut()

    def send_last(self):
        """Where there is none of now: the last one there was, with its age."""
        if self.sampler:
            self.sampler.send_last()

    def at_end(self, by_itself):
        if self.sampler:
            self.sampler.at_end(by_itself)
        elif self.due:
            self.supervisor.channel.send('stacks_off', reason='the script had ended before the machine let the sampler be tested')
