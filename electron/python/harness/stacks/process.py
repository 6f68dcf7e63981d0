"""One process of the run: which Python threads it has, and what was last seen of each."""
from .activity import Activity
from .awaiting import Awaiting
from .codes import Codes
from .lately import Lately
from .memory import Gone, Memory, Snapshot, Torn
from .reading import TRIES, Reading
from .threads import Threads


class Record:
    """What is remembered of a thread between samples."""
    __slots__ = ('activity', 'lately', 'counters', 'sample', 'root', 'strange_root', 'strange', 'clock', 'at_ns', 'queue')

    def __init__(self, activity, memory):
        self.activity = activity
        self.lately = Lately(memory)
        # The thread's counters when it was last seen waiting: with the same ones it is where it was.
        self.counters = None
        self.sample = None
        # Address of its outermost frame, and one that has come up instead, how often.
        self.root = self.strange_root = None
        self.strange = 0
        # When it was last seen running: the instant, the process's CPU time, the thread's own counters.
        self.at_ns = self.clock = self.queue = None


class Process(Reading):
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
            self.codes = Codes(reader.layout, self.memory, objects, reader.tables, reader.version, reader.hidden_folder, reader.trusted_folders)
            self.awaiting = Awaiting(reader.layout, objects, reader.version)
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
        holder = self.reader.holder
        if holder.late:
            holder.let_go_late()
        found, alive = [], set()
        for address, number in self.list_threads():
            alive.add(number)
            try:
                sample = self.sample_thread(address, number, self.record_of(number), now_ns)
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

    def last_samples(self):
        return [record.sample for record in self.records.values() if record.sample]

    def record_of(self, number):
        """What is remembered of a thread. Raises `Gone`."""
        record = self.records.get(number)
        if record is None:
            record = self.records[number] = Record(Activity(self.pid, number), self.memory)
        return record

    def forget(self, number):
        record = self.records.pop(number, None)
        if record:
            record.activity.close()

    def list_threads(self):
        """[(address, number)]. A new thread comes first in the interpreter's list, so the same first one means the same list, but for those that ended."""
        for _ in range(TRIES):
            try:
                snapshot = Snapshot(self.memory.fd)
                first = snapshot.fresh_word(self.interpreter + self.reader.layout.interpreter_threads)
                if self.listed and first == self.listed[0][0]:
                    return self.listed
                listed, begun = self.threads.all(snapshot)
                self.listed = listed if begun and listed and listed[0][0] == first else None
                return listed
            except Torn:
                self.reader.torn += 1
        return []

    def sample_thread(self, address, number, record, now_ns):
        """A `Sample`, or None when no reading held up."""
        if record.counters is not None and record.activity.counters() == record.counters:
            return record.sample
        record.counters = None
        for _ in range(TRIES):
            letter = record.activity.state()
            if letter == 'R':
                record.lately.fetch()  # so that it takes less time once the thread stands still
                letter = record.activity.state()  # nobody is held who waits by now: some system calls would be interrupted
            if letter in 'ZX':
                raise Gone('the thread has ended')
            runs = letter == 'R' or number in self.reader.holder.late
            try:
                sample = self.read_running(address, number, record, now_ns) if runs else self.read_waiting(address, number, record, letter)
            except Torn:
                sample = None
            if sample:
                record.sample = sample
                return sample
            self.reader.torn += 1
        return None
