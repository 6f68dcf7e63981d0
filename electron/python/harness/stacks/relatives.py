"""The other Python processes of the run: forks of the script (multiprocessing), and programs of the same interpreter it has started."""
import os

from .. import proc
from .memory import Gone, Torn
from .process import Process

EVERY_NS = 100_000_000
# A process that has just been made may not be readable yet; one that is not after this many looks is left alone.
LOOKS = 10


class Relatives:
    def __init__(self, script, reader):
        self.script = script
        self.reader = reader
        self.processes = {}
        self.failed = {}
        self.due = 0
        self.own_program = _program(os.getpid())
        self.own_base = None

    def look(self, now_ns):
        """Opens what has appeared, at most every `EVERY_NS`."""
        if now_ns < self.due:
            return
        self.due = now_ns + EVERY_NS
        found = set(descendants(self.script))
        for pid in found - self.processes.keys():
            if self.failed.get(pid, 0) < LOOKS:
                process = self.open(pid)
                if process:
                    self.processes[pid] = process
                else:
                    self.failed[pid] = self.failed.get(pid, 0) + 1
        for pid in self.failed.keys() - found:
            del self.failed[pid]

    def open(self, pid):
        """A `Process`, or None: another program, not ours to read, or not ready."""
        if _program(pid) != self.own_program:
            return None
        try:
            shift = self.shift_of(pid)
            return None if shift is None else Process(pid, self.reader, shift)
        except (OSError, Gone, Torn):
            return None

    def shift_of(self, pid):
        """How far the interpreter's data lie from where they lie here: 0 in a fork, a multiple of a page after an exec."""
        if self.own_base is None:
            self.own_base = _base(os.getpid(), self.reader.runtime)
        if self.own_base is None:
            return 0
        path, start = self.own_base
        there = _base(pid, None, path)
        return there[1] - start if there else None

    def drop(self, pid):
        process = self.processes.pop(pid, None)
        if process:
            process.close()


def descendants(pid):
    """Process numbers below `pid`."""
    found, level = [], proc.children_of(pid) or []
    while level:
        found += level
        level = [child for parent in level for child in proc.children_of(parent) or []]
    return found


def _program(pid):
    try:
        return os.readlink('/proc/%d/exe' % pid)
    except OSError:
        return None


def _base(pid, address, path=None):
    """(file, start of its first mapping): of the file mapped at `address`, or of `path`. None where there is none."""
    starts = {}
    with open('/proc/%d/maps' % pid) as file:
        for line in file:
            fields = line.split(None, 5)
            if len(fields) < 6:
                # The part of a library that begins as zeros has no file; it follows the library's own.
                continue
            start, end = (int(part, 16) for part in fields[0].split('-'))
            name = fields[5].strip()
            starts.setdefault(name, start)
            if name == path or (address is not None and start <= address < end):
                return name, starts[name]
    return None
