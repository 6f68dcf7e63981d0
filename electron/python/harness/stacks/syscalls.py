"""What a system call waits for, by its number (Linux on x86-64 and ARM64)."""
import os

# Kinds that are not states yet: they depend on the descriptor, or on how many are waited for.
FD, POLL, SELECT = 'fd', 'poll', 'select'

NUMBERS = {
    'x86_64': {
        'sleep': (35, 230), 'lock': (202, 449, 73, 65, 220), 'child': (61, 247, 56, 57, 58, 435), 'socket': (42, 43, 288, 44, 45, 46, 47, 299, 307, 232, 281, 441),
        'file': (74, 75, 2, 257, 437, 4, 5, 6, 262, 332, 76, 77, 82, 83, 84, 87, 263, 217, 40, 162, 306, 285),
        FD: (0, 1, 17, 18, 19, 20, 295, 296, 327, 328), POLL: (7, 271), SELECT: (23, 270),
    },
    'aarch64': {
        'sleep': (101, 115), 'lock': (98, 449, 32, 193, 192), 'child': (260, 95, 220, 435), 'socket': (203, 202, 242, 206, 207, 211, 212, 243, 269, 22, 441),
        'file': (82, 83, 56, 437, 79, 80, 291, 45, 46, 38, 276, 34, 35, 61, 71, 81, 267, 47),
        FD: (63, 64, 67, 68, 65, 66, 69, 70, 286, 287), POLL: (73,), SELECT: (72,),
    },
}


def kinds():
    """{number: kind} for this machine; empty where the numbers are not known."""
    return {number: kind for kind, numbers in NUMBERS.get(platform_machine(), {}).items() for number in numbers}


# What a call that was interrupted for a moment goes on as; its own number is only left in the code that made it.
RESTARTED = {'x86_64': 219}.get(os.uname().machine if hasattr(os, 'uname') else '')
# mov $number, %eax; syscall
CODE_BYTES = 7


def number_in(code):
    """The number of the system call that the last `CODE_BYTES` bytes of code make; -1 where they do not say it."""
    return int.from_bytes(code[1:5], 'little') if code[:1] == b'\xb8' and code[5:] == b'\x0f\x05' else -1


def platform_machine():
    return os.uname().machine if hasattr(os, 'uname') else ''


def kind_of_descriptor(pid, fd):
    """What a process that reads or writes `fd` waits for."""
    try:
        target = os.readlink('/proc/%d/fd/%d' % (pid, fd))
    except OSError:
        return 'waiting'
    if target.startswith('socket:'):
        return 'socket'
    if target.startswith('pipe:'):
        from .. import proc  # only here: this module is loaded where there is no /proc, too
        # Its own standard streams lead to whoever reads the log; other pipes lead to processes it has started, if there are any.
        return 'file' if fd <= 2 or proc.children_of(pid) == [] else 'child'
    if target.startswith('anon_inode:'):
        return 'child' if 'pidfd' in target else 'waiting'
    return 'file'
