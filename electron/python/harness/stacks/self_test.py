"""Is what is read true on this interpreter, on this machine? Asked of a process whose stack is known, before anything is shown.

A spare asks a child made for it: it stands in a read inside a recursion inside code made by exec inside a generator, has a second thread
at a lock, and then runs in a tight loop. A supervisor whose script is running already has no time for that, and a child more would
count among the run's processes: it asks a thread of its own, standing in the same way.
"""
import _thread
import os
import time

from .memory import Gone, Torn
from .process import Process
from .tables import Tables

# A machine that has no processor for the child says nothing about the interpreter.
PATIENCE_NS = 1_500_000_000
# While a script runs, its supervisor cannot wait long for the known thread to come to its place: the test is made later then.
ARRIVAL_NS = 10_000_000
# A thread that stands where it should is seen there at the first look, or on a busy machine at one of many.
LOOKS, LOOKING_NS = 50, 50_000_000
NOTHING_HIDDEN = '\0'
RECURSION = 3
RUNNING_SAMPLES = 3


def reason_for_distrust(reader):
    """None if stacks read from outside are right here; else what was wrong. Takes some 10 ms."""
    go_read, go_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(go_write)
            _be_known(go_read)
        finally:
            os._exit(0)
    os.close(go_read)
    try:
        return _with_tables_of_its_own(reader, lambda: _compare(reader, pid, go_write))
    finally:
        os.close(go_write)
        os.kill(pid, 9)
        while not os.waitpid(pid, os.WNOHANG)[0]:
            reader.holder.let_go_late()  # a thread that ended while it was held keeps its process from ending
            time.sleep(0.0002)


class NotNow(Exception):
    """The machine had no processor for the test: nothing is known yet."""


def reason_for_distrust_at_once(reader):
    """The same of a thread of this process: a millisecond or two, nobody else involved. Raises `NotNow`."""
    lock, arrived = _thread.allocate_lock(), []
    lock.acquire()
    _thread.start_new_thread(lambda: list(_generate((lock, arrived), _wait)), ())
    try:
        until = time.monotonic_ns() + ARRIVAL_NS
        while not arrived:
            if time.monotonic_ns() > until:
                raise NotNow()
            time.sleep(0.0002)
        return _with_tables_of_its_own(reader, lambda: _compare_own(reader))
    finally:
        lock.release()


def _compare_own(reader):
    process = Process(os.getpid(), reader)
    me, expected = _thread.get_native_id(), [('_wait', _wait.__code__.co_firstlineno + 3)] + _standing_place()[:-1]
    until, looks, seen = time.monotonic_ns() + LOOKING_NS, 0, None
    try:
        while looks < LOOKS or time.monotonic_ns() < until:
            looks += 1
            for address, number in process.list_threads():
                if number != me:
                    record = process.record_of(number)
                    sample = process.sample_thread(address, number, record, time.monotonic_ns())
                    seen = sample and _places(reader, sample.stack)
                    if seen and seen[:len(expected)] == expected:
                        return None
            time.sleep(0.0002)
        return _difference(seen, expected)
    finally:
        process.close()


def _with_tables_of_its_own(reader, test):
    hidden, tables = reader.hidden_folder, reader.tables
    reader.hidden_folder, reader.tables = NOTHING_HIDDEN, Tables()
    try:
        return test()
    except PermissionError:
        return 'this system does not let a parent read the memory of its child (ptrace_scope, or a container without the right to trace)'
    except (OSError, Gone, Torn) as error:
        return 'a process that should be readable is not: %s' % error
    finally:
        reader.hidden_folder, reader.tables = hidden, tables
        reader.torn = reader.lost = 0


def _compare(reader, pid, go_write):
    process = _once(lambda: Process(pid, reader), Torn)
    try:
        expected = [('_read', _read.__code__.co_firstlineno + 1)] + _standing_place()
        seen = None
        until = time.monotonic_ns() + PATIENCE_NS
        while time.monotonic_ns() < until:
            seen = _seen(reader, process)
            if seen.get(pid, [])[:len(expected)] == expected and _waiter_place() in [stack[0] for thread, stack in seen.items() if thread != pid and stack]:
                break
            time.sleep(0.0005)
        else:
            return _difference(seen and seen.get(pid), expected)
        os.write(go_write, b'\0')
        return _compare_running(reader, process, pid, until)
    finally:
        process.close()


def _compare_running(reader, process, pid, until):
    """Held while it runs, it must be at one of the few places where it can be."""
    places, right = _running_places(), 0
    while right < RUNNING_SAMPLES:
        stack = _seen(reader, process).get(pid)
        if stack and any(stack[:len(place)] == place for place in places):
            right += 1
        elif stack and stack[0][0] in ('_spin', '_step'):
            return 'a running stack was read wrongly: %s' % _words(stack)
        elif time.monotonic_ns() > until:
            return 'a running child could not be read'
        reader.holder.let_go_late()
    return None


def _once(make, not_yet):
    until = time.monotonic_ns() + PATIENCE_NS
    while True:
        try:
            return make()
        except not_yet:
            if time.monotonic_ns() > until:
                raise
            time.sleep(0.0005)


def _seen(reader, process):
    """{thread: [(function without its surroundings, line), ...]}, innermost first."""
    return {sample.thread: _places(reader, sample.stack) for sample in process.sample(time.monotonic_ns())}


def _places(reader, stack):
    return [(function.rpartition('.')[2], line) for _, function, line in reader.tables.frames_of(stack)]


def _difference(seen, expected):
    return 'a known stack was read wrongly: %s instead of %s' % (_words(seen), _words(expected))


def _words(stack):
    return ' < '.join('%s:%d' % place for place in stack[:8]) if stack else 'nothing'


# The known child. The lines of its functions count from their first one: see the places below.

def _be_known(go_read):
    _thread.start_new_thread(_stand_at_lock, ())
    for _ in _generate(go_read, _read):
        pass
    _spin()


def _stand_at_lock():
    lock = _thread.allocate_lock()
    lock.acquire()
    lock.acquire()


def _generate(go_read, at_the_bottom):
    exec(MADE, {'descend': _stand, 'go_read': go_read, 'at_the_bottom': at_the_bottom})
    yield


def _stand(depth, go_read, at_the_bottom):
    if depth:
        return _stand(depth - 1, go_read, at_the_bottom)
    return at_the_bottom(go_read)


def _read(go_read):
    return os.read(go_read, 1)


def _wait(known):
    lock, arrived = known
    arrived.append(True)
    return lock.acquire()


def _spin():
    until = time.monotonic_ns() + PATIENCE_NS
    while time.monotonic_ns() < until:
        _step()


def _step():
    return None


MADE = compile('\n\ndef made(depth):\n\n    return descend(depth, go_read, at_the_bottom)\nmade(%d)\n' % RECURSION, '<known>', 'exec')


def _standing_place():
    """The known stack from `_stand` outwards."""
    first = _stand.__code__.co_firstlineno
    return ([('_stand', first + 3)] + [('_stand', first + 2)] * RECURSION
            + [('made', 5), ('<module>', 6), ('_generate', _generate.__code__.co_firstlineno + 1), ('_be_known', _be_known.__code__.co_firstlineno + 2)])


def _waiter_place():
    return '_stand_at_lock', _stand_at_lock.__code__.co_firstlineno + 3


def _running_places():
    spin, known = _spin.__code__.co_firstlineno, ('_be_known', _be_known.__code__.co_firstlineno + 4)
    step = _step.__code__.co_firstlineno
    return ([[('_spin', spin + row), known] for row in (1, 2, 3)]
            + [[('_step', step + row), ('_spin', spin + 3), known] for row in (0, 1)])
