"""Keeping one running thread still while its frames are read: ptrace's seize, interrupt and detach, some 20 us.

Reading a thread that runs on shows a mixture of instants: in a tight loop of calls, one function's frame on top of another's caller.
Two equal readings prove nothing, since such a loop comes back to the same state thousands of times a millisecond. A thread that
waits needs no holding: its scheduler counters tell whether it ran meanwhile. No signal is sent, and system calls are not disturbed,
because only threads that compute are held.
"""
import os
import time

SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17
# Of any thread (__WALL), but never the end of a process: that news belongs to the supervisor's loop.
STOPS = os.WSTOPPED | os.WNOHANG | 0x40000000
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
    def __init__(self, ptrace, nap=None):
        """`nap(seconds)` sleeps that long, or until a thread has stopped."""
        self.ptrace = ptrace
        self.nap = nap or (lambda seconds: time.sleep(min(seconds, NAP)))
        self.signal = 0
        # Threads that have not stopped yet, and are let go as soon as they have.
        self.late = set()

    def hold(self, thread):
        """`HELD`: it stands still until `release`. `BUSY`: it runs no Python until it is let go, by `hold` again or `let_go_late`."""
        if self.ptrace is None:
            return REFUSED
        if thread not in self.late:
            if not self.ptrace(SEIZE, thread):
                return REFUSED
            if not self.ptrace(INTERRUPT, thread):
                return GONE
        held = self.wait_for_stop(thread)
        if held == BUSY:
            self.late.add(thread)
        else:
            self.late.discard(thread)
        return held

    def wait_for_stop(self, thread):
        begun = time.monotonic_ns()
        while True:
            stopped = self.stop_of(thread)
            if stopped is not None:
                return HELD if stopped else GONE
            waited = time.monotonic_ns() - begun
            if waited > PATIENCE_NS:
                return BUSY
            # It may need this very processor to get there.
            if waited > SPIN_NS:
                self.nap((PATIENCE_NS - waited) / 1e9 + 1e-6)

    def stop_of(self, thread):
        """True: stopped (`signal` is what it was about to receive). False: ended. None: neither yet."""
        try:
            found = os.waitid(os.P_PID, thread, STOPS)
        except ChildProcessError:
            return False
        if found is None:
            return None
        self.note(found.si_status)
        return True

    def note(self, status):
        """A stop that is not ours is the delivery of a signal: it must not get lost."""
        self.signal = 0 if status >> 8 == STOPPED_BY_US else status & 0x7f

    def release(self, thread):
        self.ptrace(DETACH, thread, self.signal)
        self.signal = 0

    def let_go_late(self):
        """Lets go of threads that have stopped since; true when some have not."""
        for thread in list(self.late):
            stopped = self.stop_of(thread)
            if stopped is None:
                continue
            self.late.discard(thread)
            if stopped:
                self.release(thread)
        return bool(self.late)

    def seen_stopped(self, thread, status):
        """Somebody else's wait has taken the news of a stop (`status` as wait4 gives it); true if the thread was ours and is free now."""
        if thread not in self.late:
            return False
        self.late.discard(thread)
        self.note(status >> 8)
        self.release(thread)
        return True
