"""The Python threads of a process: their thread states, and the kernel's number of each."""
import os
import struct

from .memory import Gone, Memory, Snapshot, Torn

_word = struct.Struct('<Q')
_int = struct.Struct('<I')
MOST_THREADS = 128


class Threads:
    """`interpreter` and `main` are addresses in the other process; `tid_offset` is where glibc keeps the number in its thread descriptor (up to 3.10)."""

    def __init__(self, layout, pid, interpreter, tid_offset):
        self.layout = layout
        self.pid = pid
        self.interpreter = interpreter
        self.tid_offset = tid_offset
        self.size = max(layout.thread_frame, layout.thread_id, layout.thread_native_id or 0, layout.thread_interpreter) + 8

    def all(self, snapshot):
        """([(address of the thread state, thread number)], the newest first; has each of them begun?). Raises `Torn`."""
        layout, found, begun = self.layout, [], True
        address = snapshot.word(self.interpreter + layout.interpreter_threads)
        while address and len(found) < MOST_THREADS:
            page, at = snapshot.at(address, self.size)
            if _word.unpack_from(page, at + layout.thread_interpreter)[0] != self.interpreter:
                raise Torn('a thread of no interpreter')
            number = self.number_of(snapshot, page, at)
            # Until a new thread runs, its state names no thread, or the one that made it.
            if number and found and any(number == other for _, other in found):
                found = [entry for entry in found if entry[1] != number]
                begun = False
            if number:
                found.append((address, number))
            else:
                begun = False
            address = _word.unpack_from(page, at + layout.thread_next)[0]
        if len(found) == 1:
            # After a fork by another thread than the main one, its record may still name the parent's thread.
            if not is_thread(self.pid, found[0][1]):
                found = [(found[0][0], self.pid)]
        return found, begun

    def number_of(self, snapshot, page, at):
        """0 for a thread that has not begun, or is over."""
        if self.layout.thread_native_id is not None:
            return _word.unpack_from(page, at + self.layout.thread_native_id)[0]
        descriptor = _word.unpack_from(page, at + self.layout.thread_id)[0]
        if not descriptor:
            return 0
        try:
            page, at = snapshot.at(descriptor + self.tid_offset, 4)
        except Torn:
            return 0
        return _int.unpack_from(page, at)[0]

    def belongs(self, snapshot, address, number):
        """Is this still the state of that thread?"""
        page, at = snapshot.at(address, self.size)
        return _word.unpack_from(page, at + self.layout.thread_interpreter)[0] == self.interpreter and self.number_of(snapshot, page, at) == number


def is_thread(pid, number):
    return number == pid or os.path.exists('/proc/%d/task/%d' % (pid, number))


def tid_offset():
    """Where glibc's descriptor of a thread holds its number, found in this thread's own; 0 where it is not found."""
    import _thread
    number = _int.pack(_thread.get_native_id())
    memory = Memory(os.getpid())
    try:
        data = Snapshot(memory.fd).read(_thread.get_ident(), 2048)
    except (Torn, Gone):
        return 0
    finally:
        memory.close()
    return next((at for at in range(0, len(data), 4) if data[at:at + 4] == number), 0)
