"""Ending the run on purpose: say so, take the last stack, then kill. In this order, always."""
import time

import _signal

from . import cut_stack, proc, tree, waiting

# A wrapper that ends its script asks first (SIGTERM); one that does not listen is killed after this.
TERM_GRACE_NS = 250_000_000


class Cutter:
    """The first reason stays. As a watcher it is due when the grace after SIGTERM is over."""

    def __init__(self, run_tree, channel, stack_fd):
        self.tree = run_tree
        self.channel = channel
        self.stack_fd = stack_fd
        self.intent = False
        self.kill_due_ns = None
        self.throttle = None
        self.stacks = None
        self.programs = None
        self.asked_by = None

    def cut(self, by, limit_id, reason):
        """Ends the run for `reason`. The wrapper's way is SIGTERM, then SIGKILL; everybody else's SIGKILL at once."""
        self.tree.reap()
        if self.intent or self.tree.exit is not None:
            return
        self.intent = True
        self.asked_by = by, limit_id
        gentle = by == 'wrapper'
        self.say(by, limit_id, reason, 'SIGTERM' if gentle else 'SIGKILL')
        self.take_stack()
        if self.programs:
            self.programs.at_cut()
        if gentle:
            tree.send(self.tree.script, _signal.SIGTERM)
            tree.send(self.tree.script, _signal.SIGCONT)
            self.kill_due_ns = time.monotonic_ns() + TERM_GRACE_NS
        else:
            self.kill_now()

    def say(self, by, limit_id, reason, signal):
        self.channel.send('intent', at=time.monotonic_ns(), by=by, limitId=limit_id, reason=reason, signal=signal)

    def kill_now(self):
        self.kill_due_ns = None
        tree.send_group(self.tree.script, _signal.SIGKILL)
        tree.send(self.tree.script, _signal.SIGKILL)
        self.tree.signal(_signal.SIGKILL)

    def take_stack(self):
        if self.stacks and self.stacks.at_cut():
            return
        stat = proc.read_stat(self.tree.script)
        if not stat:
            return
        throttled = bool(self.throttle and self.throttle.stopped)
        state = 'throttled' if throttled else waiting.state_of(stat)
        if stat.state == 'T':  # a stopped process handles no signal
            tree.send(self.tree.script, _signal.SIGCONT)
        begun = time.monotonic_ns()
        text = cut_stack.take(self.tree.script, self.stack_fd, stat.threads)
        if text:
            self.channel.send('stack', at=begun, tookNs=time.monotonic_ns() - begun, method='faulthandler', text=text, threads=None, state=state)
        elif self.stacks:
            self.stacks.send_last()

    def crash_stack(self):
        """What faulthandler left when the script's process crashed by itself; '' otherwise."""
        return '' if self.intent else cut_stack.read_all(self.stack_fd).decode('utf-8', 'replace')

    def next_due_ns(self):
        return self.kill_due_ns

    def act(self, now_ns):
        self.say(self.asked_by[0], self.asked_by[1], 'did not end within %d ms of SIGTERM' % (TERM_GRACE_NS // 1_000_000), 'SIGKILL')
        self.kill_now()
