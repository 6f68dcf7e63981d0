"""What children wait for whose system call was interrupted for a moment, which changes its number. Arguments: folder of the harness package. Prints one state each."""
import json
import os
import select
import signal
import sys
import threading
import time

sys.path.insert(0, sys.argv[1])
from harness.stacks.activity import Activity
from harness.stacks.memory import Memory, Snapshot


def lock():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire(timeout=30)


def poll_a_child():
    life, alive = os.pipe()
    if os.fork() == 0:
        os.close(alive)
        os.read(life, 1)  # until the one above has ended
        os._exit(0)
    poll()


def poll():
    reading, _ = os.pipe()
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    poll.poll(30_000)


def state_of(work):
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    activity, memory = Activity(pid, pid), Memory(pid)
    try:
        for signal_number in (None, signal.SIGSTOP, signal.SIGCONT):
            if signal_number:
                os.kill(pid, signal_number)
            while activity.state() != ('T' if signal_number == signal.SIGSTOP else 'S'):
                time.sleep(0.001)
            time.sleep(0.02)
        return activity.waits_for('S', Snapshot(memory.fd))
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


print(json.dumps([state_of(lambda: time.sleep(30)), state_of(lock), state_of(poll_a_child), state_of(poll)]))
