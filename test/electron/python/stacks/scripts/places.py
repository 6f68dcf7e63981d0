"""Stands at known places, one after the other, for `seconds` each. `#@name` marks the line that stands there longest."""
import asyncio
import ctypes
import functools
import re
import socket
import subprocess
import threading
import time


def p_sleep(seconds):
    time.sleep(seconds)  #@sleep


def p_busy(seconds):
    until = time.perf_counter() + seconds
    while time.perf_counter() < until: pass  #@busy


def p_regex(seconds):
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        re.match(r'(a+)+$', 'a' * 19 + 'b')  #@regex


def p_big_int(seconds):
    until, number = time.perf_counter() + seconds, 7 ** 60_000
    while time.perf_counter() < until:
        number * number  #@big_int


def p_c_call(seconds):
    ctypes.PyDLL(None).usleep(int(seconds * 1e6))  #@c_call


def p_socket(seconds):
    ours, theirs = socket.socketpair()
    ours.settimeout(seconds)
    try:
        ours.recv(1)  #@socket
    except socket.timeout:
        pass


def p_lock(seconds):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire(timeout=seconds)  #@lock


def p_child(seconds):
    subprocess.call(['sleep', str(seconds)])  #@child


def p_deep(seconds):
    def down(depth):
        if depth:
            return down(depth - 1)  #@down
        time.sleep(seconds)  #@deep
    down(120)


def p_very_deep(seconds):
    def down(depth):
        if depth:
            return down(depth - 1)  #@very_down
        time.sleep(seconds)  #@very_deep
    down(600)


def p_generator(seconds):
    def inner():
        time.sleep(seconds)  #@generator
        yield 1

    def outer():
        yield from inner()  #@outer
    for _ in outer(): pass  #@loop


def decorated(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)  #@wrapper
    return wrapper


@decorated
def p_decorated(seconds):
    time.sleep(seconds)  #@decorated


def p_exec(seconds):
    source = '\n\ndef made(seconds):\n\n    time.sleep(seconds)\nmade(seconds)\n'
    exec(compile(source, '<made>', 'exec'), {'time': time, 'seconds': seconds})  #@exec


def p_async(seconds):
    async def leaf():
        await asyncio.sleep(seconds)  #@leaf

    async def middle():
        await asyncio.gather(leaf())  #@middle

    async def top():
        task = asyncio.ensure_future(middle())
        await task  #@top
    asyncio.run(top())  #@async


def p_thread(seconds):
    def work():
        time.sleep(seconds)  #@thread
    thread = threading.Thread(target=work, name='the worker')
    thread.start()
    thread.join()  #@join


def transform(data):
    for name in data['places']:
        globals()['p_' + name](data['seconds'])
    return data['places']
