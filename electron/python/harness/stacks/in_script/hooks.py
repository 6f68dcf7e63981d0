"""Puts the hooks in before the script is read, and takes them out before its result is passed on."""
from .imports import Imports
from .pauses import Pauses
from .thread_names import Names


class Hooks:
    def __init__(self, settings, portable=False):
        """`settings` as the engine sent them; `portable`: nobody else can read the stacks. Loads what will be needed."""
        self.settings = settings
        self.sampler = self.allocations = None
        self.hooks = []
        if not settings['rateHz']:
            return
        if settings['allocations']:
            from .allocations import Allocations
            self.allocations = Allocations
        if portable:
            from .thread_sampler import ThreadSampler
            self.sampler = ThreadSampler

    def start(self, report):
        if not self.settings['rateHz']:
            return
        names = Names(report)
        names.watch('threading')
        self.hooks = [hook(report) for hook in (self.allocations, Pauses) if hook]
        self.hooks.append(Imports(report, on_loaded=names.watch))
        if self.sampler:
            self.hooks.append(self.sampler(report, self.settings['rateHz']))

    def close(self):
        """From here on nothing but the wrapper itself reports. Takes every hook out, whatever becomes of another."""
        for hook in self.hooks:
            try:
                hook.close()
            except Exception:
                pass
        self.hooks = []
