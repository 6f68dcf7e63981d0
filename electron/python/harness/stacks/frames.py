"""The chain of frames of one thread, innermost first: for each the code object's address and the instruction it is at."""
import struct

from .layout import HEAP, Unsupported
from .memory import Torn


# Who owns a frame (3.11 on): a thread's data stack, a generator, a frame object; from here on stand-ins of the interpreter itself.
GENERATOR, FRAME_OBJECT, STAND_IN = 1, 2, 3
LAST_OWNER = 4
# Frames followed while a running process is kept still, and shown at most.
MOST_FRAMES = 256
# Of a deeper recursion the inner and the outer end are shown; beyond this depth only the inner one.
INNER, OUTER = 128, 127
DEEPEST = 4000


class Chain:
    """`frames`: (code address, position, frame address, owner). `root`: address of the outermost frame; None where the chain goes on at `rest`."""
    __slots__ = ('frames', 'root', 'rest', 'gap')

    def __init__(self, frames, root, rest=0):
        self.frames, self.root, self.rest = frames, root, rest
        # How many frames are shown before those that are left out; None where none are.
        self.gap = None

    def with_outer_end(self, outer):
        """Of a chain that was cut short: its inner end and, if `outer` (the chain of the rest) reached the root, the outermost frames."""
        shown = Chain(self.frames[:INNER] + (outer.frames[-OUTER:] if outer and outer.root else []), outer.root if outer else None)
        shown.gap = INNER
        return shown


class Walker:
    """Follows the frames of a thread. Raises `Torn` where what is read cannot be a chain of frames."""

    def __init__(self, layout):
        self.layout = layout
        self.follow = _heap_follower(layout) if layout.frames == HEAP else _data_stack_follower(layout)

    def walk(self, snapshot, thread):
        """The `Chain` of the thread whose state is at `thread`, at most `MOST_FRAMES` of it."""
        frame = snapshot.word(thread + self.layout.thread_frame)
        if self.layout.c_frame_current is not None and frame:
            frame = snapshot.word(frame + self.layout.c_frame_current)
        return self.follow(snapshot, frame, MOST_FRAMES)


def _fields(*fields):
    """A struct of the fields (offset, format of one), ascending; what lies between is left out."""
    text, end = '<', 0
    for offset, kind in fields:
        if offset < end:
            raise Unsupported('the order of the fields of a frame is not one that is known')
        text += '%dx%s' % (offset - end, kind)
        end = offset + struct.calcsize('<' + kind)
    return struct.Struct(text)


def _data_stack_follower(layout):
    mask = layout.pointer_mask
    fields = _fields((layout.frame_code, 'Q'), (layout.frame_previous, 'Q'), (layout.frame_position, 'Q'), (layout.frame_owner, 'B'))
    unpack, size = fields.unpack_from, fields.size

    def follow(snapshot, frame, most):
        frames, root, owner = [], frame, 0
        page, base, room = b'', 0, -1
        for _ in range(most):
            if not frame:
                if owner == GENERATOR:
                    raise Torn('the chain ends in a generator')
                return Chain(frames, root)
            if frame & 7:
                raise Torn('a frame at an odd address')
            at = frame - base
            if not 0 <= at <= room:  # most frames lie in the page of the one before
                page, at = snapshot.at(frame, size)
                base, room = frame - at, len(page) - size
            code, previous, position, owner = unpack(page, at)
            if owner > LAST_OWNER:
                raise Torn('a frame of nobody')
            if owner < STAND_IN:
                frames.append((code & mask, position, frame, owner))
            root = frame
            frame = previous
        return Chain(frames, None, frame) if frame else Chain(frames, root)
    return follow


def _heap_follower(layout):
    fields = _fields((layout.frame_previous, 'Q'), (layout.frame_code, 'Q'), (layout.frame_generator, 'Q'), (layout.frame_position, 'i'))
    unpack, size = fields.unpack_from, fields.size

    def follow(snapshot, frame, most):
        frames, root, generator = [], frame, 0
        for _ in range(most):
            if not frame:
                if generator:
                    raise Torn('the chain ends in a generator')
                return Chain(frames, root)
            if frame & 7:
                raise Torn('a frame at an odd address')
            page, at = snapshot.at(frame, size)
            previous, code, generator, position = unpack(page, at)
            frames.append((code, position, frame, 0))
            root = frame
            frame = previous
        return Chain(frames, None, frame) if frame else Chain(frames, root)
    return follow
