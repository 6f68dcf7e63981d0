"""Makes and destroys frames, threads and code objects as fast as it can. Every function's name and line tell who may call it from where."""
import sys
import threading
import types

PAIRS = '''
def leaf_of_left(): return 1
def leaf_of_right(): return 2
def left(): return leaf_of_left()
def right(): return leaf_of_right()
'''


def rows_of(number):
    """Where the functions of made code `number` begin and where they call the next one: [(first line, line of the call)]."""
    rows, row = [], 1 + number % 7
    for depth in range(1 + number % 5):
        gap = (number + depth) % 3
        rows.append((row, row + 1 + gap))
        row += 2 + gap
    return rows, row


def churn():
    """New code objects all the time: modules of one to five functions that call each other, at lines that depend on their number."""
    number = 0
    while True:
        rows, last = rows_of(number)
        source = '\n' * (number % 7)
        for depth, (first, call) in enumerate(rows):
            callee = 'm%d_%d()' % (number, depth + 1) if depth + 1 < len(rows) else 'sum(range(20))'
            source += 'def m%d_%d():\n%s    return %s\n' % (number, depth, '\n' * (call - first - 1), callee)
        exec(compile(source + 'm%d_0()\n' % number, '<made %d>' % number, 'exec'), {})
        number += 1


def calls():
    """Two pairs of functions whose frames take turns in the same place of memory."""
    space = {}
    exec(compile(PAIRS, '<pairs>', 'exec'), space)
    left, right = space['left'], space['right']
    while True:
        for _ in range(1000):
            left(); right()


def threads():
    def inner():
        return sum(range(50))

    def short():
        for _ in range(20):
            inner()
    while True:
        thread = threading.Thread(target=short)
        thread.start()
        thread.join()


def generators():
    def climb(height):
        if height:
            yield from climb(height - 1)
        yield height
    while True:
        for height in range(6):
            for _ in climb(height):
                pass


def renamed():
    """The same code under a new name at a new line each time; the old one's memory is free for the next."""
    def base():
        return sum(range(30))
    number = 0
    while True:
        number += 1
        code = base.__code__.replace(co_name='r%d' % number, co_firstlineno=number % 1000 + 1)
        if sys.version_info >= (3, 11):
            code = code.replace(co_qualname='r%d' % number)
        offset = base.__code__.co_firstlineno
        types.FunctionType(code, {'sum': sum, 'range': range})()
        del code, offset


KINDS = {'churn': churn, 'calls': calls, 'threads': threads, 'generators': generators, 'renamed': renamed}


def run(kinds):
    for kind in kinds[1:]:
        threading.Thread(target=KINDS[kind], daemon=True).start()
    KINDS[kinds[0]]()
