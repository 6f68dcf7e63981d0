"""What one thread is doing: its state, its scheduler counters and the system call it is in, from files of /proc kept open."""
import os
import struct

from .. import waiting
from . import syscalls
from .memory import Gone, Torn

KINDS = syscalls.kinds()


class Activity:
    """Files of one thread. They belong to the thread, not to its number: once it has ended, reading raises `Gone`."""
    __slots__ = ('pid', 'thread', 'stat_fd', 'counters_fd', 'call_fd')

    def __init__(self, pid, thread):
        folder = '/proc/%d/task/%d/' % (pid, thread)
        self.pid, self.thread = pid, thread
        self.counters_fd = self.call_fd = -1
        try:
            self.stat_fd = os.open(folder + 'stat', os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise Gone(str(error))
        for name, field in (('schedstat', 'counters_fd'), ('syscall', 'call_fd')):
            try:
                setattr(self, field, os.open(folder + name, os.O_RDONLY | os.O_CLOEXEC))
            except OSError:
                pass  # not every kernel has it, not everybody may read it

    def close(self):
        for fd in (self.stat_fd, self.counters_fd, self.call_fd):
            if fd >= 0:
                os.close(fd)

    def counters(self):
        """Time on a processor, time in the queue for one, times scheduled: as long as they stay the same while it waits, it has not run. None if unknown."""
        if self.counters_fd < 0:
            return None
        try:
            return os.pread(self.counters_fd, 96, 0) or None
        except OSError as error:
            raise Gone(str(error))

    def state(self):
        """The kernel's letter: R, S, D, T, t, Z, X, I."""
        try:
            # Of a thread that runs this file says so in half the time.
            if self.call_fd >= 0 and os.pread(self.call_fd, 8, 0) == b'running\n':
                return 'R'
            text = os.pread(self.stat_fd, 256, 0)
        except OSError as error:
            raise Gone(str(error))
        end = text.rfind(b')')
        if end < 0:
            raise Gone('it has ended')
        return chr(text[end + 2])

    def waits_for(self, letter, snapshot):
        """The `StackState` of a thread in state S or D."""
        if self.call_fd < 0:
            return self.by_wait_channel(letter)
        try:
            text = os.pread(self.call_fd, 256, 0)
        except OSError:
            os.close(self.call_fd)
            self.call_fd = -1
            return self.by_wait_channel(letter)
        if text.startswith(b'running'):
            raise Torn('it runs again')  # what it waits for now would be remembered for as long as it waits
        fields = text.split()
        state = self.kind_of_call(fields, snapshot) if len(fields) > 6 else None
        return state or self.by_wait_channel(letter)

    def kind_of_call(self, fields, snapshot):
        number = int(fields[0])
        if number == syscalls.RESTARTED:
            number = restarted(snapshot, int(fields[-1], 16))
        kind = KINDS.get(number)
        if kind == syscalls.FD:
            return syscalls.kind_of_descriptor(self.pid, int(fields[1], 16))
        if kind in (syscalls.POLL, syscalls.SELECT):
            first, second = int(fields[1], 16), int(fields[2], 16)
            count = second if kind == syscalls.POLL else first
            if not count:
                return 'sleep'
            fd = first_polled(snapshot, first) if kind == syscalls.POLL else first_selected(snapshot, count, (second, int(fields[3], 16)))
            return 'waiting' if fd is None else syscalls.kind_of_descriptor(self.pid, fd)
        return kind

    def by_wait_channel(self, letter):
        if letter == 'D':
            return 'file'
        try:
            with open('/proc/%d/task/%d/wchan' % (self.pid, self.thread)) as file:
                place = file.read()
        except OSError:
            return 'waiting'
        return next((kind for kind, parts in waiting.KINDS if any(part in place for part in parts)), 'waiting')


def restarted(snapshot, address):
    """The number of the call behind which the code at `address` goes on; -1 where it cannot be told."""
    try:
        return syscalls.number_in(snapshot.read(address - syscalls.CODE_BYTES, syscalls.CODE_BYTES))
    except Torn:
        return -1


def first_polled(snapshot, address):
    try:
        page, offset = snapshot.at(address, 4)
    except Torn:
        return None
    return struct.unpack_from('<i', page, offset)[0]


def first_selected(snapshot, count, sets):
    """The lowest descriptor in the sets that select() was called with."""
    for address in sets:
        if not address:
            continue
        try:
            page, offset = snapshot.at(address, (count + 63) // 64 * 8)
        except Torn:
            continue
        bits = int.from_bytes(page[offset:offset + (count + 63) // 64 * 8], 'little')
        if bits:
            return (bits & -bits).bit_length() - 1
    return None
