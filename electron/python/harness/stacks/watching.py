"""The stacks of one run, for the supervisor: made ready while nothing is asked of it, or right after the script has begun."""
import os
import select

from . import self_test
from .. import linux
from .in_script import distrust
from .in_script.method import reason_for_thread_method
from .layout import Unsupported
from .quota import has_quota
from .reader import Reader
from .sampler import Sampler


class Prepared:
    """`reader` if stacks can be trusted here, else the `reason` why not. `at_once`: with no time to spare, a script is running."""

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
        self.wanted = self.settings['rateHz'] > 0
        self.drained = False

    def next_due_ns(self):
        return self.sampler.next_due_ns() if self.sampler else 0 if self.wanted else None

    def act(self, now_ns):
        if not self.sampler:
            return self.begin()
        self.sampler.act(now_ns)
        if self.drained:  # what was taken from the pipe may have been the news of an end: have the loop look
            self.drained = False
            os.write(self.supervisor.wake_write, b'\0')

    def begin(self):
        self.wanted = False
        expected = reason_for_thread_method() if self.supervisor.samples_itself else None
        prepared = self.supervisor.stacks or Prepared(at_once=True)
        if prepared.reader is None or self.supervisor.samples_itself:
            self.supervisor.channel.send('stacks_off', reason=prepared.reason or expected)
            return
        prepared.reader.holder.nap = self.nap
        prepared.reader.holder.hear = linux.stop_news()
        prepared.reader.has_quota = has_quota(self.limits)
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
        if not self.sampler and self.wanted and self.supervisor.stacks:
            self.begin()
        return bool(self.sampler) and self.sampler.at_cut()

    def send_last(self):
        """Where there is none of now: the last one there was, with its age."""
        if self.sampler:
            self.sampler.send_last()

    def at_end(self, by_itself):
        if self.sampler:
            self.sampler.at_end(by_itself)
