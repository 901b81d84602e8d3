"""run_tests.py RESULT EXECUTABLE MODULE TEST...

Runs CPython's tests with the MODULE that is found first, and with EXECUTABLE as `sys.executable`. Writes a JSON object to
RESULT: where the module came from, how many tests ran, the ids of those that failed, and how often each function counted
itself: replaced ones have a list among their constants that begins with their name.
"""
import gc
import importlib
import json
import sys
import types
import unittest
import warnings


def counts():
    """The calls of all code objects that are alive, also in modules that a test imported afresh."""
    found, seen = {}, set()
    waiting = [one.__code__ for one in gc.get_objects() if isinstance(one, types.FunctionType)]
    waiting += [one.gi_code for one in gc.get_objects() if isinstance(one, types.GeneratorType)]
    while waiting:
        code = waiting.pop()
        if id(code) in seen:
            continue
        seen.add(id(code))
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                waiting.append(constant)
            elif isinstance(constant, list) and constant and isinstance(constant[0], str):
                found[constant[0]] = found.get(constant[0], 0) + len(constant) - 1
    return found


def main(path, executable, name, *tests):
    sys.executable = executable
    warnings.simplefilter("ignore")
    module = importlib.import_module(name)
    suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromName(test) for test in tests)
    kept = list(suite)  # the test modules' own copies of what they test
    result = unittest.TextTestRunner(verbosity=0).run(suite)
    failed = [str(test) for test, _ in result.failures + result.errors]
    with open(path, "w") as file:
        json.dump({"file": module.__file__, "run": result.testsRun, "failed": sorted(failed), "skipped": len(result.skipped),
                   "counts": counts()}, file)
    del kept


main(*sys.argv[1:])
