"""The sampler as a watcher of the supervisor's loop: due at its rate, it reads every Python thread of the run and passes the samples on in batches."""
import time

from . import locals_of
from .memory import Gone, Torn
from .process import Process
from .relatives import Relatives
from .states import NUMBERS

FLUSH_NS = 100_000_000
LARGEST_BATCH = 400
# Sampling takes no more than one part in so many of a processor: a run of very many threads is sampled less often.
LARGEST_SHARE = 2
# Being held takes no more than one part in so many of the script's time: where the supervisor has to wait for a processor while it holds a
# thread, a sample costs a hundred times what it costs elsewhere.
LARGEST_HELD = 10
# Until a stopped thread has been let go it is looked after this often.
LATE_NS = 500_000
# How long the stack at the cut may take.
CUT_NS = 1_500_000


class Sampler:
    def __init__(self, pid, reader, channel, rate_hz, wants_locals=False):
        self.pid = pid
        self.reader = reader
        self.channel = channel
        self.period = 1_000_000_000 // rate_hz
        self.wants_locals = wants_locals
        self.relatives = Relatives(pid, reader)
        self.script = None
        self.off = False
        self.due = 0
        self.batch = []
        self.batch_ns = 0
        self.last = None

    def next_due_ns(self):
        """As every watcher; and lets go of threads that have stopped since they were asked to."""
        if self.reader.holder.late and self.reader.holder.let_go_late():
            return min(self.due, time.monotonic_ns() + LATE_NS)
        return None if self.off else self.due

    def act(self, now_ns):
        if now_ns < self.due:
            return
        begun, used, held = time.monotonic_ns(), time.thread_time_ns(), self.reader.holder.held_ns
        self.sample(begun)
        if self.batch and (begun - self.batch_ns > FLUSH_NS or len(self.batch) >= LARGEST_BATCH):
            self.flush()
        # On a grid, so that the rate is kept; what was missed is not made up for. Its share is one of processor time: having had to wait
        # for a processor is no reason to wait on.
        earliest = begun + max((time.thread_time_ns() - used) * LARGEST_SHARE, (self.reader.holder.held_ns - held) * LARGEST_HELD, 1)
        missed = (earliest - self.due + self.period - 1) // self.period if self.due else 0
        self.due = self.due + max(1, missed) * self.period if self.due else begun + self.period

    def sample(self, now_ns):
        """Takes one sample of everything into the batch."""
        script = self.open_script()
        if script:
            self.take(script, now_ns, None)
        self.relatives.look(now_ns)
        for pid, process in list(self.relatives.processes.items()):
            if not self.take(process, now_ns, pid):
                self.relatives.drop(pid)

    def open_script(self):
        """The script's own process; None while it is not readable."""
        if self.script is None and not self.off:
            try:
                self.script = Process(self.pid, self.reader)
            except Torn:
                pass
            except (OSError, Gone) as error:
                self.turn_off('the script\'s memory cannot be read: %s' % error)
        return self.script

    def take(self, process, now_ns, pid):
        """False when the process has ended."""
        try:
            samples = process.sample(now_ns)
        except Gone:
            if pid is None:
                self.script = None
                # After an exec of the script's own process there is no Python we know of.
                self.turn_off(None)
            return False
        if not self.batch:
            self.batch_ns = now_ns
        shown = [sample for sample in samples if sample.thread == process.pid or self.reader.tables.stacks[sample.stack]]
        for sample in shown:
            row = [(now_ns - self.batch_ns) // 1000, sample.thread, sample.stack, NUMBERS[sample.state]]
            self.batch.append(row if pid is None else row + [pid])
        if pid is None and shown:
            self.last = now_ns, shown
        return True

    def turn_off(self, reason):
        self.off = True
        if reason:
            self.channel.send('stacks_off', reason=reason)

    def flush(self):
        """Passes on what has been gathered."""
        if self.batch:
            self.channel.send('samples', at=self.batch_ns, samples=self.batch, tables=self.reader.tables.take_new(), torn=self.reader.torn, lost=self.reader.lost)
            self.batch = []

    def at_cut(self):
        """Sends the stack of every thread as it is now; False if the script's main thread cannot be read any more."""
        until = time.monotonic_ns() + CUT_NS
        while True:
            begun = time.monotonic_ns()
            samples = self.read_now(begun)
            main = next((sample for sample in samples if sample.thread == self.pid), None)
            if main or begun > until or not self.script:
                break
        if not main:
            return False
        self.send_stack('cut', begun, main, samples, self.locals_of(main) if self.wants_locals else None)
        self.flush()
        return True

    def read_now(self, now_ns):
        script = self.open_script()
        try:
            return script.sample(now_ns) if script else []
        except Gone:
            self.script = None
            return []

    def send_stack(self, reason, at_ns, main, samples, values):
        """The main thread first; `values` are the local variables of its innermost frames."""
        threads = [{'name': 'main', 'thread': main.thread, 'frames': self.frames_of(main, values)}]
        threads += [{'name': 'thread %d' % sample.thread, 'thread': sample.thread, 'frames': self.frames_of(sample)} for sample in samples if sample is not main]
        for pid, process in self.relatives.processes.items():
            threads += [{'name': 'process %d' % pid if sample.thread == pid else 'thread %d of process %d' % (sample.thread, pid), 'thread': sample.thread,
                         'frames': self.frames_of(sample)} for sample in process.last_samples()]
        now_ns = time.monotonic_ns()
        self.channel.send('stack', at=now_ns, tookNs=now_ns - at_ns if reason == 'cut' else 0, method='external', state=main.state, text=None,
                          threads=threads, reason=reason, ageNs=now_ns - at_ns)

    def frames_of(self, sample, values=None):
        frames = [{'file': file, 'function': function, 'line': line} for file, function, line in self.reader.tables.frames_of(sample.stack)]
        for frame, found in zip(frames, values or ()):
            frame['locals'] = found
        return frames

    def locals_of(self, main):
        """The innermost frames' local variables, as [{name: short text}]; None where they cannot be read in time."""
        try:
            return locals_of.read(self.script, main)
        except (Torn, Gone):
            return None

    def at_end(self, by_itself):
        """The script has ended: passes on the rest, and, unless that was our doing, where it was last seen."""
        if by_itself:
            self.send_last()
        self.flush()
        self.close()

    def send_last(self):
        """Where the script was last seen, and how long ago."""
        if self.last:
            at_ns, samples = self.last
            main = next((sample for sample in samples if sample.thread == self.pid), samples[0])
            self.send_stack('last_sample', at_ns, main, samples, None)

    def close(self):
        self.off = True
        if self.script:
            self.script.close()
        for pid in list(self.relatives.processes):
            self.relatives.drop(pid)
