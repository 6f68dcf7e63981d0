"""Which lines hold the most memory, by tracemalloc, only when somebody asked for it: every allocation gets slower and heavier.

A thread looks again whenever the traced memory has grown by a quarter, and takes at most a tenth of a processor for it: what it told last
is what a cut for memory finds.
"""
import _thread
import gc
import os
import time

from ...clock import now_ns

LINES = 10
LOOK_EVERY_S = 0.02
GROWTH = 1.25
LEAST_BYTES = 1 << 20
# The share of processor time that counting may take, as one part in so many.
SHARE = 10
# What the harness itself holds is none of the script's memory.
HARNESS = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))) + os.sep


class Allocations:
    def __init__(self, report):
        import _tracemalloc
        import tracemalloc
        self.tracemalloc, self.traces = tracemalloc, _tracemalloc._get_traces
        self.report = report
        self.told = 0
        self.over = False
        tracemalloc.start(1)
        _thread.start_new_thread(self.watch, ())

    def watch(self):
        while not self.over:
            used = time.thread_time()
            held = self.tracemalloc.get_traced_memory()[0]
            if held >= max(LEAST_BYTES, self.told * GROWTH):
                self.told = held
                self.tell()
            time.sleep(max(LOOK_EVERY_S, (time.thread_time() - used) * SHARE))

    def tell(self):
        collects = gc.isenabled()
        gc.disable()  # the list of all traces is made of hundreds of thousands of tuples
        try:
            lines = largest(self.traces())
        except MemoryError:
            return
        finally:
            if collects:
                gc.enable()
        try:
            # Waits for its turn: there may be no other look for as long as the script holds no more.
            self.report.send('allocations', t=now_ns(), lines=lines)
        except OSError:
            pass  # the engine is gone, or the script has closed the descriptor

    def close(self):
        self.over = True
        if self.tracemalloc.is_tracing():
            self.tell()
            self.tracemalloc.stop()


def largest(traces):
    """The lines that hold the most bytes. A trace is (domain, bytes, ((file, line), ...), ...)."""
    held = {}
    for trace in traces:
        place = trace[2][0]
        sums = held.get(place)
        if sums is None:
            held[place] = [trace[1], 1]
        else:
            sums[0] += trace[1]
            sums[1] += 1
    ours = [place for place in held if place[0].startswith(HARNESS)]
    for place in ours:
        del held[place]
    most = sorted(held.items(), key=lambda item: -item[1][0])[:LINES]
    return [{'file': file, 'line': line, 'bytes': size, 'count': count} for (file, line), (size, count) in most]
