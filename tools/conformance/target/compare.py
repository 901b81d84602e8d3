"""compare.py FOLDER OTHER [--shard I/N]

Loads each .pyc below FOLDER and the file at the same place below OTHER with this interpreter's own marshal and
compares them strictly: bytes of the header, every field of every nested code object, constants with types and
bits, bytes behind the object. Prints a line `differs PATH: WHERE` for each file that is not the same, and at
the end one JSON object with the counts. Exit status 1 if anything differs. Runs on Python 2.7 and 3.6 - 3.15.
"""
from __future__ import print_function

import io
import json
import marshal
import os
import struct
import sys

HEADER = 8 if sys.version_info < (3,) else 12 if sys.version_info < (3, 7) else 16
CODE = type(compile("", "", "exec"))
FIELDS = [name for name in (
    "co_argcount co_posonlyargcount co_kwonlyargcount co_nlocals co_stacksize co_flags co_code _co_code_adaptive "
    "co_consts co_names co_varnames co_freevars co_cellvars co_filename co_name co_qualname co_firstlineno "
    "co_linetable co_exceptiontable").split() if hasattr(CODE, name)]
if sys.version_info < (3, 10):  # later it is derived, and deprecated
    FIELDS.append("co_lnotab")
# What 3.11 and later keep of each variable, which the fields above show in part (a hidden local's bit is in
# none): names the kinds of all variables. In the test package of 3.14 and later.
try:
    from _testinternalcapi import get_co_localskinds as kinds_of
except ImportError:
    kinds_of = None
# The marshal format without references, in which equal values have equal bytes; sets are in a fixed order
# from 3.11 on. Slices cannot be written in it.
PLAIN = 2 if sys.version_info >= (3, 11) else None
FROZENDICT = getattr(sys.modules.get("builtins"), "frozendict", dict)


def bits(value):
    if type(value) is float:
        return struct.pack("<d", value)
    return struct.pack("<dd", value.real, value.imag)


def sort_key(value):
    """For members of sets, which have no order of their own: tells apart what differs in type or bits."""
    kind = type(value)
    if kind in (float, complex):
        return repr(kind), repr(bits(value))
    if kind in (tuple, frozenset):
        members = [sort_key(member) for member in value]
        return repr(kind), repr(members if kind is tuple else sorted(members))
    return repr(kind), repr(value)


class Comparison(object):
    """The first difference of two values, found without recursion; counts code objects on the way."""

    def __init__(self):
        self.codes = 0

    def difference(self, left, right):
        """Where they differ, or None."""
        seen = {}  # keeps what it names alive: many tuples of a code object are made when they are asked for
        pending = [(left, right, None)]  # the place is a chain: (outer place, step)
        while pending:
            a, b, place = pending.pop()
            kind = type(a)
            if kind is not type(b):
                return self.say(place, "%s, and %s" % (kind.__name__, type(b).__name__))
            if kind in (float, complex):
                if bits(a) != bits(b):
                    return self.say(place, "%r, and %r" % (a, b))
                continue
            parts = self.parts(a, b, kind)
            if parts is None:
                if a != b:
                    return self.say(place, "%.120r, and %.120r" % (a, b))
                continue
            if (id(a), id(b)) in seen:
                continue
            seen[id(a), id(b)] = a, b
            if isinstance(parts, str):
                return self.say(place, parts)
            for step, inner_a, inner_b in parts:
                pending.append((inner_a, inner_b, (place, step)))
        return None

    def parts(self, a, b, kind):
        """What two values consist of: triples of a step's name and the parts; a string if they differ already;
        None for values without parts."""
        if kind is CODE:
            self.codes += 1
            found = [("." + name, getattr(a, name), getattr(b, name)) for name in FIELDS]
            if kinds_of:
                found.append((".kinds", sorted(kinds_of(a).items()), sorted(kinds_of(b).items())))
            return found
        if kind in (tuple, list):
            pairs = list(zip(a, b))
        elif kind in (set, frozenset):
            pairs = list(zip(sorted(a, key=sort_key), sorted(b, key=sort_key)))
        elif kind is dict or kind is FROZENDICT:
            pairs = list(zip(list(a.items()), list(b.items())))
        elif kind is slice:
            return [("." + name, getattr(a, name), getattr(b, name)) for name in ("start", "stop", "step")]
        else:
            return None
        if len(a) != len(b):
            return "%d members, and %d" % (len(a), len(b))
        return [("[%d]" % number, one, other) for number, (one, other) in enumerate(pairs)]

    @staticmethod
    def say(place, what):
        steps = []
        while place:
            place, step = place
            steps.append(step)
        return "%s: %s" % ("".join(reversed(steps)) or "the object", what)


def plain_bytes(value):
    try:
        return marshal.dumps(value, PLAIN)
    except ValueError:
        return None


def read(path):
    """Header, value and what stands behind it."""
    with open(path, "rb") as file:  # 2.7's marshal takes nothing but real files
        stream = file if sys.version_info < (3,) else io.BytesIO(file.read())
        header = stream.read(HEADER)
        value = marshal.load(stream)
        return header, value, stream.read()


def compare_files(path, other, comparison):
    if not os.path.exists(other):
        return "there is no such file"
    header, value, rest = read(path)
    try:
        other_header, other_value, other_rest = read(other)
    except (EOFError, ValueError, TypeError, MemoryError) as error:
        return "does not load: %s" % error
    if header != other_header:
        return "header: %r, and %r" % (header, other_header)
    where = comparison.difference(value, other_value)
    if where is None and PLAIN and plain_bytes(value) != plain_bytes(other_value):
        where = "something that no field shows (the kinds of variables)"
    if where is None and rest != other_rest:
        where = "bytes behind the object"
    return where


def files_below(folder):
    found = []
    for place, _, files in os.walk(folder):
        found += [os.path.relpath(os.path.join(place, name), folder)
                  for name in files if name.endswith((".pyc", ".pyo"))]
    return sorted(found)


def main(folder, other, _="--shard", shard="0/1"):
    number, shards = [int(part) for part in shard.split("/")]
    comparison, files, equal = Comparison(), 0, 0
    for relative in files_below(folder)[number::shards]:
        files += 1
        where = compare_files(os.path.join(folder, relative), os.path.join(other, relative), comparison)
        if where is None:
            equal += 1
        else:
            print("differs %s: %s" % (relative, where))
    print(json.dumps({"files": files, "codes": comparison.codes, "equal": equal}))
    return int(files != equal)


if __name__ == "__main__":
    sys.setrecursionlimit(20000)
    sys.exit(main(*sys.argv[1:]))
