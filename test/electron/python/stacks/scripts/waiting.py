"""Reads a child that waits, and that goes on to wait elsewhere right behind the reading. Arguments: folder of the harness package. Prints the functions it is seen in, then and later."""
import json
import os
import sys
import time

sys.path.insert(0, sys.argv[1])
from harness.stacks.activity import Activity
from harness.stacks.lately import Lately
from harness.stacks.memory import Torn
from harness.stacks.process import Process
from harness.stacks.reader import Reader

go_read, go_write = os.pipe()
here_read, here_write = os.pipe()


def first():
    os.write(here_write, b'x')
    os.read(go_read, 1)


def second():
    os.write(here_write, b'x')
    os.read(go_read, 1)


pid = os.fork()
if pid == 0:
    os.close(go_write)
    first()
    second()
    os._exit(0)

reader = Reader()
activity = Activity(pid, pid)


def arrive():
    """Until the child stands in its next read."""
    os.read(here_read, 1)
    while activity.state() != 'S':
        time.sleep(0.001)


def read():
    while True:
        try:
            found = process.sample(time.monotonic_ns())
            if found:
                return reader.tables.frames_of(found[0].stack)[0][1]
        except Torn:
            pass


arrive()
process = Process(pid, reader)
note = Lately.note


def note_and_go_on(self, pages):
    """The last step of a reading."""
    note(self, pages)
    Lately.note = note
    os.write(go_write, b'x')
    arrive()


Lately.note = note_and_go_on
seen = [read(), read()]
os.close(go_write)
os.waitpid(pid, 0)
print(json.dumps(seen))
