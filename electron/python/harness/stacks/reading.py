"""Reading the stack of one thread so that it is true of a single instant.

A thread that waits is read as it is, and believed if its scheduler counters say that it has not run meanwhile. A thread that runs is held
still (`holding.py`). What fails these checks is counted as torn and read again; it never becomes a sample.
"""
import time

from .codes import HIDDEN
from .frames import DEEPEST, Chain
from .holding import BUSY, GONE, HELD, REFUSED
from .memory import Elsewhere, Gone, Snapshot, Torn
from .tables import LEFT_OUT

TRIES = 6
# Without the right to hold a thread: as many equal readings in a row.
EQUAL_READINGS = 3
# Another outermost frame than before is believed when it has come up so often: handlers at exit have no caller.
STRANGE_ROOTS = 3


class Sample:
    __slots__ = ('thread', 'stack', 'state', 'chain')

    def __init__(self, thread, stack, state, chain):
        self.thread, self.stack, self.state, self.chain = thread, stack, state, chain


class Reading:
    """What `Process` does with one of its threads: `address` of the thread's state, `number` the kernel knows it by, `record` of what was seen of it."""

    def read_waiting(self, address, number, record, letter):
        """None if the thread has run meanwhile."""
        activity = record.activity
        before = self.progress_of(activity)
        record.lately.fetch()
        snapshot = Snapshot(self.memory.fd, record.lately.copied())
        if activity.state() != letter or not self.threads.belongs(snapshot, address, number):
            return None
        chain = self.walk(snapshot, address, record)
        if chain.rest:
            chain = chain.with_outer_end(self.reader.walker.follow(snapshot, chain.rest, DEEPEST))
        self.learn(chain, snapshot)
        state = ('throttled' if self.reader.stops else 'waiting') if letter in 'Tt' else activity.waits_for(letter, snapshot)
        if chain.frames and self.codes.known[chain.frames[0][0]].selects:
            chain, state = self.awaited(snapshot, chain, state)
        if self.progress_of(activity) != before:
            return None
        self.memory.check(address)
        record.lately.note(snapshot.pages.keys())
        # Those from before, not those of now: it may have run since, and would be taken for waiting where it was.
        record.counters = before if isinstance(before, bytes) else None
        return self.sample_of(number, chain, state)

    def progress_of(self, activity):
        """Something that changes whenever the thread runs and waits again."""
        return activity.counters() or (self.cpu_clock(), activity.state())

    def read_running(self, address, number, record, now_ns):
        """None if the reading did not hold up."""
        for at_once in (True, False):
            held = self.reader.holder.hold(number, self.pid)
            if held == GONE:
                return None
            try:
                if held == REFUSED:
                    chain = self.read_often(address, number, record)
                elif at_once and held == HELD and record.lately.together:
                    chain = self.read_copied(address, number, record)
                else:
                    chain = self.read_held(address, number, record, held)
                break
            except Elsewhere:
                pass
        if chain and chain.rest:
            chain = chain.with_outer_end(self.read_outer_end(chain.rest))
        return self.sample_of(number, chain, self.state_of_running(record, held, now_ns)) if chain else None

    def read_copied(self, address, number, record):
        """The chain, out of a copy of the pages that were needed lately: the thread is held no longer than copying takes. `Elsewhere` if that is not enough."""
        try:
            record.lately.fetch()
        finally:
            self.reader.holder.release(number, self.pid)
        snapshot = Snapshot(self.memory.fd, record.lately.copied(), closed=True)
        if not self.threads.belongs(snapshot, address, number):
            return None
        chain, addresses = self.chain_of(snapshot, address, record)
        if not self.codes.know(addresses):
            raise Elsewhere()
        return self.confirmed(chain, addresses, snapshot, record)

    def read_held(self, address, number, record, held):
        """The chain of a thread that does not run Python now; it goes on as soon as the frames are read."""
        learned = False
        try:
            snapshot = Snapshot(self.memory.fd)
            if not self.threads.belongs(snapshot, address, number):
                return None
            chain, addresses = self.chain_of(snapshot, address, record)
            if not self.codes.know(addresses):
                self.codes.learn(addresses, snapshot)
                learned = True
        finally:
            if held == HELD:
                self.reader.holder.release(number, self.pid)
        return chain if learned else self.confirmed(chain, addresses, snapshot, record)

    def chain_of(self, snapshot, address, record):
        """(the chain, the addresses of its code objects)."""
        chain = self.walk(snapshot, address, record)
        self.note_freed(snapshot)
        return chain, frozenset(frame[0] for frame in chain.frames)

    def confirmed(self, chain, addresses, snapshot, record):
        """Known code objects are compared after the thread was let go: a number or a count that never comes back makes that as good."""
        same = self.codes.still_same(addresses)
        self.memory.check(next(iter(snapshot.pages)))
        if not same:
            self.codes.forget(addresses)
            return None
        record.lately.note(snapshot.pages.keys())
        return chain

    def read_outer_end(self, frame):
        """The outer frames of a very deep recursion, while it goes on: believed if two readings agree. They are shown apart from the inner ones."""
        try:
            first, second = (self.reader.walker.follow(Snapshot(self.memory.fd), frame, DEEPEST) for _ in range(2))
            if first.root and first.frames == second.frames:
                self.learn(first.with_outer_end(first), Snapshot(self.memory.fd))
                return first
        except Torn:
            pass
        self.reader.torn += 1
        return None

    def read_often(self, address, number, record):
        """Without holding: equal readings in a row, code objects included. The innermost frame may be on another instruction each time."""
        last, equal = None, 0
        for _ in range(TRIES * EQUAL_READINGS):
            snapshot = Snapshot(self.memory.fd)
            try:
                if not self.threads.belongs(snapshot, address, number):
                    return None
                chain = self.walk(snapshot, address, record)
                self.learn(chain, snapshot)
            except Torn:
                last, equal = None, 0
                self.reader.torn += 1
                continue
            shape = [frame[0] if not depth else frame for depth, frame in enumerate(chain.frames)]
            equal = equal + 1 if shape == last else 1
            if equal == EQUAL_READINGS:
                return chain
            last = shape
        return None

    def walk(self, snapshot, address, record):
        """The chain of a thread's frames; another outermost frame than before is believed once it has come up several times."""
        chain = self.reader.walker.walk(snapshot, address)
        if chain.root and chain.root != record.root:
            record.strange = record.strange + 1 if chain.root == record.strange_root else 1
            record.strange_root = chain.root
            if record.root is not None and record.strange < STRANGE_ROOTS:
                raise Torn('another outermost frame')
            record.root = chain.root
        return chain

    def learn(self, chain, snapshot):
        self.note_freed(snapshot)
        self.codes.learn(frozenset(frame[0] for frame in chain.frames), snapshot)

    def awaited(self, snapshot, chain, state):
        """Instead of the event loop's own frames: what the task that it runs awaits."""
        known = self.codes.known
        at = next((at for at, frame in enumerate(chain.frames) if known[frame[0]].runs_loop), None)
        try:
            inner = self.awaiting.chain(snapshot, chain.frames[at][2]) if at is not None else None
            if not inner:
                return chain, state
            awaited = Chain(inner + chain.frames[at:], chain.root)
            self.learn(awaited, snapshot)
        except Torn:  # a loop or a task of another make
            return chain, state
        return awaited, known[inner[0][0]].awaits or state

    def note_freed(self, snapshot):
        if self.reader.layout.code_generation is not None:
            self.codes.forget_if_freed(snapshot.word(self.interpreter + self.reader.layout.code_generation))

    def sample_of(self, number, chain, state):
        """The sample without the wrapper's frames."""
        frame_of = self.codes.frame_of
        numbers = [frame_of(code, position, owner) for code, position, _, owner in chain.frames]
        if chain.gap is not None:
            numbers.insert(chain.gap, self.reader.tables.frame(*LEFT_OUT))
        return Sample(number, self.reader.tables.stack(tuple(frame for frame in numbers if frame != HIDDEN)), state, chain)

    def cpu_clock(self):
        """CPU time of the process so far, to the nanosecond."""
        try:
            return time.clock_gettime_ns(self.clock)
        except OSError as error:
            raise Gone(str(error))

    def state_of_running(self, record, held, now_ns):
        """Computing; or, where there is a quota, kept off the processors for most of the time since the last sample."""
        if not self.reader.has_quota:
            return 'computing'
        clock, counters = self.cpu_clock(), parsed(record.activity.counters())
        before_ns, before_clock, before = record.at_ns, record.clock, record.queue
        record.at_ns, record.clock, record.queue = now_ns, clock, counters
        last = record.sample
        if before is None or counters is None or last is None or last.state not in ('computing', 'throttled'):
            return 'computing'
        elapsed = now_ns - before_ns
        if (clock - before_clock) * 2 >= elapsed:
            return 'computing'
        # Its time in the queue is only added up once it gets a processor; until then it has been scheduled no more often than before.
        queued = (counters[1] - before[1]) * 2 > elapsed or (held == BUSY and counters[2] == before[2])
        return 'throttled' if queued else 'computing'


def parsed(counters):
    """(ns on a processor, ns in the queue for one, times scheduled), None where the kernel does not count."""
    return tuple(int(field) for field in counters.split()[:3]) if counters else None
