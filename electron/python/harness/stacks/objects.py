"""Python objects of the other process: text, byte strings, tuples. Types are recognised by their address, which is the same there and here."""
import struct

from .memory import Torn

_var = struct.Struct('<qQq')  # reference count, type, size
_text = struct.Struct('<qQqqI')  # reference count, type, length, hash, state
LONGEST_TEXT = 1024
LONGEST_TABLE = 1 << 20
ENCODINGS = {1: 'latin-1', 2: 'utf-16-le', 4: 'utf-32-le'}


class Objects:
    """Reads built-in objects. `shift` is where the interpreter's own data lie in the other process, relative to here."""

    def __init__(self, layout, shift=0):
        self.layout = layout
        self.types = {name: id(kind) + shift for name, kind in TYPES.items()}
        self.text_type, self.bytes_type, self.tuple_type = self.types['str'], self.types['bytes'], self.types['tuple']

    def text(self, snapshot, address, longest=LONGEST_TEXT):
        """A str, cut after `longest` characters."""
        start, size, encoding = self.text_span(snapshot, address, longest)
        if not size:
            return ''
        page, offset = snapshot.at(start, size)
        return page[offset:offset + size].decode(encoding, 'replace')

    def text_span(self, snapshot, address, longest=LONGEST_TEXT):
        """(address of the characters, how many bytes they are, their encoding)."""
        page, offset = snapshot.at(address, 40)
        _, kind, length, _, state = _text.unpack_from(page, offset)
        width = state >> 2 & 7
        if kind != self.text_type or length < 0 or not state >> 5 & 1 or width not in ENCODINGS:
            raise Torn('no text at %#x' % address)
        ascii_only = state >> 6 & 1
        start = address + (self.layout.text_data if ascii_only else self.layout.wide_text_data)
        return start, min(length, longest) * width, ENCODINGS[width]

    def text_length(self, snapshot, address):
        page, offset = snapshot.at(address, 40)
        return _text.unpack_from(page, offset)[2]

    def bytes(self, snapshot, address, longest=LONGEST_TABLE):
        """The content of a bytes object. Raises `Torn` when it is longer than `longest`: then it is none of ours."""
        start, size = self.bytes_span(snapshot, address, longest)
        page, offset = snapshot.at(start, size) if size else (b'', 0)
        return page[offset:offset + size]

    def bytes_span(self, snapshot, address, longest=LONGEST_TABLE):
        page, offset = snapshot.at(address, 24)
        _, kind, size = _var.unpack_from(page, offset)
        if kind != self.bytes_type or not 0 <= size <= longest:
            raise Torn('no bytes at %#x' % address)
        return address + 32, size

    def items(self, snapshot, address, most=256):
        """The addresses a tuple holds, at most `most` of them."""
        page, offset = snapshot.at(address, 24)
        _, kind, size = _var.unpack_from(page, offset)
        if kind != self.tuple_type or size < 0:
            raise Torn('no tuple at %#x' % address)
        return words(snapshot, address + TUPLE_ITEMS, min(size, most))

    def type_of(self, snapshot, address):
        return snapshot.word(address + 8)


def words(snapshot, address, count):
    page, offset = snapshot.at(address, 8 * count) if count else (b'', 0)
    return struct.unpack_from('<%dQ' % count, page, offset)


def _coroutine_type():
    async def sample():
        pass
    made = sample()
    made.close()
    return type(made)


async def _async_generator():
    yield


TYPES = {
    'str': str, 'bytes': bytes, 'tuple': tuple, 'list': list, 'dict': dict, 'set': set, 'int': int, 'float': float, 'bool': bool,
    'NoneType': type(None), 'code': type(_coroutine_type.__code__), 'coroutine': _coroutine_type(), 'generator': type(item for item in ()),
    'async_generator': type(_async_generator()), 'cell': type((lambda kept: lambda: kept)(0).__closure__[0]),
}
# Found by looking: where a tuple's items begin differs by version (3.14 keeps the hash in front of them).
TUPLE_ITEMS = ().__sizeof__()
