"""damage.py FOLDER

Writes pairs of files FOLDER/left/NAME.pyc and FOLDER/right/NAME.pyc that differ in one small thing each, which
compare.py must find. Prints how many. Runs on Python 2.7 and 3.6 - 3.15.
"""
from __future__ import print_function

import marshal
import os
import struct
import sys

if sys.version_info < (3,):
    import imp
    MAGIC, FLAGS = imp.get_magic(), b""
else:
    import importlib.util
    MAGIC, FLAGS = importlib.util.MAGIC_NUMBER, b"\0\0\0\0" if sys.version_info >= (3, 7) else b""
SIZE = b"" if sys.version_info < (3,) else b"\1\0\0\0"

# Sources that differ in what the name says: the name, both sources, and the first version with it.
SOURCES = [
    ("bool-for-int", "x = y(1, 7)", "x = y(True, 7)", (3,)),
    ("float-for-int", "x = 1000", "x = 1000.0", (2,)),
    ("zero-sign", "x = 0.0", "x = -0.0", (2,)),
    ("imaginary-zero-sign", "x = 0j", "x = -0j", (2,)),
    ("inside-tuple", "x = (1, (2, 3))", "x = (1, (2, 3.0))", (2,)),
    ("inside-frozenset", "x in {1, 2, 3}", "x in {1, 2.0, 3}", (3,)),
    ("bytes-for-text", "x = b'a'", "x = u'a'", (2,)),
    ("text", "x = u'\\ud800'", "x = u'\\ud801'", (2,)),
    ("long-int", "x = 1 << 90", "x = (1 << 90) + 1", (2,)),
    ("long-for-int", "x = 1", "x = 1L", (2,)),
    ("slice", "x = y[1:2]", "x = y[1:2.0]", (2,)),
    ("name", "x = y", "x = z", (2,)),
    ("argument-name", "def f(a): pass", "def f(b): pass", (2,)),
    ("argument-kind", "def f(a, b): pass", "def f(a, *, b): pass", (3,)),
    ("positional-only", "def f(a, b): pass", "def f(a, /, b): pass", (3, 8)),
    ("flag", "def f(*a): pass", "def f(**a): pass", (2,)),
    ("cell", "def f(a):\n return lambda: a", "def f(a):\n return lambda: b", (2,)),
    ("line", "x = 1\ny = 2", "x = 1\n\ny = 2", (2,)),
    ("first-line", "def f(): pass", "\ndef f(): pass", (2,)),
    ("column", "x = y", "x =  y", (3, 11)),
    ("exception-table", "try: f()\nexcept: g()", "try: f(); f()\nexcept: g()", (2,)),
    ("deep", "def f():\n def g():\n  def h():\n   return 3", "def f():\n def g():\n  def h():\n   return 4", (2,)),
]


def without_positions(code):
    constants = tuple(without_positions(c) if isinstance(c, type(code)) else c for c in code.co_consts)
    return code.replace(co_linetable=b"", co_consts=constants)


def pyc(source, filename="x.py", positions=True):
    code = compile(source + "\n", filename, "exec")
    if not positions and sys.version_info >= (3, 11):  # columns would differ, too, and hide the rest
        code = without_positions(code)
    return MAGIC + FLAGS + b"\1\0\0\0" + SIZE + marshal.dumps(code)


def from_sources():
    for name, left, right, first in SOURCES:
        if name == "long-for-int" and sys.version_info >= (3,) or sys.version_info < first:
            continue
        about_positions = name in ("line", "first-line", "column")
        yield name, pyc(left, positions=about_positions), pyc(right, positions=about_positions)


def patched(data, old, new):
    if data.count(old) != 1:
        raise ValueError("%r stands %d times in %r" % (old, data.count(old), data))
    return data.replace(old, new)


def from_bytes():
    """Files that no two sources give."""
    data = pyc("x = 12.5")
    yield "header", data, data[:8] + b"\2" + data[9:] if len(SIZE + FLAGS) else data[:4] + b"\2" + data[5:]
    yield "behind", data, data + b"\0"
    yield "cut", data, data[:-1]
    yield "filename", data, pyc("x = 12.5", "y.py")
    # NaNs with another payload and another sign, which no comparison of values tells apart.
    for name, bits in (("nan-payload", 0x7FF8000000000001), ("nan-sign", 0xFFF8000000000000)):
        plain, other = (patched(data, struct.pack("<d", 12.5), struct.pack("<Q", number))
                        for number in (0x7FF8000000000000, bits))
        yield name, plain, other
    if sys.version_info >= (3, 12):  # an inlined comprehension's variable is hidden: 0x30 in localspluskinds
        data = pyc("[x for x in y]")
        yield "hidden", data, patched(data, b"\1\0\0\0\x30", b"\1\0\0\0\x20")


def main(folder):
    count = 0
    for side in ("left", "right"):
        os.makedirs(os.path.join(folder, side))
    for pairs in (from_sources(), from_bytes()):
        for name, left, right in pairs:
            for side, data in (("left", left), ("right", right)):
                with open(os.path.join(folder, side, name + ".pyc"), "wb") as file:
                    file.write(data)
            count += 1
    print(count)


if __name__ == "__main__":
    main(sys.argv[1])
