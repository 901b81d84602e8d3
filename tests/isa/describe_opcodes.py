"""describe_opcodes.py

Prints what this interpreter says of its own instruction set, one fact a line, for the test of isa/:

magic N                              have_argument N (the first opcode with an argument)      extended_arg N
op NUMBER CACHES CLASS HASARG NAME   CLASS is const, name, local, free, jrel, jabs, compare or -
hidden NUMBER WHY NAME               instrumented, specialised or pseudo
effect FALL JUMP ARG NAME            the stack's change, - for a refused argument; 2.7: measured
dis ARG NAME TEXT                    what dis shows in brackets; names are n0, n1, n2...
flag BIT NAME                        of co_flags
release N X.Y                        of a magic number (3.6 - 3.13 have the list in importlib's source)

Runs on Python 2.7 and 3.6 - 3.15.
"""
from __future__ import print_function

import dis
import io
import opcode
import re
import sys

ARGUMENTS = list(range(13)) + [16, 31, 255, 256, 257, 259, 513]
NAMES = tuple("n%d" % i for i in range(300))


def is_instrumented(name):
    return name.startswith("INSTRUMENTED_")


def real_opcodes():
    return sorted((number, name) for name, number in opcode.opmap.items()
                  if number < 256 and not is_instrumented(name))


def specialised():
    """Names and numbers of the specialised forms (3.11+)."""
    table = getattr(opcode, "_specialized_opmap", None)  # 3.13+
    if table is None:
        table = getattr(dis, "_all_opmap", {})
    return {name: number for name, number in table.items()
            if name not in opcode.opmap and not is_instrumented(name)}


def caches(number, name):
    table = getattr(opcode, "_inline_cache_entries", {})
    return table.get(name, 0) if hasattr(table, "get") else table[number]


def first_with_argument():
    # From 3.13 on, HAVE_ARGUMENT is the last opcode without one.
    return opcode.HAVE_ARGUMENT + (1 if sys.version_info >= (3, 13) else 0)


def operand_class(number):
    for name in ("const", "name", "local", "free", "jrel", "jabs", "compare"):
        if number in getattr(opcode, "has" + name):
            return name
    return "-"


def effects(number, name, has_argument):
    """(argument, effect when falling through, effect when jumping)"""
    if sys.version_info < (3,):
        from measured_effects import measure
        return [(argument, effect, effect) for argument, effect in measure(name)]
    found = []
    for argument in ARGUMENTS if has_argument else [0]:
        given = argument if has_argument else None
        try:
            if sys.version_info < (3, 8):
                effect = dis.stack_effect(number, given)
                found.append((argument, effect, effect))
            else:
                found.append((argument, dis.stack_effect(number, given, jump=False),
                              dis.stack_effect(number, given, jump=True)))
        except ValueError:
            found.append((argument, "-", "-"))
    return found


def dis_text(number, name, argument):
    if number in opcode.hascompare and sys.version_info < (3,):
        return opcode.cmp_op[argument]
    if sys.version_info < (3,):
        return ""
    if hasattr(dis, "ArgResolver"):
        return dis.ArgResolver(names=NAMES).get_argval_argrepr(number, argument, 0)[1]
    code = bytes([number, argument]) + bytes(2 * caches(number, name))
    return next(iter(dis._get_instructions_bytes(code, names=NAMES))).argrepr


def texts(number, name):
    kind = operand_class(number)
    if kind not in ("-", "name", "compare"):
        return
    for argument in range(12 if kind == "name" else 256):
        try:
            text = dis_text(number, name, argument)
        except (IndexError, ValueError, TypeError):
            continue
        if text:
            yield argument, text


def code_flags():
    import __future__
    for name in __future__.all_feature_names:
        bit = getattr(__future__, name).compiler_flag
        if name not in ("nested_scopes", "generators"):  # no flags of their own
            yield bit, "FUTURE_" + name.upper()
    for bit, name in getattr(dis, "COMPILER_FLAG_NAMES", {}).items():
        if name != "NOFREE" or sys.version_info < (3, 11):  # dis goes on naming it
            yield bit, name


def releases():
    """From a comment in importlib's source: `Python 3.5b1  3330 (...)`, then also `3010 (...)`."""
    try:
        import importlib._bootstrap_external as module
    except ImportError:
        return
    release = None
    for line in io.open(module.__file__, encoding="utf-8"):
        match = re.match(r"#\s+Python (\d+(?:\.\d+)?)[.\w]*:?\s+(\d{4,5})\b", line)
        if match:
            release = "3.0" if match.group(1) == "3000" else match.group(1)
            yield int(match.group(2)), release
        elif re.match(r"#\s{15,}\d{4} \(", line):
            yield int(line.split()[1]), release


def main():
    try:
        from importlib.util import MAGIC_NUMBER as magic
    except ImportError:
        import imp
        magic = imp.get_magic()
    magic = bytearray(magic)
    print("magic %d" % (magic[0] + 256 * magic[1]))
    print("have_argument %d" % first_with_argument())
    print("extended_arg %d" % opcode.EXTENDED_ARG)
    for number, release in releases():
        print("release %d %s" % (number, release))
    for bit, name in code_flags():
        print("flag %d %s" % (bit, name))
    for number, name in real_opcodes():
        has_argument = number >= first_with_argument()
        print("op %d %d %s %d %s" % (number, caches(number, name), operand_class(number), has_argument, name))
        for argument, fall, jump in effects(number, name, has_argument):
            print("effect %s %s %d %s" % (fall, jump, argument, name))
        if has_argument:
            for argument, text in texts(number, name):
                print("dis %d %s %s" % (argument, name, text))
    hidden = [(number, "instrumented" if is_instrumented(name) else "pseudo", name)
              for name, number in opcode.opmap.items() if number >= 256 or is_instrumented(name)]
    hidden += [(number, "specialised", name) for name, number in specialised().items()]
    for number, why, name in sorted(hidden):
        print("hidden %d %s %s" % (number, why, name))


main()
