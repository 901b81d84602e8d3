"""run_test.py RESULT MODULE... [--executable PATH]

Runs the tests of modules (of packages: of all modules in them) with unittest and writes a JSON object to
RESULT: the number of tests that ran, the ids of those that failed, had an error or were skipped, and which
library it was: its folder, and the modules in it that came from sources. Where
modules have doctests outside of the functions that unittest knows (`__test__`), these run, too. Does not list
folders for sources, as the packages' own `load_tests` do, so that it finds the same tests where the library is
installed without sources. Runs on Python 2.7 and 3.6 - 3.15.
"""
from __future__ import print_function

import doctest
import importlib
import io
import json
import os
import pkgutil
import sys
import unittest
import warnings

LIBRARY = os.path.dirname(os.path.abspath(os.__file__))


def modules_of(name):
    """The module, and if it is a package all modules in it whose own name begins with `test`."""
    module = importlib.import_module(name)
    found = [module]
    if not hasattr(module, "__path__"):
        return found
    for _, inner, is_package in sorted(pkgutil.iter_modules(module.__path__), key=lambda entry: entry[1]):
        if inner.startswith("test"):
            found += modules_of(name + "." + inner)
    return found


def tests_of(module, loader):
    suite = unittest.TestSuite()
    if hasattr(module, "__path__"):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, unittest.TestCase) and kind.__module__ == module.__name__:
                suite.addTests(loader.loadTestsFromTestCase(kind))
        return suite
    own = getattr(module, "load_tests", None)
    if own is None and getattr(module, "__test__", None):
        suite.addTest(doctest.DocTestSuite(module))
    suite.addTests(loader.loadTestsFromModule(module))
    return suite


def identity(test):
    test = getattr(test, "test_case", test)  # of a subtest
    return test.id()


def modules_from_sources():
    files = [(name, getattr(module, "__file__", None)) for name, module in list(sys.modules.items())]
    return sorted(name for name, path in files
                  if name != "__main__" and path and path.startswith(LIBRARY) and path.endswith(".py")
                  and os.path.exists(path))  # the frozen zipimport names one that is not there


def main(result_path, names):
    try:
        from test import support
    except ImportError:
        from test import test_support as support
    support.use_resources = ()  # no network, no large files
    support.verbose = 0
    warnings.simplefilter("ignore")
    loader = unittest.TestLoader()
    suite = unittest.TestSuite()
    for name in names:
        for module in modules_of(name):
            suite.addTests(tests_of(module, loader))
    with io.open(result_path + ".log", "wb", 0) as log:
        stream = io.TextIOWrapper(io.FileIO(log.fileno(), "wb", closefd=False), encoding="utf-8",
                                  errors="backslashreplace")
        done = unittest.TextTestRunner(stream=Text(stream), verbosity=2).run(suite)
        stream.flush()
    with io.open(result_path, "wb") as file:
        file.write(json.dumps({
            "library": LIBRARY,
            "sources": modules_from_sources(),
            "run": done.testsRun,
            "failed": sorted(set(identity(test) for test, _ in done.failures)),
            "errors": sorted(set(identity(test) for test, _ in done.errors)),
            "skipped": sorted(identity(test) for test, _ in done.skipped),
            "expected_failures": len(done.expectedFailures),
            "unexpected_successes": sorted(identity(test) for test in done.unexpectedSuccesses),
        }, indent=1, sort_keys=True).encode("utf-8"))


class Text(object):
    """A stream that takes 2.7's byte strings, too."""

    def __init__(self, stream):
        self.stream = stream

    def write(self, text):
        self.stream.write(text.decode("utf-8", "replace") if isinstance(text, bytes) else text)

    def flush(self):
        self.stream.flush()


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if "--executable" in arguments:
        at = arguments.index("--executable")
        sys.executable = arguments[at + 1]
        sys._base_executable = sys.executable
        del arguments[at:at + 2]
    main(arguments[0], arguments[1:])
