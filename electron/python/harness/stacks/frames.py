"""The chain of frames of one thread, innermost first: for each the code object's address and the instruction it is at."""
import struct

from .memory import Torn

_word = struct.Struct('<Q')
_int = struct.Struct('<i')

# Who owns a frame (3.11 on): a thread's data stack, a generator, a frame object; from here on stand-ins of the interpreter itself.
GENERATOR, FRAME_OBJECT, STAND_IN = 1, 2, 3
LAST_OWNER = 4
# Frames followed while the process is kept still; a deeper recursion is shown without its outer end.
MOST_FRAMES = 256


class Chain:
    """`frames`: (code address, position, frame address, owner). `root`: address of the outermost frame; None where the chain was cut short."""
    __slots__ = ('frames', 'root')

    def __init__(self, frames, root):
        self.frames, self.root = frames, root


def walker_of(layout):
    """walk(snapshot, thread) -> `Chain`. Raises `Torn` where what is read cannot be a chain of frames."""
    return _heap_walker(layout) if layout.frames == 'heap' else _data_stack_walker(layout)


def _data_stack_walker(layout):
    size, mask = layout.frame_size, layout.pointer_mask
    code_at, previous_at, position_at, owner_at = layout.frame_code, layout.frame_previous, layout.frame_position, layout.frame_owner
    thread_frame, c_frame_current = layout.thread_frame, layout.c_frame_current
    unpack = _word.unpack_from

    def walk(snapshot, thread):
        frame = snapshot.word(thread + thread_frame)
        if c_frame_current is not None and frame:
            frame = snapshot.word(frame + c_frame_current)
        frames, root, owner = [], frame, 0
        for _ in range(MOST_FRAMES):
            if not frame:
                if owner == GENERATOR:
                    raise Torn('the chain ends in a generator')
                return Chain(frames, root)
            if frame & 7:
                raise Torn('a frame at an odd address')
            page, at = snapshot.at(frame, size)
            owner = page[at + owner_at]
            if owner > LAST_OWNER:
                raise Torn('a frame of nobody')
            if owner < STAND_IN:
                frames.append((unpack(page, at + code_at)[0] & mask, unpack(page, at + position_at)[0], frame, owner))
            root = frame
            frame = unpack(page, at + previous_at)[0]
        return Chain(frames, None)
    return walk


def _heap_walker(layout):
    size = layout.frame_size
    code_at, previous_at, position_at, generator_at, thread_frame = (
        layout.frame_code, layout.frame_previous, layout.frame_position, layout.frame_generator, layout.thread_frame)
    unpack, unpack_int = _word.unpack_from, _int.unpack_from

    def walk(snapshot, thread):
        frame = snapshot.word(thread + thread_frame)
        frames, root, generator = [], frame, 0
        for _ in range(MOST_FRAMES):
            if not frame:
                if generator:
                    raise Torn('the chain ends in a generator')
                return Chain(frames, root)
            if frame & 7:
                raise Torn('a frame at an odd address')
            page, at = snapshot.at(frame, size)
            frames.append((unpack(page, at + code_at)[0], unpack_int(page, at + position_at)[0], frame, 0))
            generator = unpack(page, at + generator_at)[0]
            root = frame
            frame = unpack(page, at + previous_at)[0]
        return Chain(frames, None)
    return walk
