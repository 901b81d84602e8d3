"""read_back.py FILE.pyc: how this interpreter's own `dis` reads the file's top code object.

One line for each instruction: name, number of EXTENDED_ARG prefixes, argument, argument byte in the code,
value, what the listing shows for it, source line, and the ordinal of the instruction that it jumps to, with
tabs between; `-` where there is none. Runs on Python 2.7 and 3.6 - 3.15.
"""
from __future__ import print_function

import dis
import io
import marshal
import re
import sys


def load(path):
    with io.open(path, "rb") as file:
        data = file.read()
    size = 8 if sys.version_info < (3,) else 12 if sys.version_info < (3, 7) else 16
    return marshal.loads(data[size:])


def listed(code):
    """2.7 has no get_instructions: its printed listing is read."""
    out, sys.stdout = sys.stdout, io.BytesIO()
    try:
        dis.dis(code)
        text = sys.stdout.getvalue()
    finally:
        sys.stdout = out
    form = re.compile(r"^\s*(?:\d+\s+)??(?:>>)?\s*(\d+) ([A-Z][A-Z_0-9+]*)(?:\s+(\d+)L?(?: \((.*)\))?)?\s*$")
    for line in text.splitlines():
        if not line.strip():
            continue
        offset, name, arg, shown = form.match(line).groups()
        shown = shown or ""
        jump = re.match(r"to (\d+)$", shown) if dis.opmap[name] in dis.hasjrel + dis.hasjabs else None
        target = int(jump.group(1)) if jump else int(arg) if dis.opmap[name] in dis.hasjabs else None
        yield int(offset), name, None if arg is None else int(arg), shown, shown, target


def instructions(code):
    if sys.version_info < (3,):
        return listed(code)
    jumps = set(dis.hasjrel) | set(dis.hasjabs)
    rows = []
    for i in dis.get_instructions(code):
        value = i.argval
        if repr(value) == "<unknown>" and i.opcode in dis.hasconst:  # KW_NAMES in 3.11
            value = code.co_consts[i.arg]
        rows.append((i.offset, i.opname, i.arg, value, i.argrepr, i.argval if i.opcode in jumps else None))
    return rows


def main(path):
    code = load(path)
    rows, starts, prefixes, first = [], {}, 0, None
    for offset, name, arg, value, shown, target in instructions(code):
        first = offset if first is None else first
        if name == "EXTENDED_ARG":
            prefixes += 1
            continue
        starts[first] = len(rows)
        rows.append((first, offset, prefixes, name, arg, value, shown, target))
        prefixes, first = 0, None
    lines = dict(dis.findlinestarts(code))
    line = None
    raw = bytearray(code.co_code)
    for first, offset, prefixes, name, arg, value, shown, target in rows:
        for at in range(first, offset + 1):
            line = lines.get(at, line)
        byte = raw[offset + 1] if offset + 1 < len(raw) else None
        jump = None if target is None else starts.get(target, "nowhere")
        value = value if isinstance(value, str) else repr(value)
        columns = (name, prefixes, arg, byte, value, shown, line, jump)
        print("\t".join("-" if c is None else str(c) for c in columns))


if __name__ == "__main__":
    main(sys.argv[1])
