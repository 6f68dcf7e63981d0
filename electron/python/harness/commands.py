"""What the engine asks of the supervisor: JSON lines on a descriptor, `bytes` raw bytes after a line that announces them."""
import json
import os


class Commands:
    def __init__(self, fd, blocking=False):
        self.fd = fd
        self.data = bytearray()
        self.ended = False
        self.blocking = blocking
        if not blocking:
            os.set_blocking(fd, False)

    def read(self):
        """Reads what is there, without blocking unless made so. `ended` turns true when the engine has gone."""
        while not self.ended:
            try:
                piece = os.read(self.fd, 1 << 18)
            except BlockingIOError:
                return
            except OSError:
                piece = b''
            if not piece:
                self.ended = True
            self.data += piece
            if self.blocking:
                return

    def take(self):
        """The next complete command as (fields, payload or None); None when there is none yet."""
        end = self.data.find(b'\n')
        if end < 0:
            return None
        fields = json.loads(self.data[:end].decode())
        size = fields.get('bytes')
        if size is None:
            del self.data[:end + 1]
            return fields, None
        if len(self.data) < end + 1 + size:
            return None
        payload = bytes(self.data[end + 1:end + 1 + size])
        del self.data[:end + 1 + size]
        return fields, payload
