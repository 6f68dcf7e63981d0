"""The fallback where stacks cannot be read from outside: a thread of the script's own process looks at the others.

It needs the interpreter lock, so it sees no C call that keeps it, and a computing thread only where it gives the lock up. What a thread does
is told by its CPU time: of the thread itself where the kernel says, else of the process.
"""
import _thread
import os
import sys
import time

from ...clock import now_ns
from ...descriptors import move_high
from ..activity import Activity
from ..memory import Gone, Memory, Snapshot, Torn
from ..states import NUMBERS
from ..tables import Tables

HERE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))) + os.sep
FLUSH_NS = 50_000_000
MOST_FRAMES = 256
BUSY_SHARE = 3  # one part in so many of the time since the last sample


class ThreadSampler:
    def __init__(self, report, rate_hz):
        self.report = report
        self.period = 1 / rate_hz
        self.tables = Tables()
        self.main = _thread.get_ident()
        self.used = {}
        self.batch, self.batch_ns = [], 0
        self.over = False
        self.pid = os.getpid()
        self.tells_threads = sys.platform.startswith('linux')
        self.lock = _thread.allocate_lock()
        self.memory = own_memory()
        _thread.start_new_thread(self.run, ())

    def run(self):
        me = _thread.get_ident()
        due = time.monotonic()
        while not self.over:
            due = max(due + self.period, time.monotonic())
            time.sleep(max(0, due - time.monotonic()))
            with self.lock:
                if not self.over:
                    self.sample(me)

    def sample(self, me):
        now = now_ns()
        if not self.batch:
            self.batch_ns = now
        frames = sys._current_frames()
        numbers = self.numbers()
        for ident, frame in frames.items():
            if ident != me:
                stack = self.stack_of(frame)
                if ident == self.main or self.tables.stacks[stack]:  # the others are the wrapper's own
                    thread = self.pid if ident == self.main else numbers.get(ident, ident & 0xffffffff)
                    self.batch.append([(now - self.batch_ns) // 1000, thread, stack, NUMBERS[self.state_of(thread, now)]])
        del frames  # they keep local variables of the script alive
        if now - self.batch_ns > FLUSH_NS:
            self.flush()

    def numbers(self):
        """{identity: number the kernel knows} of the threads that `threading` knows."""
        threading = sys.modules.get('threading')
        threads = getattr(threading, '_active', {})
        return {ident: thread.native_id for ident, thread in list(threads.items()) if getattr(thread, 'native_id', None)}

    def stack_of(self, frame):
        numbers = []
        while frame is not None and len(numbers) < MOST_FRAMES:
            code = frame.f_code
            if not code.co_filename.startswith(HERE):
                numbers.append(self.tables.frame(code.co_filename, getattr(code, 'co_qualname', code.co_name), frame.f_lineno or code.co_firstlineno))
            frame = frame.f_back
        return self.tables.stack(tuple(numbers))

    def state_of(self, thread, now):
        used = self.cpu_ns(thread)
        before = self.used.get(thread)
        self.used[thread] = used, now
        if before and (used - before[0]) * BUSY_SHARE >= now - before[1]:
            return 'computing'
        if not self.tells_threads:
            return 'waiting'
        try:
            activity = Activity(self.pid, thread)
        except Gone:
            return 'waiting'
        try:
            return activity.waits_for('S', Snapshot(self.memory.fd)) if self.memory else activity.by_wait_channel('S')
        except Gone:
            return 'waiting'
        except Torn:  # it waited, and runs now
            return 'computing'
        finally:
            activity.close()

    def cpu_ns(self, thread):
        if self.tells_threads:
            try:
                with open('/proc/self/task/%d/schedstat' % thread, 'rb') as file:
                    return int(file.read().split()[0])
            except (OSError, ValueError, IndexError):
                pass
        return time.process_time_ns()

    def flush(self):
        if self.batch:
            self.report.send('samples', at=self.batch_ns, samples=self.batch, tables=self.tables.take_new(), torn=0, lost=0)
            self.batch = []

    def close(self):
        with self.lock:
            self.over = True
            self.flush()


def own_memory():
    """To see what a thread polls for; out of the way of the script's descriptors."""
    try:
        memory = Memory(os.getpid())
        memory.fd = move_high(memory.fd)
        return memory
    except OSError:
        return None
