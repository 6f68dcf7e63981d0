"""One process of the run: a sample of each of its Python threads, every one of them true of a single instant.

A thread that waits is read as it is, and believed if its scheduler counters say that it has not run meanwhile. A thread that runs is held
still (`holding.py`). What fails these checks is counted as torn and read again; it never becomes a sample.
"""
import time

from .activity import Activity
from .codes import HIDDEN, Codes
from .holding import GONE, HELD, REFUSED
from .memory import Gone, Memory, Snapshot, Torn
from .tables import DEEPER
from .threads import Threads

TRIES = 6
# Without the right to hold a thread: as many equal readings in a row.
EQUAL_READINGS = 3
# Outer frames other than before are believed when they come again: handlers at exit have no caller.
STRANGE_ROOTS = 3


class Sample:
    __slots__ = ('thread', 'stack', 'state', 'chain')

    def __init__(self, thread, stack, state, chain):
        self.thread, self.stack, self.state, self.chain = thread, stack, state, chain


class Record:
    """What is remembered of a thread between samples."""
    __slots__ = ('activity', 'counters', 'sample', 'root', 'strange', 'clock', 'at_ns')

    def __init__(self, activity):
        self.activity = activity
        # The thread's counters when it was last seen waiting: with the same ones it is where it was.
        self.counters = None
        self.sample = None
        self.root, self.strange = None, 0
        self.clock = self.at_ns = None


class Process:
    def __init__(self, pid, reader, shift=0):
        """`reader` is the `Reader` of this interpreter. Raises OSError, `Gone` or `Torn` where the process cannot be read (yet)."""
        self.pid = pid
        self.reader = reader
        self.clock = ~pid << 3 | 2
        self.memory = Memory(pid)
        self.records = {}
        self.listed = None
        try:
            objects = reader.objects_at(shift)
            snapshot = Snapshot(self.memory.fd)
            interpreter = snapshot.word(reader.runtime + shift + reader.layout.runtime_interpreter)
            if not interpreter:
                raise Torn('its interpreter is not ready')
            self.interpreter = interpreter
            self.threads = Threads(reader.layout, pid, interpreter, reader.tid_offset)
            self.codes = Codes(reader.layout, objects, reader.tables, reader.version, reader.hidden_folder, reader.trusted_folders)
            self.threads.all(snapshot)
        except BaseException:
            self.memory.close()
            raise

    def close(self):
        for record in self.records.values():
            record.activity.close()
        self.records.clear()
        self.memory.close()

    def sample(self, now_ns):
        """A `Sample` of every Python thread. Raises `Gone` when the process has ended."""
        found, alive = [], set()
        for address, number in self.list_threads():
            alive.add(number)
            try:
                record = self.records.get(number)
                if record is None:
                    record = self.records[number] = Record(Activity(self.pid, number))
                sample = self.sample_thread(address, number, record, now_ns)
                if sample:
                    found.append(sample)
                else:
                    self.reader.lost += 1
            except Gone:
                self.forget(number)
                self.listed = None
        for number in self.records.keys() - alive:
            self.forget(number)
        if not alive:
            self.cpu_clock()
        return found

    def forget(self, number):
        record = self.records.pop(number, None)
        if record:
            record.activity.close()

    def list_threads(self):
        """[(address, number)]. A new thread comes first in the interpreter's list, so the same first one means the same list, but for those that ended."""
        for _ in range(TRIES):
            try:
                snapshot = Snapshot(self.memory.fd)
                first = snapshot.word(self.interpreter + self.reader.layout.interpreter_threads)
                if self.listed and first == self.listed[0][0]:
                    return self.listed
                listed = self.threads.all(snapshot)
                self.listed = listed if listed and listed[0][0] == first else None
                return listed
            except Torn:
                self.reader.torn += 1
        return []

    def sample_thread(self, address, number, record, now_ns):
        """A `Sample`, or None when no reading held up."""
        if record.counters is not None and record.activity.counters() == record.counters:
            record.at_ns = now_ns
            return record.sample
        record.counters = None
        for _ in range(TRIES):
            letter = record.activity.state()
            if letter in 'ZX':
                raise Gone('the thread has ended')
            try:
                sample = self.read_running(address, number, record, now_ns) if letter == 'R' else self.read_waiting(address, number, record, letter)
            except Torn:
                sample = None
            if sample:
                record.sample = sample
                record.clock, record.at_ns = self.cpu_clock(), now_ns
                return sample
            self.reader.torn += 1
        return None

    def read_waiting(self, address, number, record, letter):
        """None if the thread has run meanwhile."""
        activity = record.activity
        before = self.progress_of(activity)
        snapshot = Snapshot(self.memory.fd)
        if activity.state() != letter or not self.threads.belongs(snapshot, address, number):
            return None
        chain = self.walk(snapshot, address, record)
        self.learn(chain, snapshot)
        state = 'throttled' if letter in 'Tt' else activity.waits_for(letter, snapshot)
        if self.progress_of(activity) != before:
            return None
        record.counters = activity.counters()
        return self.sample_of(number, chain, state)

    def progress_of(self, activity):
        """Something that changes whenever the thread runs and waits again."""
        return activity.counters() or (self.cpu_clock(), activity.state())

    def read_running(self, address, number, record, now_ns):
        """None if the reading did not hold up."""
        held = self.reader.holder.hold(number)
        if held == GONE:
            return None
        chain = self.read_often(address, number, record) if held == REFUSED else self.read_held(address, number, record, held)
        return self.sample_of(number, chain, 'throttled' if self.lags(record, now_ns) else 'computing') if chain else None

    def read_held(self, address, number, record, held):
        """The chain of a thread that does not run Python now; it goes on as soon as the frames are read."""
        codes, learned = self.codes, False
        try:
            snapshot = Snapshot(self.memory.fd)
            if not self.threads.belongs(snapshot, address, number):
                return None
            chain = self.walk(snapshot, address, record)
            self.note_freed(snapshot)
            addresses = {frame[0] for frame in chain.frames}
            if record.strange < 0 or not codes.know(addresses):
                codes.learn(addresses, snapshot)
                learned = True
        finally:
            if held == HELD:
                self.reader.holder.release(number)
        # Known code objects are compared after it was let go: a number or a count that never comes back makes that as good.
        if not learned and not codes.still_same(addresses, Snapshot(self.memory.fd)):
            for address in addresses:
                codes.known.pop(address, None)
            return None
        return chain

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
        chain = self.reader.walk(snapshot, address)
        if chain.root and chain.root != record.root:
            if record.root is not None and record.strange < STRANGE_ROOTS:
                record.strange += 1
                raise Torn('another outermost frame')
            record.root = chain.root
        record.strange = 0
        return chain

    def learn(self, chain, snapshot):
        self.note_freed(snapshot)
        self.codes.learn({frame[0] for frame in chain.frames}, snapshot)

    def note_freed(self, snapshot):
        if self.reader.layout.code_generation is not None:
            self.codes.forget_if_freed(snapshot.word(self.interpreter + self.reader.layout.code_generation))

    def sample_of(self, number, chain, state):
        """The sample without the wrapper's frames."""
        frame_of = self.codes.frame_of
        shown = tuple(frame for frame in [frame_of(code, position, owner) for code, position, _, owner in chain.frames] if frame != HIDDEN)
        if chain.root is None:
            shown += self.reader.tables.frame(*DEEPER),
        return Sample(number, self.reader.tables.stack(shown), state, chain)

    def cpu_clock(self):
        """CPU time of the process so far, to the nanosecond."""
        try:
            return time.clock_gettime_ns(self.clock)
        except OSError as error:
            raise Gone(str(error))

    def lags(self, record, now_ns):
        """Is a thread that is ready to run kept off the processors? Then the clock has not kept up since the last sample."""
        before = record.sample
        return before is not None and before.state in ('computing', 'throttled') and (self.cpu_clock() - record.clock) * 2 < now_ns - record.at_ns
