"""The stack sampler of a cold start. It takes longer to load and to test than many a script runs, and it would take that time from the
script's own start: so it begins once the script has shown that it stays, one module at a turn of the loop, which goes on meanwhile.
Until then a cut takes its stack by faulthandler. A spare has it ready, and samples from the first line on.
"""

BEGIN_AFTER_NS = 15_000_000
STEP_NS = 200_000
# Those without dependencies first, so that no step is long; what is missing here comes with the last one.
STEPS = ('memory', 'together', 'layout', 'tables', 'dicts', 'objects', 'codes', 'lines', 'frames', 'lately', 'process', 'threads', 'relatives', 'awaiting', 'syscalls', 'activity',
         'states', 'quota', 'holding', 'locals_of', 'reader', 'self_test', 'sampler', 'watching')


class LateStacks:
    """A watcher in front of `stacks.watching.Stacks`, with the same methods."""

    def __init__(self, supervisor, request, load):
        self.supervisor = supervisor
        self.request = request
        self.load = load
        self.steps = iter(STEPS)
        self.due = supervisor.forked_ns + BEGIN_AFTER_NS if request['stacks']['rateHz'] > 0 else None
        self.stacks = load('stacks.watching').Stacks(supervisor, request) if supervisor.stacks else None

    def next_due_ns(self):
        return self.stacks.next_due_ns() if self.stacks else self.due

    def act(self, now_ns):
        if self.stacks:
            return self.stacks.act(now_ns)
        step = next(self.steps, None)
        if step:
            self.load('stacks.' + step)
            self.due = now_ns + STEP_NS
        else:
            self.stacks = self.load('stacks.watching').Stacks(self.supervisor, self.request)

    def seen(self, pid, status):
        return bool(self.stacks) and self.stacks.seen(pid, status)

    def at_cut(self):
        return bool(self.stacks) and self.stacks.at_cut()

    def send_last(self):
        if self.stacks:
            self.stacks.send_last()

    def at_end(self, by_itself):
        if self.stacks:
            self.stacks.at_end(by_itself)
