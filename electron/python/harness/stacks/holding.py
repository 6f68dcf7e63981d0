"""Keeping one running thread still while its frames are read: ptrace's seize, interrupt and detach, some 20 us.

Reading a thread that runs on shows a mixture of instants: in a tight loop of calls, one function's frame on top of another's caller.
Two equal readings prove nothing, since such a loop comes back to the same state thousands of times a millisecond. A thread that
waits needs no holding: its scheduler counters tell whether it ran meanwhile. No signal is sent, and system calls are not disturbed,
because only threads that compute are held.
"""
import os
import time

SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17
# Of any kind of thread (__WALL), but never the end of a process: that news belongs to the supervisor's loop.
ALL_KINDS = 0x40000000
STOPS = os.WSTOPPED | os.WNOHANG | ALL_KINDS
STOPPED_BY_US = 128  # PTRACE_EVENT_STOP, in the bits above the signal
# Within this a thread that runs has stopped. One that has not is inside a system call, or has no processor.
SPIN_NS = 15_000
PATIENCE_NS = 250_000
NAP = 20e-6

HELD, BUSY, REFUSED, GONE = 'held', 'busy', 'refused', 'gone'


def load_ptrace():
    """ptrace(request, thread, data) -> True when it was done; None where it cannot be called."""
    try:
        import _ctypes
        address = _ctypes.dlsym(_ctypes.dlopen(None, 0), 'ptrace')
        return lambda request, thread, data=0: _ctypes.call_function(address, (request, thread, 0, data)) >= 0
    except (ImportError, AttributeError, OSError):
        return None


class Holder:
    def __init__(self, ptrace, nap=None, hear=None):
        """`nap(seconds)` sleeps that long, or until the news comes that a thread has stopped: when `hear(True)` was called, not after `hear(False)`."""
        self.ptrace = ptrace
        self.nap = nap or (lambda seconds: time.sleep(min(seconds, NAP)))
        self.hear = hear or (lambda wanted: None)
        self.hears = True
        self.signal = 0
        # When the thread that is held was asked to stop; how long threads were kept from running in all, for whoever minds what that costs them.
        self.since_ns = self.held_ns = 0
        # {thread: its process} of those that have not stopped yet, and are let go as soon as they have.
        self.late = {}

    def hold(self, thread, process):
        """`HELD`: it stands still until `release`. `BUSY`: it runs no Python until it is let go, by `hold` again or `let_go_late`."""
        if self.ptrace is None:
            return REFUSED
        if thread not in self.late:
            if not self.ptrace(SEIZE, thread):
                return REFUSED
            if not self.ptrace(INTERRUPT, thread):
                self.late[thread] = process  # it is ending, and somebody has to take note of that
                return GONE
        held = self.wait_for_stop(thread, process)
        if held == BUSY:
            self.since_ns = 0
            self.late[thread] = process
        else:
            self.late.pop(thread, None)
        self.settle()
        return held

    def wait_for_stop(self, thread, process):
        begun = self.since_ns = time.monotonic_ns()
        while True:
            stopped = self.stop_of(thread, process)
            if stopped is not None:
                return HELD if stopped else GONE
            waited = time.monotonic_ns() - begun
            if waited > PATIENCE_NS:
                return BUSY
            if waited <= SPIN_NS:
                continue
            # It may need this very processor to get there.
            if self.hears:
                self.nap((PATIENCE_NS - waited) / 1e9 + 1e-6)
            else:
                self.hears = True
                self.hear(True)  # and look once more: it may have stopped before

    def settle(self):
        """While nobody is late, stops are not news: they come in the midst of every sample, and are looked for there."""
        if self.hears and not self.late:
            self.hears = False
            self.hear(False)

    def stop_of(self, thread, process):
        """True: stopped (`signal` is what it was about to receive). False: ended. None: not yet."""
        try:
            found = os.waitid(os.P_PID, thread, STOPS)
        except ChildProcessError:
            self.note_end(thread, process)
            return False
        if found is None:
            return None
        self.note(found.si_status)
        return True

    def note_end(self, thread, process):
        """A thread that ended while it was traced lingers until its tracer has taken note, and its process with it. It has no stops any more.

        Only then: asked of a thread that lives, any wait may take the news of its stop, and it would never be let go.
        """
        if thread != process:
            try:
                os.waitpid(thread, os.WNOHANG | ALL_KINDS)
            except ChildProcessError:
                pass

    def note(self, status):
        """A stop that is not ours is the delivery of a signal: it must not get lost."""
        self.signal = 0 if status >> 8 == STOPPED_BY_US else status & 0x7f

    def release(self, thread, process):
        if self.since_ns:  # not after the call: the thread may already run then, in our place
            self.held_ns += time.monotonic_ns() - self.since_ns
            self.since_ns = 0
        if not self.ptrace(DETACH, thread, self.signal):
            self.late[thread] = process  # it was killed while it stood still
        self.signal = 0

    def let_go_late(self):
        """Lets go of threads that have stopped since, and takes note of those that have ended; true when some are left."""
        for thread, process in list(self.late.items()):
            stopped = self.stop_of(thread, process)
            if stopped is None:
                continue
            self.late.pop(thread, None)
            if stopped:
                self.release(thread, process)
        self.settle()
        return bool(self.late)

    def seen(self, thread, status):
        """Somebody else's wait has met one of ours (`status` as wait4 gives it). True if that was all there is to it."""
        process = self.late.pop(thread, None)
        if os.WIFSTOPPED(status) and (process or status >> 16 == STOPPED_BY_US):  # a thread that executes a program changes its number
            self.note(status >> 8)
            self.release(thread, process or thread)
            return True
        return process is not None and thread != process
