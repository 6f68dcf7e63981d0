"""The wrapper around the user's script: read, compile, import, find transform, call it, turn its result into JSON.

Every step is reported as it begins, and an error with the step it belongs to. The script is imported as a module named
after its file, as a service that wraps it would: `__name__` is not `__main__`, so what a `main` guard protects does not run.
"""
import json
import os
import sys
import types

from . import errors, origin, serialise
from .clock import now_ns

# Freed before an error is put into words: after a MemoryError there may be nothing left to do it with. Python's small objects take an
# arena of 1 MiB when they find no room in the others (3.10 and later), so that much again is there for the rest.
BALLAST_BYTES = 2 << 20
LARGEST_RESULT = 256 << 20


class Wrapper:
    def __init__(self, path, report, largest_result=LARGEST_RESULT, hooks=None):
        self.path = path
        self.report = report
        # What listens in on the script (`stacks/in_script`): over before its result or error is told.
        self.hooks = hooks
        self.largest_result = largest_result
        self.module_name = module_name(path)
        self.phase = 'read'
        self.source = b''
        self.ballast = bytes(BALLAST_BYTES)  # address space only: its pages are never touched

    def run(self, input_json):
        """Runs the script to its result or error; the exit code of the process."""
        try:
            result = self.call(self.load(), self.parse(input_json))
            self.finish(result)
            return 0
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: they end the script like any other
            self.ballast = None
            try:
                return self.fail(error)
            except OSError:
                return unheard()

    def load(self):
        self.begin('load')
        with open(self.path, 'rb') as file:
            self.source = file.read()
        self.phase = 'compile'
        code = compile(self.source, self.path, 'exec', dont_inherit=True)
        self.phase = 'import'
        module = types.ModuleType(self.module_name)
        module.__file__ = self.path
        sys.modules[module.__name__] = module
        exec(code, module.__dict__)
        self.phase = 'find_transform'
        return find_transform(module)

    def parse(self, input_json):
        self.phase = 'transform'
        return json.loads(input_json)

    def call(self, transform, value):
        self.begin('transform')
        result = transform(value)
        if isinstance(result, types.CoroutineType):  # `async def transform`
            import asyncio
            result = asyncio.run(result)
        return result

    def finish(self, result):
        self.phase = 'serialise'
        self.begin('serialise')
        text = serialise.to_json(result)
        if len(text) > self.largest_result:
            raise OutputLimit('the result is %d bytes of JSON; at most %d are passed on' % (len(text), self.largest_result))
        self.close_hooks()
        self.report.send('result', text.encode('ascii'), t=now_ns())

    def begin(self, phase):
        self.report.send('phase', name=phase, t=now_ns(), pid=self.report.pid)

    def close_hooks(self):
        if self.hooks:
            self.hooks.close()

    def fail(self, error):
        at = now_ns()
        self.close_hooks()
        found = origin.of_error(error, self.path)
        self.report.send('error', t=at, **errors.describe(self.phase, error, self.path, self.source), **found)
        if isinstance(error, SystemExit):
            return error.code if isinstance(error.code, int) else (0 if error.code is None else 1)
        return 1


def unheard():
    """The way to the engine is closed: the script has closed every descriptor it could find."""
    try:
        os.write(2, b'cutoff: the script closed the descriptor that carries its result (os.closerange, or a library that makes daemons)\n')
    except OSError:
        pass
    os._exit(70)


class OutputLimit(Exception):
    """The result is larger than what is passed on."""


def module_name(path):
    """The name `import` would give the file; another one where that would hide a module that is already loaded."""
    name = os.path.splitext(os.path.basename(path))[0]
    return name if name.isidentifier() and name not in sys.modules else 'transform_script'


def find_transform(module):
    """The module's `transform`, if it can be called with one argument. Raises what Python would, with more to go on."""
    transform = getattr(module, 'transform', None)
    if transform is None:
        names = sorted(name for name, value in vars(module).items() if isinstance(value, types.FunctionType) and value.__module__ == module.__name__)
        raise errors.Unusable(AttributeError("module '%s' has no attribute 'transform'" % module.__name__),
                              'It defines: ' + ', '.join(names[:20]) if names else 'It defines no function')
    if not callable(transform):
        raise errors.Unusable(TypeError("'%s' object is not callable" % type(transform).__name__), 'transform must be a function of one argument')
    problem = signature_problem(transform)
    if problem:
        raise errors.Unusable(TypeError(problem), 'transform is called as transform(input_data)')
    return transform


def signature_problem(transform):
    """Why calling `transform(value)` cannot work, in Python's words; None if it can, or if only calling can tell."""
    function, bound = transform, 0
    if isinstance(transform, types.MethodType):
        function, bound = transform.__func__, 1
    if not isinstance(function, types.FunctionType):
        return None
    code, variadic = function.__code__, function.__code__.co_flags & 0x04
    takes = code.co_argcount - bound
    required = takes - len(function.__defaults__ or ())
    if takes < 1 and not variadic:
        return '%s() takes %d positional arguments but 1 was given' % (function.__name__, max(takes, 0))
    if required > 1:
        missing = ["'%s'" % name for name in code.co_varnames[bound + 1:bound + required]]
        return '%s() missing %d required positional argument%s: %s' % (function.__name__, required - 1, '' if required == 2 else 's', ' and '.join(missing))
    names = code.co_varnames[code.co_argcount:code.co_argcount + code.co_kwonlyargcount]
    keywords = ["'%s'" % name for name in names if name not in (function.__kwdefaults__ or {})]
    if keywords:
        return '%s() missing %d required keyword-only argument%s: %s' % (function.__name__, len(keywords), '' if len(keywords) == 1 else 's', ' and '.join(keywords))
    return None
