"""Many places of another process's memory with one system call: while a thread is held still, every microsecond is the script's.

`process_vm_readv` asks for the same right as /proc/PID/mem, but it goes by the process's number: after an exec it would read another
program's bytes. Whoever uses what it read asks `Memory.check` afterwards.
"""
import os
import struct

from .memory import Gone, Torn


def load_readv():
    """process_vm_readv(pid, local, remote, count of remote) -> bytes read, -1 where it was refused; None where it cannot be called."""
    try:
        import _ctypes
        address = _ctypes.dlsym(_ctypes.dlopen(None, 0), 'process_vm_readv')
        return lambda pid, local, remote, count: _ctypes.call_function(address, (pid, local, 1, remote, count, 0))
    except (ImportError, AttributeError, OSError):
        return None


READV = load_readv()
# What the kernel takes at a time (IOV_MAX).
MOST_PLACES = 1024


class Together:
    """The same places ([(address, size)]), read together as often as needed."""
    __slots__ = ('memory', 'places', 'size', 'buffer', 'local', 'remote', 'fetched')

    def __init__(self, memory, places):
        self.memory = memory
        self.places = places
        self.size = sum(size for _, size in places)
        self.buffer = None
        if READV and 0 < len(places) <= MOST_PLACES:
            import array  # has an address, unlike a bytearray
            self.buffer = array.array('B', bytes(self.size))
            self.local = struct.pack('<QQ', self.buffer.buffer_info()[0], self.size)
            self.remote = struct.pack('<%dQ' % (2 * len(places)), *(number for place in places for number in place))

    def read(self):
        """The bytes of all places, one behind the other. Raises `Torn` where one of them cannot be read, `Gone`."""
        self.fetch()
        return self.data()

    def fetch(self):
        """Reads, and does nothing else: what can be done with the bytes has time until later. Raises as `read`."""
        if self.buffer is None:
            self.fetched = b''.join(self.one_by_one())
        elif READV(self.memory.pid, self.local, self.remote, len(self.places)) != self.size:
            raise Torn('not everything is mapped any more')

    def data(self):
        """The bytes of the last `fetch` that did not raise."""
        return self.fetched if self.buffer is None else self.buffer.tobytes()

    def one_by_one(self):
        for address, size in self.places:
            try:
                data = os.pread(self.memory.fd, size, address)
            except OSError as error:
                raise Torn(str(error))
            if not data and size:
                raise Gone('its memory is gone')
            if len(data) != size:
                raise Torn('not everything is mapped any more')
            yield data
