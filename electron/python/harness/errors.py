"""An exception of the script in words: type, message, the user's own line, a traceback without the wrapper's frames."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
LONGEST_MESSAGE = 8 << 10
LONGEST_TRACEBACK = 64 << 10


class Unusable(Exception):
    """An error found by looking at the script, with a hint: reported as the error it carries."""

    def __init__(self, error, detail):
        super().__init__(error, detail)
        self.error = error
        self.detail = detail


def describe(phase, error, path, source):
    """The fields of a `ScriptError` (see shared/run/event.ts)."""
    detail = None
    if isinstance(error, Unusable):
        error, detail = error.error, error.detail
    trace = without_wrapper(error.__traceback__)
    if phase == 'transform' and trace is None and isinstance(error, TypeError):
        phase = 'find_transform'  # the call itself was refused: a wrong signature that only calling could show
    if isinstance(error, MemoryError):
        release(trace)
    file, line = place_of(error, trace, path)
    if detail is None:
        detail = getattr(error, 'json_path', None) or source_line(error, file, line, path, source)
    return {
        'phase': phase, 'type': type_name(error), 'message': message_of(error), 'file': file, 'line': line,
        'traceback': traceback_text(error, trace), 'errno': errno_of(error), 'detail': detail,
    }


def type_name(error):
    """`ValueError`, `module.CustomError`: as a traceback names it."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ in ('builtins', '__main__') or kind.__module__.startswith('harness.') else '%s.%s' % (kind.__module__, kind.__qualname__)


def message_of(error):
    """Its text; never raises, whatever `__str__` does."""
    try:
        text = str(error)
    except BaseException as broken:
        return '(its message cannot be shown: __str__ raised %s)' % type(broken).__name__
    # Lone surrogates would not survive the way to the engine.
    text = text.encode('utf-8', 'backslashreplace').decode()
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + ' ... (%d characters)' % len(text)


def errno_of(error):
    """Its errno where it is a number: a script may have put anything there."""
    return error.errno if isinstance(error, OSError) and isinstance(error.errno, int) else None


def without_wrapper(trace):
    """The traceback from the first frame that is not the wrapper's own."""
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(HERE):
        trace = trace.tb_next
    return trace


def release(trace):
    """Lets go of the local variables that filled the memory."""
    while trace is not None:
        try:
            trace.tb_frame.clear()
        except RuntimeError:
            pass
        trace = trace.tb_next


def place_of(error, trace, path):
    """(file, line) of the innermost frame in the user's script, else of the innermost frame at all."""
    if isinstance(error, SyntaxError) and trace is None:
        return error.filename or path, error.lineno
    place = None
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(HERE):  # json called back into by the script, say
            break
        if file == path or place is None or place[0] != path:
            place = file, trace.tb_lineno
        trace = trace.tb_next
    return place or (path, None)


def source_line(error, file, line, path, source):
    """The text of the faulty line; None where there is none."""
    if isinstance(error, SyntaxError) and error.text:
        return error.text.strip('\n')[:500]
    if file != path or not line:
        return None
    lines = source.splitlines()
    return lines[line - 1].decode('utf-8', 'replace').strip()[:500] if 0 < line <= len(lines) else None


def traceback_text(error, trace):
    """What Python would print, from the user's first frame on, shortened in the middle."""
    try:
        text = _formatted(error, trace)
    except BaseException:  # no memory left, or the script replaced what formatting needs
        text = _plain(error, trace)
    text = text.encode('utf-8', 'backslashreplace').decode()
    half = LONGEST_TRACEBACK // 2
    return text if len(text) <= LONGEST_TRACEBACK else text[:half] + '\n  ... shortened ...\n' + text[-half:]


def _formatted(error, trace):
    folder = sys.path.pop(0) if sys.path else None  # the script's folder may hold a `token.py` of its own
    try:
        import traceback
    finally:
        if folder is not None:
            sys.path.insert(0, folder)
    return ''.join(traceback.format_exception(type(error), error, trace))


def _plain(error, trace):
    lines = ['Traceback (most recent call last):']
    while trace is not None and len(lines) < 100:
        code = trace.tb_frame.f_code
        lines.append('  File "%s", line %d, in %s' % (code.co_filename, trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    lines.append('%s: %s' % (type_name(error), message_of(error)))
    return '\n'.join(lines) + '\n'
