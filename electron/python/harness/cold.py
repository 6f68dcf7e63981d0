"""The portable harness: no fork, no supervisor, the script runs in this process and has its main thread.

For systems without fork or /proc. The engine holds the deadlines; a thread here listens for its commands, answers with the stack of the
other threads, and tells CPU time and memory. A C call that keeps the interpreter lock keeps this thread waiting, too: the engine
does not wait for its answer longer than a few milliseconds.
"""
import _thread
import os
import sys
import time

from . import rlimits, script, usage
from .clock import now_ns
from .channel import BlockingChannel, Report
from .commands import Commands
from .descriptors import close_strays, move_high, point_to_null
from .leave import leave
from .present import enter_folder, present
from .stacks.in_script.hooks import Hooks

READING_EVERY_S = 0.05
KERNEL_ONLY = (('memoryBytes', 'os.memory'), ('processes', 'os.processes'), ('cpuShareMillicores', 'os.cpu_share'))


class Cold:
    def __init__(self):
        close_strays(after=4)
        self.channel = BlockingChannel(move_high(3))
        self.report_fd = move_high(4)
        self.commands = Commands(move_high(0), blocking=True)
        point_to_null(0, os.O_RDONLY)
        self.main_thread = _thread.get_ident()
        self.request = None
        self.asked = _thread.allocate_lock()
        self.asked.acquire()

    def listen(self):
        """On a thread of its own: obeys until the engine is gone, and then takes the script along."""
        while not self.commands.ended:
            self.commands.read()
            while True:
                taken = self.commands.take()
                if not taken:
                    break
                self.obey(*taken)
        usage.end_group()

    def obey(self, fields, payload):
        if fields['c'] == 'hello':
            self.channel.nonce = fields['nonce'].encode()
            self.channel.send('ready', now=now_ns(), pid=os.getpid(), reapsOrphans=False, executable=sys.executable,
                              siteFolders=[path for path in sys.path if path.endswith(('site-packages', 'dist-packages'))])
        elif fields['c'] == 'run':
            self.request = fields, payload
            self.asked.release()
        elif fields['c'] == 'stack':
            self.send_stack()

    def send_stack(self):
        begun = now_ns()
        me = _thread.get_ident()
        stacks = [(ident, frame) for ident, frame in sys._current_frames().items() if ident != me]
        stacks.sort(key=lambda item: item[0] != self.main_thread)
        threads = [{'name': 'main' if ident == self.main_thread else hex(ident), 'frames': frames_of(frame)} for ident, frame in stacks]
        self.channel.send('stack', at=begun, tookNs=now_ns() - begun, method='thread', text=None, threads=threads, state=None)

    def tell_readings(self):
        while True:
            self.channel.send('reading', at=now_ns(), **usage.reading())
            time.sleep(READING_EVERY_S)

    def run(self, baseline):
        self.asked.acquire()
        request, input_json = self.request
        self.channel.send('started', pid=os.getpid(), at=now_ns())
        report = Report(self.report_fd, request['nonce'].encode())
        enter_folder(request.get('cwd') or os.path.dirname(request['scriptPath']))
        hooks = Hooks(request['stacks'], portable=True)
        present(request['scriptPath'], baseline)
        wrapper = script.Wrapper(request['scriptPath'], report, request.get('largestResult'), hooks)
        hooks.start(report)
        _thread.start_new_thread(self.tell_readings, ())
        for key, limit_id in KERNEL_ONLY:
            if request['os'].get(key) is not None:
                report.send('os_limit', id=limit_id, ok=False, reason='needs the control groups or the supervisor of Linux')
        rlimits.apply(request['os'], report)
        code = wrapper.run(input_json)
        leave(code, wrapper.module_name, report, lambda: self.channel.send('usage', **usage.total()))


def frames_of(frame):
    """Innermost first."""
    frames = []
    while frame is not None and len(frames) < 200:
        frames.append({'file': frame.f_code.co_filename, 'line': frame.f_lineno or 0, 'function': getattr(frame.f_code, 'co_qualname', frame.f_code.co_name)})
        frame = frame.f_back
    return frames


def main(baseline, load):
    cold = Cold()
    _thread.start_new_thread(cold.listen, ())
    cold.run(baseline)
