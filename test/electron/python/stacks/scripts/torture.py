"""Samples a child that runs torture_script.py and checks every stack. Arguments: folder of the harness package, samples, kinds (a,b,c).

Prints one JSON object: samples, stacks (different ones), wrong (up to ten that cannot be), torn, lost, alive.
"""
import json
import os
import random
import re
import sys
import time

sys.path.insert(0, sys.argv[1])
from harness import linux
from harness.stacks.memory import Torn
from harness.stacks.process import Process
from harness.stacks.reader import Reader
import torture_script

# A pause of up to this between samples, so that they meet the child anywhere.
PAUSE_S = 0.0003


def name(frame):
    return frame[1].rpartition('.')[2]


def problem_of(frames):
    """What is impossible about a stack, innermost frame first; None if nothing is."""
    for at, (file, function, line) in enumerate(frames):
        caller = frames[at + 1] if at + 1 < len(frames) else ('', '', 0)
        problem = problem_of_frame(file, name(frames[at]), line, name(caller), caller[2])
        if problem:
            return problem
    if frames and name(frames[-1]) not in ('<module>', '_bootstrap', '_shutdown'):
        return 'it has no beginning'
    return None


def problem_of_frame(file, function, line, caller, caller_line):
    made = re.match(r'<made (\d+)>$', file)
    if made:
        return problem_of_made(int(made.group(1)), function, line, caller, caller_line)
    if function in ('leaf_of_left', 'leaf_of_right'):
        side = function[8:]
        return None if (caller, line, caller_line) == (side, {'left': 2, 'right': 3}[side], {'left': 4, 'right': 5}[side]) else 'a leaf of another branch'
    if re.match(r'r\d+$', function):
        # Its body is one line below where it says it begins.
        return None if line - (int(function[1:]) % 1000 + 1) in (0, 1) and caller == 'renamed' else 'a name with the line of another'
    callers = {'inner': ('short',), 'climb': ('climb', 'generators'), 'left': ('calls',), 'right': ('calls',), 'short': ('run',)}.get(function)
    return None if callers is None or caller in callers else 'called by another'


def problem_of_made(number, function, line, caller, caller_line):
    rows, last = torture_script.rows_of(number)
    if function == '<module>':
        return None if caller == 'churn' and line in [1, last] + [first for first, _ in rows] else 'a module at a line it does not have'
    found = re.match(r'm(\d+)_(\d+)$', function)
    if not found or int(found.group(1)) != number:
        return 'a function in the file of another'
    depth = int(found.group(2))
    if depth >= len(rows) or line not in rows[depth]:
        return 'a line the function does not have'
    if depth == 0:
        return None if caller == '<module>' else 'a function without its module'
    return None if (caller, caller_line) == ('m%d_%d' % (number, depth - 1), rows[depth - 1][1]) else 'a caller that does not call it there'


def main():
    wanted, kinds = int(sys.argv[2]), sys.argv[3].split(',')
    reader = Reader()
    reader.hidden_folder = '\0'
    pid = os.fork()
    if pid == 0:
        linux.die_with_parent(9)
        torture_script.run(kinds)
    process = None
    while process is None:
        time.sleep(0.2)
        try:
            process = Process(pid, reader)
        except Torn:
            pass  # read while it changed
    samples, problems, wrong, alive = 0, {}, [], True
    while samples < wanted and alive:
        time.sleep(random.random() * PAUSE_S)
        for sample in process.sample(time.monotonic_ns()):
            samples += 1
            if sample.stack not in problems:
                frames = reader.tables.frames_of(sample.stack)
                problems[sample.stack] = problem_of(frames)
                if problems[sample.stack]:
                    wrong.append([problems[sample.stack]] + frames)
        reader.holder.let_go_late()
        found, status = os.waitpid(pid, os.WNOHANG)
        if found and not reader.holder.seen(found, status):
            alive = False
    if alive:
        os.kill(pid, 9)
        while not os.waitpid(pid, os.WNOHANG)[0]:
            reader.holder.let_go_late()
            time.sleep(0.001)
    print(json.dumps({'samples': samples, 'stacks': len(problems), 'wrong': wrong[:10], 'torn': reader.torn, 'lost': reader.lost, 'alive': alive}))


main()
