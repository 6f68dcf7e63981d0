"""The memory of another process, by /proc/PID/mem: cheaper than process_vm_readv from Python, and it follows no exec.

A descriptor belongs to the memory the process had when it was opened: after an exec or its end it reads nothing, never another
program's bytes. Opening it needs the same right as tracing the process, which a parent has over a child of its own user.
"""
import errno
import os
import struct

PAGE = 4096
HIGHEST = 1 << 56
_word = struct.Struct('<Q')


class Gone(Exception):
    """The process has ended, or runs another program now."""


class Torn(Exception):
    """What was read does not fit together: the process has changed it meanwhile."""


class Memory:
    def __init__(self, pid):
        """Raises OSError where this is not allowed."""
        self.fd = os.open('/proc/%d/mem' % pid, os.O_RDONLY | os.O_CLOEXEC)

    def close(self):
        os.close(self.fd)


class Snapshot:
    """Reads by pages, each once: frames lie side by side. What two reads of one snapshot show of a page is of one instant."""
    __slots__ = ('fd', 'pages')

    def __init__(self, fd):
        self.fd = fd
        self.pages = {}

    def at(self, address, size):
        """(bytes, offset in them) of `size` bytes at `address`. Raises `Torn` or `Gone`."""
        base = address & -PAGE
        page = self.pages.get(base)
        if page is None:
            page = self.pages[base] = self.read(base, PAGE)
        offset = address - base
        if offset + size <= PAGE:
            return page, offset
        return self.read(address, size), 0

    def read(self, address, size):
        """`size` bytes that are not kept."""
        if not 0 < address < HIGHEST:
            raise Torn('no address: %#x' % address)
        try:
            data = os.pread(self.fd, size, address)
        except OSError as error:
            if error.errno in (errno.EIO, errno.EFAULT):
                raise Torn('nothing at %#x' % address)
            raise Gone(str(error))
        if len(data) == size:
            return data
        if data:
            raise Torn('the end of what is mapped at %#x' % address)
        raise Gone('its memory is gone')

    def word(self, address):
        page, offset = self.at(address, 8)
        return _word.unpack_from(page, offset)[0]
