"""Ways to send facts to the engine, each line `<nonce> <JSON>`: what the script prints cannot pass for one."""
import _thread
import json
import os


class Channel:
    """The supervisor's own channel. Never blocks: what the pipe does not take now waits for the loop."""

    def __init__(self, fd):
        self.fd = fd
        self.nonce = b''
        self.waiting = bytearray()
        self.broken = False
        os.set_blocking(fd, False)

    def send(self, kind, **fields):
        fields['e'] = kind
        self.waiting += self.nonce + b' ' + json.dumps(fields).encode() + b'\n'
        self.flush()

    def flush(self):
        """Writes what the pipe takes; true when nothing is left."""
        while self.waiting and not self.broken:
            try:
                del self.waiting[:os.write(self.fd, self.waiting)]
            except BlockingIOError:
                return False
            except OSError:  # the engine is gone
                self.broken = True
        return True


class BlockingChannel:
    """The same for a process without a loop; its lines come whole, whichever thread sends."""

    def __init__(self, fd):
        self.fd = fd
        self.nonce = b''
        self.lock = _thread.allocate_lock()

    def send(self, kind, **fields):
        fields['e'] = kind
        line = self.nonce + b' ' + json.dumps(fields).encode() + b'\n'
        with self.lock:
            write_all(self.fd, line)


class Report:
    """The script's process tells how far it is: blocking, on a private descriptor, only from the process it was made for."""

    def __init__(self, fd, nonce):
        self.fd = fd
        self.nonce = nonce
        self.pid = os.getpid()
        self.lock = _thread.allocate_lock()

    def send(self, kind, payload=None, **fields):
        """One fact; `payload` bytes follow the line and are announced in it."""
        if os.getpid() != self.pid:  # a fork of the script ran on into the wrapper: it has no say
            return
        with self.lock:
            self.write(kind, payload, fields)

    def send_if_free(self, kind, **fields):
        """A fact that may get lost: from where waiting could mean waiting for oneself, such as a callback of the garbage collector."""
        if os.getpid() != self.pid or not self.lock.acquire(False):
            return
        try:
            self.write(kind, None, fields)
        except OSError:
            pass  # the engine is gone, or the script has closed the descriptor
        finally:
            self.lock.release()

    def write(self, kind, payload, fields):
        fields['e'] = kind
        if payload is not None:
            fields['bytes'] = len(payload)
        # Begins with a line end: what a script may have written to this descriptor by mistake is not glued to it.
        write_all(self.fd, b'\n' + self.nonce + b' ' + json.dumps(fields).encode() + b'\n')
        if payload is not None:
            write_all(self.fd, payload)


def write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]
