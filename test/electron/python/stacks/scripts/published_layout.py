"""Reads frames laid out as CPython 3.14 or 3.15 does, built by hand in this process's own memory: neither is needed.

Arguments: folder of the harness package, minor version. What stands here is taken from the structures of that version (`_Py_DebugOffsets`,
`_PyInterpreterFrame`, `_PyGenObject`); text, bytes, tuples and line tables are this Python's own, which has to be 3.11 or later for that.
Prints one JSON object.
"""
import ctypes
import json
import os
import struct
import sys

sys.path.insert(0, sys.argv[1])
from harness.stacks import awaiting, codes, frames, layout, locals_of, memory, objects, tables, threads

VERSION = 3, int(sys.argv[2])
SINCE_3_15 = VERSION >= (3, 15)
# In the order of the structure. What is not read here is 0.
OFFSETS = {
    'runtime': dict(size=4096, finalizing=0, interpreters_head=632),
    'interpreter': dict(size=2048, id=0, next=8, threads_head=1240, threads_main=0, gc=0, imports_modules=0, sysdict=0, builtins=0, ceval_gil=0,
                        gil=0, gil_enabled=0, gil_locked=0, gil_holder=0, code_object_generation=96, tlbc_generation=0),
    'thread': dict(size=512, prev=0, next=8, interp=16, current_frame=72, **(dict(base_frame=80, last_profiled_frame=88, last_profiled_frame_seq=96) if SINCE_3_15 else {}),
                   thread_id=152, native_thread_id=160, datastack_chunk=0, status=32, **(dict(holds_gil=36, gil_requested=40, current_exception=120, exc_state=128) if SINCE_3_15 else {})),
    **({'stack_item': dict(exc_value=0)} if SINCE_3_15 else {}),
    'frame': dict(size=88, previous=8, executable=0, instr_ptr=56, localsplus=80, owner=74, stackpointer=64, tlbc_index=0),
    'code': dict(size=216, filename=112, name=120, qualname=128, linetable=136, firstlineno=68, argcount=52, localsplusnames=96, localspluskinds=104, co_code_adaptive=208),
}
TAG = 1  # a reference that is not counted
kept = []


def put(size, **fields):
    """The address of `size` bytes in which each value stands at `at_N`."""
    buffer = ctypes.create_string_buffer(size)
    kept.append(buffer)
    address = ctypes.addressof(buffer)
    write(address, **fields)
    return address


def write(address, **fields):
    for name, value in fields.items():
        kind, at = name.split('_')
        ctypes.memmove(address + int(at), struct.pack('<' + kind, value), struct.calcsize(kind))


def runtime(cookie=b'xdebugpy', version=sys.hexversion, free_threaded=0):
    words = [word for group in OFFSETS.values() for word in group.values()]
    return cookie + struct.pack('<QQ%dQ' % len(words), version, free_threaded, *words)


def code_like(function, name):
    """A code object of that version with the lines of a function of this Python."""
    code = function.__code__
    names = tuple(code.co_varnames)
    kept.extend([name, names, code])
    return put(216 + len(code.co_code), Q_8=id(type(code)), i_68=code.co_firstlineno, Q_96=id(names), Q_112=id(code.co_filename), Q_120=id(name), Q_128=id(name),
               Q_136=id(code.co_linetable), i_192=0)


def frame(code, position, previous, owner, tag=0, size=88 + 64):
    return put(size, Q_0=code | tag, Q_8=previous, Q_56=code + 208 + position, B_74=owner)


def outer(number, text):
    inner(number)
    return text


def inner(number):
    return number


def last_position(function):
    """(offset of the last instruction, its line)."""
    starts = [(start, line) for start, _, line in function.__code__.co_lines() if line]
    return starts[-1]


def shown(reader, chain):
    found.learn(frozenset(entry[0] for entry in chain.frames), reader)
    numbers = [found.frame_of(code, position, owner) for code, position, _, owner in chain.frames]
    return [list(kinds.frames[number])[1:] for number in numbers if number != codes.HIDDEN]


def refused(**changes):
    try:
        layout.layout_of(lambda size: runtime(**changes)[:size], VERSION, 'cpython')
        return None
    except layout.Unsupported as reason:
        return str(reason)


refusals = [refused(), refused(cookie=b'somebody'), refused(version=0), refused(free_threaded=1)]
if sys.version_info < (3, 11):
    print(json.dumps({'refused': refusals}))
    sys.exit()

found_layout = layout.layout_of(lambda size: runtime()[:size], VERSION, 'cpython')
if sys.version_info < (3, 12):
    found_layout.text_data, found_layout.wide_text_data = 48, 72
reads, kinds = objects.Objects(found_layout), tables.Tables()
own = memory.Memory(os.getpid())
found = codes.Codes(found_layout, own, reads, kinds, VERSION, '\0')
inner_code, outer_code = code_like(inner, 'inner'), code_like(outer, 'outer')
(inner_at, inner_line), (outer_at, outer_line) = last_position(inner), last_position(outer)
base = frame(0, 0, 0, 4)
outermost = frame(outer_code, outer_at, base, 0)
write(outermost, Q_80=42 << 2 | 3, Q_88=id('hello') | TAG)
generator = frame(outer_code, outer_at, outermost, 1, TAG)
stand_in = frame(0, 0, generator, 3)
innermost = frame(inner_code, inner_at, stand_in, 0, TAG)
interpreter = put(2048)
thread = put(512, Q_16=interpreter, Q_72=innermost, Q_160=os.getpid())
write(interpreter, Q_1240=thread, Q_96=7)

fresh = lambda: memory.Snapshot(own.fd)
listed, begun = threads.Threads(found_layout, os.getpid(), interpreter, 0).all(fresh())
chain = frames.Walker(found_layout).walk(fresh(), thread)
first = shown(fresh(), chain)
values = locals_of.of_frame(fresh(), found, reads, outer_code, outermost)

# Another code object in the same place: the interpreter's count of those that were freed gives it away.
other = 'another'
write(inner_code, Q_120=id(other), Q_128=id(other))
found.forget_if_freed(8)
second = shown(fresh(), chain)


# A coroutine that awaits another: its frame is part of it, what it awaits on top of its stack.
def coroutine(code, position, awaited):
    address = put(400, Q_8=reads.types['coroutine'], b_67=2 if SINCE_3_15 else -1)
    # On top of what is awaited: nothing, as a reference of 3.15 says it.
    write(address, Q_72=code | TAG, Q_128=code + 208 + position, Q_136=address + (328 if SINCE_3_15 else 320), B_146=1, Q_312=awaited | TAG if awaited else 0, Q_320=TAG)
    return address


awaits = []
awaiting.Awaiting(found_layout, reads, VERSION).follow(fresh(), coroutine(outer_code, outer_at, coroutine(inner_code, inner_at, 0)), awaits)
chain.frames = awaits
print(json.dumps({
    'threads': [listed == [(thread, os.getpid())], begun], 'first': first, 'second': second, 'awaits': shown(fresh(), chain), 'locals': values,
    'expected': [['inner', inner_line], ['outer', outer_line], ['outer', outer_line]], 'root': chain.root == base,
    'refused': refusals,
}))
