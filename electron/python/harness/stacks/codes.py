"""Code objects of the other process: file, function and lines of each, read once and kept.

What is kept is believed only while the object at that address is still the same one. A code object may be freed and another made in its
place with the very same pointers in it; what gives that away depends on the version:
3.14 counts freed code objects, 3.12 numbers every code object, before that the text and the line table themselves are compared.
"""
import struct

from .frames import GENERATOR
from .layout import POINTER, WORDS
from .lines import parse_lines
from .memory import Torn
from .together import Together

HIDDEN = -1
ASYNCIO_WAITS = {'tasks.py': 'waiting', 'taskgroups.py': 'waiting', 'futures.py': 'waiting', 'locks.py': 'lock', 'queues.py': 'lock', 'subprocess.py': 'child'}
_first_line = struct.Struct('<i')
_word = struct.Struct('<Q')
MOST_CHECKS = 256


class Piece:
    """Bytes at `address` that a code object is told by: `format` (of `struct`) leaves out those that may change, the others are `expected`."""
    __slots__ = ('address', 'size', 'format', 'expected')

    def __init__(self, address, data, format=None):
        self.address, self.size = address, len(data)
        self.format = format or '%ds' % len(data)
        self.expected = struct.unpack(self.format, data)

    def is_same(self, data):
        return struct.unpack(self.format, data) == self.expected


class Code:
    """One code object as it was read."""
    __slots__ = ('address', 'told_by', 'file', 'function', 'lines', 'first_byte', 'first_complete', 'hidden', 'selects', 'runs_loop', 'awaits', 'frames')

    def __init__(self, address, told_by):
        self.address = address
        # [`Piece`]: what it is told by from another one in its place.
        self.told_by = told_by
        # Positions are addresses from 3.11 on: of the first instruction, and of the first after which the frame is a frame.
        self.first_byte, self.first_complete = 0, -1 << 62
        self.frames = {}


def awaits(name, file, trusted_folders):
    """What a coroutine waits for that is the innermost of an idle loop; None for what only the selector can tell."""
    folder, _, module = file.rpartition('/')
    if folder.endswith('asyncio'):
        return 'sleep' if (name, module) == ('sleep', 'tasks.py') else ASYNCIO_WAITS.get(module)
    return None if file.startswith(trusted_folders) else 'waiting'


class Codes:
    def __init__(self, layout, memory, objects, tables, version, hidden_folder, trusted_folders=()):
        self.layout = layout
        self.memory = memory
        self.objects = objects
        self.tables = tables
        self.version = version
        self.hidden_folder = hidden_folder
        # Files of the installation: modules are loaded once and stay, so their content need not be compared again and again.
        self.trusted_folders = tuple(trusted_folders)
        self.known = {}
        # {addresses of code objects: (their pieces, read together; how they are taken apart; what they have to be)}.
        self.checks = {}
        self.generation = None
        self.code_type = objects.types['code']
        self.name_at = layout.code_qualified_name or layout.code_name
        self.compares_content = layout.code_version is None
        self.size = layout.code_size
        self.identity_format = self.format_of_identity()

    def forget_if_freed(self, generation):
        """3.14: `generation` is the interpreter's count of freed code objects."""
        if generation != self.generation:
            self.generation = generation
            self.known.clear()

    def know(self, addresses):
        return self.known.keys() >= addresses

    def still_same(self, addresses):
        """Are the code objects at these addresses (a frozenset) the ones that are known?"""
        if self.generation is not None:
            return True
        if addresses not in self.checks:
            if len(self.checks) >= MOST_CHECKS:
                self.checks.clear()
            self.checks[addresses] = self.check_of(addresses)
        together, unpack, expected = self.checks[addresses]
        try:
            return unpack(together.read()) == expected
        except Torn:
            return False

    def check_of(self, addresses):
        # The code objects of one file share its name.
        pieces = {(piece.address, piece.expected): piece for address in addresses for piece in self.known[address].told_by}.values()
        unpack = struct.Struct('<' + ''.join(piece.format for piece in pieces)).unpack
        expected = tuple(part for piece in pieces for part in piece.expected)
        return Together(self.memory, [(piece.address, piece.size) for piece in pieces]), unpack, expected

    def forget(self, addresses):
        for address in addresses:
            self.known.pop(address, None)
        self.checks.clear()

    def learn(self, addresses, snapshot):
        """Reads what is not known, or has changed. The process must not run meanwhile, or not have run in hindsight."""
        if self.know(addresses) and self.still_same(addresses):
            return
        self.checks.clear()
        for address in addresses:
            code = self.known.get(address)
            if code is None or (self.generation is None and not self.is_same(code, snapshot)):
                self.known[address] = self.read(snapshot, address)

    def is_same(self, code, snapshot):
        return all(piece.is_same(snapshot.bytes(piece.address, piece.size)) for piece in code.told_by)

    def format_of_identity(self):
        """Of a code object from its type on: the type, name, file and line table, the first line, and its number. Between them lies what may change."""
        layout = self.layout
        # Before 3.12 there is no number; where the instructions are tells a little.
        number_at = layout.code_version or 48
        spans = (8, 16), (layout.code_filename, layout.code_line_table + 8), (layout.code_first_line, layout.code_first_line + 4), (number_at, number_at + 8)
        text, at = '', 8
        for start, end in sorted(spans):
            text += '%dx%ds' % (start - at, end - start)
            at = end
        return text + '%dx' % (self.size - at)

    def identity(self, snapshot, address):
        """What tells a code object from another without looking behind its pointers. Raises `Torn` where there is none."""
        page, at = snapshot.at(address, self.size)
        if _word.unpack_from(page, at + 8)[0] != self.code_type:
            raise Torn('no code object at %#x' % address)
        return Piece(address + 8, page[at + 8:at + self.size], self.identity_format)

    def content(self, snapshot, code):
        """Name, file and line table: compared where nothing else tells two code objects apart."""
        objects, found = self.objects, []
        for field, span_of in ((self.name_at, objects.text_span), (self.layout.code_filename, objects.text_span), (self.layout.code_line_table, objects.bytes_span)):
            address = snapshot.word(code.address + field)
            start, size = span_of(snapshot, address)[:2]
            # From the object's type on: the count of its references before that may change.
            found.append(Piece(address + 8, snapshot.bytes(address + 8, start + size - address - 8)))
        return found

    def read(self, snapshot, address):
        layout, objects = self.layout, self.objects
        code = Code(address, [self.identity(snapshot, address)])
        code.function, code.file = (objects.text(snapshot, snapshot.word(address + field)) for field in (self.name_at, layout.code_filename))
        table = objects.bytes(snapshot, snapshot.word(address + layout.code_line_table))
        page, at = snapshot.at(address, self.size)
        try:
            code.lines = parse_lines(table, _first_line.unpack_from(page, at + layout.code_first_line)[0], self.version)
        except IndexError:
            raise Torn('a broken line table')
        # The frames of asyncio that tell what an idle loop waits for.
        name = code.function.rpartition('.')[2]
        code.selects = name == 'select' and code.file.endswith('selectors.py')
        code.runs_loop = name == 'run_until_complete' and code.file.endswith('base_events.py')
        code.awaits = awaits(name, code.file, self.trusted_folders)
        code.hidden = code.file.startswith(self.hidden_folder)
        if self.compares_content and not code.hidden and not code.file.startswith(self.trusted_folders):
            code.told_by += self.content(snapshot, code)
        if layout.frame_owner is not None:
            code.first_byte = address + layout.code_bytes
            code.first_complete = code.first_byte + 2 * _first_line.unpack_from(page, at + layout.code_first_traceable)[0]
        return code

    def frame_of(self, address, position, owner):
        """The number of the frame (file, function, line) in the tables; `HIDDEN` for the wrapper's own and for one that is just being made."""
        code = self.known[address]
        frame = code.frames.get(position)
        if frame is None:
            frame = code.frames[position] = self.make_frame(code, position, owner)
        return frame

    def make_frame(self, code, position, owner):
        if code.hidden or (position < code.first_complete and owner != GENERATOR):
            return HIDDEN
        return self.tables.frame(code.file, code.function, self.line_of(code, position))

    def line_of(self, code, position):
        kind = self.layout.position
        return code.lines.line_at(position - code.first_byte if kind == POINTER else position * 2 if kind == WORDS else position)
