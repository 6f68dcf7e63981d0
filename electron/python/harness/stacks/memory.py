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


class Elsewhere(Exception):
    """More is needed than was copied."""


class Memory:
    def __init__(self, pid):
        """Raises OSError where this is not allowed."""
        self.pid = pid
        self.fd = os.open('/proc/%d/mem' % pid, os.O_RDONLY | os.O_CLOEXEC)

    def check(self, address):
        """Raises `Gone` unless `address` (any that can be read) still belongs to the program that ran when this was opened."""
        try:
            if os.pread(self.fd, 1, address):
                return
        except OSError as error:
            raise Gone(str(error))
        raise Gone('its memory is gone')

    def close(self):
        os.close(self.fd)


class Snapshot:
    """Reads by pages, each once: frames lie side by side. What two reads of one snapshot show of a page is of one instant."""
    __slots__ = ('fd', 'pages', 'copied', 'closed')

    def __init__(self, fd, copied=None, closed=False):
        """`copied`: pages read already; `pages` holds those that were needed. `closed`: there is no more than that (`Elsewhere`)."""
        self.fd = fd
        self.pages = {}
        self.copied = copied or {}
        self.closed = closed

    def at(self, address, size):
        """(bytes, offset in them) of `size` bytes at `address`. Raises `Torn` or `Gone`."""
        base = address & -PAGE
        page = self.pages.get(base) or self.page(base)
        offset = address - base
        if offset + size <= PAGE:
            return page, offset
        if size > PAGE:
            return self.read(address, size), 0
        return page[offset:] + self.at(base + PAGE, size - (PAGE - offset))[0][:size - (PAGE - offset)], 0

    def page(self, base):
        page = self.pages[base] = self.copied.get(base) or self.read(base, PAGE)
        return page

    def read(self, address, size):
        """`size` bytes that are not kept."""
        if not 0 < address < HIGHEST:
            raise Torn('no address: %#x' % address)
        if self.closed:
            raise Elsewhere()
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

    def bytes(self, address, size):
        page, offset = self.at(address, size)
        return page[offset:offset + size]

    def fresh_word(self, address):
        """Of which no more than that is needed."""
        return _word.unpack(self.read(address, 8))[0]

    def word(self, address):
        page, offset = self.at(address, 8)
        return _word.unpack_from(page, offset)[0]
