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
        found = offender_of(value, error)
        if found:
            try:
                error.json_path = '%s: %s' % found
            except AttributeError:
                pass
        raise


def offender_of(value, error):
    """(path, what it is), or None; never an error of its own in the place of the first."""
    try:
        found, depth = find_offender(value)
    except Exception:
        return None
    return ('$', 'nested %d levels deep' % depth) if found is None and isinstance(error, RecursionError) else found


def find_offender(root):
    """((path, what it is) of the first value that JSON cannot hold, depth first, or None if each is fine by itself; the deepest level).

    Holds no more than the way from the root to the value at hand: there may be a million of them, or as many levels.
    """
    # One entry each per container that is open: itself with what is left of it, and the key of the value that is looked at.
    levels, keys = [], []
    open_ids, deepest, value = set(), 0, root
    while True:
        problem = problem_of(value, open_ids)
        if problem:
            return (path_text(keys), problem), deepest
        if isinstance(value, (dict, list, tuple)):
            open_ids.add(id(value))
            levels.append((value, items_of(value)))
            keys.append(None)
            deepest = max(deepest, len(levels))
        while levels:
            step = next(levels[-1][1], None)
            if step:
                keys[-1], value = step
                break
            open_ids.discard(id(levels.pop()[0]))
            keys.pop()
        else:
            return None, deepest


def items_of(container):
    """(key, value) pairs: a list's keys are numbers, a dict's are texts, as JSON has them."""
    if not isinstance(container, dict):
        return enumerate(container)
    return ((key if isinstance(key, str) else str(key), value) for key, value in container.items())


def problem_of(value, open_ids):
    """What is wrong with a value, leaving out what it holds; None if nothing is."""
    if not isinstance(value, (dict, list, tuple)):
        return leaf_problem(value)
    if id(value) in open_ids:
        return 'a reference back to what contains it'
    for key in value if isinstance(value, dict) else ():
        if not isinstance(key, (str, int, float, bool, type(None))):
            return 'a key that is a %s: %s' % (type(key).__name__, shown(key))
        if isinstance(key, float) and not math.isfinite(key):
            return 'a key that is %r' % key
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


MOST_STEPS = 40


def path_text(keys):
    """`$.orders[3]`, `$["odd key"]`, as a JSON path; a very long one is shortened in the middle."""
    steps = [step_text(key) for key in (keys if len(keys) <= MOST_STEPS else keys[:MOST_STEPS // 2] + keys[-MOST_STEPS // 2:])]
    if len(keys) > MOST_STEPS:
        steps.insert(MOST_STEPS // 2, '...')
    return '$' + ''.join(steps)


def step_text(key):
    if isinstance(key, str):
        return '.' + key if key.isidentifier() else '[%s]' % json.dumps(key[:80])
    return '[%d]' % key


def shown(value):
    """A short repr that never raises."""
    try:
        text = repr(value)
    except BaseException:
        return '(not printable)'
    return text if len(text) <= 80 else text[:77] + '...'
