"""Which programs the run's processes are: has exec put another one in the place of Python, and what are the children at the cut?

The kernel keeps where a program's code and stack begin: a fork has the places of its parent, a program that exec started has its own.
"""
import os
import time

from . import proc, waiting

EVERY_NS = 20_000_000
# Fields of /proc/PID/stat, counted from after the name: start of the code (0 where there is none yet, 1 where it may not be read), and of the stack.
CODE, STACK = 23, 25
LONGEST_COMMAND = 200
MOST_CHILDREN = 5
MOST_REPLACEMENTS = 10
OWN_HELPER = 'from multiprocessing.resource_tracker import main'


class Programs:
    """A watcher: tells once for each exec of the script's own process."""

    def __init__(self, run_tree, channel):
        self.tree = run_tree
        self.channel = channel
        self.python = self.present = identity(os.getpid())
        self.left = MOST_REPLACEMENTS
        self.due = 0

    def next_due_ns(self):
        return self.due if self.left and self.tree.exit is None else None

    def act(self, now_ns):
        self.due = now_ns + EVERY_NS
        self.look()

    def look(self):
        """Is the script's process still the program that it was?"""
        found = identity(self.tree.script)
        if not self.left or found is None or found == self.present or found != identity(self.tree.script):
            return
        self.present = found
        self.left -= 1
        self.channel.send('replaced', at=time.monotonic_ns(), program=found[0], command=command_of(self.tree.script))

    def at_cut(self):
        self.look()
        self.tell_children()

    def tell_children(self):
        """What else of the run is alive when it is cut, or when it has ended: programs it started, and forks of its own."""
        children = [self.child(stat) for stat in self.tree.live() if stat.pid != self.tree.script][:MOST_CHILDREN]
        if children:
            self.channel.send('children', at=time.monotonic_ns(), children=children)

    def left_behind(self):
        """How many processes the script did not wait for. What multiprocessing starts for itself ends by itself a moment later."""
        return sum(1 for stat in self.tree.live() if OWN_HELPER not in (command_of(stat.pid) or ''))

    def child(self, stat):
        forked = identity(stat.pid) == self.python
        return {'pid': stat.pid, 'program': None if forked else program_of(stat.pid), 'command': None if forked or stat.state == 'D' else command_of(stat.pid), 'state': waiting.state_of(stat)}


def identity(pid):
    """What stays the same until exec; None for a process that has ended, or that is in the middle of exec: its new places come a moment after the new program."""
    fields = proc.stat_fields(pid)
    program = program_of(pid)
    return None if fields is None or program is None or fields[CODE] == b'0' else (program, fields[CODE], fields[STACK])


def program_of(pid):
    """Path of its executable."""
    try:
        return os.readlink('/proc/%d/exe' % pid)
    except OSError:
        return None


def command_of(pid):
    """Its arguments as they stand now, shortened."""
    try:
        with open('/proc/%d/cmdline' % pid, 'rb') as file:
            words = file.read(4 * LONGEST_COMMAND).split(b'\0')
    except OSError:
        return None
    text = ' '.join(words_of(word) for word in words[:-1])
    return text if len(text) <= LONGEST_COMMAND else text[:LONGEST_COMMAND] + ' ...'


def words_of(argument):
    text = argument.decode('utf-8', 'backslashreplace').replace('\n', '\\n')
    return "'%s'" % text if ' ' in text or not text else text
