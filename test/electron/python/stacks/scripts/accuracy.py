"""30 % computing, 50 % asleep, 20 % in calls of C that keep the interpreter lock, each on one line, and says when it was where by its own clock."""
import multiprocessing
import os
import random
import threading
import time

ROUNDS = 7
BIG = (1 << 2203) - 1


def phases(seconds, seed):
    """[[mark, from ns, to ns], ...]. Lengths vary: a rhythm could be in step with the sampler's."""
    record, lengths = [], random.Random(seed)
    for _ in range(ROUNDS):
        length = seconds / ROUNDS * lengths.uniform(0.6, 1.4) * 1e9
        at = time.monotonic_ns()
        while time.monotonic_ns() < at + length * 0.3: pass  #@computing
        then = time.monotonic_ns()
        record.append(['computing', at, then])
        time.sleep(length * 0.5 / 1e9)  #@sleeping
        at = time.monotonic_ns()
        record.append(['sleeping', then, at])
        while time.monotonic_ns() < at + length * 0.2: pow(3, BIG >> 1, BIG)  #@c_call
        record.append(['c_call', at, time.monotonic_ns()])
    return record


def in_threads(seconds):
    records = {}

    def work(seed):
        records[threading.get_native_id()] = phases(seconds, seed)
    threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return records


def child(seconds, seed, sending):
    sending.send((os.getpid(), phases(seconds, seed)))


def in_processes(seconds):
    context, records, children = multiprocessing.get_context('fork'), {}, []
    for seed in (1, 2):
        receiving, sending = context.Pipe(False)
        process = context.Process(target=child, args=(seconds, seed, sending))
        process.start()
        children.append((process, receiving))
    for process, receiving in children:
        pid, record = receiving.recv()
        records[pid] = record
        process.join()
    return records


def transform(data):
    records = {'main': lambda seconds: {os.getpid(): phases(seconds, 0)}, 'threads': in_threads, 'processes': in_processes}[data['where']](data['seconds'])
    # Nanoseconds since the machine started do not fit into a JavaScript number.
    return {thread: [[mark, str(begin), str(end)] for mark, begin, end in record] for thread, record in records.items()}
