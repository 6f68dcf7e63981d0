"""Where CPython keeps frames, threads and code: byte offsets for 64-bit builds of 3.8 to 3.15.

Up to 3.12 they stand here, taken from the headers of each version; they do not change within one. From 3.13 on the interpreter
publishes them itself (`_Py_DebugOffsets`, first thing in `_PyRuntime`). Either way `self_test.py` has the last word.
"""
import struct
import sys

HEAP, DATA_STACK = 'heap', 'data stack'
# How a frame tells the instruction it is at.
BYTES, WORDS, POINTER = 'bytes', 'words', 'pointer'


class Unsupported(Exception):
    """Reading from outside is not possible here; the message says why."""


class Layout:
    """Offsets in bytes; None where a version has no such field."""
    frames = DATA_STACK
    position = POINTER
    runtime_interpreter = interpreter_threads = None
    thread_prev, thread_next, thread_interpreter = 0, 8, 16
    thread_frame = thread_id = thread_native_id = None
    c_frame_current = None  # 3.11 and 3.12: from the thread to the frame by way of a struct on the C stack
    frame_code = frame_previous = frame_position = frame_owner = frame_locals = frame_top = frame_generator = None
    code_filename = code_name = code_qualified_name = code_line_table = code_first_line = None
    code_bytes = code_first_traceable = code_version = code_local_names = code_bytes_size = None
    code_generation = None  # of the interpreter: counts the code objects that were freed (3.14)
    generator_frame = generator_state = None
    generator_suspended = -2, -1  # its states then; from 3.13 on it is told apart whether it stands in an `await`
    text_data, wide_text_data = 48, 72
    pointer_mask = (1 << 64) - 1  # takes the tag off a reference in a frame (3.14)
    marked_ints = False  # references in a frame that are small numbers themselves (3.14)
    counts_on_stack = False  # an iterator on the stack has the number of its next item on top of it (3.15)

    @property
    def frame_size(self):
        return max(field for field in (self.frame_code, self.frame_previous, self.frame_position, self.frame_owner, self.frame_generator) if field is not None) + 8

    @property
    def code_size(self):
        return max(self.code_line_table, self.code_first_line, self.code_version or 0, (self.code_first_traceable or 0)) + 8


def _early(frame_top, frame_position, frame_locals, generator_frame=16, **other):
    """3.8 to 3.10: a frame is an object on the heap."""
    fields = dict(
        frames=HEAP, position=BYTES, runtime_interpreter=32, interpreter_threads=8, thread_frame=24, thread_id=176,
        frame_previous=24, frame_code=32, frame_position=frame_position, frame_locals=frame_locals, frame_top=frame_top, frame_generator=frame_position - 8,
        code_filename=104, code_name=112, code_line_table=120, code_first_line=40, code_bytes=48, code_local_names=72, generator_frame=generator_frame)
    fields.update(other)
    return fields


TABLES = {
    (3, 8): _early(frame_top=72, frame_position=104, frame_locals=360),
    (3, 9): _early(frame_top=72, frame_position=104, frame_locals=360),
    (3, 10): _early(frame_top=80, frame_position=96, frame_locals=352, position=WORDS),
    (3, 11): dict(
        runtime_interpreter=40, interpreter_threads=16, thread_frame=56, c_frame_current=8, thread_id=152, thread_native_id=160,
        frame_code=32, frame_previous=48, frame_position=56, frame_owner=69, frame_locals=72, frame_top=64,
        code_filename=112, code_name=120, code_qualified_name=128, code_line_table=136, code_first_line=72, code_bytes=184,
        code_first_traceable=168, code_local_names=96, generator_frame=80, generator_state=75),
    (3, 12): dict(
        runtime_interpreter=40, interpreter_threads=72, thread_frame=56, c_frame_current=0, thread_id=136, thread_native_id=144,
        frame_code=0, frame_previous=8, frame_position=56, frame_owner=70, frame_locals=72, frame_top=64,
        code_filename=112, code_name=120, code_qualified_name=128, code_line_table=136, code_first_line=68, code_bytes=192,
        code_first_traceable=176, code_version=92, code_local_names=96, generator_frame=72, generator_state=67, text_data=40, wide_text_data=56),
}

# What `_Py_DebugOffsets` lists, in its order; one 64-bit word each, after the cookie, the version and the free-threading flag.
_RUNTIME = 'runtime.size runtime.finalizing runtime.interpreters_head '
_INTERPRETER = ('interp.size interp.id interp.next interp.threads_head %sinterp.gc interp.modules interp.sysdict interp.builtins interp.ceval_gil '
                'interp.gil interp.gil_enabled interp.gil_locked interp.gil_holder %s')
_THREAD = 'thread.size thread.prev thread.next thread.interp thread.current_frame %sthread.thread_id thread.native_thread_id thread.datastack_chunk thread.status %s'
_FRAME = 'frame.size frame.previous frame.executable frame.instr_ptr frame.localsplus frame.owner %s'
_CODE = 'code.size code.filename code.name code.qualname code.linetable code.firstlineno code.argcount code.localsplusnames code.localspluskinds code.adaptive'
_SINCE_3_14 = _RUNTIME + _INTERPRETER % ('interp.threads_main ', 'interp.code_generation interp.tlbc_generation ')
_FRAME_SINCE_3_14 = _FRAME % 'frame.stackpointer frame.tlbc_index '
PUBLISHED = {
    (3, 13): (_RUNTIME + _INTERPRETER % ('', '') + _THREAD % ('', '') + _FRAME % '' + _CODE).split(),
    (3, 14): (_SINCE_3_14 + _THREAD % ('', '') + _FRAME_SINCE_3_14 + _CODE).split(),
    (3, 15): (_SINCE_3_14 + _THREAD % ('thread.base_frame thread.last_profiled_frame thread.last_profiled_frame_seq ',
                                       'thread.holds_gil thread.gil_requested thread.current_exception thread.exc_state ')
              + 'stack_item.exc_value ' + _FRAME_SINCE_3_14 + _CODE).split(),
}
COOKIE = b'xdebugpy'


def layout_of(read_runtime, version=None, implementation=None):
    """The layout of this interpreter. `read_runtime(size)` gives the first bytes of `_PyRuntime`. Raises `Unsupported`."""
    version = version or sys.version_info[:2]
    implementation = implementation or sys.implementation.name
    if implementation != 'cpython':
        raise Unsupported('%s keeps its frames in its own way' % implementation)
    if struct.calcsize('P') != 8 or sys.byteorder != 'little':
        raise Unsupported('not a 64-bit little-endian Python')
    if hasattr(sys, 'gettotalrefcount'):
        raise Unsupported('a debug build of Python')
    if version in TABLES:
        return _filled(TABLES[version])
    if version in PUBLISHED:
        return _published(version, read_runtime(24 + 8 * len(PUBLISHED[version])))
    raise Unsupported('the memory layout of Python %d.%d is not known' % version)


def _published(version, data):
    if data[:8] != COOKIE or struct.unpack_from('<Q', data, 8)[0] != sys.hexversion:
        raise Unsupported('Python does not publish its memory layout where it should')
    if struct.unpack_from('<Q', data, 16)[0]:
        raise Unsupported('a free-threaded build: its frames may change while another thread is looked at')
    at = dict(zip(PUBLISHED[version], struct.unpack_from('<%dQ' % len(PUBLISHED[version]), data, 24)))
    fields = dict(
        runtime_interpreter=at['runtime.interpreters_head'], interpreter_threads=at['interp.threads_head'],
        thread_prev=at['thread.prev'], thread_next=at['thread.next'], thread_interpreter=at['thread.interp'], thread_frame=at['thread.current_frame'],
        thread_id=at['thread.thread_id'], thread_native_id=at['thread.native_thread_id'],
        frame_code=at['frame.executable'], frame_previous=at['frame.previous'], frame_position=at['frame.instr_ptr'], frame_owner=at['frame.owner'],
        frame_locals=at['frame.localsplus'], frame_top=64,
        code_filename=at['code.filename'], code_name=at['code.name'], code_qualified_name=at['code.qualname'], code_line_table=at['code.linetable'],
        code_first_line=at['code.firstlineno'], code_bytes=at['code.adaptive'], code_first_traceable=at['code.adaptive'] - 16, code_version=92,
        code_local_names=at['code.localsplusnames'], generator_frame=72, generator_state=67, text_data=40, wide_text_data=56)
    if version >= (3, 14):
        fields.update(pointer_mask=~3 & (1 << 64) - 1, marked_ints=True, frame_top=at['frame.stackpointer'], code_generation=at['interp.code_generation'])
    if version >= (3, 15):
        fields.update(generator_suspended=(1, 2, 3), counts_on_stack=True)
    return _filled(fields)


def _filled(fields):
    layout = Layout()
    for name, value in fields.items():
        setattr(layout, name, value)
    return layout
