"""How long each import took, and what it imported in turn.

`import` calls `_find_and_load` of the frozen import machinery for a module that is not loaded yet, and only then; replacing it there
costs nothing for the others, and `-X importtime` measures the same span. The replacement is compiled under the machinery's own file
name: Python leaves it out of tracebacks like the rest of it.
"""
import _thread
import sys

from ...clock import now_ns

# Shorter ones are only part of what their importer took.
SHORTEST_NS = 1_000_000
SOURCE = '''
def _find_and_load(name, import_):
    begun = begin(name)
    try:
        return original(name, import_)
    finally:
        end(name, begun)
'''


class Imports:
    def __init__(self, report, on_loaded=None):
        """`on_loaded(name)` is called after each import, successful or not."""
        self.report = report
        self.on_loaded = on_loaded
        self.open = {}
        self.original = None
        machinery = sys.modules.get('_frozen_importlib')
        original = getattr(machinery, '_find_and_load', None)
        if original is None:
            return  # another implementation: no times of imports
        space = {'original': original, 'begin': self.begin, 'end': self.end}
        exec(compile(SOURCE, '<frozen importlib._bootstrap>', 'exec'), space)
        self.machinery, self.original, self.own = machinery, original, space['_find_and_load']
        machinery._find_and_load = self.own

    def begin(self, name):
        # Per thread, the time that finished imports inside each open one took.
        self.open.setdefault(_thread.get_ident(), []).append(0)
        return now_ns()

    def end(self, name, begun):
        took = now_ns() - begun
        thread = _thread.get_ident()
        levels = self.open.get(thread)
        if not levels:
            return  # a fork in the middle of an import
        inner = levels.pop()
        if levels:
            levels[-1] += took
        else:
            del self.open[thread]
        if took >= SHORTEST_NS:
            self.report.send_if_free('imported', module=name, t=begun, selfNs=took - inner, totalNs=took, depth=len(levels))
        if self.on_loaded:
            self.on_loaded(name)

    def close(self):
        if self.original and self.machinery._find_and_load is self.own:
            self.machinery._find_and_load = self.original
