"""What an exception hides: who raised it, what was being handled when it was, and which limit of the kernel spoke through a handler."""
import os
import sys

from . import errors

MOST_CAUSES = 8
LONGEST_MESSAGE = 300
LIBRARY = os.path.dirname(os.__file__) + os.sep


def of_error(error, script):
    """The fields of a `ScriptError` that tell where it comes from. Never raises: what cannot be told is None or empty."""
    return {'raised': raised(error), 'causes': causes(error), 'cpuSignal': from_cpu_signal(error), 'addressSpacePeak': peak_bytes() if is_memory(error) and not is_of_another_process(error) else None,
            'hidden': hidden(script)}


def raised(error):
    """True if a `raise` statement outside of Python's own library made it, False if Python or native code did, None where that cannot be told."""
    try:
        last = errors.without_wrapper(error.__traceback__)
        if last is None:
            return None
        while last.tb_next is not None:
            last = last.tb_next
        code = last.tb_frame.f_code
        # The library passes on what the kernel said to a child of it, or what a process of a pool raised.
        return not is_library(code.co_filename) and code.co_code[last.tb_lasti] == raise_instruction()
    except Exception:
        return None


def is_library(path):
    return path.startswith(LIBRARY) and 'site-packages' not in path and 'dist-packages' not in path


def raise_instruction():
    folder = sys.path.pop(0) if sys.path else None  # the script's folder may hold an `opcode.py` of its own
    try:
        import opcode
    finally:
        if folder is not None:
            sys.path.insert(0, folder)
    return opcode.opmap['RAISE_VARARGS']


def causes(error):
    """What stands behind it, nearest first: causes, what was being handled (`from None` too), members of a group."""
    found, pending, seen = [], behind(error), {id(error)}
    while pending and len(found) < MOST_CAUSES:
        cause = pending.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        found.append({'type': errors.type_name(cause), 'message': errors.message_of(cause)[:LONGEST_MESSAGE], 'errno': errors.errno_of(cause), 'raised': raised(cause)})
        pending += behind(cause)
    return found


def behind(error):
    try:
        members = getattr(error, 'exceptions', None)
    except Exception:  # a property of the script's own
        members = None
    near = [error.__cause__, error.__context__] + (list(members) if isinstance(members, tuple) else [])
    return [one for one in near if isinstance(one, BaseException)]


def from_cpu_signal(error):
    """Was it, or what is behind it, raised in the script's own handler of SIGXCPU, the kernel's word that the CPU time is used up?"""
    try:
        import _signal
        code = getattr(_signal.getsignal(_signal.SIGXCPU), '__code__', None)
        return code is not None and any(code is frame for one in [error] + behind(error) for frame in codes(one.__traceback__))
    except Exception:
        return False


def codes(trace):
    while trace is not None:
        yield trace.tb_frame.f_code
        trace = trace.tb_next


def is_memory(error):
    return any(isinstance(one, MemoryError) or errors.errno_of(one) == 12 for one in [error] + behind(error))


def is_of_another_process(error):
    """Raised in a process of a pool, and again here: it is that one's memory which did not do."""
    return any(type(one).__name__.endswith('RemoteTraceback') for one in behind(error))


def peak_bytes():
    """The most address space this process ever had; None where the system does not tell."""
    try:
        with open('/proc/self/status', 'rb') as file:
            return next((int(line.split()[1]) * 1024 for line in file if line.startswith(b'VmPeak')), None)
    except Exception:
        return None


def hidden(script):
    """Standard modules in whose place one of the script's own folder was loaded: what uses them breaks far from here. From Python 3.10 on."""
    try:
        names = getattr(sys, 'stdlib_module_names', ())
        files = ((name, getattr(module, '__file__', None) or '') for name, module in list(sys.modules.items()) if name in names)
        return sorted(name for name, file in files if os.path.dirname(file) == os.path.dirname(script) and file != script)[:3]
    except Exception:
        return []
