"""One entry of a small dict of the other process, by its name. Dicts changed their inside in 3.11 and 3.13."""
import struct

from .memory import Torn
from .objects import words

KEYS, VALUES = 32, 40
MOST_ENTRIES = 64
LIST_SIZE, LIST_ITEMS = 16, 24


def entry_of(snapshot, objects, version, address, name):
    """The address of `name`'s value; 0 where there is none."""
    keys, values = words(snapshot, address + KEYS, 2)
    if version >= (3, 11):
        page, at = snapshot.at(keys, 32)
        log_size, log_index_bytes, kind = page[at + 8], page[at + 9], page[at + 10]
        used = struct.unpack_from('<q', page, at + 24)[0]
        entries, size, first = keys + 32 + (1 << log_index_bytes), 24 if kind == 0 else 16, 8 if kind == 0 else 0
        if log_size > 20:
            raise Torn('no dict')
    else:
        slots, used = words(snapshot, keys + 8, 1)[0], words(snapshot, keys + 32, 1)[0]
        width = 1 if slots <= 0xff else 2 if slots <= 0xffff else 4
        entries, size, first = keys + 40 + slots * width, 24, 8
    if not 0 <= used <= MOST_ENTRIES:
        return 0
    for number in range(used):
        key, value = words(snapshot, entries + number * size + first, 2)
        if key and objects.text(snapshot, key) == name:
            # Keys shared between instances: the values stand elsewhere.
            return value if not values else snapshot.word(values + (8 if version >= (3, 13) else 0) + 8 * number)
    return 0


def list_items(snapshot, objects, address, most=32):
    """The addresses in a list."""
    if objects.type_of(snapshot, address) != objects.types['list']:
        raise Torn('no list')
    size, items = words(snapshot, address + LIST_SIZE, 2)
    return words(snapshot, items, min(size, most))
