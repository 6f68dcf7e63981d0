"""How much memory a refused expression had asked for, worked out from its source and the variables of its frame. Nothing of the script's own is run for it."""
import sys
import warnings

import _ast

LARGEST_SOURCE = 1 << 20
# Beside what a line asked for that was refused, smaller requests on it do not count.
SMALLEST = 1 << 16
LARGEST_NUMBER_BITS = 4096
POINTER = 8 if sys.maxsize > 1 << 32 else 4
# Methods of native objects that make a result of as many bytes or characters as their first argument says.
MAKERS = ('read', 'read1', 'recv', 'ljust', 'rjust', 'center', 'zfill')


class Unknown(Exception):
    """Its value cannot be told without running something."""


class Parser(Exception):
    """It is Python's own parser, which says MemoryError of what is nested too deep."""


def by_frame(trace):
    """Bytes that the innermost entry of a traceback had asked for in one piece, at least. 0: none, it was the parser's error. None where that cannot be told."""
    frame = trace.tb_frame
    code = frame.f_code
    plain = code.co_flags & 1 or frame.f_locals is frame.f_globals  # the body of a class may have a mapping of the script's own
    names = ((frame.f_locals,) if plain else ()) + (frame.f_globals, frame.f_builtins)
    place = list(code.co_positions())[trace.tb_lasti // 2] if hasattr(code, 'co_positions') else (None,) * 4
    return on_line(code.co_filename, trace.tb_lineno, names, place if None not in place else None)


def on_line(path, line, names, place=None):
    """The same for a line of a file. `place`: first and last line, first and last column of the expression, where they are known."""
    with open(path, 'rb') as file:
        source = file.read(LARGEST_SOURCE)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')  # they have been said
        tree = compile(source, path, 'exec', _ast.PyCF_ONLY_AST, dont_inherit=True)
    sizes = []
    for node in nodes_of(tree):
        if node.lineno == line if place is None else (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset) == tuple(place):
            try:
                sizes.append(size_of(node, names))
            except Parser:
                return 0
            except (Unknown, ArithmeticError, TypeError, ValueError):
                pass
    large = [size for size in sizes if size >= SMALLEST]
    return min(large[0], 1 << 64) if len(large) == 1 else None


def nodes_of(tree):
    """Every statement and expression below it."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if hasattr(node, 'lineno'):
            yield node
        for name in node._fields:
            value = getattr(node, name, None)
            pending += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, _ast.AST)]


def size_of(node, names):
    """Bytes of what an expression makes: a sequence repeated, or made in a length. Raises `Unknown`."""
    if isinstance(node, _ast.BinOp) and isinstance(node.op, _ast.Mult):
        return repeated(node.left, node.right, names)
    if isinstance(node, _ast.AugAssign) and isinstance(node.op, _ast.Mult):
        return repeated(node.target, node.value, names)
    if isinstance(node, _ast.Call) and node.args:
        return made(node, names)
    raise Unknown


def repeated(left, right, names):
    for sequence, count in ((left, right), (right, left)):
        try:
            times = value_of(count, names)
        except Unknown:
            continue
        if type(times) is int:
            return times * width_of(sequence, names)
    raise Unknown


def width_of(node, names):
    """Bytes of a sequence's items."""
    if isinstance(node, (_ast.List, _ast.Tuple)) and not any(isinstance(item, _ast.Starred) for item in node.elts):
        return POINTER * len(node.elts)
    value = value_of(node, names)
    if type(value) is str:
        return len(value) * (1 if not value or max(value) < '\u0100' else 2 if max(value) < '\U00010000' else 4)
    if type(value) in (bytes, bytearray):
        return len(value)
    if type(value) in (list, tuple):
        return POINTER * len(value)
    if is_array(type(value)):
        return value.itemsize * len(value)
    raise Unknown


def made(node, names):
    first = node.args[0]
    if isinstance(node.func, _ast.Attribute) and node.func.attr in MAKERS:
        return number(first, names)
    maker = value_of(node.func, names)
    if maker is bytes or maker is bytearray:
        return number(first, names)
    if maker is eval or maker is exec or maker is compile:
        raise Parser
    if maker is list or maker is tuple:
        items = value_of(first, names)
        if type(items) is range:
            return POINTER * len(items)
    if maker is getattr(sys.modules.get('mmap'), 'mmap', None) and len(node.args) > 1:
        return number(node.args[1], names)
    raise Unknown


def number(node, names):
    value = value_of(node, names)
    if type(value) is not int:
        raise Unknown
    return value


def value_of(node, names):
    """A value that can be had without running anything: constants, variables, items of dicts and lists, whole numbers put together."""
    if isinstance(node, _ast.Constant):
        return node.value
    if isinstance(node, _ast.Name):
        return variable(node.id, names)
    if isinstance(node, _ast.BinOp):
        return calculated(node.op, number(node.left, names), number(node.right, names))
    if isinstance(node, _ast.Subscript):
        return item_of(value_of(node.value, names), value_of(getattr(node.slice, 'value', node.slice) if type(node.slice).__name__ == 'Index' else node.slice, names))
    if isinstance(node, _ast.Attribute):
        return attribute(value_of(node.value, names), node.attr)
    if isinstance(node, _ast.Call) and not node.keywords:
        return called(value_of(node.func, names), [value_of(argument, names) for argument in node.args])
    if isinstance(node, _ast.List):
        return [value_of(item, names) for item in node.elts]
    raise Unknown


def variable(name, names):
    for namespace in names:
        if name in namespace:
            return namespace[name]
    raise Unknown


def item_of(container, key):
    if type(container) in (dict, list, tuple) and type(key) in (int, str):
        try:
            return container[key]
        except (KeyError, IndexError):
            pass
    raise Unknown


def attribute(owner, name):
    if (type(owner) is type(sys) or type(owner) is type) and name in vars(owner):
        return vars(owner)[name]
    raise Unknown


def called(function, arguments):
    if any(function is known for known in (range, int, abs, min, max)) and all(type(argument) in (int, float) for argument in arguments):
        return function(*arguments)
    if function is len and len(arguments) == 1 and type(arguments[0]) in (str, bytes, bytearray, list, tuple, dict, set, range):
        return len(arguments[0])
    if is_array(function) and all(type(argument) in (str, list, bytes) for argument in arguments):
        return function(*arguments)
    raise Unknown


def is_array(kind):
    return kind is getattr(sys.modules.get('array'), 'array', ())


def calculated(operator, left, right):
    if max(left.bit_length(), right.bit_length()) > LARGEST_NUMBER_BITS:
        raise Unknown
    if isinstance(operator, _ast.Add):
        return left + right
    if isinstance(operator, _ast.Sub):
        return left - right
    if isinstance(operator, _ast.Mult):
        return left * right
    if isinstance(operator, _ast.FloorDiv):
        return left // right
    if isinstance(operator, _ast.Pow) and 0 <= right * left.bit_length() <= LARGEST_NUMBER_BITS:
        return left ** right
    if isinstance(operator, _ast.LShift) and 0 <= right <= LARGEST_NUMBER_BITS:
        return left << right
    raise Unknown
