"""The end of the script's process.

Python's own finalisation takes 7 ms in a forked process, nearly all of it for taking apart modules that are about to vanish. What a
script can notice of it is done here, in Python's order: wait for threads, run exit handlers, let go of the script's own objects (their
`__del__`), write out every open file and both C and Python standard streams. Modules of libraries are not taken apart.
"""
import gc
import io
import os
import sys

from .clock import now_ns


def leave(code, module_name, report, last=None):
    """Ends this process, `last` being the last thing it does; never returns."""
    report.send('phase', name='exit', t=now_ns())
    wait_for_threads()
    run_exit_handlers()
    flush_files()  # what the collector takes together it takes in any order: a text file would find its buffer closed
    drop(module_name)
    flush_files()
    fflush()
    if last:
        quietly(last)
    os._exit(code)


def wait_for_threads():
    """A thread that is no daemon keeps the process alive."""
    threading = sys.modules.get('threading')
    if threading:
        quietly(threading._shutdown)


def run_exit_handlers():
    import atexit
    quietly(atexit._run_exitfuncs)  # prints what they raise


def drop(module_name):
    """As Python does it: what only the module's own functions still hold is collected as it is, so that a `__del__` finds everything it uses.

    A module that something else holds as well is taken apart: private names first, the builtins that a `__del__` may need not at all.
    """
    module = weakly(sys.modules.pop(module_name, None))
    quietly(gc.collect)
    held = module()
    names = {} if held is None else vars(held)
    for private in (True, False):
        for name in list(names):
            if name != '__builtins__' and (name.startswith('_') and not name.startswith('__')) == private:
                names[name] = None
    quietly(gc.collect)  # what was loaded before the fork is frozen: this sees the script's objects only


def weakly(thing):
    """A function that gives it as long as somebody holds it."""
    import _weakref
    return (lambda: None) if thing is None else _weakref.ref(thing)


def flush_files():
    """Files that are still referenced, from a library say, would lose what they have buffered."""
    writers = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)
    for kind in writers:
        for thing in gc.get_objects():
            if isinstance(thing, kind) and not thing.closed:
                quietly(thing.flush)
    for name in ('stdout', 'stderr'):
        quietly(lambda: getattr(sys, name).flush())


def fflush():
    """What native code has printed with printf."""
    try:
        import _ctypes
        _ctypes.call_function(_ctypes.dlsym(_ctypes.dlopen(None, 0), 'fflush'), (0,))
    except (ImportError, AttributeError, OSError):
        pass


def quietly(step):
    """One step that fails does not keep the others from happening."""
    try:
        step()
    except BaseException:
        pass
