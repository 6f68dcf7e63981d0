"""The supervisor up to the fork: take the descriptors out of the way, say `ready`, wait for the one run, fork its process."""
import gc
import os
import select
import sys
import time

import _signal

from . import linux
from .channel import Channel
from .commands import Commands
from .descriptors import close_strays, high_output_pipe, high_pipe, move_high, point_to_null


class Supervisor:
    """What the process holds before and after the fork."""

    def __init__(self):
        close_strays(after=4)
        self.channel = Channel(move_high(3))
        self.report_fd = move_high(4)
        self.commands = Commands(move_high(0))
        point_to_null(0, os.O_RDONLY)  # and so the script's standard input
        self.wake_fd, self.wake_write = high_pipe()
        _signal.set_wakeup_fd(self.wake_write, warn_on_full_buffer=False)
        _signal.signal(_signal.SIGCHLD, lambda number, frame: None)
        self.reaps_orphans = linux.become_subreaper()
        self.groups = []
        # Reading ends, writing ends, and whether the engine could open them: stdout and stderr of the script.
        self.outputs, self.inputs, self.piped = (), (), None
        self.stack_fd = self.stack_write = -1
        self.child = 0
        # Whether stacks can be read from outside here (`stacks.watching.Prepared`); None while nobody has looked.
        self.stacks = None
        # The choice both sides keep to: the script's own thread samples, not the supervisor.
        self.samples_itself = False
        self.forked_ns = 0

    def wait_for_request(self, idle):
        """(request, input) of the one run; None when the engine leaves without one. `idle` is called once if none is there yet."""
        request = None
        while True:
            taken = self.commands.take()
            if taken and taken[0]['c'] == 'run':
                request = taken
            elif taken:
                self.answer(taken[0])
            if request and self.piped is not None:
                return request
            if taken:
                continue
            if self.commands.ended:
                return None
            if idle and not request and self.piped is not None and not select.select([self.commands.fd], [], [], 0)[0]:
                idle()
                idle = None
                self.channel.send('prepared')
            select.select([self.commands.fd], [], [])
            self.commands.read()

    def answer(self, fields):
        if fields['c'] == 'hello':
            self.channel.nonce = fields['nonce'].encode()
            self.outputs, self.inputs = zip(high_output_pipe(), high_output_pipe())
            self.channel.send('ready', now=time.monotonic_ns(), pid=os.getpid(), reapsOrphans=self.reaps_orphans, outputs=self.outputs,
                              executable=sys.executable, siteFolders=[path for path in sys.path if path.endswith(('site-packages', 'dist-packages'))])
        elif fields['c'] == 'piped':
            self.piped = fields['ok']
        elif fields['c'] == 'clock':
            self.channel.send('clock', id=fields['id'], now=time.monotonic_ns())

    def fork(self, request, input_json, baseline, child):
        """Makes the script's process, which never comes back from here."""
        self.stack_fd, self.stack_write = high_pipe()
        self.samples_itself = child.samples_itself(self.stacks)
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        self.forked_ns = time.monotonic_ns()
        gc.freeze()  # what is here now is not the script's: its collector need not look at it, nor copy its pages
        self.child = os.fork()
        if self.child == 0:
            try:
                child.become_script(request, input_json, self, parent, baseline)
            finally:
                os._exit(70)
        self.channel.send('started', pid=self.child, at=self.forked_ns)
        try:
            os.setpgid(self.child, self.child)
        except OSError:
            pass  # the child was faster
        for fd in (self.report_fd, self.stack_write, *self.outputs, *self.inputs):
            os.close(fd)
        for group in self.groups:
            group.close()
        # The pipes' ends here would keep them open after the script has gone.
        for fd in (1, 2):
            point_to_null(fd, os.O_WRONLY)

    def settle_in_child(self):
        """The script's own stdout and stderr, and nothing of ours."""
        if self.piped:
            os.dup2(self.inputs[0], 1)
            os.dup2(self.inputs[1], 2)
        for fd in (self.channel.fd, self.commands.fd, self.wake_fd, self.wake_write, self.stack_fd, *self.outputs, *self.inputs):
            os.close(fd)


def main(baseline, load):
    """Watches over one script and ends; never returns."""
    supervisor = Supervisor()
    asked = supervisor.wait_for_request(lambda: make_ready(supervisor, load))
    if asked is None:
        os._exit(0)
    request, input_json = asked
    if request['groups']:
        supervisor.groups = load('cgroups').make(request['os'], supervisor.channel)
    supervisor.fork(request, input_json, baseline, load('child'))
    try:
        load('watch').Watch(supervisor, request, load).run()
    except BaseException as error:
        fail(supervisor, error)
    os._exit(0)


def make_ready(supervisor, load):
    """What would otherwise be done after the request, while there is none."""
    load('child')
    load('watch')
    supervisor.stacks = load('stacks.watching').Prepared()


def fail(supervisor, error):
    """A fault of the supervisor itself: say so; the script's process dies with this one."""
    import traceback
    supervisor.channel.send('fatal', error=''.join(traceback.format_exception(type(error), error, error.__traceback__)))
    os._exit(70)
