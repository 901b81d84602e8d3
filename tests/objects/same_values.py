"""same_values.py FOLDER OTHER

Loads each .pyc of FOLDER and the file of the same name in OTHER and compares what they hold, with types and
bits. Prints the number of files; exit status 1 at the first difference. Runs on Python 2.7 and 3.6 - 3.15.
"""
import marshal
import os
import struct
import sys

HEADER = 8 if sys.version_info < (3,) else 12 if sys.version_info < (3, 7) else 16
TEXT = type(u"")
CODE = type(compile("", "", "exec"))
FIELDS = [name for name in (
    "co_argcount co_posonlyargcount co_kwonlyargcount co_nlocals co_stacksize co_flags co_code co_consts co_names "
    "co_varnames co_freevars co_cellvars co_filename co_name co_qualname co_firstlineno co_linetable "
    "co_exceptiontable _co_code_adaptive").split() if hasattr(CODE, name)]
if sys.version_info < (3, 10):
    FIELDS.append("co_lnotab")


def key(value):
    """Something that is equal just for values that are the same with types and bits."""
    kind = type(value)
    if kind is float:
        return kind, struct.pack("<d", value)
    if kind is complex:
        return kind, struct.pack("<dd", value.real, value.imag)
    if kind in (tuple, list):
        return kind, [key(member) for member in value]
    if kind in (set, frozenset):
        return kind, sorted(repr(key(member)) for member in value)
    if kind is dict or kind.__name__ == "frozendict":
        return kind, [(key(k), key(v)) for k, v in value.items()]
    if kind is slice:
        return kind, key((value.start, value.stop, value.step))
    if kind is CODE:
        return kind, [(name, key(getattr(value, name))) for name in FIELDS if name != "_co_code_adaptive"]
    return kind, value


def load(path):
    with open(path, "rb") as file:
        return marshal.loads(file.read()[HEADER:])


def main(folder, other):
    names = sorted(os.listdir(folder))
    for name in names:
        if key(load(os.path.join(folder, name))) != key(load(os.path.join(other, name))):
            print("%s differs" % name)
            return 1
    print(len(names))
    return 0


if __name__ == "__main__":
    sys.setrecursionlimit(20000)
    sys.exit(main(sys.argv[1], sys.argv[2]))
