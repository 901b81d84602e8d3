"""signature_facts.py: what this interpreter's compiler makes of signatures.

Reads lines `NAME<tab>SOURCE` and prints, for the innermost code object that SOURCE makes under the name NAME,
a line of NAME, argcount, posonlyargcount, kwonlyargcount, flags, varnames, cellvars, freevars, kinds, qualname,
with tabs between. Runs on Python 2.7 and 3.6 - 3.15.
"""
from __future__ import print_function

import marshal
import struct
import sys


def walk(code):
    yield code
    for value in code.co_consts:
        if isinstance(value, type(code)):
            for inner in walk(value):
                yield inner


def kinds(code):
    """localspluskinds in hex, which code objects do not show: read from the marshalled form."""
    if sys.version_info < (3, 11):
        return "-"
    # marshal stores localsplusnames and then the kinds; no other byte string of that size follows the names.
    cells = tuple(n for n in code.co_cellvars if n not in code.co_varnames)
    names = code.co_varnames + cells + code.co_freevars
    mark = marshal.dumps(names, 2) + b"s" + struct.pack("<i", len(names))
    data = marshal.dumps(code, 2)
    if not names:
        return "-"
    at = data.index(mark) + len(mark)
    return "".join("%02x" % b for b in data[at:at + len(names)])


def main():
    for line in sys.stdin.read().splitlines():
        name, source = line.split("\t")
        source = source.replace("\\n", "\n")
        found = [c for c in walk(compile(source, "<test>", "exec", 0, True)) if c.co_name == name][-1]
        print("\t".join([
            name, str(found.co_argcount), str(getattr(found, "co_posonlyargcount", 0)),
            str(getattr(found, "co_kwonlyargcount", 0)), str(found.co_flags),
            ",".join(found.co_varnames), ",".join(found.co_cellvars), ",".join(found.co_freevars),
            kinds(found),
            getattr(found, "co_qualname", "-"),
        ]))


if __name__ == "__main__":
    main()
