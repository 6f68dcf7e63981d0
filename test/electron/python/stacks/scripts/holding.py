"""Holds threads of a child at the worst moments. Arguments: folder of the harness package, rounds, kind. Prints what came of it as one JSON object."""
import _thread
import json
import mmap
import os
import signal
import struct
import sys
import time

sys.path.insert(0, sys.argv[1])
from harness import linux
from harness.stacks import holding

# Nobody is waited for: every thread that does not stop at once is let go later, by another look.
holding.PATIENCE_NS = 0
shared = mmap.mmap(-1, 16)


def count(at):
    return struct.unpack_from('<Q', shared, at)[0]


def add(at):
    struct.pack_into('<Q', shared, at, count(at) + 1)


def work():
    """Half of the time in system calls, half not."""
    reading, writing = os.pipe()
    while True:
        add(0)
        os.write(writing, b'x')
        os.read(reading, 1)


def with_short_threads():
    while True:
        _thread.start_new_thread(add, (0,))
        time.sleep(0.0002)


def with_signals():
    signal.signal(signal.SIGUSR1, lambda number, frame: add(8))
    work()


def threads_of(pid):
    return [int(name) for name in os.listdir('/proc/%d/task' % pid)]


def states_of(pid):
    found = ''
    for thread in threads_of(pid):
        try:
            with open('/proc/%d/task/%d/stat' % (pid, thread)) as file:
                found += file.read().rpartition(')')[2].split()[0]
        except OSError:
            pass
    return found


def until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.001)
    return condition()


def main():
    rounds, kind = int(sys.argv[2]), sys.argv[3]
    pid = os.fork()
    if pid == 0:
        linux.die_with_parent(9)
        {'main thread': work, 'short threads': with_short_threads, 'signals': with_signals,
         'second thread': lambda: (_thread.start_new_thread(work, ()), time.sleep(600))}[kind]()
    holder = holding.Holder(holding.load_ptrace())
    until(lambda: count(0) > 50, 5)
    outcomes, sent = {}, 0
    for number in range(rounds):
        for thread in threads_of(pid):
            held = holder.hold(thread, pid)
            outcomes[held] = outcomes.get(held, 0) + 1
            if held == holding.HELD:
                holder.release(thread, pid)
        holder.let_go_late()
        if kind == 'signals' and number % 10 == 0:
            os.kill(pid, signal.SIGUSR1)
            sent += 1
            # One of a kind waits at most: the next is sent when it has come.
            until(lambda: not holder.let_go_late() and count(8) == sent, 5)
    free = until(lambda: not holder.let_go_late(), 10)
    before = count(0)
    goes_on, states = until(lambda: count(0) > before, 10), states_of(pid)
    os.kill(pid, signal.SIGKILL)
    gone = until(lambda: not holder.let_go_late() and os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None, 10)
    print(json.dumps({'outcomes': outcomes, 'free': free, 'goesOn': goes_on, 'states': states, 'gone': gone, 'lostSignals': sent - count(8)}))


main()
