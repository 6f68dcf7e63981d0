"""The forked process on its way to being the script's: as if Python had just been started for it."""
import os

import _signal

from . import cut_stack, linux, rlimits, script
from .leave import leave
from .present import enter_folder, present
from .channel import Report
from .stacks.in_script.hooks import Hooks
from .stacks.in_script.method import reason_for_thread_method


def become_script(request, input_json, supervisor, parent, baseline):
    """Runs the script in this process and ends it; never returns."""
    try:
        os.setpgid(0, 0)
    except OSError:
        pass  # the supervisor was faster
    linux.die_with_parent(_signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)
    restore_signals()
    supervisor.settle_in_child()
    report = Report(supervisor.report_fd, request['nonce'].encode())
    cut_stack.register(supervisor.stack_write)
    raise_oom_score()
    for group in supervisor.groups:
        group.enter(report)
    enter_folder(request.get('cwd') or os.path.dirname(request['scriptPath']))
    hooks = Hooks(request['stacks'], portable=supervisor.samples_itself)
    present(request['scriptPath'], baseline)
    wrapper = script.Wrapper(request['scriptPath'], report, request.get('largestResult'), hooks)
    hooks.start(report)
    rlimits.apply(request['os'], report)
    leave(wrapper.run(input_json), wrapper.module_name, report)


def samples_itself(prepared):
    """Must the script's process tell its own stacks? `prepared`: what the self-test of a spare found, None where there was no time for one."""
    return (prepared.reader is None) if prepared else reason_for_thread_method() is not None


def restore_signals():
    """Python's own defaults; the supervisor's handler is not the script's."""
    _signal.set_wakeup_fd(-1)
    _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)


def raise_oom_score():
    """When the whole machine runs out of memory, the kernel should choose the script, not the engine or the browser beside it."""
    try:
        with open('/proc/self/oom_score_adj', 'w') as file:
            file.write('500')
    except OSError:
        pass
