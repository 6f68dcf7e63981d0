"""argv, module path, folder, `__main__` and loaded modules as a script finds them when Python was just started for it."""
import os
import sys
import types


def enter_folder(folder):
    try:
        os.chdir(folder)
        os.environ['PWD'] = folder
    except OSError:
        pass  # reading the script will tell why


def present(path, baseline):
    """`baseline`: the modules that Python itself had loaded, before the wrapper's."""
    folder = os.path.dirname(path)
    sys.argv = [path]
    if hasattr(sys, 'orig_argv'):
        sys.orig_argv = [sys.executable, path]
    sys.path.insert(0, folder)
    sys.modules['__main__'] = types.ModuleType('__main__')
    for name in list(sys.modules):
        if name == 'harness' or name.startswith('harness.'):
            del sys.modules[name]
    forget_shadowed(folder, os.path.basename(path), baseline)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.reconfigure(line_buffering=True)  # the log is live; far cheaper than unbuffered
        except (AttributeError, ValueError, OSError):
            pass


def forget_shadowed(folder, own_name, baseline):
    """A module the wrapper loaded for itself must not hide the script's own file of that name (`types.py`, `json/`)."""
    try:
        names = {name[:-3] if name.endswith('.py') else name for name in os.listdir(folder) if name != own_name}
    except OSError:
        return
    for name in names & (set(sys.modules) - baseline):
        for loaded in [key for key in sys.modules if key == name or key.startswith(name + '.')]:
            del sys.modules[loaded]
