"""Local variables of the innermost frames, only when somebody asked for them: simple values in short, everything else by its type."""
import struct

from .codes import HIDDEN
from .holding import BUSY, GONE, HELD
from .memory import Gone, Snapshot, Torn
from .objects import words

FRAMES, NAMES, ITEMS = 3, 16, 4
LONGEST = 80
DIGIT_BITS = 30
MOST_DIGITS = 34  # some 300 decimal places


def read(process, sample):
    """[{name: short text}] for the innermost frames that are shown. Raises `Torn` where the thread has moved on meanwhile."""
    holder = process.reader.holder
    held = holder.hold(sample.thread, process.pid) if sample.state in ('computing', 'throttled') else GONE
    try:
        snapshot = Snapshot(process.memory.fd)
        address = next(address for address, number in process.list_threads() if number == sample.thread)
        now = process.reader.walker.walk(snapshot, address)
        standing = {frame[2]: frame for frame in now.frames}
        found = []
        for code, position, frame, owner in sample.chain.frames:
            if process.codes.frame_of(code, position, owner) == HIDDEN:
                continue
            if len(found) == FRAMES:
                break
            same = frame in standing and standing[frame][0] == code or owner and frame not in standing
            found.append(of_frame(snapshot, process.codes, process.codes.objects, code, frame) if same else {})
        return found
    except StopIteration:
        raise Torn('its thread has ended')
    finally:
        if held == HELD:
            holder.release(sample.thread, process.pid)
        elif held == BUSY:
            holder.let_go_late()


def of_frame(snapshot, codes, objects, code, frame):
    layout = objects.layout
    names = objects.items(snapshot, snapshot.word(code + layout.code_local_names), NAMES)
    values = words(snapshot, frame + layout.frame_locals, len(names))
    found = {}
    for name, value in zip(names, values):
        text = short(snapshot, objects, value)
        if text is not None:
            found[objects.text(snapshot, name)] = text
    return found


def short(snapshot, objects, reference, deep=True):
    """A value in at most `LONGEST` characters; None where there is none."""
    layout = objects.layout
    if layout.marked_ints and reference & 3 == 3:
        return str(struct.unpack('<q', struct.pack('<Q', reference))[0] >> 2)
    address = reference & layout.pointer_mask
    if not address:
        return None
    try:
        return clipped(text_of(snapshot, objects, address, deep))
    except (Torn, Gone):
        return '?'


def text_of(snapshot, objects, address, deep):
    kind, types = objects.type_of(snapshot, address), objects.types
    if kind == types['NoneType']:
        return 'None'
    if kind in (types['int'], types['bool']):
        number = integer(snapshot, objects.layout, address)
        return number if kind == types['int'] else str(number != '0')
    if kind == types['float']:
        page, at = snapshot.at(address + 16, 8)
        return repr(struct.unpack_from('<d', page, at)[0])
    if kind == types['str']:
        return repr(objects.text(snapshot, address, LONGEST + 1))
    if kind == types['bytes']:
        size = snapshot.word(address + 16)
        page, at = snapshot.at(address + 32, min(size, LONGEST) or 1)
        return repr(page[at:at + min(size, LONGEST)]) + ('...' if size > LONGEST else '')
    if kind == types['cell']:
        inner = snapshot.word(address + 16)
        return (short(snapshot, objects, inner, deep) if inner else None) or '(not set)'
    if kind in (types['list'], types['tuple']):
        return sequence(snapshot, objects, address, kind == types['list'], deep)
    if kind == types['dict']:
        return 'dict of %d' % snapshot.word(address + 16)
    if kind == types['set']:
        return 'set of %d' % snapshot.word(address + 24)
    page, at = snapshot.at(snapshot.word(kind + 24), 64)
    return '<%s>' % page[at:at + 64].split(b'\0')[0].decode('utf-8', 'replace')


def integer(snapshot, layout, address):
    """An int in decimal. Its size and sign stand in a tag from 3.12 on, before in the object's size."""
    page, at = snapshot.at(address + 16, 8)
    size = struct.unpack_from('<q', page, at)[0]
    if layout.code_version is not None:
        count, negative = size >> 3, size & 3 == 2
    else:
        count, negative = abs(size), size < 0
    if count > MOST_DIGITS:
        return '<int of %d bits>' % (count * DIGIT_BITS)
    if not count:
        return '0'
    page, at = snapshot.at(address + 24, 4 * count)
    digits = struct.unpack_from('<%dI' % count, page, at)
    return str(sum(digit << DIGIT_BITS * place for place, digit in enumerate(digits)) * (-1 if negative else 1))


def sequence(snapshot, objects, address, is_list, deep):
    size = snapshot.word(address + 16)
    if not deep:
        return '%s of %d' % ('list' if is_list else 'tuple', size)
    items = words(snapshot, snapshot.word(address + 24), min(size, ITEMS)) if is_list else objects.items(snapshot, address, ITEMS)
    shown = [short(snapshot, objects, item, False) or '?' for item in items]
    if size > ITEMS:
        shown.append('... %d in all' % size)
    return ('[%s]' if is_list else '(%s)') % ', '.join(shown)


def clipped(text):
    return text if len(text) <= LONGEST else text[:LONGEST - 3] + '...'
