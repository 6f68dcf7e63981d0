"""Pauses of the garbage collector, by the callbacks Python offers for it."""
import gc

from ...clock import now_ns

# A collection of the youngest objects takes some 10 us and happens all the time.
SHORTEST_NS = 500_000


class Pauses:
    def __init__(self, report):
        self.report = report
        self.begun = 0
        gc.callbacks.append(self.on_collection)

    def on_collection(self, phase, info):
        if phase == 'start':
            self.begun = now_ns()
        elif self.begun:
            took = now_ns() - self.begun
            if took >= SHORTEST_NS:
                self.report.send_if_free('collected', t=self.begun, generation=info['generation'], tookNs=took)

    def close(self):
        if self.on_collection in gc.callbacks:
            gc.callbacks.remove(self.on_collection)
