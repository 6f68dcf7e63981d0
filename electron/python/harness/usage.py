"""What this process has used, by what the platform offers: resource, /proc, or the Windows API."""
import os
import sys
import time

try:
    import resource
except ImportError:  # Windows
    resource = None

# macOS counts bytes, everybody else kilobytes.
MAX_RSS_UNIT = 1 if sys.platform == 'darwin' else 1024


def total():
    """CPU time with children that ended, and the most memory that was resident; None where unknown."""
    if resource is None:
        return {'cpuNs': time.process_time_ns(), 'maxRss': windows_memory()[1]}
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    return {'cpuNs': int(cpu * 1e9), 'maxRss': high_water_mark() or own.ru_maxrss * MAX_RSS_UNIT}


def high_water_mark():
    """Linux hands ru_maxrss of whoever called exec on to the new program, so it would be the engine's; /proc has our own."""
    try:
        with open('/proc/self/status', 'rb') as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith(b'VmHWM:'))
    except (OSError, StopIteration):
        return None


def reading():
    """Fields of a reading, of this process only; address space 0 where the platform does not tell."""
    space, resident = memory()
    return {'cpuNs': total()['cpuNs'], 'rss': resident, 'addressSpace': space, 'processes': 1, 'threads': len(sys._current_frames()), 'throttledNs': None}


def memory():
    """(address space, resident) in bytes."""
    try:
        with open('/proc/self/statm', 'rb') as file:
            pages = file.read().split()
        size = os.sysconf('SC_PAGE_SIZE')
        return int(pages[0]) * size, int(pages[1]) * size
    except (OSError, ValueError, AttributeError):
        # macOS tells the peak without effort, not the present.
        return 0, total()['maxRss'] or 0 if resource else windows_memory()[0] or 0


def windows_memory():
    """(resident, most resident) from GetProcessMemoryInfo; None where it cannot be asked."""
    try:
        import ctypes
        from ctypes import wintypes

        class Counters(ctypes.Structure):
            _fields_ = [('size', wintypes.DWORD), ('faults', wintypes.DWORD)] + [
                (name, ctypes.c_size_t) for name in ('peak', 'resident', 'a', 'b', 'c', 'd', 'pagefile', 'peak_pagefile')]

        counters = Counters()
        counters.size = ctypes.sizeof(counters)
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        if kernel.K32GetProcessMemoryInfo(wintypes.HANDLE(kernel.GetCurrentProcess()), ctypes.byref(counters), counters.size):
            return counters.resident, counters.peak
    except (ImportError, AttributeError, OSError, ValueError):
        pass
    return None, None


def end_group():
    """The engine is gone: nothing of its run stays behind."""
    try:
        import signal
        os.killpg(0, signal.SIGKILL)
    except (AttributeError, OSError):
        os._exit(1)
