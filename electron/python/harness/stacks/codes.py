"""Code objects of the other process: file, function and lines of each, read once and kept.

What is kept is believed only while the object at that address is still the same one. A code object may be freed and another made in its
place with the very same pointers in it; what gives that away depends on the version:
3.14 counts freed code objects, 3.12 numbers every code object, before that the text and the line table themselves are compared.
"""
import struct

from .lines import parse_lines
from .memory import Torn

HIDDEN = -1
_first_line = struct.Struct('<i')
_word = struct.Struct('<Q')


class Code:
    """One code object as it was read."""
    __slots__ = ('identity', 'content', 'file', 'function', 'lines', 'first_byte', 'first_complete', 'hidden', 'frames', 'address')

    def __init__(self):
        self.frames = {}


class Codes:
    def __init__(self, layout, objects, tables, version, hidden_folder, trusted_folders=()):
        self.layout = layout
        self.objects = objects
        self.tables = tables
        self.version = version
        self.hidden_folder = hidden_folder
        # Files of the installation: modules are loaded once and stay, so their content need not be compared again and again.
        self.trusted_folders = tuple(trusted_folders)
        self.known = {}
        self.generation = None
        self.code_type = objects.types['code']
        self.fixed_from = min(layout.code_filename, layout.code_name)
        self.fixed_to = layout.code_line_table + 8
        self.compares_content = layout.code_version is None
        self.size = layout.code_size

    def forget_if_freed(self, generation):
        """3.14: `generation` is the interpreter's count of freed code objects."""
        if generation != self.generation:
            self.generation = generation
            self.known.clear()

    def knows(self, chain):
        known = self.known
        for address, _ in chain:
            if address not in known:
                return False
        return True

    def still_same(self, chain, snapshot):
        """Are all code objects of the chain the ones that are known? Each is looked at once."""
        if self.generation is not None:
            return True
        for address in {address for address, _ in chain}:
            code = self.known[address]
            if self.identity(snapshot, address) != code.identity or (code.content and self.content(snapshot, code) != code.content):
                return False
        return True

    def learn(self, chain, snapshot):
        """Reads what is not known, or has changed. The process must not run meanwhile, or not have run in hindsight."""
        for address in {address for address, _ in chain}:
            code = self.known.get(address)
            identity = None
            if code is not None and self.generation is None:
                identity = self.identity(snapshot, address)
                if code.identity != identity or (code.content and self.content(snapshot, code) != code.content):
                    code = None
            if code is None:
                self.known[address] = self.read(snapshot, address, identity or self.identity(snapshot, address))

    def identity(self, snapshot, address):
        """The bytes of a code object that tell it from another. Raises `Torn` where there is none."""
        layout = self.layout
        page, at = snapshot.at(address, self.size)
        if _word.unpack_from(page, at + 8)[0] != self.code_type:
            raise Torn('no code object at %#x' % address)
        version = layout.code_version
        return (page[at + self.fixed_from:at + self.fixed_to], page[at + layout.code_first_line:at + layout.code_first_line + 4],
                page[at + version:at + version + 4] if version else page[at + 48:at + 56])

    def content(self, snapshot, code):
        """Name, file and line table, compared where nothing else tells two code objects apart."""
        layout, objects, address = self.layout, self.objects, code.address
        return (objects.text(snapshot, snapshot.word(address + (layout.code_qualified_name or layout.code_name))),
                objects.text(snapshot, snapshot.word(address + layout.code_filename)),
                objects.bytes(snapshot, snapshot.word(address + layout.code_line_table)))

    def read(self, snapshot, address, identity):
        layout, objects = self.layout, self.objects
        page, at = snapshot.at(address, self.size)
        code = Code()
        code.identity = identity
        code.address = address
        code.file = objects.text(snapshot, _word.unpack_from(page, at + layout.code_filename)[0])
        code.function = objects.text(snapshot, _word.unpack_from(page, at + (layout.code_qualified_name or layout.code_name))[0])
        table = objects.bytes(snapshot, _word.unpack_from(page, at + layout.code_line_table)[0])
        first = _first_line.unpack_from(page, at + layout.code_first_line)[0]
        try:
            code.lines = parse_lines(table, first, self.version)
        except IndexError:
            raise Torn('a broken line table')
        code.hidden = code.file.startswith(self.hidden_folder)
        code.content = None
        if self.compares_content and not code.hidden and not code.file.startswith(self.trusted_folders):
            code.content = code.function, code.file, table
        code.first_byte, code.first_complete = 0, -1 << 62
        if layout.frame_owner is not None:
            code.first_byte = address + layout.code_bytes
            code.first_complete = code.first_byte + 2 * _first_line.unpack_from(page, at + layout.code_first_traceable)[0]
        return code

    def frame_of(self, address, position):
        """The number of the frame (file, function, line) in the tables; `HIDDEN` for the wrapper's own and for frames that are just being made."""
        code = self.known[address]
        frame = code.frames.get(position)
        if frame is None:
            frame = code.frames[position] = self.make_frame(code, position)
        return frame

    def make_frame(self, code, position):
        if code.hidden:
            return HIDDEN
        return self.tables.frame(code.file, code.function, self.line_of(code, position))

    def line_of(self, code, position):
        kind = self.layout.position
        return code.lines.line_at(position - code.first_byte if kind == 'pointer' else position * 2 if kind == 'words' else position)
