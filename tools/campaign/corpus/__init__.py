"""Functions for the campaign to change, with arguments to call them with.

`case` registers a function of a file here, `library` one of the standard library with something that calls it. Names
are what changed code can get at: nothing is in reach here that harms more than its own process.
"""
import importlib
import sys

CASES = []

# Each file is for the versions from its first to its last.
FILES = [
    ("base", (2, 7), (3, 99)),
    ("python2", (2, 7), (2, 7)),
    ("python3", (3, 6), (3, 99)),
    ("coroutines", (3, 6), (3, 99)),
    ("since_3_8", (3, 8), (3, 99)),
    ("since_3_10", (3, 10), (3, 99)),
    ("since_3_11", (3, 11), (3, 99)),
    ("since_3_12", (3, 12), (3, 99)),
    ("since_3_14", (3, 14), (3, 99)),
    ("since_3_15", (3, 15), (3, 99)),
    ("standard", (2, 7), (3, 99)),
]


class Case(object):
    """`arguments` are tuples to call `function` with; or `call` calls it somehow."""

    def __init__(self, function, arguments, call=None):
        self.function, self.arguments, self.call = function, arguments, call
        self.name = "%s.%s" % (function.__module__, getattr(function, "__qualname__", function.__name__))


def case(*arguments):
    def register(function):
        CASES.append(Case(function, arguments))
        return function
    return register


def library(function, call):
    """A function of the standard library; as a method it may still be wrapped. It is changed where it is."""
    function = getattr(function, "__func__", function)
    function = getattr(function, "__wrapped__", function)
    if hasattr(function, "__code__"):
        CASES.append(Case(function, (), call))


def load():
    """All cases for this interpreter."""
    if not CASES:
        for name, first, last in FILES:
            if first <= sys.version_info[:2] <= last:
                importlib.import_module("corpus." + name)
    return CASES
