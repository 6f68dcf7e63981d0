"""The deadlines of the run, as instants of this machine's monotonic clock: a busy engine does not make them late."""


class Deadlines:
    def __init__(self, request, cutter):
        self.cutter = cutter
        # Of two that fall together the first in the request is the one that counts.
        self.pending = sorted(request['deadlines'], key=lambda deadline: deadline['atNs'])

    def next_due_ns(self):
        return None if self.cutter.intent or not self.pending else self.pending[0]['atNs']

    def act(self, now_ns):
        first = self.pending[0]
        self.cutter.cut(first['by'], first['limitId'], 'deadline passed')
