"""What an exception hides: who raised it, what was being handled when it was, and which limit of the kernel spoke through a handler."""
import builtins
import os
import re
import sys

from . import asked, errors, left

MOST_CAUSES = 8
LONGEST_MESSAGE = 300
# With less than this to spare under the limit of the address space, how much was asked for is not worked out.
ROOM = 4 << 20
LIBRARY = os.path.dirname(os.__file__) + os.sep


def of_error(error, script):
    """The fields of a `ScriptError` that tell where it comes from. Never raises: what cannot be told is None or empty."""
    try:
        memory = memory_at(error)  # first, and it makes room: all that follows takes memory, too
        return {'raised': raised(error), 'causes': causes(error), 'cpuSignal': from_cpu_signal(error), **memory, 'left': what_was_left(error), 'hidden': hidden(script)}
    except MemoryError:
        return {'raised': None, 'causes': [], 'cpuSignal': False, 'addressSpacePeak': None, 'memory': None, 'left': None, 'hidden': []}


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


def memory_at(error):
    """What is known of a refused request for memory: the most address space the process ever had, and a `MemoryAtError`. None where the error is about something else."""
    refused = next((one for one in [error] + behind(error) if isinstance(one, MemoryError) or errors.errno_of(one) == 12), None)
    if refused is None:
        return {'addressSpacePeak': None, 'memory': None}
    # Raised in a process of a pool, and again here: it is that one's memory which did not do.
    remote = next((one for one in behind(error) if type(one).__name__.endswith('RemoteTraceback')), None)
    used, peak = (None, None) if remote else (kilobytes('/proc/self/status', 'VmSize'), kilobytes('/proc/self/status', 'VmPeak'))
    limit = address_space_limit()
    # Working it out takes memory; where there is next to none, any request would have been refused.
    asked_for = asked_bytes(refused, remote) if limit is None or used is None or limit - used > ROOM else None
    errors.release(refused.__traceback__)  # the variables of its frames have been looked at
    return {'addressSpacePeak': peak, 'memory': {'asked': asked_for, 'used': used, 'limit': limit, 'otherProcess': remote is not None, 'machine': machine()}}


def what_was_left(error):
    try:
        return left.at_error(' '.join(errors.message_of(one) for one in [error] + behind(error)))
    except Exception:
        return None


def asked_bytes(error, remote):
    """How much it had asked for in one piece, at least; None where that cannot be told."""
    try:
        if remote is not None:  # the text of the other one's traceback
            path, line = re.findall(r'File "(.+)", line (\d+)', str(remote))[-1]
            return asked.on_line(path, int(line), [vars(module) for module in list(sys.modules.values()) if getattr(module, '__file__', None) == path] + [vars(builtins)])
        trace = error.__traceback__
        while trace.tb_next is not None:
            trace = trace.tb_next
        return asked.by_frame(trace)
    except Exception:
        return None


def kilobytes(path, field):
    """A line of a file of /proc, in bytes; None where the system does not tell."""
    try:
        with open(path, 'rb') as file:
            return next((int(line.split()[1]) * 1024 for line in file if line.startswith(field.encode() + b':')), None)
    except Exception:
        return None


def address_space_limit():
    """RLIMIT_AS as it stands now, whoever set it; None where there is none."""
    try:
        import resource
        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        return None if limit == resource.RLIM_INFINITY else limit
    except Exception:
        return None


def machine():
    """What the machine would grant anybody (proc(5), vm.overcommit_memory): a `MachineMemory`; None where it does not tell."""
    try:
        with open('/proc/sys/vm/overcommit_memory', 'rb') as file:
            overcommit = int(file.read())
        numbers = [kilobytes('/proc/meminfo', field) for field in ('MemTotal', 'SwapTotal', 'CommitLimit', 'Committed_AS')]
        return None if None in numbers else dict(zip(('memory', 'swap', 'commitLimit', 'committed'), numbers), overcommit=overcommit)
    except Exception:
        return None


def hidden(script):
    """Standard modules in whose place one of the script's own folder was loaded: what uses them breaks far from here. From Python 3.10 on."""
    try:
        names = getattr(sys, 'stdlib_module_names', ())
        files = ((name, getattr(module, '__file__', None) or '') for name, module in list(sys.modules.items()) if name in names)
        return sorted(name for name, file in files if os.path.dirname(file) == os.path.dirname(script))[:3]
    except Exception:
        return []
