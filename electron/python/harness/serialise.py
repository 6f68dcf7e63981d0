"""The result as JSON, and where it cannot be JSON, the path of the value that is in the way."""
import json
import math


def to_json(value):
    """ASCII JSON text. Raises what `json.dumps` raises, with the culprit's path as `json_path`."""
    try:
        return json.dumps(value, allow_nan=False)
    except MemoryError:
        raise
    except BaseException as error:
        found = find_offender(value)
        if found:
            try:
                error.json_path = '%s: %s' % found
            except AttributeError:
                pass
        raise


def find_offender(root):
    """(path, what it is) of the first value that JSON cannot hold, depth first; None if each is fine by itself."""
    pending, open_ids = [('enter', '$', root)], set()
    while pending:
        step, path, value = pending.pop()
        if step == 'leave':
            open_ids.discard(value)
        elif isinstance(value, (dict, list, tuple)):
            if id(value) in open_ids:
                return path, 'a reference back to what contains it'
            open_ids.add(id(value))
            pending.append(('leave', path, id(value)))
            if isinstance(value, dict):
                for key in value:
                    if not isinstance(key, (str, int, float, bool, type(None))):
                        return path, 'a key that is a %s: %s' % (type(key).__name__, shown(key))
                    if isinstance(key, float) and not math.isfinite(key):
                        return path, 'a key that is %r' % key
                items = [(step_path(path, key), item) for key, item in value.items()]
            else:
                items = [('%s[%d]' % (path, index), item) for index, item in enumerate(value)]
            pending.extend(('enter', inner, item) for inner, item in reversed(items))
        else:
            problem = leaf_problem(value)
            if problem:
                return path, problem
    return None


def leaf_problem(value):
    """What a value that holds no others is, if JSON cannot hold it."""
    if value is None or isinstance(value, (bool, str)):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else shown(value)
    if isinstance(value, int):
        try:
            int.__repr__(value)
            return None
        except ValueError:
            return 'an int of %d bits' % value.bit_length()
    return '%s %s' % (type(value).__name__, shown(value))


def step_path(path, key):
    """`$.orders`, `$["odd key"]`, as a JSON path."""
    if isinstance(key, str):
        return '%s.%s' % (path, key) if key.isidentifier() else '%s[%s]' % (path, json.dumps(key[:80]))
    return '%s[%s]' % (path, json.dumps(str(key)))


def shown(value):
    """A short repr that never raises."""
    try:
        text = repr(value)
    except BaseException:
        return '(not printable)'
    return text if len(text) <= 80 else text[:77] + '...'
