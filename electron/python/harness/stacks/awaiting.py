"""What the event loop waits for: the chain of coroutines from the task that `run_until_complete` runs to the innermost await.

A loop with nothing to do sits in its selector, and the stack says no more than that. The task it was asked to run is a local variable of
`run_until_complete`; from there each coroutine holds on top of its value stack what it awaits. Read only while the thread waits.
"""
import struct

from .dicts import entry_of, list_items
from .frames import GENERATOR
from .memory import Torn
from .objects import words

_word = struct.Struct('<Q')
_int = struct.Struct('<i')
# asyncio/base_events.py: run_until_complete(self, future).
FUTURE_LOCAL = 1
DEEPEST = 64
LONGEST_TASK = 512
# What stands between an await and the coroutine or task behind it; each holds it first.
WRAPPERS = 'FutureIter', 'coroutine_wrapper', 'async_generator_asend', 'async_generator_athrow', 'anext_awaitable'
WRAPPED, GATHERED = 16, -1
MANAGED_DICT = -24


class Awaiting:
    def __init__(self, layout, objects, version):
        self.layout = layout
        self.version = version
        self.objects = objects
        self.coroutine_types = {objects.types[name] for name in ('coroutine', 'generator', 'async_generator')}
        # By type address: at which offset a task keeps its coroutine, or a wrapper what it wraps; 0 for anything else.
        self.offsets = {}

    def chain(self, snapshot, runner):
        """[(code, position, frame, owner)] of the awaiting coroutines, innermost first; `runner` is the frame address of `run_until_complete`."""
        local = self.layout.frame_locals + 8 * FUTURE_LOCAL
        found = []
        self.follow(snapshot, self.object_at(snapshot, runner + local), found)
        found.reverse()
        return found

    def follow(self, snapshot, thing, found):
        """Goes from a task, future, coroutine or wrapper of one to the innermost coroutine that can be reached."""
        for _ in range(DEEPEST):
            if not thing or len(found) >= DEEPEST:
                return
            kind = self.objects.type_of(snapshot, thing)
            if kind in self.coroutine_types:
                frame = self.frame_of(snapshot, thing)
                if not frame:
                    return
                found.append(frame[:4])
                thing = frame[4]
            else:
                offset = self.offset_in(snapshot, thing, kind)
                if offset == GATHERED:
                    return self.follow_first(snapshot, thing, kind, found)
                if not offset:
                    return
                thing = snapshot.word(thing + offset)

    def follow_first(self, snapshot, gathering, kind, found):
        """Of the tasks that `gather` waits for, the first that still runs."""
        children = self.children_of(snapshot, gathering, kind)
        for child in list_items(snapshot, self.objects, children) if children else ():
            before = len(found)
            self.follow(snapshot, child, found)
            if len(found) > before:
                return

    def children_of(self, snapshot, gathering, kind):
        """The list in its attribute `_children`."""
        page, at = snapshot.at(kind + 288, 8)  # tp_dictoffset; negative: in front of the object
        offset = struct.unpack_from('<q', page, at)[0]
        fields = snapshot.word(gathering + (offset if offset > 0 else MANAGED_DICT))
        if fields:
            return entry_of(snapshot, self.objects, self.version, fields, '_children')
        # 3.14: no dict; a byte each for capacity and number, then the values, behind the object. It has one list.
        inline = gathering + snapshot.word(kind + 32)
        page, at = snapshot.at(inline, 8)
        values = words(snapshot, inline + 8, min(page[at + 1], 8))
        return next((value for value in values if value and self.kind_of(snapshot, value) == self.objects.types['list']), 0)

    def frame_of(self, snapshot, generator):
        """(code, position, frame, owner, what it awaits) of a suspended coroutine; None if it is not suspended."""
        layout = self.layout
        if layout.frames == 'heap':
            frame = snapshot.word(generator + layout.generator_frame)
            if not frame:
                return None
            page, at = snapshot.at(frame, layout.frame_locals)
            code, position = _word.unpack_from(page, at + layout.frame_code)[0], _int.unpack_from(page, at + layout.frame_position)[0]
            top = self.heap_top(page, at)
            return code, position, frame, 0, snapshot.word(top) if top else 0
        frame = generator + layout.generator_frame
        page, at = snapshot.at(generator + layout.generator_state, 1)
        if struct.unpack_from('b', page, at)[0] not in layout.generator_suspended:
            return None
        page, at = snapshot.at(frame, layout.frame_size)
        code = _word.unpack_from(page, at + layout.frame_code)[0] & layout.pointer_mask
        position = _word.unpack_from(page, at + layout.frame_position)[0]
        page, at = snapshot.at(frame + layout.frame_top, 8)
        if layout.marked_ints:
            top = _word.unpack_from(page, at)[0]
        else:
            depth = _int.unpack_from(page, at)[0]
            top = frame + layout.frame_locals + 8 * depth if 0 < depth < 10_000 else 0
        # From 3.15 on there may be a number, or nothing, on top of what is awaited.
        awaited = top and (self.object_at(snapshot, top - 8) or layout.counts_on_stack and self.object_at(snapshot, top - 16))
        return code, position, frame, GENERATOR, awaited

    def heap_top(self, page, at):
        """The address of the topmost value of a frame on the heap."""
        layout = self.layout
        if layout.position == 'bytes':  # 3.8, 3.9: a pointer past it
            top = _word.unpack_from(page, at + layout.frame_top)[0]
            return top - 8 if top else 0
        depth = _int.unpack_from(page, at + layout.frame_top)[0]
        return _word.unpack_from(page, at + 64)[0] + 8 * (depth - 1) if depth > 0 else 0

    def object_at(self, snapshot, address):
        """The object a frame's slot refers to; 0 for a number kept in the slot itself."""
        word = snapshot.word(address)
        if self.layout.marked_ints and word & 3 == 3:
            return 0
        return word & self.layout.pointer_mask

    def offset_in(self, snapshot, thing, kind):
        """Where an object of this type keeps what is awaited through it. For a task it is found by looking at one, and kept."""
        offset = self.offsets.get(kind)
        if offset is None:
            name = self.name_of(snapshot, kind)
            offset = WRAPPED if name in WRAPPERS else GATHERED if name == '_GatheringFuture' else self.coroutine_in(snapshot, thing, kind) if name == 'Task' else 0
            if offset is None:
                return 0  # its coroutine has ended: look again next time
            self.offsets[kind] = offset
        return offset

    def coroutine_in(self, snapshot, task, kind):
        size = min(snapshot.word(kind + 32), LONGEST_TASK)  # tp_basicsize
        for at in range(16, size, 8):
            word = snapshot.word(task + at)
            if word and not word & 7 and self.kind_of(snapshot, word) in self.coroutine_types:
                return at
        return None

    def name_of(self, snapshot, kind):
        """The name of a type without its module."""
        page, at = snapshot.at(snapshot.word(kind + 24), 64)  # tp_name
        return page[at:at + 64].split(b'\0')[0].decode('ascii', 'replace').rpartition('.')[2]

    def kind_of(self, snapshot, address):
        try:
            return self.objects.type_of(snapshot, address)
        except Torn:
            return 0
