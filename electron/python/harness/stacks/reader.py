"""What all processes of one interpreter share: its layout, where its own data lie, and the tables that samples refer to."""
import os
import sys

from .frames import Walker
from .holding import Holder, load_ptrace
from .layout import Unsupported, layout_of
from .memory import Gone, Memory, Snapshot, Torn
from .objects import Objects
from .tables import Tables
from .threads import tid_offset

HARNESS_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class Reader:
    def __init__(self, holds=True):
        """Raises `Unsupported`. `holds` False: never hold a thread still (as where tracing is forbidden)."""
        self.version = sys.version_info[:2]
        self.runtime = runtime_address()
        self.layout = layout_of(self.read_own)
        self.walker = Walker(self.layout)
        self.tid_offset = 0 if self.layout.thread_native_id else tid_offset()
        if not self.layout.thread_native_id and not self.tid_offset:
            raise Unsupported('the C library keeps the numbers of threads elsewhere')
        self.holder = Holder(load_ptrace() if holds else None)
        self.hidden_folder = HARNESS_FOLDER
        self.trusted_folders = trusted_folders()
        self.tables = Tables()
        self.objects = Objects(self.layout)
        # May the run be held to a share of the processors (`quota.py`)?
        self.has_quota = False
        # Is it held to its share by stopping it (`throttle.Bucket`)? Otherwise whoever stopped it was somebody else.
        self.stops = False
        # Readings that did not hold up and were made again, and samples given up.
        self.torn = self.lost = 0

    def read_own(self, size):
        memory = Memory(os.getpid())
        try:
            return Snapshot(memory.fd).read(self.runtime, size)
        except (Torn, Gone) as error:
            raise Unsupported('its own memory cannot be read: %s' % error)
        finally:
            memory.close()

    def objects_at(self, shift):
        return self.objects if not shift else Objects(self.layout, shift)


def runtime_address():
    """The address of `_PyRuntime`, the root of everything."""
    try:
        import _ctypes
        return _ctypes.dlsym(_ctypes.dlopen(None, 0), '_PyRuntime')
    except (ImportError, AttributeError, OSError):
        raise Unsupported('the interpreter does not show where its data are')


def trusted_folders():
    """Folders of installed modules."""
    own = os.path.dirname(os.__file__)
    return tuple({own + os.sep, *(path + os.sep for path in sys.path if path.endswith(('site-packages', 'dist-packages')))}) + ('<frozen ',)
