"""run.py LIST: runs each program of LIST, a JSON file of [path of a .pyc, arguments in Python], in a process of its own.

Prints a line for each: `signal N`, `hang`, `not loaded: EXCEPTION`, `error: EXCEPTION` or `returned`. Runs on Python 2.7
and 3.6 - 3.15.
"""
from __future__ import print_function

import gc
import json
import marshal
import os
import resource
import signal
import sys
import types

CPU_SECONDS, SECONDS = 1, 30
MEGABYTES = 2000
# Often enough that instructions are specialised.
TIMES = 40
HEADER = 8 if sys.version_info < (3,) else 12 if sys.version_info < (3, 7) else 16
OPTIMIZED = 1


def cell():
    value = 7
    return (lambda: value).__closure__[0]


def drive(result, number):
    """Uses what a program gives, as a caller would: drives each other generator to its end, or leaves it early."""
    repr(result)
    if not hasattr(result, "send"):
        return
    for _ in range(1 if number % 2 else 10):
        try:
            repr(result.send(None))
        except StopIteration:
            return
    getattr(result, "gi_yieldfrom", None)
    result.close()


def call(code, arguments):
    if code.co_flags & OPTIMIZED:
        function = types.FunctionType(code, {"__builtins__": __builtins__}, "f", None,
                                      tuple(cell() for _ in code.co_freevars))
        return function(*arguments)
    return eval(code, {"__builtins__": __builtins__, "__name__": "case"})


def run(path, arguments):
    with open(path, "rb") as file:
        content = file.read()[HEADER:]
    try:
        code = marshal.loads(content)
    except BaseException as error:
        return "not loaded: " + type(error).__name__
    try:
        for number in range(TIMES):
            drive(call(code, eval("(%s)" % arguments if arguments else "()")), number)
    except BaseException as error:
        return "error: " + type(error).__name__
    finally:
        gc.collect()
    return "returned"


def in_child(path, arguments, out):
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(SECONDS)
    outcome = run(path, arguments)
    os.write(out, outcome.encode("ascii"))
    os._exit(0)


def outcome_of(path, arguments):
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            in_child(path, arguments, writing)
        finally:
            os._exit(1)
    os.close(writing)
    said = os.read(reading, 4096).decode("ascii")
    os.close(reading)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return "hang" if number in (signal.SIGALRM, signal.SIGXCPU) else "signal %d" % number
    return said or "ended"


with open(sys.argv[1]) as file:
    programs = json.load(file)
for path, arguments in programs:
    print(outcome_of(path, arguments))
